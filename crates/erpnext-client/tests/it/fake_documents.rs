//! The fake site's documents: names, rules and states.

use erpnext_client::Dialect::{self, V15, V16};
use erpnext_client::testing::{FakeSite, FakeUser, Right};
use http::Method;
use serde_json::{Value, json};

use crate::caller::Caller;

async fn site(dialect: Dialect) -> (FakeSite, Caller) {
    let fake = FakeSite::builder().dialect(dialect).start().await.unwrap();
    let caller = Caller::administrator(&fake);
    (fake, caller)
}

/// A submittable doctype with a field of every kind that has rules.
fn probe(name: &str, autoname: &str) -> Value {
    let field =
        |fieldname: &str, fieldtype: &str| json!({"fieldname": fieldname, "fieldtype": fieldtype});
    let mut fields = vec![
        json!({"fieldname": "title", "label": "Title", "fieldtype": "Data", "reqd": 1}),
        json!({"fieldname": "sel", "label": "Sel", "fieldtype": "Select", "options": "A\nB"}),
        json!({"fieldname": "note", "label": "Note", "fieldtype": "Small Text", "allow_on_submit": 1}),
        json!({"fieldname": "todo", "label": "To Do", "fieldtype": "Link", "options": "ToDo"}),
    ];
    for (name, kind) in [
        ("at", "Datetime"),
        ("day", "Date"),
        ("clock", "Time"),
        ("dur", "Duration"),
        ("secret", "Password"),
        ("n", "Int"),
        ("amount", "Currency"),
        ("done", "Check"),
        ("phone", "Phone"),
        ("extra", "JSON"),
    ] {
        fields.push(field(name, kind));
    }
    json!({
        "name": name, "custom": 1, "module": "Custom", "is_submittable": 1, "autoname": autoname,
        "fields": fields,
        "permissions": [{"role": "System Manager", "read": 1, "write": 1, "create": 1, "delete": 1, "submit": 1, "cancel": 1}],
    })
}

#[tokio::test]
async fn a_doctype_made_over_rest_is_usable_at_once_and_names_by_its_rule() {
    for dialect in [V15, V16] {
        let (_fake, caller) = site(dialect).await;
        let name = async |autoname: &str, doc: Value| {
            let doctype = format!("Probe {autoname}").replace([':', '{', '}', '#'], "");
            let _ = caller
                .post("/api/resource/DocType", &probe(&doctype, autoname))
                .await;
            let path = format!("/api/resource/{}", Caller::segment(&doctype));
            let answer = caller.post(&path, &doc).await;
            (answer.status, answer.json["data"]["name"].clone(), answer)
        };
        let (_, first, _) = name("format:LOC-{#####}", json!({"title": "x"})).await;
        let (_, second, _) = name("format:LOC-{#####}", json!({"title": "x"})).await;
        assert_eq!((first, second), (json!("LOC-00001"), json!("LOC-00002")));
        let (_, counted, _) = name("autoincrement", json!({"title": "x"})).await;
        assert_eq!(counted, json!(1), "a JSON integer");
        let (_, field, _) = name("field:title", json!({"title": "  pad  "})).await;
        assert_eq!(field, json!("pad"));
        let (status, _, bad) = name("field:title", json!({"title": "a<b"})).await;
        assert_eq!((status, bad.exc_type()), (409, "NameError"));
        assert_eq!(
            bad.messages()[0]["message"],
            "Name cannot contain special characters like '<', '>'"
        );
        let (status, _, bad) = name("prompt", json!({"title": "x"})).await;
        assert_eq!((status, bad.exc_type()), (417, "ValidationError"));
        let (status, _, bad) = name("prompt", json!({"title": "x", "name": "n".repeat(141)})).await;
        assert_eq!((status, bad.exc_type()), (500, "DataError"));
        let (_, hash, _) = name("hash", json!({"title": "x", "name": "mine"})).await;
        assert_eq!(hash.as_str().unwrap().len(), 10);
        let (_, given, _) = name("prompt", json!({"title": "x", "name": "été"})).await;
        assert_eq!(given, json!("été"));
        let (status, _, twin) = name("prompt", json!({"title": "x", "name": "ETE"})).await;
        assert_eq!((status, twin.exc_type()), (409, "DuplicateEntryError"));
        assert_eq!(twin.messages()[0]["title"], "Duplicate Name");

        let mut reserved = probe("Bad", "hash");
        reserved["fields"][0]["fieldname"] = json!("meta");
        let refused = caller.post("/api/resource/DocType", &reserved).await;
        assert_eq!(
            (refused.status, refused.exc_type()),
            (417, "ValidationError")
        );
    }
}

