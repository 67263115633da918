//! What it costs to publish, and to give an event to each of its readers.
#![allow(clippy::unwrap_used, missing_docs, reason = "a bench")]

use std::hint::black_box;
use std::task::{Context, Poll, Waker};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use live_events::{EventName, LiveEvents, Options, Reader, Subscription, Topic};

const DATA: &str = r#"{"key":"DJ-2026-00042","state":"assigned","technician":"TECH-007","at":"2026-11-22T15:00:00Z"}"#;

fn audience(live: &LiveEvents, topic: &Topic, readers: usize) -> Vec<Reader> {
    let subscription = Subscription::unrestricted(topic.clone());
    let mut readers: Vec<Reader> = (0..readers)
        .map(|_| live.subscribe(&subscription).unwrap())
        .collect();
    serve(&mut readers);
    readers
}

/// Gives every reader all there is for it.
fn serve(readers: &mut [Reader]) {
    let mut context = Context::from_waker(Waker::noop());
    for reader in readers {
        while let Poll::Ready(bytes) = reader.poll_next(&mut context) {
            black_box(bytes);
        }
    }
}

fn publish(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("publish");
    let name = EventName::new("job.updated").unwrap();
    let topic = Topic::new("dispatch").unwrap();
    let alone = Topic::new("customer:CUST-1").unwrap();
    // One reader of its own topic, beside this many of another.
    for others in [0, 5_000] {
        let live = LiveEvents::new(Options::default());
        let _others = audience(&live, &topic, others);
        let mut one = audience(&live, &alone, 1);
        group.bench_function(BenchmarkId::new("one_reader_beside", others), |bencher| {
            bencher.iter(|| {
                black_box(live.publish(&alone, &name, DATA));
                serve(&mut one);
            });
        });
    }
    group.finish();
}

fn fan_out(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fan_out");
    let name = EventName::new("job.updated").unwrap();
    let topic = Topic::new("dispatch").unwrap();
    for readers in [100, 5_000] {
        for events in [1, 64] {
            let live = LiveEvents::new(Options::default());
            let mut audience = audience(&live, &topic, readers);
            group.throughput(Throughput::Elements((readers * events) as u64));
            let id = BenchmarkId::new(format!("{readers}_readers"), events);
            group.bench_function(id, |bencher| {
                bencher.iter(|| {
                    for _ in 0..events {
                        black_box(live.publish(&topic, &name, DATA));
                    }
                    serve(&mut audience);
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, publish, fan_out);
criterion_main!(benches);
