//! Lists the devices of a server as they are read: `cargo run --example list_devices [URL]`.
//!
//! Without a URL it starts a fake with a few devices.

use futures_util::TryStreamExt as _;
use genieacs_nbi::testing::FakeNbi;
use genieacs_nbi::{Client, Credentials, Projection};

#[tokio::main(flavor = "current_thread")]
#[allow(clippy::print_stdout, reason = "an example")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fake = FakeNbi::start().await?;
    fake.seed_many((1..=5).map(|n| {
        serde_json::json!({
            "_deviceId": {"_Manufacturer": "Acme", "_OUI": "A0B1C2", "_ProductClass": "ONT 5", "_SerialNumber": format!("ACME{n:04}")},
            "_tags": ["fibre"],
        })
    }));
    let url = std::env::args().nth(1).unwrap_or_else(|| fake.url());

    let client = Client::new(url, Credentials::None)?;
    let list = client.devices().list().projection(Projection::identity());
    println!("{} devices", list.clone().count().await?);
    let mut devices = list.stream();
    while let Some(device) = devices.try_next().await? {
        let informed = device.last_inform().map(|at| at.to_string());
        println!(
            "{:<32} {:<12} {}",
            device.id().map(String::from).unwrap_or_default(),
            device.manufacturer().unwrap_or("?"),
            informed.as_deref().unwrap_or("never"),
        );
    }
    Ok(())
}