#[tokio::test]
async fn values_are_cast_checked_and_read_back_as_the_database_has_them() {
    for dialect in [V15, V16] {
        let (fake, caller) = site(dialect).await;
        caller
            .post("/api/resource/DocType", &probe("Probe", "prompt"))
            .await;
        let given = json!({
            "name": "a", "title": "A <script>x</script> & b", "at": "2026-05-04T08:30:00", "clock": "08:30:00",
            "dur": 90, "secret": "hush", "n": "abc", "amount": "12,50", "done": true,
            "phone": "+1-5145550100", "extra": {"b": 1}, "unknown": 1,
        });
        let echoed = caller.post("/api/resource/Probe", &given).await.json["data"].clone();
        let read = caller.get("/api/resource/Probe/a").await.json["data"].clone();
        let both = |key: &str| (echoed[key].clone(), read[key].clone());
        assert_eq!(
            both("at"),
            (json!("2026-05-04T08:30:00"), json!("2026-05-04 08:30:00"))
        );
        assert_eq!(both("clock"), (json!("08:30:00"), json!("8:30:00")));
        assert_eq!(both("dur"), (json!(90), json!(90.0)));
        assert_eq!(both("secret"), (json!("****"), json!("****")));
        assert_eq!(both("n"), (json!(0), json!(0)));
        assert_eq!(both("amount"), (json!(1250.0), json!(1250.0)));
        assert_eq!(both("done"), (json!(1), json!(1)));
        assert_eq!(both("sel"), (json!("A"), json!("A")), "the first choice");
        assert_eq!(read["extra"], r#"{"b":1}"#);
        assert_eq!(read.get("unknown"), None);
        let clean = match dialect {
            V15 => "A &lt;script&gt;x&lt;/script&gt; &amp; b",
            _ => "A  &amp; b",
        };
        assert_eq!(read["title"], clean);
        let clear = caller
            .get("/api/method/frappe.client.get_password?doctype=Probe&name=a&fieldname=secret")
            .await;
        assert_eq!(clear.json["message"], "hush");
        let bare = caller
            .post("/api/resource/Probe", &json!({"name": "b", "title": "x"}))
            .await;
        assert_eq!(
            bare.json["data"].get("clock").is_some(),
            dialect == V15,
            "an unset time is now"
        );

        for (value, status, exc_type, text) in [
            (
                json!({"at": "2026-05-04T08:30:00Z"}),
                500,
                "OperationalError",
                "",
            ),
            (
                json!({"at": "2026-05-04 08:30:00-04:00"}),
                500,
                "OperationalError",
                "",
            ),
            (json!({"day": "2026-99-01"}), 500, "OperationalError", ""),
            (
                json!({"n": 3_000_000_000_u64}),
                417,
                "CharacterLengthExceededError",
                "Probe c: '<strong>N</strong>' (3000000000) will get truncated, as max characters allowed is 2147483647",
            ),
            (
                json!({"title": "x".repeat(141)}),
                417,
                "CharacterLengthExceededError",
                "",
            ),
            (
                json!({"phone": "abc"}),
                417,
                "InvalidPhoneNumberError",
                "Phone Number <strong>abc</strong> set in field <strong>phone</strong> is not valid.",
            ),
            (
                json!({"sel": "C"}),
                417,
                "ValidationError",
                " Sel cannot be \"C\". It should be one of \"A\", \"B\"",
            ),
            (
                json!({"todo": "none"}),
                417,
                "LinkValidationError",
                "Could not find To Do: none",
            ),
            (
                json!({"title": "  "}),
                417,
                "MandatoryError",
                "Error: Value missing for Probe: Title",
            ),
        ] {
            let mut doc = json!({"name": "c", "title": "x"});
            doc.as_object_mut()
                .unwrap()
                .append(&mut value.as_object().unwrap().clone());
            let refused = caller.post("/api/resource/Probe", &doc).await;
            assert_eq!(
                (refused.status, refused.exc_type()),
                (status, exc_type),
                "{value}"
            );
            if !text.is_empty() {
                assert_eq!(refused.messages()[0]["message"], text);
            }
        }
        assert_eq!(fake.count("Probe"), 2, "what is refused leaves nothing");
    }
}

#[tokio::test]
async fn a_document_goes_from_draft_to_submitted_to_cancelled_to_amended() {
    for dialect in [V15, V16] {
        let (_fake, caller) = site(dialect).await;
        caller
            .post("/api/resource/DocType", &probe("Probe", "prompt"))
            .await;
        caller
            .post("/api/resource/Probe", &json!({"name": "a", "title": "x"}))
            .await;
        let put = async |body: Value| caller.put("/api/resource/Probe/a", &body).await;
        let refused = put(json!({"docstatus": 2})).await;
        assert_eq!(
            (refused.status, refused.exc_type()),
            (417, "DocstatusTransitionError")
        );
        assert_eq!(
            refused.json["exception"],
            "frappe.exceptions.DocstatusTransitionError: Cannot change docstatus from 0 (Draft) to 2 (Cancelled)"
        );
        assert_eq!(
            put(json!({"docstatus": 1})).await.json["data"]["docstatus"],
            1
        );
        let refused = put(json!({"title": "y"})).await;
        assert_eq!(
            (refused.status, refused.exc_type()),
            (417, "UpdateAfterSubmitError")
        );
        assert_eq!(
            refused.messages()[0]["message"],
            " Not allowed to change <strong>Title</strong> after submission from <strong>x</strong> to <strong>y</strong>"
        );
        assert_eq!(put(json!({"note": "y"})).await.status, 200);
        assert_eq!(
            put(json!({"docstatus": 0})).await.exc_type(),
            "DocstatusTransitionError"
        );
        let refused = caller
            .send(Method::DELETE, "/api/resource/Probe/a", None)
            .await;
        assert!(
            refused.messages()[0]["message"]
                .as_str()
                .unwrap()
                .contains("Submitted Record cannot be deleted")
        );
        let cancelled = caller
            .send(
                Method::POST,
                "/api/resource/Probe/a?run_method=cancel",
                None,
            )
            .await;
        assert_eq!(cancelled.json["data"]["docstatus"], 2, "{}", cancelled.text);
        let refused = put(json!({"note": "z"})).await;
        assert_eq!(
            (refused.status, refused.exc_type()),
            (417, "ValidationError")
        );
        assert_eq!(refused.json.get("_server_messages"), None);
        let amended = caller
            .post(
                "/api/resource/Probe",
                &json!({"amended_from": "a", "title": "x"}),
            )
            .await;
        assert_eq!(amended.json["data"]["name"], "a-1");
        let unknown = caller
            .send(
                Method::POST,
                "/api/resource/Probe/a-1?run_method=nothing",
                None,
            )
            .await;
        assert_eq!(
            (unknown.status, unknown.header("content-type")),
            (404, "text/html; charset=utf-8")
        );
        let submitted = caller
            .send(
                Method::POST,
                "/api/v2/document/Probe/a-1/method/submit",
                None,
            )
            .await;
        assert_eq!(submitted.json["data"]["docstatus"], 1);
        assert_eq!(submitted.json.get("docs").is_some(), dialect == V16);
    }
}

#[tokio::test]
async fn the_lock_is_a_text_and_of_eight_writers_one_wins() {
    for dialect in [V15, V16] {
        let (fake, caller) = site(dialect).await;
        let name = fake.insert("ToDo", json!({"description": "x"}));
        let path = format!("/api/resource/ToDo/{name}");
        let modified = caller.get(&path).await.json["data"]["modified"].clone();
        let mut writers = tokio::task::JoinSet::new();
        for n in 0..8 {
            let (caller, path, modified) = (caller.clone(), path.clone(), modified.clone());
            writers.spawn(async move {
                let body = json!({"modified": modified, "description": format!("{n}")});
                caller.put(&path, &body).await.status
            });
        }
        let mut statuses = writers.join_all().await;
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 417, 417, 417, 417, 417, 417, 417]);
        let mut writers = tokio::task::JoinSet::new();
        for n in 0..8 {
            let (caller, path) = (caller.clone(), path.clone());
            writers.spawn(async move {
                caller
                    .put(&path, &json!({"description": format!("{n}")}))
                    .await
                    .status
            });
        }
        assert_eq!(
            writers.join_all().await,
            [200; 8],
            "without the token the last one wins"
        );

        let stale = caller.put(&path, &json!({"modified": modified})).await;
        assert_eq!(
            (stale.status, stale.exc_type()),
            (417, "TimestampMismatchError")
        );
        fake.set(
            "ToDo",
            name.as_str(),
            json!({"modified": "2026-05-04 08:30:00"}),
        );
        for other in ["2026-05-04 08:30:00.000000", "2026-05-04T08:30:00"] {
            let refused = caller.put(&path, &json!({"modified": other})).await;
            assert_eq!(refused.exc_type(), "TimestampMismatchError", "{other}");
        }
        let same = caller
            .put(&path, &json!({"modified": "2026-05-04 08:30:00"}))
            .await;
        assert_eq!(same.status, 200);
    }
}

