//! Payment Entries.

use serde_json::{Value, json};

use super::coerce::{cint, cstr, number, rows, text};
use super::docstatus::Step;
use super::document::status;
use super::failure::Failure;
use super::invoice;
use super::ledger::{Line, cents};
use super::methods::{self, Args};
use super::select::SelectRequest;
use super::site::{Cx, Doc, Site};

pub(super) const GET_PAYMENT_ENTRY: &str =
    "erpnext.accounts.doctype.payment_entry.payment_entry.get_payment_entry";
const PAYMENT: &str = "Payment Entry";
const INVOICE: &str = "Sales Invoice";

/// A payment of what is outstanding, not saved: for `get_payment_entry`.
pub(super) fn draft(
    site: &mut Site,
    cx: &mut Cx,
    doctype: &str,
    name: &str,
    args: &Args<'_>,
) -> Result<Value, Failure> {
    if doctype != INVOICE {
        return Err(Failure::raised(
            500,
            "AttributeError",
            format!(
                "'{}' object has no attribute 'outstanding_amount'",
                doctype.replace(' ', "")
            ),
        ));
    }
    let invoice = methods::read(site, cx, doctype, name)?;
    let company = site.company(&text(&invoice, "company"));
    let due = number(&invoice, "outstanding_amount");
    let amount = match args.text("party_amount") {
        given if given.is_empty() => due.abs(),
        given => super::coerce::flt(&json!(given)),
    };
    let bank = match args.text("bank_account") {
        given if given.is_empty() => text(&company, "default_bank_account"),
        given => given,
    };
    // Nothing left to receive is taken for something to give back.
    let (kind, from, to) = if due <= 0.0 {
        ("Pay", bank, text(&invoice, "debit_to"))
    } else {
        ("Receive", text(&invoice, "debit_to"), bank)
    };
    let reference_date = match args.text("reference_date") {
        given if given.is_empty() => Value::Null,
        given => json!(given),
    };
    let total = match number(&invoice, "rounded_total") {
        0.0 => number(&invoice, "grand_total"),
        rounded => rounded,
    };
    // An amount asked for is all that the row speaks of.
    let (total, left) = match args.text("party_amount") {
        given if given.is_empty() => (total, due),
        _ => (amount, amount),
    };
    let paid = due == 0.0;
    let reference = json!({
        "reference_doctype": INVOICE,
        "reference_name": text(&invoice, "name"),
        "due_date": invoice.get("due_date").cloned(),
        "bill_no": Value::Null,
        "total_amount": total,
        "outstanding_amount": left,
        "allocated_amount": amount.copysign(due),
        "payment_term_outstanding": 0.0,
        "exchange_rate": if paid { 0.0 } else { 1.0 },
        "exchange_gain_loss": 0.0,
        "account": if paid { Value::Null } else { json!(text(&invoice, "debit_to")) },
        "parentfield": "references",
        "parenttype": PAYMENT,
        "idx": 1,
        "docstatus": 0,
        "__islocal": 1,
    });
    let given = json!({
        "payment_type": kind,
        "company": text(&invoice, "company"),
        "posting_date": site.today(),
        "reference_date": reference_date,
        "party_type": "Customer",
        "party": text(&invoice, "customer"),
        "party_name": text(&invoice, "customer_name"),
        "contact_person": invoice.get("contact_person").cloned(),
        "contact_email": invoice.get("contact_email").cloned(),
        "paid_from": from,
        "paid_to": to,
        "paid_from_account_currency": "CAD",
        "paid_to_account_currency": "CAD",
        "paid_amount": amount,
        "received_amount": amount,
        "source_exchange_rate": 1.0,
        "target_exchange_rate": 1.0,
        "base_paid_amount": amount,
        "base_received_amount": amount,
        "total_allocated_amount": amount,
        "base_total_allocated_amount": amount,
        "unallocated_amount": 0.0,
        "difference_amount": 0.0,
        "cost_center": text(&company, "cost_center"),
        "references": [reference],
    });
    let mut doc = given.as_object().cloned().unwrap_or_default();
    let schema = site.controller(PAYMENT)?;
    site.set_defaults(&schema, &mut doc, &cx.user);
    doc.insert("naming_series".to_owned(), json!("ACC-PAY-.YYYY.-"));
    doc.insert("docstatus".to_owned(), json!(0));
    doc.insert("idx".to_owned(), json!(0));
    doc.insert("__islocal".to_owned(), json!(1));
    doc.insert("owner".to_owned(), json!(cx.user));
    Ok(site.wire(&schema, doc, false))
}

