//! Lists.

mod ahead;
mod at_once;
mod children;
mod fetch;
mod given;
mod outline;
mod stream;
mod walk;

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use futures_util::TryStreamExt as _;
use integration_core::Page;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use self::at_once::AtOnce;
pub(super) use self::children::Children;
use self::fetch::Listed;
use self::stream::Wanted;
use super::{Client, Docs};
use crate::query::{Kind, Limit};
use crate::{DocName, Doctype, Error, Field, Filter, Order, Query, Record};

/// A list in the making: what to ask for, and then one of [`page`](Self::page),
/// [`all`](Self::all), [`stream`](Self::stream), [`first`](Self::first), [`names`](Self::names)
/// and [`count`](Self::count).
///
/// A list is never cut short without a word: Frappe's own limit of 20 rows is never left to it.
///
/// Rows hold the columns of the doctype. Tables of child rows come with
/// [`with_tables`](Self::with_tables) or [`with_children`](Self::with_children).
///
/// # Examples
/// ```no_run
/// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
/// use erpnext_client::{Filter, Order};
///
/// let page = client
///     .documents("ToDo")
///     .list()
///     .filter(Filter::eq("status", "Open"))
///     .order_by("modified", Order::Desc)
///     .limit(50)
///     .page()
///     .await?;
/// println!("{} rows, more: {}", page.items.len(), page.next.is_some());
/// # Ok(()) }
/// ```
#[must_use]
pub struct List<T> {
    client: Client,
    doctype: String,
    query: Query,
    /// What is asked for when the query names no fields.
    fields: &'static [&'static str],
    pub(super) children: Vec<Children>,
    page_size: u32,
    _type: PhantomData<fn() -> T>,
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            doctype: self.doctype.clone(),
            query: self.query.clone(),
            fields: self.fields,
            children: self.children.clone(),
            page_size: self.page_size,
            _type: PhantomData,
        }
    }
}

impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Conditions may name a customer.
        f.debug_struct("List")
            .field("doctype", &self.doctype)
            .field("page_size", &self.page_size)
            .finish_non_exhaustive()
    }
}

impl<T: Record> Docs<T> {
    /// Begins a list.
    pub fn list(&self) -> List<T> {
        List {
            client: self.client.clone(),
            doctype: self.doctype.clone().into_owned(),
            query: Query::new(),
            fields: self.fields,
            children: Vec::new(),
            page_size: self.client.inner.page_size,
            _type: PhantomData,
        }
    }

    /// How many documents there are that the user may see.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn count(&self) -> Result<u64, Error> {
        self.list().count().await
    }
}

impl<T> List<T> {
    /// Takes a query as it is, in place of what was asked for so far.
    pub fn query(mut self, query: Query) -> Self {
        self.query = query;
        self
    }

