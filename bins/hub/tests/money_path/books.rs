//! An ERPNext, fake or real, behind a proxy that fails.

use std::net::SocketAddr;

use erpnext_client::bootstrap;
use erpnext_client::testing::{FakeSite, FakeUser};
use erpnext_client::value::Decimal;
use erpnext_client::{Changes, Client, Credentials, DocName, DocStatus, Doctype, Document, Filter};
use http::StatusCode;
use integration_core::testing::{Fault, FaultRule, FaultyProxy};
use serde_json::json;

use crate::hub::{TOKEN, WHSEC};
use crate::random::Random;

const KEY: &str = "hub-test-key-00";
const SECRET: &str = "hub-test-secret";
const REFERENCE: &str = "custom_psp_reference";

/// A payment of (a part of) an invoice.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) intent: String,
    pub(crate) invoice: String,
    pub(crate) customer: String,
    pub(crate) cents: i64,
}

/// What became of one.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) reference: String,
    pub(crate) kind: String,
    pub(crate) submitted: bool,
    pub(crate) cents: i64,
    pub(crate) allocated: i64,
    pub(crate) unallocated: i64,
}

#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Payment Entry")]
struct Row {
    name: DocName,
    docstatus: DocStatus,
    payment_type: Option<String>,
    custom_psp_reference: Option<String>,
    paid_amount: Option<Decimal>,
    total_allocated_amount: Option<Decimal>,
    unallocated_amount: Option<Decimal>,
}

#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Sales Invoice")]
struct Due {
    name: DocName,
    outstanding_amount: Option<Decimal>,
}

pub(crate) struct Books {
    /// Held for as long as it is needed.
    _fake: Option<FakeSite>,
    proxy: FaultyProxy,
    /// Past the proxy.
    client: Client,
    key: String,
    secret: String,
    /// In the name of everything that is made.
    tag: String,
    invoices: std::sync::Mutex<Vec<String>>,
}

#[allow(
    clippy::disallowed_methods,
    reason = "a real site is named by who runs the test"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn cents(amount: Option<Decimal>) -> i64 {
    let cents = amount.unwrap_or_default() * Decimal::from(100);
    assert!(cents.is_integer(), "{cents}");
    cents.try_into().unwrap()
}

impl Books {
    pub(crate) async fn open() -> Self {
        let real = variable("ERPNEXT_TEST_URL");
        let (fake, url, key, secret) = match real {
            Some(url) => {
                let of = |name: &str| variable(name).unwrap();
                (None, url, of("ERPNEXT_TEST_KEY"), of("ERPNEXT_TEST_SECRET"))
            }
            None => {
                let user = FakeUser::new("hub@example.ca").token(KEY, SECRET);
                let user = [
                    "System Manager",
                    "Accounts Manager",
                    "Sales Manager",
                    "Support Team",
                ]
                .into_iter()
                .fold(user, FakeUser::role);
                let fake = FakeSite::builder().user(user).start().await.unwrap();
                let url = fake.url();
                (Some(fake), url, KEY.to_owned(), SECRET.to_owned())
            }
        };
        let upstream: SocketAddr = url
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .parse()
            .unwrap();
        let proxy = FaultyProxy::start(upstream).await.unwrap();
        let client = Client::new(url, Credentials::token(&key, secret.as_str())).unwrap();
        furnish(&client).await;
        Self {
            _fake: fake,
            proxy,
            key,
            secret,
            tag: format!("{:x}x{}", std::process::id(), moment()),
            client,
            invoices: std::sync::Mutex::default(),
        }
    }

    /// Makes customers and submitted invoices: of five payments two pay one invoice together.
    pub(crate) async fn invoices(&self, payments: usize, random: &mut Random) -> Vec<Payment> {
        let mut paid: Vec<Payment> = Vec::new();
        let mut customer = String::new();
        while paid.len() < payments {
            let number = paid.len();
            if number.is_multiple_of(10) {
                customer = self.customer(number).await;
            }
            let (invoice, due) = self.invoice(&customer, random.between(1_000, 25_000)).await;
            let first = if number % 5 == 3 && number + 1 < payments {
                due / 3
            } else {
                due
            };
            for cents in [first, due - first] {
                if cents > 0 {
                    paid.push(Payment {
                        intent: self.reference("pi", paid.len()),
                        invoice: invoice.clone(),
                        customer: customer.clone(),
                        cents,
                    });
                }
            }
            self.invoices.lock().unwrap().push(invoice);
        }
        paid
    }

    pub(crate) async fn customer(&self, number: usize) -> String {
        let customer = Changes::new()
            .set("customer_name", format!("Client {} {number}", self.tag))
            .set("customer_type", "Individual");
        name(
            &self
                .client
                .documents("Customer")
                .insert(&customer)
                .await
                .unwrap(),
        )
    }

    /// A submitted invoice, and what is due of it: the site may have added taxes.
    #[allow(clippy::cast_precision_loss, reason = "as the site takes it")]
    pub(crate) async fn invoice(&self, customer: &str, cents_net: u64) -> (String, i64) {
        let invoice = Changes::new()
            .set("customer", customer)
            .set("disable_rounded_total", 1)
            .set("docstatus", 1)
            .set(
                "items",
                json!([{"item_code": ITEM, "qty": 1, "rate": cents_net as f64 / 100.0}]),
            );
        let made = self
            .client
            .documents("Sales Invoice")
            .insert(&invoice)
            .await
            .unwrap();
        let due = made.read::<Decimal>("outstanding_amount").unwrap();
        (name(&made), cents(due))
    }

