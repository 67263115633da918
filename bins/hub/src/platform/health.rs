//! `/health`, `/ready`, `/metrics`: for the machines that look after the hub.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Json};
use http::{HeaderMap, Method, StatusCode, header};
use integration_core::Secret;
use serde::Serialize;
use serde_json::json;
use subtle::ConstantTimeEq as _;
use tokio::time::{Instant, timeout};

use super::api::{Api, Caller, Operation};
use super::error::{HubError, HubResult};
use super::identity::Peer;
use crate::Hub;

/// How long a probe's result serves further callers.
const FRESH: Duration = Duration::from_secs(2);
/// How long a probe may take: a slow remote is degraded, not a slow `/ready`.
const PROBE: Duration = Duration::from_millis(1500);

/// State of one dependency.
#[derive(Clone, Debug, Serialize)]
pub struct Dependency {
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    latency_ms: Option<u128>,
}

/// The last probe of all dependencies.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<Mutex<Option<Probed>>>);

/// When the dependencies were asked, and what they said.
type Probed = (Instant, BTreeMap<&'static str, Dependency>);

impl Readiness {
    fn fresh(&self) -> Option<BTreeMap<&'static str, Dependency>> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref()
            .filter(|(at, _)| at.elapsed() < FRESH)
            .map(|(_, found)| found.clone())
    }

    /// Asks each dependency, or recalls what it said a moment ago.
    pub async fn dependencies(&self, hub: &Hub) -> BTreeMap<&'static str, Dependency> {
        if let Some(found) = self.fresh() {
            return found;
        }
        let genieacs = match hub.nbi() {
            Err(_) => Dependency {
                state: "off",
                latency_ms: None,
            },
            Ok(nbi) => {
                let began = Instant::now();
                let ok = matches!(timeout(PROBE, crate::devices::probe(nbi)).await, Ok(Ok(())));
                Dependency {
                    state: if ok { "ok" } else { "degraded" },
                    latency_ms: Some(began.elapsed().as_millis()),
                }
            }
        };
        let found = BTreeMap::from([("genieacs", genieacs)]);
        for (name, dependency) in &found {
            let up = if dependency.state == "ok" { 1.0 } else { 0.0 };
            metrics::gauge!("fsm_ready", "dependency" => *name).set(up);
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((Instant::now(), found.clone()));
        found
    }
}

/// Routes of this room.
pub fn api() -> Api {
    Api::new()
        .route(
            "/health",
            get(health),
            [Operation::new(Method::GET, "Tells that the process is alive; asks nobody else")
                .caller(Caller::Anyone)
                .answers(200, "Alive", Some(json!({"status": "ok"})))],
        )
        .route(
            "/ready",
            get(ready),
            [Operation::new(Method::GET, "Tells whether the hub takes work, and how each dependency is")
                .caller(Caller::Anyone)
                .answers(
                    200,
                    "Ready; a remote that is down degrades its own module only",
                    Some(json!({"status": "ready", "dependencies": {"genieacs": {"state": "ok", "latency_ms": 3}}})),
                )
                .answers(503, "Draining", Some(json!({"status": "draining", "dependencies": {}})))],
        )
        .route(
            "/metrics",
            get(metrics),
            [Operation::new(Method::GET, "Prometheus metrics")
                .caller(Caller::Machine)
                .answers(200, "Exposition text", None)],
        )
}

async fn health() -> Json<serde_json::Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

async fn ready(State(hub): State<Hub>) -> Response {
    let dependencies = hub.readiness().dependencies(&hub).await;
    let (status, word) = if hub.is_draining() {
        (StatusCode::SERVICE_UNAVAILABLE, "draining")
    } else {
        (StatusCode::OK, "ready")
    };
    (
        status,
        Json(json!({ "status": word, "dependencies": dependencies })),
    )
        .into_response()
}

/// Answers machines with the internal token, and whoever sits on this machine itself.
async fn metrics(
    State(hub): State<Hub>,
    Extension(Peer(peer)): Extension<Peer>,
    headers: HeaderMap,
) -> HubResult<Response> {
    let direct = peer.ip().to_canonical().is_loopback()
        && !headers
            .keys()
            .any(|name| name.as_str().starts_with("x-forwarded-"))
        && !headers.contains_key(header::FORWARDED);
    if !direct && !bears(&headers, hub.config().internal_token.as_ref()) {
        // What is not for the public does not exist for it.
        return Err(HubError::not_found());
    }
    Ok(exposition(&hub))
}

/// The exposition itself, for the internal listener too.
#[must_use]
pub fn exposition(hub: &Hub) -> Response {
    let text = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, text)], hub.metrics().render()).into_response()
}

/// Whether the request bears the internal token; compared in constant time.
#[must_use]
pub fn bears(headers: &HeaderMap, token: Option<&Secret>) -> bool {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    match (given, token) {
        (Some(given), Some(token)) => given.as_bytes().ct_eq(token.expose().as_bytes()).into(),
        _ => false,
    }
}
