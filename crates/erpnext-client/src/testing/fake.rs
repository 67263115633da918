//! The handle of a fake site.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use integration_core::testing::{FakeServer, FakeServerBuilder, Faults};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::{Value, json};
use wiremock::MockServer;

use super::Isp;
use super::ratelimit::RateLimit;
use super::respond::Responder;
use super::site::{Clock, Cx, Doc, Site};
use super::store::Store;
use super::users::FakeUser;
use super::webhooks::{FakeWebhook, WebhookDelivery, Worker};
use crate::{Credentials, Dialect, DocName};

const ADMIN_KEY: &str = "0a1b2c3d4e5f6a7";
const ADMIN_SECRET: &str = "7a6f5e4d3c2b1a0";
const ADMIN_PASSWORD: &str = "admin";

/// The site behind its lock.
#[derive(Clone, Debug)]
pub(super) struct Shared(Arc<Mutex<Site>>);

impl Shared {
    pub(super) fn lock<T>(&self, act: impl FnOnce(&mut Site) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A request that a [`FakeSite`] received.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path as it came, percent-encoded.
    pub path: String,
    /// Query parameters, decoded.
    pub query: Vec<(String, String)>,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body, at most 64 KiB of it.
    pub body: Vec<u8>,
}

/// A Frappe site on a loopback port, which ends with this value.
///
/// It has the doctypes of ERPNext that an Internet provider uses, one company, and an
/// Administrator whose keys [`credentials`](Self::credentials) gives.
///
/// It carries out one request after the other. Of several payments of one invoice submitted at
/// the same moment, a real site books every one and the invoice is overpaid; here all but the
/// first are refused as on a real site that gets them in turn. A caller must not lean on that
/// refusal: one payment of an invoice at a time is the caller's own lock.
///
/// # Examples
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use erpnext_client::testing::FakeSite;
/// use serde_json::json;
///
/// let fake = FakeSite::start().await?;
/// let name = fake.insert("ToDo", json!({"description": "Splice the drop"}));
/// assert_eq!(fake.document("ToDo", name.as_str()).unwrap()["status"], "Open");
/// # Ok::<(), std::io::Error>(()) }).unwrap();
/// ```
#[derive(Debug)]
pub struct FakeSite {
    server: FakeServer,
    state: Shared,
    worker: Worker,
}

/// Settings of a [`FakeSite`].
///
/// # Examples
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use erpnext_client::{Dialect, testing::FakeSite};
///
/// let fake = FakeSite::builder().dialect(Dialect::V15).traceback(false).start().await?;
/// assert!(fake.url().starts_with("http://127.0.0.1:"));
/// # Ok::<(), std::io::Error>(()) }).unwrap();
/// ```
#[must_use]
pub struct FakeSiteBuilder {
    server: FakeServerBuilder,
    site: Site,
    seed: Option<Isp>,
    zone: Option<TimeZone>,
    clock: Option<Clock>,
    pauses: [Duration; 2],
}

impl fmt::Debug for FakeSiteBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeSiteBuilder").finish_non_exhaustive()
    }
}

impl Default for FakeSiteBuilder {
    fn default() -> Self {
        let mut site = Site::new(Store::new(), system_clock(Span::new()));
        let administrator = FakeUser::new("Administrator")
            .token(ADMIN_KEY, ADMIN_SECRET)
            .password(ADMIN_PASSWORD);
        site.users.add(administrator);
        Self {
            server: FakeServer::builder(),
            site,
            seed: None,
            zone: None,
            clock: None,
            pauses: [Duration::from_secs(1), Duration::from_secs(4)],
        }
    }
}

