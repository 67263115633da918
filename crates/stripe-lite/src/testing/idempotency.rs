//! Answers kept by their keys.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::failure::Failure;

/// For how long an answer is kept.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// The answers of executed calls.
#[derive(Debug, Default)]
pub(super) struct Keys(HashMap<String, Entry>);

#[derive(Debug)]
struct Entry {
    method_and_path: String,
    params: Value,
    status: u16,
    body: Value,
    request_id: String,
    /// Until then the first execution is still under way.
    ready: Instant,
}

/// An answer that was given before.
#[derive(Debug)]
pub(super) struct Replay {
    pub(super) status: u16,
    pub(super) body: Value,
    pub(super) original_request: String,
}

impl Keys {
    /// The answer kept for a key, or nothing where the call is to be executed.
    pub(super) fn replay(
        &mut self,
        key: &str,
        method_and_path: &str,
        params: &Value,
        now: Instant,
    ) -> Result<Option<Replay>, Failure> {
        self.0
            .retain(|_, entry| now.saturating_duration_since(entry.ready) < KEPT);
        let Some(entry) = self.0.get(key) else {
            return Ok(None);
        };
        if now < entry.ready {
            let message = "There is currently another in-progress request using this Stripe \
                 account and the same idempotency key. Try again later.";
            return Err(
                Failure::new(409, "idempotency_error", message).code("idempotency_key_in_use")
            );
        }
        if entry.method_and_path != method_and_path || entry.params != *params {
            let what = if entry.method_and_path == method_and_path {
                "parameters"
            } else {
                "endpoint"
            };
            let message = format!(
                "Keys for idempotent requests can only be used with the same {what} they were \
                 first used with. Try using a key other than '{key}' if you meant to execute a \
                 different request."
            );
            return Err(Failure::new(400, "idempotency_error", message));
        }
        Ok(Some(Replay {
            status: entry.status,
            body: entry.body.clone(),
            original_request: entry.request_id.clone(),
        }))
    }

    #[allow(clippy::too_many_arguments, reason = "one entry, field by field")]
    pub(super) fn keep(
        &mut self,
        key: &str,
        method_and_path: String,
        params: Value,
        status: u16,
        body: Value,
        request_id: &str,
        ready: Instant,
    ) {
        self.0.insert(
            key.to_owned(),
            Entry {
                method_and_path,
                params,
                status,
                body,
                request_id: request_id.to_owned(),
                ready,
            },
        );
    }

    /// Forgets all, as Stripe does after a day.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
