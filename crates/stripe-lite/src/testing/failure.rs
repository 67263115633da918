//! Refusals, shaped as Stripe shapes them.

use serde_json::{Map, Value, json};

/// A status and what goes under `error`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Failure {
    pub(super) status: u16,
    pub(super) error: Map<String, Value>,
}

impl Failure {
    pub(super) fn new(status: u16, kind: &str, message: impl Into<String>) -> Self {
        let mut error = Map::new();
        error.insert("message".to_owned(), json!(message.into()));
        error.insert("type".to_owned(), json!(kind));
        Self { status, error }
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.error.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn code(self, code: &str) -> Self {
        let url = format!(
            "https://stripe.com/docs/error-codes/{}",
            code.replace('_', "-")
        );
        self.with("code", code).with("doc_url", url)
    }

    /// A call that is wrong as a whole.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "invalid_request_error", message)
    }

    /// A parameter that is wrong.
    pub(super) fn param(param: &str, message: impl Into<String>) -> Self {
        Self::invalid(message).with("param", param)
    }

    /// An empty value is said to be empty.
    pub(super) fn unless_empty(self, value: &str) -> Self {
        if value.is_empty() {
            self.code("parameter_invalid_empty")
        } else {
            self
        }
    }

    pub(super) fn missing(param: &str) -> Self {
        Self::param(param, format!("Missing required param: {param}.")).code("parameter_missing")
    }

    pub(super) fn unknown(param: &str) -> Self {
        Self::param(param, format!("Received unknown parameter: {param}")).code("parameter_unknown")
    }

    pub(super) fn not_a(what: &str, param: &str, value: &str) -> Self {
        let failure = Self::param(param, format!("Invalid {what}: {value}"));
        match what {
            "integer" => failure.code("parameter_invalid_integer"),
            _ => failure,
        }
    }

    /// An id that leads nowhere: 404 in the address, 400 in a parameter.
    pub(super) fn no_such(what: &str, id: &str, param: Option<&str>) -> Self {
        let message = format!("No such {what}: '{id}'");
        let failure = match param {
            Some(param) => Self::param(param, message),
            None => Self::new(404, "invalid_request_error", message).with("param", "id"),
        };
        failure.code("resource_missing")
    }

    pub(super) fn no_such_route(method: &str, path: &str) -> Self {
        let message = format!("Unrecognized request URL ({method}: {path}).");
        Self::new(404, "invalid_request_error", message)
    }

    pub(super) fn unauthorized(message: &str) -> Self {
        Self::new(401, "invalid_request_error", message)
    }

    pub(super) fn body(&self) -> Value {
        json!({ "error": self.error })
    }

    /// Whether an execution had begun, so that the answer is kept for its key.
    pub(super) fn is_stored(&self) -> bool {
        self.status == 402 || self.status >= 500
    }
}
