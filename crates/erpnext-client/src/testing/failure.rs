//! What goes wrong, with all that Frappe may say about it.

use super::json::Object;
use super::refusal::Refusal;
use crate::Dialect;

/// An exception on its way to the envelope.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) status: u16,
    pub(super) exc_type: &'static str,
    /// What follows the class name in the traceback's last line.
    pub(super) text: String,
    pub(super) messages: Vec<Message>,
    /// `_error_message` of permission errors.
    pub(super) error_message: Option<String>,
    /// ERPNext raised it, not Frappe.
    pub(super) erpnext: bool,
    /// Whether a traceback is shown where the site shows them at all.
    pub(super) traced: bool,
    /// The framework under Frappe answers, in HTML, whatever was accepted.
    pub(super) page: bool,
    /// `message` beside the exception, before all other members.
    pub(super) said: Option<&'static str>,
}

/// One entry of `_server_messages`.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) text: String,
    pub(super) title: &'static str,
    pub(super) indicator: Option<&'static str>,
    pub(super) raised: bool,
    pub(super) alert: bool,
}

impl Message {
    /// As `msgprint` puts it: said on the way, not thrown.
    pub(super) fn said(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            title: "Message",
            indicator: None,
            raised: false,
            alert: false,
        }
    }

    /// As `throw` puts it.
    pub(super) fn thrown(text: impl Into<String>) -> Self {
        Self {
            indicator: Some("red"),
            raised: true,
            ..Self::said(text)
        }
    }

    /// Members as in `_server_messages`; `serial` makes the exception's id.
    pub(super) fn object(&self, serial: u64, dialect: Dialect) -> Object {
        let mut object = Object::default();
        object.put("message", self.text.as_str());
        if dialect == Dialect::V16 {
            object.put("as_table", false);
        }
        object.put("title", self.title);
        if let Some(indicator) = self.indicator {
            object.put("indicator", indicator);
        }
        if self.alert {
            object.put("alert", 1);
        }
        if self.raised {
            object.put("raise_exception", 1);
            object.put("__frappe_exc_id", format!("{serial:056x}"));
        }
        object
    }
}

impl Failure {
    /// An exception that says nothing but its class.
    pub(super) fn bare(status: u16, exc_type: &'static str) -> Self {
        Self {
            status,
            exc_type,
            text: String::new(),
            messages: Vec::new(),
            error_message: None,
            erpnext: false,
            traced: true,
            page: false,
            said: None,
        }
    }

    /// An exception with a text that only the traceback shows.
    pub(super) fn raised(status: u16, exc_type: &'static str, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::bare(status, exc_type)
        }
    }

    /// As `frappe.throw` does: the text is a message too.
    pub(super) fn thrown(status: u16, exc_type: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            messages: vec![Message::thrown(text.clone())],
            text,
            ..Self::bare(status, exc_type)
        }
    }

    /// A plain `ValidationError`.
    pub(super) fn validation(text: impl Into<String>) -> Self {
        Self::thrown(417, "ValidationError", text)
    }

    pub(super) fn titled(mut self, title: &'static str) -> Self {
        for message in &mut self.messages {
            message.title = title;
        }
        self
    }

    /// A route that is none.
    pub(super) fn no_route() -> Self {
        Self::bare(404, "DoesNotExistError").untraced()
    }

    /// A document that is none.
    pub(super) fn not_found(doctype: &str, name: &str) -> Self {
        let text = format!("{doctype} {name} not found");
        Self::thrown(404, "DoesNotExistError", text).untraced()
    }

    /// A doctype that is none, for what loads its module.
    pub(super) fn no_module(doctype: &str) -> Self {
        let module = scrub(doctype);
        Self::raised(
            500,
            "ImportError",
            format!("No module named 'frappe.core.doctype.{module}'"),
        )
    }

    /// An answer of the framework under Frappe.
    pub(super) fn page(status: u16, text: impl Into<String>) -> Self {
        Self {
            page: true,
            ..Self::raised(status, "", text)
        }
    }

    pub(super) fn untraced(mut self) -> Self {
        self.traced = false;
        self
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let Refusal {
            status,
            exc_type,
            message,
        } = refusal;
        // Python's own exceptions and the database's never come with a message.
        if message.is_empty() || status >= 500 {
            Self::raised(status, exc_type, message)
        } else if status == 404 {
            Self::thrown(status, exc_type, message).untraced()
        } else {
            Self::thrown(status, exc_type, message)
        }
    }
}

/// A name as in module paths and URLs: lower case, no blanks.
pub(super) fn scrub(name: &str) -> String {
    name.replace([' ', '-'], "_").to_lowercase()
}
