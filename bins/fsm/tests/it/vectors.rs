//! The vectors checked with the senders' own libraries, where they are at hand, through the
//! program.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::run_with_stdin;

fn read(name: &str) -> Option<Vec<Value>> {
    #[allow(
        clippy::disallowed_methods,
        reason = "says where the shared vectors are"
    )]
    let base = std::env::var_os("FSM_SHARED_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let Ok(bytes) = std::fs::read(base.join("signatures").join(name)) else {
        println!("skipped: {name} is not at hand");
        return None;
    };
    let file: Value = serde_json::from_slice(&bytes).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    assert_eq!(Some(vectors.len() as u64), file["count"].as_u64());
    Some(vectors.clone())
}

fn judge(vector: &Value, args: &[&str], body: &[u8]) {
    let id = &vector["id"];
    let shown = run_with_stdin(args, body);
    let (valid, code) = match vector["recommended"].as_str() {
        Some("valid") => (true, 0),
        Some("invalid") => (false, 1),
        other => panic!("{id}: what is {other:?}?"),
    };
    assert_eq!(shown.code, Some(code), "{id}: {shown:?}");
    assert_eq!(shown.json()["valid"], valid, "{id}: {shown:?}");
    assert_eq!(shown.err.is_empty(), valid, "{id}: {shown:?}");
}

#[test]
fn stripe_judges_as_recommended() {
    for vector in read("stripe.json").into_iter().flatten() {
        let text = |name: &str| vector[name].as_str().unwrap_or_default();
        let now = vector["now"].to_string();
        let tolerance = vector["tolerance"].to_string();
        let mut args = vec!["verify", "stripe", "--json", "--now", &now];
        args.extend(["--tolerance", &tolerance, "--header", text("header")]);
        for secret in vector["secrets"].as_array().unwrap() {
            args.extend(["--secret", secret.as_str().unwrap()]);
        }
        let body = crate::webhook::base64(text("payload_b64"));
        judge(&vector, &args, &body);
    }
}

#[test]
fn twilio_judges_as_recommended() {
    for vector in read("twilio.json").into_iter().flatten() {
        let text = |name: &str| vector[name].as_str().unwrap_or_default();
        let mut args = vec!["verify", "twilio", "--json", "--token", text("auth_token")];
        args.extend(["--url", text("url"), "--signature", text("signature")]);
        args.extend(["--method", text("method")]);
        for (field, option) in [
            ("content_type", "--content-type"),
            ("settings", "--settings"),
        ] {
            if let Some(value) = vector[field].as_str() {
                args.extend([option, value]);
            }
        }
        judge(&vector, &args, text("body").as_bytes());
    }
}
