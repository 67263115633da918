//! `frappe.client.*`.

use serde_json::{Value, json};

use super::Args;
use crate::Dialect;
use crate::testing::coerce::{HIDDEN, STANDARD, cstr, text};
use crate::testing::failure::Failure;
use crate::testing::list;
use crate::testing::permission::Right;
use crate::testing::site::{Cx, Doc, Site};

/// The most documents one `insert_many` takes.
const MANY: usize = 200;

pub(super) fn call(
    site: &mut Site,
    cx: &mut Cx,
    function: &str,
    args: &Args<'_>,
) -> Result<Value, Failure> {
    match function {
        "get_list" => {
            let doctype = args.need("doctype")?;
            list::rows(site, cx, &doctype, args.all()).map(Value::from)
        }
        "get_count" => get_count(site, cx, args),
        "get" => get(site, cx, args),
        "get_value" => get_value(site, cx, args),
        "get_single_value" => {
            let (doctype, field) = (args.need("doctype")?, args.need("field")?);
            let mut doc = super::read(site, cx, &doctype, &doctype)?;
            Ok(doc.remove(&field).unwrap_or_default())
        }
        "get_password" => get_password(site, cx, args),
        "get_time_zone" => Ok(json!({"time_zone": site.zone_name})),
        "has_permission" => has_permission(site, cx, args),
        "insert" => {
            let doc = args.doc("doc")?;
            insert(site, cx, &doc)
        }
        "insert_many" => insert_many(site, cx, args),
        "save" => {
            let given = args.doc("doc")?;
            let doc = site.save_whole(cx, &given)?;
            wire(site, &text(&given, "doctype"), doc)
        }
        "set_value" => set_value(site, cx, args),
        "submit" => {
            let mut given = args.doc("doc")?;
            given.insert("docstatus".to_owned(), json!(1));
            let doc = site.save_whole(cx, &given)?;
            wire(site, &text(&given, "doctype"), doc)
        }
        "cancel" => {
            let (doctype, name) = (args.need("doctype")?, args.need("name")?);
            let doc = site.set_docstatus(cx, &doctype, &name, 2)?;
            wire(site, &doctype, doc)
        }
        "delete" => {
            let (doctype, name) = (args.need("doctype")?, args.need("name")?);
            site.delete(cx, &doctype, &name)?;
            Ok(Value::Null)
        }
        "bulk_update" => bulk_update(site, cx, args),
        "rename_doc" => {
            let (doctype, old) = (args.need("doctype")?, args.need("old_name")?);
            let new = args.need("new_name")?;
            let name = site.rename(cx, &doctype, &old, &new, args.is_true("merge"))?;
            Ok(json!(name))
        }
        "attach_file" => site.attach(cx, args),
        _ => Err(Failure::no_route()),
    }
}

fn wire(site: &Site, doctype: &str, doc: Doc) -> Result<Value, Failure> {
    let schema = site.controller(doctype)?;
    Ok(site.wire(&schema, doc, true))
}

fn get_count(site: &Site, cx: &Cx, args: &Args<'_>) -> Result<Value, Failure> {
    let doctype = args.need("doctype")?;
    let known = ["doctype", "filters", "debug", "cache", "cmd"];
    let extra = args.all().keys().find(|key| !known.contains(&key.as_str()));
    if let Some(extra) = extra.filter(|_| site.dialect == Dialect::V16) {
        let text = format!("get_count() got an unexpected keyword argument '{extra}'");
        return Err(Failure::raised(500, "TypeError", text));
    }
    list::total(site, cx, &doctype, args.all().get("filters")).map(Value::from)
}

fn get(site: &Site, cx: &Cx, args: &Args<'_>) -> Result<Value, Failure> {
    let doctype = args.need("doctype")?;
    let mut name = args.text("name");
    if name.is_empty() {
        let filters = args.json("filters")?;
        if filters.is_null() {
            name.clone_from(&doctype);
        } else {
            let first = first(site, cx, &doctype, &json!(["name"]), filters)?;
            let found = first.and_then(|row| row.get("name").map(cstr));
            name = found.ok_or_else(|| {
                let text = format!("{doctype} not found");
                Failure::thrown(404, "DoesNotExistError", text).untraced()
            })?;
        }
    }
    let doc = super::read(site, cx, &doctype, &name)?;
    let schema = site.controller(&doctype)?;
    Ok(site.wire(&schema, doc, true))
}

