//! `PaymentIntent`s: one payment, whatever becomes of it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::form::{Form, form, with_cursors, with_metadata};
use crate::lenient::{identified, null_default};
use crate::open_enum::open_enum;
use crate::{
    Advice, Amount, Charge, Currency, Customer, Expandable, FutureUsage, PaymentIntentId,
    PaymentMethod,
};

open_enum! {
    /// How far a payment has come.
    PaymentIntentStatus {
        /// There is no card, or the last one was refused.
        RequiresPaymentMethod = "requires_payment_method",
        /// It has a card and waits to be confirmed.
        RequiresConfirmation = "requires_confirmation",
        /// The customer has to take part.
        RequiresAction = "requires_action",
        /// A slow method is under way.
        Processing = "processing",
        /// The amount is reserved and waits to be taken.
        RequiresCapture = "requires_capture",
        /// Given up.
        Canceled = "canceled",
        /// The money is there.
        Succeeded = "succeeded",
    }
}

/// Why the last attempt at a payment or at saving a card failed.
///
/// # Examples
///
/// ```
/// use stripe_lite::{Advice, LastError};
///
/// let error: LastError = serde_json::from_str(
///     r#"{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds"}"#,
/// )?;
/// assert_eq!(error.advice(), Advice::Later);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct LastError {
    /// Stripe's code.
    #[serde(default)]
    pub code: Option<String>,
    /// Why the bank refused.
    #[serde(default)]
    pub decline_code: Option<String>,
    /// What the card's network advises.
    #[serde(default)]
    pub advice_code: Option<String>,
    /// Stripe's words, which a customer may read.
    #[serde(default)]
    pub message: Option<String>,
    /// Every other field, as it came.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl LastError {
    /// What may be done about it.
    #[must_use]
    pub fn advice(&self) -> Advice {
        Advice::of(
            self.code.as_deref(),
            self.decline_code.as_deref(),
            self.advice_code.as_deref(),
        )
    }
}

/// One payment.
///
/// <https://docs.stripe.com/api/payment_intents/object>
///
/// # Examples
///
/// ```
/// use stripe_lite::{PaymentIntent, PaymentIntentStatus};
///
/// let payment: PaymentIntent = serde_json::from_str(
///     r#"{"id":"pi_1","status":"succeeded","amount":4999,"amount_received":4999,"currency":"cad",
///         "customer":"cus_1","metadata":{"invoice":"SINV-0042"}}"#,
/// )?;
/// assert_eq!(payment.status, Some(PaymentIntentStatus::Succeeded));
/// assert_eq!(payment.customer.map(|c| c.id().to_owned()).as_deref(), Some("cus_1"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct PaymentIntent {
    /// Its id.
    pub id: PaymentIntentId,
    /// How far it has come.
    #[serde(default)]
    pub status: Option<PaymentIntentStatus>,
    /// What is to be paid, in minor units.
    #[serde(default, deserialize_with = "null_default")]
    pub amount: i64,
    /// What has come, in minor units.
    #[serde(default, deserialize_with = "null_default")]
    pub amount_received: i64,
    /// The currency of the amounts.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// The customer.
    #[serde(default)]
    pub customer: Option<Expandable<Customer>>,
    /// The card.
    #[serde(default)]
    pub payment_method: Option<Expandable<PaymentMethod>>,
    /// The last charge made for it.
    #[serde(default)]
    pub latest_charge: Option<Expandable<Charge>>,
    /// Why the last attempt failed.
    #[serde(default)]
    pub last_payment_error: Option<LastError>,
    /// What the customer has to do, where there is something.
    #[serde(default)]
    pub next_action: Option<Value>,
    /// What it is described as.
    #[serde(default)]
    pub description: Option<String>,
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

identified!(PaymentIntent);

impl PaymentIntent {
    /// What has come.
    #[must_use]
    pub fn received(&self) -> Option<Amount> {
        Some(Amount::new(self.amount_received, self.currency?))
    }

    /// Tells whether the money is there.
    #[must_use]
    pub fn is_succeeded(&self) -> bool {
        self.status == Some(PaymentIntentStatus::Succeeded)
    }
}

