//! The task that sends webhooks.

use std::sync::Arc;
use std::time::SystemTime;

use http::header;
use integration_core::RequestBody;
use integration_core::transport::{ReqwestOptions, ReqwestTransport, Transport as _};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};
use webhook_signatures::stripe;

use super::Shared;
use super::outbox::{Job, Next};

/// Sends what the outbox holds, for ever: the owner aborts it.
pub(super) async fn run(state: Shared, settled: Arc<Notify>) {
    let mut options = ReqwestOptions::default();
    options.https = false;
    let Ok(network) = ReqwestTransport::new(&options) else {
        return;
    };
    let bell = state.lock(|state| state.outbox.bell.clone());
    let mut busy: JoinSet<(Job, Option<u16>)> = JoinSet::new();
    loop {
        let count = busy.len();
        let next = state.lock(|state| state.outbox.next(count, Instant::now()));
        let due = match next {
            Next::Send(job) => {
                busy.spawn(attempt(state.clone(), network.clone(), *job));
                continue;
            }
            Next::WaitUntil(due) => Some(due),
            Next::Wait => None,
        };
        tokio::select! {
            Some(ended) = busy.join_next() => {
                if let Ok((job, status)) = ended {
                    state.lock(|state| state.outbox.finished(job, status, Instant::now()));
                    settled.notify_waiters();
                }
            }
            () = bell.notified() => {}
            () = async { match due { Some(due) => sleep_until(due).await, None => std::future::pending().await } } => {}
        }
    }
}

/// One attempt: signed anew, as each of Stripe's is.
async fn attempt(state: Shared, network: ReqwestTransport, job: Job) -> (Job, Option<u16>) {
    let (now, limit) = state.lock(|state| (state.clock.now(), state.outbox.delivery.timeout));
    let status = timeout(limit, post(&network, &job, now)).await;
    (job, status.unwrap_or_default())
}

async fn post(network: &ReqwestTransport, job: &Job, now: SystemTime) -> Option<u16> {
    let signature = stripe::sign(&job.endpoint.secrets, &job.body, now);
    let request = http::Request::post(&job.endpoint.url)
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .header(
            header::USER_AGENT,
            "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        )
        .header(header::ACCEPT, "*/*; q=0.5, application/xml")
        .header(header::CACHE_CONTROL, "no-cache")
        .header(stripe::HEADER, signature)
        .body(RequestBody::Bytes(job.body.clone()))
        .ok()?;
    let answer = network.send(request).await.ok()?;
    Some(answer.status().as_u16())
}
