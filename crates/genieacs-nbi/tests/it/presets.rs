//! Presets: what is refused before it can stop a fleet.

use genieacs_nbi::{Configuration, Preset, check_precondition};
use serde_json::json;

use crate::world::{any, unique};

#[test]
fn presets_that_would_stop_the_fleet_are_refused() {
    let base = || Preset::new().with(Configuration::provision("inform", ["60"]));
    assert!(base().validate().is_ok());
    for bad in [
        base().precondition("Tags.x IS"),
        base().precondition("{\"_tags\":5}"),
        base().precondition("{\"a\":{\"$in\":[1]}}"),
        base().schedule("hourly"),
        base().schedule("60 * * *"),
        base().schedule("60 99 * * * *"),
        base().on_event("BOOT"),
        base().channel(""),
        base().channel("task_5c8a0f3b2e1d4c6b7a890123"),
        base().with(Configuration::Other(json!({"type": "explode"}))),
        base().with(Configuration::value("Device..X", 1)),
        base().with(Configuration::AddTag(String::new())),
        base().with(Configuration::provision("x", [json!({})])),
    ] {
        assert!(bad.validate().unwrap_err().is_invalid(), "{bad:?}");
    }
    for good in [
        base().schedule("3600 0 3 * * *"),
        base().schedule("60 */5 * * * MON-FRI"),
        base()
            .precondition("{\"_tags\":{\"$ne\":\"test\"},\"$or\":[{\"DeviceID.OUI\":\"1C61B4\"}]}"),
        base().precondition("{}"),
        base().on_event("2 PERIODIC").without_event("Registered"),
    ] {
        assert!(good.validate().is_ok(), "{good:?}");
    }
    assert!(check_precondition("").is_ok());
}

#[test]
fn stored_presets_are_read_whatever_they_hold() {
    let odd: Preset = serde_json::from_value(json!({
        "_id": "old", "weight": "5", "channel": null, "events": {"1 BOOT": 1}, "precondition": null,
        "configurations": [
            {"type": "value", "name": "Device.X", "value": 5},
            {"type": "age", "name": "Device.Y", "age": "60"},
            {"type": "provision", "name": "p"},
            {"type": "explode"},
        ],
    }))
    .unwrap();
    assert_eq!(
        (odd.name.as_str(), odd.weight, odd.channel.as_str()),
        ("old", 5, "default")
    );
    assert_eq!(
        odd.configurations[1],
        Configuration::Age {
            name: "Device.Y".into(),
            age: 60
        }
    );
    assert!(matches!(odd.configurations[3], Configuration::Other(_)));
    assert!(odd.validate().is_err());
    // One without a list would stop the fleet: it is read, and found.
    for fatal in [
        json!({"_id": "x"}),
        json!({"_id": "x", "configurations": {}}),
    ] {
        let fatal: Preset = serde_json::from_value(fatal).unwrap();
        assert!(fatal.validate().is_err());
    }
    let none = serde_json::to_value(Preset::new()).unwrap();
    assert_eq!(none["configurations"], json!([]));
}

#[tokio::test]
async fn a_preset_is_put_listed_and_deleted() {
    let (_fake, client) = any().await;
    let name = unique("preset.test");
    // A tag nobody has: it does nothing on a real server.
    let preset = Preset::new()
        .weight(7)
        .precondition("Tags.genieacs_nbi_nobody IS NOT NULL")
        .with(Configuration::AddTag("x".into()))
        .with(Configuration::value("Device.X", true));
    client.presets().put(&name, &preset).await.unwrap();
    let stored = client.presets().get(&name).await.unwrap().unwrap();
    assert_eq!(stored.name, name);
    assert_eq!(
        (stored.weight, &stored.configurations),
        (7, &preset.configurations)
    );
    assert!(
        client
            .presets()
            .list()
            .send()
            .await
            .unwrap()
            .items
            .iter()
            .any(|p| p.name == name)
    );
    client.presets().delete(&name).await.unwrap();
    client.presets().delete(&name).await.unwrap();
    assert!(client.presets().get(&name).await.unwrap().is_none());
}
