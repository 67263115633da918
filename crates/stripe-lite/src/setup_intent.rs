//! `SetupIntent`s: a card is saved for later.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::form::{Form, form, with_cursors, with_metadata};
use crate::lenient::{identified, null_default};
use crate::open_enum::open_enum;
use crate::{Customer, Expandable, FutureUsage, LastError, PaymentMethod, SetupIntentId};

open_enum! {
    /// How far the saving of a card has come.
    SetupIntentStatus {
        /// There is no card, or the last one was refused.
        RequiresPaymentMethod = "requires_payment_method",
        /// It has a card and waits to be confirmed.
        RequiresConfirmation = "requires_confirmation",
        /// The customer has to take part.
        RequiresAction = "requires_action",
        /// Under way.
        Processing = "processing",
        /// The card is saved.
        Succeeded = "succeeded",
        /// Given up.
        Canceled = "canceled",
    }
}

/// The saving of a card.
///
/// <https://docs.stripe.com/api/setup_intents/object>
///
/// # Examples
///
/// ```
/// use stripe_lite::{SetupIntent, SetupIntentStatus};
///
/// let setup: SetupIntent = serde_json::from_str(
///     r#"{"id":"seti_1","status":"succeeded","payment_method":"pm_1","metadata":null}"#,
/// )?;
/// assert_eq!(setup.status, Some(SetupIntentStatus::Succeeded));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct SetupIntent {
    /// Its id.
    pub id: SetupIntentId,
    /// How far it has come.
    #[serde(default)]
    pub status: Option<SetupIntentStatus>,
    /// The customer.
    #[serde(default)]
    pub customer: Option<Expandable<Customer>>,
    /// The card.
    #[serde(default)]
    pub payment_method: Option<Expandable<PaymentMethod>>,
    /// How the card may be charged.
    #[serde(default)]
    pub usage: Option<FutureUsage>,
    /// Why the last attempt failed.
    #[serde(default)]
    pub last_setup_error: Option<LastError>,
    /// What the customer's browser needs to take part.
    #[serde(default)]
    pub client_secret: Option<ClientSecret>,
    /// The caller's own notes.
    #[serde(default, deserialize_with = "null_default")]
    pub metadata: BTreeMap<String, String>,
    /// When it was made, in seconds since 1970.
    #[serde(default, deserialize_with = "null_default")]
    pub created: i64,
    /// Whether money is real.
    #[serde(default, deserialize_with = "null_default")]
    pub livemode: bool,
    /// Every other field, as it came.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

identified!(SetupIntent);

/// What lets a customer's browser finish an intent. Not shown by `Debug`.
///
/// # Examples
///
/// ```
/// let secret: stripe_lite::ClientSecret = serde_json::from_str(r#""seti_1_secret_x""#)?;
/// assert_eq!(secret.expose(), "seti_1_secret_x");
/// assert!(!format!("{secret:?}").contains("secret_x"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct ClientSecret(Box<str>);

impl ClientSecret {
    /// The secret itself, for the page of the customer it belongs to.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientSecret([redacted])")
    }
}

form! {
    /// The saving of a card, to be begun.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_lite::CreateSetupIntent;
    ///
    /// let setup = CreateSetupIntent::off_session("cus_1").metadata("customer", "CUST-7");
    /// assert_eq!(setup.params()?.encode(), "customer=cus_1&usage=off_session&metadata[customer]=CUST-7");
    /// # Ok::<(), stripe_lite::Error>(())
    /// ```
    CreateSetupIntent
}

with_metadata!(CreateSetupIntent);

impl CreateSetupIntent {
    /// For a customer whose card will be charged while they are away.
    pub fn off_session(customer: impl AsRef<str>) -> Self {
        let mut form = Form::default();
        form.set("customer", customer.as_ref());
        form.set("usage", FutureUsage::OffSession.as_str());
        Self { form }
    }

    /// Sets the card.
    pub fn payment_method(mut self, id: impl AsRef<str>) -> Self {
        self.form.set("payment_method", id.as_ref());
        self
    }

    /// Adds a kind of method that may be saved: `card`, `acss_debit`.
    pub fn payment_method_type(mut self, method: impl Into<String>) -> Self {
        self.form.push("payment_method_types", method.into());
        self
    }

    /// Saves it at once.
    pub fn confirm(mut self) -> Self {
        self.form.set("confirm", true);
        self
    }
}

form! {
    /// Which savings of cards to list, newest first.
    ///
    /// # Examples
    ///
    /// ```
    /// let list = stripe_lite::ListSetupIntents::new().customer("cus_1");
    /// assert_eq!(list.params()?.encode(), "customer=cus_1");
    /// # Ok::<(), stripe_lite::Error>(())
    /// ```
    ListSetupIntents
}

with_cursors!(ListSetupIntents);

impl ListSetupIntents {
    /// Only those of this customer.
    pub fn customer(mut self, id: impl AsRef<str>) -> Self {
        self.form.set("customer", id.as_ref());
        self
    }
}
