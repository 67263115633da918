//! Dynamic Link.
//!
//! Source: `frappe/core/doctype/dynamic_link/dynamic_link.json`.

use crate::value::{Extra, IntoField};
use crate::{DocName, Doctype};

/// A document that an [`Address`](super::Address) or a [`Contact`](super::Contact) belongs to.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::DynamicLink;
///
/// let link = DynamicLink::to("Customer", "Éloïse Tremblay");
/// assert_eq!(
///     serde_json::to_string(&link)?,
///     r#"{"link_doctype":"Customer","link_name":"Éloïse Tremblay"}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Doctype)]
#[doctype(name = "Dynamic Link", child)]
pub struct DynamicLink {
    /// Name of the row; a new one has none.
    pub name: Option<DocName>,
    /// Doctype. Needed.
    pub link_doctype: Option<DocName>,
    /// Document. Needed.
    pub link_name: Option<DocName>,
    /// What the document is called. Set by the site.
    pub link_title: Option<String>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

impl DynamicLink {
    /// A new row that points to a document.
    #[must_use]
    pub fn to(doctype: &str, name: impl IntoField<DocName>) -> Self {
        Self {
            link_doctype: Some(doctype.into_field()),
            link_name: Some(name.into_field()),
            ..Self::default()
        }
    }
}
