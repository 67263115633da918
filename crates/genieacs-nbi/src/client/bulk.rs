//! One task for many devices.

use std::collections::BTreeSet;

use futures_core::Stream;
use futures_util::{StreamExt as _, stream};

use super::Tasks;
use super::outcome::TaskOutcome;
use crate::error::Error;
use crate::id::DeviceId;
use crate::query::Query;
use crate::task::{Task, TaskOptions};

/// One task for many devices, a few at a time. A device named twice gets it once.
///
/// # Examples
/// ```
/// # #[cfg(feature = "testing")]
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use futures_util::StreamExt;
/// use genieacs_nbi::{BulkOutcome, Client, Credentials, DeviceId, Task, testing::FakeNbi};
///
/// let fake = FakeNbi::start().await?;
/// fake.seed(serde_json::json!({"_id": "A-1"}));
/// let client = Client::new(fake.url(), Credentials::None)?;
/// let ids = [DeviceId::new("A-1")?, DeviceId::new("A-2")?];
///
/// let bulk = client.tasks().bulk(ids, Task::Reboot).dry_run();
/// let items: Vec<_> = bulk.run().collect().await;
/// let would = items.iter().filter(|item| matches!(item.outcome, BulkOutcome::WouldSend)).count();
/// assert_eq!(would, 1);
/// # Ok(()) }
/// # #[cfg(feature = "testing")]
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Bulk {
    tasks: Tasks,
    devices: Vec<DeviceId>,
    task: Task,
    options: TaskOptions,
    connect: bool,
    concurrency: usize,
    dry_run: bool,
}

/// What came of one device of a [`Bulk`].
///
/// # Examples
/// ```
/// use genieacs_nbi::{BulkItem, BulkOutcome};
///
/// fn report(item: &BulkItem) -> String {
///     match &item.outcome {
///         BulkOutcome::Sent(outcome) if outcome.is_done() => format!("{}: done", item.device),
///         BulkOutcome::Failed(error) => format!("{}: {error}", item.device),
///         _ => format!("{}: waiting", item.device),
///     }
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct BulkItem {
    /// The device.
    pub device: DeviceId,
    /// What came of it.
    pub outcome: BulkOutcome,
}

/// What came of one device.
#[derive(Debug)]
#[non_exhaustive]
pub enum BulkOutcome {
    /// The task was posted.
    Sent(TaskOutcome),
    /// A dry run: the device is there and the task is sound.
    WouldSend,
    /// It was not, or nobody knows.
    Failed(Error),
}

impl Bulk {
    pub(super) fn new(tasks: Tasks, devices: Vec<DeviceId>, task: Task) -> Self {
        Self {
            tasks,
            devices,
            task,
            options: TaskOptions::default(),
            connect: false,
            concurrency: 4,
            dry_run: false,
        }
    }

    /// The options of every task.
    pub fn options(mut self, options: TaskOptions) -> Self {
        self.options = options;
        self
    }

    /// Asks each CPE for a session at once.
    pub fn connection_request(mut self) -> Self {
        self.connect = true;
        self
    }

    /// How many devices at a time; 4 unless set. Each waits on the server for up to 160 s.
    pub fn concurrency(mut self, devices: usize) -> Self {
        self.concurrency = devices.max(1);
        self
    }

    /// Checks the task, and that each device is there; changes nothing.
    pub fn dry_run(mut self) -> Self {
        self.dry_run = true;
        self
    }

    /// Runs it: what came of each device, as it comes.
    ///
    /// # Cancel safety
    /// Dropping the stream sends no further task; those under way may have been stored.
    pub fn run(self) -> impl Stream<Item = BulkItem> + Send + Unpin + use<> {
        let mut seen = BTreeSet::new();
        let devices: Vec<DeviceId> = self
            .devices
            .iter()
            .filter(|device| seen.insert((*device).clone()))
            .cloned()
            .collect();
        let concurrency = self.concurrency;
        let items = stream::iter(devices)
            .map(move |device| {
                let bulk = self.clone_without_devices();
                async move {
                    let outcome = match bulk.one(&device).await {
                        Ok(outcome) => outcome,
                        Err(error) => BulkOutcome::Failed(error),
                    };
                    BulkItem { device, outcome }
                }
            })
            .buffer_unordered(concurrency);
        Box::pin(items)
    }

    fn clone_without_devices(&self) -> Self {
        Self {
            tasks: self.tasks.clone(),
            devices: Vec::new(),
            task: self.task.clone(),
            options: self.options.clone(),
            ..*self
        }
    }

    async fn one(&self, device: &DeviceId) -> Result<BulkOutcome, Error> {
        if self.dry_run {
            self.task.to_json(&self.options)?;
            let devices = self.tasks.client.devices();
            let there = devices.list().query(Query::device(device)).count().await?;
            if there == 0 {
                return Err(Error::NotFound { what: "device" });
            }
            return Ok(BulkOutcome::WouldSend);
        }
        let mut create = self.tasks.create(device, self.task.clone());
        if self.connect {
            create = create.connection_request();
        }
        let outcome = create.options(self.options.clone()).send().await?;
        Ok(BulkOutcome::Sent(outcome))
    }
}