    /// Adds a condition; all of them must hold.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.query = self.query.filter(filter);
        self
    }

    /// Adds conditions; all of them must hold.
    pub fn filters(mut self, filters: impl IntoIterator<Item = Filter>) -> Self {
        self.query = self.query.filters(filters);
        self
    }

    /// Adds an alternative: besides the conditions that must all hold, one of these must.
    pub fn or_filter(mut self, filter: Filter) -> Self {
        self.query = self.query.or_filter(filter);
        self
    }

    /// Adds a field to those asked for; the first one replaces the type's own.
    pub fn field(mut self, field: impl Into<Field>) -> Self {
        self.query = self.query.field(field);
        self
    }

    /// Adds fields to those asked for; the first one replaces the type's own.
    pub fn fields<F: Into<Field>>(mut self, fields: impl IntoIterator<Item = F>) -> Self {
        self.query = self.query.fields(fields);
        self
    }

    /// Asks for these fields alone, into rows of another type.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::{DocName, Field};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Owed {
    ///     customer: DocName,
    ///     owed: f64,
    /// }
    ///
    /// let owed = client
    ///     .documents("Sales Invoice")
    ///     .list()
    ///     .select::<Owed, _>([Field::from("customer"), Field::sum("outstanding_amount").named("owed")])
    ///     .group_by("customer")
    ///     .all()
    ///     .await?;
    /// # Ok(()) }
    /// ```
    pub fn select<R, F: Into<Field>>(self, fields: impl IntoIterator<Item = F>) -> List<R> {
        let mut query = self.query;
        query.fields = fields.into_iter().map(Into::into).collect();
        List {
            client: self.client,
            doctype: self.doctype,
            query,
            fields: &["name"],
            children: self.children,
            page_size: self.page_size,
            _type: PhantomData,
        }
    }

    /// Sorts by a field, after those already given. Without any, rows come in order of names.
    pub fn order_by(mut self, field: impl Into<String>, order: Order) -> Self {
        self.query = self.query.order_by(field, order);
        self
    }

    /// One row for each value of a field.
    pub fn group_by(mut self, field: impl Into<String>) -> Self {
        self.query = self.query.group_by(field);
        self
    }

    /// So many rows at most; of a [`page`](Self::page), its size.
    pub fn limit(mut self, rows: u32) -> Self {
        self.query = self.query.limit(rows);
        self
    }

    /// Leaves out the first so many rows.
    pub fn start(mut self, rows: u64) -> Self {
        self.query = self.query.start(rows);
        self
    }

    /// Names the doctype whose child rows are listed, to list a child doctype.
    pub fn parent(mut self, doctype: impl Into<String>) -> Self {
        self.query = self.query.parent(doctype);
        self
    }

    /// Rows asked for at a time by [`stream`](Self::stream) and [`all`](Self::all); as of the
    /// client unless set.
    pub fn page_size(mut self, rows: u32) -> Self {
        self.page_size = rows.max(1);
        self
    }

    /// Brings the rows of one child table along, as an array in the field of the table.
    ///
    /// Within the same call where the site can (Frappe 16, with columns named), else by one
    /// more call for each page. Without columns, all of them.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// let invoices = client
    ///     .documents("Sales Invoice")
    ///     .list()
    ///     .fields(["name", "customer"])
    ///     .with_children("items", "Sales Invoice Item", ["item_code", "qty"])
    ///     .all()
    ///     .await?;
    /// # Ok(()) }
    /// ```
    pub fn with_children<C: Into<String>>(
        mut self,
        table: impl Into<String>,
        child_doctype: impl Into<String>,
        columns: impl IntoIterator<Item = C>,
    ) -> Self {
        self.children.push(Children {
            field: table.into(),
            doctype: child_doctype.into(),
            columns: columns.into_iter().map(Into::into).collect(),
        });
        self
    }

    /// The query with the fields that are asked for.
    fn asked(&self) -> Query {
        let mut query = self.query.clone();
        if query.fields.is_empty() {
            query = query.fields(self.fields);
        }
        query
    }

    /// The query with an order in which no two rows are equal.
    fn ordered(&self) -> Query {
        let mut query = self.asked();
        let grouped = !query.group_by.is_empty() || aggregates(&query);
        if !grouped && !query.order.iter().any(|(field, _)| field == "name") {
            query = query.order_by("name", Order::Asc);
        }
        query
    }

    /// How many documents meet the conditions, of those the user may see; limit and start do not
    /// matter.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn count(self) -> Result<u64, Error> {
        #[derive(Deserialize)]
        struct Counted {
            count: u64,
        }
        let mut counting = self.select::<Counted, _>([Field::count()]);
        counting.children.clear();
        let query = &mut counting.query;
        query.order.clear();
        query.group_by.clear();
        query.start = 0;
        query.limit = Some(Limit::At(1));
        let dialect = counting.client.dialect().await?;
        if counting.query.render(&counting.doctype, dialect)?.joins() {
            // A document would count once for each child row that meets the conditions.
            counting.query.limit = None;
            return Ok(counting.names().await?.len() as u64);
        }
        let rows = counting
            .client
            .rows(&counting.doctype, &counting.query)
            .await?;
        match rows.first() {
            Some(row) => Ok(decode::<Counted>(row.get())?.count),
            None => Ok(0),
        }
    }
}

impl<T: Doctype> List<T> {
    /// Brings all tables of the type along: one more call for each table and page.
    pub fn with_tables(mut self) -> Self {
        self.children.extend(T::TABLES.iter().map(Children::of));
        self
    }
}

