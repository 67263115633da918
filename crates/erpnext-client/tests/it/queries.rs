//! What a query says in each dialect, and what it refuses to say.

use erpnext_client::{
    Api, Dialect, DocName, Document, Error, Field, Filter, Modified, Order, Period, Query,
    Rendered, Timespan,
};
use jiff::civil::{date, datetime, time};
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::world::{Things, for_each_site, unique};

const BOTH: [Dialect; 2] = [Dialect::V15, Dialect::V16];

fn render(query: &Query, dialect: Dialect) -> Rendered {
    query.render("Sales Invoice", dialect).unwrap()
}

fn one(filter: Filter, dialect: Dialect) -> Value {
    render(&Query::new().filter(filter), dialect).filters()[0].clone()
}

fn refusal(query: &Query, dialect: Dialect) -> String {
    match query.render("Sales Invoice", dialect) {
        Err(error @ Error::Invalid { .. }) => error.to_string(),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn every_operator_has_frappes_word() {
    let cases = [
        (Filter::eq("f", "v"), json!(["f", "=", "v"])),
        (Filter::ne("f", 1), json!(["f", "!=", 1])),
        (Filter::gt("f", 1), json!(["f", ">", 1])),
        (Filter::lt("f", 1), json!(["f", "<", 1])),
        (Filter::ge("f", 1), json!(["f", ">=", 1])),
        (Filter::le("f", 1), json!(["f", "<=", 1])),
        (Filter::like("f", "a%_"), json!(["f", "like", "a%_"])),
        (Filter::not_like("f", "a%"), json!(["f", "not like", "a%"])),
        (Filter::contains("f", "a"), json!(["f", "like", "%a%"])),
        (Filter::starts_with("f", "a"), json!(["f", "like", "a%"])),
        (Filter::ends_with("f", "a"), json!(["f", "like", "%a"])),
        (
            Filter::is_in("f", ["a, b", "c"]),
            json!(["f", "in", ["a, b", "c"]]),
        ),
        (Filter::not_in("f", [1, 2]), json!(["f", "not in", [1, 2]])),
        (
            Filter::between("f", date(2026, 5, 1), date(2026, 5, 2)),
            json!(["f", "between", ["2026-05-01", "2026-05-02"]]),
        ),
        (
            Filter::timespan("f", Timespan::Last7Days),
            json!(["f", "timespan", "last 7 days"]),
        ),
        (
            Filter::previous("f", Period::Quarter),
            json!(["f", "previous", "3 months"]),
        ),
        (
            Filter::next("f", Period::Week),
            json!(["f", "next", "1 week"]),
        ),
        (Filter::is_set("f"), json!(["f", "is", "set"])),
        (Filter::is_not_set("f"), json!(["f", "is", "not set"])),
        (
            Filter::ancestors_of("f", "n"),
            json!(["f", "ancestors of", "n"]),
        ),
        (
            Filter::not_ancestors_of("f", "n"),
            json!(["f", "not ancestors of", "n"]),
        ),
        (
            Filter::descendants_of("f", "n"),
            json!(["f", "descendants of", "n"]),
        ),
        (
            Filter::not_descendants_of("f", "n"),
            json!(["f", "not descendants of", "n"]),
        ),
        (
            Filter::descendants_of_inclusive("f", "n"),
            json!(["f", "descendants of (inclusive)", "n"]),
        ),
    ];
    for (filter, expected) in cases {
        for dialect in BOTH {
            assert_eq!(one(filter.clone(), dialect), expected);
        }
    }
}

#[test]
fn values_are_written_as_frappe_keeps_them() {
    let read: Modified = serde_json::from_str("\"2026-05-04 08:30:00\"").unwrap();
    let cases = [
        (Filter::eq("f", true), json!(1)),
        (Filter::eq("f", false), json!(0)),
        (Filter::eq("f", Decimal::new(12_950, 2)), json!(129.5)),
        (Filter::eq("f", Decimal::new(1_200, 2)), json!(12)),
        (
            Filter::eq("f", "0.1234567890123456789".parse::<Decimal>().unwrap()),
            json!("0.1234567890123456789"),
        ),
        (
            Filter::eq("f", DocName::new("TECH/é 1").unwrap()),
            json!("TECH/é 1"),
        ),
        (Filter::eq("f", date(2026, 5, 4)), json!("2026-05-04")),
        (
            Filter::eq("f", datetime(2026, 5, 4, 8, 30, 0, 0)),
            json!("2026-05-04 08:30:00"),
        ),
        (
            Filter::eq("f", datetime(2026, 5, 4, 8, 30, 0, 120_000_000)),
            json!("2026-05-04 08:30:00.12"),
        ),
        (Filter::eq("f", time(8, 5, 0, 0)), json!("08:05:00.000000")),
        (Filter::gt("f", &read), json!("2026-05-04 08:30:00")),
        // As they are: what "12,50" means is for the field's type to say, not for us.
        (Filter::eq("f", "12,50"), json!("12,50")),
        (Filter::eq("f", u64::MAX), json!(u64::MAX)),
    ];
    for (filter, expected) in cases {
        assert_eq!(one(filter, Dialect::V15)[2], expected);
    }
}

#[test]
fn null_is_asked_for_as_unset_in_both_dialects() {
    for dialect in BOTH {
        assert_eq!(
            one(Filter::eq("f", ()), dialect),
            json!(["f", "is", "not set"])
        );
        assert_eq!(
            one(Filter::ne("f", None::<i32>), dialect),
            json!(["f", "is", "set"])
        );
        for filter in [
            Filter::gt("f", ()),
            Filter::is_in("f", [Some("a"), None]),
            Filter::between("f", Some(1), None::<i32>),
        ] {
            assert!(refusal(&Query::new().filter(filter), dialect).contains("null"));
        }
    }
}

#[test]
fn between_what_are_no_dates_is_two_conditions() {
    for dialect in BOTH {
        let rendered = render(&Query::new().filter(Filter::between("f", 1, 2)), dialect);
        assert_eq!(rendered.filters(), &json!([["f", ">=", 1], ["f", "<=", 2]]));
    }
}

#[test]
fn a_literal_percent_is_escaped_where_that_is_possible_and_refused_elsewhere() {
    let filter = Filter::contains("f", r"100%_\");
    assert_eq!(
        one(filter.clone(), Dialect::V16),
        json!(["f", "like", r"%100\%\_\\%"])
    );
    let reason = refusal(&Query::new().filter(filter), Dialect::V15);
    assert!(reason.contains("use `like`"), "{reason}");
    // Frappe 15 doubles the backslash itself.
    let filter = Filter::starts_with("f", r"a\b");
    assert_eq!(
        one(filter.clone(), Dialect::V15),
        json!(["f", "like", r"a\b%"])
    );
    assert_eq!(one(filter, Dialect::V16), json!(["f", "like", r"a\\b%"]));
}

#[test]
fn alternatives_go_where_the_dialect_takes_them() {
    let both = Query::new()
        .filter(Filter::eq("a", 1))
        .filter(Filter::any([Filter::eq("b", 1), Filter::gt("c", 2)]));
    let listed = Query::new()
        .filter(Filter::eq("a", 1))
        .or_filter(Filter::eq("b", 1))
        .or_filter(Filter::gt("c", 2));
    for dialect in BOTH {
        let rendered = render(&both, dialect);
        assert_eq!(rendered, render(&listed, dialect));
        assert_eq!(rendered.api(), Api::V1);
        assert_eq!(rendered.filters(), &json!([["a", "=", 1]]));
        assert_eq!(
            rendered.or_filters(),
            &json!([["b", "=", 1], ["c", ">", 2]])
        );
    }

    let two_groups = both
        .clone()
        .filter(Filter::any([Filter::eq("d", 1), Filter::eq("e", 1)]));
    let rendered = render(&two_groups, Dialect::V16);
    assert_eq!(rendered.api(), Api::V2);
    assert_eq!(
        rendered.filters(),
        &json!([
            ["a", "=", 1],
            "and",
            [["b", "=", 1], "or", ["c", ">", 2]],
            "and",
            [["d", "=", 1], "or", ["e", "=", 1]],
        ])
    );
    assert_eq!(rendered.or_filters(), &json!([]));
    assert!(refusal(&two_groups, Dialect::V15).contains("several calls"));
    assert!(rendered.post_body().is_err());

    // Equalities on one field are one condition.
    let same_field = both.filter(Filter::any([
        Filter::eq("d", 1),
        Filter::is_in("d", [2, 3]),
    ]));
    for dialect in BOTH {
        let rendered = render(&same_field, dialect);
        assert_eq!(rendered.api(), Api::V1);
        assert_eq!(
            rendered.filters(),
            &json!([["a", "=", 1], ["d", "in", [1, 2, 3]]])
        );
        assert_eq!(
            rendered.or_filters(),
            &json!([["b", "=", 1], ["c", ">", 2]])
        );
    }
}

#[test]
fn what_can_be_known_beforehand_is() {
    let nobody = || Filter::is_in("name", Vec::<String>::new());
    let everybody = || Filter::not_in("name", Vec::<String>::new());
    let empty = |filter| render(&Query::new().filter(filter), Dialect::V15).is_known_empty();
    assert!(empty(nobody()));
    assert!(empty(Filter::all([Filter::eq("a", 1), nobody()])));
    assert!(empty(Filter::any([nobody(), Filter::any([])])));
    assert!(!empty(Filter::any([nobody(), Filter::eq("a", 1)])));
    assert!(!empty(everybody()));
    assert!(!empty(Filter::all([])));

    let rendered = render(&Query::new().filter(everybody()), Dialect::V15);
    assert_eq!(rendered.filters(), &json!([]));
    let rendered = render(
        &Query::new().filter(Filter::any([nobody(), Filter::eq("a", 1)])),
        Dialect::V15,
    );
    assert_eq!(rendered.filters(), &json!([["a", "=", 1]]));

    // The count of nothing is a row with a 0.
    let count = Query::new().field(Field::count()).filter(nobody());
    let rendered = render(&count, Dialect::V15);
    assert!(!rendered.is_known_empty());
    assert_eq!(rendered.filters(), &json!([["name", "in", []]]));
    assert!(render(&count.group_by("status"), Dialect::V15).is_known_empty());
}

#[test]
fn child_tables_and_links() {
    let query = Query::new()
        .fields(["name"])
        .filter(
            Filter::all([Filter::eq("item_code", "A"), Filter::gt("qty", 1)])
                .on("Sales Invoice Item"),
        )
        .order_by("creation", Order::Asc);
    let rendered = render(&query, Dialect::V15);
    assert_eq!(
        rendered.filters(),
        &json!([
            ["Sales Invoice Item", "item_code", "=", "A"],
            ["Sales Invoice Item", "qty", ">", 1]
        ])
    );
    assert!(rendered.joins());
    // Both tables have the column, and a document has several rows.
    let pairs = rendered.query_pairs();
    assert!(pairs.contains(&("order_by", "`tabSales Invoice`.`creation` asc".to_owned())));
    assert!(pairs.contains(&("group_by", "`tabSales Invoice`.`name`".to_owned())));
    let pairs = render(&query, Dialect::V16).query_pairs();
    assert!(pairs.contains(&("order_by", "creation asc".to_owned())));
    assert!(pairs.contains(&("group_by", "name".to_owned())));

    // A row per child was asked for here.
    let rows = query
        .field("items.qty as how_many")
        .order_by("how_many", Order::Desc);
    let rendered = render(&rows, Dialect::V15);
    assert_eq!(rendered.fields(), &json!(["name", "items.qty as how_many"]));
    assert!(
        rendered
            .query_pairs()
            .iter()
            .all(|(name, _)| *name != "group_by")
    );
    assert!(
        rendered
            .query_pairs()
            .iter()
            .any(|(_, value)| value.ends_with("how_many desc"))
    );

    let through = Query::new().filter(Filter::eq("customer.territory", "Québec"));
    assert_eq!(
        render(&through, Dialect::V16).filters(),
        &json!([["customer.territory", "=", "Québec"]])
    );
    assert!(refusal(&through, Dialect::V15).contains(".on("));
}

#[test]
fn aggregates_speak_the_dialect() {
    let query = Query::new()
        .fields([
            Field::count(),
            Field::sum("grand_total").named("total"),
            Field::avg("grand_total"),
            Field::min("posting_date"),
            Field::max("posting_date"),
        ])
        .group_by("customer")
        .group_by("status");
    assert_eq!(
        render(&query, Dialect::V15).fields(),
        &json!([
            "count(name) as count",
            "sum(grand_total) as total",
            "avg(grand_total) as avg",
            "min(posting_date) as min",
            "max(posting_date) as max",
        ])
    );
    assert_eq!(
        render(&query, Dialect::V16).fields(),
        &json!([
            {"COUNT": "name", "as": "count"},
            {"SUM": "grand_total", "as": "total"},
            {"AVG": "grand_total", "as": "avg"},
            {"MIN": "posting_date", "as": "min"},
            {"MAX": "posting_date", "as": "max"},
        ])
    );
    let pairs = render(&query, Dialect::V15).query_pairs();
    assert!(pairs.contains(&("group_by", "customer, status".to_owned())));

    let joined = Query::new()
        .field(Field::count())
        .filter(Filter::gt("qty", 1).on("Sales Invoice Item"));
    assert_eq!(
        render(&joined, Dialect::V15).fields(),
        &json!(["count(`tabSales Invoice`.`name`) as count"])
    );
    assert!(refusal(&joined.field(Field::max("creation")), Dialect::V15).contains("sort by"));
}

#[test]
fn order_always_has_a_direction_and_limits_are_never_nought() {
    let query = Query::new()
        .order_by("creation", Order::Desc)
        .order_by("name", Order::Asc)
        .limit(7)
        .start(14);
    for dialect in BOTH {
        let pairs = render(&query, dialect).query_pairs();
        assert_eq!(
            pairs,
            [
                ("order_by", "creation desc, name asc".to_owned()),
                ("limit_page_length", "7".to_owned()),
                ("limit_start", "14".to_owned()),
            ]
        );
        assert!(refusal(&Query::new().limit(0), dialect).contains("unlimited"));
    }

    let groups = Filter::any([
        Filter::all([Filter::eq("a", 1), Filter::eq("b", 1)]),
        Filter::eq("c", 1),
    ]);
    let nested = query.filter(groups);
    let pairs = render(&nested, Dialect::V16).query_pairs();
    assert!(pairs.contains(&("limit", "7".to_owned())));
    assert!(pairs.contains(&("start", "14".to_owned())));
    let pairs = render(&nested.unlimited(), Dialect::V16).query_pairs();
    assert!(pairs.iter().all(|(_, value)| value != "0"), "{pairs:?}");
    let pairs = render(&Query::new().unlimited(), Dialect::V16).query_pairs();
    assert_eq!(pairs, [("limit_page_length", "0".to_owned())]);
}

#[test]
fn six_hundred_names_go_into_a_body() {
    let names: Vec<String> = (0..600).map(|n| format!("Client é {n}")).collect();
    let query = Query::new()
        .filter(Filter::is_in("name", &names))
        .limit(600);
    let rendered = render(&query, Dialect::V15);
    assert!(rendered.needs_post(60));
    let body = rendered.post_body().unwrap();
    assert_eq!(body["doctype"], "Sales Invoice");
    assert_eq!(body["limit_page_length"], 600);
    assert_eq!(body["filters"], json!([["name", "in", names]]));

    let short = render(&Query::new().filter(Filter::eq("name", "a")), Dialect::V15);
    assert!(!short.needs_post(60));
    assert!(short.needs_post(3490));
}

#[test]
fn the_length_of_the_query_is_the_length_on_the_wire() {
    let query = Query::new()
        .fields(["name", "a.b"])
        .filter(Filter::eq("f", "é %&+/ \"*-._~"));
    let rendered = render(&query, Dialect::V15);
    let client = integration_core::HttpClient::builder("http://127.0.0.1")
        .build()
        .unwrap();
    let mut request = client.request(http::Method::GET, integration_core::ApiPath::new("x"));
    for (name, value) in rendered.query_pairs() {
        request = request.query(name, value);
    }
    let uri = request.build().unwrap().uri().to_string();
    let query = uri.split_once('?').unwrap().1;
    assert_eq!(rendered.query_len(), query.len() + 1);
}

#[test]
fn nothing_but_names_stands_where_names_stand() {
    let hostile = [
        "",
        " ",
        "name; drop table x",
        "name) or (1=1",
        "a.b.c",
        "a-b",
        "1a",
        "name--",
        "sleep(1)",
        "`name`",
        "`tabX`.`y` or 1",
        "`tabX` y`.z",
        "nàme",
        "a\nb",
    ];
    for name in hostile {
        for dialect in BOTH {
            let queries = [
                Query::new().filter(Filter::eq(name, 1)),
                Query::new().field(name),
                Query::new().order_by(name, Order::Asc),
                Query::new().group_by(name),
                Query::new().field(Field::sum(name)),
                Query::new().field(Field::count().named(name)),
                Query::new().field(Field::rows(name, ["a"])),
                Query::new().field(Field::rows("a", [name])),
            ];
            for query in queries {
                refusal(&query, dialect);
            }
        }
    }
    for doctype in ["", "a`b", "a/b", "x\"", "Sales Invoice ", "a;b"] {
        assert!(
            Query::new().render(doctype, Dialect::V15).is_err(),
            "{doctype:?}"
        );
        refusal_of_doctype(&Query::new().filter(Filter::eq("a", 1).on(doctype)));
        refusal_of_doctype(&Query::new().parent(doctype));
    }
}

fn refusal_of_doctype(query: &Query) {
    let error = query.render("Lead", Dialect::V15).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Invalid {
                what: "doctype",
                ..
            }
        ),
        "{error:?}"
    );
}

/// The titles of the things that a filter finds, in order.
async fn titles(things: &Things, filter: Filter) -> String {
    let found = things.docs.list().filter(filter).fields(["name", "title"]);
    let rows = found.order_by("title", Order::Asc).all().await.unwrap();
    let title = |row: &Document| {
        row.get("title")
            .and_then(Value::as_str)
            .unwrap_or("-")
            .to_owned()
    };
    rows.iter().map(title).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_site_finds_what_a_filter_says() {
    for_each_site(async |site| {
        let things = site.things().await;
        let rows = [
            json!({"title": "a", "qty": 1, "note": "50% off_x", "day": "2026-05-01", "done": 1,
                "lines": [{"item": "x", "qty": 1}, {"item": "x", "qty": 2}, {"item": "y", "qty": 9}]}),
            json!({"title": "b", "qty": 2, "note": "500 offax", "day": "2026-05-31",
                "lines": [{"item": "y", "qty": 1}]}),
            json!({"title": "c", "qty": 3, "note": "a\\b \"q\" é", "status": "Closed"}),
        ];
        for row in rows {
            things.make(site, &unique("q"), row).await;
        }
        let is = async |filter: Filter, expected: &str| {
            assert_eq!(titles(&things, filter.clone()).await, expected, "{filter:?}");
        };
        is(Filter::eq("qty", 2), "b").await;
        is(Filter::ne("qty", 2), "a c").await;
        is(Filter::ge("qty", Decimal::new(20, 1)), "b c").await;
        is(Filter::eq("done", true), "a").await;
        is(Filter::is_in("title", ["a", "c", "x, b"]), "a c").await;
        is(Filter::is_in("title", Vec::<String>::new()), "").await;
        is(Filter::not_in("title", ["a"]), "b c").await;
        is(Filter::between("day", date(2026, 5, 1), date(2026, 5, 30)), "a").await;
        is(Filter::eq("day", ()), "c").await;
        is(Filter::ne("day", ()), "a b").await;
        is(Filter::is_set("note"), "a b c").await;
        is(Filter::like("note", "50_ off%"), "a b").await;
        is(Filter::contains("note", "off"), "a b").await;
        is(Filter::starts_with("note", "a\\b"), "c").await;
        is(Filter::contains("note", "\"Q\""), "c").await;
        is(Filter::timespan("creation", Timespan::LastYear), "").await;
        is(Filter::timespan("creation", Timespan::Last7Days), "a b c").await;
        is(Filter::previous("creation", Period::Year), "").await;
        let percent = Filter::contains("note", "0% off_");
        match site.client().dialect().await.unwrap() {
            Dialect::V15 => assert!(things.docs.list().filter(percent).all().await.is_err()),
            _ => is(percent, "a").await,
        }

        // A document once, however many of its rows fit.
        is(Filter::eq("item", "x").on(&things.rows), "a").await;
        is(Filter::eq("item", "y").on(&things.rows), "a b").await;
        // One row must meet both.
        let row = |item: &str, qty: i32| [Filter::eq("item", item), Filter::eq("qty", qty)];
        is(Filter::all(row("x", 2)).on(&things.rows), "a").await;
        is(Filter::all(row("x", 9)).on(&things.rows), "").await;
        is(Filter::between("qty", 2, 3), "b c").await;
        is(Filter::between("qty", 5, 10).on(&things.rows), "a").await;
        is(Filter::any([Filter::eq("title", "c"), Filter::gt("qty", 5).on(&things.rows)]), "a c").await;

        let groups = Filter::all([
            Filter::any([Filter::eq("title", "a"), Filter::eq("qty", 3)]),
            Filter::any([Filter::eq("status", "Closed"), Filter::eq("qty", 2)]),
        ]);
        match site.client().dialect().await.unwrap() {
            Dialect::V15 => assert!(things.docs.list().filter(groups).all().await.is_err()),
            _ => is(groups, "c").await,
        }
        let same = Filter::all([
            Filter::any([Filter::eq("title", "a"), Filter::eq("title", "b")]),
            Filter::any([Filter::eq("qty", 2), Filter::eq("status", "Closed")]),
        ]);
        is(same, "b").await;
    })
    .await;
}

#[tokio::test]
async fn a_site_counts_and_sums() {
    for_each_site(async |site| {
        let things = site.things().await;
        for (title, qty) in [("a", 1), ("a", 2), ("b", 4)] {
            things
                .make(site, &unique("q"), json!({"title": title, "qty": qty}))
                .await;
        }
        let rows: Vec<Value> = things
            .docs
            .list()
            .select([
                "title".into(),
                Field::count().named("many"),
                Field::sum("qty").named("total"),
                Field::max("qty"),
            ])
            .group_by("title")
            .order_by("total", Order::Desc)
            .all()
            .await
            .unwrap();
        let read = |row: &Value| {
            let number = |key: &str| row[key].as_f64().unwrap();
            (
                row["title"].clone(),
                number("many"),
                number("total"),
                number("max"),
            )
        };
        assert_eq!(
            rows.iter().map(read).collect::<Vec<_>>(),
            [(json!("b"), 1.0, 4.0, 4.0), (json!("a"), 2.0, 3.0, 2.0)]
        );
    })
    .await;
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        Just("\"]],[[\"owner\",\"=\",\"x".to_owned()),
        Just("' or 1=1 --".to_owned()),
        Just("&filters=[]".to_owned()),
        "[a-z_]{1,8}",
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    let leaf = (text(), text(), 0..8_u8).prop_map(|(field, value, kind)| match kind {
        0 => Filter::eq(field, value),
        1 => Filter::is_in(field, [value]),
        2 => Filter::contains(field, value),
        3 => Filter::between(field, value.as_str(), value.as_str()),
        4 => Filter::eq(field, 1).on(value),
        5 => Filter::is_in(field, Vec::<i32>::new()),
        6 => Filter::descendants_of(field, value),
        _ => Filter::ne(field, None::<i32>),
    });
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Filter::all),
            proptest::collection::vec(inner, 0..4).prop_map(Filter::any),
        ]
    })
}

