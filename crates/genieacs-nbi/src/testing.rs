//! A stateful northbound interface on a loopback port, quirks included.
//!
//! [`FakeNbi`] answers as GenieACS 1.2.16 does: rewritten queries, reason phrases, 200 for writes
//! that change nothing, and connections closed without a byte for what would crash a worker. Behind
//! each device stands a simulated CPE ([`Cpe`]). [`FakeNbi::faults`] makes the network fail.

mod cpe;
mod filter;
mod project;
mod respond;
mod state;
mod table;
mod validate;

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use integration_core::testing::{FakeServer, FakeServerBuilder, Faults};
use jiff::Timestamp;
use serde_json::Value;
use wiremock::MockServer;

pub use cpe::Cpe;
pub use state::LoggedRequest;

use state::State;

/// A GenieACS northbound interface for tests, which ends with this value.
///
/// # Examples
/// ```
/// use genieacs_nbi::testing::{Cpe, FakeNbi};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let fake = FakeNbi::start().await?;
/// fake.seed(serde_json::json!({
///     "_id": "202BC1-BM632w-0001",
///     "_deviceId": {"_Manufacturer": "Acme", "_OUI": "202BC1", "_ProductClass": "BM632w", "_SerialNumber": "0001"},
///     "Device": {"DeviceInfo": {"UpTime": {"_object": false, "_writable": false, "_value": 10, "_type": "xsd:unsignedInt"}}},
/// }));
/// // The CPE counts on whenever it is read.
/// fake.on_refresh(|document, _path, _now| {
///     if let Some(uptime) = document.pointer_mut("/Device/DeviceInfo/UpTime/_value") {
///         *uptime = (uptime.as_i64().unwrap_or(0) + 60).into();
///     }
/// });
/// fake.cpe("202BC1-BM632w-0001", Cpe::Answers);
/// assert!(fake.url().starts_with("http://127.0.0.1:"));
/// # Ok::<(), std::io::Error>(()) }).unwrap();
/// ```
#[derive(Debug)]
pub struct FakeNbi {
    server: FakeServer,
    state: Shared,
}

/// The state, shared with the responder.
#[derive(Clone)]
struct Shared(Arc<Mutex<State>>);

impl Shared {
    fn lock<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State")
    }
}

/// Settings of a [`FakeNbi`].
#[derive(Debug, Default)]
#[must_use]
pub struct FakeNbiBuilder {
    server: FakeServerBuilder,
    state: State,
}

impl FakeNbiBuilder {
    /// Sets the address to listen on; a free loopback port unless set.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let fake = genieacs_nbi::testing::FakeNbi::builder().address(([127, 0, 0, 1], 0).into()).start().await?;
    /// # drop(fake);
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.server = self.server.address(address);
        self
    }

    /// Keeps every request for wiremock's `received_requests`; [`FakeNbi::requests`] needs no such.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let fake = genieacs_nbi::testing::FakeNbi::builder().record_requests(true).start().await?;
    /// # drop(fake);
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn record_requests(mut self, record: bool) -> Self {
        self.server = self.server.record_requests(record);
        self
    }

    /// How long a crashing worker leaves its client waiting: 21 s in reality, nothing unless set.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let fake = genieacs_nbi::testing::FakeNbi::builder().crash_hang(std::time::Duration::from_secs(21)).start().await?;
    /// # drop(fake);
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn crash_hang(mut self, time: Duration) -> Self {
        self.state.crash_hang = time;
        self
    }

    /// Answers without reason phrases, as behind a proxy that drops them.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let fake = genieacs_nbi::testing::FakeNbi::builder().without_reason_phrases().start().await?;
    /// # drop(fake);
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn without_reason_phrases(mut self) -> Self {
        self.state.reasons = false;
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// The address is in use or not of this machine.
    pub async fn start(self) -> std::io::Result<FakeNbi> {
        let state = Shared(Arc::new(Mutex::new(self.state)));
        let server = self.server.start(respond::Responder(state.clone())).await?;
        Ok(FakeNbi { server, state })
    }
}

