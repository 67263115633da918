//! Where the services are, what stands there, and who goes there.

use serde_json::json;

use super::people::{PLANS, Subscriber};
use super::rng::Rng;
use super::rows::Rows;
use super::{Isp, SeedEquipment, shifted, stamp};
use crate::testing::catalog::put;
use crate::testing::cell::Cell;
use crate::testing::collation;
use crate::testing::names::{FIRST, LAST};
use crate::testing::store::Store;

const SKILLS: [&str; 4] = ["fibre", "épissure", "aérien", "wi-fi"];
const COLOURS: [&str; 6] = [
    "#2563eb", "#16a34a", "#d97706", "#9333ea", "#dc2626", "#0891b2",
];

/// Locations and equipment of all, technicians, and the jobs around today.
pub(super) fn fill(store: &mut Store, isp: &Isp, subscribers: &[Subscriber], rng: &mut Rng) {
    let technicians = technicians(store, isp, rng, subscribers.len());
    let locations = locations(store, isp, subscribers, rng);
    equipment(store, isp, subscribers, &locations, rng);
    jobs(store, isp, subscribers, &locations, &technicians, rng);
}

fn technicians(store: &mut Store, isp: &Isp, rng: &mut Rng, customers: usize) -> Vec<String> {
    let count = (customers / 1_500 + 3).min(24);
    let mut names = Vec::new();
    for number in 1..=count {
        let (first, last) = (rng.pick(FIRST), rng.pick(LAST));
        let name = format!("TECH-{number:04}");
        let home = isp.seed.wrapping_add(number as u64) % 15;
        let skills: Vec<_> = SKILLS
            .iter()
            .take(1 + number % SKILLS.len())
            .map(|skill| json!({"skill": skill, "level": 1 + number % 3}))
            .collect();
        put(
            store,
            "Technician",
            &name,
            json!({
                "full_name": format!("{first} {last}"),
                "phone": format!("+14505550{:03}", 100 + number % 100),
                "email": format!("tech{number}@example.ca"),
                "is_active": 1, "skills": skills, "traccar_device_id": number,
                "calendar_token_version": 1, "work_start": "08:00:00", "work_end": "16:30:00",
                "max_jobs_per_day": 6, "color": COLOURS[number % COLOURS.len()],
                "home_latitude": 46.0 + f64::from(u8::try_from(home).unwrap_or_default()) / 50.0,
                "home_longitude": -73.8,
            }),
        );
        names.push(name);
    }
    store.set_series("TECH-", count as u64);
    names
}

/// Names of the locations, in the order of the customers.
fn locations(
    store: &mut Store,
    _isp: &Isp,
    subscribers: &[Subscriber],
    rng: &mut Rng,
) -> Vec<Cell> {
    let by = json!("Administrator");
    let mut rows = Rows::new(
        store,
        "Service Location",
        &[("owner", by.clone()), ("modified_by", by)],
        &[
            "name",
            "customer",
            "status",
            "address",
            "address_line",
            "city",
            "postal_code",
            "latitude",
            "longitude",
            "olt",
            "olt_slot",
            "olt_port",
            "onu_id",
            "drop_type",
            "activated_on",
            "creation",
            "modified",
        ],
    );
    let mut names = Vec::with_capacity(subscribers.len());
    // Which ONU comes next on each OLT.
    let mut onus = [0_i64; 32];
    for (at, subscriber) in subscribers.iter().enumerate() {
        let town = subscriber.place();
        let name = store.text(&format!("LOC-{:05}", at + 1));
        let status = store.text(if subscriber.behind > 2 {
            "Suspended"
        } else {
            "Active"
        });
        let street = store.text(&subscriber.street);
        let city = store.text(town.name);
        let postal = store.text(&subscriber.postal);
        let olt = store.text(town.olt);
        let drop = store.text(if rng.percent(70) { "Aerial" } else { "Buried" });
        let since = store.text(&subscriber.since.to_string());
        let created = store.text(&stamp(
            subscriber.since,
            43_200_000_000 + at as u64 * 611_953 % 9_000_000_000,
        ));
        let mut near = |middle: f64| {
            let off = i32::try_from(rng.between(-40_000, 40_000)).unwrap_or_default();
            Cell::Float(((middle * 1e6).round() + f64::from(off)) / 1e6)
        };
        let (latitude, longitude) = (near(town.latitude), near(town.longitude));
        let onu = &mut onus[subscriber.town % 32];
        *onu += 1;
        // 64 ONUs a port, 16 ports a card.
        let (id, port, slot) = (*onu % 64 + 1, *onu / 64 % 16 + 1, *onu / 1_024 + 1);
        rows.push(
            store,
            &[
                name,
                Cell::Text(subscriber.name),
                status,
                Cell::Text(subscriber.address),
                street,
                city,
                postal,
                latitude,
                longitude,
                olt,
                Cell::Int(slot),
                Cell::Int(port),
                Cell::Int(id),
                drop,
                since,
                created,
                created,
            ],
        );
        names.push(name);
    }
    store.set_series("LOC-", subscribers.len() as u64);
    names
}

