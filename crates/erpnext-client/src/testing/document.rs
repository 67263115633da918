//! The life of a document.

use serde_json::{Value, json};

use super::coerce::{self, cint, cstr, text};
use super::docstatus::Step;
use super::failure::Failure;
use super::naming::{self, name_for};
use super::permission::Right;
use super::schema::Schema;
use super::site::{Cx, Doc, Site};
use crate::Dialect;

impl Site {
    /// Creates a document and answers it as it is in memory then.
    pub(super) fn create(
        &mut self,
        cx: &mut Cx,
        doctype: &str,
        given: &Doc,
    ) -> Result<Doc, Failure> {
        let schema = self.controller(doctype)?;
        self.refuse_shapes(&schema, given)?;
        let mut doc = self.cast(&schema, given);
        self.set_defaults(&schema, &mut doc, &cx.user);
        for key in ["__newname", "parent", "parenttype", "parentfield"] {
            if let Some(value) = given.get(key) {
                doc.insert(key.to_owned(), value.clone());
            }
        }
        let docstatus = given.get("docstatus").map_or(0, cint);
        doc.insert("docstatus".to_owned(), json!(docstatus));
        doc.insert("idx".to_owned(), json!(given.get("idx").map_or(0, cint)));
        let step = Step::of_new(docstatus)?;
        self.fill_before(cx, &schema, &mut doc)?;
        self.validate_links(&schema, &mut doc)?;
        self.amends_cancelled(&schema, &doc)?;
        self.check(cx, doctype, Right::Create, None)?;
        if step == Step::Submit {
            self.check(cx, doctype, Right::Submit, None)?;
        }
        if let Some(name) = given.get("name").filter(|_| !schema.issingle) {
            doc.insert("name".to_owned(), name.clone());
        }
        let name = match self.controller_name(&schema, &doc)? {
            Some(name) => Value::String(naming::checked(doctype, &name)?),
            None => name_for(self, &schema, &doc)?,
        };
        doc.remove("__newname");
        doc.insert("name".to_owned(), name);
        self.sync_name_field(&schema, &mut doc);
        let stamp = self.stamp();
        for (key, value) in [
            ("owner", cx.user.as_str()),
            ("creation", &stamp),
            ("modified", &stamp),
            ("modified_by", &cx.user),
        ] {
            doc.insert(key.to_owned(), json!(value));
        }
        self.before_save(&schema, &mut doc, None, step)?;
        self.validate_values(&schema, &doc)?;
        self.sanitize(&schema, &mut doc);
        self.number_rows(&schema, &mut doc);
        self.keep_passwords(&schema, &mut doc);
        let stored = self.at_rest(&schema, &doc)?;
        if schema.issingle {
            match self.load(doctype, doctype) {
                Some(before) => self.db_update(doctype, before, stored)?,
                None => self.db_insert(doctype, stored)?,
            }
        } else {
            self.db_insert(doctype, stored)?;
        }
        self.after_insert(cx, &schema, &mut doc)?;
        self.announce(&schema, &doc, "after_insert");
        self.after_save(cx, &schema, &mut doc, None, step)?;
        Ok(doc)
    }

    /// Only what is cancelled is amended.
    fn amends_cancelled(&self, schema: &Schema, doc: &Doc) -> Result<(), Failure> {
        let from = text(doc, "amended_from");
        if from.is_empty() || schema.field("amended_from").is_none() {
            return Ok(());
        }
        match self.store.value(&schema.name, &from, "docstatus") {
            Some(docstatus) if cint(&docstatus) != 2 => Err(Failure::validation(format!(
                "{from} cannot be amended because it is not cancelled. Please cancel the document before creating an amendment."
            ))),
            _ => Ok(()),
        }
    }

    /// Merges what was given into the stored document and saves it.
    pub(super) fn change(
        &mut self,
        cx: &mut Cx,
        doctype: &str,
        name: &str,
        given: &Doc,
    ) -> Result<Doc, Failure> {
        let schema = self.controller(doctype)?;
        self.check(cx, doctype, Right::Read, None)?;
        let before = self.must_load(doctype, name)?;
        self.refuse_shapes(&schema, given)?;
        let mut doc = before.clone();
        doc.append(&mut self.cast(&schema, given));
        for key in ["docstatus", "idx"] {
            if let Some(value) = given.get(key).filter(|value| !value.is_null()) {
                doc.insert(key.to_owned(), json!(cint(value)));
            }
        }
        if let Some(modified) = given.get("modified") {
            doc.insert("modified".to_owned(), modified.clone());
        }
        self.save(cx, &schema, &before, doc)
    }

