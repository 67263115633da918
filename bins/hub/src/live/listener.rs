//! `HUB_SSE_LISTEN`: the stream on an address of its own, where a client costs less memory.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use integration_core::RequestId;
use live_events::{Refusal, SseListener, Subscription};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Viewer, stream};
use crate::Hub;
use crate::platform::error::HubError;
use crate::platform::{identity, pages};

/// Serves `GET /sse` alone, with the same rules as the hub's own address, until told to stop and
/// all streams have ended.
pub async fn serve(hub: Hub, listener: TcpListener, connections: usize, stop: CancellationToken) {
    let live = hub.live().clone();
    SseListener::new(live, move |request, peer| admit(&hub, request, peer))
        .connections(connections)
        .serve(listener, stop)
        .await;
}

/// What a request is granted, by the rules of `GET /sse`.
fn admit(hub: &Hub, request: Request<()>, peer: SocketAddr) -> Result<Subscription, Refusal> {
    let (mut parts, ()) = request.into_parts();
    let lang = pages::lang(&parts.headers);
    let trusted = &hub.config().trusted_proxies;
    let granted = if parts.uri.path() == "/sse" {
        identity::settle(&mut parts.headers, peer, trusted).and_then(|(_, staff)| {
            let viewer = staff.as_ref().map(Viewer::from);
            stream::subscription(viewer.as_ref(), parts.uri.query(), &parts.headers)
        })
    } else {
        Err(HubError::not_found())
    };
    granted.map_err(|error| {
        let id = RequestId::from_random(uuid::Uuid::new_v4().as_u128());
        tracing::info!(
            request_id = id.as_str(),
            route = "/sse",
            status = error.status().as_u16(),
            error = error.code(),
            cause = error.cause(),
            "stream refused"
        );
        let mut answer = Response::new(Bytes::from(error.body(lang, id.as_str()).to_string()));
        *answer.status_mut() = error.status();
        let headers = answer.headers_mut();
        let json = HeaderValue::from_static("application/json");
        headers.insert(header::CONTENT_TYPE, json);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if error.status() == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        answer.into()
    })
}
