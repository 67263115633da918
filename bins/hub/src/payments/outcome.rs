//! How an effect ended, as the hub says it.

use std::time::Duration;

use bytes::Bytes;
use effect_journal::OnceError;

use super::provider;
use crate::platform::error::{HubError, HubResult};

/// What was done, or why it is not known to be.
pub(super) fn settled(outcome: Result<Bytes, OnceError>) -> HubResult<Bytes> {
    outcome.map_err(|error| match error {
        OnceError::NotDone(cause) | OnceError::Refused(cause) => reason(cause.as_ref()),
        OnceError::NotLooked(_) | OnceError::Unsettled { .. } | OnceError::CannotTell => {
            let wait = Duration::from_secs(10);
            HubError::outcome_unknown()
                .retry_after(wait)
                .caused_by(&error)
        }
        OnceError::Busy { .. } => {
            HubError::state("in_progress").retry_after(Duration::from_secs(2))
        }
        OnceError::Journal(error) => error.into(),
        _ => HubError::internal(),
    })
}

/// The hub's own error that an effect was refused with, or Stripe's.
fn reason(cause: &(dyn std::error::Error + Send + Sync + 'static)) -> HubError {
    if let Some(Told(error)) = cause.downcast_ref::<Told>() {
        return error.clone();
    }
    match cause.downcast_ref::<stripe_lite::Error>() {
        Some(error) => provider::failed(error),
        None => HubError::upstream().because(cause),
    }
}

/// An error of the hub's as the cause of an effect that was refused.
#[derive(Debug)]
pub(super) struct Told(pub(super) HubError);

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.code())
    }
}

impl std::error::Error for Told {}
