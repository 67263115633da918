//! A hub with a journal, an ERPNext, and the work on events begun.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use effect_journal::testing::HandClock;
use effect_journal::{EffectKey, ItemState, Items, Journal, SqliteJournal};
use erpnext_client::testing::{FakeSite, FakeUser};
use erpnext_client::{Client, Dialect, bootstrap::Schema};
use http::Method;
use hub::Hub;
use hub::payments::settle::{Settlement, Trigger, Triggers};
use hub::platform::config::Config;
use integration_core::Clock;
use jiff::Timestamp;
use serde_json::{Value, json};
use stripe_webhooks::testing::{EventBuilder, Payment, SignedEvent};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::support::{Answer, STRANGER, call, noon, settings};

pub(crate) const WHSEC: &str = "whsec_5f1c0a4e9b7d4c2f8a6e3d1b0c9f7e55";
const KEY: &str = "hub-test-key-00";
const SECRET: &str = "hub-test-secret";

/// What flows were told, key by key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told(Arc<Mutex<Vec<(String, Trigger)>>>);

impl Told {
    pub(crate) fn all(&self) -> Vec<(String, Trigger)> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.all().into_iter().map(|(key, _)| key).collect();
        keys.sort();
        keys
    }
}

#[async_trait]
impl Triggers for Told {
    async fn fire(
        &self,
        key: &EffectKey,
        trigger: &Trigger,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        self.0
            .lock()
            .unwrap()
            .push((key.to_string(), trigger.clone()));
        Ok(())
    }
}

/// What a test has before it.
pub(crate) struct Room {
    pub(crate) fake: FakeSite,
    pub(crate) hub: Hub,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) told: Told,
    pub(crate) time: HandClock,
    stop: CancellationToken,
    _folder: TempDir,
}

/// An ERPNext; with the fields of the field service or without.
pub(crate) async fn site(dialect: Dialect, bootstrapped: bool) -> FakeSite {
    let user = FakeUser::new("hub@example.ca").token(KEY, SECRET);
    let user = [
        "System Manager",
        "Accounts Manager",
        "Sales Manager",
        "Support Team",
    ]
    .into_iter()
    .fold(user, FakeUser::role);
    let fake = FakeSite::builder()
        .dialect(dialect)
        .clock(|| Timestamp::try_from(noon()).unwrap())
        .user(user)
        .start()
        .await
        .unwrap();
    fake.insert(
        "Item",
        json!({"item_code": "FIBRE-1G", "item_group": "Services", "stock_uom": "Nos", "is_stock_item": 0}),
    );
    if bootstrapped {
        bootstrap(&fake).await;
    }
    fake
}

pub(crate) async fn bootstrap(fake: &FakeSite) {
    let client = Client::new(fake.url(), fake.credentials()).unwrap();
    let plan = Schema::field_service().plan(&client).await.unwrap();
    plan.apply(&client, |_| {}).await.unwrap();
}

impl Room {
    pub(crate) async fn new() -> Self {
        Self::of(site(Dialect::V16, true).await, &[]).await
    }

    pub(crate) async fn of(fake: FakeSite, more: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let time = HandClock::new();
        let journal = SqliteJournal::builder(folder.path()).clock(time.clock());
        let journal: Arc<dyn Journal> = Arc::new(journal.open().await.unwrap());
        let url = fake.url();
        let mut pairs = vec![
            ("ERPNEXT_URL", url.as_str()),
            ("ERPNEXT_API_KEY", KEY),
            ("ERPNEXT_API_SECRET", SECRET),
            ("STRIPE_WEBHOOK_SECRET", WHSEC),
            ("TRUSTED_PROXIES", "10.0.0.0/24"),
        ];
        pairs.extend(more);
        let config = Config::read(&settings(&pairs)).unwrap();
        let hub = Hub::with_journal(config, Clock::fixed(noon()), Some(journal.clone())).unwrap();
        let (told, stop) = (Told::default(), CancellationToken::new());
        let settlement = Settlement::new(&hub).unwrap().unwrap();
        tokio::spawn(settlement.with_triggers(told.clone()).run(stop.clone()));
        Self {
            fake,
            hub,
            journal,
            told,
            time,
            stop,
            _folder: folder,
        }
    }

    /// A client called so.
    pub(crate) fn customer(&self, name: &str) -> String {
        let customer = json!({"customer_name": name, "customer_type": "Individual"});
        self.fake.insert("Customer", customer).to_string()
    }

    /// A submitted invoice of so many cents, taxes included.
    pub(crate) fn invoice(&self, customer: &str, cents: i64) -> String {
        self.invoice_as(customer, cents, 1)
    }

