//! The ERPNext of the sandbox: the crate's fake site with an invented provider's books, whose
//! first customers have the simulated modems at home.

use std::collections::HashSet;
use std::sync::Arc;

use anyhow::Context as _;
use erpnext_client::bootstrap::ROLE;
use erpnext_client::testing::{FakeSite, FakeUser, Isp, SeedEquipment};
use erpnext_client::value::Decimal;
use erpnext_client::{Client, Credentials, Dialect, DocName, Doctype, Filter, Order};
use jiff::tz::TimeZone;

use crate::fleet::{Behaviour, Fleet};
use crate::time::now;

/// Zone of the site, and of the provider.
const ZONE: &str = "America/Toronto";
/// API access of the user that the hub and `fsm` come as.
pub const KEY: &str = "5a6d0b0c5a6d0b0";
/// Its secret.
pub const SECRET: &str = "sandbox-api-key";
/// The user, who has the roles that the product asks for and no other.
const USER: &str = "fsm@example.ca";
const ROLES: [&str; 4] = [ROLE, "Sales User", "Accounts User", "Support Team"];

/// What the provider is made of.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "options of a binary")]
pub struct Books {
    /// Number of customers.
    pub customers: usize,
    /// Seed of everything that is made up.
    pub seed: u64,
    /// How the site speaks.
    pub dialect: Dialect,
}

/// Starts the site with the books of a provider.
///
/// # Errors
///
/// No port is free.
pub async fn start(fleet: Arc<Fleet>, books: Books) -> anyhow::Result<FakeSite> {
    let runtime = tokio::runtime::Handle::current();
    // A year of invoices for thousands takes the processor for a while.
    tokio::task::spawn_blocking(move || {
        let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
        let isp = Isp::new(books.customers)
            .seed(books.seed)
            .today(now().to_zoned(zone.clone()).date())
            .zone(zone)
            .equipment(equipment(&fleet));
        let user = ROLES
            .into_iter()
            .fold(FakeUser::new(USER).token(KEY, SECRET), FakeUser::role);
        let site = FakeSite::builder()
            .seed(isp)
            .dialect(books.dialect)
            .traceback(false)
            .user(user);
        runtime.block_on(site.start())
    })
    .await
    .context("the books of the provider cannot be made up")?
    .context("the fake ERPNext cannot be started")
}

/// The modems as equipment of customers. Of two with one serial number, which a provider's own
/// records never have, the first.
fn equipment(fleet: &Fleet) -> Vec<SeedEquipment> {
    let mut seen = HashSet::new();
    fleet
        .cpes()
        .iter()
        .filter(|unit| seen.insert(unit.serial().to_owned()))
        .map(|unit| SeedEquipment {
            serial: unit.serial().to_owned(),
            mac: unit.mac(),
            manufacturer: unit.model().manufacturer().to_owned(),
            model: unit.model().product_class().to_owned(),
            acs_device_id: unit.id().to_owned(),
            wan_ip: unit
                .wan_ipv4()
                .map(|address| address.to_string())
                .unwrap_or_default(),
            online: !matches!(unit.behaviour(), Behaviour::Asleep),
        })
        .collect()
}

/// A client that comes as the hub does.
///
/// # Errors
///
/// The address is none.
pub fn client(url: &str) -> anyhow::Result<Client> {
    Ok(Client::new(url, Credentials::token(KEY, SECRET))?)
}

/// As much of a device as is asked for.
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Service Equipment")]
struct Device {
    name: DocName,
    customer: Option<DocName>,
}

/// As much of an invoice as is asked for.
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Sales Invoice")]
struct Invoice {
    name: DocName,
    customer: Option<DocName>,
    outstanding_amount: Decimal,
}

/// The customer who has the device of a serial number.
///
/// # Errors
///
/// The site does not answer, or nobody has it.
pub async fn customer_of(client: &Client, serial: &str) -> anyhow::Result<DocName> {
    let device = client
        .docs::<Device>()
        .list()
        .filter(Filter::eq("serial_number", serial))
        .first()
        .await?;
    device
        .and_then(|device| device.customer)
        .with_context(|| format!("nobody has the device {serial}"))
}

/// The customer of the oldest invoice that is not paid.
///
/// # Errors
///
/// The site does not answer, or everyone has paid.
pub async fn customer_owing(client: &Client) -> anyhow::Result<DocName> {
    let invoice = client
        .docs::<Invoice>()
        .list()
        .filter(Filter::eq("docstatus", 1))
        .filter(Filter::gt("outstanding_amount", Decimal::ZERO))
        .order_by("due_date", Order::Asc)
        .first()
        .await?;
    invoice
        .and_then(|invoice| invoice.customer)
        .context("everyone has paid")
}

/// The invoice of a customer that has waited longest.
///
/// # Errors
///
/// The site does not answer, or the customer has paid.
pub async fn oldest_unpaid(client: &Client, customer: &DocName) -> anyhow::Result<DocName> {
    let invoice = client
        .docs::<Invoice>()
        .list()
        .filter(Filter::eq("customer", customer))
        .filter(Filter::eq("docstatus", 1))
        .filter(Filter::gt("outstanding_amount", Decimal::ZERO))
        .order_by("due_date", Order::Asc)
        .first()
        .await?;
    Ok(invoice.context("the customer has paid")?.name)
}

/// What a customer owes, as ERPNext says: what is outstanding on submitted invoices, in cents.
///
/// # Errors
///
/// The site does not answer, or the sum is more than can be counted.
pub async fn balance_cents(client: &Client, customer: &DocName) -> anyhow::Result<i64> {
    let open = client
        .docs::<Invoice>()
        .list()
        .filter(Filter::eq("customer", customer))
        .filter(Filter::eq("docstatus", 1))
        .filter(Filter::ne("outstanding_amount", Decimal::ZERO))
        .all()
        .await?;
    let due: Decimal = open.iter().map(|invoice| invoice.outstanding_amount).sum();
    i64::try_from((due * Decimal::ONE_HUNDRED).round()).context("not an amount of money")
}
