//! The simulated CPE: what a task does to a device's document.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::validate::iso;
use crate::value::lenient_bool;

/// How the CPE of a device behaves.
///
/// # Examples
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use genieacs_nbi::testing::{Cpe, FakeNbi};
///
/// let fake = FakeNbi::start().await?;
/// fake.cpe("A0B1C2-1", Cpe::Slow(std::time::Duration::from_secs(2)));
/// fake.cpe("A0B1C2-2", Cpe::Refuses("Basic HTTP authentication not allowed".into()));
/// # Ok::<(), std::io::Error>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cpe {
    /// Opens a session when asked, and does its tasks.
    #[default]
    Answers,
    /// Cannot be reached.
    Offline,
    /// Takes the connection request and opens no session in time.
    QueuedOnly,
    /// Refuses the connection request; the server's words, such as `Connection request error:
    /// Incorrect connection request credentials`.
    Refuses(String),
    /// Opens a session, and every task faults.
    Faults {
        /// TR-069 fault code, such as 9002.
        code: u16,
        /// Its words.
        string: String,
    },
    /// Opens a session, and tasks of one name fault.
    FaultsOn {
        /// Name of the task, such as `reboot`.
        task: String,
        /// TR-069 fault code.
        code: u16,
        /// Its words.
        string: String,
    },
    /// As `Answers`, after this long.
    Slow(Duration),
    /// Is in a session all the time: nothing about it can be deleted, tasks are queued.
    InSession,
}

impl Cpe {
    /// The fault of a task of this name.
    pub(super) fn fault_on(&self, name: &str) -> Option<TaskFault> {
        match self {
            Self::Faults { code, string } => Some(TaskFault::cwmp(*code, string)),
            Self::FaultsOn { task, code, string } if task == name => {
                Some(TaskFault::cwmp(*code, string))
            }
            _ => None,
        }
    }
}

/// Why a task failed.
#[derive(Debug)]
pub(super) struct TaskFault {
    pub(super) code: String,
    pub(super) message: String,
    pub(super) detail: Option<Value>,
}

impl TaskFault {
    pub(super) fn cwmp(code: u16, string: &str) -> Self {
        Self {
            code: format!("cwmp.{code}"),
            message: string.to_owned(),
            detail: Some(json!({
                "faultCode": code.to_string(),
                "faultString": string,
                "setParameterValuesFault": null,
            })),
        }
    }

    fn path() -> Self {
        Self {
            code: "script.Error".to_owned(),
            message: "Invalid parameter path".to_owned(),
            detail: Some(json!({"name": "Error", "message": "Invalid parameter path"})),
        }
    }
}

/// What a task calls before the CPE is read.
pub(super) type RefreshHook = Box<dyn FnMut(&mut Value, &str, Timestamp) + Send>;

