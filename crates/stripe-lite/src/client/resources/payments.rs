//! Money that comes and goes.

use http::Method;
use integration_core::ApiPath;

use super::{expanding, handle, path};
use crate::client::send::Call;
use crate::client::{Client, List};
use crate::{
    Charge, ConfirmPaymentIntent, CreatePaymentIntent, CreateRefund, CreateSetupIntent, Error,
    IdempotencyKey, ListPaymentIntents, ListRefunds, ListSetupIntents, Params, PaymentIntent,
    Refund, Search, SetupIntent,
};

handle! {
    /// Payments.
    PaymentIntents
}

impl PaymentIntents {
    /// Makes one, and takes the money where it is confirmed at once. Without a key one is made for
    /// this call.
    ///
    /// # Errors
    /// [`Error::Card`] when the card is refused: the payment exists all the same and is in the
    /// error; a lost answer; a parameter that breaks a rule.
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
    /// # let card = client.payment_methods().attach("pm_card_chargeCustomerFail", &customer.id).await?;
    /// let charge = CreatePaymentIntent::off_session(Amount::new(4_999, Currency::CAD), &customer.id, &card.id);
    /// let key = IdempotencyKey::new("ppa-SINV-0042-1")?;
    /// let refused = client.payment_intents().create(&charge, key).await.unwrap_err();
    /// assert!(refused.is_card_declined());
    /// let card = refused.card().expect("a card error");
    /// assert!(card.payment_intent().is_some());
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn create(
        &self,
        params: &CreatePaymentIntent,
        key: impl Into<Option<IdempotencyKey>>,
    ) -> Result<PaymentIntent, Error> {
        let params = params.params()?;
        let call = Call::post(ApiPath::new("v1/payment_intents"), params, key.into());
        self.client.call(call).await
    }

