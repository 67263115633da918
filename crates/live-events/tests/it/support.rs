use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use bytes::Bytes;
use jiff::Timestamp;
use live_events::{Epoch, EventName, LiveEvents, Options, Reader, Subscription, Topic};

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub(crate) struct Clock(Arc<AtomicI64>);

impl Clock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(1_795_365_058_490)))
    }

    pub(crate) fn forward(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

pub(crate) fn options(clock: &Clock) -> Options {
    let clock = clock.clone();
    Options::default()
        .epoch(Epoch::new("e1").unwrap())
        .clock(move || clock.now())
}

pub(crate) fn live() -> (LiveEvents, Clock) {
    let clock = Clock::new();
    (LiveEvents::new(options(&clock)), clock)
}

pub(crate) fn topic(text: &str) -> Topic {
    Topic::new(text).unwrap()
}

pub(crate) fn all_of(topics: &str) -> Subscription {
    Subscription::unrestricted(topics.parse::<live_events::Topics>().unwrap())
}

/// Publishes, and answers the id.
pub(crate) fn say(live: &LiveEvents, to: &str, data: &str) -> String {
    let name = EventName::new("said").unwrap();
    live.publish(&topic(to), &name, data).id.to_string()
}

/// Counts how often it is woken.
#[derive(Default)]
pub(crate) struct Bell(AtomicUsize);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Bell {
    pub(crate) fn rings(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// A reader with a bell at it.
pub(crate) struct Client {
    pub(crate) reader: Reader,
    pub(crate) bell: Arc<Bell>,
}

impl Client {
    pub(crate) fn new(live: &LiveEvents, subscription: &Subscription) -> Self {
        Self {
            reader: live.subscribe(subscription).unwrap(),
            bell: Arc::default(),
        }
    }

    /// One poll.
    pub(crate) fn poll(&mut self) -> Poll<Option<Bytes>> {
        let waker = Waker::from(self.bell.clone());
        self.reader.poll_next(&mut Context::from_waker(&waker))
    }

    /// All there is now, as text; panics at the end of the stream.
    pub(crate) fn drain(&mut self) -> String {
        let mut text = String::new();
        while let Poll::Ready(bytes) = self.poll() {
            text.push_str(std::str::from_utf8(&bytes.unwrap()).unwrap());
        }
        text
    }

    /// The data of all events there are now.
    pub(crate) fn data(&mut self) -> Vec<String> {
        data_of(&self.drain())
    }
}

/// The data of the events in a text.
pub(crate) fn data_of(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(str::to_owned)
        .collect()
}
