use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::FromRequest;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::verifier::refused;
use crate::{Error, Event, HEADER, UnixTime, Verifier};

/// The largest body that is read unless a [`Receiver`] says otherwise: 1 MiB. Stripe's own
/// events stay far below.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

/// What the extractors need from the state of a server.
///
/// # Examples
///
/// ```
/// use stripe_webhooks::{Receiver, UnixTime, Verifier};
///
/// #[derive(Clone)]
/// struct Shop {
///     stripe: Option<Verifier>,
/// }
///
/// impl Receiver for Shop {
///     fn verifier(&self) -> Option<&Verifier> {
///         self.stripe.as_ref()
///     }
///
///     fn now(&self) -> UnixTime {
/// #       let my_clock = || 1_763_827_200;
///         my_clock().into()
///     }
/// }
/// ```
pub trait Receiver: Send + Sync {
    /// The verifier; without one every request is answered 503.
    fn verifier(&self) -> Option<&Verifier>;

    /// The time that signatures are judged by.
    fn now(&self) -> UnixTime;

    /// The most bytes of a body that are read.
    fn body_limit(&self) -> usize {
        MAX_BODY_BYTES
    }
}

impl<T: Receiver + ?Sized> Receiver for Arc<T> {
    fn verifier(&self) -> Option<&Verifier> {
        (**self).verifier()
    }

    fn now(&self) -> UnixTime {
        (**self).now()
    }

    fn body_limit(&self) -> usize {
        (**self).body_limit()
    }
}

/// The raw body of a request whose signature is right, whatever is in it.
///
/// # Examples
///
/// ```
/// use stripe_webhooks::{Receiver, VerifiedBody};
///
/// async fn keep(VerifiedBody(body): VerifiedBody) -> String {
///     format!("{} bytes are Stripe's", body.len())
/// }
///
/// fn app<S: Receiver + Clone + 'static>(state: S) -> axum::Router {
///     axum::Router::new()
///         .route("/webhook/stripe", axum::routing::post(keep))
///         .with_state(state)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct VerifiedBody(
    /// The bytes, as they came.
    pub Bytes,
);

/// The event of a request whose signature is right, and the raw body it was read from.
///
/// Take a `Result<VerifiedEvent, Rejection>` to answer otherwise than [`Rejection`] does.
///
/// # Examples
///
/// ```
/// use stripe_webhooks::{Receiver, VerifiedEvent};
///
/// async fn keep(VerifiedEvent { event, body }: VerifiedEvent) -> &'static str {
///     // Store `body` under `event.id`, then answer at once.
///     # let _ = (event, body);
///     r#"{"received":true}"#
/// }
///
/// fn app<S: Receiver + Clone + 'static>(state: S) -> axum::Router {
///     axum::Router::new()
///         .route("/webhook/stripe", axum::routing::post(keep))
///         .with_state(state)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct VerifiedEvent {
    /// What happened.
    pub event: Event,
    /// The bytes it was read from, as they came.
    pub body: Bytes,
}

impl<S: Receiver> FromRequest<S> for VerifiedBody {
    type Rejection = Rejection;

    async fn from_request(request: Request<Body>, state: &S) -> Result<Self, Rejection> {
        let verifier = state.verifier().ok_or(Reason::NotConfigured)?;
        let (parts, body) = request.into_parts();
        let body = read(&parts.headers, body, state.body_limit()).await?;
        let header = signature(&parts.headers);
        let _verified = verifier
            .verify(&body, header.as_deref(), state.now())
            .map_err(|error| match error {
                Error::Signature(error) => refused(error, &body),
                other => other,
            })?;
        Ok(Self(body))
    }
}

impl<S: Receiver> FromRequest<S> for VerifiedEvent {
    type Rejection = Rejection;

    async fn from_request(request: Request<Body>, state: &S) -> Result<Self, Rejection> {
        let VerifiedBody(body) = VerifiedBody::from_request(request, state).await?;
        let verifier = state.verifier().ok_or(Reason::NotConfigured)?;
        let event = verifier.parse(&body)?;
        Ok(Self { event, body })
    }
}

/// The body, unless it is too long; one that announces too much is not read at all.
async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Reason> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<u64>().ok());
    if announced.is_some_and(|length| length > u64::try_from(limit).unwrap_or(u64::MAX)) {
        return Err(Reason::TooLarge { limit });
    }
    match Limited::new(body, limit).collect().await {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Reason::TooLarge { limit }),
        Err(_) => Err(Reason::Interrupted),
    }
}

/// The header's value; several lines of it are one list, as HTTP has it.
fn signature(headers: &HeaderMap) -> Option<Cow<'_, [u8]>> {
    let mut lines = headers
        .get_all(HEADER)
        .iter()
        .map(http::HeaderValue::as_bytes);
    let first = lines.next()?;
    Some(lines.fold(Cow::Borrowed(first), |whole, line| {
        Cow::Owned([&whole, line].join(&b','))
    }))
}

/// Why an extractor gives nothing. As a response it has a status and no word of detail.
///
/// | status | when |
/// |---|---|
/// | 200 | a notification without its object, or an event of the other mode: signed, and nothing to do |
/// | 400 | the signature, the body or its JSON is bad, or the connection broke |
/// | 413 | the body is too long |
/// | 503 | there is no verifier |
///
/// # Examples
///
/// ```
/// use axum::response::IntoResponse as _;
/// use stripe_webhooks::{Rejection, VerifiedEvent};
///
/// async fn keep(event: Result<VerifiedEvent, Rejection>) -> axum::response::Response {
///     match event {
///         Ok(VerifiedEvent { event, .. }) => event.id.to_string().into_response(),
///         Err(rejection) => {
///             eprintln!("a webhook was refused: {}", rejection.code());
///             rejection.into_response()
///         }
///     }
/// }
/// # let _ = keep;
/// ```
#[derive(Debug)]
pub struct Rejection(Reason);

#[derive(Debug)]
enum Reason {
    NotConfigured,
    TooLarge { limit: usize },
    Interrupted,
    Event(Error),
}

impl Rejection {
    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match &self.0 {
            Reason::NotConfigured => StatusCode::SERVICE_UNAVAILABLE,
            Reason::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Reason::Event(Error::Thin(_) | Error::WrongMode { .. }) => StatusCode::OK,
            Reason::Interrupted | Reason::Event(_) => StatusCode::BAD_REQUEST,
        }
    }

    /// A stable name for counters and logs: `not_configured`, `too_large`, `interrupted`, or
    /// that of the [`Error`].
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.0 {
            Reason::NotConfigured => "not_configured",
            Reason::TooLarge { .. } => "too_large",
            Reason::Interrupted => "interrupted",
            Reason::Event(error) => error.code(),
        }
    }

    /// What is wrong with the event, where the body could be read.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match &self.0 {
            Reason::Event(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Reason> for Rejection {
    fn from(reason: Reason) -> Self {
        Self(reason)
    }
}

impl From<Error> for Rejection {
    fn from(error: Error) -> Self {
        Self(Reason::Event(error))
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Reason::NotConfigured => f.write_str("there is no verifier"),
            Reason::TooLarge { limit } => write!(f, "the body is longer than {limit} bytes"),
            Reason::Interrupted => f.write_str("the body broke off"),
            Reason::Event(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Rejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Reason::Event(error) => error.source(),
            _ => None,
        }
    }
}

/// The status alone.
impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        self.status().into_response()
    }
}
