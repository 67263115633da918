//! How much a verification allocates. A binary of its own: the counter is the allocator.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use webhook_signatures::{
    Verified, docuseal, frappe, shared_secret, standard_webhooks, stripe, twilio,
};

#[global_allocator]
static HEAP: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The fewest allocations of several runs: the harness may allocate in another thread meanwhile.
fn allocations<E: std::fmt::Debug>(run: impl Fn() -> Result<Verified, E>) -> usize {
    (0..20)
        .map(|_| {
            let region = Region::new(HEAP);
            let verdict = run();
            let change = region.change();
            let _ = verdict.unwrap();
            change.allocations + change.reallocations
        })
        .min()
        .unwrap()
}

/// One test, so that no other one allocates beside it.
#[test]
fn no_candidate_and_no_secret_costs_an_allocation() {
    let body = "x".repeat(1024).into_bytes();
    let body = body.as_slice();
    let secrets = ["whsec_b25l", "whsec_dHdv", "whsec_dGhyZWU="];
    let last = secrets[2];

    // 200 wrong signatures and the right one, three secrets.
    let header = stripe::sign([last], body, 7);
    let wrong = format!(",v1={}", "0".repeat(64)).repeat(200);
    let header = header.replacen(",v1=", &format!("{wrong},v1="), 1);
    let verifier = stripe::Verifier::new(secrets).unwrap();
    assert_eq!(allocations(|| verifier.verify(body, &header, 7)), 0);

    let header = docuseal::sign(last, body, 7);
    let verifier = docuseal::Verifier::new(secrets).unwrap();
    assert_eq!(allocations(|| verifier.verify(body, &header, 7)), 0);

    let header = frappe::sign(last, body);
    let verifier = frappe::Verifier::new(secrets).unwrap();
    assert_eq!(allocations(|| verifier.verify(body, &header)), 0);

    let verifier = shared_secret::Verifier::new(secrets).unwrap();
    assert_eq!(allocations(|| verifier.verify(last)), 0);

    let signature = standard_webhooks::sign([last], "id", body, 7).unwrap();
    let wrong = format!("v1,{}= ", "A".repeat(43)).repeat(200);
    let signature = format!("{wrong}{signature}");
    let headers = standard_webhooks::Headers::new("id", "7", &signature);
    let verifier = standard_webhooks::Verifier::new(secrets).unwrap();
    assert_eq!(allocations(|| verifier.verify(body, &headers, 7)), 0);

    // Twilio without a form: the last of eight spellings of the address, three tokens.
    let url = "https://Example.ca/x?q='";
    let signed = "https://example.ca:443/x?q=%27";
    let signature = twilio::sign(last, &twilio::Request::new("GET", signed));
    let verifier = twilio::Verifier::new(secrets).unwrap();
    let request = twilio::Request::new("GET", url);
    assert_eq!(allocations(|| verifier.verify(&request, &signature)), 0);

    // With a form: the same whether the first candidate fits or the last.
    let form = twilio::Request::new("POST", url).body(b"From=%2B15145550111&Body=a+b");
    let first = twilio::sign(secrets[0], &form);
    let late = twilio::sign(
        last,
        &twilio::Request::new("POST", signed).body(b"From=%2B15145550111&Body=a+b"),
    );
    assert_eq!(
        allocations(|| verifier.verify(&form, &first)),
        allocations(|| verifier.verify(&form, &late)),
    );
}
