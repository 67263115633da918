//! A link by which an invoice is paid.

use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use erpnext_client::DocName;
use http::Method;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stripe_lite::{
    Amount, CheckoutSession, CheckoutStatus, CreateCheckoutSession, IdempotencyKey, LineItem,
};
use ui_kit::Lang;

use super::bill::{Payable, named, payable, today};
use super::payer::{CUSTOMER, email, ensure_customer, payer};
use super::provider::failed;
use super::rows::Payer;
use super::under_way::{INVOICE, close_others, intents, none_alive, not_paid_by};
use crate::Hub;
use crate::platform::api::{Api, Operation};
use crate::platform::asked::Asked;
use crate::platform::error::{HubError, HubResult};
use crate::platform::idempotency::{Answer, answered};

/// Sessions of one invoice, amount and day, one after the other has ended.
const SESSIONS_A_DAY: u32 = 20;

/// Routes of this room.
pub(super) fn api() -> Api {
    Api::new().route(
        "/billing/checkout-link",
        post(checkout_link),
        [Operation::new(Method::POST, "Makes a link by which an invoice is paid, or gives the one that is open")
            .header("Idempotency-Key", "1 to 128 visible ASCII characters: the same request again is answered again")
            .body(json!({"invoice": "ACC-SINV-2026-00001"}))
            .answers(200, "A page of Stripe's that asks for what is outstanding right now", Some(json!({
                "url": "https://checkout.stripe.com/c/pay/cs_live_a1", "session": "cs_live_a1", "invoice": "ACC-SINV-2026-00001",
                "customer": "CUST-00042", "amount_cents": 9197, "currency": "cad", "expires_at": "2026-11-23T15:00:00Z", "reused": false,
            })))
            .answers(404, "No such invoice", None)
            .answers(409, "`already_paid`, `not_payable` (draft, cancelled, credit), or `payment_under_way`", None)],
    )
}

/// An open page of Stripe's.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) session: String,
    pub(super) url: String,
    pub(super) payable: Payable,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) reused: bool,
}

impl Link {
    fn of(session: CheckoutSession, payable: Payable, reused: bool) -> HubResult<Self> {
        Ok(Self {
            session: session.id.to_string(),
            url: session
                .url
                .ok_or_else(|| HubError::upstream().because("an open session without address"))?,
            expires_at: session
                .expires_at
                .and_then(|at| Timestamp::from_second(at).ok()),
            payable,
            reused,
        })
    }

    pub(super) fn to_json(&self) -> Value {
        let Payable {
            invoice,
            customer,
            outstanding,
        } = &self.payable;
        json!({
            "url": self.url,
            "session": self.session,
            "invoice": invoice.as_str(),
            "customer": customer.as_str(),
            "amount_cents": outstanding.minor(),
            "currency": outstanding.currency().as_str(),
            "expires_at": self.expires_at,
            "reused": self.reused,
        })
    }
}

#[derive(Debug, Deserialize, Serialize)]
struct Wanted {
    invoice: String,
}

async fn checkout_link(
    State(hub): State<Hub>,
    Asked { staff, key, wanted }: Asked<Wanted>,
) -> HubResult<Response> {
    let invoice = named(&wanted.invoice, "invoice")?;
    let work = async { Ok(Answer::ok(link(&hub, &invoice).await?.to_json())) };
    answered(&hub, &key, "checkout-link", &staff.email, &wanted, work).await
}

/// The address that pages of Stripe's lead back to.
pub(super) fn back(hub: &Hub, path: &str) -> String {
    let config = hub.config();
    let base = config.portal_url.as_ref().or(config.public_url.as_ref());
    match base {
        Some(base) => format!("{}{path}", base.as_str().trim_end_matches('/')),
        None => format!("http://{}{path}", config.listen),
    }
}