/// Does a task on a document.
pub(super) fn run(
    document: &mut Value,
    task: &Value,
    now: Timestamp,
    hook: &mut Option<RefreshHook>,
) -> Result<(), TaskFault> {
    let text = |key: &str| task.get(key).and_then(Value::as_str).unwrap_or_default();
    let list = |key: &str| {
        let list = task.get(key).and_then(Value::as_array);
        list.map(Vec::as_slice).unwrap_or_default()
    };
    match text("name") {
        "getParameterValues" => {
            for name in list("parameterNames").iter().filter_map(Value::as_str) {
                refresh(document, name, now, hook)?;
            }
        }
        "refreshObject" => refresh(document, text("objectName"), now, hook)?,
        "setParameterValues" => {
            for row in list("parameterValues") {
                let name = row.get(0).and_then(Value::as_str).unwrap_or_default();
                checked(name)?;
                if let Some(value) = row.get(1) {
                    set(document, name, value, now);
                }
            }
        }
        "addObject" => {
            let values: Vec<(&str, &Value)> = list("parameterValues")
                .iter()
                .filter_map(|row| Some((row.get(0)?.as_str()?, row.get(1)?)))
                .collect();
            checked(text("objectName"))?;
            add(document, text("objectName"), &values, now);
        }
        "deleteObject" => {
            checked(text("objectName"))?;
            delete(document, text("objectName"));
        }
        "reboot" => touch(document, "_lastBoot", now),
        "factoryReset" => {
            touch(document, "_lastBoot", now);
            touch(document, "_lastBootstrap", now);
        }
        "provisions" => {
            for call in list("provisions") {
                let arg = |at: usize| call.get(at).and_then(Value::as_str).unwrap_or_default();
                match arg(0) {
                    "refresh" => refresh(document, arg(1), now, hook)?,
                    "value" => {
                        checked(arg(1))?;
                        if let Some(value) = call.get(2) {
                            set(document, arg(1), value, now);
                        }
                    }
                    "reboot" => touch(document, "_lastBoot", now),
                    "tag" => tag(
                        document,
                        arg(1),
                        call.get(2).and_then(lenient_bool) != Some(false),
                    ),
                    _ => {}
                }
            }
        }
        _ => {}
    }
    Ok(())
}

pub(super) fn touch(document: &mut Value, key: &str, now: Timestamp) {
    if let Some(map) = document.as_object_mut() {
        map.insert(key.to_owned(), iso(now));
    }
}

/// Adds or removes a tag; tells whether there was such a document.
pub(super) fn tag(document: &mut Value, tag: &str, on: bool) {
    let Some(map) = document.as_object_mut() else {
        return;
    };
    let tags = map.entry("_tags").or_insert_with(|| json!([]));
    if let Some(tags) = tags.as_array_mut() {
        tags.retain(|other| other.as_str() != Some(tag));
        if on {
            tags.push(Value::String(tag.to_owned()));
        }
    }
}

fn checked(path: &str) -> Result<(), TaskFault> {
    crate::path::check(path).map_err(|_| TaskFault::path())
}

fn refresh(
    document: &mut Value,
    path: &str,
    now: Timestamp,
    hook: &mut Option<RefreshHook>,
) -> Result<(), TaskFault> {
    if !path.is_empty() {
        checked(path)?;
    }
    if let Some(hook) = hook {
        hook(document, path, now);
    }
    let stamp = iso(now);
    let segments: Vec<&str> = path.split('.').filter(|s| !s.is_empty()).collect();
    each_node(document, &segments, &mut |node| stamp_all(node, &stamp));
    if let Some(map) = document.as_object_mut() {
        for branch in ["Downloads", "VirtualParameters"] {
            map.entry(branch).or_insert_with(|| json!({}));
        }
        map.insert("_timestamp".to_owned(), stamp);
    }
    Ok(())
}

/// Calls back for each node a path with wildcards names.
fn each_node(node: &mut Value, segments: &[&str], act: &mut dyn FnMut(&mut Value)) {
    let Some((first, rest)) = segments.split_first() else {
        act(node);
        return;
    };
    let Some(map) = node.as_object_mut() else {
        return;
    };
    if *first == "*" {
        for (name, child) in map.iter_mut() {
            if !name.starts_with('_') && child.is_object() {
                each_node(child, rest, act);
            }
        }
    } else if !first.starts_with('_')
        && let Some(child) = map.get_mut(*first)
    {
        each_node(child, rest, act);
    }
}

/// Marks every leaf with a value as read.
fn stamp_all(node: &mut Value, stamp: &Value) {
    let Some(map) = node.as_object_mut() else {
        return;
    };
    for (name, child) in map.iter_mut() {
        if !name.starts_with('_') {
            stamp_all(child, stamp);
        }
    }
    let is_node = map.contains_key("_value") || map.contains_key("_object");
    let unread = map.get("_object") == Some(&Value::Bool(false)) && !map.contains_key("_value");
    if is_node && !unread {
        map.insert("_timestamp".to_owned(), stamp.clone());
    }
}

