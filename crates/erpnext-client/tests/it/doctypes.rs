//! Typed documents: what is read in all the forms it comes in, what is sent.

use std::fmt::Debug;

use erpnext_client::doctypes::{
    Account, Address, AddressPatch, Communication, Contact, ContactPhone, Customer, CustomerPatch,
    DispatchJob, DispatchJobPatch, DynamicLink, EquipmentType, FlowRun, FlowRunPatch, FlowTemplate,
    GlEntry, HdTicket, Issue, Item, JobStatus, Lead, PaymentEntry, PaymentType, Quotation,
    SalesInvoice, SalesInvoiceItem, SalesInvoicePatch, SalesInvoiceStatus, ServiceEquipment,
    ServiceLocation, Subscription, SubscriptionPlan, SubscriptionStatus, Tag, TagLink, Technician,
};
use erpnext_client::value::Decimal;
use erpnext_client::{ChildTable, DecodeError, Doctype, Error, Record, Row as _};
use serde_json::{Map, Value, json};

use crate::world::{Site, for_each_site};

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// Numbers as Rust compares them: 1.0 is 1.
fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(values) => values.iter().map(plain).collect(),
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| (name.clone(), plain(value)));
            Value::Object(fields.collect())
        }
        other => other.clone(),
    }
}

/// Reads a document as v1 answers it (without nulls), as v2 does (with them), and as a row of a
/// list (columns alone), and writes it back.
fn comes_in_all_forms<T: Doctype + Debug + PartialEq>(document: &Value) -> T {
    let read: T = serde_json::from_str(&document.to_string())
        .unwrap_or_else(|error| panic!("{}: {error}", T::DOCTYPE));

    let mut with_nulls = object(document);
    for field in T::FIELDS
        .iter()
        .chain(T::TABLES.iter().map(|table| &table.field))
    {
        with_nulls.entry((*field).to_owned()).or_insert(Value::Null);
    }
    let other: T = serde_json::from_value(Value::Object(with_nulls)).unwrap();
    assert_eq!(other, read, "{} with nulls", T::DOCTYPE);

    let mut row = object(document);
    row.retain(|field, _| T::FIELDS.contains(&field.as_str()));
    let row: T = serde_json::from_value(Value::Object(row))
        .unwrap_or_else(|error| panic!("a row of {}: {error}", T::DOCTYPE));
    assert_eq!(row.name(), read.name());

    let written = serde_json::to_value(&read).unwrap();
    for (field, value) in object(document) {
        // Times and names are written in one form.
        let rewritten = ["name", "notes"].contains(&field.as_str())
            || field.ends_with("_time")
            || field.starts_with("work_");
        if !rewritten {
            assert_eq!(
                plain(&written[&field]),
                plain(&value),
                "{} of {}",
                field,
                T::DOCTYPE
            );
        }
    }
    assert_eq!(serde_json::from_value::<T>(written).unwrap(), read);
    read
}

/// What every document has, besides what is given.
fn stored(doctype: &str, fields: &Value) -> Value {
    let mut document = object(&json!({
        "owner": "Administrator", "creation": "2026-05-04 08:30:00.123456",
        "modified": "2026-05-04 08:30:00", "modified_by": "Administrator", "docstatus": 0, "idx": 0,
        "doctype": doctype, "custom_area": "B",
    }));
    document.extend(object(fields));
    Value::Object(document)
}

