//! Routes of the network's screens.

use std::time::Duration;

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query as Parameters};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use genieacs_nbi::{Device, DeviceId, Projection, Query, Sort, Task, TaskOutcome};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use tr181::Thresholds;
use ui_kit::NavItem;

use super::act::{ActFailure, Fate, ask};
use super::lookup::Key;
use super::page::{
    self, Act, DEVICE, DeviceView, Found, Match, Notice, Outcome, READ, REBOOT, RebootView, SEARCH,
    SearchView, Target,
};
use super::service::{self, Head, Matches, Reading, failed};
use crate::Hub;
use crate::platform::api::Api;
use crate::platform::error::{HubError, HubResult};
use crate::platform::visit::Visit;

/// A reading older than two periods of the poller is old.
const STALE_AFTER: u32 = 600;
/// How long a person waits for a device before the page says that it is still at it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Routes of this room.
pub(super) fn api() -> Api {
    Api::new()
        .page(SEARCH, get(search))
        .page(DEVICE, get(device))
        .page(READ, axum::routing::post(read_again))
        .page(REBOOT, get(confirm).post(reboot))
}

impl Visit {
    fn csrf(&self) -> String {
        self.hub.csrf().token(&self.staff.email, self.hub.now())
    }

    fn search(&self, status: StatusCode, query: &str, found: Found<'_>) -> Response {
        self.search_after(status, query, found, None)
    }

    /// The search page, with what became of an act before it.
    fn search_after(
        &self,
        status: StatusCode,
        query: &str,
        found: Found<'_>,
        notice: Option<Notice<'_>>,
    ) -> Response {
        // A page cannot hold a control character, even escaped.
        let query: &str = &query
            .chars()
            .filter(|c| !c.is_control())
            .collect::<String>();
        let here = if query.is_empty() {
            SEARCH.to_owned()
        } else {
            format!("{SEARCH}?q={}", ui_kit::query_value(query))
        };
        let view = SearchView {
            lang: self.call.lang,
            now: self.hub.now(),
            query,
            found,
            notice,
        };
        let title = self.call.lang.t(ui_kit::Text::Network);
        self.answer(
            status,
            &page::search(self.page(NavItem::Network, title, &here), &view),
        )
    }

    /// The device server cannot be read: the rest of the page stays.
    fn unavailable(&self, query: &str, error: &HubError, notice: Option<Notice<'_>>) -> Response {
        let request_id = self.call.id.as_str();
        tracing::warn!(
            request_id,
            error = error.code(),
            cause = error.cause(),
            "device server"
        );
        let found = Found::Unavailable { request_id };
        self.search_after(error.status(), query, found, notice)
    }

    fn list(&self, query: &str, found: &Matches) -> Response {
        let devices: Vec<Match> = found.heads.iter().map(to_match).collect();
        let found = Found::Several {
            devices: &devices,
            more: found.more,
        };
        self.search(StatusCode::OK, query, found)
    }
}