/// Writes a value, as its type has it. What does not exist or cannot be written stays as it is, and
/// the server says nothing of it.
fn set(document: &mut Value, path: &str, value: &Value, now: Timestamp) {
    let segments: Vec<&str> = path.split('.').collect();
    each_node(document, &segments, &mut |node| {
        let Some(map) = node.as_object_mut() else {
            return;
        };
        let writable = map.get("_writable").and_then(lenient_bool) == Some(true);
        let leaf = map.get("_object").and_then(lenient_bool) != Some(true);
        if writable && leaf {
            write(map, value, now);
        }
    });
}

fn write(map: &mut Map<String, Value>, value: &Value, now: Timestamp) {
    let kind = map
        .get("_type")
        .and_then(Value::as_str)
        .unwrap_or("")
        .to_owned();
    let text = || match value {
        Value::String(text) => Value::String(text.clone()),
        other => Value::String(other.to_string()),
    };
    let converted = match kind.as_str() {
        "xsd:boolean" => lenient_bool(value).map_or_else(text, Value::Bool),
        "xsd:int" | "xsd:unsignedInt" => match crate::value::lenient_integer(value) {
            Some(number) => i64::try_from(number).map_or_else(|_| text(), Value::from),
            None => text(),
        },
        // As JavaScript reads it; kept as a date.
        "xsd:dateTime" => crate::lenient::instant(value).map_or_else(text, iso),
        "" => value.clone(),
        _ => text(),
    };
    if kind.is_empty() {
        map.insert("_type".to_owned(), json!("xsd:string"));
    }
    map.insert("_value".to_owned(), converted);
    map.insert("_timestamp".to_owned(), iso(now));
}

fn add(document: &mut Value, path: &str, values: &[(&str, &Value)], now: Timestamp) {
    let segments: Vec<&str> = path.split('.').collect();
    each_node(document, &segments, &mut |node| {
        let Some(map) = node.as_object_mut() else {
            return;
        };
        if map.get("_writable").and_then(lenient_bool) != Some(true) {
            return;
        }
        let last = map.keys().filter_map(|name| name.parse::<u32>().ok()).max();
        let mut instance = map
            .iter()
            .find(|(name, _)| name.parse::<u32>().is_ok())
            .map_or_else(|| json!({}), |(_, sibling)| blank(sibling));
        if let Some(instance) = instance.as_object_mut() {
            instance.insert("_object".to_owned(), json!(true));
            instance.insert("_writable".to_owned(), json!(true));
            instance.insert("_timestamp".to_owned(), iso(now));
            for (name, value) in values {
                let leaf = instance
                    .entry((*name).to_owned())
                    .or_insert_with(|| json!({"_object": false, "_writable": true}));
                if let Some(leaf) = leaf.as_object_mut() {
                    write(leaf, value, now);
                }
            }
        }
        let number = last.unwrap_or(0).saturating_add(1);
        map.insert(number.to_string(), instance);
    });
}

/// A new instance with the leaves of its sibling, their values not yet read.
fn blank(sibling: &Value) -> Value {
    let Some(map) = sibling.as_object() else {
        return json!({});
    };
    let kept = map.iter().filter_map(|(name, child)| {
        if matches!(name.as_str(), "_object" | "_writable" | "_type") {
            Some((name.clone(), child.clone()))
        } else if child.is_object() && name.parse::<u32>().is_err() {
            Some((name.clone(), blank(child)))
        } else {
            None
        }
    });
    Value::Object(kept.collect())
}

fn delete(document: &mut Value, path: &str) {
    let Some((parent, name)) = path.rsplit_once('.') else {
        return;
    };
    let segments: Vec<&str> = parent.split('.').collect();
    each_node(document, &segments, &mut |node| {
        if let Some(map) = node.as_object_mut()
            && name.parse::<u32>().is_ok()
        {
            map.remove(name);
        }
    });
}