impl FakeNbi {
    /// Starts an empty one on a free loopback port.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start() -> std::io::Result<Self> {
        Self::builder().start().await
    }

    /// Begins one with settings.
    pub fn builder() -> FakeNbiBuilder {
        FakeNbiBuilder::default()
    }

    /// Its address, as base URL of a client.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let fake = genieacs_nbi::testing::FakeNbi::start().await?;
    /// assert!(fake.url().starts_with("http://127.0.0.1:"));
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Adds a device document, or replaces the one of the same `_id`, which is made from `_deviceId`
    /// when absent. A device that has never informed does not exist: absent dates become now.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let fake = genieacs_nbi::testing::FakeNbi::start().await?;
    /// fake.seed(serde_json::json!({"_deviceId": {"_OUI": "A0B1C2", "_ProductClass": "ONT 5", "_SerialNumber": "1"}}));
    /// assert!(fake.document("A0B1C2-ONT%205-1").is_some());
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn seed(&self, document: Value) {
        self.state.lock(|state| state.seed(document));
    }

    /// Adds several devices.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let fake = genieacs_nbi::testing::FakeNbi::start().await?;
    /// fake.seed_many((0..300).map(|n| serde_json::json!({"_id": format!("A0B1C2-{n}")})));
    /// assert_eq!(fake.documents("devices").len(), 300);
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn seed_many(&self, documents: impl IntoIterator<Item = Value>) {
        self.state.lock(|state| {
            for document in documents {
                state.seed(document);
            }
        });
    }

    /// Stores a document in another collection (`faults`, `presets`, `config`, …) as it is. It needs
    /// an `_id`; unknown collections are ignored.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let fake = genieacs_nbi::testing::FakeNbi::start().await?;
    /// fake.put("config", serde_json::json!({"_id": "cwmp.deviceOnlineThreshold", "value": "4000"}));
    /// assert_eq!(fake.documents("config").len(), 1);
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn put(&self, collection: &str, document: Value) {
        self.state.lock(|state| {
            if let Some(table) = state.tables.get_mut(collection) {
                table.put(document);
            }
        });
    }

    /// A device's document as it is now.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let fake = genieacs_nbi::testing::FakeNbi::start().await?;
    /// fake.seed(serde_json::json!({"_id": "A0B1C2-1", "_tags": ["fibre"]}));
    /// let document = fake.document("A0B1C2-1").unwrap_or_default();
    /// assert_eq!(document["_tags"][0], "fibre");
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn document(&self, id: &str) -> Option<Value> {
        self.state.lock(|state| {
            state.settle();
            state.tables.get("devices")?.get(id).cloned()
        })
    }

    /// All documents of a collection, by the name the route has after camel-casing (`devices`,
    /// `tasks`, `virtualParameters`, …).
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let fake = genieacs_nbi::testing::FakeNbi::start().await?;
    /// assert!(fake.documents("tasks").is_empty());
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn documents(&self, collection: &str) -> Vec<Value> {
        self.state.lock(|state| {
            state.settle();
            let table = state.tables.get(collection);
            table
                .map(|table| table.rows().cloned().collect())
                .unwrap_or_default()
        })
    }

    /// Changes a device's document, as the CPE would by itself. `false` when there is none.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let fake = genieacs_nbi::testing::FakeNbi::start().await?;
    /// fake.seed(serde_json::json!({"_id": "A0B1C2-1"}));
    /// assert!(fake.modify("A0B1C2-1", |document| document["_tags"] = serde_json::json!(["moved"])));
    /// assert!(!fake.modify("A0B1C2-2", |_| ()));
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn modify(&self, id: &str, change: impl FnOnce(&mut Value)) -> bool {
        self.state.lock(|state| {
            let row = state
                .tables
                .get_mut("devices")
                .and_then(|table| table.get_mut(id));
            row.map(change).is_some()
        })
    }

    /// How the CPE of a device behaves from now on; [`Cpe::Answers`] unless told.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let fake = genieacs_nbi::testing::FakeNbi::start().await?;
    /// use genieacs_nbi::testing::Cpe;
    ///
    /// fake.cpe("A0B1C2-1", Cpe::Faults { code: 9002, string: "Internal error".into() });
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn cpe(&self, id: impl Into<String>, behaviour: Cpe) {
        self.state.lock(|state| {
            state.cpes.insert(id.into(), behaviour);
        });
    }

    /// How CPEs behave that were not told.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let fake = genieacs_nbi::testing::FakeNbi::start().await?;
    /// fake.default_cpe(genieacs_nbi::testing::Cpe::Offline);
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn default_cpe(&self, behaviour: Cpe) {
        self.state.lock(|state| state.default_cpe = behaviour);
    }

    /// Called before a CPE is read, with the document, the path being read (`""` is all) and the
    /// time, so that values may move. It must not call the fake itself.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let fake = genieacs_nbi::testing::FakeNbi::start().await?;
    /// fake.on_refresh(|document, path, now| {
    ///     if path.is_empty() {
    ///         document["_read"] = now.to_string().into();
    ///     }
    /// });
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn on_refresh(&self, hook: impl FnMut(&mut Value, &str, Timestamp) + Send + 'static) {
        self.state
            .lock(|state| state.on_refresh = Some(Box::new(hook)));
    }

    /// Sets the clock; the system's unless set.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let fake = genieacs_nbi::testing::FakeNbi::start().await?;
    /// let noon = "2026-11-22T12:00:00Z".parse().unwrap_or_default();
    /// fake.set_clock(move || noon);
    /// fake.seed(serde_json::json!({"_id": "A0B1C2-1"}));
    /// let document = fake.document("A0B1C2-1").unwrap_or_default();
    /// assert_eq!(document["_lastInform"], "2026-11-22T12:00:00.000Z");
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn set_clock(&self, now: impl Fn() -> Timestamp + Send + Sync + 'static) {
        self.state.lock(|state| state.clock = Arc::new(now));
    }

    /// The CPE informs by itself: it opens a session, and its due tasks run.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let fake = genieacs_nbi::testing::FakeNbi::start().await?;
    /// fake.seed(serde_json::json!({"_id": "A0B1C2-1", "_lastInform": "2026-01-01T00:00:00.000Z"}));
    /// fake.inform("A0B1C2-1");
    /// let document = fake.document("A0B1C2-1").unwrap_or_default();
    /// assert_ne!(document["_lastInform"], "2026-01-01T00:00:00.000Z");
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn inform(&self, id: &str) {
        self.state.lock(|state| state.session(id));
    }

    /// How long a CPE takes to end a download; the next request finds it ended unless set.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let fake = genieacs_nbi::testing::FakeNbi::start().await?;
    /// fake.transfer_time(std::time::Duration::from_secs(90));
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn transfer_time(&self, time: Duration) {
        self.state.lock(|state| state.transfer_time = time);
    }

    /// A host that `ping` does not reach.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let fake = genieacs_nbi::testing::FakeNbi::start().await?;
    /// fake.unreachable_host("192.0.2.7");
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn unreachable_host(&self, host: impl Into<String>) {
        self.state.lock(|state| {
            state.unreachable.insert(host.into());
        });
    }

    /// The last requests, at most 1000, oldest first.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let fake = genieacs_nbi::testing::FakeNbi::start().await?;
    /// assert!(fake.requests().is_empty());
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.state.lock(|state| state.log.iter().cloned().collect())
    }

    /// How many workers have crashed.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let fake = genieacs_nbi::testing::FakeNbi::start().await?;
    /// assert_eq!(fake.crashes(), 0);
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn crashes(&self) -> u64 {
        self.state.lock(|state| state.crashes)
    }

    /// The switchboard of network faults: delays, resets, lost and truncated answers.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let fake = genieacs_nbi::testing::FakeNbi::start().await?;
    /// use integration_core::testing::{Fault, FaultRule};
    ///
    /// // The next answer breaks off after 100 bytes.
    /// fake.faults().add(FaultRule::new(Fault::Truncate(100)).times(1));
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn faults(&self) -> &Faults {
        self.server.faults()
    }

    /// The wiremock server behind, for mocks and expectations of one's own.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let fake = genieacs_nbi::testing::FakeNbi::start().await?;
    /// use wiremock::{Mock, ResponseTemplate, matchers::path};
    ///
    /// // A maintenance page of the proxy before it.
    /// let page = ResponseTemplate::new(503).set_body_string("maintenance");
    /// Mock::given(path("/presets")).respond_with(page).mount(fake.mock_server()).await;
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn mock_server(&self) -> &MockServer {
        self.server.mock()
    }
}
