//! From an event of Stripe to the books, the flows and the screens: each once.
//!
//! An event is decided upon (`decide`), then acted upon. What is done in the outside world is an
//! effect under a key of the money itself (`payment:pi_…`), however many events speak of it.

mod amount;
mod announce;
mod asked;
mod booking;
mod books;
mod decide;
mod issue;
mod locks;
mod refund;
mod share;
mod trigger;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use effect_journal::{
    Backoff, Effect, EffectKey, Handler, Journal, Leased, OnceError, Outcome, Processor, once,
};
use erpnext_client::DocStatus;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::json;
use stripe_webhooks::{Event, EventType};
use tokio_util::sync::CancellationToken;

pub use self::trigger::{LogTriggers, Trigger, Triggers};

use self::booking::{Booked, Booking, Money};
use self::books::{Books, Obstacle};
use self::decide::{Action, Contest, Failed, decide};
use self::issue::{Issue, Raise};
use self::locks::Locks;
use self::refund::{GiveBack, Refund, Refunded, TakeBack};
use self::trigger::Fire;
use super::webhook::{SOURCE, label};
use crate::Hub;
use crate::platform::config::Mistake;

/// Events at a time.
const WORKERS: usize = 32;
/// How long an event is a worker's own; a new process takes it up so long after the old was
/// killed.
const LEASE: Duration = Duration::from_secs(10);
/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(60);
/// How long what is under way may go on at a stop.
const DRAIN: Duration = Duration::from_secs(12);
/// So often an event is tried before a person must look: for more than a day.
const ATTEMPTS: u32 = 400;
/// The wait between attempts.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(600);
/// So often what ERPNext itself refuses is tried: what stands in the way may have gone.
const REFUSALS: u32 = 5;
/// How long one waits for another payment of the same invoice before it makes room.
const PATIENCE: Duration = Duration::from_secs(1);
/// From when on waits for an outcome that nobody knows are counted as attempts.
const UNSETTLED: Duration = Duration::from_secs(24 * 3600);
/// How long another event may take to say what this one does not.
const UNKNOWN: Duration = Duration::from_secs(3600);
/// How long a refund waits for its payment: longer than ERPNext may be away, since they come back
/// in any order.
const UNBOOKED: Duration = Duration::from_secs(24 * 3600);

/// Works on the events that were kept.
#[derive(Clone, Debug)]
pub struct Settlement {
    hub: Hub,
    journal: Arc<dyn Journal>,
    books: Books,
    locks: Locks,
    triggers: Arc<dyn Triggers>,
}

/// Why an event is not done with.
#[derive(Debug)]
enum Stop {
    /// An effect.
    Effect(OnceError),
    /// Another payment of the invoice is being booked.
    Turn,
    /// What is kept cannot be read.
    Unreadable(&'static str),
}

impl From<OnceError> for Stop {
    fn from(error: OnceError) -> Self {
        Self::Effect(error)
    }
}

impl From<effect_journal::Error> for Stop {
    fn from(error: effect_journal::Error) -> Self {
        Self::Effect(error.into())
    }
}

impl From<Obstacle> for Stop {
    fn from(obstacle: Obstacle) -> Self {
        Self::Effect(OnceError::NotDone(obstacle.into()))
    }
}

impl Settlement {
    /// What works on the events of a hub; `None` where there is no journal or no ERPNext. Events
    /// that were kept wait until there is.
    ///
    /// # Errors
    ///
    /// The address of ERPNext cannot be used.
    pub fn new(hub: &Hub) -> Result<Option<Self>, Mistake> {
        let (Ok(journal), Some(settings)) = (hub.journal(), &hub.config().erpnext) else {
            return Ok(None);
        };
        let books = Books::connect(settings).map_err(|error| Mistake {
            name: "ERPNEXT_URL".to_owned(),
            rule: error.to_string(),
        })?;
        Ok(Some(Self {
            hub: hub.clone(),
            journal: journal.clone(),
            books,
            locks: Locks::default(),
            triggers: Arc::new(LogTriggers),
        }))
    }

