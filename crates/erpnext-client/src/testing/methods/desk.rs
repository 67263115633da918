//! Methods of the desk: search, tags, assignments, reports, metadata.

use serde_json::{Value, json};

use super::Args;
use crate::Dialect;
use crate::testing::coerce::{cint, cstr, rows, text};
use crate::testing::envelope::Reply;
use crate::testing::failure::Failure;
use crate::testing::permission::Right;
use crate::testing::schema::Schema;
use crate::testing::site::{Cx, Doc, Site};
use crate::testing::{collation, list, report};

/// Writes a message at a document and sends it.
pub(super) const MAKE_EMAIL: &str = "frappe.core.doctype.communication.email.make";

pub(super) fn call(
    site: &mut Site,
    cx: &mut Cx,
    path: &str,
    args: &Args<'_>,
) -> Result<Value, Failure> {
    match path {
        "frappe.desk.search.search_link" => search_link(site, cx, args),
        "frappe.desk.query_report.run" => {
            let name = args.need("report_name")?;
            let filters = args.json("filters")?;
            let filters = filters.as_object().cloned().unwrap_or_default();
            report::run(site, cx, &name, &filters)
        }
        "frappe.desk.reportview.get_count" => {
            let doctype = args.need("doctype")?;
            list::total(site, cx, &doctype, args.all().get("filters")).map(Value::from)
        }
        "frappe.desk.doctype.tag.tag.add_tag" => {
            let (name, doctype) = (args.need("tag")?, args.need("dt")?);
            tag(site, cx, &doctype, &args.need("dn")?, &name, true)?;
            Ok(json!(name))
        }
        "frappe.desk.doctype.tag.tag.remove_tag" => {
            let (name, doctype) = (args.need("tag")?, args.need("dt")?);
            tag(site, cx, &doctype, &args.need("dn")?, &name, false)?;
            Ok(Value::Null)
        }
        "frappe.desk.form.assign_to.add" => {
            let (doctype, name) = (args.need("doctype")?, args.need("name")?);
            let users = args.json("assign_to")?;
            let users: Vec<String> = match &users {
                Value::Array(users) => users.iter().map(cstr).collect(),
                user => vec![cstr(user)],
            };
            assign(site, cx, &doctype, &name, &users)?;
            assigned(site, &doctype, &name)
        }
        MAKE_EMAIL => make_email(site, cx, args),
        "frappe.desk.form.assign_to.get" => {
            assigned(site, &args.need("doctype")?, &args.need("name")?)
        }
        "frappe.model.rename_doc.update_document_title" => {
            let (doctype, name) = (args.need("doctype")?, args.need("docname")?);
            match args.text("name") {
                new if new.is_empty() => Ok(json!(name)),
                new => site
                    .rename(cx, &doctype, &name, &new, args.is_true("merge"))
                    .map(Value::from),
            }
        }
        _ => Err(Failure::no_route()),
    }
}

/// A doctype with those of its tables, as the form takes them: beside the envelope, not in it.
pub(super) fn doctype(site: &Site, args: &Args<'_>) -> Result<Reply, Failure> {
    let schema = site.schema(&args.need("doctype")?)?;
    let mut docs = vec![meta(site, &schema)];
    for field in schema.tables() {
        if let Some(child) = site.store.schema(&field.options) {
            docs.push(meta(site, child));
        }
    }
    Ok(Reply::message(Value::Null)
        .with("docs", docs)
        .with("user_settings", "{}"))
}

