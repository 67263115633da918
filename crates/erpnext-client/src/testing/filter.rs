//! Filters: JSON to conditions.

use jiff::civil::Date;
use serde_json::Value;

use super::cell::{Cell, Sym, Texts, number};
use super::collation::{self, Pattern};
use super::refusal::Refusal;
use super::scope::{Clause, ColumnRef, Scope, Tuple, operational, syntax};
use super::store::unknown_doctype;
use super::table::{Kind, Parsed};
use super::timespan;
use crate::Dialect;

/// Deepest nesting that is followed.
const DEPTH: usize = 32;

/// What rows must fulfil.
#[derive(Debug)]
pub(super) enum Logic {
    All(Vec<Logic>),
    Any(Vec<Logic>),
    One(Condition),
}

impl Logic {
    pub(super) fn holds(&self, scope: &Scope<'_>, tuple: &Tuple) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(scope, tuple)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(scope, tuple)),
            Self::One(condition) => {
                let cell = scope.cell(tuple, condition.column);
                condition.test.holds(cell, &scope.store.texts)
            }
        }
    }

    /// Conditions that hold for every row.
    pub(super) fn required(&self) -> Vec<&Condition> {
        match self {
            Self::All(parts) => parts.iter().flat_map(Self::required).collect(),
            Self::One(condition) => vec![condition],
            Self::Any(_) => Vec::new(),
        }
    }
}

#[derive(Debug)]
pub(super) struct Condition {
    pub(super) column: ColumnRef,
    pub(super) test: Test,
}

#[derive(Debug)]
pub(super) enum Test {
    Never,
    /// `=`, `in` and their opposites. NULL counts as the empty text.
    Equal {
        values: Vec<Wanted>,
        negated: bool,
    },
    /// Above or below; NULL is below everything.
    Order {
        above: bool,
        or_equal: bool,
        value: Wanted,
    },
    Between(Wanted, Wanted),
    Like {
        pattern: Pattern,
        negated: bool,
    },
    /// Neither NULL nor empty nor zero.
    Set(bool),
}

/// A value to compare with.
#[derive(Debug)]
pub(super) enum Wanted {
    Number(f64),
    /// The collation key, and the text all equal ones share if there is any.
    Text(String, Option<Sym>),
}

impl Wanted {
    fn of(kind: Kind, value: &Value, texts: &Texts) -> Self {
        match kind.parse(value) {
            Parsed::Text(text) => {
                let key = collation::key(&text).into_owned();
                let sym = texts.find(&key);
                Self::Text(key, sym)
            }
            Parsed::Cell(Cell::Int(_) | Cell::Float(_)) if kind == Kind::Text => {
                Self::Text(String::new(), None)
            }
            Parsed::Cell(Cell::Null | Cell::Text(_)) => Self::Text(String::new(), texts.find("")),
            Parsed::Cell(cell) => Self::Number(number(cell)),
        }
    }

    fn equals(&self, cell: Cell, texts: &Texts) -> bool {
        match (self, cell) {
            (Self::Text(key, _), Cell::Null) => key.is_empty(),
            (Self::Text(_, wanted), Cell::Text(sym)) => *wanted == Some(texts.key(sym)),
            (Self::Number(wanted), Cell::Int(_) | Cell::Float(_)) => {
                number(cell).total_cmp(wanted).is_eq() || number(cell) == *wanted
            }
            _ => false,
        }
    }

    /// How a cell stands to this value.
    pub(super) fn order(&self, cell: Cell, texts: &Texts) -> std::cmp::Ordering {
        use std::cmp::Ordering;
        match (cell, self) {
            (Cell::Null, _) => Ordering::Less,
            (Cell::Text(sym), Self::Text(key, _)) => collation::order(texts.key_text(sym), key),
            (Cell::Text(_), Self::Number(_)) => Ordering::Greater,
            (Cell::Int(_) | Cell::Float(_), Self::Text(..)) => Ordering::Less,
            (Cell::Int(_) | Cell::Float(_), Self::Number(wanted)) => {
                number(cell).partial_cmp(wanted).unwrap_or(Ordering::Less)
            }
        }
    }

    /// Whether rows without a value count as having it.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Text(key, _) if key.is_empty())
    }
}