impl<T: DeserializeOwned + Send + 'static> List<T> {
    /// One page: as many rows as [`limit`](Self::limit) says (else the page size), from
    /// [`start`](Self::start) on. Its `next` is where to start for the rows that follow, `None`
    /// when there are none; its `total` is not known.
    ///
    /// Rows that appear or vanish meanwhile shift the pages; [`stream`](Self::stream) does not
    /// care.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn page(self) -> Result<Page<T, u64>, Error> {
        let size = match self.query.limit {
            Some(Limit::At(rows)) => rows,
            Some(Limit::None) | None => self.page_size,
        };
        let start = self.query.start;
        // One row more tells whether there is one.
        let query = self
            .ordered()
            .limit(size.saturating_add(u32::from(size > 0)));
        let listed = self
            .client
            .listed(&self.doctype, &self.bring(query).await?)
            .await?;
        let found = self.found(&listed).await?;
        let more = found.len() as u64 > u64::from(size);
        let most = usize::try_from(size).unwrap_or(usize::MAX);
        let items = self.given(found, most).await?;
        Ok(Page {
            items,
            next: more.then(|| start.saturating_add(size.into())),
            total: None,
        })
    }

    /// The first row, where there is one.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn first(self) -> Result<Option<T>, Error> {
        let query = self.ordered().limit(1);
        let rows = self.every(&self.bring(query).await?).await?;
        Ok(rows.into_iter().next())
    }

    /// All rows, up to [`limit`](Self::limit).
    ///
    /// By pages where [`stream`](Self::stream) can go; else (groups, aggregates, an offset, several
    /// sort columns) in a single call.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn all(self) -> Result<Vec<T>, Error> {
        if self.walk().is_ok() {
            return self.rows(Wanted::All).try_collect().await;
        }
        let query = self.ordered();
        let query = match (query.limit, query.start) {
            (Some(Limit::At(_)), _) => query,
            (_, 0) => query.unlimited(),
            // "All" would forget where to start.
            (_, _) => query.limit(u32::MAX),
        };
        self.every(&self.bring(query).await?).await
    }

    async fn every(&self, query: &Query) -> Result<Vec<T>, Error> {
        let listed = self.client.listed(&self.doctype, query).await?;
        let found = self.found(&listed).await?;
        self.given(found, usize::MAX).await
    }

    /// The rows of an answer.
    async fn found<'a>(&self, listed: &'a Listed) -> Result<Found<'a, T>, Error> {
        if self.comes_whole().await?
            && let Some(found) = listed.at_once()
        {
            return Ok(Found::Read(found));
        }
        Ok(Found::Raw(listed.rows()?))
    }

    /// So many of the rows at most, from the first on, with their children.
    async fn given(&self, found: Found<'_, T>, most: usize) -> Result<Vec<T>, Error> {
        match found {
            Found::Read(AtOnce { mut rows, .. }) => {
                rows.truncate(most);
                Ok(rows)
            }
            Found::Raw(mut rows) => {
                rows.truncate(most);
                self.decoded(rows).await
            }
        }
    }

    async fn decoded(&self, rows: Vec<Box<RawValue>>) -> Result<Vec<T>, Error> {
        let rows = self.with_their_children(rows).await?;
        rows.iter().map(|row| decode(row.get())).collect()
    }
}

impl<T> List<T> {
    /// The names alone, of all rows up to [`limit`](Self::limit).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn names(self) -> Result<Vec<DocName>, Error> {
        let mut list = self.select::<Named, _>(["name"]);
        list.children.clear();
        let named = list.all().await?;
        Ok(named.into_iter().map(|row| row.name).collect())
    }
}

/// The rows of an answer, of which not all may be wanted.
enum Found<'a, T> {
    Read(AtOnce<'a, T>),
    Raw(Vec<Box<RawValue>>),
}

impl<T> Found<'_, T> {
    fn len(&self) -> usize {
        match self {
            Self::Read(found) => found.texts.len(),
            Self::Raw(rows) => rows.len(),
        }
    }

    /// As they came.
    fn texts(&self) -> Cow<'_, [&str]> {
        match self {
            Self::Read(found) => Cow::Borrowed(&found.texts),
            Self::Raw(rows) => rows.iter().map(|row| row.get()).collect(),
        }
    }
}

#[derive(Deserialize)]
struct Named {
    name: DocName,
}

fn decode<R: DeserializeOwned>(row: &str) -> Result<R, Error> {
    serde_json::from_str(row).map_err(unreadable)
}

fn unreadable(error: serde_json::Error) -> Error {
    Error::Decode {
        what: "a row of a list",
        source: Some(error.into()),
    }
}

/// Whether a field belongs to another doctype: a child table (one row of the list for each child
/// row) or a link.
fn reaches_out(field: &Field) -> bool {
    matches!(&field.kind, Kind::Column(column) if column.contains('.'))
}

fn aggregates(query: &Query) -> bool {
    let aggregate = |field: &Field| matches!(field.kind, Kind::Aggregate(..));
    query.fields.iter().any(aggregate)
}