    /// Saves a document given whole: what is left out is lost.
    pub(super) fn save_whole(&mut self, cx: &mut Cx, given: &Doc) -> Result<Doc, Failure> {
        let doctype = text(given, "doctype");
        let schema = self.controller(&doctype)?;
        let name = text(given, "name");
        let Some(before) = self.load(&doctype, &name).filter(|_| !name.is_empty()) else {
            return self.create(cx, &doctype, given);
        };
        self.refuse_shapes(&schema, given)?;
        let mut doc = self.cast(&schema, given);
        for field in schema.fields.iter().filter(|field| !field.is_layout()) {
            let absent = if field.is_table() {
                json!([])
            } else if field.is_number() && field.fieldtype != "Duration" {
                coerce::echo(field, json!(0))
            } else {
                Value::Null
            };
            doc.entry(field.fieldname.clone()).or_insert(absent);
        }
        for key in coerce::STANDARD.into_iter().chain(coerce::HIDDEN) {
            if let Some(value) = before.get(key) {
                doc.insert(key.to_owned(), value.clone());
            }
        }
        let status = given.get("docstatus").map_or(0, cint);
        doc.insert("docstatus".to_owned(), json!(status));
        // A document sent back without its time stamp is taken for an old one.
        let modified = given.get("modified").cloned();
        doc.insert("modified".to_owned(), modified.unwrap_or_else(|| json!("")));
        self.save(cx, &schema, &before, doc)
    }

    /// Writes `doc` over `before`.
    pub(super) fn save(
        &mut self,
        cx: &mut Cx,
        schema: &Schema,
        before: &Doc,
        mut doc: Doc,
    ) -> Result<Doc, Failure> {
        let doctype = schema.name.as_str();
        let (was, is) = (status(before), status(&doc));
        let stamp = self.stamp();
        let (stored, sent) = (text(before, "modified"), text(&doc, "modified"));
        if stored != sent {
            let what = match self.dialect {
                Dialect::V15 => "Document".to_owned(),
                Dialect::V16 => format!("{} ({doctype})", text(before, "name")),
            };
            let text = format!(
                "Error: {what} has been modified after you have opened it ({stored}, {stamp}). Please refresh to get the latest document."
            );
            return Err(Failure::thrown(417, "TimestampMismatchError", text));
        }
        let step = Step::between(was, is)?;
        self.fill_before(cx, schema, &mut doc)?;
        if step != Step::Cancel {
            self.validate_links(schema, &mut doc)?;
        }
        self.check(cx, doctype, step.right(), Some(before))?;
        doc.insert("modified".to_owned(), json!(stamp));
        doc.insert("modified_by".to_owned(), json!(cx.user));
        for key in ["name", "owner", "creation"] {
            let kept = before.get(key).cloned().unwrap_or_default();
            doc.insert(key.to_owned(), kept);
        }
        if step == Step::Cancel {
            let name = text(&doc, "name");
            self.before_cancel(cx, schema, &name)?;
            self.no_links(cx, schema, &name)?;
        } else {
            self.default_rows(schema, &mut doc, &cx.user);
            self.sync_name_field(schema, &mut doc);
        }
        self.before_save(schema, &mut doc, Some(before), step)?;
        if step != Step::Cancel {
            self.validate_values(schema, &doc)?;
            self.sanitize(schema, &mut doc);
        }
        if step == Step::AfterSubmit {
            self.validate_after_submit(schema, before, &self.at_rest(schema, &doc)?)?;
        }
        self.number_rows(schema, &mut doc);
        self.keep_passwords(schema, &mut doc);
        let stored = self.at_rest(schema, &doc)?;
        self.db_update(doctype, before.clone(), stored)?;
        self.after_save(cx, schema, &mut doc, Some(before), step)?;
        Ok(doc)
    }

    /// Submits or cancels what is stored.
    pub(super) fn set_docstatus(
        &mut self,
        cx: &mut Cx,
        doctype: &str,
        name: &str,
        docstatus: i64,
    ) -> Result<Doc, Failure> {
        let schema = self.controller(doctype)?;
        let before = self.must_load(doctype, name)?;
        let mut doc = before.clone();
        doc.insert("docstatus".to_owned(), json!(docstatus));
        self.save(cx, &schema, &before, doc)
    }

