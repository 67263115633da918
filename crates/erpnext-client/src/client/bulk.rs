//! Many documents at once, each with its own outcome.

use std::collections::HashMap;

use futures_util::stream::{self, StreamExt as _};
use serde_json::{Map, Value};

use super::Docs;
use super::create::key_of;
use super::write::Body;
use crate::{DocName, Error, Filter, Operand, Record};

/// Most documents that Frappe takes in one call.
const CHUNK: usize = 200;
/// How often a chunk whose answer was lost is looked up and sent again.
const AFTER_LOSS: u32 = 4;
/// Single calls under way at a time; the client's own limit holds besides.
const PARALLEL: usize = 8;

/// What became of one of many documents.
///
/// # Examples
/// ```
/// use erpnext_client::{DocName, Outcome};
///
/// let outcome = Outcome::Done(DocName::new("LEAD-1")?);
/// assert!(outcome.is_done());
/// # Ok::<(), erpnext_client::Error>(())
/// ```
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "there is no fifth")]
pub enum Outcome {
    /// It is as wanted; its name.
    Done(DocName),
    /// The site will not; nothing was changed for this document.
    Refused(Error),
    /// The answer was lost: it may have been done. Look before doing it again.
    Unknown,
    /// Not sent, since a call before could not be answered at all.
    NotSent,
}

impl Outcome {
    /// Whether it is as wanted.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }

    /// The name, where it is as wanted.
    #[must_use]
    pub fn name(&self) -> Option<&DocName> {
        match self {
            Self::Done(name) => Some(name),
            _ => None,
        }
    }
}

/// What became of many documents, in the order in which they were given.
///
/// # Examples
/// ```no_run
/// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
/// use erpnext_client::{Changes, Outcome};
///
/// let tags = ["VIP", "Fibre"].map(|name| Changes::new().set("name", name));
/// let batch = client.documents("Tag").insert_many(&tags).await?;
/// for (tag, outcome) in tags.iter().zip(&batch.outcomes) {
///     if let Outcome::Refused(error) = outcome {
///         println!("{:?}: {}", tag.get("name"), error.message().unwrap_or_default());
///     }
/// }
/// assert!(batch.stopped.is_none());
/// # Ok(()) }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcomes {
    /// One outcome for each.
    pub outcomes: Vec<Outcome>,
    /// Why the rest was not sent.
    pub stopped: Option<Error>,
}

impl Outcomes {
    /// Whether all are as wanted.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.outcomes.iter().all(Outcome::is_done)
    }

    /// The names of those that are as wanted.
    pub fn names(&self) -> impl Iterator<Item = &DocName> {
        self.outcomes.iter().filter_map(Outcome::name)
    }
}

impl<T: Record> Docs<T> {
    /// Creates many documents, up to 200 in a call.
    ///
    /// A call creates all or none; of a refused one the halves are sent, and so on, until it is
    /// known which documents the site will not have. A call whose answer was lost is not made
    /// again: its documents are [`Outcome::Unknown`] and nothing more is sent. With a unique field,
    /// [`insert_many_by`](Self::insert_many_by) finds out and goes on.
    ///
    /// # Errors
    /// [`Error::Invalid`] and [`Error::UnknownField`] before anything is sent; what happens later
    /// is in the [`Outcomes`].
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::Changes;
    ///
    /// let tags = ["VIP", "Fibre"].map(|name| Changes::new().set("name", name));
    /// let outcomes = client.documents("Tag").insert_many(&tags).await?;
    /// println!("{} made", outcomes.names().count());
    /// # Ok(()) }
    /// ```
    pub async fn insert_many(&self, patches: &[T::Patch]) -> Result<Outcomes, Error> {
        self.insert_all(patches, None).await
    }

