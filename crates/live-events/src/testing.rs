//! The suite that every [`EventBus`] must pass.
//!
//! A backend hands [`conformance`] a [`Harness`]; each promise is one public function, so that a
//! failure names what is broken. They panic where one is.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::{Epoch, Event, EventBus, EventId, EventName, EventStream, Replay, Topic};

/// How long anything may take before it counts as never.
const NEVER: Duration = Duration::from_secs(30);

/// A backend under test.
#[async_trait]
pub trait Harness: Send + Sync {
    /// A bus without events, that nobody else uses.
    async fn bus(&self) -> Arc<dyn EventBus>;

    /// After how many more events the oldest one is certainly gone; 100 at least.
    fn keeps(&self) -> usize;
}

/// Everything a bus promises.
///
/// # Panics
///
/// A promise is broken.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use live_events::testing::{Harness, conformance};
/// use live_events::{EventBus, LiveEvents, Options};
///
/// struct InProcess;
///
/// #[async_trait::async_trait]
/// impl Harness for InProcess {
///     async fn bus(&self) -> Arc<dyn EventBus> {
///         Arc::new(LiveEvents::new(Options::default().ring(self.keeps())))
///     }
///
///     fn keeps(&self) -> usize {
///         100
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// conformance(&InProcess).await;
/// # }
/// ```
pub async fn conformance(harness: &dyn Harness) {
    events_arrive_as_they_were_published(harness).await;
    every_id_resumes_with_exactly_what_followed(harness).await;
    what_cannot_be_resumed_is_reset(harness).await;
    joining_while_others_publish_loses_nothing(harness).await;
    a_slow_follower_delays_nobody(harness).await;
    waiting_can_be_given_up(harness).await;
}

fn topic(text: &str) -> Topic {
    Topic::new(text).expect("a topic")
}

fn name() -> EventName {
    EventName::new("said").expect("a name")
}

async fn say(bus: &dyn EventBus, data: &str) -> EventId {
    let (topic, name) = (topic("t"), name());
    let publishing = bus.publish(&topic, &name, data);
    let published = tokio::time::timeout(NEVER, publishing).await;
    published
        .expect("publishing waits for nobody")
        .expect("the bus takes an event")
}

async fn next(events: &mut dyn EventStream) -> Option<Event> {
    tokio::time::timeout(NEVER, events.next())
        .await
        .expect("an event that was published arrives")
}

async fn from(bus: &dyn EventBus, id: Option<&EventId>) -> (Replay, Box<dyn EventStream>) {
    let followed = bus.subscribe(id).await.expect("the bus takes a follower");
    (followed.replay, followed.events)
}

/// Topic, name and text arrive unchanged, in order, with ids that strictly rise.
///
/// # Panics
///
/// They do not.
pub async fn events_arrive_as_they_were_published(harness: &dyn Harness) {
    let bus = harness.bus().await;
    let (replay, mut events) = from(&*bus, None).await;
    assert_eq!(replay, Replay::Exact, "who asks for no past misses none");
    let long = "é".repeat(20_000);
    let texts = [
        "{}",
        "",
        "a\nb",
        "a\r\nb\r",
        "\u{0}",
        "Île «à» 🙂",
        " : ",
        &long,
    ];
    let mut last: Option<EventId> = None;
    for (number, text) in texts.into_iter().enumerate() {
        let to = topic(&format!("customer:Côté {number}"));
        let id = bus
            .publish(&to, &name(), text)
            .await
            .expect("the bus takes an event");
        let event = next(&mut *events).await.expect("the stream goes on");
        assert_eq!((&event.id, &event.topic), (&id, &to));
        assert_eq!((event.name, &*event.data), (name(), text.as_bytes()));
        assert!(last.is_none_or(|last| last < id), "ids rise");
        last = Some(id);
    }
}

/// Resuming after any id that is still known gives what followed, all of it, once.
///
/// # Panics
///
/// It does not.
pub async fn every_id_resumes_with_exactly_what_followed(harness: &dyn Harness) {
    let bus = harness.bus().await;
    let mut ids = Vec::new();
    for number in 0..50 {
        ids.push(say(&*bus, &number.to_string()).await);
    }
    for (at, id) in ids.iter().enumerate() {
        let (replay, mut events) = from(&*bus, Some(id)).await;
        assert_eq!(replay, Replay::Exact);
        for expected in ids.get(at + 1..).unwrap_or_default() {
            let event = next(&mut *events).await.expect("the stream goes on");
            assert_eq!(event.id, *expected);
        }
    }
    let (_, mut events) = from(&*bus, ids.last()).await;
    let id = say(&*bus, "live").await;
    let event = next(&mut *events).await.expect("the stream goes on");
    assert_eq!(event.id, id);
}

