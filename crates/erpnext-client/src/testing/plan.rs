//! How a query finds its rows: by an index where one helps, and never sorting more than it shows.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::cell::Cell;
use super::fields::{Order, OrderBy};
use super::filter::{Condition, Logic, Test, Wanted as Value};
use super::scope::{Join, Scope, Tuple};
use super::select::Visible;
use super::table::{Index, Table};

/// Tables up to so many rows are read from end to end.
const SMALL: usize = 64;
/// From so many rows on, walking in the wanted order beats finding all and sorting.
const MANY: usize = 2_000;

/// What is wanted of the rows that match.
pub(super) struct Wanted<'a> {
    pub(super) order_by: &'a [Order],
    pub(super) start: usize,
    pub(super) limit: Option<usize>,
    pub(super) visible: Option<Visible<'a>>,
}

/// The rows that match, in order, from `start` and up to `limit`.
pub(super) fn run(scope: &Scope<'_>, filter: &Logic, wanted: &Wanted<'_>) -> Vec<Tuple> {
    let candidates = Candidates::find(scope, filter);
    let end = wanted
        .limit
        .map_or(usize::MAX, |limit| wanted.start.saturating_add(limit));
    let mut found = Vec::new();
    if let Some(walk) = Walk::find(scope, filter, wanted, candidates.len()) {
        walk.run(scope, filter, wanted, end, &mut found);
    } else {
        let enough = if wanted.order_by.is_empty() {
            end
        } else {
            usize::MAX
        };
        candidates.each(scope, |row| {
            add(scope, filter, wanted, row, &mut found);
            found.len() < enough
        });
        sort(scope, wanted.order_by, end, &mut found);
    }
    found.truncate(end);
    found.drain(..wanted.start.min(found.len()));
    found
}

/// How many rows match.
pub(super) fn count(scope: &Scope<'_>, filter: &Logic, wanted: &Wanted<'_>) -> u64 {
    let mut count = 0;
    let mut found = Vec::new();
    Candidates::find(scope, filter).each(scope, |row| {
        add(scope, filter, wanted, row, &mut found);
        count += found.len() as u64;
        found.clear();
        true
    });
    count
}

fn add(scope: &Scope<'_>, filter: &Logic, wanted: &Wanted<'_>, row: u32, found: &mut Vec<Tuple>) {
    let before = found.len();
    if scope.joins.is_empty() {
        let tuple = Tuple {
            row,
            joined: Box::default(),
        };
        if filter.holds(scope, &tuple) {
            found.push(tuple);
        }
    } else {
        let tuples = scope.tuples(row);
        found.extend(
            tuples
                .into_iter()
                .filter(|tuple| filter.holds(scope, tuple)),
        );
    }
    if let Some(visible) = wanted.visible
        && found.len() > before
    {
        let value = |field: &str| match scope.table.position(field) {
            Some(at) => scope.table.value(row, at, &scope.store.texts),
            None => serde_json::Value::Null,
        };
        if !visible(&value) {
            found.truncate(before);
        }
    }
}

