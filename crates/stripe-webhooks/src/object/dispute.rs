use super::Metadata;
use crate::Currency;

open_enum! {
    /// How far a dispute is.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::DisputeStatus;
    /// assert_eq!(DisputeStatus::from("lost"), DisputeStatus::Lost);
    /// ```
    pub enum DisputeStatus {
        /// The bank asks; no money was taken.
        WarningNeedsResponse = "warning_needs_response",
        /// The bank looks at the answer; no money was taken.
        WarningUnderReview = "warning_under_review",
        /// The bank's question is closed.
        WarningClosed = "warning_closed",
        /// Evidence is wanted.
        NeedsResponse = "needs_response",
        /// The bank looks at the evidence.
        UnderReview = "under_review",
        /// The money comes back.
        Won = "won",
        /// The money is gone.
        Lost = "lost",
    }
}

lenient! {
    /// A charge that a customer contests at the bank. See Stripe's API reference, "The Dispute
    /// object".
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Event, Object};
    ///
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"charge.dispute.created",
    ///     "data":{"object":{"id":"dp_1","object":"dispute","amount":11497,"reason":"fraudulent",
    ///     "payment_intent":"pi_1"}}}"#)?;
    /// let Object::Dispute(dispute) = event.object() else { return Err("another".into()) };
    /// assert_eq!(dispute.reason.as_deref(), Some("fraudulent"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Dispute {
        /// `dp_…`, `du_…`
        id: String = "id",
        /// How far it is.
        status: Option<DisputeStatus> = "status",
        /// How much is contested, in minor units.
        amount: Option<i64> = "amount",
        /// Its currency.
        currency: Option<Currency> = "currency",
        /// Id of the charge.
        charge: Option<String> = "charge",
        /// Id of the payment.
        payment_intent: Option<String> = "payment_intent",
        /// `fraudulent`, `product_not_received`, …
        reason: Option<String> = "reason",
        /// What was attached to the dispute.
        metadata: Metadata = "metadata",
        /// When it was made, in seconds since 1970-01-01T00:00:00Z.
        created: Option<i64> = "created",
        /// Whether it is of the live mode.
        livemode: bool = "livemode",
    }
}
