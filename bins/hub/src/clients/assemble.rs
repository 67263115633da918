//! From documents to what the screens show: pure functions.

use std::collections::HashMap;

use erpnext_client::doctypes::SubscriptionPlanDetail;
use erpnext_client::value::Decimal;
use erpnext_client::{DocName, Record as _};
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};

use super::rows;
use super::view::{
    Appointment, Balance, Equipment, Event, Identity, Invoice, InvoiceState, Managed, Part, Plan,
    PlanNote, Standing, What, cut, excerpt, plain,
};

/// Most characters of a message in the history.
const EXCERPT: usize = 140;
/// Most events of the history.
const EVENTS: usize = 20;

/// A text, where there is anything in it.
fn text(text: Option<&String>) -> Option<String> {
    text.map(|text| plain(text)).filter(|text| !text.is_empty())
}

/// An address on one line.
fn line(street: Option<&String>, city: Option<&String>) -> Option<String> {
    let parts: Vec<String> = [text(street), text(city)].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The address of a client's service: of the location that serves best.
pub(super) fn service_address(locations: &[rows::Location]) -> Option<String> {
    let rank = |location: &&rows::Location| match location.status.as_deref() {
        Some("Active") => 0,
        Some("Suspended") => 1,
        Some("Installing") => 2,
        Some("Planned" | "Serviceable") => 3,
        _ => 4,
    };
    let best = locations.iter().min_by_key(rank)?;
    line(best.address_line.as_ref(), best.city.as_ref())
}

/// An address of a client who has no location.
pub(super) fn postal_address(address: &rows::Address) -> Option<String> {
    line(address.address_line1.as_ref(), address.city.as_ref())
}

/// Who a client is.
pub(super) fn identity(
    customer: &rows::Customer,
    locations: &Part<Vec<rows::Location>>,
) -> Identity {
    let disabled = customer.disabled.unwrap_or_default();
    let frozen = customer.is_frozen.unwrap_or_default();
    let standing = match locations {
        Part::Read(locations) => {
            let statuses = locations.iter().filter_map(|l| l.status.as_deref());
            Some(Standing::of(disabled, frozen, statuses))
        }
        // The account's own marks say it without the locations.
        Part::Unavailable if disabled || frozen => Some(Standing::of(disabled, frozen, [])),
        Part::Unavailable => None,
    };
    Identity {
        id: customer.name.to_string(),
        name: text(customer.customer_name.as_ref()).unwrap_or_default(),
        standing,
        address: locations.read().and_then(|found| service_address(found)),
        phone: text(customer.mobile_no.as_ref()),
        email: text(customer.email_id.as_ref()),
    }
}

/// A number and an e-mail address of the people of a client.
pub(super) fn reach(contacts: &[rows::Contact]) -> (Option<String>, Option<String>) {
    let phone = contacts.iter().find_map(|contact| {
        let rows = contact.phone_nos.iter().map(|row| row.phone.as_ref());
        [contact.mobile_no.as_ref(), contact.phone.as_ref()]
            .into_iter()
            .chain(rows)
            .find_map(text)
    });
    let email = contacts
        .iter()
        .find_map(|contact| text(contact.email_id.as_ref()));
    (phone, email)
}

/// What an invoice asks for: rounded where the site rounds.
fn asked(invoice: &rows::Invoice) -> Decimal {
    invoice
        .rounded_total
        .filter(|total| !total.is_zero())
        .or(invoice.grand_total)
        .unwrap_or_default()
}

/// An invoice as it stands today.
pub(super) fn invoice(invoice: &rows::Invoice, today: Date) -> Invoice {
    let amount = asked(invoice);
    Invoice {
        number: plain(invoice.name.as_str()),
        issued: invoice.posting_date,
        due: invoice.due_date,
        state: InvoiceState::of(
            amount,
            invoice.outstanding_amount.unwrap_or_default(),
            invoice.due_date,
            invoice.is_return.unwrap_or_default(),
            today,
        ),
        amount,
    }
}

/// What is due of the invoices on which anything is; `cut` where these are not all.
pub(super) fn balance(open: &[rows::Invoice], today: Date, cut: bool) -> Balance {
    let outstanding = |invoice: &rows::Invoice| invoice.outstanding_amount.unwrap_or_default();
    let unpaid: Vec<&rows::Invoice> = open
        .iter()
        .filter(|invoice| outstanding(invoice) > Decimal::ZERO)
        .collect();
    let late: Vec<Date> = unpaid
        .iter()
        .filter_map(|invoice| invoice.due_date)
        .filter(|due| *due < today)
        .collect();
    Balance {
        // Amounts that no account holds do not stop the page.
        due: open.iter().fold(Decimal::ZERO, |sum, invoice| {
            sum.saturating_add(outstanding(invoice))
        }),
        unpaid: unpaid.len(),
        late: late.len(),
        oldest_days: late
            .iter()
            .min()
            .and_then(|due| due.until(today).ok())
            .map(|span| span.get_days()),
        oldest: unpaid.first().map(|invoice| invoice.name.to_string()),
        cut,
    }
}

/// The subscription that counts most, and the names of its plans.
pub(super) fn in_force(subscriptions: &[rows::Subscription]) -> Vec<&rows::Subscription> {
    let rank = |status: Option<&str>| match status {
        Some("Active") => Some(0),
        Some("Grace Period" | "Past Due Date") => Some(1),
        Some("Unpaid") => Some(2),
        Some("Trialing" | "Trialling") => Some(3),
        _ => None,
    };
    let mut found: Vec<_> = subscriptions
        .iter()
        .filter_map(|one| Some((rank(one.status.as_deref())?, one)))
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, one)| one).collect()
}

