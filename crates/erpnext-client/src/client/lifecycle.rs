//! Submit, cancel, amend; delete and rename; methods of a document.

use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Docs;
use super::locked::{AfterLoss, back_off};
use super::rpc::Answer;
use super::send::{Call, Envelope, Repeat};
use super::write::{Body, body_of};
use crate::{DocName, DocStatus, Error, Modified, Record};

/// How often a deletion is tried.
const DELETIONS: u32 = 3;

/// What an amendment does not take over, besides what every new document gets of its own.
const NOT_AMENDED: [&str; 3] = ["amended_from", "amendment_date", "cancel_reason"];
/// What every document and row gets of its own.
const OWN: [&str; 12] = [
    "name",
    "owner",
    "creation",
    "modified",
    "modified_by",
    "docstatus",
    "parent",
    "doctype",
    "_user_tags",
    "_comments",
    "_assign",
    "_liked_by",
];

fn docstatus(stored: &Body) -> Option<u64> {
    stored.get("docstatus").and_then(Value::as_u64)
}

impl<T: Record> Docs<T> {
    /// Submits a document, as it is now. One that is submitted already stays as it is.
    ///
    /// # Errors
    /// See [`Error`]: 417 `DocstatusTransitionError` for a cancelled one, and what the doctype
    /// checks.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::DocName;
    ///
    /// let payments = client.documents("Payment Entry");
    /// payments.submit(&DocName::new("ACC-PAY-2026-00001")?).await?;
    /// # Ok(()) }
    /// ```
    pub async fn submit(&self, name: &DocName) -> Result<T, Error> {
        self.check_submittable().await?;
        self.set_docstatus(name, DocStatus::Submitted).await
    }

    /// Submits a document, if nobody saved it since it was read.
    ///
    /// # Errors
    /// As [`submit`](Self::submit), and [`Error::is_timestamp_mismatch`].
    pub async fn submit_if_unmodified(
        &self,
        name: &DocName,
        modified: &Modified,
    ) -> Result<T, Error> {
        self.check_submittable().await?;
        let mut body = Body::new();
        body.insert("docstatus".to_owned(), DocStatus::Submitted.as_int().into());
        super::write::typed(self.put_locked(name, modified.as_str(), body).await?)
    }

    /// Cancels a submitted document. One that is cancelled already stays as it is.
    ///
    /// # Errors
    /// See [`Error`]: 417 `DocstatusTransitionError` for a draft, `LinkExistsError` while a
    /// submitted document links to it.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::DocName;
    ///
    /// client.documents("Sales Invoice").cancel(&DocName::new("ACC-SINV-1")?).await?;
    /// # Ok(()) }
    /// ```
    pub async fn cancel(&self, name: &DocName) -> Result<T, Error> {
        self.set_docstatus(name, DocStatus::Cancelled).await
    }

    /// A document only ever moves forward from draft to submitted to cancelled, so done twice is
    /// done once.
    async fn set_docstatus(&self, name: &DocName, status: DocStatus) -> Result<T, Error> {
        let wanted = u64::from(status.as_int());
        self.edit(name, AfterLoss::Again, |stored| {
            let mut body = Body::new();
            if docstatus(stored) != Some(wanted) {
                body.insert("docstatus".to_owned(), wanted.into());
            }
            Ok::<_, Error>(body)
        })
        .await
    }

    /// Makes a draft from a cancelled document, to be corrected and submitted in its place. A
    /// document can be amended once.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is not cancelled. See [`Error`]; not repeated when the answer is
    /// lost.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::{DocName, Record as _};
    ///
    /// let invoices = client.documents("Sales Invoice");
    /// let wrong = DocName::new("ACC-SINV-2026-00001")?;
    /// invoices.cancel(&wrong).await?;
    /// let draft = invoices.amend(&wrong).await?;
    /// assert_eq!(draft.name().as_str(), "ACC-SINV-2026-00001-1");
    /// # Ok(()) }
    /// ```
    pub async fn amend(&self, name: &DocName) -> Result<T, Error> {
        let mut stored = self.raw(name).await?;
        if docstatus(&stored) != Some(2) {
            return Err(Error::invalid(
                "document",
                "is not cancelled: only a cancelled one can be amended",
            ));
        }
        let original = stored.remove("name").unwrap_or_default();
        stored.retain(|field, _| !NOT_AMENDED.contains(&field.as_str()));
        own_removed(&mut stored);
        stored.insert("amended_from".to_owned(), original);
        self.post(stored).await
    }

