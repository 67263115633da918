//! `/inbox`: what came in and how it went, for operators and their programs.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use effect_journal::{EffectKey, EffectRecord, ErrorKind, Item, ItemState, Items, Journal, Seq};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Hub;
use crate::platform::api::{Api, Caller, Operation};
use crate::platform::error::{HubError, HubResult};
use crate::platform::health::Machine;

/// Items of one list, at most.
const MOST: u32 = 200;
/// Bytes of a body that are shown.
const SHOWN: usize = 64 * 1024;
/// Names under which effects of an event are kept: before the id of what the event is about.
const EFFECTS: &[&str] = &[
    "payment:",
    "trigger:payment:",
    "issue:payment:",
    "refund:",
    "issue:refund:",
    "issue:unbooked:",
    "trigger:payment_failed:",
];

/// Routes of this room.
pub(super) fn api() -> Api {
    let item = json!({
        "seq": 7, "source": "stripe", "key": "evt_1", "state": "dead", "lane": "pi_1",
        "received_at": "2026-11-22T15:00:00Z", "due_at": "2026-11-22T15:20:00Z",
        "attempts": 12, "error": "no invoice is named",
    });
    let whole = json!({
        "seq": 7, "source": "stripe", "key": "evt_1", "state": "dead",
        "received_at": "2026-11-22T15:00:00Z", "due_at": "2026-11-22T15:20:00Z",
        "attempts": 12, "error": "no invoice is named",
        "headers": [["content-type", "application/json"]],
        "body": {"text": "{}", "bytes": 2, "truncated": false},
        "effects": [{"key": "payment:pi_1", "state": "done", "begun_at": "2026-11-22T15:00:01Z",
            "ended_at": "2026-11-22T15:00:02Z", "result": "ACC-PAY-2026-00001"}],
    });
    Api::new()
        .route(
            "/inbox",
            get(list),
            [
                Operation::new(Method::GET, "Lists what came in, newest first, without bodies")
                    .caller(Caller::Machine)
                    .query("state", "Only `pending`, `leased`, `done` or `dead`")
                    .query("source", "Only of this source, such as `stripe`")
                    .query("limit", "So many at most; 50 unless set, 200 at most")
                    .query("after", "What follows this number: the `next` of the page before")
                    .answers(200, "A page of them; `next` where more follow", Some(json!({"items": [item], "next": 7}))),
            ],
        )
        .route(
            "/inbox/{seq}",
            get(show),
            [
                Operation::new(Method::GET, "One of them with its body, up to 64 KiB of it, and the effects it is about")
                    .caller(Caller::Machine)
                    .path("seq", "Its number")
                    .answers(200, "The item", Some(whole)),
            ],
        )
        .route(
            "/inbox/{seq}/replay",
            post(replay),
            [
                Operation::new(Method::POST, "Makes one that was given up due again, as if it had just come; what it has done is not done again")
                    .caller(Caller::Machine)
                    .path("seq", "Its number")
                    .answers(200, "It is due", Some(json!({"seq": 7, "state": "pending"})))
                    .answers(409, "It was not given up: nothing changed", None),
            ],
        )
}

/// An item as programs see it.
#[derive(Debug, Serialize)]
struct Listed {
    seq: i64,
    source: String,
    key: String,
    state: &'static str,
    received_at: jiff::Timestamp,
    due_at: jiff::Timestamp,
    attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lane: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<String>,
}

impl From<&Item> for Listed {
    fn from(item: &Item) -> Self {
        let delivery = &item.delivery;
        Self {
            seq: item.seq.get(),
            source: delivery.source().to_owned(),
            key: delivery.key().to_owned(),
            state: item.state.as_str(),
            received_at: item.received_at,
            due_at: item.due_at,
            attempts: item.attempts,
            error: item.error.clone(),
            lane: delivery.lane_name().map(str::to_owned),
            trace: delivery.trace_id().map(str::to_owned),
        }
    }
}

#[derive(Debug, Deserialize)]
struct Wanted {
    state: Option<String>,
    source: Option<String>,
    limit: Option<u32>,
    after: Option<i64>,
}

async fn list(
    _: Machine,
    State(hub): State<Hub>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> HubResult<Json<Value>> {
    let Query(wanted) = wanted?;
    let mut items = Items::new();
    if let Some(state) = wanted.state.filter(|state| !state.is_empty()) {
        items = items.state(state_of(&state).ok_or_else(|| HubError::invalid("state"))?);
    }
    if let Some(source) = wanted.source.filter(|source| !source.is_empty()) {
        items = items.source(source);
    }
    if let Some(after) = wanted.after {
        items = items.before(Seq::new(after));
    }
    let limit = wanted.limit.unwrap_or(50);
    if !(1..=MOST).contains(&limit) {
        return Err(HubError::invalid("limit"));
    }
    let (items, next) = page(&**hub.journal()?, items, limit).await?;
    let items: Vec<Listed> = items.iter().map(Listed::from).collect();
    Ok(Json(json!({ "items": items, "next": next.map(Seq::get) })))
}

fn state_of(word: &str) -> Option<ItemState> {
    [
        ItemState::Pending,
        ItemState::Leased,
        ItemState::Done,
        ItemState::Dead,
    ]
    .into_iter()
    .find(|state| state.as_str() == word)
}

/// One page of a list, and the number after which the next begins, where there is one.
pub(super) async fn page(
    journal: &dyn Journal,
    items: Items,
    limit: u32,
) -> HubResult<(Vec<Item>, Option<Seq>)> {
    // One more tells whether more follow.
    let mut found = journal
        .items(items.limit(limit.saturating_add(1)))
        .await
        .map_err(|error| failed(&error))?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|item| item.seq);
    Ok((found, next))
}

