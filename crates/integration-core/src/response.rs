use std::fmt;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::transport::ReasonPhrase;
use crate::{ApiError, ByteStream, Clock, DecodeError, Error, ErrorKind, RetryAfter};

/// An answer whose body has been read.
///
/// # Examples
///
/// ```
/// # use integration_core::testing::FakeServer;
/// use http::Method;
/// use integration_core::{ApiPath, HttpClient};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # let remote = FakeServer::start(|_: &wiremock::Request| wiremock::ResponseTemplate::new(429)
/// #     .insert_header("retry-after", "3600")).await?;
/// let client = HttpClient::builder(remote.url()).build()?;
/// let answer = client.request(Method::GET, ApiPath::new("sms")).send().await?;
/// let refusal = answer.error_for_status().unwrap_err().into_api().unwrap();
/// assert_eq!(refusal.retry_after().map(|wait| wait.as_secs()), Some(3600));
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct Response {
    pub(crate) parts: Head,
    pub(crate) body: Bytes,
    pub(crate) attempts: u32,
}

/// Status, headers and reason phrase of an answer, and the wait it asks for.
#[derive(Clone)]
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) reason: Option<String>,
    /// Counted from the arrival of the head.
    pub(crate) retry_after: Option<Duration>,
}

impl Head {
    pub(crate) fn split(response: http::Response<ByteStream>, clock: &Clock) -> (Self, ByteStream) {
        let (parts, body) = response.into_parts();
        let reason = parts
            .extensions
            .get::<ReasonPhrase>()
            .map(|reason| reason.0.clone());
        let head = Self {
            status: parts.status,
            retry_after: asked_wait(&parts.headers, clock),
            headers: parts.headers,
            reason,
        };
        (head, body)
    }
}

/// The wait the remote asks for. A date is measured against the remote's own clock where it
/// sends one: two clocks that disagree must not make a wait of an hour.
fn asked_wait(headers: &HeaderMap, clock: &Clock) -> Option<Duration> {
    let asked = RetryAfter::from_headers(headers)?;
    let now = headers
        .get(http::header::DATE)
        .and_then(|date| date.to_str().ok())
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .unwrap_or_else(|| clock.now());
    Some(asked.wait(now))
}

impl Response {
    /// HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.parts.status
    }

    /// Headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// A header as text, where it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    /// The reason phrase, where it is not the standard one of the status. A proxy or HTTP/2
    /// loses it: a hint, never the only proof.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.parts.reason.as_deref()
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Number of attempts it took.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Takes the body.
    #[must_use]
    pub fn into_body(self) -> Bytes {
        self.body
    }

    /// Decodes the body.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`], with the body kept, when it is not JSON of that shape. Its
    /// source is a [`DecodeError`], which tells the place and quotes nothing.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let kept = self.body.len().min(ApiError::BODY_LIMIT);
            let kind = ErrorKind::Decode {
                status: self.parts.status,
                body: self.body.slice(..kept),
            };
            Error::with_source(kind, DecodeError::from(error)).attempts_made(self.attempts)
        })
    }

    /// The answer as an error value, for a client that adds what its remote says.
    ///
    /// The wait it asks for counts from the arrival of the answer; a date is measured against
    /// the answer's own `Date`, or the clock of the client.
    #[must_use]
    pub fn to_api_error(&self) -> ApiError {
        let mut error = ApiError::new(self.parts.status, self.body.clone());
        if let Some(wait) = self.parts.retry_after {
            error = error.with_retry_after(wait);
        }
        if let Some(id) = self
            .header("x-request-id")
            .or_else(|| self.header("request-id"))
        {
            error = error.with_request_id(id);
        }
        error
    }

    /// Keeps an answer of status 2xx and turns any other into an error.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Api`] for any status outside 200–299.
    pub fn error_for_status(self) -> Result<Self, Error> {
        if self.parts.status.is_success() {
            Ok(self)
        } else {
            let attempts = self.attempts;
            Err(Error::from(self.to_api_error()).attempts_made(attempts))
        }
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.parts.status.as_u16())
            .field("reason", &self.parts.reason)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// An answer whose body is still on the wire.
pub struct StreamingResponse {
    pub(crate) parts: Head,
    pub(crate) body: ByteStream,
    pub(crate) attempts: u32,
    pub(crate) limit: usize,
}

impl StreamingResponse {
    /// HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.parts.status
    }

    /// Headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// The pieces of the body, without a limit: the caller counts.
    #[must_use]
    pub fn into_stream(self) -> ByteStream {
        self.body
    }

    /// Reads the whole body, up to the limit of the client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLarge`], [`ErrorKind::Truncated`] or [`ErrorKind::Timeout`].
    pub async fn read(mut self) -> Result<Response, Error> {
        let too_large = || Error::new(ErrorKind::TooLarge { limit: self.limit });
        let mut first: Option<Bytes> = None;
        let mut rest = BytesMut::new();
        let mut length = 0_usize;
        while let Some(piece) = self.body.next().await {
            let piece = piece.map_err(|error| Error::from(error).attempts_made(self.attempts))?;
            length = length.saturating_add(piece.len());
            if length > self.limit {
                return Err(too_large().attempts_made(self.attempts));
            }
            // Most answers come in one piece: keep it as it is.
            match first.take() {
                None if rest.is_empty() => first = Some(piece),
                None => rest.extend_from_slice(&piece),
                Some(head) => {
                    rest.extend_from_slice(&head);
                    rest.extend_from_slice(&piece);
                }
            }
        }
        Ok(Response {
            parts: self.parts,
            body: first.unwrap_or_else(|| rest.freeze()),
            attempts: self.attempts,
        })
    }
}

impl fmt::Debug for StreamingResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamingResponse")
            .field("status", &self.parts.status.as_u16())
            .finish_non_exhaustive()
    }
}
