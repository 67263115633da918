//! The network at its worst: what is repeated, what is not, what leaks.

use std::time::Duration;

use genieacs_nbi::{Client, Credentials, Error, Query, Task, TaskOutcome};
use http::{Method, StatusCode};
use integration_core::testing::{Fault, FaultRule};

use crate::world::{device, fake, id};

#[test]
fn errors_are_small_and_cross_threads() {
    fn sound<T: Send + Sync + 'static>() {}
    sound::<Error>();
    sound::<Client>();
    assert!(size_of::<Error>() <= 128);
}

#[tokio::test]
async fn a_read_is_repeated_once_when_the_connection_was_closed() {
    let (fake, client) = fake().await;
    fake.seed(device("A-1", "1"));
    fake.faults().add(FaultRule::new(Fault::Close).times(1));
    assert_eq!(client.devices().list().count().await.unwrap(), 1);
    fake.faults().add(FaultRule::new(Fault::Close).times(2));
    let error = client.devices().list().count().await.unwrap_err();
    assert!(matches!(error, Error::ServerAborted(_)), "{error:?}");
}

#[tokio::test]
async fn a_task_is_never_posted_twice() {
    let (fake, client) = fake().await;
    fake.seed(device("A-1", "1"));
    for fault in [Fault::Close, Fault::Reset, Fault::ResetAfterCommit] {
        fake.faults()
            .add(FaultRule::new(fault).on(Method::POST).times(1));
        let outcome = client
            .tasks()
            .create(&id("A-1"), Task::Reboot)
            .send()
            .await
            .unwrap();
        assert_eq!(outcome, TaskOutcome::ServerAborted);
    }
    assert_eq!(
        fake.documents("tasks").len(),
        1,
        "the one of which the answer was lost"
    );

    fake.faults().add(
        FaultRule::new(Fault::Status(StatusCode::BAD_GATEWAY, "x".into()))
            .on(Method::POST)
            .times(1),
    );
    let error = client
        .tasks()
        .create(&id("A-1"), Task::Reboot)
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
    assert_eq!(fake.documents("tasks").len(), 1);
}

#[tokio::test]
async fn nobody_listens() {
    let (fake, client) = fake().await;
    drop(fake);
    let error = client.devices().list().count().await.unwrap_err();
    assert!(
        error.is_connect() || matches!(error, Error::ServerAborted(_)),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_server_that_hangs_is_left() {
    let (fake, _) = fake().await;
    fake.faults().add(FaultRule::new(Fault::Hang));
    let client = Client::builder(fake.url())
        .timeout(Duration::from_millis(50))
        .retry(genieacs_nbi::RetryPolicy::none())
        .build()
        .unwrap();
    assert!(
        client
            .devices()
            .list()
            .send()
            .await
            .unwrap_err()
            .is_timeout()
    );
}

/// A secret in the query or the headers is nowhere in what may be logged.
#[tokio::test]
async fn nothing_leaks() {
    let (fake, _) = fake().await;
    let client = Client::builder(fake.url())
        .credentials(Credentials::basic("hub", "s3cret-password"))
        .header("X-API-Key", "s3cret-key")
        .build()
        .unwrap();
    let list = client
        .devices()
        .list()
        .query(Query::serial("s3cret-serial"));
    let mut shown = format!("{client:?} {list:?}");
    fake.faults().add(FaultRule::new(Fault::Status(
        StatusCode::FORBIDDEN,
        "s3cret-body".into(),
    )));
    let error = list.send().await.unwrap_err();
    shown += &format!("{error} {error:?}");
    let mut source = std::error::Error::source(&error);
    while let Some(error) = source {
        shown += &format!("{error} {error:?}");
        source = error.source();
    }
    assert!(!shown.contains("s3cret"), "{shown}");

    // Values written and read may be passphrases.
    fake.faults().clear();
    fake.seed(device("A-1", "1"));
    let tasks = client.tasks();
    let name = "Device.WiFi.SSID.1.SSID";
    let create = tasks.create(&id("A-1"), Task::set([(name, "s3cret-passphrase")]));
    let mut shown = format!("{create:?}");
    shown += &format!("{:?}", create.connection_request().send().await.unwrap());
    shown += &format!(
        "{:?}",
        tasks
            .set_and_verify(&id("A-1"), [("Device.X", "s3cret")])
            .await
            .unwrap()
    );
    let read = client.devices().get(&id("A-1")).await.unwrap().unwrap();
    assert_eq!(read.get(name).unwrap().text(), Some("s3cret-passphrase"));
    shown += &format!(
        "{read:?} {:?} {:?}",
        read.get(name),
        read.node("Device.WiFi")
    );
    assert!(!shown.contains("s3cret"), "{shown}");

    let _ = client.devices().list().count().await.unwrap();
    let last = fake.requests().pop().unwrap();
    let header = |name: &str| {
        last.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    };
    assert_eq!(header("x-api-key"), Some("s3cret-key"));
    assert_eq!(
        header("authorization"),
        Some("Basic aHViOnMzY3JldC1wYXNzd29yZA==")
    );
    assert!(header("user-agent").unwrap().starts_with("genieacs-nbi/"));
}

#[tokio::test]
async fn a_base_path_is_kept() {
    let server = wiremock::MockServer::start().await;
    wiremock::Mock::given(wiremock::matchers::path("/acs/nbi/devices"))
        .respond_with(wiremock::ResponseTemplate::new(200).insert_header("total", "4"))
        .mount(&server)
        .await;
    for base in ["/acs/nbi", "/acs/nbi/"] {
        let client = Client::new(format!("{}{base}", server.uri()), Credentials::None).unwrap();
        assert_eq!(client.devices().list().count().await.unwrap(), 4);
    }
}

/// Three hundred devices of some 70 kB, looked up by serial number. The time is generous: it tells a
/// fake that copies its documents from one that does not.
#[tokio::test]
async fn the_fake_is_fast_enough_for_a_fleet() {
    let (fake, client) = fake().await;
    let host = device("x", "y")["Device"]["WiFi"]["SSID"]["1"].clone();
    let hosts = (0..200).map(|n| (n.to_string(), host.clone())).collect();
    let mut model = device("x", "y");
    model["Device"]["Hosts"]["Host"] = serde_json::Value::Object(hosts);
    assert!(model.to_string().len() > 50_000);
    fake.seed_many((0..300).map(|n| {
        let mut document = model.clone();
        document["_id"] = format!("A0B1C2-Device2-{n}").into();
        document["_deviceId"]["_SerialNumber"] = format!("S{n}").into();
        document
    }));
    let began = tokio::time::Instant::now();
    for n in 0..50 {
        let serial = format!("S{}", n * 5);
        let fields = genieacs_nbi::Projection::identity();
        let found = client.devices().by_serial(&serial, fields).await.unwrap();
        assert_eq!(found.len(), 1);
    }
    println!("50 look-ups among 300 devices: {:?}", began.elapsed());
    assert!(began.elapsed() < Duration::from_secs(20));
}
