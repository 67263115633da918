use super::Metadata;
use crate::Currency;

open_enum! {
    /// What a checkout is for.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::CheckoutMode;
    /// assert_eq!(CheckoutMode::from("setup"), CheckoutMode::Setup);
    /// ```
    pub enum CheckoutMode {
        /// One payment.
        Payment = "payment",
        /// A card is saved, nothing is paid.
        Setup = "setup",
        /// A subscription of Stripe Billing begins.
        Subscription = "subscription",
    }
}

open_enum! {
    /// How far a checkout is.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::CheckoutStatus;
    /// assert_eq!(CheckoutStatus::Complete.as_str(), "complete");
    /// ```
    pub enum CheckoutStatus {
        /// The page is open.
        Open = "open",
        /// The customer is through; the payment may still be under way.
        Complete = "complete",
        /// Too late.
        Expired = "expired",
    }
}

open_enum! {
    /// Whether a checkout is paid.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::PaymentStatus;
    /// assert_eq!(PaymentStatus::from("paid"), PaymentStatus::Paid);
    /// ```
    pub enum PaymentStatus {
        /// The money is there.
        Paid = "paid",
        /// Not yet: a delayed method, or an open session.
        Unpaid = "unpaid",
        /// There is nothing to pay.
        NoPaymentRequired = "no_payment_required",
    }
}

lenient! {
    /// A Checkout Session. See Stripe's API reference, "The Checkout Session object".
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Event, Object};
    ///
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"checkout.session.completed",
    ///     "data":{"object":{"id":"cs_1","object":"checkout.session","payment_status":"unpaid",
    ///     "payment_intent":{"id":"pi_1","object":"payment_intent"}}}}"#)?;
    /// let Object::CheckoutSession(session) = event.object() else { return Err("another".into()) };
    /// assert!(!session.is_paid());
    /// assert_eq!(session.payment_intent.as_deref(), Some("pi_1"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct CheckoutSession {
        /// `cs_test_…`, `cs_live_…`.
        id: String = "id",
        /// What it is for.
        mode: Option<CheckoutMode> = "mode",
        /// How far it is.
        status: Option<CheckoutStatus> = "status",
        /// Whether it is paid.
        payment_status: Option<PaymentStatus> = "payment_status",
        /// What there is to pay, in minor units.
        amount_total: Option<i64> = "amount_total",
        /// Its currency.
        currency: Option<Currency> = "currency",
        /// Id of the customer.
        customer: Option<String> = "customer",
        /// Id of the payment, in the mode `payment`.
        payment_intent: Option<String> = "payment_intent",
        /// Id of the saving of a card, in the mode `setup`.
        setup_intent: Option<String> = "setup_intent",
        /// Id of the subscription, in the mode `subscription`.
        subscription: Option<String> = "subscription",
        /// Id of the invoice of Stripe Billing, where there is one.
        invoice: Option<String> = "invoice",
        /// What the caller of the API named it: at most 200 characters.
        client_reference_id: Option<String> = "client_reference_id",
        /// What was attached to the session; not copied to the payment.
        metadata: Metadata = "metadata",
        /// When it was made, in seconds since 1970-01-01T00:00:00Z.
        created: Option<i64> = "created",
        /// When its page closes, in seconds since 1970-01-01T00:00:00Z.
        expires_at: Option<i64> = "expires_at",
        /// Whether it is of the live mode.
        livemode: bool = "livemode",
    }
}

impl CheckoutSession {
    /// Whether what was bought may be handed over: paid, or nothing to pay.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{CheckoutSession, PaymentStatus};
    ///
    /// let mut session = CheckoutSession::default();
    /// assert!(!session.is_paid());
    /// session.payment_status = Some(PaymentStatus::NoPaymentRequired);
    /// assert!(session.is_paid());
    /// ```
    #[must_use]
    pub fn is_paid(&self) -> bool {
        matches!(
            self.payment_status,
            Some(PaymentStatus::Paid | PaymentStatus::NoPaymentRequired)
        )
    }
}
