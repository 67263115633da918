//! Reading JSON that may have any shape: what is not as expected is absent, never an error.
//!
//! Values are kept as their text and looked into only where a field is wanted. So numbers beyond
//! any range, lone surrogates, deep nesting and repeated names pass by unharmed.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserializer as _;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A field that is read from the text of one JSON value; the default stands for absence.
pub(crate) trait Read: Default {
    fn read(json: &str) -> Self;
}

/// Calls `on` for every member of an object, in order. Of a name that is repeated, whoever
/// overwrites keeps the last, as `JSON.parse` does.
///
/// # Errors
/// When the text is not JSON (category syntax or end of input), or not an object (data).
pub(crate) fn members<'j>(
    json: &'j str,
    on: impl FnMut(&str, &'j str),
) -> Result<(), serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(json);
    reader.deserialize_map(Members(on))?;
    reader.end()
}

struct Members<F>(F);

impl<'j, F: FnMut(&str, &'j str)> Visitor<'j> for Members<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'j>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<&'j RawValue>()? {
            let value = map.next_value::<&'j RawValue>()?.get();
            match plain(name.get()) {
                Some(name) => (self.0)(name, value),
                // A name that cannot be decoded is none of ours.
                None => (self.0)(&text(name.get()).unwrap_or_default(), value),
            }
        }
        Ok(())
    }
}

/// Calls `on` for every element of an array, in order; never for what is no array.
pub(crate) fn elements<'j>(json: &'j str, on: impl FnMut(&'j str)) {
    struct Elements<F>(F);
    impl<'j, F: FnMut(&'j str)> Visitor<'j> for Elements<F> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array")
        }

        fn visit_seq<A: SeqAccess<'j>>(mut self, mut seq: A) -> Result<(), A::Error> {
            while let Some(element) = seq.next_element::<&'j RawValue>()? {
                (self.0)(element.get());
            }
            Ok(())
        }
    }
    // An array that breaks off keeps what came before.
    let _ = serde_json::Deserializer::from_str(json).deserialize_seq(Elements(on));
}

/// The member of that name, where the text is an object that has one.
pub(crate) fn member<'j>(json: &'j str, name: &str) -> Option<&'j str> {
    let mut found = None;
    // An object that breaks off is one without members.
    let _ = members(json, |key, value| {
        if key == name {
            found = Some(value);
        }
    });
    found
}

/// A text, and nothing else.
pub(crate) fn text(json: &str) -> Option<String> {
    match plain(json) {
        Some(plain) => Some(plain.to_owned()),
        None if json.starts_with('"') => serde_json::from_str(json).ok(),
        None => None,
    }
}

/// A text that is written as it is, without escapes: nearly all of them.
fn plain(json: &str) -> Option<&str> {
    json.strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .filter(|text| !text.contains('\\'))
}

/// A text; of an object that was expanded in its place, its id.
impl Read for Option<String> {
    fn read(json: &str) -> Self {
        if json.starts_with('{') {
            member(json, "id").and_then(text)
        } else {
            text(json)
        }
    }
}

impl Read for String {
    fn read(json: &str) -> Self {
        Option::read(json).unwrap_or_default()
    }
}

/// A whole number that fits.
impl Read for Option<i64> {
    fn read(json: &str) -> Self {
        json.parse().ok()
    }
}

impl Read for Option<bool> {
    fn read(json: &str) -> Self {
        match json {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }
}

impl Read for bool {
    fn read(json: &str) -> Self {
        json == "true"
    }
}

/// Texts by name; a number or a truth value is kept as it is written.
impl Read for BTreeMap<String, String> {
    fn read(json: &str) -> Self {
        let mut map = Self::new();
        let _ = members(json, |name, value| {
            let value = match value.bytes().next() {
                Some(b'"') => text(value),
                Some(b'{' | b'[' | b'n') | None => None,
                Some(_) => Some(value.to_owned()),
            };
            match value {
                Some(value) => map.insert(name.to_owned(), value),
                None => map.remove(name),
            };
        });
        map
    }
}

/// A list as Stripe wraps it (`{"object":"list","data":[…]}`), or a bare one.
impl<T: Read> Read for Vec<T> {
    fn read(json: &str) -> Self {
        let list = if json.starts_with('{') {
            member(json, "data").unwrap_or_default()
        } else {
            json
        };
        let mut all = Self::new();
        elements(list, |element| all.push(T::read(element)));
        all
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::collections::BTreeMap;

    use super::{Read, elements, member, members};

    #[test]
    fn the_last_of_a_repeated_name_wins_and_names_are_decoded() {
        assert_eq!(member(r#"{"a":1,"a":2}"#, "a"), Some("2"));
        assert_eq!(member(r#"{"\u0061":1}"#, "a"), Some("1"));
        assert_eq!(member(r#"{"\ud800":1,"b":2}"#, "b"), Some("2"));
        assert_eq!(member("[]", "a"), None);
    }

    #[test]
    fn values_of_any_kind_are_passed_by() {
        let mut seen = Vec::new();
        members(
            r#"{"a":1e999,"b":"\ud800","c":[[]], "d" : null }"#,
            |name, value| seen.push((name.to_owned(), value)),
        )
        .unwrap();
        let values: Vec<_> = seen.iter().map(|(_, value)| *value).collect();
        assert_eq!(values, ["1e999", r#""\ud800""#, "[[]]", "null"]);
        let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(member(&deep, "a").unwrap().len(), 200_000);
        let mut all = Vec::new();
        elements(r#"[1, {"a":[2]}]"#, |element| all.push(element));
        elements("{}", |element| all.push(element));
        assert_eq!(all, ["1", r#"{"a":[2]}"#]);
    }

    #[test]
    fn what_does_not_fit_is_absent() {
        for bad in ["null", "1.5", "1e3", "\"1\"", "9223372036854775808", "{}"] {
            assert_eq!(Option::<i64>::read(bad), None, "{bad}");
        }
        assert_eq!(Option::<i64>::read("-7"), Some(-7));
        assert_eq!(Option::<String>::read(r#"{"id":"pi_1"}"#).unwrap(), "pi_1");
        assert_eq!(Option::<String>::read(r#"{"id":{"id":"x"}}"#), None);
        assert_eq!(Option::<String>::read(r#""\ud800""#), None);
        let map = BTreeMap::<String, String>::read(r#"{"a":"x","b":7,"c":null,"d":{},"a":null}"#);
        assert_eq!(map, BTreeMap::from([("b".to_owned(), "7".to_owned())]));
    }
}
