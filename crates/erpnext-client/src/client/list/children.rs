//! Child rows beside the documents of a list.

use std::collections::HashMap;

use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};

use super::{List, Named, decode};
use crate::{ChildTable, Dialect, DocName, Error, Field, Filter, Order, Query};

/// Documents whose child rows are asked for at a time.
const PARENTS: usize = 200;

/// A table to bring along.
#[derive(Clone, Debug)]
pub(in crate::client) struct Children {
    pub(super) field: String,
    pub(super) doctype: String,
    /// None: all.
    pub(super) columns: Vec<String>,
}

impl Children {
    pub(in crate::client) fn of(table: &ChildTable) -> Self {
        Self {
            field: table.field.to_owned(),
            doctype: table.doctype.to_owned(),
            columns: Vec::new(),
        }
    }

    /// Whether the site can give the rows within the list itself.
    fn within(&self, dialect: Dialect) -> bool {
        dialect == Dialect::V16 && !self.columns.is_empty()
    }

    /// The rows of these parents, by parent, in their order.
    fn query(&self, doctype: &str, parents: &[DocName]) -> Query {
        let query = Query::new()
            .parent(doctype)
            .filter(Filter::is_in("parent", parents))
            .filter(Filter::eq("parenttype", doctype))
            .filter(Filter::eq("parentfield", self.field.as_str()))
            .order_by("parent", Order::Asc)
            .order_by("idx", Order::Asc)
            .unlimited();
        if self.columns.is_empty() {
            query.field("*")
        } else {
            let columns = self.columns.iter().filter(|column| *column != "parent");
            query.field("parent").fields(columns)
        }
    }
}

impl<T> List<T> {
    /// Adds to a query what is needed to bring the children along.
    pub(super) async fn bring(&self, mut query: Query) -> Result<Query, Error> {
        if self.children.is_empty() {
            return Ok(query);
        }
        let dialect = self.client.dialect().await?;
        for children in &self.children {
            if children.within(dialect) {
                query = query.field(Field::rows(
                    children.field.as_str(),
                    children.columns.iter().map(String::as_str),
                ));
            }
        }
        Ok(with_field(query, "name"))
    }

    /// Whether the site gives the rows with all that is to be in them.
    pub(super) async fn comes_whole(&self) -> Result<bool, Error> {
        if self.children.is_empty() {
            return Ok(true);
        }
        let dialect = self.client.dialect().await?;
        Ok(self.children.iter().all(|table| table.within(dialect)))
    }

    /// The rows with their children in them.
    pub(super) async fn with_their_children(
        &self,
        rows: Vec<Box<RawValue>>,
    ) -> Result<Vec<Box<RawValue>>, Error> {
        if rows.is_empty() || self.comes_whole().await? {
            return Ok(rows);
        }
        let dialect = self.client.dialect().await?;
        let left: Vec<_> = self
            .children
            .iter()
            .filter(|children| !children.within(dialect))
            .collect();
        let names: Vec<DocName> = rows
            .iter()
            .map(|row| Ok(decode::<Named>(row.get())?.name))
            .collect::<Result<_, Error>>()?;
        let mut found = Vec::with_capacity(left.len());
        for children in &left {
            found.push(self.children_of(children, &names).await?);
        }
        rows.iter()
            .zip(&names)
            .map(|(row, name)| {
                let mut row: Map<String, Value> = decode(row.get())?;
                for (children, found) in left.iter().zip(&found) {
                    let of_it = found.get(name.as_str()).cloned().unwrap_or_default();
                    row.insert(children.field.clone(), Value::Array(of_it));
                }
                to_raw_value(&row).map_err(|error| Error::Decode {
                    what: "child rows",
                    source: Some(error.into()),
                })
            })
            .collect()
    }

    async fn children_of(
        &self,
        children: &Children,
        parents: &[DocName],
    ) -> Result<HashMap<Box<str>, Vec<Value>>, Error> {
        let mut by_parent: HashMap<Box<str>, Vec<Value>> = HashMap::new();
        let parent_asked =
            children.columns.is_empty() || children.columns.iter().any(|column| column == "parent");
        for parents in parents.chunks(PARENTS) {
            let query = children.query(&self.doctype, parents);
            for row in self.client.rows(&children.doctype, &query).await? {
                let mut row: Map<String, Value> = decode(row.get())?;
                let parent = match row.get("parent") {
                    Some(Value::String(name)) => name.as_str().into(),
                    Some(Value::Number(name)) => name.to_string().into_boxed_str(),
                    _ => {
                        return Err(Error::Decode {
                            what: "child rows",
                            source: None,
                        });
                    }
                };
                if !parent_asked {
                    row.remove("parent");
                }
                by_parent
                    .entry(parent)
                    .or_default()
                    .push(Value::Object(row));
            }
        }
        Ok(by_parent)
    }
}

/// The query with a column among its fields.
pub(super) fn with_field(query: Query, column: &str) -> Query {
    use crate::query::Kind;
    let there = query.fields.iter().any(|field| match &field.kind {
        Kind::Column(name) => field.alias.is_none() && (name == column || name == "*"),
        Kind::Rows(..) | Kind::Aggregate(..) => false,
    });
    if there { query } else { query.field(column) }
}
