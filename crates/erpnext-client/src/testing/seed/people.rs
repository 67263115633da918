//! Who the customers are, where they live and what they pay for.

use std::collections::HashMap;

use jiff::civil::Date;
use serde_json::json;

use super::rng::Rng;
use super::rows::Rows;
use super::{Isp, shifted, stamp};
use crate::testing::catalog::put;
use crate::testing::cell::{Cell, Sym};
use crate::testing::collation;
use crate::testing::names::{BUSINESSES, FIRST, LAST, STREETS, TOWNS, Town, phone};
use crate::testing::store::{Store, hash_name};

/// A customer as the other parts of the seed need to know it.
#[derive(Clone, Debug)]
pub(super) struct Subscriber {
    /// Name of the Customer.
    pub(super) name: Sym,
    /// What it is called.
    pub(super) title: String,
    pub(super) business: bool,
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) address: Sym,
    pub(super) contact: Sym,
    pub(super) street: String,
    pub(super) town: usize,
    pub(super) postal: String,
    pub(super) plan: usize,
    pub(super) extra: Option<usize>,
    pub(super) since: Date,
    /// How many of the last invoices are unpaid.
    pub(super) behind: u8,
    /// Pays by pre-authorised debit.
    pub(super) automatic: bool,
    /// The subscription, once it is made.
    pub(super) subscription: Option<Sym>,
}

impl Subscriber {
    pub(super) fn place(&self) -> &'static Town {
        TOWNS.get(self.town).unwrap_or(&TOWNS[0])
    }
}

/// A monthly service: item code, name, price in cents.
pub(super) struct Plan {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) cents: i64,
    group: &'static str,
}

const fn plan(code: &'static str, name: &'static str, cents: i64, group: &'static str) -> Plan {
    Plan {
        code,
        name,
        cents,
        group,
    }
}

pub(super) const PLANS: [Plan; 5] = [
    plan("FIBRE-100", "Fibre 100 Mbit/s", 6_495, "Internet"),
    plan("FIBRE-500", "Fibre 500 Mbit/s", 7_995, "Internet"),
    plan("FIBRE-1000", "Fibre 1 Gbit/s", 9_995, "Internet"),
    plan(
        "FIBRE-AFF-500",
        "Fibre Affaires 500 Mbit/s",
        12_995,
        "Internet",
    ),
    plan(
        "FIBRE-AFF-1000",
        "Fibre Affaires 1 Gbit/s",
        18_995,
        "Internet",
    ),
];

pub(super) const EXTRAS: [Plan; 3] = [
    plan("WIFI-MESH", "Wi-Fi partout", 795, "Équipement"),
    plan("TEL-RES", "Téléphonie résidentielle", 2_195, "Téléphonie"),
    plan("IP-FIXE", "Adresse IP fixe", 1_000, "Internet"),
];

pub(super) const INSTALLATION: Plan =
    plan("FRAIS-INSTALL", "Frais d'installation", 9_900, "Services");

/// Items and subscription plans.
pub(super) fn plans(store: &mut Store, isp: &Isp) {
    for plan in PLANS.iter().chain(&EXTRAS).chain([&INSTALLATION]) {
        #[allow(clippy::cast_precision_loss, reason = "a price")]
        let price = plan.cents as f64 / 100.0;
        put(
            store,
            "Item",
            plan.code,
            json!({
                "item_code": plan.code, "item_name": plan.name, "item_group": plan.group,
                "stock_uom": "Nos", "is_stock_item": 0, "is_sales_item": 1, "standard_rate": price,
                "description": plan.name,
            }),
        );
        put(
            store,
            "Item Price",
            &hash_name(collation_number(plan.code)),
            json!({
                "item_code": plan.code, "item_name": plan.name, "price_list": "Standard Selling",
                "price_list_rate": price, "currency": "CAD", "selling": 1, "uom": "Nos",
                "valid_from": "2024-01-01",
            }),
        );
        if plan.code != INSTALLATION.code {
            put(
                store,
                "Subscription Plan",
                plan.name,
                json!({
                    "plan_name": plan.name, "item": plan.code, "currency": "CAD",
                    "price_determination": "Fixed Rate", "cost": price, "billing_interval": "Month",
                    "billing_interval_count": 1, "cost_center": isp.of("Main"),
                }),
            );
        }
    }
}

fn collation_number(text: &str) -> u64 {
    text.bytes()
        .fold(17, |number, byte| number * 31 % 1_000_003 + u64::from(byte))
}

