//! Where a stream is, and how it goes on: by the values of the last row, never by an offset, so
//! that documents that appear or vanish meanwhile cause neither gaps nor repetitions.
//!
//! In order of names this is one query a page: `name > last`. In order of another column it takes
//! two that every dialect can say: the rest of the rows with the last value
//! (`column = value and name > last`), then the rows beyond it (`column > value`). Rows in which
//! the column is not set have no place in such comparisons; where there are any, they are walked on
//! their own, in order of names: first when ascending, last when descending, as the site sorts them.

use serde_json::Value;

use crate::{DocName, Error, Filter, Operand, Order, Query};

/// The order of a stream.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Walk {
    /// The column other than the name.
    pub(super) column: Option<(String, Order)>,
    /// Direction of the names.
    pub(super) names: Order,
}

/// A place in a stream.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// From the beginning.
    First,
    /// In order of names, after this one.
    After(DocName),
    /// The rows with this value, after this name.
    Ties { value: Value, after: DocName },
    /// The rows beyond this value.
    Beyond(Value),
    /// The rows without a value, after this name.
    Unset(Option<DocName>),
    /// The rows with a value.
    Set,
}

/// The sort key of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Key {
    pub(super) name: DocName,
    pub(super) value: Value,
}

impl Key {
    fn is_unset(&self) -> bool {
        match &self.value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            _ => false,
        }
    }
}

/// What to do with a page: how many of its rows to give, and where to go on.
#[derive(Debug, PartialEq)]
pub(super) struct Turn {
    pub(super) give: usize,
    pub(super) next: Option<Step>,
}

impl Walk {
    /// The order of a query, where a stream can keep to it.
    pub(super) fn of(query: &Query) -> Result<Self, Error> {
        let refuse = |reason| Err(Error::invalid("stream", reason));
        if !query.group_by.is_empty() || super::aggregates(query) {
            return refuse("has no order of documents: groups and aggregates come in one call");
        }
        if query.start > 0 {
            return refuse("cannot leave out its first rows: ask for a page");
        }
        let plain = |field: &str| crate::query::is_field(field);
        match query.order.as_slice() {
            [] => Ok(Self {
                column: None,
                names: Order::Asc,
            }),
            [(name, order)] if name == "name" => Ok(Self {
                column: None,
                names: *order,
            }),
            [(column, order)] if plain(column) => Ok(Self {
                column: Some((column.clone(), *order)),
                names: Order::Asc,
            }),
            [(column, order), (name, names)] if plain(column) && name == "name" => Ok(Self {
                column: Some((column.clone(), *order)),
                names: *names,
            }),
            _ => refuse("goes by one column of the doctype, and name: ask for all or for a page"),
        }
    }

    /// The query of a page.
    pub(super) fn query(&self, query: Query, step: &Step, rows: u32) -> Query {
        let mut query = query.limit(rows);
        query.order.clear();
        let by_name = |query: Query, after: &DocName| {
            query.filter(beyond("name", self.names, after.as_str()))
        };
        let in_order = |query: Query, column: &str, order| {
            query.order_by(column, order).order_by("name", self.names)
        };
        let Some((column, order)) = &self.column else {
            let query = match step {
                Step::After(name) => by_name(query, name),
                _ => query,
            };
            return query.order_by("name", self.names);
        };
        match step {
            Step::First | Step::After(_) => in_order(query, column, *order),
            Step::Ties { value, after } => {
                let tied = query.filter(Filter::eq(column, Operand(value.clone())));
                by_name(tied, after).order_by("name", self.names)
            }
            Step::Beyond(value) => {
                let mut query = query.filter(beyond(column, *order, Operand(value.clone())));
                // An empty text is less than any other; a number is always set.
                if value.is_string() {
                    query = query.filter(Filter::is_set(column));
                }
                in_order(query, column, *order)
            }
            Step::Unset(after) => {
                let unset = query.filter(Filter::is_not_set(column));
                match after {
                    Some(name) => by_name(unset, name),
                    None => unset,
                }
                .order_by("name", self.names)
            }
            Step::Set => in_order(query.filter(Filter::is_set(column)), column, *order),
        }
    }

    /// What follows from a page: its keys (of all rows for the first page, else the last one is
    /// enough), and whether it was full.
    pub(super) fn turn(&self, step: &Step, rows: usize, keys: &[Key], full: bool) -> Turn {
        let give = |next| Turn { give: rows, next };
        let ties = |key: &Key| Step::Ties {
            value: key.value.clone(),
            after: key.name.clone(),
        };
        let last = keys.last();
        let Some((_, order)) = &self.column else {
            let next = last.filter(|_| full);
            return give(next.map(|key| Step::After(key.name.clone())));
        };
        match step {
            Step::First | Step::After(_) if !full => give(None),
            Step::First | Step::After(_) => {
                match (keys.iter().position(Key::is_unset), order) {
                    (None, _) => give(last.map(ties)),
                    // The place of the last row could not be told: begin again, in two parts.
                    (Some(_), Order::Asc) => Turn {
                        give: 0,
                        next: Some(Step::Unset(None)),
                    },
                    (Some(first), Order::Desc) => Turn {
                        give: first,
                        next: Some(Step::Unset(None)),
                    },
                }
            }
            Step::Ties { value, .. } => give(Some(match last {
                Some(key) if full => Step::Ties {
                    value: value.clone(),
                    after: key.name.clone(),
                },
                _ => Step::Beyond(value.clone()),
            })),
            Step::Beyond(value) => give(match last {
                Some(key) if full => Some(ties(key)),
                _ if *order == Order::Desc && value.is_string() => Some(Step::Unset(None)),
                _ => None,
            }),
            Step::Unset(_) => give(match last {
                Some(key) if full => Some(Step::Unset(Some(key.name.clone()))),
                _ => (*order == Order::Asc).then_some(Step::Set),
            }),
            Step::Set => give(last.filter(|_| full).map(ties)),
        }
    }
}