fn equipment(
    store: &mut Store,
    isp: &Isp,
    subscribers: &[Subscriber],
    locations: &[Cell],
    rng: &mut Rng,
) {
    let by = json!("Administrator");
    let mut rows = Rows::new(
        store,
        "Service Equipment",
        &[("owner", by.clone()), ("modified_by", by)],
        &[
            "name",
            "serial_number",
            "mac_address",
            "equipment_type",
            "brand",
            "model",
            "status",
            "customer",
            "service_location",
            "subscription",
            "acs",
            "acs_device_id",
            "olt",
            "onu_serial",
            "wan_ip",
            "installed_on",
            "creation",
            "modified",
        ],
    );
    let mut number = 0;
    let mut add =
        |store: &mut Store, at: usize, device: &SeedEquipment, kind: &str, status: &str| {
            number += 1;
            let subscriber = subscribers.get(at).filter(|_| status != "In Stock");
            let name = store.text(&format!("EQ-{number:05}"));
            let optional = |store: &mut Store, text: &str| match text {
                "" => Cell::Null,
                text => store.text(text),
            };
            let serial = store.text(&device.serial);
            let mac = optional(store, &device.mac);
            let kind = store.text(kind);
            let brand = optional(store, &device.manufacturer);
            let model = optional(store, &device.model);
            let state = store.text(status);
            let acs_name = store.text(if device.acs_device_id.is_empty() {
                "None"
            } else {
                "GenieACS"
            });
            let acs = optional(store, &device.acs_device_id);
            let wan = optional(store, &device.wan_ip);
            let since = subscriber.map_or(isp.today, |subscriber| subscriber.since);
            let created = store.text(&stamp(
                since,
                46_000_000_000 + number * 433_061 % 9_000_000_000,
            ));
            let (olt, installed) = match subscriber {
                Some(subscriber) => (
                    store.text(subscriber.place().olt),
                    store.text(&since.to_string()),
                ),
                None => (Cell::Null, Cell::Null),
            };
            rows.push(
                store,
                &[
                    name,
                    serial,
                    mac,
                    kind,
                    brand,
                    model,
                    state,
                    subscriber.map_or(Cell::Null, |subscriber| Cell::Text(subscriber.name)),
                    subscriber
                        .and_then(|_| locations.get(at))
                        .copied()
                        .unwrap_or(Cell::Null),
                    subscriber
                        .and_then(|subscriber| subscriber.subscription)
                        .map_or(Cell::Null, Cell::Text),
                    acs_name,
                    acs,
                    olt,
                    serial,
                    wan,
                    installed,
                    created,
                    created,
                ],
            );
        };
    // What stands with customers, theirs first; then what is on the shelf.
    for at in 0..subscribers.len().max(isp.equipment.len()) {
        let status = if at < subscribers.len() {
            "Installed"
        } else {
            "In Stock"
        };
        match isp.equipment.get(at) {
            Some(device) => add(store, at, device, "ONT", status),
            None => add(store, at, &invented(rng, at as u64, "ONT"), "ONT", status),
        }
        if status == "Installed" && rng.percent(30) {
            add(store, at, &invented(rng, at as u64, "Mesh"), "Mesh", status);
        }
    }
    for at in 0..(subscribers.len() / 50).min(200) as u64 {
        let device = invented(rng, at + (1 << 20), "ONT");
        add(store, usize::MAX, &device, "ONT", "In Stock");
    }
    store.set_series("EQ-", number);
}

