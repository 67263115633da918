//! `/tasks` and `/devices/{id}/tasks`.

use std::time::Duration;

use http::{Method, StatusCode};
use integration_core::{ErrorKind, RequestBuilder, Response};

use super::devices::device_path;
use super::outcome::TaskOutcome;
use super::{Bulk, Client, List, SetOutcome, Watch, accepted, named_path, verify};
use crate::error::Error;
use crate::id::{DeviceId, TaskId};
use crate::query::{Collection, Projection, Query};
use crate::task::{ParameterSetting, StoredTask, Task, TaskOptions};

/// Waits of the server: for a session already going on, for the connection request, for the end of
/// the session; and some margin.
const SERVER_WAITS: Duration = Duration::from_secs(30 + 2 + 120 + 8);
/// Longer than a crashing worker keeps its clients waiting.
const CRASH_WAIT: Duration = Duration::from_secs(30);
/// The look before a connection request: short, since without its answer the call goes on.
const LOOK: Duration = Duration::from_secs(3);
/// Why no connection was asked for.
const NO_URL: &str = "No connection request URL known";
/// `cwmp.deviceOnlineThreshold` when not set.
const DEFAULT_ONLINE_THRESHOLD: Duration = Duration::from_secs(4);

/// The tasks of a server.
///
/// # Examples
/// ```
/// # #[cfg(feature = "testing")]
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # use genieacs_nbi::{Client, Credentials, DeviceId, Query, Task, testing::FakeNbi};
/// # let fake = FakeNbi::start().await?;
/// fake.seed(serde_json::json!({"_id": "A-1"}));
/// let tasks = Client::new(fake.url(), Credentials::None)?.tasks();
/// let id = DeviceId::new("A-1")?;
/// tasks.create(&id, Task::Reboot).send().await?;
/// assert_eq!(tasks.list().query(Query::of_device(&id)).send().await?.items[0].name, "reboot");
/// # Ok(()) }
/// # #[cfg(feature = "testing")]
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Tasks {
    pub(super) client: Client,
}

impl Tasks {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Lists tasks not yet done: `GET /tasks`.
    pub fn list(&self) -> List<StoredTask> {
        List::new(self.client.clone(), Collection::Tasks)
    }

