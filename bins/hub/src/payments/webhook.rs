//! `POST /webhook/stripe`: what Stripe says is checked, kept on disk, and acknowledged; it is
//! worked on afterwards.

use std::time::Duration;

use axum::Json;
use axum::extract::{FromRequest as _, Request, State};
use axum::routing::post;
use effect_journal::{Accepted, Delivery, ErrorKind};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use stripe_webhooks::{Event, EventType, Receiver, UnixTime, VerifiedEvent, Verifier};
use tokio::time::timeout;

use crate::Hub;
use crate::platform::api::{Api, Caller, Operation};
use crate::platform::config::{Config, Mistake};
use crate::platform::edge::{BODY_LIMIT, BODY_TIME};
use crate::platform::error::{HubError, HubResult};

/// Under which source events are kept.
pub(super) const SOURCE: &str = "stripe";
/// When Stripe is to come back while the journal takes nothing.
const BACK_IN: Duration = Duration::from_secs(30);

/// The route.
pub(super) fn api() -> Api {
    Api::new().route(
        "/webhook/stripe",
        post(receive),
        [Operation::new(
            Method::POST,
            "Takes an event of Stripe: signed, kept before it is acknowledged, worked on afterwards",
        )
        .caller(Caller::Anyone)
        .body(json!({"id": "evt_1", "object": "event", "type": "payment_intent.succeeded", "data": {"object": {}}}))
        .answers(200, "Kept, or known already, or of no use here", Some(json!({"received": true})))
        .answers(400, "The signature or the body is bad", None)
        .answers(413, "The body is longer than 1 MiB", None)
        .answers(503, "Not configured, or the journal takes nothing: come back later", None)],
    )
}

/// What checks the signatures, where there are secrets. Events of the mode of the key alone are
/// ours.
///
/// # Errors
///
/// A secret that cannot be one.
pub(crate) fn verifier(config: &Config) -> Result<Option<Verifier>, Mistake> {
    if config.stripe_webhook_secrets.is_empty() {
        return Ok(None);
    }
    let secrets = config.stripe_webhook_secrets.iter().map(|s| s.expose());
    let verifier = Verifier::new(secrets).map_err(|error| Mistake {
        name: "STRIPE_WEBHOOK_SECRET".to_owned(),
        rule: error.to_string(),
    })?;
    Ok(Some(match &config.stripe {
        Some(stripe) => verifier.with_livemode(stripe.is_live()),
        None => verifier,
    }))
}

impl Receiver for Hub {
    fn verifier(&self) -> Option<&Verifier> {
        self.stripe_verifier()
    }

    fn now(&self) -> UnixTime {
        Self::now(self).as_second().into()
    }

    fn body_limit(&self) -> usize {
        BODY_LIMIT
    }
}

/// The type of an event as a label: what is not known must not make a new series.
pub(super) fn label(kind: &EventType) -> &str {
    match kind {
        EventType::Other(_) => "other",
        known => known.as_str(),
    }
}

fn count(kind: &str, outcome: &'static str) {
    metrics::counter!(
        "fsm_stripe_webhooks_total",
        "type" => kind.to_owned(),
        "outcome" => outcome,
    )
    .increment(1);
}

async fn receive(State(hub): State<Hub>, request: Request) -> HubResult<Json<Value>> {
    let journal = hub.journal()?;
    let reading = VerifiedEvent::from_request(request, &hub);
    let VerifiedEvent { event, body } = match timeout(BODY_TIME, reading).await {
        Ok(Ok(verified)) => verified,
        Ok(Err(refusal)) => {
            count("none", refusal.code());
            return match refusal.status() {
                // Signed, and nothing for us: another mode, or a notification without an object.
                StatusCode::OK => {
                    tracing::warn!(reason = refusal.code(), "an event was ignored");
                    Ok(received())
                }
                StatusCode::SERVICE_UNAVAILABLE => Err(HubError::not_configured()),
                status => Err(HubError::of_status(status).because(refusal.code())),
            };
        }
        Err(_) => return Err(HubError::of_status(StatusCode::REQUEST_TIMEOUT)),
    };
    let id = event.id.as_str();
    if hub.stripe_known().has(id) {
        count(label(&event.kind), "duplicate");
        return Ok(received());
    }
    let delivery = Delivery::new(SOURCE, id, body);
    match journal.accept(delivery).await {
        Ok(accepted) => {
            hub.stripe_known().keep(id);
            kept(&event, accepted);
            Ok(received())
        }
        Err(error) => {
            count(label(&event.kind), "not_kept");
            Err(match error.kind() {
                ErrorKind::Invalid(_) => HubError::malformed(),
                _ => HubError::of_status(StatusCode::SERVICE_UNAVAILABLE).retry_after(BACK_IN),
            }
            .caused_by(&error))
        }
    }
}

fn received() -> Json<Value> {
    Json(json!({ "received": true }))
}

fn kept(event: &Event, accepted: Accepted) {
    let outcome = match accepted {
        Accepted::New(_) => "new",
        Accepted::Duplicate { .. } => "duplicate",
        // Each attempt says how many endpoints are left.
        _ => "other_body",
    };
    count(label(&event.kind), outcome);
    tracing::debug!(
        event = event.id.as_str(),
        kind = label(&event.kind),
        outcome,
        "event"
    );
}