fn compare(scope: &Scope<'_>, order_by: &[Order], left: &Tuple, right: &Tuple) -> Ordering {
    order_by
        .iter()
        .map(|order| match order.by {
            OrderBy::Column(column) => {
                let (left, right) = (scope.cell(left, column), scope.cell(right, column));
                order.turned(scope.store.texts.compare(left, right))
            }
            OrderBy::Item(_) => Ordering::Equal,
        })
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// Puts the first `end` rows in order and drops the rest.
fn sort(scope: &Scope<'_>, order_by: &[Order], end: usize, found: &mut Vec<Tuple>) {
    if order_by.is_empty() {
        return;
    }
    let by = |left: &Tuple, right: &Tuple| {
        compare(scope, order_by, left, right).then(left.row.cmp(&right.row))
    };
    if end < found.len() && end > 0 {
        found.select_nth_unstable_by(end - 1, by);
        found.truncate(end);
    }
    found.sort_by(by);
}

/// Rows that may match.
enum Candidates {
    All(usize),
    Ranges(Arc<Index>, Vec<Range<usize>>),
    Rows(Vec<u32>),
}

impl Candidates {
    fn find(scope: &Scope<'_>, filter: &Logic) -> Self {
        let count = scope.table.count();
        let mut best = Self::All(count);
        if count <= SMALL {
            return best;
        }
        for condition in filter.required() {
            let found = match condition.column.join.and_then(|join| scope.joins.get(join)) {
                None if condition.column.join.is_none() => own(scope, condition),
                Some(Join::Rows { table, .. }) => through_rows(scope, table, condition),
                _ => None,
            };
            if let Some(found) = found
                && found.len() < best.len()
            {
                best = found;
            }
        }
        best
    }

    fn len(&self) -> usize {
        match self {
            Self::All(count) => *count,
            Self::Ranges(_, ranges) => ranges.iter().map(ExactSizeIterator::len).sum(),
            Self::Rows(rows) => rows.len(),
        }
    }

    /// Calls for each row until told to stop.
    fn each(&self, scope: &Scope<'_>, mut visit: impl FnMut(u32) -> bool) {
        match self {
            Self::All(_) => {
                scope.table.rows().all(visit);
            }
            Self::Ranges(index, ranges) => {
                let rows = ranges
                    .iter()
                    .flat_map(|range| index.rows().get(range.clone()).unwrap_or_default());
                for &row in rows {
                    if !visit(row) {
                        return;
                    }
                }
            }
            Self::Rows(rows) => {
                for &row in rows {
                    if !visit(row) {
                        return;
                    }
                }
            }
        }
    }
}

fn own(scope: &Scope<'_>, condition: &Condition) -> Option<Candidates> {
    let at = condition.column.at;
    // The name has a map of its own.
    if at == 0
        && !scope.table.schema.istable
        && let Test::Equal {
            values,
            negated: false,
        } = &condition.test
    {
        let mut rows: Vec<u32> = values
            .iter()
            .filter_map(|value| match value {
                Value::Text(_, Some(sym)) => scope.table.find_key(*sym, &scope.store.texts),
                _ => None,
            })
            .collect();
        rows.sort_unstable();
        rows.dedup();
        return Some(Candidates::Rows(rows));
    }
    let (index, ranges) = ranges(scope, scope.table, at, &condition.test)?;
    Some(Candidates::Ranges(index, ranges))
}

/// Rows of the doctype whose child rows may match.
fn through_rows(scope: &Scope<'_>, table: &Table, condition: &Condition) -> Option<Candidates> {
    if matches!(&condition.test, Test::Equal { values, negated: false } if values.iter().any(Value::is_empty))
    {
        // A parent without rows matches, too.
        return None;
    }
    let (index, ranges) = ranges(scope, table, condition.column.at, &condition.test)?;
    let parent = table.position("parent")?;
    let mut seen = HashSet::new();
    let rows = ranges
        .into_iter()
        .flat_map(|range| index.rows().get(range).unwrap_or_default().to_vec())
        .filter_map(|row| match table.cell(row, parent) {
            Cell::Text(sym) => Some(scope.store.texts.key(sym)),
            _ => None,
        })
        .filter_map(|key| scope.table.find_key(key, &scope.store.texts))
        .filter(|&row| seen.insert(row))
        .collect();
    Some(Candidates::Rows(rows))
}

/// The places of an index where a test may hold.
fn ranges(
    scope: &Scope<'_>,
    table: &Table,
    column: usize,
    test: &Test,
) -> Option<(Arc<Index>, Vec<Range<usize>>)> {
    let texts = &scope.store.texts;
    let usable = match test {
        Test::Equal { negated, values } => !negated && values.len() <= 1_000,
        Test::Order { .. } | Test::Between(..) => true,
        Test::Like { pattern, negated } => !negated && !pattern.prefix().is_empty(),
        Test::Never | Test::Set(_) => false,
    };
    if !usable {
        return None;
    }
    let index = table.index(column, texts)?;
    let cell = |row: u32| table.cell(row, column);
    let order = |value: &Value, row: u32| value.order(cell(row), texts);
    let found = match test {
        Test::Equal { values, .. } => {
            let mut ranges: Vec<Range<usize>> = values
                .iter()
                .map(|value| {
                    let upper = index.range(
                        |row| order(value, row).is_lt(),
                        |row| order(value, row).is_le(),
                    );
                    // NULL counts as the empty text and stands before it.
                    if value.is_empty() {
                        0..upper.end
                    } else {
                        upper
                    }
                })
                .collect();
            ranges.sort_unstable_by_key(|range| range.start);
            ranges.dedup();
            ranges
        }
        Test::Order {
            above: true,
            or_equal,
            value,
        } => vec![index.range(
            |row| order(value, row).is_lt() || (!or_equal && order(value, row).is_eq()),
            |_| true,
        )],
        Test::Order {
            above: false,
            or_equal,
            value,
        } => vec![index.range(
            |_| false,
            |row| order(value, row).is_lt() || (*or_equal && order(value, row).is_eq()),
        )],
        Test::Between(low, high) => vec![index.range(
            |row| order(low, row).is_lt(),
            |row| order(high, row).is_le(),
        )],
        Test::Like { pattern, .. } => {
            let prefix = pattern.prefix();
            let text = |row: u32| match cell(row) {
                Cell::Text(sym) => texts.key_text(sym),
                _ => "",
            };
            let starts = |row: u32| text(row).starts_with(&prefix);
            if !matches!(cell(*index.rows().last()?), Cell::Text(_)) {
                return None;
            }
            let before = |row: u32| super::collation::order(text(row), &prefix).is_lt();
            vec![index.range(before, |row| before(row) || starts(row))]
        }
        Test::Never | Test::Set(_) => return None,
    };
    Some((index, found))
}

/// Reading rows in the wanted order until there are enough.
struct Walk<'a> {
    index: Arc<Index>,
    range: Range<usize>,
    column: usize,
    descending: bool,
    rest: &'a [Order],
}

