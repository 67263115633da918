//! Pages for customers, and what has happened.

use http::Method;
use integration_core::ApiPath;

use super::{expanding, handle, path};
use crate::client::send::Call;
use crate::client::{Client, List};
use crate::{
    CheckoutSession, CreateCheckoutSession, CreatePortalSession, Error, Event, IdempotencyKey,
    ListCheckoutSessions, ListEvents, Params, PortalSession,
};

handle! {
    /// Checkout Sessions.
    CheckoutSessions
}

impl CheckoutSessions {
    /// Makes a page. Without a key one is made for this call.
    ///
    /// # Errors
    /// What Stripe refuses; a lost answer; a parameter that breaks a rule.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::{FakeStripe, TestCard};
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// let session = CreateCheckoutSession::payment()
    ///     .line_item(LineItem::new("Facture", Amount::new(11_497, Currency::CAD)))
    ///     .client_reference_id("SINV-0042")
    ///     .success_url("https://portail.example.ca/merci?s={CHECKOUT_SESSION_ID}");
    /// let session = client.checkout_sessions().create(&session, IdempotencyKey::new("checkout-SINV-0042")?).await?;
    /// assert!(session.url.is_some() && !session.is_paid());
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn create(
        &self,
        params: &CreateCheckoutSession,
        key: impl Into<Option<IdempotencyKey>>,
    ) -> Result<CheckoutSession, Error> {
        let params = params.params()?;
        let call = Call::post(ApiPath::new("v1/checkout/sessions"), params, key.into());
        self.client.call(call).await
    }

    /// Reads one.
    ///
    /// # Errors
    /// [`Error::Api`] with 404 when there is none; no answer.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::{FakeStripe, TestCard};
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// # let session = CreateCheckoutSession::payment()
    /// #     .line_item(LineItem::new("Facture", Amount::new(11_497, Currency::CAD)))
    /// #     .success_url("https://portail.example.ca/merci");
    /// # let session = client.checkout_sessions().create(&session, None).await?;
    /// let again = client.checkout_sessions().retrieve(&session.id).await?;
    /// assert_eq!(again, session);
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn retrieve(&self, id: impl AsRef<str>) -> Result<CheckoutSession, Error> {
        let call = Call::new(Method::GET, path("v1/checkout/sessions", id)?);
        self.client.call(call).await
    }

    /// Reads one with some references answered whole: `latest_charge`, `customer`, …
    ///
    /// # Errors
    /// As [`retrieve`](Self::retrieve); [`Error::Api`] for a field that is no reference.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::{FakeStripe, TestCard};
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// # let page = CreateCheckoutSession::payment()
    /// #     .line_item(LineItem::new("Facture", Amount::new(11_497, Currency::CAD)))
    /// #     .success_url("https://portail.example.ca/merci");
    /// # let session = client.checkout_sessions().create(&page, None).await?;
    /// # let paid = fake.pay(session.id.as_str(), TestCard::Visa)?;
    /// # let payment = paid.payment_intent.ok_or("no payment")?;
    /// let session = client.checkout_sessions().retrieve_expanded(&session.id, &["payment_intent"]).await?;
    /// let payment = session.payment_intent.as_ref().and_then(|payment| payment.object());
    /// assert!(payment.is_some_and(|payment| payment.is_succeeded()));
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn retrieve_expanded(
        &self,
        id: impl AsRef<str>,
        expand: &[&str],
    ) -> Result<CheckoutSession, Error> {
        let call =
            Call::new(Method::GET, path("v1/checkout/sessions", id)?).params(expanding(expand));
        self.client.call(call).await
    }

