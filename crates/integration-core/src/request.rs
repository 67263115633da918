use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde::Serialize;
use tokio::time::{Instant, sleep, timeout_at};

use crate::body::ByteStream;
use crate::response::Head;
use crate::transport::{TransportError, TransportErrorKind};
use crate::{
    ApiPath, Attempt, Error, HttpClient, Invalid, RequestBody, RequestId, Response, RetryPolicy,
    StreamingResponse,
};

/// One call in the making. Setters never fail; [`send`](Self::send) and
/// [`build`](Self::build) report the first value that cannot be used.
///
/// # Examples
///
/// ```
/// use http::{HeaderName, Method};
/// use integration_core::{ApiPath, HttpClient};
///
/// let client = HttpClient::builder("https://pay.example.ca").build()?;
/// let request = client
///     .request(Method::POST, ApiPath::new("v1/refunds"))
///     .idempotency_key(HeaderName::from_static("idempotency-key"), "refund-42")
///     .form(&[("amount", "4594"), ("reason", "requested_by_customer")])
///     .build()?;
/// assert_eq!(request.headers()["idempotency-key"], "refund-42");
/// # Ok::<(), integration_core::Error>(())
/// ```
#[must_use]
pub struct RequestBuilder {
    client: HttpClient,
    method: Method,
    path: ApiPath,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: RequestBody,
    timeout: Duration,
    retry: RetryPolicy,
    max_body: usize,
    idempotent: bool,
    invalid: Option<Invalid>,
}

impl RequestBuilder {
    pub(crate) fn new(client: HttpClient, method: Method, path: ApiPath) -> Self {
        let idempotent = method.is_idempotent();
        Self {
            timeout: client.0.timeout,
            retry: client.0.retry.clone(),
            max_body: client.0.max_body,
            client,
            method,
            path,
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: RequestBody::Empty,
            idempotent,
            invalid: None,
        }
    }

    /// Adds a query parameter; both sides are form-encoded.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Adds a query parameter where there is a value.
    pub fn query_some(self, name: &str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Sets a header.
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        match HeaderValue::from_str(value) {
            Ok(value) => {
                self.headers.insert(name, value);
            }
            Err(_) => self.refuse("a header value holds a character it cannot carry"),
        }
        self
    }

    /// Passes the id of the request on to the remote.
    pub fn request_id(self, id: &RequestId) -> Self {
        self.header(RequestId::HEADER, id.as_str())
    }

