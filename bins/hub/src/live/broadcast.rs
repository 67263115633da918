//! `POST /broadcast`: an event from another machine of ours.

use std::borrow::Cow;

use axum::Json;
use axum::extract::{Request, State};
use axum::routing::post;
use http::{Method, StatusCode};
use live_events::{EventName, Topic};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::Hub;
use crate::platform::api::{Api, Caller, Operation};
use crate::platform::edge;
use crate::platform::error::{HubError, HubResult};
use crate::platform::health::Machine;

/// Longest event that is taken, in bytes: it is sent to many, and kept for a while.
const LIMIT: usize = 64 * 1024;

/// The route.
pub(super) fn api() -> Api {
    Api::new().route(
        "/broadcast",
        post(broadcast),
        [Operation::new(
            Method::POST,
            "Publishes a live event, without waiting for those who read it",
        )
        .caller(Caller::Machine)
        .body(
            json!({"topic": "dispatch", "event": "job.updated", "data": {"key": "DJ-2026-00042"}}),
        )
        .answers(
            202,
            "Published; `subscribers` had the topic at that moment",
            Some(json!({"id": "5f0c1d2e3b4a.1795365058490-0", "subscribers": 12})),
        )
        .answers(413, "Longer than 64 KiB", None)
        .answers(422, "The topic or the name of the event is not one", None)],
    )
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    topic: Cow<'a, str>,
    #[serde(borrow)]
    event: Cow<'a, str>,
    #[serde(borrow)]
    data: &'a RawValue,
}

async fn broadcast(
    State(hub): State<Hub>,
    Machine: Machine,
    request: Request,
) -> HubResult<(StatusCode, Json<Value>)> {
    let body = edge::collect(request.into_body(), LIMIT).await?;
    let event: Event<'_> = serde_json::from_slice(&body)
        .map_err(|_| HubError::malformed().because("not {topic, event, data}"))?;
    let topic = Topic::new(&event.topic).map_err(|_| HubError::invalid("topic"))?;
    let name = EventName::new(&event.event).map_err(|_| HubError::invalid("event"))?;
    let published = hub.live().publish(&topic, &name, &on_one_line(event.data));
    let answer = json!({
        "id": published.id.to_string(),
        "subscribers": published.subscribers,
    });
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

/// The same document on one line: outside of strings an end of line is a space, and inside of
/// them there is none.
fn on_one_line(data: &RawValue) -> Cow<'_, str> {
    if data.get().contains(['\r', '\n']) {
        Cow::Owned(data.get().replace(['\r', '\n'], " "))
    } else {
        Cow::Borrowed(data.get())
    }
}