/// What the client has subscribed to.
pub(super) fn plan(subscriptions: &[rows::Subscription], plans: &[rows::PlanRow]) -> Option<Plan> {
    let in_force = in_force(subscriptions);
    let note = match in_force.first()?.status.as_deref() {
        Some("Trialing" | "Trialling") => Some(PlanNote::Trial),
        Some("Unpaid" | "Grace Period" | "Past Due Date") => Some(PlanNote::Unpaid),
        _ => None,
    };
    let subscribed: Vec<&SubscriptionPlanDetail> =
        in_force.iter().flat_map(|one| &one.plans).collect();
    let first = subscribed.first()?;
    let name = first.plan.as_ref()?;
    let row = plans.iter().find(|plan| plan.name() == name);
    Some(Plan {
        name: row
            .and_then(|row| text(row.plan_name.as_ref()))
            .unwrap_or_else(|| plain(name.as_str())),
        monthly: row.and_then(|row| monthly(row, first.qty)),
        others: subscribed.len() - 1,
        note,
    })
}

/// Price by month, of a plan whose price is its own.
fn monthly(plan: &rows::PlanRow, qty: i64) -> Option<Decimal> {
    if plan.price_determination.as_deref() == Some("Based On Price List") {
        return None;
    }
    let count = Decimal::from(plan.billing_interval_count.unwrap_or(1).max(1));
    let months = match plan.billing_interval.as_deref() {
        Some("Month") => count,
        Some("Year") => count.checked_mul(Decimal::from(12))?,
        _ => return None,
    };
    let price = plan.cost?.checked_mul(Decimal::from(qty.max(1)))?;
    price.checked_div(months)
}

/// The next visit.
pub(super) fn appointment(job: &rows::Job, technician: Option<String>) -> Option<Appointment> {
    let date = job.scheduled_date?;
    let start = job.start_time.map(|at| at.time());
    Some(Appointment {
        date,
        start,
        end: start.and_then(|start| end(start, job.duration_minutes?)),
        technician: technician
            .map(|name| plain(&name))
            .filter(|name| !name.is_empty()),
    })
}

/// When something ends that begins at this hour; none where that is another day.
fn end(start: Time, minutes: i64) -> Option<Time> {
    if !(1..24 * 60).contains(&minutes) {
        return None;
    }
    start.checked_add(SignedDuration::from_mins(minutes)).ok()
}

/// What a technician is called.
pub(super) fn technician(row: &rows::Technician) -> Option<String> {
    text(row.full_name.as_ref())
}

/// The devices at a client's, the ones in service first.
pub(super) fn equipment(devices: &[rows::Device]) -> Vec<Equipment> {
    let mut found: Vec<Equipment> = devices.iter().map(device).collect();
    let place = |device: &Equipment| {
        let status = match device.status.as_str() {
            "" | "Installed" => 0,
            "Assigned" => 1,
            "Faulty" => 2,
            _ => 3,
        };
        let kind = match device.kind.as_str() {
            "ONT" => 0,
            "Router" => 1,
            "Mesh" => 2,
            _ => 3,
        };
        (status, kind)
    };
    found.sort_by_key(place);
    found
}

