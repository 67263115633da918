//! The staff door: stands where an operator has an identity proxy, and signs everyone in as
//! the same member of staff, so that a browser can open the console.

use std::net::SocketAddr;

use anyhow::Context as _;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Who comes in through the door.
pub const EMAIL: &str = "marie.tremblay@example.ca";
/// What she may do.
pub const GROUPS: &str = "soutien|reseau";

#[derive(Clone)]
struct Door {
    hub: SocketAddr,
    client: Client<HttpConnector, Body>,
}

/// Serves the door until told to stop.
///
/// # Errors
///
/// The listener fails.
pub async fn serve(
    listener: TcpListener,
    hub: SocketAddr,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let door = Door {
        hub,
        client: Client::builder(TokioExecutor::new()).build_http(),
    };
    let app = Router::new().fallback(forward).with_state(door);
    axum::serve(listener, app)
        .with_graceful_shutdown(async move { stop.cancelled().await })
        .await
        .context("the staff door cannot be served")
}

async fn forward(State(door): State<Door>, mut request: Request) -> Response {
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    match format!("http://{}{path}", door.hub).parse() {
        Ok(uri) => *request.uri_mut() = uri,
        Err(_) => return StatusCode::BAD_REQUEST.into_response(),
    }
    let headers = request.headers_mut();
    let named: Vec<_> = headers
        .keys()
        .filter(|name| name.as_str().starts_with("x-authentik") || name.as_str().starts_with("x_"))
        .cloned()
        .collect();
    for name in named {
        headers.remove(name);
    }
    headers.insert("x-forwarded-for", HeaderValue::from_static("127.0.0.1"));
    headers.insert("x-authentik-email", HeaderValue::from_static(EMAIL));
    headers.insert("x-authentik-groups", HeaderValue::from_static(GROUPS));
    match door.client.request(request).await {
        Ok(answer) => answer.map(Body::new).into_response(),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}
