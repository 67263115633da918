//! Settings of a client.

use std::fmt;
use std::time::Duration;

use integration_core::transport::Transport;
use integration_core::{Clock, Credentials, HttpClient, HttpClientBuilder, RetryPolicy, Secret};

use super::{API_VERSION, Client};
use crate::Error;

/// Settings of a [`Client`].
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use stripe_lite::{Client, RetryPolicy};
///
/// let client = Client::builder("sk_test_123")
///     .account("acct_1")
///     .api_version("2026-10-28.endive")
///     .timeout(Duration::from_secs(20))
///     .retry(RetryPolicy::default().max_attempts(5))
///     .build()?;
/// # Ok::<(), stripe_lite::Error>(())
/// ```
#[must_use]
pub struct ClientBuilder {
    secret_key: Secret,
    url: String,
    api_version: String,
    account: Option<String>,
    user_agent: String,
    timeout: Duration,
    retry: RetryPolicy,
    clock: Clock,
    connect_timeout: Duration,
    transport: Option<Box<dyn FnOnce(HttpClientBuilder) -> HttpClientBuilder + Send>>,
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("url", &self.url)
            .field("api_version", &self.api_version)
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    pub(super) fn new(secret_key: Secret) -> Self {
        Self {
            secret_key,
            url: "https://api.stripe.com".to_owned(),
            api_version: API_VERSION.to_owned(),
            account: None,
            user_agent: concat!("stripe-lite/", env!("CARGO_PKG_VERSION")).to_owned(),
            timeout: Duration::from_secs(30),
            // Stripe's own client waits half a second first.
            retry: RetryPolicy::default()
                .base(Duration::from_millis(500))
                .cap(Duration::from_secs(20))
                .total_budget(Duration::from_secs(60)),
            clock: Clock::system(),
            connect_timeout: Duration::from_secs(5),
            transport: None,
        }
    }

    /// Sets another address, such as that of a fake; `https://api.stripe.com` unless set.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = url.into();
        self
    }

    /// Sets the version of the API; [`API_VERSION`] unless set.
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.api_version = version.into();
        self
    }

    /// Acts for a connected account: `acct_…`.
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// Sets `User-Agent`; `stripe-lite/<version>` unless set.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Sets how long one attempt may take; 30 s unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how long connecting may take; 5 s unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets when a call is tried again: 3 attempts within a minute unless set.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Sets what carries the requests instead of the network.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Box::new(|http| http.transport(transport)));
        self
    }

    /// Sets another clock, for dates in `Retry-After`.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The client. Nothing is sent.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the first setting that is wrong.
    pub fn build(self) -> Result<Client, Error> {
        let key = self.secret_key.expose();
        let reason = if key.is_empty() {
            Some("is empty")
        } else if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            Some("holds a character that is not visible ASCII")
        } else if key.starts_with("pk_") {
            Some("is a publishable one")
        } else {
            None
        };
        if let Some(reason) = reason {
            let what = "secret key";
            return Err(Error::Invalid { what, reason });
        }
        let mut http = HttpClient::builder(self.url)
            .credentials(Credentials::bearer(self.secret_key))
            .header("Stripe-Version", self.api_version)
            .user_agent(self.user_agent)
            .timeout(self.timeout)
            .connect_timeout(self.connect_timeout)
            .clock(self.clock)
            // The loop that knows Stripe's rules is ours.
            .retry(RetryPolicy::none());
        if let Some(account) = self.account {
            http = http.header("Stripe-Account", account);
        }
        if let Some(set) = self.transport {
            http = set(http);
        }
        let http = http.build().map_err(|_| Error::Invalid {
            what: "client",
            reason: "has an address or a header that is not one",
        })?;
        Ok(Client {
            http,
            retry: self.retry,
        })
    }
}
