//! The optimistic lock of a document.

use serde::{Deserialize, Serialize};

/// When a document was last saved, as the site wrote it: the token of its optimistic lock.
///
/// Frappe compares this as *text* (`…08:30:00` is not `…08:30:00.000000`), so it is kept as text
/// and sent back letter for letter. To know the time, read the field as a
/// [`SiteDateTime`](crate::value::SiteDateTime).
///
/// # Examples
/// ```
/// use erpnext_client::Modified;
///
/// let read: Modified = serde_json::from_str("\"2026-05-04 08:30:00\"").unwrap();
/// assert_eq!(read.as_str(), "2026-05-04 08:30:00");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Modified(Box<str>);

impl Modified {
    /// A token kept from an earlier answer.
    pub fn from_answer(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The text to send back.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
