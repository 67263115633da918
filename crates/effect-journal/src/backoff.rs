//! How long to wait before the next attempt.

use std::time::Duration;

/// Exponential back-off with full jitter: a random time between nothing and base·2ⁿ, capped.
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use effect_journal::Backoff;
///
/// let backoff = Backoff::default();
/// assert_eq!(backoff.wait(1, u64::MAX), Duration::from_secs(1));
/// assert_eq!(backoff.wait(4, u64::MAX), Duration::from_secs(8));
/// assert_eq!(backoff.wait(60, u64::MAX), Duration::from_secs(3600));
/// assert!(backoff.wait(4, u64::MAX / 2) < Duration::from_secs(5));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    base: Duration,
    cap: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new(Duration::from_secs(1), Duration::from_secs(3600))
    }
}

impl Backoff {
    /// From `base` after the first attempt, doubled with each, up to `cap`.
    #[must_use]
    pub fn new(base: Duration, cap: Duration) -> Self {
        Self { base, cap }
    }

    /// The wait after attempt number `attempt`, counted from 1; `random` is any 64 bits.
    #[must_use]
    pub fn wait(&self, attempt: u32, random: u64) -> Duration {
        let doublings = attempt.saturating_sub(1).min(31);
        let longest = self.base.saturating_mul(1_u32 << doublings).min(self.cap);
        let millis = u128::min(longest.as_millis(), u128::from(u64::MAX));
        // The upper 64 bits of a product: as uniform as the bits are.
        let share = (millis + 1).saturating_mul(u128::from(random)) >> 64;
        Duration::from_millis(u64::try_from(share).unwrap_or(u64::MAX))
    }
}
