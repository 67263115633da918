//! Totals of selling documents, and the booking of Sales Invoices.

use serde_json::{Map, Value, json};

use super::coerce::{cint, cstr, number, rows, text};
use super::docstatus::Step;
use super::document::status;
use super::failure::Failure;
use super::ledger::{Line, cents};
use super::schema::Schema;
use super::select::SelectRequest;
use super::site::{Doc, Site};

const INVOICE: &str = "Sales Invoice";

/// Puts a value where the doctype has such a field and the document nothing.
fn default(schema: &Schema, doc: &mut Doc, key: &str, value: impl Into<Value>) {
    let empty = match doc.get(key) {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Number(number)) => number.as_f64() == Some(0.0),
        Some(_) => false,
    };
    if empty && schema.field(key).is_some() {
        doc.insert(key.to_owned(), value.into());
    }
}

fn set(schema: &Schema, doc: &mut Doc, key: &str, value: impl Into<Value>) {
    if schema.field(key).is_some() {
        doc.insert(key.to_owned(), value.into());
    }
}

/// What ERPNext fills in by itself: enough to sell are a customer and items.
pub(super) fn fill(site: &mut Site, schema: &Schema, doc: &mut Doc) {
    default(schema, doc, "company", site.default_company());
    let company = site.company(&text(doc, "company"));
    let of_company = |key: &str| text(&company, key);
    let mut party = text(doc, "customer");
    if party.is_empty() && text(doc, "quotation_to") == "Customer" {
        party = text(doc, "party_name");
    }
    if let Some(customer) = site.load("Customer", &party) {
        set(
            schema,
            doc,
            "customer_name",
            text(&customer, "customer_name"),
        );
        for key in ["customer_group", "territory"] {
            default(
                schema,
                doc,
                key,
                customer.get(key).cloned().unwrap_or_default(),
            );
        }
    }
    let currency = of_company("default_currency");
    for (key, value) in [
        ("currency", json!(currency)),
        ("conversion_rate", json!(1.0)),
        ("selling_price_list", json!("Standard Selling")),
        ("price_list_currency", json!(currency)),
        ("plc_conversion_rate", json!(1.0)),
        ("transaction_date", json!(site.today())),
        ("order_type", json!("Sales")),
        ("debit_to", json!(of_company("default_receivable_account"))),
        ("party_account_currency", json!(currency)),
    ] {
        default(schema, doc, key, value);
    }
    if schema.name == INVOICE {
        let posted = doc.get("posting_date").cloned().unwrap_or_default();
        default(schema, doc, "due_date", posted);
    }
    fill_items(site, schema, doc, &company);
    // Only a new document gets the default taxes.
    let is_new = text(doc, "modified").is_empty();
    let template = text(doc, "taxes_and_charges");
    if rows(doc, "taxes").next().is_none() && (is_new || !template.is_empty()) {
        add_taxes(site, schema, doc, template);
    }
}

fn fill_items(site: &Site, schema: &Schema, doc: &mut Doc, company: &Doc) {
    let Some(child) = schema
        .field("items")
        .and_then(|field| site.store.schema(&field.options))
    else {
        return;
    };
    for row in rows_mut(doc, "items") {
        let item = site
            .load("Item", &text(row, "item_code"))
            .unwrap_or_default();
        for (key, from) in [
            ("item_name", "item_name"),
            ("description", "description"),
            ("item_group", "item_group"),
            ("stock_uom", "stock_uom"),
            ("uom", "stock_uom"),
            ("rate", "standard_rate"),
        ] {
            default(child, row, key, item.get(from).cloned().unwrap_or_default());
        }
        let described = row.get("item_name").cloned().unwrap_or_default();
        default(child, row, "description", described);
        default(child, row, "uom", "Nos");
        // None is one, zero is zero.
        if row.get("qty").is_none_or(Value::is_null) {
            row.insert("qty".to_owned(), json!(1.0));
        }
        default(child, row, "conversion_factor", 1.0);
        default(
            child,
            row,
            "income_account",
            text(company, "default_income_account"),
        );
        default(child, row, "cost_center", text(company, "cost_center"));
    }
}

