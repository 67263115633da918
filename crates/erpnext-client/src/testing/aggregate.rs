//! Functions in a list's fields: `count(name)` of version 15, `{"COUNT": "name"}` of version 16.

use std::collections::HashSet;

use jiff::civil::{Date, DateTime};
use serde_json::{Map, Value, json};

use super::cell::{Cell, number};
use super::refusal::Refusal;
use super::scope::{Clause, ColumnRef, Scope, Tuple, not_permitted};
use super::table::Kind;

/// Deepest nesting that is followed.
const DEPTH: usize = 16;

/// What is computed of a row or of a group of rows.
#[derive(Debug)]
pub(super) enum Expr {
    /// `*` in `COUNT(*)`.
    Star,
    Column(ColumnRef),
    Literal(Value),
    Aggregate {
        function: Aggregate,
        of: Box<Expr>,
        distinct: bool,
    },
    Call(Function, Vec<Expr>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aggregate {
    Count,
    Sum,
    Avg,
    Max,
    Min,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Abs,
    IfNull,
    Concat,
    NullIf,
    Locate,
    Timestamp,
    Now,
    MonthName,
    Quarter,
    Month,
    Add,
    Sub,
    Mul,
    Div,
}

fn aggregate(name: &str) -> Option<Aggregate> {
    Some(match name {
        "COUNT" => Aggregate::Count,
        "SUM" => Aggregate::Sum,
        "AVG" => Aggregate::Avg,
        "MAX" => Aggregate::Max,
        "MIN" => Aggregate::Min,
        _ => return None,
    })
}

fn function(name: &str) -> Option<Function> {
    Some(match name {
        "ABS" => Function::Abs,
        "IFNULL" => Function::IfNull,
        "CONCAT" => Function::Concat,
        "NULLIF" => Function::NullIf,
        "LOCATE" => Function::Locate,
        "TIMESTAMP" => Function::Timestamp,
        "NOW" => Function::Now,
        "MONTHNAME" => Function::MonthName,
        "QUARTER" => Function::Quarter,
        "MONTH" => Function::Month,
        "ADD" => Function::Add,
        "SUB" => Function::Sub,
        "MUL" => Function::Mul,
        "DIV" => Function::Div,
        _ => return None,
    })
}

/// Whether a key of an object in `fields` names a function.
pub(super) fn is_function(name: &str) -> bool {
    aggregate(name).is_some() || function(name).is_some()
}

fn invalid(message: String) -> Refusal {
    Refusal::new(417, "ValidationError", message)
}

impl Expr {
    /// Reads `{"SUM": "amount", "as": "t"}`: the label and the expression.
    pub(super) fn of_object(
        map: &Map<String, Value>,
        scope: &mut Scope<'_>,
    ) -> Result<(String, Self), Refusal> {
        let (name, arguments) = single(map)?;
        let expr = Self::call(name, arguments, scope, 0)?;
        let label = match map.get("as") {
            None | Some(Value::Null) => sql_text(name, arguments),
            Some(Value::String(alias)) if is_identifier(alias) => alias.clone(),
            Some(Value::String(alias)) => {
                return Err(invalid(format!(
                    "Invalid alias format: {alias}. Alias must be a simple identifier."
                )));
            }
            Some(_) => return Err(invalid("Alias must be a string".to_owned())),
        };
        Ok((label, expr))
    }

    fn call(
        name: &str,
        arguments: &Value,
        scope: &mut Scope<'_>,
        depth: usize,
    ) -> Result<Self, Refusal> {
        if depth > DEPTH {
            return Err(invalid("Functions are nested too deep".to_owned()));
        }
        let list: Vec<&Value> = match arguments {
            Value::Array(list) => list.iter().collect(),
            Value::Null => Vec::new(),
            one => vec![one],
        };
        if !is_function(name) {
            return Err(invalid(format!("Unsupported function or operator: {name}")));
        }
        let mut parsed = list
            .into_iter()
            .map(|argument| Self::argument(argument, scope, depth))
            .collect::<Result<Vec<_>, _>>()?;
        if let Some(aggregate) = aggregate(name) {
            let of = if parsed.len() == 1 {
                parsed.pop()
            } else {
                None
            };
            let of = of.ok_or_else(|| invalid(format!("Invalid arguments of {name}")))?;
            return Ok(Self::Aggregate {
                function: aggregate,
                of: Box::new(of),
                distinct: false,
            });
        }
        function(name)
            .map(|function| Self::Call(function, parsed))
            .ok_or_else(|| invalid(format!("Unsupported function or operator: {name}")))
    }

    fn argument(argument: &Value, scope: &mut Scope<'_>, depth: usize) -> Result<Self, Refusal> {
        match argument {
            Value::Object(map) => {
                let (name, arguments) = single(map)?;
                Self::call(name, arguments, scope, depth + 1)
            }
            Value::String(text) if text == "*" => Ok(Self::Star),
            Value::String(text) if text.is_empty() => {
                Err(invalid("Empty string arguments are not allowed".to_owned()))
            }
            Value::String(text) => match quoted(text) {
                Some(literal) => Ok(Self::Literal(json!(literal))),
                None => match scope.resolve(text, Clause::OrderBy)? {
                    Some(column) => Ok(Self::Column(column)),
                    None => Err(scope.unknown_column(text, Clause::Select)),
                },
            },
            Value::Number(_) => Ok(Self::Literal(argument.clone())),
            _ => Err(invalid("Unsupported argument of a function".to_owned())),
        }
    }

    /// Reads `sum(amount)`, with nothing after it.
    pub(super) fn of_text(text: &str, scope: &mut Scope<'_>) -> Result<Self, Refusal> {
        let unreadable = || Refusal::new(500, "IndexError", "list index out of range");
        let (name, rest) = text.split_once('(').ok_or_else(unreadable)?;
        let inside = rest
            .trim_end()
            .strip_suffix(')')
            .ok_or_else(unreadable)?
            .trim();
        let name = name.trim().to_uppercase();
        if inside.contains('(') {
            return Err(unreadable());
        }
        if let Some(function) = aggregate(&name) {
            let (field, distinct) = match inside.split_once(' ') {
                Some((word, field)) if word.eq_ignore_ascii_case("distinct") => (field, true),
                _ => (inside, false),
            };
            if field == "*" {
                return Err(not_permitted("*"));
            }
            let column = scope
                .resolve(field, Clause::Select)?
                .ok_or_else(unreadable)?;
            return Ok(Self::Aggregate {
                function,
                of: Box::new(Self::Column(column)),
                distinct,
            });
        }
        let function = function(&name).ok_or_else(unreadable)?;
        let arguments = inside
            .split(',')
            .map(str::trim)
            .filter(|argument| !argument.is_empty())
            .map(|argument| {
                if let Some(literal) = quoted(argument) {
                    return Ok(Self::Literal(json!(literal)));
                }
                if let Ok(number) = argument.parse::<f64>() {
                    return Ok(Self::Literal(json!(number)));
                }
                scope
                    .resolve(argument, Clause::Select)?
                    .map(Self::Column)
                    .ok_or_else(unreadable)
            })
            .collect::<Result<_, _>>()?;
        Ok(Self::Call(function, arguments))
    }

    /// Whether it makes one row of many.
    pub(super) fn is_aggregate(&self) -> bool {
        match self {
            Self::Aggregate { .. } => true,
            Self::Call(_, arguments) => arguments.iter().any(Self::is_aggregate),
            Self::Star | Self::Column(_) | Self::Literal(_) => false,
        }
    }

    /// The value for a group of rows; without an aggregate that of the first one.
    pub(super) fn value(&self, scope: &Scope<'_>, group: &[Tuple], today: Date) -> Value {
        match self {
            Self::Star => json!(1),
            Self::Literal(value) => value.clone(),
            Self::Column(column) => group.first().map_or(Value::Null, |tuple| {
                scope
                    .kind(*column)
                    .give(scope.cell(tuple, *column), &scope.store.texts)
            }),
            Self::Aggregate {
                function,
                of,
                distinct,
            } => aggregated(*function, of, *distinct, scope, group, today),
            Self::Call(function, arguments) => {
                let values: Vec<Value> = arguments
                    .iter()
                    .map(|argument| argument.value(scope, group, today))
                    .collect();
                called(*function, &values, today)
            }
        }
    }
}

fn aggregated(
    function: Aggregate,
    of: &Expr,
    distinct: bool,
    scope: &Scope<'_>,
    group: &[Tuple],
    today: Date,
) -> Value {
    if let (Aggregate::Sum | Aggregate::Avg, Expr::Column(column)) = (function, of) {
        return summed(function, *column, scope, group);
    }
    let one = |tuple: &Tuple| of.value(scope, std::slice::from_ref(tuple), today);
    let mut values: Vec<Value> = group
        .iter()
        .map(one)
        .filter(|value| !value.is_null())
        .collect();
    if distinct {
        let mut seen = HashSet::new();
        values.retain(|value| seen.insert(value.to_string()));
    }
    match function {
        Aggregate::Count => json!(values.len()),
        Aggregate::Sum | Aggregate::Avg if values.is_empty() => Value::Null,
        Aggregate::Sum => json!(exact(values.iter().map(float_of).sum())),
        Aggregate::Avg => {
            let sum: f64 = values.iter().map(float_of).sum();
            ratio(sum, json!(values.len()).as_f64().unwrap_or(1.0))
        }
        Aggregate::Max => extreme(values, true),
        Aggregate::Min => extreme(values, false),
    }
}

fn summed(function: Aggregate, column: ColumnRef, scope: &Scope<'_>, group: &[Tuple]) -> Value {
    let cells = group
        .iter()
        .map(|tuple| scope.cell(tuple, column))
        .filter(|cell| *cell != Cell::Null);
    let (mut sum, mut count) = (0.0, 0_u32);
    for cell in cells {
        sum += number(cell);
        count = count.saturating_add(1);
    }
    match (count, function) {
        (0, _) => Value::Null,
        (_, Aggregate::Avg) => ratio(sum, count.into()),
        _ => json!(exact(sum)),
    }
}

/// The database adds decimals: what binary adding leaves behind the ninth place is cut off.
fn exact(sum: f64) -> f64 {
    if sum.abs() < 1e6 {
        (sum * 1e9).round() / 1e9
    } else {
        (sum * 1e6).round() / 1e6
    }
}

fn ratio(above: f64, below: f64) -> Value {
    let ratio = above / below;
    if ratio.is_finite() {
        json!(exact(ratio))
    } else {
        Value::Null
    }
}

fn extreme(values: Vec<Value>, greatest: bool) -> Value {
    let best = values.into_iter().reduce(|best, next| {
        let order = compare(&next, &best);
        let better = if greatest {
            order.is_gt()
        } else {
            order.is_lt()
        };
        if better { next } else { best }
    });
    best.unwrap_or_default()
}

/// The order of two computed values, NULL first.
pub(super) fn compare(left: &Value, right: &Value) -> std::cmp::Ordering {
    match (left, right) {
        (Value::Null, Value::Null) => std::cmp::Ordering::Equal,
        (Value::Null, _) => std::cmp::Ordering::Less,
        (_, Value::Null) => std::cmp::Ordering::Greater,
        (Value::String(left), Value::String(right)) => {
            super::collation::order(&super::collation::key(left), &super::collation::key(right))
        }
        _ => float_of(left).total_cmp(&float_of(right)),
    }
}

fn called(function: Function, values: &[Value], today: Date) -> Value {
    let first = values.first().unwrap_or(&Value::Null);
    let second = values.get(1).unwrap_or(&Value::Null);
    let either_null = first.is_null() || second.is_null();
    let date = || {
        let text = first.as_str()?;
        text.get(..10)?.parse::<Date>().ok()
    };
    match function {
        Function::IfNull if first.is_null() => second.clone(),
        Function::IfNull => first.clone(),
        Function::NullIf if first == second => Value::Null,
        Function::NullIf => first.clone(),
        Function::Now => json!(format!("{today} 12:00:00")),
        Function::Concat if values.iter().any(Value::is_null) => Value::Null,
        Function::Concat => json!(values.iter().map(text_of).collect::<String>()),
        Function::Abs if first.is_null() => Value::Null,
        Function::Abs => json!(float_of(first).abs()),
        Function::Timestamp => match (first.as_str(), second.as_str()) {
            (Some(day), Some(time)) => json!(format!("{day} {time:0>8}")),
            (Some(day), None) => {
                let instant = day.parse::<DateTime>().ok();
                instant.map_or(Value::Null, |at| json!(at.to_string().replace('T', " ")))
            }
            _ => Value::Null,
        },
        Function::MonthName => date().map_or(Value::Null, |date| json!(month_name(date.month()))),
        Function::Month => date().map_or(Value::Null, |date| json!(date.month())),
        Function::Quarter => date().map_or(Value::Null, |date| json!((date.month() + 2) / 3)),
        _ if either_null => Value::Null,
        Function::Locate => {
            let (part, whole) = (text_of(first), text_of(second));
            let (part, whole) = (super::collation::key(&part), super::collation::key(&whole));
            let place = whole
                .find(part.as_ref())
                .and_then(|at| whole.get(..at))
                .map_or(0, |before| before.chars().count() + 1);
            json!(place)
        }
        Function::Add => json!(exact(float_of(first) + float_of(second))),
        Function::Sub => json!(exact(float_of(first) - float_of(second))),
        Function::Mul => json!(exact(float_of(first) * float_of(second))),
        Function::Div => ratio(float_of(first), float_of(second)),
    }
}

fn month_name(month: i8) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    usize::try_from(month - 1)
        .ok()
        .and_then(|at| NAMES.get(at))
        .copied()
        .unwrap_or_default()
}

fn float_of(value: &Value) -> f64 {
    match value {
        Value::Number(number) => number.as_f64().unwrap_or_default(),
        Value::String(text) => text.trim().parse().unwrap_or_default(),
        Value::Bool(set) => f64::from(u8::from(*set)),
        _ => 0.0,
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The text between a pair of quotes.
fn quoted(text: &str) -> Option<&str> {
    ['\'', '"']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
}

/// The one key of an object beside `as`.
fn single(map: &Map<String, Value>) -> Result<(&str, &Value), Refusal> {
    let mut keys = map.iter().filter(|(key, _)| key.as_str() != "as");
    match (keys.next(), keys.next()) {
        (Some((name, arguments)), None) => Ok((name, arguments)),
        _ => Err(invalid("Invalid function dictionary format".to_owned())),
    }
}

/// What the database calls a column without an alias.
fn sql_text(name: &str, arguments: &Value) -> String {
    let one = |argument: &Value| match argument {
        Value::String(text) if text == "*" || quoted(text).is_some() => text.clone(),
        Value::String(text) => format!("`{text}`"),
        Value::Object(map) => {
            single(map).map_or_else(|_| String::new(), |(name, inner)| sql_text(name, inner))
        }
        other => other.to_string(),
    };
    let list: Vec<String> = match arguments {
        Value::Array(list) => list.iter().map(one).collect(),
        Value::Null => Vec::new(),
        argument => vec![one(argument)],
    };
    let operator = match name {
        "ADD" => "+",
        "SUB" => "-",
        "MUL" => "*",
        "DIV" => "/",
        _ => return format!("{name}({})", list.join(",")),
    };
    list.join(operator)
}

pub(super) fn is_identifier(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|letter| letter.is_alphanumeric() || letter == '_')
}

/// The key under which rows are one group.
pub(super) fn group_key(scope: &Scope<'_>, tuple: &Tuple, columns: &[ColumnRef]) -> String {
    let texts = &scope.store.texts;
    columns
        .iter()
        .map(|&column| match scope.cell(tuple, column) {
            Cell::Null => "\u{0}".to_owned(),
            Cell::Text(sym) => format!("t{}\u{1}", texts.key_text(sym)),
            cell if scope.kind(column) == Kind::Int => format!("i{}\u{1}", number(cell)),
            cell => format!("f{}\u{1}", number(cell)),
        })
        .collect()
}
