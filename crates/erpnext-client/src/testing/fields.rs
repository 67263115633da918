//! `fields`, `group_by` and `order_by` of a list.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::aggregate::{self, Expr};
use super::filter::not_json;
use super::refusal::Refusal;
use super::scope::{Clause, ColumnRef, Scope};
use crate::Dialect;

/// One column of the answer.
#[derive(Debug)]
pub(super) enum Item {
    Column {
        label: String,
        column: ColumnRef,
    },
    Computed {
        label: String,
        expr: Expr,
    },
    /// Rows of a table inside the row.
    Nested {
        label: String,
        fieldname: String,
        doctype: String,
        columns: Vec<(String, usize)>,
    },
}

impl Item {
    pub(super) fn label(&self) -> &str {
        match self {
            Self::Column { label, .. }
            | Self::Computed { label, .. }
            | Self::Nested { label, .. } => label,
        }
    }
}

/// What a list shows.
#[derive(Debug, Default)]
pub(super) struct Selection {
    pub(super) items: Vec<Item>,
    pub(super) distinct: bool,
    /// Nothing of what was asked for is a column: version 15 answers no rows.
    pub(super) empty: bool,
}

/// A column or an item of the answer to order by.
#[derive(Clone, Copy, Debug)]
pub(super) enum OrderBy {
    Column(ColumnRef),
    Item(usize),
}

