//! Refuses every query that would crash a worker of the server or make its database answer with an
//! error (which crashes it as well).

use serde_json::{Map, Value};

use super::Collection;
use super::expand::{self, Alternative};
use super::pattern;
use crate::error::Error;
use crate::id::is_object_id;

/// Nesting the database takes is 100; each of ours becomes up to four of its own.
const MAX_DEPTH: usize = 16;
const MAX_ITEMS: usize = 5000;

pub(super) fn query(collection: Collection, map: &Map<String, Value>) -> Result<(), Error> {
    conditions(collection, map, 0)
}

fn bad(reason: &'static str) -> Error {
    Error::invalid("query", reason)
}

fn conditions(collection: Collection, map: &Map<String, Value>, depth: usize) -> Result<(), Error> {
    if depth > MAX_DEPTH {
        return Err(bad("nests more than 16 levels"));
    }
    for (key, value) in map {
        if key.starts_with('$') {
            if !matches!(key.as_str(), "$and" | "$or" | "$nor") {
                return Err(bad(
                    "has an operator other than `$and`, `$or`, `$nor` at its top",
                ));
            }
            let list = value
                .as_array()
                .filter(|list| !list.is_empty())
                .ok_or_else(|| {
                    bad("gives `$and`, `$or` or `$nor` something else than a non-empty array")
                })?;
            for item in list {
                let item = item.as_object().ok_or_else(|| {
                    bad("has something else than a condition in `$and`, `$or` or `$nor`")
                })?;
                conditions(collection, item, depth + 1)?;
            }
            continue;
        }
        field_name("query", key)?;
        field(collection, key, value, depth)?;
    }
    Ok(())
}

/// A key of a query, projection or sort order.
pub(super) fn field_name(what: &'static str, key: &str) -> Result<(), Error> {
    if key.is_empty() {
        return Err(Error::invalid(what, "has an empty key"));
    }
    if key.contains('\0') || key.len() > 2048 {
        return Err(Error::invalid(
            what,
            "has a key with a NUL or longer than 2048 bytes",
        ));
    }
    if key.split('.').any(str::is_empty) {
        return Err(Error::invalid(
            what,
            "has a key with an empty segment (a path has no final dot)",
        ));
    }
    if key.split('.').any(|segment| segment.starts_with('$')) {
        return Err(Error::invalid(
            what,
            "has a key with a segment that begins with `$`",
        ));
    }
    Ok(())
}

fn field(collection: Collection, key: &str, value: &Value, depth: usize) -> Result<(), Error> {
    let typed = collection.typed(key);
    match value {
        Value::Object(operators) => {
            if operators.is_empty() {
                return Err(bad("compares a key with an empty object"));
            }
            let negated = operators.contains_key("$ne") || operators.contains_key("$not");
            if negated && operators.len() > 1 {
                return Err(bad(
                    "mixes `$ne` or `$not` with another operator on one key",
                ));
            }
            operators_of(collection, typed, operators, depth)
        }
        other => operand(collection, typed, other, Place::Plain),
    }
}

/// Where a value stands, which decides what the server does with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// `{key: value}` and `$eq`, `$gt`, …: strings are expanded.
    Plain,
    /// In `$in` or `$nin`: expanded, and a pattern among them is an error of the database.
    List,
    /// Passed on untouched.
    Untouched,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Typed {
    ObjectId,
    Date,
    Number,
}

