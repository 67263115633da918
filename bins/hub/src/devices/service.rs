//! Reading devices: by what a person knows of them, and by id. Nothing is kept: a value is
//! what the device server holds at this moment, with the time at which it was read.

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query as Parameters, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use genieacs_nbi::{Client, Device, DeviceId, Error as NbiError, Projection, Query};
use http::Method;
use integration_core::RetryPolicy;
use integration_core::transport::{ReqwestOptions, ReqwestTransport};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use tr181::{Health, Summary, Thresholds};

use super::lookup::Key;
use crate::Hub;
use crate::platform::api::{Api, Operation};
use crate::platform::error::{HubError, HubResult};
use crate::platform::identity::Staff;
use crate::platform::metrics::Measured;

/// How long a read of the device server may take: a page must not hang with it.
const READ: Duration = Duration::from_secs(8);
/// Most devices that a look-up answers.
const MATCHES: u32 = 20;
/// How long after its last inform a device that does not say how often it informs counts as
/// online.
const SILENCE: SignedDuration = SignedDuration::from_mins(10);

/// A client of the device server, measured.
///
/// # Errors
///
/// The address cannot be used.
pub fn nbi_client(url: &str) -> Result<Client, NbiError> {
    let mut options = ReqwestOptions::default();
    options.https = url.starts_with("https:");
    // The server closes a connection that is idle for 5 s.
    options.pool_idle_timeout = Duration::from_secs(4);
    let builder = Client::builder(url).timeout(READ).retry(
        RetryPolicy::default()
            .max_attempts(2)
            .total_budget(Duration::from_secs(4)),
    );
    match ReqwestTransport::new(&options) {
        Ok(transport) => builder
            .transport(Measured::new("genieacs", transport))
            .build(),
        // The client's own set-up reports what is wrong.
        Err(_) => builder.build(),
    }
}

/// Asks the device server for as little as possible.
///
/// # Errors
///
/// It does not answer as it should.
pub async fn probe(nbi: &Client) -> Result<(), NbiError> {
    let none = Query::missing("_id");
    nbi.devices()
        .list()
        .query(none)
        .projection(Projection::of(["_id"]))
        .limit(1)
        .send()
        .await
        .map(drop)
}

/// A device server's failure as the hub's.
pub(super) fn failed(error: &NbiError) -> HubError {
    let answer = match error {
        NbiError::Invalid { .. } => HubError::invalid("request"),
        NbiError::NotFound { .. } => HubError::not_found(),
        NbiError::DeviceInSession => HubError::conflict().retry_after(Duration::from_secs(30)),
        error if error.is_timeout() => HubError::upstream_timeout(),
        _ => HubError::upstream(),
    };
    answer.caused_by(error)
}

impl From<NbiError> for HubError {
    fn from(error: NbiError) -> Self {
        failed(&error)
    }
}

/// Reads an id out of a path.
pub(super) fn device_id(text: String) -> HubResult<DeviceId> {
    DeviceId::new(text).map_err(|error| HubError::invalid("id").caused_by(&error))
}

/// What is shown of a device before it is read whole.
fn head_fields() -> Projection {
    [
        "_registered",
        "_lastBoot",
        "Device.DeviceInfo.ModelName",
        "Device.ManagementServer.PeriodicInformInterval",
        "InternetGatewayDevice.DeviceInfo.ModelName",
        "InternetGatewayDevice.ManagementServer.PeriodicInformInterval",
    ]
    .into_iter()
    .fold(Projection::identity(), Projection::with)
}

/// A device as it stands in a list.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) id: String,
    pub(crate) serial: Option<String>,
    pub(crate) manufacturer: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) online: bool,
    pub(crate) last_inform: Option<Timestamp>,
    pub(crate) tags: Vec<String>,
    registered: Option<Timestamp>,
    last_boot: Option<Timestamp>,
}

impl Head {
    fn of(device: &Device, now: Timestamp) -> Option<Self> {
        let text = |path| {
            let parameter = device.under_root(path)?;
            parameter
                .text()
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        let interval = device
            .under_root("ManagementServer.PeriodicInformInterval")
            .and_then(|parameter| parameter.integer())
            .filter(|seconds| (1..=86_400).contains(seconds));
        let last_inform = device.last_inform();
        Some(Self {
            id: device.id()?.as_str().to_owned(),
            serial: device.serial_number().map(str::to_owned),
            manufacturer: device.manufacturer().map(str::to_owned),
            model: text("DeviceInfo.ModelName").or(device.product_class().map(str::to_owned)),
            online: is_online(last_inform, interval, now),
            last_inform,
            tags: device.tags().map(str::to_owned).collect(),
            registered: device.registered(),
            last_boot: device.last_boot(),
        })
    }

    fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "serial": self.serial,
            "manufacturer": self.manufacturer,
            "model": self.model,
            "online": self.online,
            "last_inform": self.last_inform,
            "last_boot": self.last_boot,
            "registered": self.registered,
            "tags": self.tags,
        })
    }
}

