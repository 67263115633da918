//! Pre-authorised payments: what a customer has chosen, and what text was agreed to.

use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use erpnext_client::DocName;
use erpnext_client::value::SiteDateTime;
use http::Method;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::bill::{failed, named};
use super::payer::{cards, payer};
use super::rows::Payer;
use crate::Hub;
use crate::platform::api::{Api, Operation};
use crate::platform::asked::Asked;
use crate::platform::error::{HubError, HubResult};
use crate::platform::idempotency::{Answer, answered};

/// Longest name of a text.
const VERSION: usize = 64;

/// Routes of this room.
pub(super) fn api() -> Api {
    Api::new().route(
        "/payments/toggle-ppa",
        post(toggle),
        [Operation::new(Method::POST, "Keeps a customer's consent to pre-authorised payments, or its withdrawal, which is always possible")
            .header("Idempotency-Key", "1 to 128 visible ASCII characters: the same request again is answered again")
            .body(json!({"customer": "CUST-00042", "enabled": true, "consent_version": "2026-01-fr", "payment_method": "pm_1"}))
            .answers(200, "Kept: who took it down, when, and which text was agreed to", Some(json!({
                "customer": "CUST-00042",
                "ppa": {"enabled": true, "consent_at": "2026-11-22T15:00:00Z", "consent_version": "2026-01-fr", "consent_by": "marie@example.ca", "payment_method": "pm_1"},
            })))
            .answers(404, "No such customer", None)
            .answers(422, "`consent_version` is missing, or `payment_method` is not a card of the customer's", None)],
    )
}

#[derive(Debug, Deserialize, Serialize)]
struct Wanted {
    customer: String,
    enabled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    consent_version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payment_method: Option<String>,
}

async fn toggle(
    State(hub): State<Hub>,
    Asked { staff, key, wanted }: Asked<Wanted>,
) -> HubResult<Response> {
    let customer = named(&wanted.customer, "customer")?;
    let work = async {
        let choice = Choice {
            enabled: wanted.enabled,
            version: wanted.consent_version.as_deref(),
            payment_method: wanted.payment_method.as_deref(),
            by: &staff.email,
        };
        let payer = choose(&hub, &customer, &choice).await?;
        let ppa = state(&hub, &payer).await;
        Ok(Answer::ok(
            json!({ "customer": payer.name.as_str(), "ppa": ppa }),
        ))
    };
    answered(&hub, &key, "toggle-ppa", &staff.email, &wanted, work).await
}

/// What a customer wants, and who took it down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice<'a> {
    pub(super) enabled: bool,
    pub(super) version: Option<&'a str>,
    pub(super) payment_method: Option<&'a str>,
    pub(super) by: &'a str,
}

/// Keeps a choice in the record of the customer.
///
/// # Errors
///
/// 422 for a consent to no text, or to a card that is not the customer's; ERPNext fails. Only to
/// look at a card is Stripe asked.
pub(super) async fn choose(hub: &Hub, customer: &DocName, choice: &Choice<'_>) -> HubResult<Payer> {
    let erp = hub.erp()?;
    let version = match choice.version.map(str::trim) {
        None | Some("") if choice.enabled => return Err(HubError::invalid("consent_version")),
        Some(version)
            if version.chars().count() > VERSION || version.contains(char::is_control) =>
        {
            return Err(HubError::invalid("consent_version"));
        }
        version => version,
    };
    let before = payer(erp, customer).await?;
    if let (true, Some(wanted)) = (choice.enabled, choice.payment_method) {
        let saved = match before.stripe_customer() {
            Some(customer) => cards(hub.stripe()?, customer).await?,
            None => Vec::new(),
        };
        if !saved.iter().any(|card| card.id.as_str() == wanted) {
            return Err(HubError::invalid("payment_method"));
        }
    }
    let zone = erp
        .site()
        .await
        .map_err(|error| failed(&error))?
        .zone()
        .clone();
    let now = hub.now();
    let at = SiteDateTime::from_timestamp(now.round(jiff::Unit::Second).unwrap_or(now), &zone);
    let payers = erp.docs::<Payer>();
    let kept = payers.converge(&before.name, |payer| {
        let same = payer.custom_ppa_enabled.unwrap_or_default() == choice.enabled
            && (!choice.enabled || payer.custom_ppa_consent_version.as_deref() == version);
        if !same {
            payer.custom_ppa_enabled = Some(choice.enabled);
            payer.custom_ppa_consent_at = Some(at);
            payer.custom_ppa_consent_by = Some(choice.by.to_owned());
            // Which text was withdrawn from stays readable.
            if let Some(version) = version {
                payer.custom_ppa_consent_version = Some(version.to_owned());
            }
        }
        if let (true, Some(card)) = (choice.enabled, choice.payment_method) {
            payer.custom_ppa_payment_method = Some(card.to_owned());
        }
    });
    kept.await.map_err(|error| failed(&error))
}

/// The consent as it stands.
pub(super) async fn state(hub: &Hub, payer: &Payer) -> Value {
    json!({
        "enabled": payer.custom_ppa_enabled.unwrap_or_default(),
        "consent_at": consent_at(hub, payer).await,
        "consent_version": payer.custom_ppa_consent_version,
        "consent_by": payer.custom_ppa_consent_by,
        "payment_method": payer.agreed_card(),
    })
}

/// When the consent was given or withdrawn.
pub(super) async fn consent_at(hub: &Hub, payer: &Payer) -> Option<Timestamp> {
    let at = payer.custom_ppa_consent_at?;
    let site = hub.erp().ok()?.site().await.ok()?;
    at.to_timestamp(site.zone()).ok()
}