    /// Ends an open page: nobody can pay there any more.
    ///
    /// # Errors
    /// [`Error::Api`] when it is not open any more; a lost answer.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::{FakeStripe, TestCard};
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// # let session = CreateCheckoutSession::payment()
    /// #     .line_item(LineItem::new("Facture", Amount::new(11_497, Currency::CAD)))
    /// #     .success_url("https://portail.example.ca/merci");
    /// # let session = client.checkout_sessions().create(&session, None).await?;
    /// let ended = client.checkout_sessions().expire(&session.id).await?;
    /// assert_eq!(ended.status, Some(CheckoutStatus::Expired));
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn expire(&self, id: impl AsRef<str>) -> Result<CheckoutSession, Error> {
        let path = path("v1/checkout/sessions", id)?.literal("expire");
        self.client
            .call(Call::post(path, &Params::new(), None))
            .await
    }

    /// Lists them, newest first.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a parameter that breaks a rule; nothing is sent yet.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::{FakeStripe, TestCard};
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// # let session = CreateCheckoutSession::payment()
    /// #     .line_item(LineItem::new("Facture", Amount::new(11_497, Currency::CAD)))
    /// #     .success_url("https://portail.example.ca/merci");
    /// # let session = client.checkout_sessions().create(&session, None).await?;
    /// let paid = fake.pay(session.id.as_str(), TestCard::Visa).expect("an open session");
    /// let of_payment = ListCheckoutSessions::new().payment_intent(paid.payment_intent.unwrap().id());
    /// let found = client.checkout_sessions().list(&of_payment)?.page().await?;
    /// assert_eq!(found.items[0].id, session.id);
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub fn list(&self, params: &ListCheckoutSessions) -> Result<List<CheckoutSession>, Error> {
        let params = params.params()?;
        Ok(List::new(
            self.client.clone(),
            ApiPath::new("v1/checkout/sessions"),
            params,
        ))
    }
}

handle! {
    /// Billing Portal sessions.
    BillingPortal
}

impl BillingPortal {
    /// Makes a page for a customer. Without a key one is made for this call.
    ///
    /// # Errors
    /// What Stripe refuses; a lost answer; a parameter that breaks a rule.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::{FakeStripe, TestCard};
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// # let customer = client.customers().create(&CreateCustomer::new(), None).await?;
    /// let page = CreatePortalSession::new(&customer.id).return_url("https://portail.example.ca/");
    /// let page = client.billing_portal().create_session(&page, None).await?;
    /// assert!(page.url.contains("/p/session/"));
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn create_session(
        &self,
        params: &CreatePortalSession,
        key: impl Into<Option<IdempotencyKey>>,
    ) -> Result<PortalSession, Error> {
        let params = params.params()?;
        let call = Call::post(
            ApiPath::new("v1/billing_portal/sessions"),
            params,
            key.into(),
        );
        self.client.call(call).await
    }
}

handle! {
    /// Events of the last 30 days.
    Events
}

impl Events {
    /// Reads one.
    ///
    /// # Errors
    /// [`Error::Api`] with 404 when there is none; no answer.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::{FakeStripe, TestCard};
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// # client.customers().create(&CreateCustomer::new(), None).await?;
    /// let id = fake.events()[0]["id"].as_str().unwrap_or_default().to_owned();
    /// assert_eq!(client.events().retrieve(&id).await?.kind, "customer.created");
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn retrieve(&self, id: impl AsRef<str>) -> Result<Event, Error> {
        let call = Call::new(Method::GET, path("v1/events", id)?);
        self.client.call(call).await
    }

    /// Lists them, newest first.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a parameter that breaks a rule; nothing is sent yet.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::{FakeStripe, TestCard};
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// # client.customers().create(&CreateCustomer::new(), None).await?;
    /// let events = client.events().list(&ListEvents::new().kind("customer.created"))?.page().await?;
    /// assert_eq!(events.items.len(), 1);
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub fn list(&self, params: &ListEvents) -> Result<List<Event>, Error> {
        let params = params.params()?;
        Ok(List::new(
            self.client.clone(),
            ApiPath::new("v1/events"),
            params,
        ))
    }
}
