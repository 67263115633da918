//! A fibre provider's books, invented.

mod billing;
mod field;
mod people;
mod rng;
mod rows;
mod support;
#[cfg(test)]
mod tests;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use serde_json::json;

use self::people::Subscriber;
use self::rng::Rng;
use super::catalog;
use super::store::Store;

/// A fibre provider of Québec to fill a fake site with: customers with addresses and contacts,
/// subscriptions, a year of invoices with their taxes, payments and ledger, service locations,
/// equipment, jobs, issues and messages.
///
/// Everything is invented and the same for the same numbers. Every voucher balances in the
/// ledger, and what is outstanding on an invoice is its total less what was paid.
///
/// # Examples
/// ```
/// use erpnext_client::testing::{Isp, SeedEquipment};
///
/// let isp = Isp::new(240)
///     .seed(7)
///     .today(jiff::civil::date(2026, 11, 22))
///     .company("Fibre des Monts", "FM")
///     .equipment(vec![SeedEquipment {
///         serial: "TPLGC0FFEE01".to_owned(),
///         mac: "02:00:5E:00:00:01".to_owned(),
///         model: "XX230v".to_owned(),
///         ..SeedEquipment::default()
///     }]);
/// assert_eq!(isp.customers(), 240);
/// ```
#[derive(Clone, Debug)]
pub struct Isp {
    customers: usize,
    seed: u64,
    today: Date,
    zone: TimeZone,
    company: String,
    abbr: String,
    equipment: Vec<SeedEquipment>,
    months: u8,
    hostile: bool,
    field_service: bool,
}

/// A device that exists elsewhere, too: in the simulated network of a sandbox.
///
/// The first customer gets the first one, and so on.
///
/// # Examples
/// ```
/// use erpnext_client::testing::SeedEquipment;
///
/// let device = SeedEquipment {
///     serial: "TPLGC0FFEE01".to_owned(),
///     acs_device_id: "00005E-XX230v-TPLGC0FFEE01".to_owned(),
///     online: true,
///     ..SeedEquipment::default()
/// };
/// assert!(device.mac.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeedEquipment {
    /// Serial number, unique among all equipment.
    pub serial: String,
    /// `AA:BB:CC:DD:EE:FF`, or empty.
    pub mac: String,
    /// Brand, or empty.
    pub manufacturer: String,
    /// Model, or empty.
    pub model: String,
    /// Name of the device in GenieACS; empty for a device in no ACS.
    pub acs_device_id: String,
    /// Address on the Internet side, or empty.
    pub wan_ip: String,
    /// Whether it answers. What does not stands at a customer who may have called about it.
    pub online: bool,
}

impl Isp {
    /// A provider with so many customers; seed 1, on 2026-11-22 in Toronto's time, with the
    /// field service's doctypes.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::testing::Isp;
    ///
    /// assert_eq!(Isp::new(15_000).customers(), 15_000);
    /// ```
    #[must_use]
    pub fn new(customers: usize) -> Self {
        Self {
            customers,
            seed: 1,
            today: date(2026, 11, 22),
            zone: TimeZone::get("America/Toronto").unwrap_or(TimeZone::UTC),
            company: "Fibre Boréale".to_owned(),
            abbr: "FB".to_owned(),
            equipment: Vec::new(),
            months: 12,
            hostile: false,
            field_service: true,
        }
    }

    /// Sets what all chance comes from.
    ///
    /// # Examples
    /// ```
    /// let isp = erpnext_client::testing::Isp::new(10).seed(7);
    /// # let _ = isp;
    /// ```
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets the day that invoices and jobs lead up to.
    ///
    /// # Examples
    /// ```
    /// let isp = erpnext_client::testing::Isp::new(10).today(jiff::civil::date(2027, 1, 31));
    /// # let _ = isp;
    /// ```
    #[must_use]
    pub fn today(mut self, today: Date) -> Self {
        self.today = today;
        self
    }

    /// Sets the site's time zone.
    ///
    /// # Examples
    /// ```
    /// let isp = erpnext_client::testing::Isp::new(10).zone(jiff::tz::TimeZone::UTC);
    /// # let _ = isp;
    /// ```
    #[must_use]
    pub fn zone(mut self, zone: TimeZone) -> Self {
        self.zone = zone;
        self
    }

