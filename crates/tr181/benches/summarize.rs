//! Time to summarise documents of several sizes.
#![allow(
    missing_docs,
    clippy::print_stderr,
    reason = "criterion's macros make undocumented items; a bench prints"
)]

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const META: &str = r#""_object":false,"_writable":true,"_timestamp":"2026-11-22T15:30:23.187Z","_type":"xsd:string""#;

/// A document in the proportions of a real one: one leaf in four matters.
fn synthetic(hosts: usize, fillers: usize) -> String {
    let leaf = |name: &str, value: &str| format!(r#""{name}":{{{META},"_value":"{value}"}}"#);
    let mut text =
        String::from(r#"{"_id":"bench","Device":{"_object":true,"Hosts":{"Host":{"_object":true"#);
    for i in 1..=hosts {
        let (high, low) = (i / 256 % 256, i % 256);
        write!(
            text,
            r#","{i}":{{{},{},{},{}}}"#,
            leaf("PhysAddress", &format!("02:00:00:00:{high:02X}:{low:02X}")),
            leaf("IPAddress", &format!("10.0.{high}.{low}")),
            leaf("HostName", &format!("poste-{i}")),
            leaf("Active", "1"),
        )
        .expect("writing to a String");
    }
    text.push_str(r#"}},"X_FILLER":{"_object":true"#);
    for i in 1..=fillers {
        write!(
            text,
            r#","{i}":{{{},{}}}"#,
            leaf("Something", "0"),
            leaf("SomethingElse", "text of some length")
        )
        .expect("writing to a String");
    }
    text.push_str("}}}");
    text
}

fn summarize(c: &mut Criterion) {
    let mut documents = vec![
        (
            "hosts_50_filler_2000".to_owned(),
            synthetic(50, 2000).into_bytes(),
        ),
        ("hosts_10000".to_owned(), synthetic(10_000, 0).into_bytes()),
    ];
    let real = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/devices/tplink-XX230v.json"
    );
    match std::fs::read(real) {
        Ok(bytes) => documents.push(("xx230v".to_owned(), bytes)),
        Err(_) => eprintln!("skipped: no captured document at hand"),
    }
    let mut group = c.benchmark_group("summarize");
    for (name, bytes) in &documents {
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(name, |b| {
            b.iter(|| tr181::summarize(black_box(bytes)).expect("a valid document"));
        });
    }
    group.finish();
}

criterion_group!(benches, summarize);
criterion_main!(benches);
