//! The page after the one at hand: on its way in time, and never more than that.

use std::cell::Cell;
use std::collections::VecDeque;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use erpnext_client::{Client, ClientBuilder, Dialect, DocName, Error, List, Order, RetryPolicy};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use integration_core::transport::{Transport, TransportError};
use integration_core::{ByteStream, RequestBody};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{Notify, oneshot};

use crate::wire::{Wire, json};

thread_local! {
    /// Pages asked for on this thread, which is all there is to a test's runtime.
    static ASKED: Cell<usize> = const { Cell::new(0) };
}

fn asked() -> usize {
    ASKED.get()
}

/// A row that knows how many pages had been asked for when it was read.
#[derive(Debug, Deserialize)]
struct Row {
    #[serde(rename = "name")]
    _name: DocName,
    #[serde(default = "asked")]
    asked: usize,
}

#[derive(Debug)]
enum Answer {
    Page(String),
    Status(u16),
    /// Until it is given up; then this is dropped.
    Never(oneshot::Sender<()>),
}

/// A page of this many rows.
fn page(number: usize, rows: usize) -> Answer {
    let row = |row| format!(r#"{{"name":"n{number}{row}","qty":1}}"#);
    let rows: Vec<_> = (0..rows).map(row).collect();
    Answer::Page(format!(r#"{{"data":[{}]}}"#, rows.join(",")))
}

/// Full pages of three rows, and then one that is not.
fn pages(full: usize) -> Vec<Answer> {
    let full = (0..full).map(|number| page(number, 3));
    full.chain([page(9, 1)]).collect()
}

/// Answers lists by a script, `slow` never, and anything else at once.
#[derive(Debug)]
struct Script {
    answers: Mutex<VecDeque<Answer>>,
    /// Told when the second page is asked for.
    second: Arc<Notify>,
}

#[async_trait::async_trait]
impl Transport for Script {
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<http::Response<ByteStream>, TransportError> {
        let (status, body) = match request.uri().path() {
            "/api/resource/Thing" => {
                ASKED.set(ASKED.get() + 1);
                if asked() == 2 {
                    self.second.notify_waiters();
                }
                let answer = self.answers.lock().unwrap().pop_front();
                match answer.expect("a page nobody was to ask for") {
                    Answer::Page(body) => (200, body),
                    Answer::Status(status) => (status, "{}".to_owned()),
                    Answer::Never(_guard) => std::future::pending().await,
                }
            }
            "/api/method/slow" => std::future::pending().await,
            _ => (200, r#"{"message":"pong"}"#.to_owned()),
        };
        let body: ByteStream = Box::pin(stream::iter([Ok(Bytes::from(body))]));
        Ok(http::Response::builder().status(status).body(body).unwrap())
    }
}

fn builder(answers: Vec<Answer>) -> ClientBuilder {
    ASKED.set(0);
    Client::builder("http://erp.example.ca")
        .dialect(Dialect::V15)
        .retry(RetryPolicy::default().base(Duration::from_millis(1)))
        .page_size(3)
        .transport(Script {
            answers: Mutex::new(answers.into()),
            second: Arc::default(),
        })
}

fn rows(client: &Client) -> List<Row> {
    let list = client.documents("Thing").list();
    list.select::<Row, _>(["name", "qty"])
}

fn list(answers: Vec<Answer>) -> List<Row> {
    rows(&builder(answers).build().unwrap())
}

fn asked_by_each(rows: Vec<Row>) -> Vec<usize> {
    rows.iter().map(|row| row.asked).collect()
}

#[tokio::test]
async fn the_next_page_has_been_asked_for_when_a_page_is_read() {
    for order in [Order::Asc, Order::Desc] {
        let streamed = list(pages(3)).order_by("name", order).stream();
        let streamed = asked_by_each(streamed.try_collect().await.unwrap());
        // Who has come to the second page is taken to want the third. None follows a short one.
        assert_eq!(streamed, [1, 1, 1, 3, 3, 3, 4, 4, 4, 4]);
        let all = list(pages(3)).order_by("name", order).all();
        let all = asked_by_each(all.await.unwrap());
        assert_eq!(all, [2, 2, 2, 3, 3, 3, 4, 4, 4, 4]);
    }
    // In another order the place of the next page is told by the last row as it is read.
    let by_qty = list(vec![page(0, 3), page(9, 0), page(9, 0)]).order_by("qty", Order::Asc);
    assert_eq!(asked_by_each(by_qty.all().await.unwrap()), [1, 1, 1]);
    assert_eq!(asked(), 3);
}

#[tokio::test]
async fn nobody_is_asked_for_more_than_is_wanted() {
    for (limit, pages_asked) in [(2, 1), (3, 1), (5, 2), (6, 2), (7, 3)] {
        let given = list(pages(5)).limit(limit).stream().count().await;
        assert_eq!((given, asked()), (limit as usize, pages_asked), "{limit}");
        let given = list(pages(5)).limit(limit).all().await.unwrap().len();
        assert_eq!((given, asked()), (limit as usize, pages_asked), "{limit}");
    }
    // Nothing tells how many of a stream will be taken: one page more, from the second on.
    for (taken, pages_asked) in [(1, 1), (3, 1), (4, 3), (6, 3), (7, 4)] {
        let given = list(pages(5)).stream().take(taken).count().await;
        assert_eq!((given, asked()), (taken, pages_asked), "{taken}");
    }
}

#[tokio::test]
async fn a_stream_that_is_dropped_gives_up_what_is_on_its_way() {
    let (guard, gone) = oneshot::channel();
    let mut stream = Box::pin(list(vec![page(0, 3), page(1, 3), Answer::Never(guard)]).stream());
    for _ in 0..4 {
        stream.next().await.unwrap().unwrap();
    }
    assert_eq!(asked(), 3);
    drop(stream);
    assert!(gone.await.is_err(), "dropped, not told");
}

#[tokio::test]
async fn the_last_slot_is_left_to_who_reads_the_rows() {
    // Nobody waits for a slot here.
    let builder = |answers| builder(answers).max_wait(Duration::ZERO);
    let client = builder(pages(3)).max_concurrent(1).build().unwrap();
    let mut stream = pin!(rows(&client).stream());
    let mut given = Vec::new();
    while let Some(row) = stream.try_next().await.unwrap() {
        client.ping().await.unwrap();
        given.push(row);
    }
    assert_eq!(asked_by_each(given), [1, 1, 1, 2, 2, 2, 3, 3, 3, 4]);

    let (guard, _gone) = oneshot::channel();
    let answers = vec![page(0, 3), page(1, 3), Answer::Never(guard)];
    let client = builder(answers).max_concurrent(2).build().unwrap();
    let mut stream = pin!(rows(&client).stream());
    for _ in 0..6 {
        stream.next().await.unwrap().unwrap();
        client.ping().await.unwrap();
    }
    assert_eq!(asked(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_found_no_slot_ahead_is_asked_for_in_its_turn() {
    let second = Arc::new(Notify::new());
    let script = Script {
        answers: Mutex::new(pages(2).into()),
        second: second.clone(),
    };
    let client = builder(Vec::new())
        .transport(script)
        .timeout(Duration::from_secs(3_600))
        .max_wait(Duration::from_secs(30))
        .max_concurrent(2)
        .build()
        .unwrap();
    // They take both slots between the decision to ask ahead and the call.
    let others = [(); 2].map(|()| {
        let (client, second) = (client.clone(), second.clone());
        tokio::spawn(async move {
            second.notified().await;
            client.rpc("slow").get::<()>().await
        })
    });
    tokio::task::yield_now().await;
    let mut stream = pin!(rows(&client).stream());
    for _ in 0..6 {
        stream.next().await.unwrap().unwrap();
    }
    tokio::time::sleep(Duration::from_secs(31)).await;
    assert_eq!(asked(), 2);
    for other in others {
        other.abort();
        assert!(other.await.unwrap_err().is_cancelled());
    }
    assert!(stream.next().await.unwrap().is_ok());
    assert!(stream.next().await.is_none());
    assert_eq!(asked(), 3);
}

#[tokio::test]
async fn a_failure_is_told_behind_the_rows_before_it() {
    let mut stream = pin!(list(vec![page(0, 3), page(1, 3), Answer::Status(417)]).stream());
    for _ in 0..6 {
        stream.next().await.unwrap().unwrap();
    }
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.status(), Some(417));
    assert!(stream.next().await.is_none());

    // What is tried again elsewhere is tried again here.
    let passing = vec![page(0, 3), page(1, 3), Answer::Status(503), page(2, 2)];
    assert_eq!(list(passing).stream().count().await, 8);
    assert_eq!(asked(), 4);
    let lasting = [page(0, 3), page(1, 3)];
    let lasting = lasting.into_iter().chain([503; 3].map(Answer::Status));
    let given: Vec<_> = list(lasting.collect()).stream().collect().await;
    assert_eq!((given.len(), asked()), (7, 5));
    let last = given.into_iter().next_back().unwrap();
    assert!(matches!(last, Err(Error::Server(_) | Error::Unexpected(_))));
}

#[tokio::test]
async fn a_row_that_does_not_fit_gives_up_what_is_on_its_way() {
    let wrong =
        Answer::Page(r#"{"data":[{"name":"a"},{"name":"b","asked":"x"},{"name":"c"}]}"#.into());
    let (guard, gone) = oneshot::channel();
    let mut stream = pin!(list(vec![page(0, 3), wrong, Answer::Never(guard)]).stream());
    for _ in 0..4 {
        stream.next().await.unwrap().unwrap();
    }
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Decode { .. }));
    assert!(stream.next().await.is_none());
    assert!(gone.await.is_err());
}

/// Rows in order of names, as texts.
fn misleading() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        (
            "as a site writes them",
            vec![
                r#"{"name":"a","x":"1"}"#,
                r#"{"name":"b","x":"},{\"name\":\"z\"}"}"#,
                r#"{"name":"c","x":"{}"}"#,
                r#"{"name":"d","x":", {\"name\":"}"#,
                r#"{"name":"e\"\u00e9{","x":null}"#,
                r#"{"name":"f","x":"{"}"#,
                r#"{"name":"g","x":""}"#,
            ],
        ),
        (
            "another key first",
            vec![
                r#"{"x":"a","name":"a"}"#,
                r#"{"x":"z","name":"b"}"#,
                r#"{"x":"name","name":"c"}"#,
                r#"{"x":"\"name\":\"z\"","name":"d"}"#,
                r#"{"x":", {","name":"e"}"#,
                r#"{"x":"","name":"f"}"#,
            ],
        ),
        (
            "objects within",
            vec![
                r#"{"name":"a","x":[{"name":"z"},{"name":"y"}]}"#,
                r#"{"name":"b","x":{"name":"z"}}"#,
                r#"{"name":"c","x":[{"name":"z"},{"name":"y"}]}"#,
                r#"{"name":"d","x":[1,{"name":"z"},{"name":"y"}]}"#,
                r#"{"name":"e","x":{"x":{"name":"y"}}}"#,
            ],
        ),
        (
            "rows that differ, and white space",
            vec![
                r#"{"name":"a"}"#,
                r#"{ "name": "b", "x": 1 }"#,
                r#"{"x":1,"name":"c"}"#,
                "{\n\"name\":\t\"d\"}",
                r#"{"name":"e"}"#,
            ],
        ),
    ]
}

#[tokio::test]
async fn whatever_rows_look_like_each_is_given_once() {
    for (what, texts) in misleading() {
        let want: Vec<Value> = texts
            .iter()
            .map(|text| serde_json::from_str(text).unwrap())
            .collect();
        for (open, between) in [("{\"data\":[", ","), ("{\n \"data\": [\n  ", " ,\n  ")] {
            let served: Vec<(String, &str)> = want
                .iter()
                .map(|row| row["name"].as_str().unwrap().to_owned())
                .zip(texts.clone())
                .collect();
            let wire = Wire::serving(move |request| {
                let pairs: Vec<_> = request.url.query_pairs().into_owned().collect();
                let pair = |key| {
                    pairs
                        .iter()
                        .find(|(name, _)| name == key)
                        .map(|(_, value)| value)
                };
                let filters: Value =
                    pair("filters").map_or(Value::Null, |text| serde_json::from_str(text).unwrap());
                let after = filters[0][2].as_str().unwrap_or_default();
                let size: usize = pair("limit_page_length").unwrap().parse().unwrap();
                let rows: Vec<&str> = served
                    .iter()
                    .filter(|(name, _)| name.as_str() > after)
                    .map(|(_, text)| *text)
                    .take(size)
                    .collect();
                json(200, &format!("{open}{}]}}", rows.join(between)))
            })
            .await;
            let list = || {
                let list = wire.client().documents("Thing").list();
                list.select::<Value, _>(["name", "x"])
            };
            for size in [1, 2, 3, 4] {
                let before = wire.seen().len();
                let given = list().page_size(size).all().await.unwrap();
                assert_eq!(given, want, "{what}, {size}");
                let asked = wire.seen().len() - before;
                assert_eq!(asked, want.len() / size as usize + 1, "{what}, {size}");
            }
        }
    }
}