    /// Sets the company and the abbreviation that its accounts end in.
    ///
    /// # Examples
    /// ```
    /// let isp = erpnext_client::testing::Isp::new(10).company("Fibre des Monts", "FM");
    /// # let _ = isp;
    /// ```
    #[must_use]
    pub fn company(mut self, name: impl Into<String>, abbr: impl Into<String>) -> Self {
        self.company = name.into();
        self.abbr = abbr.into();
        self
    }

    /// Sets devices that customers are to have.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::testing::{Isp, SeedEquipment};
    ///
    /// let isp = Isp::new(10).equipment(vec![SeedEquipment::default()]);
    /// # let _ = isp;
    /// ```
    #[must_use]
    pub fn equipment(mut self, equipment: Vec<SeedEquipment>) -> Self {
        self.equipment = equipment;
        self
    }

    /// Sets how many months of invoices there are: 12, and at most 36.
    ///
    /// # Examples
    /// ```
    /// let isp = erpnext_client::testing::Isp::new(10).months(3);
    /// # let _ = isp;
    /// ```
    #[must_use]
    pub fn months(mut self, months: u8) -> Self {
        self.months = months.min(36);
        self
    }

    /// Gives some customers names that break careless pages: markup, quotes, right-to-left text.
    ///
    /// # Examples
    /// ```
    /// let isp = erpnext_client::testing::Isp::new(10).hostile_names(true);
    /// # let _ = isp;
    /// ```
    #[must_use]
    pub fn hostile_names(mut self, hostile: bool) -> Self {
        self.hostile = hostile;
        self
    }

    /// Sets whether the site has the field service's doctypes, as after `fsm erp bootstrap`. It
    /// has, unless said otherwise; without them there are no locations, equipment and jobs.
    ///
    /// # Examples
    /// ```
    /// let bare = erpnext_client::testing::Isp::new(10).bootstrapped(false);
    /// # let _ = bare;
    /// ```
    #[must_use]
    pub fn bootstrapped(mut self, bootstrapped: bool) -> Self {
        self.field_service = bootstrapped;
        self
    }

    /// How many customers there will be.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(erpnext_client::testing::Isp::new(10).customers(), 10);
    /// ```
    #[must_use]
    pub fn customers(&self) -> usize {
        self.customers
    }

    pub(super) fn day(&self) -> Date {
        self.today
    }

    pub(super) fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The store of a site with all of it.
    pub(super) fn store(&self) -> Store {
        let mut store = Store::of_company(&self.company, &self.abbr);
        if let Some(zone) = self.zone.iana_name() {
            store.set(
                "System Settings",
                "System Settings",
                "time_zone",
                &json!(zone),
            );
        }
        if self.field_service {
            catalog::add_field_service(&mut store);
        }
        let mut rng = Rng::new(self.seed);
        people::plans(&mut store, self);
        let mut subscribers: Vec<Subscriber> = people::subscribers(&mut store, self, &mut rng);
        billing::fill(&mut store, self, &mut subscribers, &mut rng);
        if self.field_service {
            field::fill(&mut store, self, &subscribers, &mut rng);
        }
        support::fill(&mut store, self, &subscribers, &mut rng);
        store.warm();
        store
    }

    /// An account of the company.
    fn of(&self, name: &str) -> String {
        format!("{name} - {}", self.abbr)
    }
}

/// A moment of a day as the database keeps it, from microseconds after midnight.
fn stamp(day: Date, micros: u64) -> String {
    let micros = micros % 86_400_000_000;
    let seconds = micros / 1_000_000;
    let clock = format!(
        "{day} {:02}:{:02}:{:02}",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    );
    match micros % 1_000_000 {
        0 => clock,
        fraction => format!("{clock}.{fraction:06}"),
    }
}

/// A day so many days away; the day itself at the ends of time.
fn shifted(day: Date, days: i64) -> Date {
    jiff::Span::new()
        .try_days(days)
        .ok()
        .and_then(|span| day.checked_add(span).ok())
        .unwrap_or(day)
}
