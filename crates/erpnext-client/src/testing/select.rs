//! Lists: what `get_list` answers.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use jiff::civil;
use serde_json::{Map, Value};

use super::aggregate::{self, Expr};
use super::fields::{self, Item, Order, OrderBy};
use super::filter::{Logic, Reader};
use super::plan;
use super::refusal::Refusal;
use super::scope::{ColumnRef, Scope, Tuple};
use super::store::Store;
use crate::Dialect;

/// One row as permissions see it: the value of a field.
pub(super) type Visible<'a> = &'a dyn Fn(&dyn Fn(&str) -> Value) -> bool;

/// What is asked of a list; everything but the doctype may be left at its default.
#[derive(Clone, Default)]
pub(super) struct SelectRequest<'a> {
    pub(super) doctype: String,
    /// JSON; a string is taken as JSON text. `["name"]` without.
    pub(super) fields: Option<Value>,
    pub(super) filters: Option<Value>,
    pub(super) or_filters: Option<Value>,
    pub(super) order_by: Option<String>,
    pub(super) group_by: Option<String>,
    pub(super) start: u64,
    /// None for all.
    pub(super) limit: Option<u64>,
    /// The parent doctype, when a child doctype is asked for.
    pub(super) parent: Option<String>,
    /// Rows as arrays instead of objects.
    pub(super) as_lists: bool,
    /// `[[c1, "and", c2], "or", c3]`, and names that are not looked at first: v2 of Frappe 16.
    pub(super) nested_filters_allowed: bool,
    /// The direction of an `order_by` without one: v2 of Frappe 16.
    pub(super) descending_by_default: bool,
    /// What `timespan` counts from.
    pub(super) today: civil::Date,
    /// Whether the user may see a row.
    pub(super) visible: Option<Visible<'a>>,
}

impl Store {
    /// The rows of a list.
    pub(super) fn select(
        &self,
        request: &SelectRequest<'_>,
        dialect: Dialect,
    ) -> Result<Vec<Value>, Refusal> {
        let unchecked = request.nested_filters_allowed && dialect == Dialect::V16;
        let mut scope = Scope::new(self, &request.doctype, dialect, !unchecked)?;
        self.check_parent(request, &scope)?;
        let selection = fields::selection(request.fields.as_ref(), &mut scope)?;
        let filter = conditions(
            &mut scope,
            request.filters.as_ref(),
            request.or_filters.as_ref(),
            request.today,
            unchecked,
        )?;
        let group_by = fields::group_by(request.group_by.as_deref(), &mut scope)?;
        let order_by = fields::order_by(
            request.order_by.as_deref(),
            request.descending_by_default,
            &selection.items,
            &mut scope,
        )?;
        let grouped = !group_by.is_empty()
            || selection.items.iter().any(|item| match item {
                Item::Computed { expr, .. } => expr.is_aggregate(),
                Item::Column { .. } | Item::Nested { .. } => false,
            });
        let query = Query {
            scope,
            items: selection.items,
            today: request.today,
        };
        let window = Window::of(request.start, request.limit);
        if selection.empty {
            return Ok(Vec::new());
        }
        let rows = if grouped {
            query.grouped(&filter, &group_by, &order_by, request.visible, window)
        } else if selection.distinct || order_by.iter().any(|order| order.by.is_item()) {
            query.whole(
                &filter,
                &order_by,
                selection.distinct,
                request.visible,
                window,
            )
        } else {
            let wanted = plan::Wanted {
                order_by: &order_by,
                start: window.start,
                limit: window.limit,
                visible: request.visible,
            };
            let tuples = plan::run(&query.scope, &filter, &wanted);
            tuples
                .iter()
                .map(|tuple| query.row(std::slice::from_ref(tuple)))
                .collect()
        };
        Ok(rows
            .into_iter()
            .map(|row| query.json(row, request.as_lists))
            .collect())
    }

    /// How many documents match.
    pub(super) fn count(
        &self,
        doctype: &str,
        filters: &Value,
        dialect: Dialect,
        today: civil::Date,
        visible: Option<Visible<'_>>,
    ) -> Result<u64, Refusal> {
        let mut scope = Scope::new(self, doctype, dialect, true)?;
        let filter = conditions(&mut scope, Some(filters), None, today, false)?;
        let wanted = plan::Wanted {
            order_by: &[],
            start: 0,
            limit: None,
            visible,
        };
        Ok(plan::count(&scope, &filter, &wanted))
    }

    /// Rows of tables are listed by way of their parent.
    fn check_parent(&self, request: &SelectRequest<'_>, scope: &Scope<'_>) -> Result<(), Refusal> {
        if !scope.table.schema.istable || scope.dialect == Dialect::V16 {
            return Ok(());
        }
        let holds = request
            .parent
            .as_deref()
            .and_then(|parent| self.schema(parent))
            .is_some_and(|schema| schema.tables().any(|field| field.options == scope.doctype));
        if holds {
            Ok(())
        } else {
            Err(Refusal::new(403, "PermissionError", ""))
        }
    }
}

fn conditions(
    scope: &mut Scope<'_>,
    filters: Option<&Value>,
    or_filters: Option<&Value>,
    today: civil::Date,
    nested: bool,
) -> Result<Logic, Refusal> {
    let mut reader = Reader {
        scope,
        today,
        nested,
    };
    let mut all = reader.read(filters.unwrap_or(&Value::Null))?;
    reader.nested = false;
    let any = reader.read(or_filters.unwrap_or(&Value::Null))?;
    if !any.is_empty() {
        all.push(Logic::Any(any));
    }
    Ok(Logic::All(all))
}