    /// Sends triggers elsewhere than to the log.
    #[must_use]
    pub fn with_triggers(mut self, triggers: impl Triggers) -> Self {
        self.triggers = Arc::new(triggers);
        self
    }

    /// Works until told to stop, then finishes what is under way.
    pub async fn run(self, stop: CancellationToken) {
        let reminding = self.clone();
        let processor = Processor::builder(self.journal.clone(), self)
            .source(SOURCE)
            .workers(WORKERS)
            .lease(LEASE)
            .time_limit(ATTEMPT)
            .backoff(Backoff::new(FIRST_WAIT, LONGEST_WAIT))
            .max_attempts(ATTEMPTS)
            .drain(DRAIN)
            .idle(Duration::from_secs(1));
        let remind = async {
            tokio::select! {
                () = stop.cancelled() => {}
                () = reminding.remind() => {}
            }
        };
        tokio::join!(processor.run(stop.clone()), remind);
    }

    async fn act(&self, event: &Event) -> Result<&'static str, Stop> {
        match decide(event) {
            Action::Book(money) => self.book(money).await,
            Action::Refund(refund) => self.give_back(refund).await,
            Action::Refunds { intent } => self.refunds(&intent).await,
            Action::Unrefund(refund) => self.take_back(refund).await,
            Action::Contest(contest) => self.contest(contest).await,
            Action::Failed(failed) => self.failed(event, failed).await,
            Action::Card(card) => {
                self.card(card).await;
                Ok("announced")
            }
            Action::Nothing(why) => {
                tracing::debug!(event = event.id.as_str(), why, "nothing to do");
                Ok("nothing")
            }
        }
    }

    /// An effect under a key of the money, and its result.
    async fn once<T: DeserializeOwned>(&self, key: &str, effect: &dyn Effect) -> Result<T, Stop> {
        let result = once(&*self.journal, &EffectKey::new(key)?, effect).await?;
        serde_json::from_slice(&result).map_err(|_| Stop::Unreadable("the result of an effect"))
    }

