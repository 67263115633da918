use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::Epoch;

/// Limits and times of [`LiveEvents`](crate::LiveEvents).
///
/// # Examples
///
/// ```
/// use live_events::{LiveEvents, Options};
/// use std::time::Duration;
///
/// let live = LiveEvents::new(Options::default().ring(5_000).max_age(Duration::from_secs(60)));
/// assert_eq!(live.stats().readers, 0);
/// ```
#[derive(Clone)]
#[must_use]
pub struct Options {
    pub(crate) ring: usize,
    pub(crate) max_age: Duration,
    pub(crate) max_bytes: usize,
    pub(crate) keep_alive: Duration,
    pub(crate) retry: Duration,
    pub(crate) max_readers: usize,
    pub(crate) epoch: Epoch,
    pub(crate) clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

impl Default for Options {
    /// 1,000 events, 10 minutes and 8 MiB of replay, a sign of life every 25 s, 100,000 readers,
    /// the clock of the system, an epoch of its own.
    #[allow(
        clippy::disallowed_methods,
        reason = "the clock, unless another is given"
    )]
    fn default() -> Self {
        Self {
            ring: 1_000,
            max_age: Duration::from_secs(600),
            max_bytes: 8 * 1024 * 1024,
            keep_alive: Duration::from_secs(25),
            retry: Duration::from_millis(3_000),
            max_readers: 100_000,
            epoch: Epoch::random(),
            clock: Arc::new(Timestamp::now),
        }
    }
}

impl Options {
    /// Sets how many events are kept for replay, at least 1.
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{EventName, LiveEvents, Options, Topic};
    ///
    /// let live = LiveEvents::new(Options::default().ring(2));
    /// for _ in 0..3 {
    ///     live.publish(&Topic::new("a")?, &EventName::new("b")?, "{}");
    /// }
    /// assert_eq!(live.stats().kept, 2);
    /// # Ok::<(), live_events::Error>(())
    /// ```
    pub fn ring(mut self, events: usize) -> Self {
        self.ring = events.max(1);
        self
    }

    /// Sets how long an event is kept for replay; a second at least, so that readers can be given
    /// it at all.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = age.max(Duration::from_secs(1));
        self
    }

    /// Sets how many bytes of events are kept for replay; the newest event is kept whatever its
    /// size.
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{EventName, LiveEvents, Options, Topic};
    ///
    /// let live = LiveEvents::new(Options::default().max_bytes(1_000));
    /// for _ in 0..3 {
    ///     live.publish(&Topic::new("a")?, &EventName::new("b")?, &"x".repeat(400));
    /// }
    /// assert_eq!(live.stats().kept, 2);
    /// # Ok::<(), live_events::Error>(())
    /// ```
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Sets how often a reader who is sent nothing else is sent a sign of life.
    pub fn keep_alive(mut self, every: Duration) -> Self {
        self.keep_alive = every.max(Duration::from_millis(25));
        self
    }

    /// Sets how long a client waits before it comes back; up to two thirds are added at random,
    /// so that not all come back at once.
    pub fn retry(mut self, wait: Duration) -> Self {
        self.retry = wait;
        self
    }

    /// Sets how many readers there may be at once.
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{Error, LiveEvents, Options, Subscription, Topic};
    ///
    /// let live = LiveEvents::new(Options::default().max_readers(0));
    /// let asked = Subscription::unrestricted(Topic::new("dispatch")?);
    /// assert_eq!(live.subscribe(&asked).err(), Some(Error::Full));
    /// # Ok::<(), live_events::Error>(())
    /// ```
    pub fn max_readers(mut self, readers: usize) -> Self {
        self.max_readers = readers;
        self
    }

    /// Sets the epoch of the ids.
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{Epoch, LiveEvents, Options};
    ///
    /// let live = LiveEvents::new(Options::default().epoch(Epoch::new("k3v9")?));
    /// assert_eq!(live.last_id().epoch().as_str(), "k3v9");
    /// # Ok::<(), live_events::Error>(())
    /// ```
    pub fn epoch(mut self, epoch: Epoch) -> Self {
        self.epoch = epoch;
        self
    }

    /// Sets where the time comes from.
    ///
    /// # Examples
    ///
    /// ```
    /// use jiff::Timestamp;
    /// use live_events::{EventName, LiveEvents, Options, Topic};
    ///
    /// let live = LiveEvents::new(Options::default().clock(|| Timestamp::UNIX_EPOCH));
    /// let id = live.publish(&Topic::new("a")?, &EventName::new("b")?, "{}").id;
    /// assert!(id.to_string().ends_with(".0-1"));
    /// # Ok::<(), live_events::Error>(())
    /// ```
    pub fn clock(mut self, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(now);
        self
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("ring", &self.ring)
            .field("max_age", &self.max_age)
            .field("max_bytes", &self.max_bytes)
            .field("keep_alive", &self.keep_alive)
            .field("retry", &self.retry)
            .field("max_readers", &self.max_readers)
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}
