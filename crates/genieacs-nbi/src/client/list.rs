//! Listing a collection: a page, a count, a stream.

use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream;
use http::Method;
use integration_core::{ApiPath, ErrorKind, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::lines::Lines;
use super::{Client, accepted};
use crate::error::Error;
use crate::query::{Collection, Projection, Query, Selection, Sort};

/// Documents per request of a stream, unless set.
const PAGE: u32 = 200;

/// Ids per request when they are counted.
const COUNTED: u32 = 5000;

/// A page of a list, and how many documents match in all.
///
/// # Examples
/// ```
/// # #[cfg(feature = "testing")]
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # use genieacs_nbi::{Client, Credentials, testing::FakeNbi};
/// # let fake = FakeNbi::start().await?;
/// fake.seed_many(["A-1", "A-2"].map(|id| serde_json::json!({"_id": id})));
/// let client = Client::new(fake.url(), Credentials::None)?;
/// let page = client.devices().list().limit(1).send().await?;
/// assert_eq!((page.items.len(), page.total), (1, Some(2)));
/// # Ok(()) }
/// # #[cfg(feature = "testing")]
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Listing<T> {
    /// The documents.
    pub items: Vec<T>,
    /// All matches, before `skip` and `limit`; counted apart, so that it may disagree with the
    /// items. `None` when a proxy drops the header.
    pub total: Option<u64>,
}

/// A list to be asked for.
///
/// # Examples
/// ```
/// # #[cfg(feature = "testing")]
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use futures_util::TryStreamExt;
/// use genieacs_nbi::{Client, Credentials, Device, Projection, testing::FakeNbi};
///
/// let fake = FakeNbi::start().await?;
/// fake.seed_many((0..5).map(|n| serde_json::json!({"_id": format!("00259E-{n}")})));
/// let client = Client::new(fake.url(), Credentials::None)?;
///
/// let list = client.devices().list().projection(Projection::of(["_id"]));
/// assert_eq!(list.clone().count().await?, 5);
/// let all: Vec<Device> = list.page_size(2).stream().try_collect().await?;
/// assert_eq!(all.len(), 5);
/// # Ok(()) }
/// # #[cfg(feature = "testing")]
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[must_use]
pub struct List<T> {
    client: Client,
    collection: Collection,
    selection: Selection,
    page_size: u32,
    item: PhantomData<fn() -> T>,
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            collection: self.collection,
            selection: self.selection.clone(),
            page_size: self.page_size,
            item: PhantomData,
        }
    }
}

impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The query may hold what identifies a customer.
        f.debug_struct("List")
            .field("collection", &self.collection)
            .finish_non_exhaustive()
    }
}

impl<T> List<T> {
    pub(super) fn new(client: Client, collection: Collection) -> Self {
        Self {
            client,
            collection,
            selection: Selection::default(),
            page_size: PAGE,
            item: PhantomData,
        }
    }

    /// Only documents that meet these conditions, and those given before.
    pub fn query(mut self, query: Query) -> Self {
        self.selection.query = self.selection.query.and(query);
        self
    }

    /// Only these fields.
    pub fn projection(mut self, projection: Projection) -> Self {
        self.selection.projection = Some(projection);
        self
    }

    /// In this order. Without one the order is the database's own.
    pub fn sort(mut self, sort: Sort) -> Self {
        self.selection.sort = Some(sort);
        self
    }

    /// Without the first so many.
    pub fn skip(mut self, skip: u32) -> Self {
        self.selection.skip = Some(skip);
        self
    }

    /// At most so many. There is no limit unless set, and a device may be 1 MB. Zero asks nothing
    /// of the server, for which it would mean "all".
    pub fn limit(mut self, limit: u32) -> Self {
        self.selection.limit = Some(limit);
        self
    }

    /// How many documents a [`stream`](Self::stream) asks for at a time; 200 unless set.
    pub fn page_size(mut self, size: u32) -> Self {
        self.page_size = size.max(1);
        self
    }

    fn request(&self, method: Method) -> Result<RequestBuilder, Error> {
        let mut request = self
            .client
            .request(method, ApiPath::new(self.collection.name()));
        for (name, value) in self.selection.params(self.collection)? {
            request = request.query(name, value);
        }
        Ok(request)
    }

