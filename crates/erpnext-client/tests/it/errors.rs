//! Refusals in every envelope, and answers that are none.

use erpnext_client::{Credentials, DocName, Error, ExcType, ServerError};
use proptest::prelude::*;

use crate::wire::{Wire, html, json};

fn read(status: u16, body: &str) -> Error {
    ServerError::from_answer(status, body.as_bytes()).into()
}

#[test]
fn a_refusal_of_the_first_version_is_read_with_and_without_a_traceback() {
    let full = r#"{
        "exception": "frappe.exceptions.MandatoryError: [Dispatch Job, DJ-1]: phone",
        "exc_type": "MandatoryError",
        "exc": "[\"Traceback (most recent call last):\\n  File x\\nfrappe.exceptions.MandatoryError: phone\\n\"]",
        "_exc_source": "erpnext (app)",
        "_server_messages": "[\"{\\\"message\\\": \\\"first\\\"}\", \"{\\\"message\\\": \\\"Value missing for: <strong>Phone</strong>\\\", \\\"title\\\": \\\"Missing\\\", \\\"raise_exception\\\": 1}\", \"{\\\"message\\\": \\\"last\\\"}\"]"
    }"#;
    let error = read(417, full);
    assert_eq!(error.exc_type(), Some(&ExcType::Mandatory));
    assert_eq!(error.message(), Some("Value missing for: Phone"));
    let messages = error.server().unwrap().messages();
    assert_eq!(messages.len(), 3);
    assert_eq!(messages[1].title(), Some("Missing"));

    for (body, exc, message) in [
        (
            r#"{"exc_type": "OperationalError"}"#,
            "OperationalError",
            "OperationalError",
        ),
        (
            r#"{"exc_type": "PermissionError", "_error_message": "No &quot;write&quot; on <a href='/x'>DJ</a>",
                "_server_messages": "[\"{\\\"message\\\": \\\"\\\"}\"]"}"#,
            "PermissionError",
            "No \"write\" on DJ",
        ),
        // The last one that says something.
        (
            r#"{"exc_type": "X", "_server_messages": "[\"{\\\"message\\\": \\\"a\\\"}\", \"{\\\"message\\\": \\\"b\\\"}\", \"{\\\"message\\\": \\\"\\\"}\"]"}"#,
            "X",
            "b",
        ),
        (
            r#"{"message": "Invalid login credentials", "exc_type": "AuthenticationError"}"#,
            "AuthenticationError",
            "Invalid login credentials",
        ),
        // Only a traceback: as a text, as a text of a list, as a list.
        (
            r#"{"exception": "app.errors.OverAllowanceError: too much"}"#,
            "OverAllowanceError",
            "too much",
        ),
        (
            r#"{"exc": "[\"Traceback\\nKeyError: 'x'\"]"}"#,
            "KeyError",
            "'x'",
        ),
        (
            r#"{"exc": ["Traceback\nTypeError: f() missing 1 argument\n"]}"#,
            "TypeError",
            "f() missing 1 argument",
        ),
        // Messages that are not what they should be are taken as they are.
        (
            r#"{"exc_type": "X", "_server_messages": "[\"plain\"]"}"#,
            "X",
            "plain",
        ),
        (
            r#"{"exc_type": "X", "_server_messages": "plain"}"#,
            "X",
            "plain",
        ),
        (
            r#"{"exc_type": "X", "_server_messages": [{"message": ["a", "b"]}]}"#,
            "X",
            "a\nb",
        ),
        (
            r#"{"exc_type": "X", "_server_messages": 7, "exc": 7, "exception": 7}"#,
            "X",
            "X",
        ),
    ] {
        let error = read(500, body);
        assert_eq!(error.exc_type().map(ExcType::as_str), Some(exc), "{body}");
        assert_eq!(error.message(), Some(message), "{body}");
    }
}

#[test]
fn a_refusal_of_the_second_version_is_read() {
    let body = r#"{"errors": [{"type": "LinkExistsError", "message": "Linked with <a>DJ-1</a>",
        "title": "Not deleted", "indicator": "red", "exception": "Traceback\nfrappe.exceptions.LinkExistsError: x"}],
        "messages": [{"message": "by the way"}]}"#;
    let error = read(417, body);
    assert_eq!(error.exc_type(), Some(&ExcType::LinkExists));
    assert_eq!(error.message(), Some("Linked with DJ-1"));
    assert_eq!(error.server().unwrap().messages().len(), 2);
    let bare = read(404, r#"{"errors": [{"type": "DoesNotExistError"}]}"#);
    assert!(bare.is_not_found());
}

#[test]
fn a_text_that_is_no_name_of_an_exception_never_becomes_one() {
    for text in ["", "Zoé Tremblay", "<b>", "1Error", &"X".repeat(100)] {
        let body = serde_json::json!({ "exc_type": text }).to_string();
        assert_eq!(read(500, &body).exc_type(), None, "{text}");
    }
    assert_eq!(read(500, "{}").to_string(), "the site answered 500");
}

#[tokio::test]
async fn pages_of_html_are_told_by_their_status() {
    for status in [400, 404, 413, 500, 508] {
        let wire = Wire::new([html(status)]).await;
        let docs = wire.client().documents("Lead");
        let error = docs.find(&DocName::new("A").unwrap()).await.unwrap_err();
        assert!(matches!(error, Error::Unexpected(_)), "{status}");
        assert_eq!(error.status(), Some(status));
        assert!(!error.is_not_found() && error.exc_type().is_none());
        assert!(!error.to_string().contains("canary"));
    }
}

