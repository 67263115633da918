//! Rust source from a description: as it was written down, and compiled.

use erpnext_client::{Doctype as _, Meta, Record as _, Row as _, codegen};
use serde_json::json;

/// The golden file, compiled.
#[allow(
    dead_code,
    unnameable_types,
    unreachable_pub,
    reason = "a program uses what it needs, and makes it public"
)]
mod generated {
    include!("../golden/fibre_plan.rs");
}

const GOLDEN: &str = include_str!("../golden/fibre_plan.rs");

fn plan() -> Meta {
    Meta::from_json(include_str!("../golden/fibre_plan.json")).unwrap()
}

fn step() -> Meta {
    Meta::from_json(include_str!("../golden/fibre_plan_step.json")).unwrap()
}

#[test]
fn the_source_is_the_golden_one() {
    let source = codegen::rust_struct(&plan(), &[step()]);
    assert_eq!(source, GOLDEN, "{source}");
}

#[test]
fn the_source_does_not_depend_on_how_often_or_in_what_order_it_is_asked_for() {
    let other = Meta::from_json(r#"{"name": "Not A Table Of It", "fields": []}"#).unwrap();
    let source = codegen::rust_struct(&plan(), &[other, step(), step()]);
    assert_eq!(source, GOLDEN);
}

#[test]
fn the_generated_struct_reads_and_sends() {
    let read: generated::FibrePlan = serde_json::from_value(json!({
        "name": "FP-00001", "docstatus": 1, "title": "1 Gb/s", "type": "Business 24/7",
        "status": "Lost", "cost": 79.95, "enabled": 1, "default": "x", "2fa_method": "sms",
        "steps": [{"name": "s1", "label": "Start", "done": 0, "kind": "Start", "qty": 1.5}],
        "regions": [{"name": "r1", "region": "Nord"}],
    }))
    .unwrap();
    assert_eq!(read.name().as_str(), "FP-00001");
    assert_eq!(read.r#type, generated::FibrePlanType::Business24_7);
    assert_eq!(
        read.status.as_ref().map(|status| status.as_str()),
        Some("Lost")
    );
    assert_eq!(read.field_2fa_method.as_deref(), Some("sms"));
    assert_eq!(read.steps[0].name().map(|name| name.as_str()), Some("s1"));
    assert_eq!(
        read.extra["regions"],
        json!([{"name": "r1", "region": "Nord"}])
    );
    assert!(generated::FibrePlan::FIELDS.contains(&"2fa_method"));
    assert!(!generated::FibrePlan::FIELDS.contains(&"age"), "no column");

    let patch = generated::FibrePlanPatch::default()
        .default_("y")
        .clear_type()
        .field_2fa_method("totp");
    assert_eq!(
        serde_json::to_value(&patch).unwrap(),
        json!({"default": "y", "type": null, "2fa_method": "totp"})
    );
}

#[test]
fn words_of_a_site_never_become_code() {
    let hostile = "x\"]\n}\nfn main() { std::process::abort() } /* \u{7}";
    let meta: Meta = serde_json::from_value(json!({
        "name": hostile, "description": hostile,
        "fields": [
            {"fieldname": hostile, "fieldtype": "Select", "label": hostile, "options": hostile},
            {"fieldname": "t", "fieldtype": "Table", "label": hostile, "options": hostile},
        ],
    }))
    .unwrap();
    let source = codegen::rust_struct(&meta, &[]);
    for line in source.lines().map(str::trim_start) {
        assert!(
            line.is_empty()
                || [
                    "//",
                    "use erpnext_client::",
                    "#[derive(",
                    "#[doctype(",
                    "#[select(\"",
                    "pub ",
                    "}"
                ]
                .iter()
                .any(|start| line.starts_with(start))
                || line.ends_with(','),
            "{line}"
        );
        assert!(!line.starts_with("fn"), "{line}");
    }
}