fn operators_of(
    collection: Collection,
    typed: Option<Typed>,
    operators: &Map<String, Value>,
    depth: usize,
) -> Result<(), Error> {
    if depth > MAX_DEPTH {
        return Err(bad("nests more than 16 levels"));
    }
    if operators.contains_key("$options") && !operators.contains_key("$regex") {
        return Err(bad("has `$options` without `$regex`"));
    }
    for (operator, value) in operators {
        match operator.as_str() {
            "$eq" | "$ne" | "$gt" | "$gte" | "$lt" | "$lte" => {
                if value.is_object() {
                    return Err(bad("compares a key with an object"));
                }
                operand(collection, typed, value, Place::Plain)?;
            }
            "$in" | "$nin" => {
                for item in list(value)? {
                    operand(collection, typed, item, Place::List)?;
                }
            }
            "$exists" => {
                if !value.is_boolean() {
                    return Err(bad("gives `$exists` something else than true or false"));
                }
            }
            // The server converts typed keys and knows no other operator there: it throws.
            _ if typed.is_some() => {
                return Err(bad(
                    "has an operator the server does not know on a typed key",
                ));
            }
            "$all" => {
                for item in list(value)? {
                    operand(collection, typed, item, Place::Untouched)?;
                }
            }
            "$size" => {
                if value.as_u64().is_none_or(|size| size >= 1_000_000) {
                    return Err(bad(
                        "gives `$size` something else than a small whole number",
                    ));
                }
            }
            "$regex" => {
                let text = value
                    .as_str()
                    .ok_or_else(|| bad("gives `$regex` something else than text"))?;
                pattern::check(text).map_err(bad)?;
            }
            "$options" => {
                let good = value
                    .as_str()
                    .is_some_and(|text| text.chars().all(|c| "imsx".contains(c)));
                if !good {
                    return Err(bad(
                        "gives `$options` something else than letters of `imsx`",
                    ));
                }
            }
            "$not" => {
                let inner = value
                    .as_object()
                    .filter(|inner| !inner.is_empty())
                    .ok_or_else(|| bad("gives `$not` something else than an operator"))?;
                // Not rewritten by the server, hence checked as untouched values.
                untouched_operators(collection, inner, depth + 1)?;
            }
            _ => return Err(bad("has an operator that is not known to be safe")),
        }
    }
    Ok(())
}

fn untouched_operators(
    collection: Collection,
    operators: &Map<String, Value>,
    depth: usize,
) -> Result<(), Error> {
    if operators.contains_key("$not") {
        return Err(bad("has `$not` within `$not`"));
    }
    operators_of(collection, None, operators, depth)
}

fn list(value: &Value) -> Result<&[Value], Error> {
    let items = value
        .as_array()
        .ok_or_else(|| bad("gives a list operator something else than an array"))?;
    if items.len() > MAX_ITEMS {
        return Err(bad("lists more than 5000 values"));
    }
    Ok(items)
}

fn operand(
    collection: Collection,
    typed: Option<Typed>,
    value: &Value,
    place: Place,
) -> Result<(), Error> {
    if let Some(typed) = typed {
        return typed_operand(typed, value);
    }
    match value {
        Value::Object(_) => Err(bad("compares a key with an object")),
        Value::Array(items) => {
            for item in items {
                if item.is_array() {
                    return Err(bad("compares a key with an array of arrays"));
                }
                // A pattern inside an array is an error of the database, or matches nothing.
                let place = if place == Place::Untouched {
                    place
                } else {
                    Place::List
                };
                operand(collection, None, item, place)?;
            }
            Ok(())
        }
        Value::String(text) if collection.rewrites() && place != Place::Untouched => {
            for alternative in expand::expand(text) {
                if let Alternative::Pattern(pattern, _) = alternative {
                    pattern::check(&pattern).map_err(bad)?;
                    if place == Place::List {
                        return Err(bad("has a pattern (`*` or `/…/`) in an array"));
                    }
                }
            }
            Ok(())
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn typed_operand(typed: Typed, value: &Value) -> Result<(), Error> {
    let good = match typed {
        Typed::ObjectId => value.as_str().is_some_and(is_object_id),
        Typed::Date => match value {
            Value::String(text) => expand::js_date(text).is_some(),
            Value::Number(number) => number.as_u64().is_some_and(|ms| ms < 8_640_000_000_000_000),
            _ => false,
        },
        Typed::Number => match value {
            Value::Number(_) => true,
            Value::String(text) => expand::js_number(text).is_some(),
            _ => false,
        },
    };
    if good {
        return Ok(());
    }
    Err(bad(match typed {
        Typed::ObjectId => "compares a task's `_id` with something else than 24 hexadecimal digits",
        Typed::Date => "compares `timestamp` with something else than a date",
        Typed::Number => "compares `retries` with something else than a number",
    }))
}
