//! The Stripe of the sandbox: the crate's fake, which tells the hub what happens.

use std::net::SocketAddr;

use anyhow::Context as _;
use erpnext_client::{Changes, Client as Erp, DocName};
use stripe_lite::testing::{FakeStripe, TestCard};
use stripe_lite::{Client, CreateCustomer};

/// The key of the account.
pub const KEY: &str = "sk_test_sandbox";
/// What events are signed with.
pub const WEBHOOK_SECRET: &str = "whsec_sandbox_5a6d0b0c5a6d0b0c5a6d0b0c";

/// Starts the fake.
///
/// # Errors
///
/// No port is free.
pub async fn start(seed: u64) -> anyhow::Result<FakeStripe> {
    FakeStripe::builder()
        .secret_key(KEY)
        .seed(seed)
        .start()
        .await
        .context("the fake Stripe cannot be started")
}

/// Where the hub at this address takes events.
#[must_use]
pub fn webhook(hub: SocketAddr) -> String {
    format!("http://{hub}/webhook/stripe")
}

/// A client that comes as the hub does.
///
/// # Errors
///
/// The address is none.
pub fn client(url: &str) -> anyhow::Result<Client> {
    Ok(Client::builder(KEY).url(url).build()?)
}

/// Gives a customer of ERPNext a saved card.
///
/// # Errors
///
/// One of both sites does not answer.
pub async fn save_card(stripe: &FakeStripe, erp: &Erp, customer: &DocName) -> anyhow::Result<()> {
    let made = CreateCustomer::new()
        .name(customer.as_str())
        .metadata("customer", customer.as_str());
    let client = client(&stripe.url())?;
    let made = client.customers().create(&made, None).await?;
    stripe
        .save_card(made.id.as_str(), TestCard::Visa)
        .context("the card cannot be saved")?;
    let known = Changes::new().set("custom_stripe_customer", made.id.as_str());
    erp.documents("Customer").patch(customer, &known).await?;
    Ok(())
}
