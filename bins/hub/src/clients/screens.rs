//! Routes of the clients' screens.

use axum::extract::Path;
use axum::extract::Query as Parameters;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use erpnext_client::DocName;
use futures_util::FutureExt as _;
use http::StatusCode;
use serde::Deserialize;
use ui_kit::{ErrorPart, NavItem, Page, PageHead, Text};

use super::cursor::Cursor;
use super::find::{self, Outcome};
use super::lookup::{MOST_CHARS, Sought};
use super::modem;
use super::page::{self, CLIENT, EQUIPMENT, SEARCH};
use super::read::{Reader, complain};
use super::view::{Found, Identity, LiveEquipment, Moment, Part, plain};
use crate::payments;
use crate::platform::api::Api;
use crate::platform::error::{HubError, HubResult};
use crate::platform::visit::Visit;

/// Routes of this room.
pub(super) fn api() -> Api {
    Api::new()
        .page(SEARCH, get(search))
        .page(CLIENT, get(client))
        .page(EQUIPMENT, get(equipment))
}

fn frame(visit: &Visit, title: &str, here: &str) -> Page {
    visit.page(NavItem::Customers, title, here)
}

/// The page that says why there is no other.
fn refused(visit: &Visit, error: &HubError, here: &str) -> Response {
    complain("page", error);
    let lang = visit.call.lang;
    let title = lang.t(Text::Customers);
    let part = ErrorPart::new(lang, error.message(lang))
        .retry(here)
        .request_id(visit.call.id.as_str());
    let page = frame(visit, title, here)
        .search(SEARCH)
        .head(PageHead::new(title).lang(lang))
        .body(part);
    visit.answer(error.status(), &page)
}

async fn moment<'a>(visit: &'a Visit, reader: Reader<'_>) -> Moment<'a> {
    Moment {
        zone: reader.zone().await,
        ..moment_of(visit)
    }
}

/// The moment, where no time of the site is shown.
fn moment_of(visit: &Visit) -> Moment<'_> {
    Moment {
        lang: visit.call.lang,
        now: visit.hub.now(),
        zone: jiff::tz::TimeZone::UTC,
        request_id: visit.call.id.as_str(),
    }
}

#[derive(Debug, Deserialize)]
struct SearchQuery {
    #[serde(default)]
    q: String,
}

async fn search(
    visit: Visit,
    query: Result<Parameters<SearchQuery>, QueryRejection>,
) -> HubResult<Response> {
    let Parameters(SearchQuery { q }) = query?;
    let erp = match visit.hub.erp() {
        Ok(erp) => erp,
        Err(error) => return Ok(refused(&visit, &error, SEARCH)),
    };
    if q.chars().count() > MOST_CHARS {
        let begin: String = q.chars().take(MOST_CHARS).collect();
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(searched(&visit, status, &plain(&begin), &Found::TooLong));
    }
    let Some(sought) = Sought::read(&q) else {
        return Ok(searched(&visit, StatusCode::OK, "", &Found::Nothing));
    };
    match find::find(Reader::new(erp), &sought).boxed().await {
        Outcome::One(id) => Ok(Redirect::to(&page::href(id.as_str())).into_response()),
        Outcome::Shown(found) => {
            let status = match &found {
                Found::Unavailable => StatusCode::BAD_GATEWAY,
                _ => StatusCode::OK,
            };
            Ok(searched(&visit, status, &plain(&q), &found))
        }
    }
}

fn searched(visit: &Visit, status: StatusCode, query: &str, found: &Found) -> Response {
    let here = if query.is_empty() {
        SEARCH.to_owned()
    } else {
        format!("{SEARCH}?q={}", ui_kit::query_value(query))
    };
    let title = visit.call.lang.t(Text::Customers);
    let page = frame(visit, title, &here);
    let page = page::search(page, &moment_of(visit), query, found);
    visit.answer(status, &page)
}

/// There is no client of this number.
fn nobody(visit: &Visit, id: &str) -> Response {
    let found = Found::Clients {
        hits: Vec::new(),
        more: false,
        partial: false,
    };
    let shown: String = plain(id).chars().take(MOST_CHARS).collect();
    searched(visit, StatusCode::NOT_FOUND, &shown, &found)
}

/// The client that an address names, or the page that says why not.
async fn named(
    visit: &Visit,
    path: Result<Path<String>, PathRejection>,
) -> Result<(Reader<'_>, DocName), Box<Response>> {
    let erp = match visit.hub.erp() {
        Ok(erp) => erp,
        Err(error) => return Err(Box::new(refused(visit, &error, SEARCH))),
    };
    let Ok(Path(text)) = path else {
        return Err(Box::new(nobody(visit, "")));
    };
    match DocName::new(&text) {
        Ok(id) => Ok((Reader::new(erp), id)),
        Err(_) => Err(Box::new(nobody(visit, &text))),
    }
}

