//! `fsm doctor`, against fakes.

use genieacs_nbi::testing::FakeNbi;
use integration_core::testing::{FakeServer, Fault, FaultRule};
use serde_json::{Value, json};
use wiremock::{Request, ResponseTemplate};

use crate::{Run, Scratch, fsm, run};

async fn doctor(args: &[&str], env: &[(&str, &str)]) -> Run {
    let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
    let env: Vec<(String, String)> = env
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect();
    let work = move || run(fsm(&["doctor"]).args(args).envs(env));
    tokio::task::spawn_blocking(work).await.unwrap()
}

fn check<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let checks = answer["checks"].as_array().unwrap();
    checks
        .iter()
        .find(|check| check["name"] == name)
        .unwrap_or_else(|| panic!("no {name} in {answer}"))
}

/// A hub that is up, and ready or not.
async fn hub(ready: bool) -> FakeServer {
    FakeServer::start(move |request: &Request| match request.url.path() {
        "/health" => {
            ResponseTemplate::new(200).set_body_json(json!({"status": "ok", "version": "0.1.0"}))
        }
        "/ready" if ready => ResponseTemplate::new(200),
        "/ready" => ResponseTemplate::new(503),
        _ => ResponseTemplate::new(404),
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn without_settings_there_is_nothing_to_complain_about() {
    let answer = doctor(&["--json"], &[]).await;
    assert_eq!(answer.code, Some(0), "{answer:?}");
    let answer = answer.json();
    assert_eq!(answer["ok"], true);
    assert_eq!(check(&answer, "genieacs")["status"], "not_configured");
    assert_eq!(check(&answer, "hub")["status"], "not_configured");
    assert_eq!(check(&answer, "stripe")["status"], "not_configured");
    let keys: Vec<&String> = check(&answer, "genieacs")
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(
        keys,
        [
            "clock_skew_s",
            "fix",
            "latency_ms",
            "message",
            "name",
            "status",
            "version"
        ]
    );
}

#[tokio::test]
async fn working_systems_are_told_with_version_time_and_skew() {
    let (nbi, hub) = (FakeNbi::start().await.unwrap(), hub(true).await);
    nbi.seed(json!({"_id": "A-1"}));
    let env = [
        ("GENIEACS_NBI_URL", &*nbi.url()),
        ("PUBLIC_URL", &*hub.url()),
        ("TWILIO_ACCOUNT_SID", "canary"),
    ];
    let answer = doctor(&["--json"], &env).await;
    assert_eq!(answer.code, Some(0), "{answer:?}");
    assert!(!answer.out.contains("canary"));
    let answer = answer.json();
    let genieacs = check(&answer, "genieacs");
    assert_eq!(genieacs["status"], "ok", "{genieacs}");
    assert_eq!(genieacs["version"], "1.2.16");
    assert!(genieacs["latency_ms"].is_u64());
    assert!(
        genieacs["message"]
            .as_str()
            .unwrap()
            .contains("devices known: 1"),
        "{genieacs}"
    );
    assert_eq!(check(&answer, "hub")["status"], "ok");
    assert_eq!(check(&answer, "hub")["version"], "0.1.0");
    assert_eq!(check(&answer, "twilio")["status"], "unchecked");
    let shown = doctor(&["--lang", "fr"], &env).await;
    for words in ["GenieACS NBI", "● bon", "version 1.2.16", "Non configurés"] {
        assert!(
            shown.out.contains(words),
            "{words} is not in\n{}",
            shown.out
        );
    }
}

#[tokio::test]
async fn a_hub_that_is_not_ready_is_degraded() {
    let hub = hub(false).await;
    let listen = hub.address().to_string();
    let answer = doctor(&["--json"], &[("HUB_LISTEN", &listen)]).await;
    assert_eq!(answer.code, Some(0));
    let answer = answer.json();
    assert_eq!(check(&answer, "hub")["status"], "degraded");
    assert!(
        check(&answer, "hub")["fix"]
            .as_str()
            .unwrap()
            .contains("/ready")
    );
}

#[tokio::test]
async fn what_does_not_work_is_told_with_what_to_do() {
    let nbi = FakeNbi::start().await.unwrap();
    let url = nbi.url();
    for (fault, words) in [
        (
            Fault::Status(http::StatusCode::UNAUTHORIZED, "no".to_owned()),
            "access denied",
        ),
        (
            Fault::Status(http::StatusCode::NOT_FOUND, "no".to_owned()),
            "/devices",
        ),
        (
            Fault::Status(http::StatusCode::OK, "<html>".to_owned()),
            "something else",
        ),
        (
            Fault::Status(http::StatusCode::INTERNAL_SERVER_ERROR, String::new()),
            "500",
        ),
        (Fault::Close, "closed the connection"),
    ] {
        nbi.faults().add(FaultRule::new(fault).times(1));
        let answer = doctor(&["--json"], &[("GENIEACS_NBI_URL", &url)]).await;
        assert_eq!(answer.code, Some(1), "{words}: {answer:?}");
        let answer = answer.json();
        assert_eq!(answer["ok"], false);
        let row = check(&answer, "genieacs");
        assert_eq!(row["status"], "failed");
        assert!(
            row["message"].as_str().unwrap().contains(words),
            "{words}: {row}"
        );
        assert!(
            row["fix"].as_str().is_some_and(|fix| !fix.is_empty()),
            "{row}"
        );
    }
    drop(nbi);
    let answer = doctor(&[], &[("GENIEACS_NBI_URL", &url)]).await;
    assert_eq!(answer.code, Some(1));
    assert!(
        answer.out.contains("■ failed") && answer.out.contains("→ check that"),
        "{}",
        answer.out
    );
}

#[tokio::test]
async fn a_clock_that_is_off_is_told() {
    let late = FakeServer::start(|_: &Request| {
        ResponseTemplate::new(200)
            .insert_header("date", "Sun, 06 Nov 1994 08:49:37 GMT")
            .set_body_string("[\n\n]")
    })
    .await
    .unwrap();
    let answer = doctor(&["--json"], &[("GENIEACS_NBI_URL", &late.url())])
        .await
        .json();
    let row = check(&answer, "genieacs");
    assert_eq!(row["status"], "degraded", "{row}");
    assert!(
        row["clock_skew_s"].as_i64().unwrap() < -900_000_000,
        "{row}"
    );
    assert!(row["fix"].as_str().unwrap().contains("NTP"));
}

#[tokio::test]
async fn bad_settings_are_named_and_their_values_are_not_shown() {
    let secret = Scratch::new("secret", b"");
    let env = [
        ("GENIEACS_NBI_URL", "canary"),
        ("MAGIC_LINK_SECRET", "canary"),
        ("STRIPE_SECRET_KEY_FILE", secret.path()),
        ("HUB_LISTNE", "canary"),
    ];
    let answer = doctor(&["--json"], &env).await;
    assert_eq!(answer.code, Some(1), "{answer:?}");
    assert!(!answer.out.contains("canary"), "{answer:?}");
    let answer = answer.json();
    let message = check(&answer, "settings")["message"].as_str().unwrap();
    for name in [
        "GENIEACS_NBI_URL",
        "MAGIC_LINK_SECRET",
        "STRIPE_SECRET_KEY_FILE",
        "HUB_LISTNE",
    ] {
        assert!(message.contains(name), "{name} is not in {message}");
    }
    assert_eq!(check(&answer, "genieacs")["status"], "failed");
}

#[tokio::test]
async fn stripe_is_asked_for_its_mode_and_where_it_sends_events() {
    let stripe = FakeServer::start(|request: &Request| {
        let key = request.headers.get("authorization");
        if key.is_none_or(|key| key != "Bearer sk_test_good_key") {
            return ResponseTemplate::new(401);
        }
        match request.url.path() {
            "/v1/balance" => ResponseTemplate::new(200)
                .set_body_json(json!({"object": "balance", "livemode": false})),
            "/v1/webhook_endpoints" => ResponseTemplate::new(200).set_body_json(json!({"data": [{
                "url": "https://hub.example.ca/webhook/stripe",
                "status": "enabled",
                "enabled_events": ["payment_intent.succeeded", "charge.refunded"],
            }]})),
            _ => ResponseTemplate::new(404),
        }
    })
    .await
    .unwrap();
    let ask = async |key: &str, secret: &str| {
        let url = stripe.url();
        let env = [
            ("STRIPE_API_URL", url.as_str()),
            ("STRIPE_SECRET_KEY", key),
            ("STRIPE_WEBHOOK_SECRET", secret),
        ];
        let answer = doctor(&["--json"], &env).await;
        assert!(!format!("{answer:?}").contains(key), "{answer:?}");
        check(&answer.json(), "stripe").clone()
    };
    let found = ask("sk_test_good_key", "whsec_1").await;
    assert_eq!(found["status"], "degraded", "{found}");
    let message = found["message"].as_str().unwrap();
    assert!(message.ends_with("checkout.session.completed"), "{found}");
    let found = ask("sk_test_good_key", "").await;
    assert_eq!(found["status"], "degraded", "{found}");
    assert!(found["message"].as_str().unwrap().contains("no payment"));
    let found = ask("sk_test_bad_key", "whsec_1").await;
    assert_eq!(found["status"], "failed", "{found}");
}
