//! The routes.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use wiremock::{Request, Respond, ResponseTemplate};

use super::cpe::{self, Cpe};
use super::filter::{self, Crash};
use super::state::{LoggedRequest, State};
use super::{Shared, project, validate};
use crate::id::is_object_id;

/// Version and build of the server that is imitated.
const VERSION: &str = "1.2.16+26112238e9";

#[derive(Debug)]
pub(super) struct Responder(pub(super) Shared);

impl Respond for Responder {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let call = Call {
            method: request.method.as_str(),
            path: request.url.path(),
            query: request
                .url
                .query_pairs()
                .map(|(key, value)| (key.into_owned(), value.into_owned()))
                .collect(),
            request,
        };
        self.0.lock(|state| {
            state.settle();
            state.record(call.logged());
            match route(state, &call) {
                Ok(answer) => answer.insert_header("GenieACS-Version", VERSION),
                Err(Crash) => {
                    state.crashes += 1;
                    ResponseTemplate::new(500)
                        .insert_header("x-fake-abort", "1")
                        .set_delay(state.crash_hang)
                }
            }
        })
    }
}

/// A request, taken apart.
struct Call<'a> {
    method: &'a str,
    path: &'a str,
    query: Vec<(String, String)>,
    request: &'a Request,
}

type Answer = Result<ResponseTemplate, Crash>;

impl Call<'_> {
    fn param(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    fn header(&self, name: &str) -> Value {
        let value = self.request.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .map_or(Value::Null, |value| json!(value))
    }

    /// The body, if it is JSON.
    fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.request.body).ok()
    }

    fn logged(&self) -> LoggedRequest {
        let headers = self.request.headers.iter();
        LoggedRequest {
            method: self.method.to_owned(),
            path: self.path.to_owned(),
            query: self.query.clone(),
            headers: headers
                .map(|(name, value)| {
                    (
                        name.as_str().to_owned(),
                        String::from_utf8_lossy(value.as_bytes()).into_owned(),
                    )
                })
                .collect(),
            body: self.request.body.iter().take(64 * 1024).copied().collect(),
        }
    }
}

fn text(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_string(body)
}

fn empty(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status)
}

fn not_allowed(allow: &str) -> ResponseTemplate {
    text(405, "405 Method Not Allowed").insert_header("Allow", allow)
}

fn not_found() -> ResponseTemplate {
    text(404, "404 Not Found")
}

fn syntax_error() -> ResponseTemplate {
    text(400, "SyntaxError: Unexpected token in JSON")
}

fn in_session(state: &State, device: &str) -> bool {
    *state.cpe_of(device) == Cpe::InSession
}

/// A segment as the routes match it: before decoding, of few characters. `None` is no match.
fn segment(raw: &str, more: &str) -> Option<Result<String, Crash>> {
    let good = |c: char| c.is_ascii_alphanumeric() || "-_%".contains(c) || more.contains(c);
    if raw.is_empty() || !raw.chars().all(good) {
        return None;
    }
    let mut rest = raw;
    while let Some((_, after)) = rest.split_once('%') {
        let escape = after.as_bytes().get(..2);
        if !escape.is_some_and(|escape| escape.iter().all(u8::is_ascii_hexdigit)) {
            return Some(Err(Crash));
        }
        rest = after;
    }
    let decoded = percent_decode_str(raw).decode_utf8();
    Some(decoded.map(std::borrow::Cow::into_owned).map_err(|_| Crash))
}

macro_rules! segment {
    ($raw:expr, $more:expr) => {
        match segment($raw, $more) {
            Some(decoded) => decoded?,
            None => return Ok(not_found()),
        }
    };
}

fn route(state: &mut State, call: &Call<'_>) -> Answer {
    let Some(path) = call.path.strip_prefix('/') else {
        return Ok(not_found());
    };
    let parts: Vec<&str> = path.split('/').collect();
    // A trailing slash is optional but after `retry`.
    let parts = match parts.as_slice() {
        [rest @ .., ""] if !rest.is_empty() => rest,
        whole => whole,
    };
    let slash = path.ends_with('/');
    match parts {
        ["presets", name] => put_json(state, call, "presets", name),
        ["objects", name] => put_json(state, call, "objects", name),
        ["provisions", name] => put_script(state, call, "provisions", name),
        ["virtual_parameters", name] => put_script(state, call, "virtualParameters", name),
        ["devices", device, "tags", tag] => {
            let (device, tag) = (segment!(device, ""), segment!(tag, ""));
            tags(state, call, &device, &tag)
        }
        ["faults", id] => fault(state, call, &segment!(id, ":")),
        ["devices", device, "tasks"] => tasks(state, call, &segment!(device, "")),
        ["tasks", id] => task(state, call, &segment!(id, "")),
        ["tasks", id, "retry"] if !slash => retry(state, call, &segment!(id, "")),
        ["tasks", id, _] if segment(id, "").is_some() => Ok(empty(404)),
        ["files", name] => file(state, call, &segment!(name, "!*'();:@&=+$,?#[].~")),
        ["ping", host] => ping(state, call, host),
        ["devices", device] => {
            let device = segment!(device, "");
            if call.method != "DELETE" {
                return Ok(not_allowed("DELETE"));
            }
            if in_session(state, &device) {
                return Ok(text(503, "Device is in session"));
            }
            state.delete_device(&device);
            Ok(empty(200))
        }
        [collection] => list(state, call, collection),
        _ => Ok(not_found()),
    }
}

