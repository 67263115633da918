use super::Metadata;

lenient! {
    /// What may be shown of a card.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Event, Object};
    ///
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"payment_method.attached",
    ///     "data":{"object":{"id":"pm_1","object":"payment_method","type":"card",
    ///     "card":{"brand":"visa","last4":"4242","exp_month":8,"exp_year":2030}}}}"#)?;
    /// let Object::PaymentMethod(method) = event.object() else { return Err("another".into()) };
    /// let card = method.card.ok_or("no card")?;
    /// assert_eq!((card.last4.as_deref(), card.exp_month), (Some("4242"), Some(8)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Card {
        /// `visa`, `mastercard`, `amex`, …
        brand: Option<String> = "brand",
        /// The last four digits.
        last4: Option<String> = "last4",
        /// The month it ends, 1 to 12.
        exp_month: Option<i64> = "exp_month",
        /// The year it ends, four digits.
        exp_year: Option<i64> = "exp_year",
        /// `credit`, `debit`, `prepaid`.
        funding: Option<String> = "funding",
    }
}

lenient! {
    /// A card or another way to pay. See Stripe's API reference, "The `PaymentMethod` object".
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Event, Object};
    ///
    /// // Detached: the customer is gone from the object, and is in what was replaced.
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"payment_method.detached",
    ///     "data":{"object":{"id":"pm_1","object":"payment_method","customer":null},
    ///     "previous_attributes":{"customer":"cus_1"}}}"#)?;
    /// let Object::PaymentMethod(method) = event.object() else { return Err("another".into()) };
    /// assert_eq!(method.customer, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct PaymentMethod {
        /// `pm_…`
        id: String = "id",
        /// `card`, `acss_debit`, `klarna`, …
        kind: Option<String> = "type",
        /// Id of the customer; absent once it is detached.
        customer: Option<String> = "customer",
        /// The card, when it is one.
        card: Option<Card> = "card",
        /// What was attached to it.
        metadata: Metadata = "metadata",
        /// When it was made, in seconds since 1970-01-01T00:00:00Z.
        created: Option<i64> = "created",
        /// Whether it is of the live mode.
        livemode: bool = "livemode",
    }
}

lenient! {
    /// How a customer pays invoices of Stripe Billing.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::{Customer, InvoiceSettings};
    /// assert_eq!(Customer::default().invoice_settings, None::<InvoiceSettings>);
    /// ```
    pub struct InvoiceSettings {
        /// Id of the card or other method.
        default_payment_method: Option<String> = "default_payment_method",
    }
}

lenient! {
    /// A customer; name and addresses are left to the raw JSON. See Stripe's API reference, "The
    /// Customer object".
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Event, Object};
    ///
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"customer.updated",
    ///     "data":{"object":{"id":"cus_1","object":"customer",
    ///     "invoice_settings":{"default_payment_method":"pm_1"}}}}"#)?;
    /// let Object::Customer(customer) = event.object() else { return Err("another".into()) };
    /// assert_eq!(customer.default_payment_method(), Some("pm_1"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Customer {
        /// `cus_…`
        id: String = "id",
        /// Whether it was deleted.
        deleted: bool = "deleted",
        /// How it pays invoices of Stripe Billing.
        invoice_settings: Option<InvoiceSettings> = "invoice_settings",
        /// What was attached to it.
        metadata: Metadata = "metadata",
        /// When it was made, in seconds since 1970-01-01T00:00:00Z.
        created: Option<i64> = "created",
        /// Whether it is of the live mode.
        livemode: bool = "livemode",
    }
}

impl Customer {
    /// Id of the card or other method that is charged by default.
    #[must_use]
    pub fn default_payment_method(&self) -> Option<&str> {
        self.invoice_settings
            .as_ref()?
            .default_payment_method
            .as_deref()
    }
}
