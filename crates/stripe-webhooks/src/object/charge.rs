use super::{Metadata, Refund};
use crate::Currency;

open_enum! {
    /// How an attempt to take money ended.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::ChargeStatus;
    /// assert_eq!(ChargeStatus::from("failed"), ChargeStatus::Failed);
    /// ```
    pub enum ChargeStatus {
        /// The money is there.
        Succeeded = "succeeded",
        /// A delayed method is under way.
        Pending = "pending",
        /// Refused.
        Failed = "failed",
    }
}

lenient! {
    /// One attempt to take money. See Stripe's API reference, "The Charge object".
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Event, Object};
    ///
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"charge.refunded",
    ///     "data":{"object":{"id":"ch_1","object":"charge","amount":5000,"amount_refunded":2000,
    ///     "refunded":false,"payment_intent":"pi_1"}}}"#)?;
    /// let Object::Charge(charge) = event.object() else { return Err("another".into()) };
    /// // Of all refunds together, not of the last one.
    /// assert_eq!(charge.amount_refunded, Some(2_000));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Charge {
        /// `ch_…`, `py_…`
        id: String = "id",
        /// How it ended.
        status: Option<ChargeStatus> = "status",
        /// What was taken, in minor units.
        amount: Option<i64> = "amount",
        /// What has gone back so far, in minor units: the sum of all refunds.
        amount_refunded: Option<i64> = "amount_refunded",
        /// Whether all of it has gone back.
        refunded: bool = "refunded",
        /// Whether the customer contests it.
        disputed: bool = "disputed",
        /// Its currency.
        currency: Option<Currency> = "currency",
        /// Id of the payment.
        payment_intent: Option<String> = "payment_intent",
        /// Id of the customer.
        customer: Option<String> = "customer",
        /// Id of the card or other method.
        payment_method: Option<String> = "payment_method",
        /// Its refunds, where the endpoint's API version still lists them.
        refunds: Vec<Refund> = "refunds",
        /// `card_declined`, …
        failure_code: Option<String> = "failure_code",
        /// What was attached to the charge.
        metadata: Metadata = "metadata",
        /// When it was made, in seconds since 1970-01-01T00:00:00Z.
        created: Option<i64> = "created",
        /// Whether it is of the live mode.
        livemode: bool = "livemode",
    }
}
