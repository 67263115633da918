//! Lists of the fake over HTTP, as the two versions answer them.

use erpnext_client::Dialect::{V15, V16};
use erpnext_client::testing::{FakeSite, Isp};
use serde_json::{Value, json};

use crate::caller::Caller;

fn path(doctype: &str, parameters: &[(&str, Value)]) -> String {
    let query: Vec<String> = parameters
        .iter()
        .map(|(name, value)| {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            format!("{name}={}", Caller::segment(&text))
        })
        .collect();
    format!(
        "/api/resource/{}?{}",
        Caller::segment(doctype),
        query.join("&")
    )
}

#[tokio::test]
async fn the_same_question_has_two_answers() {
    let count = json!(["count(name) as n"]);
    let object = json!([{"COUNT": "name", "as": "n"}]);
    let rows = json!(["name", {"links": ["link_name"]}]);
    let joined = json!([["links.link_doctype", "=", "Customer"]]);
    // What is asked, and on each version the status with the exception or the number of rows.
    let cases = [
        (
            vec![("fields", count)],
            (200, "1"),
            (417, "ValidationError"),
        ),
        (vec![("fields", object)], (500, "TypeError"), (200, "1")),
        (vec![("fields", rows)], (500, "TypeError"), (200, "5")),
        (
            vec![("filters", joined)],
            (500, "OperationalError"),
            (200, "5"),
        ),
        (
            vec![("filters", json!([["name", "sounds", "x"]]))],
            (417, "ValidationError"),
            (500, "KeyError"),
        ),
        (
            vec![("filters", json!([["nope", "=", "x"]]))],
            (417, "DataError"),
            (417, "DataError"),
        ),
        (
            vec![("filters", json!([["fax", "=", null]]))],
            (200, "0"),
            (200, "5"),
        ),
        (
            vec![("order_by", json!("city;; --"))],
            (200, "5"),
            (417, "ValidationError"),
        ),
    ];
    for dialect in [V15, V16] {
        let isp = Isp::new(5).seed(2);
        let fake = FakeSite::builder()
            .dialect(dialect)
            .seed(isp)
            .start()
            .await
            .unwrap();
        let caller = Caller::administrator(&fake);
        for (parameters, v15, v16) in &cases {
            let answer = caller.get(&path("Address", parameters)).await;
            let told = match answer.json["data"].as_array() {
                Some(rows) => rows.len().to_string(),
                None => answer.exc_type().to_owned(),
            };
            let wanted = if dialect == V15 { v15 } else { v16 };
            assert_eq!(
                (answer.status, told.as_str()),
                *wanted,
                "{parameters:?} {dialect:?}"
            );
        }
    }
}

#[tokio::test]
async fn addresses_of_a_customer_are_found_by_their_links() {
    let fake = FakeSite::builder()
        .seed(Isp::new(20).seed(4))
        .start()
        .await
        .unwrap();
    let caller = Caller::administrator(&fake);
    let customers = caller.get(&path("Customer", &[("limit", json!(3))])).await;
    for customer in customers.json["data"].as_array().unwrap() {
        let filters = json!([
            ["Dynamic Link", "link_doctype", "=", "Customer"],
            [
                "Dynamic Link",
                "link_name",
                "=",
                customer["name"].as_str().unwrap().to_uppercase()
            ],
        ]);
        let found = caller.get(&path("Address", &[("filters", filters)])).await;
        let name = format!("{}-Billing", customer["name"].as_str().unwrap());
        assert_eq!(found.json["data"], json!([{ "name": name }]));
    }
}
