//! The rows of a stream, each read when its turn comes.

use std::marker::PhantomData;
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use bytes::Bytes;
use futures_core::Stream;
use serde::de::DeserializeOwned;

use super::{decode, unreadable};
use crate::Error;

/// The rows of a page.
pub(super) enum Rows<T> {
    Read(vec::IntoIter<T>),
    /// To be read one by one: none is made before its turn, and its memory serves the next.
    Texts(Texts<T>),
}

/// The texts of rows, in an answer.
pub(super) struct Texts<T> {
    body: Bytes,
    rows: vec::IntoIter<Range<usize>>,
    _type: PhantomData<fn() -> T>,
}

impl<T> Texts<T> {
    pub(super) fn new(body: Bytes, rows: Vec<Range<usize>>) -> Self {
        Self {
            body,
            rows: rows.into_iter(),
            _type: PhantomData,
        }
    }
}

impl<T: DeserializeOwned> Iterator for Rows<T> {
    type Item = Result<T, Error>;

    #[inline]
    fn next(&mut self) -> Option<Result<T, Error>> {
        match self {
            Self::Read(rows) => rows.next().map(Ok),
            Self::Texts(Texts { body, rows, .. }) => {
                let row = body.get(rows.next()?).unwrap_or_default();
                // Once for the whole row: the parser need not look at each text again.
                Some(match std::str::from_utf8(row) {
                    Ok(row) => decode(row),
                    Err(_) => serde_json::from_slice(row).map_err(unreadable),
                })
            }
        }
    }
}

type Pages<T> = Pin<Box<dyn Stream<Item = Result<Rows<T>, Error>> + Send>>;

/// The rows of all pages, up to the first error.
pub(super) struct Given<T> {
    /// None: there is no more.
    pages: Option<Pages<T>>,
    rows: Rows<T>,
}

impl<T> Given<T> {
    pub(super) fn new(pages: impl Stream<Item = Result<Rows<T>, Error>> + Send + 'static) -> Self {
        Self {
            pages: Some(Box::pin(pages)),
            ..Self::ended()
        }
    }

    fn ended() -> Self {
        Self {
            pages: None,
            rows: Rows::Read(Vec::new().into_iter()),
        }
    }
}

// Nothing of it is pinned but what is boxed.
impl<T> Unpin for Given<T> {}

impl<T: DeserializeOwned> Stream for Given<T> {
    type Item = Result<T, Error>;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let row = self.rows.next();
            if let Some(Ok(_)) = row {
                return Poll::Ready(row);
            }
            let Some(pages) = self.pages.as_mut().filter(|_| row.is_none()) else {
                // Also of what is on its way.
                *self = Self::ended();
                return Poll::Ready(row);
            };
            match ready!(pages.as_mut().poll_next(context)) {
                Some(Ok(rows)) => self.rows = rows,
                end => {
                    *self = Self::ended();
                    return Poll::Ready(end.and_then(Result::err).map(Err));
                }
            }
        }
    }
}
