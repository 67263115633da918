//! What is logged. Alone in its process: whether an event is of interest to anybody is remembered
//! for all threads of one.
#![cfg(feature = "client")]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use erpnext_client::{Client, Credentials, DocName, RetryPolicy};
use integration_core::testing::FakeServer;
use wiremock::ResponseTemplate;

/// Keeps what is logged.
struct Log(Arc<Mutex<Vec<String>>>);

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        struct Line(String);
        impl tracing::field::Visit for Line {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                self.0.push_str(&format!(" {field}={value:?}"));
            }
        }
        let mut line = Line(event.metadata().target().to_owned());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test]
async fn each_attempt_is_logged_once_and_without_names_or_secrets() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let _logging = tracing::subscriber::set_default(Log(lines.clone()));
    let asked = AtomicU32::new(0);
    let server = FakeServer::start(move |_: &wiremock::Request| {
        match asked.fetch_add(1, Ordering::SeqCst) {
            0 => ResponseTemplate::new(503).set_body_raw("<html>", "text/html"),
            _ => ResponseTemplate::new(417).set_body_raw(
                r#"{"exc_type": "ValidationError", "_error_message": "canary-9f2c"}"#,
                "application/json",
            ),
        }
    })
    .await
    .unwrap();
    let client = Client::builder(server.url())
        .credentials(Credentials::token("canary-9f2c", "canary-9f2c"))
        .retry(RetryPolicy::default().base(Duration::from_millis(1)))
        .build()
        .unwrap();
    client
        .documents("Lead")
        .get(&DocName::new("canary-9f2c").unwrap())
        .await
        .unwrap_err();
    let lines = lines.lock().unwrap();
    assert!(
        !lines.iter().any(|line| line.contains("canary")),
        "{lines:#?}"
    );
    let ours: Vec<_> = lines
        .iter()
        .filter(|line| line.starts_with("erpnext_client"))
        .collect();
    assert_eq!(ours.len(), 2, "{lines:#?}");
    assert!(
        ours[0].contains("attempt=1") && ours[0].contains("status=503"),
        "{ours:?}"
    );
    assert!(
        ours[1].contains("attempt=2") && ours[1].contains("exc_type=ValidationError"),
        "{ours:?}"
    );
}