#[tokio::test]
async fn a_put_merges_fields_and_replaces_tables() {
    for dialect in [V15, V16] {
        let (fake, caller) = site(dialect).await;
        let contact = json!({
            "first_name": "Zoé", "department": "Réseau",
            "phone_nos": [{"phone": "514-555-0101", "is_primary_phone": 1}, {"phone": "514-555-0102"}],
        });
        let created = caller.post("/api/resource/Contact", &contact).await.json["data"].clone();
        assert_eq!(
            (&created["full_name"], &created["phone"]),
            (&json!("Zoé"), &json!("514-555-0101"))
        );
        let first = created["phone_nos"][0].clone();
        assert_eq!(
            (&first["idx"], &first["parent"]),
            (&json!(1), &json!("Zoé"))
        );
        let path = "/api/resource/Contact/zoe";
        let put = async |body: Value| caller.put(path, &body).await;
        let kept = put(json!({"department": null, "middle_name": ""}))
            .await
            .json["data"]
            .clone();
        assert_eq!(
            (kept.get("department"), &kept["middle_name"]),
            (None, &json!(""))
        );
        assert_eq!(kept["phone_nos"].as_array().unwrap().len(), 2);

        let lost =
            put(json!({"phone_nos": [{"name": first["name"], "is_primary_phone": 1}]})).await;
        assert_eq!(
            (lost.status, lost.exc_type()),
            (417, "MandatoryError"),
            "a row with a name is whole"
        );
        let second = &created["phone_nos"][1];
        let rows = json!({"phone_nos": [{"name": second["name"], "idx": 2, "phone": "514-555-0102"}, {"phone": "514-555-0103"}]});
        let rows = put(rows).await.json["data"]["phone_nos"].clone();
        assert_eq!(rows[0]["name"], second["name"]);
        assert_eq!(
            (&rows[0]["idx"], &rows[1]["idx"]),
            (&json!(2), &json!(2)),
            "numbers stay as they came"
        );
        let read = caller.get(path).await.json["data"]["phone_nos"].clone();
        assert_eq!(read.as_array().unwrap().len(), 2);

        let renamed = put(json!({"name": "other", "department": "x"})).await;
        assert_eq!(
            (renamed.status, renamed.exc_type()),
            (404, "DoesNotExistError")
        );
        let body = json!({"doctype": "Contact Phone", "parent": "Zoé", "parenttype": "Contact", "parentfield": "phone_nos", "phone": "514-555-0104"});
        let appended = caller
            .post("/api/method/frappe.client.insert", &json!({"doc": body}))
            .await;
        assert_eq!(appended.json["message"]["phone_nos"][2]["idx"], 3);
        let stray = caller.post("/api/resource/Contact%20Phone", &body).await;
        assert_eq!(stray.json["data"]["idx"], 0, "{}", stray.text);
        let unique = json!({"dt": "Contact", "fieldname": "badge", "label": "Badge", "fieldtype": "Data", "unique": 1});
        assert_eq!(
            caller
                .post("/api/resource/Custom%20Field", &unique)
                .await
                .json["data"]["name"],
            "Contact-badge"
        );
        put(json!({"badge": "B1"})).await;
        let twin = caller
            .post(
                "/api/resource/Contact",
                &json!({"first_name": "Léo", "badge": "b1"}),
            )
            .await;
        assert_eq!(
            (twin.status, twin.exc_type()),
            (417, "UniqueValidationError")
        );
        assert_eq!(twin.messages()[0]["message"], "Badge must be unique");
        assert_eq!(fake.document("Contact", "Léo"), None);
    }
}