impl Test {
    pub(super) fn holds(&self, cell: Cell, texts: &Texts) -> bool {
        match self {
            Self::Never => false,
            Self::Equal { values, negated } => {
                values.iter().any(|wanted| wanted.equals(cell, texts)) != *negated
            }
            Self::Order {
                above,
                or_equal,
                value,
            } => {
                let order = value.order(cell, texts);
                (*or_equal && order.is_eq()) || if *above { order.is_gt() } else { order.is_lt() }
            }
            Self::Between(low, high) => {
                low.order(cell, texts).is_ge() && high.order(cell, texts).is_le()
            }
            Self::Like { pattern, negated } => {
                let matches = match cell {
                    Cell::Null => return *negated,
                    Cell::Text(sym) => pattern.matches(texts.key_text(sym)),
                    Cell::Int(int) => pattern.matches(&int.to_string()),
                    Cell::Float(float) => pattern.matches(&float.to_string()),
                };
                matches != *negated
            }
            Self::Set(wanted) => {
                let set = match cell {
                    Cell::Null => false,
                    Cell::Text(sym) => !texts.key_text(sym).is_empty(),
                    Cell::Int(_) | Cell::Float(_) => number(cell) != 0.0,
                };
                set == *wanted
            }
        }
    }
}

/// Reads filters.
pub(super) struct Reader<'a, 's> {
    pub(super) scope: &'a mut Scope<'s>,
    pub(super) today: Date,
    pub(super) nested: bool,
}

impl Reader<'_, '_> {
    /// The conditions of `filters` or `or_filters`, in any of their forms.
    pub(super) fn read(&mut self, filters: &Value) -> Result<Vec<Logic>, Refusal> {
        match filters {
            Value::Null => Ok(Vec::new()),
            Value::String(text) if text.trim().is_empty() => Ok(Vec::new()),
            Value::String(text) => match serde_json::from_str::<Value>(text) {
                Ok(Value::String(_)) | Err(_) => Err(not_json()),
                Ok(parsed) => self.read(&parsed),
            },
            Value::Object(fields) => fields
                .iter()
                .map(|(field, value)| self.entry(field, value))
                .collect(),
            Value::Array(items) if self.nested => Ok(vec![self.group(items, 0)?]),
            Value::Array(items) => items.iter().map(|item| self.item(item)).collect(),
            _ => Err(Refusal::new(
                500,
                "TypeError",
                "filters must be a list or a dict",
            )),
        }
    }

    /// `{"field": value}` or `{"field": ["op", value]}`.
    fn entry(&mut self, field: &str, value: &Value) -> Result<Logic, Refusal> {
        match value.as_array().map(Vec::as_slice) {
            Some([Value::String(operator), value]) => self.condition(None, field, operator, value),
            Some(_) => Err(syntax()),
            None => self.condition(None, field, "=", value),
        }
    }

    /// `[field, op, value]` or `[doctype, field, op, value]`.
    fn item(&mut self, item: &Value) -> Result<Logic, Refusal> {
        match item {
            Value::Array(parts) => self.parts(parts),
            Value::Object(fields) => {
                let all = fields
                    .iter()
                    .map(|(field, value)| self.entry(field, value))
                    .collect::<Result<_, _>>()?;
                Ok(Logic::All(all))
            }
            // Python takes the text apart: its first letter is a doctype.
            Value::String(text) => Err(unknown_doctype(&text.chars().take(1).collect::<String>())),
            _ => Err(Refusal::new(
                500,
                "TypeError",
                "object is not subscriptable",
            )),
        }
    }

    fn parts(&mut self, parts: &[Value]) -> Result<Logic, Refusal> {
        let text = |value: &Value| match value {
            Value::String(text) => Ok(text.clone()),
            _ => Err(Refusal::new(
                500,
                "AttributeError",
                "'list' object has no attribute 'strip'",
            )),
        };
        match parts {
            [] | [_] => Err(Refusal::new(500, "IndexError", "list index out of range")),
            [doctype, _] => Err(unknown_doctype(&text(doctype)?)),
            [field, operator, value] => {
                self.condition(None, &text(field)?, &text(operator)?, value)
            }
            [doctype, field, operator, value, ..] => self.condition(
                Some(&text(doctype)?),
                &text(field)?,
                &text(operator)?,
                value,
            ),
        }
    }

