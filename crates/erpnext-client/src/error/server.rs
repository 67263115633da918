//! What the site answered when it refused.

use std::fmt;
use std::time::Duration;

use super::ExcType;
use super::answer::Said;

/// A message of the site: of an error, or a warning beside a success.
///
/// `Debug` tells its length, not its words: they may quote a customer's data.
///
/// # Examples
/// ```
/// use erpnext_client::ServerError;
///
/// let answer = br#"{"exc_type": "ValidationError",
///     "_server_messages": "[\"{\\\"message\\\": \\\"No <b>stock</b>\\\", \\\"indicator\\\": \\\"red\\\", \\\"raise_exception\\\": 1}\"]"}"#;
/// let error = ServerError::from_answer(417, answer);
/// let [message] = error.messages() else { panic!("one message") };
/// assert_eq!((message.text(), message.indicator()), ("No stock", Some("red")));
/// assert!(message.is_raised());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ServerMessage {
    pub(super) text: Box<str>,
    pub(super) title: Option<Box<str>>,
    pub(super) indicator: Option<Box<str>>,
    pub(super) raised: bool,
}

impl ServerMessage {
    /// The message as plain text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its title, as plain text.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// Its colour: `red`, `orange`, `green`, …
    #[must_use]
    pub fn indicator(&self) -> Option<&str> {
        self.indicator.as_deref()
    }

    /// Whether the call failed for this.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.raised
    }
}

impl fmt::Debug for ServerMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerMessage")
            .field("text_bytes", &self.text.len())
            .field("indicator", &self.indicator)
            .field("raised", &self.raised)
            .finish_non_exhaustive()
    }
}

/// An answer other than success, of Frappe or of what stands before it.
///
/// # Examples
/// ```
/// use erpnext_client::{ExcType, ServerError};
///
/// let error = ServerError::from_answer(500, br#"{"exc_type": "OperationalError"}"#);
/// assert_eq!(error.exc_type(), Some(&ExcType::Operational));
/// assert!(error.is_frappe());
/// ```
#[derive(Clone)]
pub struct ServerError {
    status: u16,
    frappe: bool,
    said: Said,
    request_id: Option<Box<str>>,
    retry_after: Option<Duration>,
    body: Box<[u8]>,
}

impl ServerError {
    /// Longest part of a body that is kept, in bytes.
    pub const BODY_LIMIT: usize = 64 * 1024;

    /// Reads an answer: either envelope, with or without traceback, or no JSON at all. Never
    /// fails and never panics, whatever the bytes are.
    #[must_use]
    pub fn from_answer(status: u16, body: &[u8]) -> Self {
        let said = Said::read(body);
        let frappe = said.is_some();
        Self {
            status,
            frappe,
            said: said.unwrap_or_default(),
            request_id: None,
            retry_after: None,
            body: body.get(..Self::BODY_LIMIT).unwrap_or(body).into(),
        }
    }

    /// Adds the id under which the site logged the request.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<Box<str>>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// Adds how long the site asks to wait.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Whether Frappe itself answered (in JSON), rather than a proxy.
    #[must_use]
    pub fn is_frappe(&self) -> bool {
        self.frappe
    }

    /// The exception Frappe named.
    #[must_use]
    pub fn exc_type(&self) -> Option<&ExcType> {
        self.said.exc.as_ref()
    }

    /// The text for a person: the message that was raised, else the last one, else the exception.
    /// It may quote data of a customer.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.said.message.as_deref()
    }

    /// All messages of the answer.
    #[must_use]
    pub fn messages(&self) -> &[ServerMessage] {
        &self.said.messages
    }

    /// The id under which the site logged the request, where it has monitoring on.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// How long the site asks to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The body as it came, cut at [`BODY_LIMIT`](Self::BODY_LIMIT).
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Whether the session of the call has ended.
    #[must_use]
    pub fn is_session_expired(&self) -> bool {
        self.said.session_expired || matches!(self.exc_type(), Some(ExcType::SessionExpired))
    }

    /// A deadlock or a lock that was waited for too long: the whole transaction was taken back,
    /// so the same call may be made again, also a write.
    #[must_use]
    pub fn was_rolled_back(&self) -> bool {
        matches!(
            self.exc_type(),
            Some(ExcType::QueryDeadlock | ExcType::QueryTimeout)
        )
    }

    /// Status and exception, for `Display`.
    pub(super) fn summary(&self) -> String {
        match &self.said.exc {
            Some(exc) => format!("{} {exc}", self.status),
            None => self.status.to_string(),
        }
    }
}

impl fmt::Debug for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerError")
            .field("status", &self.status)
            .field("exc_type", &self.said.exc)
            .field("messages", &self.said.messages.len())
            .field("request_id", &self.request_id)
            .field("retry_after", &self.retry_after)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