impl OrderBy {
    pub(super) fn is_item(self) -> bool {
        matches!(self, Self::Item(_))
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    pub(super) by: OrderBy,
    pub(super) descending: bool,
}

impl Order {
    pub(super) fn turned(self, order: Ordering) -> Ordering {
        if self.descending {
            order.reverse()
        } else {
            order
        }
    }
}

/// Reads `fields`.
pub(super) fn selection(
    fields: Option<&Value>,
    scope: &mut Scope<'_>,
) -> Result<Selection, Refusal> {
    let parsed;
    let list = match fields {
        None | Some(Value::Null) => &[][..],
        Some(Value::String(text)) if text.trim().is_empty() => &[][..],
        Some(Value::String(text)) => {
            parsed = serde_json::from_str::<Value>(text).map_err(|_| not_json())?;
            match &parsed {
                Value::Array(list) => list.as_slice(),
                Value::String(_) => std::slice::from_ref(&parsed),
                _ => return Err(not_a_list()),
            }
        }
        Some(Value::Array(list)) => list.as_slice(),
        Some(_) => return Err(not_a_list()),
    };
    let mut selection = Selection::default();
    for field in list {
        match field {
            Value::String(text) => named(text, scope, &mut selection)?,
            Value::Object(_) if scope.dialect == Dialect::V15 => {
                return Err(Refusal::new(500, "TypeError", "unhashable type: 'dict'"));
            }
            Value::Object(map) => selection.items.push(object(map, scope)?),
            _ => return Err(not_a_list()),
        }
    }
    if selection.items.is_empty() {
        selection.empty = !list.is_empty() && scope.dialect == Dialect::V15;
        named("name", scope, &mut selection)?;
    }
    Ok(selection)
}

fn not_a_list() -> Refusal {
    Refusal::new(
        500,
        "TypeError",
        "Fields must be a string, list, tuple, pypika Field, or pypika Function",
    )
}

/// Whether a star leaves the column out.
fn is_hidden(column: &str) -> bool {
    super::coerce::HIDDEN.contains(&column)
}

fn named(text: &str, scope: &mut Scope<'_>, selection: &mut Selection) -> Result<(), Refusal> {
    let whole = text.trim();
    if whole == "*" {
        let table = scope.table;
        let all = table
            .metas()
            .iter()
            .enumerate()
            .filter(|(_, meta)| !is_hidden(&meta.name))
            .map(|(at, meta)| Item::Column {
                label: meta.name.clone(),
                column: ColumnRef { join: None, at },
            });
        selection.items.extend(all);
        return Ok(());
    }
    let (wanted, alias) = aliased(whole);
    if wanted.contains('(') {
        let expr = Expr::of_text(wanted, scope)?;
        if scope.dialect == Dialect::V16 {
            return Err(Refusal::new(
                417,
                "ValidationError",
                format!(
                    "SQL functions are not allowed as strings in SELECT: {whole}. Use dict syntax like {{'COUNT': '*'}} instead."
                ),
            ));
        }
        let label = alias.unwrap_or(wanted).to_owned();
        selection.items.push(Item::Computed { label, expr });
        return Ok(());
    }
    let (word, rest) = wanted.split_once(' ').unwrap_or((wanted, ""));
    let wanted = if word.eq_ignore_ascii_case("distinct") {
        if scope.dialect == Dialect::V16 {
            return Err(Refusal::new(
                403,
                "PermissionError",
                format!(
                    "Invalid field format for SELECT: {whole}. Field names must be simple, backticked, table-qualified, aliased, or '*'."
                ),
            ));
        }
        selection.distinct = true;
        rest.trim()
    } else {
        wanted
    };
    if let Some(column) = scope.resolve(wanted, Clause::Select)? {
        let last = wanted.rsplit('.').next().unwrap_or(wanted);
        let label = alias
            .unwrap_or(last)
            .trim_matches(['`', '\'', '"'])
            .to_owned();
        selection.items.push(Item::Column { label, column });
    }
    Ok(())
}

/// `x as y`: what is wanted and what to call it.
fn aliased(text: &str) -> (&str, Option<&str>) {
    let lower = text.to_ascii_lowercase();
    match lower.rfind(" as ") {
        Some(at) => match (text.get(..at), text.get(at + 4..)) {
            (Some(wanted), Some(alias)) => (
                wanted.trim(),
                Some(alias.trim().trim_matches(['`', '\'', '"'])),
            ),
            _ => (text, None),
        },
        None => (text, None),
    }
}

/// A function, or `{"items": ["item_code", "qty"]}`.
fn object(map: &Map<String, Value>, scope: &mut Scope<'_>) -> Result<Item, Refusal> {
    let key = map
        .keys()
        .find(|key| key.as_str() != "as")
        .cloned()
        .unwrap_or_default();
    let Some(Value::Array(wanted)) = map.get(&key).filter(|_| !aggregate::is_function(&key)) else {
        let (label, expr) = Expr::of_object(map, scope)?;
        return Ok(Item::Computed { label, expr });
    };
    let Some(field) = scope
        .table
        .schema
        .field(&key)
        .filter(|field| field.is_table())
    else {
        return Err(Refusal::new(
            500,
            "AttributeError",
            "'NoneType' object has no attribute 'fieldtype'",
        ));
    };
    let columns = scope
        .store
        .table(&field.options)
        .map(|table| {
            let names = wanted.iter().filter_map(Value::as_str);
            let all = wanted.iter().any(|name| name == "*");
            let known = |name: &str| Some((name.to_owned(), table.position(name)?));
            if all {
                let names = table.metas().iter().enumerate();
                names
                    .filter(|(_, meta)| !is_hidden(&meta.name))
                    .map(|(at, meta)| (meta.name.clone(), at))
                    .collect()
            } else {
                names.filter_map(known).collect()
            }
        })
        .unwrap_or_default();
    Ok(Item::Nested {
        label: key.clone(),
        fieldname: key,
        doctype: field.options.clone(),
        columns,
    })
}

/// Reads `group_by`.
pub(super) fn group_by(
    text: Option<&str>,
    scope: &mut Scope<'_>,
) -> Result<Vec<ColumnRef>, Refusal> {
    let mut columns = Vec::new();
    for name in text.unwrap_or_default().split(',').map(str::trim) {
        if name.is_empty() {
            continue;
        }
        match scope.resolve(name, Clause::GroupBy)? {
            Some(column) => columns.push(column),
            None => return Err(scope.unknown_column(name, Clause::GroupBy)),
        }
    }
    Ok(columns)
}

/// Reads `order_by`.
pub(super) fn order_by(
    text: Option<&str>,
    descending: bool,
    items: &[Item],
    scope: &mut Scope<'_>,
) -> Result<Vec<Order>, Refusal> {
    let mut orders = Vec::new();
    for part in text.unwrap_or_default().split(',').map(str::trim) {
        if part.is_empty() {
            continue;
        }
        let (name, direction) = match part.rsplit_once(' ') {
            Some((name, word)) if word.eq_ignore_ascii_case("asc") => (name.trim(), Some(false)),
            Some((name, word)) if word.eq_ignore_ascii_case("desc") => (name.trim(), Some(true)),
            _ => (part, None),
        };
        if !is_name(name) {
            match scope.dialect {
                Dialect::V15 => continue,
                Dialect::V16 => {
                    return Err(Refusal::new(
                        417,
                        "ValidationError",
                        format!(
                            "Invalid field format in Order By: {part}. Use 'field', 'link_field.field', or 'child_table.field'."
                        ),
                    ));
                }
            }
        }
        let alias = items.iter().position(|item| item.label() == name);
        let own = !name.contains('.') && scope.table.position(name).is_some();
        let by = match alias {
            Some(at) if !own => match items.get(at) {
                Some(Item::Column { column, .. }) => OrderBy::Column(*column),
                _ => OrderBy::Item(at),
            },
            _ => match scope.resolve(name, Clause::OrderBy)? {
                Some(column) => OrderBy::Column(column),
                None => continue,
            },
        };
        orders.push(Order {
            by,
            descending: direction.unwrap_or(descending),
        });
    }
    Ok(orders)
}

/// `field`, `` `tabX`.`field` `` or `link.field`.
fn is_name(name: &str) -> bool {
    let quoted = name.contains('`');
    let part = |part: &str| {
        let plain = part.trim_matches('`');
        !plain.is_empty()
            && plain.chars().all(|letter| {
                letter.is_alphanumeric() || letter == '_' || (quoted && " -".contains(letter))
            })
    };
    name.split('.').count() <= 2 && name.split('.').all(part)
}
