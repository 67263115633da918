//! Time to verify a body of 1 kB, for each scheme.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use webhook_signatures::{docuseal, frappe, shared_secret, standard_webhooks, stripe, twilio};

const NOW: i64 = 1_763_827_200;
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

fn verify(c: &mut Criterion) {
    let body = format!(r#"{{"id":"evt_1","filler":"{}"}}"#, "x".repeat(997)).into_bytes();
    let mut group = c.benchmark_group("verify_1kb");
    group.throughput(Throughput::Bytes(body.len() as u64));

    let header = stripe::sign([SECRET], &body, NOW);
    let verifier = stripe::Verifier::new([SECRET]).expect("a secret");
    group.bench_function("stripe", |b| {
        b.iter(|| verifier.verify(black_box(&body), black_box(&header), NOW));
    });
    let rolled = stripe::sign([OTHER, SECRET], &body, NOW);
    let both = stripe::Verifier::new([SECRET, OTHER]).expect("secrets");
    group.bench_function("stripe_roll", |b| {
        b.iter(|| both.verify(black_box(&body), black_box(&rolled), NOW));
    });
    // The most signatures that a header can hold, none of which fits.
    let mut hostile = format!("t={NOW}");
    while hostile.len() + 68 <= webhook_signatures::MAX_HEADER_BYTES {
        hostile.push_str(",v1=");
        hostile.push_str(&"0".repeat(64));
    }
    group.bench_function("stripe_240_wrong_signatures", |b| {
        b.iter(|| verifier.verify(black_box(&body), black_box(&hostile), NOW));
    });

    let header = docuseal::sign(SECRET, &body, NOW);
    let verifier = docuseal::Verifier::new([SECRET]).expect("a secret");
    group.bench_function("docuseal", |b| {
        b.iter(|| verifier.verify(black_box(&body), black_box(&header), NOW));
    });

    let header = frappe::sign(SECRET, &body);
    let verifier = frappe::Verifier::new([SECRET]).expect("a secret");
    group.bench_function("frappe", |b| {
        b.iter(|| verifier.verify(black_box(&body), black_box(&header)));
    });

    let signature = standard_webhooks::sign([SECRET], "msg_1", &body, NOW).expect("a secret");
    let time = NOW.to_string();
    let headers = standard_webhooks::Headers::new("msg_1", &time, &signature);
    let verifier = standard_webhooks::Verifier::new([SECRET]).expect("a secret");
    group.bench_function("standard_webhooks", |b| {
        b.iter(|| verifier.verify(black_box(&body), black_box(&headers), NOW));
    });

    let verifier = shared_secret::Verifier::new([SECRET]).expect("a secret");
    group.bench_function("shared_secret", |b| {
        b.iter(|| verifier.verify(black_box(SECRET)));
    });

    twilio_forms(&mut group);
    group.finish();
}

fn twilio_forms(group: &mut criterion::BenchmarkGroup<'_, criterion::measurement::WallTime>) {
    let mut form = String::from("Body=");
    for index in 0..20 {
        form.push_str(&format!(
            "Bonjour+%C3%89lo%C3%AFse&Param{index}=%2B15145550111x"
        ));
    }
    let verifier = twilio::Verifier::new([SECRET])
        .and_then(|verifier| verifier.with_shared_keys([OTHER]))
        .expect("secrets");
    let url = "https://hub.example.ca/webhook/twilio/sms-status?job=DJ-0007";
    let request = twilio::Request::new("POST", url)
        .content_type("application/x-www-form-urlencoded")
        .body(form.as_bytes());
    let signature = twilio::sign(SECRET, &request);
    group.bench_function("twilio_form", |b| {
        b.iter(|| verifier.verify(black_box(&request), black_box(&signature)));
    });

    let shared = request.settings("key=hub,algorithm=HMAC_SHA256");
    let signature = twilio::sign_shared_key(OTHER, &shared);
    group.bench_function("twilio_form_shared_key", |b| {
        b.iter(|| verifier.verify(black_box(&shared), black_box(&signature)));
    });

    let body = "x".repeat(1024);
    let url = twilio::with_body_sha256(url, body.as_bytes());
    let request = twilio::Request::new("POST", &url)
        .content_type("application/json")
        .body(body.as_bytes());
    let signature = twilio::sign(SECRET, &request);
    group.bench_function("twilio_json", |b| {
        b.iter(|| verifier.verify(black_box(&request), black_box(&signature)));
    });
}

criterion_group!(benches, verify);
criterion_main!(benches);
