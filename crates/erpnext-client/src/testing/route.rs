//! The routes.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use serde_json::{Value, json};

use super::coerce::text;
use super::envelope::{Api, Reply};
use super::failure::Failure;
use super::permission::Right;
use super::respond::{BadBody, Call};
use super::site::{Cx, Doc, Site};
use super::{bulk, list, methods};
use crate::Dialect;

/// What a path segment need not escape.
pub(super) const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

pub(super) fn route(
    site: &mut Site,
    call: &Call<'_>,
    cx: &mut Cx,
    api: Api,
) -> Result<Reply, Failure> {
    let path = call.path.as_str();
    // The router knows the whole path decoded: a name may hold slashes, encoded or not.
    let trimmed = path.strip_suffix('/').unwrap_or(path);
    if let Some(rest) = trimmed.strip_prefix("/api/") {
        let args = form_dict(site, call)?;
        let rest = match rest.split_once('/') {
            Some(("v1" | "v2", rest)) => rest,
            _ => rest,
        };
        let (head, tail) = rest.split_once('/').unwrap_or((rest, ""));
        return match (api, head) {
            (_, "method") => method(site, call, cx, api, tail, &args),
            (Api::V1, "resource") => resource(site, call, cx, tail, args),
            (Api::V2, "document") => document(site, call, cx, tail, args),
            (Api::V2, "doctype") => doctype(site, call, cx, tail, &args),
            _ => Err(Failure::no_route()),
        };
    }
    match (call.method, trimmed) {
        ("GET" | "HEAD", path)
            if path.starts_with("/files/") || path.starts_with("/private/files/") =>
        {
            site.serve_file(cx, path)
        }
        ("GET", "/app" | "/desk") => site.desk(call, cx),
        ("GET", path) if path.starts_with("/app/") || path.starts_with("/desk/") => {
            site.desk(call, cx)
        }
        _ => Err(Failure::page(404, "Not Found")),
    }
}

fn form_dict(site: &Site, call: &Call<'_>) -> Result<Doc, Failure> {
    let bad = match &call.args {
        Ok(args) => return Ok(args.clone()),
        Err(bad) => bad,
    };
    Err(match (bad, site.dialect) {
        (BadBody::NotJson, Dialect::V15) => {
            let text = "Expecting value: line 1 column 1 (char 0)";
            Failure::raised(500, "JSONDecodeError", text)
        }
        (BadBody::NotJson, Dialect::V16) => {
            Failure::thrown(417, "DataError", "Invalid request body").untraced()
        }
        (BadBody::NotAnObject, _) => Failure::validation("Invalid request arguments"),
    })
}

/// The fields of a document in a body: JSON, a form, or a form with JSON under `data`.
fn fields(mut args: Doc) -> Doc {
    let data = match args.get("data") {
        Some(Value::String(text)) => serde_json::from_str(text).ok(),
        Some(Value::Object(_)) => args.remove("data"),
        _ => None,
    };
    if let Some(Value::Object(data)) = data {
        args = data;
    }
    for key in ["doctype", "cmd", "flags"] {
        args.remove(key);
    }
    args
}

fn resource(
    site: &mut Site,
    call: &Call<'_>,
    cx: &mut Cx,
    tail: &str,
    mut args: Doc,
) -> Result<Reply, Failure> {
    let (doctype, name) = tail.split_once('/').unwrap_or((tail, ""));
    let run_method = args.get("run_method").map(super::coerce::cstr);
    match (call.method, doctype, name) {
        (_, "", _) => Err(Failure::no_route()),
        ("GET", _, "") => list::resource(site, cx, doctype, &args),
        ("POST", _, "") => create(site, cx, doctype, args, Api::V1),
        ("GET", _, _) => match run_method {
            Some(method) => run(site, call, cx, doctype, name, &method, &args),
            None => read(site, cx, doctype, name, Api::V1, &args),
        },
        ("POST", _, _) => match run_method {
            Some(method) => {
                args.remove("run_method");
                run(site, call, cx, doctype, name, &method, &args)
            }
            None => Err(Failure::raised(500, "KeyError", "'run_method'")),
        },
        ("PUT", _, _) => update(site, cx, doctype, name, args, Api::V1),
        ("DELETE", _, _) => delete(site, cx, doctype, name),
        _ => Err(Failure::no_route()),
    }
}

fn document(
    site: &mut Site,
    call: &Call<'_>,
    cx: &mut Cx,
    tail: &str,
    args: Doc,
) -> Result<Reply, Failure> {
    let (doctype, name) = tail.split_once('/').unwrap_or((tail, ""));
    let modern = site.dialect == Dialect::V16;
    // These endings win over names that hold them.
    if let Some((name, method)) = name.rsplit_once("/method/")
        && !method.contains('/')
        && matches!(call.method, "GET" | "POST")
    {
        let mut reply = run(site, call, cx, doctype, name, method, &args)?;
        if modern && let Some(doc) = site.load(doctype, name) {
            let schema = site.controller(doctype)?;
            let doc = site.wire(&schema, doc, true);
            reply.extra.push(("docs", json!([doc])));
        }
        return Ok(reply);
    }
    match (call.method, doctype, name) {
        (_, "", _) => Err(Failure::no_route()),
        ("GET", _, "") => list::document(site, cx, doctype, &args),
        ("POST", _, "") => create(site, cx, doctype, args, Api::V2),
        ("POST", _, "bulk_delete") if modern => bulk::delete(site, cx, Some(doctype), &args),
        ("POST", _, "bulk_update") if modern => bulk::update(site, cx, Some(doctype), &args),
        ("GET", _, path) if modern && path.ends_with("/copy") => copy(
            site,
            cx,
            doctype,
            path.strip_suffix("/copy").unwrap_or(path),
        ),
        ("GET", _, _) => read(site, cx, doctype, name, Api::V2, &args),
        ("PUT" | "PATCH", _, _) => update(site, cx, doctype, name, args, Api::V2),
        ("DELETE", _, _) => delete(site, cx, doctype, name),
        _ => Err(Failure::no_route()),
    }
}