fn put_json(state: &mut State, call: &Call<'_>, table: &'static str, name: &str) -> Answer {
    let name = segment!(name, "");
    match call.method {
        "PUT" => {
            let Some(mut document) = call.json() else {
                return Ok(syntax_error());
            };
            let map = document.as_object_mut().ok_or(Crash)?;
            if map
                .keys()
                .any(|key| key.starts_with('$') || key.contains('\0'))
            {
                return Err(Crash);
            }
            map.insert("_id".to_owned(), json!(name));
            state.table(table).put(document);
            Ok(empty(200))
        }
        "DELETE" => {
            state.table(table).remove(&name);
            Ok(empty(200))
        }
        _ => Ok(not_allowed("PUT, DELETE")),
    }
}

fn put_script(state: &mut State, call: &Call<'_>, table: &'static str, name: &str) -> Answer {
    let name = segment!(name, "");
    match call.method {
        "PUT" => {
            let script = String::from_utf8_lossy(&call.request.body).into_owned();
            if !validate::compiles(&script) {
                return Ok(text(400, "SyntaxError: Unexpected end of input"));
            }
            state
                .table(table)
                .put(json!({"_id": name, "script": script}));
            Ok(empty(200))
        }
        "DELETE" => {
            state.table(table).remove(&name);
            Ok(empty(200))
        }
        _ => Ok(not_allowed("PUT, DELETE")),
    }
}

fn tags(state: &mut State, call: &Call<'_>, device: &str, tag: &str) -> Answer {
    let on = match call.method {
        "POST" => true,
        "DELETE" => false,
        _ => return Ok(not_allowed("POST, DELETE")),
    };
    match state.table("devices").get_mut(device) {
        None => Ok(text(404, "No such device")),
        Some(document) => {
            cpe::tag(document, tag, on);
            Ok(empty(200))
        }
    }
}

fn fault(state: &mut State, call: &Call<'_>, id: &str) -> Answer {
    if call.method != "DELETE" {
        return Ok(not_allowed("DELETE"));
    }
    let (device, channel) = id.split_once(':').unwrap_or((id, ""));
    if in_session(state, device) {
        return Ok(text(503, "Device is in session"));
    }
    let task = channel.strip_prefix("task_");
    if task.is_some_and(|task| !is_object_id(task)) {
        return Err(Crash);
    }
    state.table("faults").remove(id);
    if let Some(task) = task {
        state.table("tasks").remove(task);
    }
    Ok(empty(200))
}

fn task(state: &mut State, call: &Call<'_>, id: &str) -> Answer {
    if call.method != "DELETE" {
        return Ok(not_allowed("PUT DELETE"));
    }
    let Some(device) = owner(state, id)? else {
        return Ok(text(404, "Task not found"));
    };
    if in_session(state, &device) {
        return Ok(text(503, "Device is in session"));
    }
    state.table("tasks").remove(id);
    state.table("faults").remove(&format!("{device}:task_{id}"));
    Ok(empty(200))
}

/// The device of a task; an id that is none crashes the worker.
fn owner(state: &mut State, id: &str) -> Result<Option<String>, Crash> {
    if !is_object_id(id) {
        return Err(Crash);
    }
    let task = state.table("tasks").get(id);
    Ok(task.map(|task| {
        task.get("device")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }))
}

fn retry(state: &mut State, call: &Call<'_>, id: &str) -> Answer {
    if call.method != "POST" {
        return Ok(not_allowed("POST"));
    }
    let device = owner(state, id)?.ok_or(Crash)?;
    if in_session(state, &device) {
        return Ok(text(503, "Device is in session"));
    }
    state.table("faults").remove(&format!("{device}:task_{id}"));
    Ok(empty(200))
}