fn to_match(head: &Head) -> Match {
    let model = match (&head.manufacturer, &head.model) {
        (Some(maker), Some(model)) if !model.starts_with(maker.as_str()) => {
            Some(format!("{maker} {model}"))
        }
        (maker, model) => model.clone().or_else(|| maker.clone()),
    };
    Match {
        serial: head.serial.clone().unwrap_or_default(),
        id: head.id.clone(),
        model,
        ip: None,
        online: head.online,
        last_inform: head.last_inform,
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
    if q.trim().is_empty() {
        return Ok(visit.search(StatusCode::OK, "", Found::Nothing));
    }
    let keys = Key::guess(&q);
    if keys.is_empty() {
        return Ok(visit.search(StatusCode::UNPROCESSABLE_ENTITY, &q, Found::Invalid));
    }
    match service::find(&visit.hub, &keys).await {
        Err(error) => Ok(visit.unavailable(&q, &error, None)),
        Ok(found) => Ok(match found.heads.as_slice() {
            [] => visit.search(StatusCode::NOT_FOUND, &q, Found::None),
            [one] => {
                let serial = one.serial.as_deref().unwrap_or_default();
                Redirect::to(
                    &Target {
                        serial,
                        id: &one.id,
                    }
                    .href(DEVICE),
                )
                .into_response()
            }
            _ => visit.list(&q, &found),
        }),
    }
}

/// The device that an address or a form names.
#[derive(Debug, Deserialize)]
struct Named {
    #[serde(default)]
    serial: String,
    #[serde(default)]
    id: String,
    /// What was just asked of it, and how that ended: see [`notice_of`].
    act: Option<String>,
    outcome: Option<String>,
    request: Option<String>,
}

/// What a name leads to.
enum Sought {
    One(DeviceId),
    Several(Matches),
    None,
}

impl Named {
    /// What to put into the search field again.
    fn text(&self) -> &str {
        if self.serial.is_empty() {
            &self.id
        } else {
            &self.serial
        }
    }

    async fn seek(&self, hub: &Hub) -> HubResult<Sought> {
        if !self.id.is_empty() {
            return service::device_id(self.id.clone()).map(Sought::One);
        }
        let Some(key) = Key::serial(&self.serial) else {
            return Ok(Sought::None);
        };
        let mut found = service::find(hub, &[key]).await?;
        Ok(match found.heads.len() {
            0 => Sought::None,
            1 => Sought::One(service::device_id(found.heads.remove(0).id)?),
            _ => Sought::Several(found),
        })
    }
}

/// A device read for a page, or the page that says why not.
async fn reading(visit: &Visit, named: &Named) -> Result<(DeviceId, Reading), Box<Response>> {
    let text = named.text();
    // What was asked before must be told even when the device cannot be shown.
    let notice = notice_of(named, "");
    let none = || {
        let status = StatusCode::NOT_FOUND;
        Box::new(visit.search_after(status, text, Found::None, notice))
    };
    let unavailable = |error: &HubError| {
        if error.status().is_server_error() {
            Box::new(visit.unavailable(text, error, notice))
        } else {
            none()
        }
    };
    let id = match named.seek(&visit.hub).await {
        Ok(Sought::One(id)) => id,
        Ok(Sought::Several(found)) => return Err(Box::new(visit.list(text, &found))),
        Ok(Sought::None) => return Err(none()),
        Err(error) => return Err(unavailable(&error)),
    };
    match service::read(&visit.hub, &id).await {
        Ok(Some(reading)) => Ok((id, reading)),
        Ok(None) => Err(none()),
        Err(error) => Err(unavailable(&error)),
    }
}

async fn device(
    visit: Visit,
    query: Result<Parameters<Named>, QueryRejection>,
) -> HubResult<Response> {
    let Parameters(named) = query?;
    let (id, reading) = match reading(&visit, &named).await {
        Ok(read) => read,
        Err(answer) => return Ok(*answer),
    };
    let refusal = match (named.act.as_deref(), named.outcome.as_deref()) {
        (Some(_), Some("faulted")) => last_fault(&visit.hub, &id).await.unwrap_or_default(),
        _ => String::new(),
    };
    let csrf = visit.csrf();
    let serial = reading
        .head
        .serial
        .clone()
        .unwrap_or_else(|| named.serial.clone());
    let target = Target {
        serial: &serial,
        id: id.as_str(),
    };
    let view = DeviceView {
        lang: visit.call.lang,
        now: visit.hub.now(),
        csrf: &csrf,
        target,
        online: reading.head.online,
        last_inform: reading.head.last_inform,
        summary: &reading.summary,
        health: &reading.health,
        thresholds: &Thresholds::default(),
        stale_after: STALE_AFTER,
        notice: notice_of(&named, &refusal),
    };
    let title = page::model_name(&reading.summary);
    let title = if title.is_empty() {
        serial.as_str()
    } else {
        title.as_str()
    };
    let page = page::device(
        visit.page(NavItem::Network, title, &target.href(DEVICE)),
        &view,
    );
    Ok(visit.answer(StatusCode::OK, &page))
}

/// The outcome that a redirect carries: words of our own only, so that nobody can put theirs
/// into a link.
fn notice_of<'a>(named: &'a Named, refusal: &'a str) -> Option<Notice<'a>> {
    let act = match named.act.as_deref()? {
        "read" => Act::Read,
        "reboot" => Act::Reboot,
        _ => return None,
    };
    let request = || {
        let request = named.request.as_deref()?;
        request.parse::<integration_core::RequestId>().ok()?;
        Some(request)
    };
    let outcome = match named.outcome.as_deref()? {
        "done" => Outcome::Done,
        "queued" => Outcome::Queued,
        "faulted" => Outcome::Faulted(refusal),
        "unreachable" => Outcome::Unreachable(request()?),
        "unknown" => Outcome::Unknown(request()?),
        "pending" => Outcome::Pending,
        "busy" => Outcome::Busy,
        "missing" => Outcome::Missing,
        _ => return None,
    };
    Some(Notice { act, outcome })
}

/// The device's own words for its last refusal.
async fn last_fault(hub: &Hub, id: &DeviceId) -> HubResult<String> {
    let faults = hub
        .nbi()?
        .faults()
        .list()
        .query(Query::of_device(id))
        .sort(Sort::descending("timestamp"))
        .limit(1);
    let found = faults.send().await?;
    Ok(found
        .items
        .into_iter()
        .next()
        .and_then(|fault| fault.message)
        .unwrap_or_default())
}

#[derive(Debug, Deserialize)]
struct ActForm {
    csrf: String,
    serial: String,
    id: String,
}

/// Checks a form and gives the device it names.
fn checked(
    visit: &Visit,
    headers: &HeaderMap,
    form: Result<Form<ActForm>, FormRejection>,
) -> HubResult<(ActForm, DeviceId)> {
    let Form(form) = form.map_err(|error| HubError::of_status(error.status()).because(error))?;
    let public_url = visit.hub.config().public_url.as_ref();
    let email = &visit.staff.email;
    visit
        .hub
        .csrf()
        .check(headers, public_url, email, &form.csrf, visit.hub.now())?;
    let id = service::device_id(form.id.clone())?;
    Ok((form, id))
}

/// The word for an outcome that [`notice_of`] reads.
fn word(outcome: &Result<TaskOutcome, ActFailure>) -> &'static str {
    match outcome {
        Ok(TaskOutcome::Done { .. }) => "done",
        Ok(TaskOutcome::Faulted { .. }) => "faulted",
        Ok(TaskOutcome::Offline { .. } | TaskOutcome::Queued { .. }) => "queued",
        Ok(TaskOutcome::Transferring { .. }) => "pending",
        Ok(_) => "unknown",
        Err(failure) => match failure.fate {
            Fate::NeverSent => "unreachable",
            Fate::NoDevice => "missing",
            Fate::InSession => "busy",
            Fate::Unknown => "unknown",
            Fate::Pending => "pending",
        },
    }
}