    pub(crate) fn invoiced(&self) -> usize {
        self.invoices.lock().unwrap().len()
    }

    /// From now on 10 % of all requests are answered 500, of 5 % the answer is lost once they are
    /// carried out, 5 % hang.
    pub(crate) fn break_down(&self, random: &mut Random) {
        let error = Fault::Status(StatusCode::INTERNAL_SERVER_ERROR, String::new());
        let faults = self.proxy.faults();
        // Another course for another seed.
        for _ in 0..random.between(0, 50) {
            let _ = faults.meet(&http::Method::GET, "/");
        }
        faults.add(FaultRule::new(error).per_mille(100));
        faults.add(FaultRule::new(Fault::ResetAfterCommit).per_mille(50));
        faults.add(FaultRule::new(Fault::Hang).per_mille(50));
    }

    pub(crate) fn mend(&self) {
        self.proxy.faults().clear();
    }

    /// The settings of a hub that works with it.
    pub(crate) fn settings(&self) -> Vec<(String, String)> {
        [
            ("ERPNEXT_URL", self.proxy.url().as_str()),
            ("ERPNEXT_API_KEY", &self.key),
            ("ERPNEXT_API_SECRET", &self.secret),
            ("STRIPE_WEBHOOK_SECRET", WHSEC),
            ("INTERNAL_TOKEN", TOKEN),
            ("TRUSTED_PROXIES", "127.0.0.1"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// References of this run: the underscore stands for any one character.
    fn ours(&self, prefix: &str) -> Filter {
        Filter::like(REFERENCE, format!("{prefix}_{}n%", self.tag))
    }

    /// A reference that no other run has.
    pub(crate) fn reference(&self, prefix: &str, number: usize) -> String {
        format!("{prefix}_{}n{number:05}", self.tag)
    }

    /// How many submitted entries of payments there are.
    pub(crate) async fn count(&self) -> usize {
        let entries = self.client.docs::<Row>().list();
        let entries = entries
            .filter(self.ours("pi"))
            .filter(Filter::eq("docstatus", 1));
        usize::try_from(entries.count().await.unwrap()).unwrap()
    }

    /// All entries of payments (`pi`) or refunds (`re`), by their references.
    pub(crate) async fn entries(&self, prefix: &str) -> Vec<Entry> {
        let rows = self.client.docs::<Row>().list().filter(self.ours(prefix));
        let entries = rows.all().await.unwrap().into_iter().map(|row| Entry {
            reference: row.custom_psp_reference.unwrap(),
            kind: row.payment_type.unwrap(),
            submitted: row.docstatus == DocStatus::Submitted,
            cents: cents(row.paid_amount),
            allocated: cents(row.total_allocated_amount),
            unallocated: cents(row.unallocated_amount),
        });
        let mut entries: Vec<Entry> = entries.collect();
        entries.sort_by(|one, other| one.reference.cmp(&other.reference));
        entries
    }

    /// The subjects of the Issues that speak of one of ours.
    pub(crate) async fn issues(&self) -> Vec<String> {
        let issues = self.client.documents("Issue").list().field("subject");
        let issues = issues.filter(Filter::like("subject", format!("%{}n%", self.tag)));
        let issues = issues.all().await.unwrap();
        issues
            .iter()
            .map(|issue| issue.text("subject").unwrap().to_owned())
            .collect()
    }

    pub(crate) async fn cancel(&self, invoice: &str) {
        let name = DocName::new(invoice).unwrap();
        self.client
            .documents("Sales Invoice")
            .cancel(&name)
            .await
            .unwrap();
    }

    /// What is due of each invoice, in cents.
    pub(crate) async fn dues(&self) -> Vec<(String, i64)> {
        let all = self.invoices.lock().unwrap().clone();
        let mut dues = Vec::new();
        for names in all.chunks(100) {
            let invoices = self.client.docs::<Due>().list();
            let names = names.iter().map(String::as_str);
            let found = invoices
                .filter(Filter::is_in("name", names))
                .all()
                .await
                .unwrap();
            dues.extend(
                found
                    .into_iter()
                    .map(|due| (due.name.to_string(), cents(due.outstanding_amount))),
            );
        }
        assert_eq!(dues.len(), all.len());
        dues
    }
}

const ITEM: &str = "FSM-MONEY-PATH";

/// The item, and the field without which nothing is booked.
async fn furnish(client: &Client) {
    let items = client.documents("Item");
    if items
        .exists(&DocName::new(ITEM).unwrap())
        .await
        .unwrap()
        .is_none()
    {
        let item = Changes::new()
            .set("item_code", ITEM)
            .set("item_group", "Services")
            .set("stock_uom", "Nos")
            .set("is_stock_item", 0);
        items.insert(&item).await.unwrap();
    }
    let known = client.meta("Payment Entry").await.unwrap();
    if known.field(REFERENCE).is_none() {
        let mut fields = bootstrap::custom_fields().iter();
        let field = fields
            .find(|custom| custom.field.name == REFERENCE)
            .unwrap();
        let body = field.to_json().as_object().cloned().unwrap();
        let fields = client.documents("Custom Field").checked(false);
        fields.insert(&Changes::from(body)).await.unwrap();
        client.forget_meta();
    }
}

fn name(document: &Document) -> String {
    use erpnext_client::Record as _;
    document.name().as_str().to_owned()
}

/// Seconds of now, for names that no other run has.
fn moment() -> u64 {
    let now = integration_core::Clock::system().now();
    let since = now.duration_since(std::time::SystemTime::UNIX_EPOCH);
    since.unwrap().as_secs() % 10_000_000
}
