//! One payment of an invoice at a time.
//!
//! ERPNext books several payments of one invoice that are submitted at the same moment, each for
//! the whole of it. Within this process each waits for its turn; the turn of one whose answer was
//! lost lasts until ERPNext has come to an end with it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::{Instant, timeout};

/// From so many on, those nobody waits for are cleared away.
const MANY: usize = 512;

/// When a turn is over whose holder has gone.
type Until = Option<Instant>;

/// Turns by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Locks(Arc<Mutex<HashMap<String, Arc<tokio::sync::Mutex<Until>>>>>);

/// A turn, until it is dropped.
#[derive(Debug)]
pub(super) struct Turn(OwnedMutexGuard<Until>);

impl Locks {
    /// Waits for a turn, so long at most.
    pub(super) async fn turn(&self, name: &str, patience: Duration) -> Option<Turn> {
        let slot = {
            let mut slots = self.slots();
            if slots.len() >= MANY {
                slots.retain(|_, slot| !is_idle(slot));
            }
            slots.entry(name.to_owned()).or_default().clone()
        };
        let until = Instant::now() + patience;
        let mut held = timeout(patience, slot.lock_owned()).await.ok()?;
        if let Some(over) = *held {
            if over > until {
                return None;
            }
            tokio::time::sleep_until(over).await;
            *held = None;
        }
        Some(Turn(held))
    }

    fn slots(&self) -> MutexGuard<'_, HashMap<String, Arc<tokio::sync::Mutex<Until>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether nobody has it, waits for it, or must be waited for. Asked under the lock of the map,
/// under which alone it is handed out.
fn is_idle(slot: &Arc<tokio::sync::Mutex<Until>>) -> bool {
    Arc::strong_count(slot) == 1
        && slot
            .try_lock()
            .is_ok_and(|until| until.is_none_or(|over| over <= Instant::now()))
}

impl Turn {
    /// Lets nobody else have it for so long.
    pub(super) fn hold(mut self, time: Duration) {
        *self.0 = Some(Instant::now() + time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(50);

    #[tokio::test(start_paused = true)]
    async fn one_at_a_time_and_not_before_the_lost_one_is_over() {
        let locks = Locks::default();
        let first = locks.turn("SINV-1", SOON).await.unwrap();
        assert!(locks.turn("SINV-1", SOON).await.is_none());
        assert!(
            locks.turn("SINV-2", SOON).await.is_some(),
            "another invoice"
        );
        first.hold(Duration::from_secs(20));
        assert!(
            locks.turn("SINV-1", SOON).await.is_none(),
            "may yet be booked"
        );
        tokio::time::advance(Duration::from_secs(21)).await;
        assert!(locks.turn("SINV-1", SOON).await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn what_nobody_needs_is_cleared_away() {
        let locks = Locks::default();
        let kept = locks.turn("kept", SOON).await;
        for number in 0..5 * MANY {
            drop(locks.turn(&number.to_string(), SOON).await);
        }
        assert!(locks.slots().len() <= MANY);
        assert!(locks.turn("kept", SOON).await.is_none());
        drop(kept);
    }
}
