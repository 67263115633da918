//! The canonical flows, driven through the hub's public routes, one line per step.

mod clients;
mod payments;

use anyhow::{Context as _, anyhow, bail, ensure};
use erpnext_client::DocName;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderName, Method, StatusCode};
use integration_core::{ApiPath, HttpClient, Response};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use self::clients::Clients;
use self::payments::Payments;
use crate::fake_erp;
use crate::world::Addresses;

/// One step of the tour as it went.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// What was done.
    pub title: &'static str,
    /// What was seen.
    pub details: Vec<String>,
    /// How long it took.
    pub milliseconds: u128,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// The page that shows a device.
#[must_use]
pub fn page_of(serial: &str) -> String {
    format!("/ops/network/device?serial={serial}")
}

/// The page of a client.
#[must_use]
pub fn client_page_of(customer: &str) -> String {
    format!("/ops/clients/{}", ui_kit::query_value(customer))
}

/// Drives the flows and reports each step; the first that fails ends the tour.
///
/// # Errors
///
/// The hub is not there at all.
pub async fn run(
    addresses: &Addresses,
    mut report: impl FnMut(&Step),
) -> anyhow::Result<Vec<Step>> {
    let hub = addresses
        .hub
        .as_deref()
        .context("the sandbox runs without its hub")?;
    let mut client = HttpClient::builder(hub).timeout(std::time::Duration::from_secs(60));
    for (name, value) in &addresses.staff_headers {
        client = client.header(*name, *value);
    }
    let caller = Caller {
        hub: client.build()?,
    };
    let clients = Clients {
        hub: &caller,
        erp: fake_erp::client(&addresses.erpnext)?,
    };
    let mut payments = Payments::new(&caller, addresses)?;
    let examples = &addresses.examples;
    let customer = DocName::new(&examples.customer)?;
    let owing = DocName::new(&examples.owing)?;
    let mut steps = Vec::new();
    for title in TITLES {
        let began = Instant::now();
        let outcome = match *title {
            ALIVE => caller.alive().await,
            DIAGNOSE => caller.diagnose(&examples.serial).await,
            OTHER_KEYS => caller.by_other_keys(&examples.serial).await,
            WEAK => caller.weak(&examples.weak).await,
            SHARED => caller.shared(&examples.shared).await,
            UNKNOWN => caller.unknown(&examples.unknown).await,
            REREAD => caller.reread(&examples.serial).await,
            OFFLINE => caller.reboot_of(&examples.offline, "offline").await,
            FAULTING => caller.reboot_of(&examples.faulting, "faulted").await,
            PAGE => caller.page(&examples.serial).await,
            READY => clients.ready().await,
            FIND => clients.find(&examples.serial, &customer).await,
            CLIENT => clients.client(&customer, &examples.serial).await,
            BALANCE => clients.balance(&owing).await,
            LINK => payments.link().await,
            PAY => payments.pay().await,
            BOOKED => payments.booked().await,
            LIVE => payments.live().await,
            NOTHING_FAILED => payments.nothing_failed().await,
            REFUND => payments.refund().await,
            _ => Err(anyhow!("no such step")),
        };
        let (details, error) = match outcome {
            Ok(details) => (details, None),
            Err(error) => (Vec::new(), Some(format!("{error:#}"))),
        };
        let step = Step {
            title,
            details,
            milliseconds: began.elapsed().as_millis(),
            error,
        };
        report(&step);
        let failed = step.error.is_some();
        steps.push(step);
        if failed {
            break;
        }
    }
    Ok(steps)
}

const ALIVE: &str = "The hub is up and sees the device server and ERPNext";
const DIAGNOSE: &str = "A dispatcher types a serial number and gets a diagnosis";
const OTHER_KEYS: &str = "The same modem by its WAN address";
const WEAK: &str = "A modem with too little light is judged so";
const SHARED: &str = "A serial number that two modems have gives a list";
const UNKNOWN: &str = "A serial number nobody has is said so, in French";
const REREAD: &str = "Reading the optics again brings a newer value";
const OFFLINE: &str = "Restarting a modem that is unplugged is queued, not called done";
const FAULTING: &str = "Restarting a modem that refuses tells why";
const PAGE: &str = "The page shows the diagnosis, and Relire works from it";
const READY: &str = "ERPNext has every doctype and field of the field service";
const FIND: &str = "The modem's serial number leads to the client who has it";
const CLIENT: &str = "The client's page shows who it is, and the modem as it is now";
const BALANCE: &str = "What the page says is due is what ERPNext says";
const LINK: &str = "A link is made for an invoice that is not paid, while a client listens";
const PAY: &str = "The customer opens the payment page and pays by its form";
const BOOKED: &str = "The payment comes to the books once, and the invoice is paid";
const LIVE: &str = "The client that listens is told that the invoice is paid";
const NOTHING_FAILED: &str = "The settings show no event that failed";
const REFUND: &str = "A part of the payment is refunded, and booked";
const TITLES: &[&str] = &[
    ALIVE,
    DIAGNOSE,
    OTHER_KEYS,
    WEAK,
    SHARED,
    UNKNOWN,
    REREAD,
    OFFLINE,
    FAULTING,
    PAGE,
    READY,
    FIND,
    CLIENT,
    BALANCE,
    LINK,
    PAY,
    BOOKED,
    LIVE,
    NOTHING_FAILED,
    REFUND,
];