    /// `[c1, "and", c2, "or", c3]`, read from the left; without words between, all must hold.
    fn group(&mut self, items: &[Value], depth: usize) -> Result<Logic, Refusal> {
        if depth > DEPTH {
            return Err(Refusal::new(
                500,
                "RecursionError",
                "maximum recursion depth exceeded",
            ));
        }
        if matches!(items.first(), Some(Value::String(_))) {
            return self.parts(items);
        }
        let mut so_far: Option<Logic> = None;
        let mut or = false;
        let mut expects = true;
        for item in items {
            if let Value::String(word) = item {
                or = match word.to_lowercase().as_str() {
                    "and" if !expects => false,
                    "or" if !expects => true,
                    _ => {
                        return Err(Refusal::new(
                            417,
                            "ValidationError",
                            format!("Expected 'and' or 'or' operator, found: {word}"),
                        ));
                    }
                };
                expects = true;
                continue;
            }
            let one = match item {
                Value::Array(parts)
                    if parts.iter().any(Value::is_array) && !is_condition(parts) =>
                {
                    self.group(parts, depth + 1)?
                }
                other => self.item(other)?,
            };
            so_far = Some(match so_far.take() {
                None => one,
                Some(before) if or => Logic::Any(vec![before, one]),
                Some(before) => Logic::All(vec![before, one]),
            });
            (or, expects) = (false, false);
        }
        if expects && so_far.is_some() {
            return Err(Refusal::new(
                417,
                "ValidationError",
                "Filter condition missing after operator",
            ));
        }
        Ok(so_far.unwrap_or(Logic::All(Vec::new())))
    }

    fn condition(
        &mut self,
        doctype: Option<&str>,
        field: &str,
        operator: &str,
        value: &Value,
    ) -> Result<Logic, Refusal> {
        let column = match doctype {
            Some(doctype) => self.scope.of_doctype(doctype, field, Clause::Where)?,
            None => self.scope.resolve(field, Clause::Where)?,
        };
        let Some(column) = column else {
            return Err(self.scope.unknown_column(field, Clause::Where));
        };
        let test = self.test(column, operator, value)?;
        Ok(Logic::One(Condition { column, test }))
    }

    fn test(&mut self, column: ColumnRef, operator: &str, value: &Value) -> Result<Test, Refusal> {
        let kind = self.scope.kind(column);
        let texts = &self.scope.store.texts;
        let lower = operator.trim().to_lowercase();
        let scalar = || match value {
            Value::Array(_) => Err(syntax()),
            Value::Object(_) if self.scope.dialect == Dialect::V15 => Err(syntax()),
            other => Ok(Wanted::of(kind, other, texts)),
        };
        let order = |above, or_equal| {
            Ok(Test::Order {
                above,
                or_equal,
                value: scalar()?,
            })
        };
        match lower.as_str() {
            // On version 15 SQL's `= NULL`, which nothing is.
            "=" if value.is_null() && self.scope.dialect == Dialect::V15 => Ok(Test::Never),
            "=" | "!=" => Ok(Test::Equal {
                values: vec![scalar()?],
                negated: lower == "!=",
            }),
            ">" => order(true, false),
            ">=" => order(true, true),
            "<" => order(false, false),
            "<=" => order(false, true),
            "like" | "not like" => {
                let pattern = match value {
                    Value::String(text) => text.clone(),
                    Value::Array(_) => return Err(syntax()),
                    other => other.to_string(),
                };
                // Version 15 doubles backslashes: there is no way to take a wildcard literally.
                let pattern = match self.scope.dialect {
                    Dialect::V15 => pattern.replace('\\', "\\\\"),
                    Dialect::V16 => pattern,
                };
                Ok(Test::Like {
                    pattern: Pattern::new(&pattern),
                    negated: lower == "not like",
                })
            }
            "in" | "not in" => Ok(Test::Equal {
                values: members(value)
                    .iter()
                    .map(|member| Wanted::of(kind, member, texts))
                    .collect(),
                negated: lower == "not in",
            }),
            "is" => match value.as_str().map(str::to_lowercase).as_deref() {
                Some("set") => Ok(Test::Set(true)),
                Some("not set") => Ok(Test::Set(false)),
                _ if self.scope.dialect == Dialect::V15 => Err(syntax()),
                _ => Err(Refusal::new(
                    500,
                    "ValueError",
                    "`is` operator only supports `set` and `not set` as value",
                )),
            },
            // Version 15 takes a list here for dates alone.
            "between"
                if self.scope.dialect == Dialect::V15
                    && !matches!(kind, Kind::Date | Kind::Datetime) =>
            {
                Err(syntax())
            }
            "between" => Ok(self.between(kind, value)),
            "timespan" => {
                let name = value.as_str().unwrap_or_default();
                Ok(self.within(kind, timespan::days(name, self.today)))
            }
            "previous" | "next" => {
                let name = value.as_str().unwrap_or_default();
                let span = timespan::around(name, self.today, lower == "next");
                Ok(self.within(kind, span))
            }
            "ancestors of"
            | "descendants of"
            | "not ancestors of"
            | "not descendants of"
            | "descendants of (inclusive)" => self.tree(column, &lower, value),
            _ => Err(self.unknown_operator(operator)),
        }
    }

