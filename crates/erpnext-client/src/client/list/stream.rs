//! All rows, a page at a time.

use futures_core::Stream;
use futures_util::stream::try_unfold;
use jiff::civil::Time;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::task::yield_now;

use super::ahead::Ahead;
use super::children::with_field;
use super::given::{Given, Rows};
use super::outline::Outline;
use super::walk::{Key, Step, Walk};
use super::{List, Named, decode};
use crate::query::Limit;
use crate::value::SiteTime;
use crate::{Error, FieldType, Query};

/// A place in a stream, and what is left of its limit.
struct Place {
    step: Step,
    left: Option<u32>,
}

/// The page that is to come.
struct At {
    place: Place,
    /// Asked for already.
    ahead: Option<Ahead>,
}

impl From<Place> for At {
    fn from(place: Place) -> Self {
        Self { place, ahead: None }
    }
}

/// How much of a stream will be taken, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Everything.
    All,
    /// The first page; from the second on, another.
    Unknown,
}

impl<T> List<T> {
    /// The order of a stream of this list.
    pub(super) fn walk(&self) -> Result<Walk, Error> {
        Walk::of(&self.asked())
    }
}

impl<T: DeserializeOwned + Send + 'static> List<T> {
    /// All rows up to [`limit`](Self::limit), a page at a time, in order of names, or of one
    /// column ([`order_by`](Self::order_by)) and then names.
    ///
    /// Goes on from the last row and not by an offset: documents that appear or vanish meanwhile
    /// cause neither gaps nor repetitions. One whose *sort value* changes meanwhile comes where it
    /// then is; that may be a second time. Rows without a value in the sort column come first when
    /// ascending, last when descending.
    ///
    /// In order of names, the next page is asked for while the rows of a page are taken: from the
    /// second page on, one page ahead at most, and not with the last slot of
    /// [`max_concurrent`](crate::ClientBuilder::max_concurrent), which is left to who takes the
    /// rows. What it holds may thus be as old as the first row of the page before it. Nobody is
    /// asked beyond the [`limit`](Self::limit) or a page that is not full; a failure is told when
    /// the rows before it have been taken. Each row is read when it is taken.
    ///
    /// Groups, aggregates, an offset and several sort columns are refused: see
    /// [`all`](Self::all) and [`page`](Self::page). The stream ends after its first error.
    ///
    /// # Cancel safety
    /// Dropping the stream gives up the page that is on its way; dropping the future of a row loses
    /// none.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use futures_util::TryStreamExt;
    ///
    /// let mut todos = std::pin::pin!(client.documents("ToDo").list().stream());
    /// while let Some(todo) = todos.try_next().await? {
    ///     println!("{:?}", todo.get("description"));
    /// }
    /// # Ok(()) }
    /// ```
    pub fn stream(self) -> impl Stream<Item = Result<T, Error>> + Send + use<T> {
        self.rows(Wanted::Unknown)
    }

    /// As [`stream`](Self::stream).
    pub(super) fn rows(
        self,
        wanted: Wanted,
    ) -> impl Stream<Item = Result<T, Error>> + Send + use<T> {
        let left = match self.query.limit {
            Some(Limit::At(rows)) => Some(rows),
            Some(Limit::None) | None => None,
        };
        let list = std::sync::Arc::new(self);
        let step = Step::First;
        let first = At::from(Place { step, left });
        Given::new(try_unfold(Some(first), move |at| {
            let list = list.clone();
            async move {
                match at {
                    Some(at) => Box::pin(list.turn(at, wanted)).await.map(Some),
                    None => Ok(None),
                }
            }
        }))
    }

    /// One page of a stream, and the place of the next.
    async fn turn(&self, at: At, wanted: Wanted) -> Result<(Rows<T>, Option<At>), Error> {
        let walk = self.walk()?;
        let At { place, ahead } = at;
        let left = place.left;
        if left == Some(0) {
            return Err(Error::invalid("query", "has a limit of 0: give 1 or more"));
        }
        let mut query = with_field(self.bring(self.asked()).await?, "name");
        if let Some((column, _)) = &walk.column {
            query = with_field(query, column);
        }
        let joins = self.query.fields.iter().any(super::reaches_out);
        let plain = !joins && self.children.is_empty() && walk.column.is_none();
        let mut size = self.size(left);
        if joins {
            size = size.saturating_add(1);
        }
        let mut early = match ahead {
            Some(ahead) => ahead.answer().await,
            None => None,
        };
        loop {
            let listed = match early.take() {
                Some(answer) => answer?,
                None => {
                    let page = walk.query(query.clone(), &place.step, size);
                    self.client.listed(&self.doctype, &page).await?
                }
            };
            if plain && let Some(Outline { mut rows, last }) = listed.outline() {
                let full = rows.len() as u64 >= u64::from(size);
                rows.truncate(at_most(left));
                let next = next(full.then_some(Step::After(last)), left, rows.len());
                let eager = wanted == Wanted::All || place.step != Step::First;
                let next = match next {
                    Some(next) if eager => Some(self.ask_ahead(&walk, query, next).await),
                    next => next.map(At::from),
                };
                return Ok((Rows::Texts(listed.texts(rows)), next));
            }
            let found = self.found(&listed).await?;
            let (turn, rows) = {
                let rows = found.texts();
                let full = rows.len() as u64 >= u64::from(size);
                let whole = if joins && full { whole(&rows)? } else { &rows };
                if whole.is_empty() && full {
                    // One document fills the page.
                    size = size.saturating_mul(2);
                    continue;
                }
                let mut keys = keys(&walk, &place.step, whole)?;
                self.comparable(&walk, &mut keys).await?;
                let turn = walk.turn(&place.step, whole.len(), &keys, full);
                let rows = turn.give.min(at_most(left));
                (turn, rows)
            };
            let rows = self.given(found, rows).await?;
            let next = next(turn.next, left, rows.len());
            return Ok((Rows::Read(rows.into_iter()), next.map(At::from)));
        }
    }

    /// Rows of a page.
    fn size(&self, left: Option<u32>) -> u32 {
        left.map_or(self.page_size, |left| left.min(self.page_size))
    }

    /// Asks for a page while the one before it is still to be read.
    async fn ask_ahead(&self, walk: &Walk, query: Query, place: Place) -> At {
        let page = walk.query(query, &place.step, self.size(place.left));
        let ahead = Ahead::send(&self.client, &self.doctype, page);
        if ahead.is_some() {
            // It is sent while others run; who reads rows may not let them for a while.
            yield_now().await;
        }
        At { place, ahead }
    }

    /// Times of the day in the form in which they can be compared. Midnight has no place either: to
    /// a site it is not set.
    async fn comparable(&self, walk: &Walk, keys: &mut [Key]) -> Result<(), Error> {
        let time = |key: &Key| key.value.as_str()?.parse::<SiteTime>().ok();
        let Some((column, _)) = &walk.column else {
            return Ok(());
        };
        if !keys.iter().any(|key| time(key).is_some()) {
            return Ok(());
        }
        let meta = self.client.meta(&self.doctype).await?;
        let field = meta.field(column);
        if field.is_some_and(|field| field.fieldtype == FieldType::Time) {
            for key in keys {
                if let Some(time) = time(key) {
                    key.value = match time.time() == Time::midnight() {
                        true => Value::Null,
                        false => time.compared().into(),
                    };
                }
            }
        }
        Ok(())
    }
}