fn invoice() -> Value {
    stored(
        "Sales Invoice",
        &json!({
            "name": "ACC-SINV-2026-00001", "docstatus": 1, "customer": "Éloïse Tremblay",
            "customer_name": "Éloïse Tremblay", "company": "Gigafibre", "posting_date": "2026-05-04",
            "posting_time": "8:30:00.123456", "set_posting_time": 0, "due_date": "2026-06-03",
            "is_return": 0, "currency": "CAD", "conversion_rate": 1.0, "debit_to": "Debtors - G",
            "net_total": 69.54, "total_taxes_and_charges": 10.41, "grand_total": 79.95,
            "rounded_total": 80.0, "outstanding_amount": 80.0, "disable_rounded_total": 0,
            "status": "Unpaid", "from_date": "2026-05-01", "to_date": "2026-05-31",
            "items": [{
                "name": "4c1b", "parent": "ACC-SINV-2026-00001", "parentfield": "items",
                "parenttype": "Sales Invoice", "idx": 1, "docstatus": 1, "item_code": "FTTH-1000",
                "item_name": "Fibre 1 Gb/s", "qty": 1.0, "rate": 69.54, "amount": 69.54,
                "service_start_date": "2026-05-01", "service_end_date": "2026-05-31",
                "base_rate": 69.54, "custom_line": "x",
            }],
            "taxes": [
                {"name": "t1", "idx": 1, "charge_type": "On Net Total", "account_head": "GST - G",
                 "description": "TPS", "rate": 5.0, "tax_amount": 3.48, "included_in_print_rate": 0},
                {"name": "t2", "idx": 2, "charge_type": "On Net Total", "account_head": "QST - G",
                 "description": "TVQ", "rate": 9.975, "tax_amount": 6.94, "included_in_print_rate": 0},
            ],
        }),
    )
}

#[test]
fn an_invoice_is_read_whole() {
    let read: SalesInvoice = comes_in_all_forms(&invoice());
    assert_eq!(read.outstanding_amount, Decimal::from(80));
    assert_eq!(read.grand_total, Decimal::new(7995, 2));
    assert_eq!(read.status, Some(SalesInvoiceStatus::Unpaid));
    assert_eq!(read.taxes[1].rate, Some(Decimal::new(9975, 3)));
    assert_eq!(read.posting_time.unwrap().to_string(), "08:30:00.123456");
    assert_eq!(
        read.modified().unwrap().as_str(),
        "2026-05-04 08:30:00",
        "letter for letter"
    );
    assert_eq!(read.extra["custom_area"], "B");
    assert_eq!(SalesInvoice::FIELDS[0], "name");
    assert!(!SalesInvoice::FIELDS.contains(&"items"));
    let items = ChildTable {
        field: "items",
        doctype: "Sales Invoice Item",
    };
    assert!(SalesInvoice::TABLES.contains(&items));
}

#[test]
fn rows_go_back_whole() {
    let read: SalesInvoice = serde_json::from_value(invoice()).unwrap();
    let mut items = read.items;
    items[0].rate = Some(Decimal::new(6000, 2));
    items.push(SalesInvoiceItem {
        item_code: Some("ROUTER".parse().unwrap()),
        qty: 2.into(),
        ..SalesInvoiceItem::default()
    });
    let sent = serde_json::to_value(SalesInvoicePatch::default().items(items)).unwrap();
    let mut first = object(&invoice()["items"][0]);
    first.insert("rate".to_owned(), json!(60));
    assert_eq!(plain(&sent["items"][0]), plain(&Value::Object(first)));
    assert_eq!(sent["items"][1], json!({"item_code": "ROUTER", "qty": 2}));
}

