//! Checkout Sessions: a page of Stripe's on which a customer pays or saves a card.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

use crate::form::{Form, form, with_cursors, with_metadata};
use crate::lenient::{identified, null_default};
use crate::open_enum::open_enum;
use crate::{
    Amount, CheckoutSessionId, Currency, Customer, Expandable, Param, Params, PaymentIntent,
    SetupIntent,
};

open_enum! {
    /// What a session is for.
    CheckoutMode {
        /// One payment.
        Payment = "payment",
        /// A card is saved, nothing is paid.
        Setup = "setup",
        /// A subscription kept by Stripe.
        Subscription = "subscription",
    }
}

open_enum! {
    /// How far a session has come.
    CheckoutStatus {
        /// The page can be used.
        Open = "open",
        /// The customer is done; whether money came is another question, see [`PaymentStatus`].
        Complete = "complete",
        /// Too late.
        Expired = "expired",
    }
}

open_enum! {
    /// Whether the money of a session is there.
    PaymentStatus {
        /// It is.
        Paid = "paid",
        /// Not, or not yet.
        Unpaid = "unpaid",
        /// There is nothing to pay.
        NoPaymentRequired = "no_payment_required",
    }
}

open_enum! {
    /// How a card that is being used may be charged again.
    FutureUsage {
        /// Without the customer.
        OffSession = "off_session",
        /// With the customer present.
        OnSession = "on_session",
    }
}

/// A page on which a customer pays or saves a card.
///
/// <https://docs.stripe.com/api/checkout/sessions/object>
///
/// # Examples
///
/// ```
/// use stripe_lite::{CheckoutMode, CheckoutSession};
///
/// let session: CheckoutSession = serde_json::from_str(
///     r#"{"id":"cs_test_1","mode":"payment","status":"complete","payment_status":"paid",
///         "amount_total":11497,"currency":"cad","payment_intent":"pi_1","new_field":7}"#,
/// )?;
/// assert!(session.is_paid());
/// assert_eq!(session.mode, Some(CheckoutMode::Payment));
/// assert_eq!(session.amount().map(|total| total.to_string()), Some("114.97 cad".to_owned()));
/// assert_eq!(session.extra["new_field"], 7);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct CheckoutSession {
    /// Its id.
    pub id: CheckoutSessionId,
    /// The address of the page, while the session is open.
    #[serde(default)]
    pub url: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub mode: Option<CheckoutMode>,
    /// How far it has come.
    #[serde(default)]
    pub status: Option<CheckoutStatus>,
    /// Whether the money is there.
    #[serde(default)]
    pub payment_status: Option<PaymentStatus>,
    /// What is to be paid, in minor units.
    #[serde(default)]
    pub amount_total: Option<i64>,
    /// The currency of the amount.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// The payment, once there is one.
    #[serde(default)]
    pub payment_intent: Option<Expandable<PaymentIntent>>,
    /// The saving of a card, in mode `setup`.
    #[serde(default)]
    pub setup_intent: Option<Expandable<SetupIntent>>,
    /// The subscription, in that mode.
    #[serde(default)]
    pub subscription: Option<Expandable<Value>>,
    /// The customer.
    #[serde(default)]
    pub customer: Option<Expandable<Customer>>,
    /// The e-mail address the page was opened with.
    #[serde(default)]
    pub customer_email: Option<String>,
    /// The caller's own reference.
    #[serde(default)]
    pub client_reference_id: Option<String>,
    /// The caller's own notes. They are not on the `PaymentIntent`.
    #[serde(default, deserialize_with = "null_default")]
    pub metadata: BTreeMap<String, String>,
    /// When it was made, in seconds since 1970.
    #[serde(default, deserialize_with = "null_default")]
    pub created: i64,
    /// When it ends, in seconds since 1970.
    #[serde(default)]
    pub expires_at: Option<i64>,
    /// Whether money is real.
    #[serde(default, deserialize_with = "null_default")]
    pub livemode: bool,
    /// Every other field, as it came.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

identified!(CheckoutSession);

