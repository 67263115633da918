use super::Metadata;
use crate::Currency;

open_enum! {
    /// How far a payment is.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::PaymentIntentStatus;
    /// assert_eq!(PaymentIntentStatus::from("succeeded"), PaymentIntentStatus::Succeeded);
    /// ```
    pub enum PaymentIntentStatus {
        /// No card yet, or the last one was refused.
        RequiresPaymentMethod = "requires_payment_method",
        /// Not confirmed yet.
        RequiresConfirmation = "requires_confirmation",
        /// The customer has to do something.
        RequiresAction = "requires_action",
        /// A delayed method is under way.
        Processing = "processing",
        /// Authorised, not captured yet.
        RequiresCapture = "requires_capture",
        /// Given up.
        Canceled = "canceled",
        /// The money is there.
        Succeeded = "succeeded",
    }
}

open_enum! {
    /// Why a payment was given up.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::CancellationReason;
    /// assert_eq!(CancellationReason::from("abandoned"), CancellationReason::Abandoned);
    /// ```
    pub enum CancellationReason {
        /// There is another one for the same.
        Duplicate = "duplicate",
        /// It looked like fraud.
        Fraudulent = "fraudulent",
        /// The customer asked for it.
        RequestedByCustomer = "requested_by_customer",
        /// Nobody went on with it.
        Abandoned = "abandoned",
        /// Stripe gave up trying.
        FailedInvoice = "failed_invoice",
        /// The invoice it is for was voided.
        VoidInvoice = "void_invoice",
        /// Stripe did it.
        Automatic = "automatic",
    }
}

lenient! {
    /// Why a card was refused. See Stripe's documentation, "Decline codes".
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Event, Object};
    ///
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"payment_intent.payment_failed",
    ///     "data":{"object":{"id":"pi_1","object":"payment_intent","last_payment_error":
    ///     {"type":"card_error","code":"card_declined","decline_code":"insufficient_funds"}}}}"#)?;
    /// let Object::PaymentIntent(intent) = event.object() else { return Err("another".into()) };
    /// let error = intent.last_payment_error.ok_or("none")?;
    /// assert_eq!(error.decline_code.as_deref(), Some("insufficient_funds"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct PaymentError {
        /// `card_error`, `invalid_request_error`, …
        kind: Option<String> = "type",
        /// `card_declined`, `authentication_required`, `expired_card`, …
        code: Option<String> = "code",
        /// What the bank said: `insufficient_funds`, `lost_card`, …
        decline_code: Option<String> = "decline_code",
        /// What to do: `try_again_later`, `do_not_try_again`, `confirm_card_data`.
        advice_code: Option<String> = "advice_code",
        /// A sentence for people, in English.
        message: Option<String> = "message",
        /// Id of the payment method that was refused.
        payment_method: Option<String> = "payment_method",
    }
}

lenient! {
    /// A payment. See Stripe's API reference, "The `PaymentIntent` object".
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Event, Object, PaymentIntentStatus};
    ///
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"payment_intent.succeeded",
    ///     "data":{"object":{"id":"pi_1","object":"payment_intent","status":"succeeded",
    ///     "amount":11497,"amount_received":11497,"currency":"cad","latest_charge":"ch_1"}}}"#)?;
    /// let Object::PaymentIntent(intent) = event.object() else { return Err("another".into()) };
    /// assert_eq!(intent.status, Some(PaymentIntentStatus::Succeeded));
    /// assert_eq!(intent.latest_charge.as_deref(), Some("ch_1"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct PaymentIntent {
        /// `pi_…`
        id: String = "id",
        /// How far it is.
        status: Option<PaymentIntentStatus> = "status",
        /// What was asked for, in minor units.
        amount: Option<i64> = "amount",
        /// What came in, in minor units.
        amount_received: Option<i64> = "amount_received",
        /// Its currency.
        currency: Option<Currency> = "currency",
        /// Id of the customer.
        customer: Option<String> = "customer",
        /// Id of the card or other method.
        payment_method: Option<String> = "payment_method",
        /// Id of the last attempt.
        latest_charge: Option<String> = "latest_charge",
        /// Id of the invoice of Stripe Billing, in older API versions.
        invoice: Option<String> = "invoice",
        /// Why the last attempt was refused.
        last_payment_error: Option<PaymentError> = "last_payment_error",
        /// Why it was given up.
        cancellation_reason: Option<CancellationReason> = "cancellation_reason",
        /// What was attached to the payment.
        metadata: Metadata = "metadata",
        /// When it was made, in seconds since 1970-01-01T00:00:00Z.
        created: Option<i64> = "created",
        /// Whether it is of the live mode.
        livemode: bool = "livemode",
    }
}
