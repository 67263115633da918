//! Ten thousand rows through a stream into structs, beside the bytes of the same pages alone; and
//! documents by their names in batches, beside one call for each.
//!
//! Both sides of the ratio send the same requests, one after the other: the same fields, page size
//! and conditions, 21 of them (20 full pages, and an empty one that ends them). The stream learns
//! from each page where the next begins, asks for it, and reads the rows into structs meanwhile; the
//! other side was told all the places beforehand, reads each body to its end, and looks at none of
//! it. Only a free processor can do two things at a time: on a busy machine the ratio of wall times
//! goes towards that of processor times.
//!
//! The site is the crate's own fake in this process, so its work is in the time of both sides, and
//! in the processor time too. They take turns, so that whatever else the machine does meets both.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a bench"
)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use erpnext_client::testing::FakeSite;
use erpnext_client::{Client, DocName, Document, Filter, Order, Query};
use futures_util::TryStreamExt as _;
use integration_core::{ApiPath, HttpClient};
use serde::Deserialize;
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::time::Instant;

const ROWS: usize = 10_000;
const PAGE: u32 = 500;
const FIELDS: [&str; 6] = [
    "name",
    "description",
    "status",
    "priority",
    "date",
    "modified",
];

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "decoded is enough")]
struct Row {
    name: DocName,
    description: String,
    status: String,
    priority: String,
    date: Option<String>,
    modified: String,
}

struct World {
    runtime: Runtime,
    fake: FakeSite,
    client: Client,
    http: HttpClient,
}

fn world() -> World {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let fake = runtime.block_on(FakeSite::start()).unwrap();
    for n in 0..ROWS {
        let description = format!("Splice the drop of pole {n}, rue Évangéline");
        fake.insert(
            "ToDo",
            json!({"description": description, "date": "2026-05-04"}),
        );
    }
    let client = Client::new(fake.url(), fake.credentials()).unwrap();
    let http = HttpClient::builder(fake.url())
        .header("Accept", "application/json")
        .header("Authorization", "token 0a1b2c3d4e5f6a7:7a6f5e4d3c2b1a0")
        .build()
        .unwrap();
    runtime.block_on(client.dialect()).unwrap();
    World {
        runtime,
        fake,
        client,
        http,
    }
}

impl World {
    async fn streamed(&self) -> Vec<Row> {
        let list = self.client.documents("ToDo").list().page_size(PAGE);
        list.select::<Row, _>(FIELDS)
            .stream()
            .try_collect()
            .await
            .unwrap()
    }

    /// As [`streamed`](Self::streamed), each row let go before the next is taken.
    async fn one_by_one(&self) -> usize {
        let list = self.client.documents("ToDo").list().page_size(PAGE);
        let mut rows = std::pin::pin!(list.select::<Row, _>(FIELDS).stream());
        let mut count = 0;
        while let Some(row) = rows.try_next().await.unwrap() {
            black_box(row);
            count += 1;
        }
        count
    }

    /// What the stream asks for, page by page.
    async fn pages(&self) -> Vec<Vec<(&'static str, String)>> {
        let dialect = self.client.dialect().await.unwrap();
        let rows = self.streamed().await;
        let lasts = rows.chunks(PAGE as usize).filter_map(<[Row]>::last);
        let lasts = lasts.map(|row| Some(row.name.as_str()));
        std::iter::once(None)
            .chain(lasts)
            .map(|last| {
                let mut query = Query::new().fields(FIELDS).limit(PAGE);
                if let Some(last) = last {
                    query = query.filter(Filter::gt("name", last));
                }
                let query = query.order_by("name", Order::Asc);
                query.render("ToDo", dialect).unwrap().query_pairs()
            })
            .collect()
    }

