//! Who is told what a journal does, for metrics.

use std::fmt;
use std::time::Duration;

use crate::{Accepted, ErrorKind};

/// Is told what a journal does, as it does it: for counters and histograms. What can be counted at
/// any time is in [`Stats`](crate::Stats).
///
/// Called on the way of every request and on the thread that writes: to be quick, and not to wait.
///
/// # Examples
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use effect_journal::{Accepted, Delivery, ErrorKind, Journal as _, Observer, SqliteJournal};
///
/// #[derive(Debug, Default)]
/// struct Duplicates(AtomicU64);
///
/// impl Observer for Duplicates {
///     fn accepted(&self, _source: &str, answer: Result<Accepted, ErrorKind>) {
///         if let Ok(Accepted::Duplicate { .. }) = answer {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
///
/// # tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
/// # let folder = tempfile::tempdir()?;
/// let duplicates = Arc::new(Duplicates::default());
/// let journal = SqliteJournal::builder(folder.path()).observer(duplicates.clone()).open().await?;
/// for _ in 0..3 {
///     journal.accept(Delivery::new("stripe", "evt_1", b"{}".to_vec())).await?;
/// }
/// assert_eq!(duplicates.0.load(Ordering::Relaxed), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
pub trait Observer: fmt::Debug + Send + Sync + 'static {
    /// A delivery was answered: kept, known, or refused with this kind of error.
    fn accepted(&self, source: &str, answer: Result<Accepted, ErrorKind>) {
        let _ = (source, answer);
    }

    /// So many writes shared a commit, which took so long with everything in it. `failed` when none
    /// of them is known to have happened.
    fn committed(&self, writes: usize, time: Duration, failed: bool) {
        let _ = (writes, time, failed);
    }
}
