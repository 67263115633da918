//! The handle.

mod builder;
mod bulk;
mod cache;
mod check;
mod create;
mod docs;
mod files;
mod get;
mod lifecycle;
mod limit;
mod list;
mod locked;
mod many;
mod meta;
mod modify;
mod rows;
mod rpc;
mod send;
mod session;
mod site;
mod write;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use integration_core::{Clock, HttpClient, RetryPolicy};
use jiff::tz::TimeZone;
use tokio::sync::OnceCell;

pub use builder::ClientBuilder;
pub use bulk::{Outcome, Outcomes};
pub use cache::Cache;
pub use create::Created;
pub use docs::Docs;
pub use files::{Download, File, Files, Upload};
pub use get::Permission;
pub use list::List;
pub use many::Batch;
pub use rpc::{Answer, Rpc};
pub use site::{App, Site};

use crate::{Credentials, Dialect, Error};
use limit::Limit;
use session::Session;

/// A Frappe site. Cheap to clone; all clones share connections, session and what was learnt about
/// the site.
///
/// # Examples
/// ```
/// use erpnext_client::{Client, Credentials};
///
/// let client = Client::new("https://erp.example.ca", Credentials::token("0a1b2c3d4e5f6a7", "s3cret"))?;
/// assert!(!format!("{client:?}").contains("s3cret"));
/// # Ok::<(), erpnext_client::Error>(())
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
    /// Another time limit than the client's own.
    timeout: Option<Duration>,
}

pub(crate) struct Inner {
    pub(crate) http: HttpClient,
    pub(crate) clock: Clock,
    pub(crate) page_size: u32,
    session: Option<Session>,
    limit: Limit,
    meta: meta::Cache,
    retry: RetryPolicy,
    zone: Option<TimeZone>,
    apps: OnceCell<BTreeMap<String, App>>,
    dialect: OnceCell<Dialect>,
    site: OnceCell<Arc<Site>>,
}

impl Client {
    /// A client of the site at this address. Nothing is sent.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the address or the credentials cannot be such.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Client, Credentials};
    ///
    /// assert!(Client::new("erp.example.ca", Credentials::Guest).is_err(), "no scheme");
    /// assert!(Client::new("https://erp.example.ca/", Credentials::Guest).is_ok());
    /// ```
    pub fn new(url: impl Into<String>, credentials: Credentials) -> Result<Self, Error> {
        Self::builder(url).credentials(credentials).build()
    }

    /// Settings of a client.
    pub fn builder(url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(url.into())
    }

    /// The same client with another time limit for an attempt: for a report that takes minutes.
    ///
    /// # Examples
    /// ```
    /// # use erpnext_client::{Client, Credentials};
    /// use std::time::Duration;
    ///
    /// # let client = Client::new("https://erp.example.ca", Credentials::Guest)?;
    /// let patient = client.with_timeout(Duration::from_secs(300));
    /// # Ok::<(), erpnext_client::Error>(())
    /// ```
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self {
            inner: self.inner.clone(),
            timeout: Some(timeout),
        }
    }

    /// Address of the site.
    #[must_use]
    pub fn url(&self) -> &str {
        self.inner.http.base().as_str()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("url", &self.url())
            .field("session", &self.inner.session)
            .field("dialect", &self.inner.dialect.get())
            .field("retry", &self.inner.retry)
            .finish_non_exhaustive()
    }
}
