//! Settings of the fake.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use integration_core::testing::FakeServerBuilder;
use integration_core::{Clock, Secret};
use tokio::sync::Notify;

use super::state::State;
use super::{Delivery, FakeStripe, Shared, WebhookEndpoint, respond, sender};

/// Settings of a [`FakeStripe`].
///
/// # Examples
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use stripe_lite::testing::{Delivery, FakeStripe};
///
/// let fake = FakeStripe::builder()
///     .webhook("http://127.0.0.1:9/webhook/stripe", "whsec_test")
///     .delivery(Delivery::default().duplicates(1..=4).shuffle(true))
///     .seed(7)
///     .start()
///     .await?;
/// assert!(fake.secret_key().starts_with("sk_test_"));
/// # Ok(()) }
/// ```
#[derive(Debug)]
#[must_use]
pub struct FakeStripeBuilder {
    pub(super) server: FakeServerBuilder,
    pub(super) state: State,
    pub(super) secret_key: Option<String>,
}

impl FakeStripeBuilder {
    /// Sets the address to listen on; a free loopback port unless set.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::*;
    /// # use stripe_lite::*;
    /// let fake = FakeStripe::builder().address(([127, 0, 0, 1], 0).into()).start().await?;
    /// assert!(fake.url().starts_with("http://127.0.0.1:"));
    /// # Ok(()) }
    /// ```
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.server = self.server.address(address);
        self
    }

    /// Sets the address that pages are said to have, where it is not the one listened on.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::*;
    /// # use stripe_lite::*;
    /// let fake = FakeStripe::builder().public_url("https://stripe.example.ca").start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// # let page = CreateCheckoutSession::payment()
    /// #     .line_item(LineItem::new("Facture", Amount::new(11_497, Currency::CAD)))
    /// #     .success_url("https://portail.example.ca/merci");
    /// # let session = client.checkout_sessions().create(&page, None).await?;
    /// assert!(session.url.is_some_and(|url| url.starts_with("https://stripe.example.ca/c/pay/")));
    /// # Ok(()) }
    /// ```
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.state.url = url.into();
        self
    }

    /// Sets the key that is taken; `sk_test_fake` unless set, `sk_live_fake` in live mode.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::*;
    /// # use stripe_lite::*;
    /// let fake = FakeStripe::builder().secret_key("sk_test_mine").start().await?;
    /// assert_eq!(fake.secret_key(), "sk_test_mine");
    /// # Ok(()) }
    /// ```
    pub fn secret_key(mut self, key: impl Into<String>) -> Self {
        self.secret_key = Some(key.into());
        self
    }

    /// Sets whether money is said to be real.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::*;
    /// # use stripe_lite::*;
    /// let fake = FakeStripe::builder().livemode(true).start().await?;
    /// let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// assert!(client.balance().await?.livemode);
    /// # Ok(()) }
    /// ```
    pub fn livemode(mut self, livemode: bool) -> Self {
        self.state.livemode = livemode;
        self
    }

    /// Sets the version that events are shaped by.
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.state.api_version = version.into();
        self
    }

    /// Sends webhooks to this address, signed with this secret. May be called for several.
    pub fn webhook(self, url: impl Into<String>, secret: impl Into<String>) -> Self {
        self.endpoint(WebhookEndpoint::new(url, secret))
    }

    /// Sends webhooks to an endpoint.
    pub fn endpoint(mut self, endpoint: WebhookEndpoint) -> Self {
        self.state.outbox.endpoints.push(endpoint);
        self
    }

    /// Sets how webhooks are sent.
    pub fn delivery(mut self, delivery: Delivery) -> Self {
        self.state.outbox.delivery = delivery;
        self
    }

    /// Sets the seed of ids, of the number of duplicates and of the order of deliveries.
    pub fn seed(mut self, seed: u64) -> Self {
        self.state.seed(seed);
        self
    }

    /// Sets the clock of `created` and of signatures.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::*;
    /// # use stripe_lite::*;
    /// use std::time::{Duration, SystemTime};
    ///
    /// let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_763_827_200);
    /// let fake = FakeStripe::builder().clock(Clock::fixed(then)).start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// let customer = client.customers().create(&CreateCustomer::new(), None).await?;
    /// assert_eq!(customer.created, 1_763_827_200);
    /// # Ok(()) }
    /// ```
    pub fn clock(mut self, clock: Clock) -> Self {
        self.state.clock = clock;
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// The address is in use or not of this machine.
    pub async fn start(mut self) -> std::io::Result<FakeStripe> {
        let key = self
            .secret_key
            .unwrap_or_else(|| format!("sk_{}_fake", self.state.mode()));
        self.state.secret_key = Secret::new(key);
        let state = Shared(Arc::new(Mutex::new(self.state)));
        let server = self.server.start(respond::Responder(state.clone())).await?;
        state.lock(|state| {
            if state.url.is_empty() {
                state.url = server.url();
            }
        });
        let settled = Arc::new(Notify::new());
        let sender = tokio::spawn(sender::run(state.clone(), settled.clone()));
        Ok(FakeStripe {
            server,
            state,
            sender,
            settled,
        })
    }
}
