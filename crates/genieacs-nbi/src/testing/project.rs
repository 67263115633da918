//! Projections as the server prepares them and its database applies them.

use serde_json::{Map, Value};

use super::filter::Crash;

/// The fields of a `projection` parameter after the server's own tidying.
pub(super) fn fields(param: &str) -> Result<Vec<String>, Crash> {
    let mut keys: Vec<String> = param
        .split(',')
        .map(|field| field.trim().to_owned())
        .collect();
    keys.sort();
    keys.dedup();
    if keys.iter().any(String::is_empty) {
        // The server hands on an empty key, which selects nothing.
        return Ok(Vec::new());
    }
    let mut at = 1_usize;
    while let (Some(before), Some(key)) = (keys.get(at.wrapping_sub(1)), keys.get(at)) {
        if key
            .strip_prefix(before.as_str())
            .is_some_and(|rest| rest.starts_with('.'))
        {
            keys.remove(at);
        } else {
            at += 1;
        }
    }
    // What the tidying left is refused by the database.
    let collides = keys.iter().any(|key| {
        keys.iter().any(|other| {
            other
                .strip_prefix(key.as_str())
                .is_some_and(|rest| rest.starts_with('.'))
        })
    });
    let malformed = keys
        .iter()
        .any(|key| key.starts_with('$') || key.split('.').any(str::is_empty));
    if collides || malformed {
        return Err(Crash);
    }
    Ok(keys)
}

/// The document with these fields and its `_id`.
pub(super) fn apply(document: &Value, fields: &[String]) -> Value {
    let mut out = Map::new();
    if let Some(id) = document.get("_id") {
        out.insert("_id".to_owned(), id.clone());
    }
    for field in fields {
        copy(document, &mut out, field);
    }
    Value::Object(out)
}

fn copy(from: &Value, to: &mut Map<String, Value>, path: &str) {
    let (head, rest) = match path.split_once('.') {
        Some((head, rest)) => (head, Some(rest)),
        None => (path, None),
    };
    let Some(value) = from.get(head) else { return };
    match rest {
        None => {
            to.insert(head.to_owned(), value.clone());
        }
        // The parents of a missing path appear, bare.
        Some(rest) if value.is_object() => {
            let inner = to
                .entry(head.to_owned())
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                copy(value, inner, rest);
            }
        }
        Some(_) => {}
    }
}
