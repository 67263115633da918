use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::core::{SHARES, State};
use crate::{Error, EventId, EventName, Options, Reader, Subscription, Topic};

/// Readers woken before others get their turn.
const WAKES: usize = 64;
/// Readers ended in one go while draining.
const ENDS: usize = 64;

/// Live events of one process: publishers on one side, readers on the other, a ring of the
/// newest events between them. Cheap to clone.
///
/// Publishing and subscribing are short and never wait. [`LiveEvents::run`] sends the signs of
/// life and wakes large audiences; let it run as long as there are readers.
///
/// # Examples
///
/// ```
/// use live_events::{EventName, LiveEvents, Options, Subscription, Topic};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), live_events::Error> {
/// let live = LiveEvents::new(Options::default());
/// let topic = Topic::new("customer:CUST-1")?;
/// let mut reader = live.subscribe(&Subscription::unrestricted(topic.clone()))?;
///
/// let published = live.publish(&topic, &EventName::new("invoice.paid")?, r#"{"invoice":"F-1"}"#);
/// assert_eq!(published.subscribers, 1);
///
/// let greeting = reader.next().await.expect("the stream is open");
/// assert!(greeting.starts_with(b": welcome\nretry: "));
/// let frame = reader.next().await.expect("the stream is open");
/// let expected = format!("id: {}\nevent: invoice.paid\ndata: {{\"invoice\":\"F-1\"}}\n\n", published.id);
/// assert_eq!(frame, expected);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct LiveEvents(Arc<Shared>);

pub(crate) struct Shared {
    state: Mutex<State>,
    options: Options,
    /// How many `run`s there are to wake large audiences.
    runners: AtomicUsize,
    more: Notify,
}

/// The answer to a publication.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Published {
    /// Id of the event.
    pub id: EventId,
    /// How many readers have the topic at this moment.
    pub subscribers: usize,
}

/// Figures of a [`LiveEvents`]; all but the first four count from the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Readers there are.
    pub readers: usize,
    /// Topics that have a reader or an event.
    pub topics: usize,
    /// Events that can be replayed.
    pub kept: usize,
    /// Bytes of these events.
    pub kept_bytes: usize,
    /// Events published.
    pub published: u64,
    /// Readers there have been.
    pub subscribed: u64,
    /// Readers that resumed without a gap.
    pub resumed: u64,
    /// Readers that were told to fetch everything again.
    pub reset: u64,
    /// Readers ended because they were too slow.
    pub slow: u64,
    /// Readers ended because their credential did.
    pub expired: u64,
    /// Writes given to readers, of one event or several.
    pub batches: u64,
}

