//! What the server does to a task before it stores it, and whether a script compiles.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::filter::Crash;
use crate::query::expand;

/// What JavaScript takes for true.
fn truthy(value: &&Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// Completes a task; a malformed one crashes the worker.
pub(super) fn sanitize(task: &mut Map<String, Value>, now: Timestamp) -> Result<(), Crash> {
    let timestamp = match task.get("timestamp").filter(truthy) {
        None => Some(now),
        Some(value) => date(value),
    };
    task.insert("timestamp".to_owned(), timestamp.map_or(Value::Null, iso));
    if let Some(expiry) = task.get("expiry").filter(truthy) {
        let seconds = match expiry {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => expand::js_number(text),
            _ => None,
        };
        let expiry = match seconds {
            Some(seconds) => Duration::try_from_secs_f64(seconds)
                .ok()
                .and_then(|time| timestamp?.checked_add(time).ok()),
            None => date(expiry),
        };
        task.insert("expiry".to_owned(), expiry.map_or(Value::Null, iso));
    }
    let name = task.get("name").and_then(Value::as_str).unwrap_or_default();
    let text = |key: &str| task.get(key).and_then(Value::as_str);
    let filled = |key: &str| text(key).is_some_and(|text| !text.is_empty());
    let good = match name {
        "getParameterValues" => {
            let names = task.get("parameterNames").and_then(Value::as_array);
            names.is_some_and(|names| {
                !names.is_empty()
                    && names
                        .iter()
                        .all(|name| name.as_str().is_some_and(|n| !n.is_empty()))
            })
        }
        "setParameterValues" => {
            let values = task.get("parameterValues").and_then(Value::as_array);
            values.is_some_and(|values| !values.is_empty() && values.iter().all(parameter_value))
        }
        "refreshObject" => text("objectName").is_some(),
        "deleteObject" => filled("objectName"),
        "addObject" => match task.get("parameterValues") {
            None | Some(Value::Null) => true,
            Some(values) => values
                .as_array()
                .is_some_and(|values| values.iter().all(parameter_value)),
        },
        "download" => {
            let by_id = task.get("file").filter(truthy).is_some();
            let target = task
                .get("targetFileName")
                .is_none_or(|t| t.is_null() || t.is_string());
            (by_id || (filled("fileType") && filled("fileName"))) && target
        }
        "provisions" => {
            let calls = task.get("provisions").and_then(Value::as_array);
            calls.is_some_and(|calls| {
                calls.iter().all(|call| {
                    call.as_array().is_some_and(|args| {
                        args.iter().all(|arg| !arg.is_array() && !arg.is_object())
                    })
                })
            })
        }
        "reboot" | "factoryReset" => true,
        _ => false,
    };
    if good { Ok(()) } else { Err(Crash) }
}

fn parameter_value(value: &Value) -> bool {
    let Some(list) = value.as_array() else {
        return false;
    };
    let name = list
        .first()
        .and_then(Value::as_str)
        .is_some_and(|name| !name.is_empty());
    let scalar = list
        .get(1)
        .is_some_and(|v| v.is_string() || v.is_boolean() || v.is_number());
    let kind = list
        .get(2)
        .is_none_or(|kind| kind.is_null() || kind.is_string());
    name && scalar && kind
}

fn date(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => text.parse().ok().or_else(|| expand::js_date(text)),
        Value::Number(ms) => Timestamp::from_millisecond(ms.as_i64()?).ok(),
        _ => None,
    }
}

/// A date as JavaScript writes it: milliseconds, `Z`.
pub(super) fn iso(instant: Timestamp) -> Value {
    Value::String(crate::lenient::iso(instant))
}

/// Whether a script might compile: its brackets and quotes close. No more is known of JavaScript.
pub(super) fn compiles(script: &str) -> bool {
    let mut open = Vec::new();
    let mut chars = script.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' | ']' | '}' if open.pop() != Some(c) => return false,
            ')' | ']' | '}' => {}
            '"' | '\'' | '`' => loop {
                match chars.next() {
                    None => return false,
                    Some('\\') => drop(chars.next()),
                    Some('\n') if c != '`' => return false,
                    Some(other) if other == c => break,
                    Some(_) => {}
                }
            },
            '/' if chars.peek() == Some(&'/') => while chars.next_if(|c| *c != '\n').is_some() {},
            '/' if chars.peek() == Some(&'*') => {
                let mut star = false;
                loop {
                    match chars.next() {
                        None => return false,
                        Some('/') if star => break,
                        Some(other) => star = other == '*',
                    }
                }
            }
            _ => {}
        }
    }
    open.is_empty()
}

/// A clock that can be replaced.
pub(super) type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;
