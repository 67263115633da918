//! Queries as the server rewrites them and its database runs them.

use std::cmp::Ordering;

use jiff::Timestamp;
use regex::{Regex, RegexBuilder};
use serde_json::{Map, Value};

use crate::id::is_object_id;
use crate::query::expand::{self, Alternative};

/// The request would crash a worker.
#[derive(Debug)]
pub(super) struct Crash;

/// A condition ready to be asked of documents.
#[derive(Debug)]
pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    None(Vec<Filter>),
    Field(String, Test),
}

#[derive(Debug)]
pub(super) enum Test {
    Equals(Operand),
    Not(Box<Test>),
    Compare(Op, Operand),
    In(Vec<Operand>),
    Every(Vec<Operand>),
    Exists(bool),
    Size(u64),
    Both(Vec<Test>),
    Either(Vec<Test>),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Op {
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

#[derive(Debug)]
pub(super) enum Operand {
    Json(Value),
    Date(Timestamp),
    Pattern(Regex),
}

/// Compiles a query of a collection, named as in the database.
pub(super) fn compile(collection: &str, query: &Value) -> Result<Filter, Crash> {
    let map = query.as_object().ok_or(Crash)?;
    conditions(collection, map, 0)
}

fn conditions(collection: &str, map: &Map<String, Value>, depth: usize) -> Result<Filter, Crash> {
    if depth > 40 {
        return Err(Crash);
    }
    let mut all = Vec::new();
    for (key, value) in map {
        if key.starts_with('$') {
            let list = value
                .as_array()
                .filter(|list| !list.is_empty())
                .ok_or(Crash)?;
            let inner: Result<Vec<Filter>, Crash> = list
                .iter()
                .map(|item| conditions(collection, item.as_object().ok_or(Crash)?, depth + 1))
                .collect();
            all.push(match key.as_str() {
                "$and" => Filter::All(inner?),
                "$or" => Filter::Any(inner?),
                "$nor" => Filter::None(inner?),
                _ => return Err(Crash),
            });
            continue;
        }
        if key.contains('\0') || key.split('.').any(str::is_empty) {
            return Err(Crash);
        }
        let test = match collection {
            "devices" => device_test(value)?,
            "tasks" | "faults" => typed_test(collection, key, value)?,
            _ => plain_test(value)?,
        };
        all.push(Filter::Field(stored_key(collection, key), test));
    }
    Ok(Filter::All(all))
}

/// The key of the database for a key of a query or sort order.
pub(super) fn stored_key(collection: &str, key: &str) -> String {
    let last = key.rsplit('.').next().unwrap_or(key);
    if collection == "devices" && !last.starts_with('_') {
        format!("{key}._value")
    } else {
        key.to_owned()
    }
}

fn regex(pattern: &str, flags: &str) -> Result<Operand, Crash> {
    if pattern.contains('\0') || repeats_a_repetition(pattern) {
        return Err(Crash);
    }
    RegexBuilder::new(pattern)
        .case_insensitive(flags.contains('i'))
        .multi_line(flags.contains('m'))
        // The driver writes the global flag as "dot matches all".
        .dot_matches_new_line(flags.contains(['g', 's']))
        .ignore_whitespace(flags.contains('x'))
        .build()
        .map(Operand::Pattern)
        .map_err(|_| Crash)
}

/// `a**`: an error to JavaScript and the database, and none to the engine used here.
fn repeats_a_repetition(pattern: &str) -> bool {
    let (mut escaped, mut class, mut repeated) = (false, false, false);
    for c in pattern.chars() {
        let again = !escaped && !class && matches!(c, '*' | '+');
        if again && repeated {
            return true;
        }
        repeated = again || (repeated && !escaped && c == '?');
        class = !escaped && (c == '[' || (class && c != ']')) || (escaped && class);
        escaped = !escaped && c == '\\';
    }
    false
}

/// A string of a device query and all it stands for.
fn alternatives(text: &str) -> Result<Vec<Operand>, Crash> {
    expand::expand(text)
        .into_iter()
        .map(|alternative| {
            Ok(match alternative {
                Alternative::Text(text) => Operand::Json(Value::String(text)),
                Alternative::Number(number) => Operand::Json(
                    serde_json::Number::from_f64(number).map_or(Value::Null, Value::Number),
                ),
                Alternative::Date(date) => Operand::Date(date),
                Alternative::Pattern(pattern, flags) => regex(&pattern, &flags)?,
            })
        })
        .collect()
}

fn expanded(value: &Value) -> Result<Vec<Operand>, Crash> {
    match value {
        Value::String(text) => alternatives(text),
        other => Ok(vec![Operand::Json(other.clone())]),
    }
}

fn device_test(value: &Value) -> Result<Test, Crash> {
    let Value::Object(operators) = value else {
        let tests = expanded(value)?.into_iter().map(Test::Equals).collect();
        return Ok(Test::Either(tests));
    };
    if !operators.keys().any(|key| key.starts_with('$')) {
        return Ok(Test::Equals(Operand::Json(value.clone())));
    }
    let mut tests = Vec::new();
    let mut combinations = 1;
    for (operator, value) in operators {
        let test = match operator.as_str() {
            "$eq" | "$gt" | "$gte" | "$lt" | "$lte" => {
                let operands = expanded(value)?;
                combinations *= operands.len();
                let each: Result<Vec<Test>, Crash> = operands
                    .into_iter()
                    // A pattern here is compared as a document: it matches nothing.
                    .filter(|operand| !matches!(operand, Operand::Pattern(_)))
                    .map(|operand| comparison(operator, operand))
                    .collect();
                Test::Either(each?)
            }
            "$ne" => {
                let operands = expanded(value)?;
                combinations *= operands.len();
                let each: Vec<Test> = operands
                    .into_iter()
                    .filter(|operand| !matches!(operand, Operand::Pattern(_)))
                    .map(|operand| Test::Not(Box::new(Test::Equals(operand))))
                    .collect();
                Test::Both(each)
            }
            "$in" | "$nin" => {
                let mut operands = Vec::new();
                for item in value.as_array().ok_or(Crash)? {
                    operands.extend(expanded(item)?);
                }
                // "cannot nest $ under $in"
                if operands
                    .iter()
                    .any(|operand| matches!(operand, Operand::Pattern(_)))
                {
                    return Err(Crash);
                }
                membership(operator, operands)
            }
            _ => untouched(operator, value, operators)?,
        };
        tests.push(test);
    }
    let negated =
        operators.get("$ne").is_some_and(|v| !v.is_null()) || operators.contains_key("$not");
    if negated && combinations > 1 && operators.len() > 1 {
        return Err(Crash);
    }
    Ok(Test::Both(tests))
}

fn membership(operator: &str, operands: Vec<Operand>) -> Test {
    if operator == "$in" {
        Test::In(operands)
    } else {
        Test::Not(Box::new(Test::In(operands)))
    }
}

fn comparison(operator: &str, operand: Operand) -> Result<Test, Crash> {
    Ok(match operator {
        "$eq" => Test::Equals(operand),
        "$ne" => Test::Not(Box::new(Test::Equals(operand))),
        "$gt" => Test::Compare(Op::Greater, operand),
        "$gte" => Test::Compare(Op::GreaterOrEqual, operand),
        "$lt" => Test::Compare(Op::Less, operand),
        "$lte" => Test::Compare(Op::LessOrEqual, operand),
        _ => return Err(Crash),
    })
}

/// An operator whose value the server passes on as it is.
fn untouched(operator: &str, value: &Value, all: &Map<String, Value>) -> Result<Test, Crash> {
    let operands = |value: &Value| -> Result<Vec<Operand>, Crash> {
        Ok(value
            .as_array()
            .ok_or(Crash)?
            .iter()
            .cloned()
            .map(Operand::Json)
            .collect())
    };
    Ok(match operator {
        "$eq" | "$ne" | "$gt" | "$gte" | "$lt" | "$lte" => {
            comparison(operator, Operand::Json(value.clone()))?
        }
        "$in" | "$nin" => membership(operator, operands(value)?),
        "$all" => Test::Every(operands(value)?),
        "$exists" => Test::Exists(value.as_bool().ok_or(Crash)?),
        "$size" => Test::Size(value.as_u64().ok_or(Crash)?),
        "$regex" => {
            let flags = all
                .get("$options")
                .map_or(Some(""), Value::as_str)
                .ok_or(Crash)?;
            Test::Equals(regex(value.as_str().ok_or(Crash)?, flags)?)
        }
        "$options" => {
            if !all.contains_key("$regex") {
                return Err(Crash);
            }
            Test::Both(Vec::new())
        }
        "$not" => Test::Not(Box::new(plain_test(
            value
                .as_object()
                .filter(|inner| !inner.is_empty())
                .map(|_| value)
                .ok_or(Crash)?,
        )?)),
        _ => return Err(Crash),
    })
}

fn plain_test(value: &Value) -> Result<Test, Crash> {
    match value {
        Value::Object(operators) if operators.keys().any(|key| key.starts_with('$')) => {
            let tests: Result<Vec<Test>, Crash> = operators
                .iter()
                .map(|(operator, value)| untouched(operator, value, operators))
                .collect();
            Ok(Test::Both(tests?))
        }
        other => Ok(Test::Equals(Operand::Json(other.clone()))),
    }
}

/// Tasks and faults: some keys are converted, and throw on what they do not know.
fn typed_test(collection: &str, key: &str, value: &Value) -> Result<Test, Crash> {
    let convert: fn(&Value) -> Result<Operand, Crash> = match (collection, key) {
        ("tasks", "_id") => |value| {
            let text = value
                .as_str()
                .filter(|text| is_object_id(text))
                .ok_or(Crash)?;
            Ok(Operand::Json(Value::String(text.to_ascii_lowercase())))
        },
        (_, "timestamp") => |value| {
            let date = match value {
                Value::String(text) => expand::js_date(text),
                Value::Number(ms) => ms
                    .as_i64()
                    .and_then(|ms| Timestamp::from_millisecond(ms).ok()),
                _ => None,
            };
            // An invalid date is stored as the epoch.
            Ok(Operand::Date(date.unwrap_or(Timestamp::UNIX_EPOCH)))
        },
        (_, "retries") => |value| {
            Ok(Operand::Json(match value {
                Value::String(text) => expand::js_number(text)
                    .and_then(serde_json::Number::from_f64)
                    .map_or(Value::Null, Value::Number),
                other => other.clone(),
            }))
        },
        _ => return plain_test(value),
    };
    let Value::Object(operators) = value else {
        return convert(value).map(Test::Equals);
    };
    let tests: Result<Vec<Test>, Crash> = operators
        .iter()
        .map(|(operator, value)| match operator.as_str() {
            "$in" | "$nin" => {
                let operands: Result<Vec<Operand>, Crash> =
                    value.as_array().ok_or(Crash)?.iter().map(convert).collect();
                Ok(membership(operator, operands?))
            }
            "$exists" => Ok(Test::Exists(value.as_bool().ok_or(Crash)?)),
            other => comparison(other, convert(value)?),
        })
        .collect();
    Ok(Test::Both(tests?))
}

/// A value found in a document: JSON, or a date (which JSON writes as text).
#[derive(Clone, Copy, Debug)]
pub(super) enum Found<'a> {
    Json(&'a Value),
    Date(Timestamp),
}

const DATES: [&str; 8] = [
    "_lastInform",
    "_registered",
    "_lastBoot",
    "_lastBootstrap",
    "_timestamp",
    "timestamp",
    "expiry",
    "uploadDate",
];

/// The value at a stored key.
pub(super) fn find<'a>(document: &'a Value, key: &str) -> Option<Found<'a>> {
    let mut parent = document;
    let mut value = document;
    let mut last = "";
    for segment in key.split('.') {
        parent = value;
        value = match parent {
            Value::Object(map) => map.get(segment)?,
            Value::Array(list) => list.get(segment.parse::<usize>().ok()?)?,
            _ => return None,
        };
        last = segment;
    }
    let date = DATES.contains(&last)
        || (last == "_value"
            && parent.get("_type").and_then(Value::as_str) == Some("xsd:dateTime"));
    if date && let Some(instant) = value.as_str().and_then(|text| text.parse().ok()) {
        return Some(Found::Date(instant));
    }
    Some(Found::Json(value))
}