#[test]
fn money() {
    let read: PaymentEntry = comes_in_all_forms(&stored(
        "Payment Entry",
        &json!({
            "name": "ACC-PAY-2026-00001", "docstatus": 1, "payment_type": "Receive",
            "posting_date": "2026-05-04", "company": "Gigafibre", "party_type": "Customer",
            "party": "Éloïse Tremblay", "paid_from": "Debtors - G", "paid_to": "Bank - G",
            "paid_amount": 80.0, "received_amount": 80.0, "reference_no": "pi_3Q",
            "references": [{"name": "r1", "idx": 1, "reference_doctype": "Sales Invoice",
                "reference_name": "ACC-SINV-2026-00001", "allocated_amount": 80.0}],
        }),
    ));
    assert_eq!(read.payment_type, PaymentType::Receive);
    let entry: GlEntry = comes_in_all_forms(&stored(
        "GL Entry",
        &json!({"name": "ACC-GLE-2026-00001", "posting_date": "2026-05-04", "account": "Debtors - G",
            "debit": 0.1, "credit": 0.2, "is_opening": "No", "is_cancelled": 0}),
    ));
    assert_eq!((entry.debit + entry.credit).to_string(), "0.3");
    comes_in_all_forms::<Account>(&stored(
        "Account",
        &json!({"name": "Debtors - G", "account_name": "Debtors", "company": "Gigafibre",
            "parent_account": "Accounts Receivable - G", "is_group": 0, "disabled": 0,
            "root_type": "Asset", "account_type": "Receivable", "lft": 4, "rgt": 5}),
    ));
    comes_in_all_forms::<Item>(&stored(
        "Item",
        &json!({"name": "FTTH-1000", "item_code": "FTTH-1000", "item_group": "Services",
            "stock_uom": "Nos", "is_stock_item": 0, "is_sales_item": 1, "is_purchase_item": 1,
            "has_serial_no": 0, "disabled": 0, "standard_rate": 69.54}),
    ));
    comes_in_all_forms::<Quotation>(&stored(
        "Quotation",
        &json!({"name": "SAL-QTN-2026-00001", "quotation_to": "Lead", "party_name": "CRM-LEAD-2026-00001",
            "company": "Gigafibre", "transaction_date": "2026-05-04", "order_type": "Sales",
            "status": "Draft", "disable_rounded_total": 0, "grand_total": 79.95,
            "items": [{"name": "q1", "item_code": "FTTH-1000", "qty": 1.0, "rate": 69.54}]}),
    ));
}

#[test]
fn subscriptions_of_both_versions() {
    let document = |status: &str| {
        stored(
            "Subscription",
            &json!({
                "name": "ACC-SUB-2026-00001", "party_type": "Customer", "party": "Éloïse Tremblay",
                "company": "Gigafibre", "status": status, "start_date": "2026-05-01",
                "generate_invoice_at": "Beginning of the current subscription period",
                "days_until_due": 30, "submit_invoice": 1, "cancel_at_period_end": 0,
                "follow_calendar_months": 0, "generate_new_invoices_past_due_date": 0,
                "plans": [{"name": "p1", "idx": 1, "plan": "FTTH 1 Gb/s", "qty": 1}],
            }),
        )
    };
    for (status, expected) in [
        ("Trialling", SubscriptionStatus::Trialling),
        ("Trialing", SubscriptionStatus::Trialing),
        ("Past Due Date", SubscriptionStatus::PastDueDate),
        ("Grace Period", SubscriptionStatus::GracePeriod),
        ("Suspendu", SubscriptionStatus::Other("Suspendu".to_owned())),
    ] {
        let read: Subscription = comes_in_all_forms(&document(status));
        assert_eq!(read.status, Some(expected));
        assert_eq!(read.plans[0].plan.as_ref().unwrap().as_str(), "FTTH 1 Gb/s");
    }
    comes_in_all_forms::<SubscriptionPlan>(&stored(
        "Subscription Plan",
        &json!({"name": "FTTH 1 Gb/s", "plan_name": "FTTH 1 Gb/s", "item": "FTTH-1000",
            "currency": "CAD", "price_determination": "Fixed Rate", "cost": 69.54,
            "billing_interval": "Month", "billing_interval_count": 1}),
    ));
}

