//! Measures the work on one body, for comparison with other programs.
//!
//! `measure FILE SECRET NOW [BATCHES]` signs the body in FILE, then times, in turns: checking
//! the signature, checking and reading the event, and the HMAC of the body alone. It prints one
//! line of JSON on stdout:
//!
//! `{"bytes":…,"header":…,"verify_ns":…,"event_ns":…,"hmac_ns":…}`
//!
//! Each time is that of one body in nanoseconds of the processor, so that a busy machine counts
//! little: the median of BATCHES (default 200) batches of about a millisecond. Build with
//! `--release`.
#![allow(clippy::print_stdout, reason = "a measuring program")]

use std::error::Error;
use std::hint::black_box;

use hmac::{Hmac, KeyInit as _, Mac as _};
use rustix::time::{ClockId, clock_gettime};
use sha2::Sha256;
use stripe_webhooks::Verifier;

/// How long a batch takes, about.
const BATCH_NS: i64 = 1_000_000;

#[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: measure FILE SECRET NOW [BATCHES]";
    let file = arguments.next().ok_or(usage)?;
    let secret = arguments.next().ok_or(usage)?;
    let now: i64 = arguments.next().ok_or(usage)?.parse()?;
    let batches: usize = arguments.next().map_or(Ok(200), |n| n.parse())?;

    let body = std::fs::read(&file)?;
    let header = webhook_signatures::stripe::sign([&secret], &body, now);
    let verifier = Verifier::new([&secret])?;
    let key = Hmac::<Sha256>::new_from_slice(secret.as_bytes())?;
    let event = verifier.event(&body, &header, now)?;
    assert_eq!(event.json().as_bytes(), body, "the whole body was read");

    let verify = || {
        let verdict = verifier.verify(black_box(&body), black_box(&header), now);
        black_box(verdict).is_ok()
    };
    let event = || {
        let event = verifier.event(black_box(&body), black_box(&header), now);
        black_box(event).is_ok()
    };
    let hmac = || {
        let mut mac = key.clone();
        mac.update(black_box(&body));
        black_box(mac.finalize().into_bytes()).len() == 32
    };
    let works: [&dyn Fn() -> bool; 3] = [&verify, &event, &hmac];
    let sizes = works.map(|work| {
        let spent = time(work, 64).max(1);
        u32::try_from(BATCH_NS * 64 / spent).unwrap_or(1).max(1)
    });
    let mut times: [Vec<f64>; 3] = Default::default();
    // A tenth as many first, unmeasured.
    for batch in 0..batches + batches / 10 {
        for ((work, size), times) in works.iter().zip(sizes).zip(&mut times) {
            let spent = time(work, size);
            if batch >= batches / 10 {
                times.push(spent as f64 / f64::from(size));
            }
        }
    }
    let [verify, event, hmac] = times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times.get(times.len() / 2).copied().unwrap_or_default()
    });
    let report = serde_json::json!({
        "bytes": body.len(),
        "header": header,
        "verify_ns": verify,
        "event_ns": event,
        "hmac_ns": hmac,
    });
    println!("{report}");
    Ok(())
}

/// Nanoseconds of this thread's processor time for so many pieces of work, each of which has to
/// succeed.
fn time(work: &dyn Fn() -> bool, times: u32) -> i64 {
    let start = now();
    for _ in 0..times {
        assert!(work(), "the signature is right");
    }
    now() - start
}

fn now() -> i64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}
