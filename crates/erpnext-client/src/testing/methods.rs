//! What `/api/method/…` can call.

mod client;
mod desk;

use serde_json::{Value, json};

use super::auth::not_permitted;
use super::coerce::{cstr, text};
use super::envelope::{Api, Reply};
use super::failure::{Failure, Message};
use super::list::parsed;
use super::permission::Right;
use super::respond::Call;
use super::site::{Cx, Doc, Site};
use super::{invoice, payment, subscription};
use crate::Dialect;

/// What a method is called with.
pub(super) struct Args<'a> {
    /// Last part of the dotted path, for messages.
    function: &'a str,
    args: &'a Doc,
}

impl Args<'_> {
    /// A text that must be there: without it Python has a `TypeError`.
    pub(super) fn need(&self, key: &str) -> Result<String, Failure> {
        self.needed(key).map(cstr)
    }

    pub(super) fn needed(&self, key: &str) -> Result<&Value, Failure> {
        self.args.get(key).ok_or_else(|| {
            let function = self.function;
            let text = format!("{function}() missing 1 required positional argument: '{key}'");
            Failure::raised(500, "TypeError", text)
        })
    }

    pub(super) fn text(&self, key: &str) -> String {
        text(self.args, key)
    }

    /// JSON, or a string of it.
    pub(super) fn json(&self, key: &str) -> Result<Value, Failure> {
        self.args.get(key).map_or(Ok(Value::Null), parsed)
    }

    /// A document: an object, or a string of one.
    pub(super) fn doc(&self, key: &str) -> Result<Doc, Failure> {
        match parsed(self.needed(key)?)? {
            Value::Object(doc) => Ok(doc),
            _ => Err(Failure::raised(
                500,
                "AttributeError",
                "'str' object has no attribute 'get'",
            )),
        }
    }

    pub(super) fn is_true(&self, key: &str) -> bool {
        matches!(self.text(key).as_str(), "1" | "true" | "True")
    }

    pub(super) fn all(&self) -> &Doc {
        self.args
    }
}

/// Methods that only POST (and its like) may call.
const WRITES: [&str; 19] = [
    "frappe.client.insert",
    "frappe.client.insert_many",
    "frappe.client.save",
    "frappe.client.set_value",
    "frappe.client.submit",
    "frappe.client.cancel",
    "frappe.client.delete",
    "frappe.client.bulk_update",
    "frappe.client.rename_doc",
    "frappe.client.attach_file",
    "frappe.desk.doctype.tag.tag.add_tag",
    "frappe.desk.doctype.tag.tag.remove_tag",
    "frappe.desk.form.assign_to.add",
    desk::MAKE_EMAIL,
    "upload_file",
    "frappe.handler.upload_file",
    "erpnext.accounts.doctype.subscription.subscription.cancel_subscription",
    "erpnext.accounts.doctype.subscription.subscription.restart_subscription",
    "frappe.model.rename_doc.update_document_title",
];

/// Methods that a guest may call.
const OPEN: [&str; 4] = [
    "ping",
    "frappe.ping",
    "frappe.handler.ping",
    "download_file",
];

pub(super) fn call(
    site: &mut Site,
    call: &Call<'_>,
    cx: &mut Cx,
    api: Api,
    path: &str,
    args: &Doc,
) -> Result<Reply, Failure> {
    if !is_known(path) {
        return Err(unknown(site, api, path));
    }
    if cx.user == "Guest" && !OPEN.contains(&path) {
        return Err(for_members(path));
    }
    if WRITES.contains(&path) && call.is_safe() {
        return Err(not_permitted());
    }
    let args = Args {
        function: path.rsplit('.').next().unwrap_or(path),
        args,
    };
    match path {
        "upload_file" | "frappe.handler.upload_file" => site.upload(cx, call, &args),
        "download_file" => site.download(cx, &args),
        "frappe.desk.form.load.getdoctype" => desk::doctype(site, &args),
        "frappe.utils.print_format.download_pdf" => desk::pdf(site, cx, &args),
        path => value(site, cx, path, &args).map(Reply::message),
    }
}

