//! Durable accepts, 256 in flight, against the plain loop: the same row, one commit each.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group};
use effect_journal::{
    Delivery, Effect, EffectError, EffectKey, Journal as _, Probe, SqliteJournal, once,
};
use rusqlite::{Connection, params};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

/// An event of the usual size.
const BODY: usize = 2_900;
const IN_FLIGHT: u64 = 256;

/// A body like those that come: text, no two the same.
fn body(n: u64) -> Vec<u8> {
    let head = format!("{{\"id\":\"evt_{n:016}\",\"object\":\"event\",\"data\":\"");
    let mut state = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut body = head.into_bytes();
    while body.len() < BODY {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let digits = format!("{state:016x}");
        body.extend_from_slice(digits.as_bytes());
    }
    body.truncate(BODY);
    body
}

async fn accept(journal: &SqliteJournal, from: u64, bodies: Arc<Vec<Bytes>>, in_flight: u64) {
    let mut workers = JoinSet::new();
    let count = bodies.len() as u64;
    for worker in 0..in_flight {
        let (journal, bodies) = (journal.clone(), bodies.clone());
        workers.spawn(async move {
            let mut n = worker;
            while n < count {
                let key = format!("evt_{:016}", from + n);
                let body = bodies[usize::try_from(n).expect("a small number")].clone();
                let event = Delivery::new("stripe", key, body);
                journal.accept(event).await.expect("there is room");
                n += in_flight;
            }
        });
    }
    workers.join_all().await;
}

/// The loop that anyone would write first: one connection, one insert, one commit.
struct Plain {
    connection: Connection,
    next: u64,
}

impl Plain {
    /// With the log and the sync of the journal, or as SQLite is without being told.
    fn open(folder: &Path, wal: bool) -> Self {
        let connection = Connection::open(folder.join("plain.sqlite")).expect("a file can be made");
        if wal {
            connection
                .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
                .expect("SQLite has a log");
        }
        connection
            .execute_batch(
                "CREATE TABLE inbox (seq INTEGER PRIMARY KEY, source TEXT NOT NULL, key TEXT NOT NULL,
                     received_at INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0,
                     due_at INTEGER NOT NULL, headers BLOB NOT NULL, body BLOB NOT NULL,
                     UNIQUE (source, key))",
            )
            .expect("a table can be made");
        Self {
            connection,
            next: 0,
        }
    }

    fn accept(&mut self, bodies: &[Bytes]) {
        let mut insert = self
            .connection
            .prepare_cached(
                "INSERT INTO inbox (source, key, received_at, due_at, headers, body)
                 VALUES ('stripe', ?1, ?2, ?2, x'', ?3) ON CONFLICT (source, key) DO NOTHING",
            )
            .expect("the statement is right");
        for body in bodies {
            let key = format!("evt_{:016}", self.next);
            self.next += 1;
            insert
                .execute(params![key, 1_795_000_000_000_i64, body.as_ref()])
                .expect("there is room");
        }
    }
}

/// What is done at once, so that the journal's part of it is what is measured.
struct Nothing;

#[async_trait]
impl Effect for Nothing {
    async fn perform(&self, _: &EffectKey) -> Result<Bytes, EffectError> {
        Ok(Bytes::from_static(b"ACC-PAY-1"))
    }
    async fn probe(&self, _: &EffectKey) -> Result<Probe, EffectError> {
        Ok(Probe::NotFound)
    }
}

async fn perform(journal: &SqliteJournal, from: u64, count: u64, in_flight: u64) {
    let mut workers = JoinSet::new();
    for worker in 0..in_flight {
        let journal = journal.clone();
        workers.spawn(async move {
            let mut n = from + worker;
            while n < from + count {
                let key = EffectKey::new(format!("payment:pi_{n:016}")).expect("a short key");
                once(&journal, &key, &Nothing).await.expect("it is done");
                n += in_flight;
            }
        });
    }
    workers.join_all().await;
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .expect("a runtime starts")
}

fn open(runtime: &Runtime, folder: &Path) -> SqliteJournal {
    let journal = SqliteJournal::builder(folder).reserve(0);
    runtime.block_on(journal.open()).expect("the journal opens")
}