impl CheckoutSession {
    /// What is to be paid.
    #[must_use]
    pub fn amount(&self) -> Option<Amount> {
        Some(Amount::new(self.amount_total?, self.currency?))
    }

    /// Tells whether the order may be fulfilled: the money is there, or none was asked for. A
    /// session that is complete but unpaid waits for a slow method.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        matches!(
            self.payment_status,
            Some(PaymentStatus::Paid | PaymentStatus::NoPaymentRequired)
        )
    }
}

/// One line of what is sold on the page.
///
/// # Examples
///
/// ```
/// use stripe_lite::{Amount, Currency, LineItem};
///
/// let line = LineItem::new("Facture SINV-0042", Amount::from_decimal("114.97", Currency::CAD)?)
///     .description("Août 2026")
///     .quantity(1);
/// # Ok::<(), stripe_lite::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct LineItem(Params);

impl LineItem {
    /// A line of a name and the price of one.
    pub fn new(name: impl Into<String>, price: Amount) -> Self {
        let mut params = Params::new();
        params.insert("quantity", 1);
        params.set("price_data[currency]", price.currency().as_str());
        params.set("price_data[unit_amount]", price.minor());
        params.set("price_data[product_data][name]", name.into());
        Self(params)
    }

    /// A line of a price kept at Stripe: `price_…`.
    pub fn price(id: impl Into<String>) -> Self {
        let mut params = Params::new();
        params.insert("quantity", 1);
        params.insert("price", id.into());
        Self(params)
    }

    /// Sets how many; 1 unless set.
    pub fn quantity(mut self, quantity: u32) -> Self {
        self.0.insert("quantity", quantity);
        self
    }

    /// Sets the text below the name.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.0
            .set("price_data[product_data][description]", text.into());
        self
    }

    /// Has it paid again each `month`, `year`, `week` or `day`; in mode `subscription`.
    pub fn recurring(mut self, interval: &str) -> Self {
        self.0.set("price_data[recurring][interval]", interval);
        self
    }

    /// Sets a field that has no setter here, by its path.
    pub fn set(mut self, path: &str, value: impl Into<Param>) -> Self {
        self.0.set(path, value);
        self
    }
}

form! {
    /// A session to be made.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_lite::{Amount, CreateCheckoutSession, Currency, LineItem};
    ///
    /// let session = CreateCheckoutSession::payment()
    ///     .line_item(LineItem::new("Facture — Août", Amount::new(11_497, Currency::CAD)))
    ///     .client_reference_id("SINV-0042")
    ///     .metadata_everywhere("invoice", "SINV-0042")
    ///     .success_url("https://portail.example.ca/#/paid?session={CHECKOUT_SESSION_ID}")
    ///     .locale("fr-CA");
    /// assert!(session.params()?.encode().contains("payment_intent_data[metadata][invoice]=SINV-0042"));
    /// # Ok::<(), stripe_lite::Error>(())
    /// ```
    CreateCheckoutSession
}

with_metadata!(CreateCheckoutSession);

impl CreateCheckoutSession {
    fn new(mode: &CheckoutMode) -> Self {
        let mut form = Form::default();
        form.set("mode", mode.as_str());
        Self { form }
    }

    /// A page on which something is paid once.
    pub fn payment() -> Self {
        Self::new(&CheckoutMode::Payment)
    }

    /// A page on which a card is saved. Stripe wants the currency, to know which methods to
    /// offer.
    pub fn setup(currency: Currency) -> Self {
        let mut session = Self::new(&CheckoutMode::Setup);
        session.form.set("currency", currency.as_str());
        session
    }

    /// A page on which a subscription kept by Stripe begins.
    pub fn subscription() -> Self {
        Self::new(&CheckoutMode::Subscription)
    }

    /// Adds a line.
    pub fn line_item(mut self, item: LineItem) -> Self {
        self.form.push("line_items", item.0);
        self
    }

    /// Sets where the customer goes after paying. `{CHECKOUT_SESSION_ID}` inside is replaced by
    /// Stripe.
    pub fn success_url(mut self, url: impl Into<String>) -> Self {
        self.form.set("success_url", url.into());
        self
    }

