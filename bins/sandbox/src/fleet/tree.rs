//! Leaves of a data model, and the GenieACS device document they make.

use jiff::Timestamp;
use serde_json::{Map, Value};

/// A value with the XML schema type the unit declares for it.
#[derive(Clone, Debug)]
pub(super) struct Datum {
    xsd: &'static str,
    value: Value,
}

impl Datum {
    /// A value under a type that does not fit it, as real firmware has them.
    pub(super) fn typed(xsd: &'static str, value: impl Into<Value>) -> Self {
        let value = value.into();
        Self { xsd, value }
    }
}

/// A 64-bit counter: GenieACS leaves `xsd:unsignedLong` as text.
pub(super) fn long(value: u64) -> Datum {
    Datum::typed("xsd:unsignedLong", value.to_string())
}

/// A date and time.
pub(super) fn date(value: &str) -> Datum {
    Datum::typed("xsd:dateTime", value)
}

macro_rules! datum {
    ($($from:ty => $xsd:literal),+ $(,)?) => {
        $(impl From<$from> for Datum {
            fn from(value: $from) -> Self {
                Self::typed($xsd, value)
            }
        })+
    };
}
datum! {
    &str => "xsd:string",
    String => "xsd:string",
    bool => "xsd:boolean",
    i32 => "xsd:int",
    i64 => "xsd:int",
    u32 => "xsd:unsignedInt",
    u64 => "xsd:unsignedInt",
}

/// What reading a leaf does to it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Nature {
    /// Configuration or identity: keeps the value the document has.
    Still,
    /// Moves with time: takes the value of the moment.
    Live,
    /// Known by name only until somebody reads it.
    Unread,
}

/// One leaf of a unit's data model at one moment.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) path: String,
    pub(super) nature: Nature,
    datum: Datum,
    writable: bool,
}

impl Leaf {
    /// Writes the leaf's value and type into its node.
    pub(super) fn fill(&self, node: &mut Map<String, Value>) {
        node.insert("_type".into(), self.datum.xsd.into());
        node.insert("_value".into(), self.datum.value.clone());
    }
}

/// The leaves of one unit, in the order its data model lists them.
#[derive(Debug, Default)]
pub(super) struct Book {
    leaves: Vec<Leaf>,
    tables: Vec<String>,
    edges: Vec<(String, String)>,
}

impl Book {
    /// Opens an object; its leaves are written through the answer.
    pub(super) fn at(&mut self, path: impl Into<String>) -> At<'_> {
        let path = path.into();
        At { book: self, path }
    }

    /// Marks a table as one that takes new rows.
    pub(super) fn table(&mut self, path: &str) {
        self.tables.push(path.to_owned());
    }

    /// Writes `LowerLayers` rows seen so far once more, the way `InterfaceStack` repeats them.
    pub(super) fn interface_stack(&mut self) {
        let edges = std::mem::take(&mut self.edges);
        let count = edges.len() as u64;
        for (row, (higher, lower)) in (1_u32..).zip(edges) {
            self.at(format!("Device.InterfaceStack.{row}"))
                .ro("HigherLayer", higher)
                .ro("LowerLayer", lower);
        }
        self.at("Device").ro("InterfaceStackNumberOfEntries", count);
    }

    /// Notes an edge of the interface stack that no `LowerLayers` names.
    pub(super) fn edge(&mut self, higher: &str, lower: &str) {
        self.edges.push((higher.to_owned(), lower.to_owned()));
    }

    pub(super) fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// Nests the leaves into document nodes; `read_at` says when each was last read.
    pub(super) fn nest(&self, read_at: impl Fn(&Leaf) -> Timestamp) -> Map<String, Value> {
        let mut root = Map::new();
        for leaf in &self.leaves {
            let read = Value::from(stamp(read_at(leaf)));
            let mut node = &mut root;
            let mut path = String::with_capacity(leaf.path.len());
            let mut names = leaf.path.split('.').peekable();
            while let Some(name) = names.next() {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
                let last = names.peek().is_none();
                let child = node.entry(name).or_insert_with(|| {
                    let mut made = Map::new();
                    made.insert("_object".into(), (!last).into());
                    if last {
                        made.insert("_writable".into(), leaf.writable.into());
                    } else {
                        made.insert("_timestamp".into(), read.clone());
                        made.insert("_writable".into(), self.takes_rows(&path).into());
                    }
                    made.into()
                });
                node = child.as_object_mut().expect("every node is an object");
            }
            if leaf.nature != Nature::Unread {
                node.insert("_timestamp".into(), read);
                leaf.fill(node);
            }
        }
        root
    }

    /// True for a table that takes rows and for a row of it, which can be deleted.
    fn takes_rows(&self, path: &str) -> bool {
        self.tables.iter().any(|table| {
            path.strip_prefix(table.as_str()).is_some_and(|rest| {
                rest.is_empty()
                    || rest
                        .strip_prefix('.')
                        .is_some_and(|row| row.bytes().all(|b| b.is_ascii_digit()))
            })
        })
    }
}

