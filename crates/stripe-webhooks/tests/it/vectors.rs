//! The vectors checked with Stripe's own libraries, where they are at hand.

use std::path::PathBuf;

use serde::Deserialize;
use stripe_webhooks::{Error, Tolerance, Verifier};

#[derive(Deserialize)]
struct File {
    count: usize,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    payload_b64: String,
    header: String,
    secrets: Vec<String>,
    now: i64,
    tolerance: u64,
    recommended: String,
    kind: Option<String>,
}

#[test]
fn the_shared_vectors_are_judged_as_recommended() {
    #[allow(
        clippy::disallowed_methods,
        reason = "says where the shared vectors are"
    )]
    let base = std::env::var_os("FSM_SHARED_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let Ok(bytes) = std::fs::read(base.join("signatures/stripe.json")) else {
        println!("skipped: the shared vectors are not at hand");
        return;
    };
    let file: File = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(file.vectors.len(), file.count);
    for vector in file.vectors {
        let verifier = Verifier::new(&vector.secrets)
            .unwrap()
            .with_tolerance(Tolerance::from_secs(vector.tolerance));
        let body = base64(&vector.payload_b64);
        let signed = verifier.verify(&body, &vector.header, vector.now);
        let valid = vector.recommended == "valid";
        assert_eq!(signed.is_ok(), valid, "{}: {signed:?}", vector.id);
        let event = verifier.event(&body, &vector.header, vector.now);
        if vector.kind.as_deref() == Some("thin") {
            assert!(matches!(event, Err(Error::Thin(_))), "{}", vector.id);
        } else if valid {
            assert!(event.is_ok(), "{}: {event:?}", vector.id);
        } else {
            assert!(matches!(event, Err(Error::Signature(_))), "{}", vector.id);
        }
    }
}

/// The tests need no other base64, so they do without the dependency.
fn base64(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut bits, mut have) = (0_u32, 0);
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            other => panic!("{other} is no base64"),
        };
        bits = (bits << 6) | u32::from(value);
        have += 6;
        if have >= 8 {
            have -= 8;
            out.push(u8::try_from((bits >> have) & 0xff).unwrap());
        }
    }
    out
}
