//! A field of a doctype, and its type.

use std::fmt;

use serde::{Deserialize, Deserializer};

use crate::value::Field as _;

/// A field of a doctype, as its site describes it.
///
/// Source: `frappe/core/doctype/docfield/docfield.json`.
///
/// # Examples
/// ```
/// use erpnext_client::MetaField;
///
/// let field: MetaField = serde_json::from_str(
///     r#"{"fieldname": "status", "fieldtype": "Select", "options": "Open\nEn Route", "reqd": 1}"#,
/// )?;
/// assert_eq!(field.choices().collect::<Vec<_>>(), ["Open", "En Route"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct MetaField {
    /// Name: `due_date`.
    #[serde(default)]
    pub fieldname: String,
    /// Type.
    pub fieldtype: FieldType,
    /// What it is called on the form.
    #[serde(default, deserialize_with = "text")]
    pub label: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "text")]
    pub description: Option<String>,
    /// Doctype of a Link or a Table, options of a Select, field that tells the doctype of a
    /// Dynamic Link.
    #[serde(default, deserialize_with = "text")]
    pub options: Option<String>,
    /// What it is when nothing is sent: a value, or `Today`, `Now`, `__user`.
    #[serde(default, deserialize_with = "text")]
    pub default: Option<String>,
    /// Has to be there.
    #[serde(default, deserialize_with = "flag")]
    pub reqd: bool,
    /// No two documents have the same.
    #[serde(default, deserialize_with = "flag")]
    pub unique: bool,
    /// Set by the site.
    #[serde(default, deserialize_with = "flag")]
    pub read_only: bool,
    /// Cannot be changed once it was saved.
    #[serde(default, deserialize_with = "flag")]
    pub set_only_once: bool,
    /// Can be changed after the document was submitted.
    #[serde(default, deserialize_with = "flag")]
    pub allow_on_submit: bool,
    /// Not on the form.
    #[serde(default, deserialize_with = "flag")]
    pub hidden: bool,
    /// Computed when read: no column.
    #[serde(default, deserialize_with = "flag")]
    pub is_virtual: bool,
    /// Longest text, in characters; 0 is the type's own (140 for Data).
    #[serde(default, deserialize_with = "length")]
    pub length: u32,
}

impl MetaField {
    /// Options of a Select, without the empty one.
    pub fn choices(&self) -> impl Iterator<Item = &str> {
        self.options
            .as_deref()
            .filter(|_| self.fieldtype == FieldType::Select)
            .unwrap_or_default()
            .split('\n')
            .map(str::trim)
            .filter(|choice| !choice.is_empty())
    }

    /// The field and the doctype of its rows, when it is a table.
    #[must_use]
    pub fn table(&self) -> Option<(&str, &str)> {
        if !self.fieldtype.is_table() {
            return None;
        }
        Some((&self.fieldname, self.options.as_deref()?))
    }

    /// Whether a list can ask for it.
    #[must_use]
    pub fn is_column(&self) -> bool {
        !self.is_virtual && !self.fieldtype.is_layout() && !self.fieldtype.is_table()
    }
}

macro_rules! field_types {
    ($($variant:ident = $name:literal, $doc:literal;)*) => {
        /// Type of a field.
        ///
        /// # Examples
        /// ```
        /// use erpnext_client::FieldType;
        ///
        /// assert_eq!(FieldType::from("Small Text"), FieldType::SmallText);
        /// assert_eq!(FieldType::SmallText.as_str(), "Small Text");
        /// assert!(FieldType::from("Tab Break").is_layout());
        /// assert_eq!(FieldType::from("Hologram").as_str(), "Hologram");
        /// ```
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum FieldType {
            $(#[doc = $doc] $variant,)*
            /// A type that is not known here.
            Other(String),
        }

        impl FieldType {
            /// The type, as it stands in Frappe.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Other(name) => name,
                }
            }
        }

        impl From<&str> for FieldType {
            fn from(name: &str) -> Self {
                match name {
                    $($name => Self::$variant,)*
                    name => Self::Other(name.to_owned()),
                }
            }
        }
    };
}

field_types! {
    Attach = "Attach", "Address of a file.";
    AttachImage = "Attach Image", "Address of a picture.";
    Autocomplete = "Autocomplete", "Text, with proposals.";
    Barcode = "Barcode", "SVG of a bar code.";
    Button = "Button", "Layout.";
    Check = "Check", "0 or 1.";
    Code = "Code", "Text.";
    Color = "Color", "`#2490EF`.";
    ColumnBreak = "Column Break", "Layout.";
    Currency = "Currency", "Amount of money.";
    Data = "Data", "Text of a line.";
    Date = "Date", "Day.";
    Datetime = "Datetime", "Day and time, in the site's time zone.";
    Duration = "Duration", "Seconds.";
    DynamicLink = "Dynamic Link", "Name of a document whose doctype another field tells.";
    Float = "Float", "Number with decimals.";
    Fold = "Fold", "Layout.";
    Geolocation = "Geolocation", "`GeoJSON`.";
    Heading = "Heading", "Layout.";
    Html = "HTML", "Layout.";
    HtmlEditor = "HTML Editor", "HTML.";
    Icon = "Icon", "Name of an icon.";
    Image = "Image", "Layout.";
    Int = "Int", "Integer.";
    Json = "JSON", "Text that holds JSON.";
    Link = "Link", "Name of a document.";
    LongText = "Long Text", "Text.";
    MarkdownEditor = "Markdown Editor", "Markdown.";
    Password = "Password", "Reads as stars.";
    Percent = "Percent", "Number with decimals.";
    Phone = "Phone", "`+1-4185550100`.";
    Rating = "Rating", "0 to 1.";
    ReadOnly = "Read Only", "Text taken from another document.";
    SectionBreak = "Section Break", "Layout.";
    Select = "Select", "One of some options.";
    Signature = "Signature", "Picture, as a data URL.";
    SmallText = "Small Text", "Text.";
    TabBreak = "Tab Break", "Layout.";
    Table = "Table", "Rows.";
    TableMultiSelect = "Table MultiSelect", "Rows with one Link each.";
    Text = "Text", "Text.";
    TextEditor = "Text Editor", "HTML.";
    Time = "Time", "Time of day.";
}

impl FieldType {
    /// Whether it lays out the form and holds no value.
    #[must_use]
    pub fn is_layout(&self) -> bool {
        matches!(
            self,
            Self::Button
                | Self::ColumnBreak
                | Self::Fold
                | Self::Heading
                | Self::Html
                | Self::Image
                | Self::SectionBreak
                | Self::TabBreak
        )
    }

    /// Whether it holds rows.
    #[must_use]
    pub fn is_table(&self) -> bool {
        matches!(self, Self::Table | Self::TableMultiSelect)
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<'de> Deserialize<'de> for FieldType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(String::deserialize(deserializer)?.as_str()))
    }
}

/// 0, 1, null or nothing.
pub(super) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(bool::read(deserializer)?.unwrap_or_default())
}

/// A text; none when it is empty.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(String::read(deserializer)?.filter(|text| !text.is_empty()))
}

fn length<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    Ok(u32::read(deserializer)?.unwrap_or_default())
}