/// A device that no other part of the house knows.
fn invented(rng: &mut Rng, number: u64, kind: &str) -> SeedEquipment {
    let (maker, prefix) = if kind == "ONT" {
        ("TP-Link", "ZZFK")
    } else {
        ("TP-Link", "ZZMX")
    };
    let tail = rng.below(1 << 16);
    let low = number % (1 << 24);
    SeedEquipment {
        serial: format!("{prefix}{:08X}", ((number << 8) | (tail % 256)) % (1 << 32)),
        // A locally administered prefix: no maker's.
        mac: format!(
            "{}:00:5E:{:02X}:{:02X}:{:02X}",
            if kind == "ONT" { "02" } else { "06" },
            low >> 16,
            (low >> 8) & 255,
            low & 255
        ),
        manufacturer: maker.to_owned(),
        model: if kind == "ONT" { "XX230v" } else { "HX510" }.to_owned(),
        ..SeedEquipment::default()
    }
}

/// Jobs from a week ago to two weeks from now.
fn jobs(
    store: &mut Store,
    isp: &Isp,
    subscribers: &[Subscriber],
    locations: &[Cell],
    technicians: &[String],
    rng: &mut Rng,
) {
    let count = (subscribers.len() / 40).clamp(usize::from(!subscribers.is_empty()) * 12, 400);
    for number in 1..=count {
        let at = usize::try_from(rng.below(subscribers.len() as u64)).unwrap_or_default();
        let (Some(subscriber), Some(location)) = (subscribers.get(at), locations.get(at)) else {
            continue;
        };
        let location = match location {
            Cell::Text(sym) => store.texts.text(*sym).to_owned(),
            _ => String::new(),
        };
        let customer = store.texts.text(subscriber.name).to_owned();
        let offset = rng.between(-7, 14);
        let day = shifted(isp.today, offset);
        let (kind, text, minutes) = *rng.pick(&[
            ("Install", "Installation", 120),
            ("Repair", "Réparation", 60),
            ("Repair", "Signal faible", 60),
            ("Upgrade", "Changement de forfait", 45),
            ("Survey", "Visite préalable", 30),
            ("Move", "Déménagement", 90),
        ]);
        let status = match offset {
            ..=-1 => {
                if rng.percent(92) {
                    "Completed"
                } else {
                    "Cancelled"
                }
            }
            0 => *rng.pick(&["Assigned", "En Route", "On Site", "Completed", "Assigned"]),
            1..=5 => *rng.pick(&["Assigned", "Assigned", "Open"]),
            _ => *rng.pick(&["Open", "Open", "Assigned", "On Hold"]),
        };
        let start = 8 * 60 + rng.between(0, 14) * 30;
        let technician = (status != "Open").then(|| rng.pick(technicians).clone());
        let plan = PLANS.get(subscriber.plan).map_or("", |plan| plan.name);
        let town = subscriber.place().name;
        let completed = (status == "Completed")
            .then(|| stamp(day, (start + minutes).unsigned_abs() * 60_000_000));
        let created = stamp(
            shifted(day, -rng.between(2, 9)),
            34_000_000_000 + number as u64 * 7_000_003,
        );
        put(
            store,
            "Dispatch Job",
            &format!("DJ-{number:05}"),
            json!({
                "subject": format!("{text} – {}, {town}", subscriber.title),
                "job_type": kind, "status": status,
                "priority": *rng.pick(&["Low", "Medium", "Medium", "High", "Urgent"]),
                "customer": customer, "service_location": location,
                "technician": technician, "scheduled_date": day.to_string(),
                "start_time": format!("{:02}:{:02}:00", start / 60, start % 60),
                "duration_minutes": minutes, "notes": plan, "completed_at": completed,
                "external_ref": format!("seed-{}-{number}", collation::key(kind)),
                "creation": created, "modified": created,
                "checklist": [
                    {"label": "Puissance optique mesurée", "done": u8::from(completed.is_some())},
                    {"label": "Test de vitesse", "done": u8::from(completed.is_some())},
                ],
            }),
        );
    }
    store.set_series("DJ-", count as u64);
}
