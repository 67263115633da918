//! Payment methods: cards and other ways to pay, saved or not.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::form::{form, with_cursors};
use crate::lenient::{identified, null_default};
use crate::{Customer, Expandable, PaymentMethodId};

/// A way to pay.
///
/// <https://docs.stripe.com/api/payment_methods/object>
///
/// # Examples
///
/// ```
/// let method: stripe_lite::PaymentMethod = serde_json::from_str(
///     r#"{"id":"pm_1","type":"card","card":{"brand":"visa","last4":"4242","exp_month":8,"exp_year":2030}}"#,
/// )?;
/// let card = method.card.expect("it is a card");
/// assert_eq!((card.brand.as_deref(), card.last4.as_deref()), (Some("visa"), Some("4242")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct PaymentMethod {
    /// Its id.
    pub id: PaymentMethodId,
    /// `card`, `acss_debit`, `klarna`, …
    #[serde(rename = "type", default)]
    pub kind: Option<String>,
    /// What is known of the card.
    #[serde(default)]
    pub card: Option<Card>,
    /// Whose it is, once it is saved.
    #[serde(default)]
    pub customer: Option<Expandable<Customer>>,
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

identified!(PaymentMethod);

/// What a card shows of itself.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Card {
    /// `visa`, `mastercard`, `amex`, …
    #[serde(default)]
    pub brand: Option<String>,
    /// The last four digits.
    #[serde(default)]
    pub last4: Option<String>,
    /// The month in which it ends, 1 to 12.
    #[serde(default)]
    pub exp_month: Option<u8>,
    /// The year in which it ends.
    #[serde(default)]
    pub exp_year: Option<u16>,
    /// The same for all methods made of the same number.
    #[serde(default)]
    pub fingerprint: Option<String>,
    /// `credit`, `debit`, `prepaid`.
    #[serde(default)]
    pub funding: Option<String>,
    /// Every other field, as it came.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

form! {
    /// Which saved methods to list, newest first. Stripe wants to know whose.
    ///
    /// # Examples
    ///
    /// ```
    /// let list = stripe_lite::ListPaymentMethods::new().customer("cus_1").kind("card");
    /// assert_eq!(list.params()?.encode(), "customer=cus_1&type=card");
    /// # Ok::<(), stripe_lite::Error>(())
    /// ```
    ListPaymentMethods
}
with_cursors!(ListPaymentMethods);

impl ListPaymentMethods {
    /// Only those of this customer.
    pub fn customer(mut self, id: impl AsRef<str>) -> Self {
        self.form.set("customer", id.as_ref());
        self
    }

    /// Only those of this kind: `card`, `acss_debit`.
    pub fn kind(mut self, kind: impl Into<String>) -> Self {
        self.form.set("type", kind.into());
        self
    }
}