    /// The request, to be looked at, logged or queued rather than sent.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a selection the server would crash on.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::{Client, Credentials, Query};
    ///
    /// let client = Client::new("http://acs.example.ca:7557", Credentials::None)?;
    /// let request = client.devices().list().query(Query::tag("a b")).limit(2).to_request()?;
    /// assert_eq!(
    ///     request.uri().to_string(),
    ///     "http://acs.example.ca:7557/devices?query=%7B%22_tags%22%3A%22a+b%22%7D&limit=2",
    /// );
    /// # Ok::<(), genieacs_nbi::Error>(())
    /// ```
    pub fn to_request(&self) -> Result<http::Request<()>, Error> {
        Ok(self.request(Method::GET)?.build()?.map(drop))
    }

    /// How many documents match, by a request without a body. Where a proxy drops the header that
    /// tells, their ids are listed and counted.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn count(self) -> Result<u64, Error> {
        use futures_util::TryStreamExt as _;
        let mut counting = self;
        counting.selection.projection = None;
        counting.selection.sort = None;
        counting.selection.skip = None;
        counting.selection.limit = None;
        let response = counting.request(Method::HEAD)?.send().await?;
        let response = accepted(response, "collection")?;
        if let Some(total) = total(&response) {
            return Ok(total);
        }
        counting.selection.projection = Some(Projection::of(["_id"]));
        let ids = counting.page_size(COUNTED).stream_raw();
        ids.try_fold(0_u64, async |sum, _| Ok(sum.saturating_add(1)))
            .await
    }

    async fn body(&self) -> Result<Response, Error> {
        let response = match self.request(Method::GET)?.send().await {
            Ok(response) => accepted(response, "collection")?,
            Err(error) if matches!(error.kind(), ErrorKind::Truncated) => {
                return Err(Error::TruncatedList {
                    items: 0,
                    source: Some(error),
                });
            }
            Err(error) => return Err(error.into()),
        };
        let body = response.body().trim_ascii();
        if !(body.first() == Some(&b'[') && body.last() == Some(&b']')) {
            // Cut off with an orderly end of the connection, as some proxies do.
            return Err(if body.first() == Some(&b'[') {
                Error::TruncatedList {
                    items: 0,
                    source: None,
                }
            } else {
                Error::Decode {
                    what: "a list",
                    source: None,
                }
            });
        }
        Ok(response)
    }

    /// As [`stream`](Self::stream), each document as the bytes that came: for a reader of one's own.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use futures_util::TryStreamExt;
    /// # use genieacs_nbi::{Client, Credentials, testing::FakeNbi};
    /// # let fake = FakeNbi::start().await?;
    /// fake.seed_many(["A-1", "A-2"].map(|id| serde_json::json!({"_id": id})));
    /// # let client = Client::new(fake.url(), Credentials::None)?;
    /// let mut documents = client.devices().list().stream_raw();
    /// while let Some(document) = documents.try_next().await? {
    ///     assert!(document.starts_with(b"{"));
    /// }
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub fn stream_raw(self) -> impl Stream<Item = Result<Bytes, Error>> + Send + Unpin + use<T> {
        let refused = self.selection.sort.is_some() || self.selection.skip.is_some();
        let left = self.selection.limit;
        let state = Paging {
            list: self,
            lines: None,
            last: None,
            in_page: 0,
            asked: 0,
            left,
            ended: false,
        };
        Box::pin(stream::unfold(
            (state, refused),
            |(mut state, refused)| async move {
                if state.ended {
                    return None;
                }
                if refused {
                    state.ended = true;
                    let error = Error::invalid("stream", "goes in order of ids: no sort, no skip");
                    return Some((Err(error), (state, false)));
                }
                let item = state.next().await.transpose()?;
                if item.is_err() {
                    state.ended = true;
                }
                Some((item, (state, false)))
            },
        ))
    }

    async fn open(&self) -> Result<Lines, Error> {
        let answer = self.request(Method::GET)?.send_streaming().await?;
        if !answer.status().is_success() {
            accepted(answer.read().await?, "collection")?;
            return Err(Error::Decode {
                what: "a list",
                source: None,
            });
        }
        let limits = self.client.limits;
        Ok(Lines::new(
            answer.into_stream(),
            limits.idle,
            limits.max_line,
        ))
    }

    /// The only document that matches, as the bytes that came.
    pub(super) async fn one_raw(mut self) -> Result<Option<Bytes>, Error> {
        self.selection.limit = Some(1);
        let response = self.body().await?;
        let body = response.into_body();
        let inner = body
            .trim_ascii()
            .strip_prefix(b"[")
            .and_then(|rest| rest.strip_suffix(b"]"))
            .unwrap_or_default()
            .trim_ascii();
        Ok((!inner.is_empty()).then(|| body.slice_ref(inner)))
    }
}

fn total(response: &Response) -> Option<u64> {
    response.header("total")?.trim().parse().ok()
}