fn doctype(
    site: &mut Site,
    call: &Call<'_>,
    cx: &mut Cx,
    tail: &str,
    args: &Doc,
) -> Result<Reply, Failure> {
    match (call.method, tail.rsplit_once('/')) {
        ("GET", Some((doctype, "meta"))) => methods::meta(site, cx, doctype),
        ("GET", Some((doctype, "count"))) => list::count(site, cx, doctype, args),
        _ => Err(Failure::no_route()),
    }
}

/// Whether v2 of this dialect keeps nulls.
fn nulls(site: &Site, api: Api) -> bool {
    api == Api::V2 && site.dialect == Dialect::V16
}

fn create(
    site: &mut Site,
    cx: &mut Cx,
    doctype: &str,
    args: Doc,
    api: Api,
) -> Result<Reply, Failure> {
    if api == Api::V1 && args.get("data").is_some_and(Value::is_array) {
        let text = "argument after ** must be a mapping, not list";
        return Err(Failure::raised(500, "TypeError", text));
    }
    let doc = site.create(cx, doctype, &fields(args))?;
    let schema = site.controller(doctype)?;
    Ok(Reply::data(site.wire(&schema, doc, nulls(site, api))))
}

fn read(
    site: &mut Site,
    cx: &mut Cx,
    doctype: &str,
    name: &str,
    api: Api,
    args: &Doc,
) -> Result<Reply, Failure> {
    let doc = methods::read(site, cx, doctype, name)?;
    let schema = site.controller(doctype)?;
    let mut doc = site.wire(&schema, doc, nulls(site, api));
    let expand = text(args, "expand_links");
    if site.dialect == Dialect::V16 && matches!(expand.as_str(), "True" | "true" | "1") {
        list::expand_links(site, &schema, &mut doc);
    }
    Ok(Reply::data(doc))
}

fn update(
    site: &mut Site,
    cx: &mut Cx,
    doctype: &str,
    name: &str,
    args: Doc,
    api: Api,
) -> Result<Reply, Failure> {
    let given = fields(args);
    // A name in the body is the name that is looked up.
    let name = given
        .get("name")
        .map_or_else(|| name.to_owned(), super::coerce::cstr);
    let doc = site.change(cx, doctype, &name, &given)?;
    let schema = site.controller(doctype)?;
    Ok(Reply::data(site.wire(&schema, doc, nulls(site, api))))
}

fn delete(site: &mut Site, cx: &mut Cx, doctype: &str, name: &str) -> Result<Reply, Failure> {
    site.delete(cx, doctype, name)?;
    Ok(Reply::data("ok").status(202))
}

/// The document as the form's "Duplicate" has it: unnamed, unsaved.
fn copy(site: &mut Site, cx: &mut Cx, doctype: &str, name: &str) -> Result<Reply, Failure> {
    let mut doc = methods::read(site, cx, doctype, name)?;
    let schema = site.controller(doctype)?;
    for key in super::coerce::STANDARD.into_iter().chain(["amended_from"]) {
        doc.remove(key);
    }
    for field in schema.fields.iter().filter(|field| field.no_copy) {
        doc.remove(&field.fieldname);
    }
    doc.insert("docstatus".to_owned(), json!(0));
    doc.insert("__islocal".to_owned(), json!(1));
    Ok(Reply::data(site.wire(&schema, doc, false)))
}

fn run(
    site: &mut Site,
    call: &Call<'_>,
    cx: &mut Cx,
    doctype: &str,
    name: &str,
    method: &str,
    args: &Doc,
) -> Result<Reply, Failure> {
    let doc = methods::read(site, cx, doctype, name)?;
    if !call.is_safe() {
        site.check(cx, doctype, Right::Write, Some(&doc))?;
    }
    let value = site.run_method(cx, doctype, &text(&doc, "name"), method, args)?;
    Ok(Reply::data(value))
}

fn method(
    site: &mut Site,
    call: &Call<'_>,
    cx: &mut Cx,
    api: Api,
    name: &str,
    args: &Doc,
) -> Result<Reply, Failure> {
    let modern = site.dialect == Dialect::V16;
    match (api, name) {
        (_, "login") => site.login(args),
        (_, "logout") => site.logout(call),
        (Api::V2, "run_doc_method") => methods::run_doc_method(site, cx, args),
        (Api::V2, "bulk_delete") if modern && call.method == "POST" => {
            bulk::delete(site, cx, None, args)
        }
        (Api::V2, "bulk_update") if modern && call.method == "POST" => {
            bulk::update(site, cx, None, args)
        }
        (_, name) => methods::call(site, call, cx, api, name, args),
    }
}
