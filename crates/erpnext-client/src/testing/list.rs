//! Lists and counts.

use serde_json::{Value, json};

use super::coerce::{cint, cstr, text};
use super::envelope::Reply;
use super::failure::Failure;
use super::permission::Right;
use super::schema::Schema;
use super::select::{SelectRequest, Visible};
use super::site::{Cx, Doc, Site};
use crate::Dialect;

/// Rows of a list that names no size.
const PAGE: i64 = 20;

/// `GET /api/resource/{doctype}`.
pub(super) fn resource(site: &Site, cx: &Cx, doctype: &str, args: &Doc) -> Result<Reply, Failure> {
    let mut args = args.clone();
    // The alias that only this route knows.
    if let Some(limit) = args.remove("limit") {
        args.entry("limit_page_length").or_insert(limit);
    }
    let rows = rows(site, cx, doctype, &args)?;
    let debug = text(&args, "debug");
    let reply = Reply::data(rows);
    Ok(if matches!(debug.as_str(), "1" | "true" | "True") {
        let query = format!("select `tab{doctype}`.`name` from `tab{doctype}`");
        reply.with("_debug_messages", super::json::dumps(&[query]))
    } else {
        reply
    })
}

/// `frappe.client.get_list`, which knows no `limit`.
pub(super) fn rows(site: &Site, cx: &Cx, doctype: &str, args: &Doc) -> Result<Vec<Value>, Failure> {
    let start = match args.get("limit_start") {
        Some(start) => cint(start),
        None => args.get("start").map_or(0, cint),
    };
    let limit = args.get("limit_page_length").map_or(PAGE, cint);
    if limit < 0 || start < 0 {
        let text = "(1064, \"You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version for the right syntax to use near '-1 offset 0'\")";
        return Err(match site.dialect {
            Dialect::V15 => Failure::raised(500, "ProgrammingError", text),
            Dialect::V16 => {
                Failure::thrown(500, "TypeError", "Limit must be a non-negative integer")
            }
        });
    }
    let mut request = request(args, doctype)?;
    request.start = start.unsigned_abs();
    request.limit = (limit > 0).then_some(limit.unsigned_abs());
    let rows = select(site, cx, request)?;
    Ok(expand(site, doctype, args, rows))
}

/// `GET /api/v2/document/{doctype}`.
pub(super) fn document(site: &Site, cx: &Cx, doctype: &str, args: &Doc) -> Result<Reply, Failure> {
    let modern = site.dialect == Dialect::V16;
    let (start, limit) = if modern {
        ("start", "limit")
    } else {
        ("limit_start", "limit")
    };
    let start = args.get(start).map_or(0, cint).max(0).unsigned_abs();
    let limit = args.get(limit).map_or(PAGE, cint).max(0).unsigned_abs();
    let mut request = request(args, doctype)?;
    if modern {
        request.or_filters = None;
    }
    request.start = start;
    // One row more tells whether there is a next page.
    request.limit = if modern {
        Some(limit + 1)
    } else {
        (limit > 0).then_some(limit)
    };
    request.nested_filters_allowed = modern;
    request.descending_by_default = modern;
    let mut rows = select(site, cx, request)?;
    if !modern {
        return Ok(Reply::data(rows));
    }
    let page = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    let rows = expand(site, doctype, args, rows);
    Ok(Reply::data(rows).with("has_next_page", more))
}

/// `GET /api/v2/doctype/{doctype}/count`.
pub(super) fn count(site: &Site, cx: &Cx, doctype: &str, args: &Doc) -> Result<Reply, Failure> {
    total(site, cx, doctype, args.get("filters")).map(Reply::data)
}

/// Version 15 counts what nobody may see, too.
pub(super) fn total(
    site: &Site,
    cx: &Cx,
    doctype: &str,
    filters: Option<&Value>,
) -> Result<u64, Failure> {
    let filters = match filters {
        Some(filters) => parsed(filters)?,
        None => Value::Null,
    };
    let today = site.time().date();
    let sight = match site.dialect {
        Dialect::V15 => Sight::default(),
        Dialect::V16 => Sight::of(site, cx, doctype, None)?,
    };
    let sees = |value: &dyn Fn(&str) -> Value| sight.sees(value);
    let visible: Option<Visible<'_>> = sight.is_limited().then_some(&sees);
    Ok(site
        .store
        .count(doctype, &filters, site.dialect, today, visible)?)
}

/// JSON in a parameter; what begins like none is taken as it is.
pub(super) fn parsed(value: &Value) -> Result<Value, Failure> {
    let Value::String(text) = value else {
        return Ok(value.clone());
    };
    match serde_json::from_str(text) {
        Ok(value) => Ok(value),
        Err(_) if text.trim_start().starts_with(['[', '{']) => {
            let text =
                "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)";
            Err(Failure::raised(500, "JSONDecodeError", text))
        }
        Err(_) if text.is_empty() => Ok(Value::Null),
        Err(_) => Ok(Value::String(text.clone())),
    }
}

