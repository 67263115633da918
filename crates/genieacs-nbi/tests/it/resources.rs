//! Scripts, objects, settings, files, ping.

use futures_util::stream;
use genieacs_nbi::{Error, FileLabels, Object, Ping};
use serde_json::json;

use crate::world::{any, fake, unique};

#[tokio::test]
async fn scripts_are_put_listed_and_deleted() {
    let (_fake, client) = any().await;
    let name = unique("script");
    client
        .provisions()
        .put(&name, "const now = Date.now();\nlog('x' + now);")
        .await
        .unwrap();
    let stored = client.provisions().get(&name).await.unwrap().unwrap();
    assert!(stored.script.starts_with("const now"));
    let error = client
        .provisions()
        .put(&name, "function (")
        .await
        .unwrap_err();
    let Error::Api(api) = error else {
        panic!("{error:?}")
    };
    assert_eq!(
        (api.status().as_u16(), api.code()),
        (400, Some("SyntaxError"))
    );
    client.provisions().delete(&name).await.unwrap();
    assert!(client.provisions().get(&name).await.unwrap().is_none());
    assert!(
        client
            .provisions()
            .put(&name, " ")
            .await
            .unwrap_err()
            .is_invalid()
    );

    let script = "return {writable: false, value: [1, 'xsd:int']};";
    client
        .virtual_parameters()
        .put(&name, script)
        .await
        .unwrap();
    assert_eq!(
        client
            .virtual_parameters()
            .get(&name)
            .await
            .unwrap()
            .unwrap()
            .script,
        script
    );
    client.virtual_parameters().delete(&name).await.unwrap();
}

#[tokio::test]
async fn objects_are_checked_and_put() {
    let (_fake, client) = any().await;
    let name = unique("object");
    let object = Object::new()
        .value("Enable", true)
        .value("Port", 443)
        .keys(["Port"]);
    client.objects().put(&name, &object).await.unwrap();
    let stored = client.objects().get(&name).await.unwrap().unwrap();
    assert_eq!(
        (stored.name.as_str(), &stored.values),
        (name.as_str(), &object.values)
    );
    client.objects().delete(&name).await.unwrap();
    for bad in [
        Object::new(),
        Object::new().value("a", json!(null)),
        Object::new().value("_a", 1),
        Object::new().value("a", 1).keys(["b"]),
    ] {
        assert!(
            client
                .objects()
                .put(&name, &bad)
                .await
                .unwrap_err()
                .is_invalid(),
            "{bad:?}"
        );
    }
}

#[tokio::test]
async fn files_are_uploaded_looked_up_and_deleted() {
    let (fake, client) = any().await;
    let name = unique("fichier v1.2.bin");
    let labels = FileLabels::firmware().oui("A0B1C2").version("1.2");
    client
        .files()
        .upload(&name, &labels, "firmware")
        .await
        .unwrap();
    let meta = client.files().get(&name).await.unwrap().unwrap();
    assert_eq!((meta.length, &meta.metadata), (8, &labels));
    assert_eq!(meta.metadata.product_class, None);
    let pieces = stream::iter(
        (0..100).map(|_| Ok::<_, std::io::Error>(bytes::Bytes::from_static(&[7; 1000]))),
    );
    client
        .files()
        .upload_stream(&name, &FileLabels::default(), pieces)
        .await
        .unwrap();
    assert_eq!(
        client.files().get(&name).await.unwrap().unwrap().length,
        100_000
    );
    client.files().delete(&name).await.unwrap();
    // The server would crash.
    let error = client.files().delete(&name).await.unwrap_err();
    assert!(matches!(error, Error::NotFound { what: "file" }));
    if let Some(fake) = fake {
        assert_eq!(fake.crashes(), 0);
    }
    for bad in [
        FileLabels::of_type("é"),
        FileLabels::of_type("a\nb"),
        FileLabels::of_type(""),
    ] {
        assert!(
            client
                .files()
                .upload(&name, &bad, "x")
                .await
                .unwrap_err()
                .is_invalid()
        );
    }
}

#[tokio::test]
async fn settings_are_listed() {
    let (fake, client) = fake().await;
    fake.put(
        "config",
        json!({"_id": "cwmp.deviceOnlineThreshold", "value": "4000"}),
    );
    let entry = client
        .settings()
        .get("cwmp.deviceOnlineThreshold")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(entry.value, "4000");
}

#[tokio::test]
async fn a_ping_is_read() {
    let (fake, client) = fake().await;
    let Ping::Reachable {
        transmitted,
        received,
        average,
        ..
    } = client.ping("192.0.2.1").await.unwrap()
    else {
        panic!("not reachable");
    };
    assert_eq!((transmitted, received), (Some(3), Some(3)));
    assert_eq!(average, Some(std::time::Duration::from_micros(700)));
    fake.unreachable_host("host.example.ca");
    assert_eq!(
        client.ping("host.example.ca").await.unwrap(),
        Ping::Unreachable
    );
    fake.unreachable_host("2001:db8::7");
    assert_eq!(client.ping("2001:db8::7").await.unwrap(), Ping::Unreachable);
    for bad in ["", "2001:db8::g", "1:2", "-c", "a b", "a/b", "..", "$(x)"] {
        assert!(client.ping(bad).await.unwrap_err().is_invalid(), "{bad}");
    }
}
