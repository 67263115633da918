//! A stateful Stripe on a loopback port.
//!
//! [`FakeStripe`] keeps customers, cards, payments, refunds and Checkout pages as Stripe does in
//! test mode, remembers answers by their idempotency keys, and sends signed webhooks, as roughly
//! as [`Delivery`] says. Stripe's own client for Node can drive it. [`FakeStripe::faults`] makes
//! the network fail.

mod args;
mod builder;
mod card;
mod customers;
mod failure;
mod idempotency;
mod lists;
mod outbox;
mod page;
mod payments;
mod random;
mod refunds;
mod respond;
mod sender;
mod sessions;
mod setups;
mod state;
mod webhooks;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use integration_core::testing::{FakeServer, Faults};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use wiremock::MockServer;

pub use builder::FakeStripeBuilder;
pub use card::TestCard;
pub use outbox::{Delivery, DeliveryRecord, DeliveryState, WebhookEndpoint};
pub use state::LoggedRequest;

use crate::error::{Around, from_parts};
use crate::{Amount, CheckoutSession, Error};
use state::State;

/// The state, shared with the responder and the sender.
#[derive(Clone)]
struct Shared(Arc<Mutex<State>>);

impl Shared {
    fn lock<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State")
    }
}

/// A Stripe for tests, which ends with this value.
///
/// # Examples
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use stripe_lite::testing::{FakeStripe, TestCard};
/// use stripe_lite::{Amount, Client, CreateCheckoutSession, Currency, LineItem};
///
/// let fake = FakeStripe::start().await?;
/// let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
/// let session = CreateCheckoutSession::payment()
///     .line_item(LineItem::new("Facture", Amount::new(11_497, Currency::CAD)))
///     .success_url("https://portail.example.ca/merci");
/// let session = client.checkout_sessions().create(&session, None).await?;
///
/// // The customer opens the page and pays.
/// let paid = fake.pay(session.id.as_str(), TestCard::Visa)?;
/// assert!(paid.is_paid());
/// let kinds: Vec<String> = fake.events().iter().map(|e| e["type"].to_string()).collect();
/// assert!(kinds.contains(&r#""checkout.session.completed""#.to_owned()));
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct FakeStripe {
    server: FakeServer,
    state: Shared,
    sender: JoinHandle<()>,
    settled: Arc<Notify>,
}

