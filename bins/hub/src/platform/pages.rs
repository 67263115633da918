//! What all pages share: language, theme, headers, stylesheet and script.

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::OnceLock;
use ui_kit::{ErrorPart, Lang, NavItem, Page, PageSecurity, Theme};

use super::api::Api;
use super::call::Call;
use super::error::{HubError, HubResult};
use super::identity::Staff;
use crate::Hub;

/// The operator's name, on every page.
pub(super) const BRAND: &str = "Gigafibre";
/// Sections of the staff console that exist.
const SECTIONS: &[NavItem] = &[NavItem::Customers, NavItem::Network, NavItem::Settings];

/// Language of the caller: cookie, then `Accept-Language`, then French.
#[must_use]
pub fn lang(headers: &HeaderMap) -> Lang {
    let cookie = cookie(headers, "lang");
    let accept = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    Lang::negotiate(cookie, accept)
}

/// Theme the caller has chosen, if any.
#[must_use]
pub fn theme(headers: &HeaderMap) -> Theme {
    Theme::from_cookie(cookie(headers, "theme"))
}

/// The value of a cookie.
#[must_use]
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// Routes of this room.
pub fn api() -> Api {
    Api::new()
        .page("/assets/{name}", get(asset))
        .page("/lang/{code}", get(choose_language))
        .page("/", get(front))
        .page("/ops", get(ops))
}

/// Nobody has anything to do at the front until customers can sign in.
async fn front() -> Redirect {
    Redirect::to("/ops")
}

async fn ops(_: Staff) -> Redirect {
    Redirect::to(NavItem::Network.href())
}

/// A page of the staff console, with what all of them share.
pub fn console(title: impl Into<String>, call: &Call, staff: &Staff, here: &str) -> Page {
    let other = call.lang.other();
    Page::console(title)
        .lang(call.lang)
        .theme(call.theme)
        .brand(BRAND)
        .search(NavItem::Network.href())
        .user(staff.email.clone())
        .sections(SECTIONS)
        .language_link(&format!(
            "/lang/{}?next={}",
            other.cookie(),
            ui_kit::query_value(here)
        ))
}

/// A page for anyone, with what all of them share.
pub fn public(title: impl Into<String>, call: &Call) -> Page {
    Page::public(title)
        .brand(BRAND)
        .lang(call.lang)
        .theme(call.theme)
}

/// A page as an answer, with its security headers.
#[must_use]
pub fn answer(hub: &Hub, status: StatusCode, page: &Page) -> Response {
    let https = hub
        .config()
        .public_url
        .as_ref()
        .is_some_and(integration_core::BaseUrl::is_https);
    with_headers(
        status,
        page.render(),
        &PageSecurity::new().behind_tls(https),
    )
}

fn with_headers(status: StatusCode, html: String, security: &PageSecurity) -> Response {
    let mut answer = (status, Html(html)).into_response();
    for (name, value) in ui_kit::security_headers(security) {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&value)) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}

/// An error as a page: the sentence, the way back, the id to tell.
#[must_use]
pub fn error_page(hub: &Hub, error: &HubError, call: &Call) -> Response {
    let title = error.message(call.lang);
    let part = ErrorPart::new(call.lang, title).request_id(call.id.as_str());
    let page = Page::public(title)
        .brand(BRAND)
        .lang(call.lang)
        .theme(call.theme)
        .error(true)
        .body(part);
    let mut answer = answer(hub, error.status(), &page);
    error.add_headers(&mut answer);
    answer
}

/// One asset as it is sent: its type, its bytes, and the same compressed.
struct Packed {
    content_type: &'static str,
    plain: Bytes,
    gzip: Bytes,
}

/// All assets by path, compressed once.
fn packed() -> &'static BTreeMap<&'static str, Packed> {
    static PACKED: OnceLock<BTreeMap<&'static str, Packed>> = OnceLock::new();
    PACKED.get_or_init(|| {
        ui_kit::assets()
            .iter()
            .map(|asset| {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
                let gzip = encoder
                    .write_all(&asset.body)
                    .and_then(|()| encoder.finish());
                let packed = Packed {
                    content_type: asset.content_type,
                    plain: Bytes::copy_from_slice(&asset.body),
                    gzip: gzip.map(Bytes::from).unwrap_or_default(),
                };
                (asset.path.as_str(), packed)
            })
            .collect()
    })
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> HubResult<Response> {
    let path = format!("/assets/{name}");
    let asset = packed()
        .get(path.as_str())
        .ok_or_else(HubError::not_found)?;
    let takes_gzip = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value
                .split(',')
                .any(|coding| coding.trim().starts_with("gzip"))
        });
    let mut answer = if takes_gzip && !asset.gzip.is_empty() {
        ([(header::CONTENT_ENCODING, "gzip")], asset.gzip.clone()).into_response()
    } else {
        asset.plain.clone().into_response()
    };
    let headers = answer.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(asset.content_type),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(ui_kit::ASSET_CACHE_CONTROL),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(answer)
}

#[derive(Debug, Deserialize)]
struct Next {
    next: Option<String>,
}

/// Remembers the language; a preference, which is why a link may set it.
async fn choose_language(
    State(hub): State<Hub>,
    Path(code): Path<String>,
    Query(Next { next }): Query<Next>,
) -> HubResult<Response> {
    let code = match code.as_str() {
        "fr" => "fr",
        "en" => "en",
        _ => return Err(HubError::not_found()),
    };
    let next = next
        .filter(|next| is_local_path(next))
        .unwrap_or_else(|| "/".to_owned());
    let https = hub
        .config()
        .public_url
        .as_ref()
        .is_some_and(integration_core::BaseUrl::is_https);
    let secure = if https { "; Secure" } else { "" };
    let cookie = format!("lang={code}; Path=/; Max-Age=31536000; SameSite=Lax{secure}");
    let mut answer = Redirect::to(&next).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        answer.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(answer)
}

/// Whether a `next` leads to a page of ours and nowhere else.
#[must_use]
pub fn is_local_path(next: &str) -> bool {
    next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.chars().any(char::is_control)
}
