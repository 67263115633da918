//! A server that answers what a script says, and keeps what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use erpnext_client::{Client, ClientBuilder, Credentials, Dialect, RetryPolicy};
use integration_core::testing::{FakeServer, Faults};
use wiremock::{Request, ResponseTemplate};

/// A scripted server; when the script is over it answers 418.
#[derive(Debug)]
pub(crate) struct Wire {
    server: FakeServer,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Wire {
    pub(crate) async fn new(script: impl IntoIterator<Item = ResponseTemplate>) -> Self {
        let script: Mutex<VecDeque<_>> = Mutex::new(script.into_iter().collect());
        Self::serving(move |_| {
            let next = script.lock().unwrap().pop_front();
            next.unwrap_or_else(|| ResponseTemplate::new(418))
        })
        .await
    }

    pub(crate) async fn serving(
        answer: impl Fn(&Request) -> ResponseTemplate + Send + Sync + 'static,
    ) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let keep = seen.clone();
        let server = FakeServer::start(move |request: &Request| {
            keep.lock().unwrap().push(request.clone());
            answer(request)
        })
        .await
        .unwrap();
        Self { server, seen }
    }

    /// A client that waits hardly at all.
    pub(crate) fn builder(&self) -> ClientBuilder {
        let retry = RetryPolicy::default().base(Duration::from_millis(1));
        Client::builder(self.server.url())
            .credentials(Credentials::token("key", "canary-9f2c"))
            .dialect(Dialect::V15)
            .retry(retry)
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    pub(crate) fn faults(&self) -> &Faults {
        self.server.faults()
    }

    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    /// `METHOD /path` of each request.
    pub(crate) fn calls(&self) -> Vec<String> {
        let line = |request: &Request| format!("{} {}", request.method, request.url.path());
        self.seen().iter().map(line).collect()
    }
}

/// An answer of Frappe.
pub(crate) fn json(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body.to_owned(), "application/json")
}

/// A page of something else.
pub(crate) fn html(status: u16) -> ResponseTemplate {
    let page = format!("<html><title>{status}</title><h1>canary-9f2c</h1></html>");
    ResponseTemplate::new(status).set_body_raw(page, "text/html")
}
