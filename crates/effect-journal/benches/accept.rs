//! Durable accepts: 256 in flight against one commit each.

use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use effect_journal::{Delivery, Journal as _, SqliteJournal};
use tokio::task::JoinSet;

/// An event of the usual size.
const BODY: usize = 2_900;

async fn accept(journal: &SqliteJournal, from: u64, count: u64, in_flight: u64) {
    let mut workers = JoinSet::new();
    for worker in 0..in_flight {
        let journal = journal.clone();
        workers.spawn(async move {
            let mut n = from + worker;
            while n < from + count {
                let event = Delivery::new("stripe", format!("evt_{n:016}"), vec![b'x'; BODY]);
                journal.accept(event).await.expect("there is room");
                n += in_flight;
            }
        });
    }
    workers.join_all().await;
}

fn durable_accepts(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .expect("a runtime starts");
    let mut group = criterion.benchmark_group("durable accepts");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(8))
        .throughput(Throughput::Elements(1));
    for (name, batch, in_flight) in [("256 in flight", 256, 256), ("one commit each", 1, 1)] {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let journal = SqliteJournal::builder(folder.path())
            .reserve(0)
            .batch(batch);
        let journal = runtime.block_on(journal.open()).expect("the journal opens");
        let mut from = 0;
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|count| {
                let began = now();
                runtime.block_on(accept(&journal, from, count, in_flight));
                from += count;
                began.elapsed()
            });
        });
        runtime.block_on(journal.close());
    }
    group.finish();
}

#[allow(clippy::disallowed_methods, reason = "a bench measures time")]
fn now() -> Instant {
    Instant::now()
}

criterion_group!(benches, durable_accepts);
criterion_main!(benches);
