//! What an event means. No I/O: the same event always means the same.

use jiff::Timestamp;
use stripe_webhooks::{
    CheckoutMode, CheckoutSession, Currency, Dispute, Event, EventType, Metadata, Object,
    PaymentIntent, PaymentIntentStatus, PaymentStatus, Refund as StripeRefund, RefundStatus,
};

use super::booking::Money;
use super::refund::Refund;

/// Longest name of a document.
const NAME: usize = 140;

/// What is to be done about an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// Money came in: book it.
    Book(Money),
    /// Money went back: book it.
    Refund(Refund),
    /// Some money of a payment went back; the event does not say which refund.
    Refunds {
        /// The payment.
        intent: String,
    },
    /// A refund did not reach the customer: take it out of the books.
    Unrefund(Refund),
    /// A customer contests a payment at the bank, or that is decided.
    Contest(Contest),
    /// An attempt to pay was refused.
    Failed(Failed),
    /// A card was saved, changed or removed.
    Card(Card),
    /// Nothing, and why.
    Nothing(&'static str),
}

/// A dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Contest {
    pub(super) id: String,
    pub(super) intent: Option<String>,
    pub(super) amount: Option<i64>,
    pub(super) currency: String,
    pub(super) reason: Option<String>,
    pub(super) status: Option<String>,
    pub(super) closed: bool,
}

/// A payment that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failed {
    pub(super) intent: String,
    pub(super) invoice: Option<String>,
    pub(super) customer: Option<String>,
    pub(super) amount: Option<i64>,
    pub(super) currency: String,
    pub(super) code: Option<String>,
}

/// News of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Card {
    /// The name of the live event.
    pub(super) what: &'static str,
    /// The customer, as ERPNext calls it.
    pub(super) customer: Option<String>,
    /// The customer, as Stripe calls it.
    pub(super) payer: Option<String>,
    pub(super) method: Option<String>,
}

/// What is to be done about an event.
pub(super) fn decide(event: &Event) -> Action {
    let at = event
        .created
        .and_then(|at| Timestamp::from_second(at).ok())
        .unwrap_or(Timestamp::UNIX_EPOCH);
    match (&event.kind, event.object()) {
        (
            EventType::CheckoutSessionCompleted | EventType::CheckoutSessionAsyncPaymentSucceeded,
            Object::CheckoutSession(session),
        ) => completed(*session, at),
        (EventType::CheckoutSessionAsyncPaymentFailed, Object::CheckoutSession(session)) => {
            debit_failed(*session)
        }
        (EventType::PaymentIntentSucceeded, Object::PaymentIntent(intent)) => {
            succeeded(*intent, at)
        }
        (EventType::PaymentIntentPaymentFailed, Object::PaymentIntent(intent)) => refused(*intent),
        (
            EventType::RefundCreated | EventType::RefundUpdated | EventType::RefundFailed,
            Object::Refund(refund),
        ) => refunded(*refund, at),
        (EventType::ChargeRefunded, Object::Charge(charge)) => match charge.payment_intent {
            Some(intent) => Action::Refunds { intent },
            None => Action::Nothing("a charge without a payment intent"),
        },
        (EventType::ChargeDisputeCreated, Object::Dispute(dispute)) => contest(*dispute, false),
        (EventType::ChargeDisputeClosed, Object::Dispute(dispute)) => contest(*dispute, true),
        (EventType::SetupIntentSucceeded, Object::SetupIntent(setup)) => Action::Card(Card {
            what: "payment_method.saved",
            customer: name(&setup.metadata, "customer"),
            payer: setup.customer,
            method: setup.payment_method,
        }),
        (kind, Object::PaymentMethod(method)) => {
            let what = match kind {
                EventType::PaymentMethodAttached => "payment_method.saved",
                EventType::PaymentMethodAutomaticallyUpdated => "payment_method.updated",
                EventType::PaymentMethodDetached => "payment_method.removed",
                _ => return Action::Nothing("of no use here"),
            };
            Action::Card(Card {
                what,
                customer: name(&method.metadata, "customer"),
                // What was detached says whose it was among what has changed.
                payer: method.customer.or_else(|| previous_customer(event)),
                method: Some(method.id),
            })
        }
        (EventType::Other(_), _) => Action::Nothing("of a type that is not known"),
        _ => Action::Nothing("of no use here"),
    }
}

/// A checkout that is over: of money, or of a card that was saved.
fn completed(session: CheckoutSession, at: Timestamp) -> Action {
    if session.mode == Some(CheckoutMode::Setup) {
        return Action::Card(Card {
            what: "payment_method.saved",
            customer: name(&session.metadata, "customer"),
            payer: session.customer,
            method: None,
        });
    }
    if session.payment_status != Some(PaymentStatus::Paid) {
        return Action::Nothing("a checkout that is not paid");
    }
    let reference = session.client_reference_id.as_deref().and_then(clean);
    let invoice = name(&session.metadata, "invoice").or(reference);
    let customer = name(&session.metadata, "customer");
    let amount = (session.amount_total, session.currency);
    money(
        session.payment_intent,
        amount,
        invoice,
        customer,
        session.customer,
        at,
    )
}

