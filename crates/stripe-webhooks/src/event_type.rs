open_enum! {
    /// What happened. Types that are not used here are [`Other`](Self::Other), never an error.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::EventType;
    ///
    /// assert_eq!(EventType::from("invoice.paid"), EventType::InvoicePaid);
    /// assert_eq!(EventType::from("fish.caught").as_str(), "fish.caught");
    /// ```
    pub enum EventType {
        /// A checkout is over. Paid only if the session's `payment_status` says so.
        CheckoutSessionCompleted = "checkout.session.completed",
        /// A delayed method has paid after all.
        CheckoutSessionAsyncPaymentSucceeded = "checkout.session.async_payment_succeeded",
        /// A delayed method has not paid.
        CheckoutSessionAsyncPaymentFailed = "checkout.session.async_payment_failed",
        /// Nobody completed the checkout in time.
        CheckoutSessionExpired = "checkout.session.expired",
        /// Money came in.
        PaymentIntentSucceeded = "payment_intent.succeeded",
        /// An attempt to pay was refused.
        PaymentIntentPaymentFailed = "payment_intent.payment_failed",
        /// A delayed method is under way.
        PaymentIntentProcessing = "payment_intent.processing",
        /// The customer has to confirm.
        PaymentIntentRequiresAction = "payment_intent.requires_action",
        /// The intent was given up.
        PaymentIntentCanceled = "payment_intent.canceled",
        /// A card was saved.
        SetupIntentSucceeded = "setup_intent.succeeded",
        /// A card was not saved.
        SetupIntentSetupFailed = "setup_intent.setup_failed",
        /// Money of a charge went back, all or a part.
        ChargeRefunded = "charge.refunded",
        /// A customer contests a charge at the bank.
        ChargeDisputeCreated = "charge.dispute.created",
        /// A dispute is decided.
        ChargeDisputeClosed = "charge.dispute.closed",
        /// A refund was asked for.
        RefundCreated = "refund.created",
        /// A refund has another status.
        RefundUpdated = "refund.updated",
        /// A refund did not reach the customer.
        RefundFailed = "refund.failed",
        /// An invoice of Stripe Billing was paid.
        InvoicePaid = "invoice.paid",
        /// An invoice of Stripe Billing was not paid.
        InvoicePaymentFailed = "invoice.payment_failed",
        /// The customer has to confirm the payment of an invoice of Stripe Billing.
        InvoicePaymentActionRequired = "invoice.payment_action_required",
        /// A subscription of Stripe Billing has changed.
        CustomerSubscriptionUpdated = "customer.subscription.updated",
        /// A subscription of Stripe Billing is over.
        CustomerSubscriptionDeleted = "customer.subscription.deleted",
        /// A payment method was attached to a customer.
        PaymentMethodAttached = "payment_method.attached",
        /// A payment method was detached from its customer.
        PaymentMethodDetached = "payment_method.detached",
        /// The card's network has announced a new number or date.
        PaymentMethodAutomaticallyUpdated = "payment_method.automatically_updated",
        /// A customer has changed.
        CustomerUpdated = "customer.updated",
    }
}
