//! Read, change, save: the fields that changed and no others.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::Value;

use super::Docs;
use super::locked::AfterLoss;
use super::write::{Body, body_of, typed};
use crate::{DocName, Error, Record};

/// What the site gives to each row, and no copy takes along.
const OF_A_ROW: [&str; 6] = [
    "name",
    "owner",
    "creation",
    "modified",
    "modified_by",
    "docstatus",
];

impl<T: Record> Docs<T> {
    /// Reads a document, changes it, and saves what changed under the optimistic lock; again from
    /// the beginning, up to 32 times in 30 s, when somebody else saved it in between. So the
    /// closure may run several times, each time on the newest document.
    ///
    /// Only the fields that the closure changed are sent, and nothing at all when there are none.
    /// A changed table is sent whole, with the fields of its rows that the type does not know.
    ///
    /// When the answer to the saving is lost, the document is looked at: not saved since, it is
    /// saved again, which the lock makes harmless. Saved since, nobody can tell by whom: that is
    /// [`Error::Lost`]. For a change that is the same done twice, [`converge`](Self::converge)
    /// goes on instead.
    ///
    /// # Errors
    /// See [`Error`]: [`Error::is_timestamp_mismatch`] when others were faster every time,
    /// [`Error::Invalid`] when the closure changes the name.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::DocName;
    ///
    /// let runs = client.documents("Flow Run");
    /// let name = DocName::new("FR-0000001")?;
    /// let run = runs
    ///     .modify(&name, |run| {
    ///         let attempts = run.get("attempts").and_then(|n| n.as_i64()).unwrap_or(0);
    ///         run.fields_mut().insert("attempts".to_owned(), (attempts + 1).into());
    ///     })
    ///     .await?;
    /// # Ok(()) }
    /// ```
    pub async fn modify(
        &self,
        name: &DocName,
        mut change: impl FnMut(&mut T) + Send,
    ) -> Result<T, Error> {
        self.try_modify(name, |document| {
            change(document);
            Ok(())
        })
        .await
    }

    /// As [`modify`](Self::modify), with a closure that may refuse: then nothing is saved.
    ///
    /// # Errors
    /// As [`modify`](Self::modify), and what the closure refuses with.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use erpnext_client::DocName;
    ///
    /// let jobs = client.documents("Dispatch Job");
    /// jobs.try_modify(&DocName::new("DJ-00001")?, |job| {
    ///     if job.get("technician").is_some_and(|taken| !taken.is_null()) {
    ///         return Err("taken".into());
    ///     }
    ///     job.fields_mut().insert("technician".to_owned(), "TECH-0001".into());
    ///     Ok::<(), Box<dyn std::error::Error>>(())
    /// })
    /// .await?;
    /// # Ok(()) }
    /// ```
    pub async fn try_modify<E: From<Error>>(
        &self,
        name: &DocName,
        change: impl FnMut(&mut T) -> Result<(), E> + Send,
    ) -> Result<T, E> {
        self.edit(name, AfterLoss::Tell, changes_by(change)).await
    }

    /// As [`modify`](Self::modify), for a change that is the same done twice (a field set to a
    /// value, not a counter raised): when an answer is lost, it goes on until the document is as
    /// wanted.
    ///
    /// # Errors
    /// As [`modify`](Self::modify); [`Error::Lost`] only when answers keep being lost.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::DocName;
    ///
    /// let jobs = client.documents("Dispatch Job");
    /// jobs.converge(&DocName::new("DJ-00001")?, |job| {
    ///     job.fields_mut().insert("status".to_owned(), "Completed".into());
    /// })
    /// .await?;
    /// # Ok(()) }
    /// ```
    pub async fn converge(
        &self,
        name: &DocName,
        mut change: impl FnMut(&mut T) + Send,
    ) -> Result<T, Error> {
        let change = changes_by(|document: &mut T| {
            change(document);
            Ok::<(), Error>(())
        });
        self.edit(name, AfterLoss::Again, change).await
    }
}

/// From a change of a document to the fields to send.
fn changes_by<T: Record, E: From<Error>>(
    mut change: impl FnMut(&mut T) -> Result<(), E> + Send,
) -> impl FnMut(&Body) -> Result<Body, E> + Send {
    move |stored| {
        let mut document: T = typed(stored.clone())?;
        let before = body_of(&document)?;
        change(&mut document)?;
        let after = body_of(&document)?;
        Ok(difference(stored, &before, after)?)
    }
}

/// What to send so that `before` becomes `after`; both are the part of `stored` that a type knows.
fn difference(stored: &Body, before: &Body, after: Body) -> Result<Body, Error> {
    let gone = before
        .keys()
        .filter(|field| !after.contains_key(*field))
        .map(|field| (field.clone(), Value::Null))
        .collect::<Vec<_>>();
    let changed = after
        .into_iter()
        .filter(|(field, value)| before.get(field).unwrap_or(&Value::Null) != value);
    let mut changes = Body::new();
    for (field, value) in changed.chain(gone) {
        let was = before.get(&field).unwrap_or(&Value::Null);
        let value = match (field.as_str(), value) {
            ("name", _) => return Err(Error::invalid("change", "changes the name: use `rename`")),
            // The lock is ours to send.
            ("modified" | "doctype", _) => continue,
            (_, Value::Array(rows)) => {
                let kept = stored.get(&field).unwrap_or(&Value::Null);
                Value::Array(whole_rows(kept, was, rows)?)
            }
            // A table is emptied, never cleared.
            (_, Value::Null) if was.is_array() => Value::Array(Vec::new()),
            (_, value) => value,
        };
        changes.insert(field, value);
    }
    Ok(changes)
}

