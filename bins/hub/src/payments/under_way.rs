//! Whether an invoice is being paid: money that Stripe has and ERPNext does not know yet.

use erpnext_client::DocName;
use stripe_lite::{
    CheckoutSession, CheckoutStatus, ListCheckoutSessions, ListPaymentIntents, PaymentIntent,
    PaymentIntentStatus,
};

use super::bill::{Payable, booked};
use super::provider::failed;
use crate::Hub;
use crate::platform::error::{HubError, HubResult};

/// The member of metadata that names the invoice.
pub(super) const INVOICE: &str = "invoice";
/// Payments and sessions of one customer that are looked at: the newest.
const NEWEST: u32 = 100;
/// Seconds that an open page must have left to be given to somebody.
const LASTS: i64 = 3600;

fn is_of(metadata: &std::collections::BTreeMap<String, String>, invoice: &DocName) -> bool {
    metadata.get(INVOICE).map(String::as_str) == Some(invoice.as_str())
}

/// Whether money is on its way, or there and perhaps not booked.
fn is_alive(intent: &PaymentIntent) -> bool {
    matches!(
        intent.status,
        Some(
            PaymentIntentStatus::Processing
                | PaymentIntentStatus::RequiresCapture
                | PaymentIntentStatus::Succeeded
        )
    )
}

/// Refuses while a payment is under way that ERPNext has not booked.
///
/// # Errors
///
/// 409 then; Stripe or ERPNext fail.
pub(super) async fn none_alive<'a>(
    hub: &Hub,
    intents: impl IntoIterator<Item = &'a PaymentIntent>,
) -> HubResult<()> {
    let alive: Vec<&PaymentIntent> = intents.into_iter().filter(|one| is_alive(one)).collect();
    let names: Vec<&str> = alive.iter().map(|intent| intent.id.as_str()).collect();
    let known = booked(hub.erp()?, &names).await?;
    let is_known = |name: &str| {
        known.iter().any(|entry| {
            let reference = entry.custom_psp_reference.as_deref();
            reference.is_some_and(|reference| reference.eq_ignore_ascii_case(name))
        })
    };
    match names.into_iter().find(|name| !is_known(name)) {
        None => Ok(()),
        Some(intent) => Err(HubError::state("payment_under_way").with("payment_intent", intent)),
    }
}

/// The payments of an invoice by a customer of Stripe.
pub(super) async fn intents(
    hub: &Hub,
    customer: &str,
    invoice: &DocName,
) -> HubResult<Vec<PaymentIntent>> {
    let list = ListPaymentIntents::new().customer(customer).limit(NEWEST);
    let stripe = hub.stripe()?;
    let page = async { stripe.payment_intents().list(&list)?.page().await };
    let intents = page.await.map_err(|error| failed(&error))?.items;
    let of_it = |intent: &PaymentIntent| is_of(&intent.metadata, invoice);
    Ok(intents.into_iter().filter(of_it).collect())
}

/// Refuses when a session that ended has left money that ERPNext does not know yet.
pub(super) async fn not_paid_by(hub: &Hub, session: &CheckoutSession) -> HubResult<()> {
    let Some(intent) = session.payment_intent.as_ref() else {
        return Ok(());
    };
    let intent = hub.stripe()?.payment_intents().retrieve(intent.id()).await;
    none_alive(hub, [&intent.map_err(|error| failed(&error))?]).await
}

/// Closes the open pages on which an invoice could be paid, but for one that asks for what is
/// due: nobody is to pay twice. Gives that one.
///
/// # Errors
///
/// 409 when such a page is being paid right now.
pub(super) async fn close_others(
    hub: &Hub,
    customer: &str,
    payable: &Payable,
    keep: bool,
) -> HubResult<Option<CheckoutSession>> {
    let sessions = hub.stripe()?.checkout_sessions();
    let list = ListCheckoutSessions::new()
        .customer(customer)
        .status(&CheckoutStatus::Open)
        .limit(NEWEST);
    let page = async { sessions.list(&list)?.page().await };
    let page = page.await.map_err(|error| failed(&error))?;
    let enough = hub.now().as_second().saturating_add(LASTS);
    let mut kept = None;
    for session in page.items {
        if !is_of(&session.metadata, &payable.invoice) {
            continue;
        }
        let lasts = session.expires_at.is_none_or(|at| at >= enough);
        let fits = session.amount() == Some(payable.outstanding) && session.url.is_some() && lasts;
        if keep && kept.is_none() && fits {
            kept = Some(session);
            continue;
        }
        if sessions.expire(&session.id).await.is_err() {
            // It may just have been paid, or have run out by itself.
            let now = sessions.retrieve(&session.id).await;
            let now = now.map_err(|error| failed(&error))?;
            match now.status {
                Some(CheckoutStatus::Expired) => {}
                Some(CheckoutStatus::Complete) => not_paid_by(hub, &now).await?,
                _ => return Err(HubError::upstream().because("a session does not close")),
            }
        }
    }
    Ok(kept)
}
