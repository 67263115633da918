use http::{Method, StatusCode};
use serde_json::json;

use crate::support::{STRANGER, call, get, hub};

#[tokio::test]
async fn every_answer_carries_an_id_and_a_good_one_is_kept() {
    let hub = hub(&[]);
    let answer = get("/health")
        .header("x-request-id", "abc-1")
        .send(&hub)
        .await;
    assert_eq!(answer.header("x-request-id"), "abc-1");
    for bad in ["a b", "<script>", &"x".repeat(65)] {
        let answer = get("/health").header("x-request-id", bad).send(&hub).await;
        assert_eq!(answer.header("x-request-id").len(), 32, "{bad}");
    }
}

#[tokio::test]
async fn errors_have_one_shape_in_the_callers_language() {
    let hub = hub(&[]);
    let answer = get("/nowhere")
        .header("x-request-id", "r1")
        .send(&hub)
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(
        answer.json(),
        json!({
            "error": "not_found",
            "message": "Rien ne correspond à cette demande.",
            "request_id": "r1",
        })
    );
    let english = get("/nowhere")
        .header("accept-language", "en-CA")
        .send(&hub)
        .await;
    assert_eq!(english.json()["message"], "Nothing matches this request.");
    let page = get("/nowhere")
        .header("accept", "text/html")
        .send(&hub)
        .await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(
        page.header("content-security-policy")
            .contains("default-src 'none'")
    );
}

#[tokio::test]
async fn a_wrong_method_says_which_are_right() {
    let hub = hub(&[]);
    for method in [Method::POST, Method::TRACE, Method::DELETE] {
        let answer = call(method, "/health").send(&hub).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.json()["error"], "method_not_allowed");
        assert!(answer.header("allow").contains("GET"));
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let hub = hub(&[]);
    let big = json!({ "name": "x".repeat(1024 * 1024) });
    let answer = call(Method::POST, "/acs/devices/a-b/tasks")
        .staff()
        .json(&big)
        .send(&hub)
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.json()["error"], "too_large");
}