#[tokio::test]
async fn links_hold_documents_until_they_are_renamed_or_merged() {
    for dialect in [V15, V16] {
        let (fake, caller) = site(dialect).await;
        let customer = |name: &str| json!({"customer_name": name, "customer_type": "Individual"});
        for expected in ["Zoé", "Zoé - 1"] {
            let made = caller
                .post("/api/resource/Customer", &customer("Zoé"))
                .await;
            assert_eq!(
                made.json["data"]["name"], expected,
                "a customer is never refused"
            );
        }
        fake.insert("Issue", json!({"subject": "Slow", "customer": "Zoé"}));
        let refused = caller
            .send(Method::DELETE, "/api/resource/Customer/Zo%C3%A9", None)
            .await;
        assert_eq!(
            (refused.status, refused.exc_type()),
            (417, "LinkExistsError")
        );
        let text = refused.messages()[0]["message"]
            .as_str()
            .unwrap()
            .to_owned();
        let desk = if dialect == V15 {
            "/app/customer/Zo%C3%A9"
        } else {
            "/desk/customer/Zo%C3%A9"
        };
        assert!(
            text.starts_with("Cannot delete or cancel because Customer <a href="),
            "{text}"
        );
        assert!(
            text.contains(desk) && text.contains("is linked with Issue <a href="),
            "{text}"
        );

        let rename = async |old: &str, new: &str, merge: u8| {
            let body =
                json!({"doctype": "Customer", "old_name": old, "new_name": new, "merge": merge});
            caller
                .post("/api/method/frappe.client.rename_doc", &body)
                .await
        };
        let renamed = rename("Zoé", "Zoé Gagnon", 0).await;
        assert_eq!(renamed.json["message"], "Zoé Gagnon");
        assert_eq!(renamed.messages()[0]["indicator"], "green");
        let issue = fake
            .document("Issue", "ISS-2026-00001")
            .or_else(|| fake.document("Issue", "ISS-00001"));
        let issues = caller
            .get("/api/resource/Issue?fields=[\"customer\"]")
            .await;
        assert_eq!(
            issues.json["data"][0]["customer"], "Zoé Gagnon",
            "{issue:?}"
        );
        assert_eq!(rename("Zoé Gagnon", "Zoé - 1", 0).await.status, 417);
        assert_eq!(rename("Zoé Gagnon", "Zoé - 1", 1).await.status, 200);
        let issues = caller
            .get("/api/resource/Issue?fields=[\"customer\"]")
            .await;
        assert_eq!(issues.json["data"][0]["customer"], "Zoé - 1");
        assert_eq!(fake.count("Customer"), 1);
    }
}

