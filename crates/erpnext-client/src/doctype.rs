//! What makes a Rust type a doctype.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{DocName, Modified};

/// A table of child rows in a doctype.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "written by the derive macro")]
pub struct ChildTable {
    /// Name of the field that holds the rows: `items`.
    pub field: &'static str,
    /// Doctype of the rows: `Sales Invoice Item`.
    pub doctype: &'static str,
}

/// What a read answers: a typed document, or a [`Document`](crate::Document) of any doctype.
///
/// It is what was *stored*. What is sent is its [`Patch`](Self::Patch), in which a field is
/// absent, null or a value.
pub trait Record: DeserializeOwned + Serialize + Clone + Send + Sync + 'static {
    /// What can be sent.
    type Patch: Serialize + Default + Clone + Send + Sync + 'static;

    /// The document's name.
    fn name(&self) -> &DocName;

    /// The document's optimistic lock, where it was read.
    fn modified(&self) -> Option<&Modified>;
}

/// A Rust type for the documents of one doctype; `#[derive(Doctype)]` writes this and [`Record`].
pub trait Doctype: Record {
    /// Name of the doctype: `Sales Invoice`.
    const DOCTYPE: &'static str;
    /// Fields that a list asks for: the fields of the struct that are columns, `name` first.
    const FIELDS: &'static [&'static str];
    /// Tables of child rows.
    const TABLES: &'static [ChildTable];
}

/// A row of a child table; `#[derive(Doctype)]` with `#[doctype(name = "…", child)]` writes it.
///
/// Rows are sent whole: what a row with a name leaves out is lost. So a row keeps the fields it has
/// no place for in its `#[doctype(extra)]`.
///
/// # Examples
/// ```
/// # #[cfg(feature = "derive")] {
/// use erpnext_client::doctypes::SalesInvoiceItem;
/// use erpnext_client::{DocName, Row};
///
/// fn numbered<R: Row>(rows: &[R]) -> Vec<Option<&DocName>> {
///     rows.iter().map(Row::name).collect()
/// }
///
/// assert_eq!(SalesInvoiceItem::DOCTYPE, "Sales Invoice Item");
/// assert_eq!(numbered(&[SalesInvoiceItem::default()]), [None], "a new row");
/// # }
/// ```
pub trait Row: DeserializeOwned + Serialize + Clone + fmt::Debug + Send + Sync + 'static {
    /// Name of the child doctype: `Sales Invoice Item`.
    const DOCTYPE: &'static str;
    /// The fields of the struct.
    const FIELDS: &'static [&'static str];

    /// The row's name; a new row has none.
    fn name(&self) -> Option<&DocName>;
}