#[tokio::test]
async fn health_asks_nobody_and_ready_tells_how_each_remote_is() {
    let down = hub(&[("GENIEACS_NBI_URL", "http://127.0.0.1:9")]);
    assert_eq!(
        get("/health").from(STRANGER).send(&down).await.json()["status"],
        "ok"
    );
    let ready = get("/ready").send(&down).await;
    assert_eq!(
        ready.status,
        StatusCode::OK,
        "one remote must not take the hub out"
    );
    assert_eq!(
        ready.json()["dependencies"]["genieacs"]["state"],
        "degraded"
    );
    let off = get("/ready").send(&hub(&[])).await;
    assert_eq!(off.json()["dependencies"]["genieacs"]["state"], "off");
    down.begin_draining();
    assert_eq!(
        get("/ready").send(&down).await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
}

#[tokio::test]
async fn metrics_are_for_this_machine_and_the_bearer() {
    let hub = hub(&[("INTERNAL_TOKEN", "0123456789abcdef,fedcba9876543210")]);
    let status = async |call: crate::support::Call| call.send(&hub).await.status;
    let ask = || get("/metrics");
    assert_eq!(status(ask().from("127.0.0.1:5")).await, StatusCode::OK);
    assert_eq!(status(ask().from(STRANGER)).await, StatusCode::NOT_FOUND);
    // Behind a proxy on the same machine everyone seems to come from it.
    for name in ["x-forwarded-for", "forwarded", "x-real-ip", "via"] {
        for proxies in ["127.0.0.1", "10.0.0.0/24"] {
            let behind = crate::support::hub(&[("TRUSTED_PROXIES", proxies)]);
            let proxied = ask().from("127.0.0.1:5").header(name, "203.0.113.9");
            assert_eq!(
                proxied.send(&behind).await.status,
                StatusCode::NOT_FOUND,
                "{name}"
            );
        }
    }
    let bearer = ask()
        .from(STRANGER)
        .header("authorization", "Bearer 0123456789abcdef");
    assert_eq!(status(bearer).await, StatusCode::OK);
    let wrong = ask()
        .from(STRANGER)
        .header("authorization", "Bearer 0123456789abcdeg");
    assert_eq!(status(wrong).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn metrics_use_route_templates_and_known_methods() {
    let hub = hub(&[]);
    let _ = get("/devices/SERIAL-CANARY/summary")
        .staff()
        .send(&hub)
        .await;
    let _ = call(Method::from_bytes(b"BREW").unwrap(), "/health")
        .send(&hub)
        .await;
    let text = get("/metrics").from("127.0.0.1:5").send(&hub).await.text;
    assert!(
        text.contains(r#"http_route="/devices/{id}/summary""#),
        "{text}"
    );
    assert!(text.contains(r#"method="_OTHER""#));
    assert!(!text.contains("CANARY") && !text.contains("BREW"));
}

#[tokio::test]
async fn the_description_names_every_route_and_loads_nothing_foreign() {
    let hub = hub(&[]);
    for uri in ["/openapi.json", "/docs"] {
        let stranger = get(uri).from(STRANGER).send(&hub).await;
        assert_eq!(
            stranger.status,
            StatusCode::NOT_FOUND,
            "{uri} is not for the public"
        );
    }
    let document = get("/openapi.json").staff().send(&hub).await.json();
    let paths = document["paths"].as_object().unwrap();
    for path in [
        "/health",
        "/ready",
        "/devices/lookup",
        "/devices/{id}",
        "/devices/{id}/summary",
        "/acs/devices/{id}/tasks",
        "/acs/faults",
        "/acs/presets",
    ] {
        assert!(paths.contains_key(path), "{path}");
    }
    let docs = get("/docs")
        .from("127.0.0.1:5")
        .header("accept", "text/html")
        .send(&hub)
        .await;
    assert_eq!(docs.status, StatusCode::OK);
    // Examples name addresses; nothing leads or loads from there.
    assert!(!docs.text.contains("=\"https://") && docs.text.contains("/devices/lookup"));
}

#[tokio::test]
async fn the_bodies_of_strangers_are_not_read() {
    let hub = hub(&[]);
    let endless = axum::body::Body::from_stream(futures_util::stream::pending::<
        Result<&'static [u8], std::io::Error>,
    >());
    let request =
        call(Method::POST, "/acs/devices/a-b/tasks").header("content-type", "application/json");
    // Would wait for the body for ever if it were read.
    let answer = request.streaming(endless).send(&hub).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_id_of_a_request_is_passed_on() {
    use std::sync::{Arc, Mutex};

    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = seen.clone();
    let remote =
        integration_core::testing::FakeServer::start(move |request: &wiremock::Request| {
            let id = request
                .headers
                .get("x-request-id")
                .map(|id| id.to_str().unwrap().to_owned());
            kept.lock().unwrap().push(id);
            wiremock::ResponseTemplate::new(200)
                .set_body_string("[\n\n]")
                .insert_header("total", "0")
        })
        .await
        .unwrap();
    let hub = hub(&[("GENIEACS_NBI_URL", &remote.url())]);
    let _ = get("/devices/lookup?serial=A")
        .staff()
        .header("x-request-id", "r-77")
        .send(&hub)
        .await;
    assert_eq!(*seen.lock().unwrap(), [Some("r-77".to_owned())]);
}

#[tokio::test]
async fn many_who_ask_whether_the_hub_is_ready_ask_the_remote_once() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    let remote = integration_core::testing::FakeServer::start(move |_: &wiremock::Request| {
        counter.fetch_add(1, Ordering::SeqCst);
        wiremock::ResponseTemplate::new(200)
            .set_body_string("[\n\n]")
            .insert_header("total", "0")
    })
    .await
    .unwrap();
    let hub = hub(&[("GENIEACS_NBI_URL", &remote.url())]);
    let all = futures_util::future::join_all((0..50).map(|_| get("/ready").send(&hub))).await;
    assert!(
        all.iter()
            .all(|answer| answer.json()["dependencies"]["genieacs"]["state"] == "ok")
    );
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn the_description_and_the_routes_are_the_same() {
    let hub = hub(&[]);
    let document = get("/openapi.json").staff().send(&hub).await.json();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let uri = path
            .replace("{id}", "a-b")
            .replace("{tag}", "t")
            .replace("{name}", "n")
            .replace("{seq}", "7");
        for method in [
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ] {
            let described = operations
                .get(method.as_str().to_ascii_lowercase())
                .is_some();
            let status = call(method.clone(), &uri)
                .from(STRANGER)
                .send(&hub)
                .await
                .status;
            let served = status != StatusCode::METHOD_NOT_ALLOWED;
            assert_eq!(served, described, "{method} {path}: {status}");
        }
    }
}
