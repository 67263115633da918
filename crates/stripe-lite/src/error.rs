//! The one error of the crate.

mod api;
mod card;
#[cfg(feature = "client")]
mod parse;

pub use api::{ApiError, ErrorType};
pub use card::{Advice, CardError};
#[cfg(feature = "client")]
pub(crate) use parse::refusal;
#[cfg(feature = "testing")]
pub(crate) use parse::{Around, from_parts};

use std::time::Duration;

/// What went wrong, as far as a caller can act on it.
///
/// Neither `Display` nor `Debug` holds a key, an address, a parameter or a body: Stripe's own
/// message, which may repeat what was sent, is kept apart ([`message`](Self::message)).
///
/// | variant | was it carried out? | what to do |
/// |---|---|---|
/// | `Invalid` | no, nothing was sent | mend the call |
/// | `Card` | no: the bank said no | see [`CardError::advice`]; a new attempt needs a new key |
/// | `Api` | no, unless its status is 5xx | mend the call |
/// | `Busy` | no, unless an attempt before it was lost, or another call with its key is under way | the same call, with the same key, later |
/// | `Transport` | no, nothing arrived | the same call, with the same key, later |
/// | `Lost` | perhaps | the same call, with the same key, later |
/// | `Decode` | yes, by its status | look it up |
/// | `Incomplete` | no: only lists | do not take what came for all there is |
///
/// # Examples
///
/// ```
/// use stripe_lite::{Error, IdempotencyKey};
///
/// let refused = IdempotencyKey::new("").unwrap_err();
/// assert!(matches!(refused, Error::Invalid { .. }));
/// assert_eq!(refused.to_string(), "the idempotency key is empty");
/// assert!(!refused.is_retryable() && !refused.may_have_been_carried_out());
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A value breaks a rule; nothing was sent.
    #[error("the {what} {reason}")]
    Invalid {
        /// What was refused: `amount`, `metadata`, `idempotency key`, …
        what: &'static str,
        /// Why.
        reason: &'static str,
    },
    /// The bank or Stripe refused the card (402). The call itself was right.
    #[error("{0}")]
    Card(Box<CardError>),
    /// Stripe refused the call, or failed at it (5xx).
    #[error("{0}")]
    Api(Box<ApiError>),
    /// Stripe has no time for it now: a call with the same key is under way, an object is
    /// locked, or there were too many calls (409, 429).
    #[error("stripe is busy: {0}")]
    Busy(Box<ApiError>),
    /// No answer came, or half of one: it may have been carried out. Repeating it with the same
    /// key is safe and tells.
    #[cfg(feature = "client")]
    #[error("the answer was lost")]
    Lost(#[source] integration_core::Error),
    /// No connection: nothing was sent.
    #[cfg(feature = "client")]
    #[error("stripe cannot be reached")]
    Transport(#[source] integration_core::Error),
    /// The answer is a success that cannot be read.
    #[cfg(feature = "client")]
    #[error("the answer cannot be read{}", request_id.as_deref().map(|id| format!(" [{id}]")).unwrap_or_default())]
    Decode {
        /// The id under which Stripe logged the call.
        request_id: Option<Box<str>>,
        /// The place where it stops making sense, without its text.
        #[source]
        source: integration_core::Error,
    },
    /// A list says that there is more and gives nothing to go on from: what came so far is not all
    /// of it.
    #[cfg(feature = "client")]
    #[error("the list does not go on where it says it does")]
    Incomplete,
}

impl Error {
    /// The answer of Stripe, where there is one that is not about a card.
    #[must_use]
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) | Self::Busy(error) => Some(error),
            _ => None,
        }
    }

    /// The refusal of a card.
    #[must_use]
    pub fn card(&self) -> Option<&CardError> {
        match self {
            Self::Card(error) => Some(error),
            _ => None,
        }
    }

    /// HTTP status of the answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Card(error) => Some(error.status()),
            Self::Api(error) | Self::Busy(error) => Some(error.status()),
            _ => None,
        }
    }

    /// Stripe's code: `card_declined`, `resource_missing`, `rate_limit`, …
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Card(error) => error.code(),
            Self::Api(error) | Self::Busy(error) => error.code(),
            _ => None,
        }
    }

    /// Stripe's words. They may repeat what was sent: not for a log.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Card(error) => error.message(),
            Self::Api(error) | Self::Busy(error) => error.message(),
            _ => None,
        }
    }

    /// The id under which Stripe logged the call (`req_…`): what its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Card(error) => error.request_id(),
            Self::Api(error) | Self::Busy(error) => error.request_id(),
            #[cfg(feature = "client")]
            Self::Decode { request_id, .. } => request_id.as_deref(),
            _ => None,
        }
    }

    /// How long Stripe asked to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.api().and_then(ApiError::retry_after)
    }

    /// Tells whether the card was refused, for whatever reason.
    #[must_use]
    pub fn is_card_declined(&self) -> bool {
        matches!(self, Self::Card(_))
    }

    /// Why the bank refused: `insufficient_funds`, `lost_card`, …
    #[must_use]
    pub fn decline_code(&self) -> Option<&str> {
        self.card()?.decline_code()
    }

    /// Tells whether the customer has to take part: send a link to a Checkout page.
    #[must_use]
    pub fn authentication_required(&self) -> bool {
        self.card().is_some_and(CardError::authentication_required)
    }

    /// Tells whether the key was used before with other parameters: a mistake of the caller,
    /// which no repetition mends.
    #[must_use]
    pub fn is_idempotency_conflict(&self) -> bool {
        matches!(self, Self::Api(error) if *error.kind() == ErrorType::Idempotency)
    }

    /// Tells whether there is no such object (404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// Tells whether the key was refused (401) or may not do this (403).
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        matches!(self.status(), Some(401 | 403))
    }

    /// Tells whether the remote may have done it all the same: in the attempt that failed, or in one
    /// before it whose answer was lost.
    #[must_use]
    pub fn may_have_been_carried_out(&self) -> bool {
        match self {
            Self::Api(error) | Self::Busy(error) => error.may_have_been_carried_out(),
            #[cfg(feature = "client")]
            Self::Lost(_) | Self::Decode { .. } => true,
            _ => false,
        }
    }

    /// Tells whether the same call, with the same key, may succeed later. A refused card is not:
    /// its repetition is answered with the same refusal.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Busy(error) => error.should_retry() != Some(false),
            Self::Api(error) => error.should_retry().unwrap_or(error.status() >= 500),
            #[cfg(feature = "client")]
            Self::Lost(_) | Self::Transport(_) => true,
            _ => false,
        }
    }
}