/// The rows of a table as they must be sent: whole, numbered from 1 on.
///
/// A row that keeps its name keeps the fields it was stored with, too, save those that changed.
pub(super) fn whole_rows(
    stored: &Value,
    before: &Value,
    after: Vec<Value>,
) -> Result<Vec<Value>, Error> {
    let mut rows = Vec::with_capacity(after.len());
    let mut seen = HashSet::new();
    for (row, number) in after.into_iter().zip(1_u64..) {
        let Value::Object(row) = row else {
            return Err(Error::invalid("row", "is not a JSON object"));
        };
        let name = name_of(&row).map(Cow::into_owned);
        let again = name.as_ref().is_some_and(|name| !seen.insert(name.clone()));
        let mut whole = match row_named(stored, name.as_deref()) {
            // The copy of a row is another row: under one name the site would keep one of them.
            Some(kept) if again => {
                let mut new = kept.clone();
                new.extend(row);
                new.retain(|field, value| !value.is_null() && !OF_A_ROW.contains(&field.as_str()));
                new
            }
            Some(kept) => {
                let was = row_named(before, name.as_deref());
                let mut kept = kept.clone();
                for field in was.iter().flat_map(|was| was.keys()) {
                    if !row.contains_key(field) {
                        kept.remove(field);
                    }
                }
                for (field, value) in row {
                    if was.and_then(|was| was.get(&field)) != Some(&value) {
                        kept.insert(field, value);
                    }
                }
                kept
            }
            None => {
                let mut new = row;
                // A name that is not there would be saved nowhere.
                new.remove("name");
                new.retain(|_, value| !value.is_null());
                new
            }
        };
        whole.insert("idx".to_owned(), number.into());
        rows.push(Value::Object(whole));
    }
    Ok(rows)
}

fn row_named<'a>(rows: &'a Value, name: Option<&str>) -> Option<&'a Body> {
    let name = name?;
    rows.as_array()?
        .iter()
        .filter_map(Value::as_object)
        .find(|row| name_of(row).as_deref() == Some(name))
}

/// The name of a row: a number where its doctype counts up.
pub(super) fn name_of(row: &Body) -> Option<Cow<'_, str>> {
    match row.get("name")? {
        Value::String(name) if !name.is_empty() => Some(Cow::Borrowed(name)),
        Value::Number(name) => Some(Cow::Owned(name.to_string())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: Value) -> Body {
        match value {
            Value::Object(map) => map,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn rows_keep_what_the_type_does_not_know() {
        let stored = map(json!({"name": "A", "items": [
            {"name": "r1", "qty": 1, "rate": 5, "idx": 1, "parent": "A"},
            {"name": "r2", "qty": 2, "rate": 6, "idx": 2, "parent": "A"},
        ]}));
        let before = map(
            json!({"name": "A", "items": [{"name": "r1", "qty": 1}, {"name": "r2", "qty": 2}]}),
        );
        let after = map(json!({"name": "A", "items": [
            {"name": null, "qty": 9},
            {"name": "r2", "qty": 20},
            {"name": "elsewhere", "qty": 3},
        ]}));
        assert_eq!(
            Value::Object(difference(&stored, &before, after).unwrap()),
            json!({"items": [
                {"qty": 9, "idx": 1},
                {"name": "r2", "qty": 20, "rate": 6, "idx": 2, "parent": "A"},
                {"qty": 3, "idx": 3},
            ]})
        );
    }

    #[test]
    fn rows_of_a_doctype_that_counts_up_keep_their_numbers() {
        let stored = map(json!({"rows": [{"name": 7, "qty": 1, "rate": 5}]}));
        let before = map(json!({"rows": [{"name": "7", "qty": 1}]}));
        let after = map(json!({"rows": [{"name": "7", "qty": 2}]}));
        assert_eq!(
            Value::Object(difference(&stored, &before, after).unwrap()),
            json!({"rows": [{"name": 7, "qty": 2, "rate": 5, "idx": 1}]})
        );
    }

    #[test]
    fn a_copied_row_is_another_row() {
        let stored = map(json!({"rows": [
            {"name": "r1", "qty": 1, "rate": 5, "idx": 1, "creation": "c", "parent": "A"},
        ]}));
        let before = map(json!({"rows": [{"name": "r1", "qty": 1}]}));
        let after = map(json!({"rows": [{"name": "r1", "qty": 1}, {"name": "r1", "qty": 2}]}));
        assert_eq!(
            Value::Object(difference(&stored, &before, after).unwrap()),
            json!({"rows": [
                {"name": "r1", "qty": 1, "rate": 5, "idx": 1, "creation": "c", "parent": "A"},
                {"qty": 2, "rate": 5, "idx": 2, "parent": "A"},
            ]})
        );
    }

    #[test]
    fn a_field_taken_away_is_cleared_and_a_table_emptied() {
        let before = map(json!({"a": 1, "b": 2, "t": [{"name": "r"}], "modified": "m"}));
        let after = map(json!({"a": 1, "modified": "n"}));
        assert_eq!(
            Value::Object(difference(&before, &before, after).unwrap()),
            json!({"b": null, "t": []})
        );
        let same = difference(&before, &before, before.clone()).unwrap();
        assert!(same.is_empty());
    }
}
