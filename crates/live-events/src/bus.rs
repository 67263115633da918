use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

use crate::core::{Key, Step};
use crate::live::Shared;
use crate::{Ended, Error, EventId, EventName, LiveEvents, Topic};

/// An event as a bus hands it on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// Its id; rises strictly within an epoch.
    pub id: EventId,
    /// Where it was published.
    pub topic: Topic,
    /// What happened.
    pub name: EventName,
    /// The text that was published, in UTF-8.
    pub data: Bytes,
}

impl Event {
    /// Puts an event together: for those who implement a bus.
    #[must_use]
    pub fn new(id: EventId, topic: Topic, name: EventName, data: Bytes) -> Self {
        Self {
            id,
            topic,
            name,
            data,
        }
    }
}

/// Whether a follower gets all that followed the event it named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Replay {
    /// Everything since, then what comes.
    Exact,
    /// Something since may be gone: only what comes from now on.
    Reset,
}

/// A log of events that every process of a service publishes to and follows.
///
/// Every follower sees every event in the same order; topics are filtered by who follows. What a
/// bus must hold to is in `testing::conformance` (feature `testing`).
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use live_events::{EventBus, EventName, LiveEvents, Options, Topic};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), live_events::Error> {
/// let bus: Arc<dyn EventBus> = Arc::new(LiveEvents::new(Options::default()));
/// let mut followed = bus.subscribe(None).await?;
/// let id = bus.publish(&Topic::new("dispatch")?, &EventName::new("job.updated")?, "{}").await?;
/// let event = followed.events.next().await.expect("the stream is open");
/// assert_eq!(event.id, id);
/// # Ok(())
/// # }
/// ```
#[async_trait]
pub trait EventBus: fmt::Debug + Send + Sync + 'static {
    /// Appends an event.
    ///
    /// # Errors
    ///
    /// The bus cannot be reached; the event may or may not have been appended.
    async fn publish(&self, topic: &Topic, name: &EventName, data: &str) -> Result<EventId, Error>;

    /// Follows the log, after an event or from now on.
    ///
    /// # Errors
    ///
    /// The bus cannot be reached or takes no more followers.
    async fn subscribe(&self, from: Option<&EventId>) -> Result<Followed, Error>;
}

/// What [`EventBus::subscribe`] answers.
#[derive(Debug)]
#[non_exhaustive]
pub struct Followed {
    /// Whether nothing is missing.
    pub replay: Replay,
    /// The events.
    pub events: Box<dyn EventStream>,
}

impl Followed {
    /// Puts the answer together: for those who implement a bus.
    #[must_use]
    pub fn new(replay: Replay, events: Box<dyn EventStream>) -> Self {
        Self { replay, events }
    }
}

/// Events of a bus, in order.
#[async_trait]
pub trait EventStream: fmt::Debug + Send {
    /// The next event. `None` when the follower was too slow or the bus stops: who still wants
    /// to follow subscribes again after the last event it has seen.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost when the future is dropped.
    async fn next(&mut self) -> Option<Event>;
}

/// The bus of one process: the ring itself.
#[async_trait]
impl EventBus for LiveEvents {
    async fn publish(&self, topic: &Topic, name: &EventName, data: &str) -> Result<EventId, Error> {
        Ok(Self::publish(self, topic, name, data).id)
    }

    async fn subscribe(&self, from: Option<&EventId>) -> Result<Followed, Error> {
        let (replay, follower) = self.follow(from)?;
        Ok(Followed::new(replay, Box::new(follower)))
    }
}

impl LiveEvents {
    /// Follows all events, of whatever topic.
    ///
    /// # Errors
    ///
    /// [`Error::Draining`], [`Error::Full`].
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{EventName, LiveEvents, Options, Replay, Topic};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), live_events::Error> {
    /// let live = LiveEvents::new(Options::default());
    /// let before = live.last_id();
    /// live.publish(&Topic::new("dispatch")?, &EventName::new("job.updated")?, "{}");
    /// let (replay, mut events) = live.follow(Some(&before))?;
    /// assert_eq!(replay, Replay::Exact);
    /// let event = events.next().await.expect("the stream is open");
    /// assert_eq!(event.topic.as_str(), "dispatch");
    /// # Ok(())
    /// # }
    /// ```
    pub fn follow(&self, from: Option<&EventId>) -> Result<(Replay, Follower), Error> {
        let shared = self.shared();
        let now_ms = shared.now_ms();
        let (key, exact) = shared.lock().follow(from, now_ms)?;
        let follower = Follower {
            shared: shared.clone(),
            key,
            ended: None,
        };
        let replay = if exact { Replay::Exact } else { Replay::Reset };
        Ok((replay, follower))
    }
}

/// All events of one process, from [`LiveEvents::follow`]. Dropping it ends the subscription.
pub struct Follower {
    shared: Arc<Shared>,
    key: Key,
    ended: Option<Ended>,
}

impl Follower {
    /// The next event; `None` is the end, and [`ended`](Self::ended) tells why.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<Event> {
        std::future::poll_fn(|context| {
            let now_ms = self.shared.now_ms();
            let step = self
                .shared
                .lock()
                .poll_event(self.key, context.waker(), now_ms);
            match step {
                Step::Given((id, topic, name, data)) => {
                    std::task::Poll::Ready(Some(Event::new(id, topic, name, data)))
                }
                Step::Wait => std::task::Poll::Pending,
                Step::End(ended) => {
                    self.ended = Some(ended);
                    std::task::Poll::Ready(None)
                }
            }
        })
        .await
    }

    /// Why there are no more events, once that is so.
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{Ended, EventName, LiveEvents, Options, Topic};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), live_events::Error> {
    /// let live = LiveEvents::new(Options::default().ring(1));
    /// let (_, mut slow) = live.follow(None)?;
    /// for _ in 0..2 {
    ///     live.publish(&Topic::new("a")?, &EventName::new("b")?, "{}");
    /// }
    /// assert!(slow.next().await.is_none());
    /// assert_eq!(slow.ended(), Some(Ended::Slow));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn ended(&self) -> Option<Ended> {
        self.ended
    }
}

#[async_trait]
impl EventStream for Follower {
    async fn next(&mut self) -> Option<Event> {
        Self::next(self).await
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.shared.lock().unregister(self.key);
    }
}

impl fmt::Debug for Follower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follower").finish_non_exhaustive()
    }
}