struct Caller {
    hub: HttpClient,
}

type Seen = anyhow::Result<Vec<String>>;

impl Caller {
    async fn get(&self, path: &'static str, query: &[(&str, &str)]) -> anyhow::Result<Response> {
        let request = query.iter().fold(
            self.hub.request(Method::GET, ApiPath::new(path)),
            |request, (name, value)| request.query(*name, *value),
        );
        Ok(request.send().await?)
    }

    async fn lookup(&self, name: &str, value: &str) -> anyhow::Result<Value> {
        let answer = self
            .get("devices/lookup", &[(name, value), ("plain", "1")])
            .await?;
        Ok(answer.error_for_status()?.json()?)
    }

    async fn alive(&self) -> Seen {
        let ready: Value = self.get("ready", &[]).await?.error_for_status()?.json()?;
        let genieacs = &ready["dependencies"]["genieacs"];
        ensure!(
            genieacs["state"] == "ok",
            "the device server is not well: {genieacs}"
        );
        let erpnext = &ready["dependencies"]["erpnext"];
        ensure!(erpnext["state"] == "ok", "ERPNext is not well: {erpnext}");
        Ok(vec![format!(
            "GenieACS answers in {} ms, ERPNext in {} ms",
            genieacs["latency_ms"], erpnext["latency_ms"]
        )])
    }

    async fn diagnose(&self, serial: &str) -> Seen {
        let device = self.lookup("serial", serial).await?;
        ensure!(device["online"] == true, "the modem is not online");
        let optical = &device["optical"];
        let wan = primary(&device)?;
        let stations = device["wifi"]["stations"].as_array().map_or(0, Vec::len);
        let hosts = device["hosts"].as_array().map_or(0, Vec::len);
        ensure!(optical["rx_dbm"].is_number(), "no optical power");
        Ok(vec![
            format!(
                "{} {} · {serial}",
                text(&device["identity"]["manufacturer"]),
                text(&device["identity"]["model"])
            ),
            format!(
                "optical  {} dBm received, {} °C",
                optical["rx_dbm"], optical["temperature_c"]
            ),
            format!(
                "internet {} on VLAN {} through {}",
                text(&wan["ipv4"]),
                wan["vlan"],
                text(&wan["gateway"])
            ),
            format!("wi-fi    {stations} stations · {hosts} hosts at home"),
            format!("verdict  {}", verdict(&device)),
        ])
    }

    async fn by_other_keys(&self, serial: &str) -> Seen {
        let device = self.lookup("serial", serial).await?;
        let address = text(&primary(&device)?["ipv4"]);
        let same = self.lookup("ip", &address).await?;
        ensure!(
            same["id"] == device["id"],
            "another modem answers to {address}"
        );
        Ok(vec![format!("{address} is {}", text(&same["id"]))])
    }

    async fn weak(&self, serial: &str) -> Seen {
        let device = self.lookup("serial", serial).await?;
        let verdict = verdict(&device);
        ensure!(!verdict.starts_with("optical good"), "judged {verdict}");
        Ok(vec![format!(
            "{} dBm: {verdict}",
            device["optical"]["rx_dbm"]
        )])
    }

    async fn shared(&self, serial: &str) -> Seen {
        let answer = self.lookup("serial", serial).await?;
        let matches = answer["matches"].as_array().context("not a list")?;
        ensure!(matches.len() == 2, "{} matches", matches.len());
        Ok(matches.iter().map(|device| text(&device["id"])).collect())
    }

    async fn unknown(&self, serial: &str) -> Seen {
        let answer = self.get("devices/lookup", &[("serial", serial)]).await?;
        ensure!(
            answer.status() == StatusCode::NOT_FOUND,
            "answered {}",
            answer.status()
        );
        let body: Value = answer.json()?;
        Ok(vec![format!(
            "404 {}: {}",
            text(&body["error"]),
            text(&body["message"])
        )])
    }

    async fn task(&self, id: &str, task: &Value) -> anyhow::Result<(StatusCode, Value)> {
        let path = ApiPath::new("acs/devices").segment(id)?.literal("tasks");
        let answer = self
            .hub
            .request(Method::POST, path)
            .query("connection_request", "1")
            .json(task)
            .send()
            .await?;
        Ok((answer.status(), answer.error_for_status()?.json()?))
    }

