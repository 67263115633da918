//! Conditions as they are typed: `status=Open`, `modified>=2026-11-01`, or Frappe's own JSON.

use erpnext_client::{Filter, Operand, Order, Period, Timespan};
use serde_json::Value;

use crate::output::Failure;

const HOW: &str = "write field=value, field!=value, field>=value, field~part, 'field in a,b', \
    'field like A%', 'field between A,B', 'field timespan last week', or 'field is set'";

/// One `--filter`.
pub(super) fn parse(text: &str) -> Result<Filter, Failure> {
    let trimmed = text.trim();
    let end = trimmed
        .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
        .unwrap_or(trimmed.len());
    let (field, rest) = trimmed.split_at(end);
    let rest = rest.trim_start();
    let found = ["!=", ">=", "<=", "=", ">", "<", "~"]
        .into_iter()
        .find_map(|sign| Some((sign, rest.strip_prefix(sign)?)))
        .or_else(|| {
            WORDS
                .iter()
                .find_map(|word| Some((*word, after_word(rest, word)?)))
        });
    let (operator, value) = match found {
        Some(found) if !field.is_empty() => found,
        _ => return Err(unusable(text, "has no operator")),
    };
    let value = value.trim();
    let filter = match operator {
        "~" => Some(Filter::contains(field, value)),
        "in" => Some(Filter::is_in(field, listed(value))),
        "not in" => Some(Filter::not_in(field, listed(value))),
        "between" => value
            .split_once(',')
            .map(|(from, to)| Filter::between(field, from.trim(), to.trim())),
        operator => compare(field, operator, value),
    };
    filter.ok_or_else(|| unusable(text, "has a value that does not go with its operator"))
}

/// Longer ones before those they begin with.
const WORDS: &[&str] = &[
    "not in", "in", "not like", "like", "is", "between", "timespan", "previous", "next",
];

/// What follows a word and a space.
fn after_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let head = text.get(..word.len())?;
    let tail = text.get(word.len()..)?;
    (head.eq_ignore_ascii_case(word) && tail.starts_with(char::is_whitespace)).then_some(tail)
}

fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim)
}

fn unusable(text: &str, why: &str) -> Failure {
    Failure::input(format!("--filter {text:?} {why}"), HOW)
}

/// A comparison whose value is one text.
fn compare(field: &str, operator: &str, value: &str) -> Option<Filter> {
    Some(match operator {
        "=" => Filter::eq(field, value),
        "!=" => Filter::ne(field, value),
        ">" => Filter::gt(field, value),
        "<" => Filter::lt(field, value),
        ">=" => Filter::ge(field, value),
        "<=" => Filter::le(field, value),
        "like" => Filter::like(field, value),
        "not like" => Filter::not_like(field, value),
        "is" if value.eq_ignore_ascii_case("set") => Filter::is_set(field),
        "is" if value.eq_ignore_ascii_case("not set") => Filter::is_not_set(field),
        "timespan" => Filter::timespan(field, timespan(value)?),
        "previous" => Filter::previous(field, period(value)?),
        "next" => Filter::next(field, period(value)?),
        "ancestors of" => Filter::ancestors_of(field, value),
        "not ancestors of" => Filter::not_ancestors_of(field, value),
        "descendants of" => Filter::descendants_of(field, value),
        "descendants of (inclusive)" => Filter::descendants_of_inclusive(field, value),
        "not descendants of" => Filter::not_descendants_of(field, value),
        _ => return None,
    })
}

fn timespan(text: &str) -> Option<Timespan> {
    use Timespan as T;
    [
        T::Yesterday,
        T::Today,
        T::Tomorrow,
        T::Last7Days,
        T::Last14Days,
        T::Last30Days,
        T::Last90Days,
        T::LastWeek,
        T::LastMonth,
        T::LastQuarter,
        T::Last6Months,
        T::LastYear,
        T::ThisWeek,
        T::ThisMonth,
        T::ThisQuarter,
        T::ThisYear,
        T::Next7Days,
        T::Next14Days,
        T::Next30Days,
        T::NextWeek,
        T::NextMonth,
        T::NextQuarter,
        T::Next6Months,
        T::NextYear,
    ]
    .into_iter()
    .find(|span| span.as_str().eq_ignore_ascii_case(text))
}