/// The rows of the template named, or of the company's default one.
fn add_taxes(site: &Site, schema: &Schema, doc: &mut Doc, template: String) {
    const TEMPLATE: &str = "Sales Taxes and Charges Template";
    let company = text(doc, "company");
    let is_default = |name: &String| {
        site.load(TEMPLATE, name).is_some_and(|template| {
            template.get("is_default").is_some_and(|d| cint(d) != 0)
                && template.get("disabled").is_none_or(|d| cint(d) == 0)
                && text(&template, "company") == company
        })
    };
    let name = match template.is_empty() {
        true => {
            let request = SelectRequest {
                doctype: TEMPLATE.to_owned(),
                today: site.time().date(),
                ..SelectRequest::default()
            };
            let rows = site
                .store
                .select(&request, site.dialect)
                .unwrap_or_default();
            let mut names = rows.iter().filter_map(|row| row.get("name").map(cstr));
            names.find(is_default)
        }
        false => Some(template),
    };
    let Some(name) = name else {
        return;
    };
    let found = site.load(TEMPLATE, &name).unwrap_or_default();
    let copied: Vec<Value> = rows(&found, "taxes")
        .map(|tax| {
            let keys = [
                "charge_type",
                "account_head",
                "description",
                "rate",
                "cost_center",
                "row_id",
            ];
            let cells = keys.iter().map(|key| {
                (
                    (*key).to_owned(),
                    tax.get(*key).cloned().unwrap_or_default(),
                )
            });
            Value::Object(cells.collect())
        })
        .collect();
    set(schema, doc, "taxes_and_charges", name);
    set(schema, doc, "taxes", copied);
}

fn rows_mut<'a>(doc: &'a mut Doc, key: &str) -> impl Iterator<Item = &'a mut Doc> {
    let rows = doc.get_mut(key).and_then(Value::as_array_mut);
    rows.into_iter().flatten().filter_map(Value::as_object_mut)
}

/// `put(row, "amount", x)` sets `amount` and `base_amount`.
fn put(doc: &mut Map<String, Value>, key: &str, amount: f64) {
    doc.insert(key.to_owned(), json!(amount));
    doc.insert(format!("base_{key}"), json!(amount));
}

pub(super) fn validate(
    site: &mut Site,
    schema: &Schema,
    doc: &mut Doc,
    step: Step,
) -> Result<(), Failure> {
    let invoice = schema.name == INVOICE;
    match step {
        Step::AfterSubmit => return Ok(()),
        Step::Cancel => {
            set(schema, doc, "status", "Cancelled");
            return Ok(());
        }
        Step::Save | Step::Submit => {}
    }
    if text(doc, "due_date") < text(doc, "posting_date") && invoice {
        return Err(Failure::validation(
            "Due Date cannot be before Posting / Supplier Invoice Date",
        ));
    }
    if invoice && rows(doc, "items").next().is_none() {
        let text = "unsupported operand type(s) for +: 'int' and 'NoneType'";
        return Err(Failure::raised(500, "TypeError", text));
    }
    let is_return = doc.get("is_return").is_some_and(|r| cint(r) != 0);
    for (at, row) in (1..).zip(rows(doc, "items")) {
        let item = text(row, "item_code");
        if number(row, "qty") == 0.0 && invoice {
            return Err(Failure::thrown(
                417,
                "InvalidQtyError",
                format!("Row #{at}: Quantity for Item <strong>{item}</strong> cannot be zero."),
            ));
        }
        if number(row, "rate") < 0.0 && invoice && step == Step::Submit {
            return Err(Failure::validation(format!(
                "For item <strong>{item}</strong>, rate must be a positive number. To Allow negative rates, enable `Allow Negative rates for Items` in Selling Settings"
            )));
        }
        if number(row, "qty") > 0.0 && is_return {
            return Err(Failure::validation(format!(
                "Row #{at}: Item quantity must be negative in a return"
            )));
        }
    }
    total(site, doc);
    if invoice && !is_return && number(doc, "base_grand_total") < 0.0 {
        return Err(Failure::validation(
            "Incorrect value:<strong>Grand Total (Company Currency)</strong> must be >= 0.0",
        ));
    }
    if invoice {
        let due = amount_due(doc);
        put_plain(doc, "outstanding_amount", due);
        schedule(doc, due);
    }
    let state = if step == Step::Save {
        "Draft"
    } else {
        "Submitted"
    };
    set(schema, doc, "status", state);
    Ok(())
}

fn put_plain(doc: &mut Doc, key: &str, amount: f64) {
    doc.insert(key.to_owned(), json!(amount));
}

/// What is to be paid: the rounded total where there is one.
fn amount_due(doc: &Doc) -> f64 {
    match number(doc, "rounded_total") {
        0.0 => number(doc, "grand_total"),
        rounded => rounded,
    }
}

