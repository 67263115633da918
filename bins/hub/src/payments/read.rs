//! What the payments' screens show: read part by part, each of which fails alone.

use std::time::Duration;

use erpnext_client::value::Decimal;
use erpnext_client::{Filter, Order};
use jiff::{Timestamp, Zoned};
use stripe_lite::{
    Amount, CheckoutMode, CheckoutStatus, Currency, PaymentIntentStatus, PaymentMethod,
    RefundStatus,
};

use super::bill::{currency, failed, in_minor, open, today};
use super::page::{Consent, Due, Notice, Paid, Saved};
use super::payer::{self, CUSTOMER};
use super::rows::{Booked, Payer};
use super::under_way::INVOICE;
use crate::Hub;
use crate::platform::error::HubResult;
use crate::platform::home;

/// Payments by card on the page.
const LATEST: u32 = 10;

/// What a client has to pay, the oldest first; credits are not to be paid.
pub(super) async fn due(hub: &Hub, payer: &Payer) -> HubResult<Vec<Due>> {
    let today = today(hub);
    let bills = open(hub.erp()?, &payer.name).await?;
    let mut due = Vec::new();
    for bill in bills {
        let outstanding = bill.outstanding_amount.unwrap_or_default();
        if outstanding <= Decimal::ZERO || bill.is_return.unwrap_or_default() {
            continue;
        }
        due.push(Due {
            amount: in_minor(outstanding, currency(&bill)?)?,
            late: bill.due_date.is_some_and(|day| day < today),
            due: bill.due_date,
            invoice: bill.name.to_string(),
        });
    }
    Ok(due)
}

/// The newest payments by card that ERPNext has booked.
pub(super) async fn paid(hub: &Hub, payer: &Payer) -> HubResult<Vec<Paid>> {
    let page = hub
        .erp()?
        .docs::<Booked>()
        .list()
        .filter(Filter::eq("party_type", "Customer"))
        .filter(Filter::eq("party", &payer.name))
        .filter(Filter::eq("docstatus", 1))
        .filter(Filter::eq("payment_type", "Receive"))
        .filter(Filter::starts_with("custom_psp_reference", "pi_"))
        .order_by("posting_date", Order::Desc)
        .order_by("name", Order::Desc)
        .limit(LATEST)
        .page()
        .await
        .map_err(|error| failed(&error))?;
    page.items
        .into_iter()
        .map(|entry| {
            let amount = entry.paid_amount.unwrap_or_default();
            Ok(Paid {
                amount: in_minor(amount, Currency::CAD)?,
                day: entry.posting_date,
                entry: entry.name.to_string(),
            })
        })
        .collect()
}

/// The consent, at the time of the site.
pub(super) fn consent(payer: &Payer, at: Option<Timestamp>) -> Consent {
    let at: Option<Zoned> = at.map(|at| at.to_zoned(home::zone()));
    Consent {
        enabled: payer.custom_ppa_enabled.unwrap_or_default(),
        at,
        version: payer.custom_ppa_consent_version.clone(),
        by: payer.custom_ppa_consent_by.clone(),
    }
}

/// The saved cards of a client.
pub(super) async fn cards(hub: &Hub, payer: &Payer) -> HubResult<Vec<Saved>> {
    let Some(customer) = payer.stripe_customer() else {
        return Ok(Vec::new());
    };
    let today = today(hub);
    let month = (today.year(), today.month());
    let saved = payer::cards(hub.stripe()?, customer).await?;
    Ok(saved.iter().map(|method| of(method, month)).collect())
}

fn of(method: &PaymentMethod, (year, month): (i16, i8)) -> Saved {
    let card = method.card.clone().unwrap_or_default();
    let expires = card.exp_month.zip(card.exp_year);
    Saved {
        id: method.id.to_string(),
        brand: card.brand.unwrap_or_else(|| "carte".to_owned()),
        last4: card.last4.unwrap_or_default(),
        expires,
        is_over: expires
            .is_some_and(|(m, y)| (i32::from(y), i32::from(m)) < (year.into(), month.into())),
    }
}

/// The card that would be charged: the one that was agreed to, else the first.
pub(super) fn to_charge<'a>(payer: &Payer, saved: &'a [Saved]) -> Option<&'a Saved> {
    let agreed = payer.agreed_card();
    saved
        .iter()
        .find(|card| agreed == Some(card.id.as_str()))
        .or_else(|| saved.first())
}

/// An open page of Stripe's, if it is this client's.
pub(super) async fn session(hub: &Hub, client: &str, id: &str) -> Option<Notice> {
    let sessions = hub.stripe().ok()?.checkout_sessions();
    let session = sessions.retrieve(id).await.ok()?;
    let ours = session.metadata.get(CUSTOMER).map(String::as_str) == Some(client);
    let open = session.status == Some(CheckoutStatus::Open);
    let url = session.url.clone().filter(|_| ours && open)?;
    if session.mode == Some(CheckoutMode::Setup) {
        return Some(Notice::CardLink { url });
    }
    let left = session.expires_at.map(|at| at - hub.now().as_second());
    Some(Notice::Link {
        url,
        invoice: session.metadata.get(INVOICE)?.clone(),
        amount: session.amount()?,
        until: left
            .and_then(|seconds| u64::try_from(seconds).ok())
            .map(Duration::from_secs),
    })
}

/// A charge as it stands, if it is this client's.
pub(super) async fn charged(hub: &Hub, client: &str, id: &str) -> Option<Notice> {
    let intents = hub.stripe().ok()?.payment_intents();
    let intent = intents.retrieve(id).await.ok()?;
    let ours = intent.metadata.get(CUSTOMER).map(String::as_str) == Some(client);
    let paid = intent.status == Some(PaymentIntentStatus::Succeeded);
    let waits = intent.status == Some(PaymentIntentStatus::Processing);
    (ours && (paid || waits)).then_some(Notice::Charged {
        amount: Amount::new(intent.amount, intent.currency?),
        paid,
    })
}

/// A refund as it stands.
pub(super) async fn refunded(hub: &Hub, id: &str) -> Option<Notice> {
    let refunds = hub.stripe().ok()?.refunds();
    let refund = refunds.retrieve(id).await.ok()?;
    Some(Notice::Refunded {
        amount: Amount::new(refund.amount, refund.currency?),
        done: refund.status == Some(RefundStatus::Succeeded),
    })
}
