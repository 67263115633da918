//! The one error of the crate.

use std::error::Error as StdError;
use std::fmt;

/// What went wrong, as far as a caller can act on it.
///
/// # Examples
/// ```
/// use effect_journal::{Error, ErrorKind};
///
/// let error = Error::new(ErrorKind::Full);
/// assert!(error.nothing_happened());
/// assert_eq!(error.to_string(), "the journal has no room");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Not done; the journal cannot be reached or is closing. Try again later.
    Unavailable,
    /// It may have been done or not; do it again: every call of a journal can be repeated.
    Unknown,
    /// Not done: the disk or the queue is full. Answer 503 and come back.
    Full,
    /// Not done: the lease or claim has passed to another. Discard what was worked out under it.
    Lost,
    /// There is no such item, or it is not in a state in which this can be done.
    NotFound,
    /// An argument breaks a rule.
    Invalid(&'static str),
    /// What is stored is damaged.
    Corrupt,
    /// Another process has the journal open.
    InUse,
}

/// A call of a journal that did not succeed. Holds no body and no header.
pub struct Error {
    kind: ErrorKind,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error without a cause.
    #[must_use]
    pub fn new(kind: ErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// An error with its cause.
    pub fn with_source(
        kind: ErrorKind,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self {
            kind,
            source: Some(source.into()),
        }
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whether the call has certainly changed nothing.
    #[must_use]
    pub fn nothing_happened(&self) -> bool {
        self.kind != ErrorKind::Unknown
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::Unavailable | ErrorKind::Unknown | ErrorKind::Full
        )
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            ErrorKind::Unavailable => "the journal is not available",
            ErrorKind::Unknown => "the journal did not say whether it was done",
            ErrorKind::Full => "the journal has no room",
            ErrorKind::Lost => "the lease has passed to another",
            ErrorKind::NotFound => "there is no such item in a state that allows this",
            ErrorKind::Invalid(rule) => rule,
            ErrorKind::Corrupt => "the journal is damaged",
            ErrorKind::InUse => "another process has the journal open",
        })
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind)
            .field("source", &self.source.as_ref().map(ToString::to_string))
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