/// Names that hold the text, with the title beside them.
fn search_link(site: &Site, cx: &Cx, args: &Args<'_>) -> Result<Value, Failure> {
    let (doctype, wanted) = (args.need("doctype")?, args.need("txt")?);
    let schema = site.schema(&doctype)?;
    let title = schema.title_field.as_str();
    let fields = if title.is_empty() {
        json!(["name"])
    } else {
        json!(["name", title])
    };
    let size = match args.text("page_length") {
        size if size.is_empty() => 10,
        size => cint(&json!(size)),
    };
    let mut search = Doc::new();
    search.insert("fields".to_owned(), fields);
    search.insert("limit_page_length".to_owned(), json!(size));
    search.insert("order_by".to_owned(), json!("name asc"));
    let pattern = format!("%{}%", wanted.replace('%', "\\%").replace('_', "\\_"));
    let mut any = vec![json!(["name", "like", pattern])];
    if !title.is_empty() {
        any.push(json!([title, "like", pattern]));
    }
    search.insert("or_filters".to_owned(), any.into());
    let filters = args.json("filters")?;
    if !filters.is_null() {
        search.insert("filters".to_owned(), filters);
    }
    let found = list::rows(site, cx, &doctype, &search)?;
    let found = found.iter().filter_map(Value::as_object).map(|row| {
        let name = row.get("name").cloned().unwrap_or_default();
        let description = match text(row, title) {
            same if collation::same(&same, &cstr(&name)) => String::new(),
            other => other,
        };
        let mut found = json!({"value": name, "description": description});
        if site.dialect == Dialect::V16 {
            found["label"] = match text(row, title) {
                title if title.is_empty() => name,
                title => json!(title),
            };
        }
        found
    });
    Ok(found.collect())
}

/// Adds or removes a tag of a document; on version 15 `_user_tags` begins with a comma.
pub(super) fn tag(
    site: &mut Site,
    cx: &mut Cx,
    doctype: &str,
    name: &str,
    tag: &str,
    add: bool,
) -> Result<(), Failure> {
    let doc = site.must_load(doctype, name)?;
    site.check(cx, doctype, Right::Write, Some(&doc))?;
    let held = text(&doc, "_user_tags");
    let mut tags: Vec<&str> = held.split(',').filter(|tag| !tag.is_empty()).collect();
    tags.retain(|held| !held.eq_ignore_ascii_case(tag));
    if add {
        tags.push(tag);
        if site.load("Tag", tag).is_none() {
            let new = Doc::from_iter([("name".to_owned(), json!(tag))]);
            site.create(cx, "Tag", &new)?;
        }
    }
    let joined = match site.dialect {
        Dialect::V15 => tags.iter().map(|tag| format!(",{tag}")).collect(),
        Dialect::V16 => tags.join(","),
    };
    let name = text(&doc, "name");
    site.db_set(doctype, &name, [("_user_tags", json!(joined))])?;
    let link = json!({"document_type": doctype, "document_name": name, "tag": tag, "title": name});
    if add {
        let link = link.as_object().cloned().unwrap_or_default();
        site.create(cx, "Tag Link", &link)?;
    } else {
        let search = json!({
            "filters": {"document_type": doctype, "document_name": name, "tag": tag},
            "limit_page_length": 0,
        });
        let search = search.as_object().cloned().unwrap_or_default();
        for row in list::rows(site, cx, "Tag Link", &search)? {
            let name = row.get("name").map(cstr).unwrap_or_default();
            site.db_remove("Tag Link", &name)?;
        }
    }
    Ok(())
}

/// A `ToDo` for each user, and their names in `_assign`.
pub(super) fn assign(
    site: &mut Site,
    cx: &mut Cx,
    doctype: &str,
    name: &str,
    users: &[String],
) -> Result<(), Failure> {
    let doc = site.must_load(doctype, name)?;
    site.check(cx, doctype, Right::Write, Some(&doc))?;
    let held = serde_json::from_str::<Vec<String>>(&text(&doc, "_assign"));
    let mut held = held.unwrap_or_default();
    for user in users {
        if held.contains(user) {
            continue;
        }
        let todo = json!({
            "allocated_to": user, "reference_type": doctype, "reference_name": name,
            "description": format!("Assignment for {doctype} {name}"),
            "assigned_by": cx.user,
        });
        let todo = todo.as_object().cloned().unwrap_or_default();
        site.create(cx, "ToDo", &todo)?;
        held.push(user.clone());
    }
    let held = crate::testing::json::dumps(&held);
    site.db_set(doctype, &text(&doc, "name"), [("_assign", json!(held))])
}

