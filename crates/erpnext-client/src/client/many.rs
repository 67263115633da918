//! Many documents by their names.

use std::collections::{HashMap, HashSet};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::Docs;
use crate::{DocName, Error, Filter, Record};

/// Names asked for at a time.
const NAMES: usize = 200;

/// What [`Docs::get_many`] found: each document once, and which of the names asked for is which.
///
/// # Examples
/// ```no_run
/// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
/// use erpnext_client::{DocName, Record as _};
///
/// let asked = [DocName::new("ETE")?, DocName::new("été")?, DocName::new("hiver")?];
/// let found = client.documents("Territory").get_many(&asked).await?;
/// if let Some(summer) = found.get(&asked[0]) {
///     println!("ETE is {}", summer.name());
/// }
/// for name in found.missing() {
///     println!("there is no {name}");
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Batch<T> {
    documents: Vec<T>,
    /// Names asked for, the place of their document.
    places: HashMap<DocName, usize>,
    missing: Vec<DocName>,
}

impl<T: Record> Batch<T> {
    /// The document of a name that was asked for.
    #[must_use]
    pub fn get(&self, asked: &DocName) -> Option<&T> {
        self.documents.get(*self.places.get(asked)?)
    }

    /// The names asked for that no document has.
    #[must_use]
    pub fn missing(&self) -> &[DocName] {
        &self.missing
    }

    /// The documents, each once, in order of their names.
    #[must_use]
    pub fn documents(&self) -> &[T] {
        &self.documents
    }

    /// The documents, each once, in order of their names.
    #[must_use]
    pub fn into_documents(self) -> Vec<T> {
        self.documents
    }
}

impl<T: Record> Docs<T> {
    /// Documents by their names, in a few calls instead of one each. The tables of a type come
    /// along; a doctype without a type has none here (see
    /// [`List::with_children`](super::List::with_children)).
    ///
    /// The site ignores case and accents of names: which of the names asked for gave which
    /// document is found out, with another call for each name where it cannot be told from the
    /// spelling.
    ///
    /// # Errors
    /// See [`Error`]. Names without a document are no error.
    pub async fn get_many<'a>(
        &self,
        names: impl IntoIterator<Item = &'a DocName>,
    ) -> Result<Batch<T>, Error> {
        let mut seen = HashSet::new();
        let asked: Vec<&DocName> = names
            .into_iter()
            .filter(|name| seen.insert(*name))
            .collect();
        let mut documents = Vec::new();
        for names in asked.chunks(NAMES) {
            let mut list = self.list();
            list.children
                .extend(self.tables.iter().map(super::list::Children::of));
            let found = list
                .filter(Filter::is_in("name", names.iter().copied()))
                .page_size(u32::try_from(NAMES).unwrap_or(u32::MAX).saturating_add(1))
                .all()
                .await?;
            documents.extend(found);
        }
        documents.sort_by(|a, b| a.name().cmp(b.name()));
        documents.dedup_by(|a, b| a.name() == b.name());
        self.told_apart(&asked, documents).await
    }

    /// Finds out which name gave which document.
    async fn told_apart(&self, asked: &[&DocName], documents: Vec<T>) -> Result<Batch<T>, Error> {
        let answered: HashMap<&DocName, usize> = documents
            .iter()
            .enumerate()
            .map(|(place, document)| (document.name(), place))
            .collect();
        let plain = documents
            .iter()
            .all(|document| document.name().as_str().is_ascii());
        let (exact, others): (Vec<_>, Vec<_>) = asked
            .iter()
            .copied()
            .partition(|name| answered.contains_key(name));
        // Two plain names are one to the site when they differ by case alone; of others, only the
        // site knows.
        let lower: HashSet<String> = documents
            .iter()
            .map(|document| document.name().as_str().to_ascii_lowercase())
            .collect();
        let (unsure, absent): (Vec<_>, Vec<_>) = others.into_iter().partition(|name| {
            !documents.is_empty()
                && (!plain
                    || !name.as_str().is_ascii()
                    || lower.contains(&name.as_str().to_ascii_lowercase()))
        });
        let told: Vec<(&DocName, Option<DocName>)> = stream::iter(unsure)
            .map(async |name| Ok::<_, Error>((name, self.exists(name).await?)))
            .buffered(4)
            .try_collect()
            .await?;

        let mut places = HashMap::with_capacity(asked.len());
        let mut missing: Vec<DocName> = absent.into_iter().cloned().collect();
        for name in exact {
            if let Some(place) = answered.get(name) {
                places.insert(name.clone(), *place);
            }
        }
        for (name, is) in told {
            match is.as_ref().and_then(|is| answered.get(is)) {
                Some(place) => {
                    places.insert(name.clone(), *place);
                }
                None => missing.push(name.clone()),
            }
        }
        drop(answered);
        Ok(Batch {
            documents,
            places,
            missing,
        })
    }
}
