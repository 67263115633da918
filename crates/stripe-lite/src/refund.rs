//! Refunds: money goes back.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::form::{Form, form, with_cursors, with_metadata};
use crate::lenient::{identified, null_default};
use crate::open_enum::open_enum;
use crate::{Charge, Currency, Expandable, PaymentIntent, RefundId};

open_enum! {
    /// How far a refund has come. One that succeeded may fail later.
    RefundStatus {
        /// Under way.
        Pending = "pending",
        /// The customer has to take part.
        RequiresAction = "requires_action",
        /// The money is on its way back.
        Succeeded = "succeeded",
        /// The bank sent it back to us.
        Failed = "failed",
        /// Given up.
        Canceled = "canceled",
    }
}

open_enum! {
    /// Why money goes back.
    RefundReason {
        /// It was paid twice.
        Duplicate = "duplicate",
        /// The card's owner did not pay it. Stripe blocks the card then.
        Fraudulent = "fraudulent",
        /// The customer asked.
        RequestedByCustomer = "requested_by_customer",
    }
}

/// Money that goes back.
///
/// <https://docs.stripe.com/api/refunds/object>
///
/// # Examples
///
/// ```
/// use stripe_lite::{Refund, RefundStatus};
///
/// let refund: Refund = serde_json::from_str(
///     r#"{"id":"re_1","amount":500,"currency":"cad","status":"pending","payment_intent":"pi_1"}"#,
/// )?;
/// assert_eq!(refund.status, Some(RefundStatus::Pending));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Refund {
    /// Its id.
    pub id: RefundId,
    /// How much, in minor units.
    #[serde(default, deserialize_with = "null_default")]
    pub amount: i64,
    /// The currency of the amount.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// How far it has come.
    #[serde(default)]
    pub status: Option<RefundStatus>,
    /// Why it failed: `lost_or_stolen_card`, `expired_or_canceled_card`, …
    #[serde(default)]
    pub failure_reason: Option<String>,
    /// Why it was made.
    #[serde(default)]
    pub reason: Option<RefundReason>,
    /// The payment it is of.
    #[serde(default)]
    pub payment_intent: Option<Expandable<PaymentIntent>>,
    /// The charge it is of.
    #[serde(default)]
    pub charge: Option<Expandable<Charge>>,
    /// The caller's own notes.
    #[serde(default, deserialize_with = "null_default")]
    pub metadata: BTreeMap<String, String>,
    /// When it was made, in seconds since 1970.
    #[serde(default, deserialize_with = "null_default")]
    pub created: i64,
    /// Every other field, as it came.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

identified!(Refund);

form! {
    /// A refund to be made.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_lite::{CreateRefund, RefundReason};
    ///
    /// let part = CreateRefund::payment_intent("pi_1")
    ///     .amount(500)
    ///     .reason(&RefundReason::RequestedByCustomer);
    /// assert_eq!(part.params()?.encode(), "payment_intent=pi_1&amount=500&reason=requested_by_customer");
    /// # Ok::<(), stripe_lite::Error>(())
    /// ```
    CreateRefund
}

with_metadata!(CreateRefund);

impl CreateRefund {
    fn of(what: &str, id: &str) -> Self {
        let mut form = Form::default();
        form.set(what, id);
        Self { form }
    }

    /// Of a payment: all that has not gone back yet.
    pub fn payment_intent(id: impl AsRef<str>) -> Self {
        Self::of("payment_intent", id.as_ref())
    }

    /// Of a charge: all that has not gone back yet.
    pub fn charge(id: impl AsRef<str>) -> Self {
        Self::of("charge", id.as_ref())
    }

    /// Only a part, in minor units of the payment's currency.
    pub fn amount(mut self, minor: i64) -> Self {
        if minor <= 0 {
            self.form.refuse("amount", "is not more than nothing");
        }
        self.form.set("amount", minor);
        self
    }

    /// Says why.
    pub fn reason(mut self, reason: &RefundReason) -> Self {
        self.form.set("reason", reason.as_str());
        self
    }
}

form! {
    /// Which refunds to list, newest first.
    ///
    /// # Examples
    ///
    /// ```
    /// let list = stripe_lite::ListRefunds::new().payment_intent("pi_1");
    /// assert_eq!(list.params()?.encode(), "payment_intent=pi_1");
    /// # Ok::<(), stripe_lite::Error>(())
    /// ```
    ListRefunds
}

with_cursors!(ListRefunds);

impl ListRefunds {
    /// Only refunds of this payment.
    pub fn payment_intent(mut self, id: impl AsRef<str>) -> Self {
        self.form.set("payment_intent", id.as_ref());
        self
    }

    /// Only refunds of this charge.
    pub fn charge(mut self, id: impl AsRef<str>) -> Self {
        self.form.set("charge", id.as_ref());
        self
    }
}