    async fn book(&self, money: Money) -> Result<&'static str, Stop> {
        let money = self.identify(money).await?;
        let intent = money.intent.as_str();
        let shared = money.invoice.as_deref().unwrap_or(intent);
        // ERPNext ignores case in names.
        let Some(turn) = self.locks.turn(&shared.to_lowercase(), PATIENCE).await else {
            return Err(Stop::Turn);
        };
        let booking = Booking::new(&self.books, &money);
        let booked: Booked = match self.once(&format!("payment:{intent}"), &booking).await {
            Ok(booked) => booked,
            Err(stop) => {
                if let Stop::Effect(OnceError::Unsettled { at, .. }) = &stop {
                    let left = at.duration_since(self.journal.now());
                    turn.hold(left.try_into().unwrap_or_default());
                }
                return Err(stop);
            }
        };
        drop(turn);
        if booking.made.load(Ordering::Relaxed) {
            count_booked(&booked);
        }
        if booked.cancelled {
            // Somebody has taken it out of the books since: there is nothing to tell.
            return Ok("cancelled");
        }
        self.fire(
            &format!("trigger:payment:{intent}"),
            Trigger::new("on_payment_received", Self::told(&booked, intent)),
        )
        .await?;
        self.announce_payment(&booked, intent);
        if let Some(attention) = booked.attention {
            let issue = Issue::of_payment(attention, intent, &booked, money.invoice.as_deref());
            self.raise(&format!("issue:payment:{intent}"), &issue)
                .await?;
        }
        Ok("booked")
    }

    async fn give_back(&self, refund: Refund) -> Result<&'static str, Stop> {
        if self.has_failed(&refund).await? {
            return Ok("nothing");
        }
        let effect = GiveBack {
            books: &self.books,
            refund: &refund,
        };
        let key = format!("refund:{}", refund.id);
        let refunded: Refunded = self.once(&key, &effect).await?;
        self.announce_refund("payment.refunded", &refund, &refunded);
        Ok("refunded")
    }

    async fn take_back(&self, refund: Refund) -> Result<&'static str, Stop> {
        let effect = TakeBack {
            books: &self.books,
            refund: &refund,
        };
        let key = format!("refund:{}:undo", refund.id);
        let undone: Refunded = self.once(&key, &effect).await?;
        let entry = undone.payment_entry.as_deref();
        let customer = undone.customer.as_deref().or(refund.customer.as_deref());
        let issue = Issue::of_refund(&refund.id, entry).customer(customer);
        self.raise(&format!("issue:refund:{}", refund.id), &issue)
            .await?;
        self.announce_refund("payment.refund_failed", &refund, &undone);
        Ok("undone")
    }

    async fn contest(&self, contest: Contest) -> Result<&'static str, Stop> {
        let entry = match &contest.intent {
            Some(intent) => self.books.entry(intent).await?,
            None => None,
        };
        let customer = entry.as_ref().and_then(|entry| entry.party.as_ref());
        let entry_name = entry.as_ref().map(|entry| entry.name.as_str());
        let issue = Issue::of_contest(&contest, entry_name)
            .customer(customer.map(erpnext_client::DocName::as_str));
        let stage = if contest.closed { "closed" } else { "opened" };
        self.raise(&format!("issue:dispute:{}:{stage}", contest.id), &issue)
            .await?;
        self.announce_contest(&contest, entry_name);
        Ok("raised")
    }

    async fn failed(&self, event: &Event, failed: Failed) -> Result<&'static str, Stop> {
        // Of a page whose payment fails later, the payment's own event tells too.
        if event.kind == EventType::PaymentIntentPaymentFailed {
            // Each attempt of a customer fails by itself.
            let key = format!("trigger:payment_failed:{}", event.id);
            let told = json!({
                "payment_intent": failed.intent,
                "invoice": failed.invoice,
                "customer": failed.customer,
                "code": failed.code,
            });
            self.fire(&key, Trigger::new("on_payment_failed", told))
                .await?;
        }
        self.announce_failure(&failed);
        Ok("announced")
    }

    async fn fire(&self, key: &str, trigger: Trigger) -> Result<(), Stop> {
        let effect = Fire {
            triggers: &*self.triggers,
            trigger,
        };
        once(&*self.journal, &EffectKey::new(key)?, &effect).await?;
        Ok(())
    }

    async fn raise(&self, key: &str, issue: &Issue) -> Result<(), Stop> {
        let effect = Raise {
            books: &self.books,
            issue,
        };
        once(&*self.journal, &EffectKey::new(key)?, &effect).await?;
        Ok(())
    }

    /// Tells a person of money that is not in the books. What ERPNext said stays in ERPNext.
    async fn bury(&self, event: &Event, why: &str, said: Option<&str>) {
        let (id, amount, currency, customer) = match decide(event) {
            Action::Book(money) => (money.intent, money.amount, money.currency, money.customer),
            Action::Refund(refund) => (refund.id, refund.amount, refund.currency, refund.customer),
            _ => return,
        };
        // Another event of the same money may have brought it there.
        if let Ok(Some(entry)) = self.books.entry(&id).await
            && entry.docstatus != DocStatus::Draft
        {
            return;
        }
        let amount = amount::decimal(amount, &currency).to_string();
        let issue = Issue::of_unbooked(&id, &amount, &currency, said.unwrap_or(why));
        // The customer may be just what ERPNext does not know.
        let known = match &customer {
            Some(name) => self.books.customer(name).await.ok().flatten(),
            None => None,
        };
        let issue = issue.customer(known.as_ref().map(erpnext_client::DocName::as_str));
        if let Err(error) = self.raise(&format!("issue:unbooked:{id}"), &issue).await {
            tracing::warn!(?error, "no Issue was made of it");
        }
    }

    /// What becomes of an event that is not done with.
    fn outcome(&self, stop: Stop, item: &Standing) -> Outcome {
        let now = self.journal.now();
        let later = |wait: Duration| now.checked_add(wait).unwrap_or(Timestamp::MAX);
        let age = now.duration_since(item.received_at);
        let age = Duration::try_from(age).unwrap_or_default();
        match stop {
            Stop::Turn => Outcome::Wait(
                later(Duration::from_secs(1)),
                "another payment of the invoice is being booked".to_owned(),
            ),
            Stop::Unreadable(what) => Outcome::Dead(format!("cannot be read: {what}")),
            Stop::Effect(error) => match obstacle(&error) {
                Some(why @ (Obstacle::Nobody | Obstacle::NotYet)) => {
                    let patience = match why {
                        Obstacle::NotYet => UNBOOKED,
                        _ => UNKNOWN,
                    };
                    let Outcome::Retry(why) = error.into() else {
                        return Outcome::Dead("nobody is known for it".to_owned());
                    };
                    if age >= patience {
                        return Outcome::Dead(why);
                    }
                    let wait = (age / 2).clamp(Duration::from_secs(2), Duration::from_secs(300));
                    Outcome::RetryAt(later(wait), why)
                }
                Some(Obstacle::Erp(_)) if error.is_final() && item.attempt < REFUSALS => {
                    match error.into() {
                        Outcome::Dead(why) => Outcome::Retry(why),
                        other => other,
                    }
                }
                _ => match error.into() {
                    // An effect that stays unknown for a day is counted from then on: it must not
                    // wait for ever without a person learning of it.
                    Outcome::Wait(at, why) if age >= UNSETTLED => {
                        Outcome::RetryAt(at.max(later(LONGEST_WAIT)), why)
                    }
                    outcome => outcome,
                },
            },
        }
    }
}