#[test]
fn people_and_places() {
    comes_in_all_forms::<Customer>(&stored(
        "Customer",
        &json!({"name": "Éloïse Tremblay", "customer_name": "Éloïse Tremblay",
            "customer_type": "Individual", "language": "fr", "disabled": 0, "is_frozen": 0,
            "credit_limits": [{"name": "cl1", "company": "Gigafibre", "credit_limit": 500.0,
                "bypass_credit_limit_check": 0}]}),
    ));
    let lead: Lead = comes_in_all_forms(&stored(
        "Lead",
        &json!({"name": "CRM-LEAD-2026-00001", "lead_name": "Zoé Roy", "first_name": "Zoé",
            "status": "Do Not Contact", "disabled": 0, "source": "Référence",
            "notes": [{"name": 12, "note": "<p>Rappeler</p>", "added_on": "2026-05-04 08:30:00"}]}),
    ));
    assert_eq!(
        lead.notes[0].name().unwrap().as_str(),
        "12",
        "an integer name"
    );
    assert_eq!(
        lead.extra["source"], "Référence",
        "a field of version 15 alone"
    );
    let address: Address = comes_in_all_forms(&stored(
        "Address",
        &json!({"name": "Éloïse Tremblay-Billing", "address_title": "Éloïse Tremblay",
            "address_type": "Other", "address_line1": "12, rue des Érables",
            "city": "Saint-Romain", "country": "Canada", "is_primary_address": 1,
            "is_shipping_address": 0, "disabled": 0,
            "links": [{"name": "l1", "link_doctype": "Customer", "link_name": "Éloïse Tremblay"}]}),
    ));
    assert_eq!(address.address_type.as_str(), "Other");
    comes_in_all_forms::<Contact>(&stored(
        "Contact",
        &json!({"name": "Éloïse-Éloïse Tremblay", "first_name": "Éloïse", "is_primary_contact": 1,
            "unsubscribed": 0, "status": "Passive",
            "email_ids": [{"name": "e1", "email_id": "eloise@example.ca", "is_primary": 1}],
            "phone_nos": [{"name": "n1", "phone": "+1-4185550100", "is_primary_phone": 0,
                "is_primary_mobile_no": 1}],
            "links": [{"name": "l1", "link_doctype": "Customer", "link_name": "Éloïse Tremblay"}]}),
    ));
}

#[test]
fn talk() {
    let issue: Issue = comes_in_all_forms(&stored(
        "Issue",
        &json!({"name": "ISS-2026-00001", "subject": "Lent le soir", "status": "On Hold",
            "opening_date": "2026-05-04", "opening_time": "8:30:00", "via_customer_portal": 0,
            "first_response_time": 900.5}),
    ));
    assert_eq!(issue.first_response_time.unwrap().as_millis(), 900_500);
    let ticket: HdTicket = comes_in_all_forms(&stored(
        "HD Ticket",
        &json!({"name": 1042, "subject": "Pas de signal", "status": "Open", "priority": "High",
            "via_customer_portal": 1, "opening_time": "21:12:5.158591", "response_by": "2026-05-04 12:00:00",
            "feedback_rating": 0.8}),
    ));
    assert_eq!(ticket.name().as_str(), "1042");
    comes_in_all_forms::<Communication>(&stored(
        "Communication",
        &json!({"name": "0a1b2c", "subject": "Rendez-vous", "communication_medium": "SMS",
            "communication_type": "Communication", "sent_or_received": "Sent", "status": "Linked",
            "has_attachment": 0, "reference_doctype": "Dispatch Job", "reference_name": "DJ-00042",
            "timeline_links": [{"name": "l1", "link_doctype": "Customer", "link_name": "X"}]}),
    ));
    comes_in_all_forms::<Tag>(&stored(
        "Tag",
        &json!({"name": "VIP", "description": "Soigner"}),
    ));
    comes_in_all_forms::<TagLink>(&stored(
        "Tag Link",
        &json!({"name": "7f2c", "tag": "VIP", "document_type": "Customer", "document_name": "X"}),
    ));
}

