//! Asking a CPE for a session: what would crash a worker is not asked.

use genieacs_nbi::{Error, Task, TaskOutcome};
use integration_core::testing::{Fault, FaultRule};
use serde_json::{Value, json};

use crate::world::{device, fake, id};

/// A device whose management server is known and its connection request URL is not.
fn mute(name: &str) -> Value {
    let mut document = device(name, "1");
    document["Device"]["ManagementServer"]
        .as_object_mut()
        .unwrap()
        .remove("ConnectionRequestURL");
    document
}

fn flags(fake: &genieacs_nbi::testing::FakeNbi) -> usize {
    let asked = fake.requests();
    let flagged = asked
        .iter()
        .filter(|r| r.query.iter().any(|(key, _)| key == "connection_request"));
    flagged.count()
}

#[tokio::test]
async fn a_device_without_a_url_is_not_asked_and_its_task_waits() {
    let (fake, client) = fake().await;
    fake.seed(mute("A-1"));
    let outcome = client
        .tasks()
        .create(&id("A-1"), Task::Reboot)
        .session_timeout(std::time::Duration::from_secs(9))
        .send()
        .await
        .unwrap();
    assert!(
        matches!(&outcome, TaskOutcome::Queued { reason: Some(why), .. } if why.contains("URL")),
        "{outcome:?}"
    );
    assert_eq!(fake.documents("tasks").len(), 1);
    let error = client
        .tasks()
        .connection_request(&id("A-1"))
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::ConnectionRequest { .. }),
        "{error:?}"
    );
    assert_eq!((flags(&fake), fake.crashes()), (0, 0));
}

/// The look is for the server's good alone: where it tells nothing, the call goes on as it would.
#[tokio::test]
async fn a_look_in_vain_stops_nothing() {
    let (fake, client) = fake().await;
    fake.seed(device("A-1", "1"));
    // Named, never read: the server says "Invalid connection request URL", and lives.
    let mut unread = mute("A-2");
    unread["Device"]["ManagementServer"]["ConnectionRequestURL"] = json!({"_object": false});
    fake.seed(unread);
    // The other root has it.
    let mut both = mute("A-3");
    both["InternetGatewayDevice"]["ManagementServer"]["ConnectionRequestURL"] =
        json!({"_value": "http://192.0.2.1:7547/"});
    fake.seed(both);
    fake.seed(json!({"_id": "A-4"}));
    for name in ["A-1", "A-2", "A-3", "A-4"] {
        let create = client.tasks().create(&id(name), Task::Reboot);
        let outcome = create.connection_request().send().await.unwrap();
        assert!(outcome.is_done(), "{name}: {outcome:?}");
    }
    fake.faults().add(
        FaultRule::new(Fault::Status(http::StatusCode::FORBIDDEN, "x".into()))
            .on(http::Method::GET),
    );
    let create = client.tasks().create(&id("A-1"), Task::Reboot);
    assert!(create.connection_request().send().await.unwrap().is_done());
    client.tasks().connection_request(&id("A-1")).await.unwrap();
    let absent = client.tasks().connection_request(&id("A-9")).await;
    assert!(absent.unwrap_err().is_not_found());
}

#[tokio::test]
async fn an_unsound_task_is_refused_before_the_look() {
    let (fake, client) = fake().await;
    let create = client
        .tasks()
        .create(&id("A-1"), Task::refresh("Device..X"));
    assert!(
        create
            .connection_request()
            .send()
            .await
            .unwrap_err()
            .is_invalid()
    );
    assert!(fake.requests().is_empty());
}
