//! Following a task through what happens meanwhile.

use std::time::Duration;

use futures_util::TryStreamExt;
use genieacs_nbi::testing::{Cpe, FakeNbi};
use genieacs_nbi::{Client, FaultCode, Task, TaskId, TaskState};
use http::{Method, StatusCode};
use integration_core::testing::{Fault, FaultRule};

use crate::world::{device, fake, id};

async fn queued(task: Task) -> (FakeNbi, Client, TaskId) {
    let (fake, client) = fake().await;
    fake.seed(device("A-1", "1"));
    let outcome = client
        .tasks()
        .create(&id("A-1"), task)
        .send()
        .await
        .unwrap();
    let task = outcome.task().unwrap().id.clone();
    (fake, client, task)
}

/// A transfer seen under way, which then ends badly.
#[tokio::test]
async fn a_transfer_that_ends_badly_is_never_done() {
    let absent = Task::download("1 Firmware Upgrade Image", "absent.bin");
    let (fake, client, task) = queued(absent).await;
    fake.transfer_time(Duration::from_secs(3600));
    fake.inform("A-1");
    let watch = client.tasks().watch(&id("A-1"), &task);
    let mut states = watch.interval(Duration::from_millis(10)).states();
    assert_eq!(
        states.try_next().await.unwrap(),
        Some(TaskState::Transferring)
    );
    fake.transfer_time(Duration::ZERO);
    let state = states.try_next().await.unwrap();
    assert!(
        matches!(&state, Some(TaskState::Faulted(fault)) if fault.code == FaultCode::Cwmp(9016)),
        "{state:?}"
    );
}

#[tokio::test]
async fn a_task_that_vanishes_is_over() {
    let (_fake, client, task) = queued(Task::Reboot).await;
    let watch = client.tasks().watch(&id("A-1"), &task);
    let mut states = watch.interval(Duration::from_millis(10)).states();
    assert_eq!(states.try_next().await.unwrap(), Some(TaskState::Queued));
    client.tasks().delete(&task).await.unwrap();
    assert_eq!(states.try_next().await.unwrap(), Some(TaskState::Done));
    assert_eq!(states.try_next().await.unwrap(), None);
}

/// A worker that crashed under another's request comes back after some seconds.
#[tokio::test]
async fn a_server_away_for_a_moment_does_not_end_the_watch() {
    let (fake, client, task) = queued(Task::Reboot).await;
    fake.cpe(
        "A-1",
        Cpe::Faults {
            code: 9001,
            string: "Request denied".into(),
        },
    );
    fake.inform("A-1");
    fake.faults().add(FaultRule::new(Fault::Close).times(4));
    let watch = || {
        client
            .tasks()
            .watch(&id("A-1"), &task)
            .interval(Duration::from_millis(10))
    };
    let state = watch().settled().await.unwrap();
    assert!(matches!(state, TaskState::Faulted(_)), "{state:?}");

    // Away for good is an error, and so is a refusal at once.
    fake.faults().add(FaultRule::new(Fault::Close));
    assert!(watch().settled().await.unwrap_err().is_retryable());
    fake.faults().clear();
    fake.faults().add(FaultRule::new(Fault::Status(
        StatusCode::UNAUTHORIZED,
        "x".into(),
    )));
    assert_eq!(
        watch().settled().await.unwrap_err().status(),
        Some(StatusCode::UNAUTHORIZED)
    );
}

#[tokio::test]
async fn a_server_that_hangs_does_not_outlast_the_watch() {
    let (fake, client, task) = queued(Task::Reboot).await;
    let watch = client.tasks().watch(&id("A-1"), &task);
    let mut states = watch.timeout(Duration::from_millis(300)).states();
    assert_eq!(states.try_next().await.unwrap(), Some(TaskState::Queued));
    fake.faults().add(FaultRule::new(Fault::Hang));
    let end = tokio::time::timeout(Duration::from_secs(10), states.try_next()).await;
    assert_eq!(end.unwrap().unwrap(), Some(TaskState::TimedOut));
}

/// A proxy that lets through devices, tasks and faults alone.
#[tokio::test]
async fn operations_may_be_hidden() {
    let (fake, client, task) = queued(Task::Reboot).await;
    fake.inform("A-1");
    fake.faults().add(
        FaultRule::new(Fault::Status(StatusCode::FORBIDDEN, "x".into()))
            .on(Method::GET)
            .under("/operations"),
    );
    let watch = client.tasks().watch(&id("A-1"), &task);
    assert_eq!(watch.now().await.unwrap(), TaskState::Done);
}