fn at_most(left: Option<u32>) -> usize {
    left.map_or(usize::MAX, |left| {
        usize::try_from(left).unwrap_or(usize::MAX)
    })
}

/// The place behind so many rows, where there is to be more.
fn next(step: Option<Step>, left: Option<u32>, given: usize) -> Option<Place> {
    let given = u32::try_from(given).unwrap_or(u32::MAX);
    let left = left.map(|left| left.saturating_sub(given));
    step.filter(|_| left != Some(0))
        .map(|step| Place { step, left })
}

/// The rows without those of the last document: its rows (one for each child row that was asked
/// for) may go on beyond the page, so it is left to the next, which begins with it.
fn whole<'a, 'b>(rows: &'a [&'b str]) -> Result<&'a [&'b str], Error> {
    let Some(last) = rows.last() else {
        return Ok(rows);
    };
    let last = decode::<Named>(last)?.name;
    let mut whole = rows;
    while let Some((row, before)) = whole.split_last()
        && decode::<Named>(row)?.name == last
    {
        whole = before;
    }
    Ok(whole)
}

fn keys(walk: &Walk, step: &Step, rows: &[&str]) -> Result<Vec<Key>, Error> {
    let needed = match (&walk.column, step) {
        (Some(_), Step::First) => rows,
        _ => rows.split_at(rows.len().saturating_sub(1)).1,
    };
    needed
        .iter()
        .map(|row| {
            let Named { name } = decode(row)?;
            let Some((column, _)) = &walk.column else {
                return Ok(Key {
                    name,
                    value: Value::Null,
                });
            };
            let mut row: Map<String, Value> = decode(row)?;
            let value = row.remove(column).unwrap_or_default();
            if value.is_array() || value.is_object() {
                return Err(Error::invalid("stream", "goes by a column of plain values"));
            }
            Ok(Key { name, value })
        })
        .collect()
}
