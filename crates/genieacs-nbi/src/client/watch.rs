//! Following a task, of which the server keeps no history.

use std::fmt;
use std::time::Duration;

use futures_core::Stream;
use futures_util::stream;
use http::StatusCode;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::Client;
use crate::error::Error;
use crate::fault::Fault;
use crate::id::{DeviceId, FaultId, TaskId};
use crate::query::{Projection, Query, pattern};

/// Where a task is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TaskState {
    /// It waits for a session.
    Queued,
    /// The CPE is downloading; the end comes in a later session.
    Transferring,
    /// It failed, and is tried again later.
    Faulted(Box<Fault>),
    /// It is gone and left no fault: done (or it expired, or somebody deleted it).
    Done,
    /// The time of the watch is over; the task is where it was.
    TimedOut,
}

impl TaskState {
    /// Whether nothing more will happen: done, or no longer watched.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Done | Self::TimedOut)
    }
}

/// Failures in a row of a server that may come back, before a watch gives up: a worker that crashed
/// takes some seconds to return.
const PATIENCE: u32 = 5;

/// A task to be followed. A server that is away for a moment does not end the watch.
///
/// # Examples
/// ```
/// # #[cfg(feature = "testing")]
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use genieacs_nbi::testing::{Cpe, FakeNbi};
/// use genieacs_nbi::{Client, Credentials, DeviceId, Task, TaskState};
///
/// let fake = FakeNbi::start().await?;
/// fake.seed(serde_json::json!({"_id": "A-1"}));
/// let client = Client::new(fake.url(), Credentials::None)?;
/// let id = DeviceId::new("A-1")?;
/// let outcome = client.tasks().create(&id, Task::Reboot).send().await?;
/// let task = outcome.task().ok_or("lost")?.id.clone();
///
/// fake.inform("A-1");
/// assert_eq!(client.tasks().watch(&id, &task).settled().await?, TaskState::Done);
/// # Ok(()) }
/// # #[cfg(feature = "testing")]
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[must_use]
pub struct Watch {
    client: Client,
    device: DeviceId,
    task: TaskId,
    interval: Duration,
    timeout: Duration,
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("task", &self.task)
            .field("interval", &self.interval)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl Watch {
    pub(super) fn new(client: Client, device: DeviceId, task: TaskId) -> Self {
        Self {
            interval: client.limits.poll,
            timeout: Duration::from_secs(300),
            client,
            device,
            task,
        }
    }

    /// How often to look; at least every 10 ms. The client's setting unless set.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval.max(Duration::from_millis(10));
        self
    }

    /// How long to look; 5 minutes unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Where the task is now.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn now(&self) -> Result<TaskState, Error> {
        // Tasks first: a task at fault stays, so that one that is gone leaves no fault later, but
        // for a transfer whose end was bad.
        let waiting = self.client.tasks().get(&self.task).await?.is_some();
        let fault = FaultId::of_task(&self.device, &self.task);
        if let Some(fault) = self.client.faults().get(&fault).await? {
            return Ok(TaskState::Faulted(Box::new(fault)));
        }
        if waiting {
            return Ok(TaskState::Queued);
        }
        if self.transferring().await? {
            return Ok(TaskState::Transferring);
        }
        // The transfer may have ended badly between the two looks.
        if let Some(fault) = self.client.faults().get(&fault).await? {
            return Ok(TaskState::Faulted(Box::new(fault)));
        }
        Ok(TaskState::Done)
    }

    async fn transferring(&self) -> Result<bool, Error> {
        let of_device = format!("^{}:", pattern::escape(self.device.as_str()));
        let operations = self
            .client
            .operations()
            .query(Query::regex("_id", &of_device))
            .projection(Projection::of(["channels"]))
            .send()
            .await;
        let operations = match operations {
            Ok(operations) => operations,
            // A proxy may let through less than all collections.
            Err(Error::Api(api)) if hidden(api.status()) => return Ok(false),
            Err(error) => return Err(error),
        };
        let channel = format!("task_{}", self.task.as_str());
        Ok(operations
            .items
            .iter()
            .filter_map(|operation| operation.get("channels"))
            // Stored as JSON within text; an object after an old bug.
            .any(|channels| channels.to_string().contains(&channel)))
    }

    /// The states of the task, each when it is entered, until it is done or the time is over. A
    /// faulted task is followed on, since it is tried again.
    ///
    /// # Cancel safety
    /// Dropping the stream stops the watch; the task is not touched.
    pub fn states(self) -> impl Stream<Item = Result<TaskState, Error>> + Send + Unpin + use<> {
        Box::pin(stream::unfold(Walk::new(self), |mut walk| async move {
            let item = walk.step().await?;
            Some((item, walk))
        }))
    }

    /// Waits until the task is done or faulted, or the time is over.
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// # Cancel safety
    /// Dropping the future stops the watch; the task is not touched.
    pub async fn settled(self) -> Result<TaskState, Error> {
        let mut walk = Walk::new(self);
        while let Some(state) = walk.step().await {
            let state = state?;
            if state.is_final() || matches!(state, TaskState::Faulted(_)) {
                return Ok(state);
            }
        }
        Ok(TaskState::TimedOut)
    }
}

/// Whether a status says that the collection is not for us.
fn hidden(status: StatusCode) -> bool {
    matches!(status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN)
}

struct Walk {
    watch: Watch,
    deadline: Option<Instant>,
    next: Instant,
    last: Option<TaskState>,
    /// A transfer has ended, and whether well is looked at once more.
    doubted: bool,
    failures: u32,
    ended: bool,
}

impl Walk {
    fn new(watch: Watch) -> Self {
        let began = Instant::now();
        Self {
            deadline: began.checked_add(watch.timeout),
            watch,
            next: began,
            last: None,
            doubted: false,
            failures: 0,
            ended: false,
        }
    }

    /// The next state that differs; `None` after the final one.
    async fn step(&mut self) -> Option<Result<TaskState, Error>> {
        loop {
            if self.ended {
                return None;
            }
            let Some(looked) = self.look().await else {
                self.ended = true;
                return Some(Ok(TaskState::TimedOut));
            };
            self.next = Instant::now() + self.watch.interval;
            let state = match looked {
                Ok(state) => state,
                Err(error) => {
                    self.failures += 1;
                    if self.failures < PATIENCE && (error.is_retryable() || error.is_connect()) {
                        continue;
                    }
                    self.ended = true;
                    return Some(Err(error));
                }
            };
            self.failures = 0;
            // The server stores the end of a transfer and its fault apart.
            let was_transfer = self.last == Some(TaskState::Transferring);
            if state == TaskState::Done && was_transfer && !self.doubted {
                self.doubted = true;
                continue;
            }
            self.ended = state.is_final();
            if self.last.as_ref() != Some(&state) {
                self.last = Some(state.clone());
                return Some(Ok(state));
            }
        }
    }

    /// One look; `None` when the time is over. The first is always taken.
    async fn look(&mut self) -> Option<Result<TaskState, Error>> {
        let first = self.last.is_none() && self.failures == 0;
        let Some(deadline) = self.deadline.filter(|_| !first) else {
            sleep_until(self.next).await;
            return Some(self.watch.now().await);
        };
        if self.next > deadline {
            return None;
        }
        sleep_until(self.next).await;
        timeout_at(deadline, self.watch.now()).await.ok()
    }
}
