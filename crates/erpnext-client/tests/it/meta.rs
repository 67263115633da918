//! Descriptions of doctypes, and documents checked against them.

use erpnext_client::{Error, FieldType, Meta};
use serde_json::{Map, Value, json};

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// As v2 answers it: many flags, lists of no use in each field.
fn job() -> Meta {
    Meta::from_json(
        &json!({"data": {
            "name": "Dispatch Job", "module": "Custom", "istable": 0, "issingle": "0",
            "is_submittable": 1, "is_virtual": null, "custom": 1, "autoname": "format:DJ-{#####}",
            "title_field": "subject", "description": "", "permissions": [{"role": "All"}],
            "fields": [
                {"doctype": "DocField", "fieldname": "sb", "fieldtype": "Section Break", "fields": []},
                {"fieldname": "subject", "fieldtype": "Data", "label": "Subject", "reqd": 1,
                 "length": 200, "unique": "1", "default": "", "search_index": 1},
                {"fieldname": "status", "fieldtype": "Select", "options": "\nOpen\nEn Route",
                 "default": "Open", "read_only": 1, "allow_on_submit": 1},
                {"fieldname": "arrived_at", "fieldtype": "Datetime"},
                {"fieldname": "age", "fieldtype": "Int", "is_virtual": 1, "set_only_once": 1, "hidden": 1},
                {"fieldname": "seen", "fieldtype": "Hologram"},
                {"fieldname": "materials", "fieldtype": "Table", "options": "Dispatch Job Material"},
                {"fieldname": "crews", "fieldtype": "Table MultiSelect", "options": "Crew Link"},
            ],
        }})
        .to_string(),
    )
    .unwrap()
}

fn material() -> Meta {
    Meta::from_json(
        r#"{"name": "Dispatch Job Material", "istable": 1, "fields": [
            {"fieldname": "item", "fieldtype": "Link", "options": "Item", "reqd": 1},
            {"fieldname": "qty", "fieldtype": "Float"}]}"#,
    )
    .unwrap()
}

fn closest(error: &Error) -> (&str, &str, Option<&str>) {
    match error {
        Error::UnknownField {
            doctype,
            field,
            closest,
            ..
        } => (doctype, field, closest.as_deref()),
        other => panic!("{other}"),
    }
}

#[test]
fn a_description_is_read() {
    let meta = job();
    assert_eq!(meta.title_field.as_deref(), Some("subject"));
    assert!(meta.is_submittable && meta.custom && !meta.istable && !meta.issingle);
    assert_eq!(meta.description, None);
    let subject = meta.field("subject").unwrap();
    assert!(subject.reqd && subject.unique && subject.length == 200 && subject.default.is_none());
    let status = meta.field("status").unwrap();
    assert!(status.read_only && status.allow_on_submit);
    assert_eq!(status.choices().collect::<Vec<_>>(), ["Open", "En Route"]);
    let age = meta.field("age").unwrap();
    assert!(age.set_only_once && age.hidden && !age.is_column());
    assert_eq!(
        meta.field("seen").unwrap().fieldtype,
        FieldType::Other("Hologram".to_owned())
    );
    assert_eq!(
        meta.tables().collect::<Vec<_>>(),
        [
            ("materials", "Dispatch Job Material"),
            ("crews", "Crew Link")
        ]
    );
    let columns = meta.data_fields().filter(|field| field.is_column());
    let columns: Vec<&str> = columns.map(|field| field.fieldname.as_str()).collect();
    assert_eq!(columns, ["subject", "status", "arrived_at", "seen"]);
}

#[test]
fn envelopes_and_what_is_no_description() {
    for text in [
        r#"{"name": "A", "fields": []}"#,
        r#"{"data": {"name": "A", "fields": []}}"#,
        r#"{"message": {"name": "A"}}"#,
    ] {
        assert_eq!(Meta::from_json(text).unwrap().name, "A");
    }
    for text in [
        "",
        "[]",
        "{}",
        r#"{"data": null}"#,
        r#"{"name": "A", "fields": [{}]}"#,
        "{\"name\"",
    ] {
        let error = Meta::from_json(text).unwrap_err();
        assert!(matches!(error, Error::Decode { .. }), "{text}");
    }
}

#[test]
fn a_document_of_known_fields_passes() {
    let document = json!({
        "name": "DJ-1", "doctype": "Dispatch Job", "modified": "x", "docstatus": 1, "_user_tags": "a",
        "__newname": "b", "subject": "S", "age": 3, "arrived_at": "2026-05-04 08:30:00",
        "materials": [{"name": "m", "parent": "DJ-1", "idx": 1, "item": "X", "qty": 1}], "crews": null,
    });
    job().check(&object(&document)).unwrap();
    job().check_with(&object(&document), &[material()]).unwrap();
}

#[test]
fn an_unknown_field_is_told_with_the_one_that_was_meant() {
    for (document, expected) in [
        (
            json!({"Subject": "S"}),
            ("Dispatch Job", "Subject", Some("subject")),
        ),
        (
            json!({"stauts": "Open"}),
            ("Dispatch Job", "stauts", Some("status")),
        ),
        (json!({"customer": "X"}), ("Dispatch Job", "customer", None)),
        (
            json!({"modfied": "x"}),
            ("Dispatch Job", "modfied", Some("modified")),
        ),
        (json!({"sb": 1}), ("Dispatch Job", "sb", None)),
        (
            json!({"materials": [{"item": "X"}, {"itme": "X"}]}),
            ("Dispatch Job Material", "itme", Some("item")),
        ),
    ] {
        let error = job()
            .check_with(&object(&document), &[material()])
            .unwrap_err();
        assert_eq!(closest(&error), expected, "{document}");
    }
    let rows = json!({"materials": [{"itme": "X"}], "crews": [{"anything": 1}]});
    job().check(&object(&rows)).unwrap();
}

#[test]
fn values_that_the_site_cannot_take_are_refused() {
    for document in [
        json!({"arrived_at": "2026-05-04T08:30:00Z"}),
        json!({"arrived_at": "2026-05-04 08:30:00-04:00"}),
        json!({"materials": {"item": "X"}}),
        json!({"materials": ["X"]}),
        json!({"age": "12,50"}),
        json!({"age": "true"}),
    ] {
        let error = job().check(&object(&document)).unwrap_err();
        assert!(
            matches!(error, Error::Invalid { .. }),
            "{document}: {error}"
        );
    }
    // Not ours to judge.
    job()
        .check(&object(&json!({"arrived_at": "hier", "subject": 3})))
        .unwrap();
}