/// Whether a device has informed as it should: one missed inform is not yet an outage.
fn is_online(last_inform: Option<Timestamp>, interval: Option<i64>, now: Timestamp) -> bool {
    let patience = interval.map_or(SILENCE, |seconds| {
        SignedDuration::from_secs(2 * seconds + 60)
    });
    last_inform.is_some_and(|at| now.duration_since(at) <= patience)
}

/// A device read whole, and what is made of it.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) head: Head,
    pub(crate) summary: Summary,
    pub(crate) health: Health,
}

impl Reading {
    fn to_json(&self, plain: bool) -> HubResult<Value> {
        let broken = |error: serde_json::Error| HubError::internal().caused_by(&error);
        let mut body = self.head.to_json();
        let summary = if plain {
            self.summary.to_plain()
        } else {
            serde_json::to_value(&self.summary).map_err(broken)?
        };
        if let (Value::Object(body), Value::Object(summary)) = (&mut body, summary) {
            body.extend(summary);
        }
        body["health"] = serde_json::to_value(&self.health).map_err(broken)?;
        Ok(body)
    }
}

/// What a look-up found.
#[derive(Debug)]
pub(crate) struct Matches {
    /// At most [`MATCHES`] devices.
    pub(crate) heads: Vec<Head>,
    /// Whether there are more.
    pub(crate) more: bool,
}

/// Devices that one of these keys means.
pub(crate) async fn find(hub: &Hub, keys: &[Key]) -> HubResult<Matches> {
    let list = hub
        .nbi()?
        .devices()
        .list()
        .query(Query::any(keys.iter().map(Key::query)))
        .projection(head_fields())
        // One more than is answered shows whether the answer is all.
        .limit(MATCHES + 1);
    let found = list.send().await?;
    let now = hub.now();
    let most = MATCHES as usize;
    Ok(Matches {
        heads: found
            .items
            .iter()
            .take(most)
            .filter_map(|device| Head::of(device, now))
            .collect(),
        more: found.items.len() > most,
    })
}

/// One device, whole; `None` where there is none of this id.
pub(crate) async fn read(hub: &Hub, id: &DeviceId) -> HubResult<Option<Reading>> {
    let devices = hub.nbi()?.devices();
    let (bytes, device) =
        tokio::try_join!(devices.get_raw(id), devices.get_fields(id, head_fields()))?;
    let now = hub.now();
    let head = device.and_then(|device| Head::of(&device, now));
    let (Some(bytes), Some(head)) = (bytes, head) else {
        return Ok(None);
    };
    let summary =
        tr181::summarize(&bytes).map_err(|error| HubError::upstream().caused_by(&error))?;
    let health = tr181::health(&summary, &Thresholds::default(), now);
    Ok(Some(Reading {
        head,
        summary,
        health,
    }))
}

/// Routes of this room.
pub(super) fn api() -> Api {
    let head = json!({
        "id": "A1B2C3-Device2-TPLGAB12CD34", "serial": "TPLGAB12CD34", "manufacturer": "TP-Link",
        "model": "XX230v", "online": true, "last_inform": "2026-11-22T15:00:00Z", "tags": [],
    });
    let summary = json!({
        "id": "A1B2C3-Device2-TPLGAB12CD34", "online": true,
        "identity": {"model": {"value": "XX230v", "source": "Device.DeviceInfo.ModelName",
            "read_at": "2026-11-22T15:00:00Z", "confidence": "standard"}},
        "wan": [], "lan": {}, "wifi": {}, "optical": {}, "hosts": [], "health": {},
    });
    Api::new()
        .route(
            "/devices",
            get(list),
            [
                Operation::new(Method::GET, "Lists devices by id, 50 at a time")
                    .query("after", "Id of the last device of the page before")
                    .answers(
                        200,
                        "Devices",
                        Some(json!({"devices": [head], "total": 240, "next": null})),
                    ),
            ],
        )
        .route(
            "/devices/lookup",
            get(lookup),
            [Operation::new(
                Method::GET,
                "Finds a device and reads it; several matches are listed, at most 20, and `more` tells whether there are more",
            )
            .query("serial", "Serial number, GPON in either spelling")
            .query("mac", "A MAC address of the device, in any usual form")
            .query("ip", "Its WAN address")
            .query("plain", "1: bare values instead of facts")
            .answers(
                200,
                "The summary; {\"matches\": […], \"more\": false} when several match, with `more` true when there are more than the 20 listed",
                Some(summary.clone()),
            )
            .answers(404, "No such device", None)],
        )
        .route(
            "/devices/{id}",
            get(one),
            [
                Operation::new(Method::GET, "Shows a device without reading it whole")
                    .path("id", "Id of the device, percent-encoded once more")
                    .answers(200, "The device", Some(head)),
            ],
        )
        .route(
            "/devices/{id}/summary",
            get(summarize),
            [Operation::new(
                Method::GET,
                "Reads a device: WAN, LAN, Wi-Fi, optics, hosts, health",
            )
            .path("id", "Id of the device, percent-encoded once more")
            .query("plain", "1: bare values instead of facts")
            .answers(200, "The summary", Some(summary))],
        )
}