fn is_known(path: &str) -> bool {
    const READS: [&str; 24] = [
        "ping",
        "frappe.ping",
        "frappe.handler.ping",
        "version",
        "frappe.handler.version",
        "download_file",
        "frappe.auth.get_logged_user",
        "frappe.utils.change_log.get_versions",
        "frappe.client.get_list",
        "frappe.client.get_count",
        "frappe.client.get",
        "frappe.client.get_value",
        "frappe.client.get_single_value",
        "frappe.client.get_password",
        "frappe.client.has_permission",
        "frappe.client.get_time_zone",
        "frappe.desk.search.search_link",
        "frappe.desk.query_report.run",
        "frappe.desk.reportview.get_count",
        "frappe.core.doctype.user.user.get_timezones",
        "frappe.desk.form.load.getdoctype",
        "frappe.utils.print_format.download_pdf",
        "frappe.desk.form.assign_to.get",
        payment::GET_PAYMENT_ENTRY,
    ];
    // `version` is a method of the new API alone.
    READS.contains(&path) && path != "version" || WRITES.contains(&path)
}

fn unknown(site: &Site, api: Api, path: &str) -> Failure {
    let app = path.split('.').next().unwrap_or_default();
    let installed = matches!(app, "frappe" | "erpnext");
    let why = if !path.contains('.') {
        format!("'{path}'")
    } else if installed {
        let (module, function) = path.rsplit_once('.').unwrap_or((path, ""));
        format!("module '{module}' has no attribute '{function}'")
    } else {
        format!("App {app} is not installed")
    };
    if api == Api::V2 && site.dialect == Dialect::V16 && path.contains('/') {
        return Failure::no_route();
    }
    let text = format!("Failed to get method for command {path} with {why}");
    let mut failure = Failure::validation(text);
    if path.contains('.') && !installed {
        failure.messages.insert(0, Message::thrown(why));
    }
    failure
}

fn for_members(path: &str) -> Failure {
    let text = format!(
        "<details><summary>You are not permitted to access this resource. Login to access</summary>Function <strong>{path}</strong> is not whitelisted.</details>"
    );
    Failure::thrown(403, "PermissionError", text).titled("Method Not Allowed")
}

fn value(site: &mut Site, cx: &mut Cx, path: &str, args: &Args<'_>) -> Result<Value, Failure> {
    if let Some(function) = path.strip_prefix("frappe.client.") {
        return client::call(site, cx, function, args);
    }
    match path {
        "ping" | "frappe.ping" | "frappe.handler.ping" => Ok(json!("pong")),
        "frappe.handler.version" => Ok(json!(frappe_version(site.dialect))),
        "frappe.auth.get_logged_user" => Ok(json!(cx.user)),
        "frappe.utils.change_log.get_versions" => Ok(versions(site)),
        "frappe.core.doctype.user.user.get_timezones" => {
            Ok(json!({"timezones": ["America/Toronto", "America/Halifax", "UTC"]}))
        }
        payment::GET_PAYMENT_ENTRY => {
            let (doctype, name) = (args.need("dt")?, args.need("dn")?);
            payment::draft(site, cx, &doctype, &name, args)
        }
        path if path.starts_with("erpnext.accounts.doctype.subscription.") => {
            let name = match args.text("name") {
                name if name.is_empty() => args.need("subscription")?,
                name => name,
            };
            let cancel = path.ends_with("cancel_subscription");
            subscription::set_running(site, cx, &name, !cancel)
        }
        path => desk::call(site, cx, path, args),
    }
}

fn frappe_version(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::V15 => "15.101.1",
        Dialect::V16 => "16.2.0",
    }
}

fn versions(site: &Site) -> Value {
    let erpnext = match site.dialect {
        Dialect::V15 => "15.99.1",
        Dialect::V16 => "16.1.0",
    };
    json!({
        "frappe": {
            "title": "Frappe Framework",
            "description": "Full stack web framework with Python, Javascript, MariaDB, Redis, Node",
            "branch": "",
            "version": frappe_version(site.dialect),
        },
        "erpnext": {
            "title": "ERPNext",
            "description": "ERP made simple",
            "branch": "",
            "version": erpnext,
        },
    })
}

