//! What goes over the wire, what is repeated and what is not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use erpnext_client::{Client, Credentials, DocName, Error, ExcType, Filter, RetryPolicy};
use http::Method;
use integration_core::testing::{Fault, FaultRule};
use serde_json::{Value, json as value};

use crate::wire::{Wire, html, json};

fn name() -> DocName {
    DocName::new("A-1").unwrap()
}

#[tokio::test]
async fn every_request_says_who_it_is_and_keeps_no_cookie() {
    let guest = "sid=Guest; HttpOnly; Path=/; SameSite=Lax";
    let answer = || json(200, r#"{"data": {"name": "A-1"}}"#).insert_header("set-cookie", guest);
    let wire = Wire::new([answer(), answer()]).await;
    let client = wire
        .builder()
        .authorization_source("Portal Key")
        .site_name("erp.example.ca")
        .header("X-Forwarded-Proto", "https")
        .build()
        .unwrap();
    let docs = client.documents("Dispatch Job");
    docs.get(&name()).await.unwrap();
    docs.get(&DocName::new("a/é 1?#").unwrap()).await.unwrap();
    let seen = wire.seen();
    for request in &seen {
        let header = |name: &str| {
            request
                .headers
                .get(name)
                .map(|v| v.to_str().unwrap().to_owned())
        };
        assert_eq!(header("accept").as_deref(), Some("application/json"));
        assert_eq!(
            header("authorization").as_deref(),
            Some("token key:canary-9f2c")
        );
        assert_eq!(
            header("frappe-authorization-source").as_deref(),
            Some("Portal Key")
        );
        assert_eq!(
            header("x-frappe-site-name").as_deref(),
            Some("erp.example.ca")
        );
        assert_eq!(header("x-forwarded-proto").as_deref(), Some("https"));
        assert_eq!(header("cookie"), None);
        assert!(header("user-agent").unwrap().starts_with("erpnext-client/"));
    }
    assert_eq!(
        seen[1].url.path(),
        "/api/resource/Dispatch%20Job/a%2F%C3%A9%201%3F%23"
    );
}

#[tokio::test]
async fn basic_and_bearer_credentials_are_sent_as_such() {
    for (credentials, header) in [
        (
            Credentials::basic("key", "s3cret"),
            "Basic a2V5OnMzY3JldA==",
        ),
        (Credentials::bearer("t0ken"), "Bearer t0ken"),
    ] {
        let wire = Wire::new([json(200, r#"{"message": "pong"}"#)]).await;
        let client = wire.builder().credentials(credentials).build().unwrap();
        client.ping().await.unwrap();
        assert_eq!(wire.seen()[0].headers["authorization"], header);
    }
}

#[tokio::test]
async fn a_read_is_repeated_after_what_passes_and_a_write_is_not() {
    for status in [502, 503, 504] {
        let ok = || json(200, r#"{"message": 1}"#);
        let wire = Wire::new([html(status), ok()]).await;
        let read: u32 = wire.client().rpc("a.b").get().await.unwrap();
        assert_eq!((read, wire.calls().len()), (1, 2));

        let wire = Wire::new([html(status), ok()]).await;
        let error = wire.client().rpc("a.b").send::<u32>().await.unwrap_err();
        assert_eq!((error.status(), wire.calls().len()), (Some(status), 1));
        assert_eq!(error.may_have_been_carried_out(), status != 503, "{status}");
        assert!(error.is_retryable());

        let wire = Wire::new([html(status), ok()]).await;
        let repeatable = wire.client().rpc("a.b").repeatable();
        assert_eq!(repeatable.send::<u32>().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn what_the_site_took_back_is_tried_again_also_when_it_writes() {
    for exc in ["QueryDeadlockError", "QueryTimeoutError"] {
        for status in [500, 508] {
            let body = format!(r#"{{"exc_type": "{exc}"}}"#);
            let wire = Wire::new([json(status, &body), json(200, r#"{"message": 1}"#)]).await;
            let written: u32 = wire.client().rpc("a.b").send().await.unwrap();
            assert_eq!((written, wire.calls().len()), (1, 2));
        }
    }
    // Another error of the database is not one of these.
    let wire = Wire::new([json(500, r#"{"exc_type": "OperationalError"}"#)]).await;
    let error = wire.client().rpc("a.b").get::<u32>().await.unwrap_err();
    assert_eq!(error.exc_type(), Some(&ExcType::Operational));
    assert_eq!(wire.calls().len(), 1);
}

#[tokio::test]
async fn too_many_requests_wait_as_long_as_they_are_told() {
    let busy = |wait: &str| {
        json(429, r#"{"exc_type": "TooManyRequestsError"}"#).insert_header("retry-after", wait)
    };
    let wire = Wire::new([busy("1"), json(200, "{}")]).await;
    let began = tokio::time::Instant::now();
    wire.client().rpc("a.b").send::<()>().await.unwrap();
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(
        wire.calls().len(),
        2,
        "a write that was refused before anything was done"
    );

    let wire = Wire::new([busy("3600")]).await;
    let error = wire.client().rpc("a.b").send::<()>().await.unwrap_err();
    let asked = error.server().and_then(|answer| answer.retry_after());
    assert_eq!(asked, Some(Duration::from_secs(3600)));
    assert_eq!(wire.calls().len(), 1, "longer than the policy waits");
    assert!(!error.may_have_been_carried_out());
}

#[tokio::test]
async fn attempts_are_bounded() {
    let wire = Wire::serving(|_| html(503)).await;
    let error = wire.client().rpc("a.b").get::<()>().await.unwrap_err();
    assert_eq!((error.status(), wire.calls().len()), (Some(503), 3));
    let wire = Wire::serving(|_| json(500, r#"{"exc_type": "QueryDeadlockError"}"#)).await;
    wire.client().rpc("a.b").send::<()>().await.unwrap_err();
    assert_eq!(wire.calls().len(), 3);
    let wire = Wire::serving(|_| html(503)).await;
    let once = wire.builder().retry(RetryPolicy::none()).build().unwrap();
    once.rpc("a.b").get::<()>().await.unwrap_err();
    assert_eq!(wire.calls().len(), 1);
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_when_reading_alone() {
    for fault in [Fault::ResetAfterCommit, Fault::Truncate(3)] {
        let answer = |_: &_| json(200, r#"{"message": 1}"#);
        let wire = Wire::serving(answer).await;
        wire.faults().add(FaultRule::new(fault.clone()).times(1));
        let read: u32 = wire.client().rpc("a.b").get().await.unwrap();
        assert_eq!((read, wire.calls().len()), (1, 2), "{fault:?}");

        let wire = Wire::serving(answer).await;
        wire.faults()
            .add(FaultRule::new(fault.clone()).on(Method::POST).times(1));
        let error = wire.client().rpc("a.b").send::<u32>().await.unwrap_err();
        assert!(error.may_have_been_carried_out(), "{fault:?}: {error:?}");
        assert_eq!(wire.calls().len(), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_write_in_time_out_may_have_been_carried_out() {
    let wire = Wire::serving(|_| json(200, "{}")).await;
    wire.faults()
        .add(FaultRule::new(Fault::HangAfterCommit).times(1));
    let hasty = wire.client().with_timeout(Duration::from_millis(100));
    let error = hasty.rpc("a.b").send::<()>().await.unwrap_err();
    assert!(error.may_have_been_carried_out() && error.is_retryable());
    assert_eq!(wire.calls().len(), 1);
}

#[tokio::test]
async fn without_a_connection_everything_is_tried_again_and_nothing_has_been_done() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let retry = RetryPolicy::default().base(Duration::from_millis(1));
    let client = Client::builder(url).retry(retry).build().unwrap();
    let error = client.rpc("a.b").send::<()>().await.unwrap_err();
    assert!(matches!(&error, Error::Transport(cause) if cause.is_connect()));
    assert!(!error.may_have_been_carried_out() && error.is_retryable());
}

#[tokio::test]
async fn no_more_calls_than_allowed_are_under_way() {
    let now = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let wire =
        Wire::serving(|_| json(200, r#"{"message": "pong"}"#).set_delay(Duration::from_millis(30)))
            .await;
    // Counted by the client's side of the wire.
    #[derive(Debug)]
    struct Counting {
        inner: integration_core::transport::ReqwestTransport,
        now: Arc<AtomicUsize>,
        most: Arc<AtomicUsize>,
    }
    #[async_trait::async_trait]
    impl integration_core::transport::Transport for Counting {
        async fn send(
            &self,
            request: http::Request<integration_core::RequestBody>,
        ) -> Result<
            http::Response<integration_core::ByteStream>,
            integration_core::transport::TransportError,
        > {
            let under_way = self.now.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(under_way, Ordering::SeqCst);
            let answer = self.inner.send(request).await;
            self.now.fetch_sub(1, Ordering::SeqCst);
            answer
        }
    }
    let mut options = integration_core::transport::ReqwestOptions::default();
    options.https = false;
    let transport = Counting {
        inner: integration_core::transport::ReqwestTransport::new(&options).unwrap(),
        now,
        most: most.clone(),
    };
    let client = wire
        .builder()
        .transport(transport)
        .max_concurrent(2)
        .build()
        .unwrap();
    let calls = (0..8).map(|_| client.ping());
    for outcome in futures_util::future::join_all(calls).await {
        outcome.unwrap();
    }
    assert_eq!(most.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn waiting_for_a_turn_has_an_end() {
    let wire = Wire::serving(|_| json(200, r#"{"message": "pong"}"#)).await;
    let hang = FaultRule::new(Fault::Hang).under("/api/method/slow");
    wire.faults().add(hang);
    let client = wire
        .builder()
        .max_concurrent(1)
        .max_wait(Duration::from_millis(50))
        .build()
        .unwrap();
    let hanging = tokio::spawn({
        let client = client.clone();
        async move { client.rpc("slow").send::<()>().await }
    });
    let error = loop {
        match client.ping().await {
            Ok(()) => tokio::task::yield_now().await,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::Busy) && error.is_retryable());
    hanging.abort();
}

#[tokio::test]
async fn what_is_too_long_for_an_address_is_posted() {
    let wire = Wire::new([
        json(200, r#"{"message": [{"name": "N-7"}]}"#),
        json(200, r#"{"data": []}"#),
    ])
    .await;
    let names: Vec<String> = (0..600).map(|n| format!("N-{n:05}")).collect();
    let list = wire
        .client()
        .documents("Lead")
        .list()
        .filter(Filter::is_in("name", &names));
    assert_eq!(list.names().await.unwrap()[0].as_str(), "N-7");
    let body: Value = wire.seen()[0].body_json().unwrap();
    assert_eq!(body["limit_page_length"], 500);
    assert_eq!(body["filters"][0][2][599], "N-00599");
    let short = wire
        .client()
        .documents("Lead")
        .list()
        .filter(Filter::is_in("name", ["a"]));
    assert!(short.names().await.unwrap().is_empty());
    assert_eq!(
        wire.calls(),
        [
            "POST /api/method/frappe.client.get_list",
            "GET /api/resource/Lead"
        ]
    );

    let wire = Wire::new([json(200, "{}"), json(200, "{}")]).await;
    let rpc = |text: String| {
        wire.client()
            .rpc("a.b")
            .arg("text", text)
            .arg("n", value!([1]))
    };
    rpc("é".into()).get::<()>().await.unwrap();
    rpc("é".repeat(1000)).get::<()>().await.unwrap();
    assert_eq!(wire.seen()[0].url.query(), Some("n=%5B1%5D&text=%C3%A9"));
    assert_eq!(
        wire.calls(),
        ["GET /api/method/a.b", "POST /api/method/a.b"]
    );
}

#[tokio::test]
async fn a_posted_list_is_a_read_and_repeated_like_one() {
    let wire = Wire::new([html(502), json(200, r#"{"message": []}"#)]).await;
    let long = Filter::is_in("name", (0..600).map(|n| format!("N-{n:05}")));
    let names = wire
        .client()
        .documents("Lead")
        .list()
        .filter(long)
        .names()
        .await
        .unwrap();
    assert!(names.is_empty() && wire.calls().len() == 2);
}

#[tokio::test]
async fn the_site_may_say_something_beside_a_success() {
    let body = r#"{"message": "B", "_server_messages": "[\"{\\\"message\\\": \\\"Renamed to <b>B</b>\\\", \\\"indicator\\\": \\\"green\\\"}\"]"}"#;
    let wire = Wire::new([json(200, body)]).await;
    let answer = wire
        .client()
        .rpc("frappe.client.rename_doc")
        .answer::<String>()
        .await
        .unwrap();
    assert_eq!(answer.value, "B");
    assert_eq!(answer.messages[0].text(), "Renamed to B");
    assert_eq!(answer.messages[0].indicator(), Some("green"));
    assert!(!answer.messages[0].is_raised());
}

#[tokio::test]
async fn what_is_null_may_be_left_out_of_an_answer() {
    let wire = Wire::new([
        json(200, "{}"),
        json(200, "{}"),
        json(200, r#"{"docs": [1]}"#),
        json(200, "{}"),
    ])
    .await;
    let client = wire.client();
    client.rpc("a.b").send::<()>().await.unwrap();
    assert_eq!(client.rpc("a.b").send::<Option<u32>>().await.unwrap(), None);
    assert_eq!(
        client.rpc("a.b").docs().send::<Vec<u32>>().await.unwrap(),
        [1]
    );
    let error = client.rpc("a.b").get::<u32>().await.unwrap_err();
    assert!(matches!(
        error,
        Error::Decode {
            what: "a method",
            ..
        }
    ));
}
