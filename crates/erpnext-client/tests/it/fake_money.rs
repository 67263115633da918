//! Invoices, payments and subscriptions of the fake site.

use erpnext_client::Dialect::{self, V15, V16};
use erpnext_client::testing::FakeSite;
use http::Method;
use serde_json::{Value, json};

use crate::caller::Caller;

async fn site(dialect: Dialect) -> (FakeSite, Caller) {
    let fake = FakeSite::builder().dialect(dialect).start().await.unwrap();
    let caller = Caller::administrator(&fake);
    (fake, caller)
}

/// A customer, an item without tax and an invoice of one line for it.
fn invoice(rate: f64) -> Value {
    json!({
        "customer": "Zoé", "due_date": "2099-01-01",
        "items": [{"item_code": "FIBRE", "qty": 1, "rate": rate}],
    })
}

async fn shop(dialect: Dialect) -> (FakeSite, Caller) {
    let (fake, caller) = site(dialect).await;
    fake.insert(
        "Customer",
        json!({"customer_name": "Zoé", "customer_type": "Individual"}),
    );
    fake.insert("Item", json!({"item_code": "FIBRE", "item_group": "Services", "stock_uom": "Nos", "is_stock_item": 0}));
    (fake, caller)
}

async fn ledger(caller: &Caller, voucher: &str) -> Vec<(String, f64, f64)> {
    let path = format!(
        "/api/resource/GL%20Entry?fields=[\"account\",\"debit\",\"credit\"]&filters={{\"voucher_no\":\"{voucher}\",\"is_cancelled\":0}}&order_by=name%20asc"
    );
    let rows = caller.get(&path).await.json["data"].clone();
    let rows = rows.as_array().unwrap().iter().map(|row| {
        let number = |key: &str| row[key].as_f64().unwrap();
        (
            row["account"].as_str().unwrap().to_owned(),
            number("debit"),
            number("credit"),
        )
    });
    rows.collect()
}