    /// A task not yet done. `None` when it is done, dropped or deleted: there is no history.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn get(&self, id: &TaskId) -> Result<Option<StoredTask>, Error> {
        self.list().query(Query::task(id)).one().await
    }

    /// Prepares a task for a device: `POST /devices/{id}/tasks`. Without
    /// [`connection_request`](CreateTask::connection_request) it waits for the CPE's next session.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use genieacs_nbi::{Client, Credentials, DeviceId, Task, TaskOptions, testing::FakeNbi};
    /// # let fake = FakeNbi::start().await?;
    /// # fake.seed(serde_json::json!({"_id": "A-1"}));
    /// # let client = Client::new(fake.url(), Credentials::None)?;
    /// let id = DeviceId::new("A-1")?;
    /// let outcome = client
    ///     .tasks()
    ///     .create(&id, Task::refresh("Device.Hosts"))
    ///     .options(TaskOptions::default().unique_key("hosts"))
    ///     .connection_request()
    ///     .send()
    ///     .await?;
    /// assert!(outcome.is_done());
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub fn create(&self, device: &DeviceId, task: Task) -> CreateTask {
        CreateTask {
            client: self.client.clone(),
            device: device.clone(),
            task,
            options: TaskOptions::default(),
            connect: false,
            online: None,
        }
    }

    /// Asks a CPE to open a session, without a task. Success means that the CPE took the request,
    /// not that a session followed.
    ///
    /// # Errors
    /// [`Error::ConnectionRequest`] with the server's words when the CPE did not take it, or when
    /// it has told no `ManagementServer.ConnectionRequestURL`: that would crash a worker, so it is
    /// looked up first and nothing is sent. [`Error::NotFound`] when there is no such device.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use genieacs_nbi::{Client, Credentials, DeviceId, Error, testing::{Cpe, FakeNbi}};
    /// # let fake = FakeNbi::start().await?;
    /// # fake.seed(serde_json::json!({"_id": "A-1"}));
    /// # let tasks = Client::new(fake.url(), Credentials::None)?.tasks();
    /// let id = DeviceId::new("A-1")?;
    /// tasks.connection_request(&id).await?;
    /// fake.cpe("A-1", Cpe::Offline);
    /// assert!(matches!(tasks.connection_request(&id).await, Err(Error::ConnectionRequest { .. })));
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn connection_request(&self, device: &DeviceId) -> Result<(), Error> {
        let path = device_path(device)?.literal("tasks");
        if has_no_url(&self.client, device).await {
            return Err(Error::ConnectionRequest {
                reason: NO_URL.into(),
            });
        }
        let response = self
            .client
            .request(Method::POST, path)
            .query("connection_request", "")
            // The server tries UDP and HTTP in turn.
            .timeout(Duration::from_secs(30))
            .send()
            .await?;
        let text = String::from_utf8_lossy(response.body());
        // A page is a proxy's own: it has waited too long, and the CPE may have been asked.
        let page = text.trim_start().starts_with('<');
        if response.status() == StatusCode::GATEWAY_TIMEOUT && !page {
            let words = words(&response).unwrap_or_else(|| text.trim());
            let reason: String = words
                .chars()
                .filter(|c| !c.is_control())
                .take(200)
                .collect();
            return Err(Error::ConnectionRequest {
                reason: reason.into_boxed_str(),
            });
        }
        accepted(response, "device").map(drop)
    }

    /// Deletes a task and its fault.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not there; [`Error::DeviceInSession`] while its device is in a
    /// session. See [`Error`].
    pub async fn delete(&self, id: &TaskId) -> Result<(), Error> {
        let path = named_path("tasks", id.as_str())?;
        let response = self.client.request(Method::DELETE, path).send().await?;
        let repeated = response.attempts() > 1;
        match accepted(response, "task") {
            // The first attempt did it, and its answer was lost.
            Err(Error::NotFound { .. }) if repeated => Ok(()),
            other => other.map(drop),
        }
    }

    /// Lets a faulted task run again at the CPE's next session.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such task (the server would crash, so it is looked up
    /// first); [`Error::DeviceInSession`]. See [`Error`].
    pub async fn retry(&self, id: &TaskId) -> Result<(), Error> {
        if self.get(id).await?.is_none() {
            return Err(Error::NotFound { what: "task" });
        }
        // No slash after `retry`: the route knows none.
        let path = named_path("tasks", id.as_str())?.literal("retry");
        let response = self.client.request(Method::POST, path).send().await?;
        accepted(response, "task").map(drop)
    }

    /// Lets a faulted task run again at once: [`retry`](Self::retry), then a connection request.
    /// Follow it with [`watch`](Self::watch).
    ///
    /// # Errors
    /// Those of both. After [`Error::ConnectionRequest`] the task waits for the next session.
    pub async fn retry_now(&self, device: &DeviceId, id: &TaskId) -> Result<(), Error> {
        self.retry(id).await?;
        self.connection_request(device).await
    }

    /// Writes parameters, reads them back from the CPE, and compares: 200 alone does not prove that
    /// a value was taken.
    ///
    /// # Errors
    /// See [`Error`]. A CPE that is offline, or refuses, is no error but an outcome.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use genieacs_nbi::{Client, Credentials, DeviceId, SetOutcome, testing::FakeNbi};
    /// # let fake = FakeNbi::start().await?;
    /// fake.seed(serde_json::json!({"_id": "A-1", "Device": {"Name": {"_value": "a", "_writable": true}}}));
    /// # let tasks = Client::new(fake.url(), Credentials::None)?.tasks();
    /// let id = DeviceId::new("A-1")?;
    /// assert!(matches!(tasks.set_and_verify(&id, [("Device.Name", "b")]).await?, SetOutcome::Verified));
    /// // The server says 200 to this as well.
    /// let absent = tasks.set_and_verify(&id, [("Device.Absent", "b")]).await?;
    /// assert!(matches!(absent, SetOutcome::Mismatch { .. }));
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn set_and_verify<S: Into<ParameterSetting>>(
        &self,
        device: &DeviceId,
        values: impl IntoIterator<Item = S>,
    ) -> Result<SetOutcome, Error> {
        let values = values.into_iter().map(Into::into).collect();
        verify::set_and_verify(self, device, values).await
    }

    /// Follows a task until it is done: a stream of its states.
    pub fn watch(&self, device: &DeviceId, task: &TaskId) -> Watch {
        Watch::new(self.client.clone(), device.clone(), task.clone())
    }

    /// Prepares one task for many devices.
    pub fn bulk(&self, devices: impl IntoIterator<Item = DeviceId>, task: Task) -> Bulk {
        Bulk::new(self.clone(), devices.into_iter().collect(), task)
    }
}

