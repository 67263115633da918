use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

/// What a remote system answered when it refused: kept whole, shown sparingly.
///
/// `Display` gives the status and the remote's own message; `Debug` gives the length of the
/// body, never the body, since remotes echo what they were sent.
///
/// # Examples
///
/// ```
/// use http::StatusCode;
/// use integration_core::ApiError;
///
/// let error = ApiError::new(StatusCode::NOT_FOUND, "No such device".into())
///     .with_message("No such device");
/// assert_eq!(error.to_string(), "the remote answered 404: No such device");
/// assert!(!error.is_retryable());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ApiError {
    status: StatusCode,
    code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    body: Bytes,
}

impl ApiError {
    /// Longest part of a body that is kept, in bytes.
    pub const BODY_LIMIT: usize = 64 * 1024;

    /// An answer of a status with its body, of which [`Self::BODY_LIMIT`] bytes are kept.
    #[must_use]
    pub fn new(status: StatusCode, mut body: Bytes) -> Self {
        body.truncate(Self::BODY_LIMIT);
        Self {
            status,
            code: None,
            message: None,
            request_id: None,
            retry_after: None,
            body,
        }
    }

    /// Sets the remote's own error code (`resource_missing`, `21610`, `DoesNotExistError`).
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Sets the remote's own message.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Sets the id under which the remote logged the request.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// Sets how long the remote asked to wait.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// HTTP status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The remote's own error code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The remote's own message.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The id under which the remote logged the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// How long the remote asked to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The body as it came, cut at [`Self::BODY_LIMIT`].
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Tells whether the same call may succeed later (408, 425, 429, 502, 503, 504).
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        crate::RetryPolicy::is_retryable_status(self.status)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the remote answered {}", self.status.as_u16())?;
        if let Some(code) = &self.code {
            write!(f, " {code}")?;
        }
        match &self.message {
            Some(message) => write!(f, ": {message}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("status", &self.status.as_u16())
            .field("code", &self.code)
            .field("message", &self.message)
            .field("request_id", &self.request_id)
            .field("retry_after", &self.retry_after)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

impl std::error::Error for ApiError {}
