//! A document of any doctype.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::__derive::{Key, absent, next_field, next_key, write_extra};
use crate::value::Field;
use crate::{Changes, DocName, Error, Modified, Record};

/// A document whose doctype is known only when the program runs: its fields as JSON.
///
/// # Examples
/// ```
/// use erpnext_client::value::Decimal;
/// use erpnext_client::{Document, Record as _};
///
/// let document: Document =
///     serde_json::from_str(r#"{"name": "DJ-00042", "subject": "Installer", "score": 0.75}"#).unwrap();
/// assert_eq!(document.name().as_str(), "DJ-00042");
/// assert_eq!(document.text("subject"), Some("Installer"));
/// assert_eq!(document.read::<Decimal>("score")?, Some(Decimal::new(75, 2)));
/// # Ok::<(), erpnext_client::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    name: DocName,
    modified: Option<Modified>,
    fields: Map<String, Value>,
}

impl Document {
    /// A field other than `name` and `modified`.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.fields.get(field)
    }

    /// A field that is a text and not empty.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Document;
    ///
    /// let document: Document =
    ///     serde_json::from_str(r#"{"name": "A", "city": "Québec", "state": "", "lft": 4}"#).unwrap();
    /// assert_eq!(document.text("city"), Some("Québec"));
    /// assert_eq!(document.text("state").or(document.text("lft")).or(document.text("zip")), None);
    /// ```
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.get(field)?.as_str().filter(|text| !text.is_empty())
    }

    /// A field by the rules of [`value`](crate::value); `None` when it is absent, null, or (texts
    /// apart) an empty string.
    ///
    /// # Errors
    /// [`Error::Decode`]: the value does not fit.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Document;
    /// use erpnext_client::value::SiteTime;
    ///
    /// let document: Document =
    ///     serde_json::from_str(r#"{"name": "A", "start_time": "8:30:00", "is_active": 1}"#).unwrap();
    /// assert_eq!(document.read::<bool>("is_active")?, Some(true));
    /// assert_eq!(document.read::<SiteTime>("end_time")?, None);
    /// assert!(document.read::<i64>("start_time").is_err());
    /// # Ok::<(), erpnext_client::Error>(())
    /// ```
    pub fn read<T: Field>(&self, field: &str) -> Result<Option<T>, Error> {
        match self.get(field) {
            None => Ok(None),
            Some(value) => T::read(value).map_err(|error| Error::Decode {
                what: "a field of a document",
                source: Some(error.into()),
            }),
        }
    }

    /// All fields but `name` and `modified`.
    #[must_use]
    pub fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// All fields but `name` and `modified`, to change.
    pub fn fields_mut(&mut self) -> &mut Map<String, Value> {
        &mut self.fields
    }

    /// All fields but `name` and `modified`, out of the document.
    #[must_use]
    pub fn into_fields(self) -> Map<String, Value> {
        self.fields
    }
}

impl Record for Document {
    type Patch = Changes;

    fn name(&self) -> &DocName {
        &self.name
    }

    fn modified(&self) -> Option<&Modified> {
        self.modified.as_ref()
    }
}

fn own(field: &str) -> Option<usize> {
    match field {
        "name" => Some(0),
        "modified" => Some(1),
        _ => None,
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;

        impl<'de> Visitor<'de> for Read {
            type Value = Document;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a document")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
                let mut name = None;
                let mut modified = None;
                let mut fields = Map::new();
                while let Some(key) = next_key(&mut map, true, own)? {
                    match key {
                        Key::Known(0) => name = Some(next_field(&mut map, "a document", "name")?),
                        Key::Known(_) | Key::Dropped => {
                            modified = next_field(&mut map, "a document", "modified")?;
                        }
                        Key::Extra(field) => {
                            fields.insert(field, map.next_value()?);
                        }
                    }
                }
                let name = match name {
                    Some(name) => name,
                    None => absent("a document", "name")?,
                };
                Ok(Document {
                    name,
                    modified,
                    fields,
                })
            }
        }

        deserializer.deserialize_map(Read)
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &self.name)?;
        if let Some(modified) = &self.modified {
            map.serialize_entry("modified", modified)?;
        }
        write_extra(&mut map, &self.fields, own)?;
        map.end()
    }
}
