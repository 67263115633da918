//! Creating once, however often it is asked and whatever is lost on the way.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::Docs;
use super::locked::back_off;
use super::write::Body;
use crate::{DocName, Error, Filter, Operand, Record};

/// How often the document is looked for and made.
const ATTEMPTS: u32 = 8;
/// How often it is looked for when the site says that it is there and it is not found: it may be
/// another unique field that is taken.
const TAKEN: u32 = 4;
/// When no further attempt begins.
const BUDGET: Duration = Duration::from_secs(60);

/// A document that is there, and whether this call made it.
///
/// # Examples
/// ```
/// use erpnext_client::Created;
///
/// let created = Created::Existing("LEAD-1");
/// assert_eq!(created.is_new(), Some(false));
/// assert_eq!(created.into_inner(), "LEAD-1");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "there is no fourth")]
pub enum Created<T> {
    /// Made by this call.
    New(T),
    /// It was there.
    Existing(T),
    /// It is there; whether this call made it cannot be known, since an answer was lost.
    Unconfirmed(T),
}

impl<T> Created<T> {
    /// Whether this call made it; `None` when that cannot be known.
    #[must_use]
    pub fn is_new(&self) -> Option<bool> {
        match self {
            Self::New(_) => Some(true),
            Self::Existing(_) => Some(false),
            Self::Unconfirmed(_) => None,
        }
    }

    /// The document.
    #[must_use]
    pub fn get(&self) -> &T {
        match self {
            Self::New(document) | Self::Existing(document) | Self::Unconfirmed(document) => {
                document
            }
        }
    }

    /// The document.
    #[must_use]
    pub fn into_inner(self) -> T {
        match self {
            Self::New(document) | Self::Existing(document) | Self::Unconfirmed(document) => {
                document
            }
        }
    }
}

impl<T: Record> Docs<T> {
    /// Creates a document unless there is one with the same value in a unique field: once, however
    /// many ask at the same time, and also when answers are lost.
    ///
    /// The field must be unique by its definition (`name` of a doctype whose names are given by
    /// hand; the field a name is taken from; a field with "unique" set), since nothing else keeps
    /// the site from making a twin. The patch must hold it.
    ///
    /// # Errors
    /// [`Error::Invalid`] before anything is sent when the field is not unique or has no value.
    /// [`Error::Lost`] when answers keep being lost: ask again. See [`Error`].
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::Changes;
    ///
    /// let jobs = client.documents("Dispatch Job");
    /// let job = Changes::new().set("external_ref", "order-4711").set("subject", "Install");
    /// let created = jobs.create_or_get("external_ref", &job).await?;
    /// if created.is_new() == Some(true) {
    ///     println!("announce it");
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn create_or_get(
        &self,
        unique_field: &str,
        patch: &T::Patch,
    ) -> Result<Created<T>, Error> {
        let body = self.to_insert(patch)?;
        let value = key_of(unique_field, &body)?;
        self.check_unique(unique_field).await?;
        self.check_fields(&body).await?;

        let began = Instant::now();
        let mut lost = false;
        let mut attempt = 0;
        let mut taken = 0;
        loop {
            attempt += 1;
            let last = attempt >= ATTEMPTS || began.elapsed() >= BUDGET;
            match self.find_by(unique_field, &value).await {
                Ok(Some(document)) if lost => return Ok(Created::Unconfirmed(document)),
                Ok(Some(document)) => return Ok(Created::Existing(document)),
                Ok(None) => {}
                Err(error) if last || !error.is_retryable() => {
                    // What was sent before is the news.
                    return Err(if lost {
                        Error::Lost(Box::new(error))
                    } else {
                        error
                    });
                }
                Err(_) => {
                    sleep(back_off(attempt + 3)).await;
                    continue;
                }
            }
            match self.post(body.clone()).await {
                // The unique field lets one through: an earlier one of ours did not arrive.
                Ok(document) => return Ok(Created::New(document)),
                Err(error) if error.may_have_been_carried_out() => {
                    lost = true;
                    if last {
                        return Err(error);
                    }
                }
                // Taken; perhaps by a transaction that nobody can see yet.
                Err(error) if is_taken(&error) && taken < TAKEN && !last => taken += 1,
                Err(error) if error.is_retryable() && !last => {}
                Err(error) => {
                    return Err(if lost {
                        Error::Lost(Box::new(error))
                    } else {
                        error
                    });
                }
            }
            sleep(back_off(attempt + 3)).await;
        }
    }

    /// The document with a value in a field, if there is one; the first by name of several.
    ///
    /// # Errors
    /// See [`Error`].
    pub(super) async fn find_by(&self, field: &str, value: &Value) -> Result<Option<T>, Error> {
        let name = match (field, value) {
            ("name", Value::String(name)) => Some(DocName::new(name)?),
            _ => self.name_by(field, value).await?,
        };
        match name {
            Some(name) => self.find(&name).await,
            None => Ok(None),
        }
    }

    async fn name_by(&self, field: &str, value: &Value) -> Result<Option<DocName>, Error> {
        let filter = Filter::eq(field, Operand::of_value(value.clone()));
        let found = self.list().filter(filter).limit(1).names().await?;
        Ok(found.into_iter().next())
    }
}

/// The value of the unique field.
pub(super) fn key_of(field: &str, body: &Body) -> Result<Value, Error> {
    match body.get(field) {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(text.as_str().into()),
        Some(Value::Number(number)) => Ok(number.clone().into()),
        _ => Err(Error::invalid(
            "patch",
            format!("has no value in {field:?}, by which the document is to be found again"),
        )),
    }
}

/// What else Frappe answers when the database itself finds the name taken.
fn is_taken(error: &Error) -> bool {
    error.is_duplicate()
        || error
            .exc_type()
            .is_some_and(|exc| exc.as_str() == "IntegrityError")
}
