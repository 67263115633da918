//! Device documents, small ones and real captures.

use genieacs_nbi::{ChangeKind, Device};
use serde_json::{Value, json};

#[test]
fn what_cpes_send_is_read_leniently() {
    let device = Device::from(json!({"Device": {
        "A": {"_value": "  42 ", "_type": "xsd:Int"},
        "B": {"_value": "", "_type": "xsd:unsignedInt"},
        "C": {"_value": "TRUE", "_type": "xsd:boolean"},
        "D": {"_value": 0, "_type": "xsd:boolean"},
        "E": {"_value": "-13.344190  dBm"},
        "F": {"_value": 18_446_744_073_709_551_615_u64},
        "G": {"_value": "2026-11-22T15:23:16.206Z", "_type": "xsd:dateTime"},
        "H": {"_value": null},
        "I": "not a node",
        "J": {"_object": true, "_value": 1},
    }}));
    let get = |name: &str| device.get(&format!("Device.{name}"));
    assert_eq!(get("A").unwrap().integer(), Some(42));
    let empty = get("B").unwrap();
    assert!(empty.is_known());
    assert_eq!(
        (empty.integer(), empty.text(), empty.number()),
        (None, Some(""), None)
    );
    assert_eq!(get("C").unwrap().boolean(), Some(true));
    assert_eq!(get("D").unwrap().boolean(), Some(false));
    assert_eq!(get("E").unwrap().number(), None);
    assert_eq!(get("F").unwrap().unsigned(), Some(u64::MAX));
    assert_eq!(get("F").unwrap().integer(), None);
    assert!(get("G").unwrap().instant().is_some());
    assert!(!get("H").unwrap().is_known());
    assert!(get("I").is_none());
    assert!(get("J").is_none(), "an object is no parameter");
    assert!(device.get("Device._object").is_none());
    assert!(device.get("").is_none());
}

#[test]
fn both_roots_may_be_there() {
    let device = Device::from(json!({
        "Device": {"DeviceInfo": {"UpTime": {"_object": false}}},
        "InternetGatewayDevice": {"DeviceInfo": {"UpTime": {"_value": 5}}},
    }));
    assert_eq!(device.roots().count(), 2);
    assert_eq!(
        device.under_root("DeviceInfo.UpTime").unwrap().integer(),
        Some(5)
    );
}

#[test]
fn identity_dates_and_what_is_absent() {
    let device = Device::from(crate::world::device("A0B1C2-Device2-1", "1"));
    assert_eq!(device.manufacturer(), Some("Acme"));
    assert_eq!(device.oui(), Some("A0B1C2"));
    assert_eq!(device.product_class(), Some("Device2"));
    assert_eq!(device.last_boot(), None);
    assert!(device.last_inform() > device.registered());
    let empty = Device::from(json!([]));
    assert_eq!(empty, Device::default());
    assert_eq!(
        empty.tags().count() + empty.roots().count() + empty.parameters().count(),
        0
    );
}

#[test]
fn a_difference_tells_learned_from_changed() {
    let before = Device::from(json!({"Device": {
        "Same": {"_value": 1, "_timestamp": "2026-11-22T15:00:00Z"},
        "Moved": {"_value": 1, "_timestamp": "2026-11-22T15:00:00Z"},
        "Lost": {"_value": 1}, "Gone": {"_value": 1}, "New": {"_object": false},
    }}));
    let after = Device::from(json!({"Device": {
        "Same": {"_value": 1, "_timestamp": "2026-11-22T16:00:00Z"},
        "Moved": {"_value": 2, "_timestamp": "2026-11-22T16:00:00Z"},
        "Lost": {"_object": false}, "New": {"_value": ""}, "Added": {"_value": 3},
    }}));
    let changes = after.changes_since(&before);
    let kinds: Vec<_> = changes.iter().map(|c| (c.path.as_str(), c.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("Device.Added", ChangeKind::Added),
            ("Device.Gone", ChangeKind::Removed),
            ("Device.Lost", ChangeKind::Forgotten),
            ("Device.Moved", ChangeKind::Changed),
            ("Device.New", ChangeKind::Learned),
        ]
    );
    let moved = &changes[3];
    assert_eq!(
        (&moved.before, &moved.after),
        (&Some(json!(1)), &Some(json!(2)))
    );
    assert!(moved.after_at > moved.before_at);
}

#[test]
fn a_document_keeps_what_it_does_not_know() {
    let document = json!({"_id": "A-1", "odd": [1, {"x": null}]});
    let device: Device = serde_json::from_value(document.clone()).unwrap();
    assert_eq!(serde_json::to_value(&device).unwrap(), document);
}

/// The captures of real CPEs, where they are at hand.
pub(crate) fn captures() -> Vec<Value> {
    #[allow(clippy::disallowed_methods, reason = "where the captures are")]
    let folder = std::env::var("FSM_SHARED_DATA").map_or_else(
        |_| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        Into::into,
    );
    let Ok(files) = std::fs::read_dir(folder.join("devices")) else {
        println!("skipped: no captures of devices at hand");
        return Vec::new();
    };
    files
        .filter_map(|file| std::fs::read(file.ok()?.path()).ok())
        .filter_map(|bytes| serde_json::from_slice(&bytes).ok())
        .collect()
}

#[test]
fn real_captures_are_walked_whole() {
    for capture in captures() {
        let device = Device::from(capture);
        let id = device.id().unwrap();
        let parts = id.parts().unwrap();
        assert_eq!(Some(parts.oui.as_str()), device.oui(), "{id}");
        assert_eq!(Some(parts.serial.as_str()), device.serial_number());
        let all = device.parameters().count();
        let known = device.flat().len();
        assert!(all > 1000 && known > 1000, "{id}: {known} of {all}");
        for (path, _) in device.parameters() {
            assert!(device.get(&path).is_some(), "{path}");
        }
        assert!(
            device
                .under_root("DeviceInfo.UpTime")
                .unwrap()
                .unsigned()
                .is_some()
        );
        let table = format!("{}.Hosts.Host", device.roots().next().unwrap());
        for (_, host) in device.instances(&table) {
            assert!(host.is_object());
        }
    }
}

/// A real tree behind the fake: looked up by serial number, brought raw, refreshed.
#[tokio::test]
async fn real_captures_go_through_the_fake() {
    let (fake, client) = crate::world::fake().await;
    for capture in captures() {
        let id = genieacs_nbi::DeviceId::new(capture["_id"].as_str().unwrap()).unwrap();
        fake.seed(capture.clone());
        let raw = client.devices().get_raw(&id).await.unwrap().unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&raw).unwrap(), capture);
        let task = genieacs_nbi::Task::refresh("");
        let outcome = client
            .tasks()
            .create(&id, task)
            .connection_request()
            .send()
            .await
            .unwrap();
        assert!(outcome.is_done());
    }
}
