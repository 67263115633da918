//! Methods, bulk routes, files and webhooks of the fake site.

use erpnext_client::Dialect::{self, V15, V16};
use erpnext_client::testing::{FakeSite, FakeWebhook};
use http::Method;
use serde_json::{Value, json};

use crate::caller::Caller;

async fn site(dialect: Dialect) -> (FakeSite, Caller) {
    let fake = FakeSite::builder().dialect(dialect).start().await.unwrap();
    let caller = Caller::administrator(&fake);
    (fake, caller)
}

#[tokio::test]
async fn bulk_routes_are_of_version_16() {
    for dialect in [V15, V16] {
        let (fake, caller) = site(dialect).await;
        let names: Vec<String> = (0..3)
            .map(|n| {
                fake.insert("ToDo", json!({"description": format!("{n}")}))
                    .to_string()
            })
            .collect();
        let body = json!({"names": [names[0], "none", names[1]]});
        let deleted = caller
            .post("/api/v2/document/ToDo/bulk_delete", &body)
            .await;
        if dialect == V15 {
            assert_eq!(deleted.status, 404);
            continue;
        }
        let data = &deleted.json["data"];
        assert_eq!(data["deleted"], json!([names[0], names[1]]));
        assert_eq!(
            (
                &data["total"],
                &data["success_count"],
                &data["failure_count"]
            ),
            (&json!(3), &json!(2), &json!(1))
        );
        assert_eq!(data["failed"][0]["name"], "none");
        let docs = json!({"docs": [{"doctype": "ToDo", "name": names[2], "priority": "Low"}]});
        let updated = caller.post("/api/v2/method/bulk_update", &docs).await;
        assert_eq!(updated.json["data"]["updated"], json!([names[2]]));
        let many: Vec<&str> = vec!["x"; 21];
        let queued = caller
            .post("/api/v2/document/ToDo/bulk_delete", &json!({"names": many}))
            .await;
        assert_eq!(queued.status, 202);
        assert!(queued.json["data"]["job_id"].is_string());
        let copy = caller
            .get(&format!("/api/v2/document/ToDo/{}/copy", names[2]))
            .await;
        assert_eq!(copy.json["data"].get("name"), None);
        assert_eq!(copy.json["data"]["priority"], "Low");
    }
}

