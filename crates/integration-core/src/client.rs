use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use crate::transport::{ReqwestOptions, ReqwestTransport, Transport};
use crate::{ApiPath, BaseUrl, Clock, Credentials, Invalid, RequestBuilder, RetryPolicy, Secret};

/// A connection to one remote system: address, credentials, limits and retry policy.
///
/// Cheap to clone; all clones share the connections. Client crates hold one and offer calls
/// in the words of their remote.
///
/// # Examples
///
/// ```
/// use http::Method;
/// use integration_core::{ApiPath, Credentials, HttpClient};
///
/// let client = HttpClient::builder("http://127.0.0.1:7557/acs")
///     .credentials(Credentials::bearer("secret"))
///     .build()?;
/// let request = client
///     .request(Method::GET, ApiPath::new("devices"))
///     .query("limit", "10")
///     .build()?;
/// assert_eq!(request.uri(), "http://127.0.0.1:7557/acs/devices?limit=10");
/// assert!(!format!("{request:?}").contains("secret"));
/// # Ok::<(), integration_core::Error>(())
/// ```
#[derive(Clone)]
pub struct HttpClient(pub(crate) Arc<Settings>);

pub(crate) struct Settings {
    pub(crate) base: BaseUrl,
    pub(crate) headers: HeaderMap,
    pub(crate) timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) max_body: usize,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Clock,
    pub(crate) random: Arc<dyn Fn() -> u64 + Send + Sync>,
}

impl HttpClient {
    /// Begins a client of a remote at this address.
    pub fn builder(base: impl Into<String>) -> HttpClientBuilder {
        HttpClientBuilder::new(base.into())
    }

    /// Begins a call.
    pub fn request(&self, method: Method, path: ApiPath) -> RequestBuilder {
        RequestBuilder::new(self.clone(), method, path)
    }

    /// The address of the remote.
    #[must_use]
    pub fn base(&self) -> &BaseUrl {
        &self.0.base
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient")
            .field("base", &self.0.base)
            .field("timeout", &self.0.timeout)
            .field("retry", &self.0.retry)
            .field("max_body", &self.0.max_body)
            .finish_non_exhaustive()
    }
}

/// Settings of an [`HttpClient`]. Setters never fail; [`build`](Self::build) reports the
/// first value that cannot be used.
#[derive(Debug)]
#[must_use]
pub struct HttpClientBuilder {
    base: String,
    credentials: Credentials,
    headers: Vec<(String, Secret)>,
    user_agent: String,
    timeout: Duration,
    retry: RetryPolicy,
    max_body: usize,
    network: ReqwestOptions,
    transport: Option<Arc<dyn Transport>>,
    clock: Clock,
}

impl HttpClientBuilder {
    fn new(base: String) -> Self {
        Self {
            base,
            credentials: Credentials::None,
            headers: Vec::new(),
            user_agent: concat!("integration-core/", env!("CARGO_PKG_VERSION")).to_owned(),
            timeout: Duration::from_secs(15),
            retry: RetryPolicy::default(),
            max_body: 16 * 1024 * 1024,
            network: ReqwestOptions::default(),
            transport: None,
            clock: Clock::system(),
        }
    }

    /// Sets who calls. Nobody in particular unless set.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// Adds a header to every call; its value is treated as a secret.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets `User-Agent`: `<crate>/<version>` of the client crate.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Sets how long one attempt may take, its body included; [`Duration::MAX`] means for
    /// ever. 15 s unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets when a call is tried again.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Sets the longest answer that is read into memory, in bytes. 16 MiB unless set.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Sets how long opening a connection may take. 3 s unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.network.connect_timeout = timeout;
        self
    }

    /// Sets how long an idle connection is kept. 30 s unless set.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.network.pool_idle_timeout = timeout;
        self
    }

    /// Sets whether `HTTP_PROXY` and its kin are obeyed. Off unless set.
    pub fn proxy_from_environment(mut self, obey: bool) -> Self {
        self.network.proxy_from_environment = obey;
        self
    }

    /// Sets another way to reach the remote: a decorator or a double.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Sets another clock, for dates in `Retry-After`.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// The rule that the address, a header or a credential breaks.
    pub fn build(self) -> Result<HttpClient, Invalid> {
        let base: BaseUrl = self.base.parse()?;
        let mut headers = HeaderMap::new();
        let agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|_| Invalid::new("the user agent holds a character no header can carry"))?;
        headers.insert(header::USER_AGENT, agent);
        for (name, secret) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| Invalid::new("a header name is letters, digits and dashes"))?;
            let mut value = HeaderValue::from_str(secret.expose())
                .map_err(|_| Invalid::new("a header value holds a character it cannot carry"))?;
            value.set_sensitive(true);
            headers.append(name, value);
        }
        if let Some((name, value)) = self.credentials.to_header().map_err(Invalid::new)? {
            headers.insert(name, value);
        }
        let transport = match self.transport {
            Some(transport) => transport,
            None => Arc::new(ReqwestTransport::new(&ReqwestOptions {
                https: base.is_https(),
                ..self.network
            })?),
        };
        Ok(HttpClient(Arc::new(Settings {
            base,
            headers,
            timeout: self.timeout,
            retry: self.retry,
            max_body: self.max_body,
            transport,
            clock: self.clock,
            random: Arc::new(random),
        })))
    }
}

/// 64 random bits; a machine without a source of them waits the longest back-off.
fn random() -> u64 {
    getrandom::u64().unwrap_or(u64::MAX)
}