    /// Sets the body to bytes that can be sent again.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = RequestBody::Bytes(body.into());
        self
    }

    /// Sets the body to JSON.
    pub fn json(mut self, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(text) => {
                let json = HeaderValue::from_static("application/json");
                self.headers.insert(header::CONTENT_TYPE, json);
                self.body = RequestBody::Bytes(text.into());
            }
            Err(_) => self.refuse("the body cannot be written as JSON"),
        }
        self
    }

    /// Sets the body to form fields, in order.
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        let text = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        self.headers.insert(header::CONTENT_TYPE, form);
        self.body = RequestBody::Bytes(text.into());
        self
    }

    /// Sets the body to a stream; the call is then attempted once.
    pub fn body_stream(mut self, stream: ByteStream) -> Self {
        self.body = RequestBody::Stream(stream);
        self
    }

    /// Sets how long one attempt of this call may take; [`Duration::MAX`] means for ever.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets when this call is tried again.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Sets the longest answer of this call that is read into memory, in bytes.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// States whether repeating the call has no further effect. By default the method says
    /// (RFC 9110 §9.2.2): GET, HEAD, PUT, DELETE, OPTIONS and TRACE are idempotent.
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// Attaches a key by which the remote recognises a repetition: the call may then be
    /// tried again, always with the same key and body.
    pub fn idempotency_key(self, name: HeaderName, key: &str) -> Self {
        self.header(name, key).idempotent(true)
    }

    fn refuse(&mut self, rule: &'static str) {
        self.invalid.get_or_insert(Invalid::new(rule));
    }

    /// Gives the request without sending it, to be tested, signed, logged or queued.
    ///
    /// # Errors
    ///
    /// The first value that cannot be used.
    pub fn build(self) -> Result<http::Request<RequestBody>, Error> {
        let head = self.head()?;
        Ok(head.map(|()| self.body))
    }

    fn head(&self) -> Result<http::Request<()>, Error> {
        if let Some(invalid) = &self.invalid {
            return Err(invalid.clone().into());
        }
        let mut url = self.client.0.base.join(&self.path);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        let mut request = http::Request::builder()
            .method(self.method.clone())
            .uri(url.as_str())
            .body(())
            .map_err(|_| Invalid::new("the address is too long or malformed"))?;
        *request.headers_mut() = self.client.0.headers.clone();
        for (name, value) in &self.headers {
            request.headers_mut().insert(name, value.clone());
        }
        Ok(request)
    }

    /// Sends the call and reads the answer, whatever its status; tries again as the retry
    /// policy says.
    ///
    /// # Errors
    ///
    /// [`ErrorKind`](crate::ErrorKind) of every kind but `Api` and `Decode`.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops the attempts; what was sent may be carried out.
    pub async fn send(self) -> Result<Response, Error> {
        self.run(async |answer, deadline| {
            timeout_at(deadline, answer.read())
                .await
                .unwrap_or_else(|_| Err(TransportError::new(TransportErrorKind::Timeout).into()))
        })
        .await
    }

    /// Sends the call and gives the answer as soon as its head is there; tries again until
    /// then. The time limit covers the head alone.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn send_streaming(self) -> Result<StreamingResponse, Error> {
        self.run(async |answer, _| Ok(answer)).await
    }

    async fn run<T: Answer>(
        mut self,
        finish: impl AsyncFn(StreamingResponse, Instant) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let head = self.head()?;
        let settings = self.client.0.clone();
        let began = Instant::now();
        let mut number = 1;
        loop {
            let again = self.body.try_clone();
            let body = std::mem::take(&mut self.body);
            let request = head.clone().map(|()| body);
            let deadline = saturating_deadline(Instant::now(), self.timeout);
            let sent = timeout_at(deadline, settings.transport.send(request))
                .await
                .unwrap_or_else(|_| Err(TransportError::new(TransportErrorKind::Timeout)));
            let outcome = match sent {
                Ok(response) => {
                    let (parts, body) = Head::split(response, &settings.clock);
                    let answer = StreamingResponse {
                        parts,
                        body,
                        attempts: number,
                        limit: self.max_body,
                    };
                    finish(answer, deadline).await
                }
                Err(error) => Err(error.into()),
            };
            let (passing, retry_after) = match &outcome {
                Ok(answer) => {
                    let head = answer.head();
                    (
                        RetryPolicy::is_retryable_status(head.status),
                        head.retry_after,
                    )
                }
                Err(error) => (error.is_retryable(), None),
            };
            let attempt = Attempt {
                number,
                elapsed: began.elapsed(),
                never_sent: matches!(&outcome, Err(error) if error.is_connect()),
                idempotent: self.idempotent,
                retry_after,
            };
            tracing::debug!(
                remote = settings.base.authority(),
                method = %self.method,
                attempt = number,
                status = outcome.as_ref().ok().map(|answer| answer.head().status.as_u16()),
                error = outcome.as_ref().err().map(tracing::field::display),
                "call"
            );
            let wait = again.filter(|_| passing).and_then(|body| {
                Some((body, self.retry.next_wait(&attempt, (settings.random)())?))
            });
            match wait {
                Some((body, wait)) => {
                    sleep(wait).await;
                    self.body = body;
                    number += 1;
                }
                None => return outcome.map_err(|error| error.attempts_made(number)),
            }
        }
    }
}

/// A time limit beyond what the clock can express is as good as none.
fn saturating_deadline(now: Instant, timeout: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    now.checked_add(timeout).unwrap_or_else(|| now + FAR)
}

/// What both forms of an answer have.
trait Answer {
    fn head(&self) -> &Head;
}

impl Answer for Response {
    fn head(&self) -> &Head {
        &self.parts
    }
}

impl Answer for StreamingResponse {
    fn head(&self) -> &Head {
        &self.parts
    }
}

impl fmt::Debug for RequestBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Path and query may hold what identifies a customer.
        f.debug_struct("RequestBuilder")
            .field("remote", &self.client.0.base)
            .field("method", &self.method)
            .field("body", &self.body)
            .field("idempotent", &self.idempotent)
            .finish_non_exhaustive()
    }
}