/// A document that may be read.
pub(super) fn read(site: &Site, cx: &Cx, doctype: &str, name: &str) -> Result<Doc, Failure> {
    let schema = site.controller(doctype)?;
    if !site.may(cx, doctype, Right::Read, None) && !site.users.may_own(&cx.user, &schema) {
        site.check(cx, doctype, Right::Read, None)?;
    }
    let name = if schema.issingle { doctype } else { name };
    let doc = match site.load(doctype, name) {
        Some(doc) => doc,
        None if schema.issingle => {
            let mut doc = Doc::new();
            site.set_defaults(&schema, &mut doc, "Administrator");
            doc.insert("name".to_owned(), json!(doctype));
            doc
        }
        None => return Err(Failure::not_found(doctype, name)),
    };
    site.check(cx, doctype, Right::Read, Some(&doc))?;
    Ok(doc)
}

/// The `DocType` document of a doctype, custom fields included.
pub(super) fn meta(site: &Site, cx: &Cx, doctype: &str) -> Result<Reply, Failure> {
    if cx.user == "Guest" {
        site.check(cx, "DocType", Right::Read, None)?;
    }
    let schema = match site.schema(doctype) {
        Ok(schema) => schema,
        // Whoever is logged in may know a doctype; that there is none, only who may read them all.
        Err(absent) => {
            site.check(cx, "DocType", Right::Read, None)?;
            return Err(absent);
        }
    };
    Ok(Reply::data(desk::meta(site, &schema)))
}

impl Site {
    /// Runs a whitelisted method of a stored document.
    pub(super) fn run_method(
        &mut self,
        cx: &mut Cx,
        doctype: &str,
        name: &str,
        method: &str,
        args: &Doc,
    ) -> Result<Value, Failure> {
        let schema = self.controller(doctype)?;
        let doc = match (doctype, method) {
            (_, "submit") => self.set_docstatus(cx, doctype, name, 1)?,
            (_, "cancel") => self.set_docstatus(cx, doctype, name, 2)?,
            (_, "save") => self.change(cx, doctype, name, &Doc::new())?,
            (_, "add_tag") => {
                let tag = text(args, "tag");
                return desk::tag(self, cx, doctype, name, &tag, true).map(|()| Value::Null);
            }
            ("Subscription", "cancel_subscription") => {
                return subscription::set_running(self, cx, name, false);
            }
            ("Subscription", "restart_subscription") => {
                return subscription::set_running(self, cx, name, true);
            }
            ("Sales Invoice", "set_status") => {
                return invoice::refresh_status(self, name).map(|()| Value::Null);
            }
            ("HD Ticket", "mark_seen") => return Ok(Value::Null),
            ("HD Ticket", "new_comment") => {
                let comment = json!({
                    "comment_type": "Comment", "reference_doctype": doctype,
                    "reference_name": name, "content": text(args, "content"),
                });
                let comment = comment.as_object().cloned().unwrap_or_default();
                return self.create(cx, "Comment", &comment).map(|_| Value::Null);
            }
            ("HD Ticket", "reply_via_agent" | "create_communication_via_contact") => {
                return desk::reply(self, cx, doctype, name, method, args);
            }
            ("HD Ticket", "assign_agent") => {
                return desk::assign(self, cx, doctype, name, &[text(args, "agent")])
                    .map(|()| Value::Null);
            }
            _ => return Err(Failure::page(404, format!("Method {method} not found"))),
        };
        Ok(self.wire(&schema, doc, false))
    }
}

/// v2: a method of a document that was sent along, not stored.
pub(super) fn run_doc_method(site: &mut Site, cx: &mut Cx, args: &Doc) -> Result<Reply, Failure> {
    let args = Args {
        function: "run_doc_method",
        args,
    };
    let (method, given) = (args.need("method")?, args.doc("document")?);
    let (doctype, name) = (text(&given, "doctype"), text(&given, "name"));
    let schema = site.controller(&doctype)?;
    let stored = read(site, cx, &doctype, &name)?;
    let modified = text(&given, "modified");
    if !modified.is_empty() && modified != text(&stored, "modified") {
        let text = format!(
            "Error: Document has been modified after you have opened it ({}, {modified}). Please refresh to get the latest document.",
            text(&stored, "modified")
        );
        return Err(Failure::thrown(417, "TimestampMismatchError", text));
    }
    let kwargs = match args.json("kwargs")? {
        Value::Object(kwargs) => kwargs,
        _ => Doc::new(),
    };
    let value = site.run_method(cx, &doctype, &name, &method, &kwargs)?;
    let doc = site.must_load(&doctype, &name)?;
    let doc = site.wire(&schema, doc, site.dialect == Dialect::V16);
    Ok(Reply::data(value).with("docs", json!([doc])))
}
