//! What the tests share.

use std::time::Duration;

use stripe_lite::testing::{FakeStripe, FakeStripeBuilder};
use stripe_lite::{
    Amount, CheckoutSession, Client, CreateCheckoutSession, CreateCustomer, Currency, Customer,
    LineItem, RetryPolicy,
};

/// A fake and a client of it.
pub(crate) async fn fake() -> (FakeStripe, Client) {
    fake_with(FakeStripe::builder()).await
}

pub(crate) async fn fake_with(builder: FakeStripeBuilder) -> (FakeStripe, Client) {
    let fake = builder.start().await.unwrap();
    let client = client(&fake);
    (fake, client)
}

/// A client that waits little between its attempts.
pub(crate) fn client(fake: &FakeStripe) -> Client {
    Client::builder(fake.secret_key())
        .url(fake.url())
        .retry(RetryPolicy::default().base(Duration::from_millis(1)))
        .build()
        .unwrap()
}

pub(crate) fn cad(minor: i64) -> Amount {
    Amount::new(minor, Currency::CAD)
}

/// The page for an invoice.
pub(crate) fn invoice_page(minor: i64) -> CreateCheckoutSession {
    CreateCheckoutSession::payment()
        .line_item(LineItem::new("Facture — Août", cad(minor)))
        .client_reference_id("SINV-0042")
        .metadata_everywhere("invoice", "SINV-0042")
        .success_url("https://portail.example.ca/#/merci?s={CHECKOUT_SESSION_ID}")
        .cancel_url("https://portail.example.ca/#/factures")
}

pub(crate) async fn session(client: &Client, minor: i64) -> CheckoutSession {
    let sessions = client.checkout_sessions();
    sessions.create(&invoice_page(minor), None).await.unwrap()
}

pub(crate) async fn customer(client: &Client) -> Customer {
    let marie = CreateCustomer::new()
        .name("Marie Tremblay")
        .email("marie@example.ca");
    client.customers().create(&marie, None).await.unwrap()
}

/// Kinds of all events, oldest first.
pub(crate) fn kinds(fake: &FakeStripe) -> Vec<String> {
    let events = fake.events();
    let kinds = events.iter().map(|event| event["type"].as_str().unwrap());
    kinds.map(str::to_owned).collect()
}