/// What the reason phrase says beyond the status. Some proxies write their own, or an empty one.
fn words(response: &Response) -> Option<&str> {
    let plain = |text: &str| text.to_ascii_lowercase().replace('-', "");
    let canonical = response.status().canonical_reason().unwrap_or_default();
    let words = response.reason()?.trim();
    // nginx writes `Gateway Time-out`.
    (!words.is_empty() && plain(words) != plain(canonical)).then_some(words)
}

/// Whether the CPE is known to have told no connection request URL. The server looks for it below
/// the management server of either root, and its worker crashes where neither has the node; one
/// without a value does no harm. Where the look is in vain, the server is left to decide.
async fn has_no_url(client: &Client, device: &DeviceId) -> bool {
    const PATHS: [&str; 2] = [
        "Device.ManagementServer.ConnectionRequestURL",
        "InternetGatewayDevice.ManagementServer.ConnectionRequestURL",
    ];
    let devices = client.devices();
    let look = devices.get_fields(device, Projection::of(PATHS));
    let Ok(Ok(Some(document))) = tokio::time::timeout(LOOK, look).await else {
        return false;
    };
    let branch = |path: &&str| {
        let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
        document.node(parent).is_some()
    };
    // Every inform names the branch: a document without it has been cut on the way, or is no CPE's.
    PATHS.iter().any(branch) && PATHS.iter().all(|path| document.node(path).is_none())
}

/// Whether the server's words mean that the CPE could not be reached. It names only some of the ways
/// itself; the others come as the operating system's.
fn is_offline(words: &str) -> bool {
    const UNREACHABLE: [&str; 6] = [
        "ECONNREFUSED",
        "ECONNRESET",
        "EHOSTDOWN",
        "EHOSTUNREACH",
        "ENETUNREACH",
        "ETIMEDOUT",
    ];
    words == "Device is offline"
        || (words.starts_with("Connection request error:")
            && UNREACHABLE.iter().any(|code| words.contains(code)))
}

/// A task about to be posted.
///
/// # Examples
/// ```
/// use genieacs_nbi::{Client, Credentials, DeviceId, Task};
///
/// let client = Client::new("http://acs.example.ca:7557", Credentials::None)?;
/// let id = DeviceId::new("A-1")?;
/// // An unsound task is refused before anything is sent.
/// assert!(client.tasks().create(&id, Task::refresh("Device..X")).to_request().is_err());
/// # Ok::<(), genieacs_nbi::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct CreateTask {
    client: Client,
    device: DeviceId,
    task: Task,
    options: TaskOptions,
    connect: bool,
    online: Option<Duration>,
}

impl CreateTask {
    /// When it may run, how long it lives, which older one it replaces.
    pub fn options(mut self, options: TaskOptions) -> Self {
        self.options = options;
        self
    }

    /// Asks the CPE for a session at once, and waits for its end: up to some 160 s. A CPE that has
    /// told no connection request URL is not asked, since that crashes a worker of the server: its
    /// task is queued.
    pub fn connection_request(mut self) -> Self {
        self.connect = true;
        self
    }

    /// How long the CPE may take to open the session; the server's setting, 4 s, unless set. Asks
    /// for a connection.
    pub fn session_timeout(mut self, timeout: Duration) -> Self {
        self.connect = true;
        self.online = Some(timeout);
        self
    }

    fn request(&self) -> Result<RequestBuilder, Error> {
        let body = self.task.to_json(&self.options)?;
        let path = device_path(&self.device)?.literal("tasks");
        let mut request = self
            .client
            .request(Method::POST, path)
            .json(&body)
            // Sent once: a second task would run a second time.
            .idempotent(false)
            // A crashing worker takes 21 s to close the connection.
            .timeout(CRASH_WAIT.max(self.client.limits.idle));
        if self.connect {
            request = request.query("connection_request", "");
            if let Some(online) = self.online {
                request = request.query("timeout", online.as_millis().to_string());
            }
            let wait = SERVER_WAITS + self.online.unwrap_or(DEFAULT_ONLINE_THRESHOLD);
            request = request.timeout(wait);
        }
        Ok(request)
    }

