//! The documents of one doctype.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use super::Client;
use crate::{ChildTable, Doctype, Document};

/// The documents of one doctype: [`Client::docs`] for a type, [`Client::documents`] for a name.
///
/// # Examples
/// ```
/// use erpnext_client::{Client, Credentials};
///
/// let client = Client::new("https://erp.example.ca", Credentials::Guest)?;
/// assert_eq!(client.documents("ToDo").doctype(), "ToDo");
/// # Ok::<(), erpnext_client::Error>(())
/// ```
pub struct Docs<T> {
    pub(crate) client: Client,
    pub(crate) doctype: Cow<'static, str>,
    /// What lists ask for; `*` for a doctype without a type.
    pub(crate) fields: &'static [&'static str],
    /// The tables of the type.
    pub(crate) tables: &'static [ChildTable],
    /// Whether fields the type does not know are looked up before they are sent.
    pub(crate) check: bool,
    _type: PhantomData<fn() -> T>,
}

impl<T> Docs<T> {
    /// Name of the doctype.
    #[must_use]
    pub fn doctype(&self) -> &str {
        &self.doctype
    }
}

impl<T> Clone for Docs<T> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            doctype: self.doctype.clone(),
            fields: self.fields,
            tables: self.tables,
            check: self.check,
            _type: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Docs<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Docs")
            .field("doctype", &self.doctype)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// The documents of a doctype that has a type.
    #[must_use]
    pub fn docs<T: Doctype>(&self) -> Docs<T> {
        Docs {
            client: self.clone(),
            doctype: Cow::Borrowed(T::DOCTYPE),
            fields: T::FIELDS,
            tables: T::TABLES,
            check: true,
            _type: PhantomData,
        }
    }

    /// The documents of any doctype.
    #[must_use]
    pub fn documents(&self, doctype: impl Into<Cow<'static, str>>) -> Docs<Document> {
        Docs {
            client: self.clone(),
            doctype: doctype.into(),
            fields: &["*"],
            tables: &[],
            check: true,
            _type: PhantomData,
        }
    }
}
