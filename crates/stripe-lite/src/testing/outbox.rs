//! Events on their way out: what is sent, how often, in which order.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::random::Random;

/// How many deliveries are remembered.
const KEPT: usize = 100_000;

/// How webhooks are sent. By default: each event once, in order, at once, and tried again for
/// about a minute.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use stripe_lite::testing::Delivery;
///
/// let rough = Delivery::default()
///     .duplicates(1..=4)
///     .shuffle(true)
///     .delay(Duration::from_millis(5))
///     .back_off(Duration::from_millis(10), Duration::from_millis(200))
///     .attempts(50);
/// # let _ = rough;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Delivery {
    pub(super) duplicates: RangeInclusive<usize>,
    pub(super) shuffle: bool,
    pub(super) delay: Duration,
    pub(super) first_wait: Duration,
    pub(super) longest_wait: Duration,
    pub(super) attempts: u32,
    pub(super) at_once: usize,
    pub(super) timeout: Duration,
}

impl Default for Delivery {
    fn default() -> Self {
        Self {
            duplicates: 1..=1,
            shuffle: false,
            delay: Duration::ZERO,
            first_wait: Duration::from_millis(100),
            longest_wait: Duration::from_secs(5),
            attempts: 20,
            at_once: 8,
            timeout: Duration::from_secs(10),
        }
    }
}

impl Delivery {
    /// Sets how often each event is sent: a number of this range, drawn for each.
    pub fn duplicates(mut self, times: RangeInclusive<usize>) -> Self {
        self.duplicates = times;
        self
    }

    /// Sets whether the next delivery is drawn among all that wait.
    pub fn shuffle(mut self, shuffle: bool) -> Self {
        self.shuffle = shuffle;
        self
    }

    /// Sets how long after the event a delivery waits.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sets the wait after a first failure, which doubles each time, and the longest one.
    pub fn back_off(mut self, first: Duration, longest: Duration) -> Self {
        self.first_wait = first;
        self.longest_wait = longest;
        self
    }

    /// Sets how often a delivery is tried.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Sets how many deliveries are on their way together. With 1 they arrive in the order of
    /// sending.
    pub fn at_once(mut self, deliveries: usize) -> Self {
        self.at_once = deliveries.max(1);
        self
    }

    /// Sets how long an answer may take.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

/// Where webhooks go.
///
/// # Examples
///
/// While a secret is rolled, each delivery has a signature for the old and one for the new:
///
/// ```
/// use stripe_lite::testing::WebhookEndpoint;
///
/// let endpoint = WebhookEndpoint::new("http://127.0.0.1:3000/webhook/stripe", "whsec_new")
///     .secret("whsec_old")
///     .kinds(["payment_intent.succeeded", "charge.*"]);
/// assert!(!format!("{endpoint:?}").contains("whsec"));
/// ```
#[derive(Clone)]
#[must_use]
pub struct WebhookEndpoint {
    pub(super) url: String,
    pub(super) secrets: Vec<String>,
    kinds: Vec<String>,
}

impl WebhookEndpoint {
    /// An address that is told of everything, with the secret that signs.
    pub fn new(url: impl Into<String>, secret: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            secrets: vec![secret.into()],
            kinds: Vec::new(),
        }
    }

    /// Adds a second secret: each delivery then carries a signature of both.
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.secrets.push(secret.into());
        self
    }

    /// Only these kinds of events; `*` at the end stands for any.
    pub fn kinds(mut self, kinds: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.kinds.extend(kinds.into_iter().map(Into::into));
        self
    }

    fn wants(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|wanted| matches(wanted, kind))
    }
}

impl fmt::Debug for WebhookEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookEndpoint")
            .field("url", &self.url)
            .field("secrets", &self.secrets.len())
            .field("kinds", &self.kinds)
            .finish()
    }
}

/// Whether a kind is the one wanted, or one of `charge.*`.
pub(super) fn matches(wanted: &str, kind: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(prefix) => kind.starts_with(prefix),
        None => wanted == kind,
    }
}

/// What became of one delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeliveryState {
    /// It waits, or is on its way.
    Pending,
    /// It was answered 2xx.
    Delivered,
    /// It was tried as often as is set.
    GaveUp,
}

/// One delivery of one event to one endpoint, with all its attempts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeliveryRecord {
    /// Id of the event.
    pub event_id: String,
    /// Kind of the event.
    pub kind: String,
    /// Where it goes.
    pub url: String,
    /// The status of each attempt; nothing where no answer came.
    pub statuses: Vec<Option<u16>>,
    /// What became of it.
    pub state: DeliveryState,
}

/// A delivery that waits for its time.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) record: u64,
    pub(super) endpoint: WebhookEndpoint,
    pub(super) body: Bytes,
    pub(super) attempt: u32,
    due: Instant,
}

/// Everything that is to be sent, and what was.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    pub(super) endpoints: Vec<WebhookEndpoint>,
    pub(super) delivery: Delivery,
    pub(super) random: Random,
    pub(super) paused: bool,
    waiting: VecDeque<Job>,
    records: BTreeMap<u64, DeliveryRecord>,
    next: u64,
    pending: usize,
    /// Rung whenever there is something to look at.
    pub(super) bell: Arc<Notify>,
}

