//! What doctypes do by themselves: the controllers of Frappe and ERPNext, as far as clients see
//! them.

use serde_json::{Value, json};

use super::coerce::{cint, rows, text};
use super::docstatus::Step;
use super::failure::Failure;
use super::schema::{FieldDef, Permission, Schema};
use super::site::{Cx, Doc, Site};
use super::{invoice, payment, subscription};

/// Fieldnames that Frappe keeps for itself.
const RESERVED: [&str; 14] = [
    "name",
    "parent",
    "owner",
    "creation",
    "modified",
    "modified_by",
    "docstatus",
    "idx",
    "parentfield",
    "parenttype",
    "meta",
    "doctype",
    "flags",
    "file_list",
];

impl Site {
    /// A name by the controller, before `autoname` is asked.
    pub(super) fn controller_name(
        &mut self,
        schema: &Schema,
        doc: &Doc,
    ) -> Result<Option<String>, Failure> {
        let single = |site: &Self, doctype: &str, field: &str| {
            let settings = site.load(doctype, doctype).unwrap_or_default();
            text(&settings, field)
        };
        Ok(match schema.name.as_str() {
            "Customer" => {
                if single(self, "Selling Settings", "cust_master_name") == "Naming Series" {
                    return Ok(None);
                }
                Some(self.numbered("Customer", text(doc, "customer_name").trim(), " - "))
            }
            "Contact" => {
                let parts = ["first_name", "middle_name", "last_name"];
                let parts: Vec<String> = parts
                    .iter()
                    .map(|key| text(doc, key).trim().to_owned())
                    .filter(|part| !part.is_empty())
                    .collect();
                let mut name = parts.join(" ");
                if let Some(link) = rows(doc, "links").next() {
                    name = format!("{name}-{}", text(link, "link_name"));
                }
                if name.is_empty() {
                    return Ok(None);
                }
                Some(self.numbered("Contact", &name, "-"))
            }
            "Address" => {
                let mut title = text(doc, "address_title");
                if title.is_empty() {
                    title = rows(doc, "links")
                        .next()
                        .map(|link| text(link, "link_name"))
                        .unwrap_or_default();
                }
                if title.is_empty() {
                    return Err(Failure::validation("Address Title is mandatory."));
                }
                let name = format!("{}-{}", title.trim(), text(doc, "address_type"));
                Some(self.numbered("Address", &name, "-"))
            }
            "Custom Field" => {
                let (doctype, mut field) = (text(doc, "dt"), text(doc, "fieldname"));
                if field.is_empty() {
                    field = super::failure::scrub(&text(doc, "label"));
                }
                Some(format!("{doctype}-{field}"))
            }
            "User" => Some(text(doc, "email").trim().to_lowercase()),
            _ => None,
        })
    }

    /// `X`, `X - 1`, `X - 2`: some doctypes never refuse a name.
    fn numbered(&self, doctype: &str, name: &str, mark: &str) -> String {
        let taken = |name: &str| self.store.stored_name(doctype, name).is_some();
        if !taken(name) {
            return name.to_owned();
        }
        let mut candidates = (1..).map(|number| format!("{name}{mark}{number}"));
        candidates.find(|name| !taken(name)).unwrap_or_default()
    }