impl<T: DeserializeOwned + Send + 'static> List<T> {
    /// One page.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::TruncatedList`] when the answer broke off after its status: never a
    /// short list.
    pub async fn send(self) -> Result<Listing<T>, Error> {
        if self.selection.limit == Some(0) {
            let mut counting = self;
            counting.selection.limit = None;
            let total = counting.count().await?;
            return Ok(Listing {
                items: Vec::new(),
                total: Some(total),
            });
        }
        let response = self.body().await?;
        let total = total(&response);
        let items = serde_json::from_slice(response.body()).map_err(|source| Error::Decode {
            what: "a list",
            source: Some(source.into()),
        })?;
        Ok(Listing { items, total })
    }

    /// The only document that matches; with several, the first.
    pub(super) async fn one(self) -> Result<Option<T>, Error> {
        let Some(raw) = self.one_raw().await? else {
            return Ok(None);
        };
        serde_json::from_slice(&raw)
            .map(Some)
            .map_err(|source| Error::Decode {
                what: "a document",
                source: Some(source.into()),
            })
    }

    /// All matches in order of their ids, a page at a time, each page read line by line.
    ///
    /// Documents that appear or vanish meanwhile cause neither gaps nor repetitions. `limit` bounds
    /// the whole; a sort order or `skip` is refused, since the order is that of the ids.
    ///
    /// The stream ends after its first error; [`Error::TruncatedList`] tells that a page broke off.
    pub fn stream(self) -> impl Stream<Item = Result<T, Error>> + Send + Unpin + use<T> {
        use futures_util::StreamExt as _;
        let mut ended = false;
        let documents = self.stream_raw().map(|line| parse(&line?));
        // A document that cannot be read ends the stream as well.
        documents.take_while(move |item| {
            let take = !ended;
            ended = item.is_err();
            std::future::ready(take)
        })
    }

    /// All matches by one request, in the order asked for, read line by line.
    ///
    /// The stream ends after its first error.
    pub fn stream_once(self) -> impl Stream<Item = Result<T, Error>> + Send + Unpin + use<T> {
        Box::pin(stream::unfold(
            (self, None::<Lines>, false),
            |(list, lines, ended)| async move {
                if ended || list.selection.limit == Some(0) {
                    return None;
                }
                let mut lines = match lines {
                    Some(lines) => lines,
                    None => match list.open().await {
                        Ok(lines) => lines,
                        Err(error) => return Some((Err(error), (list, None, true))),
                    },
                };
                match lines.next().await.transpose()? {
                    Ok(line) => match parse(&line) {
                        Ok(item) => Some((Ok(item), (list, Some(lines), false))),
                        Err(error) => Some((Err(error), (list, None, true))),
                    },
                    Err(error) => Some((Err(error), (list, None, true))),
                }
            },
        ))
    }
}

fn parse<T: DeserializeOwned>(line: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(line).map_err(|source| Error::Decode {
        what: "a document of a list",
        source: Some(source.into()),
    })
}

/// Where a paged stream is.
struct Paging<T> {
    list: List<T>,
    lines: Option<Lines>,
    last: Option<Value>,
    in_page: u32,
    asked: u32,
    left: Option<u32>,
    ended: bool,
}

impl<T> Paging<T> {
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            if self.left == Some(0) {
                return Ok(None);
            }
            if self.lines.is_none() {
                self.lines = Some(self.open().await?);
            }
            let Some(lines) = &mut self.lines else {
                return Ok(None);
            };
            if let Some(line) = lines.next().await? {
                #[derive(serde::Deserialize)]
                struct Id {
                    #[serde(rename = "_id")]
                    id: Value,
                }
                let Id { id } = parse(&line)?;
                self.last = Some(id);
                self.in_page = self.in_page.saturating_add(1);
                self.left = self.left.map(|left| left.saturating_sub(1));
                return Ok(Some(line));
            }
            self.lines = None;
            // A short page is the last.
            if self.in_page < self.asked {
                return Ok(None);
            }
        }
    }

    async fn open(&mut self) -> Result<Lines, Error> {
        let mut page = self.list.clone();
        self.asked = self
            .left
            .map_or(page.page_size, |left| left.min(page.page_size));
        self.in_page = 0;
        page.selection.limit = Some(self.asked);
        page.selection.sort = Some(Sort::ascending("_id"));
        if let Some(last) = &self.last {
            let after = serde_json::json!({"_id": {"$gt": last}});
            page.selection.query = Query::raw(after).and(page.selection.query);
        }
        page.open().await
    }
}

/// A queue of lines cut from pieces of a body; see [`Lines`].
pub(super) type Cut = VecDeque<Bytes>;
