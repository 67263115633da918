use super::Metadata;
use crate::Currency;

open_enum! {
    /// How far an invoice of Stripe Billing is.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::InvoiceStatus;
    /// assert_eq!(InvoiceStatus::from("void"), InvoiceStatus::Void);
    /// ```
    pub enum InvoiceStatus {
        /// Still changing.
        Draft = "draft",
        /// To be paid.
        Open = "open",
        /// Paid.
        Paid = "paid",
        /// Given up as lost.
        Uncollectible = "uncollectible",
        /// Cancelled.
        Void = "void",
    }
}

open_enum! {
    /// How a subscription of Stripe Billing stands.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::SubscriptionStatus;
    /// assert_eq!(SubscriptionStatus::from("past_due"), SubscriptionStatus::PastDue);
    /// ```
    pub enum SubscriptionStatus {
        /// The first payment is missing.
        Incomplete = "incomplete",
        /// The first payment never came.
        IncompleteExpired = "incomplete_expired",
        /// On trial.
        Trialing = "trialing",
        /// Paid for.
        Active = "active",
        /// The last invoice is not paid.
        PastDue = "past_due",
        /// Over.
        Canceled = "canceled",
        /// Not paid, and no longer tried.
        Unpaid = "unpaid",
        /// On hold.
        Paused = "paused",
    }
}

lenient! {
    /// The subscription that an invoice is for.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::SubscriptionDetails;
    /// assert_eq!(SubscriptionDetails::default().subscription, None);
    /// ```
    pub struct SubscriptionDetails {
        /// Id of the subscription.
        subscription: Option<String> = "subscription",
        /// What was attached to the subscription when the invoice was made.
        metadata: Metadata = "metadata",
    }
}

lenient! {
    /// What an invoice was made from, in newer API versions.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::InvoiceParent;
    /// assert_eq!(InvoiceParent::default().subscription_details, None);
    /// ```
    pub struct InvoiceParent {
        /// The subscription it was made from.
        subscription_details: Option<SubscriptionDetails> = "subscription_details",
    }
}

lenient! {
    /// An invoice of Stripe Billing. See Stripe's API reference, "The Invoice object".
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Event, Object};
    ///
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"invoice.paid",
    ///     "data":{"object":{"id":"in_1","object":"invoice","status":"paid","amount_paid":5000,
    ///     "parent":{"subscription_details":{"subscription":"sub_1"}}}}}"#)?;
    /// let Object::Invoice(invoice) = event.object() else { return Err("another".into()) };
    /// assert_eq!(invoice.subscription(), Some("sub_1"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Invoice {
        /// `in_…`
        id: String = "id",
        /// How far it is.
        status: Option<InvoiceStatus> = "status",
        /// The number printed on it.
        number: Option<String> = "number",
        /// What is asked for, in minor units.
        amount_due: Option<i64> = "amount_due",
        /// What was paid, in minor units.
        amount_paid: Option<i64> = "amount_paid",
        /// What is left to pay, in minor units.
        amount_remaining: Option<i64> = "amount_remaining",
        /// How often it was tried.
        attempt_count: Option<i64> = "attempt_count",
        /// Its currency.
        currency: Option<Currency> = "currency",
        /// Id of the customer.
        customer: Option<String> = "customer",
        /// Id of the payment, in older API versions.
        payment_intent: Option<String> = "payment_intent",
        /// The page where it is paid.
        hosted_invoice_url: Option<String> = "hosted_invoice_url",
        /// What it was made from, in newer API versions.
        parent: Option<InvoiceParent> = "parent",
        /// Id of the subscription, in older API versions: see
        /// [`subscription`](Self::subscription()).
        subscription: Option<String> = "subscription",
        /// What was attached to the invoice.
        metadata: Metadata = "metadata",
        /// When it was made, in seconds since 1970-01-01T00:00:00Z.
        created: Option<i64> = "created",
        /// Whether it is of the live mode.
        livemode: bool = "livemode",
    }
}

impl Invoice {
    /// Id of the subscription, wherever the API version puts it.
    #[must_use]
    pub fn subscription(&self) -> Option<&str> {
        self.parent
            .as_ref()
            .and_then(|parent| parent.subscription_details.as_ref())
            .and_then(|details| details.subscription.as_deref())
            .or(self.subscription.as_deref())
    }
}

lenient! {
    /// A subscription of Stripe Billing. See Stripe's API reference, "The Subscription object".
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Event, Object, SubscriptionStatus};
    ///
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"customer.subscription.deleted",
    ///     "data":{"object":{"id":"sub_1","object":"subscription","status":"canceled"}}}"#)?;
    /// let Object::Subscription(subscription) = event.object() else { return Err("another".into()) };
    /// assert_eq!(subscription.status, Some(SubscriptionStatus::Canceled));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Subscription {
        /// `sub_…`
        id: String = "id",
        /// How it stands.
        status: Option<SubscriptionStatus> = "status",
        /// Id of the customer.
        customer: Option<String> = "customer",
        /// Id of its last invoice.
        latest_invoice: Option<String> = "latest_invoice",
        /// Whether it ends with the period that is paid.
        cancel_at_period_end: bool = "cancel_at_period_end",
        /// When it was cancelled, in seconds since 1970-01-01T00:00:00Z.
        canceled_at: Option<i64> = "canceled_at",
        /// When it ended, in seconds since 1970-01-01T00:00:00Z.
        ended_at: Option<i64> = "ended_at",
        /// What was attached to it.
        metadata: Metadata = "metadata",
        /// When it was made, in seconds since 1970-01-01T00:00:00Z.
        created: Option<i64> = "created",
        /// Whether it is of the live mode.
        livemode: bool = "livemode",
    }
}