#[tokio::test]
async fn rights_are_asked_for_every_step() {
    let zoe = FakeUser::new("zoe@example.ca")
        .token("k", "s")
        .allow("ToDo", [Right::Read, Right::Create]);
    let fake = FakeSite::builder().user(zoe).start().await.unwrap();
    let caller = Caller::guest(&fake).authorization("token k:s");
    let made = caller
        .post("/api/resource/Note", &json!({"title": "x"}))
        .await;
    assert_eq!(made.status, 403);
    let note = fake.insert("Note", json!({"title": "x"}));
    for (method, body) in [
        (Method::PUT, Some(json!({"title": "y"}))),
        (Method::DELETE, None),
    ] {
        let refused = caller
            .send(method, &format!("/api/resource/Note/{note}"), body.as_ref())
            .await;
        assert_eq!(
            (refused.status, refused.exc_type()),
            (403, "PermissionError")
        );
    }
    let todo = caller
        .post("/api/resource/ToDo", &json!({"description": "x"}))
        .await
        .json["data"]
        .clone();
    assert_eq!(
        (&todo["owner"], &todo["modified_by"]),
        (&json!("zoe@example.ca"), &json!("zoe@example.ca"))
    );
}

#[tokio::test]
async fn times_are_of_the_site_and_never_the_same_twice() {
    let zone = jiff::tz::TimeZone::get("Asia/Kolkata").unwrap();
    let now: jiff::Timestamp = "2026-05-04T12:00:00.000123Z".parse().unwrap();
    let fake = FakeSite::builder()
        .zone(zone)
        .clock(move || now)
        .start()
        .await
        .unwrap();
    let caller = Caller::administrator(&fake);
    let todo = caller
        .post("/api/resource/ToDo", &json!({"description": "x"}))
        .await
        .json["data"]
        .clone();
    assert_eq!(todo["creation"], "2026-05-04 17:30:00.000123");
    assert_eq!(todo["date"], "2026-05-04");
    let path = format!("/api/resource/ToDo/{}", todo["name"].as_str().unwrap());
    let changed = caller.put(&path, &json!({"priority": "Low"})).await.json["data"].clone();
    assert_eq!(changed["modified"], "2026-05-04 17:30:00.000124");
    let settings = caller
        .get("/api/resource/System%20Settings/System%20Settings")
        .await;
    assert_eq!(settings.json["data"]["time_zone"], "Asia/Kolkata");
}

