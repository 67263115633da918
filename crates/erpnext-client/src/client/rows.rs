//! Rows of child tables, changed through their document.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Docs;
use super::locked::AfterLoss;
use super::modify::{name_of, whole_rows};
use super::write::{Body, body_of};
use crate::{DocName, Error, Record};

impl<T: Record> Docs<T> {
    /// Changes the rows of a table: adds, removes, reorders, edits. The document is saved with the
    /// table whole, every row with all of its fields and numbered from 1 on, under the optimistic
    /// lock; again from the beginning, on the newest rows, when somebody else saved it in between.
    ///
    /// # Errors
    /// As [`modify`](Self::modify), and [`Error::UnknownField`] when there is no such table.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::{DocName, Document};
    ///
    /// let jobs = client.documents("Dispatch Job");
    /// jobs.edit_rows(&DocName::new("DJ-00001")?, "checklist", |rows: &mut Vec<Document>| {
    ///     for row in rows {
    ///         row.fields_mut().insert("done".to_owned(), 1.into());
    ///     }
    /// })
    /// .await?;
    /// # Ok(()) }
    /// ```
    pub async fn edit_rows<R: Serialize + DeserializeOwned>(
        &self,
        name: &DocName,
        table: &str,
        mut change: impl FnMut(&mut Vec<R>) + Send,
    ) -> Result<T, Error> {
        self.change_rows(name, table, |stored| {
            let mut rows: Vec<R> =
                serde_json::from_value(stored.clone()).map_err(|error| Error::Decode {
                    what: "a table",
                    source: Some(error.into()),
                })?;
            let before = values_of(&rows)?;
            change(&mut rows);
            let after = values_of(&rows)?;
            Ok((Value::Array(before), after))
        })
        .await
    }

    /// Adds a row at the end of a table.
    ///
    /// # Errors
    /// As [`edit_rows`](Self::edit_rows).
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::{Changes, DocName};
    ///
    /// let jobs = client.documents("Dispatch Job");
    /// let modem = Changes::new().set("item", "ONT-XX230v").set("qty", 1);
    /// jobs.append_row(&DocName::new("DJ-00001")?, "materials", &modem).await?;
    /// # Ok(()) }
    /// ```
    pub async fn append_row(
        &self,
        name: &DocName,
        table: &str,
        row: &(impl Serialize + Sync),
    ) -> Result<T, Error> {
        let mut row = body_of(row)?;
        row.remove("name");
        let row = Value::Object(row);
        self.change_rows(name, table, |stored| {
            let mut rows = stored.as_array().cloned().unwrap_or_default();
            rows.push(row.clone());
            Ok((stored.clone(), rows))
        })
        .await
    }

    /// Removes a row of a table by its name; a row that is not there is removed already.
    ///
    /// # Errors
    /// As [`edit_rows`](Self::edit_rows).
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::DocName;
    ///
    /// let jobs = client.documents("Dispatch Job");
    /// jobs.remove_row(&DocName::new("DJ-00001")?, "materials", &DocName::new("0a1b2c3d4e")?).await?;
    /// # Ok(()) }
    /// ```
    pub async fn remove_row(&self, name: &DocName, table: &str, row: &DocName) -> Result<T, Error> {
        self.change_rows(name, table, |stored| {
            let mut rows = stored.as_array().cloned().unwrap_or_default();
            rows.retain(|kept| {
                let name = kept.as_object().and_then(name_of);
                name.as_deref() != Some(row.as_str())
            });
            Ok((stored.clone(), rows))
        })
        .await
    }

    /// Changes a table: the closure gives its rows before and after, as far as it knows them.
    async fn change_rows(
        &self,
        name: &DocName,
        table: &str,
        mut change: impl FnMut(&Value) -> Result<(Value, Vec<Value>), Error> + Send,
    ) -> Result<T, Error> {
        self.edit(name, AfterLoss::Tell, |stored| {
            // A document is read with all of its tables, empty ones as well.
            let rows = stored
                .get(table)
                .filter(|rows| rows.is_array())
                .ok_or_else(|| Error::UnknownField {
                    doctype: self.doctype().into(),
                    field: table.into(),
                    closest: None,
                })?;
            let (before, after) = change(rows)?;
            let mut changes = Body::new();
            if before.as_array() != Some(&after) {
                let whole = whole_rows(rows, &before, after)?;
                changes.insert(table.to_owned(), Value::Array(whole));
            }
            Ok(changes)
        })
        .await
    }
}

fn values_of(rows: &[impl Serialize]) -> Result<Vec<Value>, Error> {
    rows.iter()
        .map(|row| body_of(row).map(Value::Object))
        .collect()
}
