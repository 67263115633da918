//! Who may call the fake site, how often, and under which name.

use erpnext_client::Dialect::{self, V15, V16};
use erpnext_client::testing::{FakeSite, FakeUser, Right};
use serde_json::json;

use crate::caller::Caller;

async fn site(dialect: Dialect) -> (FakeSite, Caller) {
    let fake = FakeSite::builder().dialect(dialect).start().await.unwrap();
    let caller = Caller::administrator(&fake);
    (fake, caller)
}

#[tokio::test]
async fn a_guest_is_told_and_a_wrong_key_is_refused() {
    for dialect in [V15, V16] {
        let fake = FakeSite::builder()
            .dialect(dialect)
            .traceback(false)
            .start()
            .await
            .unwrap();
        let guest = Caller::guest(&fake);
        let pong = guest.get("/api/method/ping").await;
        assert_eq!(
            (pong.status, pong.text.as_str()),
            (200, r#"{"message":"pong"}"#)
        );
        assert!(pong.header("set-cookie").starts_with("sid=Guest;"));

        let denied = guest.get("/api/resource/ToDo").await;
        assert_eq!((denied.status, denied.exc_type()), (403, "PermissionError"));
        let told = "User <strong>Guest</strong> does not have doctype access via role permission for document <strong>ToDo</strong>";
        let listed = match dialect {
            V15 => told,
            _ => "Insufficient Permission for <strong>ToDo</strong>",
        };
        assert_eq!(denied.messages()[0]["message"], listed);
        let denied = guest.get("/api/resource/ToDo/x").await;
        assert_eq!(denied.messages()[0]["message"], told);
        assert_eq!(denied.json["_error_message"], "No permission for ToDo");
        let denied = guest.get("/api/method/frappe.auth.get_logged_user").await;
        assert_eq!((denied.status, denied.exc_type()), (403, "PermissionError"));

        for header in [
            "token wrong:pair",
            "token nocolon",
            "Basic ???",
            "Bearer nobody",
            "Magic x",
        ] {
            let refused = guest.clone().authorization(header);
            let refused = refused.get("/api/resource/ToDo").await;
            assert_eq!(
                (refused.status, refused.text.as_str()),
                (401, r#"{"exc_type":"AuthenticationError"}"#),
                "{header}"
            );
        }
        // One word is no credential.
        let guest = guest
            .authorization("nonsense")
            .get("/api/method/ping")
            .await;
        assert_eq!(guest.status, 200);
    }
}

#[tokio::test]
async fn the_same_key_opens_as_token_basic_and_bearer() {
    let zoe = FakeUser::new("zoe@example.ca")
        .token("key", "secret")
        .bearer("oauth");
    let fake = FakeSite::builder().user(zoe).start().await.unwrap();
    for header in [
        "token key:secret",
        "TOKEN key:secret",
        "Basic a2V5OnNlY3JldA==",
        "Bearer oauth",
    ] {
        let caller = Caller::guest(&fake).authorization(header);
        let user = caller.get("/api/method/frappe.auth.get_logged_user").await;
        assert_eq!(user.text, r#"{"message":"zoe@example.ca"}"#, "{header}");
    }
}

#[tokio::test]
async fn a_session_needs_its_token_once_the_desk_was_opened_and_ends() {
    for dialect in [V15, V16] {
        let (fake, _) = site(dialect).await;
        let guest = Caller::guest(&fake);
        let refused = guest
            .form(
                "/api/method/login",
                &[("usr", "Administrator"), ("pwd", "no")],
            )
            .await;
        assert_eq!(
            (refused.status, refused.exc_type()),
            (401, "AuthenticationError")
        );
        assert_eq!(refused.json["message"], "Invalid login credentials");

        let form = [("usr", "Administrator"), ("pwd", "admin")];
        let entered = guest.form("/api/method/login", &form).await;
        assert_eq!(entered.json["message"], "Logged In");
        let sid = entered.header("set-cookie");
        assert!(
            sid.contains("HttpOnly") && sid.contains("SameSite=Lax"),
            "{sid}"
        );
        let caller = guest.clone().cookie(sid.split(';').next().unwrap());
        let note = json!({"description": "x"});
        assert_eq!(caller.post("/api/resource/ToDo", &note).await.status, 200);

        let desk = caller
            .get(if dialect == V15 { "/app" } else { "/desk" })
            .await;
        let token = desk.text.split("csrf_token = \"").nth(1).unwrap();
        let token = token.split('"').next().unwrap();
        let refused = caller.post("/api/resource/ToDo", &note).await;
        assert_eq!(
            (refused.status, refused.exc_type()),
            (400, "CSRFTokenError")
        );
        assert_eq!(refused.messages()[0]["message"], "Invalid Request");
        let with = caller.clone().header("x-frappe-csrf-token", token);
        assert_eq!(with.post("/api/resource/ToDo", &note).await.status, 200);

        fake.expire_sessions();
        let gone = caller.get("/api/method/frappe.auth.get_logged_user").await;
        assert_eq!(
            (gone.status, &gone.json["session_expired"]),
            (403, &json!(1))
        );
        let pong = caller.get("/api/method/ping").await;
        assert_eq!(pong.text, r#"{"session_expired":1,"message":"pong"}"#);
        let out = guest.get("/api/method/logout").await.status;
        assert_eq!(out, if dialect == V15 { 200 } else { 403 });
    }
}

#[tokio::test]
async fn a_restricted_user_meets_the_limits_of_the_version() {
    for dialect in [V15, V16] {
        let zoe = FakeUser::new("zoe@example.ca")
            .token("k", "s")
            .allow("Customer", [Right::Read])
            .only("Customer", ["Alice"]);
        let fake = FakeSite::builder()
            .dialect(dialect)
            .user(zoe)
            .start()
            .await
            .unwrap();
        for name in ["Alice", "Bob"] {
            fake.insert(
                "Customer",
                json!({"customer_name": name, "customer_type": "Individual"}),
            );
        }
        let caller = Caller::guest(&fake).authorization("token k:s");
        let rows = caller.get("/api/resource/Customer").await;
        assert_eq!(rows.json, json!({"data": [{"name": "Alice"}]}));
        let count = caller
            .get("/api/method/frappe.client.get_count?doctype=Customer")
            .await;
        assert_eq!(count.json["message"], if dialect == V15 { 2 } else { 1 });
        assert_eq!(caller.get("/api/resource/Customer/Alice").await.status, 200);
        assert_eq!(caller.get("/api/resource/Customer/Bob").await.status, 403);
        let put = caller
            .put("/api/resource/Customer/Alice", &json!({"website": "x"}))
            .await;
        assert_eq!((put.status, put.exc_type()), (403, "PermissionError"));
        let ask = async |right: &str| {
            let path = format!(
                "/api/method/frappe.client.has_permission?doctype=Customer&docname=Alice&perm_type={right}"
            );
            caller.get(&path).await.json["message"]["has_permission"].clone()
        };
        assert_eq!(
            (ask("read").await, ask("write").await),
            (json!(true), json!(false))
        );
    }
}

#[tokio::test]
async fn the_rate_limit_counts_time_and_says_when_to_come_back() {
    let (fake, caller) = site(V16).await;
    let ms = std::time::Duration::from_millis;
    let noon: jiff::Timestamp = "2026-05-04T12:00:10Z".parse().unwrap();
    fake.set_clock(move || noon);
    fake.rate_limit(ms(200), ms(60_000), ms(100));
    let first = caller.get("/api/method/ping").await;
    assert_eq!(
        (
            first.header("x-ratelimit-limit"),
            first.header("x-ratelimit-remaining")
        ),
        ("200000", "100000")
    );
    assert_eq!(
        (
            first.header("x-ratelimit-used"),
            first.header("x-ratelimit-reset")
        ),
        ("100000", "50")
    );
    assert_eq!(caller.get("/api/method/ping").await.status, 200);
    let refused = caller.get("/api/method/ping").await;
    assert_eq!(
        (refused.status, refused.exc_type()),
        (429, "TooManyRequestsError")
    );
    assert_eq!(
        (
            refused.header("retry-after"),
            refused.header("x-ratelimit-used")
        ),
        ("50", "")
    );
    let later: jiff::Timestamp = "2026-05-04T12:01:00Z".parse().unwrap();
    fake.set_clock(move || later);
    assert_eq!(caller.get("/api/method/ping").await.status, 200);
}

#[tokio::test]
async fn one_host_may_be_the_only_one() {
    let fake = FakeSite::builder()
        .host("erp.example.ca")
        .start()
        .await
        .unwrap();
    let caller = Caller::guest(&fake);
    let wrong = caller.get("/api/method/ping").await;
    assert_eq!(
        (wrong.status, wrong.header("content-type")),
        (404, "text/html; charset=utf-8")
    );
    assert!(
        wrong.text.contains("<p>127.0.0.1 does not exist</p>"),
        "{}",
        wrong.text
    );
    let right = caller.header("x-frappe-site-name", "erp.example.ca");
    assert_eq!(right.get("/api/method/ping").await.status, 200);
}
