//! The handle: one server, its credentials and limits.

mod builder;
mod bulk;
mod devices;
mod faults;
mod files;
mod lines;
mod list;
mod named;
mod outcome;
mod ping;
mod tasks;
mod verify;
mod watch;

use std::time::Duration;

use http::{Method, StatusCode};
use integration_core::{ApiPath, Credentials, HttpClient, RequestBuilder, Response};

pub use builder::ClientBuilder;
pub use bulk::{Bulk, BulkItem, BulkOutcome};
pub use devices::Devices;
pub use faults::Faults;
pub use files::Files;
pub use list::{List, Listing};
pub use named::{Objects, Presets, Provisions, Settings, VirtualParameters};
pub use outcome::TaskOutcome;
pub use ping::Ping;
pub use tasks::{CreateTask, Tasks};
pub use verify::{Mismatch, SetOutcome};
pub use watch::{TaskState, Watch};

use crate::error::Error;
use crate::query::Collection;

/// A client of one northbound interface. Clones share connections.
///
/// # Examples
/// ```
/// # #[cfg(feature = "testing")]
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use genieacs_nbi::testing::FakeNbi;
/// use genieacs_nbi::{Client, Credentials, Projection, Query};
///
/// let fake = FakeNbi::start().await?;
/// fake.seed(serde_json::json!({"_id": "00259E-1", "_deviceId": {"_SerialNumber": "1"}}));
///
/// let client = Client::new(fake.url(), Credentials::None)?;
/// let found = client
///     .devices()
///     .list()
///     .query(Query::serial("1"))
///     .projection(Projection::identity())
///     .send()
///     .await?;
/// assert_eq!(found.total, Some(1));
/// # Ok(()) }
/// # #[cfg(feature = "testing")]
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    http: HttpClient,
    limits: Limits,
}

#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Between two pieces of a streamed list.
    idle: Duration,
    upload: Duration,
    poll: Duration,
    max_line: usize,
}

impl Client {
    /// A client with the usual limits.
    ///
    /// The interface itself knows no authentication; the credentials are those of the proxy before
    /// it.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a base URL that is none, or credentials no header can carry.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::{Client, Credentials};
    ///
    /// let client = Client::new("https://acs.example.ca/nbi", Credentials::bearer("s3cret"))?;
    /// assert!(!format!("{client:?}").contains("s3cret"));
    /// # Ok::<(), genieacs_nbi::Error>(())
    /// ```
    pub fn new(base_url: impl Into<String>, credentials: Credentials) -> Result<Self, Error> {
        Self::builder(base_url).credentials(credentials).build()
    }

    /// A client with limits, headers or a transport of one's own.
    pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(base_url.into())
    }

    /// Devices: `/devices`.
    #[must_use]
    pub fn devices(&self) -> Devices {
        Devices::new(self.clone())
    }

    /// Tasks: `/tasks` and `/devices/{id}/tasks`.
    #[must_use]
    pub fn tasks(&self) -> Tasks {
        Tasks::new(self.clone())
    }

    /// Faults: `/faults`.
    #[must_use]
    pub fn faults(&self) -> Faults {
        Faults::new(self.clone())
    }

    /// Presets: `/presets`.
    #[must_use]
    pub fn presets(&self) -> Presets {
        Presets::new(self.clone())
    }

    /// Provision scripts: `/provisions`.
    #[must_use]
    pub fn provisions(&self) -> Provisions {
        Provisions::new(self.clone())
    }

    /// Virtual parameter scripts: `/virtual_parameters`.
    #[must_use]
    pub fn virtual_parameters(&self) -> VirtualParameters {
        VirtualParameters::new(self.clone())
    }

    /// Objects: `/objects`.
    #[must_use]
    pub fn objects(&self) -> Objects {
        Objects::new(self.clone())
    }

    /// Settings of the server: `/config`, read only.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings::new(self.clone())
    }

    /// Files: `/files`.
    #[must_use]
    pub fn files(&self) -> Files {
        Files::new(self.clone())
    }

    /// Transfers and other operations under way: `/operations`, as stored.
    pub fn operations(&self) -> List<serde_json::Value> {
        List::new(self.clone(), Collection::Operations)
    }

    /// Has the server ping a host.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a host that is neither a name nor an IPv4 address; [`Error::Api`]
    /// with 500 when the server has no `ping` program.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// use genieacs_nbi::{Client, Credentials, Ping, testing::FakeNbi};
    ///
    /// let fake = FakeNbi::start().await?;
    /// let client = Client::new(fake.url(), Credentials::None)?;
    /// assert!(matches!(client.ping("192.0.2.1").await?, Ping::Reachable { .. }));
    /// assert!(client.ping("-f").await.is_err());
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn ping(&self, host: &str) -> Result<Ping, Error> {
        ping::ping(self, host).await
    }

    /// The server's version and build, such as `1.2.16+26112238e9`; `None` when a proxy drops the
    /// header. One cheap request: also a check that the server answers.
    ///
    /// # Errors
    /// No answer, or one that is none of a GenieACS.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use genieacs_nbi::{Client, Credentials, testing::FakeNbi};
    /// let fake = FakeNbi::start().await?;
    /// let version = Client::new(fake.url(), Credentials::None)?.version().await?;
    /// assert!(version.is_some_and(|version| version.starts_with("1.2.16")));
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn version(&self) -> Result<Option<String>, Error> {
        let response = self
            .request(Method::HEAD, ApiPath::new("presets"))
            .send()
            .await?;
        let response = accepted(response, "server")?;
        Ok(response.header("genieacs-version").map(str::to_owned))
    }

    fn request(&self, method: Method, path: ApiPath) -> RequestBuilder {
        self.http.request(method, path)
    }
}

/// A path of a literal and one name.
fn named_path(literal: &'static str, name: &str) -> Result<ApiPath, Error> {
    ApiPath::new(literal)
        .segment_strict(name)
        .map_err(|_| Error::invalid("path", "has a segment that cannot be addressed"))
}

/// The response when its status is a success; else the error it means. `what` is the thing a 404
/// denies.
fn accepted(response: Response, what: &'static str) -> Result<Response, Error> {
    if response.status().is_success() {
        return Ok(response);
    }
    let text = std::str::from_utf8(response.body()).unwrap_or("").trim();
    match (response.status(), text) {
        (StatusCode::NOT_FOUND, "No such device") => Err(Error::NotFound { what: "device" }),
        (StatusCode::NOT_FOUND, "Task not found") => Err(Error::NotFound { what: "task" }),
        (StatusCode::NOT_FOUND, "404 Not Found") if what == "file" => Err(Error::NotFound { what }),
        (StatusCode::SERVICE_UNAVAILABLE, "Device is in session") => Err(Error::DeviceInSession),
        (_, text) => {
            let mut api = response.to_api_error();
            // Only texts that cannot repeat what was sent.
            if matches!(text, "404 Not Found" | "405 Method Not Allowed") {
                api = api.with_message(text);
            } else if text.starts_with("SyntaxError:") {
                api = api.with_code("SyntaxError");
            }
            Err(Error::Api(Box::new(api)))
        }
    }
}