#[derive(Debug, Deserialize)]
struct LookupQuery {
    serial: Option<String>,
    mac: Option<String>,
    ip: Option<String>,
    plain: Option<String>,
}

impl LookupQuery {
    fn key(&self) -> HubResult<Key> {
        match (&self.serial, &self.mac, &self.ip) {
            (Some(serial), None, None) => {
                Key::serial(serial).ok_or_else(|| HubError::invalid("serial"))
            }
            (None, Some(mac), None) => Key::mac(mac).ok_or_else(|| HubError::invalid("mac")),
            (None, None, Some(ip)) => Key::ip(ip).ok_or_else(|| HubError::invalid("ip")),
            _ => Err(HubError::malformed().because("give exactly one of serial, mac, ip")),
        }
    }
}

fn is_set(flag: Option<&str>) -> bool {
    flag.is_some_and(|flag| matches!(flag, "" | "1" | "true"))
}

async fn lookup(
    _: Staff,
    State(hub): State<Hub>,
    query: Result<Parameters<LookupQuery>, QueryRejection>,
) -> HubResult<Response> {
    let Parameters(query) = query?;
    let Matches { mut heads, more } = find(&hub, &[query.key()?]).await?;
    match heads.len() {
        0 => Err(HubError::not_found()),
        1 => {
            let id = device_id(heads.remove(0).id)?;
            let reading = read(&hub, &id).await?.ok_or_else(HubError::not_found)?;
            Ok(Json(reading.to_json(is_set(query.plain.as_deref()))?).into_response())
        }
        _ => {
            let matches: Vec<Value> = heads.iter().map(Head::to_json).collect();
            Ok(Json(json!({ "matches": matches, "more": more })).into_response())
        }
    }
}

#[derive(Debug, Deserialize)]
struct ListQuery {
    after: Option<String>,
}

async fn list(
    _: Staff,
    State(hub): State<Hub>,
    query: Result<Parameters<ListQuery>, QueryRejection>,
) -> HubResult<Json<Value>> {
    const PAGE: u32 = 50;
    let Parameters(ListQuery { after }) = query?;
    let query = after.map_or_else(Query::all, |after| Query::gt("_id", after));
    let list = hub
        .nbi()?
        .devices()
        .list()
        .query(query)
        .projection(head_fields())
        .sort(genieacs_nbi::Sort::ascending("_id"))
        .limit(PAGE);
    let page = list.send().await?;
    let now = hub.now();
    let devices: Vec<Head> = page
        .items
        .iter()
        .filter_map(|device| Head::of(device, now))
        .collect();
    let full = page.items.len() == PAGE as usize;
    Ok(Json(json!({
        "devices": devices.iter().map(Head::to_json).collect::<Vec<_>>(),
        "total": page.total,
        "next": devices.last().filter(|_| full).map(|last| last.id.clone()),
    })))
}

async fn one(_: Staff, State(hub): State<Hub>, Path(id): Path<String>) -> HubResult<Json<Value>> {
    let id = device_id(id)?;
    let devices = hub.nbi()?.devices();
    let found = devices.get_fields(&id, head_fields()).await?;
    let head = found.and_then(|device| Head::of(&device, hub.now()));
    Ok(Json(head.ok_or_else(HubError::not_found)?.to_json()))
}

#[derive(Debug, Deserialize)]
struct SummaryQuery {
    plain: Option<String>,
}

async fn summarize(
    _: Staff,
    State(hub): State<Hub>,
    Path(id): Path<String>,
    query: Result<Parameters<SummaryQuery>, QueryRejection>,
) -> HubResult<Json<Value>> {
    let Parameters(SummaryQuery { plain }) = query?;
    let reading = read(&hub, &device_id(id)?)
        .await?
        .ok_or_else(HubError::not_found)?;
    Ok(Json(reading.to_json(is_set(plain.as_deref()))?))
}
