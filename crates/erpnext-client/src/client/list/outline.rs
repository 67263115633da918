//! Where the rows of an answer are, told before they are read.

use std::ops::Range;

use memchr::{memchr, memchr_iter};
use serde_json::Deserializer;

use super::Named;
use super::at_once::ends;
use crate::DocName;

/// The places of the rows, and the name of the last.
#[derive(Debug, PartialEq)]
pub(super) struct Outline {
    pub(super) rows: Vec<Range<usize>>,
    pub(super) last: DocName,
}

/// Looks at the braces of `{"field":[{"key":…},{"key":…}]}` alone, a small part of the time that
/// reading takes. `None` unless the answer is written like this, without white space, and all its
/// rows begin with the same key; of JSON what is told is certain.
///
/// Within a text a quotation mark is escaped, so that `{"` can only be its end; a key does not
/// follow there. So each `{"key":` begins an object, and one behind `},` follows an object in the
/// same array. Were that array not the one of the rows, its own first object would stand behind
/// something else, and nothing is told.
pub(super) fn outline(body: &[u8], field: &str, expected: usize) -> Option<Outline> {
    let rest = body.strip_prefix(b"{\"")?.strip_prefix(field.as_bytes())?;
    let array = rest.strip_prefix(b"\":[")?;
    let key = array.strip_prefix(b"{\"")?;
    let (key, _) = key.split_at_checked(memchr(b'"', key)?)?;
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    if key.is_empty() || !key.iter().all(plain) {
        return None;
    }
    let begin = array.get(..key.len().checked_add(4)?)?;
    if !begin.ends_with(b":") {
        return None;
    }
    let offset = body.len().checked_sub(array.len())?;
    let mut rows = Vec::with_capacity(expected.min(body.len() / begin.len()));
    let mut from = offset;
    for at in memchr_iter(b'{', array).skip(1) {
        let (before, row) = array.split_at_checked(at)?;
        if row.starts_with(begin) {
            if !before.ends_with(b"},") {
                return None;
            }
            let next = offset.checked_add(at)?;
            rows.push(from..next.checked_sub(1)?);
            from = next;
        } else if may_begin(before, row) {
            return None;
        }
    }
    let last = body.get(from..)?;
    let mut row = Deserializer::from_slice(last).into_iter();
    let Named { name } = row.next()?.ok()?;
    let (_, behind) = last.split_at_checked(row.byte_offset())?;
    rows.push(from..body.len().checked_sub(behind.len())?);
    let behind = std::str::from_utf8(behind.strip_prefix(b"]")?).ok()?;
    ends(behind, field).then_some(Outline { rows, last: name })
}

