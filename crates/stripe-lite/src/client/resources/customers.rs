//! Customers and their cards.

use http::Method;
use integration_core::ApiPath;

use super::{handle, path};
use crate::client::send::Call;
use crate::client::{Client, List};
use crate::{
    CreateCustomer, Customer, Error, IdempotencyKey, ListCustomers, ListPaymentMethods, Params,
    PaymentMethod, Search, UpdateCustomer,
};

handle! {
    /// Customers.
    Customers
}

impl Customers {
    /// Makes one. Without a key one is made for this call.
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
    /// let customer = CreateCustomer::new().name("Marie Tremblay").metadata("customer", "CUST-7");
    /// let customer = client.customers().create(&customer, IdempotencyKey::new("customer-CUST-7")?).await?;
    /// assert!(customer.id.as_str().starts_with("cus_"));
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn create(
        &self,
        params: &CreateCustomer,
        key: impl Into<Option<IdempotencyKey>>,
    ) -> Result<Customer, Error> {
        let params = params.params()?;
        let call = Call::post(ApiPath::new("v1/customers"), params, key.into());
        self.client.call(call).await
    }

    /// Reads one. A deleted one is answered with `deleted` set.
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
    /// # let customer = client.customers().create(&CreateCustomer::new(), None).await?;
    /// assert_eq!(client.customers().retrieve(&customer.id).await?.id, customer.id);
    /// assert!(client.customers().retrieve("cus_nobody").await.unwrap_err().is_not_found());
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn retrieve(&self, id: impl AsRef<str>) -> Result<Customer, Error> {
        let call = Call::new(Method::GET, path("v1/customers", id)?);
        self.client.call(call).await
    }

    /// Changes one.
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
    /// let change = UpdateCustomer::new().email("marie@example.ca");
    /// let customer = client.customers().update(&customer.id, &change).await?;
    /// assert_eq!(customer.email.as_deref(), Some("marie@example.ca"));
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn update(
        &self,
        id: impl AsRef<str>,
        params: &UpdateCustomer,
    ) -> Result<Customer, Error> {
        let call = Call::post(path("v1/customers", id)?, params.params()?, None);
        self.client.call(call).await
    }

    /// Lists them, newest first.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a parameter that breaks a rule; nothing is sent yet.
    pub fn list(&self, params: &ListCustomers) -> Result<List<Customer>, Error> {
        let params = params.params()?;
        Ok(List::new(
            self.client.clone(),
            ApiPath::new("v1/customers"),
            params,
        ))
    }

    /// Searches them; what was written in the last minute may be missing.
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
    /// # client.customers().create(&CreateCustomer::new().metadata("customer", "CUST-7"), None).await?;
    /// let search = Search::metadata("customer", "CUST-7");
    /// let found = client.customers().search(&search)?.page().await?;
    /// assert_eq!(found.items.len(), 1);
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub fn search(&self, search: &Search) -> Result<List<Customer>, Error> {
        let params = search.params()?;
        Ok(List::search(
            self.client.clone(),
            ApiPath::new("v1/customers/search"),
            params,
        ))
    }
}

handle! {
    /// Payment methods.
    PaymentMethods
}

impl PaymentMethods {
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
    /// # let customer = client.customers().create(&CreateCustomer::new(), None).await?;
    /// # let id = fake.save_card(customer.id.as_str(), TestCard::Visa).unwrap();
    /// let card = client.payment_methods().retrieve(&id).await?.card.ok_or("no card")?;
    /// assert_eq!(card.last4.as_deref(), Some("4242"));
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn retrieve(&self, id: impl AsRef<str>) -> Result<PaymentMethod, Error> {
        let call = Call::new(Method::GET, path("v1/payment_methods", id)?);
        self.client.call(call).await
    }

    /// Lists the saved ones of a customer, newest first.
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
    /// # let customer = client.customers().create(&CreateCustomer::new(), None).await?;
    /// # client.payment_methods().attach("pm_card_visa", &customer.id).await?;
    /// let cards = ListPaymentMethods::new().customer(&customer.id).kind("card");
    /// let cards = client.payment_methods().list(&cards)?.page().await?;
    /// assert_eq!(cards.items.len(), 1);
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub fn list(&self, params: &ListPaymentMethods) -> Result<List<PaymentMethod>, Error> {
        let params = params.params()?;
        Ok(List::new(
            self.client.clone(),
            ApiPath::new("v1/payment_methods"),
            params,
        ))
    }

    /// Saves one for a customer.
    ///
    /// # Errors
    /// [`Error::Card`] when the bank refuses it; a lost answer.
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
    /// // In test mode this text stands for a card.
    /// let card = client.payment_methods().attach("pm_card_visa", &customer.id).await?;
    /// assert_eq!(card.customer.map(|c| c.id().to_owned()).as_deref(), Some(customer.id.as_str()));
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn attach(
        &self,
        id: impl AsRef<str>,
        customer: impl AsRef<str>,
    ) -> Result<PaymentMethod, Error> {
        let path = path("v1/payment_methods", id)?.literal("attach");
        let mut params = Params::new();
        params.insert("customer", customer.as_ref());
        self.client.call(Call::post(path, &params, None)).await
    }

    /// Forgets a saved one; it can never be used again.
    ///
    /// # Errors
    /// What Stripe refuses; a lost answer.
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
    /// # let card = client.payment_methods().attach("pm_card_visa", &customer.id).await?;
    /// let card = client.payment_methods().detach(&card.id).await?;
    /// assert!(card.customer.is_none());
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn detach(&self, id: impl AsRef<str>) -> Result<PaymentMethod, Error> {
        let path = path("v1/payment_methods", id)?.literal("detach");
        self.client
            .call(Call::post(path, &Params::new(), None))
            .await
    }
}