    /// Sets where the customer goes on giving up.
    pub fn cancel_url(mut self, url: impl Into<String>) -> Self {
        self.form.set("cancel_url", url.into());
        self
    }

    /// Sets the customer, whose saved cards the page offers.
    pub fn customer(mut self, id: impl AsRef<str>) -> Self {
        self.form.set("customer", id.as_ref());
        self
    }

    /// Sets the e-mail address of a customer that Stripe does not know.
    pub fn customer_email(mut self, email: impl Into<String>) -> Self {
        self.form.set("customer_email", email.into());
        self
    }

    /// Has a customer made at Stripe even where the payment needs none.
    pub fn create_customer(mut self) -> Self {
        self.form.set("customer_creation", "always");
        self
    }

    /// Sets the caller's own reference, such as the number of an invoice: 200 characters.
    pub fn client_reference_id(mut self, reference: impl Into<String>) -> Self {
        let reason = "is longer than 200 characters";
        self.form
            .text("client_reference_id", reference.into(), 200, reason);
        self
    }

    /// Adds a note to the session *and* to the payment, the saving of a card or the subscription
    /// that comes of it: Stripe does not copy one to the other.
    pub fn metadata_everywhere(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        let (key, value) = (key.into(), value.into());
        let data = match self.form.peek().get("mode") {
            Some(Param::Text(mode)) if mode == "setup" => "setup_intent_data",
            Some(Param::Text(mode)) if mode == "subscription" => "subscription_data",
            _ => "payment_intent_data",
        };
        self.form.metadata(&[], key.clone(), value.clone());
        self.form.metadata(&[data], key, value);
        self
    }

    /// Sets the language of the page: `fr-CA`, `en`, `auto`.
    pub fn locale(mut self, locale: impl Into<String>) -> Self {
        self.form.set("locale", locale.into());
        self
    }

    /// Adds a method the page offers (`card`, `klarna`, `acss_debit`); without any, those set up
    /// at Stripe.
    pub fn payment_method_type(mut self, method: impl Into<String>) -> Self {
        self.form.push("payment_method_types", method.into());
        self
    }

    /// Saves the card while paying.
    pub fn setup_future_usage(mut self, usage: &FutureUsage) -> Self {
        self.form
            .set("payment_intent_data[setup_future_usage]", usage.as_str());
        self
    }

    /// Sets what the payment is described as in Stripe's dashboard.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.form
            .set("payment_intent_data[description]", text.into());
        self
    }

    /// Sets when the page ends: in 30 minutes to 24 hours, which is the default.
    pub fn expires_at(mut self, at: Timestamp) -> Self {
        self.form.set("expires_at", at);
        self
    }
}

form! {
    /// Which sessions to list, newest first.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_lite::{CheckoutStatus, ListCheckoutSessions};
    ///
    /// let of_payment = ListCheckoutSessions::new().payment_intent("pi_1").limit(1);
    /// let open = ListCheckoutSessions::new().customer("cus_1").status(&CheckoutStatus::Open);
    /// assert_eq!(open.params()?.encode(), "customer=cus_1&status=open");
    /// # Ok::<(), stripe_lite::Error>(())
    /// ```
    ListCheckoutSessions
}

with_cursors!(ListCheckoutSessions);

impl ListCheckoutSessions {
    /// Only the session of this `PaymentIntent`.
    pub fn payment_intent(mut self, id: impl AsRef<str>) -> Self {
        self.form.set("payment_intent", id.as_ref());
        self
    }

    /// Only sessions of this customer.
    pub fn customer(mut self, id: impl AsRef<str>) -> Self {
        self.form.set("customer", id.as_ref());
        self
    }

    /// Only sessions of this subscription.
    pub fn subscription(mut self, id: impl AsRef<str>) -> Self {
        self.form.set("subscription", id.as_ref());
        self
    }

    /// Only sessions that have come this far.
    pub fn status(mut self, status: &CheckoutStatus) -> Self {
        self.form.set("status", status.as_str());
        self
    }
}
