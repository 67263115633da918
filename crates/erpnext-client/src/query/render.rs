//! From a query to the words of a dialect.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::field::{Field, Kind};
use super::names::{self, Column, is_field};
use super::rendered::{Api, Rendered};
use super::{Limit, Query};
use crate::filter::logic::{Conditions, Logic};
use crate::filter::{Condition, Operator};
use crate::{Dialect, Error};

/// What version 2 takes for "all": it adds one, and knows no "no limit".
const ALL: u32 = 1_000_000_000;

fn invalid(reason: impl Into<Cow<'static, str>>) -> Error {
    Error::invalid("query", reason)
}

impl Query {
    /// Writes the query in a dialect.
    ///
    /// A condition on a child table ([`Filter::on`](crate::Filter::on)) would give a document once
    /// per matching row; unless columns of child rows, groups or aggregates are asked for, the
    /// query is grouped by name, so that each document comes once.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what to do instead: a name that is none, a combination the dialect
    /// does not know, a limit of 0.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Dialect, Error, Filter, Query};
    ///
    /// let hostile = Query::new().filter(Filter::eq("name) or (1=1", 1));
    /// assert!(matches!(hostile.render("Lead", Dialect::V15), Err(Error::Invalid { .. })));
    /// ```
    pub fn render(&self, doctype: &str, dialect: Dialect) -> Result<Rendered, Error> {
        let doctype = names::doctype(doctype)?;
        let logic = Logic::new(&self.filters, &self.or_filters);
        let conditions = logic.conditions();
        let filter_joins = conditions.iter().any(|condition| {
            condition
                .table
                .as_deref()
                .is_some_and(|table| table != doctype)
                || condition.field.contains('.')
        });
        let field_joins = self
            .fields
            .iter()
            .any(|field| matches!(&field.kind, Kind::Column(column) if column.contains('.')));
        let aggregates = self
            .fields
            .iter()
            .any(|field| matches!(field.kind, Kind::Aggregate(..)));
        let writer = Writer {
            query: self,
            doctype,
            dialect,
            joins: filter_joins || field_joins,
        };

        let (api, filters, or_filters) = writer.conditions(&logic)?;
        let mut group_by = writer.names(&self.group_by, "group")?;
        if filter_joins && !field_joins && !aggregates && group_by.is_empty() {
            group_by = writer.own("name");
        }
        Ok(Rendered {
            api,
            doctype: doctype.to_owned(),
            fields: self
                .fields
                .iter()
                .map(|field| writer.field(field))
                .collect::<Result<_, _>>()?,
            filters,
            or_filters,
            order_by: writer.order()?,
            group_by,
            limit: writer.limit(api)?,
            start: self.start,
            parent: match &self.parent {
                Some(parent) => Some(names::doctype(parent)?.to_owned()),
                None => None,
            },
            empty: logic == Logic::False,
            aggregates,
            joins: writer.joins,
        })
    }
}

struct Writer<'a> {
    query: &'a Query,
    doctype: &'a str,
    dialect: Dialect,
    joins: bool,
}