impl LiveEvents {
    /// Makes an empty one.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self(Arc::new(Shared {
            state: Mutex::new(State::new(&options)),
            options,
            runners: AtomicUsize::new(0),
            more: Notify::new(),
        }))
    }

    /// Publishes an event: text of any number of lines, usually one JSON document.
    ///
    /// Never waits: readers are woken, not served. However many there are, a part of them at
    /// most is woken before this returns; [`run`](Self::run) wakes the others.
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{EventName, LiveEvents, Options, Topic};
    ///
    /// let live = LiveEvents::new(Options::default());
    /// let (topic, name) = (Topic::new("dispatch")?, EventName::new("job.updated")?);
    /// let first = live.publish(&topic, &name, "{}");
    /// let second = live.publish(&topic, &name, "{}");
    /// assert!(first.id < second.id);
    /// assert_eq!(second.subscribers, 0);
    /// # Ok::<(), live_events::Error>(())
    /// ```
    #[allow(clippy::must_use_candidate, reason = "to publish is to have done it")]
    pub fn publish(&self, topic: &Topic, name: &EventName, data: &str) -> Published {
        let now_ms = self.0.now_ms();
        let (id, subscribers) = self.0.lock().publish(topic, name, data, now_ms);
        self.wake();
        Published { id, subscribers }
    }

    /// Registers a reader: it gets what it missed since the event it names, then what comes,
    /// without a gap and without a repetition.
    ///
    /// # Errors
    ///
    /// [`Error::Draining`], [`Error::Full`].
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{EventName, LiveEvents, Options, Subscription, Topic};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), live_events::Error> {
    /// let live = LiveEvents::new(Options::default());
    /// let topic = Topic::new("dispatch")?;
    /// let rendered = live.last_id().to_string();
    /// live.publish(&topic, &EventName::new("job.updated")?, "{}");
    /// // The page that was rendered before the event connects after it.
    /// let asked = Subscription::unrestricted(topic).resume(Some(&rendered));
    /// let mut reader = live.subscribe(&asked)?;
    /// reader.next().await;
    /// let missed = reader.next().await.expect("the stream is open");
    /// assert!(missed.ends_with(b"event: job.updated\ndata: {}\n\n"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn subscribe(&self, subscription: &Subscription) -> Result<Reader, Error> {
        let now_ms = self.0.now_ms();
        let (key, greeting) = self.0.lock().subscribe(subscription, now_ms)?;
        Ok(Reader::new(self.0.clone(), key, greeting))
    }

    /// Id of the newest event: what a page that is made now has seen, and resumes after.
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{Epoch, LiveEvents, Options};
    ///
    /// let live = LiveEvents::new(Options::default().epoch(Epoch::new("k3v9")?));
    /// assert_eq!(live.last_id().to_string(), "k3v9.0-0");
    /// # Ok::<(), live_events::Error>(())
    /// ```
    #[must_use]
    pub fn last_id(&self) -> EventId {
        self.0.lock().last_id()
    }

    /// How many readers have a topic.
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{LiveEvents, Options, Subscription, Topic};
    ///
    /// let live = LiveEvents::new(Options::default());
    /// let topic = Topic::new("dispatch")?;
    /// let reader = live.subscribe(&Subscription::unrestricted(topic.clone()))?;
    /// assert_eq!(live.subscribers(&topic), 1);
    /// drop(reader);
    /// assert_eq!(live.subscribers(&topic), 0);
    /// # Ok::<(), live_events::Error>(())
    /// ```
    #[must_use]
    pub fn subscribers(&self, topic: &Topic) -> usize {
        self.0.lock().subscribers(topic)
    }

    /// Figures for metrics.
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{LiveEvents, Options};
    ///
    /// assert_eq!(LiveEvents::new(Options::default()).stats().published, 0);
    /// ```
    #[must_use]
    pub fn stats(&self) -> Stats {
        let state = self.0.lock();
        let (kept, kept_bytes) = state.ring_size();
        let counts = state.counts;
        Stats {
            readers: state.readers(),
            topics: state.topic_count(),
            kept,
            kept_bytes,
            published: counts.published,
            subscribed: counts.subscribed,
            resumed: counts.resumed,
            reset: counts.reset,
            slow: counts.slow,
            expired: counts.expired,
            batches: counts.batches,
        }
    }

    /// Sends signs of life, ends what has expired or is too slow, and wakes large audiences,
    /// until told to stop.
    ///
    /// # Cancel safety
    ///
    /// Dropping it at any moment leaves nobody asleep who has an event waiting.
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{LiveEvents, Options};
    /// use tokio_util::sync::CancellationToken;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let live = LiveEvents::new(Options::default());
    /// let stop = CancellationToken::new();
    /// let running = tokio::spawn({
    ///     let (live, stop) = (live.clone(), stop.clone());
    ///     async move { live.run(stop).await }
    /// });
    /// stop.cancel();
    /// running.await.expect("it does not panic");
    /// # }
    /// ```
    pub async fn run(&self, stop: CancellationToken) {
        let _running = Running::new(&self.0);
        let mut tick = interval(self.0.options.keep_alive / SHARES);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tick.reset();
        let mut more = false;
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                _ = tick.tick() => self.tick(),
                // Who was woken runs, and new events come in, before the next are woken.
                () = tokio::task::yield_now(), if more => {}
                () = self.0.more.notified(), if !more => {}
            }
            more = self.0.wake_some();
        }
    }

    /// What [`run`](Self::run) does 25 times in a keep-alive period, for who runs it by hand.
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{LiveEvents, Options, Subscription, Topic};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), live_events::Error> {
    /// let live = LiveEvents::new(Options::default());
    /// let mut reader = live.subscribe(&Subscription::unrestricted(Topic::new("a")?))?;
    /// reader.next().await;
    /// for _ in 0..25 {
    ///     live.tick();
    /// }
    /// assert_eq!(reader.next().await.expect("the stream is open"), ": ping\n\n");
    /// # Ok(())
    /// # }
    /// ```
    pub fn tick(&self) {
        let now_ms = self.0.now_ms();
        self.0.lock().tick(now_ms);
        self.wake();
    }

    /// Takes no more readers, and ends those there are, spread over a time; a hundred a second
    /// at least, so that few do not take long.
    ///
    /// # Cancel safety
    ///
    /// Dropping it leaves the readers that were not ended yet.
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{Error, LiveEvents, Options, Subscription, Topic};
    /// use std::time::Duration;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// let live = LiveEvents::new(Options::default());
    /// let asked = Subscription::unrestricted(Topic::new("a")?);
    /// let mut reader = live.subscribe(&asked)?;
    /// reader.next().await;
    /// live.drain(Duration::from_secs(10)).await;
    /// assert!(reader.next().await.is_none());
    /// assert_eq!(live.subscribe(&asked).err(), Some(Error::Draining));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn drain(&self, window: Duration) {
        const STEP: Duration = Duration::from_millis(20);
        let readers = {
            let mut state = self.0.lock();
            state.draining = true;
            state.readers()
        };
        let steps = usize::try_from(window.as_millis() / STEP.as_millis()).unwrap_or(usize::MAX);
        let a_step = readers.div_ceil(steps.max(1)).max(2);
        let mut index = 0;
        loop {
            for _ in 0..a_step.div_ceil(ENDS) {
                index = self.0.lock().end_some(index, a_step.min(ENDS));
                self.wake();
            }
            if index >= self.0.lock().numbers() {
                return;
            }
            tokio::time::sleep(STEP).await;
        }
    }

    fn wake(&self) {
        if self.0.wake_some() {
            if self.0.runners.load(Ordering::SeqCst) > 0 {
                self.0.more.notify_one();
            }
            // Asked again: the last runner may have gone in between.
            if self.0.runners.load(Ordering::SeqCst) == 0 {
                self.0.wake_all();
            }
        }
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.0
    }
}

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        // A state is whole between any two statements that can panic: nothing foreign runs
        // under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.options.clock)()
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.now().as_millisecond()
    }

    /// Wakes the next readers; answers whether there are more.
    fn wake_some(&self) -> bool {
        let (wakers, more) = {
            let mut state = self.lock();
            let wakers = state.take_wakers(WAKES);
            (wakers, state.has_queue())
        };
        for waker in wakers {
            waker.wake();
        }
        more
    }

    fn wake_all(&self) {
        while self.wake_some() {}
    }
}

/// Says that somebody wakes large audiences; leaves none asleep when it goes.
struct Running<'a>(&'a Shared);

impl<'a> Running<'a> {
    fn new(shared: &'a Shared) -> Self {
        shared.runners.fetch_add(1, Ordering::SeqCst);
        Self(shared)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.runners.fetch_sub(1, Ordering::SeqCst);
        self.0.wake_all();
    }
}

impl fmt::Debug for LiveEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveEvents")
            .field("options", &self.0.options)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}