proptest! {
    #[test]
    fn rendering_never_panics_and_what_it_writes_is_json(
        filters in proptest::collection::vec(filter(), 0..4),
        field in text(),
        order in text(),
        v16: bool,
    ) {
        let dialect = if v16 { Dialect::V16 } else { Dialect::V15 };
        let mut query = Query::new().filters(filters).field(field).order_by(order, Order::Asc);
        if let Ok(rendered) = query.render("Lead", dialect) {
            for (name, value) in rendered.query_pairs() {
                if matches!(name, "fields" | "filters" | "or_filters") {
                    prop_assert!(serde_json::from_str::<Value>(&value).is_ok());
                }
            }
            prop_assert!(rendered.query_len() > 0);
        }
        query = query.limit(1);
        let _ = query.render("Lead", dialect);
    }

    #[test]
    fn a_value_stays_a_value(value: String, v16: bool) {
        let dialect = if v16 { Dialect::V16 } else { Dialect::V15 };
        let query = Query::new().filter(Filter::eq("f", value.as_str())).filter(Filter::eq("g", 1));
        let pairs = render(&query, dialect).query_pairs();
        prop_assert_eq!(pairs.len(), 1);
        let read: Value = serde_json::from_str(&pairs[0].1).unwrap();
        prop_assert_eq!(read, json!([["f", "=", value], ["g", "=", 1]]));
    }
}
