//! Changes under the optimistic lock, repeated as long as that is safe.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::Docs;
use super::send::random;
use super::write::{Body, typed};
use crate::{DocName, Error, Record};

/// How often a change is tried while others keep saving the same document.
const ATTEMPTS: u32 = 32;
/// When no further attempt begins.
const BUDGET: Duration = Duration::from_secs(30);
/// How often a call whose answer was lost is made again, the lock being untouched.
const AFTER_LOSS: u32 = 3;

/// What to do when an answer was lost and the document has been saved since: perhaps by the very
/// call whose answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AfterLoss {
    /// Tell.
    Tell,
    /// Do it again on what is there now; done twice it is the same.
    Again,
}

/// The wait before another attempt: longer each time, and never the same for two clients.
pub(super) fn back_off(attempt: u32) -> Duration {
    let ceiling = Duration::from_millis(10)
        .saturating_mul(1 << attempt.min(10))
        .min(Duration::from_secs(1));
    let share = u32::try_from(random() >> 32).unwrap_or(u32::MAX);
    ceiling.mul_f64(f64::from(share) / f64::from(u32::MAX))
}

impl<T: Record> Docs<T> {
    /// Saves fields if the document is still the one that was read.
    pub(super) async fn put_locked(
        &self,
        name: &DocName,
        modified: &str,
        mut body: Body,
    ) -> Result<Body, Error> {
        body.insert("modified".to_owned(), modified.into());
        let mut lost = None;
        for attempt in 0..=AFTER_LOSS {
            match (self.put(name, body.clone()).await, lost.take()) {
                (Ok(document), _) => return Ok(document),
                (Err(error), _) if error.may_have_been_carried_out() => {
                    sleep(back_off(attempt + 4)).await;
                    // Whatever keeps us from looking, the outcome stays unknown.
                    let untouched = match self.raw(name).await {
                        Ok(stored) => lock_of(&stored) == Some(modified),
                        Err(_) => false,
                    };
                    if !untouched {
                        return Err(error);
                    }
                    lost = Some(error);
                }
                // The call that was lost may have been the one that saved.
                (Err(error), Some(lost)) if error.is_timestamp_mismatch() => return Err(lost),
                (Err(error), _) => return Err(error),
            }
        }
        Err(lost.unwrap_or_else(|| Error::invalid("change", "was not sent")))
    }

    /// Reads, asks what to change, saves under the lock; from the beginning when somebody else
    /// was faster. Nothing to change: nothing sent.
    pub(super) async fn edit<E: From<Error>>(
        &self,
        name: &DocName,
        after_loss: AfterLoss,
        mut change: impl FnMut(&Body) -> Result<Body, E> + Send,
    ) -> Result<T, E> {
        let began = Instant::now();
        let mut attempt = 0;
        loop {
            let stored = self.raw(name).await?;
            let changes = change(&stored)?;
            if changes.is_empty() {
                return Ok(typed(stored)?);
            }
            self.check_fields(&changes).await?;
            let lock = lock_of(&stored).ok_or(Error::Decode {
                what: "a document",
                source: None,
            })?;
            let error = match self.put_locked(name, lock, changes).await {
                Ok(document) => return Ok(typed(document)?),
                Err(error) => error,
            };
            let again = error.is_timestamp_mismatch()
                || (error.may_have_been_carried_out() && after_loss == AfterLoss::Again);
            attempt += 1;
            if !again || attempt >= ATTEMPTS || began.elapsed() >= BUDGET {
                return Err(error.into());
            }
            tracing::debug!(attempt, "saved by another since it was read");
            sleep(back_off(attempt)).await;
        }
    }
}

/// The lock of a document that was read.
pub(super) fn lock_of(stored: &Body) -> Option<&str> {
    stored.get("modified").and_then(Value::as_str)
}
