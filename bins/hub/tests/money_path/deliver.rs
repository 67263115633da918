//! Stripe's part: each event is sent until it is answered 2xx, several times, in any order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use http::{HeaderName, Method};
use integration_core::{ApiPath, Clock, HttpClient, RetryPolicy};
use stripe_webhooks::testing::{EventBuilder, Payment as Events, SignedEvent};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::books::Payment;
use crate::hub::{Hub, WHSEC};
use crate::random::Random;

/// Deliveries at a time.
const AT_ONCE: usize = 24;

/// Everything that is under way.
pub(crate) struct Deliveries {
    senders: JoinSet<u64>,
    repeated: Arc<AtomicU64>,
}

impl Deliveries {
    /// Begins to deliver, spread over the time in which the hub is killed.
    pub(crate) fn start(paid: &[Payment], hub: &Hub, kills: u64, random: &mut Random) -> Self {
        let mut all: Vec<EventBuilder> = Vec::new();
        for payment in paid {
            for event in events(payment) {
                for _ in 0..random.between(1, 4) {
                    all.push(event.clone());
                }
            }
        }
        random.shuffle(&mut all);
        let repeated = Arc::<AtomicU64>::default();
        let mut senders = JoinSet::new();
        let pause =
            Duration::from_millis(kills * 1_400) / u32::try_from(all.len() / AT_ONCE + 1).unwrap();
        for part in all.chunks(all.len().div_ceil(AT_ONCE)) {
            let (part, address, repeated) = (part.to_vec(), hub.address(), repeated.clone());
            senders.spawn(async move {
                let mut sent = 0;
                for event in part {
                    deliver(&event, address.clone(), &repeated).await;
                    sent += 1;
                    tokio::time::sleep(pause).await;
                }
                sent
            });
        }
        Self { senders, repeated }
    }

    /// Waits until each was answered 2xx: how many, and how often it had to be tried again.
    pub(crate) async fn answered(self) -> (u64, u64) {
        let sent = self.senders.join_all().await;
        (sent.iter().sum(), self.repeated.load(Ordering::Relaxed))
    }
}

/// Delivers one event.
pub(crate) async fn once(event: &EventBuilder, hub: &Hub) {
    deliver(event, hub.address(), &AtomicU64::new(0)).await;
}

/// What Stripe says of one payment.
pub(crate) fn events(payment: &Payment) -> [EventBuilder; 2] {
    Events::new(&payment.intent)
        .amount(payment.cents)
        .currency("cad")
        .customer("cus_1")
        .created(seconds())
        .client_reference_id(&payment.invoice)
        .metadata("invoice", &payment.invoice)
        .metadata("customer", &payment.customer)
        .events()
}

fn seconds() -> i64 {
    let since = Clock::system().now().duration_since(SystemTime::UNIX_EPOCH);
    i64::try_from(since.unwrap().as_secs()).unwrap()
}

/// Until 2xx. Each attempt is signed anew, as Stripe does.
async fn deliver(event: &EventBuilder, address: watch::Receiver<SocketAddr>, repeated: &AtomicU64) {
    loop {
        let at = *address.borrow();
        let client = HttpClient::builder(format!("http://{at}"))
            .retry(RetryPolicy::none())
            .timeout(Duration::from_secs(10))
            .build()
            .unwrap();
        let SignedEvent { body, header, .. } = event.sign(WHSEC, seconds());
        let answer = client
            .request(Method::POST, ApiPath::new("webhook/stripe"))
            .header(HeaderName::from_static("stripe-signature"), &header)
            .body(body)
            .send()
            .await;
        match answer {
            Ok(answer) if answer.status().is_success() => return,
            Ok(answer) => assert!(answer.status().is_server_error(), "{}", answer.status()),
            // Killed before, during or after.
            Err(_) => {}
        }
        repeated.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
