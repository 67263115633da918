//! Posting a task to a device, and what is known of it when no outcome comes back.

use std::time::Duration;

use genieacs_nbi::{DeviceId, Error as NbiError, Task, TaskOptions, TaskOutcome};

use super::service::failed;
use crate::Hub;
use crate::platform::error::HubError;

/// What is known of a task without an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing was sent.
    NeverSent,
    /// The device server has no such device, and kept nothing.
    NoDevice,
    /// The device was in a session, and the device server took nothing.
    InSession,
    /// It was sent, and the answer was lost: the device may have done it.
    Unknown,
    /// It was sent, and the answer has not come yet: the device may still be at it.
    Pending,
}

/// Why a task has no outcome.
#[derive(Debug)]
pub(super) struct ActFailure {
    pub(super) fate: Fate,
    pub(super) error: HubError,
}

impl ActFailure {
    /// It failed before the task was posted.
    pub(super) fn never_sent(error: HubError) -> Self {
        Self {
            fate: Fate::NeverSent,
            error,
        }
    }

    /// There is no such device.
    pub(super) fn no_device() -> Self {
        Self {
            fate: Fate::NoDevice,
            error: HubError::not_found(),
        }
    }

    /// Posting failed. Only a call that found no connection is sure to have done nothing: a
    /// broken answer, an error of the server or silence may come after the task was stored.
    fn of_post(error: &NbiError) -> Self {
        let fate = match error {
            NbiError::Invalid { .. } => Fate::NeverSent,
            NbiError::NotFound { .. } => Fate::NoDevice,
            NbiError::DeviceInSession => Fate::InSession,
            error if error.is_connect() => Fate::NeverSent,
            _ => Fate::Unknown,
        };
        Self {
            fate,
            error: failed(error),
        }
    }
}

impl From<ActFailure> for HubError {
    fn from(failure: ActFailure) -> Self {
        failure.error
    }
}

/// Posts a task; the same task again replaces the one that still waits.
pub(super) async fn post_task(
    hub: &Hub,
    id: &DeviceId,
    task: Task,
    at_once: bool,
    wait: Option<Duration>,
) -> Result<TaskOutcome, ActFailure> {
    let unique = match &task {
        Task::Reboot | Task::FactoryReset => Some(format!("hub:{}", task.name())),
        Task::RefreshObject { object } => Some(format!("hub:refresh:{object}")),
        _ => None,
    };
    let nbi = hub.nbi().map_err(ActFailure::never_sent)?;
    let mut create = nbi.tasks().create(id, task);
    if let Some(key) = unique {
        create = create.options(TaskOptions::default().unique_key(key));
    }
    if at_once {
        create = create.connection_request();
    }
    if let Some(wait) = wait {
        create = create.session_timeout(wait);
    }
    match create.send().await {
        Ok(TaskOutcome::ServerAborted) => Err(ActFailure {
            fate: Fate::Unknown,
            error: HubError::upstream()
                .because("the device server closed the connection; the task may exist"),
        }),
        Ok(outcome) => Ok(outcome),
        Err(error) => Err(ActFailure::of_post(&error)),
    }
}

/// Posts a task and waits for the device, but no longer than a person would. The task stays
/// when the wait ends.
pub(super) async fn ask(
    hub: &Hub,
    id: &DeviceId,
    task: Task,
    patience: Duration,
) -> Result<TaskOutcome, ActFailure> {
    let posted = post_task(hub, id, task, true, None);
    match tokio::time::timeout(patience, posted).await {
        Ok(outcome) => outcome,
        Err(_) => Err(ActFailure {
            fate: Fate::Pending,
            error: HubError::upstream_timeout().because("the session takes too long"),
        }),
    }
}
