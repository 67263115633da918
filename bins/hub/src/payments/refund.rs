//! Money goes back to the card it came from.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use bytes::Bytes;
use effect_journal::{Effect, EffectError, EffectKey, Probe, once};
use erpnext_client::DocName;
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stripe_lite::{
    Amount, CreateRefund, Currency, IdempotencyKey, ListRefunds, PaymentIntent, Refund,
    RefundReason, RefundStatus,
};

use super::bill::{self, booked, named};
use super::outcome::{Told, settled};
use super::provider::failed;
use super::rows::Booked;
use crate::Hub;
use crate::platform::api::{Api, Operation};
use crate::platform::asked::Asked;
use crate::platform::error::{HubError, HubResult};
use crate::platform::idempotency::{Answer, answered};

/// All calls of a refund, with their repetitions.
const TIME: Duration = Duration::from_secs(45);
/// Refunds of one name, one after the other came back.
const TRIES: u32 = 20;
/// The member of metadata that names the request.
const REQUEST: &str = "refund_key";
/// The member of metadata that names the booked payment.
const PAYMENT_ENTRY: &str = "payment_entry";

/// Routes of this room.
pub(super) fn api() -> Api {
    Api::new().route(
        "/payments/refund",
        post(give_back),
        [Operation::new(Method::POST, "Refunds a card payment, whole or in part; never more than is left of it")
            .header("Idempotency-Key", "1 to 128 visible ASCII characters: the same request again is answered again. Without one, the same amount of the same payment is refunded once")
            .body(json!({"payment_entry": "ACC-PAY-2026-00001", "amount": "20.00", "reason": "requested_by_customer"}))
            .answers(200, "Refunded; ERPNext is told by the event that Stripe sends", Some(json!({
                "refund": "re_1", "status": "succeeded", "payment_intent": "pi_1", "amount_cents": 2000, "currency": "cad", "left_cents": 7197, "replayed": false,
            })))
            .answers(404, "No such payment", None)
            .answers(409, "`already_refunded`, `not_refundable` (not paid by card), `in_progress`, `key_reused`", None)
            .answers(422, "`amount`: more than is left (`left_cents`), or no amount; `reason`: duplicate, fraudulent or requested_by_customer", None)
            .answers(503, "`outcome_unknown`: the same refund goes on when it is asked for again", None)],
    )
}

#[derive(Debug, Deserialize, Serialize)]
struct Wanted {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payment_entry: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payment_intent: Option<String>,
    /// `20.00` or `20`; all that is left without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    amount: Option<Value>,
    /// The same in the smallest unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    amount_cents: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

async fn give_back(
    State(hub): State<Hub>,
    Asked { staff, key, wanted }: Asked<Wanted>,
) -> HubResult<Response> {
    let work = async {
        let payment = match (&wanted.payment_intent, &wanted.payment_entry) {
            (Some(intent), None) => Payment::of_intent(&hub, intent).await?,
            (None, Some(entry)) => Payment::of_entry(&hub, &named(entry, "payment_entry")?).await?,
            _ => return Err(HubError::invalid("payment_entry")),
        };
        let order = Order {
            payment: &payment,
            amount: sum(&wanted, payment.currency()?)?,
            reason: wanted.reason.as_deref().map(reason).transpose()?,
            request: key.as_deref(),
            by: &staff.email,
        };
        Ok(Answer::ok(refund(&hub, &order).await?.to_json()))
    };
    answered(&hub, &key, "refund", &staff.email, &wanted, work).await
}

/// The amount of a request: a decimal number as text or JSON number, or cents.
fn sum(wanted: &Wanted, currency: Currency) -> HubResult<Option<Amount>> {
    let wrong = || HubError::invalid("amount");
    let amount = match (&wanted.amount, wanted.amount_cents) {
        (None, None) => return Ok(None),
        (None, Some(cents)) => Amount::new(cents, currency),
        (Some(Value::String(text)), None) => {
            Amount::from_decimal(text, currency).map_err(|_| wrong())?
        }
        // As it was written, not as a binary fraction.
        (Some(Value::Number(number)), None) => {
            Amount::from_decimal(&number.to_string(), currency).map_err(|_| wrong())?
        }
        _ => return Err(wrong()),
    };
    if amount.minor() > 0 {
        Ok(Some(amount))
    } else {
        Err(wrong())
    }
}

/// A reason that Stripe knows.
pub(super) fn reason(word: &str) -> HubResult<RefundReason> {
    match word {
        "duplicate" => Ok(RefundReason::Duplicate),
        "fraudulent" => Ok(RefundReason::Fraudulent),
        "requested_by_customer" => Ok(RefundReason::RequestedByCustomer),
        _ => Err(HubError::invalid("reason")),
    }
}

/// A payment by card, as Stripe and ERPNext have it.
#[derive(Clone, Debug)]
pub(super) struct Payment {
    pub(super) intent: PaymentIntent,
    /// What ERPNext booked; none where it has not yet.
    pub(super) entry: Option<Booked>,
    /// What went back, or is on its way.
    pub(super) refunded: i64,
}

impl Payment {
    /// By what Stripe calls it.
    pub(super) async fn of_intent(hub: &Hub, id: &str) -> HubResult<Self> {
        if !id.starts_with("pi_") {
            return Err(HubError::invalid("payment_intent"));
        }
        let entry = booked(hub.erp()?, &[id]).await?.into_iter().next();
        Self::read(hub, id, entry).await
    }