    /// Creates many documents, found again by a unique field when an answer is lost: then those
    /// that are there are done, and the others are sent again.
    ///
    /// # Errors
    /// As [`insert_many`](Self::insert_many), and [`Error::Invalid`] when the field is not unique or
    /// a patch has no value in it; see [`create_or_get`](Self::create_or_get).
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::Changes;
    ///
    /// let scanned = ["48575443AAAA0001", "48575443AAAA0002"].map(|serial| {
    ///     Changes::new().set("serial_number", serial).set("equipment_type", "ONT")
    /// });
    /// let equipment = client.documents("Service Equipment");
    /// let batch = equipment.insert_many_by("serial_number", &scanned).await?;
    /// # Ok(()) }
    /// ```
    pub async fn insert_many_by(
        &self,
        unique_field: &str,
        patches: &[T::Patch],
    ) -> Result<Outcomes, Error> {
        self.check_unique(unique_field).await?;
        self.insert_all(patches, Some(unique_field)).await
    }

    async fn insert_all(
        &self,
        patches: &[T::Patch],
        unique: Option<&str>,
    ) -> Result<Outcomes, Error> {
        let mut documents = Vec::with_capacity(patches.len());
        for patch in patches {
            let mut body = self.to_insert(patch)?;
            if let Some(field) = unique {
                key_of(field, &body)?;
            }
            self.check_fields(&body).await?;
            body.insert("doctype".to_owned(), self.doctype().into());
            documents.push(body);
        }
        let mut work = Work {
            outcomes: documents.iter().map(|_| Outcome::NotSent).collect(),
            stopped: None,
        };
        let all: Vec<usize> = (0..documents.len()).collect();
        for chunk in all.chunks(CHUNK) {
            if work.stopped.is_none() {
                self.insert_chunk(&documents, chunk.to_vec(), unique, &mut work)
                    .await;
            }
        }
        Ok(Outcomes {
            outcomes: work.outcomes,
            stopped: work.stopped,
        })
    }

    async fn insert_chunk(
        &self,
        documents: &[Body],
        chunk: Vec<usize>,
        unique: Option<&str>,
        work: &mut Work,
    ) {
        // A stack of pieces, the first on top.
        let mut pieces = vec![(chunk, 0)];
        while let Some((piece, losses)) = pieces.pop() {
            let bodies: Vec<&Body> = piece.iter().filter_map(|at| documents.get(*at)).collect();
            if bodies.is_empty() || work.stopped.is_some() {
                continue;
            }
            let sent: Result<Vec<DocName>, Error> = self
                .client
                .rpc("frappe.client.insert_many")
                .arg("docs", &bodies)
                .send()
                .await;
            match sent {
                Ok(names) if names.len() == piece.len() => {
                    for (at, name) in piece.iter().zip(names) {
                        work.set(*at, Outcome::Done(name));
                    }
                }
                Ok(_) => {
                    for at in &piece {
                        work.set(*at, Outcome::Unknown);
                    }
                    work.stopped = Some(Error::Decode {
                        what: "the names of new documents",
                        source: None,
                    });
                }
                Err(error) if error.may_have_been_carried_out() => {
                    let found = match unique {
                        Some(field) if losses < AFTER_LOSS => {
                            tokio::time::sleep(super::locked::back_off(losses + 5)).await;
                            self.found(field, &bodies)
                                .await
                                .ok()
                                .map(|found| (field, found))
                        }
                        _ => None,
                    };
                    let Some((field, found)) = found else {
                        for at in &piece {
                            work.set(*at, Outcome::Unknown);
                        }
                        work.stopped = Some(error);
                        continue;
                    };
                    let mut missing = Vec::new();
                    for at in piece {
                        let key = documents.get(at).and_then(|body| text_in(body, field));
                        match key.and_then(|key| found.get(&key)) {
                            Some(name) => work.set(at, Outcome::Done(name.clone())),
                            None => missing.push(at),
                        }
                    }
                    pieces.push((missing, losses + 1));
                }
                Err(error) if !is_about_a_document(&error) => work.stopped = Some(error),
                Err(error) => match piece.as_slice() {
                    // Not this document: none of them.
                    [_] if error.is_permission() && !work.any_done() => work.stopped = Some(error),
                    [only] => work.set(*only, Outcome::Refused(error)),
                    _ => {
                        let (first, second) = piece.split_at(piece.len() / 2);
                        pieces.push((second.to_vec(), losses));
                        pieces.push((first.to_vec(), losses));
                    }
                },
            }
        }
    }

