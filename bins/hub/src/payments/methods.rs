//! What a client owes, how the client pays, and the pages on which cards are kept.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use erpnext_client::DocName;
use http::Method;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stripe_lite::{
    CheckoutSession, CreateCheckoutSession, CreatePortalSession, Currency, PaymentMethod,
};

use super::bill::{currency, in_minor, named, open, today};
use super::checkout::back;
use super::payer::{CUSTOMER, cards, ensure_customer, payer};
use super::ppa;
use super::provider::failed;
use super::rows::Payer;
use crate::Hub;
use crate::platform::api::{Api, Operation};
use crate::platform::asked::Asked;
use crate::platform::error::{HubError, HubResult};
use crate::platform::idempotency::{Answer, answered};
use crate::platform::identity::Staff;

/// Routes of this room.
pub(super) fn api() -> Api {
    let customer = "Name of the Customer in ERPNext, percent-encoded";
    let key = "1 to 128 visible ASCII characters: the same request again is answered again";
    Api::new()
        .route(
            "/payments/balance/{customer}",
            get(balance),
            [Operation::new(Method::GET, "Tells what a customer owes, invoice by invoice, as ERPNext says right now")
                .path("customer", customer)
                .answers(200, "Sums by currency; credits count against", Some(json!({
                    "customer": "CUST-00042",
                    "balances": [{"currency": "cad", "due_cents": 9197, "late_cents": 9197}],
                    "invoices": [{"invoice": "ACC-SINV-2026-00001", "issued": "2026-10-25", "due": "2026-11-10", "outstanding_cents": 9197, "currency": "cad", "late": true}],
                })))
                .answers(404, "No such customer", None)],
        )
        .route(
            "/payments/methods/{customer}",
            get(methods),
            [Operation::new(Method::GET, "Lists a customer's saved cards, and the consent to pre-authorised payments")
                .path("customer", customer)
                .answers(200, "Cards", Some(json!({
                    "customer": "CUST-00042",
                    "methods": [{"id": "pm_1", "type": "card", "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2029, "default": true}],
                    "ppa": {"enabled": true, "consent_at": "2026-11-22T15:00:00Z", "consent_version": "2026-01-fr", "consent_by": "marie@example.ca", "payment_method": "pm_1"},
                })))
                .answers(404, "No such customer", None)],
        )
        .route(
            "/payments/setup",
            post(setup),
            [Operation::new(Method::POST, "Makes a page of Stripe's on which a customer saves a card, without paying")
                .header("Idempotency-Key", key)
                .body(json!({"customer": "CUST-00042"}))
                .answers(200, "The page", Some(json!({"url": "https://checkout.stripe.com/c/setup/cs_live_a1", "session": "cs_live_a1", "customer": "CUST-00042", "expires_at": "2026-11-23T15:00:00Z"})))
                .answers(404, "No such customer", None)],
        )
        .route(
            "/payments/portal",
            post(portal),
            [Operation::new(Method::POST, "Makes a page of Stripe's on which a customer keeps their cards")
                .header("Idempotency-Key", key)
                .body(json!({"customer": "CUST-00042"}))
                .answers(200, "The page; it holds for some minutes", Some(json!({"url": "https://billing.stripe.com/p/session/1", "customer": "CUST-00042"})))
                .answers(404, "No such customer", None)],
        )
}

/// The customer that an address names.
fn of_path(path: Result<Path<String>, PathRejection>) -> HubResult<DocName> {
    let Path(text) = path.map_err(|_| HubError::not_found())?;
    DocName::new(&text).map_err(|_| HubError::not_found())
}

async fn balance(
    State(hub): State<Hub>,
    _: Staff,
    path: Result<Path<String>, PathRejection>,
) -> HubResult<Json<Value>> {
    let name = of_path(path)?;
    let erp = hub.erp()?;
    let (payer, bills) = tokio::join!(payer(erp, &name), open(erp, &name));
    let (payer, bills, today) = (payer?, bills?, today(&hub));
    let mut balances: Vec<(Currency, i64, i64)> = Vec::new();
    let mut invoices = Vec::new();
    for bill in &bills {
        let due = in_minor(bill.outstanding_amount.unwrap_or_default(), currency(bill)?)?;
        let late = due.minor() > 0 && bill.due_date.is_some_and(|day| day < today);
        let of_it = if late { due.minor() } else { 0 };
        match balances
            .iter_mut()
            .find(|(currency, ..)| *currency == due.currency())
        {
            Some((_, sum, sum_late)) => {
                *sum = sum.saturating_add(due.minor());
                *sum_late = sum_late.saturating_add(of_it);
            }
            None => balances.push((due.currency(), due.minor(), of_it)),
        }
        invoices.push(json!({
            "invoice": bill.name.as_str(),
            "issued": bill.posting_date,
            "due": bill.due_date,
            "outstanding_cents": due.minor(),
            "currency": due.currency().as_str(),
            "late": late,
        }));
    }
    let balances: Vec<Value> = balances
        .into_iter()
        .map(|(currency, due, late)| {
            json!({"currency": currency.as_str(), "due_cents": due, "late_cents": late})
        })
        .collect();
    Ok(Json(json!({
        "customer": payer.name.as_str(), "balances": balances, "invoices": invoices,
    })))
}

async fn methods(
    State(hub): State<Hub>,
    _: Staff,
    path: Result<Path<String>, PathRejection>,
) -> HubResult<Json<Value>> {
    let name = of_path(path)?;
    let payer = payer(hub.erp()?, &name).await?;
    let stripe = hub.stripe()?;
    let saved = match payer.stripe_customer() {
        Some(customer) => cards(stripe, customer).await?,
        None => Vec::new(),
    };
    let chosen = payer
        .agreed_card()
        .or_else(|| saved.first().map(|card| card.id.as_str()));
    let methods: Vec<Value> = saved
        .iter()
        .map(|method| shown(method, chosen == Some(method.id.as_str())))
        .collect();
    Ok(Json(json!({
        "customer": payer.name.as_str(),
        "methods": methods,
        "ppa": ppa::state(&hub, &payer).await,
    })))
}

/// What of a card may be shown.
fn shown(method: &PaymentMethod, is_default: bool) -> Value {
    let card = method.card.clone().unwrap_or_default();
    json!({
        "id": method.id.as_str(),
        "type": method.kind,
        "brand": card.brand,
        "last4": card.last4,
        "exp_month": card.exp_month,
        "exp_year": card.exp_year,
        "default": is_default,
    })
}

#[derive(Debug, Deserialize, Serialize)]
struct Wanted {
    customer: String,
}

async fn setup(
    State(hub): State<Hub>,
    Asked { staff, key, wanted }: Asked<Wanted>,
) -> HubResult<Response> {
    let name = named(&wanted.customer, "customer")?;
    let work = async {
        let payer = payer(hub.erp()?, &name).await?;
        let session = card_page(&hub, &payer).await?;
        let until = session
            .expires_at
            .and_then(|at| Timestamp::from_second(at).ok());
        Ok(Answer::ok(json!({
            "url": session.url, "session": session.id.as_str(), "customer": payer.name.as_str(), "expires_at": until,
        })))
    };
    answered(&hub, &key, "setup", &staff.email, &wanted, work).await
}

/// A page of Stripe's on which a client saves a card.
pub(super) async fn card_page(hub: &Hub, payer: &Payer) -> HubResult<CheckoutSession> {
    let stripe = hub.stripe()?;
    let customer = ensure_customer(hub, payer).await?;
    let wanted = CreateCheckoutSession::setup(Currency::CAD)
        .customer(&customer)
        .metadata_everywhere(CUSTOMER, payer.name.as_str())
        .locale(payer.locale())
        .success_url(back(hub, "/paiement/retour?session={CHECKOUT_SESSION_ID}"))
        .cancel_url(back(hub, "/paiement/retour?annule=1"));
    // Nothing is paid by it: a second page does no harm.
    let made = stripe.checkout_sessions().create(&wanted, None).await;
    made.map_err(|error| failed(&error))
}

async fn portal(
    State(hub): State<Hub>,
    Asked { staff, key, wanted }: Asked<Wanted>,
) -> HubResult<Response> {
    let name = named(&wanted.customer, "customer")?;
    let work = async {
        let payer = payer(hub.erp()?, &name).await?;
        let stripe = hub.stripe()?;
        let customer = ensure_customer(&hub, &payer).await?;
        let wanted = CreatePortalSession::new(&customer)
            .locale(payer.locale())
            .return_url(back(&hub, "/compte"));
        let made = stripe.billing_portal().create_session(&wanted, None).await;
        let made = made.map_err(|error| failed(&error))?;
        Ok(Answer::ok(
            json!({ "url": made.url, "customer": payer.name.as_str() }),
        ))
    };
    answered(&hub, &key, "portal", &staff.email, &wanted, work).await
}
