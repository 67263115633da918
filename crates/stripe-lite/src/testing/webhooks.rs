//! The webhooks of the fake, as a test steers them.

use std::time::Duration;

use super::{Delivery, DeliveryRecord, FakeStripe, WebhookEndpoint, state};

/// Webhooks.
#[allow(
    clippy::must_use_candidate,
    reason = "acts, whose answers a test may leave aside"
)]
impl FakeStripe {
    /// From now on sends webhooks to this address too, signed with this secret.
    pub fn webhook(&self, url: impl Into<String>, secret: impl Into<String>) {
        self.endpoint(WebhookEndpoint::new(url, secret));
    }

    /// From now on sends webhooks to an endpoint, instead of the one of the same address where
    /// there is one.
    pub fn endpoint(&self, endpoint: WebhookEndpoint) {
        self.state.lock(|state| {
            state
                .outbox
                .endpoints
                .retain(|known| known.url != endpoint.url);
            state.outbox.endpoints.push(endpoint);
        });
    }

    /// From now on sends webhooks this way.
    pub fn delivery(&self, delivery: Delivery) {
        self.state.lock(|state| {
            state.outbox.delivery = delivery;
            state.outbox.bell.notify_one();
        });
    }

    /// Holds webhooks back, until [`resume`](Self::resume).
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::*;
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// fake.webhook("http://127.0.0.1:9/", "whsec_test");
    /// fake.pause();
    /// client.customers().create(&CreateCustomer::new(), None).await?;
    /// assert_eq!(fake.pending_deliveries(), 1);
    /// assert!(fake.deliveries()[0].statuses.is_empty());
    /// fake.resume();
    /// # Ok(()) }
    /// ```
    pub fn pause(&self) {
        self.state.lock(|state| state.outbox.paused = true);
    }

    /// Sends the webhooks that were held back.
    pub fn resume(&self) {
        self.state.lock(|state| {
            state.outbox.paused = false;
            state.outbox.bell.notify_one();
        });
    }

    /// Sends an event once more, as its button in Stripe's dashboard does. Answers whether there
    /// is such an event.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::*;
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// client.customers().create(&CreateCustomer::new(), None).await?;
    /// let event = fake.events()[0]["id"].as_str().unwrap_or_default().to_owned();
    /// // An endpoint that was not there before gets it now.
    /// fake.webhook("http://127.0.0.1:9/", "whsec_test");
    /// assert!(fake.resend(&event));
    /// assert_eq!(fake.deliveries().len(), 1);
    /// # Ok(()) }
    /// ```
    pub fn resend(&self, event: &str) -> bool {
        self.state.lock(|state| {
            let event = state.find(state::EVENT, event, None).cloned();
            if let Ok(event) = &event {
                state.outbox.resend(event);
            }
            event.is_ok()
        })
    }

    /// Every delivery, oldest first, with the statuses of its attempts.
    #[must_use]
    pub fn deliveries(&self) -> Vec<DeliveryRecord> {
        self.state.lock(|state| state.outbox.records())
    }

    /// How many deliveries wait or are on their way.
    #[must_use]
    pub fn pending_deliveries(&self) -> usize {
        self.state.lock(|state| state.outbox.pending())
    }

    /// Waits until every delivery was taken or given up. Answers whether that came to pass in
    /// time.
    ///
    /// # Cancel safety
    /// Deliveries go on when this wait is dropped.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use stripe_lite::testing::*;
    /// # use stripe_lite::*;
    /// # let fake = FakeStripe::start().await?;
    /// # let client = Client::builder(fake.secret_key()).url(fake.url()).build()?;
    /// use std::time::Duration;
    ///
    /// fake.webhook("http://127.0.0.1:9/", "whsec_test");
    /// fake.delivery(Delivery::default().attempts(1));
    /// client.customers().create(&CreateCustomer::new(), None).await?;
    /// assert!(fake.delivered(Duration::from_secs(10)).await);
    /// assert_eq!(fake.deliveries()[0].state, DeliveryState::GaveUp);
    /// # Ok(()) }
    /// ```
    pub async fn delivered(&self, within: Duration) -> bool {
        let all = async {
            loop {
                let ended = self.settled.notified();
                tokio::pin!(ended);
                // Listens before it looks, so that no end is missed.
                ended.as_mut().enable();
                if self.pending_deliveries() == 0 {
                    return;
                }
                ended.await;
            }
        };
        tokio::time::timeout(within, all).await.is_ok()
    }
}
