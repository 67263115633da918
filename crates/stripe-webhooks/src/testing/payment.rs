use super::EventBuilder;

/// One payment through Checkout, and the two events that tell of it.
///
/// Both describe the same money: a receiver books it once.
///
/// # Examples
///
/// ```
/// use stripe_webhooks::testing::Payment;
///
/// let payment = Payment::new("pi_1")
///     .amount(11_497)
///     .customer("cus_1")
///     .metadata("invoice", "INV-0000123");
/// let [completed, succeeded] = payment.events();
/// assert_eq!(completed.kind().as_str(), "checkout.session.completed");
/// assert_eq!(succeeded.kind().as_str(), "payment_intent.succeeded");
/// assert_eq!(completed.event().object().metadata(), succeeded.event().object().metadata());
/// ```
#[derive(Clone, Debug)]
pub struct Payment {
    id: String,
    session: EventBuilder,
    intent: EventBuilder,
}

impl Payment {
    /// A payment of 114.97 CAD with this id (`pi_…`), and a session named after it.
    #[must_use]
    pub fn new(id: &str) -> Self {
        let session = super::shapes::sibling(id, "cs_test");
        Self {
            id: id.to_owned(),
            session: EventBuilder::checkout_session_completed(&session).payment_intent(id),
            intent: EventBuilder::payment_intent_succeeded(id),
        }
    }

    /// Sets the amount, in minor units.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::testing::Payment;
    /// let [completed, _] = Payment::new("pi_1").amount(500).events();
    /// assert!(completed.event().object_json().contains(r#""amount_total": 500"#));
    /// ```
    #[must_use]
    pub fn amount(self, minor: i64) -> Self {
        self.both(|event| event.amount(minor))
    }

    /// Sets the currency.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::testing::Payment;
    /// let [_, succeeded] = Payment::new("pi_1").currency("usd").events();
    /// assert!(succeeded.event().object_json().contains("usd"));
    /// ```
    #[must_use]
    pub fn currency(self, currency: &str) -> Self {
        self.both(|event| event.currency(currency))
    }

    /// Sets the id of the customer.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::testing::Payment;
    /// let [_, succeeded] = Payment::new("pi_1").customer("cus_1").events();
    /// assert!(succeeded.event().object_json().contains("cus_1"));
    /// ```
    #[must_use]
    pub fn customer(self, id: &str) -> Self {
        self.both(|event| event.customer(id))
    }

    /// Attaches a text to session and payment, as the caller of the API has to for both.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::testing::Payment;
    /// let [completed, _] = Payment::new("pi_1").metadata("invoice", "INV-1").events();
    /// assert!(completed.event().object_json().contains("INV-1"));
    /// ```
    #[must_use]
    pub fn metadata(self, name: &str, value: &str) -> Self {
        self.both(|event| event.metadata(name, value))
    }

    /// Names the session: `client_reference_id`.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::testing::Payment;
    /// let [completed, succeeded] = Payment::new("pi_1").client_reference_id("INV-1").events();
    /// assert!(completed.event().object_json().contains("INV-1"));
    /// assert!(!succeeded.event().object_json().contains("INV-1"));
    /// ```
    #[must_use]
    pub fn client_reference_id(mut self, name: &str) -> Self {
        self.session = self.session.field("client_reference_id", name.into());
        self
    }

    /// Sets when both were made, in seconds since 1970-01-01T00:00:00Z.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::testing::Payment;
    /// let [completed, _] = Payment::new("pi_1").created(1_000).events();
    /// assert_eq!(completed.event().created, Some(1_000));
    /// ```
    #[must_use]
    pub fn created(self, secs: i64) -> Self {
        self.both(|event| event.created(secs))
    }

    /// Sets the mode; the test mode otherwise.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::testing::Payment;
    /// let [_, succeeded] = Payment::new("pi_1").livemode(true).events();
    /// assert!(succeeded.event().livemode);
    /// ```
    #[must_use]
    pub fn livemode(self, livemode: bool) -> Self {
        self.both(|event| event.livemode(livemode))
    }

    /// The id of the payment.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::testing::Payment;
    /// assert_eq!(Payment::new("pi_1").id(), "pi_1");
    /// ```
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// `checkout.session.completed` and `payment_intent.succeeded`.
    #[must_use]
    pub fn events(&self) -> [EventBuilder; 2] {
        [self.session.clone(), self.intent.clone()]
    }

    fn both(mut self, change: impl Fn(EventBuilder) -> EventBuilder) -> Self {
        self.session = change(self.session);
        self.intent = change(self.intent);
        self
    }
}
