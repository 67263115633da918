//! What the invented books promise.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Isp, SeedEquipment};
use crate::Dialect;
use crate::testing::select::SelectRequest;
use crate::testing::store::Store;

fn rows(store: &Store, doctype: &str, fields: Value, filters: Value) -> Vec<Value> {
    let request = SelectRequest {
        doctype: doctype.to_owned(),
        fields: Some(fields),
        filters: Some(filters),
        ..SelectRequest::default()
    };
    store.select(&request, Dialect::V16).unwrap()
}

fn cents(value: &Value) -> i64 {
    let text = format!("{:.2}", value.as_f64().unwrap_or_default());
    text.replace('.', "").parse().unwrap()
}

#[test]
fn the_books_balance() {
    let isp = Isp::new(120).seed(3);
    let store = isp.store();
    let mut vouchers: BTreeMap<String, i64> = BTreeMap::new();
    let mut owed: BTreeMap<String, i64> = BTreeMap::new();
    let ledger = rows(
        &store,
        "GL Entry",
        json!(["voucher_no", "debit", "credit", "party", "against_voucher"]),
        json!([["is_cancelled", "=", 0]]),
    );
    for row in &ledger {
        let amount = cents(&row["debit"]) - cents(&row["credit"]);
        *vouchers
            .entry(row["voucher_no"].as_str().unwrap().to_owned())
            .or_default() += amount;
        if let Some(invoice) = row["against_voucher"].as_str() {
            *owed.entry(invoice.to_owned()).or_default() += amount;
        }
    }
    assert!(vouchers.values().all(|&sum| sum == 0));
    let invoices = rows(
        &store,
        "Sales Invoice",
        json!([
            "name",
            "net_total",
            "total_taxes_and_charges",
            "grand_total",
            "outstanding_amount",
            "status",
            "due_date"
        ]),
        json!([]),
    );
    assert!(invoices.len() > 1_200, "{}", invoices.len());
    for invoice in &invoices {
        let left = cents(&invoice["outstanding_amount"]);
        assert_eq!(owed[invoice["name"].as_str().unwrap()], left, "{invoice}");
        let (net, taxes) = (
            cents(&invoice["net_total"]),
            cents(&invoice["total_taxes_and_charges"]),
        );
        assert_eq!(net + taxes, cents(&invoice["grand_total"]));
        assert_eq!(invoice["status"] == "Paid", left == 0, "{invoice}");
    }
    assert!(
        invoices
            .iter()
            .any(|invoice| invoice["status"] == "Overdue")
    );
    // The taxes of an invoice are those of its lines, each rounded.
    let document = store
        .get("Sales Invoice", invoices[0]["name"].as_str().unwrap())
        .unwrap();
    let tax: i64 = document["taxes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| cents(&row["tax_amount"]))
        .sum();
    let lines: i64 = document["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let net = cents(&row["amount"]);
            (net * 5 + 50) / 100 + (net * 9_975 + 50_000) / 100_000
        })
        .sum();
    assert_eq!(tax, lines);
}

#[test]
fn the_same_seed_is_the_same_site() {
    let all = |seed| {
        let store = Isp::new(40).seed(seed).hostile_names(true).store();
        let doctypes: Vec<String> = store.doctypes().map(|schema| schema.name.clone()).collect();
        doctypes
            .iter()
            .map(|doctype| {
                (
                    doctype.clone(),
                    rows(&store, doctype, json!(["*"]), json!([])),
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(all(5), all(5));
    assert_ne!(all(5), all(6));
}

#[test]
fn given_devices_go_to_the_first_customers() {
    let device = |number: u8| SeedEquipment {
        serial: format!("SEED{number:04}"),
        acs_device_id: format!("00005E-XX230v-SEED{number:04}"),
        ..SeedEquipment::default()
    };
    let store = Isp::new(3).equipment((0..5).map(device).collect()).store();
    let given = rows(
        &store,
        "Service Equipment",
        json!([
            "serial_number",
            "status",
            "customer",
            "service_location",
            "acs"
        ]),
        json!([["serial_number", "like", "SEED%"]]),
    );
    assert_eq!(given.len(), 5);
    for (at, row) in given.iter().enumerate() {
        assert_eq!(row["acs"], "GenieACS");
        assert_eq!(
            row["status"],
            if at < 3 { "Installed" } else { "In Stock" },
            "{row}"
        );
        assert_eq!(row["customer"].is_null(), at >= 3);
    }
}

#[test]
fn without_the_bootstrap_the_doctypes_of_the_house_are_missing() {
    let store = Isp::new(2).bootstrapped(false).store();
    assert!(store.schema("Dispatch Job").is_none());
    assert!(store.schema("Sales Invoice").is_some());
    let bare = Store::new();
    assert!(bare.schema("Flow Run").is_none());
}

#[test]
fn documents_link_to_documents() {
    let store = Isp::new(30).seed(9).store();
    for schema in store.doctypes() {
        for field in schema
            .fields
            .iter()
            .filter(|field| field.fieldtype == "Link")
        {
            if store.schema(&field.options).is_none() || field.options == "Role" || schema.istable {
                continue;
            }
            let wanted = json!([[field.fieldname, "is", "set"]]);
            for row in rows(
                &store,
                &schema.name,
                json!(["name", field.fieldname]),
                wanted,
            ) {
                let target = row[&field.fieldname].as_str().unwrap();
                assert!(
                    store.stored_name(&field.options, target).is_some(),
                    "{} {}: {} {target}",
                    schema.name,
                    row["name"],
                    field.options
                );
            }
        }
    }
}