#[allow(
    clippy::must_use_candidate,
    reason = "acts, whose answers a test may leave aside"
)]
impl FakeStripe {
    /// Starts an empty one on a free loopback port.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start() -> std::io::Result<Self> {
        Self::builder().start().await
    }

    /// Begins one with settings.
    pub fn builder() -> FakeStripeBuilder {
        FakeStripeBuilder {
            server: FakeServer::builder(),
            state: State::new(),
            secret_key: None,
        }
    }

    /// Its address, for [`ClientBuilder::url`](crate::ClientBuilder::url).
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The key it takes.
    #[must_use]
    pub fn secret_key(&self) -> String {
        self.state
            .lock(|state| state.secret_key.expose().to_owned())
    }

    /// The customer opens a Checkout page and pays with a card, or saves it.
    ///
    /// # Errors
    /// [`Error::Card`] when the card is refused: the page stays open for another. [`Error::Api`]
    /// when there is no such page, or it is no longer open.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::*;
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// # let page = CreateCheckoutSession::payment()
    /// #     .line_item(LineItem::new("Facture", Amount::new(11_497, Currency::CAD)))
    /// #     .success_url("https://portail.example.ca/merci");
    /// # let session = client.checkout_sessions().create(&page, None).await?;
    /// let refused = fake.pay(session.id.as_str(), TestCard::LostCard).unwrap_err();
    /// assert_eq!(refused.decline_code(), Some("lost_card"));
    /// assert!(fake.pay(session.id.as_str(), TestCard::Visa)?.is_paid());
    /// # Ok(()) }
    /// ```
    pub fn pay(&self, session: &str, card: TestCard) -> Result<CheckoutSession, Error> {
        let paid = self
            .state
            .lock(|state| sessions::pay(state, session, card, None));
        let paid = paid.map_err(|failure| {
            let error = Value::Object(failure.error);
            from_parts(failure.status, &error, Around::default())
        })?;
        serde_json::from_value(paid).map_err(|_| Error::Invalid {
            what: "session",
            reason: "cannot be read",
        })
    }

    /// The time of a Checkout page is over.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::*;
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// # let page = CreateCheckoutSession::payment()
    /// #     .line_item(LineItem::new("Facture", Amount::new(11_497, Currency::CAD)))
    /// #     .success_url("https://portail.example.ca/merci");
    /// # let session = client.checkout_sessions().create(&page, None).await?;
    /// assert!(fake.expire(session.id.as_str()));
    /// assert!(fake.pay(session.id.as_str(), TestCard::Visa).is_err());
    /// # Ok(()) }
    /// ```
    pub fn expire(&self, session: &str) -> bool {
        self.state
            .lock(|state| sessions::expire(state, session).is_ok())
    }

    /// A debit of a bank account, by which a Checkout page was paid days ago, succeeds or fails.
    /// Answers whether one was under way.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::*;
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// # let page = CreateCheckoutSession::payment()
    /// #     .line_item(LineItem::new("Facture", Amount::new(11_497, Currency::CAD)))
    /// #     .payment_method_type("acss_debit")
    /// #     .success_url("https://portail.example.ca/merci");
    /// # let session = client.checkout_sessions().create(&page, None).await?;
    /// assert!(!fake.pay(session.id.as_str(), TestCard::BankDebit)?.is_paid());
    /// assert!(fake.settle_debit(session.id.as_str(), true));
    /// assert!(client.checkout_sessions().retrieve(&session.id).await?.is_paid());
    /// # Ok(()) }
    /// ```
    pub fn settle_debit(&self, session: &str, succeeded: bool) -> bool {
        self.state
            .lock(|state| sessions::settle(state, session, succeeded))
    }

    /// Saves a card for a customer without asking the bank, and gives the id of the method.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::{FakeStripe, TestCard};
    /// # use stripe_lite::{Amount, Client, CreateCustomer, CreatePaymentIntent, Currency};
    /// let fake = FakeStripe::start().await?;
    /// let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// let customer = client.customers().create(&CreateCustomer::new(), None).await?;
    /// let card = fake.save_card(customer.id.as_str(), TestCard::InsufficientFunds).unwrap();
    ///
    /// let charge = CreatePaymentIntent::off_session(Amount::new(4_999, Currency::CAD), &customer.id, &card);
    /// let refused = client.payment_intents().create(&charge, None).await.unwrap_err();
    /// assert_eq!(refused.decline_code(), Some("insufficient_funds"));
    ///
    /// // Pay day.
    /// fake.replace_card(&card, TestCard::Visa);
    /// assert!(client.payment_intents().create(&charge, None).await?.is_succeeded());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn save_card(&self, customer: &str, card: TestCard) -> Option<String> {
        self.state.lock(|state| {
            let method = customers::make_method(state, card);
            customers::attach(state, &method, customer, false).ok()?;
            Some(method)
        })
    }

    /// From now on a saved card behaves like another one.
    pub fn replace_card(&self, method: &str, card: TestCard) {
        self.state.lock(|state| state.set_card(method, card));
    }

    /// The bank sends a refund back. Answers whether it could.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::*;
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// # let page = CreateCheckoutSession::payment()
    /// #     .line_item(LineItem::new("Facture", Amount::new(11_497, Currency::CAD)))
    /// #     .success_url("https://portail.example.ca/merci");
    /// # let session = client.checkout_sessions().create(&page, None).await?;
    /// # let paid = fake.pay(session.id.as_str(), TestCard::Visa)?;
    /// # let payment = paid.payment_intent.ok_or("no payment")?;
    /// let refund = CreateRefund::payment_intent(payment.id());
    /// let refund = client.refunds().create(&refund, None).await?;
    /// fake.fail_refund(refund.id.as_str(), "expired_or_canceled_card");
    /// let refund = client.refunds().retrieve(&refund.id).await?;
    /// assert_eq!(refund.status, Some(RefundStatus::Failed));
    /// # Ok(()) }
    /// ```
    pub fn fail_refund(&self, refund: &str, reason: &str) -> bool {
        self.state
            .lock(|state| refunds::fail(state, refund, reason))
    }

    /// The card's owner disputes a payment; gives the id of the dispute.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::*;
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// # let page = CreateCheckoutSession::payment()
    /// #     .line_item(LineItem::new("Facture", Amount::new(11_497, Currency::CAD)))
    /// #     .success_url("https://portail.example.ca/merci");
    /// # let session = client.checkout_sessions().create(&page, None).await?;
    /// # let paid = fake.pay(session.id.as_str(), TestCard::Visa)?;
    /// # let payment = paid.payment_intent.ok_or("no payment")?;
    /// let dispute = fake.dispute(payment.id(), "fraudulent").ok_or("nothing to dispute")?;
    /// assert!(fake.close_dispute(&dispute, false));
    /// # Ok(()) }
    /// ```
    pub fn dispute(&self, payment_intent: &str, reason: &str) -> Option<String> {
        self.state
            .lock(|state| refunds::dispute(state, payment_intent, reason))
    }

    /// A dispute is decided. Answers whether it was open.
    pub fn close_dispute(&self, dispute: &str, won: bool) -> bool {
        self.state
            .lock(|state| refunds::close_dispute(state, dispute, won))
    }

    /// Adds a price that lines may name; with an interval (`month`) it is a recurring one.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::*;
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// fake.add_price("price_fibre", "Fibre 500", Amount::new(7_995, Currency::CAD), Some("month"));
    /// let page = CreateCheckoutSession::subscription()
    ///     .line_item(LineItem::price("price_fibre"))
    ///     .success_url("https://portail.example.ca/merci");
    /// let session = client.checkout_sessions().create(&page, None).await?;
    /// assert_eq!(session.amount_total, Some(7_995));
    /// # Ok(()) }
    /// ```
    pub fn add_price(&self, id: &str, name: &str, amount: Amount, interval: Option<&str>) {
        self.state.lock(|state| {
            state.put(json!({
                "id": id,
                "object": state::PRICE,
                "nickname": name,
                "unit_amount": amount.minor(),
                "currency": amount.currency().as_str(),
                "recurring": interval.map(|interval| json!({ "interval": interval })),
            }));
        });
    }

    /// An object by its id, whatever its kind.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::*;
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// # let page = CreateCheckoutSession::payment()
    /// #     .line_item(LineItem::new("Facture", Amount::new(11_497, Currency::CAD)))
    /// #     .success_url("https://portail.example.ca/merci");
    /// # let session = client.checkout_sessions().create(&page, None).await?;
    /// # let paid = fake.pay(session.id.as_str(), TestCard::Visa)?;
    /// # let payment = paid.payment_intent.ok_or("no payment")?;
    /// let payment = fake.object(payment.id()).ok_or("no payment")?;
    /// assert_eq!(payment["status"], "succeeded");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn object(&self, id: &str) -> Option<Value> {
        self.state.lock(|state| state.get(id).cloned())
    }

    /// All events, oldest first.
    #[must_use]
    pub fn events(&self) -> Vec<Value> {
        self.objects(state::EVENT)
    }

    /// All customers, oldest first.
    #[must_use]
    pub fn customers(&self) -> Vec<Value> {
        self.objects(state::CUSTOMER)
    }

    /// All payments, oldest first.
    #[must_use]
    pub fn payment_intents(&self) -> Vec<Value> {
        self.objects(state::PAYMENT)
    }

    /// All refunds, oldest first.
    #[must_use]
    pub fn refunds(&self) -> Vec<Value> {
        self.objects(state::REFUND)
    }

    /// All Checkout Sessions, oldest first.
    #[must_use]
    pub fn checkout_sessions(&self) -> Vec<Value> {
        self.objects(state::SESSION)
    }

    fn objects(&self, kind: &str) -> Vec<Value> {
        let mut objects: Vec<Value> = self
            .state
            .lock(|state| state.newest(kind).cloned().collect());
        objects.reverse();
        objects
    }

    /// The last requests, at most 1000, oldest first.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::*;
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// client.customers().create(&CreateCustomer::new().name("Jo"), None).await?;
    /// let request = fake.requests().remove(0);
    /// assert_eq!((request.path.as_str(), request.params.as_str()), ("/v1/customers", "name=Jo"));
    /// assert!(request.idempotency_key.is_some());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.state.lock(|state| state.log.iter().cloned().collect())
    }

    /// The next so many writes fail with 500 once begun; their keys answer so from then on.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::*;
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// fake.fail_writes(1);
    /// let new = CreateCustomer::new();
    /// let failed = client.customers().create(&new, None).await.unwrap_err();
    /// assert_eq!(failed.status(), Some(500));
    /// assert!(client.customers().create(&new, None).await.is_ok());
    /// # Ok(()) }
    /// ```
    pub fn fail_writes(&self, count: u32) {
        self.state.lock(|state| state.failing = count);
    }

    /// From now on an answer takes this long. What it is about has happened before; a second
    /// call with its key is told 409 meanwhile.
    pub fn processing_time(&self, time: Duration) {
        self.state.lock(|state| state.processing = time);
    }

    /// Forgets the answers kept by their keys, as Stripe does after a day.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::*;
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// let (new, key) = (CreateCustomer::new(), IdempotencyKey::new("k")?);
    /// client.customers().create(&new, key.clone()).await?;
    /// client.customers().create(&new, key.clone()).await?;
    /// assert_eq!(fake.customers().len(), 1);
    /// fake.forget_keys();
    /// client.customers().create(&new, key).await?;
    /// assert_eq!(fake.customers().len(), 2);
    /// # Ok(()) }
    /// ```
    pub fn forget_keys(&self) {
        self.state.lock(|state| state.keys.clear());
    }

    /// The switchboard of network faults: statuses, delays, resets, lost answers.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        self.server.faults()
    }

    /// The wiremock server behind, for mocks and expectations of one's own.
    #[must_use]
    pub fn mock_server(&self) -> &MockServer {
        self.server.mock()
    }
}

impl Drop for FakeStripe {
    fn drop(&mut self) {
        self.sender.abort();
    }
}