fn period(text: &str) -> Option<Period> {
    [
        Period::Week,
        Period::Month,
        Period::Quarter,
        Period::HalfYear,
        Period::Year,
    ]
    .into_iter()
    .find(|period| period.as_str().eq_ignore_ascii_case(text))
}

/// `--filters`: Frappe's JSON, a list of `[field, operator, value]` or
/// `[doctype, field, operator, value]`, or an object of fields.
pub(super) fn parse_json(text: &str) -> Result<Vec<Filter>, Failure> {
    let bad = |what: &str| {
        Failure::input(
            format!("--filters {what}"),
            r#"write [["field","operator",value],…], [["Child Doctype","field","operator",value],…] or {"field": value}"#,
        )
    };
    let value: Value =
        serde_json::from_str(text).map_err(|error| bad(&format!("is not JSON: {error}")))?;
    match value {
        Value::Array(rows) => rows
            .iter()
            .map(|row| of_row(row).ok_or_else(|| bad(&format!("holds {row}, which is none"))))
            .collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(field, value)| {
                let filter = match value {
                    Value::Array(pair) => match pair.as_slice() {
                        [Value::String(operator), value] => of(field, operator, value),
                        _ => None,
                    },
                    value => of(field, "=", value),
                };
                filter.ok_or_else(|| bad(&format!("has no usable condition on {field}")))
            })
            .collect(),
        _ => Err(bad("is neither a list nor an object")),
    }
}

fn of_row(row: &Value) -> Option<Filter> {
    match row.as_array()?.as_slice() {
        [Value::String(field), Value::String(operator), value] => of(field, operator, value),
        [
            Value::String(doctype),
            Value::String(field),
            Value::String(operator),
            value,
        ] => Some(of(field, operator, value)?.on(doctype.as_str())),
        _ => None,
    }
}

fn of(field: &str, operator: &str, value: &Value) -> Option<Filter> {
    let operator = operator.to_ascii_lowercase();
    let list = |value: &Value| {
        value
            .as_array()?
            .iter()
            .map(operand)
            .collect::<Option<Vec<Operand>>>()
    };
    match (operator.as_str(), value) {
        ("in", _) => Some(Filter::is_in(field, list(value)?)),
        ("not in", _) => Some(Filter::not_in(field, list(value)?)),
        ("between", _) => {
            let [from, to] = <[Operand; 2]>::try_from(list(value)?).ok()?;
            Some(Filter::between(field, from, to))
        }
        ("=", Value::Null) => Some(Filter::is_not_set(field)),
        ("!=", Value::Null) => Some(Filter::is_set(field)),
        ("=", value) => Some(Filter::eq(field, operand(value)?)),
        ("!=", value) => Some(Filter::ne(field, operand(value)?)),
        (">", value) => Some(Filter::gt(field, operand(value)?)),
        ("<", value) => Some(Filter::lt(field, operand(value)?)),
        (">=", value) => Some(Filter::ge(field, operand(value)?)),
        ("<=", value) => Some(Filter::le(field, operand(value)?)),
        (operator, Value::String(text)) => compare(field, operator, text),
        _ => None,
    }
}