    /// The names of the documents that are there, by the value of their unique field.
    async fn found(
        &self,
        field: &str,
        bodies: &[&Body],
    ) -> Result<HashMap<String, DocName>, Error> {
        let values = bodies.iter().filter_map(|body| body.get(field).cloned());
        let rows: Vec<Map<String, Value>> = self
            .list()
            .filter(Filter::is_in(field, values.map(Operand::of_value)))
            .select(["name", field])
            .all()
            .await?;
        Ok(rows
            .iter()
            .filter_map(|row| {
                let name = super::modify::name_of(row)?;
                Some((text_in(row, field)?, DocName::answered(name)))
            })
            .collect())
    }

    /// Changes many documents, each as [`patch`](Self::patch) does, some at a time. One that cannot
    /// be changed does not keep the others from it.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::{Changes, DocName};
    ///
    /// let (a, b) = (DocName::new("EQ-00001")?, DocName::new("EQ-00002")?);
    /// let retired = Changes::new().set("status", "Retired");
    /// let outcomes = client.documents("Service Equipment").patch_many([(&a, &retired), (&b, &retired)]).await;
    /// assert!(outcomes.is_done());
    /// # Ok(()) }
    /// ```
    pub async fn patch_many<'a>(
        &self,
        changes: impl IntoIterator<Item = (&'a DocName, &'a T::Patch)>,
    ) -> Outcomes {
        let calls = changes.into_iter().map(|(name, patch)| async move {
            match self.patch(name, patch).await {
                Ok(document) => Outcome::Done(document.name().clone()),
                Err(error) => refused(error),
            }
        });
        gathered(calls).await
    }

    /// Deletes many documents, each as [`delete`](Self::delete) does, some at a time.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// let todos = client.documents("ToDo");
    /// let names = todos.list().names().await?;
    /// assert!(todos.delete_many(&names).await.is_done());
    /// # Ok(()) }
    /// ```
    pub async fn delete_many<'a>(&self, names: impl IntoIterator<Item = &'a DocName>) -> Outcomes {
        let calls = names.into_iter().map(|name| async move {
            match self.delete(name).await {
                Ok(_) => Outcome::Done(name.clone()),
                Err(error) => refused(error),
            }
        });
        gathered(calls).await
    }
}

struct Work {
    outcomes: Vec<Outcome>,
    stopped: Option<Error>,
}

impl Work {
    fn any_done(&self) -> bool {
        self.outcomes.iter().any(Outcome::is_done)
    }

    fn set(&mut self, at: usize, outcome: Outcome) {
        if let Some(slot) = self.outcomes.get_mut(at) {
            *slot = outcome;
        }
    }
}

fn refused(error: Error) -> Outcome {
    if error.may_have_been_carried_out() {
        Outcome::Unknown
    } else {
        Outcome::Refused(error)
    }
}

async fn gathered(calls: impl Iterator<Item = impl Future<Output = Outcome>>) -> Outcomes {
    Outcomes {
        outcomes: stream::iter(calls).buffered(PARALLEL).collect().await,
        stopped: None,
    }
}

/// Whether one of the documents is to blame, rather than the user, the site or the way to it.
fn is_about_a_document(error: &Error) -> bool {
    match error {
        Error::Server(answer) => {
            !matches!(answer.status(), 401 | 429 | 502 | 503 | 504) && !answer.was_rolled_back()
        }
        // Too long together.
        Error::Unexpected(answer) => answer.status() == 413,
        _ => false,
    }
}

/// A unique value as text, in the case in which the site compares.
fn text_in(body: &Body, field: &str) -> Option<String> {
    match body.get(field)? {
        Value::String(text) => Some(text.trim().to_lowercase()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
