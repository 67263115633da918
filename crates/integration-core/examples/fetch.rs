//! Fetches one page from a remote that fails twice, and tells how it went.
//!
//! Run with `cargo run -p integration-core --all-features --example fetch`.

use http::{Method, StatusCode};
use integration_core::testing::{FakeServer, Fault, FaultRule};
use integration_core::{ApiPath, HttpClient};

#[tokio::main(flavor = "current_thread")]
#[allow(clippy::print_stdout, reason = "an example talks to its reader")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let remote = FakeServer::start(|_: &wiremock::Request| {
        wiremock::ResponseTemplate::new(200).set_body_json(["Sainte-Clotilde", "Hemmingford"])
    })
    .await?;
    let busy = Fault::Status(StatusCode::SERVICE_UNAVAILABLE, "busy".to_owned());
    remote.faults().add(FaultRule::new(busy).times(1));
    remote.faults().add(FaultRule::new(Fault::Reset).times(1));

    let client = HttpClient::builder(remote.url()).build()?;
    let answer = client
        .request(Method::GET, ApiPath::new("places"))
        .send()
        .await?;
    let places: Vec<String> = answer.json()?;
    println!(
        "{} places after {} attempts",
        places.len(),
        answer.attempts()
    );
    Ok(())
}