impl FakeSiteBuilder {
    /// How it speaks; [`Dialect::V16`] unless set.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// use erpnext_client::Dialect;
    ///
    /// let fake = FakeSite::builder().dialect(Dialect::V15).start().await?;
    /// assert_eq!(fake.dialect(), Dialect::V15);
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.site.dialect = dialect;
        self
    }

    /// Whether errors come with tracebacks, as on a developer's site; on unless set.
    pub fn traceback(mut self, allowed: bool) -> Self {
        self.site.traceback = allowed;
        self
    }

    /// Time zone of the site; the seed's, or `America/Toronto`, unless set.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// let zone = jiff::tz::TimeZone::UTC;
    /// let fake = FakeSite::builder().zone(zone).start().await?;
    /// let settings = fake.document("System Settings", "System Settings").unwrap_or_default();
    /// assert_eq!(settings["time_zone"], "UTC");
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn zone(mut self, zone: TimeZone) -> Self {
        self.zone = Some(zone);
        self
    }

    /// Fills it with the books of an invented provider. Unless there is a clock of its own, it
    /// is the provider's "today" on the site from its start on.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// use erpnext_client::testing::Isp;
    ///
    /// let fake = FakeSite::builder().seed(Isp::new(10)).start().await?;
    /// assert_eq!(fake.count("Customer"), 10);
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn seed(mut self, isp: Isp) -> Self {
        self.seed = Some(isp);
        self
    }

    /// Where the time comes from; the system's clock unless set.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// let noon = "2026-05-04T16:00:00Z".parse().unwrap_or_default();
    /// let fake = FakeSite::builder().clock(move || noon).start().await?;
    /// let name = fake.insert("ToDo", json!({"description": "x"}));
    /// let todo = fake.document("ToDo", name.as_str()).unwrap_or_default();
    /// assert_eq!(todo["creation"], "2026-05-04 12:00:00");
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn clock(mut self, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Some(Clock(Box::new(now)));
        self
    }

    /// Answers to this host alone, by `Host` or `X-Frappe-Site-Name`; to any unless set.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.site.host = Some(host.into());
        self
    }

    /// Adds a user.
    pub fn user(mut self, user: FakeUser) -> Self {
        self.site.users.add(user);
        self
    }

    /// Adds a webhook.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// use erpnext_client::testing::FakeWebhook;
    ///
    /// let hook = FakeWebhook::new("Customer", "on_update", "http://127.0.0.1:9/hook");
    /// let fake = FakeSite::builder().webhook(hook).start().await?;
    /// assert!(fake.webhook_deliveries().is_empty());
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn webhook(mut self, webhook: FakeWebhook) -> Self {
        self.site.hooks.add(webhook);
        self
    }

    /// What a webhook waits before its second and third try; 1 s and 4 s unless set.
    pub fn webhook_pauses(mut self, second: Duration, third: Duration) -> Self {
        self.pauses = [second, third];
        self
    }

    /// Sets the address to listen on; a free loopback port unless set.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.server = self.server.address(address);
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// The address is in use or not of this machine.
    pub async fn start(mut self) -> std::io::Result<FakeSite> {
        self.furnish();
        let worker = Worker::start(&mut self.site.hooks, self.pauses);
        let state = Shared(Arc::new(Mutex::new(self.site)));
        let server = self.server.start(Responder(state.clone())).await?;
        Ok(FakeSite {
            server,
            state,
            worker,
        })
    }
}

impl FakeSiteBuilder {
    /// Puts the seed, the zone and the clock into the site.
    fn furnish(&mut self) {
        let site = &mut self.site;
        if let Some(isp) = self.seed.take() {
            site.store = isp.store();
            site.zone = isp.time_zone().clone();
            let days = site.time().date().until(isp.day()).unwrap_or_default();
            site.clock = system_clock(Span::new().hours(i64::from(days.get_days()) * 24));
        }
        if let Some(zone) = self.zone.take() {
            site.zone = zone;
        }
        if let Some(clock) = self.clock.take() {
            site.clock = clock;
        }
        site.zone_name = site.zone.iana_name().unwrap_or("UTC").to_owned();
        let zone = [("time_zone", json!(site.zone_name))];
        // There is always a System Settings.
        let _ = site.db_set("System Settings", "System Settings", zone);
        site.journal.clear();
    }
}

/// The system's clock, so many hours ahead.
fn system_clock(ahead: Span) -> Clock {
    let system = integration_core::Clock::system();
    Clock(Box::new(move || {
        let now = Timestamp::try_from(system.now()).unwrap_or(Timestamp::UNIX_EPOCH);
        now.checked_add(ahead).unwrap_or(now)
    }))
}

