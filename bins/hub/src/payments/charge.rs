//! An invoice is charged to the saved card, while the customer is away.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use bytes::Bytes;
use effect_journal::{Effect, EffectError, EffectKey, Probe, once};
use erpnext_client::DocName;
use http::{Method, StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use stripe_lite::{
    CreatePaymentIntent, IdempotencyKey, PaymentIntent, PaymentIntentStatus, PaymentMethod,
};

use super::bill::{Payable, named, payable};
use super::checkout::link;
use super::decline::{self, Decline};
use super::outcome::{Told, settled};
use super::payer::{CUSTOMER, cards, payer};
use super::rows::Payer;
use super::under_way::{INVOICE, close_others, intents, none_alive};
use crate::Hub;
use crate::platform::api::{Api, Operation};
use crate::platform::asked::Asked;
use crate::platform::error::{HubError, HubResult};
use crate::platform::idempotency::{Answer, answered};

/// Attempts at one invoice, one after the other was refused.
const ATTEMPTS: u32 = 200;
/// All calls of an attempt, with their repetitions.
const TIME: Duration = Duration::from_secs(45);
/// The member of metadata that names the attempt.
const ATTEMPT: &str = "attempt";

/// Routes of this room.
pub(super) fn api() -> Api {
    Api::new().route(
        "/payments/charge",
        post(charge_card),
        [Operation::new(Method::POST, "Charges what is outstanding of an invoice to the customer's saved card")
            .header("Idempotency-Key", "1 to 128 visible ASCII characters: the same request again is answered again")
            .body(json!({"customer": "CUST-00042", "invoice": "ACC-SINV-2026-00001", "payment_method": "pm_1"}))
            .answers(200, "Paid; ERPNext is told by the event that Stripe sends", Some(json!({
                "status": "succeeded", "payment_intent": "pi_1", "invoice": "ACC-SINV-2026-00001", "customer": "CUST-00042",
                "amount_cents": 9197, "currency": "cad", "payment_method": "pm_1", "attempt": 1,
            })))
            .answers(202, "Accepted by the bank, which has not paid yet", None)
            .answers(402, "`card_declined` or `authentication_required`, with `decline_code`, `advice`, and for the latter a `checkout_url`", None)
            .answers(404, "No such customer or invoice", None)
            .answers(409, "`already_paid`, `not_payable`, `no_card`, `payment_under_way`, `in_progress`, `key_reused`", None)
            .answers(503, "`outcome_unknown`: the same attempt goes on when it is asked for again", None)],
    )
}

#[derive(Debug, Deserialize, Serialize)]
struct Wanted {
    customer: String,
    invoice: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payment_method: Option<String>,
}

async fn charge_card(
    State(hub): State<Hub>,
    Asked { staff, key, wanted }: Asked<Wanted>,
) -> HubResult<Response> {
    let customer = named(&wanted.customer, "customer")?;
    let invoice = named(&wanted.invoice, "invoice")?;
    let order = Order {
        customer: &customer,
        invoice: &invoice,
        payment_method: wanted.payment_method.as_deref(),
        cents: None,
        request: key.as_deref(),
        by: &staff.email,
    };
    let work = async {
        let charged = charge(&hub, &order).await?;
        answer(&hub, &charged).await
    };
    answered(&hub, &key, "charge", &staff.email, &wanted, work).await
}

/// What a charge came to, as JSON.
async fn answer(hub: &Hub, charged: &Charged) -> HubResult<Answer> {
    let Charged {
        attempt,
        invoice,
        customer,
        number,
    } = charged;
    let status = match &attempt.outcome {
        Outcome::Succeeded => StatusCode::OK,
        Outcome::Processing => StatusCode::ACCEPTED,
        Outcome::Declined(decline) => {
            let mut error = decline
                .to_error()
                .with("invoice", invoice.as_str())
                .with("payment_intent", attempt.payment_intent.clone());
            if decline.needs_the_customer() {
                // The customer can do what the bank asks for on a page of Stripe's.
                match link(hub, invoice).await {
                    Ok(link) => error = error.with("checkout_url", link.url),
                    Err(cause) => {
                        tracing::warn!(
                            error = cause.code(),
                            cause = cause.cause(),
                            "no link to offer"
                        );
                    }
                }
            }
            return Err(error);
        }
    };
    let body = json!({
        "status": attempt.outcome.word(),
        "payment_intent": attempt.payment_intent,
        "invoice": invoice.as_str(),
        "customer": customer.as_str(),
        "amount_cents": attempt.amount,
        "currency": attempt.currency,
        "payment_method": attempt.payment_method,
        "attempt": number,
    });
    Ok(Answer { status, body })
}

/// Who wants what charged to which card.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order<'a> {
    pub(super) customer: &'a DocName,
    pub(super) invoice: &'a DocName,
    pub(super) payment_method: Option<&'a str>,
    /// What the asker takes to be due: another amount is not charged.
    pub(super) cents: Option<i64>,
    /// The key of the request, where it has one.
    pub(super) request: Option<&'a str>,
    /// The member of staff.
    pub(super) by: &'a str,
}

