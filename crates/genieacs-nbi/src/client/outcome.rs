//! What became of a task that was posted.

use crate::fault::Fault;
use crate::task::StoredTask;

/// What became of a task, as honestly as the server lets one know.
///
/// Only the status tells done from not done; why not is in the reason phrase of the answer, which a
/// proxy may drop. Then the faults and the tasks still waiting are looked at.
///
/// # Examples
/// ```
/// # #[cfg(feature = "testing")]
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use genieacs_nbi::testing::{Cpe, FakeNbi};
/// use genieacs_nbi::{Client, Credentials, DeviceId, Task, TaskOutcome};
///
/// let fake = FakeNbi::start().await?;
/// fake.seed(serde_json::json!({"_id": "A-1"}));
/// fake.cpe("A-1", Cpe::Offline);
/// let client = Client::new(fake.url(), Credentials::None)?;
///
/// let outcome = client.tasks().create(&DeviceId::new("A-1")?, Task::Reboot).connection_request().send().await?;
/// assert!(matches!(outcome, TaskOutcome::Offline { .. }));
/// # Ok(()) }
/// # #[cfg(feature = "testing")]
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TaskOutcome {
    /// A session took the task and finished without a fault of it. That a written value was taken
    /// is not proven: read it back (see `Tasks::set_and_verify`).
    Done {
        /// The task as it was stored.
        task: StoredTask,
    },
    /// The CPE has taken a download; its end comes in a later session (see `Tasks::watch`).
    Transferring {
        /// The task as it was stored.
        task: StoredTask,
    },
    /// The task failed. It stays and is tried again later.
    Faulted {
        /// The task as it was stored.
        task: StoredTask,
        /// What went wrong; absent when it could not be read, or was dealt with meanwhile.
        fault: Option<Box<Fault>>,
    },
    /// The CPE could not be reached. The task stays and runs when it informs.
    Offline {
        /// The task as it was stored.
        task: StoredTask,
    },
    /// The task stays and runs at a later session.
    Queued {
        /// The task as it was stored.
        task: StoredTask,
        /// The server's words, such as `Task queued but not processed` or `Connection request
        /// error: …`; `None` when no connection was asked for, or the words were lost.
        reason: Option<String>,
    },
    /// The server closed the connection before a byte of answer. Whether the task was stored is not
    /// known; nothing was repeated. Look for it among the device's tasks.
    ServerAborted,
}

impl TaskOutcome {
    /// The task as it was stored.
    #[must_use]
    pub fn task(&self) -> Option<&StoredTask> {
        match self {
            Self::Done { task }
            | Self::Transferring { task }
            | Self::Faulted { task, .. }
            | Self::Offline { task }
            | Self::Queued { task, .. } => Some(task),
            Self::ServerAborted => None,
        }
    }

    /// Whether the task is done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done { .. })
    }

    /// Whether the task still waits on the server, faulted or not.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        matches!(
            self,
            Self::Faulted { .. } | Self::Offline { .. } | Self::Queued { .. }
        )
    }
}