/// Accounts and rates that follow from the company and the way of paying.
pub(super) fn fill(site: &mut Site, doc: &mut Doc) {
    let default = |doc: &mut Doc, key: &str, value: Value| {
        let empty = matches!(text(doc, key).as_str(), "" | "0" | "0.0");
        if empty {
            doc.insert(key.to_owned(), value);
        }
    };
    let company = site.default_company();
    default(doc, "company", json!(company));
    let company = site.company(&text(doc, "company"));
    let mode = site
        .load("Mode of Payment", &text(doc, "mode_of_payment"))
        .unwrap_or_default();
    let of_mode = rows(&mode, "accounts")
        .next()
        .map(|row| text(row, "default_account"));
    let bank = of_mode.unwrap_or_else(|| text(&company, "default_bank_account"));
    let debtors = text(&company, "default_receivable_account");
    let (from, to) = match text(doc, "payment_type").as_str() {
        "Pay" => (bank, debtors),
        _ => (debtors, bank),
    };
    let paid = doc.get("paid_amount").cloned().unwrap_or_default();
    for (key, value) in [
        ("paid_from", json!(from)),
        ("paid_to", json!(to)),
        ("paid_from_account_currency", json!("CAD")),
        ("paid_to_account_currency", json!("CAD")),
        ("source_exchange_rate", json!(1.0)),
        ("target_exchange_rate", json!(1.0)),
        ("received_amount", paid),
    ] {
        default(doc, key, value);
    }
    let (kind, party) = (text(doc, "party_type"), text(doc, "party"));
    if let Some(found) = site.load(&kind, &party) {
        let name = match text(&found, "customer_name") {
            name if name.is_empty() => party,
            name => name,
        };
        default(doc, "party_name", json!(name));
        default(doc, "title", json!(name));
    }
}

pub(super) fn validate(site: &mut Site, doc: &mut Doc, step: Step) -> Result<(), Failure> {
    match step {
        Step::AfterSubmit => return Ok(()),
        Step::Cancel => {
            doc.insert("status".to_owned(), json!("Cancelled"));
            return Ok(());
        }
        Step::Save | Step::Submit => {}
    }
    let paid = number(doc, "paid_amount");
    if paid == 0.0 {
        return Err(Failure::validation("Paid Amount is mandatory"));
    }
    let account = match text(doc, "payment_type").as_str() {
        "Receive" => text(doc, "paid_to"),
        _ => text(doc, "paid_from"),
    };
    let kind = site.store.value("Account", &account, "account_type");
    let banked = kind.is_some_and(|kind| kind == json!("Bank"));
    if banked && (text(doc, "reference_no").is_empty() || text(doc, "reference_date").is_empty()) {
        return Err(Failure::validation(
            "Reference No and Reference Date is mandatory for Bank transaction",
        ));
    }
    no_twins(doc)?;
    let mut references = doc.get("references").cloned().unwrap_or_else(|| json!([]));
    let mut allocated = 0.0;
    let rows = references
        .as_array_mut()
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut);
    for (at, row) in (1..).zip(rows) {
        allocated += check_reference(site, doc, at, row)?;
    }
    doc.insert("references".to_owned(), references);
    let allocated = cents(allocated);
    let rest = cents(paid - allocated.abs());
    // A draft may hold what does not add up; it cannot be submitted.
    let (left, difference) = (rest.max(0.0), (-rest).max(0.0));
    if difference != 0.0 && step == Step::Submit {
        return Err(Failure::validation("Difference Amount must be zero"));
    }
    for (key, amount) in [
        ("base_paid_amount", paid),
        ("base_received_amount", number(doc, "received_amount")),
        ("total_allocated_amount", allocated.abs()),
        ("base_total_allocated_amount", allocated.abs()),
        ("unallocated_amount", left),
        ("difference_amount", difference),
    ] {
        doc.insert(key.to_owned(), json!(amount));
    }
    let state = if step == Step::Submit {
        "Submitted"
    } else {
        "Draft"
    };
    doc.insert("status".to_owned(), json!(state));
    if text(doc, "remarks").is_empty() {
        let (party, number) = (text(doc, "party"), text(doc, "reference_no"));
        let date = text(doc, "reference_date");
        let mut remarks = format!(
            "Amount CAD {paid:?} received from {party}\nTransaction reference no {number} dated {date}"
        );
        for row in super::coerce::rows(doc, "references") {
            let amount = super::coerce::number(row, "allocated_amount");
            let (kind, name) = (text(row, "reference_doctype"), text(row, "reference_name"));
            remarks.push_str(&format!("\nAmount CAD {amount:?} against {kind} {name}"));
        }
        doc.insert("remarks".to_owned(), json!(remarks));
    }
    Ok(())
}