/// Names that break careless pages.
const HOSTILE: [&str; 6] = [
    "Jean \"Le Rapide\" O'Brien",
    "&lt;b&gt;Gras&lt;/b&gt; et Frères",
    "Robert'); DROP TABLE clients;--",
    "L'Étoile & Fils / Ltée",
    "עברית Tremblay",
    "Zoé\u{301}  100% _net_",
];

struct Tables {
    customers: Rows,
    addresses: Rows,
    contacts: Rows,
    emails: Rows,
    phones: Rows,
    links: Rows,
    subscriptions: Rows,
    details: Rows,
}

impl Tables {
    fn new(store: &mut Store, isp: &Isp) -> Self {
        let by = [
            ("owner", json!("Administrator")),
            ("modified_by", json!("Administrator")),
        ];
        let with = |more: &[(&'static str, serde_json::Value)]| {
            let mut all = by.to_vec();
            all.extend_from_slice(more);
            all
        };
        Self {
            customers: Rows::new(
                store,
                "Customer",
                &with(&[
                    ("naming_series", json!("CUST-.YYYY.-")),
                    ("language", json!("fr")),
                    ("default_currency", json!("CAD")),
                ]),
                &[
                    "name",
                    "customer_name",
                    "customer_type",
                    "customer_group",
                    "territory",
                    "email_id",
                    "mobile_no",
                    "customer_primary_contact",
                    "customer_primary_address",
                    "primary_address",
                    "creation",
                    "modified",
                ],
            ),
            addresses: Rows::new(
                store,
                "Address",
                &with(&[
                    ("address_type", json!("Billing")),
                    ("state", json!("Québec")),
                    ("country", json!("Canada")),
                    ("is_primary_address", json!(1)),
                ]),
                &[
                    "name",
                    "address_title",
                    "address_line1",
                    "city",
                    "pincode",
                    "email_id",
                    "phone",
                    "creation",
                    "modified",
                ],
            ),
            contacts: Rows::new(
                store,
                "Contact",
                &with(&[
                    ("status", json!("Passive")),
                    ("is_primary_contact", json!(1)),
                ]),
                &[
                    "name",
                    "first_name",
                    "last_name",
                    "full_name",
                    "email_id",
                    "mobile_no",
                    "company_name",
                    "creation",
                    "modified",
                ],
            ),
            emails: Rows::new(
                store,
                "Contact Email",
                &with(&[
                    ("parenttype", json!("Contact")),
                    ("parentfield", json!("email_ids")),
                    ("idx", json!(1)),
                    ("is_primary", json!(1)),
                ]),
                &["name", "parent", "email_id", "creation", "modified"],
            ),
            phones: Rows::new(
                store,
                "Contact Phone",
                &with(&[
                    ("parenttype", json!("Contact")),
                    ("parentfield", json!("phone_nos")),
                    ("idx", json!(1)),
                    ("is_primary_mobile_no", json!(1)),
                ]),
                &["name", "parent", "phone", "creation", "modified"],
            ),
            links: Rows::new(
                store,
                "Dynamic Link",
                &with(&[
                    ("parentfield", json!("links")),
                    ("link_doctype", json!("Customer")),
                    ("idx", json!(1)),
                ]),
                &[
                    "name",
                    "parent",
                    "parenttype",
                    "link_name",
                    "link_title",
                    "creation",
                    "modified",
                ],
            ),
            subscriptions: Rows::new(
                store,
                "Subscription",
                &with(&[
                    ("party_type", json!("Customer")),
                    ("company", json!(isp.company)),
                    (
                        "generate_invoice_at",
                        json!("Beginning of the current subscription period"),
                    ),
                    ("follow_calendar_months", json!(1)),
                    ("submit_invoice", json!(1)),
                    ("days_until_due", json!(20)),
                    ("sales_tax_template", json!(isp.of("TPS TVQ"))),
                    ("cost_center", json!(isp.of("Main"))),
                ]),
                &[
                    "name",
                    "party",
                    "status",
                    "start_date",
                    "current_invoice_start",
                    "current_invoice_end",
                    "creation",
                    "modified",
                ],
            ),
            details: Rows::new(
                store,
                "Subscription Plan Detail",
                &with(&[
                    ("parenttype", json!("Subscription")),
                    ("parentfield", json!("plans")),
                    ("qty", json!(1)),
                ]),
                &["name", "parent", "idx", "plan", "creation", "modified"],
            ),
        }
    }
}

/// Customers with their addresses, contacts and subscriptions.
pub(super) fn subscribers(store: &mut Store, isp: &Isp, rng: &mut Rng) -> Vec<Subscriber> {
    let mut tables = Tables::new(store, isp);
    let mut taken: HashMap<String, u32> = HashMap::new();
    let mut series: HashMap<i16, u64> = HashMap::new();
    let mut all = Vec::with_capacity(isp.customers);
    // Older customers first, as their names count up.
    let mut starts: Vec<Date> = (0..isp.customers).map(|_| start(isp, rng)).collect();
    starts.sort_unstable();
    for (number, since) in starts.into_iter().enumerate() {
        let number = number as u64;
        let mut person = person(isp, rng, number);
        let twin = taken
            .entry(collation::key(&person.title).into_owned())
            .or_default();
        let name = match *twin {
            0 => person.title.clone(),
            // As Frappe names a second customer of the same name.
            twin => format!("{} - {twin}", person.title),
        };
        *twin += 1;
        person.name = name;
        let mut subscriber = write(store, &mut tables, &person, since, number);
        // By address, for customers of one town are served by one OLT.
        let year = since.year();
        let count = series.entry(year).or_default();
        *count += 1;
        let subscription = format!("ACC-SUB-{year}-{count:05}");
        subscribe(
            store,
            &mut tables,
            isp,
            &mut subscriber,
            &subscription,
            number,
        );
        all.push(subscriber);
    }
    for (year, last) in series {
        store.set_series(&format!("ACC-SUB-{year}-"), last);
    }
    all
}

/// Most customers are there for years; a few came in the last twelve months.
fn start(isp: &Isp, rng: &mut Rng) -> Date {
    let days = if rng.percent(6) {
        rng.between(5, 360)
    } else {
        rng.between(370, 1_900)
    };
    shifted(isp.today, -days)
}

struct Person {
    name: String,
    title: String,
    first: String,
    last: String,
    business: bool,
    email: String,
    phone: String,
    street: String,
    town: usize,
    postal: String,
    plan: usize,
    extra: Option<usize>,
    behind: u8,
    automatic: bool,
}

fn person(isp: &Isp, rng: &mut Rng, number: u64) -> Person {
    let (first, last) = (*rng.pick(FIRST), *rng.pick(LAST));
    let business = rng.percent(8);
    let title = if business {
        let (before, after) = rng.pick(BUSINESSES);
        format!("{before} {last} {after}").trim().to_owned()
    } else {
        format!("{first} {last}")
    };
    let title = match HOSTILE.get(usize::try_from(number / 7).unwrap_or(usize::MAX)) {
        Some(hostile) if isp.hostile && number % 7 == 3 => (*hostile).to_owned(),
        _ => title,
    };
    let town = usize::try_from(rng.below(TOWNS.len() as u64)).unwrap_or_default();
    let civic = 10 + rng.below(4_800);
    let street = format!("{civic}, {}", rng.pick(STREETS));
    let postal = {
        let letters = b"ABCEGHJKLMNPRSTVWXYZ";
        format!(
            "{} {}{}{}",
            TOWNS[town].postal,
            rng.below(9) + 1,
            char::from(*rng.pick(letters)),
            rng.below(10)
        )
    };
    let behind = match rng.below(100) {
        0..=3 => 1,
        4..=5 => 2,
        6 => 3,
        7 => 4,
        _ => 0,
    };
    Person {
        name: String::new(),
        first: first.to_owned(),
        last: last.to_owned(),
        email: format!("{}{number}@example.ca", mailbox(first, last)),
        phone: phone(rng.below(400)),
        plan: if business {
            3 + usize::from(rng.percent(40))
        } else {
            match rng.below(100) {
                0..=29 => 0,
                30..=79 => 1,
                _ => 2,
            }
        },
        extra: match rng.below(100) {
            0..=14 => Some(0),
            15..=24 => Some(1),
            25..=27 => Some(2),
            _ => None,
        },
        automatic: behind == 0 && rng.percent(45),
        title,
        business,
        street,
        town,
        postal,
        behind,
    }
}

fn mailbox(first: &str, last: &str) -> String {
    let plain = |name: &str| -> String {
        collation::key(name)
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect()
    };
    format!("{}.{}", plain(first), plain(last))
}

fn write(
    store: &mut Store,
    tables: &mut Tables,
    person: &Person,
    since: Date,
    number: u64,
) -> Subscriber {
    let created = store.text(&stamp(
        since,
        32_400_000_000 + number * 1_733_117 % 28_000_000_000,
    ));
    let hash = |store: &mut Store, kind: u64| store.text(&hash_name(number * 8 + kind + (1 << 40)));
    let name = store.texts.intern(&person.name);
    let title = store.text(&person.title);
    let email = store.text(&person.email);
    let phone = store.text(&person.phone);
    let town = store.text(TOWNS[person.town].name);
    let territory = store.text(TOWNS[person.town].territory);
    let address = store.texts.intern(&format!("{}-Billing", person.name));
    let contact = store
        .texts
        .intern(&format!("{} {}-{}", person.first, person.last, person.name));
    let street = store.text(&person.street);
    let postal = store.text(&person.postal);
    let shown = store.text(&format!(
        "{}<br>{}<br>\n{}<br>Québec<br>Canada<br>\n",
        person.street, TOWNS[person.town].name, person.postal
    ));
    let kind = store.text(if person.business {
        "Company"
    } else {
        "Individual"
    });
    let group = store.text(if person.business {
        "Commercial"
    } else {
        "Résidentiel"
    });
    tables.customers.push(
        store,
        &[
            Cell::Text(name),
            title,
            kind,
            group,
            territory,
            email,
            phone,
            Cell::Text(contact),
            Cell::Text(address),
            shown,
            created,
            created,
        ],
    );
    tables.addresses.push(
        store,
        &[
            Cell::Text(address),
            Cell::Text(name),
            street,
            town,
            postal,
            email,
            phone,
            created,
            created,
        ],
    );
    let first = store.text(&person.first);
    let last = store.text(&person.last);
    let full = store.text(&format!("{} {}", person.first, person.last));
    let company = if person.business { title } else { Cell::Null };
    tables.contacts.push(
        store,
        &[
            Cell::Text(contact),
            first,
            last,
            full,
            email,
            phone,
            company,
            created,
            created,
        ],
    );
    let row = hash(store, 0);
    tables
        .emails
        .push(store, &[row, Cell::Text(contact), email, created, created]);
    let row = hash(store, 1);
    tables
        .phones
        .push(store, &[row, Cell::Text(contact), phone, created, created]);
    for (at, (parent, parenttype)) in [(address, "Address"), (contact, "Contact")]
        .into_iter()
        .enumerate()
    {
        let row = hash(store, 2 + at as u64);
        let parenttype = store.text(parenttype);
        tables.links.push(
            store,
            &[
                row,
                Cell::Text(parent),
                parenttype,
                Cell::Text(name),
                title,
                created,
                created,
            ],
        );
    }
    Subscriber {
        name,
        title: person.title.clone(),
        business: person.business,
        email: person.email.clone(),
        phone: person.phone.clone(),
        address,
        contact,
        street: person.street.clone(),
        town: person.town,
        postal: person.postal.clone(),
        plan: person.plan,
        extra: person.extra,
        since,
        behind: person.behind,
        automatic: person.automatic,
        subscription: None,
    }
}

fn subscribe(
    store: &mut Store,
    tables: &mut Tables,
    isp: &Isp,
    subscriber: &mut Subscriber,
    name: &str,
    number: u64,
) {
    let sym = store.texts.intern(name);
    let status = store.text(if subscriber.behind > 1 {
        "Unpaid"
    } else {
        "Active"
    });
    let since = store.text(&subscriber.since.to_string());
    let first = store.text(&isp.today.first_of_month().to_string());
    let last = store.text(&isp.today.last_of_month().to_string());
    let created = store.text(&stamp(
        subscriber.since,
        40_000_000_000 + number * 999_983 % 20_000_000_000,
    ));
    tables.subscriptions.push(
        store,
        &[
            Cell::Text(sym),
            Cell::Text(subscriber.name),
            status,
            since,
            first,
            last,
            created,
            created,
        ],
    );
    let extra = subscriber.extra.and_then(|extra| EXTRAS.get(extra));
    let plans = PLANS.get(subscriber.plan).into_iter().chain(extra);
    for (at, plan) in plans.enumerate() {
        let row = store.text(&hash_name(number * 8 + 5 + at as u64 + (1 << 40)));
        let plan = store.text(plan.name);
        let idx = Cell::Int(i64::try_from(at).unwrap_or_default() + 1);
        tables
            .details
            .push(store, &[row, Cell::Text(sym), idx, plan, created, created]);
    }
    subscriber.subscription = Some(sym);
}
