//! What a doctype is made of, as its site tells.

mod check;
mod field;

use serde::Deserialize;

pub use field::{FieldType, MetaField};

use crate::Error;

/// A doctype as a site describes it.
///
/// Read from the answer of `GET /api/v2/doctype/{doctype}/meta` (with the fields that were added to
/// the doctype) or of `GET /api/resource/DocType/{doctype}` (without them).
///
/// # Examples
/// ```
/// use erpnext_client::{FieldType, Meta};
///
/// let answer = r#"{"data": {"name": "Plan", "istable": 0, "is_submittable": 0, "autoname": "field:title",
///     "fields": [{"fieldname": "title", "fieldtype": "Data", "label": "Title", "reqd": 1, "unique": 1}]}}"#;
/// let meta = Meta::from_json(answer)?;
/// assert_eq!(meta.name, "Plan");
/// let title = meta.field("title").unwrap();
/// assert!(title.reqd && title.fieldtype == FieldType::Data);
/// # Ok::<(), erpnext_client::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Meta {
    /// Name of the doctype: `Sales Invoice`.
    pub name: String,
    /// Module it belongs to: `Accounts`.
    #[serde(default, deserialize_with = "field::text")]
    pub module: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "field::text")]
    pub description: Option<String>,
    /// How documents are named: `hash`, `naming_series:`, `field:title`, `format:DJ-{#####}`.
    #[serde(default, deserialize_with = "field::text")]
    pub autoname: Option<String>,
    /// Field that holds a document's title.
    #[serde(default, deserialize_with = "field::text")]
    pub title_field: Option<String>,
    /// Documents are drafts until they are submitted.
    #[serde(default, deserialize_with = "field::flag")]
    pub is_submittable: bool,
    /// Rows of a table of another doctype.
    #[serde(default, deserialize_with = "field::flag")]
    pub istable: bool,
    /// There is one document, called like the doctype.
    #[serde(default, deserialize_with = "field::flag")]
    pub issingle: bool,
    /// Documents are not in the database.
    #[serde(default, deserialize_with = "field::flag")]
    pub is_virtual: bool,
    /// Made on the site, not by an app.
    #[serde(default, deserialize_with = "field::flag")]
    pub custom: bool,
    /// Fields in the order of the form, layout included.
    #[serde(default)]
    pub fields: Vec<MetaField>,
}

impl Meta {
    /// Reads a description: a bare document, or the whole answer with its envelope.
    ///
    /// # Errors
    /// [`Error::Decode`]: no JSON, or no doctype.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let misread = |error: serde_json::Error| Error::Decode {
            what: "the description of a doctype",
            source: Some(error.into()),
        };
        let mut answer: serde_json::Value = serde_json::from_str(json).map_err(misread)?;
        for envelope in ["data", "message"] {
            if let Some(inner) = answer.get_mut(envelope).filter(|inner| inner.is_object()) {
                answer = inner.take();
            }
        }
        serde_json::from_value(answer).map_err(misread)
    }

    /// A field by its name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&MetaField> {
        self.fields.iter().find(|field| field.fieldname == name)
    }

    /// Fields that hold values or rows: all but those that lay out the form.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Meta;
    ///
    /// let meta = Meta::from_json(
    ///     r#"{"name": "Plan", "fields": [{"fieldname": "sb", "fieldtype": "Section Break"},
    ///         {"fieldname": "title", "fieldtype": "Data"}]}"#,
    /// )?;
    /// assert_eq!(meta.data_fields().count(), 1);
    /// # Ok::<(), erpnext_client::Error>(())
    /// ```
    pub fn data_fields(&self) -> impl Iterator<Item = &MetaField> {
        self.fields
            .iter()
            .filter(|field| !field.fieldtype.is_layout())
    }

    /// The tables: field by field the doctype of its rows.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Meta;
    ///
    /// let meta = Meta::from_json(
    ///     r#"{"name": "Sales Invoice", "fields": [
    ///         {"fieldname": "items", "fieldtype": "Table", "options": "Sales Invoice Item"}]}"#,
    /// )?;
    /// assert_eq!(meta.tables().collect::<Vec<_>>(), [("items", "Sales Invoice Item")]);
    /// # Ok::<(), erpnext_client::Error>(())
    /// ```
    pub fn tables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().filter_map(MetaField::table)
    }
}
