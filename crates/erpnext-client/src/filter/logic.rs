//! Groups of conditions, brought into the forms a dialect can say.

use std::borrow::Cow;

use serde_json::Value;

use super::{Condition, Filter, Node, Operator};

/// What is left of a filter once everything that is known beforehand is taken out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Logic<'a> {
    True,
    False,
    Is(Cow<'a, Condition>),
    /// Two or more; none of them `All`, `True` or `False`.
    All(Vec<Self>),
    /// Two or more; none of them `Any`, `True` or `False`.
    Any(Vec<Self>),
}

pub(crate) type Conditions<'a> = Vec<Cow<'a, Condition>>;

impl<'a> Logic<'a> {
    /// All `filters`, and one of `alternatives` where there are any.
    pub(crate) fn new(filters: &'a [Filter], alternatives: &'a [Filter]) -> Self {
        let mut parts: Vec<Self> = filters.iter().map(Self::of).collect();
        if !alternatives.is_empty() {
            parts.push(Self::any(alternatives.iter().map(Self::of)));
        }
        Self::all(parts)
    }

    fn of(filter: &'a Filter) -> Self {
        match &filter.0 {
            Node::Is(condition) => match (condition.operator, &condition.value) {
                (Operator::In, Value::Array(values)) if values.is_empty() => Self::False,
                (Operator::NotIn, Value::Array(values)) if values.is_empty() => Self::True,
                // Frappe 15 knows `between` for dates alone.
                (Operator::Between, Value::Array(ends)) if !ends.iter().any(is_date) => {
                    Self::all(ends.iter().zip([Operator::Ge, Operator::Le]).map(
                        |(end, operator)| {
                            Self::Is(Cow::Owned(Condition {
                                operator,
                                value: end.clone(),
                                ..condition.clone()
                            }))
                        },
                    ))
                }
                _ => Self::Is(Cow::Borrowed(condition)),
            },
            Node::All(filters) => Self::all(filters.iter().map(Self::of)),
            Node::Any(filters) => Self::any(filters.iter().map(Self::of)),
        }
    }

    fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::True => {}
                Self::False => return Self::False,
                Self::All(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        match (kept.len(), kept.pop()) {
            (1, Some(only)) => only,
            (_, Some(last)) => {
                kept.push(last);
                Self::All(kept)
            }
            (_, None) => Self::True,
        }
    }

    fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::False => {}
                Self::True => return Self::True,
                Self::Any(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        match (kept.len(), kept.pop()) {
            (1, Some(only)) => only,
            (_, Some(last)) => {
                kept.push(last);
                Self::Any(kept)
            }
            (_, None) => Self::False,
        }
    }

    /// Every condition.
    pub(crate) fn conditions(&self) -> Vec<&Condition> {
        match self {
            Self::True | Self::False => Vec::new(),
            Self::Is(condition) => vec![condition],
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().flat_map(Self::conditions).collect()
            }
        }
    }

    /// A list of which all must hold, and a list of which one must: what version 1 of the API can
    /// say. `None` when it cannot.
    pub(crate) fn flat(&self) -> Option<(Conditions<'_>, Conditions<'_>)> {
        let parts = match self {
            Self::All(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        };
        let (mut every, mut groups) = (Vec::new(), Vec::new());
        for part in parts {
            match part {
                Self::Is(condition) => every.push(Cow::Borrowed(condition.as_ref())),
                Self::Any(alternatives) => groups.push(plain(alternatives)?),
                Self::True => {}
                Self::False | Self::All(_) => return None,
            }
        }
        // There is room for one.
        if groups.len() > 1 {
            groups.retain(|group| match one_of(group) {
                Some(condition) => {
                    every.push(Cow::Owned(condition));
                    false
                }
                None => true,
            });
        }
        let one = groups.pop().unwrap_or_default();
        groups
            .is_empty()
            .then(|| (every, one.into_iter().map(Cow::Borrowed).collect()))
    }
}

/// `2026-05-04`, and what begins so.
fn is_date(value: &Value) -> bool {
    value
        .as_str()
        .and_then(|text| text.trim().get(..10))
        .is_some_and(|day| day.parse::<jiff::civil::Date>().is_ok())
}

/// The conditions of a group that holds nothing else.
fn plain<'a>(alternatives: &'a [Logic<'_>]) -> Option<Vec<&'a Condition>> {
    let condition = |part: &'a Logic<'_>| match part {
        Logic::Is(condition) => Some(condition.as_ref()),
        _ => None,
    };
    alternatives.iter().map(condition).collect()
}

/// `a = 1 or a = 2` as `a in (1, 2)`.
fn one_of(alternatives: &[&Condition]) -> Option<Condition> {
    let first = alternatives.first()?;
    let mut values = Vec::new();
    for condition in alternatives {
        if (&condition.table, &condition.field) != (&first.table, &first.field) {
            return None;
        }
        match (condition.operator, &condition.value) {
            (Operator::Eq, Value::Null) => return None,
            (Operator::Eq, value) => values.push(value.clone()),
            (Operator::In, Value::Array(more)) => values.extend(more.iter().cloned()),
            _ => return None,
        }
    }
    Some(Condition {
        operator: Operator::In,
        value: Value::Array(values),
        ..(*first).clone()
    })
}