form! {
    /// A payment to be made.
    ///
    /// # Examples
    ///
    /// A saved card is charged while the customer is away:
    ///
    /// ```
    /// use stripe_lite::{Amount, CreatePaymentIntent, Currency};
    ///
    /// let charge = CreatePaymentIntent::off_session(Amount::new(4_999, Currency::CAD), "cus_1", "pm_1")
    ///     .description("Facture SINV-0042")
    ///     .metadata("invoice", "SINV-0042");
    /// assert!(charge.params()?.encode().contains("off_session=true&confirm=true"));
    /// # Ok::<(), stripe_lite::Error>(())
    /// ```
    CreatePaymentIntent
}

with_metadata!(CreatePaymentIntent);

impl CreatePaymentIntent {
    /// A payment of an amount, which has no card yet.
    pub fn new(amount: Amount) -> Self {
        let mut form = Form::default();
        if amount.minor() <= 0 {
            form.refuse("amount", "is not more than nothing");
        }
        form.set("amount", amount.minor());
        form.set("currency", amount.currency().as_str());
        Self { form }
    }

    /// A payment with a saved card while the customer is away, taken at once.
    pub fn off_session(
        amount: Amount,
        customer: impl AsRef<str>,
        payment_method: impl AsRef<str>,
    ) -> Self {
        let mut payment = Self::new(amount)
            .customer(customer)
            .payment_method(payment_method);
        payment.form.set("off_session", true);
        payment.confirm()
    }

    /// Sets who pays.
    pub fn customer(mut self, id: impl AsRef<str>) -> Self {
        self.form.set("customer", id.as_ref());
        self
    }

    /// Sets the card.
    pub fn payment_method(mut self, id: impl AsRef<str>) -> Self {
        self.form.set("payment_method", id.as_ref());
        self
    }

    /// Adds a kind of method that may be used: `card`, `acss_debit`.
    pub fn payment_method_type(mut self, method: impl Into<String>) -> Self {
        self.form.push("payment_method_types", method.into());
        self
    }

    /// Takes the money at once.
    pub fn confirm(mut self) -> Self {
        self.form.set("confirm", true);
        self
    }

    /// Saves the card for later.
    pub fn setup_future_usage(mut self, usage: &FutureUsage) -> Self {
        self.form.set("setup_future_usage", usage.as_str());
        self
    }

    /// Sets what it is described as.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.form.set("description", text.into());
        self
    }

    /// Has Stripe send a receipt there.
    pub fn receipt_email(mut self, email: impl Into<String>) -> Self {
        self.form.set("receipt_email", email.into());
        self
    }
}

form! {
    /// How a payment that exists is taken.
    ///
    /// # Examples
    ///
    /// ```
    /// let confirm = stripe_lite::ConfirmPaymentIntent::new().payment_method("pm_2").off_session();
    /// assert_eq!(confirm.params()?.encode(), "payment_method=pm_2&off_session=true");
    /// # Ok::<(), stripe_lite::Error>(())
    /// ```
    ConfirmPaymentIntent
}

impl Default for ConfirmPaymentIntent {
    fn default() -> Self {
        Self::new()
    }
}

impl ConfirmPaymentIntent {
    /// With the card it has.
    pub fn new() -> Self {
        Self {
            form: Form::default(),
        }
    }

    /// With this card.
    pub fn payment_method(mut self, id: impl AsRef<str>) -> Self {
        self.form.set("payment_method", id.as_ref());
        self
    }

    /// While the customer is away.
    pub fn off_session(mut self) -> Self {
        self.form.set("off_session", true);
        self
    }

    /// Sets where the customer comes back after having taken part.
    pub fn return_url(mut self, url: impl Into<String>) -> Self {
        self.form.set("return_url", url.into());
        self
    }
}

form! {
    /// Which payments to list, newest first.
    ///
    /// # Examples
    ///
    /// ```
    /// let list = stripe_lite::ListPaymentIntents::new().customer("cus_1").limit(100);
    /// assert_eq!(list.params()?.encode(), "customer=cus_1&limit=100");
    /// # Ok::<(), stripe_lite::Error>(())
    /// ```
    ListPaymentIntents
}

with_cursors!(ListPaymentIntents);

impl ListPaymentIntents {
    /// Only payments of this customer.
    pub fn customer(mut self, id: impl AsRef<str>) -> Self {
        self.form.set("customer", id.as_ref());
        self
    }
}
