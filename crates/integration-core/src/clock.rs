use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

/// Where "now" comes from: the system, or a function that a test supplies.
///
/// # Examples
///
/// ```
/// use integration_core::Clock;
/// use std::time::{Duration, SystemTime};
///
/// let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(43_200);
/// assert_eq!(Clock::fixed(noon).now(), noon);
/// ```
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Clock {
    /// Reads the operating system's clock.
    #[must_use]
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place where the system clock is read"
    )]
    pub fn system() -> Self {
        Self(Arc::new(SystemTime::now))
    }

    /// Always answers the same instant.
    #[must_use]
    pub fn fixed(now: SystemTime) -> Self {
        Self(Arc::new(move || now))
    }

    /// Asks a function.
    pub fn from_fn(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The current instant.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        (self.0)()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
