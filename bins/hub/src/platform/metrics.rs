//! Prometheus metrics of the process, and the transport that measures remote systems.

use std::sync::OnceLock;

use async_trait::async_trait;
use http::HeaderValue;
use integration_core::transport::{Transport, TransportError};
use integration_core::{ByteStream, RequestBody, RequestId};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::time::Instant;

/// Bucket bounds of the OpenTelemetry HTTP conventions, in seconds.
const BUCKETS: &[f64] = &[
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 30.0,
];

/// Bucket bounds of how many writes share a commit.
const WRITES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// The text behind `/metrics`. The recorder is the process's own: several hubs in one
/// process (the sandbox, tests) share it.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Installs the recorder, or finds the one installed before.
    ///
    /// # Panics
    ///
    /// Another recorder has been installed by foreign code in this process.
    #[must_use]
    pub fn install() -> Self {
        static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
        let handle = HANDLE.get_or_init(|| {
            let handle = PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), BUCKETS)
                .and_then(|builder| {
                    builder.set_buckets_for_metric(
                        Matcher::Full("fsm_journal_commit_writes".to_owned()),
                        WRITES,
                    )
                })
                .expect("the bounds are not empty")
                .install_recorder()
                .expect("no other recorder is installed in a hub");
            metrics::gauge!("fsm_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
            handle
        });
        Self(handle.clone())
    }

    /// The exposition text.
    #[must_use]
    pub fn render(&self) -> String {
        self.tidy();
        metrics::counter!("fsm_log_dropped_total").absolute(super::log::dropped());
        self.0.render()
    }

    /// Folds what was recorded since the last time: without it, memory grows until the next
    /// scrape.
    pub fn tidy(&self) {
        self.0.run_upkeep();
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

/// Measures every attempt at a remote system.
#[derive(Debug)]
pub struct Measured<T> {
    system: &'static str,
    inner: T,
}

impl<T> Measured<T> {
    /// Measures under this name.
    pub fn new(system: &'static str, inner: T) -> Self {
        Self { system, inner }
    }
}

/// One attempt, recorded when it ends in whatever way: who waits too long drops it.
struct Measure {
    system: &'static str,
    began: Instant,
    status: Option<String>,
}

impl Drop for Measure {
    fn drop(&mut self) {
        let status = self.status.take().unwrap_or_else(|| "given_up".to_owned());
        metrics::histogram!(
            "http_client_request_duration_seconds",
            "system" => self.system,
            "status" => status,
        )
        .record(self.began.elapsed().as_secs_f64());
    }
}

/// Passes the id of the request in hand on to the remote.
fn named(mut request: http::Request<RequestBody>) -> http::Request<RequestBody> {
    let id = super::edge::REQUEST.try_with(|id| HeaderValue::from_str(id.as_str()));
    if let Ok(Ok(id)) = id {
        request.headers_mut().entry(RequestId::HEADER).or_insert(id);
    }
    request
}

#[async_trait]
impl<T: Transport> Transport for Measured<T> {
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<http::Response<ByteStream>, TransportError> {
        let mut attempt = Measure {
            system: self.system,
            began: Instant::now(),
            status: None,
        };
        let outcome = self.inner.send(named(request)).await;
        attempt.status = Some(match &outcome {
            Ok(answer) => answer.status().as_str().to_owned(),
            Err(error) => format!("{:?}", error.kind()).to_ascii_lowercase(),
        });
        outcome
    }
}
