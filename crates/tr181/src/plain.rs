//! The summary with bare values in place of facts.

use serde_json::Value;

use crate::model::Summary;

pub(crate) fn plain(summary: &Summary) -> Value {
    let mut value = serde_json::to_value(summary).unwrap_or(Value::Null);
    strip(&mut value);
    value
}

/// Replaces every object that has a fact's keys by its value. Only our own types reach
/// this, and none of them has a field called `source` beside one called `confidence`.
fn strip(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.contains_key("source") && map.contains_key("confidence") {
                if let Some(inner) = map.remove("value") {
                    *value = inner;
                }
            } else {
                map.values_mut().for_each(strip);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}
