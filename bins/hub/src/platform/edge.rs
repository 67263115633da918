//! What every request passes on its way in and out: id, identity, limits, errors, log.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::FutureExt as _;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use integration_core::RequestId;
use tokio::time::{Instant, timeout};

use super::call::Call;
use super::error::HubError;
use super::identity::{self, Peer, Staff};
use super::pages;
use crate::Hub;

/// How long a request may take before it is answered 504; the longest wait for a device
/// (connection request and session) fits in.
const TOTAL: Duration = Duration::from_secs(190);

/// The outermost layer.
pub async fn edge(State(hub): State<Hub>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let headers = request.headers();
    let call = Call {
        id: request_id(headers),
        lang: pages::lang(headers),
        theme: pages::theme(headers),
    };
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(none)", MatchedPath::as_str)
        .to_owned();
    let wants_page = wants_page(headers, &route);
    let peer = request.extensions().get::<Peer>().copied();
    let settled = match peer {
        Some(Peer(peer)) => {
            identity::settle(request.headers_mut(), peer, &hub.config().trusted_proxies)
        }
        // Only the server knows the peer; a router called without one trusts nobody.
        None => identity::settle(request.headers_mut(), ([0, 0, 0, 0], 0).into(), &[]),
    };
    let mut principal = "anyone";
    let answer = match settled {
        Err(error) => Err(error),
        Ok((address, staff)) => {
            request.extensions_mut().insert(call.clone());
            request.extensions_mut().insert(address);
            if let Some(staff) = staff {
                principal = "staff";
                request.extensions_mut().insert::<Staff>(staff);
            }
            let handled = AssertUnwindSafe(next.run(request)).catch_unwind();
            match timeout(TOTAL, handled).await {
                Ok(Ok(answer)) => Ok(answer),
                Ok(Err(_)) => Err(HubError::internal().because("a handler panicked")),
                Err(_) => Err(HubError::upstream_timeout().because("the whole request")),
            }
        }
    };
    let (mut answer, error) = finish(answer, &call, wants_page);
    if let Ok(id) = HeaderValue::from_str(call.id.as_str()) {
        answer.headers_mut().insert(RequestId::HEADER, id);
    }
    let headers = answer.headers_mut();
    headers
        .entry(header::X_CONTENT_TYPE_OPTIONS)
        .or_insert(HeaderValue::from_static("nosniff"));
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));

    let elapsed = began.elapsed();
    let status = answer.status();
    metrics::histogram!(
        "http_server_request_duration_seconds",
        "method" => method_label(&method),
        "http_route" => route.clone(),
        "status" => status.as_str().to_owned(),
    )
    .record(elapsed.as_secs_f64());
    let error = error.as_ref();
    tracing::info!(
        request_id = call.id.as_str(),
        method = method_label(&method),
        route,
        status = status.as_u16(),
        duration_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        principal,
        error = error.map(HubError::code),
        cause = error.and_then(HubError::cause),
        "request"
    );
    answer
}

/// Gives an error its body, in the form and the language of the caller.
fn finish(
    answer: Result<Response, HubError>,
    call: &Call,
    wants_page: bool,
) -> (Response, Option<HubError>) {
    let error = match answer {
        Err(error) => error,
        Ok(mut answer) => {
            let failed = answer.status().is_client_error() || answer.status().is_server_error();
            let ours = answer.extensions_mut().remove::<HubError>();
            match ours {
                Some(error) => error,
                // A refusal of the framework's own, which has no body of ours.
                None if failed && is_bare(&answer) => {
                    let error = HubError::of_status(answer.status());
                    let mut body = render(&error, call, wants_page);
                    if let Some(allow) = answer.headers().get(header::ALLOW) {
                        body.headers_mut().insert(header::ALLOW, allow.clone());
                    }
                    return (body, Some(error));
                }
                None => return (answer, None),
            }
        }
    };
    (render(&error, call, wants_page), Some(error))
}

fn is_bare(answer: &Response) -> bool {
    let text = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    text.is_empty() || text.starts_with("text/plain")
}

fn render(error: &HubError, call: &Call, wants_page: bool) -> Response {
    if wants_page {
        pages::error_page(error, call)
    } else {
        error.render(call.lang, call.id.as_str())
    }
}

fn wants_page(headers: &HeaderMap, route: &str) -> bool {
    let accepts = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("text/html"));
    accepts || route.starts_with("/ops")
}

fn request_id(headers: &HeaderMap) -> RequestId {
    headers
        .get(RequestId::HEADER)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .unwrap_or_else(|| RequestId::from_random(uuid::Uuid::new_v4().as_u128()))
}

/// A method as a label: whatever a stranger invents must not make a new series.
fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "PATCH" => "PATCH",
        "OPTIONS" => "OPTIONS",
        _ => "_OTHER",
    }
}

/// The answer to a path nobody serves.
pub async fn nowhere() -> HubError {
    HubError::not_found()
}

/// The longest body that is read, in bytes, unless a route says otherwise.
pub const BODY_LIMIT: usize = 1024 * 1024;
/// How long a client may take to send the body.
pub const BODY_TIME: Duration = Duration::from_secs(10);

/// Reads bodies within limits before a handler runs, so that a slow sender holds no handler.
pub async fn read_body(request: Request, next: Next) -> Response {
    use axum::response::IntoResponse as _;
    use http_body_util::{BodyExt as _, Limited};

    if axum::body::HttpBody::is_end_stream(request.body()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let read = timeout(BODY_TIME, Limited::new(body, BODY_LIMIT).collect()).await;
    let bytes = match read {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            return HubError::of_status(StatusCode::PAYLOAD_TOO_LARGE).into_response();
        }
        Ok(Err(_)) => {
            return HubError::malformed()
                .because("the body broke off")
                .into_response();
        }
        Err(_) => return HubError::of_status(StatusCode::REQUEST_TIMEOUT).into_response(),
    };
    next.run(Request::from_parts(parts, Body::from(bytes)))
        .await
}