#[tokio::test]
async fn an_invoice_is_totalled_rounded_and_booked_and_a_payment_settles_it() {
    for dialect in [V15, V16] {
        let (_fake, caller) = shop(dialect).await;
        let made = caller
            .post("/api/resource/Sales%20Invoice", &invoice(79.95))
            .await;
        assert_eq!(made.status, 200, "{}", made.text);
        let doc = &made.json["data"];
        let amount = |key: &str| doc[key].as_f64().unwrap();
        // 79.95 + 4.00 + 7.98, rounded to whole dollars.
        assert_eq!((amount("net_total"), amount("grand_total")), (79.95, 91.93));
        assert_eq!(
            (amount("rounded_total"), amount("outstanding_amount")),
            (92.0, 92.0)
        );
        assert_eq!(
            (&doc["status"], &doc["items"][0]["amount"]),
            (&json!("Draft"), &json!(79.95))
        );
        let name = doc["name"].as_str().unwrap().to_owned();
        assert!(name.starts_with("ACC-SINV-"), "{name}");
        let path = format!("/api/resource/Sales%20Invoice/{name}");
        let early = caller.get(&format!("/api/method/erpnext.accounts.doctype.payment_entry.payment_entry.get_payment_entry?dt=Sales%20Invoice&dn={name}")).await;
        assert_eq!(early.json["message"]["docstatus"], 0);
        let submitted = caller.put(&path, &json!({"docstatus": 1})).await;
        assert_eq!(
            submitted.json["data"]["status"], "Unpaid",
            "{}",
            submitted.text
        );
        assert_eq!(
            ledger(&caller, &name).await,
            [
                ("Debtors - FB".to_owned(), 92.0, 0.0),
                ("Service - FB".to_owned(), 0.0, 79.95),
                ("TPS 5% - FB".to_owned(), 0.0, 4.0),
                ("TVQ 9.975% - FB".to_owned(), 0.0, 7.98),
                ("Round Off - FB".to_owned(), 0.0, 0.07),
            ]
        );

        let method =
            "/api/method/erpnext.accounts.doctype.payment_entry.payment_entry.get_payment_entry";
        let draft = caller
            .post(method, &json!({"dt": "Sales Invoice", "dn": name}))
            .await;
        let mut payment = draft.json["message"].clone();
        assert_eq!(
            (&payment["doctype"], &payment["paid_amount"]),
            (&json!("Payment Entry"), &json!(92.0))
        );
        assert_eq!(payment["references"][0]["reference_name"], name.as_str());
        let insert = async |payment: &Value| {
            caller
                .post("/api/method/frappe.client.insert", &json!({"doc": payment}))
                .await
        };
        let refused = insert(&payment).await;
        assert_eq!(
            refused.messages()[0]["message"],
            "Reference No and Reference Date is mandatory for Bank transaction"
        );
        payment["reference_no"] = json!("pi_123");
        payment["reference_date"] = json!("2026-05-04");
        payment["references"][0]["allocated_amount"] = json!(100.0);
        let refused = insert(&payment).await;
        assert_eq!(
            (refused.status, refused.exc_type()),
            (417, "ValidationError")
        );
        payment["references"][0]["allocated_amount"] = json!(50.0);
        payment["paid_amount"] = json!(50.0);
        payment["received_amount"] = json!(50.0);
        let first = insert(&payment).await.json["message"].clone();
        assert!(
            first["name"].as_str().unwrap().starts_with("ACC-PAY-"),
            "{first}"
        );
        let submit = async |doc: Value| {
            caller
                .post("/api/method/frappe.client.submit", &json!({"doc": doc}))
                .await
        };
        let booked = submit(first.clone()).await;
        assert_eq!(booked.json["message"]["docstatus"], 1, "{}", booked.text);
        let read = caller.get(&path).await.json["data"].clone();
        assert_eq!(
            (&read["outstanding_amount"], &read["status"]),
            (&json!(42.0), &json!("Partly Paid"))
        );

        payment["references"][0]["allocated_amount"] = json!(42.0);
        payment["paid_amount"] = json!(42.0);
        payment["received_amount"] = json!(42.0);
        let second = insert(&payment).await.json["message"].clone();
        assert_eq!(submit(second.clone()).await.status, 200);
        let read = caller.get(&path).await.json["data"].clone();
        assert_eq!(
            (&read["outstanding_amount"], &read["status"]),
            (&json!(0.0), &json!("Paid"))
        );
        let paid = second["name"].as_str().unwrap().to_owned();
        assert_eq!(
            ledger(&caller, &paid).await,
            [
                ("Banque - FB".to_owned(), 42.0, 0.0),
                ("Debtors - FB".to_owned(), 0.0, 42.0)
            ]
        );
        let report = json!({"report_name": "General Ledger", "filters": {"company": "Fibre Boréale", "from_date": "2020-01-01", "to_date": "2099-01-01"}});
        let report = caller
            .post("/api/method/frappe.desk.query_report.run", &report)
            .await;
        let rows = report.json["message"]["result"].as_array().unwrap().clone();
        let total = &rows[rows.len() - 2];
        assert_eq!(
            (&total["account"], &total["debit"], &total["credit"]),
            (&json!("'Total'"), &json!(184.0), &json!(184.0))
        );

        let cancel = json!({"doctype": "Payment Entry", "name": paid});
        assert_eq!(
            caller
                .post("/api/method/frappe.client.cancel", &cancel)
                .await
                .json["message"]["docstatus"],
            2
        );
        assert!(
            ledger(&caller, &paid).await.is_empty(),
            "cancelled rows stay, marked"
        );
        let read = caller.get(&path).await.json["data"].clone();
        assert_eq!(
            (&read["outstanding_amount"], &read["status"]),
            (&json!(42.0), &json!("Partly Paid"))
        );
        let owed =
            json!({"report_name": "Accounts Receivable", "filters": {"company": "Fibre Boréale"}});
        let owed = caller
            .post("/api/method/frappe.desk.query_report.run", &owed)
            .await;
        let row = &owed.json["message"]["result"][0];
        assert_eq!(
            (&row["voucher_no"], &row["outstanding"]),
            (&json!(name), &json!(42.0))
        );

        let cancelled = caller
            .send(Method::POST, &format!("{path}?run_method=cancel"), None)
            .await;
        assert_eq!(
            cancelled.json["data"]["status"], "Cancelled",
            "{}",
            cancelled.text
        );
        assert!(ledger(&caller, &name).await.is_empty());
        let freed = caller
            .get(&format!(
                "/api/resource/Payment%20Entry/{}",
                first["name"].as_str().unwrap()
            ))
            .await;
        assert_eq!(freed.json["data"]["unallocated_amount"], 50.0);
    }
}

#[tokio::test]
async fn without_rounding_an_invoice_is_what_it_is() {
    let (_fake, caller) = shop(V16).await;
    let mut exact = invoice(79.95);
    exact["disable_rounded_total"] = json!(1);
    exact["taxes"] = json!([{"charge_type": "Actual", "account_head": "TPS 5% - FB", "description": "x", "tax_amount": 0.05}]);
    let doc = caller
        .post("/api/resource/Sales%20Invoice", &exact)
        .await
        .json["data"]
        .clone();
    assert_eq!(
        (&doc["grand_total"], &doc["rounded_total"]),
        (&json!(80.0), &json!(0.0))
    );
    assert_eq!(doc["outstanding_amount"], 80.0);
    let overdue = json!({"docstatus": 1, "due_date": "2020-01-01", "posting_date": "2020-01-01"});
    let path = format!(
        "/api/resource/Sales%20Invoice/{}",
        doc["name"].as_str().unwrap()
    );
    let booked = caller.put(&path, &overdue).await;
    assert_eq!(booked.json["data"]["status"], "Overdue", "{}", booked.text);
}