/// An open object: leaves are added by name.
#[derive(Debug)]
pub(super) struct At<'a> {
    book: &'a mut Book,
    path: String,
}

impl At<'_> {
    /// A leaf the unit reports and nobody sets.
    pub(super) fn ro(&mut self, name: &str, datum: impl Into<Datum>) -> &mut Self {
        self.push(name, datum.into(), false, Nature::Still)
    }

    /// A setting.
    pub(super) fn rw(&mut self, name: &str, datum: impl Into<Datum>) -> &mut Self {
        self.push(name, datum.into(), true, Nature::Still)
    }

    /// A reading that moves.
    pub(super) fn live(&mut self, name: &str, datum: impl Into<Datum>) -> &mut Self {
        self.push(name, datum.into(), false, Nature::Live)
    }

    /// A setting nobody has read yet.
    pub(super) fn unread(&mut self, name: &str, datum: impl Into<Datum>) -> &mut Self {
        self.push(name, datum.into(), true, Nature::Unread)
    }

    /// What the interface stands on: written as `LowerLayers`, repeated in the interface stack.
    pub(super) fn lower(&mut self, layers: &[String]) -> &mut Self {
        for layer in layers {
            let higher = format!("{}.", self.path);
            self.book.edges.push((higher, layer.clone()));
        }
        self.rw("LowerLayers", layers.join(","))
    }

    fn push(&mut self, name: &str, datum: Datum, writable: bool, nature: Nature) -> &mut Self {
        self.book.leaves.push(Leaf {
            path: format!("{}.{name}", self.path),
            nature,
            datum,
            writable,
        });
        self
    }
}

/// RFC 3339 in UTC with milliseconds, as the document store prints dates.
pub(super) fn stamp(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Escapes one part of a device id: everything but letters, digits and `_` becomes `%XX`.
pub(super) fn escape(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Book, escape, stamp};

    #[test]
    fn ids_are_escaped_like_the_acs_does() {
        assert_eq!(escape("ZXHN F670L"), "ZXHN%20F670L");
        assert_eq!(escape("G-1425G-A"), "G%2D1425G%2DA");
        assert_eq!(escape("X_Y.z"), "X_Y%2Ez");
    }

    #[test]
    fn rows_of_a_table_can_be_deleted_and_their_leaves_cannot() {
        let mut book = Book::default();
        book.table("Device.NAT.PortMapping");
        book.at("Device.NAT.PortMapping.3")
            .rw("Enable", true)
            .unread("Description", "");
        let at = "2026-11-22T15:00:00Z".parse().unwrap();
        let document = serde_json::Value::from(book.nest(|_| at));
        let table = &document["Device"]["NAT"]["PortMapping"];
        assert_eq!(table["_writable"], true);
        assert_eq!(table["3"]["_writable"], true);
        assert_eq!(document["Device"]["NAT"]["_writable"], false);
        assert_eq!(table["3"]["Enable"]["_timestamp"], stamp(at));
        assert_eq!(
            table["3"]["Description"],
            serde_json::json!({"_object": false, "_writable": true})
        );
    }
}
