//! How many calls are under way at a time.

use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::Error;

/// A site has few workers; more calls at a time than these only wait in its queue, where their
/// time limit runs.
#[derive(Debug)]
pub(super) struct Limit {
    slots: Semaphore,
    patience: Duration,
}

impl Limit {
    pub(super) fn new(slots: usize, patience: Duration) -> Self {
        Self {
            slots: Semaphore::new(slots.clamp(1, Semaphore::MAX_PERMITS)),
            patience,
        }
    }

    /// Whether another call leaves a slot free.
    pub(super) fn has_room(&self) -> bool {
        self.slots.available_permits() > 1
    }

    /// Waits for a free slot, not for ever.
    pub(super) async fn slot(&self) -> Result<SemaphorePermit<'_>, Error> {
        match timeout(self.patience, self.slots.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(Error::Busy),
        }
    }
}