/// One attempt and how it ended; kept in the journal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Attempt {
    pub(super) outcome: Outcome,
    pub(super) payment_intent: Option<String>,
    pub(super) amount: i64,
    pub(super) currency: String,
    pub(super) payment_method: String,
    /// The request that asked for it.
    request: Option<String>,
    /// When it ended.
    at: Timestamp,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// Paid.
    Succeeded,
    /// The bank has not paid yet.
    Processing,
    /// Refused.
    Declined(Decline),
}

impl Outcome {
    fn word(&self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Processing => "processing",
            Self::Declined(_) => "declined",
        }
    }

    fn of(intent: &PaymentIntent) -> Self {
        match intent.status {
            Some(PaymentIntentStatus::Succeeded) => Self::Succeeded,
            Some(PaymentIntentStatus::Processing | PaymentIntentStatus::RequiresCapture) => {
                Self::Processing
            }
            Some(PaymentIntentStatus::RequiresAction) => {
                Self::Declined(Decline::authentication_required())
            }
            _ => Self::Declined(
                intent
                    .last_payment_error
                    .as_ref()
                    .map(decline::of_last_error)
                    .unwrap_or_default(),
            ),
        }
    }
}

/// A charge, and the attempt that settled it.
#[derive(Clone, Debug)]
pub(super) struct Charged {
    pub(super) attempt: Attempt,
    pub(super) invoice: DocName,
    pub(super) customer: DocName,
    number: u32,
}

/// One attempt at Stripe.
struct Charging<'a> {
    hub: &'a Hub,
    due: &'a Payable,
    order: &'a Order<'a>,
    stripe_customer: &'a str,
    card: &'a str,
    /// Whether its outcome came to light in this call.
    fresh: AtomicBool,
}

