//! All that the fake remembers.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use integration_core::Clock;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::cpe::{self, Cpe, RefreshHook, TaskFault};
use super::table::Table;
use super::validate::{Now, iso};
use crate::id::DeviceId;

const LOG: usize = 1000;

/// A request the fake has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// Its method.
    pub method: String,
    /// Its path, still encoded.
    pub path: String,
    /// Its query, decoded.
    pub query: Vec<(String, String)>,
    /// Its headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its body, cut at 64 KiB.
    pub body: Vec<u8>,
}

pub(super) struct State {
    pub(super) tables: HashMap<&'static str, Table>,
    pub(super) cpes: HashMap<String, Cpe>,
    pub(super) default_cpe: Cpe,
    pub(super) on_refresh: Option<RefreshHook>,
    pub(super) clock: Now,
    pub(super) transfer_time: Duration,
    pub(super) unreachable: BTreeSet<String>,
    pub(super) crash_hang: Duration,
    pub(super) reasons: bool,
    pub(super) crashes: u64,
    pub(super) log: VecDeque<LoggedRequest>,
    next_task: u64,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

impl Default for State {
    fn default() -> Self {
        const COLLECTIONS: [&str; 14] = [
            "devices",
            "tasks",
            "presets",
            "objects",
            "provisions",
            "virtualParameters",
            "files",
            "faults",
            "operations",
            "config",
            "permissions",
            "users",
            "cache",
            "locks",
        ];
        let clock = Clock::system();
        Self {
            tables: COLLECTIONS
                .into_iter()
                .map(|name| (name, Table::default()))
                .collect(),
            cpes: HashMap::new(),
            default_cpe: Cpe::Answers,
            on_refresh: None,
            clock: Arc::new(move || Timestamp::try_from(clock.now()).unwrap_or_default()),
            transfer_time: Duration::ZERO,
            unreachable: BTreeSet::new(),
            crash_hang: Duration::ZERO,
            reasons: true,
            crashes: 0,
            log: VecDeque::new(),
            next_task: 0,
        }
    }
}

impl State {
    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    pub(super) fn record(&mut self, request: LoggedRequest) {
        if self.log.len() >= LOG {
            self.log.pop_front();
        }
        self.log.push_back(request);
    }

    pub(super) fn table(&mut self, name: &'static str) -> &mut Table {
        self.tables.entry(name).or_default()
    }

    pub(super) fn device(&self, id: &str) -> Option<&Value> {
        self.tables.get("devices")?.get(id)
    }

    pub(super) fn cpe_of(&self, id: &str) -> &Cpe {
        self.cpes.get(id).unwrap_or(&self.default_cpe)
    }

    pub(super) fn seed(&mut self, mut document: Value) {
        let now = iso(self.now());
        let Some(map) = document.as_object_mut() else {
            return;
        };
        if !map.get("_id").is_some_and(Value::is_string) {
            let part = |key: &str| {
                let id = map.get("_deviceId");
                id.and_then(|id| id.get(key)?.as_str())
                    .unwrap_or_default()
                    .to_owned()
            };
            let id = DeviceId::from_parts(
                &part("_OUI"),
                &part("_ProductClass"),
                &part("_SerialNumber"),
            );
            map.insert("_id".to_owned(), json!(id.as_str()));
        }
        if !map.contains_key("_deviceId") {
            let id = map.get("_id").and_then(Value::as_str).unwrap_or_default();
            if let Some(parts) = DeviceId::new(id).ok().and_then(|id| id.parts()) {
                let mut identity = Map::new();
                identity.insert("_OUI".to_owned(), json!(parts.oui));
                if let Some(class) = parts.product_class {
                    identity.insert("_ProductClass".to_owned(), json!(class));
                }
                identity.insert("_SerialNumber".to_owned(), json!(parts.serial));
                map.insert("_deviceId".to_owned(), Value::Object(identity));
            }
        }
        for date in ["_registered", "_lastInform"] {
            map.entry(date).or_insert_with(|| now.clone());
        }
        self.table("devices").put(document);
    }

    /// Stores a task, complete but for its id, which is returned with it.
    pub(super) fn store_task(&mut self, mut task: Map<String, Value>) -> Value {
        self.next_task += 1;
        let seconds = u32::try_from(self.now().as_second()).unwrap_or_default();
        let id = format!("{seconds:08x}{:016x}", self.next_task);
        if let Some(key) = task
            .get("uniqueKey")
            .and_then(Value::as_str)
            .filter(|key| !key.is_empty())
        {
            let (key, device) = (key.to_owned(), task.get("device").cloned());
            self.table("tasks").remove_where(|other| {
                other.get("uniqueKey").and_then(Value::as_str) == Some(&key)
                    && other.get("device") == device.as_ref()
            });
        }
        task.insert("_id".to_owned(), json!(id));
        let task = Value::Object(task);
        self.table("tasks").put(task.clone());
        task
    }

