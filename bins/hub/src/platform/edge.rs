//! What every request passes on its way in and out: id, identity, limits, errors, log.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::FutureExt as _;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use integration_core::RequestId;
use tokio::time::{Instant, timeout};

use super::call::Call;
use super::error::HubError;
use super::identity::{self, Direct, Peer, Staff};
use super::pages;
use crate::Hub;

/// How long a request may take before it is answered 504; the longest wait for a device
/// (connection request and session) fits in.
const TOTAL: Duration = Duration::from_secs(190);

tokio::task_local! {
    /// The id of the request in hand, for calls that are made on behalf of it.
    pub(super) static REQUEST: RequestId;
}

/// The outermost layer.
pub async fn edge(State(hub): State<Hub>, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let call = Call {
        id: request_id(headers),
        lang: pages::lang(headers),
        theme: pages::theme(headers),
    };
    let mut record = Record::new(&request, &call);
    let wants_page = wants_page(headers, &record.route);
    let settled = enter(&hub, &mut request);
    let answer = match settled {
        Err(error) => Err(error),
        Ok(staff) => {
            request.extensions_mut().insert(call.clone());
            if let Some(staff) = staff {
                record.staff = Some(hub.csrf().pseudonym(&staff.email));
                request.extensions_mut().insert(staff);
            }
            let handled = REQUEST.scope(call.id.clone(), next.run(request));
            match timeout(TOTAL, AssertUnwindSafe(handled).catch_unwind()).await {
                Ok(Ok(answer)) => Ok(answer),
                Ok(Err(_)) => Err(HubError::internal().because("a handler panicked")),
                Err(_) => Err(HubError::upstream_timeout().because("the whole request")),
            }
        }
    };
    let (mut answer, error) = finish(&hub, answer, &call, wants_page);
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
    record.status = Some(answer.status());
    record.error = error;
    answer
}

/// Settles who calls, and from where.
fn enter(hub: &Hub, request: &mut Request) -> Result<Option<Staff>, HubError> {
    // Only the server knows the peer; a router called without one trusts nobody.
    let nobody = Peer(([0, 0, 0, 0], 0).into());
    let Peer(peer) = request
        .extensions()
        .get::<Peer>()
        .copied()
        .unwrap_or(nobody);
    let direct = identity::is_direct(request.headers(), peer);
    let trusted = &hub.config().trusted_proxies;
    let (address, staff) = identity::settle(request.headers_mut(), peer, trusted)?;
    request.extensions_mut().insert(address);
    if direct {
        request.extensions_mut().insert(Direct);
    }
    Ok(staff)
}

/// What is kept of a request when it ends in whatever way: a caller that hangs up drops its
/// handler, and must leave a trace all the same.
struct Record {
    began: Instant,
    id: RequestId,
    method: &'static str,
    route: String,
    staff: Option<String>,
    status: Option<StatusCode>,
    error: Option<HubError>,
}

impl Record {
    fn new(request: &Request, call: &Call) -> Self {
        let route = request.extensions().get::<MatchedPath>();
        Self {
            began: Instant::now(),
            id: call.id.clone(),
            method: method_label(request.method()),
            route: route.map_or("(none)", MatchedPath::as_str).to_owned(),
            staff: None,
            status: None,
            error: None,
        }
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        /// The caller hung up, as proxies write it.
        const HUNG_UP: u16 = 499;
        let status = self.status.map_or(HUNG_UP, |status| status.as_u16());
        let elapsed = self.began.elapsed();
        metrics::histogram!(
            "http_server_request_duration_seconds",
            "method" => self.method,
            "http_route" => self.route.clone(),
            "status" => status.to_string(),
        )
        .record(elapsed.as_secs_f64());
        tracing::info!(
            request_id = self.id.as_str(),
            method = self.method,
            route = self.route,
            status,
            duration_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
            principal = if self.staff.is_some() {
                "staff"
            } else {
                "anyone"
            },
            principal_id = self.staff,
            error = self.error.as_ref().map(HubError::code),
            cause = self.error.as_ref().and_then(HubError::cause),
            "request"
        );
    }
}

/// Gives an error its body, in the form and the language of the caller.
fn finish(
    hub: &Hub,
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
                    let mut body = render(hub, &error, call, wants_page);
                    if let Some(allow) = answer.headers().get(header::ALLOW) {
                        body.headers_mut().insert(header::ALLOW, allow.clone());
                    }
                    return (body, Some(error));
                }
                None => return (answer, None),
            }
        }
    };
    (render(hub, &error, call, wants_page), Some(error))
}

fn is_bare(answer: &Response) -> bool {
    let text = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    text.is_empty() || text.starts_with("text/plain")
}

fn render(hub: &Hub, error: &HubError, call: &Call, wants_page: bool) -> Response {
    if wants_page {
        pages::error_page(hub, error, call)
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

/// Reads the bodies of staff within limits before a handler runs, so that a slow sender holds
/// no handler. Of anyone else nothing is read until a handler knows who calls.
pub async fn read_body(request: Request, next: Next) -> Response {
    let declared = axum::body::HttpBody::size_hint(request.body()).lower();
    if declared > BODY_LIMIT as u64 {
        return HubError::of_status(StatusCode::PAYLOAD_TOO_LARGE).into_response();
    }
    let known = request.extensions().get::<Staff>().is_some();
    if !known || axum::body::HttpBody::is_end_stream(request.body()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match collect(body, BODY_LIMIT).await {
        Ok(bytes) => {
            next.run(Request::from_parts(parts, Body::from(bytes)))
                .await
        }
        Err(error) => error.into_response(),
    }
}

/// Reads a whole body within a limit and the usual time.
///
/// # Errors
///
/// 413 when it is longer, 408 when it comes too slowly, 400 when it breaks off.
pub async fn collect(body: Body, limit: usize) -> Result<Bytes, HubError> {
    match timeout(BODY_TIME, Limited::new(body, limit).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Err(HubError::of_status(StatusCode::PAYLOAD_TOO_LARGE))
        }
        Ok(Err(_)) => Err(HubError::malformed().because("the body broke off")),
        Err(_) => Err(HubError::of_status(StatusCode::REQUEST_TIMEOUT)),
    }
}