/// Whether a brace may be outside of texts.
fn may_begin(before: &[u8], object: &[u8]) -> bool {
    let space = |byte: u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
    let behind = before
        .last()
        .is_none_or(|&byte| matches!(byte, b'[' | b',' | b':') || space(byte));
    let next = object
        .get(1)
        .is_none_or(|&byte| matches!(byte, b'"' | b'}') || space(byte));
    behind && next
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn told(body: &str) -> Option<(usize, String)> {
        let Outline { rows, last } = outline(body.as_bytes(), "data", 2)?;
        let read: Value = serde_json::from_str(body).unwrap();
        let read = read["data"].as_array().unwrap();
        let texts = rows
            .iter()
            .map(|row| serde_json::from_str::<Value>(&body[row.clone()]).unwrap());
        assert!(texts.eq(read.iter().cloned()), "{body}");
        Some((rows.len(), last.as_str().to_owned()))
    }

    #[test]
    fn what_is_written_as_a_site_writes_it_is_told() {
        let cases = [
            (r#"{"data":[{"name":"a"}]}"#, 1, "a"),
            (r#"{"data":[{"name":1},{"name":42}]}"#, 2, "42"),
            (
                r#"{"data":[{"qty":1,"name":"a"},{"qty":2,"name":"b"}]}"#,
                2,
                "b",
            ),
            (
                r#"{"data":[{"name":"a","x":"{}"},{"name":"b\"\u00e9"}],"_server_messages":"[\"{}\"]"}"#,
                2,
                "b\"é",
            ),
            (
                r#"{"data":[{"name":"a","x":"{{ doc.name }} },{\"name\":\"z\"}"},{"name":"},{a"}]}"#,
                2,
                "},{a",
            ),
        ];
        for (body, rows, last) in cases {
            assert_eq!(told(body), Some((rows, last.to_owned())), "{body}");
        }
    }

    #[test]
    fn nothing_is_told_of_what_may_be_otherwise() {
        for body in [
            "",
            "{}",
            r#"{"data":[]}"#,
            r#"{"data":null}"#,
            r#"{"message":[{"name":"a"}]}"#,
            r#"{"more":1,"data":[{"name":"a"}]}"#,
            r#"{ "data":[{"name":"a"}]}"#,
            r#"{"data":[{"name":"a"}, {"name":"b"}]}"#,
            r#"{"data":[{"name":"a"},{"qty":1,"name":"b"}]}"#,
            r#"{"data":[{"qty":1}]}"#,
            r#"{"data":[{"name":null}]}"#,
            r#"{"data":[{"name":"a","name":"b"}]}"#,
            // Objects within: of a row, and of what follows.
            r#"{"data":[{"name":"a","x":{"name":"b"}}]}"#,
            r#"{"data":[{"name":"a","x":[{"name":"b"},{"name":"c"}]}]}"#,
            r#"{"data":[{"name":"a","x":[1,{"name":"b"}]}]}"#,
            r#"{"data":[{"name":"a","x":[{},{"name":"b"}]}]}"#,
            r#"{"data":[{"name":"a"}],"docs":[{"name":"b"}]}"#,
            r#"{"data":[{"name":"a"},{"name":"b"#,
            r#"{"data":[{"name":"a"}"#,
            r#"{"data":[{"name":"a"}],"more":}"#,
            r#"{"data":[{"name":"a"}],"data":[]}"#,
        ] {
            assert_eq!(told(body), None, "{body}");
        }
    }

    /// Texts that look like what is looked for.
    fn text() -> impl Strategy<Value = String> {
        let parts = [
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            " ",
            "name",
            "\"name\":",
            "},{\"name\":\"z\"",
            "é",
            "a",
        ];
        prop::collection::vec(prop::sample::select(parts.to_vec()), 0..8)
            .prop_map(|parts| parts.concat())
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            4 => text().prop_map(Value::from),
            1 => any::<i32>().prop_map(Value::from),
            1 => Just(Value::Null),
        ];
        leaf.prop_recursive(2, 6, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                inner.clone().prop_map(|value| json!({"name": value})),
                prop::collection::vec(inner, 0..3).prop_map(|values| {
                    values
                        .into_iter()
                        .map(|value| json!({"name": "n", "x": value}))
                        .collect()
                }),
                Just(json!({})),
            ]
        })
    }

    /// A row, its keys in this order.
    fn row(name: &str, value: &Value, first: bool) -> String {
        let name = json!(name);
        if first {
            format!(r#"{{"name":{name},"x":{value}}}"#)
        } else {
            format!(r#"{{"x":{value},"name":{name}}}"#)
        }
    }

    proptest! {
        #[test]
        fn what_is_told_is_what_the_answer_holds(
            rows in prop::collection::vec((text(), value()), 0..6),
            first: bool,
            behind in prop::option::of(value()),
        ) {
            let texts: Vec<String> = rows.iter().map(|(name, value)| row(name, value, first)).collect();
            let behind = behind.map(|value| format!(r#","docs":{value}"#)).unwrap_or_default();
            let body = format!(r#"{{"data":[{}]{behind}}}"#, texts.join(","));
            let read: Value = serde_json::from_str(&body).unwrap();
            let read = read["data"].as_array().unwrap();
            if let Some((count, last)) = told(&body) {
                prop_assert_eq!(count, read.len(), "{}", body);
                prop_assert_eq!(&json!(last), &read.last().unwrap()["name"], "{}", body);
            }
        }

        #[test]
        fn flat_rows_are_always_told(names in prop::collection::vec("[^{]{0,9}", 1..6)) {
            let texts: Vec<String> = names.iter().map(|name| row(name, &json!("{x"), true)).collect();
            let body = format!(r#"{{"data":[{}]}}"#, texts.join(","));
            prop_assert_eq!(told(&body), Some((names.len(), names.last().unwrap().clone())));
        }

        #[test]
        fn anything_may_come(body in prop::collection::vec(any::<u8>(), 0..60), text in text()) {
            outline(&body, "data", 9);
            outline(format!(r#"{{"data":[{{"name":{text}"#).as_bytes(), "data", 9);
        }
    }
}