/// Sends the person back to the device with what became of the act.
fn told(
    visit: &Visit,
    form: &ActForm,
    act: &str,
    outcome: &Result<TaskOutcome, ActFailure>,
) -> Response {
    let target = Target {
        serial: &form.serial,
        id: &form.id,
    };
    let word = word(outcome);
    let request_id = visit.call.id.as_str();
    let mut address = format!("{}&act={act}&outcome={word}", target.href(DEVICE));
    if let Err(ActFailure { error, .. }) = outcome {
        tracing::warn!(
            request_id,
            outcome = word,
            error = error.code(),
            cause = error.cause(),
            "task"
        );
    }
    // The words that send a person to support name what to look for there.
    if matches!(word, "unreachable" | "unknown") {
        address = format!("{address}&request={request_id}");
    }
    Redirect::to(&address).into_response()
}

async fn read_again(
    visit: Visit,
    headers: HeaderMap,
    form: Result<Form<ActForm>, FormRejection>,
) -> HubResult<Response> {
    let (form, id) = checked(&visit, &headers, form)?;
    let outcome = async {
        let root = Projection::of([
            "Device.DeviceInfo.ModelName",
            "InternetGatewayDevice.DeviceInfo.ModelName",
        ]);
        // Until the task is posted, nothing is asked of the device.
        let nbi = visit.hub.nbi().map_err(ActFailure::never_sent)?;
        let device = nbi
            .devices()
            .get_fields(&id, root)
            .await
            .map_err(|error| ActFailure::never_sent(failed(&error)))?;
        let device = device.ok_or_else(ActFailure::no_device)?;
        ask(&visit.hub, &id, Task::get(areas(&device)), PATIENCE).await
    };
    Ok(told(&visit, &form, "read", &outcome.await))
}

/// What a diagnosis is made of, in one session of the device: its parts of the tree, not all
/// of it, which takes a real modem minutes.
fn areas(device: &Device) -> Vec<&'static str> {
    const TR181: &[&str] = &[
        "Device.DeviceInfo",
        "Device.Optical",
        "Device.IP.Interface",
        "Device.PPP.Interface",
        "Device.Ethernet",
        "Device.WiFi",
        "Device.Hosts",
    ];
    const TR098: &[&str] = &[
        "InternetGatewayDevice.DeviceInfo",
        "InternetGatewayDevice.WANDevice",
        "InternetGatewayDevice.LANDevice.1.WLANConfiguration",
        "InternetGatewayDevice.LANDevice.1.LANEthernetInterfaceConfig",
        "InternetGatewayDevice.LANDevice.1.Hosts",
    ];
    device
        .roots()
        .flat_map(|root| if root == "Device" { TR181 } else { TR098 })
        .copied()
        .collect()
}

async fn confirm(
    visit: Visit,
    query: Result<Parameters<Named>, QueryRejection>,
) -> HubResult<Response> {
    let Parameters(named) = query?;
    let (id, reading) = match reading(&visit, &named).await {
        Ok(read) => read,
        Err(answer) => return Ok(*answer),
    };
    let csrf = visit.csrf();
    let serial = reading
        .head
        .serial
        .clone()
        .unwrap_or_else(|| named.serial.clone());
    let target = Target {
        serial: &serial,
        id: id.as_str(),
    };
    let connected = reading
        .summary
        .hosts
        .iter()
        .filter(|host| host.active.as_ref().is_some_and(|active| active.value))
        .count();
    let view = RebootView {
        lang: visit.call.lang,
        csrf: &csrf,
        target,
        model: &page::model_name(&reading.summary),
        online: reading.head.online,
        connected: Some(connected),
    };
    let title = visit.call.lang.t(ui_kit::Text::Restart);
    let page = page::reboot(
        visit.page(NavItem::Network, title, &target.href(REBOOT)),
        &view,
    );
    Ok(visit.answer(StatusCode::OK, &page))
}

async fn reboot(
    visit: Visit,
    headers: HeaderMap,
    form: Result<Form<ActForm>, FormRejection>,
) -> HubResult<Response> {
    let (form, id) = checked(&visit, &headers, form)?;
    let outcome = ask(&visit.hub, &id, Task::Reboot, PATIENCE).await;
    Ok(told(&visit, &form, "reboot", &outcome))
}
