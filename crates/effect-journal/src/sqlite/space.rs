//! Room on the disk.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Bytes that are free, and bytes in all. None where the file system does not say.
type Disk = Box<dyn Fn() -> Option<(u64, u64)> + Send + Sync>;

/// Tells whether there is room for what comes in.
pub(super) struct Space {
    disk: Disk,
    reserve: u64,
    /// When it was looked at, and whether it was low.
    seen: Mutex<Option<(Instant, bool)>>,
}

impl Space {
    pub(super) fn new(folder: PathBuf, reserve: u64) -> Self {
        Self::of(
            Box::new(move || {
                let disk = rustix::fs::statvfs(&folder).ok()?;
                let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
                Some((bytes(disk.f_bavail), bytes(disk.f_blocks)))
            }),
            reserve,
        )
    }

    fn of(disk: Disk, reserve: u64) -> Self {
        Self {
            disk,
            reserve,
            seen: Mutex::new(None),
        }
    }

    /// Whether the reserve is touched; looked at once a second, by whoever asks. A file system
    /// that does not say is taken to have room: the write itself will tell.
    pub(super) fn is_low(&self) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // Not by the journal's clock, which may stand still.
        match *seen {
            Some((at, low)) if at.elapsed() < Duration::from_secs(1) => low,
            _ => {
                let low =
                    (self.disk)().is_some_and(|(free, all)| free < self.reserve.min(all / 20));
                *seen = Some((Instant::now(), low));
                low
            }
        }
    }
}

impl fmt::Debug for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Space")
            .field("reserve", &self.reserve)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn room_that_was_made_is_seen_without_a_write() {
        let free = Arc::new(AtomicU64::new(10));
        let disk = free.clone();
        let disk: Disk = Box::new(move || Some((disk.load(Ordering::SeqCst), 10_000)));
        let space = Space::of(disk, 100);
        assert!(space.is_low());
        free.store(200, Ordering::SeqCst);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert!(!space.is_low());
    }
}