fn tasks(state: &mut State, call: &Call<'_>, device: &str) -> Answer {
    if call.method != "POST" {
        return Ok(not_allowed("POST"));
    }
    let connect = call.param("connection_request").is_some();
    if call.request.body.is_empty() {
        return Ok(if !connect {
            empty(400)
        } else if state.device(device).is_none() {
            text(404, "No such device")
        } else if lacks_url(state, device) {
            return Err(Crash);
        } else {
            connection_request(state, device)
        });
    }
    let Some(body) = call.json() else {
        return Ok(syntax_error());
    };
    if !body.is_object() && !body.is_array() {
        return Ok(text(400, "TypeError: Cannot create property 'device'"));
    }
    if state.device(device).is_none() {
        return Ok(text(404, "No such device"));
    }
    let now = state.now();
    let mut task = match body {
        Value::Object(task) => task,
        // Stored without a device: orphans, which never run.
        Value::Array(list) => {
            let mut stored = Vec::new();
            for item in list {
                let Value::Object(mut task) = item else {
                    return Err(Crash);
                };
                validate::sanitize(&mut task, now)?;
                stored.push(state.store_task(task));
            }
            return Ok(ResponseTemplate::new(202).set_body_json(stored));
        }
        _ => return Err(Crash),
    };
    task.insert("device".to_owned(), json!(device));
    validate::sanitize(&mut task, now)?;
    let task = state.store_task(task);
    if !connect {
        return Ok(ResponseTemplate::new(202).set_body_json(task));
    }
    if lacks_url(state, device) {
        // The task is stored by now.
        return Err(Crash);
    }
    let (reason, delay) = run_now(state, device, &task);
    let answer = match reason {
        None => ResponseTemplate::new(200),
        Some(reason) if state.reasons => {
            ResponseTemplate::new(202).insert_header("x-fake-reason", reason.as_str())
        }
        Some(_) => ResponseTemplate::new(202),
    };
    Ok(answer.set_body_json(task).set_delay(delay))
}

/// Whether a connection request crashes the worker: the CPE has told no URL. A document without the
/// branch of any management server is one of which a test leaves out what it does not need.
fn lacks_url(state: &State, device: &str) -> bool {
    let branches: Vec<&Value> = ["Device", "InternetGatewayDevice"]
        .into_iter()
        .filter_map(|root| state.device(device)?.get(root)?.get("ManagementServer"))
        .collect();
    let told = |branch: &&Value| branch.get("ConnectionRequestURL").is_some();
    !branches.is_empty() && !branches.iter().any(told)
}

/// Asks the CPE for a session; the reason phrase when the task was not done, and how long it took.
fn run_now(state: &mut State, device: &str, task: &Value) -> (Option<String>, std::time::Duration) {
    let cpe = state.cpe_of(device).clone();
    let delay = match &cpe {
        Cpe::Slow(time) => *time,
        _ => std::time::Duration::ZERO,
    };
    let reason = match cpe {
        Cpe::Offline => Some("Device is offline".to_owned()),
        Cpe::QueuedOnly | Cpe::InSession => Some("Task queued but not processed".to_owned()),
        Cpe::Refuses(reason) => Some(reason),
        Cpe::Answers | Cpe::Faults { .. } | Cpe::FaultsOn { .. } | Cpe::Slow(_) => {
            state.session(device);
            let id = task.get("_id").and_then(Value::as_str).unwrap_or_default();
            let fault = format!("{device}:task_{id}");
            let faulted = state.table("faults").get(&fault).is_some();
            faulted.then(|| "Task faulted".to_owned())
        }
    };
    (reason, delay)
}

fn connection_request(state: &mut State, device: &str) -> ResponseTemplate {
    let reason = match state.cpe_of(device).clone() {
        Cpe::Offline => "Device is offline".to_owned(),
        Cpe::Refuses(reason) => reason,
        Cpe::QueuedOnly | Cpe::InSession => return empty(200),
        Cpe::Answers | Cpe::Faults { .. } | Cpe::FaultsOn { .. } | Cpe::Slow(_) => {
            state.session(device);
            return empty(200);
        }
    };
    let answer = text(504, &reason);
    if state.reasons {
        answer.insert_header("x-fake-reason", reason.as_str())
    } else {
        answer
    }
}

fn file(state: &mut State, call: &Call<'_>, name: &str) -> Answer {
    match call.method {
        "PUT" => {
            let now = validate::iso(state.now());
            state.table("files").put(json!({
                "_id": name,
                "length": call.request.body.len(),
                "chunkSize": 261_120,
                "uploadDate": now,
                "filename": name,
                "metadata": {
                    "fileType": call.header("filetype"),
                    "oui": call.header("oui"),
                    "productClass": call.header("productclass"),
                    "version": call.header("version"),
                },
            }));
            Ok(empty(201))
        }
        "DELETE" => match state.table("files").remove(name) {
            Some(_) => Ok(empty(200)),
            None => Err(Crash),
        },
        _ => Ok(not_allowed("PUT, DELETE")),
    }
}