#[tokio::test]
async fn the_same_reference_may_be_paid_twice_unless_a_unique_field_forbids_it() {
    let (_fake, caller) = shop(V16).await;
    let pay = async |extra: Value| {
        let mut payment = json!({
            "payment_type": "Receive", "party_type": "Customer", "party": "Zoé", "paid_amount": 10,
            "reference_no": "pi_1", "reference_date": "2026-05-04",
        });
        payment
            .as_object_mut()
            .unwrap()
            .append(&mut extra.as_object().unwrap().clone());
        caller.post("/api/resource/Payment%20Entry", &payment).await
    };
    assert_eq!(pay(json!({})).await.status, 200);
    assert_eq!(pay(json!({})).await.status, 200);
    let field = json!({"dt": "Payment Entry", "fieldname": "psp_id", "label": "PSP", "fieldtype": "Data", "unique": 1});
    caller.post("/api/resource/Custom%20Field", &field).await;
    assert_eq!(pay(json!({"psp_id": "pi_1"})).await.status, 200);
    let twin = pay(json!({"psp_id": "pi_1"})).await;
    assert_eq!(
        (twin.status, twin.exc_type()),
        (417, "UniqueValidationError")
    );
}

#[tokio::test]
async fn a_subscription_bills_ends_and_starts_again() {
    let (fake, caller) = shop(V16).await;
    let plan = json!({"plan_name": "Fibre 500", "item": "FIBRE", "currency": "CAD", "price_determination": "Fixed Rate", "cost": 79.95, "billing_interval": "Month"});
    fake.insert("Subscription Plan", plan);
    let subscription = json!({
        "party_type": "Customer", "party": "Zoé", "plans": [{"plan": "Fibre 500", "qty": 1}],
        "generate_invoice_at": "Beginning of the current subscription period",
    });
    let made = caller
        .post("/api/resource/Subscription", &subscription)
        .await
        .json["data"]
        .clone();
    assert_eq!(made["status"], "Active", "{made}");
    let name = made["name"].as_str().unwrap().to_owned();
    let invoices = caller.get(&format!("/api/resource/Sales%20Invoice?filters={{\"subscription\":\"{name}\"}}&fields=[\"net_total\",\"docstatus\"]")).await;
    assert_eq!(
        invoices.json["data"],
        json!([{"net_total": 79.95, "docstatus": 1}])
    );
    let path = format!("/api/resource/Subscription/{name}");
    let run = async |method: &str| {
        caller
            .send(Method::POST, &format!("{path}?run_method={method}"), None)
            .await
    };
    assert_eq!(run("restart_subscription").await.status, 417);
    assert_eq!(run("cancel_subscription").await.status, 200);
    assert_eq!(caller.get(&path).await.json["data"]["status"], "Cancelled");
    assert_eq!(run("restart_subscription").await.status, 200);
    assert_eq!(caller.get(&path).await.json["data"]["status"], "Active");
}

/// Makes a submitted invoice, answers its name.
async fn submitted(caller: &Caller, rate: f64) -> String {
    let mut given = invoice(rate);
    given["docstatus"] = json!(1);
    given["taxes_and_charges"] = json!("");
    let made = caller.post("/api/resource/Sales%20Invoice", &given).await;
    assert_eq!(made.status, 200, "{}", made.text);
    made.json["data"]["name"].as_str().unwrap().to_owned()
}

/// What ERPNext proposes to pay, with a reference.
async fn proposed(caller: &Caller, invoice: &str) -> Value {
    const METHOD: &str =
        "/api/method/erpnext.accounts.doctype.payment_entry.payment_entry.get_payment_entry";
    let given = json!({"dt": "Sales Invoice", "dn": invoice});
    let mut payment = caller.post(METHOD, &given).await.json["message"].clone();
    payment["reference_no"] = json!("R-1");
    payment["reference_date"] = json!("2026-05-04");
    payment
}