#[tokio::test]
async fn shapes_no_column_takes_are_refused_and_links_are_spelt_as_their_document() {
    for dialect in [V15, V16] {
        let (fake, caller) = site(dialect).await;
        let field =
            |name: &str, kind: &str| json!({"fieldname": name, "label": name, "fieldtype": kind});
        let mut whose = field("whose", "Link");
        whose["options"] = json!("Customer");
        let mut key = field("key", "Data");
        key["unique"] = json!(1);
        fake.insert(
            "DocType",
            json!({
                "name": "Shape", "module": "Custom", "custom": 1, "is_submittable": 1,
                "fields": [whose, key, field("payload", "JSON"), field("took", "Duration"), field("note", "Text")],
            }),
        );
        fake.insert(
            "Customer",
            json!({"customer_name": "Zoé", "customer_type": "Individual"}),
        );
        let post = async |given: Value| caller.post("/api/resource/Shape", &given).await;
        for (given, status, exc_type) in [
            (json!({"payload": [1]}), 417, "ValidationError"),
            (json!({"payload": ""}), 500, "OperationalError"),
            (json!({"payload": "{"}), 500, "OperationalError"),
            (json!({"took": ""}), 500, "DataError"),
            (json!({"key": ["a"]}), 417, "ValidationError"),
            (json!({"key": {"a": 1}}), 500, "TypeError"),
            (json!({"note": "x".repeat(70_000)}), 500, "DataError"),
            (json!([{"key": "a"}]), 500, "TypeError"),
        ] {
            let answer = post(given).await;
            assert_eq!((answer.status, answer.exc_type()), (status, exc_type));
        }
        let made = post(json!({"whose": "ZOE", "key": ""})).await;
        let name = made.json["data"]["name"].as_str().unwrap().to_owned();
        let stored = fake.document("Shape", &name).unwrap();
        assert_eq!(stored["whose"], "Zoé");
        assert_eq!(stored["key"], Value::Null);
        assert_eq!(stored["took"], Value::Null);
        let row = caller.get("/api/resource/Shape?fields=[\"*\"]").await.json["data"][0].clone();
        assert!(
            row.get("_user_tags").is_none() && row.get("took").is_some(),
            "{row}"
        );
        // Only what is cancelled is amended.
        let early = post(json!({"amended_from": name})).await;
        assert_eq!((early.status, early.exc_type()), (417, "ValidationError"));
        let meta = caller
            .get("/api/method/frappe.desk.form.load.getdoctype?doctype=Contact")
            .await;
        let names: Vec<&Value> = meta.json["docs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| &d["name"])
            .collect();
        assert_eq!(
            names,
            ["Contact", "Contact Email", "Contact Phone", "Dynamic Link"]
        );
    }
}
