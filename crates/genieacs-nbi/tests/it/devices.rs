//! Devices and their tags.

use genieacs_nbi::testing::Cpe;
use genieacs_nbi::{DeviceId, Error, Projection, Query};

use crate::world::{any, device, fake, id, unique};

#[tokio::test]
async fn an_id_with_escapes_is_found_tagged_and_deleted() {
    let (fake, client) = fake().await;
    for (oui, class, serial) in [
        ("C0B101", "ZXHN H199A", "ZTEYH86LCN10105"),
        ("A0B1C2", "X_Y.z~!*'()", "S/N:1+2"),
        ("A0B1C2", "Modèle", "é\t1"),
        ("A0B1C2", "a%2Db", "1"),
    ] {
        let id = DeviceId::from_parts(oui, class, serial);
        fake.seed(device(id.as_str(), serial));
        let devices = client.devices();
        devices.add_tag(&id, "deux mots").await.unwrap();
        devices.add_tag(&id, "v1.2").await.unwrap();
        devices.add_tag(&id, "v1.2").await.unwrap();
        let found = devices.get(&id).await.unwrap().unwrap();
        assert_eq!(
            found.tags().collect::<Vec<_>>(),
            ["fibre", "deux mots", "v1.2"]
        );
        devices.remove_tag(&id, "deux mots").await.unwrap();
        assert_eq!(
            devices
                .list()
                .query(Query::tag("v1.2"))
                .count()
                .await
                .unwrap(),
            1
        );
        devices.delete(&id).await.unwrap();
        assert!(devices.get(&id).await.unwrap().is_none());
        devices.delete(&id).await.unwrap();
    }
    assert_eq!(fake.crashes(), 0);
}

#[tokio::test]
async fn a_tag_of_a_device_that_is_not_there() {
    let (_fake, client) = any().await;
    let absent = id(&unique("ABSENT"));
    let error = client.devices().add_tag(&absent, "x").await.unwrap_err();
    assert!(matches!(error, Error::NotFound { what: "device" }));
    assert!(client.devices().get(&absent).await.unwrap().is_none());
    assert!(
        client
            .devices()
            .add_tag(&absent, "..")
            .await
            .unwrap_err()
            .is_invalid()
    );
}

#[tokio::test]
async fn a_device_in_session_is_not_deleted() {
    let (fake, client) = fake().await;
    fake.seed(device("A-1", "1"));
    fake.cpe("A-1", Cpe::InSession);
    let error = client.devices().delete(&id("A-1")).await.unwrap_err();
    assert!(matches!(error, Error::DeviceInSession));
    assert!(error.is_retryable());
}

#[tokio::test]
async fn several_makers_share_a_serial_number() {
    let (fake, client) = fake().await;
    fake.seed(device("A-1", "77"));
    fake.seed(device("B-1", "77"));
    fake.seed(device("C-1", "777"));
    let found = client
        .devices()
        .by_serial("77", Projection::identity())
        .await
        .unwrap();
    assert_eq!(found.len(), 2);
    assert!(found[0].get("Device.DeviceInfo.UpTime").is_none());
    // What a person types is no pattern.
    assert!(
        client
            .devices()
            .by_serial("7*", Projection::identity())
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        client
            .devices()
            .by_serial("/7/", Projection::identity())
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn the_version_is_told() {
    let (_fake, client) = any().await;
    let version = client.version().await.unwrap().unwrap();
    assert!(version.starts_with("1."), "{version}");
}