fn succeeded(intent: PaymentIntent, at: Timestamp) -> Action {
    if intent
        .status
        .is_some_and(|status| status != PaymentIntentStatus::Succeeded)
    {
        return Action::Nothing("a payment that has not succeeded");
    }
    let invoice = name(&intent.metadata, "invoice");
    let customer = name(&intent.metadata, "customer");
    let amount = (intent.amount_received.or(intent.amount), intent.currency);
    money(
        Some(intent.id),
        amount,
        invoice,
        customer,
        intent.customer,
        at,
    )
}

fn money(
    intent: Option<String>,
    amount: (Option<i64>, Option<Currency>),
    invoice: Option<String>,
    customer: Option<String>,
    payer: Option<String>,
    at: Timestamp,
) -> Action {
    let Some(intent) = intent.filter(|id| !id.is_empty()) else {
        return Action::Nothing("a payment without an intent");
    };
    match amount {
        (Some(amount), Some(currency)) if amount > 0 => Action::Book(Money {
            intent,
            amount,
            currency: currency.as_str().to_owned(),
            invoice,
            customer,
            payer,
            at,
        }),
        _ => Action::Nothing("a payment of nothing"),
    }
}

fn refused(intent: PaymentIntent) -> Action {
    let error = intent.last_payment_error.unwrap_or_default();
    failed(Failed {
        invoice: name(&intent.metadata, "invoice"),
        customer: name(&intent.metadata, "customer"),
        amount: intent.amount,
        currency: code(intent.currency),
        code: error.decline_code.or(error.code),
        intent: intent.id,
    })
}

fn debit_failed(session: CheckoutSession) -> Action {
    let reference = session.client_reference_id.as_deref().and_then(clean);
    failed(Failed {
        intent: session.payment_intent.unwrap_or_default(),
        invoice: name(&session.metadata, "invoice").or(reference),
        customer: name(&session.metadata, "customer"),
        amount: session.amount_total,
        currency: code(session.currency),
        code: None,
    })
}

fn failed(failed: Failed) -> Action {
    if failed.intent.is_empty() {
        return Action::Nothing("a payment without an intent");
    }
    Action::Failed(failed)
}

fn refunded(refund: StripeRefund, at: Timestamp) -> Action {
    let failed = match refund.status {
        Some(RefundStatus::Succeeded) => false,
        Some(RefundStatus::Failed | RefundStatus::Canceled) => true,
        _ => return Action::Nothing("a refund that is under way"),
    };
    let (Some(amount), Some(currency), false) =
        (refund.amount, refund.currency, refund.id.is_empty())
    else {
        return Action::Nothing("a refund of nothing");
    };
    if amount <= 0 {
        return Action::Nothing("a refund of nothing");
    }
    let made = refund
        .created
        .and_then(|at| Timestamp::from_second(at).ok());
    let refund = Refund {
        intent: refund.payment_intent.filter(|id| !id.is_empty()),
        amount,
        currency: currency.as_str().to_owned(),
        customer: name(&refund.metadata, "customer"),
        // An event of hours later speaks of the same refund.
        at: made.unwrap_or(at),
        id: refund.id,
    };
    if failed {
        Action::Unrefund(refund)
    } else {
        Action::Refund(refund)
    }
}

fn contest(dispute: Dispute, closed: bool) -> Action {
    if dispute.id.is_empty() {
        return Action::Nothing("a dispute without an id");
    }
    Action::Contest(Contest {
        id: dispute.id,
        intent: dispute.payment_intent,
        amount: dispute.amount,
        currency: code(dispute.currency),
        reason: dispute.reason,
        status: dispute.status.map(|status| status.as_str().to_owned()),
        closed,
    })
}

/// The customer that a payment method was detached from.
fn previous_customer(event: &Event) -> Option<String> {
    let previous: serde_json::Value =
        serde_json::from_str(event.previous_attributes_json()?).ok()?;
    Some(previous.get("customer")?.as_str()?.to_owned())
}

fn code(currency: Option<Currency>) -> String {
    currency.map_or_else(String::new, |currency| currency.as_str().to_owned())
}

/// A name of ours among what was attached.
pub(super) fn name(metadata: &Metadata, key: &str) -> Option<String> {
    metadata.get(key).map(String::as_str).and_then(clean)
}

pub(super) fn clean(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= NAME && !text.contains(char::is_control);
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
