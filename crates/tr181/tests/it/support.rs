//! Small documents out of flat text.

use serde_json::{Map, Value, json};

/// Makes a nested document of `path = value` lines; numbers and booleans become JSON ones.
pub(crate) fn document(lines: &str) -> Value {
    let mut root = Value::Object(Map::new());
    for line in lines.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let (path, text) = line.split_once('=').unwrap();
        let text = text.trim();
        let value = match text {
            "true" => json!(true),
            "false" => json!(false),
            "UNREAD" => Value::Null,
            number
                if number.parse::<i64>().is_ok() && !number.starts_with('0') || number == "0" =>
            {
                json!(number.parse::<i64>().unwrap())
            }
            text => json!(text.trim_matches('"')),
        };
        let mut leaf =
            json!({"_object": false, "_writable": true, "_timestamp": "2026-11-22T15:30:23.187Z"});
        if !value.is_null() {
            leaf["_value"] = value;
        }
        insert(&mut root, path.trim(), leaf);
    }
    root
}

fn insert(root: &mut Value, path: &str, leaf: Value) {
    let mut at = root;
    for name in path.split('.') {
        at = at
            .as_object_mut()
            .unwrap()
            .entry(name)
            .or_insert_with(|| json!({"_object": true}));
    }
    *at = leaf;
}

/// Summarises lines three ways and asserts that they agree.
pub(crate) fn summary(lines: &str) -> tr181::Summary {
    let value = document(lines);
    let bytes = tr181::summarize(value.to_string().as_bytes()).unwrap();
    assert_eq!(tr181::summarize_value(&value).unwrap(), bytes);
    let flat = tr181::summarize_flat(flatten(&value));
    assert_eq!(untimed(&flat), untimed(&bytes));
    bytes
}

/// Paths and texts of every leaf with a value.
pub(crate) fn flatten(value: &Value) -> Vec<(String, String)> {
    fn walk(value: &Value, path: &str, out: &mut Vec<(String, String)>) {
        let Some(map) = value.as_object() else { return };
        if !path.is_empty() {
            match map.get("_value") {
                Some(Value::String(text)) => out.push((path.to_owned(), text.clone())),
                Some(Value::Bool(b)) => out.push((path.to_owned(), b.to_string())),
                Some(Value::Number(n)) => out.push((path.to_owned(), n.to_string())),
                _ => {}
            }
        }
        for (key, child) in map.iter().filter(|(k, _)| !k.starts_with('_')) {
            let path = if path.is_empty() {
                key.clone()
            } else {
                format!("{path}.{key}")
            };
            walk(child, &path, out);
        }
    }
    let mut out = Vec::new();
    walk(value, "", &mut out);
    out
}

/// The summary without reading times and without what only an ACS document has.
pub(crate) fn untimed(summary: &tr181::Summary) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.remove("read_at");
                map.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(summary).unwrap();
    strip(&mut value);
    value.as_object_mut().unwrap().remove("document");
    value
}

/// Every fact of a summary as JSON, with its place.
pub(crate) fn facts(value: &Value, place: &str, out: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(map) if map.contains_key("confidence") && map.contains_key("source") => {
            out.push((place.to_owned(), value.clone()));
        }
        Value::Object(map) => map
            .iter()
            .for_each(|(k, v)| facts(v, &format!("{place}.{k}"), out)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(i, v)| facts(v, &format!("{place}[{i}]"), out)),
        _ => {}
    }
}
