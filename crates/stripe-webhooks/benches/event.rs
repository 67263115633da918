//! Time to check and to read an event, and the hash alone beside it.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use stripe_webhooks::testing::{EventBuilder, SignedEvent};
use stripe_webhooks::{Event, Verifier};

const NOW: i64 = 1_763_827_200;
const SECRET: &str = "whsec_5f1c0a4e9b7d4c2f8a6e3d1b0c9f7e55";

/// A signed event of exactly so many bytes.
fn sized(len: usize) -> SignedEvent {
    let event = |filler: usize| {
        let filler = "x".repeat(filler);
        format!(
            r#"{{"id":"evt_1","object":"event","created":{NOW},"livemode":false,"type":"payment_intent.succeeded","data":{{"object":{{"id":"pi_1","object":"payment_intent","amount":11497,"currency":"cad","status":"succeeded","metadata":{{"invoice":"INV-0000123"}},"description":"{filler}"}}}}}}"#
        )
    };
    SignedEvent::new(event(len.saturating_sub(event(0).len())), [SECRET], NOW)
}

fn event(c: &mut Criterion) {
    let verifier = Verifier::new([SECRET]).expect("a secret");
    let key = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key of any length");
    for (name, len) in [("459_bytes", 459), ("70_kb", 70_000)] {
        let sent = sized(len);
        assert_eq!(sent.body.len(), len);
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Bytes(len as u64));
        group.bench_function("hmac_alone", |b| {
            b.iter(|| {
                let mut mac = key.clone();
                mac.update(black_box(&sent.body));
                mac.finalize().into_bytes()
            });
        });
        group.bench_function("verify", |b| {
            b.iter(|| verifier.verify(black_box(&sent.body), black_box(&sent.header), NOW));
        });
        group.bench_function("verify_and_parse", |b| {
            b.iter(|| verifier.event(black_box(&sent.body), black_box(&sent.header), NOW));
        });
        group.finish();
    }

    let body = EventBuilder::checkout_session_completed("cs_test_1").body();
    let mut group = c.benchmark_group("checkout_session");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("parse", |b| b.iter(|| Event::parse(black_box(&body))));
    group.bench_function("parse_and_read_object", |b| {
        b.iter(|| Event::parse(black_box(&body)).map(|event| event.object()));
    });
    group.finish();
}

criterion_group!(benches, event);
criterion_main!(benches);
