//! The lines of a streamed list, and whether it came whole.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use integration_core::ByteStream;
use tokio::time::timeout;

use super::list::Cut;
use crate::error::Error;

/// Reads `[`, one document a line, `]`. A body in another layout (a proxy's, another fake's) is read
/// whole and parsed.
pub(super) struct Lines {
    body: ByteStream,
    idle: Duration,
    max: usize,
    buffer: BytesMut,
    /// How much of the buffer holds no line end.
    searched: usize,
    ready: Cut,
    state: State,
    items: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Start,
    Items,
    /// Not a document a line.
    Whole,
    Closed,
}

impl Lines {
    pub(super) fn new(body: ByteStream, idle: Duration, max: usize) -> Self {
        Self {
            body,
            idle,
            max,
            buffer: BytesMut::new(),
            searched: 0,
            ready: Cut::new(),
            state: State::Start,
            items: 0,
        }
    }

    /// The next document; `None` after the last of a list that came whole.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            if let Some(line) = self.ready.pop_front() {
                self.items += 1;
                return Ok(Some(line));
            }
            if self.state == State::Closed {
                return Ok(None);
            }
            let piece = timeout(self.idle, self.body.next()).await.map_err(|_| {
                Error::Transport(integration_core::Error::from(
                    integration_core::transport::TransportError::new(
                        integration_core::transport::TransportErrorKind::Timeout,
                    ),
                ))
            })?;
            match piece {
                Some(Ok(piece)) => {
                    self.buffer.extend_from_slice(&piece);
                    self.cut()?;
                    if self.buffer.len() > self.max {
                        return Err(Error::Decode {
                            what: "a list with a document beyond the limit",
                            source: None,
                        });
                    }
                }
                Some(Err(error)) => {
                    return Err(Error::TruncatedList {
                        items: self.items,
                        source: Some(error.into()),
                    });
                }
                None => self.finish()?,
            }
        }
    }

    /// Moves whole lines from the buffer to `ready`.
    fn cut(&mut self) -> Result<(), Error> {
        while self.state != State::Whole && self.state != State::Closed {
            let unread = self.buffer.get(self.searched..).unwrap_or_default();
            let Some(end) = unread.iter().position(|&byte| byte == b'\n') else {
                self.searched = self.buffer.len();
                return Ok(());
            };
            let end = self.searched + end;
            if self.state == State::Start {
                let head = self.buffer.get(..end).unwrap_or_default().trim_ascii();
                if head == b"[" {
                    self.state = State::Items;
                } else if !head.is_empty() {
                    self.state = State::Whole;
                    return Ok(());
                }
                drop(self.buffer.split_to(end + 1));
            } else {
                let line = self.buffer.split_to(end + 1).freeze();
                self.line(&line)?;
            }
            self.searched = 0;
        }
        Ok(())
    }

    fn line(&mut self, line: &Bytes) -> Result<(), Error> {
        let text = line.trim_ascii();
        if text == b"]" {
            self.state = State::Closed;
            return Ok(());
        }
        let text = text.strip_suffix(b",").unwrap_or(text);
        if text.is_empty() {
            return Ok(());
        }
        if text.first() != Some(&b'{') || text.last() != Some(&b'}') {
            return Err(Error::Decode {
                what: "a list",
                source: None,
            });
        }
        self.ready.push_back(line.slice_ref(text));
        Ok(())
    }

    /// The body has ended.
    fn finish(&mut self) -> Result<(), Error> {
        let rest = std::mem::take(&mut self.buffer).freeze();
        let text = rest.trim_ascii();
        let cut_off = Error::TruncatedList {
            items: self.items,
            source: None,
        };
        match self.state {
            State::Items if text == b"]" => {}
            State::Items => return Err(cut_off),
            State::Start | State::Whole => {
                if text.first() != Some(&b'[') && !text.is_empty() {
                    return Err(Error::Decode {
                        what: "a list",
                        source: None,
                    });
                }
                if text.last() != Some(&b']') {
                    return Err(cut_off);
                }
                let items: Vec<&serde_json::value::RawValue> = serde_json::from_slice(text)
                    .map_err(|source| Error::Decode {
                        what: "a list",
                        source: Some(source.into()),
                    })?;
                for item in items {
                    self.ready.push_back(rest.slice_ref(item.get().as_bytes()));
                }
            }
            State::Closed => {}
        }
        self.state = State::Closed;
        Ok(())
    }
}