    async fn reread(&self, serial: &str) -> Seen {
        let read_at = async || -> anyhow::Result<String> {
            let answer = self.get("devices/lookup", &[("serial", serial)]).await?;
            let device: Value = answer.error_for_status()?.json()?;
            Ok(text(&device["optical"]["rx_dbm"]["read_at"]))
        };
        let before = read_at().await?;
        let id = text(&self.lookup("serial", serial).await?["id"]);
        let task = json!({ "name": "refreshObject", "objectName": "Device.Optical" });
        let (status, body) = self.task(&id, &task).await?;
        ensure!(
            status == StatusCode::OK && body["outcome"] == "done",
            "{status} {body}"
        );
        let after = read_at().await?;
        ensure!(after > before, "still the value of {before}");
        Ok(vec![format!("read at {before}, now at {after}")])
    }

    async fn reboot_of(&self, serial: &str, expected: &str) -> Seen {
        let id = text(&self.lookup("serial", serial).await?["id"]);
        let (status, body) = self.task(&id, &json!({ "name": "reboot" })).await?;
        ensure!(
            status == StatusCode::ACCEPTED && body["outcome"] == expected,
            "{status} {body}"
        );
        let mut seen = format!("202 {expected}");
        if let Some(code) = body["fault"]["code"].as_str() {
            seen = format!("{seen}: {code} {}", text(&body["fault"]["message"]));
        }
        let task = text(&body["task"]["id"]);
        let path = ApiPath::new("acs/tasks").segment(&task)?;
        self.hub
            .request(Method::DELETE, path)
            .send()
            .await?
            .error_for_status()?;
        Ok(vec![seen, "the task is taken back".to_owned()])
    }

    async fn page(&self, serial: &str) -> Seen {
        let answer = self
            .hub
            .request(Method::GET, ApiPath::new("ops/network/device"))
            .query("serial", serial)
            .header(ACCEPT, "text/html")
            .send()
            .await?
            .error_for_status()?;
        let html = String::from_utf8_lossy(answer.body()).into_owned();
        let heading = between(&html, "<h1", "</h1>").context("no heading")?;
        let (action, fields) = form(&html, "/read").context("no form to read again")?;
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let path = action
            .trim_start_matches('/')
            .split('/')
            .try_fold(None, |path: Option<ApiPath>, segment| match path {
                None if segment == "ops" => Ok(Some(ApiPath::new("ops"))),
                None => bail!("the form leads to {action}"),
                Some(path) => Ok(Some(path.segment(segment)?)),
            })?
            .context("the form leads nowhere")?;
        let sent = self
            .hub
            .request(Method::POST, path)
            .header(HeaderName::from_static("sec-fetch-site"), "same-origin")
            .form(&fields)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .send()
            .await?;
        ensure!(
            sent.status() == StatusCode::SEE_OTHER,
            "Relire answered {}",
            sent.status()
        );
        Ok(vec![
            format!("{} bytes, headed “{}”", html.len(), strip(heading)),
            format!(
                "Relire: 303 to {}",
                sent.header("location").unwrap_or("nowhere")
            ),
        ])
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn primary(device: &Value) -> anyhow::Result<&Value> {
    device["wan"]
        .as_array()
        .and_then(|wans| wans.iter().find(|wan| wan["primary"] == true))
        .context("no primary WAN")
}

/// The verdict of each area in one line.
fn verdict(device: &Value) -> String {
    ["optical", "wan", "wifi", "lan"]
        .iter()
        .map(|area| format!("{area} {}", text(&device["health"][area])))
        .collect::<Vec<_>>()
        .join(", ")
}

fn between<'a>(html: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let rest = html.get(html.find(open)? + open.len()..)?;
    let rest = rest.get(rest.find('>')? + 1..)?;
    rest.get(..rest.find(close)?)
}

fn strip(html: &str) -> String {
    let mut inside = false;
    html.chars()
        .filter(|&c| {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                _ => return !inside,
            }
            false
        })
        .collect::<String>()
        .trim()
        .to_owned()
}

/// The form whose action ends so: its action and its hidden fields.
fn form(html: &str, ending: &str) -> Option<(String, Vec<(String, String)>)> {
    html.split("<form").skip(1).find_map(|part| {
        let part = part.get(..part.find("</form>")?)?;
        let action = attribute(part, "action")?;
        let path = action.split('?').next()?;
        if !path.ends_with(ending) {
            return None;
        }
        let fields = part
            .split("<input")
            .skip(1)
            .filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?)))
            .collect();
        Some((action, fields))
    })
}

fn attribute(part: &str, name: &str) -> Option<String> {
    let open = format!(" {name}=\"");
    let tag = part.get(..part.find('>')?)?;
    let rest = tag.get(tag.find(&open)? + open.len()..)?;
    let value = rest.get(..rest.find('"')?)?;
    Some(
        value
            .replace("&amp;", "&")
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">"),
    )
}
