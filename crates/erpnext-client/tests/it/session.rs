//! Logging in with a password, and staying so.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use erpnext_client::{Client, Credentials, Error};
use wiremock::{Request, ResponseTemplate};

use crate::wire::{Wire, json};
use crate::world::for_each_site;

const LOGIN: &str = "POST /api/method/login";

fn logged_in(sid: u32) -> ResponseTemplate {
    json(
        200,
        r#"{"message": "Logged In", "home_page": "/app", "full_name": "Zoé"}"#,
    )
    .append_header(
        "set-cookie",
        format!("sid=canary-{sid}; HttpOnly; Path=/").as_str(),
    )
    .append_header("set-cookie", "system_user=yes; Path=/")
}

fn cookie(request: &Request) -> Option<&str> {
    Some(request.headers.get("cookie")?.to_str().unwrap())
}

fn client(wire: &Wire) -> Client {
    let credentials = Credentials::session("zoe@example.ca", "pässwörd&1");
    wire.builder().credentials(credentials).build().unwrap()
}

/// A site on which only the newest session is good.
async fn site(refusal: fn() -> ResponseTemplate) -> (Wire, Arc<AtomicU32>) {
    let newest = Arc::new(AtomicU32::new(0));
    let good = newest.clone();
    let wire = Wire::serving(move |request| {
        if request.url.path() == "/api/method/login" {
            return logged_in(good.fetch_add(1, Ordering::SeqCst) + 1);
        }
        let wanted = format!("sid=canary-{}", good.load(Ordering::SeqCst));
        if cookie(request) == Some(&wanted) {
            json(200, r#"{"message": "pong"}"#)
        } else {
            refusal()
        }
    })
    .await;
    (wire, newest)
}

#[tokio::test]
async fn a_password_logs_in_once_and_the_session_is_kept() {
    let (wire, _) = site(|| json(401, "{}")).await;
    let client = client(&wire);
    for outcome in futures_util::future::join_all((0..5).map(|_| client.ping())).await {
        outcome.unwrap();
    }
    let seen = wire.seen();
    assert_eq!(wire.calls().iter().filter(|call| *call == LOGIN).count(), 1);
    assert_eq!(
        seen[0].body,
        b"usr=zoe%40example.ca&pwd=p%C3%A4ssw%C3%B6rd%261"
    );
    assert_eq!(
        (cookie(&seen[0]), cookie(&seen[5])),
        (None, Some("sid=canary-1"))
    );
    assert!(
        !seen
            .iter()
            .any(|request| request.headers.contains_key("authorization"))
    );
    assert!(!format!("{client:?}").contains("canary"));
}

#[tokio::test]
async fn an_ended_session_is_begun_again_once_for_all_who_met_its_end() {
    for refusal in [
        || {
            json(
                403,
                r#"{"session_expired": 1, "exc_type": "PermissionError"}"#,
            )
        },
        || json(401, r#"{"exc_type": "AuthenticationError"}"#),
        || json(401, r#"{"exc_type": "SessionExpired"}"#),
        // The desk was opened in this session: it owns a token now, which we are not told.
        || json(400, r#"{"exc_type": "CSRFTokenError"}"#),
    ] {
        let (wire, newest) = site(refusal).await;
        let client = client(&wire);
        client.ping().await.unwrap();
        newest.fetch_add(1, Ordering::SeqCst);
        let write = || client.rpc("a.b").send::<String>();
        for outcome in futures_util::future::join_all((0..6).map(|_| write())).await {
            outcome.unwrap();
        }
        assert_eq!(wire.calls().iter().filter(|call| *call == LOGIN).count(), 2);
    }
}

#[tokio::test]
async fn a_session_that_ends_at_once_is_not_begun_for_ever() {
    let wire = Wire::serving(|request| {
        if request.url.path() == "/api/method/login" {
            logged_in(1)
        } else {
            json(403, r#"{"session_expired": 1}"#)
        }
    })
    .await;
    let error = client(&wire).ping().await.unwrap_err();
    assert!(error.is_authentication());
    assert_eq!(wire.calls().len(), 4);
}

#[tokio::test]
async fn what_the_user_may_not_do_is_no_reason_to_log_in_again() {
    let (wire, _) = site(|| json(403, "{}")).await;
    let client = client(&wire);
    client.ping().await.unwrap();
    let forbidden = Wire::new([
        logged_in(1),
        json(403, r#"{"exc_type": "PermissionError"}"#),
    ])
    .await;
    let error = self::client(&forbidden).ping().await.unwrap_err();
    assert!(error.is_permission());
    assert_eq!(forbidden.calls().len(), 2);
}

#[tokio::test]
async fn a_wrong_password_is_tried_once() {
    let refused = r#"{"message": "Invalid login credentials", "exc_type": "AuthenticationError"}"#;
    let wire = Wire::new([json(401, refused)]).await;
    let client = client(&wire);
    let error = client.ping().await.unwrap_err();
    assert_eq!(error.message(), Some("Invalid login credentials"));
    let error = client.ping().await.unwrap_err();
    assert!(matches!(error, Error::Invalid { what: "login", .. }));
    assert_eq!(
        wire.calls(),
        [LOGIN],
        "a third and fourth would lock the user out"
    );
}

#[tokio::test]
async fn a_login_without_a_session_is_an_error() {
    let second = r#"{"verification": {"method": "OTP App"}, "tmp_id": "x"}"#;
    let wire = Wire::new([json(200, second)]).await;
    let error = client(&wire).ping().await.unwrap_err();
    assert!(matches!(error, Error::Invalid { what: "login", .. }));
    let guest = json(200, "{}").insert_header("set-cookie", "sid=Guest; Path=/");
    let wire = Wire::new([guest]).await;
    let error = client(&wire).ping().await.unwrap_err();
    assert!(matches!(error, Error::Decode { what: "login", .. }));
}

#[tokio::test]
async fn a_logout_ends_the_session_and_the_next_call_begins_another() {
    let (wire, _) = site(|| json(401, "{}")).await;
    let client = client(&wire);
    client.logout().await.unwrap();
    assert!(wire.calls().is_empty(), "nothing to end");
    client.ping().await.unwrap();
    client.logout().await.unwrap();
    let seen = wire.seen();
    assert_eq!(wire.calls()[2], "POST /api/method/logout");
    assert_eq!(cookie(&seen[2]), Some("sid=canary-1"));
    client.ping().await.unwrap();
    assert_eq!(cookie(&wire.seen()[4]), Some("sid=canary-2"));
}

#[tokio::test]
async fn a_password_works_on_a_site_and_outlives_its_sessions() {
    for_each_site(async |site| {
        // Of a real site only the key of its administrator is known.
        let Some(fake) = site.fake() else { return };
        let client = site
            .builder()
            .credentials(fake.session_credentials())
            .build()
            .unwrap();
        assert_eq!(client.user().await.unwrap().as_str(), "Administrator");
        fake.expire_sessions();
        let todo = client.documents("ToDo");
        assert_eq!(todo.count().await.unwrap(), 0);
        client.logout().await.unwrap();
        assert_eq!(client.user().await.unwrap().as_str(), "Administrator");
        let logins = fake
            .requests()
            .iter()
            .filter(|call| call.path.ends_with("login"))
            .count();
        assert_eq!(logins, 3);
    })
    .await;
}

#[tokio::test]
async fn wrong_credentials_and_none_are_told_apart() {
    for_each_site(async |site| {
        let wrong = [
            Credentials::token("0000000000000aa", "0000000000000bb"),
            Credentials::bearer("nosuchtoken"),
        ];
        for credentials in wrong {
            let client = site.builder().credentials(credentials).build().unwrap();
            let error = client.user().await.unwrap_err();
            assert_eq!(error.status(), Some(401), "{error:?}");
            assert!(error.is_authentication() && !error.is_permission());
        }
        let guest = site
            .builder()
            .credentials(Credentials::Guest)
            .build()
            .unwrap();
        guest.ping().await.unwrap();
        let error = guest.user().await.unwrap_err();
        assert!(error.is_permission(), "{error:?}");
    })
    .await;
}