impl Filter {
    pub(super) fn matches(&self, document: &Value) -> bool {
        match self {
            Self::All(all) => all.iter().all(|filter| filter.matches(document)),
            Self::Any(any) => any.iter().any(|filter| filter.matches(document)),
            Self::None(none) => !none.iter().any(|filter| filter.matches(document)),
            Self::Field(key, test) => test.matches(find(document, key)),
        }
    }
}

impl Test {
    fn matches(&self, found: Option<Found<'_>>) -> bool {
        match self {
            Self::Not(test) => !test.matches(found),
            Self::Both(tests) => tests.iter().all(|test| test.matches(found)),
            Self::Either(tests) => tests.iter().any(|test| test.matches(found)),
            Self::Exists(wanted) => found.is_some() == *wanted,
            Self::Size(size) => match found {
                Some(Found::Json(Value::Array(list))) => u64::try_from(list.len()) == Ok(*size),
                _ => false,
            },
            Self::In(operands) => operands.iter().any(|operand| equals(found, operand)),
            Self::Every(operands) => {
                !operands.is_empty() && operands.iter().all(|operand| equals(found, operand))
            }
            Self::Equals(operand) => equals(found, operand),
            Self::Compare(op, operand) => each(found).any(|found| {
                order_with(found, operand).is_some_and(|order| match op {
                    Op::Greater => order == Ordering::Greater,
                    Op::GreaterOrEqual => order != Ordering::Less,
                    Op::Less => order == Ordering::Less,
                    Op::LessOrEqual => order != Ordering::Greater,
                })
            }),
        }
    }
}

