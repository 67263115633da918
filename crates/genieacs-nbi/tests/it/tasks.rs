//! Tasks and what becomes of them.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use genieacs_nbi::testing::{Cpe, FakeNbi};
use genieacs_nbi::{
    BulkOutcome, Client, Error, Expiry, FaultCode, FaultId, ParameterSetting, ProvisionCall, Query,
    Scalar, SetOutcome, Task, TaskId, TaskOptions, TaskOutcome, TaskState,
};
use serde_json::{Value, json};

use crate::world::{any, device, fake, id, unique};

async fn one() -> (FakeNbi, Client) {
    let (fake, client) = fake().await;
    fake.seed(device("A-1", "1"));
    (fake, client)
}

async fn post(client: &Client, task: Task) -> TaskOutcome {
    client
        .tasks()
        .create(&id("A-1"), task)
        .connection_request()
        .send()
        .await
        .unwrap()
}

#[test]
fn bodies_as_the_server_takes_them() {
    let none = TaskOptions::default();
    let body = |task: Task| task.to_json(&none).unwrap();
    assert_eq!(
        body(Task::get([
            "Device.Hosts.Host.*.HostName",
            "Device.DeviceInfo."
        ])),
        json!({"name": "getParameterValues", "parameterNames": ["Device.Hosts.Host.*.HostName", "Device.DeviceInfo"]})
    );
    let settings = [
        ParameterSetting::new("Device.A", 6).typed("xsd:unsignedInt"),
        ParameterSetting::new("Device.B", true),
        ("Device.C", "x").into(),
    ];
    assert_eq!(
        body(Task::set(settings)),
        json!({"name": "setParameterValues", "parameterValues": [["Device.A", 6, "xsd:unsignedInt"], ["Device.B", true], ["Device.C", "x"]]})
    );
    assert_eq!(
        body(Task::refresh("")),
        json!({"name": "refreshObject", "objectName": ""})
    );
    assert_eq!(
        body(Task::add_object("Device.T.")),
        json!({"name": "addObject", "objectName": "Device.T"})
    );
    assert_eq!(
        body(Task::delete_object("Device.T.1.")),
        json!({"name": "deleteObject", "objectName": "Device.T.1"})
    );
    assert_eq!(
        body(Task::download("1 Firmware Upgrade Image", "x.bin")),
        json!({"name": "download", "fileType": "1 Firmware Upgrade Image", "fileName": "x.bin"})
    );
    assert_eq!(body(Task::Reboot), json!({"name": "reboot"}));
    assert_eq!(body(Task::FactoryReset), json!({"name": "factoryReset"}));
    assert_eq!(
        body(Task::provisions([ProvisionCall::new("inform")
            .arg("x")
            .arg(1)
            .null()])),
        json!({"name": "provisions", "provisions": [["inform", "x", 1, null]]})
    );
}

#[test]
fn malformed_tasks_are_refused() {
    let none = TaskOptions::default();
    for task in [
        Task::get::<&str>([]),
        Task::get([""]),
        Task::get(["Device..X"]),
        Task::get(["Device.X Y"]),
        Task::set::<ParameterSetting>([]),
        Task::set([("", "x")]),
        Task::set([("Device.X", f64::NAN)]),
        Task::add_object(""),
        Task::delete_object(""),
        Task::download("", "x"),
        Task::download("1 Firmware Upgrade Image", ""),
        Task::provisions([]),
        Task::provisions([ProvisionCall::new("")]),
    ] {
        assert!(task.to_json(&none).unwrap_err().is_invalid(), "{task:?}");
    }
    let mut zero = TaskOptions::default();
    zero.expiry = Some(Expiry::After(Duration::ZERO));
    assert!(Task::Reboot.to_json(&zero).is_err());
    assert!(
        Task::Reboot
            .to_json(&TaskOptions::default().unique_key(""))
            .is_err()
    );
}