/// A single value; money and measures stay as exact as they were written.
fn operand(value: &Value) -> Option<Operand> {
    match value {
        Value::Bool(value) => Some((*value).into()),
        Value::String(value) => Some(value.as_str().into()),
        Value::Number(number) => Some(match number.as_i64() {
            Some(whole) => whole.into(),
            None => number.to_string().as_str().into(),
        }),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// `--order`: `creation desc, name`; ascending where nothing is said.
pub(super) fn parse_order(text: &str) -> Result<Vec<(String, Order)>, Failure> {
    text.split(',')
        .map(|part| {
            let mut words = part.split_whitespace();
            let order = match (words.next(), words.next(), words.next()) {
                (Some(field), None, None) => Some((field, Order::Asc)),
                (Some(field), Some(way), None) if way.eq_ignore_ascii_case("asc") => {
                    Some((field, Order::Asc))
                }
                (Some(field), Some(way), None) if way.eq_ignore_ascii_case("desc") => {
                    Some((field, Order::Desc))
                }
                _ => None,
            };
            order
                .map(|(field, order)| (field.to_owned(), order))
                .ok_or_else(|| {
                    Failure::input(
                        format!("--order {text:?} cannot be read"),
                        "write 'creation desc' or 'customer asc, posting_date desc'",
                    )
                })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use erpnext_client::{Dialect, Query};

    use super::{parse, parse_json, parse_order};

    fn rendered(filters: impl IntoIterator<Item = erpnext_client::Filter>) -> String {
        Query::new()
            .filters(filters)
            .render("ToDo", Dialect::V15)
            .unwrap()
            .filters()
            .to_string()
    }

    #[test]
    fn what_is_typed_becomes_a_condition() {
        for (text, json) in [
            ("status=Open", r#"[["status","=","Open"]]"#),
            ("a = b=c", r#"[["a","=","b=c"]]"#),
            ("qty>=2", r#"[["qty",">=","2"]]"#),
            ("qty>2", r#"[["qty",">","2"]]"#),
            ("status!=Open", r#"[["status","!=","Open"]]"#),
            ("name~50", r#"[["name","like","%50%"]]"#),
            ("name like A%", r#"[["name","like","A%"]]"#),
            ("name NOT LIKE A%", r#"[["name","not like","A%"]]"#),
            (
                "status in Open, Closed",
                r#"[["status","in",["Open","Closed"]]]"#,
            ),
            ("status not in Open", r#"[["status","not in",["Open"]]]"#),
            ("due is set", r#"[["due","is","set"]]"#),
            ("due is not set", r#"[["due","is","not set"]]"#),
            (
                "due between 2026-01-01, 2026-01-31",
                r#"[["due","between",["2026-01-01","2026-01-31"]]]"#,
            ),
            (
                "due timespan last week",
                r#"[["due","timespan","last week"]]"#,
            ),
        ] {
            assert_eq!(rendered([parse(text).unwrap()]), json, "{text}");
        }
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        for text in [
            "",
            "status",
            "=Open",
            "status is open",
            "status inOpen",
            "due timespan soon",
            "due between 2026-01-01",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_json_of_frappe_is_understood() {
        for (text, json) in [
            (
                r#"[["status","=","Open"],["ToDo","idx",">",1]]"#,
                r#"[["status","=","Open"],["ToDo","idx",">",1]]"#,
            ),
            (
                r#"{"a":1,"b":["like","%x%"]}"#,
                r#"[["a","=",1],["b","like","%x%"]]"#,
            ),
            (r#"{"a":["in",["x",2]]}"#, r#"[["a","in",["x",2]]]"#),
            (r#"[["a","=",null]]"#, r#"[["a","is","not set"]]"#),
        ] {
            assert_eq!(rendered(parse_json(text).unwrap()), json, "{text}");
        }
        for text in [
            "",
            "1",
            r#"[["a","is near","b"]]"#,
            r#"[["a"]]"#,
            r#"{"a":["in","x"]}"#,
        ] {
            assert!(parse_json(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_order_says_which_way() {
        let order = parse_order("creation DESC, name").unwrap();
        assert_eq!(
            format!("{order:?}"),
            r#"[("creation", Desc), ("name", Asc)]"#
        );
        assert!(parse_order("creation down").is_err());
        assert!(parse_order("").is_err());
    }
}
