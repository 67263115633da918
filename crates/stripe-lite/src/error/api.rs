use std::fmt;
use std::time::Duration;

use crate::open_enum::open_enum;

open_enum! {
    /// The family of an error.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_lite::ErrorType;
    ///
    /// assert_eq!(ErrorType::from("card_error"), ErrorType::Card);
    /// assert_eq!(ErrorType::from("a_new_one").as_str(), "a_new_one");
    /// ```
    ErrorType {
        /// Something went wrong at Stripe.
        Api = "api_error",
        /// The card was refused.
        Card = "card_error",
        /// A key was used before with other parameters, or is in use.
        Idempotency = "idempotency_error",
        /// The call was wrong.
        InvalidRequest = "invalid_request_error",
    }
}

/// What Stripe answered when it refused. Every field may be missing.
///
/// Stripe's words are in [`message`](Self::message) alone.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiError {
    pub(super) status: u16,
    pub(super) kind: ErrorType,
    pub(super) code: Option<Box<str>>,
    pub(super) param: Option<Box<str>>,
    pub(super) message: Option<Box<str>>,
    pub(super) request_id: Option<Box<str>>,
    pub(super) retry_after: Option<Duration>,
    pub(super) should_retry: Option<bool>,
    pub(super) attempts: u32,
    /// An attempt before this answer may have been carried out.
    pub(super) uncertain: bool,
}

impl ApiError {
    /// HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The family.
    #[must_use]
    pub fn kind(&self) -> &ErrorType {
        &self.kind
    }

    /// Stripe's code: `resource_missing`, `parameter_unknown`, `lock_timeout`, …
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The parameter that is wrong: `line_items[0][price]`.
    #[must_use]
    pub fn param(&self) -> Option<&str> {
        self.param.as_deref()
    }

    /// Stripe's words. They may repeat what was sent: not for a log.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The id under which Stripe logged the call: `req_…`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// How long Stripe asked to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// What Stripe says of repeating the call, where it says anything (`Stripe-Should-Retry`).
    #[must_use]
    pub fn should_retry(&self) -> Option<bool> {
        self.should_retry
    }

    /// Number of attempts made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

/// `stripe answered 400 invalid_request_error parameter_missing (line_items) [req_1]`
impl ApiError {
    /// Whether the call may have been carried out all the same: by the attempt that failed, by one
    /// before it, or by another call under the same key.
    pub(super) fn may_have_been_carried_out(&self) -> bool {
        // Stripe answers these before it looks at the key; what has no type is not Stripe's answer.
        let early = matches!(self.status, 401 | 403 | 409 | 429) || self.kind.as_str().is_empty();
        self.status >= 500
            || (self.uncertain && early)
            || self.code() == Some("idempotency_key_in_use")
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stripe answered {}", self.status)?;
        if !self.kind.as_str().is_empty() {
            write!(f, " {}", self.kind)?;
        }
        if let Some(code) = &self.code {
            write!(f, " {code}")?;
        }
        if let Some(param) = &self.param {
            write!(f, " ({param})")?;
        }
        if let Some(id) = &self.request_id {
            write!(f, " [{id}]")?;
        }
        if self.attempts > 1 {
            write!(f, " (after {} attempts)", self.attempts)?;
        }
        Ok(())
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("status", &self.status)
            .field("type", &self.kind.as_str())
            .field("code", &self.code)
            .field("param", &self.param)
            .field("request_id", &self.request_id)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}
