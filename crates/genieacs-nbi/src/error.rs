//! The one error of the crate.

#[cfg(feature = "client")]
use http::StatusCode;
#[cfg(feature = "client")]
use integration_core::ApiError;

/// What went wrong, as far as a caller can act on it.
///
/// Neither `Display` nor `Debug` holds a URL, a query, a body or a secret.
///
/// # Examples
/// ```
/// use genieacs_nbi::{DeviceId, Error};
///
/// let refused = DeviceId::new("");
/// assert!(matches!(refused, Err(Error::Invalid { what: "device id", .. })));
/// assert_eq!(refused.map_err(|e| e.to_string()), Err("the device id is empty".to_owned()));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Refused before anything was sent: the server would crash on it, or never run it.
    #[error("the {what} {reason}")]
    Invalid {
        /// What was refused: `query`, `task`, `device id`, …
        what: &'static str,
        /// Why.
        reason: &'static str,
    },
    /// There is no such thing, as the server says or as a look-up before the call has shown.
    #[error("no such {what}")]
    NotFound {
        /// `device`, `task`, `file`, …
        what: &'static str,
    },
    /// The device is in a session with the server, which then changes nothing about it. Try again
    /// after the session.
    #[error("the device is in session")]
    DeviceInSession,
    /// A connection request was not taken; the server's words.
    #[cfg(feature = "client")]
    #[error("the connection request failed: {reason}")]
    ConnectionRequest {
        /// `Device is offline`, `Connection request error: …`, …
        reason: Box<str>,
    },
    /// The server closed the connection before a byte of answer: a worker crashed, or is being
    /// restarted. A write may have been carried out.
    #[cfg(feature = "client")]
    #[error("the server closed the connection without an answer")]
    ServerAborted(#[source] integration_core::Error),
    /// A list broke off after its status 200: what came is not the whole.
    #[cfg(feature = "client")]
    #[error("the list broke off after {items} items")]
    TruncatedList {
        /// Whole items that had come.
        items: u64,
        /// The transport's view, when it noticed.
        #[source]
        source: Option<integration_core::Error>,
    },
    /// The answer is not what the interface promises.
    #[cfg(feature = "client")]
    #[error("the answer to {what} cannot be read")]
    Decode {
        /// What was asked.
        what: &'static str,
        /// Where reading stopped.
        #[source]
        source: Option<integration_core::DecodeError>,
    },
    /// Any other status.
    #[cfg(feature = "client")]
    #[error("the server answered {}", .0.status().as_u16())]
    Api(#[source] Box<ApiError>),
    /// No answer: no connection, no time, too large.
    #[cfg(feature = "client")]
    #[error("the call failed")]
    Transport(#[source] integration_core::Error),
}

impl Error {
    pub(crate) const fn invalid(what: &'static str, reason: &'static str) -> Self {
        Self::Invalid { what, reason }
    }

    /// Whether there is no such thing.
    ///
    /// # Examples
    /// ```
    /// assert!(!genieacs_nbi::DeviceId::new("").unwrap_err().is_not_found());
    /// ```
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        match self {
            Self::NotFound { .. } => true,
            #[cfg(feature = "client")]
            Self::Api(error) => error.status() == StatusCode::NOT_FOUND,
            _ => false,
        }
    }

    /// Whether the call was refused before anything was sent.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        matches!(self, Self::Invalid { .. })
    }
}

#[cfg(feature = "client")]
impl Error {
    /// The status of the answer, where there is one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Api(error) => Some(error.status()),
            Self::Transport(error) => error.status(),
            _ => None,
        }
    }

    /// Whether there was no answer in time. A write may have been carried out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Transport(error) if error.is_timeout())
    }

    /// Whether no connection came about: nothing was sent.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(self, Self::Transport(error) if error.is_connect())
    }

    /// Whether the same call may succeed later. Repeat a write only when it is one that may be
    /// carried out twice.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::DeviceInSession | Self::ServerAborted(_) | Self::TruncatedList { .. } => true,
            Self::Api(error) => error.is_retryable(),
            Self::Transport(error) => error.is_retryable(),
            _ => false,
        }
    }
}

#[cfg(feature = "client")]
impl From<integration_core::Error> for Error {
    fn from(error: integration_core::Error) -> Self {
        if matches!(error.kind(), integration_core::ErrorKind::Aborted) {
            return Self::ServerAborted(error);
        }
        match error.into_api() {
            Ok(api) => Self::Api(Box::new(api)),
            Err(error) => Self::Transport(error),
        }
    }
}
