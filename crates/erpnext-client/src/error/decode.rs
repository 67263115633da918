//! Where an answer cannot be read.

use std::fmt;

/// Where and why an answer is not what Frappe promises: the place in the text, and for a typed
/// document the field. Never what was found there.
///
/// # Examples
/// ```
/// # #[cfg(feature = "derive")] {
/// use erpnext_client::DecodeError;
/// use erpnext_client::doctypes::SubscriptionPlan;
///
/// let wrong = r#"{"name": "P", "plan_name": "P", "item": "I", "currency": "CAD", "cost": "12,50"}"#;
/// let error = DecodeError::from(serde_json::from_str::<SubscriptionPlan>(wrong).unwrap_err());
/// assert_eq!(
///     error.field(),
///     Some("field `cost` of Subscription Plan: needs a number, with a dot where it has decimals")
/// );
/// assert!(!format!("{error} {error:?}").contains("12,50"));
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    field: Option<Box<str>>,
    place: integration_core::DecodeError,
}

impl DecodeError {
    /// Which field of which doctype, and what it needs; a field of a row comes after its table's.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// Line of the text, the first being 1; 0 when the place is not known.
    #[must_use]
    pub fn line(&self) -> usize {
        self.place.line()
    }

    /// Byte within the line, the first being 1; 0 when the place is not known.
    #[must_use]
    pub fn column(&self) -> usize {
        self.place.column()
    }
}

impl From<serde_json::Error> for DecodeError {
    fn from(error: serde_json::Error) -> Self {
        let text = error.to_string();
        let known = named(&text);
        Self {
            field: (known > 0).then(|| Box::from(text.get(..known).unwrap_or_default())),
            place: error.into(),
        }
    }
}

/// Length of the part of a message that names fields and needs: what a derived struct wrote. The
/// rest may quote the answer.
fn named(text: &str) -> usize {
    let mut rest = text;
    while let Some((field, after)) = rest
        .strip_prefix("field `")
        .and_then(|r| r.split_once("` of "))
        && let Some((_, why)) = after.split_once(": ")
        && !field.contains('`')
    {
        rest = why;
    }
    let fields = text.len() - rest.len();
    if fields == 0 {
        return 0;
    }
    let why = rest.split(" at line ").next().unwrap_or_default();
    let ours = why == "missing" || why == "empty" || why.starts_with("needs ");
    if ours {
        fields + why.len()
    } else {
        fields.saturating_sub(": ".len())
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "{field}; {}", self.place),
            None => self.place.fmt(f),
        }
    }
}

impl std::error::Error for DecodeError {}