fn assigned(site: &Site, doctype: &str, name: &str) -> Result<Value, Failure> {
    let doc = site.must_load(doctype, name)?;
    let users = serde_json::from_str::<Vec<String>>(&text(&doc, "_assign"));
    let users = users.unwrap_or_default();
    Ok(users
        .iter()
        .map(|user| json!({"owner": user, "name": name}))
        .collect())
}

/// A Communication at a document, written by whoever may read it. No mail leaves the fake: what
/// would have been sent is the document.
fn make_email(site: &mut Site, cx: &mut Cx, args: &Args<'_>) -> Result<Value, Failure> {
    let (doctype, name) = (args.text("doctype"), args.text("name"));
    if !doctype.is_empty() && !name.is_empty() {
        super::read(site, cx, &doctype, &name)?;
    }
    let or = |key: &str, usual: &str| match args.text(key) {
        given if given.is_empty() => usual.to_owned(),
        given => given,
    };
    let writer = site.load("User", &cx.user).unwrap_or_default();
    let communication = json!({
        "subject": args.text("subject"),
        "content": args.text("content"),
        "sender": or("sender", &text(&writer, "email")),
        "recipients": args.text("recipients"),
        "communication_medium": or("communication_medium", "Email"),
        "communication_type": or("communication_type", "Communication"),
        "sent_or_received": or("sent_or_received", "Sent"),
        "status": "Linked",
        "reference_doctype": doctype,
        "reference_name": name,
    });
    let communication = communication.as_object().cloned().unwrap_or_default();
    // Whoever may read the document may write at it, whatever the rights to messages are.
    let user = std::mem::replace(&mut cx.user, "Administrator".to_owned());
    let made = site.create(cx, "Communication", &communication);
    cx.user = user;
    let made = made?;
    Ok(json!({"name": text(&made, "name"), "emails_not_sent_to": Value::Null}))
}

/// A Communication on a ticket, from the agent or from the contact.
pub(super) fn reply(
    site: &mut Site,
    cx: &mut Cx,
    doctype: &str,
    name: &str,
    method: &str,
    args: &Doc,
) -> Result<Value, Failure> {
    let by_agent = method == "reply_via_agent";
    let doc = site.must_load(doctype, name)?;
    let communication = json!({
        "subject": format!("Re: {}", text(&doc, "subject")),
        "communication_medium": "Email",
        "communication_type": "Communication",
        "sent_or_received": if by_agent { "Sent" } else { "Received" },
        "status": "Linked",
        "content": text(args, "message"),
        "sender": cx.user,
        "recipients": text(args, "to"),
        "reference_doctype": doctype,
        "reference_name": name,
    });
    let communication = communication.as_object().cloned().unwrap_or_default();
    site.create(cx, "Communication", &communication)?;
    let status = if by_agent { "Replied" } else { "Open" };
    site.db_set(doctype, name, [("status", json!(status))])?;
    Ok(Value::Null)
}

/// A PDF with the document's name in it, as far as a fake has a printer.
pub(super) fn pdf(site: &Site, cx: &Cx, args: &Args<'_>) -> Result<Reply, Failure> {
    let (doctype, name) = (args.need("doctype")?, args.need("name")?);
    let doc = super::read(site, cx, &doctype, &name)?;
    let lines = rows(&doc, "items").count();
    let text = format!("{doctype} {name} ({lines})").replace(['(', ')', '\\'], " ");
    let page = format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>endobj\n4 0 obj<</Length {}>>stream\nBT /F1 12 Tf 72 720 Td ({text}) Tj ET\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
        text.len() + 36
    );
    Ok(Reply::raw("application/pdf", page.into_bytes()))
}

/// The document of the doctype, with its custom fields among the fields.
pub(super) fn meta(site: &Site, schema: &Schema) -> Value {
    let mut meta = site.load("DocType", &schema.name).unwrap_or_default();
    meta.append(&mut schema.to_json());
    meta.insert("doctype".to_owned(), json!("DocType"));
    meta.retain(|_, value| !value.is_null());
    Value::Object(meta)
}
