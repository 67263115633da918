//! Settings of a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use integration_core::transport::Transport;
use integration_core::{
    Clock, Credentials as HttpCredentials, HttpClient, HttpClientBuilder, RetryPolicy, Secret,
};
use jiff::tz::TimeZone;
use tokio::sync::OnceCell;

use super::limit::Limit;
use super::session::Session;
use super::{Client, Inner};
use crate::{Credentials, Dialect, Error};

/// Settings of a [`Client`].
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use erpnext_client::{Client, Credentials, Dialect};
///
/// let client = Client::builder("https://erp.example.ca")
///     .credentials(Credentials::token("0a1b2c3d4e5f6a7", "s3cret"))
///     .dialect(Dialect::V16)
///     .timeout(Duration::from_secs(20))
///     .max_concurrent(4)
///     .build()?;
/// # Ok::<(), erpnext_client::Error>(())
/// ```
#[must_use]
pub struct ClientBuilder {
    http: HttpClientBuilder,
    credentials: Credentials,
    dialect: Option<Dialect>,
    zone: Option<TimeZone>,
    retry: RetryPolicy,
    clock: Clock,
    max_concurrent: usize,
    patience: Duration,
    page_size: u32,
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("dialect", &self.dialect)
            .field("retry", &self.retry)
            .field("max_concurrent", &self.max_concurrent)
            .field("page_size", &self.page_size)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    pub(super) fn new(url: String) -> Self {
        Self {
            http: HttpClient::builder(url)
                .user_agent(concat!("erpnext-client/", env!("CARGO_PKG_VERSION")))
                .timeout(Duration::from_secs(30))
                // Without it errors come as pages.
                .header("Accept", "application/json")
                // Attempts are counted here, where the exceptions are known.
                .retry(RetryPolicy::none())
                .max_body(64 * 1024 * 1024),
            credentials: Credentials::Guest,
            dialect: None,
            zone: None,
            retry: RetryPolicy::default(),
            clock: Clock::system(),
            max_concurrent: 8,
            patience: Duration::from_secs(30),
            page_size: 500,
        }
    }

    /// How to be let in; as Guest unless set.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// The doctype on which the API keys are kept, where that is not User
    /// (`Frappe-Authorization-Source`).
    pub fn authorization_source(mut self, doctype: impl Into<String>) -> Self {
        self.http = self
            .http
            .header("Frappe-Authorization-Source", doctype.into());
        self
    }

    /// The site, where the host name of the address does not tell (`X-Frappe-Site-Name`).
    pub fn site_name(mut self, site: impl Into<String>) -> Self {
        self.http = self.http.header("X-Frappe-Site-Name", site.into());
        self
    }

    /// A header of every request, for what stands before the site.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.http = self.http.header(name, value);
        self
    }

    /// The `User-Agent`; `erpnext-client/<version>` unless set.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.http = self.http.user_agent(user_agent);
        self
    }

    /// The query dialect, where it is known; else the site is asked, once.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = Some(dialect);
        self
    }

    /// The site's time zone, where it is known; else the site is asked, once.
    pub fn zone(mut self, zone: TimeZone) -> Self {
        self.zone = Some(zone);
        self
    }

    /// How long one attempt may take; 30 s unless set. See also [`Client::with_timeout`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.http = self.http.timeout(timeout);
        self
    }

    /// How long connecting may take; 3 s unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http = self.http.connect_timeout(timeout);
        self
    }

    /// When a call is made again; three attempts within 30 s unless set.
    ///
    /// | after | a read | a write |
    /// |---|---|---|
    /// | no connection | again | again |
    /// | 429 | again | again |
    /// | `QueryDeadlockError`, `QueryTimeoutError` | again | again |
    /// | 502, 503, 504 | again | never |
    /// | no answer, or one that broke off | again | never |
    /// | anything else | never | never |
    ///
    /// The wait that the site asks for is kept; one longer than the cap of the policy ends the
    /// tries.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// How many calls are under way at a time; 8 unless set, which is about what a site with its
    /// usual number of workers can do.
    pub fn max_concurrent(mut self, calls: usize) -> Self {
        self.max_concurrent = calls;
        self
    }

    /// How long a call waits for its turn before it fails with [`Error::Busy`]; 30 s unless set.
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.patience = wait;
        self
    }

    /// Rows of a page of a list; 500 unless set.
    pub fn page_size(mut self, rows: u32) -> Self {
        self.page_size = rows.max(1);
        self
    }

    /// Longest answer held in memory, in bytes; 64 MiB unless set.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.http = self.http.max_body(bytes);
        self
    }

    /// What carries the requests instead of the network.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.http = self.http.transport(transport);
        self
    }

    /// Where "now" comes from.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The client. Nothing is sent.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the first setting that is wrong.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Client;
    ///
    /// assert!(Client::builder("https://me:pw@erp.example.ca").build().is_err());
    /// ```
    pub fn build(self) -> Result<Client, Error> {
        let token = |scheme: &str, key: &str, secret: &Secret| {
            Secret::new(format!("{scheme} {key}:{}", secret.expose()))
        };
        let mut session = None;
        let mut http = self.http;
        match self.credentials {
            Credentials::Guest => {}
            Credentials::Token { key, secret } => {
                http = http.header("Authorization", token("token", &key, &secret));
            }
            Credentials::Basic { key, secret } => {
                http = http.credentials(HttpCredentials::basic(key, secret));
            }
            Credentials::Bearer(secret) => {
                http = http.credentials(HttpCredentials::bearer(secret));
            }
            Credentials::Session { user, password } => {
                session = Some(Session::new(user, password));
            }
        }
        let http = http.clock(self.clock.clone()).build().map_err(|rule| {
            Error::invalid("client", format!("has a setting that cannot be: {rule}"))
        })?;
        Ok(Client {
            inner: Arc::new(Inner {
                http,
                clock: self.clock,
                page_size: self.page_size,
                session,
                limit: Limit::new(self.max_concurrent, self.patience),
                retry: self.retry,
                zone: self.zone,
                apps: OnceCell::new(),
                dialect: OnceCell::new_with(self.dialect),
                site: OnceCell::new(),
                meta: super::meta::Cache::default(),
            }),
            timeout: None,
        })
    }
}