fn beyond(field: &str, order: Order, value: impl Into<Operand>) -> Filter {
    match order {
        Order::Asc => Filter::gt(field, value),
        Order::Desc => Filter::lt(field, value),
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::Dialect;

    type Row = (String, Value);

    /// As the site compares: without regard to case, nothing is least.
    fn compare(a: &Value, b: &Value) -> Ordering {
        match (a, b) {
            (Value::Number(a), Value::Number(b)) => {
                a.as_f64().unwrap().total_cmp(&b.as_f64().unwrap())
            }
            (Value::String(a), Value::String(b)) => a.to_lowercase().cmp(&b.to_lowercase()),
            (Value::Null, Value::Null) => Ordering::Equal,
            (Value::Null, _) => Ordering::Less,
            _ => Ordering::Greater,
        }
    }

    fn unset(value: &Value) -> bool {
        *value == Value::Null || *value == json!("")
    }

    /// What a site answers to a query: its filters and its order, of the rendered text.
    fn site(rows: &[Row], query: &Query) -> Vec<Row> {
        let rendered = query.render("X", Dialect::V15).unwrap();
        let filters = rendered.filters().as_array().unwrap().clone();
        let of = |row: &Row, field: &Value| match field.as_str() {
            Some("name") => json!(row.0),
            _ => row.1.clone(),
        };
        let holds = |row: &&Row| {
            filters.iter().all(|filter| {
                let value = of(row, &filter[0]);
                let ordering = compare(&value, &filter[2]);
                match filter[1].as_str().unwrap() {
                    "=" => ordering == Ordering::Equal,
                    // Nothing counts as an empty text in a comparison.
                    ">" => !value.is_null() && ordering == Ordering::Greater,
                    "<" => ordering == Ordering::Less,
                    "is" => unset(&value) == (filter[2] == "not set"),
                    other => panic!("{other}"),
                }
            })
        };
        let mut found: Vec<Row> = rows.iter().filter(holds).cloned().collect();
        let pairs = rendered.query_pairs();
        let pair = |key: &str| {
            pairs
                .iter()
                .find(|(name, _)| *name == key)
                .unwrap()
                .1
                .clone()
        };
        found.sort_by(|a, b| {
            pair("order_by")
                .split(", ")
                .fold(Ordering::Equal, |ordering, part| {
                    let (field, way) = part.split_once(' ').unwrap();
                    let (field, down) = (json!(field), way == "desc");
                    let this = compare(&of(a, &field), &of(b, &field));
                    ordering.then(if down { this.reverse() } else { this })
                })
        });
        found.truncate(pair("limit_page_length").parse().unwrap());
        found
    }

    fn walked(rows: &[Row], walk: &Walk, size: usize) -> Vec<Row> {
        let (mut given, mut step) = (Vec::new(), Step::First);
        for _ in 0..10 * rows.len() + 10 {
            let query = walk.query(Query::new(), &step, u32::try_from(size).unwrap());
            let mut page = site(rows, &query);
            let keys: Vec<Key> = page
                .iter()
                .map(|(name, value)| Key {
                    name: DocName::answered(name.as_str()),
                    value: value.clone(),
                })
                .collect();
            let turn = walk.turn(&step, page.len(), &keys, page.len() >= size);
            page.truncate(turn.give);
            given.extend(page);
            match turn.next {
                Some(next) => step = next,
                None => return given,
            }
        }
        panic!("the walk does not end");
    }

    fn order() -> impl Strategy<Value = Order> {
        prop_oneof![Just(Order::Asc), Just(Order::Desc)]
    }

    fn values() -> impl Strategy<Value = Vec<Value>> {
        let texts = prop_oneof![
            Just(Value::Null),
            Just(json!("")),
            "[a-cA-C]{1,2}".prop_map(Value::from),
        ];
        let numbers = (-3..3_i64).prop_map(Value::from);
        prop_oneof![
            prop::collection::vec(texts, 0..30),
            prop::collection::vec(numbers, 0..30),
        ]
    }

    proptest! {
        #[test]
        fn every_row_is_given_once_and_in_order(
            values in values(), column in order(), names in order(), size in 1..12_usize, by_column: bool,
        ) {
            let rows: Vec<Row> = values
                .into_iter()
                .enumerate()
                .map(|(n, value)| (format!("r{n:02}"), value))
                .collect();
            let walk = Walk {
                column: by_column.then(|| ("c".to_owned(), column)),
                names,
            };
            let given = walked(&rows, &walk, size);
            let mut once: Vec<&str> = given.iter().map(|row| row.0.as_str()).collect();
            once.sort_unstable();
            once.dedup();
            prop_assert_eq!((once.len(), given.len()), (rows.len(), rows.len()));
            for pair in given.windows(2) {
                // Nothing and an empty text have no order between them.
                let value = |row: &Row| if unset(&row.1) { Value::Null } else { row.1.clone() };
                let ordering = match column {
                    _ if !by_column => Ordering::Equal,
                    Order::Asc => compare(&value(&pair[0]), &value(&pair[1])),
                    Order::Desc => compare(&value(&pair[1]), &value(&pair[0])),
                };
                let by_name = match names {
                    Order::Asc => pair[0].0 < pair[1].0,
                    Order::Desc => pair[0].0 > pair[1].0,
                };
                prop_assert!(ordering != Ordering::Greater, "{given:?}");
                let tied = ordering == Ordering::Equal && !(by_column && unset(&pair[0].1));
                prop_assert!(!tied || by_name, "{given:?}");
            }
        }
    }
}