/// One payment of everything on the due date, unless terms were given.
fn schedule(doc: &mut Doc, due: f64) {
    let kept = rows(doc, "payment_schedule").count();
    if kept > 1 {
        return;
    }
    let mut row = rows(doc, "payment_schedule")
        .next()
        .cloned()
        .unwrap_or_default();
    row.insert(
        "due_date".to_owned(),
        doc.get("due_date").cloned().unwrap_or_default(),
    );
    row.insert("invoice_portion".to_owned(), json!(100.0));
    for key in ["payment_amount", "base_payment_amount", "outstanding"] {
        row.insert(key.to_owned(), json!(due));
    }
    row.insert("paid_amount".to_owned(), json!(0.0));
    doc.insert("payment_schedule".to_owned(), json!([row]));
}

fn total(site: &Site, doc: &mut Doc) {
    let (mut sum, mut quantity) = (0.0, 0.0);
    for row in rows_mut(doc, "items") {
        let (qty, rate) = (number(row, "qty"), cents(number(row, "rate")));
        let amount = cents(qty * rate);
        put(row, "rate", rate);
        put(row, "amount", amount);
        put(row, "net_rate", rate);
        put(row, "net_amount", amount);
        sum += amount;
        quantity += qty;
    }
    let sum = cents(sum);
    put(doc, "total", sum);
    put_plain(doc, "total_qty", quantity);
    let before = tax(doc, sum, quantity);
    let whole: Vec<Value> = rows(doc, "taxes")
        .map(|row| row.get("tax_amount").cloned().unwrap_or_default())
        .collect();
    let on_grand = text(doc, "apply_discount_on") == "Grand Total";
    let percentage = number(doc, "additional_discount_percentage");
    if percentage != 0.0 {
        let of = if on_grand { before } else { sum };
        put(doc, "discount_amount", cents(of * percentage / 100.0));
    }
    let discount = number(doc, "discount_amount");
    let factor = match text(doc, "apply_discount_on").as_str() {
        "Net Total" if sum != 0.0 => (sum - discount) / sum,
        "Grand Total" if before != 0.0 => (before - discount) / before,
        _ => 1.0,
    };
    let net = cents(sum * factor);
    if factor < 1.0 {
        // Each item carries its share, the last one what is left over cents.
        let mut left = net;
        let mut items: Vec<&mut Doc> = rows_mut(doc, "items").collect();
        let last = items.len().saturating_sub(1);
        for (at, row) in items.iter_mut().enumerate() {
            let share = if at == last {
                left
            } else {
                cents(number(row, "amount") * factor)
            };
            left = cents(left - share);
            put(row, "net_amount", share);
            let quantity = number(row, "qty");
            if quantity != 0.0 {
                put(row, "net_rate", cents(share / quantity));
            }
        }
    }
    put(doc, "net_total", net);
    let mut grand = tax(doc, net, quantity);
    put(doc, "total_taxes_and_charges", cents(grand - net));
    if on_grand && factor < 1.0 {
        grand = cents(before - discount);
        // The rows show the tax before the discount beside the one after it.
        for (row, amount) in rows_mut(doc, "taxes").zip(whole) {
            put(row, "tax_amount", super::coerce::flt(&amount));
        }
    }
    put(doc, "grand_total", grand);
    let disabled = |doc: &Doc| {
        doc.get("disable_rounded_total")
            .is_some_and(|d| cint(d) != 0)
    };
    let defaults = site
        .load("Global Defaults", "Global Defaults")
        .unwrap_or_default();
    let rounded = if disabled(doc) || disabled(&defaults) {
        0.0
    } else {
        round_total(site, &text(doc, "currency"), grand)
    };
    let adjustment = if rounded == 0.0 {
        0.0
    } else {
        cents(rounded - grand)
    };
    put(doc, "rounded_total", rounded);
    put(doc, "rounding_adjustment", adjustment);
}

/// To the currency's smallest coin; without one, to whole units.
fn round_total(site: &Site, currency: &str, grand: f64) -> f64 {
    let coin = site
        .store
        .value("Currency", currency, "smallest_currency_fraction_value");
    let coin = coin.as_ref().map_or(0.0, super::coerce::flt);
    if coin > 0.0 {
        cents((grand / coin).round() * coin)
    } else {
        grand.round_ties_even()
    }
}

/// The taxes on a net amount; answers the grand total.
fn tax(doc: &mut Doc, net: f64, quantity: f64) -> f64 {
    let mut total = net;
    let mut done: Vec<(f64, f64)> = Vec::new();
    for row in rows_mut(doc, "taxes") {
        let rate = number(row, "rate");
        let before = usize::try_from(row.get("row_id").map_or(0, cint) - 1);
        let before = before
            .ok()
            .and_then(|at| done.get(at).copied())
            .unwrap_or_default();
        let amount = cents(match text(row, "charge_type").as_str() {
            "Actual" => number(row, "tax_amount"),
            "On Previous Row Amount" => before.0 * rate / 100.0,
            "On Previous Row Total" => before.1 * rate / 100.0,
            "On Item Quantity" => quantity * rate,
            _ => net * rate / 100.0,
        });
        total = cents(total + amount);
        put(row, "tax_amount", amount);
        put(row, "tax_amount_after_discount_amount", amount);
        put(row, "total", total);
        done.push((amount, total));
    }
    total
}

