//! Settings of a client.

use std::fmt;
use std::time::Duration;

use integration_core::transport::Transport;
use integration_core::{Credentials, HttpClient, HttpClientBuilder, RetryPolicy, Secret};

use super::{Client, Limits};
use crate::error::Error;

/// Settings of a [`Client`].
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use genieacs_nbi::{Client, Credentials};
///
/// let client = Client::builder("https://acs.example.ca/nbi/")
///     .credentials(Credentials::basic("hub", "s3cret"))
///     .header("X-API-Key", "k3y")
///     .timeout(Duration::from_secs(10))
///     .build()?;
/// # Ok::<(), genieacs_nbi::Error>(())
/// ```
#[must_use]
pub struct ClientBuilder {
    http: HttpClientBuilder,
    limits: Limits,
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    pub(super) fn new(base_url: String) -> Self {
        let max_body = 64 * 1024 * 1024;
        Self {
            http: HttpClient::builder(base_url)
                .user_agent(concat!("genieacs-nbi/", env!("CARGO_PKG_VERSION")))
                .timeout(Duration::from_secs(15))
                .connect_timeout(Duration::from_secs(5))
                // The server closes a connection idle for 5 s.
                .pool_idle_timeout(Duration::from_secs(4))
                // A closed connection may be a crashed worker: one repetition, not more.
                .retry(RetryPolicy::default().max_attempts(2))
                .max_body(max_body),
            limits: Limits {
                idle: Duration::from_secs(15),
                upload: Duration::from_secs(300),
                poll: Duration::from_secs(1),
                max_line: max_body,
            },
        }
    }

    /// How to be let in by the proxy before the interface.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.http = self.http.credentials(credentials);
        self
    }

    /// A header of every request.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.http = self.http.header(name, value);
        self
    }

    /// The `User-Agent`; `genieacs-nbi/<version>` unless set.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.http = self.http.user_agent(user_agent);
        self
    }

    /// How long a call may take; 15 s unless set. A task that waits for its session, an upload and
    /// a stream have their own times.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.http = self.http.timeout(timeout);
        self.limits.idle = timeout;
        self
    }

    /// How long connecting may take; 5 s unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http = self.http.connect_timeout(timeout);
        self
    }

    /// How long an upload may take; 5 minutes unless set.
    pub fn upload_timeout(mut self, timeout: Duration) -> Self {
        self.limits.upload = timeout;
        self
    }

    /// How often a watched task is looked at; each second unless set.
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.limits.poll = interval.max(Duration::from_millis(10));
        self
    }

    /// When a call is repeated; at most once unless set. A POST is repeated only when nothing was
    /// sent.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.http = self.http.retry(retry);
        self
    }

    /// Longest answer held in memory, and longest document of a stream; 64 MiB unless set.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.http = self.http.max_body(bytes);
        self.limits.max_line = bytes;
        self
    }

    /// What carries the requests instead of the network.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.http = self.http.transport(transport);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the first setting that is wrong.
    ///
    /// # Examples
    /// ```
    /// assert!(genieacs_nbi::Client::builder("acs.example.ca").build().is_err());
    /// ```
    pub fn build(self) -> Result<Client, Error> {
        let http = self.http.build().map_err(|_| {
            Error::invalid(
                "client",
                "has a base URL, header or credential that is not one",
            )
        })?;
        Ok(Client {
            http,
            limits: self.limits,
        })
    }
}
