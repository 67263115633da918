use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt as _;
use http_body_util::BodyExt as _;

use super::{ReasonPhrase, Transport, TransportError, TransportErrorKind};
use crate::{ByteStream, Invalid, RequestBody};

/// Limits below are added to the current instant, which must not overflow.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// What the network side of a client can be told.
///
/// # Examples
///
/// ```
/// use integration_core::transport::{ReqwestOptions, ReqwestTransport};
/// use std::time::Duration;
///
/// let mut options = ReqwestOptions::default();
/// options.https = false;
/// options.connect_timeout = Duration::from_millis(500);
/// let transport = ReqwestTransport::new(&options)?;
/// # Ok::<(), integration_core::Invalid>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReqwestOptions {
    /// Longest time to open a connection, TLS included. 3 s unless set.
    pub connect_timeout: Duration,
    /// How long an idle connection is kept; less than the remote's own limit, or a call may
    /// meet a connection that is just being closed. 30 s unless set.
    pub pool_idle_timeout: Duration,
    /// Whether `HTTP_PROXY` and its kin are obeyed. Off unless set.
    pub proxy_from_environment: bool,
    /// Whether TLS is needed: only then is it set up.
    pub https: bool,
}

impl Default for ReqwestOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(3),
            pool_idle_timeout: Duration::from_secs(30),
            proxy_from_environment: false,
            https: true,
        }
    }
}

/// The network, through reqwest. Redirects are answers here, never followed.
///
/// # Examples
///
/// One pool for two remotes:
///
/// ```
/// use integration_core::HttpClient;
/// use integration_core::transport::{ReqwestOptions, ReqwestTransport};
///
/// let mut options = ReqwestOptions::default();
/// options.https = false;
/// let pool = ReqwestTransport::new(&options)?;
/// let one = HttpClient::builder("http://a.example.ca").transport(pool.clone()).build()?;
/// let other = HttpClient::builder("http://b.example.ca").transport(pool).build()?;
/// # Ok::<(), integration_core::Invalid>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReqwestTransport(::reqwest::Client);

impl ReqwestTransport {
    /// Sets up a connection pool.
    ///
    /// # Errors
    ///
    /// HTTPS is asked for in a build without the feature `rustls`, or the machine has no
    /// usable root certificates.
    pub fn new(options: &ReqwestOptions) -> Result<Self, Invalid> {
        let mut builder = ::reqwest::Client::builder()
            .redirect(::reqwest::redirect::Policy::none())
            .retry(::reqwest::retry::never())
            .connect_timeout(options.connect_timeout.min(LONGEST))
            .pool_idle_timeout(options.pool_idle_timeout.min(LONGEST))
            .referer(false);
        if !options.proxy_from_environment {
            builder = builder.no_proxy();
        }
        let client = with_tls(builder, options.https)?
            .build()
            .map_err(|_| Invalid::new("the HTTP client cannot be set up on this machine"))?;
        Ok(Self(client))
    }
}

/// Gives reqwest a configuration with its own crypto provider: a library must neither
/// install the process-wide one nor panic for want of it. reqwest asks for one even when
/// every address is plain HTTP; then no certificate is loaded and none would be accepted.
#[cfg(feature = "rustls")]
fn with_tls(
    builder: ::reqwest::ClientBuilder,
    https: bool,
) -> Result<::reqwest::ClientBuilder, Invalid> {
    use rustls_platform_verifier::BuilderVerifierExt as _;
    use std::sync::Arc;

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| Invalid::new("the TLS library offers no protocol version"))?;
    let config = if https {
        config
            .with_platform_verifier()
            .map_err(|_| Invalid::new("this machine has no usable root certificates"))?
    } else {
        config.with_root_certificates(rustls::RootCertStore::empty())
    };
    Ok(builder.tls_backend_preconfigured(config.with_no_client_auth()))
}

#[cfg(not(feature = "rustls"))]
fn with_tls(
    builder: ::reqwest::ClientBuilder,
    https: bool,
) -> Result<::reqwest::ClientBuilder, Invalid> {
    if https {
        return Err(Invalid::new(
            "an https address needs the feature \"rustls\"",
        ));
    }
    Ok(builder)
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<http::Response<ByteStream>, TransportError> {
        let (parts, body) = request.into_parts();
        let body = match body {
            RequestBody::Empty => ::reqwest::Body::default(),
            RequestBody::Bytes(bytes) => bytes.into(),
            RequestBody::Stream(stream) => ::reqwest::Body::wrap_stream(stream),
        };
        let request = ::reqwest::Request::try_from(http::Request::from_parts(parts, body))
            .map_err(|error| classify(error, TransportErrorKind::Request))?;
        let answer = self
            .0
            .execute(request)
            .await
            .map_err(|error| classify(error, TransportErrorKind::Aborted))?;
        let (mut parts, body) = http::Response::<::reqwest::Body>::from(answer).into_parts();
        let reason = parts
            .extensions
            .get::<hyper::ext::ReasonPhrase>()
            .map(|reason| String::from_utf8_lossy(reason.as_bytes()).into_owned());
        if let Some(reason) = reason {
            parts.extensions.insert(ReasonPhrase(reason));
        }
        let stream: ByteStream = Box::pin(
            body.into_data_stream()
                .map(|piece| piece.map_err(|error| classify(error, TransportErrorKind::Body))),
        );
        Ok(http::Response::from_parts(parts, stream))
    }
}

fn classify(error: ::reqwest::Error, otherwise: TransportErrorKind) -> TransportError {
    let kind = if error.is_connect() {
        TransportErrorKind::Connect
    } else if error.is_builder() {
        TransportErrorKind::Request
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else if otherwise == TransportErrorKind::Aborted && !closed_before_answer(&error) {
        // The request's own body failed while it was being written.
        TransportErrorKind::Request
    } else {
        otherwise
    };
    // The address may hold a customer's id, and a query may hold worse.
    TransportError::with_source(kind, Cause::retell(&error.without_url(), 8))
}

/// What an error of the network says, cause by cause. The errors themselves are not kept:
/// in `Debug` they show the address they could not reach.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct Cause {
    text: String,
    source: Option<Box<Self>>,
}

impl Cause {
    fn retell(error: &dyn StdError, depth: usize) -> Self {
        let deeper = depth.checked_sub(1);
        Self {
            text: error.to_string(),
            source: error
                .source()
                .zip(deeper)
                .map(|(cause, depth)| Box::new(Self::retell(cause, depth))),
        }
    }
}

/// Whether the far side went away, as opposed to our side not being able to write.
fn closed_before_answer(error: &::reqwest::Error) -> bool {
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(error) = cause.downcast_ref::<hyper::Error>()
            && error.is_user()
        {
            return false;
        }
        if let Some(error) = cause.downcast_ref::<io::Error>()
            && error.kind() == io::ErrorKind::InvalidInput
        {
            return false;
        }
        source = cause.source();
    }
    true
}
