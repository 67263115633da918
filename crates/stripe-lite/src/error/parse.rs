//! From an answer to an error.

use std::time::Duration;

use integration_core::Response;
use serde::Deserialize;
use serde_json::Value;

use super::{ApiError, CardError, Error, ErrorType};

#[derive(Default, Deserialize)]
struct Envelope {
    #[serde(default)]
    error: Value,
}

fn text(error: &Value, name: &str) -> Option<Box<str>> {
    Some(error.get(name)?.as_str()?.into())
}

/// An object inside the error; one of another shape than expected counts as absent.
fn object<T: serde::de::DeserializeOwned>(error: &Value, name: &str) -> Option<Box<T>> {
    serde_json::from_value(error.get(name)?.clone())
        .ok()
        .map(Box::new)
}

/// What surrounds the body of a refusal.
#[derive(Default)]
pub(crate) struct Around {
    pub(crate) request_id: Option<Box<str>>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) should_retry: Option<bool>,
}

/// The error that an answer of any status but 2xx means. A body that is no JSON, such as a
/// proxy's page, leaves the status.
pub(crate) fn refusal(response: &Response) -> Error {
    let Envelope { error } = response.json().unwrap_or_default();
    let around = Around {
        request_id: response.header("request-id").map(Into::into),
        retry_after: response.to_api_error().retry_after(),
        should_retry: should_retry(response),
    };
    from_parts(response.status().as_u16(), &error, around)
}

/// The error of a status and of what stands under `error`.
pub(crate) fn from_parts(status: u16, error: &Value, around: Around) -> Error {
    let kind = error.get("type").and_then(Value::as_str).unwrap_or("");
    if status == 402 || kind == "card_error" {
        return Error::Card(Box::new(CardError {
            status,
            code: text(error, "code"),
            decline_code: text(error, "decline_code"),
            advice_code: text(error, "advice_code"),
            param: text(error, "param"),
            message: text(error, "message"),
            charge: text(error, "charge"),
            payment_intent: object(error, "payment_intent"),
            setup_intent: object(error, "setup_intent"),
            request_id: around.request_id,
        }));
    }
    let api = Box::new(ApiError {
        status,
        kind: ErrorType::from(kind),
        code: text(error, "code"),
        param: text(error, "param"),
        message: text(error, "message"),
        retry_after: around.retry_after,
        should_retry: around.should_retry,
        attempts: 1,
        uncertain: false,
        request_id: around.request_id,
    });
    if matches!(status, 409 | 429) || api.code() == Some("rate_limit") {
        Error::Busy(api)
    } else {
        Error::Api(api)
    }
}

impl Error {
    pub(crate) fn attempts_made(mut self, attempts: u32, uncertain: bool) -> Self {
        if let Self::Api(error) | Self::Busy(error) = &mut self {
            error.attempts = attempts;
            error.uncertain = uncertain;
        }
        self
    }
}

/// What Stripe says of repeating a call.
fn should_retry(response: &Response) -> Option<bool> {
    match response.header("stripe-should-retry") {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};
    use serde_json::{Value, json};

    use super::{Around, from_parts};

    #[test]
    fn a_refusal_without_a_single_field_is_one() {
        let error = from_parts(500, &Value::Null, Around::default());
        assert_eq!(error.to_string(), "stripe answered 500");
        let error = from_parts(402, &json!({"payment_intent": "pi_1"}), Around::default());
        assert!(error.is_card_declined());
        assert!(
            error
                .card()
                .is_some_and(|card| card.payment_intent().is_none())
        );
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            Just(json!("card_error")),
        ];
        leaf.prop_recursive(3, 24, 6, |inner| {
            let names = prop_oneof![
                Just("type".to_owned()),
                Just("code".to_owned()),
                Just("payment_intent".to_owned()),
                Just("id".to_owned()),
                any::<String>(),
            ];
            prop::collection::vec((names, inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect()))
        })
    }

    proptest! {
        #[test]
        fn any_body_is_an_error(status in 300_u16..600, error in value()) {
            let error = from_parts(status, &error, Around::default());
            assert_eq!(error.status(), Some(status));
            let _ = format!("{error} {error:?} {:?}", error.card().map(super::CardError::advice));
        }
    }
}