impl<'a> Walk<'a> {
    /// Only where few of the rows will have to be read.
    fn find(
        scope: &Scope<'_>,
        filter: &Logic,
        wanted: &Wanted<'a>,
        candidates: usize,
    ) -> Option<Self> {
        let (first, rest) = wanted.order_by.split_first()?;
        let OrderBy::Column(column) = first.by else {
            return None;
        };
        wanted.limit?;
        if column.join.is_some() || candidates < MANY {
            return None;
        }
        let index = scope.table.index(column.at, &scope.store.texts)?;
        let range = filter
            .required()
            .into_iter()
            .filter(|condition| condition.column == column)
            .filter_map(|condition| {
                let (_, ranges) = ranges(scope, scope.table, column.at, &condition.test)?;
                match ranges.as_slice() {
                    [one] => Some(one.clone()),
                    _ => None,
                }
            })
            .fold(0..index.rows().len(), |range, other| {
                range.start.max(other.start)..range.end.min(other.end)
            });
        // Many rows match, or all that are read do.
        if candidates < index.rows().len() / 16 && candidates < range.len() {
            return None;
        }
        Some(Self {
            index,
            range,
            column: column.at,
            descending: first.descending,
            rest,
        })
    }

    fn run(
        &self,
        scope: &Scope<'_>,
        filter: &Logic,
        wanted: &Wanted<'_>,
        end: usize,
        found: &mut Vec<Tuple>,
    ) {
        let texts = &scope.store.texts;
        let rows = self
            .index
            .rows()
            .get(self.range.clone())
            .unwrap_or_default();
        let mut at = 0;
        // One run of equal values at a time, so that the other columns can order it.
        while at < rows.len() && found.len() < end {
            let row = |at: usize| {
                let place = if self.descending {
                    rows.len() - 1 - at
                } else {
                    at
                };
                rows.get(place).copied().unwrap_or_default()
            };
            let value = scope.table.cell(row(at), self.column);
            let before = found.len();
            while at < rows.len() {
                let next = row(at);
                if texts
                    .compare(scope.table.cell(next, self.column), value)
                    .is_ne()
                {
                    break;
                }
                at += 1;
                add(scope, filter, wanted, next, found);
                if self.rest.is_empty() && found.len() >= end {
                    return;
                }
            }
            if !self.rest.is_empty() {
                let mut run = found.split_off(before);
                sort(scope, self.rest, end - before, &mut run);
                found.append(&mut run);
            }
        }
    }
}
