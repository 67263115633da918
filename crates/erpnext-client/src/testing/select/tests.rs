//! What lists answer, dialect by dialect.
#![allow(clippy::needless_pass_by_value, reason = "tests")]

use jiff::civil::date;
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};
use serde_json::{Map, Value, json};

use super::SelectRequest;
use crate::Dialect::{self, V15, V16};
use crate::testing::schema::{FieldDef, Schema};
use crate::testing::store::Store;

/// Three notes with lines, and a person they may be of.
fn site() -> Store {
    let mut store = Store::new();
    let schema = |name: &str, istable, fields: &[(&str, &str, &str)]| Schema {
        name: name.to_owned(),
        istable,
        fields: fields
            .iter()
            .map(|(name, kind, options)| FieldDef::new(name, kind, options))
            .collect(),
        ..Schema::default()
    };
    store.add_schema(schema(
        "Box Line",
        true,
        &[("code", "Data", ""), ("qty", "Float", "")],
    ));
    store.add_schema(schema("Owner Of Box", false, &[("town", "Data", "")]));
    let mut fields = vec![
        ("title", "Data", ""),
        ("count", "Int", ""),
        ("price", "Currency", ""),
        ("due", "Date", ""),
        ("seen", "Datetime", ""),
        ("opens", "Time", ""),
        ("lines", "Table", "Box Line"),
        ("holder", "Link", "Owner Of Box"),
        ("group", "Link", "Item Group"),
    ];
    fields.push(("heading", "Section Break", ""));
    store.add_schema(schema("Box", false, &fields));
    let mut put = |doctype: &str, doc: Value| {
        let Value::Object(doc) = doc else { panic!() };
        store.insert(doctype, doc).unwrap();
    };
    put("Owner Of Box", json!({"name": "Zoé", "town": "Rawdon"}));
    put(
        "Box",
        json!({
            "name": "été", "title": "Une Boîte", "count": 3, "price": 12.5, "due": "2026-11-01",
            "seen": "2026-11-10 23:30:00.500000", "opens": "08:30:00", "holder": "Zoé", "group": "Internet",
            "lines": [{"name": "l1", "code": "A", "qty": 1}, {"name": "l2", "code": "B", "qty": 2}],
        }),
    );
    put(
        "Box",
        json!({
            "name": "hiver", "title": "", "count": 0, "price": 7, "due": "2026-11-10",
            "seen": "2026-11-11T08:00:00", "opens": "21:12:05.158591", "group": "Services",
            "lines": [{"name": "l3", "code": "a", "qty": 5}],
        }),
    );
    put(
        "Box",
        json!({"name": "printemps", "count": 3, "price": 0.5, "group": "Équipement"}),
    );
    store
}

fn ask(more: Value) -> SelectRequest<'static> {
    let text = |key: &str| more.get(key).and_then(Value::as_str).map(str::to_owned);
    SelectRequest {
        doctype: text("doctype").unwrap_or_else(|| "Box".to_owned()),
        fields: more.get("fields").cloned(),
        filters: more.get("filters").cloned(),
        or_filters: more.get("or_filters").cloned(),
        order_by: text("order_by").or(Some("name asc".to_owned())),
        group_by: text("group_by"),
        start: more["start"].as_u64().unwrap_or_default(),
        limit: more["limit"].as_u64(),
        parent: text("parent"),
        as_lists: more["as_lists"] == true,
        nested_filters_allowed: more["v2"] == true,
        today: date(2026, 11, 11),
        ..SelectRequest::default()
    }
}

