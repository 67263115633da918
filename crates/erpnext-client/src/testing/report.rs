//! Reports: the general ledger and the accounts receivable.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::coerce::{number, text};
use super::failure::Failure;
use super::ledger::cents;
use super::permission::Right;
use super::select::SelectRequest;
use super::site::{Cx, Doc, Site};

pub(super) fn run(site: &Site, cx: &Cx, name: &str, filters: &Doc) -> Result<Value, Failure> {
    let (columns, result) = match name {
        "General Ledger" => {
            site.check(cx, "GL Entry", Right::Read, None)?;
            general_ledger(site, filters)?
        }
        "Accounts Receivable" => {
            site.check(cx, "Sales Invoice", Right::Read, None)?;
            receivable(site, filters)?
        }
        name => return Err(Failure::not_found("Report", name)),
    };
    Ok(json!({
        "columns": columns,
        "result": result,
        "message": Value::Null,
        "chart": Value::Null,
        "report_summary": Value::Null,
        "skip_total_row": 0,
        "status": Value::Null,
        "execution_time": 0.01,
        "add_total_row": 0,
    }))
}

fn columns(columns: &[(&str, &str, &str, &str)]) -> Value {
    let column = |(fieldname, label, fieldtype, options): &(&str, &str, &str, &str)| {
        let options = if options.is_empty() {
            Value::Null
        } else {
            json!(options)
        };
        json!({
            "fieldname": fieldname, "label": label, "fieldtype": fieldtype,
            "options": options, "width": 120,
        })
    };
    columns.iter().map(column).collect()
}

/// All documents that match, oldest first.
fn all(site: &Site, doctype: &str, filters: Vec<Value>, order: &str) -> Result<Vec<Doc>, Failure> {
    let request = SelectRequest {
        doctype: doctype.to_owned(),
        fields: Some(json!(["*"])),
        filters: Some(filters.into()),
        order_by: Some(order.to_owned()),
        today: site.time().date(),
        ..SelectRequest::default()
    };
    let rows = site.store.select(&request, site.dialect)?;
    Ok(rows
        .into_iter()
        .filter_map(|row| match row {
            Value::Object(row) => Some(row),
            _ => None,
        })
        .collect())
}

/// A filter that may be one value or a list of them.
fn is_in(filters: &Doc, key: &str, field: &str) -> Option<Value> {
    match filters.get(key)? {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::Array(names) if names.is_empty() => None,
        Value::Array(names) => Some(json!([field, "in", names])),
        one => Some(json!([field, "=", one])),
    }
}

fn general_ledger(site: &Site, filters: &Doc) -> Result<(Value, Value), Failure> {
    let (from, to) = (text(filters, "from_date"), text(filters, "to_date"));
    if from.is_empty() || to.is_empty() {
        return Err(Failure::validation("From Date and To Date are mandatory"));
    }
    let mut wanted = vec![
        json!(["is_cancelled", "=", 0]),
        json!(["posting_date", "<=", to]),
    ];
    for (key, field) in [
        ("company", "company"),
        ("account", "account"),
        ("party_type", "party_type"),
        ("party", "party"),
        ("voucher_no", "voucher_no"),
    ] {
        wanted.extend(is_in(filters, key, field));
    }
    let entries = all(site, "GL Entry", wanted, "posting_date asc, name asc")?;
    let (mut opening, mut sums) = ((0.0, 0.0), (0.0, 0.0));
    let mut lines = Vec::new();
    for entry in entries {
        let (debit, credit) = (number(&entry, "debit"), number(&entry, "credit"));
        if text(&entry, "posting_date") < from {
            opening = (opening.0 + debit, opening.1 + credit);
            continue;
        }
        sums = (sums.0 + debit, sums.1 + credit);
        let balance = cents(opening.0 + sums.0 - opening.1 - sums.1);
        let mut line = Doc::new();
        line.insert("gl_entry".to_owned(), json!(text(&entry, "name")));
        for key in [
            "posting_date",
            "account",
            "party_type",
            "party",
            "voucher_type",
            "voucher_no",
            "against",
            "against_voucher_type",
            "against_voucher",
            "debit",
            "credit",
            "remarks",
            "cost_center",
            "account_currency",
        ] {
            line.insert(key.to_owned(), entry.get(key).cloned().unwrap_or_default());
        }
        line.insert("balance".to_owned(), json!(balance));
        lines.push(Value::Object(line));
    }
    let row = |label: &str, debit: f64, credit: f64| {
        json!({
            "account": label, "debit": cents(debit), "credit": cents(credit),
            "balance": cents(debit - credit),
        })
    };
    let mut result = vec![row("'Opening'", opening.0, opening.1)];
    result.append(&mut lines);
    result.push(row("'Total'", sums.0, sums.1));
    result.push(row(
        "'Closing (Opening + Total)'",
        opening.0 + sums.0,
        opening.1 + sums.1,
    ));
    let columns = columns(&[
        ("gl_entry", "GL Entry", "Link", "GL Entry"),
        ("posting_date", "Posting Date", "Date", ""),
        ("account", "Account", "Link", "Account"),
        ("debit", "Debit (CAD)", "Float", ""),
        ("credit", "Credit (CAD)", "Float", ""),
        ("balance", "Balance (CAD)", "Float", ""),
        ("voucher_type", "Voucher Type", "Data", ""),
        ("voucher_no", "Voucher No", "Dynamic Link", "voucher_type"),
        ("against", "Against Account", "Data", ""),
        ("party_type", "Party Type", "Data", ""),
        ("party", "Party", "Data", ""),
        (
            "against_voucher",
            "Against Voucher",
            "Dynamic Link",
            "against_voucher_type",
        ),
        ("remarks", "Remarks", "Data", ""),
    ]);
    Ok((columns, result.into()))
}

