//! The direction check on small workspaces.
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};

use super::directions;
use crate::workspace::Workspace;

/// A member under `folder`, with dependencies written `name` or `dev:name`.
fn member(folder: &str, name: &str, floor: Option<u8>, dependencies: &[&str]) -> Value {
    let dependencies: Vec<Value> = dependencies
        .iter()
        .map(|text| {
            let (kind, name) = match text.strip_prefix("dev:") {
                Some(name) => (json!("dev"), name),
                None => (Value::Null, *text),
            };
            json!({ "name": name, "req": "^0.1.0", "kind": kind, "path": null })
        })
        .collect();
    json!({
        "name": name,
        "version": "0.1.0",
        "manifest_path": format!("/checkout/{folder}/{name}/Cargo.toml"),
        "dependencies": dependencies,
        "features": {},
        "metadata": floor.map(|floor| json!({ "house": { "floor": floor } })),
    })
}

fn problems(packages: &[Value]) -> Vec<String> {
    let text = json!({
        "workspace_root": "/checkout",
        "target_directory": "/checkout/target",
        "packages": packages,
    });
    directions(&Workspace::parse(&text.to_string()).unwrap())
}

#[test]
fn arrows_that_point_down_are_fine() {
    let found = problems(&[
        member("crates", "core", Some(0), &["serde"]),
        member("crates", "domain", Some(1), &["core"]),
        member("crates", "one", Some(2), &["core", "dev:domain"]),
        member("crates", "two", Some(2), &["core"]),
        member("crates", "engine", Some(3), &["core", "domain"]),
        member("bins", "hub", Some(4), &["one", "two", "engine", "domain"]),
        member("bins", "sandbox", Some(4), &["hub"]),
        member(".", "xtask", None, &["serde"]),
    ]);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_crate_without_a_floor_is_named() {
    let found = problems(&[member("crates", "stray", None, &[])]);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("stray: "), "{found:?}");
}

#[test]
fn an_arrow_that_points_up_is_named_with_both_floors() {
    let found = problems(&[
        member("crates", "domain", Some(1), &["engine"]),
        member("crates", "engine", Some(3), &[]),
    ]);
    assert_eq!(
        found,
        ["domain (floor 1) → engine (floor 3): floor 1 may use floor 0 only"]
    );
}

#[test]
fn an_integration_that_reaches_another_through_a_third_crate_is_named_with_the_way() {
    let found = problems(&[
        member("crates", "core", Some(0), &["two"]),
        member("crates", "one", Some(2), &["core"]),
        member("crates", "two", Some(2), &[]),
    ]);
    assert!(
        found.contains(&"an integration reaches another one: one → core → two".to_owned()),
        "{found:?}"
    );
}

#[test]
fn the_tests_of_an_integration_may_not_reach_another_either() {
    let found = problems(&[
        member("crates", "one", Some(2), &["dev:helper"]),
        member("crates", "two", Some(2), &[]),
        member("bins", "helper", Some(4), &["two"]),
    ]);
    assert_eq!(
        found,
        ["an integration reaches another one: one → (dev) helper → two"]
    );
}

#[test]
fn what_the_tests_of_a_third_crate_use_is_not_reached() {
    let found = problems(&[
        member("crates", "core", Some(0), &["dev:two"]),
        member("crates", "one", Some(2), &["core", "dev:one"]),
        member("crates", "two", Some(2), &["core"]),
    ]);
    assert_eq!(found, Vec::<String>::new());
}