/// No voucher is referred to twice.
fn no_twins(doc: &Doc) -> Result<(), Failure> {
    let mut seen = Vec::new();
    for row in rows(doc, "references") {
        let key = ["reference_doctype", "reference_name", "payment_term"].map(|key| text(row, key));
        if seen.contains(&key) {
            let [kind, name, _] = key;
            let at = seen.len();
            return Err(Failure::validation(format!(
                "Row #{at}: Duplicate entry in References {kind} {name}"
            )));
        }
        seen.push(key);
    }
    Ok(())
}

/// One row of `references` against the invoice as it is now; answers what it allocates.
fn check_reference(site: &Site, doc: &Doc, at: usize, row: &mut Doc) -> Result<f64, Failure> {
    let (doctype, name) = (text(row, "reference_doctype"), text(row, "reference_name"));
    let allocated = cents(number(row, "allocated_amount"));
    if doctype != INVOICE {
        return Ok(allocated);
    }
    let invoice = site.must_load(INVOICE, &name)?;
    if text(&invoice, "customer") != text(doc, "party") {
        let (kind, party) = (text(doc, "party_type"), text(doc, "party"));
        return Err(Failure::validation(format!(
            "{doctype} {name} is not associated with {kind} {party}"
        )));
    }
    if status(&invoice) != 1 {
        return Err(Failure::validation(format!(
            "{doctype} {name} must be submitted"
        )));
    }
    let due = number(&invoice, "outstanding_amount");
    if due == 0.0 {
        return Err(Failure::validation(format!(
            "{doctype} {name} has already been fully paid."
        )));
    }
    if allocated.abs() > due.abs() + 0.004 {
        return Err(Failure::validation(format!(
            "Row #{at}: Allocated Amount cannot be greater than outstanding amount."
        )));
    }
    let total = match number(&invoice, "rounded_total") {
        0.0 => number(&invoice, "grand_total"),
        rounded => rounded,
    };
    for (key, value) in [
        ("allocated_amount", json!(allocated)),
        ("outstanding_amount", json!(due)),
        ("total_amount", json!(total)),
        (
            "due_date",
            invoice.get("due_date").cloned().unwrap_or_default(),
        ),
        ("exchange_rate", json!(1.0)),
        (
            "account",
            invoice.get("debit_to").cloned().unwrap_or_default(),
        ),
    ] {
        row.insert(key.to_owned(), value);
    }
    Ok(allocated)
}