    /// Reads one.
    ///
    /// # Errors
    /// [`Error::Api`] with 404 when there is none; no answer.
    pub async fn retrieve(&self, id: impl AsRef<str>) -> Result<PaymentIntent, Error> {
        let call = Call::new(Method::GET, path("v1/payment_intents", id)?);
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
    /// # let pay = CreatePaymentIntent::new(Amount::new(4_999, Currency::CAD)).payment_method("pm_card_visa").confirm();
    /// # let payment = client.payment_intents().create(&pay, None).await?;
    /// let payment = client.payment_intents().retrieve_expanded(&payment.id, &["latest_charge"]).await?;
    /// let charge = payment.latest_charge.as_ref().and_then(|charge| charge.object()).expect("asked for");
    /// assert_eq!(charge.amount, 4_999);
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn retrieve_expanded(
        &self,
        id: impl AsRef<str>,
        expand: &[&str],
    ) -> Result<PaymentIntent, Error> {
        let call =
            Call::new(Method::GET, path("v1/payment_intents", id)?).params(expanding(expand));
        self.client.call(call).await
    }

    /// Takes the money. Without a key one is made for this call.
    ///
    /// # Errors
    /// [`Error::Card`] when the card is refused; a lost answer; a parameter that breaks a rule.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::{FakeStripe, TestCard};
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// # let pay = CreatePaymentIntent::new(Amount::new(4_999, Currency::CAD));
    /// # let payment = client.payment_intents().create(&pay, None).await?;
    /// let confirm = ConfirmPaymentIntent::new().payment_method("pm_card_visa");
    /// let payment = client.payment_intents().confirm(&payment.id, &confirm, None).await?;
    /// assert!(payment.is_succeeded());
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn confirm(
        &self,
        id: impl AsRef<str>,
        params: &ConfirmPaymentIntent,
        key: impl Into<Option<IdempotencyKey>>,
    ) -> Result<PaymentIntent, Error> {
        let path = path("v1/payment_intents", id)?.literal("confirm");
        let params = params.params()?;
        self.client.call(Call::post(path, params, key.into())).await
    }

    /// Gives one up that has not been paid.
    ///
    /// # Errors
    /// [`Error::Api`] when it is paid or given up already; a lost answer.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::{FakeStripe, TestCard};
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// # let pay = CreatePaymentIntent::new(Amount::new(4_999, Currency::CAD));
    /// # let payment = client.payment_intents().create(&pay, None).await?;
    /// let payment = client.payment_intents().cancel(&payment.id).await?;
    /// assert_eq!(payment.status, Some(PaymentIntentStatus::Canceled));
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn cancel(&self, id: impl AsRef<str>) -> Result<PaymentIntent, Error> {
        let path = path("v1/payment_intents", id)?.literal("cancel");
        self.client
            .call(Call::post(path, &Params::new(), None))
            .await
    }

    /// Lists them, newest first.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a parameter that breaks a rule; nothing is sent yet.
    pub fn list(&self, params: &ListPaymentIntents) -> Result<List<PaymentIntent>, Error> {
        let params = params.params()?;
        Ok(List::new(
            self.client.clone(),
            ApiPath::new("v1/payment_intents"),
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
    /// # let page = CreateCheckoutSession::payment()
    /// #     .line_item(LineItem::new("Facture", Amount::new(11_497, Currency::CAD)))
    /// #     .success_url("https://portail.example.ca/merci");
    /// # let session = client.checkout_sessions().create(&page, None).await?;
    /// # let paid = fake.pay(session.id.as_str(), TestCard::Visa)?;
    /// # let payment = paid.payment_intent.ok_or("no payment")?;
    /// let search = Search::field("status", "succeeded");
    /// let found = client.payment_intents().search(&search)?.page().await?;
    /// assert_eq!(found.items[0].id, payment.id());
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub fn search(&self, search: &Search) -> Result<List<PaymentIntent>, Error> {
        let params = search.params()?;
        Ok(List::search(
            self.client.clone(),
            ApiPath::new("v1/payment_intents/search"),
            params,
        ))
    }
}

handle! {
    /// Savings of cards.
    SetupIntents
}

impl SetupIntents {
    /// Begins one. Without a key one is made for this call.
    ///
    /// # Errors
    /// [`Error::Card`] when the card is refused; a lost answer; a parameter that breaks a rule.
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
    /// let setup = CreateSetupIntent::off_session(&customer.id).payment_method("pm_card_visa").confirm();
    /// let setup = client.setup_intents().create(&setup, None).await?;
    /// assert_eq!(setup.status, Some(SetupIntentStatus::Succeeded));
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn create(
        &self,
        params: &CreateSetupIntent,
        key: impl Into<Option<IdempotencyKey>>,
    ) -> Result<SetupIntent, Error> {
        let params = params.params()?;
        let call = Call::post(ApiPath::new("v1/setup_intents"), params, key.into());
        self.client.call(call).await
    }

    /// Reads one.
    ///
    /// # Errors
    /// [`Error::Api`] with 404 when there is none; no answer.
    pub async fn retrieve(&self, id: impl AsRef<str>) -> Result<SetupIntent, Error> {
        let call = Call::new(Method::GET, path("v1/setup_intents", id)?);
        self.client.call(call).await
    }

    /// Gives one up.
    ///
    /// # Errors
    /// [`Error::Api`] when it is over already; a lost answer.
    pub async fn cancel(&self, id: impl AsRef<str>) -> Result<SetupIntent, Error> {
        let path = path("v1/setup_intents", id)?.literal("cancel");
        self.client
            .call(Call::post(path, &Params::new(), None))
            .await
    }

    /// Lists them, newest first.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a parameter that breaks a rule; nothing is sent yet.
    pub fn list(&self, params: &ListSetupIntents) -> Result<List<SetupIntent>, Error> {
        let params = params.params()?;
        Ok(List::new(
            self.client.clone(),
            ApiPath::new("v1/setup_intents"),
            params,
        ))
    }
}

handle! {
    /// Refunds.
    Refunds
}

impl Refunds {
    /// Sends money back. Without a key one is made for this call, which a second call does not
    /// share: give one where a person may click twice.
    ///
    /// # Errors
    /// [`Error::Api`] when more is asked for than is left; a lost answer; a parameter that breaks a
    /// rule.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::{FakeStripe, TestCard};
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// # let pay = CreatePaymentIntent::new(Amount::new(4_999, Currency::CAD)).payment_method("pm_card_visa").confirm();
    /// # let payment = client.payment_intents().create(&pay, None).await?;
    /// let part = CreateRefund::payment_intent(&payment.id).amount(500);
    /// let refund = client.refunds().create(&part, IdempotencyKey::new("refund-SINV-0042-1")?).await?;
    /// assert_eq!(refund.amount, 500);
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn create(
        &self,
        params: &CreateRefund,
        key: impl Into<Option<IdempotencyKey>>,
    ) -> Result<Refund, Error> {
        let params = params.params()?;
        let call = Call::post(ApiPath::new("v1/refunds"), params, key.into());
        self.client.call(call).await
    }

    /// Reads one.
    ///
    /// # Errors
    /// [`Error::Api`] with 404 when there is none; no answer.
    pub async fn retrieve(&self, id: impl AsRef<str>) -> Result<Refund, Error> {
        let call = Call::new(Method::GET, path("v1/refunds", id)?);
        self.client.call(call).await
    }

    /// Gives one up that waits for the customer.
    ///
    /// # Errors
    /// What Stripe refuses; a lost answer.
    pub async fn cancel(&self, id: impl AsRef<str>) -> Result<Refund, Error> {
        let path = path("v1/refunds", id)?.literal("cancel");
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
    /// # let page = CreateCheckoutSession::payment()
    /// #     .line_item(LineItem::new("Facture", Amount::new(11_497, Currency::CAD)))
    /// #     .success_url("https://portail.example.ca/merci");
    /// # let session = client.checkout_sessions().create(&page, None).await?;
    /// # let paid = fake.pay(session.id.as_str(), TestCard::Visa)?;
    /// # let payment = paid.payment_intent.ok_or("no payment")?;
    /// # client.refunds().create(&CreateRefund::payment_intent(payment.id()), None).await?;
    /// let list = ListRefunds::new().payment_intent(payment.id());
    /// assert_eq!(client.refunds().list(&list)?.page().await?.items.len(), 1);
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub fn list(&self, params: &ListRefunds) -> Result<List<Refund>, Error> {
        let params = params.params()?;
        Ok(List::new(
            self.client.clone(),
            ApiPath::new("v1/refunds"),
            params,
        ))
    }
}

handle! {
    /// Charges, read only.
    Charges
}

impl Charges {
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
    /// # let page = CreateCheckoutSession::payment()
    /// #     .line_item(LineItem::new("Facture", Amount::new(11_497, Currency::CAD)))
    /// #     .success_url("https://portail.example.ca/merci");
    /// # let session = client.checkout_sessions().create(&page, None).await?;
    /// # let paid = fake.pay(session.id.as_str(), TestCard::Visa)?;
    /// # let payment = paid.payment_intent.ok_or("no payment")?;
    /// # let payment = client.payment_intents().retrieve(payment.id()).await?;
    /// let charge = payment.latest_charge.ok_or("no charge")?;
    /// assert!(client.charges().retrieve(charge.id()).await?.paid);
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn retrieve(&self, id: impl AsRef<str>) -> Result<Charge, Error> {
        let call = Call::new(Method::GET, path("v1/charges", id)?);
        self.client.call(call).await
    }
}
