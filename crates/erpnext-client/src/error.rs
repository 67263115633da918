//! The one error of the crate.

mod answer;
mod decode;
mod exc_type;
mod server;
mod text;

use std::borrow::Cow;

#[cfg(feature = "client")]
pub(crate) use answer::messages_of;
pub use decode::DecodeError;
pub use exc_type::ExcType;
pub use server::{ServerError, ServerMessage};

/// What went wrong, as far as a caller can act on it.
///
/// Neither `Display` nor `Debug` holds a URL, a query, a body, a name of a document, a secret, or
/// the words of the site: those may quote a customer's data, and are there for who asks for
/// [`message`](Self::message).
///
/// # Examples
/// ```
/// use erpnext_client::{Error, ExcType, ServerError};
///
/// let answer = br#"{"exc_type": "MandatoryError", "_error_message": "Phone is <b>missing</b>"}"#;
/// let error = Error::from(ServerError::from_answer(417, answer));
/// assert_eq!(error.to_string(), "the site answered 417 MandatoryError");
/// assert_eq!(error.message(), Some("Phone is missing"));
/// assert_eq!(error.exc_type(), Some(&ExcType::Mandatory));
/// assert!(!error.is_retryable());
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Refused before anything was sent.
    #[error("the {what} {reason}")]
    Invalid {
        /// What was refused: `document name`, `query`, `patch`, …
        what: &'static str,
        /// Why.
        reason: Cow<'static, str>,
    },
    /// Refused before anything was sent: the doctype has no such field, and Frappe would ignore
    /// it without a word.
    #[error("the doctype {doctype} has no field {field}{}", meant(closest.as_deref()))]
    UnknownField {
        /// The doctype.
        doctype: Box<str>,
        /// The field.
        field: Box<str>,
        /// The field of the doctype that is called almost the same.
        closest: Option<Box<str>>,
    },
    /// Frappe answered that it will not.
    #[error("the site answered {}", .0.summary())]
    Server(Box<ServerError>),
    /// An answer that is not Frappe's: a page of HTML from a proxy, of a site that does not
    /// exist, or for a request that was too long.
    #[error("the answer ({}) is not one of the REST API", .0.status())]
    Unexpected(Box<ServerError>),
    /// The answer is not what Frappe promises.
    #[error("the answer to {what} cannot be read")]
    Decode {
        /// What was asked.
        what: &'static str,
        /// Where reading stopped.
        #[source]
        source: Option<DecodeError>,
    },
    /// A write whose outcome is not known: it may have been carried out. Look before doing it
    /// again.
    #[error("the answer to a write was lost")]
    Lost(#[source] Box<Error>),
    /// Nothing was sent: as many calls as are allowed at a time were under way for too long.
    #[cfg(feature = "client")]
    #[error("too many calls are under way")]
    Busy,
    /// No answer: no connection, no time, too large.
    #[cfg(feature = "client")]
    #[error("the call failed")]
    Transport(#[source] integration_core::Error),
}

/// The end of a sentence about a field that is not known.
fn meant(closest: Option<&str>) -> String {
    closest.map_or_else(String::new, |closest| format!("; {closest} was meant?"))
}

impl Error {
    pub(crate) fn invalid(what: &'static str, reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Invalid {
            what,
            reason: reason.into(),
        }
    }

    /// What the site answered, where it answered an error.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Error, ServerError};
    ///
    /// let error = Error::from(ServerError::from_answer(502, b"<html>Bad Gateway</html>"));
    /// assert!(matches!(error, Error::Unexpected(_)));
    /// assert_eq!(error.server().and_then(|answer| answer.exc_type()), None);
    /// ```
    #[must_use]
    pub fn server(&self) -> Option<&ServerError> {
        match self {
            Self::Server(answer) | Self::Unexpected(answer) => Some(answer),
            Self::Lost(inner) => inner.server(),
            _ => None,
        }
    }

    /// HTTP status of the answer, where there was one.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Error, ServerError};
    ///
    /// assert_eq!(Error::from(ServerError::from_answer(413, b"<html>")).status(), Some(413));
    /// ```
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.server().map(ServerError::status)
    }

    /// The exception Frappe named.
    #[must_use]
    pub fn exc_type(&self) -> Option<&ExcType> {
        self.server().and_then(ServerError::exc_type)
    }

    /// What the site said, as plain text. It may quote data of a customer.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.server().and_then(ServerError::message)
    }

    /// No such document (or doctype, or route), as Frappe itself says: a proxy's 404 is not this.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Error, ServerError};
    ///
    /// let frappe = ServerError::from_answer(404, br#"{"exc_type": "DoesNotExistError"}"#);
    /// assert!(Error::from(frappe).is_not_found());
    /// let no_such_site = ServerError::from_answer(404, b"<html>erp.example.ca does not exist</html>");
    /// assert!(!Error::from(no_such_site).is_not_found());
    /// ```
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(
            self.exc_type(),
            Some(ExcType::DoesNotExist | ExcType::PageDoesNotExist)
        )
    }

    /// The name, or the value of a unique field, is taken.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Error, ServerError};
    ///
    /// let name = ServerError::from_answer(409, br#"{"exc_type": "DuplicateEntryError"}"#);
    /// let field = ServerError::from_answer(417, br#"{"exc_type": "UniqueValidationError"}"#);
    /// assert!(Error::from(name).is_duplicate() && Error::from(field).is_duplicate());
    /// ```
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        matches!(
            self.exc_type(),
            Some(ExcType::DuplicateEntry | ExcType::UniqueValidation)
        )
    }

    /// The document was saved by someone else since it was read.
    #[must_use]
    pub fn is_timestamp_mismatch(&self) -> bool {
        self.exc_type() == Some(&ExcType::TimestampMismatch)
    }

    /// The user may not do this.
    #[must_use]
    pub fn is_permission(&self) -> bool {
        matches!(self.exc_type(), Some(ExcType::Permission))
            || matches!(self, Self::Server(answer) if answer.status() == 403)
    }

    /// The credentials are not, or no longer, valid.
    #[must_use]
    pub fn is_authentication(&self) -> bool {
        matches!(
            self.exc_type(),
            Some(ExcType::Authentication | ExcType::SessionExpired | ExcType::InvalidKey)
        ) || matches!(self.server(), Some(answer) if answer.is_session_expired())
            || self.status() == Some(401)
    }

    /// The same call may succeed later. Of a write ask
    /// [`may_have_been_carried_out`](Self::may_have_been_carried_out) first.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Error, ServerError};
    ///
    /// let maintenance = ServerError::from_answer(503, br#"{"exc_type": "SessionStopped"}"#);
    /// assert!(Error::from(maintenance).is_retryable());
    /// let deadlock = ServerError::from_answer(500, br#"{"exc_type": "QueryDeadlockError"}"#);
    /// assert!(Error::from(deadlock).is_retryable());
    /// ```
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Server(answer) | Self::Unexpected(answer) => {
                answer.was_rolled_back() || matches!(answer.status(), 429 | 502 | 503 | 504)
            }
            Self::Lost(inner) => inner.is_retryable(),
            #[cfg(feature = "client")]
            Self::Busy => true,
            #[cfg(feature = "client")]
            Self::Transport(error) => error.is_retryable(),
            Self::Invalid { .. } | Self::UnknownField { .. } | Self::Decode { .. } => false,
        }
    }

    /// A write of which nobody knows whether the site carried it out: its answer was lost on the
    /// way, cannot be read, or came from a proxy that had given up waiting. False for every
    /// answer of Frappe itself, which takes back what it refuses.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Error, ServerError};
    ///
    /// let gone = Error::from(ServerError::from_answer(504, b"<html>Gateway Time-out</html>"));
    /// assert!(!gone.may_have_been_carried_out(), "a read");
    /// assert!(Error::Lost(Box::new(gone)).may_have_been_carried_out());
    /// ```
    #[must_use]
    pub fn may_have_been_carried_out(&self) -> bool {
        matches!(self, Self::Lost(_))
    }
}

impl From<ServerError> for Error {
    fn from(answer: ServerError) -> Self {
        if answer.is_frappe() {
            Self::Server(Box::new(answer))
        } else {
            Self::Unexpected(Box::new(answer))
        }
    }
}

#[cfg(feature = "client")]
impl From<integration_core::Error> for Error {
    fn from(error: integration_core::Error) -> Self {
        Self::Transport(error)
    }
}

impl From<integration_core::Invalid> for Error {
    fn from(error: integration_core::Invalid) -> Self {
        Self::invalid("request", format!("breaks a rule: {error}"))
    }
}
