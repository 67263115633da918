//! Who may do what.

use super::coerce::text;
use super::failure::{Failure, Message};
use super::site::{Cx, Doc, Site};

/// What can be done with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Right {
    /// Read and list.
    Read,
    /// Change.
    Write,
    /// Create.
    Create,
    /// Delete.
    Delete,
    /// Submit.
    Submit,
    /// Cancel.
    Cancel,
}

impl Right {
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "read" | "select" | "report" | "export" | "print" | "email" => Self::Read,
            "write" | "share" => Self::Write,
            "create" => Self::Create,
            "delete" => Self::Delete,
            "submit" => Self::Submit,
            "cancel" | "amend" => Self::Cancel,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Submit => "submit",
            Self::Cancel => "cancel",
        }
    }
}

impl Site {
    /// Passes, or 403.
    pub(super) fn check(
        &self,
        cx: &Cx,
        doctype: &str,
        right: Right,
        doc: Option<&Doc>,
    ) -> Result<(), Failure> {
        if self.may(cx, doctype, right, doc) {
            return Ok(());
        }
        let user = &cx.user;
        // Denied by the doctype, or only for this one document?
        let (said, error) = match doc.filter(|_| self.may(cx, doctype, right, None)) {
            None => (
                format!(
                    "User <strong>{user}</strong> does not have doctype access via role permission for document <strong>{doctype}</strong>"
                ),
                format!("No permission for {doctype}"),
            ),
            Some(doc) => (
                format!(
                    "User <strong>{user}</strong> does not have {} access to this document",
                    right.name()
                ),
                format!("No permission for {doctype} {}", text(doc, "name")),
            ),
        };
        let mut failure = Failure::bare(403, "PermissionError");
        failure.messages.push(Message::said(said));
        failure.error_message = Some(error);
        Err(failure.untraced())
    }
}
