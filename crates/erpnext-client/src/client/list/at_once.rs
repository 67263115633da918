//! The rows of a list, read in one pass over the answer.

use std::collections::HashMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Deserializer;

/// Least length of a row that room is made for before it is seen.
const SHORT_ROW: usize = 32;

/// Rows, and the text of each.
pub(super) struct AtOnce<'a, T> {
    pub(super) rows: Vec<T>,
    pub(super) texts: Vec<&'a str>,
}

/// Reads `{"field": [{…}, {…}]}`, each row straight into its type. `None` for anything else (a
/// row that does not fit, no array, no JSON): what is wrong with it is told by a reading in two
/// passes, first of the answer and then of each row.
pub(super) fn at_once<'a, T: Deserialize<'a>>(
    body: &'a [u8],
    field: &str,
    expected: usize,
) -> Option<AtOnce<'a, T>> {
    // Once for all: the parser need not look at each text again.
    let body = std::str::from_utf8(body).ok()?;
    let rest = after(after(body, "{")?, "\"")?;
    let rest = rest.strip_prefix(field)?.strip_prefix('"')?;
    let mut rest = trimmed(after(after(rest, ":")?, "[")?);
    let room = expected.min(body.len() / SHORT_ROW);
    let mut found = AtOnce {
        rows: Vec::with_capacity(room),
        texts: Vec::with_capacity(room),
    };
    if let Some(end) = rest.strip_prefix(']') {
        rest = end;
    } else {
        loop {
            if !rest.starts_with('{') {
                return None;
            }
            let mut row = Deserializer::from_str(rest).into_iter::<T>();
            found.rows.push(row.next()?.ok()?);
            let (text, behind) = rest.split_at_checked(row.byte_offset())?;
            found.texts.push(text);
            match after(behind, ",") {
                Some(next) => rest = trimmed(next),
                None => {
                    rest = after(behind, "]")?;
                    break;
                }
            }
        }
    }
    ends(rest, field).then_some(found)
}

/// Whether an envelope ends like this behind its array.
pub(super) fn ends(rest: &str, field: &str) -> bool {
    if let Some(end) = after(rest, "}") {
        return trimmed(end).is_empty();
    }
    // Messages, or whether more rows follow.
    let Some(others) = after(rest, ",").filter(|others| trimmed(others).starts_with('"')) else {
        return false;
    };
    serde_json::from_str::<HashMap<String, IgnoredAny>>(&format!("{{{others}"))
        .is_ok_and(|others| !others.contains_key(field))
}

fn after<'a>(text: &'a str, token: &str) -> Option<&'a str> {
    trimmed(text).strip_prefix(token)
}

/// Without the white space that JSON may begin with.
fn trimmed(text: &str) -> &str {
    text.trim_start_matches([' ', '\n', '\r', '\t'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn texts(body: &str) -> Option<Vec<&str>> {
        let found = at_once::<Value>(body.as_bytes(), "data", 10)?;
        for (row, text) in found.rows.iter().zip(&found.texts) {
            assert_eq!(*row, serde_json::from_str::<Value>(text).unwrap());
        }
        assert_eq!(found.rows.len(), found.texts.len());
        Some(found.texts)
    }

    #[test]
    fn rows_come_with_their_texts() {
        let cases: [(&str, &[&str]); 6] = [
            (r#"{"data":[]}"#, &[]),
            (" {\n\"data\" : [ ]\t}\r\n", &[]),
            (r#"{"data":[{"a":"]},{"}]}"#, &[r#"{"a":"]},{"}"#]),
            (
                r#"{ "data" : [ {"a": 1} , {"a": {"b": []}} ] }"#,
                &[r#"{"a": 1}"#, r#"{"a": {"b": []}}"#],
            ),
            (r#"{"data":[{}],"has_next_page":true}"#, &["{}"]),
            (
                r#"{"data":[{}] , "_server_messages":"[]", "x":{"data":1}}"#,
                &["{}"],
            ),
        ];
        for (body, rows) in cases {
            assert_eq!(texts(body).unwrap(), rows, "{body}");
        }
    }

    #[test]
    fn anything_else_is_left_to_the_other_reading() {
        for body in [
            "",
            "[]",
            "<html>",
            "{}",
            r#"{"data":null}"#,
            r#"{"data":{}}"#,
            r#"{"message":[]}"#,
            r#"{"data":[1]}"#,
            r#"{"data":[["a"]]}"#,
            r#"{"data":[{}]"#,
            r#"{"data":[{},]}"#,
            r#"{"data":[{}{}]}"#,
            r#"{"data":[{"a":}]}"#,
            r#"{"data":[{}],}"#,
            r#"{"data":[{}]}}"#,
            r#"{"data":[{}],"more":tru}"#,
            r#"{"data":[{}],"data":[]}"#,
            r#"{"dat":[],"data":[{}]}"#,
        ] {
            assert!(texts(body).is_none(), "{body}");
        }
        assert!(at_once::<Value>(b"{\"data\":[{\"a\":\"\xff\"}]}", "data", 1).is_none());
        // Neither does a row that does not fit its type.
        let names = at_once::<HashMap<String, u8>>(br#"{"data":[{"a":1},{"a":"x"}]}"#, "data", 1);
        assert!(names.is_none());
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_the_answer_holds(
            rows in prop::collection::vec(prop::collection::hash_map(".{0,9}", ".{0,9}", 0..4), 0..6),
            cut in any::<prop::sample::Index>(),
            pretty: bool,
        ) {
            let body = json!({"data": rows});
            let body = if pretty { format!("{body:#}") } else { body.to_string() };
            let found = at_once::<HashMap<String, String>>(body.as_bytes(), "data", 3).unwrap();
            prop_assert_eq!(found.rows, rows);
            let cut = cut.index(body.len());
            let part = body.as_bytes().get(..cut).unwrap();
            prop_assert!(at_once::<HashMap<String, String>>(part, "data", 3).is_none());
        }
    }
}
