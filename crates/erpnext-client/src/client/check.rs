//! Looking up a doctype's fields before something is sent that Frappe would ignore, or double.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use super::Docs;
use super::write::Body;
use crate::{Error, Meta, Record};

impl<T: Record> Docs<T> {
    /// Sets whether fields that the type does not know are looked up in the doctype before they
    /// are sent. On unless set: Frappe ignores unknown fields without a word, answers 500 to a time
    /// with a zone, and makes 1250 of `"12,50"`. Costs one call per doctype and client, and none
    /// while a type's own fields are all that is sent.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::Changes;
    ///
    /// let todos = client.documents("ToDo").checked(false);
    /// let made = todos.insert(&Changes::new().set("descriptoin", "ignored by Frappe")).await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn checked(mut self, check: bool) -> Self {
        self.check = check;
        self
    }

    /// Refuses fields that the doctype does not have, and values that it would misread.
    pub(super) async fn check_fields(&self, body: &Body) -> Result<(), Error> {
        if self.check && body.get("docstatus").is_some_and(is_submitted) {
            self.check_submittable().await?;
        }
        let known = |field: &str| {
            self.fields.contains(&field) || self.tables.iter().any(|table| table.field == field)
        };
        let unsure: Body = body
            .iter()
            .filter(|(field, _)| !known(field))
            .map(|(field, value)| (field.clone(), value.clone()))
            .collect();
        if !self.check || unsure.is_empty() {
            return Ok(());
        }
        let meta = self.client.meta(self.doctype()).await?;
        let mut children: Vec<Arc<Meta>> = Vec::new();
        for (field, child) in meta.tables() {
            let rows = unsure.get(field).and_then(Value::as_array);
            if rows.is_some_and(|rows| !rows.is_empty()) {
                children.push(self.client.meta(child).await?);
            }
        }
        let children: Vec<&Meta> = children.iter().map(AsRef::as_ref).collect();
        meta.check_with(&unsure, &children)
    }

    /// Refuses to submit where Frappe would do so without a word: a document of a doctype that knows
    /// no submission would be closed to every change.
    pub(super) async fn check_submittable(&self) -> Result<(), Error> {
        if self.client.meta(self.doctype()).await?.is_submittable {
            return Ok(());
        }
        Err(Error::invalid(
            "doctype",
            format!("{:?} knows no submission", self.doctype()),
        ))
    }

    /// Refuses a field that does not keep the site from making a second document with the same
    /// value in it.
    pub(super) async fn check_unique(&self, field: &str) -> Result<(), Error> {
        let meta = self.client.meta(self.doctype()).await?;
        let named_by = meta.autoname.as_deref().unwrap_or_default();
        let reason: Cow<'static, str> = match (field, meta.field(field)) {
            ("name", _) if named_by.eq_ignore_ascii_case("prompt") => return Ok(()),
            ("name", _) => "name is given by the site: take a unique field".into(),
            (_, Some(found)) if found.unique => return Ok(()),
            (_, Some(_)) if named_by.strip_prefix("field:") == Some(field) => return Ok(()),
            (_, Some(_)) => format!("field {field:?} is not unique").into(),
            (_, None) => format!("doctype has no field {field:?}").into(),
        };
        Err(Error::invalid(
            "unique field",
            format!("does not do: the {reason}"),
        ))
    }
}

fn is_submitted(docstatus: &Value) -> bool {
    !matches!(docstatus.as_u64(), Some(0)) && !docstatus.is_null()
}
