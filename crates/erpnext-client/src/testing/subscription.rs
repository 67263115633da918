//! Subscriptions: their periods, their invoices, their end.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use serde_json::{Value, json};

use super::coerce::{cint, rows, text};
use super::failure::Failure;
use super::site::{Cx, Doc, Site};

const SUBSCRIPTION: &str = "Subscription";

pub(super) fn fill(site: &mut Site, doc: &mut Doc) {
    for (key, value) in [
        ("company", site.default_company()),
        ("start_date", site.today()),
    ] {
        if text(doc, key).is_empty() {
            doc.insert(key.to_owned(), json!(value));
        }
    }
}

pub(super) fn validate(site: &mut Site, doc: &mut Doc) -> Result<(), Failure> {
    let (start, end) = (text(doc, "start_date"), text(doc, "end_date"));
    if !end.is_empty() && end < start {
        return Err(Failure::validation(format!(
            "Subscription End Date must be after {start} as per the subscription plan"
        )));
    }
    if text(doc, "current_invoice_start").is_empty()
        && let Ok(start) = start.parse::<Date>()
    {
        let period = period(site, doc);
        let end = start
            .checked_add(period)
            .and_then(|end| end.checked_sub(1.day()));
        doc.insert("current_invoice_start".to_owned(), json!(start.to_string()));
        doc.insert(
            "current_invoice_end".to_owned(),
            json!(end.unwrap_or(start).to_string()),
        );
    }
    if text(doc, "status").is_empty() {
        let trial = text(doc, "trial_period_end");
        let state = if trial.is_empty() || trial < site.today() {
            "Active"
        } else {
            "Trialing"
        };
        doc.insert("status".to_owned(), json!(state));
    }
    Ok(())
}

/// The billing interval of the first plan; a month where there is none.
fn period(site: &Site, doc: &Doc) -> Span {
    let plan = rows(doc, "plans").next().map(|row| text(row, "plan"));
    let plan = plan
        .and_then(|plan| site.load("Subscription Plan", &plan))
        .unwrap_or_default();
    let count = plan
        .get("billing_interval_count")
        .map_or(1, cint)
        .clamp(1, 100);
    match text(&plan, "billing_interval").as_str() {
        "Day" => count.days(),
        "Week" => count.weeks(),
        "Year" => count.years(),
        _ => count.months(),
    }
}

/// The invoice of the first period, where it is due at its beginning.
pub(super) fn bill(site: &mut Site, cx: &mut Cx, doc: &mut Doc) -> Result<(), Failure> {
    let begins = text(doc, "generate_invoice_at").starts_with("Beginning");
    let customer = text(doc, "party_type") == "Customer";
    if !begins
        || !customer
        || text(doc, "status") != "Active"
        || text(doc, "start_date") > site.today()
    {
        return Ok(());
    }
    let items: Vec<Value> = rows(doc, "plans")
        .map(|row| {
            let plan = site
                .load("Subscription Plan", &text(row, "plan"))
                .unwrap_or_default();
            json!({
                "item_code": text(&plan, "item"), "qty": row.get("qty").cloned(),
                "rate": plan.get("cost").cloned(),
            })
        })
        .collect();
    let start = text(doc, "current_invoice_start");
    let due = start.parse::<Date>().and_then(|day| {
        day.checked_add(
            doc.get("days_until_due")
                .map_or(0, cint)
                .clamp(0, 3650)
                .days(),
        )
    });
    let invoice = json!({
        "customer": text(doc, "party"),
        "company": text(doc, "company"),
        "posting_date": start,
        "set_posting_time": 1,
        "due_date": due.map_or_else(|_| start.clone(), |day| day.to_string()),
        "subscription": text(doc, "name"),
        "from_date": start,
        "to_date": text(doc, "current_invoice_end"),
        "items": items,
        "docstatus": doc.get("submit_invoice").map_or(0, |submit| i64::from(cint(submit) != 0)),
    });
    let invoice = invoice.as_object().cloned().unwrap_or_default();
    site.create(cx, "Sales Invoice", &invoice).map(drop)
}

/// `cancel_subscription` and `restart_subscription`.
pub(super) fn set_running(
    site: &mut Site,
    cx: &mut Cx,
    name: &str,
    run: bool,
) -> Result<Value, Failure> {
    let doc = site.must_load(SUBSCRIPTION, name)?;
    let cancelled = text(&doc, "status") == "Cancelled";
    let mut change = Doc::new();
    match (cancelled, run) {
        (true, false) => return Ok(Value::Null),
        (false, true) => {
            return Err(Failure::validation(
                "You cannot restart a Subscription that is not cancelled.",
            ));
        }
        (true, true) => {
            change.insert("status".to_owned(), json!("Active"));
            change.insert("cancelation_date".to_owned(), Value::Null);
            change.insert("start_date".to_owned(), json!(site.today()));
            change.insert("current_invoice_start".to_owned(), Value::Null);
        }
        (false, false) => {
            change.insert("status".to_owned(), json!("Cancelled"));
            change.insert("cancelation_date".to_owned(), json!(site.today()));
        }
    }
    site.change(cx, SUBSCRIPTION, &text(&doc, "name"), &change)?;
    Ok(Value::Null)
}
