//! Bulk routes of v2 on version 16.

use serde_json::{Value, json};

use super::coerce::{cstr, text};
use super::envelope::Reply;
use super::failure::Failure;
use super::list::parsed;
use super::site::{Cx, Doc, Site};

/// More items than this are queued, not done at once.
const AT_ONCE: usize = 20;

pub(super) fn delete(
    site: &mut Site,
    cx: &mut Cx,
    doctype: Option<&str>,
    args: &Doc,
) -> Result<Reply, Failure> {
    let items = items(args, if doctype.is_some() { "names" } else { "docs" })?;
    run(site, "deleted", &items, |site, item| {
        let (doctype, name) = target(doctype, item);
        let outcome = site.delete(cx, &doctype, &name);
        (name, outcome)
    })
}

pub(super) fn update(
    site: &mut Site,
    cx: &mut Cx,
    doctype: Option<&str>,
    args: &Doc,
) -> Result<Reply, Failure> {
    let items = items(args, "docs")?;
    run(site, "updated", &items, |site, item| {
        let (doctype, name) = target(doctype, item);
        let mut change = item.as_object().cloned().unwrap_or_default();
        change.remove("doctype");
        change.remove("name");
        let outcome = site.change(cx, &doctype, &name, &change);
        (name, outcome.map(drop))
    })
}

fn items(args: &Doc, key: &str) -> Result<Vec<Value>, Failure> {
    match args.get(key).map(parsed).transpose()? {
        Some(Value::Array(items)) => Ok(items),
        _ => Err(Failure::validation(format!("{key} must be a list"))),
    }
}

fn target(doctype: Option<&str>, item: &Value) -> (String, String) {
    match (doctype, item) {
        (Some(doctype), Value::Object(item)) => (doctype.to_owned(), text(item, "name")),
        (Some(doctype), name) => (doctype.to_owned(), cstr(name)),
        (None, Value::Object(item)) => (text(item, "doctype"), text(item, "name")),
        (None, _) => (String::new(), String::new()),
    }
}

/// Each item in its own savepoint.
fn run(
    site: &mut Site,
    done: &'static str,
    items: &[Value],
    mut act: impl FnMut(&mut Site, &Value) -> (String, Result<(), Failure>),
) -> Result<Reply, Failure> {
    if items.len() > AT_ONCE {
        let job = site.token(32);
        // The queue of the fake is quick: by the time of the answer it is done.
        for item in items {
            let _ = site.savepoint(|site| act(site, item).1);
        }
        return Ok(Reply::data(json!({"job_id": job})).status(202));
    }
    let (mut succeeded, mut failed) = (Vec::new(), Vec::new());
    for item in items {
        let mut name = String::new();
        let outcome = site.savepoint(|site| {
            let (tried, outcome) = act(site, item);
            name = tried;
            outcome
        });
        match outcome {
            Ok(()) => succeeded.push(name),
            Err(failure) => {
                let error = match failure.text.as_str() {
                    "" => failure.exc_type.to_owned(),
                    text => text.to_owned(),
                };
                failed.push(json!({"name": name, "error": error}));
            }
        }
    }
    let (ok, bad) = (succeeded.len(), failed.len());
    Ok(Reply::data(json!({
        done: succeeded,
        "failed": failed,
        "total": items.len(),
        "success_count": ok,
        "failure_count": bad,
    })))
}