#[tokio::test]
async fn methods_of_the_client_answer_as_the_sheet_says() {
    for dialect in [V15, V16] {
        let (fake, caller) = site(dialect).await;
        let name = fake.insert("ToDo", json!({"description": "x"}));
        let method = async |name: &str, body: Value| {
            caller.post(&format!("/api/method/{name}"), &body).await
        };
        let versions = caller
            .get("/api/method/frappe.utils.change_log.get_versions")
            .await;
        let version = versions.json["message"]["frappe"]["version"]
            .as_str()
            .unwrap();
        assert_eq!(Dialect::of_version(version), Some(dialect));

        let many = json!({"docs": [{"doctype": "ToDo", "description": "a"}, {"doctype": "ToDo"}]});
        let refused = method("frappe.client.insert_many", many).await;
        assert_eq!(
            (refused.status, refused.exc_type()),
            (417, "MandatoryError")
        );
        assert_eq!(fake.count("ToDo"), 1, "all or nothing");
        let many: Vec<Value> = vec![json!({"doctype": "ToDo", "description": "a"}); 201];
        assert_eq!(
            method("frappe.client.insert_many", json!({"docs": many}))
                .await
                .status,
            417
        );

        let standard =
            json!({"doctype": "ToDo", "name": name.as_str(), "fieldname": "owner", "value": "x"});
        let refused = method("frappe.client.set_value", standard).await;
        assert_eq!(
            refused.messages()[0]["message"],
            "Cannot edit standard fields"
        );
        let set =
            json!({"doctype": "ToDo", "name": name.as_str(), "fieldname": {"priority": "Low"}});
        assert_eq!(
            method("frappe.client.set_value", set).await.json["message"]["priority"],
            "Low"
        );

        let docs = json!([{"doctype": "ToDo", "docname": "none", "priority": "Low"}]).to_string();
        let bulk = method("frappe.client.bulk_update", json!({"docs": docs})).await;
        assert_eq!(bulk.status, 200);
        assert_eq!(
            bulk.json["message"]["failed_docs"][0]["doc"]["docname"],
            "none"
        );

        let nothing = caller.get("/api/method/frappe.client.get_value?doctype=ToDo&fieldname=name&filters={\"name\":\"none\"}").await;
        assert_eq!(nothing.text, r#"{"message":{}}"#);
        let zone = caller.get("/api/method/frappe.client.get_single_value?doctype=System%20Settings&field=time_zone").await;
        assert_eq!(zone.json["message"], "America/Toronto");
        let single = caller
            .get("/api/resource/System%20Settings/System%20Settings")
            .await;
        assert_eq!(single.json["data"]["idx"], "0");

        let tag = json!({"tag": "VIP", "dt": "ToDo", "dn": name.as_str()});
        let tagged = method("frappe.desk.doctype.tag.tag.add_tag", tag.clone()).await;
        assert_eq!(tagged.json["message"], "VIP");
        let rows = caller
            .get("/api/resource/ToDo?filters=[[\"_user_tags\",\"like\",\"%25VIP%25\"]]")
            .await;
        assert_eq!(rows.json["data"][0]["name"], name.as_str());
        assert_eq!(
            method("frappe.desk.doctype.tag.tag.remove_tag", tag)
                .await
                .text,
            "{}"
        );
        assert_eq!(fake.count("Tag Link"), 0);

        let found = caller
            .get("/api/method/frappe.desk.search.search_link?doctype=Country&txt=Cana")
            .await;
        let mut canada = json!({"value": "Canada", "description": ""});
        if dialect == V16 {
            canada["label"] = json!("Canada");
        }
        assert_eq!(found.json["message"], json!([canada]));
        let gone = method(
            "frappe.client.delete",
            json!({"doctype": "ToDo", "name": name.as_str()}),
        )
        .await;
        assert_eq!((gone.status, gone.text.as_str()), (200, "{}"));
        let again = caller
            .send(Method::DELETE, &format!("/api/resource/ToDo/{name}"), None)
            .await;
        assert_eq!(
            (again.status, again.text.as_str()),
            (404, r#"{"exc_type":"DoesNotExistError"}"#)
        );
    }
}

#[tokio::test]
async fn files_are_kept_and_private_ones_are_private() {
    for dialect in [V15, V16] {
        let (fake, caller) = site(dialect).await;
        let todo = fake.insert("ToDo", json!({"description": "x"}));
        let upload = async |content: &str| {
            let body = format!(
                "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"plan é.txt\"\r\nContent-Type: text/plain\r\n\r\n{content}\r\n--B\r\nContent-Disposition: form-data; name=\"is_private\"\r\n\r\n1\r\n--B\r\nContent-Disposition: form-data; name=\"doctype\"\r\n\r\nToDo\r\n--B\r\nContent-Disposition: form-data; name=\"docname\"\r\n\r\n{todo}\r\n--B--\r\n"
            );
            let kind = "multipart/form-data; boundary=B";
            let answer = caller
                .raw(Method::POST, "/api/method/upload_file", kind, &body)
                .await;
            answer.json["message"].clone()
        };
        let file = upload("hello").await;
        assert_eq!(
            (&file["file_url"], &file["file_size"]),
            (&json!("/private/files/plan é.txt"), &json!(5))
        );
        assert_eq!(file["attached_to_name"], todo.as_str());
        assert_eq!(
            upload("hello").await["file_url"],
            file["file_url"],
            "one content, one URL"
        );
        assert_ne!(upload("other").await["file_url"], file["file_url"]);

        let path = "/private/files/plan%20%C3%A9.txt";
        assert_eq!(caller.get(path).await.text, "hello");
        let guest = Caller::guest(&fake).get(path).await;
        assert_eq!(
            (guest.status, guest.header("content-type")),
            (403, "text/html; charset=utf-8")
        );
        let download = caller
            .get("/api/method/download_file?file_url=/private/files/plan%20%C3%A9.txt")
            .await;
        assert_eq!(download.text, "hello");
    }
}

#[tokio::test]
async fn webhooks_go_out_after_the_commit_signed_and_three_times_at_most() {
    use wiremock::matchers::{header_exists, path};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    let quick = std::time::Duration::from_millis(1);
    for (dialect, body) in [
        (V15, r#"{"name": "Éloïse", "customer_type": "Individual"}"#),
        (
            V16,
            "{\n \"customer_type\": \"Individual\",\n \"name\": \"Éloïse\"\n}",
        ),
    ] {
        let receiver = MockServer::start().await;
        let ours = Mock::given(path("/hook")).and(header_exists("x-frappe-webhook-signature"));
        ours.respond_with(ResponseTemplate::new(200))
            .mount(&receiver)
            .await;
        Mock::given(path("/broken"))
            .respond_with(ResponseTemplate::new(500))
            .mount(&receiver)
            .await;
        let hook = |event: &str, at: &str| {
            FakeWebhook::new("Customer", event, format!("{}{at}", receiver.uri()))
        };
        let fake = FakeSite::builder()
            .dialect(dialect)
            .webhook_pauses(quick, quick)
            .webhook(
                hook("after_insert", "/hook")
                    .secret("s3cr3t")
                    .fields(["name", "customer_type"]),
            )
            .webhook(hook("on_trash", "/broken"))
            .start()
            .await
            .unwrap();
        let caller = Caller::administrator(&fake);
        let customer = json!({"customer_name": "Éloïse", "customer_type": "Individual"});
        assert_eq!(
            caller
                .post("/api/resource/Customer", &json!({"customer_type": "Robot"}))
                .await
                .status,
            417
        );
        assert_eq!(
            caller
                .post("/api/resource/Customer", &customer)
                .await
                .status,
            200
        );
        assert_eq!(
            caller
                .send(Method::DELETE, "/api/resource/Customer/Eloise", None)
                .await
                .status,
            202
        );
        fake.webhooks_sent().await;

        let mut sent = fake.webhook_deliveries();
        sent.sort_by_key(|delivery| delivery.attempts);
        let seen: Vec<_> = sent
            .iter()
            .map(|d| (d.event.as_str(), d.status, d.attempts))
            .collect();
        assert_eq!(
            seen,
            [("after_insert", Some(200), 1), ("on_trash", Some(500), 3)]
        );
        let requests = receiver.received_requests().await.unwrap();
        let first = requests
            .iter()
            .find(|request| request.url.path() == "/hook")
            .unwrap();
        let escaped = body.replace('É', "\\u00c9").replace('ï', "\\u00ef");
        assert_eq!(String::from_utf8_lossy(&first.body), escaped);
        assert_eq!(first.headers.get("content-type"), None);
        let signature = first.headers["x-frappe-webhook-signature"]
            .to_str()
            .unwrap();
        let secret = erpnext_client::Secret::from("s3cr3t");
        assert_eq!(
            signature,
            erpnext_client::webhook::sign(&secret, &first.body)
        );
    }
}

#[tokio::test]
async fn a_message_is_kept_at_the_document_it_is_about() {
    const MAKE: &str = "/api/method/frappe.core.doctype.communication.email.make";
    for dialect in [V15, V16] {
        let (fake, caller) = site(dialect).await;
        let todo = fake.insert("ToDo", json!({"description": "x"}));
        let message = json!({
            "doctype": "ToDo", "name": todo.as_str(), "recipients": "zoe@example.ca",
            "subject": "Bonjour", "content": "<p>Votre lien</p>", "send_email": 1,
        });
        let made = caller.post(MAKE, &message).await;
        assert_eq!(made.status, 200, "{}", made.text);
        let name = made.json["message"]["name"].as_str().unwrap();
        let kept = fake.document("Communication", name).unwrap();
        assert_eq!(kept["recipients"], "zoe@example.ca");
        assert_eq!(kept["reference_name"], todo.as_str());
        assert_eq!(kept["sent_or_received"], "Sent");

        let mut nowhere = message;
        nowhere["name"] = json!("none");
        assert_eq!(caller.post(MAKE, &nowhere).await.status, 404);
        assert_eq!(fake.count("Communication"), 1);
    }
}
