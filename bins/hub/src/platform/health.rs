//! `/health`, `/ready`, `/metrics`: for the machines that look after the hub.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, header};
use integration_core::Secret;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use subtle::{Choice, ConstantTimeEq as _};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::api::{Api, Caller, Operation};
use super::error::{HubError, HubResult};
use super::identity::{Direct, Staff};
use super::journal;
use crate::Hub;

/// How long a probe's result serves further callers.
const FRESH: Duration = Duration::from_secs(2);
/// How long a probe may take: a slow remote is degraded, not a slow `/ready`.
const PROBE: Duration = Duration::from_millis(1500);

/// State of one dependency.
#[derive(Clone, Debug, Serialize)]
pub struct Dependency {
    /// `ok`, `degraded`, or `off` where it is not configured.
    pub state: &'static str,
    /// How long it took to answer, where it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u64>,
    /// When it came into this state, as far as this process has seen.
    pub since: Timestamp,
}

/// The last probe of all dependencies.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<Mutex<Option<Probed>>>);

/// When the dependencies were asked, and what they said.
type Probed = (Instant, BTreeMap<&'static str, Dependency>);

impl Readiness {
    /// Asks each dependency, or recalls what it said a moment ago. However many ask at once,
    /// one of them asks the remote.
    pub async fn dependencies(&self, hub: &Hub) -> BTreeMap<&'static str, Dependency> {
        let mut last = self.0.lock().await;
        if let Some((at, found)) = last.as_ref()
            && at.elapsed() < FRESH
        {
            return found.clone();
        }
        let (erpnext, genieacs, journal, stripe) = tokio::join!(
            async {
                match hub.erp() {
                    Err(_) => ("off", None),
                    Ok(erp) => Box::pin(probed(crate::clients::probe(erp))).await,
                }
            },
            async {
                match hub.nbi() {
                    Err(_) => ("off", None),
                    Ok(nbi) => Box::pin(probed(crate::devices::probe(nbi))).await,
                }
            },
            async {
                match hub.journal() {
                    Err(_) => ("off", None),
                    Ok(_) => Box::pin(probed(journal::probe(hub))).await,
                }
            },
            async {
                match hub.stripe() {
                    Err(_) => ("off", None),
                    Ok(stripe) => Box::pin(probed(crate::payments::probe(stripe))).await,
                }
            },
        );
        let answers = [
            ("erpnext", erpnext),
            ("genieacs", genieacs),
            ("journal", journal),
            ("stripe", stripe),
        ];
        let found: BTreeMap<_, _> = answers
            .into_iter()
            .map(|(name, (state, latency))| {
                let since = last
                    .as_ref()
                    .and_then(|(_, found)| found.get(name))
                    .filter(|before| before.state == state)
                    .map_or_else(|| hub.now(), |before| before.since);
                let up = if state == "ok" { 1.0 } else { 0.0 };
                metrics::gauge!("fsm_ready", "dependency" => name).set(up);
                let dependency = Dependency {
                    state,
                    latency_ms: latency
                        .map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
                    since,
                };
                (name, dependency)
            })
            .collect();
        *last = Some((Instant::now(), found.clone()));
        found
    }
}

/// How a dependency answers, and how fast.
async fn probed<E>(probe: impl Future<Output = Result<(), E>>) -> (&'static str, Option<Duration>) {
    let began = Instant::now();
    let ok = matches!(timeout(PROBE, probe).await, Ok(Ok(())));
    (if ok { "ok" } else { "degraded" }, Some(began.elapsed()))
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
                    Some(json!({"status": "ready", "dependencies": {"erpnext": {"state": "off", "since": "2026-11-22T15:00:00Z"}, "genieacs": {"state": "ok", "latency_ms": 3, "since": "2026-11-22T15:00:00Z"}, "journal": {"state": "ok", "latency_ms": 0, "since": "2026-11-22T15:00:00Z"}, "stripe": {"state": "off", "since": "2026-11-22T15:00:00Z"}}})),
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
async fn metrics(State(hub): State<Hub>, insider: Insider) -> Response {
    let Insider = insider;
    exposition(&hub)
}

/// Staff, a machine with the internal token, or someone on this machine itself: for what is
/// not for the public. To anyone else it does not exist.
#[derive(Debug)]
pub struct Insider;

impl FromRequestParts<Hub> for Insider {
    type Rejection = HubError;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> HubResult<Self> {
        let known = parts.extensions.get::<Staff>().is_some()
            || parts.extensions.get::<Direct>().is_some()
            || bears(&parts.headers, &hub.config().internal_tokens);
        if known {
            Ok(Self)
        } else {
            Err(HubError::not_found())
        }
    }
}

/// A machine with the internal token: for what works on the hub's own state.
#[derive(Debug)]
pub struct Machine;

impl FromRequestParts<Hub> for Machine {
    type Rejection = HubError;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> HubResult<Self> {
        if bears(&parts.headers, &hub.config().internal_tokens) {
            Ok(Self)
        } else {
            Err(HubError::unauthenticated())
        }
    }
}

/// The exposition itself, for the internal listener too.
#[must_use]
pub fn exposition(hub: &Hub) -> Response {
    crate::live::measure(hub.live());
    let text = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, text)], hub.metrics().render()).into_response()
}

/// Whether the request bears an internal token; all are compared, in constant time.
#[must_use]
pub fn bears(headers: &HeaderMap, tokens: &[Secret]) -> bool {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let Some(given) = given else {
        return false;
    };
    tokens
        .iter()
        .fold(Choice::from(0), |found, token| {
            found | given.as_bytes().ct_eq(token.expose().as_bytes())
        })
        .into()
}