    #[allow(clippy::cast_precision_loss, reason = "as the site takes it")]
    pub(crate) fn invoice_as(&self, customer: &str, cents: i64, docstatus: i64) -> String {
        // The company adds taxes of its own to what has none: a row that charges nothing.
        let invoice = json!({
            "customer": customer, "due_date": "2026-12-22", "disable_rounded_total": 1,
            "docstatus": docstatus,
            "taxes": [{"charge_type": "Actual", "account_head": "TPS 5% - FB", "description": "-", "tax_amount": 0}],
            "items": [{"item_code": "FIBRE-1G", "qty": 1, "rate": cents as f64 / 100.0}],
        });
        self.fake.insert("Sales Invoice", invoice).to_string()
    }

    /// What is left to pay of an invoice, in cents.
    pub(crate) fn due(&self, invoice: &str) -> i64 {
        cents(&self.fake.document("Sales Invoice", invoice).unwrap()["outstanding_amount"])
    }

    pub(crate) async fn post(&self, body: Vec<u8>, header: &str) -> Answer {
        call(Method::POST, "/webhook/stripe")
            .from(STRANGER)
            .header("stripe-signature", header)
            .header("content-type", "application/json; charset=utf-8")
            .streaming(body.into())
            .send(&self.hub)
            .await
    }

    pub(crate) async fn send(&self, signed: SignedEvent) -> Answer {
        self.post(signed.body, &signed.header).await
    }

    pub(crate) async fn deliver(&self, event: &EventBuilder) {
        let answer = self.send(sign(event)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.json(), json!({"received": true}));
    }

    /// Waits until every event has come to its end, time passing ten times as fast as it does.
    pub(crate) async fn settled(&self) -> effect_journal::Stats {
        self.settled_at(Duration::from_millis(50)).await
    }

    pub(crate) async fn settled_at(&self, step: Duration) -> effect_journal::Stats {
        let limit = tokio::time::Instant::now() + Duration::from_secs(60);
        loop {
            let stats = self.journal.stats().await.unwrap();
            if stats.pending == 0 && stats.leased == 0 {
                return stats;
            }
            assert!(tokio::time::Instant::now() < limit, "{stats:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
            self.time.forward(step);
        }
    }

    /// The Payment Entries that are there, whatever their state.
    pub(crate) fn entries(&self) -> Vec<Value> {
        let year = |number: usize| format!("ACC-PAY-2026-{number:05}");
        let found = (1..=self.fake.count("Payment Entry") + 8)
            .filter_map(|number| self.fake.document("Payment Entry", &year(number)));
        found.collect()
    }

    /// The only one.
    pub(crate) fn entry(&self) -> Value {
        let mut entries = self.entries();
        assert_eq!(entries.len(), 1, "{entries:#?}");
        entries.remove(0)
    }

    pub(crate) fn issues(&self) -> Vec<Value> {
        let found = (1..=self.fake.count("Issue") + 4).filter_map(|number| {
            self.fake
                .document("Issue", &format!("ISS-2026-{number:05}"))
        });
        found.collect()
    }

    /// Why events were given up.
    pub(crate) async fn dead(&self) -> Vec<String> {
        let items = Items::new().state(ItemState::Dead);
        let items = self.journal.items(items).await.unwrap();
        items.into_iter().filter_map(|item| item.error).collect()
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub(crate) fn sign(event: &EventBuilder) -> SignedEvent {
    let now = Timestamp::try_from(noon()).unwrap();
    event.sign(WHSEC, now.as_second())
}

/// An amount of the site in cents.
#[allow(clippy::cast_possible_truncation, reason = "amounts of tests")]
pub(crate) fn cents(amount: &Value) -> i64 {
    (amount.as_f64().unwrap() * 100.0).round() as i64
}

/// A payment of an invoice, as the hub's own checkout describes it.
pub(crate) fn payment(id: &str, invoice: &str, customer: &str, cents: i64) -> Payment {
    Payment::new(id)
        .amount(cents)
        .currency("cad")
        .customer("cus_1")
        .created(1_795_359_000)
        .client_reference_id(invoice)
        .metadata("invoice", invoice)
        .metadata("customer", customer)
}

/// What the metrics count by this name and these labels, in the whole process.
pub(crate) fn counted(hub: &Hub, series: &str) -> BTreeMap<String, u64> {
    let text = hub.metrics().render();
    text.lines()
        .filter(|line| line.starts_with(series))
        .filter_map(|line| {
            let (name, value) = line.rsplit_once(' ')?;
            Some((name.to_owned(), value.parse().ok()?))
        })
        .collect()
}
