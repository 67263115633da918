//! Tag and Tag Link.
//!
//! Source: `frappe/desk/doctype/tag/tag.json`, `frappe/desk/doctype/tag_link/tag_link.json`.

use crate::value::{Extra, SiteDateTime};
use crate::{DocName, Doctype, Modified};

/// A word to find documents by. Documents are tagged with the method
/// `frappe.desk.doctype.tag.tag.add_tag`, and found with `["_user_tags", "like", "%VIP%"]`.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::TagPatch;
///
/// // The name is chosen.
/// let tag = TagPatch::default().name("VIP").description("Soigner");
/// assert_eq!(serde_json::to_string(&tag)?, r#"{"name":"VIP","description":"Soigner"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Tag")]
#[non_exhaustive]
pub struct Tag {
    /// The word.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// What it means.
    pub description: Option<String>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// That a document has a [`Tag`].
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::TagLink;
///
/// let link: TagLink = serde_json::from_str(
///     r#"{"name": "7f2c", "tag": "VIP", "document_type": "Customer", "document_name": "Éloïse Tremblay"}"#,
/// )?;
/// assert_eq!(link.tag.unwrap().as_str(), "VIP");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Tag Link")]
#[non_exhaustive]
pub struct TagLink {
    /// Name: a hash.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// Tag.
    #[doctype(read_only)]
    pub tag: Option<DocName>,
    /// Doctype.
    #[doctype(read_only)]
    pub document_type: Option<DocName>,
    /// Document.
    #[doctype(read_only)]
    pub document_name: Option<DocName>,
    /// What the document is called.
    #[doctype(read_only)]
    pub title: Option<String>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}