/// The first row, newest first as lists of Frappe have it.
fn first(
    site: &Site,
    cx: &Cx,
    doctype: &str,
    fields: &Value,
    filters: Value,
) -> Result<Option<Doc>, Failure> {
    let args = json!({
        "fields": fields,
        "filters": list::by_name(filters),
        "limit_page_length": 1,
    });
    let args = args.as_object().cloned().unwrap_or_default();
    let rows = list::rows(site, cx, doctype, &args)?;
    Ok(rows.into_iter().next().and_then(|row| match row {
        Value::Object(row) => Some(row),
        _ => None,
    }))
}

fn get_value(site: &Site, cx: &Cx, args: &Args<'_>) -> Result<Value, Failure> {
    let (doctype, fields) = (args.need("doctype")?, args.needed("fieldname")?);
    let fields = match list::parsed(fields)? {
        Value::Array(fields) => Value::Array(fields),
        field => json!([field]),
    };
    let schema = site.schema(&doctype)?;
    if schema.issingle {
        let doc = super::read(site, cx, &doctype, &doctype)?;
        let wanted = fields
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        let picked = wanted.map(|key| (key.to_owned(), doc.get(key).cloned().unwrap_or_default()));
        return Ok(Value::Object(picked.collect()));
    }
    let row = first(site, cx, &doctype, &fields, args.json("filters")?)?;
    Ok(Value::Object(row.unwrap_or_default()))
}

fn get_password(site: &Site, cx: &Cx, args: &Args<'_>) -> Result<Value, Failure> {
    let (doctype, name) = (args.need("doctype")?, args.need("name")?);
    let field = args.need("fieldname")?;
    if !site.users.is_manager(&cx.user) {
        return Err(crate::testing::auth::not_permitted());
    }
    let doc = site.must_load(&doctype, &name)?;
    let key = (doctype, text(&doc, "name"), field);
    let clear = site.passwords.get(&key);
    clear.map(|clear| json!(clear)).ok_or_else(|| {
        let text = format!("Password not found for {} {} {}", key.0, key.1, key.2);
        Failure::thrown(401, "AuthenticationError", text)
    })
}

fn has_permission(site: &Site, cx: &Cx, args: &Args<'_>) -> Result<Value, Failure> {
    let doctype = args.need("doctype")?;
    let name = args.text("docname");
    let right = match args.text("perm_type") {
        kind if kind.is_empty() => Some(Right::Read),
        kind => Right::of(&kind),
    };
    let doc = site.load(&doctype, &name);
    let may = right.is_some_and(|right| site.may(cx, &doctype, right, doc.as_ref()));
    Ok(json!({"has_permission": may}))
}

/// A document, or a row that goes to the end of its parent's table.
fn insert(site: &mut Site, cx: &mut Cx, given: &Doc) -> Result<Value, Failure> {
    let doctype = text(given, "doctype");
    let (parent, parenttype) = (text(given, "parent"), text(given, "parenttype"));
    if parent.is_empty() || parenttype.is_empty() {
        let doc = site.create(cx, &doctype, given)?;
        return wire(site, &doctype, doc);
    }
    let field = text(given, "parentfield");
    let before = site.must_load(&parenttype, &parent)?;
    let mut rows: Vec<Value> = match before.get(&field) {
        Some(Value::Array(rows)) => rows.clone(),
        _ => Vec::new(),
    };
    let mut row = given.clone();
    for key in [
        "doctype",
        "parent",
        "parenttype",
        "parentfield",
        "name",
        "idx",
    ] {
        row.remove(key);
    }
    row.insert("idx".to_owned(), json!(rows.len() + 1));
    rows.push(Value::Object(row));
    let change = Doc::from_iter([(field, Value::Array(rows))]);
    let doc = site.change(cx, &parenttype, &parent, &change)?;
    wire(site, &parenttype, doc)
}

