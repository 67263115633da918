//! Charges: one attempt to take money.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::lenient::{identified, null_default};
use crate::{ChargeId, Currency, Customer, Expandable, PaymentIntent};

/// One attempt to take money.
///
/// <https://docs.stripe.com/api/charges/object>
///
/// # Examples
///
/// ```
/// let charge: stripe_lite::Charge = serde_json::from_str(
///     r#"{"id":"ch_1","amount":4999,"amount_refunded":500,"currency":"cad","refunded":false}"#,
/// )?;
/// assert_eq!(charge.refundable(), 4_499);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Charge {
    /// Its id.
    pub id: ChargeId,
    /// How much, in minor units.
    #[serde(default, deserialize_with = "null_default")]
    pub amount: i64,
    /// How much has gone back so far, in minor units.
    #[serde(default, deserialize_with = "null_default")]
    pub amount_refunded: i64,
    /// The currency of the amounts.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// `succeeded`, `pending` or `failed`.
    #[serde(default)]
    pub status: Option<String>,
    /// Whether the money was taken.
    #[serde(default, deserialize_with = "null_default")]
    pub paid: bool,
    /// Whether all of it has gone back.
    #[serde(default, deserialize_with = "null_default")]
    pub refunded: bool,
    /// Whether the card's owner disputes it.
    #[serde(default, deserialize_with = "null_default")]
    pub disputed: bool,
    /// The payment it belongs to.
    #[serde(default)]
    pub payment_intent: Option<Expandable<PaymentIntent>>,
    /// The customer.
    #[serde(default)]
    pub customer: Option<Expandable<Customer>>,
    /// A page with the receipt.
    #[serde(default)]
    pub receipt_url: Option<String>,
    /// Stripe's code, where it failed.
    #[serde(default)]
    pub failure_code: Option<String>,
    /// The notes of the payment.
    #[serde(default, deserialize_with = "null_default")]
    pub metadata: BTreeMap<String, String>,
    /// When it was made, in seconds since 1970.
    #[serde(default, deserialize_with = "null_default")]
    pub created: i64,
    /// Every other field, as it came.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

identified!(Charge);

impl Charge {
    /// What can still go back, in minor units.
    #[must_use]
    pub fn refundable(&self) -> i64 {
        self.amount.saturating_sub(self.amount_refunded)
    }
}