    /// The request, to be looked at, logged or queued rather than sent.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a task the server would crash on.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::{Client, Credentials, DeviceId, Task};
    ///
    /// let client = Client::new("http://acs.example.ca:7557/nbi/", Credentials::None)?;
    /// let id = DeviceId::from_parts("C0B101", "ZXHN H199A", "1");
    /// let request = client.tasks().create(&id, Task::Reboot).to_request()?;
    /// assert_eq!(request.uri().path(), "/nbi/devices/C0B101-ZXHN%2520H199A-1/tasks");
    /// # Ok::<(), genieacs_nbi::Error>(())
    /// ```
    pub fn to_request(&self) -> Result<http::Request<()>, Error> {
        Ok(self.request()?.build()?.map(drop))
    }

    /// Posts the task.
    ///
    /// # Errors
    /// [`Error::Invalid`] before anything is sent; [`Error::NotFound`] when there is no such device;
    /// [`Error::Transport`] when no answer came, or [`Error::Api`] when a proxy gave up before the
    /// server did (502, 504): the task may have been stored.
    pub async fn send(mut self) -> Result<TaskOutcome, Error> {
        let mut request = self.request()?;
        let unasked = self.connect && has_no_url(&self.client, &self.device).await;
        if unasked {
            self.connect = false;
            request = self.request()?;
        }
        let response = match request.send().await {
            Ok(response) => accepted(response, "device")?,
            Err(error) if matches!(error.kind(), ErrorKind::Aborted) => {
                return Ok(TaskOutcome::ServerAborted);
            }
            Err(error) => return Err(error.into()),
        };
        let task: StoredTask =
            serde_json::from_slice(response.body()).map_err(|source| Error::Decode {
                what: "a new task",
                source: Some(source.into()),
            })?;
        if unasked {
            let reason = Some(NO_URL.to_owned());
            return Ok(TaskOutcome::Queued { task, reason });
        }
        self.outcome(&response, task).await
    }

    async fn outcome(&self, response: &Response, task: StoredTask) -> Result<TaskOutcome, Error> {
        if response.status() == StatusCode::OK {
            if self.options.timestamp.is_some() && self.still_there(&task).await {
                // A session came and went, too early for this task.
                return Ok(TaskOutcome::Queued { task, reason: None });
            }
            return Ok(self.taken(task));
        }
        match words(response) {
            Some("Task faulted") => {
                let fault = self.fault(&task).await.unwrap_or_default();
                Ok(TaskOutcome::Faulted { task, fault })
            }
            Some(words) if is_offline(words) => Ok(TaskOutcome::Offline { task }),
            Some(words) => Ok(TaskOutcome::Queued {
                reason: Some(words.to_owned()),
                task,
            }),
            None if !self.connect => Ok(TaskOutcome::Queued { task, reason: None }),
            // The words were lost on the way.
            None => match self.fault(&task).await {
                Ok(Some(fault)) => Ok(TaskOutcome::Faulted {
                    task,
                    fault: Some(fault),
                }),
                Ok(None) if !self.still_there(&task).await => Ok(self.taken(task)),
                _ => Ok(TaskOutcome::Queued { task, reason: None }),
            },
        }
    }

    /// A session took the task.
    fn taken(&self, task: StoredTask) -> TaskOutcome {
        if self.task.ends_later() {
            TaskOutcome::Transferring { task }
        } else {
            TaskOutcome::Done { task }
        }
    }

    async fn fault(&self, task: &StoredTask) -> Result<Option<Box<crate::Fault>>, Error> {
        let id = crate::FaultId::of_task(&self.device, &task.id);
        Ok(self.client.faults().get(&id).await?.map(Box::new))
    }

    /// Whether the task still waits. It was stored: where that cannot be looked up now, it does
    /// as far as anyone knows, and the call that stored it has not failed.
    async fn still_there(&self, task: &StoredTask) -> bool {
        let found = self.client.tasks().get(&task.id).await;
        !matches!(found, Ok(None))
    }
}
