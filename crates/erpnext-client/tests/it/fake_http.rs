//! The fake site over HTTP: routes, envelopes and lists, letter for letter.

use erpnext_client::Dialect::{self, V15, V16};
use erpnext_client::testing::{FakeSite, FakeUser};
use http::Method;
use integration_core::testing::{Fault, FaultRule};
use serde_json::{Value, json};

use crate::caller::{Answer, Caller};

async fn site(dialect: Dialect) -> (FakeSite, Caller) {
    let fake = FakeSite::builder().dialect(dialect).start().await.unwrap();
    let caller = Caller::administrator(&fake);
    (fake, caller)
}

#[tokio::test]
async fn unknown_things_have_the_status_the_site_gives_them() {
    for dialect in [V15, V16] {
        let (_fake, caller) = site(dialect).await;
        let bare = r#"{"exc_type":"DoesNotExistError"}"#;
        for path in ["/api/nothing", "/api/resource", "/api//resource/ToDo"] {
            let answer = caller.get(path).await;
            assert_eq!((answer.status, answer.text.as_str()), (404, bare), "{path}");
        }
        let patch = caller
            .send(Method::PATCH, "/api/resource/ToDo/x", None)
            .await;
        assert_eq!((patch.status, patch.text.as_str()), (404, bare));
        let v2 = caller.get("/api/v2/doctype/ToDo/nothing").await;
        assert_eq!(v2.text, r#"{"errors":[{"type":"DoesNotExistError"}]}"#);

        let missing = caller.get("/api/resource/ToDo/none").await;
        assert_eq!(
            (missing.status, missing.exc_type()),
            (404, "DoesNotExistError")
        );
        let message = &missing.messages()[0];
        assert_eq!(message["message"], "ToDo none not found");
        assert_eq!(
            (&message["indicator"], &message["raise_exception"]),
            (&json!("red"), &json!(1))
        );
        assert_eq!(missing.json.get("exc"), None);
        let missing = caller.get("/api/v2/document/ToDo/none").await;
        let table = match dialect {
            V15 => "",
            _ => r#","as_table":false"#,
        };
        assert_eq!(
            missing.text,
            format!(
                r#"{{"errors":[{{"type":"DoesNotExistError","message":"ToDo none not found"{table},"title":"Message","indicator":"red"}}]}}"#
            )
        );

        let doctype = caller.get("/api/resource/No%20Such").await;
        assert_eq!(
            (doctype.status, doctype.exc_type()),
            (404, "DoesNotExistError")
        );
        let doctype = caller.get("/api/resource/No%20Such/x").await;
        assert_eq!((doctype.status, doctype.exc_type()), (500, "ImportError"));
        let plus = caller.get("/api/resource/Sales+Invoice").await;
        assert_eq!(plus.status, 404);

        let method = caller.get("/api/method/no.such.method").await;
        assert_eq!((method.status, method.exc_type()), (417, "ValidationError"));
        assert_eq!(
            method.messages()[1]["message"],
            "Failed to get method for command no.such.method with App no is not installed"
        );
        let argument = caller.get("/api/method/frappe.client.get_count").await;
        assert_eq!((argument.status, argument.exc_type()), (500, "TypeError"));
        let verb = caller.get("/api/method/frappe.client.insert?doc=x").await;
        assert_eq!((verb.status, verb.exc_type()), (403, "PermissionError"));
        assert_eq!(verb.messages()[0]["message"], "Not permitted");

        let body = caller
            .raw(
                Method::POST,
                "/api/resource/ToDo",
                "application/json",
                "{\"a\":",
            )
            .await;
        match dialect {
            V15 => assert_eq!((body.status, body.exc_type()), (500, "JSONDecodeError")),
            _ => assert_eq!((body.status, body.exc_type()), (417, "DataError")),
        }
        let long = format!("/api/method/ping?x={}", "a".repeat(4100));
        let long = caller.get(&long).await;
        assert_eq!(
            (long.status, long.header("content-type")),
            (400, "text/html")
        );
        assert!(
            long.text
                .contains("Request Line is too large (4132 &gt; 4094)"),
            "{}",
            long.text
        );
    }
}

#[tokio::test]
async fn errors_wear_the_envelope_of_their_api_with_and_without_traceback() {
    for (dialect, traceback) in [(V15, true), (V15, false), (V16, true), (V16, false)] {
        let fake = FakeSite::builder()
            .dialect(dialect)
            .traceback(traceback)
            .start()
            .await
            .unwrap();
        let caller = Caller::administrator(&fake);
        let bad = json!({"priority": "High"});
        let v1 = caller.post("/api/resource/ToDo", &bad).await;
        assert_eq!((v1.status, v1.exc_type()), (417, "MandatoryError"));
        let said = match dialect {
            V15 => {
                r#"["{\"message\": \"Error: Value missing for ToDo: Description\", \"title\": \"Message\"}"]"#
            }
            _ => {
                r#"["{\"message\":\"Error: Value missing for ToDo: Description\",\"as_table\":false,\"title\":\"Message\"}"]"#
            }
        };
        assert_eq!(v1.json["_server_messages"], said);
        let v2 = caller.post("/api/v2/document/ToDo", &bad).await;
        let error = &v2.json["errors"][0];
        assert_eq!(error["type"], "MandatoryError");
        assert_eq!(
            error["message"],
            "Error: Value missing for ToDo: Description"
        );
        assert_eq!(v2.json.get("exc_type"), None);
        let exception = v1
            .json
            .get("exception")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if traceback {
            assert!(
                exception.starts_with("frappe.exceptions.MandatoryError: [ToDo, "),
                "{exception}"
            );
            assert!(exception.ends_with("]: description"));
            let exc: Vec<String> = serde_json::from_str(v1.json["exc"].as_str().unwrap()).unwrap();
            assert!(exc[0].starts_with("Traceback (most recent call last):\n"));
            assert!(
                error["exception"]
                    .as_str()
                    .unwrap()
                    .starts_with("Traceback")
            );
        } else {
            assert_eq!(exception, "");
            assert_eq!((v1.json.get("exc"), error.get("exception")), (None, None));
        }
        let html = caller
            .clone()
            .header("accept", "text/html")
            .get("/api/resource/ToDo/none")
            .await;
        assert_eq!(
            (html.status, html.header("content-type")),
            (404, "text/html; charset=utf-8")
        );
    }
}

#[tokio::test]
async fn tracebacks_of_version_16_are_not_for_the_portal() {
    for dialect in [V15, V16] {
        let portal = FakeUser::new("client@example.ca").token("k", "s").website();
        let fake = FakeSite::builder()
            .dialect(dialect)
            .user(portal)
            .start()
            .await
            .unwrap();
        let caller = Caller::guest(&fake).authorization("token k:s");
        let denied = caller.get("/api/resource/Customer").await;
        assert_eq!(denied.status, 403);
        assert_eq!(denied.json.get("exc").is_some(), dialect == V15);
    }
}

#[tokio::test]
async fn names_are_percent_decoded_and_two_endings_belong_to_v2() {
    for dialect in [V15, V16] {
        let (fake, caller) = site(dialect).await;
        for name in ["TECH/é 1", "a?b#c%d+e&f\"g'h\\i", "x/method/y", "z/copy"] {
            fake.insert("Issue Type", json!({"name": name}));
            let encoded = Caller::segment(name);
            let v1 = caller
                .get(&format!("/api/resource/Issue%20Type/{encoded}"))
                .await;
            assert_eq!(v1.json["data"]["name"], name, "{}", v1.text);
            let v2 = caller
                .get(&format!("/api/v2/document/Issue%20Type/{encoded}"))
                .await;
            let taken = name.contains("/method/") || dialect == V16 && name.ends_with("/copy");
            assert_eq!(v2.status, if taken { 404 } else { 200 }, "{name}");
        }
        let raw = caller
            .get("/api/resource/Issue%20Type/TECH/%C3%A9%201/")
            .await;
        assert_eq!(raw.json["data"]["name"], "TECH/é 1");
        let folded = caller.get("/api/resource/Issue%20Type/tech%2FE%201").await;
        assert_eq!(folded.json["data"]["name"], "TECH/é 1");
        let ascii = folded.text.contains("TECH/\\u00e9 1");
        assert_eq!(ascii, dialect == V15, "{}", folded.text);
    }
}

#[tokio::test]
async fn nulls_are_left_out_of_documents_and_kept_in_lists_and_v2() {
    for dialect in [V15, V16] {
        let (fake, caller) = site(dialect).await;
        let name = fake.insert("ToDo", json!({"description": "x"}));
        let v1 = caller.get(&format!("/api/resource/ToDo/{name}")).await;
        assert_eq!(v1.json["data"].get("color"), None);
        let v2 = caller.get(&format!("/api/v2/document/ToDo/{name}")).await;
        let kept = v2.json["data"].get("color").is_some_and(Value::is_null);
        assert_eq!(kept, dialect == V16);
        let rows = caller
            .get("/api/resource/ToDo?fields=[\"name\",\"color\"]")
            .await;
        assert_eq!(
            rows.json,
            json!({"data": [{"name": name.as_str(), "color": null}]})
        );
        let got = caller
            .get(&format!(
                "/api/method/frappe.client.get?doctype=ToDo&name={name}"
            ))
            .await;
        let kept = got.json["message"].get("color");
        assert!(kept.is_some_and(Value::is_null), "so do methods");
    }
}

#[tokio::test]
async fn lists_know_their_parameters_per_version() {
    for dialect in [V15, V16] {
        let (fake, caller) = site(dialect).await;
        for n in 0..25 {
            fake.insert("Issue Type", json!({"name": format!("T{n:02}")}));
        }
        let rows = async |query: &str| {
            let answer = caller.get(query).await;
            answer.json["data"].as_array().map_or(0, Vec::len)
        };
        let v1 = "/api/resource/Issue%20Type?filters=[[\"name\",\"like\",\"T%25\"]]";
        assert_eq!(rows(v1).await, 20);
        assert_eq!(rows(&format!("{v1}&limit_page_length=0")).await, 25);
        assert_eq!(rows(&format!("{v1}&limit=3")).await, 3);
        assert_eq!(rows(&format!("{v1}&limit_start=20&limit=20")).await, 5);
        let lists = caller
            .get(&format!("{v1}&as_dict=0&limit=1&order_by=name%20asc"))
            .await;
        assert_eq!(lists.json["data"], json!([["T00"]]));
        let negative = caller.get(&format!("{v1}&limit_page_length=-1")).await;
        let kind = match dialect {
            V15 => "ProgrammingError",
            _ => "TypeError",
        };
        assert_eq!((negative.status, negative.exc_type()), (500, kind));

        let v2 = "/api/v2/document/Issue%20Type?filters=[[\"name\",\"like\",\"T%25\"]]&limit=20";
        let page = caller.get(v2).await;
        let more = page.json.get("has_next_page").cloned();
        assert_eq!(more, (dialect == V16).then_some(json!(true)));
        // Each version reads its own name for the offset.
        let (known, other) = if dialect == V15 {
            ("limit_start", "start")
        } else {
            ("start", "limit_start")
        };
        assert_eq!(rows(&format!("{v2}&{known}=20")).await, 5);
        assert_eq!(rows(&format!("{v2}&{other}=20")).await, 20);

        let body = json!({"doctype": "Issue Type", "fields": ["name"], "limit": 2, "filters": [["name", "like", "T%"]]});
        let posted = caller
            .post("/api/method/frappe.client.get_list", &body)
            .await;
        assert_eq!(posted.json["message"].as_array().unwrap().len(), 20);
        let field = caller.get("/api/resource/ToDo?fields=[\"zzz\"]").await;
        assert_eq!((field.status, field.exc_type()), (417, "DataError"));
        assert_eq!(
            field.messages()[0]["message"],
            "Field not permitted in query: zzz"
        );
        let broken = caller.get("/api/resource/ToDo?filters={bad").await;
        assert_eq!((broken.status, broken.exc_type()), (500, "JSONDecodeError"));
        let count = caller
            .get("/api/v2/doctype/Issue%20Type/count?filters=[[\"name\",\"like\",\"T%25\"]]")
            .await;
        assert_eq!(count.text, r#"{"data":25}"#);
    }
}

#[tokio::test]
async fn failures_on_demand_do_nothing_or_lose_the_answer() {
    let (fake, caller) = site(V16).await;
    fake.deadlock(1);
    let body = json!({"description": "x"});
    let dead = caller.post("/api/resource/ToDo", &body).await;
    assert_eq!(
        (dead.status, dead.exc_type(), fake.count("ToDo")),
        (500, "QueryDeadlockError", 0)
    );
    fake.html_error(502, 1);
    let page = caller.post("/api/resource/ToDo", &body).await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (502, "text/html; charset=utf-8")
    );
    assert_eq!(fake.count("ToDo"), 0);
    fake.faults()
        .add(FaultRule::new(Fault::ResetAfterCommit).times(1));
    assert!(caller.try_post("/api/resource/ToDo", &body).await.is_none());
    assert_eq!(fake.count("ToDo"), 1);
    assert_eq!(fake.requests().last().unwrap().path, "/api/resource/ToDo");
}

#[test]
fn an_answer_reads_its_messages() {
    let answer = Answer::of(
        417,
        r#"{"_server_messages":"[\"{\\\"message\\\": \\\"a\\\"}\"]"}"#,
    );
    assert_eq!(answer.messages(), [json!({"message": "a"})]);
}