/// Ranges of days, `30, 60, 90, 120` unless told.
fn ranges(filters: &Doc) -> Vec<i64> {
    let spelled = text(filters, "range");
    let mut ranges: Vec<i64> = spelled
        .split(',')
        .filter_map(|days| days.trim().parse().ok())
        .collect();
    if ranges.is_empty() {
        let old = ["range1", "range2", "range3", "range4"];
        ranges = old
            .iter()
            .filter_map(|key| filters.get(*key))
            .map(super::coerce::cint)
            .collect();
    }
    if ranges.is_empty() {
        ranges = vec![30, 60, 90, 120];
    }
    ranges.truncate(20);
    ranges
}

fn receivable(site: &Site, filters: &Doc) -> Result<(Value, Value), Failure> {
    let today = match text(filters, "report_date") {
        day if day.is_empty() => site.today(),
        day => day,
    };
    let by_due = text(filters, "ageing_based_on") != "Posting Date";
    let ranges = ranges(filters);
    let mut wanted = vec![
        json!(["docstatus", "=", 1]),
        json!(["outstanding_amount", "!=", 0]),
        json!(["posting_date", "<=", today]),
    ];
    wanted.extend(is_in(filters, "company", "company"));
    wanted.extend(is_in(filters, "customer", "customer"));
    wanted.extend(is_in(filters, "party", "customer"));
    let mut result = Vec::new();
    let mut sums: Vec<f64> = vec![0.0; ranges.len() + 1];
    let mut whole = (0.0, 0.0, 0.0);
    for invoice in all(site, "Sales Invoice", wanted, "posting_date asc, name asc")? {
        let due = number(&invoice, "outstanding_amount");
        let invoiced = match number(&invoice, "rounded_total") {
            0.0 => number(&invoice, "grand_total"),
            rounded => rounded,
        };
        let paid = cents(invoiced - due);
        let from = text(&invoice, if by_due { "due_date" } else { "posting_date" });
        let age = age(&from, &today);
        let bucket = ranges
            .iter()
            .position(|days| age <= *days)
            .unwrap_or(ranges.len());
        let mut row = json!({
            "party_type": "Customer", "party": text(&invoice, "customer"),
            "customer_name": text(&invoice, "customer_name"),
            "party_account": text(&invoice, "debit_to"),
            "posting_date": text(&invoice, "posting_date"),
            "voucher_type": "Sales Invoice", "voucher_no": text(&invoice, "name"),
            "due_date": text(&invoice, "due_date"), "invoiced": invoiced, "paid": paid,
            "credit_note": 0.0, "outstanding": due, "age": age, "currency": "CAD",
            "territory": text(&invoice, "territory"),
            "customer_group": text(&invoice, "customer_group"),
        });
        for (at, sum) in sums.iter_mut().enumerate() {
            let amount = if at == bucket { due } else { 0.0 };
            *sum += amount;
            row[format!("range{}", at + 1)] = json!(amount);
        }
        whole = (whole.0 + invoiced, whole.1 + paid, whole.2 + due);
        result.push(row);
    }
    if !result.is_empty() {
        let mut total = json!({
            "party": "Total", "invoiced": cents(whole.0), "paid": cents(whole.1),
            "outstanding": cents(whole.2), "bold": 1,
        });
        for (at, sum) in sums.iter().enumerate() {
            total[format!("range{}", at + 1)] = json!(cents(*sum));
        }
        result.push(total);
    }
    let mut columns = columns(&[
        ("posting_date", "Posting Date", "Date", ""),
        ("party_type", "Party Type", "Data", ""),
        ("party", "Party", "Dynamic Link", "party_type"),
        ("party_account", "Receivable Account", "Link", "Account"),
        ("customer_name", "Customer Name", "Data", ""),
        ("voucher_type", "Voucher Type", "Data", ""),
        ("voucher_no", "Voucher No", "Dynamic Link", "voucher_type"),
        ("due_date", "Due Date", "Date", ""),
        ("invoiced", "Invoiced Amount", "Currency", "currency"),
        ("paid", "Paid Amount", "Currency", "currency"),
        ("credit_note", "Credit Note", "Currency", "currency"),
        ("outstanding", "Outstanding Amount", "Currency", "currency"),
        ("age", "Age (Days)", "Int", ""),
        ("currency", "Currency", "Link", "Currency"),
    ]);
    let mut below = 0;
    for at in 0..=ranges.len() {
        let label = match ranges.get(at) {
            Some(days) => format!("{below}-{days}"),
            None => format!("{below}-Above"),
        };
        below = ranges.get(at).map_or(below, |days| days + 1);
        let column = json!({
            "fieldname": format!("range{}", at + 1), "label": label, "fieldtype": "Currency",
            "options": "currency", "width": 120,
        });
        if let Some(columns) = columns.as_array_mut() {
            columns.push(column);
        }
    }
    Ok((columns, result.into()))
}

/// Days between two dates; 0 where one is none.
fn age(from: &str, to: &str) -> i64 {
    let (Ok(from), Ok(to)) = (from.parse::<Date>(), to.parse::<Date>()) else {
        return 0;
    };
    i64::from(from.until(to).map_or(0, |span| span.get_days()))
}
