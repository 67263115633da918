//! What the screens are told. It may be told twice.

use std::collections::HashSet;
use std::time::Duration;

use effect_journal::{ItemState, Items, Seq};
use jiff::Timestamp;
use live_events::{EventName, Topic};
use serde_json::{Value, json};
use stripe_webhooks::Event;

use super::Settlement;
use super::amount::decimal;
use super::booking::Booked;
use super::decide::{Action, Card, Contest, Failed, decide};
use super::refund::{Refund, Refunded};
use super::share::Attention;
use crate::payments::webhook::SOURCE;

/// The topic of the staff.
const STAFF: &str = "payments";
/// When every screen is back after a start: it waits for three to five seconds.
const BACK_AGAIN: Duration = Duration::from_secs(6);
/// What was booked so long before is announced again.
const LATELY: Duration = Duration::from_secs(120);
/// Most pages of the journal that are looked through for it.
const PAGES: usize = 8;

impl Settlement {
    /// What flows and screens are told of a payment.
    pub(super) fn told(booked: &Booked, intent: &str) -> Value {
        json!({
            "invoice": booked.invoice,
            "customer": booked.customer,
            "amount": decimal(booked.cents, &booked.currency).to_string(),
            "currency": booked.currency.to_ascii_uppercase(),
            "payment_entry": booked.payment_entry,
            "payment_intent": intent,
            "outstanding": booked.outstanding,
        })
    }

    pub(super) fn announce_payment(&self, booked: &Booked, intent: &str) {
        // Nothing is paid of an invoice that takes nothing.
        let what = match booked.attention {
            Some(Attention::Draft | Attention::Cancelled | Attention::CreditNote) => {
                "payment.received"
            }
            _ if booked.invoice.is_none() => "payment.received",
            _ => "invoice.paid",
        };
        self.publish(what, Some(&booked.customer), &Self::told(booked, intent));
    }

    pub(super) fn announce_refund(&self, what: &'static str, refund: &Refund, refunded: &Refunded) {
        let told = json!({
            "customer": refunded.customer,
            "amount": decimal(refund.amount, &refund.currency).to_string(),
            "currency": refund.currency.to_ascii_uppercase(),
            "payment_entry": refunded.payment_entry,
            "refund": refund.id,
        });
        self.publish(what, refunded.customer.as_deref(), &told);
    }

    /// Staff alone learn of a dispute.
    pub(super) fn announce_contest(&self, contest: &Contest, entry: Option<&str>) {
        let what = if contest.closed {
            "dispute.closed"
        } else {
            "dispute.created"
        };
        let told = json!({
            "dispute": contest.id,
            "status": contest.status,
            "reason": contest.reason,
            "payment_entry": entry,
        });
        self.publish(what, None, &told);
    }

    pub(super) fn announce_failure(&self, failed: &Failed) {
        let amount = failed
            .amount
            .map(|amount| decimal(amount, &failed.currency).to_string());
        let told = json!({
            "invoice": failed.invoice,
            "customer": failed.customer,
            "amount": amount,
            "currency": failed.currency.to_ascii_uppercase(),
            "code": failed.code,
        });
        self.publish("payment.failed", failed.customer.as_deref(), &told);
    }

    pub(super) fn announce_card(&self, card: &Card, customer: Option<&str>) {
        let told = json!({ "customer": customer, "payment_method": card.method });
        self.publish(card.what, customer, &told);
    }

    /// To the topic of the staff, and to the customer's.
    fn publish(&self, what: &'static str, customer: Option<&str>, told: &Value) {
        let (Ok(name), told) = (EventName::new(what), told.to_string()) else {
            return;
        };
        let customer = customer.filter(|name| !name.is_empty());
        // A name that is too long for a topic has no reader either.
        let own = customer.and_then(|name| Topic::of("customer", name).ok());
        for topic in Topic::new(STAFF).ok().into_iter().chain(own) {
            self.hub.live().publish(&topic, &name, &told);
        }
    }

    /// Announces again the payments that were booked shortly before the start: whoever listened
    /// then was cut off, and an event that was on its way is lost with the process.
    pub(super) async fn remind(&self) {
        tokio::time::sleep(BACK_AGAIN).await;
        let since = self.journal.now().checked_sub(LATELY);
        let since = since.unwrap_or(Timestamp::MIN);
        let done = self.done_since(since).await;
        let mut told = HashSet::new();
        for seq in done {
            // Lists are without bodies.
            let Ok(Some(item)) = self.journal.item(seq).await else {
                continue;
            };
            let Ok(event) = Event::parse(item.delivery.body()) else {
                continue;
            };
            if let Action::Book(money) = decide(&event)
                && told.insert(money.intent.clone())
                && let Err(stop) = self.book(money).await
            {
                tracing::warn!(?stop, "a payment was not announced again");
            }
        }
    }

    /// The newest events that were done with since then.
    async fn done_since(&self, since: Timestamp) -> Vec<Seq> {
        let mut found = Vec::new();
        let mut page = Items::new().source(SOURCE).state(ItemState::Done);
        for _ in 0..PAGES {
            page = page.limit(Items::MAX);
            let Ok(items) = self.journal.items(page.clone()).await else {
                break;
            };
            let lately = items.iter().filter(|item| item.due_at >= since);
            found.extend(lately.map(|item| item.seq));
            match items.last() {
                Some(last) => page = page.before(last.seq),
                None => break,
            }
        }
        found
    }
}