    /// The bytes of these pages: what the network and the site cost.
    async fn fetched(&self, pages: &[Vec<(&'static str, String)>]) -> usize {
        let mut bytes = 0;
        for page in pages {
            let path = ApiPath::new("api/resource/ToDo");
            let mut request = self.http.request(http::Method::GET, path);
            for (name, value) in page {
                request = request.query(*name, value);
            }
            bytes += black_box(request.send().await.unwrap().into_body()).len();
        }
        bytes
    }

    async fn singly(&self, names: &[DocName]) -> usize {
        let docs = self.client.documents("ToDo");
        let mut read = 0;
        for name in names {
            black_box::<Document>(docs.get(name).await.unwrap());
            read += 1;
        }
        read
    }

    async fn together(&self, names: &[DocName]) -> usize {
        self.client
            .documents("ToDo")
            .get_many(names)
            .await
            .unwrap()
            .documents()
            .len()
    }
}

/// Processor time of all threads of this process so far, where the system tells it.
fn processor_time() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten();
    let nanoseconds = tasks
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok())
        .filter_map(|line| line.split(' ').next()?.parse::<u64>().ok());
    Duration::from_nanos(nanoseconds.sum())
}

#[derive(Default)]
struct Times {
    wall: Vec<Duration>,
    processor: Vec<Duration>,
}

impl Times {
    async fn of(&mut self, work: impl Future<Output = usize>) -> usize {
        let (began, before) = (Instant::now(), processor_time());
        let done = black_box(work.await);
        self.wall.push(began.elapsed());
        self.processor.push(processor_time() - before);
        done
    }
}

fn compare(what: &str, streamed: &[Duration], fetched: &[Duration]) {
    let sorted = |times: &[Duration]| {
        let mut times = times.to_vec();
        times.sort();
        times
    };
    let (streamed, fetched) = (sorted(streamed), sorted(fetched));
    for (which, at) in [("least", 0), ("median", streamed.len() / 2)] {
        let (streamed, fetched) = (streamed[at], fetched[at]);
        println!(
            "{ROWS} rows, {what}, {which}: into structs {streamed:.1?}, bytes alone {fetched:.1?}, ratio {:.2}",
            streamed.as_secs_f64() / fetched.as_secs_f64(),
        );
    }
}

fn ratio(world: &World, pages: &[Vec<(&'static str, String)>]) {
    const ROUNDS: usize = 40;
    let (mut collected, mut passed) = (Times::default(), Times::default());
    let mut fetched = Times::default();
    world.runtime.block_on(async {
        for round in 0..ROUNDS * 3 {
            match (round % 3 + round / 3) % 3 {
                0 => {
                    let rows = async { black_box(world.streamed().await).len() };
                    assert_eq!(collected.of(rows).await, ROWS);
                }
                1 => assert_eq!(passed.of(world.one_by_one()).await, ROWS),
                _ => assert!(fetched.of(world.fetched(pages)).await > ROWS * 100),
            }
        }
    });
    compare("one by one, wall", &passed.wall, &fetched.wall);
    compare(
        "one by one, processor",
        &passed.processor,
        &fetched.processor,
    );
    compare("collected, wall", &collected.wall, &fetched.wall);
    compare(
        "collected, processor",
        &collected.processor,
        &fetched.processor,
    );
}

fn benches(criterion: &mut Criterion) {
    let world = world();
    let pages = world.runtime.block_on(world.pages());
    assert_eq!(pages.len(), ROWS / PAGE as usize + 1);
    world.fake.clear_requests();
    assert_eq!(world.runtime.block_on(world.one_by_one()), ROWS);
    assert_eq!(world.fake.requests().len(), pages.len());
    ratio(&world, &pages);
    let mut group = criterion.benchmark_group("listing");
    group.sample_size(10);
    group.bench_function("10,000 rows into structs", |bencher| {
        bencher.iter(|| world.runtime.block_on(world.streamed()).len());
    });
    group.bench_function("10,000 rows as bytes", |bencher| {
        bencher.iter(|| world.runtime.block_on(world.fetched(&pages)));
    });
    let todos = world.client.documents("ToDo").list().limit(100).names();
    let names = world.runtime.block_on(todos).unwrap();
    group.bench_function("100 documents, one call each", |bencher| {
        bencher.iter(|| world.runtime.block_on(world.singly(&names)));
    });
    group.bench_function("100 documents together", |bencher| {
        bencher.iter(|| world.runtime.block_on(world.together(&names)));
    });
    group.finish();
    drop(world.fake);
}

criterion_group!(all, benches);
criterion_main!(all);
