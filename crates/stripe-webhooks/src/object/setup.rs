use super::{Metadata, PaymentError};

open_enum! {
    /// How far the saving of a card is.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::SetupIntentStatus;
    /// assert_eq!(SetupIntentStatus::Canceled.as_str(), "canceled");
    /// ```
    pub enum SetupIntentStatus {
        /// No card yet, or the last one was refused.
        RequiresPaymentMethod = "requires_payment_method",
        /// Not confirmed yet.
        RequiresConfirmation = "requires_confirmation",
        /// The customer has to do something.
        RequiresAction = "requires_action",
        /// Under way.
        Processing = "processing",
        /// Given up.
        Canceled = "canceled",
        /// The card is saved.
        Succeeded = "succeeded",
    }
}

lenient! {
    /// The saving of a card for later. See Stripe's API reference, "The `SetupIntent` object".
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Event, Object, SetupIntentStatus};
    ///
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"setup_intent.succeeded",
    ///     "data":{"object":{"id":"seti_1","object":"setup_intent","status":"succeeded"}}}"#)?;
    /// let Object::SetupIntent(intent) = event.object() else { return Err("another".into()) };
    /// assert_eq!(intent.status, Some(SetupIntentStatus::Succeeded));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct SetupIntent {
        /// `seti_…`
        id: String = "id",
        /// How far it is.
        status: Option<SetupIntentStatus> = "status",
        /// Id of the customer.
        customer: Option<String> = "customer",
        /// Id of the card or other method.
        payment_method: Option<String> = "payment_method",
        /// `off_session`, `on_session`.
        usage: Option<String> = "usage",
        /// Why the last attempt was refused.
        last_setup_error: Option<PaymentError> = "last_setup_error",
        /// What was attached to it.
        metadata: Metadata = "metadata",
        /// When it was made, in seconds since 1970-01-01T00:00:00Z.
        created: Option<i64> = "created",
        /// Whether it is of the live mode.
        livemode: bool = "livemode",
    }
}