fn names(store: &Store, filters: Value, dialect: Dialect) -> Vec<String> {
    let rows = store
        .select(&ask(json!({ "filters": filters })), dialect)
        .unwrap();
    rows.iter()
        .map(|row| row["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn operators() {
    let store = site();
    let all = ["été", "hiver", "printemps"];
    let cases: Vec<(Value, &[&str])> = vec![
        (json!([["name", "=", "ETE "]]), &["été"]),
        (json!([["title", "=", "une boite"]]), &["été"]),
        (json!({"name": "Hiver"}), &["hiver"]),
        (json!({"count": [">", 1]}), &["été", "printemps"]),
        (
            json!("[[\"Box\", \"count\", \"=\", \"3\"]]"),
            &["été", "printemps"],
        ),
        (json!([["title", "!=", "x"]]), &all),
        (json!([["title", "like", "%BOI%"]]), &["été"]),
        (
            json!([["title", "not like", "une%"]]),
            &["hiver", "printemps"],
        ),
        (
            json!([["name", "in", ["ete", "hiver", "none"]]]),
            &["été", "hiver"],
        ),
        (
            json!([["name", "in", "ete, printemps"]]),
            &["été", "printemps"],
        ),
        (json!([["name", "in", []]]), &[]),
        (
            json!([["name", "not in", ["ETE"]]]),
            &["hiver", "printemps"],
        ),
        (json!([["title", "is", "set"]]), &["été"]),
        (json!([["title", "is", "not set"]]), &["hiver", "printemps"]),
        (json!([["count", "is", "not set"]]), &["hiver"]),
        (json!([["holder", "is", "set"]]), &["été"]),
        (json!([["name", ">", "ETE"]]), &["hiver", "printemps"]),
        (json!([["name", "<=", "hiver"]]), &["été", "hiver"]),
        (json!([["price", ">", 1], ["price", "<", 10]]), &["hiver"]),
        (
            json!([["due", "between", ["2026-11-01", "2026-11-10"]]]),
            &["été", "hiver"],
        ),
        // The end of a range of times is the whole day.
        (
            json!([["seen", "between", ["2026-11-10", "2026-11-10"]]]),
            &["été"],
        ),
        (json!([["seen", "timespan", "today"]]), &["hiver"]),
        (json!([["seen", "timespan", "yesterday"]]), &["été"]),
        (
            json!([["seen", "=", "2026-11-11 08:00:00.000000"]]),
            &["hiver"],
        ),
        (json!([["due", "<", "2026-11-05"]]), &["été", "printemps"]),
        (json!([["opens", "=", "8:30:00"]]), &["été"]),
        (json!([["group", "descendants of", "Services"]]), &["été"]),
        (
            json!([["group", "descendants of (inclusive)", "Services"]]),
            &["été", "hiver"],
        ),
        (
            json!([["group", "not descendants of", "Services"]]),
            &["hiver", "printemps"],
        ),
        (json!([["group", "ancestors of", "Internet"]]), &["hiver"]),
        // Without accents and case in child rows, too; a row for each that matches.
        (json!([["Box Line", "code", "=", "a"]]), &["été", "hiver"]),
        (
            json!([["Box Line", "qty", ">", 0.5]]),
            &["été", "été", "hiver"],
        ),
        (
            json!([["Box Line", "code", "=", "A"], ["Box Line", "qty", ">", 2]]),
            &["hiver"],
        ),
    ];
    for (filters, wanted) in cases {
        for dialect in [V15, V16] {
            assert_eq!(
                names(&store, filters.clone(), dialect),
                wanted,
                "{filters} {dialect:?}"
            );
        }
    }
}

#[test]
fn a_null_is_equal_to_null_on_version_16_alone() {
    let store = site();
    let filters = json!([["due", "=", null]]);
    assert!(names(&store, filters.clone(), V15).is_empty());
    assert_eq!(names(&store, filters, V16), ["printemps"]);
}

#[test]
fn refusals() {
    let store = site();
    let cases = [
        (
            json!({"fields": ["nope"]}),
            Some((417, "DataError")),
            Some((417, "DataError")),
        ),
        (
            json!({"filters": [["nope", "=", 1]]}),
            Some((417, "DataError")),
            Some((417, "DataError")),
        ),
        (
            json!({"filters": [["name", "foo", 1]]}),
            Some((417, "ValidationError")),
            Some((500, "KeyError")),
        ),
        (
            json!({"filters": [["lines.code", "=", "A"]]}),
            Some((500, "OperationalError")),
            None,
        ),
        (
            json!({"filters": [["holder.town", "=", "Rawdon"]]}),
            Some((500, "OperationalError")),
            None,
        ),
        (
            json!({"filters": "nonsense"}),
            Some((500, "JSONDecodeError")),
            Some((500, "JSONDecodeError")),
        ),
        (
            json!({"filters": [["name"]]}),
            Some((500, "IndexError")),
            Some((500, "IndexError")),
        ),
        (
            json!({"filters": [[["name", "=", "a"], "or", ["name", "=", "b"]]]}),
            Some((500, "AttributeError")),
            Some((500, "AttributeError")),
        ),
        (
            json!({"filters": [["price", "between", [1, 20]]]}),
            Some((500, "ProgrammingError")),
            None,
        ),
        (
            json!({"filters": [["name", "=", ["a"]]]}),
            Some((500, "ProgrammingError")),
            Some((500, "ProgrammingError")),
        ),
        (
            json!({"order_by": "name; drop"}),
            None,
            Some((417, "ValidationError")),
        ),
        (
            json!({"order_by": "nope desc"}),
            Some((500, "OperationalError")),
            Some((403, "PermissionError")),
        ),
        (
            json!({"group_by": "nope"}),
            Some((500, "OperationalError")),
            Some((403, "PermissionError")),
        ),
        (
            json!({"fields": ["count(name) as n"]}),
            None,
            Some((417, "ValidationError")),
        ),
        (
            json!({"fields": ["count(*) as n"]}),
            Some((417, "DataError")),
            Some((417, "DataError")),
        ),
        (
            json!({"fields": [{"COUNT": "name", "as": "n"}]}),
            Some((500, "TypeError")),
            None,
        ),
        (
            json!({"fields": [{"FOO": "name"}]}),
            Some((500, "TypeError")),
            Some((417, "ValidationError")),
        ),
        (
            json!({"fields": ["name", {"lines": ["code"]}]}),
            Some((500, "TypeError")),
            None,
        ),
        (
            json!({"fields": ["distinct count"]}),
            None,
            Some((403, "PermissionError")),
        ),
        (
            json!({"doctype": "Nope"}),
            Some((404, "DoesNotExistError")),
            Some((404, "DoesNotExistError")),
        ),
        (
            json!({"doctype": "Box Line"}),
            Some((403, "PermissionError")),
            None,
        ),
        (json!({"doctype": "Box Line", "parent": "Box"}), None, None),
    ];
    for (request, v15, v16) in cases {
        for (dialect, wanted) in [(V15, v15), (V16, v16)] {
            let found = store.select(&ask(request.clone()), dialect);
            let refused = found
                .err()
                .map(|refusal| (refusal.status, refusal.exc_type));
            assert_eq!(refused, wanted, "{request} {dialect:?}");
        }
    }
}

#[test]
fn rows_and_their_values() {
    let store = site();
    let cases = [
        (
            V15,
            json!({"fields": ["name", "count", "price", "due", "seen", "opens", "title as t"], "limit": 1}),
            json!([{"name": "été", "count": 3, "price": 12.5, "due": "2026-11-01",
                "seen": "2026-11-10 23:30:00.500000", "opens": "8:30:00", "t": "Une Boîte"}]),
        ),
        (
            V15,
            json!({"fields": ["opens", "seen", "title", "due"], "start": 1, "limit": 1}),
            json!([{"opens": "21:12:05.158591", "seen": "2026-11-11 08:00:00", "title": "", "due": "2026-11-10"}]),
        ),
        (
            V16,
            json!({"fields": ["name", "count"], "as_lists": true, "limit": 1}),
            json!([["été", 3]]),
        ),
        (
            V15,
            json!({"fields": ["name", "lines.code"]}),
            json!([
            {"name": "été", "code": "A"}, {"name": "été", "code": "B"},
            {"name": "hiver", "code": "a"}, {"name": "printemps", "code": null}]),
        ),
        (
            V16,
            json!({"fields": ["`tabBox Line`.qty as q"], "filters": {"name": "hiver"}}),
            json!([{"q": 5.0}]),
        ),
        (
            V15,
            json!({"fields": ["name", "holder.town as where"], "limit": 2}),
            json!([{"name": "été", "where": "Rawdon"}, {"name": "hiver", "where": null}]),
        ),
        (
            V16,
            json!({"fields": ["name", {"lines": ["code", "qty"]}], "limit": 1}),
            json!([{"name": "été", "lines": [{"code": "A", "qty": 1.0}, {"code": "B", "qty": 2.0}]}]),
        ),
        (
            V16,
            json!({"filters": [["lines.code", "=", "b"]]}),
            json!([{"name": "été"}]),
        ),
        (
            V15,
            json!({"fields": ["count", "count(name) as n", "sum(price) as s"], "group_by": "count", "order_by": "n desc"}),
            json!([{"count": 3, "n": 2, "s": 13.0}, {"count": 0, "n": 1, "s": 7.0}]),
        ),
        (
            V16,
            json!({"fields": ["count", {"COUNT": "name", "as": "n"}, {"MAX": "price", "as": "m"}], "group_by": "count", "order_by": "n asc"}),
            json!([{"count": 0, "n": 1, "m": 7.0}, {"count": 3, "n": 2, "m": 12.5}]),
        ),
        (
            V16,
            json!({"fields": [{"DIV": [{"SUM": "price"}, {"COUNT": "name"}], "as": "r"}], "filters": {"count": 3}}),
            json!([{"r": 6.5}]),
        ),
        (
            V16,
            json!({"fields": [{"COUNT": "name"}], "filters": {"name": "none"}}),
            json!([{"COUNT(`name`)": 0}]),
        ),
        (
            V15,
            json!({"fields": ["distinct count"], "order_by": "count asc"}),
            json!([{"count": 0}, {"count": 3}]),
        ),
        (
            V16,
            json!({"filters": [["name", "=", "hiver"], "or", ["name", "=", "ete"]], "v2": true}),
            json!([{"name": "été"}, {"name": "hiver"}]),
        ),
        (
            V15,
            json!({"filters": [["count", "=", 3]], "or_filters": [["name", "=", "ete"], ["price", ">", 100]]}),
            json!([{"name": "été"}]),
        ),
        (
            V15,
            json!({"order_by": "count desc, price asc"}),
            json!([{"name": "printemps"}, {"name": "été"}, {"name": "hiver"}]),
        ),
        (
            V15,
            json!({"fields": "[]", "order_by": "name desc", "limit": 1}),
            json!([{"name": "printemps"}]),
        ),
    ];
    for (dialect, request, wanted) in cases {
        let found = store.select(&ask(request.clone()), dialect);
        assert_eq!(found, Ok(wanted.as_array().unwrap().clone()), "{request}");
    }
    let every = store
        .select(&ask(json!({"fields": ["*"], "limit": 1})), V15)
        .unwrap();
    assert!(every[0].get("lines").is_none() && every[0]["_user_tags"].is_null());
}

#[test]
fn many_rows_are_found_the_same_way_as_few() {
    let mut store = site();
    for number in 0..3_000_u32 {
        let mut doc = Map::new();
        doc.insert("name".to_owned(), json!(format!("BOX-{number:05}")));
        doc.insert("count".to_owned(), json!(number % 7));
        doc.insert("price".to_owned(), json!(f64::from(number % 100)));
        doc.insert("title".to_owned(), json!(format!("Titre {}", number % 50)));
        store.insert("Box", doc).unwrap();
    }
    // What an index finds is what reading everything finds.
    for filters in [
        json!([["count", "=", 3], ["price", ">", 90]]),
        json!([["title", "like", "titre 4%"]]),
        json!([["title", "in", ["", "titre 7"]]]),
        json!([["price", "<=", 1], ["name", ">", "box-02000"]]),
        json!([["title", "<", "titre 2"]]),
        json!([["count", "in", [1, 2]], ["title", "=", "TITRE 8"]]),
    ] {
        let read = |limit: Option<u64>, order: &str| {
            let mut request = ask(json!({ "filters": filters, "order_by": order }));
            request.limit = limit;
            store.select(&request, V16).unwrap()
        };
        let every = store
            .select(
                &ask(json!({"fields": ["name", "title", "count", "price"]})),
                V16,
            )
            .unwrap();
        let mut slow = 0;
        for row in &every {
            let one = json!([["name", "=", row["name"]]]);
            let both: Vec<Value> = [
                filters.as_array().unwrap().clone(),
                one.as_array().unwrap().clone(),
            ]
            .concat();
            slow += names(&store, Value::Array(both), V16).len();
        }
        for order in [
            "name asc",
            "price desc, name asc",
            "count asc, price desc, name desc",
        ] {
            let all = read(None, order);
            assert_eq!(all.len(), slow, "{filters}");
            let paged = read(Some(25), order);
            assert_eq!(paged, all[..25.min(all.len())], "{filters} {order}");
        }
        assert_eq!(
            store.count("Box", &filters, V16, date(2026, 1, 1), None),
            Ok(slow as u64)
        );
    }
    // Indexes follow what is written.
    let wanted = json!([["title", "=", "Titre 9"]]);
    let before = names(&store, wanted.clone(), V16).len();
    let mut doc = store.get("Box", "box-00001").unwrap();
    doc.insert("title".to_owned(), json!("titre 9"));
    store.update("Box", "BOX-00001", doc).unwrap();
    assert!(store.remove("Box", "BOX-00009"));
    assert_eq!(names(&store, wanted.clone(), V16).len(), before);
    store.rename("Box", "BOX-00001", "Renommée").unwrap();
    assert!(names(&store, wanted, V16).contains(&"Renommée".to_owned()));
}

#[test]
fn names_and_unique_values_are_taken_once() {
    let mut store = site();
    let mut unique = FieldDef::new("code", "Data", "");
    unique.unique = true;
    store.add_field("Box", unique.clone()).unwrap();
    assert_eq!(store.add_field("Box", unique).unwrap_err().status, 417);
    let doc = |name: &str, code: &str| match json!({"name": name, "code": code}) {
        Value::Object(doc) => doc,
        _ => Map::new(),
    };
    assert_eq!(store.insert("Box", doc("ETE", "")).unwrap_err().status, 409);
    store.insert("Box", doc("un", "Clé")).unwrap();
    assert_eq!(
        store
            .insert("Box", doc("deux", "CLE"))
            .unwrap_err()
            .exc_type,
        "UniqueValidationError"
    );
    store.insert("Box", doc("deux", "")).unwrap();
    store.insert("Box", doc("trois", "")).unwrap();
    store.update("Box", "un", doc("un", "cle")).unwrap();
}

#[test]
fn links_are_followed_and_renamed() {
    let mut store = site();
    assert_eq!(
        store.links_to("Owner Of Box", "zoe"),
        Some(("Box".to_owned(), "été".to_owned()))
    );
    store.rename("Owner Of Box", "Zoé", "Léo").unwrap();
    assert_eq!(store.get("Box", "été").unwrap()["holder"], "Léo");
    store.rename("Box", "ete", "Août").unwrap();
    let doc = store.get("Box", "aout").unwrap();
    assert_eq!(doc["name"], "Août");
    assert_eq!(doc["lines"][1]["parent"], "Août");
    assert!(store.remove("Box", "août"));
    assert_eq!(store.links_to("Owner Of Box", "Léo"), None);
    assert_eq!(store.count_rows("Box Line"), 1);
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        prop_oneof![
            Just("name"),
            Just("lines.code"),
            Just("seen"),
            Just("Box"),
            Just("Box Line"),
            Just("="),
            Just("like"),
            Just("between"),
            Just("timespan"),
            Just("in"),
            Just("is"),
            Just("and"),
            Just("or"),
            Just("%é_\\"),
            Just("descendants of"),
            Just("group"),
            Just("last 9 years"),
            Just("`tabBox`.name"),
            Just("COUNT"),
            Just("price"),
            Just("count(name) as n"),
        ]
        .prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map("(name|as|COUNT|SUM|lines|opens|.{0,4})", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_request_panics(
        fields in json_value(), filters in json_value(), or_filters in json_value(),
        order_by in "(name|price|lines.code|.{0,9})( desc| ASC|,)?.{0,6}", group_by in "(count|.{0,6})?",
        start in any::<u64>(), v2 in any::<bool>(), v16 in any::<bool>(),
    ) {
        thread_local! {
            static SITE: Store = site();
        }
        let mut request = ask(json!({"fields": fields, "filters": filters, "or_filters": or_filters, "v2": v2}));
        request.order_by = Some(order_by);
        request.group_by = Some(group_by);
        request.start = start % 4;
        let dialect = if v16 { V16 } else { V15 };
        SITE.with(|store| {
            let _ = store.select(&request, dialect);
            let _ = store.count("Box", &request.filters.clone().unwrap_or_default(), dialect, request.today, None);
        });
    }
}
