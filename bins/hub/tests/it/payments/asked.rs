//! What an event does not say, Stripe is asked.

use serde_json::json;
use stripe_lite::testing::{FakeStripe, TestCard};
use stripe_lite::{
    Amount, Client, CreateCheckoutSession, CreateCustomer, CreateRefund, Currency, LineItem,
};
use stripe_webhooks::testing::SignedEvent;

use super::room::{Room, WHSEC, cents, site};

/// A room with a Stripe that sends nothing by itself.
async fn room() -> (Room, FakeStripe, Client) {
    let stripe = FakeStripe::start().await.unwrap();
    let client = Client::builder(stripe.secret_key())
        .url(stripe.url())
        .build()
        .unwrap();
    let (url, key) = (stripe.url(), stripe.secret_key());
    let settings = [
        ("STRIPE_API_URL", url.as_str()),
        ("STRIPE_SECRET_KEY", key.as_str()),
    ];
    let site = site(erpnext_client::Dialect::V16, true).await;
    (Room::of(site, &settings).await, stripe, client)
}

/// The newest event of a type, as it would be sent.
async fn deliver(room: &Room, stripe: &FakeStripe, kind: &str) {
    let events = stripe.events();
    let event = events.iter().rev().find(|event| event["type"] == kind);
    let body = event.unwrap_or_else(|| panic!("no {kind}")).to_string();
    let answer = room
        .send(SignedEvent::new(body, [WHSEC], 1_795_359_600))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

/// A page on which an invoice is paid; the payment itself names nothing.
async fn paid(stripe: &FakeStripe, client: &Client, invoice: &str, minor: i64) -> String {
    let page = CreateCheckoutSession::payment()
        .line_item(LineItem::new("Facture", Amount::new(minor, Currency::CAD)))
        .client_reference_id(invoice)
        .success_url("https://portail.example.ca/merci");
    let page = client
        .checkout_sessions()
        .create(&page, None)
        .await
        .unwrap();
    let page = stripe.pay(page.id.as_str(), TestCard::Visa).unwrap();
    page.payment_intent.unwrap().id().to_owned()
}

#[tokio::test]
async fn a_payment_that_names_nothing_is_found_by_the_page_it_was_made_on() {
    let (room, stripe, client) = room().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 8_000);
    let intent = paid(&stripe, &client, &invoice, 8_000).await;
    deliver(&room, &stripe, "payment_intent.succeeded").await;
    room.settled().await;
    assert_eq!(room.entry()["reference_no"], json!(intent));
    assert_eq!(room.due(&invoice), 0);
    deliver(&room, &stripe, "checkout.session.completed").await;
    room.settled().await;
    assert_eq!(room.entries().len(), 1);
}

#[tokio::test]
async fn a_payment_without_a_page_is_the_customers_whose_card_it_was() {
    let (room, stripe, client) = room().await;
    let zoe = room.customer("Zoé Gagnon");
    let payer = client
        .customers()
        .create(&CreateCustomer::new(), None)
        .await
        .unwrap();
    room.fake.touch(
        "Customer",
        &zoe,
        json!({"custom_stripe_customer": payer.id.as_str()}),
    );
    let card = stripe.save_card(payer.id.as_str(), TestCard::Visa).unwrap();
    let amount = Amount::new(5_000, Currency::CAD);
    let charge = stripe_lite::CreatePaymentIntent::off_session(amount, payer.id.as_str(), card);
    client
        .payment_intents()
        .create(&charge, None)
        .await
        .unwrap();
    deliver(&room, &stripe, "payment_intent.succeeded").await;
    assert_eq!(room.settled().await.dead, 0);
    assert_eq!(room.entry()["party"], json!(zoe));
    assert_eq!(cents(&room.entry()["unallocated_amount"]), 5_000);
}

#[tokio::test]
async fn refunds_are_booked_from_the_charge_and_not_once_they_have_failed() {
    let (room, stripe, client) = room().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 8_000);
    let intent = paid(&stripe, &client, &invoice, 8_000).await;
    deliver(&room, &stripe, "checkout.session.completed").await;
    room.settled().await;
    let of = |minor| CreateRefund::payment_intent(&intent).amount(minor);
    client.refunds().create(&of(1_000), None).await.unwrap();
    let second = client.refunds().create(&of(500), None).await.unwrap();
    // The event of the charge names no refund: all are asked for.
    deliver(&room, &stripe, "charge.refunded").await;
    assert_eq!(room.settled().await.dead, 0, "{:?}", room.dead().await);
    let returned = |room: &Room| {
        let mut entries = room.entries();
        entries.retain(|entry| entry["payment_type"] == "Pay" && entry["docstatus"] == 1);
        entries
            .iter()
            .map(|entry| cents(&entry["paid_amount"]))
            .sum::<i64>()
    };
    assert_eq!(returned(&room), 1_500);
    assert!(stripe.fail_refund(second.id.as_str(), "expired_or_canceled_card"));
    deliver(&room, &stripe, "refund.failed").await;
    room.settled().await;
    assert_eq!(returned(&room), 1_000);

    // One whose failure comes first is not booked by what was sent before.
    let third = client.refunds().create(&of(700), None).await.unwrap();
    assert!(stripe.fail_refund(third.id.as_str(), "lost_or_stolen_card"));
    deliver(&room, &stripe, "refund.failed").await;
    room.settled().await;
    deliver(&room, &stripe, "refund.created").await;
    room.settled().await;
    assert_eq!(returned(&room), 1_000);
}

#[tokio::test]
async fn a_stripe_that_fails_is_asked_again() {
    let (room, stripe, client) = room().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 8_000);
    paid(&stripe, &client, &invoice, 8_000).await;
    let down =
        integration_core::testing::Fault::Status(http::StatusCode::BAD_GATEWAY, String::new());
    stripe
        .faults()
        .add(integration_core::testing::FaultRule::new(down).times(4));
    deliver(&room, &stripe, "payment_intent.succeeded").await;
    assert_eq!(room.settled().await.dead, 0);
    assert_eq!(room.due(&invoice), 0);
}

#[tokio::test]
async fn a_key_that_is_not_valid_for_a_while_sends_no_money_elsewhere() {
    let (room, stripe, client) = room().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 8_000);
    paid(&stripe, &client, &invoice, 8_000).await;
    let refused = integration_core::testing::Fault::Status(
        http::StatusCode::UNAUTHORIZED,
        json!({"error": {"type": "invalid_request_error"}}).to_string(),
    );
    stripe
        .faults()
        .add(integration_core::testing::FaultRule::new(refused).times(2));
    deliver(&room, &stripe, "payment_intent.succeeded").await;
    assert_eq!(room.settled().await.dead, 0, "{:?}", room.dead().await);
    assert_eq!(room.due(&invoice), 0);
    assert!(room.issues().is_empty());
}
