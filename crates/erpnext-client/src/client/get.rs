//! Single documents.

use http::Method;
use integration_core::ApiPath;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::Docs;
use super::send::{Call, Envelope, Repeat};
use crate::{DocName, Error, Record};

impl<T: Record> Docs<T> {
    /// The path of these documents, or of one.
    pub(crate) fn path(&self, name: Option<&DocName>) -> Result<ApiPath, Error> {
        let path = ApiPath::new("api/resource").segment(&self.doctype)?;
        Ok(match name {
            Some(name) => path.segment(name.as_str())?,
            None => path,
        })
    }

    /// A document with its tables.
    ///
    /// The site ignores case and accents of the name; the document tells how it is really
    /// written.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::is_not_found`] when there is none.
    pub async fn get(&self, name: &DocName) -> Result<T, Error> {
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

    /// A document, or `None` when there is no such name.
    ///
    /// # Errors
    /// See [`Error`]. A 404 that is not Frappe's own (a wrong host name) is an error.
    pub async fn find(&self, name: &DocName) -> Result<Option<T>, Error> {
        match self.get(name).await {
            Ok(document) => Ok(Some(document)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The name as the site writes it, when there is such a document; without reading it.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn exists(&self, name: &DocName) -> Result<Option<DocName>, Error> {
        self.value_of(name, "name").await
    }

    /// One field of a document, without reading the rest; `None` when there is no such document,
    /// or nothing in the field.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn value_of<R: DeserializeOwned>(
        &self,
        name: &DocName,
        field: &str,
    ) -> Result<Option<R>, Error> {
        let mut found: Map<String, Value> = self
            .client
            .rpc("frappe.client.get_value")
            .arg("doctype", &self.doctype)
            .arg("fieldname", json!([field]))
            .arg("filters", json!([["name", "=", name]]))
            .get::<Option<_>>()
            .await?
            .unwrap_or_default();
        let value = found.remove(field).unwrap_or_default();
        serde_json::from_value(value).map_err(|error| Error::Decode {
            what: "a value",
            source: Some(error.into()),
        })
    }

    /// Whether the user may do this with a document.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::is_not_found`] when there is no such document.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::{DocName, Permission};
    ///
    /// let job = DocName::new("DJ-00001")?;
    /// let may = client.documents("Dispatch Job").may(&job, Permission::Write).await?;
    /// # Ok(()) }
    /// ```
    pub async fn may(&self, name: &DocName, permission: Permission) -> Result<bool, Error> {
        #[derive(Deserialize)]
        struct Answered {
            has_permission: bool,
        }
        let answered: Answered = self
            .client
            .rpc("frappe.client.has_permission")
            .arg("doctype", &self.doctype)
            .arg("docname", name)
            .arg("perm_type", permission.as_str())
            .get()
            .await?;
        Ok(answered.has_permission)
    }
}

/// What a user may be allowed to do with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Permission {
    /// Read it.
    Read,
    /// Change it.
    Write,
    /// Make ones like it.
    Create,
    /// Delete it.
    Delete,
    /// Submit it.
    Submit,
    /// Cancel it.
    Cancel,
    /// Make an amended copy of it.
    Amend,
    /// Print it.
    Print,
    /// Send it by e-mail.
    Email,
    /// Share it with other users.
    Share,
}

impl Permission {
    fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Submit => "submit",
            Self::Cancel => "cancel",
            Self::Amend => "amend",
            Self::Print => "print",
            Self::Email => "email",
            Self::Share => "share",
        }
    }
}
