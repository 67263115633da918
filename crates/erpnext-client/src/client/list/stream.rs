//! All rows, a page at a time.

use futures_core::Stream;
use integration_core::{Page, paginate};
use jiff::civil::Time;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::children::with_field;
use super::walk::{Key, Step, Walk};
use super::{List, Named, decode};
use crate::query::Limit;
use crate::value::SiteTime;
use crate::{Error, FieldType};

/// A place in a stream, and what is left of its limit.
struct At {
    step: Step,
    left: Option<u32>,
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
    /// Groups, aggregates, an offset and several sort columns are refused: see
    /// [`all`](Self::all) and [`page`](Self::page). The stream ends after its first error.
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
        let left = match self.query.limit {
            Some(Limit::At(rows)) => Some(rows),
            Some(Limit::None) | None => None,
        };
        let list = std::sync::Arc::new(self);
        paginate(move |at: Option<At>| {
            let list = list.clone();
            let at = at.unwrap_or(At {
                step: Step::First,
                left,
            });
            async move { Box::pin(list.turn(at)).await }
        })
    }

    /// One page of a stream.
    async fn turn(&self, at: At) -> Result<Page<T, At>, Error> {
        let walk = self.walk()?;
        let At { step, left } = at;
        if left == Some(0) {
            return Err(Error::invalid("query", "has a limit of 0: give 1 or more"));
        }
        let mut query = with_field(self.bring(self.asked()).await?, "name");
        if let Some((column, _)) = &walk.column {
            query = with_field(query, column);
        }
        let joins = self.query.fields.iter().any(super::reaches_out);
        let mut size = left.map_or(self.page_size, |left| left.min(self.page_size));
        if joins {
            size = size.saturating_add(1);
        }
        loop {
            let page = walk.query(query.clone(), &step, size);
            let listed = self.client.listed(&self.doctype, &page).await?;
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
                let mut keys = keys(&walk, &step, whole)?;
                self.comparable(&walk, &mut keys).await?;
                let turn = walk.turn(&step, whole.len(), &keys, full);
                let most = left.map_or(usize::MAX, |left| {
                    usize::try_from(left).unwrap_or(usize::MAX)
                });
                let rows = turn.give.min(most);
                (turn, rows)
            };
            let items = self.given(found, rows).await?;
            let given = u32::try_from(items.len()).unwrap_or(u32::MAX);
            let left = left.map(|left| left.saturating_sub(given));
            return Ok(Page {
                items,
                next: turn
                    .next
                    .filter(|_| left != Some(0))
                    .map(|step| At { step, left }),
                total: None,
            });
        }
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