/// What the sender shall do.
#[derive(Debug)]
pub(super) enum Next {
    Send(Box<Job>),
    WaitUntil(Instant),
    Wait,
}

impl Outbox {
    /// How many endpoints want to know.
    pub(super) fn interested(&self, kind: &str) -> usize {
        self.endpoints.iter().filter(|e| e.wants(kind)).count()
    }

    /// Queues the deliveries of an event.
    pub(super) fn announce(&mut self, event: &Value) {
        let kind = event["type"].as_str().unwrap_or_default();
        let endpoints: Vec<WebhookEndpoint> = self
            .endpoints
            .iter()
            .filter(|endpoint| endpoint.wants(kind))
            .cloned()
            .collect();
        for endpoint in endpoints {
            let (least, most) = (
                *self.delivery.duplicates.start(),
                *self.delivery.duplicates.end(),
            );
            let more = self
                .random
                .below(most.saturating_sub(least).saturating_add(1));
            for copy in 0..least.saturating_add(more).max(1) {
                self.queue(&endpoint, event, copy);
            }
        }
    }

    /// Queues one delivery. Copies differ in how many are said to be still waiting, as
    /// Stripe's do.
    fn queue(&mut self, endpoint: &WebhookEndpoint, event: &Value, copy: usize) {
        let mut event = event.clone();
        if copy > 0 {
            event["pending_webhooks"] = (copy + 1).into();
        }
        let id = self.next;
        self.next += 1;
        self.records.insert(
            id,
            DeliveryRecord {
                event_id: event["id"].as_str().unwrap_or_default().to_owned(),
                kind: event["type"].as_str().unwrap_or_default().to_owned(),
                url: endpoint.url.clone(),
                statuses: Vec::new(),
                state: DeliveryState::Pending,
            },
        );
        if self.records.len() > KEPT {
            self.records.pop_first();
        }
        self.waiting.push_back(Job {
            record: id,
            endpoint: endpoint.clone(),
            body: serde_json::to_vec_pretty(&event).unwrap_or_default().into(),
            attempt: 0,
            due: Instant::now() + self.delivery.delay,
        });
        self.pending += 1;
        self.bell.notify_one();
    }

    /// Queues an event once more, for every endpoint that wants it.
    pub(super) fn resend(&mut self, event: &Value) {
        let kind = event["type"].as_str().unwrap_or_default();
        let endpoints: Vec<WebhookEndpoint> = self
            .endpoints
            .iter()
            .filter(|endpoint| endpoint.wants(kind))
            .cloned()
            .collect();
        for endpoint in endpoints {
            self.queue(&endpoint, event, 0);
        }
    }

    /// What to do next, with so many on their way.
    pub(super) fn next(&mut self, busy: usize, now: Instant) -> Next {
        if self.paused || busy >= self.delivery.at_once || self.waiting.is_empty() {
            return Next::Wait;
        }
        let Some(first) = self.waiting.iter().position(|job| job.due <= now) else {
            return match self.waiting.iter().map(|job| job.due).min() {
                Some(due) => Next::WaitUntil(due),
                None => Next::Wait,
            };
        };
        let chosen = if self.delivery.shuffle {
            let at = self.draw(now).unwrap_or(first);
            self.waiting.swap_remove_back(at)
        } else {
            self.waiting.remove(first)
        };
        chosen.map_or(Next::Wait, |job| Next::Send(Box::new(job)))
    }

    /// One of those whose time has come. Most often that is any of them.
    fn draw(&mut self, now: Instant) -> Option<usize> {
        let is_due = |job: &Job| job.due <= now;
        let any = self.random.below(self.waiting.len());
        if self.waiting.get(any).is_some_and(is_due) {
            return Some(any);
        }
        let due: Vec<usize> = (0..self.waiting.len())
            .filter(|at| self.waiting.get(*at).is_some_and(is_due))
            .collect();
        due.get(self.random.below(due.len())).copied()
    }

    /// Notes how an attempt ended, and queues the next where one is due.
    pub(super) fn finished(&mut self, mut job: Job, status: Option<u16>, now: Instant) {
        let delivered = status.is_some_and(|status| (200..300).contains(&status));
        job.attempt += 1;
        let over = delivered || job.attempt >= self.delivery.attempts;
        if let Some(record) = self.records.get_mut(&job.record) {
            record.statuses.push(status);
            if delivered {
                record.state = DeliveryState::Delivered;
            } else if over {
                record.state = DeliveryState::GaveUp;
            }
        }
        if over {
            self.pending = self.pending.saturating_sub(1);
        } else {
            let doublings = job.attempt.saturating_sub(1).min(20);
            let wait = self.delivery.first_wait.saturating_mul(1 << doublings);
            job.due = now + wait.min(self.delivery.longest_wait);
            self.waiting.push_back(job);
        }
    }

    /// How many deliveries are not over.
    pub(super) fn pending(&self) -> usize {
        self.pending
    }

    pub(super) fn records(&self) -> Vec<DeliveryRecord> {
        self.records.values().cloned().collect()
    }

    /// Whether every delivery of an event has been taken.
    pub(super) fn is_delivered(&self, event: &str) -> bool {
        self.records
            .values()
            .filter(|record| record.event_id == event)
            .all(|record| record.state == DeliveryState::Delivered)
    }
}