#[tokio::test]
async fn an_answer_that_is_none_is_an_error_and_a_write_may_have_been_done() {
    for (answer, unexpected) in [
        (html(200), true),
        (json(200, ""), true),
        (json(200, "[]"), true),
        (json(200, r#"{"message": [1, 2"#), false),
        (json(200, r#"{"message": "canary-9f2c"}"#), false),
    ] {
        let wire = Wire::new([answer.clone(), answer]).await;
        let error = wire.client().rpc("a.b").get::<u32>().await.unwrap_err();
        assert_eq!(
            matches!(error, Error::Unexpected(_)),
            unexpected,
            "{error:?}"
        );
        assert_eq!(
            matches!(error, Error::Decode { .. }),
            !unexpected,
            "{error:?}"
        );
        assert!(!error.may_have_been_carried_out() && !error.is_retryable());
        let error = wire.client().rpc("a.b").send::<u32>().await.unwrap_err();
        assert!(error.may_have_been_carried_out(), "{error:?}");
        assert_eq!(wire.calls().len(), 2);
    }
    // A redirect to a page of login is not followed.
    let wire = Wire::new([html(302)]).await;
    let error = wire.client().ping().await.unwrap_err();
    assert_eq!(error.status(), Some(302));
}

#[tokio::test]
async fn an_answer_has_a_longest_size() {
    let long = format!(r#"{{"message": "{}"}}"#, "x".repeat(5000));
    let wire = Wire::new([json(200, &long)]).await;
    let client = wire.builder().max_body(1000).build().unwrap();
    let error = client.rpc("a.b").get::<String>().await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)) && !error.is_retryable());
}

#[test]
fn helpers_answer_by_exception_and_then_by_status() {
    let of = |status, exc: &str| read(status, &format!(r#"{{"exc_type": "{exc}"}}"#));
    assert!(of(409, "DuplicateEntryError").is_duplicate());
    assert!(of(417, "UniqueValidationError").is_duplicate());
    assert!(!of(409, "NameError").is_duplicate());
    assert!(of(417, "TimestampMismatchError").is_timestamp_mismatch());
    assert!(of(403, "PermissionError").is_permission());
    assert!(of(401, "AuthenticationError").is_authentication());
    assert!(read(403, r#"{"session_expired": 1}"#).is_authentication());
    assert!(of(503, "InReadOnlyMode").is_retryable());
    assert!(!of(417, "ValidationError").is_retryable());
    let kept = read(417, &"x".repeat(200_000));
    assert_eq!(kept.server().unwrap().body().len(), ServerError::BODY_LIMIT);
}

#[test]
fn an_error_is_small_and_can_be_sent_between_threads() {
    fn sendable<T: Send + Sync + 'static>() {}
    sendable::<Error>();
    assert!(size_of::<Error>() <= 128);
}

/// All that a log can show of an error.
pub(crate) fn everything_shown(error: &Error) -> String {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        shown.push_str(&format!(" {error} {error:?}"));
        cause = error.source();
    }
    shown
}

const CANARY: &str = "canary-9f2c";

#[tokio::test]
async fn neither_secrets_nor_customers_are_shown() {
    let body = format!(
        r#"{{"exc_type": "ValidationError", "_error_message": "{CANARY}", "exception": "{CANARY}",
        "_server_messages": "[\"{{\\\"message\\\": \\\"{CANARY}\\\", \\\"title\\\": \\\"{CANARY}\\\"}}\"]"}}"#
    );
    let wire = Wire::new([
        json(417, &body),
        json(200, &format!(r#"{{"data": "{CANARY}"}}"#)),
        html(500),
    ])
    .await;
    let client = wire.builder().header("X-Key", CANARY).build().unwrap();
    let docs = client.documents("Lead");
    let name = DocName::new(CANARY).unwrap();
    let mut shown = format!("{client:?} {docs:?} {:?}", wire.builder());
    for _ in 0..3 {
        let error = docs.get(&name).await.unwrap_err();
        shown.push_str(&everything_shown(&error));
    }
    shown.push_str(&format!("{:?}", Credentials::session("u", CANARY)));
    shown.push_str(&format!(
        "{:?}",
        client.rpc("a.b").arg("new_password", CANARY)
    ));
    assert!(!shown.contains(CANARY), "{shown}");
    assert!(!shown.contains("99, 97, 110, 97, 114, 121"), "{shown}");
}

proptest! {
    #[test]
    fn no_bytes_can_do_harm(status in 0u16..1000, body in prop::collection::vec(any::<u8>(), 0..300)) {
        let error = Error::from(ServerError::from_answer(status, &body));
        let _ = (error.to_string(), format!("{error:?}"), error.is_retryable());
    }

    #[test]
    fn no_json_can_do_harm_and_no_word_of_it_is_shown(
        exc_type in json_value(), messages in json_value(), exc in json_value(),
        exception in json_value(), errors in json_value(),
    ) {
        let strung = serde_json::Value::String(messages.to_string());
        let body = serde_json::json!({
            "exc_type": exc_type, "_server_messages": strung, "exc": exc, "exception": exception,
            "errors": errors, "messages": messages, "_error_message": CANARY,
        });
        let error = Error::from(ServerError::from_answer(417, body.to_string().as_bytes()));
        prop_assert!(error.message().is_some_and(|message| message.len() <= 4200));
        prop_assert!(!everything_shown(&error).contains(CANARY));
    }
}

fn json_value() -> impl Strategy<Value = serde_json::Value> {
    let text = prop_oneof![
        Just("frappe.X: canary-9f2c".to_owned()),
        "\\PC{0,40}",
        "[<>&;#x/a]{0,20}"
    ];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        text.prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| serde_json::Value::String(
                serde_json::Value::from(items).to_string()
            )),
            prop::collection::hash_map(
                "message|title|type|exception|raise_exception|x",
                inner,
                0..4
            )
            .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}
