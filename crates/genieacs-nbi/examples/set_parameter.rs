//! Writes a parameter and reads it back: `cargo run --example set_parameter [URL ID NAME VALUE]`.
//!
//! Without arguments it renames the network of a fake CPE.

use genieacs_nbi::testing::FakeNbi;
use genieacs_nbi::{Client, Credentials, DeviceId, SetOutcome};

#[tokio::main(flavor = "current_thread")]
#[allow(clippy::print_stdout, reason = "an example")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fake = FakeNbi::start().await?;
    fake.seed(serde_json::json!({
        "_id": "A0B1C2-ACME0001",
        "Device": {"WiFi": {"SSID": {"1": {"SSID": {"_object": false, "_writable": true, "_value": "Maison", "_type": "xsd:string"}}}}},
    }));
    let given: Vec<String> = std::env::args().skip(1).collect();
    let (url, id, name, value) = match given.as_slice() {
        [url, id, name, value] => (url.clone(), id.clone(), name.clone(), value.clone()),
        _ => (
            fake.url(),
            "A0B1C2-ACME0001".to_owned(),
            "Device.WiFi.SSID.1.SSID".to_owned(),
            "Chez nous".to_owned(),
        ),
    };

    let client = Client::new(url, Credentials::None)?;
    let id = DeviceId::new(id)?;
    match client.tasks().set_and_verify(&id, [(name, value)]).await? {
        SetOutcome::Verified => println!("written and read back"),
        SetOutcome::Mismatch { parameters } => {
            for parameter in parameters {
                println!("{} is {:?}", parameter.name, parameter.found);
            }
        }
        SetOutcome::NotWritten(outcome) => println!("not written: {outcome:#?}"),
        other => println!("not proven: {other:#?}"),
    }
    Ok(())
}
