//! Streams: every document once, whatever happens meanwhile.

use std::pin::pin;

use erpnext_client::{Changes, DocName, Document, Error, Filter, List, Order, Record as _};
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::world::{Things, for_each_site};

async fn names(list: List<Document>) -> Vec<String> {
    let name = |thing: Document| thing.name().as_str().to_owned();
    list.stream().map_ok(name).try_collect().await.unwrap()
}

#[tokio::test]
async fn a_stream_goes_in_order_of_names_and_gives_each_once() {
    for_each_site(async |site| {
        let things = site.things().await;
        let rows = (0..31).map(|n| json!({"name": format!("s{n:02}"), "qty": n}));
        things.make_many(site, rows.collect()).await;
        let list = || things.docs.list().fields(["qty"]);
        let want: Vec<String> = (0..31).map(|n| format!("s{n:02}")).collect();
        for size in [1, 5, 30, 31, 32] {
            assert_eq!(names(list().page_size(size)).await, want, "{size}");
        }
        let down = list().order_by("name", Order::Desc).page_size(4);
        assert!(names(down).await.iter().rev().eq(&want));
        let some = list().filter(Filter::ge("qty", 10)).limit(12).page_size(5);
        assert_eq!(names(some).await, want[10..22]);
    })
    .await;
}

/// Values of a column, with ties, without values, and with what is not exact in binary.
fn column(name: &str) -> Vec<Value> {
    let null = Value::Null;
    match name {
        "qty" => [3, -1, 0, 3, 7, 0, 3, -5, 3, 2].map(Value::from).to_vec(),
        "amount" => [0.1, 129.95, -3.3, 0.1, 0.0, 0.1, 1e6, 0.1, 79.99, 0.3]
            .map(Value::from)
            .to_vec(),
        "ratio" => [
            0.123456789,
            1.0 / 3.0,
            0.123456789,
            -2.5,
            0.0,
            0.7,
            0.7,
            0.7,
            0.7,
            0.7,
        ]
        .map(Value::from)
        .to_vec(),
        "day" => vec![
            json!("2026-01-02"),
            null.clone(),
            json!("2026-01-01"),
            json!("2026-01-02"),
            null.clone(),
            json!("2026-01-02"),
            json!("2025-12-31"),
            json!("2026-01-02"),
            null,
            json!("2026-01-02"),
        ],
        "at" => vec![
            json!("2026-01-02 08:30:00.123456"),
            json!("2026-01-02 08:30:00"),
            null.clone(),
            json!("2026-01-02 08:30:00.123456"),
            json!("2026-01-02 08:30:00.123456"),
            json!("2026-01-02 08:30:00.123457"),
            null,
            json!("2025-12-31 23:59:59.999999"),
            json!("2026-01-02 08:30:00.123456"),
            json!("2026-01-02 08:30:00"),
        ],
        "clock" => [
            "8:30:00",
            "21:12:05.158591",
            "08:30:00",
            "00:00:01",
            "00:00:00",
            "23:59:59",
            "8:30:00",
            "",
            "7:00:00",
            "8:30:00",
        ]
        .map(Value::from)
        .to_vec(),
        _ => vec![
            json!("Zoé"),
            json!("zoe"),
            null.clone(),
            json!(""),
            json!("100% \\ 'quoted\" _x_"),
            json!("ZOE"),
            null,
            json!("a"),
            json!("100% \\ 'quoted\" _x_"),
            json!("été"),
        ],
    }
}

const COLUMNS: [&str; 8] = [
    "qty", "amount", "ratio", "day", "at", "clock", "title", "note",
];

async fn with_columns(site: &crate::world::Site) -> Things {
    let things = site.things().await;
    let rows = (0..10).map(|n| {
        let mut thing = json!({"name": format!("t{n}")});
        for name in COLUMNS {
            thing[name] = column(name)[n].clone();
        }
        thing
    });
    things.make_many(site, rows.collect()).await;
    things
}