impl Charging<'_> {
    fn ended(
        &self,
        outcome: Outcome,
        intent: Option<&PaymentIntent>,
    ) -> Result<Bytes, EffectError> {
        self.fresh.store(true, Ordering::Relaxed);
        let request = self.order.request.map(str::to_owned);
        self.kept(outcome, intent, request, self.hub.now())
    }

    /// What is there of an attempt that the journal does not know, or no longer. One that was
    /// refused, or is booked, was not made for this request: the next one follows it.
    async fn found(&self, ours: &PaymentIntent) -> Result<Bytes, EffectError> {
        let outcome = Outcome::of(ours);
        let refused = matches!(outcome, Outcome::Declined(_));
        if refused || none_alive(self.hub, [ours]).await.is_ok() {
            let at = Timestamp::from_second(ours.created).unwrap_or(Timestamp::UNIX_EPOCH);
            return self.kept(outcome, Some(ours), None, at);
        }
        self.ended(outcome, Some(ours))
    }

    fn kept(
        &self,
        outcome: Outcome,
        intent: Option<&PaymentIntent>,
        request: Option<String>,
        at: Timestamp,
    ) -> Result<Bytes, EffectError> {
        let amount = self.due.outstanding;
        let attempt = Attempt {
            outcome,
            payment_intent: intent.map(|intent| intent.id.to_string()),
            amount: intent.map_or(amount.minor(), |intent| intent.amount),
            currency: amount.currency().as_str().to_owned(),
            payment_method: self.card.to_owned(),
            request,
            at,
        };
        serde_json::to_vec(&attempt)
            .map(Bytes::from)
            .map_err(|error| EffectError::Unknown(error.into()))
    }

    async fn earlier(
        &self,
        key: &EffectKey,
    ) -> HubResult<(Option<PaymentIntent>, Vec<PaymentIntent>)> {
        let intents = intents(self.hub, self.stripe_customer, &self.due.invoice).await?;
        let ours = |intent: &PaymentIntent| {
            intent.metadata.get(ATTEMPT).map(String::as_str) == Some(key.as_str())
        };
        let (mut ours, others): (Vec<_>, Vec<_>) = intents.into_iter().partition(ours);
        Ok((ours.pop(), others))
    }

    /// Nothing of this attempt has been asked for yet.
    ///
    /// Pages are closed first: what was paid on one until then is among the payments that are
    /// looked at next, and what was booked until then is off the balance that is read last.
    async fn clear(&self, key: &EffectKey) -> HubResult<Option<PaymentIntent>> {
        let (ours, _) = self.earlier(key).await?;
        if ours.is_some() {
            return Ok(ours);
        }
        close_others(self.hub, self.stripe_customer, self.due, false).await?;
        let (ours, others) = self.earlier(key).await?;
        none_alive(self.hub, &others).await?;
        let now = payable(self.hub.erp()?, &self.due.invoice).await?;
        if now.outstanding != self.due.outstanding {
            return Err(HubError::state("amount_changed"));
        }
        Ok(ours)
    }
}

#[async_trait]
impl Effect for Charging<'_> {
    async fn perform(&self, key: &EffectKey) -> Result<Bytes, EffectError> {
        let not_now = |error: HubError| EffectError::NotDone(Told(error).into());
        let asked = self.order.cents;
        if asked.is_some_and(|cents| cents != self.due.outstanding.minor()) {
            return Err(not_now(HubError::state("amount_changed")));
        }
        match self.clear(key).await {
            Ok(None) => {}
            Ok(Some(ours)) => return self.found(&ours).await,
            Err(error) => return Err(not_now(error)),
        }
        let due = self.due;
        let wanted =
            CreatePaymentIntent::off_session(due.outstanding, self.stripe_customer, self.card)
                .metadata(INVOICE, due.invoice.as_str())
                .metadata(CUSTOMER, due.customer.as_str())
                .metadata(ATTEMPT, key.as_str())
                .metadata("by", self.hub.csrf().pseudonym(self.order.by));
        let name =
            IdempotencyKey::new(key.short()).map_err(|error| EffectError::Refused(error.into()))?;
        let stripe = self.hub.stripe().map_err(not_now)?;
        match stripe.payment_intents().create(&wanted, name).await {
            Ok(intent) => self.ended(Outcome::of(&intent), Some(&intent)),
            Err(stripe_lite::Error::Card(refused)) => {
                let outcome = Outcome::Declined(decline::of_card_error(&refused));
                self.ended(outcome, refused.payment_intent())
            }
            // Under this key, Stripe has carried out something: it is to be looked up.
            Err(error) if error.is_idempotency_conflict() || error.may_have_been_carried_out() => {
                Err(EffectError::Unknown(error.into()))
            }
            Err(error) if error.is_retryable() => Err(EffectError::NotDone(error.into())),
            Err(error) => Err(EffectError::Refused(error.into())),
        }
    }

    /// Lists of Stripe's are true at once. What is not there may be asked for again under the same
    /// key, which Stripe carries out once.
    async fn probe(&self, key: &EffectKey) -> Result<Probe, EffectError> {
        match self.earlier(key).await {
            Ok((Some(ours), _)) => Ok(Probe::Found(self.ended(Outcome::of(&ours), Some(&ours))?)),
            Ok((None, _)) => Ok(Probe::NotFound),
            Err(error) => Err(EffectError::NotDone(Told(error).into())),
        }
    }

    fn time_limit(&self) -> Duration {
        TIME
    }
}

