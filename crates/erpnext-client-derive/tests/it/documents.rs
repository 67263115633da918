//! `#[derive(Doctype)]`.

use erpnext_client::value::{Decimal, Extra};
use erpnext_client::{ChildTable, DocName, Doctype, Modified, Patch, Record, Row};
use serde_json::json;

#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Thing")]
pub(crate) struct Thing {
    pub(crate) title: String,
    pub(crate) name: DocName,
    modified: Modified,
    r#type: Option<String>,
    #[doctype(rename = "2nd")]
    second: Option<u32>,
    qty: i64,
    ready: bool,
    #[doctype(read_only)]
    total: Option<Decimal>,
    #[doctype(unlisted)]
    later: Option<String>,
    rows: Vec<ThingRow>,
    owner: Option<DocName>,
    #[doctype(extra)]
    rest: Extra,
}

#[derive(Clone, Debug, Default, PartialEq, Doctype)]
#[doctype(name = "Thing Row", child)]
pub(crate) struct ThingRow {
    name: Option<DocName>,
    label: Option<String>,
    price: Option<Decimal>,
    done: bool,
    #[doctype(extra)]
    extra: Extra,
}

/// The least a doctype can be: unknown fields are dropped.
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Least", crate = "::erpnext_client")]
struct Least {
    name: DocName,
}

fn thing(text: &str) -> Thing {
    serde_json::from_str(text).unwrap()
}

fn error(text: &str) -> String {
    serde_json::from_str::<Thing>(text).unwrap_err().to_string()
}

const THING: &str = r#"{"name":1,"title":"A","modified":"m","qty":"3","ready":0}"#;

#[test]
fn constants_tell_what_lists_ask_for() {
    assert_eq!(Thing::DOCTYPE, "Thing");
    let fields = [
        "name", "title", "modified", "type", "2nd", "qty", "ready", "total", "owner",
    ];
    assert_eq!(Thing::FIELDS, fields);
    let rows = ChildTable {
        field: "rows",
        doctype: "Thing Row",
    };
    assert_eq!(Thing::TABLES, [rows]);
    assert_eq!(ThingRow::FIELDS, ["name", "label", "price", "done"]);
    assert!(Least::TABLES.is_empty());
}