/// Whether rows are in order of a column, ties in order of names; unset is least. Rows without a
/// value have no order of their own: null and an empty text are the same to a stream.
fn in_order(rows: &[Document], column: &str, order: Order) -> bool {
    let rank = |row: &Document| match row.get(column) {
        Some(Value::Number(number)) => Some((number.as_f64().unwrap(), String::new())),
        // To a site midnight is no time.
        Some(Value::String(text))
            if column == "clock" && text.trim_start_matches(['0', ':']).is_empty() =>
        {
            None
        }
        Some(Value::String(text)) if !text.is_empty() => {
            let text = text.to_lowercase().replace('é', "e");
            // Of a time, `8:30:00` and `08:30:00` are the same.
            let padded = match text.split_once(':') {
                Some((hour, rest)) if column == "clock" => format!("{hour:0>2}:{rest}"),
                _ => text,
            };
            Some((0.0, padded))
        }
        _ => None,
    };
    rows.windows(2).all(|pair| {
        let (first, then) = (rank(&pair[0]), rank(&pair[1]));
        let sorted = match order {
            Order::Asc => first <= then,
            Order::Desc => first >= then,
        };
        let by_name = first.is_none() || pair[0].name() < pair[1].name();
        sorted && (first != then || by_name)
    })
}

#[tokio::test]
async fn a_stream_in_order_of_a_column_gives_each_once() {
    for_each_site(async |site| {
        let things = with_columns(site).await;
        // A real site takes its time.
        let sizes: &[u32] = match site.fake() {
            Some(_) => &[1, 2, 3, 4, 9, 10, 11],
            None => &[2, 3, 10],
        };
        for name in COLUMNS {
            for order in [Order::Asc, Order::Desc] {
                for &size in sizes {
                    let list = things.docs.list().fields([name]).order_by(name, order);
                    let rows: Vec<Document> =
                        list.page_size(size).stream().try_collect().await.unwrap();
                    let mut given: Vec<_> = rows.iter().map(|row| row.name().clone()).collect();
                    given.sort();
                    given.dedup();
                    let told = || {
                        rows.iter()
                            .map(|row| (row.name().to_string(), row.get(name).cloned()))
                            .collect::<Vec<_>>()
                    };
                    assert_eq!(
                        (given.len(), rows.len()),
                        (10, 10),
                        "{name} {order:?} {size}: {:?}",
                        told()
                    );
                    assert!(
                        in_order(&rows, name, order),
                        "{name} {order:?} {size}: {:?}",
                        told()
                    );
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_comes_and_goes_meanwhile_makes_neither_gaps_nor_repetitions() {
    for_each_site(async |site| {
        let things = site.things().await;
        let rows = (0..12).map(|n| json!({"name": format!("k{n:02}"), "qty": n / 4}));
        things.make_many(site, rows.collect()).await;
        for order in ["name", "qty"] {
            let list = things
                .docs
                .list()
                .fields(["qty"])
                .order_by(order, Order::Asc)
                .page_size(3);
            let mut stream = pin!(list.stream());
            let mut given = Vec::new();
            while let Some(thing) = stream.next().await {
                let name = thing.unwrap().name().clone();
                match name.as_str() {
                    // One before the place of the stream goes, and one comes: an offset would shift.
                    "k03" => {
                        site.delete(&things.doctype, &given[0]).await;
                        things.make(site, "k00a", json!({"qty": 0})).await;
                    }
                    "k05" => {
                        // Behind the page that has been read and the one that may be on its way,
                        // in both orders.
                        things.make(site, "k09a", json!({"qty": 2})).await;
                        site.delete(&things.doctype, &DocName::new("k10").unwrap())
                            .await;
                    }
                    _ => {}
                }
                given.push(name);
            }
            let want = [
                "k00", "k01", "k02", "k03", "k04", "k05", "k06", "k07", "k08", "k09", "k09a", "k11",
            ];
            let given: Vec<_> = given.iter().map(DocName::as_str).collect();
            assert_eq!(given, want, "by {order}");
            // As it was.
            for name in ["k00a", "k09a"] {
                site.delete(&things.doctype, &DocName::new(name).unwrap())
                    .await;
            }
            for (name, qty) in [("k00", 0), ("k10", 2)] {
                things.make(site, name, json!({"qty": qty})).await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_stream_refuses_what_it_cannot_keep_and_ends_after_an_error() {
    for_each_site(async |site| {
        let docs = site.client().documents("ToDo");
        let list = || docs.list();
        for refused in [
            list().start(1),
            list().group_by("status"),
            list()
                .order_by("status", Order::Asc)
                .order_by("priority", Order::Asc),
            list().limit(0),
        ] {
            let mut stream = pin!(refused.stream());
            let error = stream.next().await.unwrap().unwrap_err();
            assert!(matches!(error, Error::Invalid { .. }));
            assert!(stream.next().await.is_none());
        }
        let unknown = list().filter(Filter::eq("no_such_field", 1));
        let mut stream = pin!(unknown.stream());
        assert!(matches!(
            stream.next().await.unwrap(),
            Err(Error::Server(_))
        ));
        assert!(stream.next().await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_thousand_are_each_given_once_while_others_insert() {
    for_each_site(async |site| {
        let things = site.things().await;
        let old: Vec<Changes> = (0..1_000)
            .map(|n| {
                Changes::new()
                    .set("name", format!("s{n:04}"))
                    .set("qty", n % 7)
            })
            .collect();
        assert!(things.docs.insert_many(&old).await.unwrap().is_done());
        for order in ["name", "qty"] {
            // Before, between and behind what is read meanwhile.
            let new: Vec<Changes> = (0..60)
                .map(|n| {
                    let name = format!("s{:04}-{order}", (n * 337) % 1_000);
                    Changes::new().set("name", name).set("qty", n % 7)
                })
                .collect();
            let inserted = async {
                for few in new.chunks(12) {
                    assert!(things.docs.insert_many(few).await.unwrap().is_done());
                }
            };
            let list = things.docs.list().order_by(order, Order::Asc).page_size(60);
            let (given, ()) = tokio::join!(list.names(), inserted);
            let given = given.unwrap();
            let mut seen = std::collections::HashSet::new();
            assert!(
                given.iter().all(|name| seen.insert(name.as_str())),
                "one came twice"
            );
            let missing: Vec<_> = (0..1_000)
                .map(|n| format!("s{n:04}"))
                .filter(|name| !seen.contains(name.as_str()))
                .collect();
            assert_eq!(missing, [""; 0], "by {order}");
        }
        assert_eq!(things.docs.count().await.unwrap(), 1_120);
    })
    .await;
}

#[tokio::test]
async fn a_row_that_does_not_fit_ends_a_stream_behind_those_before() {
    #[derive(Debug, Deserialize)]
    struct Small {
        name: DocName,
        #[serde(rename = "qty")]
        _qty: Digit,
    }
    #[derive(Debug, Deserialize)]
    #[serde(try_from = "i64")]
    struct Digit;
    impl TryFrom<i64> for Digit {
        type Error = &'static str;
        fn try_from(value: i64) -> Result<Self, Self::Error> {
            (0..10).contains(&value).then_some(Self).ok_or("no digit")
        }
    }
    for_each_site(async |site| {
        let things = site.things().await;
        let rows = [1, 2, 3, 99, 5].map(|n| json!({"name": format!("f{n:02}"), "qty": n}));
        things.make_many(site, rows.to_vec()).await;
        // In order of names: 1, 2, 3, 5, 99.
        let list = || things.docs.list().select::<Small, _>(["name", "qty"]);
        let wrong = |error: Error| {
            matches!(error, Error::Decode { what: "a row of a list", source: Some(at) }
                if at.line() == 1 && at.column() > 1)
        };
        let mut stream = pin!(list().page_size(3).stream());
        for name in ["f01", "f02", "f03", "f05"] {
            assert_eq!(stream.next().await.unwrap().unwrap().name.as_str(), name);
        }
        assert!(wrong(stream.next().await.unwrap().unwrap_err()));
        assert!(stream.next().await.is_none());
        assert!(wrong(list().limit(5).page().await.unwrap_err()));
        // The row beyond a page tells that there is one, and need not fit.
        let page = list().limit(4).page().await.unwrap();
        assert_eq!((page.items.len(), page.next), (4, Some(4)));
    })
    .await;
}
