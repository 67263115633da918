//! From an invoice to its payment: the page is made, the customer pays, the webhooks come, a part
//! goes back.
//!
//! ```sh
//! cargo run --example pay_invoice
//! ```
#![allow(clippy::print_stdout, reason = "an example talks to a terminal")]

use stripe_lite::testing::{FakeStripe, TestCard};
use stripe_lite::{
    Amount, Client, CreateCheckoutSession, CreateRefund, Currency, Error, IdempotencyKey, LineItem,
    ListEvents,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let stripe = FakeStripe::start().await?;
    let client = Client::builder(stripe.secret_key())
        .url(stripe.url())
        .build()?;

    let page = CreateCheckoutSession::payment()
        .line_item(LineItem::new(
            "Facture SINV-0042",
            Amount::from_decimal("114.97", Currency::CAD)?,
        ))
        .client_reference_id("SINV-0042")
        .metadata_everywhere("invoice", "SINV-0042")
        .locale("fr-CA")
        .success_url("https://portail.example.ca/#/merci?s={CHECKOUT_SESSION_ID}");
    let key = IdempotencyKey::new("checkout-SINV-0042")?;
    let session = client.checkout_sessions().create(&page, key).await?;
    println!("page    {}", session.url.as_deref().unwrap_or("-"));

    // Here the customer opens the page.
    let paid = stripe.pay(session.id.as_str(), TestCard::Visa)?;
    let payment = paid.payment_intent.ok_or("no payment")?.id().to_owned();
    println!("paid    {payment}");

    let refund = CreateRefund::payment_intent(&payment).amount(500);
    let key = IdempotencyKey::new("refund-SINV-0042-1")?;
    let refund = client.refunds().create(&refund, key).await?;
    println!("refund  {} of {}", refund.id, refund.amount);

    let too_much = CreateRefund::payment_intent(&payment).amount(99_999);
    match client.refunds().create(&too_much, None).await {
        Err(Error::Api(refused)) => println!("refused {refused}"),
        other => return Err(format!("expected a refusal, not {other:?}").into()),
    }

    let events = client.events().list(&ListEvents::new().limit(100))?;
    for event in events.page().await?.items.iter().rev() {
        println!("event   {}", event.kind);
    }
    Ok(())
}