/// What was read of a client: names ignore case and accents, addresses of pages do not.
fn known<T>(
    visit: &Visit,
    id: &DocName,
    here: &str,
    read: HubResult<Option<T>>,
    who: impl Fn(&T) -> &Identity,
) -> Result<T, Box<Response>> {
    match read {
        Err(error) => Err(Box::new(refused(visit, &error, here))),
        Ok(None) => Err(Box::new(nobody(visit, id.as_str()))),
        Ok(Some(read)) if who(&read).id != id.as_str() => {
            let right = page::href(&who(&read).id);
            Err(Box::new(Redirect::to(&right).into_response()))
        }
        Ok(Some(read)) => Ok(read),
    }
}

#[derive(Debug, Deserialize)]
struct ClientQuery {
    factures: Option<String>,
}

async fn client(
    visit: Visit,
    path: Result<Path<String>, PathRejection>,
    query: Result<Parameters<ClientQuery>, QueryRejection>,
) -> HubResult<Response> {
    let Parameters(ClientQuery { factures }) = query?;
    let answer = match named(&visit, path).await {
        Err(answer) => Err(answer),
        Ok((reader, id)) => match factures {
            Some(cursor) => invoices(&visit, reader, &id, &cursor).boxed().await,
            None => record(&visit, reader, &id).boxed().await,
        },
    };
    Ok(answer.unwrap_or_else(|answer| *answer))
}

async fn record(
    visit: &Visit,
    reader: Reader<'_>,
    id: &DocName,
) -> Result<Response, Box<Response>> {
    let here = page::href(id.as_str());
    // What happens while this is read is told afterwards.
    let last = visit.hub.live().last_id();
    let moment = moment(visit, reader).await;
    let modems = visit.hub.nbi().is_ok();
    let read = reader.client(id, moment.today(), modems).await;
    let mut client = known(visit, id, &here, read, |client| &client.who)?;
    if visit.hub.stripe().is_ok() {
        let csrf = visit.hub.csrf();
        client.till = Some(csrf.token(&visit.staff.email, visit.hub.now()));
    }
    let mut frame = frame(visit, page::title(&client.who), &here);
    if let Some(live) = payments::live_href(&client.who.id) {
        frame = frame.live(&live, last.to_string());
    }
    let page = page::client(frame, &moment, &client);
    Ok(visit.answer(StatusCode::OK, &page))
}

async fn invoices(
    visit: &Visit,
    reader: Reader<'_>,
    id: &DocName,
    text: &str,
) -> Result<Response, Box<Response>> {
    let here = page::href(id.as_str());
    // A cursor that was never written by us is the beginning.
    let (text, cursor) = match Cursor::read(text) {
        Some(cursor) => (text, cursor),
        None => ("", Cursor::default()),
    };
    let moment = moment(visit, reader).await;
    let (who, read) = tokio::join!(
        reader.who(id),
        reader.invoice_page(id, &cursor, moment.today())
    );
    let who = known(visit, id, &here, who, |who| who)?;
    let frame = frame(visit, page::title(&who), &here);
    let page = page::invoices(frame, &moment, &who, text, &read);
    Ok(visit.answer(StatusCode::OK, &page))
}

async fn equipment(visit: Visit, path: Result<Path<String>, PathRejection>) -> HubResult<Response> {
    let answer = match named(&visit, path).await {
        Err(answer) => Err(answer),
        Ok((reader, id)) => live(&visit, reader, &id).boxed().await,
    };
    Ok(answer.unwrap_or_else(|answer| *answer))
}

async fn live(visit: &Visit, reader: Reader<'_>, id: &DocName) -> Result<Response, Box<Response>> {
    let here = page::href(id.as_str());
    let (who, devices) = tokio::join!(
        reader.who(id),
        reader.part("equipment", reader.equipment(id))
    );
    let who = known(visit, id, &here, who, |who| who)?;
    let live = match &devices {
        Part::Read(devices) => modem::read(&visit.hub, devices).await,
        Part::Unavailable => LiveEquipment::None,
    };
    // The script takes the title of what it fetches: it must be the one of the client's page.
    let frame = frame(visit, page::title(&who), &here);
    let page = page::equipment(frame, &moment_of(visit), &who, &devices, &live);
    Ok(visit.answer(StatusCode::OK, &page))
}