fn ping(state: &State, call: &Call<'_>, host: &str) -> Answer {
    let good = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    if host.is_empty() || !host.chars().all(good) {
        return Ok(not_found());
    }
    let _ = call;
    if state.unreachable.contains(host) {
        return Ok(text(404, &format!("Error: Command failed: ping {host}")));
    }
    let output = format!(
        "PING {host} ({host}) 56(84) bytes of data.\n\n--- {host} ping statistics ---\n\
         3 packets transmitted, 3 received, 0% packet loss, time 401ms\n\
         rtt min/avg/max/mdev = 0.512/0.700/0.950/0.100 ms\n"
    );
    Ok(text(200, &output).insert_header("Cache-Control", "no-cache"))
}

/// `virtual_parameters` → `virtualParameters`.
fn camel_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut up = false;
    for c in name.chars() {
        if c == '_' {
            up = true;
        } else if up {
            out.push(c.to_ascii_uppercase());
            up = false;
        } else {
            out.push(c);
        }
    }
    out
}

/// What `parseInt` makes of a parameter.
fn parse_int(text: &str) -> Option<i64> {
    let text = text.trim_start();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    let sign = text.len() - digits.len();
    text.get(..sign + end)?.parse().ok()
}

fn list(state: &mut State, call: &Call<'_>, name: &str) -> Answer {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(word) {
        return Ok(not_found());
    }
    if !matches!(call.method, "GET" | "HEAD") {
        return Ok(not_allowed("GET, HEAD"));
    }
    let collection = camel_case(name);
    let Some(table) = state.tables.get(collection.as_str()) else {
        return Ok(not_found());
    };
    let query = match call.param("query") {
        None => json!({}),
        Some(query) => match serde_json::from_str(query) {
            Ok(query) => query,
            Err(_) => return Ok(syntax_error()),
        },
    };
    let filter = filter::compile(&collection, &query)?;
    let fields = call.param("projection").map(project::fields).transpose()?;
    let sort = match call.param("sort") {
        None => Vec::new(),
        Some(sort) => match serde_json::from_str::<Value>(sort) {
            Ok(_) => sort_keys(&collection, sort)?,
            Err(_) => return Ok(syntax_error()),
        },
    };
    let mut rows: Vec<&Value> = table.rows().filter(|row| filter.matches(row)).collect();
    let total = rows.len().to_string();
    rows.sort_by(|a, b| {
        sort.iter()
            .map(|(key, descending)| {
                let order = filter::sort_order(filter::find(a, key), filter::find(b, key));
                if *descending { order.reverse() } else { order }
            })
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let number = |name: &str| call.param(name).and_then(parse_int);
    let skip = match number("skip") {
        Some(skip) => usize::try_from(skip).map_err(|_| Crash)?,
        None => 0,
    };
    // Zero is no limit; a negative one is its size.
    let limit = match number("limit") {
        None | Some(0) => usize::MAX,
        Some(limit) => usize::try_from(limit.unsigned_abs()).unwrap_or(usize::MAX),
    };
    let mut body = String::from("[\n");
    for (at, row) in rows.into_iter().skip(skip).take(limit).enumerate() {
        if at > 0 {
            body.push_str(",\n");
        }
        match &fields {
            Some(fields) => body.push_str(&project::apply(row, fields).to_string()),
            None => body.push_str(&row.to_string()),
        }
    }
    body.push_str("\n]");
    Ok(ResponseTemplate::new(200)
        .insert_header("total", total.as_str())
        .set_body_raw(body, "application/json"))
}

/// Keys of a sort order in the order of the text, which a map would lose.
fn sort_keys(collection: &str, text: &str) -> Result<Vec<(String, bool)>, Crash> {
    let map: Map<String, Value> = serde_json::from_str(text).map_err(|_| Crash)?;
    let mut keys = Vec::new();
    for (key, direction) in map {
        let descending = match direction.as_f64() {
            Some(1.0) => false,
            Some(-1.0) => true,
            _ => return Err(Crash),
        };
        if key.is_empty() || key.starts_with('$') || key.split('.').any(str::is_empty) {
            return Err(Crash);
        }
        let quoted = Value::String(key.clone()).to_string();
        let at = text.find(&quoted).unwrap_or(usize::MAX);
        keys.push((at, filter::stored_key(collection, &key), descending));
    }
    keys.sort();
    Ok(keys
        .into_iter()
        .map(|(_, key, descending)| (key, descending))
        .collect())
}
