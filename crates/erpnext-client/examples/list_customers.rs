//! Lists the customers of a site: `list_customers [URL KEY SECRET]`; without arguments, of a fake.
#![allow(clippy::print_stdout, reason = "an example")]

use std::pin::pin;

use erpnext_client::doctypes::Customer;
use erpnext_client::testing::FakeSite;
use erpnext_client::{Client, Credentials, Filter, Order};
use futures_util::TryStreamExt as _;
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (fake, client);
    if let [url, key, secret] = arguments.as_slice() {
        client = Client::new(url, Credentials::token(key, secret.as_str()))?;
    } else {
        fake = FakeSite::start().await?;
        for name in ["Épicerie Chez Léo", "Garage Tremblay", "Zoé Gagnon"] {
            fake.insert("Customer", json!({"customer_name": name}));
        }
        client = Client::new(fake.url(), fake.credentials())?;
    }
    let customers = client
        .docs::<Customer>()
        .list()
        .filter(Filter::eq("disabled", false))
        .order_by("customer_name", Order::Asc);
    let mut stream = pin!(customers.clone().stream());
    while let Some(customer) = stream.try_next().await? {
        println!("{}\t{}", customer.name, customer.customer_name);
    }
    println!("{} customers", customers.count().await?);
    Ok(())
}