/// The value, and when it is an array its elements too.
fn each(found: Option<Found<'_>>) -> impl Iterator<Item = Found<'_>> {
    let elements = match found {
        Some(Found::Json(Value::Array(list))) => list.as_slice(),
        _ => &[],
    };
    found.into_iter().chain(elements.iter().map(Found::Json))
}

fn equals(found: Option<Found<'_>>, operand: &Operand) -> bool {
    if found.is_none() {
        return matches!(operand, Operand::Json(Value::Null));
    }
    each(found).any(|found| match (found, operand) {
        (Found::Json(Value::String(text)), Operand::Pattern(pattern)) => pattern.is_match(text),
        (Found::Json(Value::Array(a)), Operand::Json(Value::Array(b))) => a == b,
        (Found::Json(Value::Object(a)), Operand::Json(Value::Object(b))) => a == b,
        (Found::Json(Value::Null), Operand::Json(Value::Null)) => true,
        (found, operand) => order_with(found, operand) == Some(Ordering::Equal),
    })
}

/// Compares within one type; `None` across types.
fn order_with(found: Found<'_>, operand: &Operand) -> Option<Ordering> {
    match (found, operand) {
        (Found::Date(a), Operand::Date(b)) => Some(a.cmp(b)),
        (Found::Json(Value::String(a)), Operand::Json(Value::String(b))) => Some(a.cmp(b)),
        (Found::Json(Value::Bool(a)), Operand::Json(Value::Bool(b))) => Some(a.cmp(b)),
        (Found::Json(Value::Number(a)), Operand::Json(Value::Number(b))) => {
            match (a.as_i128(), b.as_i128()) {
                (Some(a), Some(b)) => Some(a.cmp(&b)),
                _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
            }
        }
        _ => None,
    }
}

/// The database's order over all types.
pub(super) fn sort_order(a: Option<Found<'_>>, b: Option<Found<'_>>) -> Ordering {
    fn rank(found: Option<Found<'_>>) -> u8 {
        match found {
            None | Some(Found::Json(Value::Null)) => 0,
            Some(Found::Json(Value::Number(_))) => 1,
            Some(Found::Json(Value::String(_))) => 2,
            Some(Found::Json(Value::Object(_))) => 3,
            Some(Found::Json(Value::Array(_))) => 4,
            Some(Found::Json(Value::Bool(_))) => 5,
            Some(Found::Date(_)) => 6,
        }
    }
    rank(a).cmp(&rank(b)).then_with(|| match (a, b) {
        (Some(Found::Date(a)), Some(Found::Date(b))) => a.cmp(&b),
        (Some(a), Some(Found::Json(b))) => {
            order_with(a, &Operand::Json(b.clone())).unwrap_or(Ordering::Equal)
        }
        _ => Ordering::Equal,
    })
}