#[tokio::test]
async fn taxes_given_by_hand_are_kept_and_halves_go_to_the_even_cent() {
    for dialect in [V15, V16] {
        let (fake, caller) = shop(dialect).await;
        let template = fake.document("Sales Invoice", &submitted(&caller, 10.0).await);
        let account = template.unwrap()["taxes"][0]["account_head"].clone();
        assert!(account.is_string(), "the rows of the template are stored");
        let mut given = invoice(42.5);
        given["taxes"] = json!([{
            "charge_type": "On Net Total", "account_head": account, "description": "TPS", "rate": 5,
        }]);
        let made = caller.post("/api/resource/Sales%20Invoice", &given).await;
        let name = made.json["data"]["name"].as_str().unwrap().to_owned();
        let stored = fake.document("Sales Invoice", &name).unwrap();
        // 2.125
        assert_eq!(stored["taxes"][0]["tax_amount"], 2.12);
        assert_eq!(stored["grand_total"], 44.62);
        let path = format!("/api/resource/Sales%20Invoice/{name}");
        let sent = caller.put(&path, &json!({"docstatus": 1})).await;
        assert_eq!(sent.json["data"]["grand_total"], 44.62, "{}", sent.text);
        let rows = ledger(&caller, &name).await;
        let tax = rows.iter().find(|row| json!(row.0) == account).unwrap();
        assert_eq!((tax.1, tax.2), (0.0, 2.12));
    }
}

#[tokio::test]
async fn an_invoice_of_nothing_or_less_is_refused() {
    for dialect in [V15, V16] {
        let (_fake, caller) = shop(dialect).await;
        let mut none = invoice(5.0);
        none["items"][0]["qty"] = json!(0);
        let answer = caller.post("/api/resource/Sales%20Invoice", &none).await;
        assert_eq!((answer.status, answer.exc_type()), (417, "InvalidQtyError"));
        let answer = caller
            .post("/api/resource/Sales%20Invoice", &invoice(-5.0))
            .await;
        assert_eq!((answer.status, answer.exc_type()), (417, "ValidationError"));
        none["items"] = json!([]);
        let answer = caller.post("/api/resource/Sales%20Invoice", &none).await;
        assert_eq!((answer.status, answer.exc_type()), (500, "TypeError"));
    }
}

#[tokio::test]
async fn what_a_paid_invoice_proposes_cannot_be_paid_again() {
    for dialect in [V15, V16] {
        let (fake, caller) = shop(dialect).await;
        let name = submitted(&caller, 79.95).await;
        let mut payment = proposed(&caller, &name).await;
        payment["docstatus"] = json!(1);
        let paid = caller.post("/api/resource/Payment%20Entry", &payment).await;
        assert_eq!(paid.status, 200, "{}", paid.text);
        let entry = paid.json["data"]["name"].as_str().unwrap();
        let entry = fake.document("Payment Entry", entry).unwrap();
        assert_eq!(entry["references"][0]["outstanding_amount"], 0.0);
        let again = caller.post("/api/resource/Payment%20Entry", &payment).await;
        assert_eq!(again.status, 417);
        assert!(
            again.text.contains("already been fully paid"),
            "{}",
            again.text
        );
        let second = proposed(&caller, &name).await;
        assert_eq!(second["payment_type"], "Pay");
        assert_eq!(second["paid_amount"], 0.0);
        let refused = caller.post("/api/resource/Payment%20Entry", &second).await;
        assert_eq!(refused.status, 417, "{}", refused.text);
        let given = json!({"doctype": "Sales Invoice", "name": name});
        let cancelled = caller
            .post("/api/method/frappe.client.cancel", &given)
            .await;
        assert!(
            cancelled.text.contains("are un-linked"),
            "{}",
            cancelled.text
        );
    }
}

#[tokio::test]
async fn a_draft_may_not_add_up_but_never_names_an_invoice_twice() {
    for dialect in [V15, V16] {
        let (_fake, caller) = shop(dialect).await;
        let mut payment = proposed(&caller, &submitted(&caller, 100.0).await).await;
        let twin = payment["references"][0].clone();
        payment["references"].as_array_mut().unwrap().push(twin);
        let refused = caller.post("/api/resource/Payment%20Entry", &payment).await;
        assert!(
            refused.text.contains("Duplicate entry in References"),
            "{}",
            refused.text
        );
        payment["references"].as_array_mut().unwrap().pop();
        payment["paid_amount"] = json!(50);
        payment["received_amount"] = json!(50);
        let draft = caller.post("/api/resource/Payment%20Entry", &payment).await;
        assert_eq!(draft.status, 200, "{}", draft.text);
        assert!(draft.json["data"]["difference_amount"].as_f64().unwrap() > 0.0);
        payment["docstatus"] = json!(1);
        let refused = caller.post("/api/resource/Payment%20Entry", &payment).await;
        assert!(
            refused.text.contains("Difference Amount must be zero"),
            "{}",
            refused.text
        );
    }
}