    /// What is fetched and defaulted before links are checked.
    pub(super) fn fill_before(
        &mut self,
        cx: &Cx,
        schema: &Schema,
        doc: &mut Doc,
    ) -> Result<(), Failure> {
        match schema.name.as_str() {
            "Sales Invoice" | "Quotation" | "Sales Order" => invoice::fill(self, schema, doc),
            "Payment Entry" => payment::fill(self, doc),
            "Subscription" => subscription::fill(self, doc),
            "Customer" => {
                let settings = self
                    .load("Selling Settings", "Selling Settings")
                    .unwrap_or_default();
                for key in ["customer_group", "territory"] {
                    if text(doc, key).is_empty() {
                        doc.insert(
                            key.to_owned(),
                            settings.get(key).cloned().unwrap_or_default(),
                        );
                    }
                }
            }
            "Issue" if text(doc, "opening_date").is_empty() => {
                doc.insert("opening_date".to_owned(), json!(self.today()));
            }
            "HD Ticket" if text(doc, "raised_by").is_empty() => {
                doc.insert("raised_by".to_owned(), json!(cx.user));
            }
            "Item" => {
                for (key, from) in [("item_name", "item_code"), ("description", "item_code")] {
                    if text(doc, key).is_empty() {
                        doc.insert(key.to_owned(), json!(text(doc, from)));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// What must be loose before nothing may hold on to a document that is cancelled.
    pub(super) fn before_cancel(
        &mut self,
        cx: &mut Cx,
        schema: &Schema,
        name: &str,
    ) -> Result<(), Failure> {
        let settings = self
            .load("Accounts Settings", "Accounts Settings")
            .unwrap_or_default();
        let key = "unlink_payment_on_cancellation_of_invoice";
        if schema.name == "Sales Invoice" && settings.get(key).is_some_and(|v| cint(v) != 0) {
            payment::unlink(self, cx, name)?;
        }
        Ok(())
    }

    /// `validate` and its kin.
    pub(super) fn before_save(
        &mut self,
        schema: &Schema,
        doc: &mut Doc,
        before: Option<&Doc>,
        step: Step,
    ) -> Result<(), Failure> {
        match schema.name.as_str() {
            "DocType" => check_doctype(doc)?,
            "Custom Field" if before.is_none() => self.check_custom_field(doc)?,
            "Contact" => fill_contact(doc),
            "Sales Invoice" | "Quotation" | "Sales Order" => {
                invoice::validate(self, schema, doc, step).map_err(of_erpnext)?;
            }
            "Payment Entry" => payment::validate(self, doc, step).map_err(of_erpnext)?,
            "Subscription" => subscription::validate(self, doc).map_err(of_erpnext)?,
            _ => {}
        }
        Ok(())
    }

    pub(super) fn after_insert(
        &mut self,
        cx: &mut Cx,
        schema: &Schema,
        doc: &mut Doc,
    ) -> Result<(), Failure> {
        match schema.name.as_str() {
            "DocType" => self.define(doc),
            "Custom Field" => {
                let field = FieldDef {
                    custom: true,
                    ..FieldDef::from_json(doc)
                };
                self.store.add_field(&text(doc, "dt"), field)?;
            }
            "User" => self.add_user(doc),
            "Customer" => self.main_contact(cx, doc)?,
            _ => {}
        }
        Ok(())
    }

    /// `on_update`, `on_submit`, `on_cancel`, and the webhooks of them.
    pub(super) fn after_save(
        &mut self,
        cx: &mut Cx,
        schema: &Schema,
        doc: &mut Doc,
        before: Option<&Doc>,
        step: Step,
    ) -> Result<(), Failure> {
        match (schema.name.as_str(), step) {
            ("DocType", _) if before.is_some() => self.define(doc),
            ("Webhook", _) => self.read_hook(doc),
            ("Sales Invoice", Step::Submit) => invoice::submit(self, doc)?,
            ("Sales Invoice", Step::Cancel) => invoice::cancel(self, doc)?,
            ("Payment Entry", Step::Submit) => payment::submit(self, doc)?,
            ("Payment Entry", Step::Cancel) => payment::cancel(self, doc)?,
            ("Subscription", _) if before.is_none() => subscription::bill(self, cx, doc)?,
            _ => {}
        }
        let event = match step {
            Step::Save => None,
            Step::Submit => Some("on_submit"),
            Step::AfterSubmit => Some("on_update_after_submit"),
            Step::Cancel => Some("on_cancel"),
        };
        if matches!(step, Step::Save | Step::Submit) {
            self.announce(schema, doc, "on_update");
        }
        if let Some(event) = event {
            self.announce(schema, doc, event);
        }
        self.announce(schema, doc, "on_change");
        Ok(())
    }

    pub(super) fn before_delete(&mut self, schema: &Schema, doc: &Doc) -> Result<(), Failure> {
        let name = text(doc, "name");
        match schema.name.as_str() {
            "DocType" => {
                let custom = doc.get("custom").is_some_and(|custom| cint(custom) != 0);
                if !custom {
                    return Err(Failure::validation("Standard DocType can not be deleted."));
                }
                self.store.remove_schema(&name);
            }
            "Custom Field" => {
                if let Some(mut schema) = self.store.schema(&text(doc, "dt")).cloned() {
                    let field = text(doc, "fieldname");
                    schema.fields.retain(|known| known.fieldname != field);
                    self.store.add_schema(schema);
                }
            }
            "File" => self.blobs.forget(&text(doc, "file_url"), &name),
            "Webhook" => self.hooks.drop_hook(&name),
            _ => {}
        }
        Ok(())
    }

    /// Makes the doctype of a `DocType` document, or makes it anew.
    fn define(&mut self, doc: &mut Doc) {
        let mut schema = Schema::from_json(doc);
        if schema.is_submittable && schema.field("amended_from").is_none() {
            let mut field = FieldDef::new("amended_from", "Link", &schema.name);
            (field.read_only, field.no_copy) = (true, true);
            schema.fields.push(field);
        }
        if schema.permissions.is_empty() && !schema.istable {
            schema.permissions.push(Permission::all("System Manager"));
        }
        if let Some(old) = self.store.schema(&schema.name) {
            let customs = old.fields.iter().filter(|field| field.custom);
            let kept: Vec<FieldDef> = customs
                .filter(|field| schema.field(&field.fieldname).is_none())
                .cloned()
                .collect();
            schema.fields.extend(kept);
        }
        self.store.add_schema(schema);
    }

    fn check_custom_field(&mut self, doc: &mut Doc) -> Result<(), Failure> {
        let doctype = text(doc, "dt");
        if text(doc, "fieldname").is_empty() {
            let name = super::failure::scrub(&text(doc, "label"));
            doc.insert("fieldname".to_owned(), json!(name));
        }
        let field = text(doc, "fieldname");
        let schema = self.schema(&doctype)?;
        if schema.field(&field).is_some() {
            return Err(Failure::validation(format!(
                "A field with the name <strong>{field}</strong> already exists in {doctype}"
            )));
        }
        Ok(())
    }

    /// A User over REST can be let in by the keys it was given.
    fn add_user(&mut self, doc: &Doc) {
        let name = text(doc, "name");
        if self.users.get(&name).is_some() {
            return;
        }
        let mut user = super::FakeUser::new(name).full_name(text(doc, "full_name"));
        for role in rows(doc, "roles") {
            user = user.role(text(role, "role"));
        }
        self.users.add(user);
    }

    /// A Customer with an address or number of its own gets a Contact.
    fn main_contact(&mut self, cx: &mut Cx, doc: &mut Doc) -> Result<(), Failure> {
        let (mail, mobile) = (text(doc, "email_id"), text(doc, "mobile_no"));
        if mail.is_empty() && mobile.is_empty() || !text(doc, "customer_primary_contact").is_empty()
        {
            return Ok(());
        }
        let name = text(doc, "name");
        let mut contact = json!({
            "first_name": text(doc, "customer_name"),
            "links": [{"link_doctype": "Customer", "link_name": name}],
        });
        if !mail.is_empty() {
            contact["email_ids"] = json!([{"email_id": mail, "is_primary": 1}]);
        }
        if !mobile.is_empty() {
            contact["phone_nos"] = json!([{"phone": mobile, "is_primary_mobile_no": 1}]);
        }
        let contact = contact.as_object().cloned().unwrap_or_default();
        let contact = self.create(cx, "Contact", &contact)?;
        let contact = contact.get("name").cloned().unwrap_or_default();
        doc.insert("customer_primary_contact".to_owned(), contact.clone());
        self.db_set("Customer", &name, [("customer_primary_contact", contact)])
    }
}

fn of_erpnext(failure: Failure) -> Failure {
    Failure {
        erpnext: true,
        ..failure
    }
}

fn check_doctype(doc: &Doc) -> Result<(), Failure> {
    let name = text(doc, "name");
    let mut seen: Vec<String> = Vec::new();
    for row in rows(doc, "fields") {
        let field = FieldDef::from_json(row);
        if RESERVED.contains(&field.fieldname.as_str()) {
            let field = field.fieldname;
            let text = format!(
                "<strong>{name}</strong>: fieldname cannot be set to reserved keyword <strong>{field}</strong>"
            );
            return Err(Failure::validation(text).titled("Invalid Fieldname"));
        }
        if seen.contains(&field.fieldname) {
            let field = field.fieldname;
            return Err(Failure::thrown(
                417,
                "UniqueFieldnameError",
                format!("{name}: Fieldname {field} appears multiple times"),
            ));
        }
        seen.push(field.fieldname);
    }
    Ok(())
}

/// What a Contact copies from its tables.
fn fill_contact(doc: &mut Doc) {
    let parts = ["first_name", "middle_name", "last_name"];
    let parts: Vec<String> = parts
        .iter()
        .map(|key| text(doc, key))
        .filter(|part| !part.is_empty())
        .collect();
    let pick = |table: &str, flag: &str, field: &str| {
        let marked = |row: &&Doc| row.get(flag).is_some_and(|set| cint(set) != 0);
        let found = rows(doc, table).find(marked).map(|row| text(row, field));
        found.unwrap_or_default()
    };
    let single = |table: &str, field: &str| match rows(doc, table).collect::<Vec<_>>().as_slice() {
        [only] => text(only, field),
        _ => String::new(),
    };
    let mut mail = pick("email_ids", "is_primary", "email_id");
    if mail.is_empty() {
        mail = single("email_ids", "email_id");
    }
    let phone = pick("phone_nos", "is_primary_phone", "phone");
    let mobile = pick("phone_nos", "is_primary_mobile_no", "phone");
    let values: [(&str, Value); 4] = [
        ("full_name", json!(parts.join(" "))),
        ("email_id", json!(mail)),
        ("phone", json!(phone)),
        ("mobile_no", json!(mobile)),
    ];
    for (key, value) in values {
        doc.insert(key.to_owned(), value);
    }
}