#[tokio::test]
async fn done_queued_offline_refused() {
    let (fake, client) = one().await;
    let done = post(&client, Task::Reboot).await;
    assert!(done.is_done());
    assert!(fake.documents("tasks").is_empty());
    assert_eq!(
        done.task().unwrap().device.as_ref().unwrap().as_str(),
        "A-1"
    );

    let queued = client
        .tasks()
        .create(&id("A-1"), Task::Reboot)
        .send()
        .await
        .unwrap();
    assert!(matches!(queued, TaskOutcome::Queued { reason: None, .. }));
    fake.cpe("A-1", Cpe::Offline);
    assert!(matches!(
        post(&client, Task::Reboot).await,
        TaskOutcome::Offline { .. }
    ));
    fake.cpe("A-1", Cpe::QueuedOnly);
    let queued = post(&client, Task::Reboot).await;
    assert!(
        matches!(&queued, TaskOutcome::Queued { reason: Some(r), .. } if r == "Task queued but not processed")
    );
    fake.cpe(
        "A-1",
        Cpe::Refuses("Basic HTTP authentication not allowed".into()),
    );
    let refused = post(&client, Task::Reboot).await;
    assert!(
        matches!(&refused, TaskOutcome::Queued { reason: Some(r), .. } if r.starts_with("Basic"))
    );
    assert!(refused.is_pending());
    fake.cpe(
        "A-1",
        Cpe::Refuses("Connection request error: connect ETIMEDOUT 192.0.2.1:7547".into()),
    );
    assert!(matches!(
        post(&client, Task::Reboot).await,
        TaskOutcome::Offline { .. }
    ));
    assert_eq!(
        client
            .tasks()
            .list()
            .query(Query::of_device(&id("A-1")))
            .count()
            .await
            .unwrap(),
        5
    );
}

#[tokio::test]
async fn a_faulting_reboot_shows_its_fault_and_runs_after_a_retry() {
    let (fake, client) = one().await;
    fake.cpe(
        "A-1",
        Cpe::FaultsOn {
            task: "reboot".into(),
            code: 9002,
            string: "Internal error".into(),
        },
    );
    let outcome = post(&client, Task::Reboot).await;
    let TaskOutcome::Faulted {
        task,
        fault: Some(fault),
    } = outcome
    else {
        panic!("{outcome:?}");
    };
    assert_eq!(fault.code, FaultCode::Cwmp(9002));
    assert_eq!(fault.task(), Some(task.id.clone()));
    // Another task of the same device runs meanwhile.
    assert!(
        post(&client, Task::refresh("Device.DeviceInfo"))
            .await
            .is_done()
    );

    let watch = client.tasks().watch(&id("A-1"), &task.id);
    assert!(matches!(watch.now().await.unwrap(), TaskState::Faulted(_)));
    fake.cpe("A-1", Cpe::Answers);
    client
        .tasks()
        .retry_now(&id("A-1"), &task.id)
        .await
        .unwrap();
    assert_eq!(watch.now().await.unwrap(), TaskState::Done);
    assert!(
        client
            .faults()
            .of_device(&id("A-1"))
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_lost_reason_phrase_is_made_up_for() {
    let fake = FakeNbi::builder()
        .without_reason_phrases()
        .start()
        .await
        .unwrap();
    let client = Client::builder(fake.url()).build().unwrap();
    fake.seed(device("A-1", "1"));
    fake.cpe(
        "A-1",
        Cpe::Faults {
            code: 9001,
            string: "Request denied".into(),
        },
    );
    assert!(matches!(
        post(&client, Task::Reboot).await,
        TaskOutcome::Faulted { fault: Some(_), .. }
    ));
    fake.cpe("A-1", Cpe::Offline);
    assert!(matches!(
        post(&client, Task::Reboot).await,
        TaskOutcome::Queued { reason: None, .. }
    ));
    let error = client
        .tasks()
        .connection_request(&id("A-1"))
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::ConnectionRequest { reason } if &*reason == "Device is offline")
    );
}