/// An id that is gone, of another epoch, or not given yet: reset, then what comes.
///
/// # Panics
///
/// It is not.
pub async fn what_cannot_be_resumed_is_reset(harness: &dyn Harness) {
    let bus = harness.bus().await;
    let first = say(&*bus, "first").await;
    for _ in 0..=harness.keeps() {
        say(&*bus, "more").await;
    }
    let last = say(&*bus, "last").await;
    let (milliseconds, number) = last.position();
    let elsewhere = Epoch::random();
    let epoch = last.epoch().clone();
    for id in [
        first,
        EventId::from_parts(elsewhere, last.position()),
        EventId::from_parts(epoch.clone(), (milliseconds, number + 1_000_000)),
        EventId::from_parts(epoch.clone(), (milliseconds + 3_600_000, 0)),
        EventId::from_parts(epoch, (u64::MAX, u64::MAX)),
    ] {
        let (replay, mut events) = from(&*bus, Some(&id)).await;
        assert_eq!(replay, Replay::Reset, "after {id}");
        let new = say(&*bus, "new").await;
        let event = next(&mut *events).await.expect("the stream goes on");
        assert_eq!(event.id, new, "nothing old after a reset");
    }
}

/// Followers come, go and come back while others publish, ten thousand times; each sees every
/// event once.
///
/// # Panics
///
/// One does not.
pub async fn joining_while_others_publish_loses_nothing(harness: &dyn Harness) {
    const ROUNDS: u64 = 250;
    const FOLLOWERS: u64 = 4;
    const EVENTS: usize = 40;

    for round in 0..ROUNDS {
        let bus = harness.bus().await;
        let start = say(&*bus, "0").await;
        let followers: Vec<_> = (0..FOLLOWERS)
            .map(|follower| {
                let (bus, start) = (bus.clone(), start.clone());
                let dice = Dice(round * FOLLOWERS + follower + 1);
                tokio::spawn(async move { come_and_go(&*bus, start, dice, EVENTS).await })
            })
            .collect();
        let mut dice = Dice(u64::MAX - round);
        for number in 1..=EVENTS {
            say(&*bus, &number.to_string()).await;
            for _ in 0..dice.below(3) {
                tokio::task::yield_now().await;
            }
        }
        for follower in followers {
            follower.await.expect("a follower sees every event once");
        }
    }
}

/// Reads a few events, leaves, comes back after the last of them, until all have been seen.
async fn come_and_go(bus: &dyn EventBus, mut last: EventId, mut dice: Dice, events: usize) {
    let mut seen = 0;
    while seen < events {
        let (replay, mut stream) = from(bus, Some(&last)).await;
        assert_eq!(replay, Replay::Exact);
        for _ in 0..dice.below(8) {
            if seen == events {
                break;
            }
            let event = next(&mut *stream).await.expect("the stream goes on");
            seen += 1;
            assert_eq!(*event.data, *seen.to_string().into_bytes());
            last = event.id;
        }
        for _ in 0..dice.below(3) {
            tokio::task::yield_now().await;
        }
    }
}

/// A follower that does not read is given up; neither publishers nor other followers wait.
///
/// # Panics
///
/// They do.
pub async fn a_slow_follower_delays_nobody(harness: &dyn Harness) {
    let bus = harness.bus().await;
    let (_, mut slow) = from(&*bus, None).await;
    let (_, mut quick) = from(&*bus, None).await;
    for number in 0..harness.keeps() * 2 {
        let id = say(&*bus, &number.to_string()).await;
        let event = next(&mut *quick).await.expect("the stream goes on");
        assert_eq!(event.id, id);
    }
    // Whatever it is still given is without a gap, and then it ends.
    let mut last = None;
    while let Some(event) = next(&mut *slow).await {
        let text = std::str::from_utf8(&event.data).expect("text");
        let number: usize = text.parse().expect("a number");
        assert_eq!(number, last.map_or(0, |last: usize| last + 1), "a gap");
        last = Some(number);
        if number + 1 == harness.keeps() * 2 {
            return;
        }
    }
}

/// Giving up on the next event loses none.
///
/// # Panics
///
/// One is lost.
pub async fn waiting_can_be_given_up(harness: &dyn Harness) {
    let bus = harness.bus().await;
    let (_, mut events) = from(&*bus, None).await;
    for number in 0..50 {
        let given_up = tokio::time::timeout(Duration::ZERO, events.next()).await;
        assert!(given_up.is_err(), "there is no event yet");
        let id = say(&*bus, &number.to_string()).await;
        let event = next(&mut *events).await.expect("the stream goes on");
        assert_eq!(event.id, id);
    }
}

/// Numbers that look thrown, and are the same every time (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