/// Books the invoice.
pub(super) fn submit(site: &mut Site, doc: &mut Doc) -> Result<(), Failure> {
    let name = text(doc, "name");
    let customer = text(doc, "customer");
    let mut due = Line::new(text(doc, "debit_to"), amount_due(doc));
    due.party = Some(("Customer".to_owned(), customer.clone()));
    due.settles = Some((INVOICE.to_owned(), name.clone()));
    due.due = doc.get("due_date").cloned().unwrap_or_default();
    let mut lines = vec![due];
    let mut credit = |account: String, amount: f64| {
        let known = lines
            .iter_mut()
            .skip(1)
            .find(|line| line.account == account);
        if let Some(line) = known {
            line.debit = cents(line.debit - amount);
            return;
        }
        let mut line = Line::new(account, -amount);
        line.against.clone_from(&customer);
        lines.push(line);
    };
    for row in rows(doc, "items") {
        credit(text(row, "income_account"), number(row, "net_amount"));
    }
    for row in rows(doc, "taxes") {
        let amount = number(row, "tax_amount_after_discount_amount");
        credit(text(row, "account_head"), amount);
    }
    let round_off = text(&site.company(&text(doc, "company")), "round_off_account");
    // What rounding added, and what cents a discount left between net and taxes.
    let rest: f64 = lines.iter().map(|line| line.debit).sum();
    let mut rounding = Line::new(round_off, -rest);
    rounding.against = customer;
    lines.push(rounding);
    let incomes: Vec<&str> = lines
        .iter()
        .skip(1)
        .map(|line| line.account.as_str())
        .collect();
    let against = incomes.first().map(|account| (*account).to_owned());
    if let (Some(due), Some(against)) = (lines.first_mut(), against) {
        due.against = against;
    }
    site.post(INVOICE, doc, lines)?;
    let returned = text(doc, "return_against");
    let is_return = doc.get("is_return").is_some_and(|r| cint(r) != 0);
    let own = doc
        .get("update_outstanding_for_self")
        .is_none_or(|own| cint(own) != 0);
    if is_return && !returned.is_empty() && !own {
        settle(site, &returned, -amount_due(doc))?;
        put_plain(doc, "outstanding_amount", 0.0);
        site.db_set(INVOICE, &name, [("outstanding_amount", json!(0.0))])?;
    }
    refresh_status(site, &name)?;
    let stored = site.must_load(INVOICE, &name)?;
    for key in ["status", "outstanding_amount"] {
        doc.insert(key.to_owned(), stored.get(key).cloned().unwrap_or_default());
    }
    Ok(())
}

pub(super) fn cancel(site: &mut Site, doc: &mut Doc) -> Result<(), Failure> {
    let name = text(doc, "name");
    site.unpost(INVOICE, &name)?;
    put_plain(doc, "outstanding_amount", 0.0);
    site.db_set(
        INVOICE,
        &name,
        [
            ("outstanding_amount", json!(0.0)),
            ("status", json!("Cancelled")),
        ],
    )
}

/// Takes a payment (or gives one back, below zero) off what is outstanding.
pub(super) fn settle(site: &mut Site, name: &str, amount: f64) -> Result<(), Failure> {
    let invoice = site.must_load(INVOICE, name)?;
    let left = cents(number(&invoice, "outstanding_amount") - amount);
    site.db_set(INVOICE, name, [("outstanding_amount", json!(left))])?;
    refresh_status(site, name)
}

/// The status that follows from what is outstanding.
pub(super) fn refresh_status(site: &mut Site, name: &str) -> Result<(), Failure> {
    let doc = site.must_load(INVOICE, name)?;
    let (due, total) = (number(&doc, "outstanding_amount"), amount_due(&doc));
    let is_return = doc.get("is_return").is_some_and(|r| cint(r) != 0);
    let state = match status(&doc) {
        0 => "Draft",
        2 => "Cancelled",
        _ if is_return => "Return",
        _ if due <= 0.0 => "Paid",
        _ if text(&doc, "due_date") < site.today() => "Overdue",
        _ if due < total => "Partly Paid",
        _ => "Unpaid",
    };
    site.db_set(INVOICE, name, [("status", json!(state))])
}
