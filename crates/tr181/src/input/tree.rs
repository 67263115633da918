//! Reads a document that is already a JSON value.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::index::{Id, Index};
use super::scalar::Scalar;
use super::trie::{State, Trie};
use crate::error::Error;

/// Reads one document, or an array around one.
pub(crate) fn read<'a>(value: &'a Value, trie: &Trie) -> Result<Index<'a>, Error> {
    let map = match value {
        Value::Object(map) => map,
        Value::Array(items) => match items.as_slice() {
            [Value::Object(map)] => map,
            [] => return Err(Error::NoDocument),
            [_] => return Err(Error::NotAnObject),
            several => {
                return Err(Error::SeveralDocuments {
                    count: several.len(),
                });
            }
        },
        _ => return Err(Error::NotAnObject),
    };
    let mut index = Index::new();
    object(map, trie, &mut index, super::trie::ROOT, 0);
    Ok(index)
}

/// Recursion is as deep as the trie, which is bounded.
fn object<'a>(
    map: &'a Map<String, Value>,
    trie: &Trie,
    index: &mut Index<'a>,
    state: State,
    id: Id,
) {
    let leaf = trie.is_leaf(state);
    let metadata = id != 0 && !index.is_device_id(id);
    for (key, value) in map {
        if metadata && key.starts_with('_') {
            match (key.as_str(), value) {
                ("_value", value) if leaf => index.set_value(id, scalar(value)),
                ("_timestamp", Value::String(text)) if leaf => {
                    index.set_read_at(id, text.as_bytes());
                }
                _ => {}
            }
            continue;
        }
        let Some(next) = trie.step(state, key.as_bytes()) else {
            if id == 0 && key.contains('.') {
                flat_member(key, value, trie, index);
            }
            continue;
        };
        let child = index.push(id, Cow::Borrowed(key), next);
        match value {
            Value::Object(map) => object(map, trie, index, next, child),
            Value::Array(items) if id == 0 && key == "_tags" => {
                for value in items.iter().filter_map(scalar) {
                    let tag = index.push(child, Cow::Borrowed("tag"), next);
                    index.set_value(tag, Some(value));
                }
            }
            value if trie.is_leaf(next) => index.set_value(child, scalar(value)),
            _ => {}
        }
    }
}

fn flat_member<'a>(path: &'a str, value: &'a Value, trie: &Trie, index: &mut Index<'a>) {
    let mut state = super::trie::ROOT;
    let mut steps = Vec::new();
    for name in path.split('.').filter(|s| !s.is_empty()) {
        match trie.step(state, name.as_bytes()) {
            Some(next) => state = next,
            None => return,
        }
        steps.push((name, state));
    }
    if !trie.is_leaf(state) {
        return;
    }
    let mut id = 0;
    for (name, state) in steps {
        id = match index.last_child_named(id, name) {
            Some(known) => known,
            None => index.push(id, Cow::Borrowed(name), state),
        };
    }
    index.set_value(id, scalar(value));
}

fn scalar(value: &Value) -> Option<Scalar<'_>> {
    match value {
        Value::String(text) => Some(Scalar(Cow::Borrowed(text))),
        Value::Bool(true) => Some(Scalar(Cow::Borrowed("true"))),
        Value::Bool(false) => Some(Scalar(Cow::Borrowed("false"))),
        Value::Number(number) => Some(Scalar(Cow::Owned(number.to_string()))),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