/// Where an item stands.
#[derive(Clone, Copy, Debug)]
struct Standing {
    attempt: u32,
    received_at: Timestamp,
}

/// What stands in the way of an effect.
fn obstacle(error: &OnceError) -> Option<&Obstacle> {
    match error {
        OnceError::NotDone(cause) | OnceError::Refused(cause) | OnceError::NotLooked(cause) => {
            cause.downcast_ref()
        }
        _ => None,
    }
}

/// What ERPNext said about it.
fn said(stop: &Stop) -> Option<String> {
    let Stop::Effect(error) = stop else {
        return None;
    };
    match obstacle(error)? {
        Obstacle::Erp(error) => error.message().map(str::to_owned),
        _ => None,
    }
}

fn count_booked(booked: &Booked) {
    metrics::counter!("fsm_payments_booked_total").increment(1);
    metrics::counter!("fsm_payments_booked_cents_total", "currency" => booked.currency.clone())
        .increment(u64::try_from(booked.cents).unwrap_or_default());
}

#[async_trait]
impl Handler for Settlement {
    async fn handle(&self, item: Leased) -> Outcome {
        let standing = Standing {
            attempt: item.attempt,
            received_at: item.received_at,
        };
        let event = match Event::parse(item.delivery.body()) {
            Ok(event) => event,
            // It was one when it was kept.
            Err(error) => return Outcome::Dead(error.to_string()),
        };
        let (outcome, word) = match self.act(&event).await {
            Ok(word) => (Outcome::Done, word),
            Err(stop) => {
                let said = said(&stop);
                let outcome = self.outcome(stop, &standing);
                let word = match &outcome {
                    Outcome::Dead(why) => {
                        self.bury(&event, why, said.as_deref()).await;
                        "dead"
                    }
                    Outcome::Wait(..) => "waits",
                    _ => "again",
                };
                (outcome, word)
            }
        };
        metrics::counter!(
            "fsm_stripe_events_total",
            "type" => label(&event.kind).to_owned(),
            "outcome" => word,
        )
        .increment(1);
        outcome
    }
}
