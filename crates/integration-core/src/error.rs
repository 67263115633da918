use std::error::Error as StdError;
use std::fmt;

use bytes::Bytes;
use http::StatusCode;

use crate::transport::{TransportError, TransportErrorKind};
use crate::{ApiError, Invalid};

/// What went wrong with a call, as far as the caller can act on it.
///
/// `Debug` gives the length of a body, never the body.
///
/// # Examples
///
/// ```
/// use http::StatusCode;
/// use integration_core::{ApiError, Error, ErrorKind};
///
/// let error = Error::from(ApiError::new(StatusCode::CONFLICT, "taken".into()));
/// let said = match error.kind() {
///     ErrorKind::Api(refusal) => refusal.body().as_ref(),
///     ErrorKind::Decode { body, .. } => body.as_ref(),
///     _ => b"",
/// };
/// assert_eq!(said, b"taken");
/// assert!(!format!("{:?}", error.kind()).contains("taken"));
/// ```
#[non_exhaustive]
pub enum ErrorKind {
    /// The request could not be built: an argument or a setting is wrong.
    Invalid(Invalid),
    /// No connection: nothing was sent, so any call may be repeated.
    Connect,
    /// No answer in time: a write may have been carried out.
    Timeout,
    /// The connection was closed before any answer: a write may have been carried out.
    Aborted,
    /// The answer broke off.
    Truncated,
    /// The answer is longer than the limit of the client.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The answer is not what the remote's documentation promises. The source of the error
    /// is a [`DecodeError`](crate::DecodeError): the place, without the text.
    Decode {
        /// Status of the answer.
        status: StatusCode,
        /// The answer, cut at [`ApiError::BODY_LIMIT`].
        body: Bytes,
    },
    /// The remote answered that it will not.
    Api(ApiError),
}

/// A call that did not succeed, after how many attempts, with its cause.
///
/// Neither `Display` nor `Debug` holds an address, a header or a body, and neither do its
/// sources. What a client crate takes out of an answer as the remote's own message
/// ([`ApiError::with_message`]) is shown.
///
/// # Examples
///
/// ```
/// use http::{Method, StatusCode};
/// use integration_core::{ApiError, ApiPath, Error, HttpClient};
///
/// let error = Error::from(ApiError::new(StatusCode::NOT_FOUND, "nothing".into()));
/// assert!(error.is_not_found() && !error.is_retryable());
///
/// let client = HttpClient::builder("http://127.0.0.1").build()?;
/// let refused = client.request(Method::GET, ApiPath::new("x")).header(http::header::ACCEPT, "\n").build();
/// assert_eq!(refused.unwrap_err().attempts(), 0);
/// # Ok::<(), Error>(())
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    attempts: u32,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            attempts: 0,
            source: None,
        }))
    }

    pub(crate) fn with_source(
        kind: ErrorKind,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self(Box::new(Inner {
            kind,
            attempts: 0,
            source: Some(source.into()),
        }))
    }

    pub(crate) fn attempts_made(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Number of attempts made; 0 when the call was refused before the first.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Takes the answer of the remote out, where there is one.
    ///
    /// # Errors
    ///
    /// The error itself when it is of another kind.
    pub fn into_api(self) -> Result<ApiError, Self> {
        match self.0.kind {
            ErrorKind::Api(error) => Ok(error),
            kind => Err(Self(Box::new(Inner { kind, ..*self.0 }))),
        }
    }

    /// Status of the answer, where there is one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match &self.0.kind {
            ErrorKind::Api(error) => Some(error.status()),
            ErrorKind::Decode { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Tells whether the remote did not answer in time.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Timeout)
    }

    /// Tells whether nothing was sent.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Connect)
    }

    /// Tells whether the remote said 404.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Tells whether the same call may succeed later. Whether it may be *repeated* is
    /// another question: see [`is_connect`](Self::is_connect).
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match &self.0.kind {
            ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Aborted | ErrorKind::Truncated => {
                true
            }
            ErrorKind::Api(error) => error.is_retryable(),
            ErrorKind::Invalid(_) | ErrorKind::TooLarge { .. } | ErrorKind::Decode { .. } => false,
        }
    }
}

impl fmt::Debug for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(invalid) => f.debug_tuple("Invalid").field(invalid).finish(),
            Self::Connect => f.write_str("Connect"),
            Self::Timeout => f.write_str("Timeout"),
            Self::Aborted => f.write_str("Aborted"),
            Self::Truncated => f.write_str("Truncated"),
            Self::TooLarge { limit } => f.debug_struct("TooLarge").field("limit", limit).finish(),
            Self::Decode { status, body } => f
                .debug_struct("Decode")
                .field("status", &status.as_u16())
                .field("body_bytes", &body.len())
                .finish(),
            Self::Api(error) => f.debug_tuple("Api").field(error).finish(),
        }
    }
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        Self::new(ErrorKind::Invalid(invalid))
    }
}

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        Self::new(ErrorKind::Api(error)).attempts_made(1)
    }
}

impl From<TransportError> for Error {
    fn from(error: TransportError) -> Self {
        let kind = match error.kind() {
            TransportErrorKind::Connect => ErrorKind::Connect,
            TransportErrorKind::Timeout => ErrorKind::Timeout,
            TransportErrorKind::Aborted => ErrorKind::Aborted,
            TransportErrorKind::Body => ErrorKind::Truncated,
            TransportErrorKind::Request => {
                ErrorKind::Invalid(Invalid::new("the request cannot be sent"))
            }
        };
        match error.into_source() {
            Some(source) => Self::with_source(kind, source),
            None => Self::new(kind),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            ErrorKind::Invalid(invalid) => write!(f, "{invalid}")?,
            ErrorKind::Connect => f.write_str("no connection to the remote")?,
            ErrorKind::Timeout => f.write_str("the remote did not answer in time")?,
            ErrorKind::Aborted => {
                f.write_str("the remote closed the connection without an answer")?;
            }
            ErrorKind::Truncated => f.write_str("the answer broke off")?,
            ErrorKind::TooLarge { limit } => write!(f, "the answer is longer than {limit} bytes")?,
            ErrorKind::Decode { status, .. } => {
                write!(f, "the answer ({}) cannot be read", status.as_u16())?;
            }
            ErrorKind::Api(error) => write!(f, "{error}")?,
        }
        if self.0.attempts > 1 {
            write!(f, " (after {} attempts)", self.0.attempts)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("attempts", &self.0.attempts)
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source as &(dyn StdError + 'static))
    }
}