fn device(row: &rows::Device) -> Equipment {
    let or_empty = |field: Option<&String>| text(field).unwrap_or_default();
    let serial = or_empty(row.serial_number.as_ref());
    let kind = or_empty(row.equipment_type.as_ref());
    let status = or_empty(row.status.as_ref());
    let model = match (text(row.brand.as_ref()), text(row.model.as_ref())) {
        (Some(brand), Some(model)) if model.to_lowercase().starts_with(&brand.to_lowercase()) => {
            Some(model)
        }
        (Some(brand), Some(model)) => Some(format!("{brand} {model}")),
        (brand, model) => brand.or(model),
    };
    let here = matches!(status.as_str(), "" | "Installed" | "Assigned" | "Faulty");
    let answers = matches!(kind.as_str(), "ONT" | "Router" | "Mesh");
    let managed = match (row.acs.as_deref(), text(row.acs_device_id.as_ref())) {
        _ if !here => None,
        (Some("Oktopus"), _) => None,
        (_, Some(id)) => Some(Managed::Id(id)),
        // That nobody wrote down which server has it does not mean that none has.
        (Some("GenieACS"), None) => Some(Managed::Serial(serial.clone())),
        (_, None) if answers && !serial.is_empty() => Some(Managed::Serial(serial.clone())),
        _ => None,
    };
    Equipment {
        serial,
        kind,
        model,
        status,
        managed,
    }
}

/// A day, and the hour of it where the document was made on that very day.
fn on(day: Option<Date>, made: Option<DateTime>) -> Option<(DateTime, bool)> {
    match (day, made) {
        (Some(day), Some(made)) if made.date() == day => Some((made, true)),
        (Some(day), _) => Some((day.at(0, 0, 0, 0), false)),
        (None, Some(made)) => Some((made, true)),
        (None, None) => None,
    }
}

pub(super) fn invoiced(invoice: &rows::Invoice) -> Option<Event> {
    let made = invoice.creation.map(|at| at.date_time());
    let (at, timed) = on(invoice.posting_date, made)?;
    let amount = asked(invoice);
    Some(Event {
        at,
        timed,
        what: What::Invoiced {
            number: plain(invoice.name.as_str()),
            credit: invoice.is_return.unwrap_or_default() || amount < Decimal::ZERO,
            amount,
        },
    })
}

pub(super) fn paid(payment: &rows::Payment) -> Option<Event> {
    let made = payment.creation.map(|at| at.date_time());
    let (at, timed) = on(payment.posting_date, made)?;
    Some(Event {
        at,
        timed,
        what: What::Paid {
            amount: payment.paid_amount.unwrap_or_default(),
            means: text(payment.mode_of_payment.as_ref()),
            back: payment.payment_type.as_deref() == Some("Pay"),
        },
    })
}

pub(super) fn job(job: &rows::Job) -> Option<Event> {
    let status = text(job.status.as_ref()).unwrap_or_default();
    let made = job.creation.map(|at| at.date_time());
    let (at, timed) = match (status.as_str(), job.completed_at) {
        ("Completed", Some(done)) => (done.date_time(), true),
        ("Completed", None) => on(job.scheduled_date, made)?,
        _ => (made?, true),
    };
    Some(Event {
        at,
        timed,
        what: What::Job {
            kind: text(job.job_type.as_ref()).unwrap_or_default(),
            status,
            day: job.scheduled_date,
            start: job.start_time.map(|at| at.time()),
        },
    })
}

pub(super) fn issue(issue: &rows::Issue) -> Option<Event> {
    Some(Event {
        at: issue.creation?.date_time(),
        timed: true,
        what: What::Issue {
            subject: cut(&text(issue.subject.as_ref()).unwrap_or_default(), EXCERPT),
            status: text(issue.status.as_ref()).unwrap_or_default(),
        },
    })
}

/// Messages with the beginnings of their texts, where these were read.
pub(super) fn messages(messages: &[rows::Message], texts: &HashMap<DocName, String>) -> Vec<Event> {
    let event = |message: &rows::Message| {
        let at = message.communication_date.or(message.creation)?;
        let begins = texts
            .get(message.name())
            .map(|html| excerpt(html, EXCERPT))
            .filter(|text| !text.is_empty());
        let subject = || text(message.subject.as_ref()).map(|line| cut(&line, EXCERPT));
        Some(Event {
            at: at.date_time(),
            timed: true,
            what: What::Message {
                medium: text(message.communication_medium.as_ref()).unwrap_or_default(),
                received: message.sent_or_received.as_deref() == Some("Received"),
                text: begins.or_else(subject).unwrap_or_default(),
            },
        })
    };
    messages.iter().filter_map(event).collect()
}

