//! What runs for every device of a fleet: walking a document, comparing two, checking a query.
#![allow(clippy::unwrap_used, missing_docs, reason = "a bench")]

use criterion::{Criterion, criterion_group, criterion_main};
use genieacs_nbi::{Collection, Device, DeviceId, Query};
use serde_json::{Value, json};

/// A tree of some 5,000 leaves, as a TR-181 ONT has.
fn document() -> Value {
    let leaf = |n: u32| json!({"_object": false, "_writable": true, "_value": n, "_type": "xsd:unsignedInt", "_timestamp": "2026-11-22T15:00:00.000Z"});
    let mut device = json!({"_id": "A0B1C2-Device2-1", "Device": {"_object": true}});
    for table in 0..10 {
        for instance in 1..=25 {
            for name in 0..20 {
                device["Device"][format!("Table{table}")][instance.to_string()]
                    [format!("Parameter{name}")] = leaf(name);
            }
        }
    }
    device
}

fn benches(criterion: &mut Criterion) {
    let text = document().to_string();
    let device = Device::from(document());
    let mut changed = document();
    changed["Device"]["Table3"]["7"]["Parameter1"]["_value"] = json!(99);
    let changed = Device::from(changed);

    criterion.bench_function("parse 5000 leaves", |bencher| {
        bencher.iter(|| serde_json::from_str::<Device>(&text).unwrap());
    });
    criterion.bench_function("walk 5000 leaves", |bencher| {
        bencher.iter(|| device.parameters().filter(|(_, p)| p.is_known()).count());
    });
    criterion.bench_function("get one leaf", |bencher| {
        bencher.iter(|| {
            device
                .get("Device.Table9.25.Parameter19")
                .unwrap()
                .integer()
        });
    });
    criterion.bench_function("compare 5000 leaves", |bencher| {
        bencher.iter(|| changed.changes_since(&device).len());
    });
    criterion.bench_function("check a query", |bencher| {
        bencher.iter(|| {
            Query::serial("22275A7000395")
                .and(Query::tag("v1.2"))
                .to_json(Collection::Devices)
        });
    });
    criterion.bench_function("make an id", |bencher| {
        bencher.iter(|| DeviceId::from_parts("C0B101", "ZXHN H199A", "ZTEYH86LCN10105"));
    });
}

criterion_group!(all, benches);
criterion_main!(all);