/// Charges what is outstanding of an invoice to a saved card, once.
///
/// Each attempt at an invoice has a number, which is written down before Stripe is asked. A next
/// number begins when the one before was refused, or was booked and something is due again. An
/// attempt of unknown outcome goes on under its own key.
///
/// # Errors
///
/// See the route.
pub(super) async fn charge(hub: &Hub, order: &Order<'_>) -> HubResult<Charged> {
    let asked_at = hub.now();
    let (erp, stripe, journal) = (hub.erp()?, hub.stripe()?, hub.journal()?);
    let first = of(payable(erp, order.invoice).await, order)?;
    let _turn = hub
        .turns()
        .take(&format!("invoice:{}", first.invoice))
        .await;
    let payer = payer(erp, &first.customer).await?;
    let stripe_customer = payer
        .stripe_customer()
        .ok_or_else(|| HubError::state("no_card"))?;
    let saved = cards(stripe, stripe_customer).await?;
    let card = chosen(&payer, &saved, order.payment_method)?;
    // While this waited its turn, it may have been paid.
    let due = of(payable(erp, order.invoice).await, order)?;
    let mut charging = Charging {
        hub,
        due: &due,
        order,
        stripe_customer,
        card,
        fresh: AtomicBool::new(false),
    };
    for number in 1..=ATTEMPTS {
        let key = EffectKey::new(format!("charge:{}:{number}", due.invoice))?;
        charging.fresh = AtomicBool::new(false);
        let ended = settled(once(&**journal, &key, &charging).await)?;
        let attempt: Attempt = serde_json::from_slice(&ended)
            .map_err(|error| HubError::internal().caused_by(&error))?;
        let same = order.request.is_some() && attempt.request.as_deref() == order.request;
        let of_card = order
            .payment_method
            .is_none_or(|card| card == attempt.payment_method);
        if same && !of_card {
            return Err(HubError::state("key_reused"));
        }
        // A second click waited for the first: what came of that one is its answer.
        let meanwhile = attempt.at > asked_at && of_card;
        if same || meanwhile || charging.fresh.load(Ordering::Relaxed) {
            return Ok(Charged {
                attempt,
                invoice: due.invoice.clone(),
                customer: due.customer.clone(),
                number,
            });
        }
        if let Outcome::Declined(_) = attempt.outcome {
            continue;
        }
        if let Some(intent) = &attempt.payment_intent {
            let intent = stripe.payment_intents().retrieve(intent).await;
            let intent = intent.map_err(|error| super::provider::failed(&error))?;
            none_alive(hub, [&intent]).await?;
        }
    }
    Err(HubError::state("payment_under_way").because("too many attempts at one invoice"))
}

/// The invoice, if it is that customer's.
fn of(due: HubResult<Payable>, order: &Order<'_>) -> HubResult<Payable> {
    let due = due?;
    let same = due.customer.as_str().to_lowercase() == order.customer.as_str().to_lowercase();
    if same {
        Ok(due)
    } else {
        Err(HubError::not_found().because("another customer's invoice"))
    }
}

/// The card to charge: the one that was named, the one that was agreed to, or the only usable one.
fn chosen<'a>(
    payer: &Payer,
    saved: &'a [PaymentMethod],
    wanted: Option<&str>,
) -> HubResult<&'a str> {
    let by_id = |id: &str| saved.iter().find(|card| card.id.as_str() == id);
    let card = match wanted {
        Some(id) => Some(by_id(id).ok_or_else(|| HubError::invalid("payment_method"))?),
        None => payer
            .agreed_card()
            .and_then(by_id)
            .or_else(|| saved.first()),
    };
    card.map(|card| card.id.as_str())
        .ok_or_else(|| HubError::state("no_card"))
}