    /// By what ERPNext calls it.
    pub(super) async fn of_entry(hub: &Hub, name: &DocName) -> HubResult<Self> {
        let entry = hub.erp()?.docs::<Booked>().find(name).await;
        let entry = entry
            .map_err(|error| bill::failed(&error))?
            .ok_or_else(HubError::not_found)?;
        let reference = entry.custom_psp_reference.clone().unwrap_or_default();
        if !reference.starts_with("pi_") {
            return Err(HubError::state("not_refundable"));
        }
        Self::read(hub, &reference, Some(entry)).await
    }

    async fn read(hub: &Hub, id: &str, entry: Option<Booked>) -> HubResult<Self> {
        let stripe = hub.stripe()?;
        let intents = stripe.payment_intents();
        let (intent, refunds) = tokio::join!(intents.retrieve(id), refunds(hub, id));
        let intent = intent.map_err(|error| {
            if error.is_not_found() {
                HubError::not_found().caused_by(&error)
            } else {
                failed(&error)
            }
        })?;
        Ok(Self {
            intent,
            entry,
            refunded: given_back(&refunds?),
        })
    }

    /// The currency it was paid in.
    pub(super) fn currency(&self) -> HubResult<Currency> {
        self.intent
            .currency
            .ok_or_else(|| HubError::upstream().because("a payment without a currency"))
    }

    /// What may still be refunded, in the smallest unit.
    pub(super) fn left(&self) -> i64 {
        self.intent
            .amount_received
            .saturating_sub(self.refunded)
            .max(0)
    }
}

/// The refunds of a payment.
async fn refunds(hub: &Hub, intent: &str) -> HubResult<Vec<Refund>> {
    let list = ListRefunds::new().payment_intent(intent).limit(100);
    let stripe = hub.stripe()?;
    let page = async { stripe.refunds().list(&list)?.page().await };
    Ok(page.await.map_err(|error| failed(&error))?.items)
}

/// What went back or is on its way.
fn given_back(refunds: &[Refund]) -> i64 {
    refunds
        .iter()
        .filter(|refund| !is_void(refund))
        .fold(0_i64, |sum, refund| sum.saturating_add(refund.amount))
}

fn is_void(refund: &Refund) -> bool {
    matches!(
        refund.status,
        Some(RefundStatus::Failed | RefundStatus::Canceled)
    )
}

/// Who wants how much of which payment back.
#[derive(Clone, Debug)]
pub(super) struct Order<'a> {
    pub(super) payment: &'a Payment,
    /// All that is left, where none is given.
    pub(super) amount: Option<Amount>,
    pub(super) reason: Option<RefundReason>,
    pub(super) request: Option<&'a str>,
    pub(super) by: &'a str,
}

/// A refund as it went; kept in the journal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Refunded {
    pub(super) refund: String,
    pub(super) status: String,
    pub(super) payment_intent: String,
    pub(super) amount: i64,
    pub(super) currency: String,
    /// What was left after it.
    left: i64,
    /// Whether it was made by an earlier request.
    #[serde(skip)]
    replayed: bool,
}

impl Refunded {
    fn to_json(&self) -> Value {
        json!({
            "refund": self.refund,
            "status": self.status,
            "payment_intent": self.payment_intent,
            "amount_cents": self.amount,
            "currency": self.currency,
            "left_cents": self.left,
            "replayed": self.replayed,
        })
    }
}

struct Refunding<'a> {
    hub: &'a Hub,
    order: &'a Order<'a>,
    fresh: AtomicBool,
}

impl Refunding<'_> {
    fn intent(&self) -> &str {
        self.order.payment.intent.id.as_str()
    }

    fn ended(&self, refund: &Refund, left: i64) -> Result<Bytes, EffectError> {
        self.fresh.store(true, Ordering::Relaxed);
        let currency = self.order.payment.intent.currency;
        let refunded = Refunded {
            refund: refund.id.to_string(),
            status: refund
                .status
                .as_ref()
                .map_or("pending", RefundStatus::as_str)
                .to_owned(),
            payment_intent: self.intent().to_owned(),
            amount: refund.amount,
            currency: currency
                .map(|currency| currency.as_str().to_owned())
                .unwrap_or_default(),
            left,
            replayed: false,
        };
        serde_json::to_vec(&refunded)
            .map(Bytes::from)
            .map_err(|error| EffectError::Unknown(error.into()))
    }

    /// What is left of the payment right now, and this refund where it was made already.
    async fn look(&self, key: &EffectKey) -> HubResult<(i64, Option<Refund>)> {
        let refunds = refunds(self.hub, self.intent()).await?;
        let received = self.order.payment.intent.amount_received;
        let left = received.saturating_sub(given_back(&refunds)).max(0);
        let ours = refunds.into_iter().find(|refund| {
            refund.metadata.get(REQUEST).map(String::as_str) == Some(key.short().as_str())
        });
        Ok((left, ours))
    }
}