    fn unknown_operator(&self, operator: &str) -> Refusal {
        match self.scope.dialect {
            Dialect::V15 => Refusal::new(
                417,
                "ValidationError",
                "Operator must be one of =, !=, >, <, >=, <=, like, not like, in, not in, is, \
                 between, timespan, previous, next, ancestors of, descendants of, \
                 not ancestors of, not descendants of, descendants of (inclusive), fiscal year",
            ),
            Dialect::V16 => Refusal::new(500, "KeyError", format!("'{operator}'")),
        }
    }

    fn between(&self, kind: Kind, value: &Value) -> Test {
        let texts = &self.scope.store.texts;
        let today = Value::String(self.today.to_string());
        let (low, high) = match value {
            Value::Array(bounds) => (
                bounds.first().unwrap_or(&today),
                bounds.get(1).unwrap_or(&today),
            ),
            Value::String(text) => match text.split_once(',') {
                Some((low, high)) => {
                    let bound = |text: &str| Value::String(text.trim().to_owned());
                    return Test::Between(
                        Wanted::of(kind, &bound(low), texts),
                        Wanted::of(kind, &whole_day(kind, bound(high)), texts),
                    );
                }
                None => (&today, &today),
            },
            _ => (&today, &today),
        };
        Test::Between(
            Wanted::of(kind, low, texts),
            Wanted::of(kind, &whole_day(kind, high.clone()), texts),
        )
    }

    fn within(&self, kind: Kind, days: Option<(Date, Date)>) -> Test {
        let Some((first, last)) = days else {
            return Test::Never;
        };
        let bounds = Value::Array(vec![first.to_string().into(), last.to_string().into()]);
        self.between(kind, &bounds)
    }

    /// The nodes of a tree that stand above or below one.
    fn tree(&self, column: ColumnRef, operator: &str, value: &Value) -> Result<Test, Refusal> {
        let scope = &*self.scope;
        let texts = &scope.store.texts;
        let holder = scope.table_of(column);
        let linked = holder
            .metas()
            .get(column.at)
            .and_then(|meta| meta.link.as_deref());
        let tree = match linked {
            Some(doctype) => scope
                .store
                .table(doctype)
                .ok_or_else(|| unknown_doctype(doctype))?,
            None => holder,
        };
        let (Some(lft), Some(rgt)) = (tree.position("lft"), tree.position("rgt")) else {
            return Err(operational("lft", "SELECT"));
        };
        let negated = operator.starts_with("not ");
        let node = tree.find(value.as_str().unwrap_or_default(), texts);
        let values = match node {
            None => Vec::new(),
            Some(node) => {
                let bounds = |row| (number(tree.cell(row, lft)), number(tree.cell(row, rgt)));
                let (left, right) = bounds(node);
                let inside = |row: &u32| {
                    let (l, r) = bounds(*row);
                    if operator.ends_with("ancestors of") {
                        l < left && r > right
                    } else {
                        (l > left && r < right)
                            || (operator.ends_with("(inclusive)") && *row == node)
                    }
                };
                tree.rows()
                    .filter(inside)
                    .filter_map(|row| tree.name(row))
                    .map(|name| {
                        Wanted::Text(texts.key_text(name).to_owned(), Some(texts.key(name)))
                    })
                    .collect()
            }
        };
        Ok(Test::Equal { values, negated })
    }
}

/// The values of `in`. An empty list is one empty text to Frappe, which matches what is not set.
fn members(value: &Value) -> Vec<Value> {
    let list: Vec<Value> = match value {
        Value::Array(list) => list.clone(),
        Value::String(text) => text
            .split(',')
            .map(|part| Value::String(part.trim().to_owned()))
            .collect(),
        Value::Object(map) => map.keys().cloned().map(Value::String).collect(),
        Value::Null => Vec::new(),
        other => vec![other.clone()],
    };
    if list.is_empty() {
        vec![Value::String(String::new())]
    } else {
        list
    }
}

/// A date as the end of a range of times means that whole day.
fn whole_day(kind: Kind, value: Value) -> Value {
    match (&value, kind) {
        (Value::String(text), Kind::Datetime) if text.trim().len() == 10 => {
            Value::String(format!("{} 23:59:59.999999", text.trim()))
        }
        _ => value,
    }
}

/// `[field, op, [..]]`, not a group.
fn is_condition(parts: &[Value]) -> bool {
    matches!(parts, [Value::String(_), Value::String(_), ..])
}

pub(super) fn not_json() -> Refusal {
    Refusal::new(
        500,
        "JSONDecodeError",
        "Expecting value: line 1 column 1 (char 0)",
    )
}
