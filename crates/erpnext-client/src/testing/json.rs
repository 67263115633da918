//! JSON as the two dialects write it.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};
use serde_json::{Serializer, Value};

use crate::Dialect;

/// An answer's JSON: compact; ASCII alone on version 15.
pub(super) fn answer(value: &impl Serialize, dialect: Dialect) -> Vec<u8> {
    match dialect {
        Dialect::V15 => write(value, Ascii(CompactFormatter)),
        Dialect::V16 => write(value, CompactFormatter),
    }
}

/// JSON that goes into a text of an answer.
pub(super) fn message(value: &impl Serialize, dialect: Dialect) -> String {
    match dialect {
        Dialect::V15 => dumps(value),
        Dialect::V16 => text(write(value, CompactFormatter)),
    }
}

/// Text in the layout of Python's `json.dumps`: `", "` and `": "`, ASCII.
pub(super) fn dumps(value: &impl Serialize) -> String {
    text(write(value, Ascii(Spaced)))
}

/// Text in the layout of `json.dumps(…, indent=1)`, ASCII.
pub(super) fn dumps_indented(value: &impl Serialize) -> String {
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b" ");
    text(write(value, Ascii(formatter)))
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

fn write(value: &impl Serialize, formatter: impl Formatter) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, formatter);
    // Writing values to memory cannot fail.
    let _ = value.serialize(&mut serializer);
    bytes
}

/// Members in the order in which they were put.
#[derive(Clone, Debug, Default)]
pub(super) struct Object(Vec<(&'static str, Member)>);

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum Member {
    Value(Value),
    List(Vec<Object>),
}

impl Object {
    pub(super) fn put(&mut self, key: &'static str, value: impl Into<Value>) {
        self.0.push((key, Member::Value(value.into())));
    }

    pub(super) fn put_list(&mut self, key: &'static str, objects: Vec<Object>) {
        self.0.push((key, Member::List(objects)));
    }
}

impl Serialize for Object {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// Escapes what is not ASCII, in whatever layout.
struct Ascii<F>(F);

impl<F: Formatter> Formatter for Ascii<F> {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(|c: char| !c.is_ascii()) {
            let (plain, more) = rest.split_at(at);
            writer.write_all(plain.as_bytes())?;
            let mut chars = more.chars();
            if let Some(c) = chars.next() {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
            rest = chars.as_str();
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.0.begin_array(w)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.0.end_array(w)
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        w: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(w, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.0.end_array_value(w)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.0.begin_object(w)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.0.end_object(w)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        w: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(w, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.0.begin_object_value(w)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.0.end_object_value(w)
    }
}

/// One line, with a blank after comma and colon.
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        w: &mut W,
        first: bool,
    ) -> io::Result<()> {
        w.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        w: &mut W,
        first: bool,
    ) -> io::Result<()> {
        w.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        w.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn layouts() {
        let value = json!({"a": "É 😀", "b": [1, 2.0]});
        assert_eq!(
            answer(&value, Dialect::V15),
            br#"{"a":"\u00c9 \ud83d\ude00","b":[1,2.0]}"#
        );
        assert_eq!(
            answer(&value, Dialect::V16),
            "{\"a\":\"É 😀\",\"b\":[1,2.0]}".as_bytes()
        );
        assert_eq!(
            dumps(&value),
            r#"{"a": "\u00c9 \ud83d\ude00", "b": [1, 2.0]}"#
        );
        assert_eq!(
            dumps_indented(&json!({"a": "É", "b": 1})),
            "{\n \"a\": \"\\u00c9\",\n \"b\": 1\n}"
        );
    }
}