/// Books the payment and settles what it refers to.
pub(super) fn submit(site: &mut Site, doc: &mut Doc) -> Result<(), Failure> {
    let received = text(doc, "payment_type") == "Receive";
    let (bank, party_account) = if received {
        (text(doc, "paid_to"), text(doc, "paid_from"))
    } else {
        (text(doc, "paid_from"), text(doc, "paid_to"))
    };
    let party = Some((text(doc, "party_type"), text(doc, "party")));
    let party = party.filter(|(kind, _)| !kind.is_empty());
    // Money in is a debit of the bank and a credit of the party.
    let sign = if received { 1.0 } else { -1.0 };
    let mut money = Line::new(bank.clone(), sign * number(doc, "paid_amount"));
    money.against = text(doc, "party");
    let mut lines = vec![money];
    let mut credit = |amount: f64, settles: Option<(String, String)>| {
        let mut line = Line::new(party_account.clone(), -sign * amount);
        line.party.clone_from(&party);
        line.against.clone_from(&bank);
        line.settles = settles;
        lines.push(line);
    };
    for row in rows(doc, "references") {
        let target = (text(row, "reference_doctype"), text(row, "reference_name"));
        credit(number(row, "allocated_amount").abs(), Some(target));
    }
    credit(number(doc, "unallocated_amount"), None);
    site.post(PAYMENT, doc, lines)?;
    settle_all(site, doc, 1.0)?;
    outstanding_rows(site, doc, 1.0)
}

pub(super) fn cancel(site: &mut Site, doc: &mut Doc) -> Result<(), Failure> {
    site.unpost(PAYMENT, &text(doc, "name"))?;
    settle_all(site, doc, -1.0)?;
    outstanding_rows(site, doc, -1.0)
}

/// The rows follow what is outstanding once the payment is booked, or no longer.
fn outstanding_rows(site: &mut Site, doc: &mut Doc, sign: f64) -> Result<(), Failure> {
    let name = text(doc, "name");
    let mut references = doc.get("references").cloned().unwrap_or_else(|| json!([]));
    let rows = references.as_array_mut().into_iter().flatten();
    for row in rows.filter_map(Value::as_object_mut) {
        if text(row, "reference_doctype") == INVOICE {
            let left = number(row, "outstanding_amount") - sign * number(row, "allocated_amount");
            row.insert("outstanding_amount".to_owned(), json!(cents(left)));
        }
    }
    site.db_set(PAYMENT, &name, [("references", references)])
}

fn settle_all(site: &mut Site, doc: &Doc, sign: f64) -> Result<(), Failure> {
    for row in rows(doc, "references") {
        if text(row, "reference_doctype") == INVOICE {
            let amount = sign * number(row, "allocated_amount");
            invoice::settle(site, &text(row, "reference_name"), amount)?;
        }
    }
    Ok(())
}

/// A cancelled invoice leaves the payments that settled it: what they allocated is free again.
pub(super) fn unlink(site: &mut Site, cx: &mut Cx, invoice: &str) -> Result<(), Failure> {
    let request = SelectRequest {
        doctype: "Payment Entry Reference".to_owned(),
        fields: Some(json!(["parent"])),
        filters: Some(
            json!({"reference_doctype": INVOICE, "reference_name": invoice, "docstatus": 1}),
        ),
        parent: Some(PAYMENT.to_owned()),
        today: site.time().date(),
        ..SelectRequest::default()
    };
    let mut unlinked = Vec::new();
    for row in site.store.select(&request, site.dialect)? {
        let name = row.get("parent").map(cstr).unwrap_or_default();
        let before = site.must_load(PAYMENT, &name)?;
        if before
            .get("docstatus")
            .is_none_or(|status| cint(status) != 1)
        {
            continue;
        }
        let mut after = before.clone();
        let mut freed = 0.0;
        if let Some(Value::Array(rows)) = after.get_mut("references") {
            rows.retain(|row| {
                let Some(row) = row.as_object() else {
                    return false;
                };
                let points = text(row, "reference_name") == invoice;
                if points {
                    freed += number(row, "allocated_amount");
                }
                !points
            });
        }
        let left = cents(number(&before, "unallocated_amount") + freed);
        let allocated = cents(number(&before, "total_allocated_amount") - freed);
        after.insert("unallocated_amount".to_owned(), json!(left));
        after.insert("total_allocated_amount".to_owned(), json!(allocated));
        site.db_update(PAYMENT, before, after)?;
        unlinked.push(name);
    }
    if !unlinked.is_empty() {
        let text = format!("Payment Entries {} are un-linked", unlinked.join("\n"));
        cx.messages.push(super::failure::Message::said(text));
    }
    Ok(())
}