fn insert_many(site: &mut Site, cx: &mut Cx, args: &Args<'_>) -> Result<Value, Failure> {
    args.needed("docs")?;
    let docs = args.json("docs")?;
    let docs = docs.as_array().map(Vec::as_slice).unwrap_or_default();
    if docs.len() > MANY {
        return Err(Failure::validation(
            "Only 200 inserts allowed in one request",
        ));
    }
    let mut names = Vec::new();
    for doc in docs.iter().filter_map(Value::as_object) {
        let created = insert(site, cx, doc)?;
        names.push(created.get("name").cloned().unwrap_or_default());
    }
    Ok(names.into())
}

fn set_value(site: &mut Site, cx: &mut Cx, args: &Args<'_>) -> Result<Value, Failure> {
    let (doctype, name) = (args.need("doctype")?, args.need("name")?);
    let field = match args.needed("fieldname")? {
        Value::String(text) if text.trim_start().starts_with('{') => {
            list::parsed(&Value::String(text.clone()))?
        }
        field => field.clone(),
    };
    let mut change = match field {
        Value::Object(change) => change,
        field => {
            // `value or ''`: what is falsy becomes an empty text.
            let value = args.all().get("value").cloned().unwrap_or_default();
            let falsy = value.is_null() || value == json!(0) || value == json!(false);
            let value = if falsy { json!("") } else { value };
            Doc::from_iter([(cstr(&field), value)])
        }
    };
    if change
        .keys()
        .any(|key| STANDARD.contains(&key.as_str()) || HIDDEN.contains(&key.as_str()))
    {
        return Err(Failure::validation("Cannot edit standard fields"));
    }
    let schema = site.schema(&doctype)?;
    if schema.istable {
        let row = site.must_load(&doctype, &name)?;
        let (parenttype, parent) = (text(&row, "parenttype"), text(&row, "parent"));
        let field = text(&row, "parentfield");
        let holder = site.must_load(&parenttype, &parent)?;
        let mut rows = holder.get(&field).cloned().unwrap_or_default();
        for row in rows.as_array_mut().into_iter().flatten() {
            if let Value::Object(row) = row
                && text(row, "name") == name
            {
                row.append(&mut change);
            }
        }
        let doc = site.change(cx, &parenttype, &parent, &Doc::from_iter([(field, rows)]))?;
        return wire(site, &parenttype, doc);
    }
    let doc = site.change(cx, &doctype, &name, &change)?;
    wire(site, &doctype, doc)
}

/// Each on its own; who fails is told, and the others stay.
fn bulk_update(site: &mut Site, cx: &mut Cx, args: &Args<'_>) -> Result<Value, Failure> {
    let Some(Value::String(text_of_docs)) = args.all().get("docs") else {
        let text = "the JSON object must be str, bytes or bytearray, not list";
        return Err(Failure::raised(500, "TypeError", text));
    };
    let docs = list::parsed(&json!(text_of_docs))?;
    let mut failed = Vec::new();
    for given in docs.as_array().into_iter().flatten() {
        let Some(doc) = given.as_object() else {
            continue;
        };
        let mut change = doc.clone();
        let doctype = change
            .remove("doctype")
            .map(|d| cstr(&d))
            .unwrap_or_default();
        let name = change
            .remove("docname")
            .map(|n| cstr(&n))
            .unwrap_or_default();
        let outcome = site.savepoint(|site| site.change(cx, &doctype, &name, &change));
        if let Err(failure) = outcome {
            cx.messages.extend(failure.messages.iter().cloned());
            let line = match failure.text.as_str() {
                "" => failure.exc_type.to_owned(),
                text => format!("{}: {text}", failure.exc_type),
            };
            let exc = format!("Traceback (most recent call last):\nfrappe.exceptions.{line}\n");
            failed.push(json!({"doc": given, "exc": exc}));
        }
    }
    Ok(json!({"failed_docs": failed}))
}
