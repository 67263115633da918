//! The vectors checked with the senders' own libraries, where they are at hand.

use std::path::PathBuf;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use webhook_signatures::{Error, Tolerance, stripe, twilio};

#[derive(Deserialize)]
struct File<V> {
    count: usize,
    vectors: Vec<V>,
}

fn read<V: DeserializeOwned>(name: &str) -> Option<Vec<V>> {
    #[allow(
        clippy::disallowed_methods,
        reason = "says where the shared vectors are"
    )]
    let base = std::env::var_os("FSM_SHARED_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let Ok(bytes) = std::fs::read(base.join("signatures").join(name)) else {
        println!("skipped: {name} is not at hand");
        return None;
    };
    let file: File<V> = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(file.vectors.len(), file.count);
    Some(file.vectors)
}

fn judge(id: &str, recommended: &str, verdict: &Result<webhook_signatures::Verified, Error>) {
    println!("{id}: {verdict:?}");
    match recommended {
        "valid" => assert!(verdict.is_ok(), "{id}: {verdict:?}"),
        "invalid" => assert!(verdict.is_err(), "{id} is accepted"),
        other => panic!("{id}: what is {other:?}?"),
    }
}

#[derive(Deserialize)]
struct StripeVector {
    id: String,
    payload_b64: String,
    header: String,
    secrets: Vec<String>,
    now: i64,
    tolerance: u64,
    recommended: String,
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

#[test]
fn stripe_judges_as_recommended() {
    let Some(vectors) = read::<StripeVector>("stripe.json") else {
        return;
    };
    for vector in vectors {
        let verifier = stripe::Verifier::new(&vector.secrets)
            .unwrap()
            .with_tolerance(Tolerance::from_secs(vector.tolerance));
        let body = base64(&vector.payload_b64);
        let verdict = verifier.verify(&body, &vector.header, vector.now);
        judge(&vector.id, &vector.recommended, &verdict);
    }
}

#[derive(Deserialize)]
struct TwilioVector {
    id: String,
    method: String,
    url: String,
    content_type: Option<String>,
    body: Option<String>,
    signature: String,
    auth_token: String,
    settings: Option<String>,
    recommended: String,
}

#[test]
fn twilio_judges_as_recommended() {
    let Some(vectors) = read::<TwilioVector>("twilio.json") else {
        return;
    };
    for vector in vectors {
        let verifier = if vector.settings.is_some() {
            twilio::Verifier::shared_keys_only([&vector.auth_token])
        } else {
            twilio::Verifier::new([&vector.auth_token])
        };
        let request = twilio::Request::new(&vector.method, &vector.url)
            .content_type(vector.content_type.as_deref())
            .body(vector.body.as_deref().unwrap_or_default().as_bytes())
            .settings(vector.settings.as_deref());
        let verdict = verifier.unwrap().verify(&request, &vector.signature);
        judge(&vector.id, &vector.recommended, &verdict);
        if vector.recommended == "valid"
            && vector.settings.is_none()
            && !vector.url.contains(":443")
        {
            let signed = twilio::sign(&vector.auth_token, &request);
            assert_eq!(signed, vector.signature, "{}", vector.id);
        }
    }
}
