//! The handle: one account at Stripe, its key and limits.

mod builder;
mod list;
mod resources;
mod send;

use http::Method;
use integration_core::{ApiPath, HttpClient, RetryPolicy, Secret};

pub use builder::ClientBuilder;
pub use list::List;
pub use resources::{
    BillingPortal, Charges, CheckoutSessions, Customers, Events, PaymentIntents, PaymentMethods,
    Refunds, SetupIntents,
};

use crate::{Balance, Error};
use send::Call;

/// The version of Stripe's API that is asked for unless another is set.
pub const API_VERSION: &str = "2026-10-28.endive";

/// A client of one account. Clones share connections.
///
/// # Examples
/// ```
/// # #[cfg(feature = "testing")]
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use stripe_lite::testing::FakeStripe;
/// use stripe_lite::{Client, CreateCustomer, IdempotencyKey};
///
/// let fake = FakeStripe::start().await?;
/// let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
/// let customer = client
///     .customers()
///     .create(&CreateCustomer::new().name("Marie Tremblay"), IdempotencyKey::random())
///     .await?;
/// assert_eq!(client.customers().retrieve(&customer.id).await?, customer);
/// # Ok(()) }
/// # #[cfg(feature = "testing")]
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    http: HttpClient,
    retry: RetryPolicy,
}

macro_rules! resources {
    ($($(#[$doc:meta])* $method:ident $name:ident,)+) => { $(
        $(#[$doc])*
        #[must_use]
        pub fn $method(&self) -> $name {
            $name::new(self.clone())
        }
    )+ };
}

impl Client {
    /// A client with the usual limits.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a key no header can carry, or a publishable one (`pk_…`).
    ///
    /// # Examples
    /// ```
    /// let client = stripe_lite::Client::new("sk_test_123")?;
    /// assert!(!format!("{client:?}").contains("sk_test_123"));
    /// assert!(stripe_lite::Client::new("pk_test_123").is_err());
    /// # Ok::<(), stripe_lite::Error>(())
    /// ```
    pub fn new(secret_key: impl Into<Secret>) -> Result<Self, Error> {
        Self::builder(secret_key).build()
    }

    /// A client with limits, an address or a transport of one's own.
    pub fn builder(secret_key: impl Into<Secret>) -> ClientBuilder {
        ClientBuilder::new(secret_key.into())
    }

    resources! {
        /// Checkout Sessions: `/v1/checkout/sessions`.
        checkout_sessions CheckoutSessions,
        /// Billing Portal sessions: `/v1/billing_portal/sessions`.
        billing_portal BillingPortal,
        /// Payments: `/v1/payment_intents`.
        payment_intents PaymentIntents,
        /// Savings of cards: `/v1/setup_intents`.
        setup_intents SetupIntents,
        /// Refunds: `/v1/refunds`.
        refunds Refunds,
        /// Charges: `/v1/charges`, read only.
        charges Charges,
        /// Customers: `/v1/customers`.
        customers Customers,
        /// Payment methods: `/v1/payment_methods`.
        payment_methods PaymentMethods,
        /// Events: `/v1/events`.
        events Events,
    }

    /// What lies on the account. One cheap call that needs the key: also a check that Stripe
    /// answers and takes it.
    ///
    /// # Errors
    /// [`Error::Api`] with 401 when the key is refused; no answer.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::{Client, testing::FakeStripe};
    /// let fake = FakeStripe::start().await?;
    /// let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// assert!(!client.balance().await?.livemode);
    ///
    /// let stranger = Client::builder("sk_test_wrong").url(fake.url()).build()?;
    /// assert!(stranger.balance().await.unwrap_err().is_unauthorized());
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn balance(&self) -> Result<Balance, Error> {
        self.call(Call::new(Method::GET, ApiPath::new("v1/balance")))
            .await
    }
}