    /// Deletes a document; `false` when there was none. Made again when the answer is lost.
    ///
    /// # Errors
    /// See [`Error`]: 417 `LinkExistsError` while another document links to it, and for a
    /// submitted document, which is to be cancelled first.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::DocName;
    ///
    /// let was_there = client.documents("ToDo").delete(&DocName::new("a1b2c3")?).await?;
    /// # Ok(()) }
    /// ```
    pub async fn delete(&self, name: &DocName) -> Result<bool, Error> {
        let mut attempt = 1;
        loop {
            let call = Call {
                what: "a deletion",
                method: Method::DELETE,
                path: self.path(Some(name))?,
                query: Vec::new(),
                body: None,
                repeat: Repeat::Never,
                envelope: Envelope::Data,
            };
            match self.client.call::<Value>(call).await {
                Ok(_) => return Ok(true),
                // After a lost answer it was most likely ours.
                Err(error) if error.is_not_found() => return Ok(attempt > 1),
                Err(error) if error.may_have_been_carried_out() && attempt < DELETIONS => {}
                Err(error) => return Err(error),
            }
            tokio::time::sleep(back_off(attempt + 4)).await;
            attempt += 1;
        }
    }

    /// Renames a document, and with it all links to it; answers the new name as the site writes
    /// it.
    ///
    /// # Errors
    /// See [`Error`]: [`Error::is_duplicate`] when the name is taken. When the answer is lost,
    /// both names are looked at.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::DocName;
    ///
    /// let (from, to) = (DocName::new("Modem")?, DocName::new("ONT")?);
    /// client.documents("Item Group").rename(&from, &to).await?;
    /// # Ok(()) }
    /// ```
    pub async fn rename(&self, from: &DocName, to: &DocName) -> Result<DocName, Error> {
        self.rename_doc(from, to, false).await
    }

    /// Merges a document into another, which takes its place in all links; the first is deleted.
    ///
    /// # Errors
    /// As [`rename`](Self::rename).
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::DocName;
    ///
    /// let (from, into) = (DocName::new("Zoé - 1")?, DocName::new("Zoé")?);
    /// client.documents("Customer").merge(&from, &into).await?;
    /// # Ok(()) }
    /// ```
    pub async fn merge(&self, from: &DocName, into: &DocName) -> Result<DocName, Error> {
        self.rename_doc(from, into, true).await
    }

    async fn rename_doc(
        &self,
        from: &DocName,
        to: &DocName,
        merge: bool,
    ) -> Result<DocName, Error> {
        let renamed = self
            .client
            .rpc("frappe.client.rename_doc")
            .arg("doctype", self.doctype())
            .arg("old_name", from)
            .arg("new_name", to)
            .arg("merge", u8::from(merge))
            .send()
            .await;
        match renamed {
            Err(error) if error.may_have_been_carried_out() => {
                let done = match (self.exists(from).await, self.exists(to).await) {
                    // A change of case alone finds both.
                    (Ok(None), Ok(Some(name))) => Some(name),
                    (Ok(Some(found)), Ok(Some(name))) if found == name && name == *to => Some(name),
                    _ => None,
                };
                done.ok_or(error)
            }
            other => other,
        }
    }

    /// Calls a whitelisted method of a document, such as `cancel_subscription`. What it changes is
    /// kept. Not repeated when the answer is lost.
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::{Changes, DocName};
    /// use serde_json::Value;
    ///
    /// let subscriptions = client.documents("Subscription");
    /// let name = DocName::new("ACC-SUB-2026-00001")?;
    /// subscriptions.run_method::<Value>(&name, "cancel_subscription", &Changes::new()).await?;
    /// # Ok(()) }
    /// ```
    pub async fn run_method<R: DeserializeOwned>(
        &self,
        name: &DocName,
        method: &str,
        args: &(impl Serialize + Sync),
    ) -> Result<Answer<R>, Error> {
        let mut body = body_of(args)?;
        // In the body: beside a JSON body the query is not looked at.
        body.insert("run_method".to_owned(), json!(method));
        let call = Call {
            what: "a method of a document",
            method: Method::POST,
            path: self.path(Some(name))?,
            query: Vec::new(),
            body: Some(Value::Object(body)),
            repeat: Repeat::Never,
            envelope: Envelope::Data,
        };
        self.client.answer(call).await
    }
}

/// Takes out what is a document's own, and each of its rows'.
fn own_removed(document: &mut Body) {
    document.retain(|field, _| !OWN.contains(&field.as_str()));
    for value in document.values_mut() {
        for row in value.as_array_mut().into_iter().flatten() {
            if let Value::Object(row) = row {
                row.retain(|field, _| !OWN.contains(&field.as_str()));
            }
        }
    }
}
