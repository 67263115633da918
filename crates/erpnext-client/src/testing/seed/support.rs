//! What customers wrote and called about.

use serde_json::json;

use super::people::Subscriber;
use super::rng::Rng;
use super::rows::Rows;
use super::{Isp, shifted, stamp};
use crate::testing::catalog::put;
use crate::testing::cell::Cell;
use crate::testing::names::COMPLAINTS;
use crate::testing::store::{Store, hash_name};

const MESSAGE_NAMES: u64 = 6 << 40;

/// Issues, tickets and communications of the last ninety days.
pub(super) fn fill(store: &mut Store, isp: &Isp, subscribers: &[Subscriber], rng: &mut Rng) {
    issues(store, isp, subscribers, rng);
    tickets(store, isp, subscribers, rng);
    messages(store, isp, subscribers, rng);
}

fn one<'a>(subscribers: &'a [Subscriber], rng: &mut Rng) -> Option<&'a Subscriber> {
    let bound = subscribers.len().max(1) as u64;
    subscribers.get(usize::try_from(rng.below(bound)).unwrap_or_default())
}

fn issues(store: &mut Store, isp: &Isp, subscribers: &[Subscriber], rng: &mut Rng) {
    let by = json!("Administrator");
    let mut rows = Rows::new(
        store,
        "Issue",
        &[
            ("owner", by.clone()),
            ("modified_by", by),
            ("naming_series", json!("ISS-.YYYY.-")),
            ("company", json!(isp.company)),
            ("agreement_status", json!("First Response Due")),
        ],
        &[
            "name",
            "subject",
            "customer",
            "customer_name",
            "raised_by",
            "status",
            "priority",
            "issue_type",
            "description",
            "contact",
            "opening_date",
            "opening_time",
            "creation",
            "modified",
        ],
    );
    let count = subscribers.len() / 12;
    // In the order of time, as their names count up.
    let mut days: Vec<i64> = (0..count).map(|_| rng.between(0, 89)).collect();
    days.sort_unstable_by(|a, b| b.cmp(a));
    let mut years = std::collections::BTreeMap::new();
    for (at, back) in days.into_iter().enumerate() {
        let Some(subscriber) = one(subscribers, rng) else {
            return;
        };
        let day = shifted(isp.today, -back);
        let number: &mut u64 = years.entry(day.year()).or_default();
        *number += 1;
        let (subject, kind) = *rng.pick(COMPLAINTS);
        let status = if back > 6 {
            *rng.pick(&["Closed", "Closed", "Resolved", "Replied"])
        } else {
            *rng.pick(&["Open", "Open", "Replied", "On Hold"])
        };
        let micros = 28_800_000_000 + at as u64 * 977_777_777 % 36_000_000_000;
        let texts = [
            format!("ISS-{}-{number:05}", day.year()),
            subject.to_owned(),
            subscriber.title.clone(),
            subscriber.email.clone(),
            status.to_owned(),
            (*rng.pick(&["Low", "Medium", "Medium", "High"])).to_owned(),
            kind.to_owned(),
            format!(
                "<div>Bonjour,<br>{subject}.<br>Merci, {}</div>",
                subscriber.title.replace('&', "&amp;")
            ),
            day.to_string(),
            stamp(day, micros),
        ];
        let [
            name,
            subject,
            title,
            email,
            status,
            priority,
            kind,
            text,
            day,
            created,
        ] = texts.map(|text| store.text(&text));
        let time = Cell::Int(i64::try_from(micros).unwrap_or_default());
        rows.push(
            store,
            &[
                name,
                subject,
                Cell::Text(subscriber.name),
                title,
                email,
                status,
                priority,
                kind,
                text,
                Cell::Text(subscriber.contact),
                day,
                time,
                created,
                created,
            ],
        );
    }
    for (year, last) in years {
        store.set_series(&format!("ISS-{year}-"), last);
    }
}

fn tickets(store: &mut Store, isp: &Isp, subscribers: &[Subscriber], rng: &mut Rng) {
    let count = (subscribers.len() / 60).min(250);
    for number in 1..=count {
        let Some(subscriber) = one(subscribers, rng) else {
            return;
        };
        let (subject, _) = *rng.pick(COMPLAINTS);
        let back = 30 - i64::try_from(number * 30 / count.max(1)).unwrap_or_default();
        let day = shifted(isp.today, -back);
        let created = stamp(day, 30_000_000_000 + number as u64 * 61_000_001);
        put(
            store,
            "HD Ticket",
            &number.to_string(),
            json!({
                "subject": subject, "raised_by": subscriber.email, "description": subject,
                "status": if back > 4 { "Closed" } else { *rng.pick(&["Open", "Replied"]) },
                "priority": *rng.pick(&["Low", "Medium", "High"]), "ticket_type": "Question",
                "agent_group": *rng.pick(&["Soutien", "Facturation", "Réseau"]),
                "contact": store.texts.text(subscriber.contact),
                "opening_date": day.to_string(), "opening_time": "09:15:00",
                "agreement_status": "First Response Due", "creation": created, "modified": created,
            }),
        );
    }
    store.set_series("", count as u64);
}

fn messages(store: &mut Store, isp: &Isp, subscribers: &[Subscriber], rng: &mut Rng) {
    let by = json!("Administrator");
    let mut rows = Rows::new(
        store,
        "Communication",
        &[
            ("owner", by.clone()),
            ("modified_by", by),
            ("communication_type", json!("Communication")),
            ("reference_doctype", json!("Customer")),
            ("status", json!("Linked")),
        ],
        &[
            "name",
            "subject",
            "communication_medium",
            "sent_or_received",
            "content",
            "text_content",
            "sender",
            "sender_full_name",
            "recipients",
            "phone_no",
            "reference_name",
            "communication_date",
            "creation",
            "modified",
        ],
    );
    for (at, subscriber) in subscribers.iter().enumerate() {
        if !rng.percent(40) {
            continue;
        }
        let day = shifted(isp.today, -rng.between(0, 89));
        let received = rng.percent(50);
        let medium = *rng.pick(&["Email", "SMS", "Phone", "SMS"]);
        let (subject, _) = *rng.pick(COMPLAINTS);
        let body = if received {
            format!("Bonjour, {} Merci.", subject.to_lowercase())
        } else {
            "Votre facture du mois est prête.".to_owned()
        };
        let office = "service@example.ca";
        let (sender, name, recipient) = if received {
            (subscriber.email.as_str(), subscriber.title.as_str(), office)
        } else {
            (office, isp.company.as_str(), subscriber.email.as_str())
        };
        let texts = [
            hash_name(MESSAGE_NAMES + at as u64),
            if received {
                subject.to_owned()
            } else {
                "Votre facture".to_owned()
            },
            medium.to_owned(),
            if received { "Received" } else { "Sent" }.to_owned(),
            format!("<p>{body}</p>"),
            body,
            sender.to_owned(),
            name.to_owned(),
            recipient.to_owned(),
            subscriber.phone.clone(),
            stamp(day, 30_000_000_000 + at as u64 * 2_750_161 % 40_000_000_000),
        ];
        let [
            name,
            subject,
            medium,
            way,
            html,
            text,
            sender,
            full,
            to,
            phone,
            when,
        ] = texts.map(|text| store.text(&text));
        rows.push(
            store,
            &[
                name,
                subject,
                medium,
                way,
                html,
                text,
                sender,
                full,
                to,
                phone,
                Cell::Text(subscriber.name),
                when,
                when,
                when,
            ],
        );
    }
}