    /// Ends what has ended by now: transfers.
    pub(super) fn settle(&mut self) {
        let now = self.now();
        let time = self.transfer_time;
        let ended: Vec<Value> = self
            .table("operations")
            .rows()
            .filter(|operation| {
                let began = operation.get("timestamp").and_then(crate::lenient::instant);
                began
                    .and_then(|began| began.checked_add(time).ok())
                    .is_none_or(|end| end <= now)
            })
            .cloned()
            .collect();
        for operation in ended {
            let text = |key: &str| {
                operation
                    .get(key)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
            };
            self.table("operations").remove(text("_id"));
            let Some((device, _)) = text("_id").split_once(':') else {
                continue;
            };
            let args: Value = serde_json::from_str(text("args")).unwrap_or_default();
            let file = args
                .get("fileName")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let known = self.table("files").get(file).is_some();
            let channels: Map<String, Value> =
                serde_json::from_str(text("channels")).unwrap_or_default();
            if !known {
                for channel in channels.keys() {
                    let fault =
                        TaskFault::cwmp(9016, "File transfer failure: unable to access file");
                    self.fault(device, channel, fault);
                }
            }
        }
    }

    fn fault(&mut self, device: &str, channel: &str, fault: TaskFault) {
        let now = iso(self.now());
        let id = format!("{device}:{channel}");
        let retries = self
            .table("faults")
            .get(&id)
            .and_then(|fault| fault.get("retries")?.as_u64())
            .map_or(0, |retries| retries + 1);
        let mut document = json!({
            "_id": id,
            "device": device,
            "channel": channel,
            "timestamp": now,
            "code": fault.code,
            "message": fault.message,
            "retries": retries,
            "provisions": "[]",
        });
        if let (Some(map), Some(detail)) = (document.as_object_mut(), fault.detail) {
            map.insert("detail".to_owned(), detail);
        }
        self.table("faults").put(document);
    }

    /// One session of a CPE: it informs, and its due tasks run.
    pub(super) fn session(&mut self, device: &str) {
        let now = self.now();
        let Some(document) = self.table("devices").get_mut(device) else {
            return;
        };
        cpe::touch(document, "_lastInform", now);
        let mut due: Vec<Value> = Vec::new();
        let mut expired: Vec<String> = Vec::new();
        for task in self.table("tasks").rows() {
            if task.get("device").and_then(Value::as_str) != Some(device) {
                continue;
            }
            let at = |key: &str| task.get(key).and_then(crate::lenient::instant);
            if at("expiry").is_some_and(|expiry| expiry <= now) {
                expired.extend(task.get("_id").and_then(Value::as_str).map(str::to_owned));
            } else if at("timestamp").is_none_or(|timestamp| timestamp <= now) {
                due.push(task.clone());
            }
        }
        due.sort_by_key(|task| task.get("timestamp").and_then(crate::lenient::instant));
        for id in expired {
            self.table("tasks").remove(&id);
            self.table("faults").remove(&format!("{device}:task_{id}"));
        }
        for task in due {
            self.run(device, &task, now);
        }
    }

    fn run(&mut self, device: &str, task: &Value, now: Timestamp) {
        let id = task.get("_id").and_then(Value::as_str).unwrap_or_default();
        let name = task.get("name").and_then(Value::as_str).unwrap_or_default();
        let channel = format!("task_{id}");
        let fault_id = format!("{device}:{channel}");
        if let Some(fault) = self.table("faults").get(&fault_id) {
            let at = fault.get("timestamp").and_then(crate::lenient::instant);
            let retries = fault
                .get("retries")
                .and_then(Value::as_u64)
                .unwrap_or(0)
                .min(20);
            let wait = Duration::from_secs(300 << retries);
            let again = at.and_then(|at| at.checked_add(wait).ok());
            if again.is_some_and(|again| again > now) {
                return;
            }
        }
        if let Some(fault) = self.cpe_of(device).fault_on(name) {
            self.fault(device, &channel, fault);
            return;
        }
        let mut hook = self.on_refresh.take();
        let result = match self.table("devices").get_mut(device) {
            Some(document) => cpe::run(document, task, now, &mut hook),
            None => Ok(()),
        };
        self.on_refresh = hook;
        if let Err(fault) = result {
            self.fault(device, &channel, fault);
            return;
        }
        self.table("faults").remove(&fault_id);
        self.table("tasks").remove(id);
        if name == "download" {
            let file = task.get("fileName").or_else(|| task.get("file")).cloned();
            self.table("operations").put(json!({
                "_id": format!("{device}:{id}"),
                "name": "Download",
                "timestamp": iso(now),
                "channels": json!({ channel: 0 }).to_string(),
                "provisions": "[]",
                "retries": "{}",
                "args": json!({"fileType": task.get("fileType"), "fileName": file}).to_string(),
            }));
        }
    }

    /// Deletes a device and all that is its.
    pub(super) fn delete_device(&mut self, device: &str) {
        self.table("devices").remove(device);
        let of_device = |row: &Value| row.get("device").and_then(Value::as_str) == Some(device);
        self.table("tasks").remove_where(of_device);
        let prefix = format!("{device}:");
        let owned = |row: &Value| {
            let id = row.get("_id").and_then(Value::as_str);
            id.is_some_and(|id| id.starts_with(&prefix))
        };
        self.table("faults").remove_where(owned);
        self.table("operations").remove_where(owned);
    }
}