#[test]
fn the_record_knows_its_name_and_its_lock() {
    let thing = thing(THING);
    assert_eq!(thing.name().as_str(), "1");
    assert_eq!(thing.modified().map(Modified::as_str), Some("m"));
    let least: Least = serde_json::from_str(r#"{"name":"L","more":{"a":[1,2]}}"#).unwrap();
    assert_eq!(least.modified(), None);
    assert_eq!(serde_json::to_value(&least).unwrap(), json!({"name": "L"}));
}

#[test]
fn fields_that_are_missing_null_or_empty() {
    let read = thing(THING);
    assert_eq!((read.second, read.total, read.rows.len()), (None, None, 0));
    let nulls = thing(
        r#"{"name":1,"title":"","modified":"m","qty":3,"ready":false,"2nd":"","type":"","total":null,"rows":null}"#,
    );
    assert_eq!(
        (nulls.second, nulls.total, nulls.rows.len()),
        (None, None, 0)
    );
    assert_eq!(nulls.r#type.as_deref(), Some(""), "an empty text is a text");
    assert_eq!(nulls.title, "");
    for (text, why) in [
        (
            r#"{"name":1,"modified":"m","qty":3,"ready":0}"#,
            "field `title` of Thing: missing",
        ),
        (
            r#"{"name":1,"title":"A","modified":"m","qty":null}"#,
            "field `qty` of Thing: empty",
        ),
        (
            r#"{"name":1,"title":"A","modified":"m","qty":""}"#,
            "field `qty` of Thing: empty",
        ),
        (r#"{"name":null}"#, "field `name` of Thing: empty"),
        (
            r#"{"name":1,"qty":"x"}"#,
            "field `qty` of Thing: needs an integer",
        ),
        (
            r#"{"rows":[{"price":1,"done":0},{"price":"12,50"}]}"#,
            "field `rows` of Thing: field `price` of Thing Row: needs a number",
        ),
    ] {
        let error = error(text);
        assert!(error.starts_with(why), "{error}");
        assert!(!error.contains("12,50"), "{error}");
    }
}

#[test]
fn what_has_no_place_is_kept_and_written_back() {
    let text = json!({
        "name": "T", "title": "A", "modified": "m", "qty": 3, "ready": 1, "type": "x", "2nd": 2,
        "total": 9.5, "later": "l", "owner": "o", "custom": {"deep": [1, null]}, "doctype": "Thing",
        "rows": [{"name": "r1", "idx": 1, "label": "L", "price": 1.25, "done": 1, "custom": null}],
    });
    let read: Thing = serde_json::from_value(text.clone()).unwrap();
    assert_eq!(read.rest.len(), 2);
    assert_eq!(serde_json::to_value(&read).unwrap(), text);
}

#[test]
fn a_new_row_sends_only_what_it_has() {
    let row = ThingRow {
        label: Some("L".to_owned()),
        ..ThingRow::default()
    };
    assert_eq!(Row::name(&row), None);
    assert_eq!(
        serde_json::to_value(&row).unwrap(),
        json!({"label": "L", "done": 0})
    );
}

#[test]
fn a_document_writes_its_nulls() {
    let written = serde_json::to_value(thing(THING)).unwrap();
    assert_eq!(written["2nd"], json!(null));
    assert_eq!(written["name"], json!("1"));
}

#[test]
fn a_field_put_into_extra_by_its_known_name_is_not_written_twice() {
    let mut read = thing(THING);
    read.rest.insert("qty".to_owned(), json!(99));
    let text = serde_json::to_string(&read).unwrap();
    assert_eq!(text.matches("\"qty\"").count(), 1);
    assert_eq!(thing(&text).qty, 3);
}

#[test]
fn of_keys_that_come_twice_the_last_counts() {
    let read = thing(
        r#"{"name":"a","name":"b","title":"A","modified":"m","qty":1,"qty":2,"ready":0,"x":1,"x":2}"#,
    );
    assert_eq!((read.name.as_str(), read.qty), ("b", 2));
    assert_eq!(read.rest["x"], 2);
}

#[test]
fn other_json_is_an_error() {
    for text in [
        "[]",
        "null",
        "1",
        "\"x\"",
        "{",
        r#"{"name"}"#,
        r#"{"rows":{}}"#,
        r#"{"rows":[1]}"#,
    ] {
        assert!(serde_json::from_str::<Thing>(text).is_err(), "{text}");
    }
}

#[test]
fn escaped_keys_are_known() {
    let read = thing(
        r#"{"\u006eame":"a","title":"A","modified":"m","qty":1,"ready":0,"\u00e9t\u00e9":1}"#,
    );
    assert_eq!(read.name.as_str(), "a");
    assert_eq!(read.rest["été"], 1);
}

#[test]
fn a_patch_has_three_states() {
    let patch = ThingPatch::default();
    assert_eq!(serde_json::to_value(&patch).unwrap(), json!({}));
    let patch = patch
        .title("B")
        .r#type("t")
        .clear_type()
        .second(2_u32)
        .ready(true)
        .rows([ThingRow::default()]);
    assert_eq!(patch.r#type, Patch::Null);
    assert!(patch.qty.is_absent());
    assert_eq!(
        serde_json::to_value(&patch).unwrap(),
        json!({"title": "B", "type": null, "2nd": 2, "ready": 1, "rows": [{"done": 0}]})
    );
}

#[test]
fn what_is_set_by_name_goes_before_the_field() {
    let patch = ThingPatch::default()
        .title("B")
        .set("title", "C")
        .set("more", json!([1]));
    let text = serde_json::to_string(&patch).unwrap();
    assert_eq!(text, r#"{"more":[1],"title":"C"}"#);
}

#[test]
fn what_the_site_sets_is_not_in_the_patch() {
    // Were they, this would not compile: all fields of the patch are named.
    let ThingPatch {
        title: _,
        name: _,
        r#type: _,
        second: _,
        qty: _,
        ready: _,
        later: _,
        rows: _,
        __others: _,
    } = ThingPatch::default();
}

mod elsewhere {
    //! Seen from another module: what is private stays so.
    use super::{Thing, ThingPatch};
    use erpnext_client::Record as _;

    #[test]
    fn a_document_is_used_from_elsewhere() {
        let thing: Thing = serde_json::from_str(super::THING).unwrap();
        assert_eq!(thing.title, thing.clone().title);
        assert_eq!(thing.name(), &thing.name);
        let _ = ThingPatch::default().title("x");
    }
}
