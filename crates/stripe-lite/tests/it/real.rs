//! The same calls against Stripe's own test mode, where `STRIPE_TEST_KEY` holds a key of it.
#![allow(
    clippy::disallowed_methods,
    reason = "the key of a test account is in the environment"
)]

use futures_util::TryStreamExt as _;
use stripe_lite::{
    Advice, Client, CreateCheckoutSession, CreateCustomer, CreatePaymentIntent, CreateRefund,
    Currency, IdempotencyKey, ListCheckoutSessions, ListEvents, PaymentIntentStatus,
    UpdateCustomer,
};

use crate::support::{cad, client, invoice_page};

/// What both must answer alike.
async fn tour(stripe: &Client) {
    assert!(!stripe.balance().await.unwrap().livemode);
    let key = IdempotencyKey::random();
    let new = CreateCustomer::new()
        .name("Marie Tremblay")
        .metadata("weird key", "é & =");
    let customers = stripe.customers();
    let marie = customers.create(&new, key.clone()).await.unwrap();
    assert_eq!(
        customers.create(&new, key.clone()).await.unwrap().id,
        marie.id
    );
    let other = customers
        .create(&new.clone().name("Jean"), key)
        .await
        .unwrap_err();
    assert!(other.is_idempotency_conflict());

    let card = stripe
        .payment_methods()
        .attach("pm_card_visa", &marie.id)
        .await
        .unwrap();
    let prefer = UpdateCustomer::new().default_payment_method(&card.id);
    let marie = customers.update(&marie.id, &prefer).await.unwrap();
    assert_eq!(marie.default_payment_method(), Some(card.id.as_str()));

    let payments = stripe.payment_intents();
    let charge = CreatePaymentIntent::off_session(cad(4_999), &marie.id, &card.id)
        .metadata("invoice", "SINV-0042");
    let paid = payments.create(&charge, None).await.unwrap();
    assert_eq!(paid.status, Some(PaymentIntentStatus::Succeeded));
    let paid = payments
        .retrieve_expanded(&paid.id, &["latest_charge"])
        .await
        .unwrap();
    assert_eq!(
        paid.latest_charge
            .as_ref()
            .unwrap()
            .object()
            .unwrap()
            .refundable(),
        4_999
    );

    let fails = stripe
        .payment_methods()
        .attach("pm_card_chargeCustomerFail", &marie.id)
        .await
        .unwrap();
    let charge = CreatePaymentIntent::off_session(cad(4_999), &marie.id, &fails.id);
    let refused = payments.create(&charge, None).await.unwrap_err();
    let error = refused.card().unwrap();
    assert_eq!(error.code(), Some("card_declined"));
    assert_ne!(error.advice(), Advice::Never);
    assert!(error.payment_intent().is_some());

    let part = CreateRefund::payment_intent(&paid.id).amount(500);
    assert_eq!(
        stripe.refunds().create(&part, None).await.unwrap().amount,
        500
    );
    let too_much = CreateRefund::payment_intent(&paid.id).amount(99_999);
    assert_eq!(
        stripe
            .refunds()
            .create(&too_much, None)
            .await
            .unwrap_err()
            .status(),
        Some(400)
    );

    let sessions = stripe.checkout_sessions();
    let page = invoice_page(11_497).customer(&marie.id);
    let made = sessions.create(&page, None).await.unwrap();
    assert!(made.url.is_some() && !made.is_paid());
    let list = sessions
        .list(&ListCheckoutSessions::new().customer(&marie.id))
        .unwrap();
    let listed: Vec<_> = list.stream().try_collect().await.unwrap();
    assert_eq!(listed.len(), 1);
    sessions.expire(&made.id).await.unwrap();
    let setup = CreateCheckoutSession::setup(Currency::CAD)
        .customer(&marie.id)
        .success_url("https://portail.example.ca/");
    assert!(
        sessions
            .create(&setup, None)
            .await
            .unwrap()
            .setup_intent
            .is_some()
    );

    let unknown = customers.retrieve("cus_nobody").await.unwrap_err();
    assert!(unknown.is_not_found() && unknown.code() == Some("resource_missing"));
    let kinds = ListEvents::new().kind("payment_intent.succeeded").limit(1);
    assert!(
        !stripe
            .events()
            .list(&kinds)
            .unwrap()
            .page()
            .await
            .unwrap()
            .items
            .is_empty()
    );
}

#[tokio::test]
async fn the_fake_answers_the_tour() {
    let fake = stripe_lite::testing::FakeStripe::start().await.unwrap();
    tour(&client(&fake)).await;
}

#[tokio::test]
async fn stripe_answers_the_tour() {
    let Ok(key) = std::env::var("STRIPE_TEST_KEY") else {
        println!("skipped: STRIPE_TEST_KEY is not set");
        return;
    };
    assert!(key.contains("_test_"), "only a key of the test mode");
    tour(&Client::new(key).unwrap()).await;
}