/// The customer at Stripe of a client. A refusal of Stripe's to make one does not keep an invoice
/// from being paid.
async fn customer(hub: &Hub, payer: &Payer) -> HubResult<Option<String>> {
    match ensure_customer(hub, payer).await {
        Ok(id) => Ok(Some(id)),
        Err(error) if error.code() == "upstream_failed" => {
            tracing::warn!(cause = error.cause(), "a link without a customer at Stripe");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The open page on which what is outstanding of an invoice is paid; made where there is none.
///
/// # Errors
///
/// 404 and 409 by the state of the invoice; ERPNext or Stripe fail.
pub(super) async fn link(hub: &Hub, invoice: &DocName) -> HubResult<Link> {
    let (erp, stripe) = (hub.erp()?, hub.stripe()?);
    let due = payable(erp, invoice).await?;
    let turn = hub.turns().take(&format!("invoice:{}", due.invoice)).await;
    let payer = payer(erp, &due.customer).await?;
    let customer = customer(hub, &payer).await?;
    if let Some(customer) = &customer {
        none_alive(hub, &intents(hub, customer, &due.invoice).await?).await?;
        if let Some(open) = close_others(hub, customer, &due, true).await? {
            return Link::of(open, due, true);
        }
    }
    let email = match &customer {
        Some(_) => None,
        None => email(erp, &payer).await?,
    };
    let wanted = session(hub, &due, &payer, customer.as_deref(), email);
    let sessions = stripe.checkout_sessions();
    let day = today(hub);
    for n in 1..=SESSIONS_A_DAY {
        let key = key(&due.invoice, due.outstanding, &day.to_string(), n)?;
        let made = match sessions.create(&wanted, key).await {
            Ok(made) => made,
            // The key stands for a page of another text: an address or a language has changed.
            Err(error) if error.is_idempotency_conflict() => continue,
            Err(error) => return Err(failed(&error)),
        };
        // A key that was used before is answered with the session as it was then.
        let now = sessions.retrieve(&made.id).await;
        let now = now.map_err(|error| failed(&error))?;
        match now.status {
            Some(CheckoutStatus::Open) => {
                let reused = now.created < hub.now().as_second().saturating_sub(60);
                return Link::of(now, due, reused);
            }
            Some(CheckoutStatus::Complete) => not_paid_by(hub, &now).await?,
            _ => {}
        }
    }
    drop(turn);
    Err(HubError::upstream().because("no session of this day stays open"))
}

/// `checkout:<invoice>:<outstanding>:<day>`, and a number from the second on.
fn key(invoice: &DocName, amount: Amount, day: &str, n: u32) -> HubResult<IdempotencyKey> {
    let mut key = format!("checkout:{invoice}:{}:{day}", amount.minor());
    if n > 1 {
        key = format!("{key}:{n}");
    }
    // A name may hold what a header cannot.
    let fits = key.len() <= 255 && key.bytes().all(|byte| byte.is_ascii_graphic());
    let key = if fits {
        key
    } else {
        effect_journal::EffectKey::new(key)?.short()
    };
    IdempotencyKey::new(key).map_err(|error| HubError::internal().caused_by(&error))
}

fn session(
    hub: &Hub,
    due: &Payable,
    payer: &Payer,
    customer: Option<&str>,
    email: Option<String>,
) -> CreateCheckoutSession {
    let title = match payer.lang() {
        Lang::Fr => format!("Facture {}", due.invoice),
        Lang::En => format!("Invoice {}", due.invoice),
    };
    let wanted = CreateCheckoutSession::payment()
        .line_item(LineItem::new(title, due.outstanding))
        .client_reference_id(due.invoice.as_str())
        .metadata_everywhere(INVOICE, due.invoice.as_str())
        .metadata_everywhere(CUSTOMER, due.customer.as_str())
        .locale(payer.locale())
        .success_url(back(hub, "/paiement/retour?session={CHECKOUT_SESSION_ID}"))
        .cancel_url(back(hub, "/paiement/retour?annule=1"));
    match (customer, email) {
        (Some(customer), _) => wanted.customer(customer),
        (None, Some(email)) => wanted.customer_email(email),
        (None, None) => wanted,
    }
}