    pub(super) fn delete(&mut self, cx: &mut Cx, doctype: &str, name: &str) -> Result<(), Failure> {
        let gone = || Failure::no_route();
        let schema = self.store.schema(doctype).cloned().ok_or_else(gone)?;
        let doc = match self.load(doctype, name) {
            Some(doc) => doc,
            // Nobody is told what there is that they may not delete.
            None if self.may(cx, doctype, Right::Delete, None) => return Err(gone()),
            None => return self.check(cx, doctype, Right::Delete, None),
        };
        self.check(cx, doctype, Right::Delete, Some(&doc))?;
        let name = text(&doc, "name");
        if status(&doc) == 1 {
            return Err(Failure::validation(format!(
                "{doctype} {name}: Submitted Record cannot be deleted. You must <a href='https://docs.frappe.io/erpnext/user/manual/en/delete-submitted-document' target='_blank'> Cancel </a> it first."
            )));
        }
        self.no_links(cx, &schema, &name)?;
        self.before_delete(&schema, &doc)?;
        self.db_remove(doctype, &name)?;
        self.announce(&schema, &doc, "on_trash");
        Ok(())
    }

    /// Nothing points to the document.
    fn no_links(&self, cx: &Cx, schema: &Schema, name: &str) -> Result<(), Failure> {
        let doctype = &schema.name;
        let Some((other, holder)) = self.store.links_to(doctype, name) else {
            return Ok(());
        };
        let link = |doctype: &str, name: &str| self.desk_link(cx, doctype, name);
        let (own, theirs) = (link(doctype, name), link(&other, &holder));
        let text = format!(
            "Cannot delete or cancel because {doctype} {own} is linked with {other} {theirs} "
        );
        Err(Failure::thrown(417, "LinkExistsError", text))
    }

    /// `<a href="…">name</a>`, as messages hold it.
    pub(super) fn desk_link(&self, cx: &Cx, doctype: &str, name: &str) -> String {
        let slug = doctype.to_lowercase().replace(' ', "-");
        let encoded = percent_encoding::utf8_percent_encode(name, super::route::SEGMENT);
        let (base, desk) = match self.dialect {
            Dialect::V15 => (cx.base.as_str(), "app"),
            Dialect::V16 => (cx.base.as_str(), "desk"),
        };
        format!("<a href=\"{base}/{desk}/{slug}/{encoded}\">{name}</a>")
    }

    /// Gives a document another name, or merges it into one that is there.
    pub(super) fn rename(
        &mut self,
        cx: &mut Cx,
        doctype: &str,
        old: &str,
        new: &str,
        merge: bool,
    ) -> Result<String, Failure> {
        let schema = self.schema(doctype)?;
        let doc = self.must_load(doctype, old)?;
        self.check(cx, doctype, Right::Write, Some(&doc))?;
        let old = text(&doc, "name");
        let new = naming::checked(doctype, new)?;
        if new == old {
            return Err(Failure::validation(
                "No changes made because old and new name are the same.",
            ));
        }
        let target = self.store.stored_name(doctype, &new);
        match target.filter(|found| *found != old) {
            Some(target) if merge => self.merge(&schema, &old, &target)?,
            None if merge => {
                return Err(Failure::validation(format!(
                    "{doctype} {new} does not exist, select a new target to merge"
                )));
            }
            Some(found) if found.to_lowercase() != old.to_lowercase() => {
                return Err(Failure::validation(format!(
                    "Another {doctype} with name {new} exists, select another name"
                )));
            }
            _ => self.db_rename(doctype, &old, &new)?,
        }
        let field = schema.autoname.strip_prefix("field:").map(str::to_owned);
        if let (Some(field), Some(before)) = (field, self.load(doctype, &new)) {
            let mut after = before.clone();
            after.insert(field, json!(new));
            self.db_update(doctype, before, after)?;
        }
        let (from, to) = (
            format!("<strong>{old}</strong>"),
            format!("<strong>{new}</strong>"),
        );
        let mut message =
            super::failure::Message::said(format!("Document renamed from {from} to {to}"));
        message.indicator = Some("green");
        message.alert = true;
        cx.messages.push(message);
        Ok(new)
    }

