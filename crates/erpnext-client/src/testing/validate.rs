//! What every document is checked for before it is written.

use serde_json::{Map, Value, json};

use super::coerce::{self, cstr, is_set, text};
use super::failure::{Failure, Message};
use super::schema::{FieldDef, Schema};
use super::site::{Doc, Site};
use crate::Dialect;

/// A parent, or a row in one.
#[derive(Clone, Copy)]
struct Place<'a> {
    schema: &'a Schema,
    /// Number of the row, 0 for the parent.
    row: usize,
}

impl Place<'_> {
    /// `Row #2:` in front of messages, empty for a parent.
    fn prefix(self) -> String {
        match self.row {
            0 => String::new(),
            row => format!("Row #{row}:"),
        }
    }
}

impl Site {
    /// Refuses what no column takes: lists in plain fields, and tables that are none.
    pub(super) fn refuse_shapes(&self, schema: &Schema, given: &Doc) -> Result<(), Failure> {
        let wrong = |text: &str| Failure::raised(500, "TypeError", text);
        for field in schema.fields.iter().filter(|field| !field.is_layout()) {
            match given.get(&field.fieldname) {
                Some(Value::Array(rows)) if field.is_table() => {
                    let child = self.store.schema(&field.options);
                    for row in rows {
                        let row = row.as_object();
                        let row = row.ok_or_else(|| wrong("'int' object is not iterable"))?;
                        child.map_or(Ok(()), |child| self.refuse_shapes(child, row))?;
                    }
                }
                Some(Value::String(_) | Value::Number(_)) if field.is_table() => {
                    return Err(wrong("string indices must be integers, not 'str'"));
                }
                Some(Value::Array(_)) => {
                    let text = format!("Value for {} cannot be a list", field.label);
                    return Err(Failure::validation(text));
                }
                Some(Value::Object(_)) if !field.is_table() && field.fieldtype != "JSON" => {
                    return Err(wrong("dict can not be used as parameter"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Casts every value the way the document in memory holds it; unknown keys fall away.
    pub(super) fn cast(&self, schema: &Schema, given: &Doc) -> Doc {
        let mut doc = Doc::new();
        for field in schema.fields.iter().filter(|field| !field.is_layout()) {
            let Some(value) = given.get(&field.fieldname) else {
                continue;
            };
            let value = if field.is_table() {
                self.cast_rows(field, value)
            } else {
                coerce::echo(field, value.clone())
            };
            doc.insert(field.fieldname.clone(), value);
        }
        doc
    }

    /// Cleans the HTML out of texts, after the name was made of them.
    pub(super) fn sanitize(&self, schema: &Schema, doc: &mut Doc) {
        for field in schema.fields.iter().filter(|field| !field.is_layout()) {
            let Some(value) = doc.get_mut(&field.fieldname) else {
                continue;
            };
            if !field.is_table() {
                coerce::clean(field, value, self.dialect);
                continue;
            }
            let Some(child) = self.store.schema(&field.options) else {
                continue;
            };
            for row in value.as_array_mut().into_iter().flatten() {
                if let Value::Object(row) = row {
                    self.sanitize(child, row);
                }
            }
        }
    }

    fn cast_rows(&self, field: &FieldDef, value: &Value) -> Value {
        let rows = value.as_array().map(Vec::as_slice).unwrap_or_default();
        let rows = rows.iter().filter_map(Value::as_object).map(|given| {
            let mut row = match self.store.schema(&field.options) {
                Some(child) => self.cast(child, given),
                None => given.clone(),
            };
            for key in ["name", "idx"] {
                if let Some(value) = given.get(key).filter(|value| !value.is_null()) {
                    row.insert(key.to_owned(), value.clone());
                }
            }
            Value::Object(row)
        });
        rows.collect()
    }

    /// Fills what was not said with the defaults of the doctype.
    pub(super) fn set_defaults(&self, schema: &Schema, doc: &mut Doc, user: &str) {
        for field in &schema.fields {
            if field.is_layout() || doc.contains_key(&field.fieldname) {
                continue;
            }
            if field.is_table() {
                doc.insert(field.fieldname.clone(), json!([]));
                continue;
            }
            let text = match field.default.as_deref() {
                Some("Today" | "today") => Some(self.today()),
                Some("now" | "Now") if field.fieldtype == "Time" => Some(self.clock_time()),
                Some("now" | "Now") => Some(coerce::site_text(self.time())),
                Some("__user") => Some(user.to_owned()),
                // From the company, which the hooks of ERPNext fill.
                Some(default) if default.starts_with(':') => None,
                Some(default) => Some(default.to_owned()),
                None if field.fieldtype == "Select" => field
                    .options
                    .lines()
                    .next()
                    .map(|line| line.trim().to_owned()),
                None if field.fieldtype == "Time" && self.dialect == Dialect::V15 => {
                    Some(self.clock_time())
                }
                None if field.fieldtype != "Duration" && field.is_number() => Some("0".to_owned()),
                None => None,
            };
            let value = text.map_or(Value::Null, Value::String);
            let value = match value {
                Value::Null => Value::Null,
                value => coerce::echo(field, value),
            };
            doc.insert(field.fieldname.clone(), value);
        }
        for field in schema.tables() {
            let Some(child) = self.store.schema(&field.options) else {
                continue;
            };
            let rows = doc.get_mut(&field.fieldname).and_then(Value::as_array_mut);
            for row in rows.into_iter().flatten().filter_map(Value::as_object_mut) {
                self.set_defaults(child, row, user);
            }
        }
    }

    fn clock_time(&self) -> String {
        let time = self.time().time();
        format!("{}", time.strftime("%H:%M:%S%.6f"))
    }

    /// A document as the database gives it back.
    pub(super) fn at_rest(&self, schema: &Schema, doc: &Doc) -> Result<Doc, Failure> {
        let mut stored = doc.clone();
        for field in schema.fields.iter().filter(|field| !field.is_layout()) {
            let Some(value) = stored.get_mut(&field.fieldname) else {
                continue;
            };
            if !field.is_table() {
                *value = coerce::stored(schema, field, value)?;
                continue;
            }
            let Some(child) = self.store.schema(&field.options) else {
                continue;
            };
            for row in value.as_array_mut().into_iter().flatten() {
                if let Value::Object(cells) = row {
                    *cells = self.at_rest(child, cells)?;
                }
            }
        }
        Ok(stored)
    }

    /// Calls for the parent, then for every row of every table.
    fn each<'a>(
        &'a self,
        schema: &'a Schema,
        doc: &'a Doc,
        mut look: impl FnMut(Place<'a>, &'a Doc) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        look(Place { schema, row: 0 }, doc)?;
        for field in schema.tables() {
            let Some(child) = self.store.schema(&field.options) else {
                continue;
            };
            for (row, cells) in (1..).zip(coerce::rows(doc, &field.fieldname)) {
                look(Place { schema: child, row }, cells)?;
            }
        }
        Ok(())
    }

    /// Links lead somewhere.
    pub(super) fn validate_links(&self, schema: &Schema, doc: &mut Doc) -> Result<(), Failure> {
        let mut broken = Vec::new();
        let mut cancelled = Vec::new();
        self.each(schema, doc, |place, doc| {
            for field in &place.schema.fields {
                let Some((target, value)) = self.link(field, doc) else {
                    continue;
                };
                let said = match place.row {
                    0 => format!("{}: {value}", field.label),
                    row => format!("Row #{row}: {}: {value}", field.label),
                };
                match self.store.schema(&target) {
                    // Doctypes that are themselves known by name alone.
                    _ if self.is_known(&target, &value) => {}
                    None => broken.push(said),
                    Some(linked) if self.store.stored_name(&target, &value).is_none() => {
                        if !linked.issingle {
                            broken.push(said);
                        }
                    }
                    Some(linked) => {
                        let status = self.store.value(&target, &value, "docstatus");
                        let is_cancelled = status.is_some_and(|s| coerce::cint(&s) == 2);
                        let amends = field.fieldname == "amended_from";
                        if linked.is_submittable && is_cancelled && !amends {
                            cancelled.push(said);
                        }
                    }
                }
            }
            Ok(())
        })?;
        self.spell_links(schema, doc);
        if !broken.is_empty() {
            let text = format!("Could not find {}", broken.join(", "));
            return Err(Failure::thrown(417, "LinkValidationError", text));
        }
        if !cancelled.is_empty() {
            let text = format!("Cannot link cancelled document: {}", cancelled.join(", "));
            return Err(Failure::thrown(417, "CancelledLinkError", text));
        }
        Ok(())
    }

    /// Links are kept as the linked document spells its name, whatever the case was.
    fn spell_links(&self, schema: &Schema, doc: &mut Doc) {
        for field in &schema.fields {
            if field.is_table() {
                let Some(child) = self.store.schema(&field.options) else {
                    continue;
                };
                let rows = doc.get_mut(&field.fieldname).and_then(Value::as_array_mut);
                for row in rows.into_iter().flatten().filter_map(Value::as_object_mut) {
                    self.spell_links(child, row);
                }
            } else if let Some((target, value)) = self.link(field, doc)
                && let Some(name) = self.store.stored_name(&target, &value)
                && name != value
            {
                doc.insert(field.fieldname.clone(), json!(name));
            }
        }
    }

    fn link(&self, field: &FieldDef, doc: &Doc) -> Option<(String, String)> {
        let value = text(doc, &field.fieldname);
        if value.is_empty() {
            return None;
        }
        let target = match field.fieldtype.as_str() {
            "Link" => field.options.clone(),
            "Dynamic Link" => text(doc, &field.options),
            _ => return None,
        };
        (!target.is_empty()).then_some((target, value))
    }

    /// Records of the framework that need no document: doctypes, users, modules.
    fn is_known(&self, target: &str, value: &str) -> bool {
        match target {
            "DocType" => self.store.schema(value).is_some(),
            "User" => matches!(value, "Administrator" | "Guest") || self.users.get(value).is_some(),
            "Module Def" | "Print Format" | "Letter Head" | "User Type" => true,
            _ => false,
        }
    }

    /// Mandatory fields, formats, choices and lengths.
    pub(super) fn validate_values(&self, schema: &Schema, doc: &Doc) -> Result<(), Failure> {
        let name = text(doc, "name");
        let (mut fields, mut messages) = (Vec::new(), Vec::new());
        self.each(schema, doc, |place, doc| {
            for field in place.schema.fields.iter().filter(|field| field.reqd) {
                if field.is_layout() || has_value(field, doc) {
                    continue;
                }
                fields.push(field.fieldname.clone());
                messages.push(Message::said(missing(place, field)));
            }
            Ok(())
        })?;
        if !fields.is_empty() {
            let text = format!("[{}, {name}]: {}", schema.name, fields.join(", "));
            let mut failure = Failure::raised(417, "MandatoryError", text);
            failure.messages = messages;
            return Err(failure);
        }
        self.each(schema, doc, |place, doc| {
            place
                .schema
                .fields
                .iter()
                .try_for_each(|field| format(field, doc))
        })?;
        self.each(schema, doc, |place, doc| {
            place
                .schema
                .fields
                .iter()
                .try_for_each(|field| choice(place, field, doc))
        })?;
        self.each(schema, doc, |place, doc| {
            let title = match place.row {
                0 => name.clone(),
                row => format!("{name}, Row #{row}"),
            };
            place
                .schema
                .fields
                .iter()
                .try_for_each(|field| length(&place.schema.name, &title, field, doc))
        })?;
        if name.chars().count() > 140 {
            let text = "(1406, \"Data too long for column 'name' at row 1\")";
            return Err(Failure::raised(500, "DataError", text));
        }
        Ok(())
    }

    /// A submitted document changes only where that is allowed.
    pub(super) fn validate_after_submit(
        &self,
        schema: &Schema,
        before: &Doc,
        after: &Doc,
    ) -> Result<(), Failure> {
        changed_after_submit("", schema, before, after)?;
        for field in schema.tables() {
            let Some(child) = self.store.schema(&field.options) else {
                continue;
            };
            let old: Vec<&Map<String, Value>> = coerce::rows(before, &field.fieldname).collect();
            let new: Vec<&Map<String, Value>> = coerce::rows(after, &field.fieldname).collect();
            if old.len() != new.len() && !field.allow_on_submit {
                let count = |rows: &[&Map<String, Value>]| format!("{} rows", rows.len());
                return Err(not_allowed("", &field.label, &count(&old), &count(&new)));
            }
            for (at, row) in (1..).zip(&new) {
                let same = old
                    .iter()
                    .find(|other| other.get("name") == row.get("name"));
                if let Some(old) = same {
                    changed_after_submit(&format!("Row #{at}:"), child, old, row)?;
                }
            }
        }
        Ok(())
    }
}

fn changed_after_submit(
    prefix: &str,
    schema: &Schema,
    before: &Doc,
    after: &Doc,
) -> Result<(), Failure> {
    for field in schema.fields.iter().filter(|field| field.is_column()) {
        let value = |doc: &Doc| doc.get(&field.fieldname).cloned().unwrap_or_default();
        let (old, new) = (value(before), value(after));
        let blank = |value: &Value| value.is_null() || *value == json!("");
        let same = old == new
            || blank(&old) && blank(&new)
            || field.is_number() && (coerce::flt(&old) - coerce::flt(&new)).abs() < 1e-9;
        if !field.allow_on_submit && !same {
            return Err(not_allowed(prefix, &field.label, &cstr(&old), &cstr(&new)));
        }
    }
    Ok(())
}

fn not_allowed(prefix: &str, label: &str, old: &str, new: &str) -> Failure {
    let text = format!(
        "{prefix} Not allowed to change <strong>{label}</strong> after submission from <strong>{old}</strong> to <strong>{new}</strong>"
    );
    Failure::thrown(417, "UpdateAfterSubmitError", text).titled("Cannot Update After Submit")
}

fn has_value(field: &FieldDef, doc: &Doc) -> bool {
    // Zero is a value; a text of tags alone is none.
    is_set(doc, &field.fieldname) || field.is_number() && doc.contains_key(&field.fieldname)
}

fn missing(place: Place<'_>, field: &FieldDef) -> String {
    let (doctype, label) = (&place.schema.name, &field.label);
    if field.is_table() {
        format!("Error: Data missing in table: {label}")
    } else if place.row > 0 {
        format!(
            "Error: <strong>{doctype}</strong> Row #{}: Value missing for: {label}",
            place.row
        )
    } else {
        format!("Error: Value missing for {doctype}: {label}")
    }
}

/// Phone numbers and e-mail addresses.
fn format(field: &FieldDef, doc: &Doc) -> Result<(), Failure> {
    let value = text(doc, &field.fieldname);
    if value.is_empty() {
        return Ok(());
    }
    let name = &field.fieldname;
    let bad_phone = || {
        let text = format!(
            "Phone Number <strong>{value}</strong> set in field <strong>{name}</strong> is not valid."
        );
        Failure::thrown(417, "InvalidPhoneNumberError", text).titled("Invalid Phone Number")
    };
    match (field.fieldtype.as_str(), field.options.as_str()) {
        ("Phone", _) if !international(&value) => Err(bad_phone()),
        ("Data", "Phone") if !dialable(&value) => {
            let text = format!("{value} is not a valid Phone Number");
            Err(Failure::thrown(417, "InvalidPhoneNumberError", text))
        }
        ("Data", "Email") if !is_email(&value) => {
            let text = format!("{value} is not a valid Email Address");
            Err(Failure::thrown(417, "InvalidEmailAddressError", text))
        }
        _ => Ok(()),
    }
}

/// `+1-5145550100`.
fn international(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    value.starts_with('+')
        && (8..=16).contains(&digits)
        && value
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' '))
}

fn dialable(value: &str) -> bool {
    value.chars().count() <= 20
        && value
            .chars()
            .all(|c| c.is_ascii_digit() || " +_-,.*#()".contains(c))
}

fn is_email(value: &str) -> bool {
    value.split(',').map(str::trim).all(|address| {
        let parts = address.split_once('@');
        parts.is_some_and(|(local, domain)| {
            !local.is_empty() && domain.contains('.') && !address.contains(char::is_whitespace)
        })
    })
}

fn choice(place: Place<'_>, field: &FieldDef, doc: &Doc) -> Result<(), Failure> {
    let value = text(doc, &field.fieldname);
    if field.fieldtype != "Select" || value.is_empty() || field.fieldname == "naming_series" {
        return Ok(());
    }
    let options: Vec<&str> = field
        .options
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    if options.is_empty() || options.contains(&value.as_str()) {
        return Ok(());
    }
    let (prefix, label) = (place.prefix(), &field.label);
    let options = options.join("\", \"");
    Err(Failure::validation(format!(
        "{prefix} {label} cannot be \"{value}\". It should be one of \"{options}\""
    )))
}

fn length(doctype: &str, name: &str, field: &FieldDef, doc: &Doc) -> Result<(), Failure> {
    let Some(value) = doc.get(&field.fieldname) else {
        return Ok(());
    };
    let limit: i64 = match field.fieldtype.as_str() {
        "Int" if coerce::cint(value).unsigned_abs() > 2_147_483_647 => 2_147_483_647,
        "Data" | "Link" | "Dynamic Link" | "Select" | "Read Only" | "Barcode" | "Phone"
        | "Autocomplete" | "Color" | "Icon" => {
            let limit = match field.length {
                0 => 140,
                length => i64::from(length),
            };
            let chars = cstr(value).chars().count();
            if i64::try_from(chars).unwrap_or(i64::MAX) <= limit {
                return Ok(());
            }
            limit
        }
        _ => return Ok(()),
    };
    let (label, value) = (&field.label, cstr(value));
    let text = format!(
        "{doctype} {name}: '<strong>{label}</strong>' ({value}) will get truncated, as max characters allowed is {limit}"
    );
    Err(Failure::thrown(417, "CharacterLengthExceededError", text).titled("Value too big"))
}