#[tokio::test]
async fn no_such_device() {
    let (_fake, client) = any().await;
    let absent = id(&unique("ABSENT"));
    for error in [
        client
            .tasks()
            .create(&absent, Task::Reboot)
            .send()
            .await
            .unwrap_err(),
        client
            .tasks()
            .create(&absent, Task::Reboot)
            .connection_request()
            .send()
            .await
            .unwrap_err(),
        client
            .tasks()
            .connection_request(&absent)
            .await
            .unwrap_err(),
    ] {
        assert!(
            matches!(error, Error::NotFound { what: "device" }),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_task_that_is_not_there_never_reaches_the_crash() {
    let (fake, client) = any().await;
    let absent = TaskId::new("0123456789abcdef01234567").unwrap();
    assert!(
        client
            .tasks()
            .retry(&absent)
            .await
            .unwrap_err()
            .is_not_found()
    );
    assert!(
        client
            .tasks()
            .delete(&absent)
            .await
            .unwrap_err()
            .is_not_found()
    );
    assert!(client.tasks().get(&absent).await.unwrap().is_none());
    if let Some(fake) = fake {
        assert_eq!(fake.crashes(), 0);
    }
}

#[tokio::test]
async fn deleting_a_task_deletes_its_fault_and_the_reverse() {
    let (fake, client) = one().await;
    fake.cpe(
        "A-1",
        Cpe::Faults {
            code: 9002,
            string: "x".into(),
        },
    );
    let first = post(&client, Task::Reboot).await.task().unwrap().clone();
    let second = post(&client, Task::FactoryReset)
        .await
        .task()
        .unwrap()
        .clone();
    client.tasks().delete(&first.id).await.unwrap();
    assert_eq!(fake.documents("faults").len(), 1);
    client
        .faults()
        .delete(&second.fault_id().unwrap())
        .await
        .unwrap();
    assert!(fake.documents("tasks").is_empty());
    let other = FaultId::new("A-1:default").unwrap();
    client.faults().delete(&other).await.unwrap();
}

#[tokio::test]
async fn a_unique_key_replaces_the_older_task() {
    let (fake, client) = one().await;
    let options = TaskOptions::default().unique_key("reboot");
    for _ in 0..3 {
        let create = client
            .tasks()
            .create(&id("A-1"), Task::Reboot)
            .options(options.clone());
        create.send().await.unwrap();
    }
    assert_eq!(fake.documents("tasks").len(), 1);
}

#[tokio::test]
async fn a_task_for_later_is_not_called_done() {
    let (fake, client) = one().await;
    fake.set_clock(|| "2026-11-22T15:00:00Z".parse().unwrap());
    let later = "2026-11-22T16:00:00Z".parse().unwrap();
    let create = client.tasks().create(&id("A-1"), Task::Reboot);
    let outcome = create
        .options(
            TaskOptions::default()
                .not_before(later)
                .expires_after(Duration::from_secs(60)),
        )
        .connection_request()
        .send()
        .await
        .unwrap();
    assert!(matches!(outcome, TaskOutcome::Queued { .. }), "{outcome:?}");
    let task = outcome.task().unwrap();
    assert_eq!(task.timestamp, Some(later));
    assert_eq!(task.expiry, Some("2026-11-22T16:01:00Z".parse().unwrap()));
    fake.set_clock(|| "2026-11-22T17:00:00Z".parse().unwrap());
    fake.inform("A-1");
    assert!(fake.documents("tasks").is_empty(), "expired");
    assert!(fake.document("A-1").unwrap().get("_lastBoot").is_none());
}

#[tokio::test]
async fn a_refresh_moves_values_and_their_time() {
    let (fake, client) = one().await;
    fake.set_clock(|| "2026-11-22T18:00:00Z".parse().unwrap());
    fake.on_refresh(|document, path, _| {
        if path.is_empty() || "Device.DeviceInfo.UpTime".starts_with(path) {
            document["Device"]["DeviceInfo"]["UpTime"]["_value"] = json!(9999);
        }
    });
    assert!(
        post(&client, Task::get(["Device.DeviceInfo.UpTime"]))
            .await
            .is_done()
    );
    let read = client.devices().get(&id("A-1")).await.unwrap().unwrap();
    let uptime = read.get("Device.DeviceInfo.UpTime").unwrap();
    assert_eq!(uptime.integer(), Some(9999));
    assert_eq!(
        uptime.read_at(),
        Some("2026-11-22T18:00:00Z".parse().unwrap())
    );
    let model = read.get("Device.DeviceInfo.ModelName").unwrap();
    assert_eq!(
        model.read_at(),
        Some("2026-11-22T15:00:00Z".parse().unwrap())
    );
    assert_eq!(
        read.last_inform(),
        Some("2026-11-22T18:00:00Z".parse().unwrap())
    );
}

#[tokio::test]
async fn setting_is_believed_only_when_read_back() {
    let (fake, client) = one().await;
    let set = async |name: &str, value: &str| {
        client
            .tasks()
            .set_and_verify(&id("A-1"), [(name, value)])
            .await
            .unwrap()
    };
    assert!(
        set("Device.WiFi.SSID.1.SSID", "Chez nous")
            .await
            .is_verified()
    );
    assert!(set("Device.WiFi.SSID.1.Enable", "0").await.is_verified());
    assert_eq!(
        fake.document("A-1").unwrap()["Device"]["WiFi"]["SSID"]["1"]["Enable"]["_value"],
        json!(false)
    );

    // The server answers 200 to both.
    let SetOutcome::Mismatch { parameters } = set("Device.DeviceInfo.ModelName", "x").await else {
        panic!("a read-only parameter was written");
    };
    assert_eq!(parameters[0].found, Some(json!("XX230v")));
    assert_eq!(parameters[0].writable, Some(false));
    let SetOutcome::Mismatch { parameters } = set("Device.Absent", "x").await else {
        panic!("a parameter that does not exist was written");
    };
    assert_eq!(parameters[0].found, None);

    fake.cpe("A-1", Cpe::Offline);
    let offline = set("Device.WiFi.SSID.1.SSID", "y").await;
    assert!(matches!(
        offline,
        SetOutcome::NotWritten(TaskOutcome::Offline { .. })
    ));
}

/// The server keeps a value in the type of the parameter: what is read back is written otherwise.
#[tokio::test]
async fn a_value_is_the_same_in_another_spelling() {
    let (fake, client) = one().await;
    let leaf = |kind: &str| json!({"_object": false, "_writable": true, "_type": kind});
    let mut document = device("A-1", "1");
    document["Device"]["X"] = json!({
        "Date": leaf("xsd:dateTime"), "Uint": leaf("xsd:unsignedInt"),
        "Long": leaf("xsd:unsignedLong"), "Bool": leaf("xsd:boolean"), "Text": leaf("xsd:string"),
    });
    fake.seed(document);
    let set = async |name: &str, value: Scalar| {
        let values = [(format!("Device.X.{name}."), value)];
        let tasks = client.tasks();
        tasks.set_and_verify(&id("A-1"), values).await.unwrap()
    };
    for (name, value) in [
        ("Date", Scalar::from("2026-11-22T10:00:00-05:00")),
        ("Date", Scalar::from("2026-11-22T15:00:00Z")),
        ("Date", Scalar::from("0001-01-01T00:00:00Z")),
        ("Date", Scalar::from(1_795_359_600_000_i64)),
        ("Uint", Scalar::from("36.0")),
        ("Uint", Scalar::from(36.0)),
        ("Long", Scalar::from(9_007_199_254_740_993_i64)),
        ("Bool", Scalar::from(1)),
        ("Bool", Scalar::from("TRUE")),
        ("Text", Scalar::from(300)),
        ("Text", Scalar::from(false)),
        ("Text", Scalar::from("")),
    ] {
        let outcome = set(name, value.clone()).await;
        assert!(outcome.is_verified(), "{name} {value:?}: {outcome:?}");
    }
    let read = fake.document("A-1").unwrap()["Device"]["X"]["Date"]["_value"].clone();
    assert_eq!(read, json!("2026-11-22T15:00:00.000Z"));
    // Text that merely holds a date is not one.
    assert!(!Scalar::from("a 2026-11-22T15:00:00Z").matches(&read));
    assert!(!Scalar::from("2026-11-22T15:00:01Z").matches(&read));
}

#[tokio::test]
async fn objects_come_and_go() {
    let (fake, client) = one().await;
    let mut add = Task::add_object("Device.WiFi.SSID");
    if let Task::AddObject { values, .. } = &mut add {
        values.push(("SSID", "Invités").into());
    }
    assert!(post(&client, add).await.is_done());
    let added = &fake.document("A-1").unwrap()["Device"]["WiFi"]["SSID"]["2"];
    assert_eq!(added["SSID"]["_value"], "Invités");
    // Known by name, not yet read.
    assert_eq!(added["Enable"].get("_value"), None);
    assert!(
        post(&client, Task::delete_object("Device.WiFi.SSID.2."))
            .await
            .is_done()
    );
    assert!(
        post(&client, Task::delete_object("Device.WiFi.SSID.2"))
            .await
            .is_done()
    );
    assert_eq!(
        fake.document("A-1").unwrap()["Device"]["WiFi"]["SSID"].get("2"),
        None
    );
}

/// The fake answers as the server does to a path with a final dot, which we never send.
#[tokio::test]
async fn a_trailing_dot_faults_on_the_wire() {
    let (fake, _client) = one().await;
    let (status, _) = raw_post(
        &fake,
        "/devices/A-1/tasks?connection_request",
        &json!({
            "name": "refreshObject", "objectName": "Device.DeviceInfo."
        }),
    )
    .await;
    assert_eq!(status, 202);
    assert_eq!(fake.documents("faults").len(), 1);
}

#[tokio::test]
async fn a_download_of_a_missing_file_fails_later() {
    let (fake, client) = one().await;
    let outcome = post(
        &client,
        Task::download("1 Firmware Upgrade Image", "absent.bin"),
    )
    .await;
    let TaskOutcome::Transferring { task } = outcome else {
        panic!("{outcome:?}");
    };
    let state = client
        .tasks()
        .watch(&id("A-1"), &task.id)
        .settled()
        .await
        .unwrap();
    let TaskState::Faulted(fault) = state else {
        panic!("{state:?}")
    };
    assert_eq!(fault.code, FaultCode::Cwmp(9016));

    client
        .files()
        .upload("there.bin", &genieacs_nbi::FileLabels::firmware(), "x")
        .await
        .unwrap();
    fake.transfer_time(Duration::from_secs(3600));
    let outcome = post(
        &client,
        Task::download("1 Firmware Upgrade Image", "there.bin"),
    )
    .await;
    let task = outcome.task().unwrap();
    let watch = client.tasks().watch(&id("A-1"), &task.id);
    assert_eq!(watch.now().await.unwrap(), TaskState::Transferring);
    fake.transfer_time(Duration::ZERO);
    assert_eq!(watch.now().await.unwrap(), TaskState::Done);
}

#[tokio::test]
async fn a_watch_tells_each_state_once() {
    let (fake, client) = one().await;
    let queued = client
        .tasks()
        .create(&id("A-1"), Task::Reboot)
        .send()
        .await
        .unwrap();
    let task = queued.task().unwrap().id.clone();
    let watch = client
        .tasks()
        .watch(&id("A-1"), &task)
        .interval(Duration::from_millis(10));
    let mut states = std::pin::pin!(watch.states());
    assert_eq!(states.try_next().await.unwrap(), Some(TaskState::Queued));
    fake.inform("A-1");
    assert_eq!(states.try_next().await.unwrap(), Some(TaskState::Done));
    assert_eq!(states.try_next().await.unwrap(), None);
}

#[tokio::test]
async fn a_watch_ends_in_time() {
    let (_fake, client) = one().await;
    let queued = client
        .tasks()
        .create(&id("A-1"), Task::Reboot)
        .send()
        .await
        .unwrap();
    let task = queued.task().unwrap().id.clone();
    let watch = client
        .tasks()
        .watch(&id("A-1"), &task)
        .timeout(Duration::from_millis(30));
    let states: Vec<TaskState> = watch.states().try_collect().await.unwrap();
    assert_eq!(states, [TaskState::Queued, TaskState::TimedOut]);
}

#[tokio::test]
async fn a_bulk_reports_each_device() {
    let (fake, client) = fake().await;
    fake.seed_many((0..5).map(|n| device(&format!("A-{n}"), "x")));
    fake.cpe("A-3", Cpe::Offline);
    let ids = || ["A-0", "A-1", "A-2", "A-3", "A-9", "A-0"].map(id);
    let dry: Vec<_> = client
        .tasks()
        .bulk(ids(), Task::Reboot)
        .dry_run()
        .run()
        .collect()
        .await;
    assert_eq!(dry.len(), 5);
    assert!(fake.documents("tasks").is_empty());
    let bulk = client
        .tasks()
        .bulk(ids(), Task::Reboot)
        .connection_request()
        .concurrency(2);
    let items: Vec<_> = bulk.run().collect().await;
    let count = |test: fn(&BulkOutcome) -> bool| items.iter().filter(|i| test(&i.outcome)).count();
    assert_eq!(
        count(|o| matches!(o, BulkOutcome::Sent(outcome) if outcome.is_done())),
        3
    );
    assert_eq!(
        count(|o| matches!(o, BulkOutcome::Sent(TaskOutcome::Offline { .. }))),
        1
    );
    assert_eq!(
        count(|o| matches!(o, BulkOutcome::Failed(Error::NotFound { .. }))),
        1
    );
}

/// A short time-out for reads does not cut the wait for a session.
#[tokio::test]
async fn a_slow_cpe_is_waited_for() {
    let (fake, _) = one().await;
    fake.cpe("A-1", Cpe::Slow(Duration::from_millis(300)));
    let client = Client::builder(fake.url())
        .timeout(Duration::from_millis(100))
        .build()
        .unwrap();
    assert!(post(&client, Task::Reboot).await.is_done());
}

#[test]
fn the_client_waits_longer_than_the_server() {
    let client = Client::builder("http://acs.example.ca").build().unwrap();
    let create = client
        .tasks()
        .create(&id("A-1"), Task::Reboot)
        .session_timeout(Duration::from_secs(20));
    let request = create.to_request().unwrap();
    assert_eq!(
        request.uri().query(),
        Some("connection_request=&timeout=20000")
    );
}

async fn raw_post(fake: &FakeNbi, path: &str, body: &Value) -> (u16, String) {
    crate::crashes::raw(fake, "POST", path, &body.to_string())
        .await
        .unwrap()
}