#[test]
fn field_service() {
    comes_in_all_forms::<ServiceLocation>(&stored(
        "Service Location",
        &json!({"name": "LOC-00001", "customer": "X", "status": "Active",
            "address_line": "12, rue des Érables", "city": "Saint-Romain", "latitude": 45.5123,
            "longitude": -71.25, "olt": "OLT-1", "olt_port": 3, "drop_type": "MDU"}),
    ));
    let equipment: ServiceEquipment = comes_in_all_forms(&stored(
        "Service Equipment",
        &json!({"name": "EQ-00001", "serial_number": "ABCD12345678", "equipment_type": "VoIP ATA",
            "status": "In Stock", "acs": "None", "installed_on": "2026-05-04"}),
    ));
    assert_eq!(equipment.equipment_type, Some(EquipmentType::VoipAta));
    let technician: Technician = comes_in_all_forms(&stored(
        "Technician",
        &json!({"name": "TECH-0001", "full_name": "Zoé Gagnon", "phone": "+14185550100",
            "is_active": 1, "work_start": "8:30:00", "work_end": "17:00:00",
            "skills": [{"name": "s1", "skill": "fusion", "level": 2}]}),
    ));
    assert!(technician.work_start < technician.work_end);
    let job: DispatchJob = comes_in_all_forms(&stored(
        "Dispatch Job",
        &json!({"name": "DJ-00042", "subject": "Installer", "job_type": "Install",
            "status": "En Route", "priority": "High", "scheduled_date": "2026-05-04",
            "start_time": "8:30:00", "duration_minutes": 90, "score": 0.875,
            "score_detail": "{\"distance\":0.5}", "external_ref": "order-17",
            "assistants": [{"name": "a1", "technician": "TECH-0002"}],
            "materials": [{"name": "m1", "item": "DROP-CABLE", "qty": 42.5}],
            "checklist": [{"name": "c1", "label": "Mesurer", "done": 1, "done_at": "2026-05-04 09:00:00"}]}),
    ));
    assert_eq!(job.status, JobStatus::EnRoute);
    assert_eq!(job.score_detail.unwrap().0, json!({"distance": 0.5}));
    assert_eq!(job.materials[0].qty, Some(Decimal::new(425, 1)));
    comes_in_all_forms::<FlowTemplate>(&stored(
        "Flow Template",
        &json!({"name": "Bienvenue", "enabled": 1, "trigger_event": "manual", "version": 3,
            "definition": "{\"steps\":[]}", "is_system": 0}),
    ));
    comes_in_all_forms::<FlowRun>(&stored(
        "Flow Run",
        &json!({"name": "FR-0000001", "flow_template": "Bienvenue", "status": "Waiting",
            "variables": "{}", "wake_at": "2026-05-04 08:30:00.000001", "journal_seq": 7}),
    ));
}

#[test]
fn a_patch_tells_absent_from_null_from_a_value() {
    let patch = SalesInvoicePatch::default()
        .customer("CUST-1")
        .clear_remarks()
        .items([SalesInvoiceItem {
            item_code: Some("FTTH".parse().unwrap()),
            qty: 2.into(),
            ..SalesInvoiceItem::default()
        }])
        .set("custom_x", 3);
    assert_eq!(
        serde_json::to_value(&patch).unwrap(),
        json!({"customer": "CUST-1", "remarks": null, "items": [{"item_code": "FTTH", "qty": 2}], "custom_x": 3})
    );
    assert!(patch.due_date.is_absent() && patch.remarks.is_null());

    let job = DispatchJobPatch::default()
        .score_detail(json!({"a": 1}))
        .clear_technician();
    assert_eq!(
        serde_json::to_value(&job).unwrap(),
        json!({"technician": null, "score_detail": "{\"a\":1}"})
    );
    let run = FlowRunPatch::default().attempts(2).status("Failed");
    assert_eq!(
        serde_json::to_value(&run).unwrap(),
        json!({"attempts": 2, "status": "Failed"})
    );
    let customer = CustomerPatch::default().name("X").disabled(false);
    assert_eq!(
        serde_json::to_value(&customer).unwrap(),
        json!({"name": "X", "disabled": 0})
    );
    let address = AddressPatch::default().links([DynamicLink::to("Customer", "X")]);
    assert_eq!(
        serde_json::to_value(&address).unwrap(),
        json!({"links": [{"link_doctype": "Customer", "link_name": "X"}]})
    );
    let phone = serde_json::to_value(ContactPhone::default()).unwrap();
    assert_eq!(
        phone,
        json!({"is_primary_phone": 0, "is_primary_mobile_no": 0})
    );
}