fn request<'a>(args: &Doc, doctype: &str) -> Result<SelectRequest<'a>, Failure> {
    let json = |key: &str| {
        let value = args.get(key).filter(|value| !value.is_null());
        value.map(parsed).transpose()
    };
    let word = |key: &str| Some(text(args, key)).filter(|text| !text.trim().is_empty());
    let lists = args.get("as_dict").map(cstr);
    Ok(SelectRequest {
        doctype: doctype.to_owned(),
        fields: json("fields")?.map(|fields| match fields {
            // `fields=name,x` and `fields=*` are fields as well.
            Value::String(text) => text.split(',').map(|field| json!(field.trim())).collect(),
            fields => fields,
        }),
        filters: json("filters")?.map(by_name),
        or_filters: json("or_filters")?,
        order_by: word("order_by"),
        group_by: word("group_by"),
        parent: word("parent"),
        as_lists: matches!(lists.as_deref(), Some("0" | "false" | "False")),
        ..SelectRequest::default()
    })
}

/// A filter that is a bare word is a name.
pub(super) fn by_name(filters: Value) -> Value {
    match filters {
        Value::String(name) => json!({"name": name}),
        Value::Number(name) => json!({"name": name}),
        filters => filters,
    }
}

/// The rows that this user may see.
fn select(site: &Site, cx: &Cx, request: SelectRequest<'_>) -> Result<Vec<Value>, Failure> {
    let sight = Sight::of(site, cx, &request.doctype, request.parent.as_deref())?;
    let sees = |value: &dyn Fn(&str) -> Value| sight.sees(value);
    let visible: Option<Visible<'_>> = sight.is_limited().then_some(&sees);
    let request = SelectRequest {
        today: site.time().date(),
        visible,
        ..request
    };
    Ok(site.store.select(&request, site.dialect)?)
}

/// Which rows a user sees of a doctype that may be read at all.
#[derive(Default)]
struct Sight {
    /// User Permissions: field, names.
    limits: Vec<(String, Vec<String>)>,
    /// Only documents of this owner.
    owner: Option<String>,
}

impl Sight {
    fn of(site: &Site, cx: &Cx, doctype: &str, parent: Option<&str>) -> Result<Self, Failure> {
        let schema = site
            .store
            .schema(doctype)
            .ok_or_else(|| Failure::not_found("DocType", doctype))?;
        // Rows of a child doctype belong to who may read the parent.
        let guard = match parent {
            Some(parent) if schema.istable => parent,
            None if schema.istable && site.dialect == Dialect::V15 => {
                let mut failure = Failure::bare(403, "PermissionError");
                failure.error_message = Some(format!("No permission for {doctype}"));
                return Err(failure);
            }
            _ => doctype,
        };
        let owner = match site.check(cx, guard, Right::Read, None) {
            Ok(()) => None,
            Err(_) if site.users.may_own(&cx.user, schema) => Some(cx.user.clone()),
            // Lists show their traceback, unlike reads.
            Err(failure) if site.dialect == Dialect::V15 => {
                return Err(Failure {
                    traced: true,
                    ..failure
                });
            }
            Err(_) => {
                let text = format!("Insufficient Permission for <strong>{doctype}</strong>");
                return Err(Failure::thrown(403, "PermissionError", text));
            }
        };
        Ok(Self {
            limits: site.users.limits(&cx.user, schema),
            owner,
        })
    }

    fn is_limited(&self) -> bool {
        self.owner.is_some() || !self.limits.is_empty()
    }

    fn sees(&self, value: &dyn Fn(&str) -> Value) -> bool {
        self.limits
            .iter()
            .all(|(field, names)| names.contains(&cstr(&value(field))))
            && self
                .owner
                .as_ref()
                .is_none_or(|owner| cstr(&value("owner")) == *owner)
    }
}

/// `expand=["customer"]`: the row that a link points to, in its place.
fn expand(site: &Site, doctype: &str, args: &Doc, mut rows: Vec<Value>) -> Vec<Value> {
    let wanted = args.get("expand").map(parsed).and_then(Result::ok);
    let (Some(Value::Array(wanted)), Dialect::V16) = (wanted, site.dialect) else {
        return rows;
    };
    let Some(schema) = site.store.schema(doctype) else {
        return rows;
    };
    for row in rows.iter_mut().filter_map(Value::as_object_mut) {
        for field in wanted.iter().filter_map(Value::as_str) {
            if let Some(linked) = linked(site, schema, row, field) {
                row.insert(field.to_owned(), linked);
            }
        }
    }
    rows
}

fn linked(site: &Site, schema: &Schema, row: &Doc, field: &str) -> Option<Value> {
    let def = schema.field(field)?;
    let target = match def.fieldtype.as_str() {
        "Link" => def.options.clone(),
        "Dynamic Link" => text(row, &def.options),
        _ => return None,
    };
    let doc = site.load(&target, &text(row, field))?;
    let columns = doc.into_iter().filter(|(_, value)| !value.is_array());
    Some(Value::Object(columns.collect()))
}

/// `expand_links=True`: every link of the document and of its rows.
pub(super) fn expand_links(site: &Site, schema: &Schema, doc: &mut Value) {
    let Some(doc) = doc.as_object_mut() else {
        return;
    };
    for field in &schema.fields {
        if let Some(linked) = linked(site, schema, doc, &field.fieldname) {
            doc.insert(field.fieldname.clone(), linked);
        }
        let child = site
            .store
            .schema(&field.options)
            .filter(|_| field.is_table());
        let rows = doc.get_mut(&field.fieldname).and_then(Value::as_array_mut);
        if let (Some(child), Some(rows)) = (child, rows) {
            for row in rows {
                expand_links(site, child, row);
            }
        }
    }
}
