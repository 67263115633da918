//! One call: its form, its key, and when it is tried again.

use bytes::Bytes;
use http::{HeaderName, Method, header};
use integration_core::{ApiPath, Attempt, Response, RetryPolicy};
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep};

use super::Client;
use crate::error::refusal;
use crate::{Error, IdempotencyKey, Params};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A call to be sent.
pub(super) struct Call {
    method: Method,
    path: ApiPath,
    params: Params,
    key: Option<IdempotencyKey>,
}

impl Call {
    pub(super) fn new(method: Method, path: ApiPath) -> Self {
        Self {
            method,
            path,
            params: Params::new(),
            key: None,
        }
    }

    pub(super) fn post(path: ApiPath, params: &Params, key: Option<IdempotencyKey>) -> Self {
        Self {
            method: Method::POST,
            path,
            params: params.clone(),
            key,
        }
    }

    pub(super) fn params(mut self, params: Params) -> Self {
        self.params = params;
        self
    }
}

impl Client {
    /// Sends a call, again where Stripe's rules allow, and reads the answer.
    ///
    /// Every attempt is safe: reads change nothing, and every POST has a key, the same on all
    /// attempts.
    pub(super) async fn call<T: DeserializeOwned>(&self, call: Call) -> Result<T, Error> {
        let response = self.answer(call).await?;
        response.json().map_err(|source| Error::Decode {
            request_id: response.header("request-id").map(Into::into),
            source,
        })
    }

    async fn answer(&self, call: Call) -> Result<Response, Error> {
        let is_post = call.method == Method::POST;
        let pairs = if is_post {
            Vec::new()
        } else {
            call.params.pairs()
        };
        let body = Bytes::from(call.params.encode());
        let key = is_post.then(|| call.key.unwrap_or_else(IdempotencyKey::random));
        let began = Instant::now();
        let mut number = 1;
        // An attempt may have been carried out, and nobody knows: no later one that Stripe did not
        // look at says otherwise.
        let mut uncertain = false;
        loop {
            let mut request = self
                .http
                .request(call.method.clone(), call.path.clone())
                .retry(RetryPolicy::none());
            for (name, value) in &pairs {
                request = request.query(name, value);
            }
            if let Some(key) = &key {
                request = request
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .idempotency_key(IDEMPOTENCY_KEY, key.as_str())
                    .body(body.clone());
            }
            let outcome = request.send().await;
            let (again, never_sent, retry_after) = match &outcome {
                Ok(response) => (may_pass(response), false, asked_wait(response)),
                Err(error) => (error.is_retryable(), error.is_connect(), None),
            };
            uncertain |= is_post && is_uncertain(&outcome);
            let attempt = Attempt {
                number,
                elapsed: began.elapsed(),
                never_sent,
                idempotent: true,
                retry_after,
            };
            match again
                .then(|| self.retry.next_wait(&attempt, random()))
                .flatten()
            {
                Some(wait) => {
                    sleep(wait).await;
                    number += 1;
                }
                None => return judged(outcome, number, uncertain),
            }
        }
    }
}

/// Whether the same call may be answered otherwise later. Stripe's own word comes first.
fn may_pass(response: &Response) -> bool {
    let status = response.status().as_u16();
    if (200..300).contains(&status) {
        return false;
    }
    match response.header("stripe-should-retry") {
        Some("true") => true,
        Some("false") => false,
        _ => matches!(status, 409 | 429) || status >= 500,
    }
}

fn asked_wait(response: &Response) -> Option<std::time::Duration> {
    if response.status().is_success() {
        return None;
    }
    response.to_api_error().retry_after()
}

/// Whether nobody knows if the attempt was carried out.
fn is_uncertain(outcome: &Result<Response, integration_core::Error>) -> bool {
    match outcome {
        Ok(response) => response.status().is_server_error(),
        Err(error) => !error.is_connect(),
    }
}

fn judged(
    outcome: Result<Response, integration_core::Error>,
    attempts: u32,
    uncertain: bool,
) -> Result<Response, Error> {
    use integration_core::ErrorKind;
    match outcome {
        Ok(response) if response.status().is_success() => Ok(response),
        Ok(response) => Err(refusal(&response).attempts_made(attempts, uncertain)),
        Err(error) => Err(match error.kind() {
            ErrorKind::Connect if !uncertain => Error::Transport(error),
            ErrorKind::Invalid(_) => Error::Invalid {
                what: "call",
                reason: "cannot be written as a request",
            },
            _ => Error::Lost(error),
        }),
    }
}

/// 64 random bits for the back-off.
fn random() -> u64 {
    uuid::Uuid::new_v4().as_u64_pair().0
}