impl FakeSite {
    /// Starts a new site of version 16 on a free loopback port.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start() -> std::io::Result<Self> {
        Self::builder().start().await
    }

    /// Begins one with settings.
    pub fn builder() -> FakeSiteBuilder {
        FakeSiteBuilder::default()
    }

    /// Its address, as base URL of a client.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The API key of its Administrator.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// # let fake = FakeSite::start().await?;
    /// let text = format!("{:?}", fake.credentials());
    /// assert!(text.starts_with("Token"));
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        Credentials::token(ADMIN_KEY, ADMIN_SECRET)
    }

    /// The password of its Administrator, for the login page.
    #[must_use]
    pub fn session_credentials(&self) -> Credentials {
        Credentials::session("Administrator", ADMIN_PASSWORD)
    }

    /// How it speaks.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.state.lock(|site| site.dialect)
    }

    /// Creates a document as the Administrator would, with all its rules, and answers its name.
    ///
    /// # Panics
    /// The site refuses the document: a mistake in a test shows where it is made.
    #[track_caller]
    #[allow(clippy::must_use_candidate, reason = "called for what it does")]
    pub fn insert(&self, doctype: &str, document: Value) -> DocName {
        match self.try_insert(doctype, document) {
            Ok(name) => name,
            Err(refusal) => panic!("the site refuses this {doctype}: {refusal}"),
        }
    }

    /// Creates a document, or says why not: exception and text.
    ///
    /// # Errors
    /// What the site would have answered, as one line.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// # let fake = FakeSite::start().await?;
    /// let refused = fake.try_insert("ToDo", json!({})).unwrap_err();
    /// assert!(refused.starts_with("MandatoryError: "));
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn try_insert(&self, doctype: &str, document: Value) -> Result<DocName, String> {
        let given = match document {
            Value::Object(given) => given,
            _ => Doc::new(),
        };
        let created = self.as_administrator(|site, cx| site.create(cx, doctype, &given))?;
        Ok(DocName::answered(super::coerce::text(&created, "name")))
    }

    /// A document as a request would read it now, nulls included.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// # let fake = FakeSite::start().await?;
    /// let canada = fake.document("Country", "CANADA").unwrap_or_default();
    /// assert_eq!(canada["name"], "Canada");
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn document(&self, doctype: &str, name: &str) -> Option<Value> {
        self.state.lock(|site| {
            let schema = site.store.schema(doctype)?;
            let doc = site.load(doctype, name)?;
            Some(site.wire(schema, doc, true))
        })
    }

    /// Merges values into a document, past all rules and without a new time stamp: as somebody
    /// with the database open would. `false` when there is none.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// # let fake = FakeSite::start().await?;
    /// let name = fake.insert("ToDo", json!({"description": "x"}));
    /// assert!(fake.set("ToDo", name.as_str(), json!({"modified": "2026-05-04 08:30:00"})));
    /// assert!(!fake.set("ToDo", "none", json!({})));
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        reason = "called for what it does, with json!(…)"
    )]
    pub fn set(&self, doctype: &str, name: &str, values: Value) -> bool {
        self.state.lock(|site| {
            let Some(before) = site.load(doctype, name) else {
                return false;
            };
            let mut after = before.clone();
            after.append(&mut values.as_object().cloned().unwrap_or_default());
            site.store.update(doctype, name, after).is_ok()
        })
    }

    /// Saves a document as another user would meanwhile: its time stamp moves on.
    ///
    /// # Panics
    /// The site refuses the change.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// # let fake = FakeSite::start().await?;
    /// let name = fake.insert("ToDo", json!({"description": "x"}));
    /// let modified = || fake.document("ToDo", name.as_str()).unwrap_or_default()["modified"].clone();
    /// let before = modified();
    /// fake.touch("ToDo", name.as_str(), json!({"priority": "Low"}));
    /// assert_ne!(modified(), before);
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    #[track_caller]
    #[allow(
        clippy::needless_pass_by_value,
        reason = "written as json!(…) where it is called"
    )]
    pub fn touch(&self, doctype: &str, name: &str, changes: Value) {
        let given = changes.as_object().cloned().unwrap_or_default();
        let changed = self.as_administrator(|site, cx| site.change(cx, doctype, name, &given));
        if let Err(refusal) = changed {
            panic!("the site refuses this change of {doctype} {name}: {refusal}");
        }
    }

    fn as_administrator<T>(
        &self,
        act: impl FnOnce(&mut Site, &mut Cx) -> Result<T, super::failure::Failure>,
    ) -> Result<T, String> {
        self.state.lock(|site| {
            let mut cx = Cx {
                user: "Administrator".to_owned(),
                base: self.url(),
                messages: Vec::new(),
            };
            let outcome = site.savepoint(|site| act(site, &mut cx));
            site.journal.clear();
            site.dispatch();
            outcome.map_err(|failure| format!("{}: {}", failure.exc_type, failure.text))
        })
    }

    /// How many documents of a doctype there are.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// # let fake = FakeSite::start().await?;
    /// fake.insert("ToDo", json!({"description": "x"}));
    /// assert_eq!(fake.count("ToDo"), 1);
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn count(&self, doctype: &str) -> usize {
        self.state.lock(|site| site.store.count_rows(doctype))
    }

    /// Adds a user, or replaces the one of the same name.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// # let fake = FakeSite::start().await?;
    /// use erpnext_client::testing::{FakeUser, Right};
    ///
    /// fake.user(FakeUser::new("zoe@example.ca").token("k", "s").allow("ToDo", [Right::Read]));
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn user(&self, user: FakeUser) {
        self.state.lock(|site| site.users.add(user));
    }

    /// Adds a webhook; a Webhook document does the same.
    pub fn webhook(&self, webhook: FakeWebhook) {
        self.state.lock(|site| site.hooks.add(webhook));
    }

    /// Waits until every webhook announced so far has been sent, or given up.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// # let fake = FakeSite::start().await?;
    /// fake.webhooks_sent().await;
    /// assert!(fake.webhook_deliveries().is_empty());
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub async fn webhooks_sent(&self) {
        self.worker.idle().await;
    }

    /// What became of the last webhooks, at most 1000, in the order in which they ended.
    #[must_use]
    pub fn webhook_deliveries(&self) -> Vec<WebhookDelivery> {
        self.worker.deliveries()
    }

    /// Ends all sessions: the next request of each finds it expired.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// # let fake = FakeSite::start().await?;
    /// fake.expire_sessions();
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn expire_sessions(&self) {
        self.state.lock(|site| site.users.sessions.clear());
    }

    /// Sets a rate limit: so much processing time in every window, of which each request is taken
    /// to need `each`.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// # let fake = FakeSite::start().await?;
    /// use std::time::Duration;
    ///
    /// // One request a minute.
    /// let second = Duration::from_secs(1);
    /// fake.rate_limit(second, Duration::from_secs(60), second);
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn rate_limit(&self, limit: Duration, window: Duration, each: Duration) {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let rate = RateLimit {
            budget: micros(limit),
            window: window.as_secs().max(1),
            cost: micros(each),
            used: (0, 0),
        };
        self.state.lock(|site| site.rate = Some(rate));
    }

    /// The next so many writes end in a deadlock: 500 `QueryDeadlockError`, nothing done.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// # let fake = FakeSite::start().await?;
    /// fake.deadlock(1);
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn deadlock(&self, times: u32) {
        self.state.lock(|site| site.deadlocks = times);
    }

    /// The next so many requests are answered by a page of HTML with this status, as a proxy in
    /// front does; the site does not see them.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// # let fake = FakeSite::start().await?;
    /// fake.html_error(502, 1);
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn html_error(&self, status: u16, times: u32) {
        self.state.lock(|site| site.pages = Some((status, times)));
    }

    /// Sets the clock.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// # let fake = FakeSite::start().await?;
    /// let noon = "2026-05-04T16:00:00Z".parse().unwrap_or_default();
    /// fake.set_clock(move || noon);
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn set_clock(&self, now: impl Fn() -> Timestamp + Send + Sync + 'static) {
        self.state.lock(|site| site.clock = Clock(Box::new(now)));
    }

    /// The last requests, at most 1000, oldest first.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// # let fake = FakeSite::start().await?;
    /// assert!(fake.requests().is_empty());
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.state.lock(|site| site.log.iter().cloned().collect())
    }

    /// Forgets the requests seen so far.
    pub fn clear_requests(&self) {
        self.state.lock(|site| site.log.clear());
    }

    /// The switchboard of network faults: delays, resets, lost and truncated answers.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use erpnext_client::testing::FakeSite;
    /// # use serde_json::json;
    /// # let fake = FakeSite::start().await?;
    /// use integration_core::testing::{Fault, FaultRule};
    ///
    /// // The next write is carried out, and its answer lost.
    /// let lost = FaultRule::new(Fault::ResetAfterCommit).on(http::Method::POST).times(1);
    /// fake.faults().add(lost);
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn faults(&self) -> &Faults {
        self.server.faults()
    }

    /// The wiremock server behind, for mocks and expectations of one's own.
    #[must_use]
    pub fn mock_server(&self) -> &MockServer {
        self.server.mock()
    }
}
