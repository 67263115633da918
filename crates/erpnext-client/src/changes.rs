//! What is sent of a document whose doctype has no type.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Fields to send: what is not named stays as it is, null clears.
///
/// # Examples
/// ```
/// use erpnext_client::Changes;
///
/// let changes = Changes::new().set("status", "Open").clear("notes");
/// assert_eq!(serde_json::to_string(&changes).unwrap(), r#"{"notes":null,"status":"Open"}"#);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[must_use]
pub struct Changes(Map<String, Value>);

impl Changes {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a field.
    pub fn set(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        self.insert(field, value);
        self
    }

    /// Clears a field.
    pub fn clear(self, field: impl Into<String>) -> Self {
        self.set(field, Value::Null)
    }

    /// Sets a field where it is; `Value::Null` clears it.
    pub fn insert(&mut self, field: impl Into<String>, value: impl Into<Value>) {
        self.0.insert(field.into(), value.into());
    }

    /// What is sent for a field; `None` when it is not sent.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Changes;
    /// use serde_json::Value;
    ///
    /// let changes = Changes::new().clear("notes");
    /// assert_eq!(changes.get("notes"), Some(&Value::Null));
    /// assert_eq!(changes.get("status"), None);
    /// ```
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    /// Whether nothing is sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All that is sent.
    #[must_use]
    pub fn fields(&self) -> &Map<String, Value> {
        &self.0
    }

    /// All that is sent, out of its wrapper.
    #[must_use]
    pub fn into_fields(self) -> Map<String, Value> {
        self.0
    }
}

impl From<Map<String, Value>> for Changes {
    fn from(fields: Map<String, Value>) -> Self {
        Self(fields)
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Changes {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(fields: I) -> Self {
        Self(
            fields
                .into_iter()
                .map(|(field, value)| (field.into(), value.into()))
                .collect(),
        )
    }
}