/// What a failure of the journal is to a caller.
pub(super) fn failed(error: &effect_journal::Error) -> HubError {
    let answer = match error.kind() {
        ErrorKind::NotFound => HubError::not_found(),
        _ => HubError::of_status(http::StatusCode::SERVICE_UNAVAILABLE)
            .retry_after(std::time::Duration::from_secs(5)),
    };
    answer.caused_by(error)
}

/// The item that a path names.
async fn found(journal: &dyn Journal, seq: Result<Path<i64>, PathRejection>) -> HubResult<Item> {
    let Path(seq) = seq.map_err(|_| HubError::not_found())?;
    let item = journal.item(Seq::new(seq)).await;
    item.map_err(|error| failed(&error))?
        .ok_or_else(HubError::not_found)
}

async fn show(
    _: Machine,
    State(hub): State<Hub>,
    seq: Result<Path<i64>, PathRejection>,
) -> HubResult<Json<Value>> {
    let journal = hub.journal()?;
    let item = found(&**journal, seq).await?;
    let delivery = &item.delivery;
    let body = delivery.body();
    let mut effects = Vec::new();
    for key in keys(&item) {
        let effect = journal.effect(&key).await.map_err(|error| failed(&error))?;
        effects.extend(effect.map(|effect| told(&effect, journal.now())));
    }
    let headers: Vec<(&str, String)> = delivery
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value).into_owned()))
        .collect();
    let shown = body.get(..SHOWN).unwrap_or(body);
    let mut answer = serde_json::to_value(Listed::from(&item))
        .map_err(|error| HubError::internal().caused_by(&error))?;
    answer["headers"] = json!(headers);
    answer["body"] = json!({
        "text": String::from_utf8_lossy(shown),
        "bytes": body.len(),
        "truncated": body.len() > SHOWN,
    });
    answer["effects"] = json!(effects);
    Ok(Json(answer))
}

/// Under which keys the effects of an item may be kept: it tells by what it is about, its lane,
/// its own key, and the ids in its body.
fn keys(item: &Item) -> Vec<EffectKey> {
    let delivery = &item.delivery;
    let mut ids: Vec<String> = Vec::new();
    let mut add = |id: &str| {
        if !id.is_empty() && !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    };
    delivery.lane_name().into_iter().for_each(&mut add);
    add(delivery.key());
    let body: Value = serde_json::from_slice(delivery.body()).unwrap_or_default();
    for field in ["id", "payment_intent", "charge"] {
        let value = &body["data"]["object"][field];
        value.as_str().into_iter().for_each(&mut add);
    }
    EFFECTS
        .iter()
        .flat_map(|name| ids.iter().map(move |id| format!("{name}{id}")))
        .filter_map(|key| EffectKey::new(key).ok())
        .collect()
}

/// An effect as programs see it.
fn told(effect: &EffectRecord, now: jiff::Timestamp) -> Value {
    let state = if effect.ended_at.is_some() {
        "done"
    } else if effect.claim_until > now {
        "under_way"
    } else {
        "uncertain"
    };
    let result = effect.result.as_ref().map(|result| {
        let shown = result.get(..1024).unwrap_or(result);
        String::from_utf8_lossy(shown).into_owned()
    });
    json!({
        "key": effect.key.as_str(),
        "state": state,
        "begun_at": effect.begun_at,
        "ended_at": effect.ended_at,
        "result": result,
    })
}

async fn replay(
    machine: Machine,
    State(hub): State<Hub>,
    seq: Result<Path<i64>, PathRejection>,
) -> HubResult<Json<Value>> {
    let Machine = machine;
    let journal = hub.journal()?;
    let item = found(&**journal, seq).await?;
    again(&**journal, &item).await?;
    Ok(Json(json!({ "seq": item.seq.get(), "state": "pending" })))
}

/// Makes an item that was given up due again.
///
/// # Errors
///
/// 409 when it was not given up, or another was faster.
pub(super) async fn again(journal: &dyn Journal, item: &Item) -> HubResult<()> {
    if item.state != ItemState::Dead {
        return Err(HubError::conflict().because(item.state.as_str()));
    }
    journal.replay(item.seq).await.map_err(|error| {
        if error.kind() == ErrorKind::NotFound {
            HubError::conflict().caused_by(&error)
        } else {
            failed(&error)
        }
    })?;
    tracing::info!(
        seq = item.seq.get(),
        source = item.delivery.source(),
        "replayed"
    );
    Ok(())
}
