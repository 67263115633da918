//! Creating and changing one document.

use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Docs;
use super::send::{Call, Envelope, Repeat};
use crate::{DocName, Error, Modified, Record};

/// A document, or part of one, as JSON.
pub(super) type Body = Map<String, Value>;

/// What a patch holds.
pub(super) fn body_of(patch: &impl Serialize) -> Result<Body, Error> {
    match serde_json::to_value(patch) {
        Ok(Value::Object(body)) => Ok(body),
        _ => Err(Error::invalid("patch", "is not a JSON object")),
    }
}

/// What an answer holds, in its type.
pub(super) fn typed<R: DeserializeOwned>(document: Body) -> Result<R, Error> {
    serde_json::from_value(Value::Object(document)).map_err(|error| Error::Decode {
        what: "a document",
        source: Some(error.into()),
    })
}

/// The body of a PUT: Frappe would look for the document of the `name` in it.
pub(super) fn without_name(mut body: Body, name: &DocName) -> Result<Body, Error> {
    body.remove("doctype");
    match body.remove("name") {
        Some(Value::String(other)) if other.trim() != name.as_str() => {
            Err(Error::invalid("patch", "changes the name: use `rename`"))
        }
        _ => Ok(body),
    }
}

impl<T: Record> Docs<T> {
    /// Creates a document; the site names it, unless its doctype lets a `name` be given.
    ///
    /// Not repeated when the answer is lost, since some doctypes silently make a twin: see
    /// [`create_or_get`](Self::create_or_get).
    ///
    /// # Errors
    /// See [`Error`]: [`Error::is_duplicate`] when the name or a unique field is taken,
    /// [`Error::Lost`] when the document may have been created, [`Error::UnknownField`].
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::{Changes, Record as _};
    ///
    /// let todos = client.documents("ToDo");
    /// let todo = todos.insert(&Changes::new().set("description", "Call Zoé")).await?;
    /// println!("{} is open", todo.name());
    /// # Ok(()) }
    /// ```
    pub async fn insert(&self, patch: &T::Patch) -> Result<T, Error> {
        let body = self.to_insert(patch)?;
        self.check_fields(&body).await?;
        self.post(body).await
    }

    /// What is sent to create a document, if it can be one.
    pub(super) fn to_insert(&self, patch: &T::Patch) -> Result<Body, Error> {
        let mut body = body_of(patch)?;
        body.remove("doctype");
        if let Some(Value::String(name)) = body.get("name") {
            let name = DocName::new(name)?;
            body.insert("name".to_owned(), name.as_str().into());
        }
        Ok(body)
    }

    pub(super) async fn post(&self, body: Body) -> Result<T, Error> {
        let call = Call {
            what: "a new document",
            method: Method::POST,
            path: self.path(None)?,
            query: Vec::new(),
            body: Some(Value::Object(body)),
            repeat: Repeat::Never,
            envelope: Envelope::Data,
        };
        self.client.call(call).await
    }

    /// Changes the fields of the patch, whatever the document was before: the last writer wins. A
    /// table in the patch replaces all of its rows. A patch without fields only reads.
    ///
    /// # Errors
    /// See [`Error`]: [`Error::is_not_found`], [`Error::Lost`] when the change may have been made,
    /// [`Error::UnknownField`].
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::{Changes, DocName};
    ///
    /// let todos = client.documents("ToDo");
    /// let done = Changes::new().set("status", "Closed").clear("priority");
    /// todos.patch(&DocName::new("a1b2c3")?, &done).await?;
    /// # Ok(()) }
    /// ```
    pub async fn patch(&self, name: &DocName, patch: &T::Patch) -> Result<T, Error> {
        let body = without_name(body_of(patch)?, name)?;
        if body.is_empty() {
            return self.get(name).await;
        }
        self.check_fields(&body).await?;
        typed(self.put(name, body).await?)
    }

    /// Changes the fields of the patch, if nobody saved the document since it was read.
    ///
    /// When the answer is lost, the document is looked at: not saved since, the same call is made
    /// again, which the lock makes harmless. Saved since, by this call or by another, it is
    /// [`Error::Lost`].
    ///
    /// # Errors
    /// As [`patch`](Self::patch), and [`Error::is_timestamp_mismatch`] when it was saved since.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::{Changes, DocName, Record as _};
    ///
    /// let jobs = client.documents("Dispatch Job");
    /// let job = jobs.get(&DocName::new("DJ-00001")?).await?;
    /// if let Some(read) = job.modified() {
    ///     let mine = Changes::new().set("technician", "TECH-0001");
    ///     match jobs.patch_if_unmodified(job.name(), read, &mine).await {
    ///         Err(error) if error.is_timestamp_mismatch() => println!("somebody was faster"),
    ///         other => drop(other?),
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn patch_if_unmodified(
        &self,
        name: &DocName,
        modified: &Modified,
        patch: &T::Patch,
    ) -> Result<T, Error> {
        let body = without_name(body_of(patch)?, name)?;
        self.check_fields(&body).await?;
        typed(self.put_locked(name, modified.as_str(), body).await?)
    }

    /// The document as it is, every field and row of it.
    pub(super) async fn raw(&self, name: &DocName) -> Result<Body, Error> {
        let call = Call {
            what: "a document",
            method: Method::GET,
            path: self.path(Some(name))?,
            query: Vec::new(),
            body: None,
            repeat: Repeat::Safe,
            envelope: Envelope::Data,
        };
        self.client.call(call).await
    }

    pub(super) async fn put(&self, name: &DocName, body: Body) -> Result<Body, Error> {
        let call = Call {
            what: "a change",
            method: Method::PUT,
            path: self.path(Some(name))?,
            query: Vec::new(),
            body: Some(Value::Object(body)),
            repeat: Repeat::Never,
            envelope: Envelope::Data,
        };
        self.client.call(call).await
    }
}
