//! A screen of the staff: it comes back with the last id it knows, for as long as it lives.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt as _;
use http::{HeaderName, Method};
use integration_core::{ApiPath, HttpClient, RetryPolicy};
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What has been heard so far.
#[derive(Debug, Default)]
struct Heard {
    intents: HashSet<String>,
    last_id: Option<String>,
    resets: u64,
}

/// A listener that ends with this value.
pub(crate) struct Listener {
    heard: Arc<Mutex<Heard>>,
    listening: JoinHandle<()>,
}

impl Listener {
    pub(crate) fn start(address: watch::Receiver<SocketAddr>) -> Self {
        let heard = Arc::<Mutex<Heard>>::default();
        let listening = tokio::spawn({
            let heard = heard.clone();
            async move {
                loop {
                    let at = *address.borrow();
                    listen(at, &heard).await;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        });
        Self { heard, listening }
    }

    /// The payments whose event was seen.
    pub(crate) fn heard(&self) -> HashSet<String> {
        self.heard.lock().unwrap().intents.clone()
    }

    /// How often it was told to fetch everything again.
    pub(crate) fn resets(&self) -> u64 {
        self.heard.lock().unwrap().resets
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// Until the stream ends, in whatever way.
async fn listen(at: SocketAddr, heard: &Mutex<Heard>) {
    let client = HttpClient::builder(format!("http://{at}")).retry(RetryPolicy::none());
    let client = client.timeout(Duration::MAX).build().unwrap();
    let mut request = client
        .request(Method::GET, ApiPath::new("sse"))
        .query("topics", "payments")
        .header(
            HeaderName::from_static("x-authentik-email"),
            "marie@example.ca",
        )
        .header(http::header::ACCEPT, "text/event-stream");
    let last = heard.lock().unwrap().last_id.clone();
    if let Some(last) = last {
        request = request.header(HeaderName::from_static("last-event-id"), &last);
    }
    let Ok(answer) = request.send_streaming().await else {
        return;
    };
    if !answer.status().is_success() {
        return;
    }
    let mut pieces = answer.into_stream();
    let mut text = String::new();
    while let Some(Ok(piece)) = pieces.next().await {
        text.push_str(&String::from_utf8_lossy(&piece));
        while let Some((frame, rest)) = text.split_once("\n\n") {
            heard.lock().unwrap().take(frame);
            text = rest.to_owned();
        }
    }
}

impl Heard {
    fn take(&mut self, frame: &str) {
        let field = |name: &str| {
            let mut lines = frame.lines().filter_map(|line| line.split_once(": "));
            lines.find_map(|(key, value)| (key == name).then_some(value))
        };
        if let Some(id) = field("id") {
            self.last_id = Some(id.to_owned());
        }
        match field("event") {
            Some("reset") => self.resets += 1,
            Some("invoice.paid") => {
                let told: Value = serde_json::from_str(field("data").unwrap()).unwrap();
                let intent = told["payment_intent"].as_str().unwrap();
                self.intents.insert(intent.to_owned());
            }
            _ => {}
        }
    }
}
