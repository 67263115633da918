//! Measures one document, for comparison with other programs.
//!
//! `bench_once FILE [ITERATIONS]` summarises FILE that many times (default 200, after a tenth
//! as many to warm up) and prints one line of JSON on stdout:
//!
//! `{"file":…,"bytes":…,"iterations":…,"median_ns":…,"min_ns":…,"allocations":…,"allocated_bytes":…,"peak_bytes":…}`
//!
//! Times are per summary. Allocations, allocated bytes (reallocations included) and the peak
//! of live bytes above what was live before are those of one summary; the file's own bytes
//! are not counted. Exit code 0, or 1 with a message on stderr. Build with `--release`.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measuring program"
)]

use std::alloc::System;
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use cap::Cap;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static HEAP: Cap<&StatsAlloc<System>> = Cap::new(&INSTRUMENTED_SYSTEM, usize::MAX);

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments
        .next()
        .ok_or("usage: bench_once FILE [ITERATIONS]")?;
    let iterations: usize = arguments.next().map_or(Ok(200), |n| n.parse())?;
    let bytes = std::fs::read(&file)?;
    for _ in 0..iterations / 10 + 1 {
        black_box(tr181::summarize(black_box(&bytes))?);
    }
    // `max_allocated` is the peak of the whole process and cannot be reset: ballast as large
    // as that peak makes everything allocated from here on a new peak.
    let ballast: Vec<u8> = Vec::with_capacity(HEAP.max_allocated());
    let before = HEAP.allocated();
    let region = Region::new(&INSTRUMENTED_SYSTEM);
    let summary = tr181::summarize(&bytes)?;
    let change = region.change();
    let peak = HEAP.max_allocated().saturating_sub(before);
    drop((summary, ballast));
    let mut times: Vec<u128> = Vec::with_capacity(iterations);
    for _ in 0..iterations.max(1) {
        let start = Instant::now();
        let summary = tr181::summarize(black_box(&bytes))?;
        times.push(start.elapsed().as_nanos());
        drop(black_box(summary));
    }
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    let minimum = times.first().copied().unwrap_or_default();
    let report = serde_json::json!({
        "file": file,
        "bytes": bytes.len(),
        "iterations": iterations,
        "median_ns": u64::try_from(median)?,
        "min_ns": u64::try_from(minimum)?,
        "allocations": change.allocations + change.reallocations,
        "allocated_bytes": change.bytes_allocated,
        "peak_bytes": peak,
    });
    println!("{report}");
    Ok(())
}
