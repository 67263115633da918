//! Webhooks out: signed, repeated, shuffled, tried again.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use integration_core::testing::FakeServer;
use stripe_lite::testing::{Delivery, DeliveryState, FakeStripe, TestCard, WebhookEndpoint};
use webhook_signatures::{Tolerance, stripe};
use wiremock::ResponseTemplate;

use crate::support::{client, fake_with, session};

const LONG: Duration = Duration::from_secs(20);

/// What an endpoint received: body, signature.
type Received = Arc<Mutex<Vec<(Vec<u8>, String)>>>;

/// An endpoint that answers as told.
async fn endpoint(status: impl Fn(usize) -> u16 + Send + Sync + 'static) -> (FakeServer, Received) {
    let received = Received::default();
    let log = received.clone();
    let server = FakeServer::start(move |request: &wiremock::Request| {
        let signature = request.headers["stripe-signature"].to_str().unwrap();
        let mut log = log.lock().unwrap();
        log.push((request.body.clone(), signature.to_owned()));
        ResponseTemplate::new(status(log.len()))
    })
    .await
    .unwrap();
    (server, received)
}

fn fast() -> Delivery {
    Delivery::default().back_off(Duration::from_millis(1), Duration::from_millis(5))
}

fn ids(received: &Received) -> Vec<String> {
    let received = received.lock().unwrap();
    let ids = received.iter().map(|(body, _)| {
        let event: serde_json::Value = serde_json::from_slice(body).unwrap();
        event["id"].as_str().unwrap().to_owned()
    });
    ids.collect()
}

#[tokio::test]
async fn every_event_arrives_signed_with_every_secret() {
    let (server, received) = endpoint(|_| 200).await;
    let to =
        WebhookEndpoint::new(format!("{}/hook", server.url()), "whsec_new").secret("whsec_old");
    let (fake, client) = fake_with(
        FakeStripe::builder()
            .endpoint(to)
            .delivery(fast().at_once(1)),
    )
    .await;
    let made = session(&client, 11_497).await;
    fake.pay(made.id.as_str(), TestCard::Visa).unwrap();
    assert!(fake.delivered(LONG).await);

    let events: Vec<_> = fake
        .events()
        .iter()
        .map(|e| e["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids(&received), events, "in order, each once");
    for secret in ["whsec_new", "whsec_old"] {
        let verifier = stripe::Verifier::new([secret])
            .unwrap()
            .with_tolerance(Tolerance::OFF);
        for (body, signature) in received.lock().unwrap().iter() {
            assert!(verifier.verify(body, signature.as_str(), 0).is_ok());
        }
    }
}

#[tokio::test]
async fn a_failed_delivery_is_tried_again_until_taken() {
    let (server, received) = endpoint(|count| if count < 4 { 503 } else { 204 }).await;
    let (fake, client) = fake_with(
        FakeStripe::builder()
            .webhook(server.url(), "whsec_1")
            .delivery(fast()),
    )
    .await;
    client
        .customers()
        .create(&stripe_lite::CreateCustomer::new(), None)
        .await
        .unwrap();
    assert!(fake.delivered(LONG).await);
    let deliveries = fake.deliveries();
    assert_eq!(deliveries.len(), 1);
    assert_eq!(deliveries[0].kind, "customer.created");
    assert_eq!(
        deliveries[0].statuses,
        [Some(503), Some(503), Some(503), Some(204)]
    );
    assert_eq!(deliveries[0].state, DeliveryState::Delivered);
    assert_eq!(ids(&received).len(), 4);
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_tries_are_counted() {
    let (server, _) = endpoint(|_| 302).await;
    let (fake, client) = fake_with(
        FakeStripe::builder()
            .webhook(server.url(), "whsec_1")
            .delivery(fast().attempts(3)),
    )
    .await;
    client
        .customers()
        .create(&stripe_lite::CreateCustomer::new(), None)
        .await
        .unwrap();
    assert!(fake.delivered(LONG).await);
    let delivery = fake.deliveries().remove(0);
    assert_eq!(delivery.statuses, [Some(302); 3]);
    assert_eq!(delivery.state, DeliveryState::GaveUp);
    // An endpoint that has not taken it can ask for it.
    let missed = stripe_lite::ListEvents::new().undelivered();
    let missed = client.events().list(&missed).unwrap().page().await.unwrap();
    assert_eq!(missed.items[0].id, *delivery.event_id);
}

#[tokio::test]
async fn duplicates_and_order_repeat_themselves_by_seed() {
    let run = async |seed: u64| {
        let (server, received) = endpoint(|_| 200).await;
        let rough = fast().duplicates(1..=4).shuffle(true).at_once(1);
        let fake = FakeStripe::builder()
            .webhook(server.url(), "whsec_1")
            .delivery(rough)
            .seed(seed)
            .start()
            .await
            .unwrap();
        fake.pause();
        let client = client(&fake);
        for _ in 0..5 {
            let made = session(&client, 1_000).await;
            fake.pay(made.id.as_str(), TestCard::Visa).unwrap();
        }
        assert!(ids(&received).is_empty(), "held back");
        fake.resume();
        assert!(fake.delivered(LONG).await);
        (ids(&received), fake.events())
    };
    let (one, events) = run(7).await;
    let in_order: Vec<_> = events
        .iter()
        .map(|e| e["id"].as_str().unwrap().to_owned())
        .collect();
    assert!(one.len() > in_order.len(), "some came twice");
    let mut first_seen = Vec::new();
    for id in &one {
        if !first_seen.contains(id) {
            first_seen.push(id.clone());
        }
    }
    assert_ne!(first_seen, in_order, "shuffled");
    let mut sorted = first_seen.clone();
    sorted.sort();
    let mut expected = in_order.clone();
    expected.sort();
    assert_eq!(sorted, expected, "none lost");
    let (again, _) = run(7).await;
    assert_eq!(one, again);
    let (other, _) = run(8).await;
    assert_ne!(one, other);
}

#[tokio::test]
async fn an_endpoint_gets_what_it_asked_for_and_again_on_demand() {
    let (server, received) = endpoint(|_| 200).await;
    let to = WebhookEndpoint::new(server.url(), "whsec_1").kinds(["charge.*"]);
    let (fake, client) = fake_with(FakeStripe::builder().delivery(fast())).await;
    fake.endpoint(to);
    let made = session(&client, 1_000).await;
    fake.pay(made.id.as_str(), TestCard::Visa).unwrap();
    assert!(fake.delivered(LONG).await);
    let first = ids(&received);
    assert_eq!(first.len(), 1);
    assert!(fake.resend(&first[0]));
    assert!(!fake.resend("evt_nothing"));
    assert!(fake.delivered(LONG).await);
    assert_eq!(ids(&received), [first[0].clone(), first[0].clone()]);
}

#[tokio::test]
async fn nobody_there_is_no_answer() {
    let (fake, client) = fake_with(
        FakeStripe::builder()
            .webhook("http://127.0.0.1:9/", "whsec_1")
            .delivery(fast().attempts(2)),
    )
    .await;
    client
        .customers()
        .create(&stripe_lite::CreateCustomer::new(), None)
        .await
        .unwrap();
    assert!(fake.delivered(LONG).await);
    assert_eq!(fake.deliveries()[0].statuses, [None, None]);
}