#[test]
fn an_error_names_the_field_and_quotes_nothing() {
    let mut document = object(&invoice());
    document.remove("grand_total");
    let error = serde_json::from_value::<SalesInvoice>(Value::Object(document)).unwrap_err();
    let error = DecodeError::from(error);
    assert_eq!(
        error.field(),
        Some("field `grand_total` of Sales Invoice: missing")
    );

    for (field, value, expected) in [
        (
            "posting_date",
            json!("secret"),
            "field `posting_date` of Sales Invoice: needs a date such as 2026-05-04",
        ),
        (
            "items",
            json!([{"qty": "secret"}]),
            "field `items` of Sales Invoice: field `qty` of Sales Invoice Item: needs a number, with a dot where it has decimals",
        ),
        ("items", json!("secret"), "field `items` of Sales Invoice"),
        (
            "customer",
            json!(["secret"]),
            "field `customer` of Sales Invoice",
        ),
    ] {
        let mut document = object(&invoice());
        document.insert(field.to_owned(), value);
        let error =
            serde_json::from_str::<SalesInvoice>(&Value::Object(document).to_string()).unwrap_err();
        let error = Error::Decode {
            what: "a document",
            source: Some(error.into()),
        };
        let Error::Decode {
            source: Some(source),
            ..
        } = &error
        else {
            panic!("{error}");
        };
        assert_eq!(source.field(), Some(expected));
        assert!(source.column() > 0);
        assert!(!format!("{error:?} {source}").contains("secret"));
    }
}

/// Lists and reads what the site has of a doctype: all fields of the struct are known there.
async fn is_known<T: Doctype>(site: &Site) {
    let docs = site.client().docs::<T>();
    let rows = match docs.list().limit(5).all().await {
        Ok(rows) => rows,
        Err(error) if error.is_not_found() || matches!(error.status(), Some(403 | 500)) => {
            return println!("skipped: the site has no {} ({error})", T::DOCTYPE);
        }
        Err(error) => panic!("{}: {error}: {:?}", T::DOCTYPE, error.message()),
    };
    for row in &rows {
        match docs.get(row.name()).await {
            Ok(read) => assert_eq!(read.name(), row.name()),
            // Deleted meanwhile, by another test.
            Err(error) => assert!(error.is_not_found(), "{}: {error:?}", T::DOCTYPE),
        }
    }
    println!("{}: {} read", T::DOCTYPE, rows.len());
}

#[tokio::test]
async fn every_struct_is_what_the_site_has() {
    for_each_site(async |site| {
        is_known::<Customer>(site).await;
        is_known::<Lead>(site).await;
        is_known::<Quotation>(site).await;
        is_known::<SalesInvoice>(site).await;
        is_known::<PaymentEntry>(site).await;
        is_known::<Subscription>(site).await;
        is_known::<SubscriptionPlan>(site).await;
        is_known::<Item>(site).await;
        is_known::<Address>(site).await;
        is_known::<Contact>(site).await;
        is_known::<Issue>(site).await;
        is_known::<HdTicket>(site).await;
        is_known::<Communication>(site).await;
        is_known::<GlEntry>(site).await;
        is_known::<Account>(site).await;
        is_known::<Tag>(site).await;
        is_known::<TagLink>(site).await;
        is_known::<ServiceLocation>(site).await;
        is_known::<ServiceEquipment>(site).await;
        is_known::<Technician>(site).await;
        is_known::<DispatchJob>(site).await;
        is_known::<FlowTemplate>(site).await;
        is_known::<FlowRun>(site).await;
    })
    .await;
}