/// The latest events of all, newest first.
pub(super) fn newest(mut events: Vec<Event>) -> Vec<Event> {
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    events.truncate(EVENTS);
    events
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn row<T: serde::de::DeserializeOwned>(value: Value) -> T {
        serde_json::from_value(value).unwrap()
    }

    fn today() -> Date {
        "2026-11-22".parse().unwrap()
    }

    fn money(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn the_balance_is_the_sum_of_what_is_outstanding_credits_taken_off() {
        let open: Vec<rows::Invoice> = [
            json!({"name": "A", "outstanding_amount": 91.97, "due_date": "2026-11-10"}),
            json!({"name": "B", "outstanding_amount": 0.1, "due_date": "2026-11-22"}),
            json!({"name": "C", "outstanding_amount": 0.2, "due_date": "2025-11-22"}),
            json!({"name": "D", "outstanding_amount": -20}),
            json!({"name": "E", "outstanding_amount": 5, "due_date": null}),
        ]
        .into_iter()
        .map(row)
        .collect();
        let balance = balance(&open, today(), false);
        assert_eq!(
            balance,
            Balance {
                due: money("77.27"),
                unpaid: 4,
                late: 2,
                oldest_days: Some(365),
                oldest: Some("A".to_owned()),
                cut: false,
            }
        );
    }

    #[test]
    fn the_plan_is_of_the_subscription_in_force_at_its_price_by_month() {
        let subscriptions: Vec<rows::Subscription> = vec![
            row(json!({"name": "1", "status": "Cancelled", "plans": [{"plan": "Old", "qty": 1}]})),
            row(json!({"name": "2", "status": "Unpaid", "plans": [{"plan": "TV", "qty": 1}]})),
            row(
                json!({"name": "3", "status": "Active", "plans": [{"plan": "FIBRE-1G", "qty": 2}]}),
            ),
        ];
        let plans: Vec<rows::PlanRow> = vec![row(json!({
            "name": "FIBRE-1G", "plan_name": "Fibre 1 Gbit/s &amp; plus", "cost": 479.94,
            "price_determination": "Fixed Rate", "billing_interval": "Year", "billing_interval_count": 1,
        }))];
        let plan = plan(&subscriptions, &plans).unwrap();
        assert_eq!(plan.name, "Fibre 1 Gbit/s & plus");
        assert_eq!(plan.monthly, Some(money("79.99")));
        assert_eq!((plan.others, plan.note), (1, None));
        // A plan that could not be read has its name at least.
        let bare = super::plan(&subscriptions, &[]).unwrap();
        assert_eq!((bare.name.as_str(), bare.monthly), ("FIBRE-1G", None));
        assert_eq!(super::plan(&subscriptions[..1], &plans), None);
        let unpaid = super::plan(&subscriptions[..2], &plans).unwrap();
        assert_eq!(unpaid.note, Some(PlanNote::Unpaid));
    }

    #[test]
    fn a_visit_has_a_window_only_where_it_ends_the_same_day() {
        let of = |start: &str, minutes: i64| {
            let job: rows::Job = row(json!({
                "name": "DJ-1", "scheduled_date": "2026-11-23", "start_time": start, "duration_minutes": minutes,
            }));
            appointment(&job, Some("Luc".to_owned())).unwrap()
        };
        assert_eq!(of("13:00:00", 120).end, Some("15:00".parse().unwrap()));
        assert_eq!(of("8:30:00", 0).end, None);
        assert_eq!(of("23:00:00", 120).end, None);
        assert_eq!(of("23:00:00", i64::MAX).end, None);
        let undated: rows::Job = row(json!({"name": "DJ-1"}));
        assert_eq!(appointment(&undated, None), None);
    }

    #[test]
    fn equipment_in_service_comes_first_and_says_who_manages_it() {
        let devices: Vec<rows::Device> = [
            json!({"name": "1", "serial_number": "OLD", "equipment_type": "ONT", "status": "Returned", "acs": "GenieACS"}),
            json!({"name": "2", "serial_number": "BOX", "equipment_type": "STB", "status": "Installed"}),
            json!({"name": "3", "serial_number": "R", "equipment_type": "Router", "status": "Installed", "acs": "None",
                   "brand": "TP-Link", "model": "HX220"}),
            json!({"name": "4", "serial_number": "O", "equipment_type": "ONT", "status": "Installed", "acs": "GenieACS",
                   "acs_device_id": "A1-B-O", "brand": "Nokia", "model": "Nokia G-2425G"}),
            json!({"name": "5", "serial_number": "U", "equipment_type": "ONT", "status": "Installed", "acs": "Oktopus"}),
        ]
        .into_iter()
        .map(row)
        .collect();
        let found = equipment(&devices);
        let serials: Vec<&str> = found.iter().map(|d| d.serial.as_str()).collect();
        assert_eq!(serials, ["O", "U", "R", "BOX", "OLD"]);
        let managed: Vec<_> = found.iter().map(|d| d.managed.clone()).collect();
        let expected = [
            Some(Managed::Id("A1-B-O".to_owned())),
            None,
            Some(Managed::Serial("R".to_owned())),
            None,
            None,
        ];
        assert_eq!(managed, expected);
        assert_eq!(found[0].model.as_deref(), Some("Nokia G-2425G"));
        assert_eq!(found[2].model.as_deref(), Some("TP-Link HX220"));
    }

    #[test]
    fn the_history_is_newest_first_and_knows_hours_only_where_they_are_true() {
        let imported: rows::Invoice = row(json!({
            "name": "SINV-1", "posting_date": "2024-05-01", "creation": "2026-01-01 03:00:00", "grand_total": 45.94,
        }));
        let fresh: rows::Payment = row(json!({
            "name": "PAY-1", "posting_date": "2026-11-22", "creation": "2026-11-22 09:00:00.5", "paid_amount": "45.94",
            "payment_type": "Pay", "mode_of_payment": "Visa",
        }));
        let done: rows::Job = row(json!({
            "name": "DJ-1", "status": "Completed", "completed_at": "2026-11-20 15:00:00", "creation": "2026-11-01 08:00:00",
        }));
        let message: rows::Message = row(json!({
            "name": "COM-1", "creation": "2026-11-21 08:00:00", "communication_medium": "SMS",
            "sent_or_received": "Received", "subject": "Objet",
        }));
        let texts = HashMap::from([(
            DocName::new("COM-1").unwrap(),
            "<div>Bonjour<script>x</script></div>".to_owned(),
        )]);
        let mut events = vec![invoiced(&imported).unwrap(), job(&done).unwrap()];
        events.extend(paid(&fresh));
        events.extend(messages(&[message], &texts));
        let events = newest(events);
        let at: Vec<(String, bool)> = events
            .iter()
            .map(|event| (event.at.to_string(), event.timed))
            .collect();
        let expected = [
            ("2026-11-22T09:00:00.5", true),
            ("2026-11-21T08:00:00", true),
            ("2026-11-20T15:00:00", true),
            ("2024-05-01T00:00:00", false),
        ];
        assert_eq!(at, expected.map(|(at, timed)| (at.to_owned(), timed)));
        assert!(matches!(&events[0].what, What::Paid { back: true, .. }));
        assert!(matches!(&events[1].what, What::Message { text, .. } if text == "Bonjour"));
        let many = vec![events[0].clone(); 50];
        assert_eq!(newest(many).len(), EVENTS);
    }

    #[test]
    fn who_a_client_is_survives_without_the_locations() {
        let customer: rows::Customer =
            row(json!({"name": "C", "customer_name": "R&amp;D", "is_frozen": 1}));
        let who = identity(&customer, &Part::Unavailable);
        assert_eq!(
            (who.name.as_str(), who.standing),
            ("R&D", Some(Standing::Suspended))
        );
        let open: rows::Customer = row(json!({"name": "C", "customer_name": null}));
        assert_eq!(identity(&open, &Part::Unavailable).standing, None);
        let locations = vec![
            row(
                json!({"name": "L1", "status": "Terminated", "address_line": "1 Vieille", "city": "Ici"}),
            ),
            row(json!({"name": "L2", "status": "Active", "address_line": "2 Neuve", "city": ""})),
        ];
        let who = identity(&open, &Part::Read(locations));
        assert_eq!(who.address.as_deref(), Some("2 Neuve"));
        assert_eq!(who.standing, Some(Standing::Active));
    }
}
