//! Signatures and payloads of webhooks.

use erpnext_client::Secret;
use erpnext_client::webhook::{Delivery, WebhookError, sign, verify};
use proptest::prelude::{any, prop_assert, proptest};

const V15_BODY: &[u8] = br#"{"name": "W-1", "title": "\u00c9lo\u00efse / x", "qty": 2.5}"#;
const V15_SIGNATURE: &str = "hSXHF4ALmS8sL20jbVK17CMCjJ02AMUlUU2Q8ieSgfA=";
const DEV_BODY: &[u8] =
    b"{\n \"name\": \"W-1\",\n \"qty\": 2.5,\n \"title\": \"\\u00c9lo\\u00efse / x\"\n}";
const DEV_SIGNATURE: &str = "cWlmahcq7yi7jT1XyGI0q1qe0HpXczVo0K8+O5XBTqo=";

#[test]
fn what_two_servers_signed_is_right() {
    let secret = Secret::from("s3cr3t");
    for (body, signature) in [(V15_BODY, V15_SIGNATURE), (DEV_BODY, DEV_SIGNATURE)] {
        assert_eq!(sign(&secret, body), signature);
        verify([&secret], body, Some(signature)).unwrap();
        let delivery = Delivery::verified([&secret], body, Some(signature)).unwrap();
        assert_eq!(delivery.name().as_str(), "W-1");
        assert_eq!(delivery.get("title").unwrap(), "Éloïse / x");
    }
}

#[test]
fn each_reason_has_its_name() {
    let secret = Secret::from("s3cr3t");
    let with = |header| verify([&secret], V15_BODY, header).unwrap_err();
    assert!(matches!(with(None), WebhookError::Missing));
    assert!(matches!(with(Some("  ")), WebhookError::Missing));
    assert!(matches!(with(Some("not base64")), WebhookError::Malformed));
    assert!(matches!(with(Some("c2hvcnQ=")), WebhookError::Malformed));
    assert!(matches!(with(Some(DEV_SIGNATURE)), WebhookError::Mismatch));
    let none: [&Secret; 0] = [];
    let verdict = verify(none, V15_BODY, Some(V15_SIGNATURE)).unwrap_err();
    assert!(matches!(verdict, WebhookError::NoSecret));

    let empty = Secret::from("");
    let forged = sign(&empty, V15_BODY);
    let verdict = verify([&empty], V15_BODY, Some(&forged)).unwrap_err();
    assert!(matches!(verdict, WebhookError::NoSecret));
    let verdict = verify([&empty, &secret], V15_BODY, Some(&forged)).unwrap_err();
    assert!(matches!(verdict, WebhookError::Mismatch));
}

#[test]
fn any_of_several_secrets_will_do() {
    let (old, new) = (Secret::from("old"), Secret::from("s3cr3t"));
    verify([&old, &new], V15_BODY, Some(V15_SIGNATURE)).unwrap();
    verify([&new, &old], V15_BODY, Some(V15_SIGNATURE)).unwrap();
    assert!(verify([&old], V15_BODY, Some(V15_SIGNATURE)).is_err());
}

#[test]
fn the_same_save_has_the_same_key_and_another_has_another() {
    let key = |body: &str| Delivery::parse(body.as_bytes()).unwrap().dedupe_key();
    let first = key(r#"{"name": "A", "modified": "2026-05-04 08:30:00", "x": 1}"#);
    let again = key(r#"{"x":1,"modified":"2026-05-04 08:30:00","name":"A"}"#);
    let later = key(r#"{"name": "A", "modified": "2026-05-04 08:30:00.000000"}"#);
    assert!(first.is_some());
    assert_eq!(first, again);
    assert_ne!(first, later);
}

#[test]
fn a_signed_body_that_is_no_document_is_refused_without_quoting_it() {
    let secret = Secret::from("k");
    for body in [&b"[]"[..], b"{}", b"\"canary\"", b"{\"name\": {}}", b"\xff"] {
        let signature = sign(&secret, body);
        let error = Delivery::verified([&secret], body, Some(&signature)).unwrap_err();
        assert!(matches!(error, WebhookError::Payload(_)));
        assert!(!format!("{error:?} {error}").contains("canary"));
    }
}

proptest! {
    #[test]
    fn a_changed_byte_is_noticed(body: Vec<u8>, at: usize, by in 1_u8..) {
        let secret = Secret::from("k");
        let signature = sign(&secret, &body);
        let mut other = body.clone();
        match other.len() {
            0 => other.push(by),
            length => other[at % length] ^= by,
        }
        prop_assert!(verify([&secret], &body, Some(&signature)).is_ok());
        prop_assert!(verify([&secret], &other, Some(&signature)).is_err());
    }

    #[test]
    fn no_header_and_no_body_panics(header: String, body in any::<Vec<u8>>()) {
        let _ = Delivery::verified([&Secret::from("k")], &body, Some(&header));
        let _ = Delivery::parse(&body);
    }
}
