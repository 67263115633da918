//! Events: what has happened at Stripe, for 30 days.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::EventId;
use crate::form::{form, with_cursors};
use crate::lenient::{identified, null_default};

/// Something that has happened. What it is about is left as it came: its shape depends on the
/// version of the webhook endpoint, not on that of this client.
///
/// <https://docs.stripe.com/api/events/object>
///
/// # Examples
///
/// ```
/// let event: stripe_lite::Event = serde_json::from_str(
///     r#"{"id":"evt_1","type":"payment_intent.succeeded","created":1763827200,
///         "data":{"object":{"id":"pi_1","object":"payment_intent"}}}"#,
/// )?;
/// assert_eq!(event.kind, "payment_intent.succeeded");
/// assert_eq!(event.object()["id"], "pi_1");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// What happened: `payment_intent.succeeded`, …
    #[serde(rename = "type", default, deserialize_with = "null_default")]
    pub kind: String,
    /// When, in seconds since 1970.
    #[serde(default, deserialize_with = "null_default")]
    pub created: i64,
    /// Whether money is real.
    #[serde(default, deserialize_with = "null_default")]
    pub livemode: bool,
    /// The version of the API that shaped `data`.
    #[serde(default)]
    pub api_version: Option<String>,
    /// `object`, and `previous_attributes` of an update.
    #[serde(default, deserialize_with = "null_default")]
    pub data: Value,
    /// Every other field, as it came.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

identified!(Event);

impl Event {
    /// What it is about; null where there is nothing.
    #[must_use]
    pub fn object(&self) -> &Value {
        self.data.get("object").unwrap_or(&Value::Null)
    }
}

form! {
    /// Which events to list, newest first.
    ///
    /// # Examples
    ///
    /// What a webhook endpoint that was down has missed:
    ///
    /// ```
    /// use stripe_lite::ListEvents;
    ///
    /// let missed = ListEvents::new()
    ///     .kinds(["payment_intent.succeeded", "charge.refunded"])
    ///     .undelivered()
    ///     .created_from("2026-08-01T00:00:00Z".parse()?)
    ///     .limit(100);
    /// assert!(missed.params()?.encode().starts_with("types[0]=payment_intent.succeeded&"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ListEvents
}
with_cursors!(ListEvents);

impl ListEvents {
    /// Only of this kind; `*` at the end stands for any: `charge.*`.
    pub fn kind(mut self, kind: impl Into<String>) -> Self {
        self.form.set("type", kind.into());
        self
    }

    /// Only of these kinds, 20 at most.
    pub fn kinds(mut self, kinds: impl IntoIterator<Item = impl Into<String>>) -> Self {
        for kind in kinds {
            self.form.push("types", kind.into());
        }
        self
    }

    /// Only those that an endpoint has not taken.
    pub fn undelivered(mut self) -> Self {
        self.form.set("delivery_success", false);
        self
    }
}