fn bodies(count: u64) -> Arc<Vec<Bytes>> {
    Arc::new((0..count).map(|n| Bytes::from(body(n))).collect())
}

fn journal(criterion: &mut Criterion) {
    let runtime = runtime();
    let mut group = criterion.benchmark_group("journal");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(4))
        .throughput(Throughput::Elements(1));
    let folder = tempfile::tempdir().expect("a folder can be made");
    let journal = open(&runtime, folder.path());
    let mut from = 0;
    for (name, in_flight) in [("accept, 256 in flight", IN_FLIGHT), ("accept, alone", 1)] {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|count| {
                let bodies = bodies(count);
                let began = now();
                runtime.block_on(accept(&journal, from, bodies, in_flight));
                from += count;
                began.elapsed()
            });
        });
    }
    for (name, in_flight) in [("once, 256 in flight", IN_FLIGHT), ("once, alone", 1)] {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|count| {
                let began = now();
                runtime.block_on(perform(&journal, from, count, in_flight));
                from += count;
                began.elapsed()
            });
        });
    }
    runtime.block_on(journal.close());
    group.finish();
}

/// What the group commit is for: the journal and the plain loops by turns, so that whatever else
/// the machine does meets all of them.
#[allow(
    clippy::cast_precision_loss,
    clippy::print_stdout,
    reason = "rough figures, for a person"
)]
fn by_turns() {
    const ROUNDS: usize = 5;
    const ROUND: Duration = Duration::from_millis(1_500);
    let runtime = runtime();
    let folder = || tempfile::tempdir().expect("a folder can be made");
    let folders = [folder(), folder(), folder()];
    let journal = open(&runtime, folders[0].path());
    let mut wal = Plain::open(folders[1].path(), true);
    let mut default = Plain::open(folders[2].path(), false);
    let (many, few) = (bodies(8_192), bodies(64));
    let mut from = 0;
    let mut rates = [Vec::new(), Vec::new(), Vec::new()];
    let mut cpu = Duration::ZERO;
    for _ in 0..ROUNDS {
        let before = cpu_time();
        rates[0].push(rate(ROUND, many.len(), || {
            runtime.block_on(accept(&journal, from, many.clone(), IN_FLIGHT));
            from += many.len() as u64;
        }));
        cpu += cpu_time().saturating_sub(before);
        rates[1].push(rate(ROUND, few.len(), || wal.accept(&few)));
        rates[2].push(rate(ROUND, few.len(), || default.accept(&few)));
    }
    runtime.block_on(journal.close());
    let [ours, plain, rollback] = rates.map(|mut rates: Vec<f64>| {
        rates.sort_by(f64::total_cmp);
        rates[ROUNDS / 2]
    });
    let cpu = cpu.as_secs_f64() * 1e6 / from as f64;
    let (times, rollback_times) = (ours / plain, ours / rollback);
    println!("by turns, median of {ROUNDS} rounds, durable accepts per second:");
    println!("  256 in flight                               {ours:>9.0}");
    println!("    processor time of each, callers included  {cpu:>9.1} µs");
    println!("  plain loop, WAL and FULL                    {plain:>9.0}   {times:>5.1}x");
    println!(
        "  plain loop, rollback journal (the default)  {rollback:>9.0}   {rollback_times:>5.1}x"
    );
}

/// Processor time of this process, as precise as the kernel's ticks of 10 ms; none elsewhere than
/// on Linux.
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok());
    Duration::from_millis(10 * ticks.sum::<u64>())
}

/// How many a second, of a piece of work that does so many, repeated for so long.
#[allow(clippy::cast_precision_loss, reason = "a rate is a rough figure")]
fn rate(time: Duration, each: usize, mut work: impl FnMut()) -> f64 {
    let began = now();
    let mut done = 0;
    while began.elapsed() < time {
        work();
        done += each;
    }
    done as f64 / began.elapsed().as_secs_f64()
}

#[allow(clippy::disallowed_methods, reason = "a bench measures time")]
fn now() -> Instant {
    Instant::now()
}

criterion_group!(benches, journal);

fn main() {
    benches();
    // Not when the program is only listed or tried.
    if std::env::args().any(|argument| argument == "--bench") {
        by_turns();
    }
    Criterion::default().configure_from_args().final_summary();
}