#[derive(Clone, Copy)]
struct Window {
    start: usize,
    limit: Option<usize>,
}

impl Window {
    fn of(start: u64, limit: Option<u64>) -> Self {
        let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Self {
            start: size(start),
            limit: limit.map(size),
        }
    }

    fn cut<T>(self, rows: impl Iterator<Item = T>) -> Vec<T> {
        rows.skip(self.start)
            .take(self.limit.unwrap_or(usize::MAX))
            .collect()
    }
}

struct Query<'s> {
    scope: Scope<'s>,
    items: Vec<Item>,
    today: civil::Date,
}

impl Query<'_> {
    /// The values of a group of rows, or of one.
    fn row(&self, group: &[Tuple]) -> Vec<Value> {
        self.items
            .iter()
            .map(|item| match item {
                Item::Column { column, .. } => self.column(group, *column),
                Item::Computed { expr, .. } => expr.value(&self.scope, group, self.today),
                Item::Nested {
                    fieldname,
                    doctype,
                    columns,
                    ..
                } => self.nested(group, fieldname, doctype, columns),
            })
            .collect()
    }

    fn column(&self, group: &[Tuple], column: ColumnRef) -> Value {
        Expr::Column(column).value(&self.scope, group, self.today)
    }

    /// `{"items": ["item_code"]}`: the rows of a table as objects.
    fn nested(
        &self,
        group: &[Tuple],
        fieldname: &str,
        doctype: &str,
        columns: &[(String, usize)],
    ) -> Value {
        let scope = &self.scope;
        let (Some(table), Some(tuple)) = (scope.store.table(doctype), group.first()) else {
            return Value::Null;
        };
        let Some(name) = scope.table.name(tuple.row) else {
            return Value::Null;
        };
        let object = |row: u32| -> Value {
            columns
                .iter()
                .map(|(label, at)| (label.clone(), table.value(row, *at, &scope.store.texts)))
                .collect::<Map<_, _>>()
                .into()
        };
        scope
            .store
            .child_rows(table, &scope.doctype, fieldname, name)
            .into_iter()
            .map(object)
            .collect()
    }

    fn json(&self, row: Vec<Value>, as_list: bool) -> Value {
        if as_list {
            return Value::Array(row);
        }
        self.items
            .iter()
            .map(|item| item.label().to_owned())
            .zip(row)
            .collect::<Map<_, _>>()
            .into()
    }

    fn all(&self, filter: &Logic, visible: Option<Visible<'_>>) -> Vec<Tuple> {
        let wanted = plan::Wanted {
            order_by: &[],
            start: 0,
            limit: None,
            visible,
        };
        plan::run(&self.scope, filter, &wanted)
    }

    fn grouped(
        &self,
        filter: &Logic,
        group_by: &[ColumnRef],
        order_by: &[Order],
        visible: Option<Visible<'_>>,
        window: Window,
    ) -> Vec<Vec<Value>> {
        let tuples = self.all(filter, visible);
        let groups = if group_by.is_empty() {
            vec![tuples]
        } else {
            let mut places: HashMap<String, usize> = HashMap::new();
            let mut groups: Vec<Vec<Tuple>> = Vec::new();
            for tuple in tuples {
                let key = aggregate::group_key(&self.scope, &tuple, group_by);
                let at = *places.entry(key).or_insert(groups.len());
                match groups.get_mut(at) {
                    Some(group) => group.push(tuple),
                    None => groups.push(vec![tuple]),
                }
            }
            groups
        };
        self.ordered(&groups, order_by, window, false)
    }

    /// Rows whose order or number depends on what they show.
    fn whole(
        &self,
        filter: &Logic,
        order_by: &[Order],
        distinct: bool,
        visible: Option<Visible<'_>>,
        window: Window,
    ) -> Vec<Vec<Value>> {
        let groups: Vec<Vec<Tuple>> = self
            .all(filter, visible)
            .into_iter()
            .map(|tuple| vec![tuple])
            .collect();
        self.ordered(&groups, order_by, window, distinct)
    }

    fn ordered(
        &self,
        groups: &[Vec<Tuple>],
        order_by: &[Order],
        window: Window,
        distinct: bool,
    ) -> Vec<Vec<Value>> {
        let mut rows: Vec<(Vec<Value>, Vec<Value>)> = groups
            .iter()
            .map(|group| {
                let row = self.row(group);
                let keys = order_by
                    .iter()
                    .map(|order| match order.by {
                        OrderBy::Item(at) => row.get(at).cloned().unwrap_or_default(),
                        OrderBy::Column(column) => self.column(group, column),
                    })
                    .collect();
                (keys, row)
            })
            .collect();
        if distinct {
            let mut seen = HashSet::new();
            rows.retain(|(_, row)| seen.insert(Value::Array(row.clone()).to_string()));
        }
        rows.sort_by(|(left, _), (right, _)| {
            order_by
                .iter()
                .zip(left.iter().zip(right))
                .map(|(order, (left, right))| order.turned(aggregate::compare(left, right)))
                .find(|order| order.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        window.cut(rows.into_iter().map(|(_, row)| row))
    }
}
