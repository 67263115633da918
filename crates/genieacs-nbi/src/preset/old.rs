//! Preconditions in the old JSON form.

use serde_json::{Map, Value};

use crate::error::Error;

fn bad(reason: &'static str) -> Error {
    Error::invalid("precondition", reason)
}

/// Checks what the server can turn into an expression; the rest makes it throw.
pub(super) fn check(map: &Map<String, Value>) -> Result<(), Error> {
    level(map, 0)
}

fn level(map: &Map<String, Value>, depth: usize) -> Result<(), Error> {
    if depth > 32 {
        return Err(bad("nests too deeply"));
    }
    for (key, value) in map {
        if key.starts_with('$') {
            if !matches!(key.as_str(), "$and" | "$or") {
                return Err(bad("has an operator other than `$and` and `$or`"));
            }
            let list = value
                .as_array()
                .ok_or_else(|| bad("gives `$and` or `$or` something else than an array"))?;
            for item in list {
                let item = item
                    .as_object()
                    .ok_or_else(|| bad("has something else than a condition in `$and` or `$or`"))?;
                level(item, depth + 1)?;
            }
        } else if key == "_tags" {
            tags(value)?;
        } else if key.starts_with("Tags.") {
            let known = match value {
                Value::Bool(_) => true,
                Value::Object(map) => ["$eq", "$ne", "$exists"]
                    .iter()
                    .any(|op| map.contains_key(*op)),
                _ => false,
            };
            if !known {
                return Err(bad("asks of a tag something else than whether it is there"));
            }
        } else {
            parameter(value)?;
        }
    }
    Ok(())
}

fn tags(value: &Value) -> Result<(), Error> {
    match value {
        Value::String(_) => Ok(()),
        Value::Object(map) => {
            let good = map
                .iter()
                .all(|(op, value)| matches!(op.as_str(), "$eq" | "$ne") && value.is_string());
            if good {
                Ok(())
            } else {
                Err(bad(
                    "compares tags otherwise than by `$eq` or `$ne` with text",
                ))
            }
        }
        _ => Err(bad("compares tags with something else than text")),
    }
}

fn parameter(value: &Value) -> Result<(), Error> {
    match value {
        Value::String(_) | Value::Number(_) | Value::Bool(_) => Ok(()),
        Value::Object(map) => {
            let operator = |op: &str| matches!(op, "$eq" | "$ne" | "$lt" | "$lte" | "$gt" | "$gte");
            let scalar = |v: &Value| v.is_string() || v.is_number() || v.is_boolean();
            if map.iter().all(|(op, value)| operator(op) && scalar(value)) {
                Ok(())
            } else {
                Err(bad(
                    "compares a parameter by an unknown operator, or with no scalar",
                ))
            }
        }
        Value::Null | Value::Array(_) => Err(bad("compares a parameter with no scalar")),
    }
}
