use super::Metadata;
use crate::Currency;

open_enum! {
    /// How far a refund is. It may fail long after it was accepted.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::RefundStatus;
    /// assert_eq!(RefundStatus::from("failed"), RefundStatus::Failed);
    /// ```
    pub enum RefundStatus {
        /// Under way.
        Pending = "pending",
        /// The customer has to do something.
        RequiresAction = "requires_action",
        /// The money is on its way back.
        Succeeded = "succeeded",
        /// The bank did not take it.
        Failed = "failed",
        /// Given up.
        Canceled = "canceled",
    }
}

lenient! {
    /// Money that goes back. See Stripe's API reference, "The Refund object".
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Event, Object, RefundStatus};
    ///
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"refund.created",
    ///     "data":{"object":{"id":"re_1","object":"refund","amount":500,"currency":"cad",
    ///     "payment_intent":"pi_1","charge":"ch_1","status":"pending"}}}"#)?;
    /// let Object::Refund(refund) = event.object() else { return Err("another".into()) };
    /// assert_eq!(refund.status, Some(RefundStatus::Pending));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Refund {
        /// `re_…`
        id: String = "id",
        /// How far it is.
        status: Option<RefundStatus> = "status",
        /// How much, in minor units.
        amount: Option<i64> = "amount",
        /// Its currency.
        currency: Option<Currency> = "currency",
        /// Id of the payment.
        payment_intent: Option<String> = "payment_intent",
        /// Id of the charge.
        charge: Option<String> = "charge",
        /// `duplicate`, `fraudulent`, `requested_by_customer`, …
        reason: Option<String> = "reason",
        /// Why it failed.
        failure_reason: Option<String> = "failure_reason",
        /// What was attached to the refund.
        metadata: Metadata = "metadata",
        /// When it was made, in seconds since 1970-01-01T00:00:00Z.
        created: Option<i64> = "created",
    }
}