impl Writer<'_> {
    fn limit(&self, api: Api) -> Result<Option<u32>, Error> {
        match (self.query.limit, api) {
            (None, _) => Ok(None),
            (Some(Limit::At(0)), _) => Err(invalid(
                "has a limit of 0: give 1 or more, or ask for all with `unlimited`",
            )),
            (Some(Limit::At(rows)), _) => Ok(Some(rows.min(ALL))),
            (Some(Limit::None), Api::V1) => Ok(Some(0)),
            (Some(Limit::None), Api::V2) => Ok(Some(ALL)),
        }
    }

    /// A column of the listed doctype, so that it cannot be mistaken for one of a joined table.
    fn own(&self, column: &str) -> String {
        if self.joins && self.dialect == Dialect::V15 {
            format!("`tab{}`.`{column}`", self.doctype)
        } else {
            column.to_owned()
        }
    }

    fn is_alias(&self, name: &str) -> bool {
        self.query
            .fields
            .iter()
            .any(|field| field.alias.as_deref() == Some(name))
    }

    /// A column to sort or group by.
    fn name(&self, text: &str, what: &str) -> Result<String, Error> {
        match Column::parse(text) {
            Some(Column::Own(name)) if self.is_alias(name) => Ok(name.to_owned()),
            Some(Column::Own(name)) => Ok(self.own(name)),
            Some(Column::Of(doctype, column)) => Ok(format!("`tab{doctype}`.`{column}`")),
            Some(Column::Through(..)) if self.dialect == Dialect::V16 => Ok(text.to_owned()),
            Some(Column::Through(_, column)) => Err(invalid(format!(
                "cannot {what} by {text:?} on Frappe 15: select it as `{text} as {column}` and name that"
            ))),
            None => Err(invalid(format!("cannot {what} by {text:?}: not a field"))),
        }
    }

    fn names(&self, names: &[String], what: &str) -> Result<String, Error> {
        let names: Result<Vec<_>, _> = names.iter().map(|name| self.name(name, what)).collect();
        Ok(names?.join(", "))
    }

    fn order(&self) -> Result<String, Error> {
        let parts: Result<Vec<_>, Error> = self
            .query
            .order
            .iter()
            .map(|(name, order)| Ok(format!("{} {}", self.name(name, "sort")?, order.as_str())))
            .collect();
        Ok(parts?.join(", "))
    }

    fn field(&self, field: &Field) -> Result<Value, Error> {
        let alias = match field.alias.as_deref() {
            Some(alias) if !is_field(alias) => {
                return Err(invalid(format!("names a field {alias:?}: not a name")));
            }
            alias => alias,
        };
        match &field.kind {
            Kind::Column(column) if column == "*" && alias.is_none() => Ok("*".into()),
            Kind::Column(column) => {
                if Column::parse(column).is_none() {
                    return Err(invalid(format!("asks for {column:?}: not a field")));
                }
                Ok(match alias {
                    Some(alias) => format!("{column} as {alias}").into(),
                    None => column.as_str().into(),
                })
            }
            Kind::Rows(table, columns) => {
                if self.dialect == Dialect::V15 {
                    return Err(invalid(format!(
                        "asks for rows of {table:?} within their document, which Frappe 15 cannot: \
                         read the documents, or select `{table}.column`"
                    )));
                }
                let plain = is_field(table) && columns.iter().all(|column| is_field(column));
                if !plain || columns.is_empty() || alias.is_some() {
                    return Err(invalid(format!(
                        "asks for rows of {table:?}: a table and columns are plain names, one column at least, no alias"
                    )));
                }
                Ok(json!({ table.as_str(): columns }))
            }
            Kind::Aggregate(function, column) => {
                if !is_field(column) {
                    return Err(invalid(format!(
                        "takes the {} of {column:?}: only the doctype's own columns can be aggregated",
                        function.lower()
                    )));
                }
                let alias = alias.unwrap_or(function.lower());
                if self.dialect == Dialect::V16 {
                    return Ok(json!({ function.upper(): column, "as": alias }));
                }
                // Frappe 15 takes `max(` and `min(` for the name of a table as soon as there is one.
                if self.joins && matches!(function.lower(), "min" | "max") {
                    return Err(invalid(format!(
                        "takes the {} beside child tables or links, which Frappe 15 cannot: sort by {column:?} and take the first",
                        function.lower()
                    )));
                }
                let column = self.own(column);
                Ok(format!("{}({column}) as {alias}", function.lower()).into())
            }
        }
    }

    /// Which API, the conditions that must all hold, those of which one must.
    fn conditions(&self, logic: &Logic<'_>) -> Result<(Api, Value, Value), Error> {
        let none = || Value::Array(Vec::new());
        match logic {
            Logic::True => return Ok((Api::V1, none(), none())),
            // For an aggregate, which is one row even of nothing.
            Logic::False => return Ok((Api::V1, json!([["name", "in", []]]), none())),
            _ => {}
        }
        if let Some((every, one)) = logic.flat() {
            let list = |conditions: Conditions<'_>| -> Result<Value, Error> {
                conditions.iter().map(|c| self.condition(c)).collect()
            };
            return Ok((Api::V1, list(every)?, list(one)?));
        }
        if self.dialect == Dialect::V15 {
            return Err(invalid(
                "holds groups within groups, or several groups of alternatives, which Frappe 15 \
                 cannot say: ask in several calls",
            ));
        }
        if self.query.parent.is_some() {
            return Err(invalid(
                "holds groups within groups on a child doctype, which no call takes: ask in several calls",
            ));
        }
        Ok((Api::V2, self.nested(logic)?, none()))
    }

    /// `[c1, "and", [c2, "or", c3]]`.
    fn nested(&self, logic: &Logic<'_>) -> Result<Value, Error> {
        let (parts, word) = match logic {
            Logic::Is(condition) => return self.condition(condition),
            Logic::All(parts) => (parts, "and"),
            Logic::Any(parts) => (parts, "or"),
            // Taken out when the groups were brought into form.
            Logic::True | Logic::False => return Ok(Value::Array(Vec::new())),
        };
        let mut list = Vec::with_capacity(parts.len() * 2);
        for part in parts {
            if !list.is_empty() {
                list.push(Value::from(word));
            }
            list.push(self.nested(part)?);
        }
        Ok(Value::Array(list))
    }

    fn condition(&self, condition: &Condition) -> Result<Value, Error> {
        let Condition { table, field, .. } = condition;
        match (Column::parse(field), table) {
            (Some(Column::Own(_)), _) => {}
            (Some(Column::Through(..)), None) if self.dialect == Dialect::V16 => {}
            (Some(Column::Through(..)), None) => {
                return Err(invalid(format!(
                    "filters by {field:?}, which Frappe 15 cannot: use `.on(\"Child Doctype\")` for \
                     a child table; for a link look up the names first"
                )));
            }
            _ => return Err(invalid(format!("filters by {field:?}: not a field"))),
        }
        let (operator, value) = self.comparison(condition)?;
        let mut parts = Vec::with_capacity(4);
        if let Some(table) = table {
            parts.push(Value::from(names::doctype(table)?));
        }
        parts.extend([field.as_str().into(), operator.as_str().into(), value]);
        Ok(Value::Array(parts))
    }

    fn comparison(&self, condition: &Condition) -> Result<(Operator, Value), Error> {
        let Condition {
            field,
            operator,
            value,
            ..
        } = condition;
        let literal = |before: &str, after: &str| -> Result<(Operator, Value), Error> {
            let text = value.as_str().unwrap_or_default();
            Ok((
                *operator,
                format!("{before}{}{after}", self.escaped(text)?).into(),
            ))
        };
        match (operator, value) {
            // `= null` finds nothing on one version and unset fields on the other.
            (Operator::Eq, Value::Null) => Ok((Operator::Is, "not set".into())),
            (Operator::Ne, Value::Null) => Ok((Operator::Is, "set".into())),
            (_, Value::Null) => Err(invalid(format!(
                "compares {field:?} with null: ask whether it is set"
            ))),
            (Operator::Between, Value::Array(ends)) if ends.contains(&Value::Null) => Err(invalid(
                format!("asks for {field:?} between null and something: use `ge` or `le`"),
            )),
            (_, Value::Array(values)) if values.contains(&Value::Null) => Err(invalid(format!(
                "compares {field:?} with a list that holds null: add `is_not_set` with `Filter::any`"
            ))),
            (Operator::Contains, _) => literal("%", "%"),
            (Operator::StartsWith, _) => literal("", "%"),
            (Operator::EndsWith, _) => literal("%", ""),
            _ => Ok((*operator, value.clone())),
        }
    }

    /// A text in which nothing is a pattern.
    fn escaped(&self, text: &str) -> Result<String, Error> {
        match self.dialect {
            // Frappe 15 doubles backslashes itself, and so offers no escape.
            Dialect::V15 if text.contains(['%', '_']) => Err(invalid(format!(
                "looks for {text:?}, whose % or _ Frappe 15 cannot take literally: use `like` with \
                 _ in their place, and keep what fits"
            ))),
            Dialect::V15 => Ok(text.to_owned()),
            Dialect::V16 => Ok(text
                .replace('\\', "\\\\")
                .replace('%', "\\%")
                .replace('_', "\\_")),
        }
    }
}