    /// Points everything at the target and drops the old document.
    fn merge(&mut self, schema: &Schema, old: &str, target: &str) -> Result<(), Failure> {
        let doctype = &schema.name;
        let mut guard = 0;
        while let Some((holder, name)) = self.store.links_to(doctype, old) {
            guard += 1;
            let Some(before) = self.load(&holder, &name).filter(|_| guard < 10_000) else {
                break;
            };
            let linked = self.schema(&holder)?;
            let mut after = before.clone();
            repoint(self, &linked, &mut after, doctype, old, target);
            if after == before {
                break;
            }
            self.db_update(&holder, before, after)?;
        }
        self.db_remove(doctype, old)
    }

    /// Rows keep the number they came with; others get their place. All get a name.
    fn number_rows(&mut self, schema: &Schema, doc: &mut Doc) {
        let (parent, doctype) = (doc.get("name").cloned().unwrap_or_default(), &schema.name);
        let inherited: Vec<(&str, Value)> =
            ["owner", "creation", "modified", "modified_by", "docstatus"]
                .into_iter()
                .map(|key| (key, doc.get(key).cloned().unwrap_or_default()))
                .collect();
        for field in schema.tables() {
            let rows = doc.get_mut(&field.fieldname).and_then(Value::as_array_mut);
            let rows = rows.into_iter().flatten().filter_map(Value::as_object_mut);
            for (at, row) in (1..).zip(rows) {
                if row.get("name").is_none_or(|name| cstr(name).is_empty()) {
                    row.insert("name".to_owned(), json!(self.token(10)));
                }
                if row.get("idx").is_none_or(|idx| cint(idx) == 0) {
                    row.insert("idx".to_owned(), json!(at));
                }
                row.insert("parent".to_owned(), parent.clone());
                row.insert("parentfield".to_owned(), json!(field.fieldname));
                row.insert("parenttype".to_owned(), json!(doctype));
                for (key, value) in &inherited {
                    row.insert((*key).to_owned(), value.clone());
                }
            }
        }
    }

    /// Defaults for rows that came with a change.
    fn default_rows(&self, schema: &Schema, doc: &mut Doc, user: &str) {
        for field in schema.tables() {
            let Some(child) = self.store.schema(&field.options) else {
                continue;
            };
            let rows = doc.get_mut(&field.fieldname).and_then(Value::as_array_mut);
            for row in rows.into_iter().flatten().filter_map(Value::as_object_mut) {
                // A row with a name is taken as whole: what it leaves out is lost.
                if !row.contains_key("name") {
                    self.set_defaults(child, row, user);
                }
            }
        }
    }

    /// Names by a field: the field holds the name as it was trimmed.
    fn sync_name_field(&self, schema: &Schema, doc: &mut Doc) {
        if let Some(field) = schema.autoname.strip_prefix("field:")
            && let Some(name) = doc.get("name").cloned()
        {
            doc.insert(field.to_owned(), name);
        }
    }

    /// Clear text goes to the vault, stars stay.
    fn keep_passwords(&mut self, schema: &Schema, doc: &mut Doc) {
        let name = text(doc, "name");
        for field in schema.fields.iter().filter(|f| f.fieldtype == "Password") {
            let clear = text(doc, &field.fieldname);
            if clear.is_empty() || clear.chars().all(|c| c == '*') {
                continue;
            }
            let stars = "*".repeat(clear.chars().count());
            let key = (schema.name.clone(), name.clone(), field.fieldname.clone());
            self.passwords.insert(key, clear);
            doc.insert(field.fieldname.clone(), json!(stars));
        }
    }
}

fn repoint(site: &Site, schema: &Schema, doc: &mut Doc, doctype: &str, old: &str, new: &str) {
    for field in &schema.fields {
        let points = match field.fieldtype.as_str() {
            "Link" => field.options == doctype,
            "Dynamic Link" => text(doc, &field.options) == doctype,
            _ => false,
        };
        if points && text(doc, &field.fieldname) == old {
            doc.insert(field.fieldname.clone(), json!(new));
        }
        let Some(child) = site
            .store
            .schema(&field.options)
            .filter(|_| field.is_table())
        else {
            continue;
        };
        let rows = doc.get_mut(&field.fieldname).and_then(Value::as_array_mut);
        for row in rows.into_iter().flatten().filter_map(Value::as_object_mut) {
            repoint(site, child, row, doctype, old, new);
        }
    }
}

/// 0, 1 or 2.
pub(super) fn status(doc: &Doc) -> i64 {
    doc.get("docstatus").map_or(0, cint)
}
