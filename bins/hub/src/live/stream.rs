//! `GET /sse`: the stream itself.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::get;
use http::{HeaderMap, Method};
use live_events::{Error, Subscription, Topics};

use super::Viewer;
use crate::Hub;
use crate::platform::api::{Api, Operation};
use crate::platform::connection::Door;
use crate::platform::error::{HubError, HubResult};
use crate::platform::identity::Staff;

/// When a client is to come back that there is no room for.
const BACK_IN: Duration = Duration::from_secs(5);

/// The route.
pub(super) fn api() -> Api {
    Api::new().route(
        "/sse",
        get(stream),
        [Operation::new(
            Method::GET,
            "Streams live events (text/event-stream) of the topics asked for, resuming after Last-Event-ID",
        )
        .query("topics", "Comma list of 1 to 50 topics: customer:CUST-1, dispatch, conversations")
        .query(
            "last_event_id",
            "Id of the last event known, for a first connection; the header counts where both are given",
        )
        .answers(200, "Events; `reset` means that some may be missing and all is to be fetched again", None)
        .answers(400, "No topic, a bad one, or more than 50", None)
        .answers(401, "Not signed in", None)
        .answers(403, "One of the topics is not for the caller", None)
        .answers(503, "The hub is about to stop, or has no room: come back later", None)],
    )
}

async fn stream(State(hub): State<Hub>, request: Request) -> HubResult<Response> {
    let (parts, _) = request.into_parts();
    let viewer = parts.extensions.get::<Staff>().map(Viewer::from);
    let subscription = subscription(viewer.as_ref(), parts.uri.query(), &parts.headers)?;
    let reader = hub.live().subscribe(&subscription).map_err(refused)?;
    let answer = reader.into_response();
    Ok(match parts.extensions.get::<Door>() {
        // The connection is the stream's own from here on.
        Some(door) => {
            let (head, reader) = answer.into_parts();
            door.hand_over(reader);
            Response::from_parts(head, Body::empty())
        }
        None => answer.map(Body::new),
    })
}

/// What a viewer asks for, provided that it may.
///
/// # Errors
///
/// 401 where nobody is known, 400 what cannot be read, 403 where a topic is not the viewer's.
pub(super) fn subscription(
    viewer: Option<&Viewer>,
    query: Option<&str>,
    headers: &HeaderMap,
) -> HubResult<Subscription> {
    let viewer = viewer.ok_or_else(HubError::unauthenticated)?;
    let mut topics = None;
    let mut last = None;
    for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        let place = match &*name {
            "topics" => &mut topics,
            "last_event_id" => &mut last,
            _ => continue,
        };
        if place.replace(value).is_some() {
            return Err(HubError::malformed().because("a parameter given twice"));
        }
    }
    let topics: Topics = topics
        .unwrap_or_default()
        .parse()
        .map_err(|error: Error| HubError::malformed().because(error))?;
    let subscription = Subscription::authorised(topics, |topic| viewer.may_read(topic))
        .map_err(|error| HubError::forbidden().because(error))?;
    // A browser that comes back by itself has the header, and the address it first came with.
    let header = headers.get("last-event-id").map(|id| id.as_bytes());
    let header = header.map(String::from_utf8_lossy);
    Ok(subscription
        .resume(header.or(last).as_deref())
        .expires_at(viewer.expires_at()))
}

/// Why there is no stream.
pub(super) fn refused(error: Error) -> HubError {
    match error {
        Error::Draining | Error::Full => {
            HubError::of_status(http::StatusCode::SERVICE_UNAVAILABLE).retry_after(BACK_IN)
        }
        _ => HubError::malformed(),
    }
    .because(error)
}
