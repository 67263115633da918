//! Listings: a page, or all of them as a stream.

use std::marker::PhantomData;

use futures_core::Stream;
use http::Method;
use integration_core::{ApiPath, Page, paginate};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Client;
use super::send::Call;
use crate::lenient::Identified;
use crate::{Error, Params};

/// A listing or a search to be asked for: [`page`](Self::page) by page, or all items as a
/// [`stream`](Self::stream).
///
/// # Examples
/// ```
/// # #[cfg(feature = "testing")]
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use futures_util::TryStreamExt as _;
/// # use stripe_lite::{Client, CreateCustomer, IdempotencyKey, ListCustomers, testing::FakeStripe};
///
/// # let fake = FakeStripe::start().await?;
/// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
/// # for n in 0..5 {
/// #     let customer = CreateCustomer::new().name(format!("Client {n}"));
/// #     client.customers().create(&customer, IdempotencyKey::random()).await?;
/// # }
/// let list = client.customers().list(&ListCustomers::new().limit(2))?;
/// let first = list.page().await?;
/// assert_eq!((first.items.len(), first.next.is_some()), (2, true));
/// let all: Vec<_> = list.stream().try_collect().await?;
/// assert_eq!(all.len(), 5);
/// # Ok(()) }
/// # #[cfg(feature = "testing")]
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct List<T> {
    client: Client,
    path: ApiPath,
    params: Params,
    cursor: Cursor,
    item: PhantomData<fn() -> T>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cursor {
    /// `starting_after`: id of the last item seen.
    Id,
    /// `page`: a text of the remote's.
    Text,
}

/// The envelope of a page.
#[derive(Deserialize)]
struct Envelope<T> {
    #[serde(default = "Vec::new")]
    data: Vec<T>,
    #[serde(default)]
    has_more: Option<bool>,
    #[serde(default)]
    next_page: Option<String>,
}

impl<T: DeserializeOwned + Identified + Send> List<T> {
    pub(super) fn new(client: Client, path: ApiPath, params: &Params) -> Self {
        Self {
            client,
            path,
            params: params.clone(),
            cursor: Cursor::Id,
            item: PhantomData,
        }
    }

    pub(super) fn search(client: Client, path: ApiPath, params: &Params) -> Self {
        Self {
            cursor: Cursor::Text,
            ..Self::new(client, path, params)
        }
    }

    /// The first page, with the cursor of the next where there is one.
    ///
    /// # Errors
    /// What Stripe refuses; no answer; an answer that cannot be read.
    pub async fn page(&self) -> Result<Page<T>, Error> {
        self.fetch(None).await
    }

    /// The page at a cursor that another page gave.
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub async fn page_at(&self, cursor: impl Into<String>) -> Result<Page<T>, Error> {
        self.fetch(Some(cursor.into())).await
    }

    /// All items, page after page. A page is fetched when it is needed.
    ///
    /// # Errors
    /// The stream ends with the first error, as of [`page`](Self::page).
    pub fn stream(&self) -> impl Stream<Item = Result<T, Error>> + Send + use<T>
    where
        T: 'static,
    {
        let list = Self {
            client: self.client.clone(),
            path: self.path.clone(),
            params: self.params.clone(),
            cursor: self.cursor,
            item: PhantomData,
        };
        paginate(move |cursor| {
            let list = Self {
                client: list.client.clone(),
                path: list.path.clone(),
                params: list.params.clone(),
                cursor: list.cursor,
                item: PhantomData,
            };
            async move { list.fetch(cursor).await }
        })
    }

    async fn fetch(&self, cursor: Option<String>) -> Result<Page<T>, Error> {
        let mut params = self.params.clone();
        if let Some(cursor) = cursor.clone() {
            let name = match self.cursor {
                Cursor::Id => "starting_after",
                Cursor::Text => "page",
            };
            params.insert(name, cursor);
        }
        let call = Call::new(Method::GET, self.path.clone()).params(params);
        let page: Envelope<T> = self.client.call(call).await?;
        let next = if page.has_more == Some(true) {
            let next = match self.cursor {
                Cursor::Id => page.data.last().map(|item| item.id().to_owned()),
                Cursor::Text => page.next_page,
            };
            // Without a way on, or on the spot, a part would pass for the whole.
            let next = next.filter(|next| !next.is_empty() && Some(next) != cursor.as_ref());
            Some(next.ok_or(Error::Incomplete)?)
        } else {
            None
        };
        Ok(Page {
            items: page.data,
            next,
            total: None,
        })
    }
}
