//! The server a test talks to.

use std::sync::atomic::{AtomicU32, Ordering};

use genieacs_nbi::testing::FakeNbi;
use genieacs_nbi::{Client, Credentials, DeviceId};
use serde_json::{Value, json};

/// A fake, and a client of it.
pub(crate) async fn fake() -> (FakeNbi, Client) {
    let fake = FakeNbi::start().await.unwrap();
    let client = Client::builder(fake.url())
        .poll_interval(std::time::Duration::from_millis(10))
        .build()
        .unwrap();
    (fake, client)
}

/// The real server where one is named, else a fake: for tests that need no power over it.
pub(crate) async fn any() -> (Option<FakeNbi>, Client) {
    #[allow(clippy::disallowed_methods, reason = "the tests' one setting")]
    let url = std::env::var("GENIEACS_NBI_TEST_URL").ok();
    match url {
        Some(url) => (None, Client::new(url, Credentials::None).unwrap()),
        None => {
            let (fake, client) = fake().await;
            (Some(fake), client)
        }
    }
}

/// A name no other test uses.
pub(crate) fn unique(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{prefix}-{}-{n}", std::process::id())
}

pub(crate) fn id(text: &str) -> DeviceId {
    DeviceId::new(text).unwrap()
}

/// A small TR-181 device.
pub(crate) fn device(id: &str, serial: &str) -> Value {
    json!({
        "_id": id,
        "_deviceId": {"_Manufacturer": "Acme", "_OUI": "A0B1C2", "_ProductClass": "Device2", "_SerialNumber": serial},
        "_lastInform": "2026-11-22T15:00:00.000Z",
        "_registered": "2026-11-01T12:00:00.000Z",
        "_tags": ["fibre"],
        "Device": {
            "_object": true,
            "DeviceInfo": {
                "_object": true, "_writable": false, "_timestamp": "2026-11-22T15:00:00.000Z",
                "UpTime": leaf(json!(300), "xsd:unsignedInt", false),
                "ModelName": leaf(json!("XX230v"), "xsd:string", false),
            },
            "WiFi": {"_object": true, "SSID": {"_object": true, "_writable": true, "1": {
                "_object": true, "_writable": true,
                "SSID": leaf(json!("Maison"), "xsd:string", true),
                "Enable": leaf(json!(true), "xsd:boolean", true),
            }}},
            "ManagementServer": {"_object": true,
                "ConnectionRequestURL": leaf(json!("http://192.0.2.1:7547/"), "xsd:string", false),
                "PeriodicInformInterval": leaf(json!(300), "xsd:unsignedInt", true),
            },
        },
    })
}

fn leaf(value: Value, kind: &str, writable: bool) -> Value {
    json!({"_object": false, "_writable": writable, "_value": value, "_type": kind, "_timestamp": "2026-11-22T15:00:00.000Z"})
}