#[async_trait]
impl Effect for Refunding<'_> {
    async fn perform(&self, key: &EffectKey) -> Result<Bytes, EffectError> {
        let told = |error: HubError| EffectError::NotDone(Told(error).into());
        let (left, ours) = self.look(key).await.map_err(told)?;
        if let Some(ours) = ours {
            return self.ended(&ours, left);
        }
        if left == 0 {
            return Err(told(HubError::state("already_refunded")));
        }
        let amount = self.order.amount.map_or(left, |amount| amount.minor());
        if amount > left {
            return Err(told(HubError::invalid("amount").with("left_cents", left)));
        }
        let mut wanted = CreateRefund::payment_intent(self.intent())
            .amount(amount)
            .metadata(REQUEST, key.short())
            .metadata("by", self.hub.csrf().pseudonym(self.order.by));
        if let Some(entry) = &self.order.payment.entry {
            wanted = wanted.metadata(PAYMENT_ENTRY, entry.name.as_str());
        }
        for name in ["invoice", "customer"] {
            if let Some(value) = self.order.payment.intent.metadata.get(name) {
                wanted = wanted.metadata(name, value.as_str());
            }
        }
        if let Some(reason) = &self.order.reason {
            wanted = wanted.reason(reason);
        }
        let name =
            IdempotencyKey::new(key.short()).map_err(|error| EffectError::Refused(error.into()))?;
        let stripe = self.hub.stripe().map_err(told)?;
        match stripe.refunds().create(&wanted, name).await {
            Ok(refund) => self.ended(&refund, left.saturating_sub(amount)),
            Err(error) if error.is_idempotency_conflict() || error.may_have_been_carried_out() => {
                Err(EffectError::Unknown(error.into()))
            }
            Err(error) if error.is_retryable() => Err(EffectError::NotDone(error.into())),
            Err(error) if error.code() == Some("charge_already_refunded") => {
                Err(told(HubError::state("already_refunded").caused_by(&error)))
            }
            Err(error) => Err(EffectError::Refused(error.into())),
        }
    }

    async fn probe(&self, key: &EffectKey) -> Result<Probe, EffectError> {
        match self.look(key).await {
            Ok((left, Some(ours))) => Ok(Probe::Found(self.ended(&ours, left)?)),
            Ok((_, None)) => Ok(Probe::NotFound),
            Err(error) => Err(EffectError::NotDone(Told(error).into())),
        }
    }

    fn time_limit(&self) -> Duration {
        TIME
    }
}

/// Refunds a payment, once by request; without a request's key, once by amount.
///
/// # Errors
///
/// See the route.
pub(super) async fn refund(hub: &Hub, order: &Order<'_>) -> HubResult<Refunded> {
    let journal = hub.journal()?;
    let intent = order.payment.intent.id.as_str();
    let name = match (order.request, order.amount) {
        (Some(request), _) => format!("refund:{intent}:key:{request}"),
        (None, Some(amount)) => format!("refund:{intent}:{}", amount.minor()),
        (None, None) => format!("refund:{intent}:all"),
    };
    // Two refunds of one payment at once would both find all of it there.
    let _turn = hub.turns().take(&format!("refund:{intent}")).await;
    for number in 1..=TRIES {
        let key = match number {
            1 => EffectKey::new(name.as_str())?,
            number => EffectKey::new(format!("{name}:{number}"))?,
        };
        let refunding = Refunding {
            hub,
            order,
            fresh: AtomicBool::new(false),
        };
        let ended = settled(once(&**journal, &key, &refunding).await)?;
        let mut refunded: Refunded = serde_json::from_slice(&ended)
            .map_err(|error| HubError::internal().caused_by(&error))?;
        refunded.replayed = !refunding.fresh.load(Ordering::Relaxed);
        let other = |amount: Amount| amount.minor() != refunded.amount;
        if order.amount.is_some_and(other) {
            return Err(HubError::state("key_reused"));
        }
        // One that the bank sent back later may be tried again.
        let now = match refunded.replayed {
            true => hub.stripe()?.refunds().retrieve(&refunded.refund).await,
            false => return Ok(refunded),
        };
        if !is_void(&now.map_err(|error| failed(&error))?) {
            return Ok(refunded);
        }
    }
    Err(HubError::upstream().because("a refund that always comes back"))
}
