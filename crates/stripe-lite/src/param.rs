//! The tree of parameters of a call, and its form encoding.

use std::fmt::{self, Write as _};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// What stays as it is: letters, digits, `-_.~`, and the brackets, which Stripe's own client
/// leaves alone in names and in values.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'[')
    .remove(b']');

/// One value of a call: a text, a number, a list, more names inside.
///
/// # Examples
///
/// ```
/// use stripe_lite::{Param, Params};
///
/// let mut params = Params::new();
/// params.insert("limit", 100);
/// params.insert("expand", ["customer", "payment_intent"].map(Param::from).to_vec());
/// params.insert("description", Param::Null);
/// assert_eq!(params.encode(), "limit=100&expand[0]=customer&expand[1]=payment_intent&description=");
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Param {
    /// An empty value, which unsets a field.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number; also a time, in seconds since 1970.
    Int(i64),
    /// A text.
    Text(String),
    /// Values by number: `items[0]`, `items[1]`. An empty list is not sent.
    List(Vec<Param>),
    /// Values by name: `metadata[invoice]`. Without any it is not sent.
    Map(Params),
}

impl Param {
    fn flatten(&self, name: &str, pairs: &mut Vec<(String, String)>) {
        match self {
            Self::Null => pairs.push((name.to_owned(), String::new())),
            Self::Bool(value) => pairs.push((name.to_owned(), value.to_string())),
            Self::Int(value) => pairs.push((name.to_owned(), value.to_string())),
            Self::Text(value) => pairs.push((name.to_owned(), value.clone())),
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    item.flatten(&format!("{name}[{index}]"), pairs);
                }
            }
            Self::Map(params) => {
                for (key, value) in params.iter() {
                    value.flatten(&format!("{name}[{key}]"), pairs);
                }
            }
        }
    }
}

/// Only what kind of value it is: values are what customers typed.
impl fmt::Debug for Param {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(_) => f.write_str("bool"),
            Self::Int(_) => f.write_str("int"),
            Self::Text(_) => f.write_str("text"),
            Self::List(items) => f.debug_list().entries(items).finish(),
            Self::Map(params) => params.fmt(f),
        }
    }
}

impl From<bool> for Param {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Param {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<i32> for Param {
    fn from(value: i32) -> Self {
        Self::Int(value.into())
    }
}

impl From<u32> for Param {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}

impl From<&str> for Param {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Param {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

/// Whole seconds, rounded down, as Stripe's own client does with dates.
impl From<jiff::Timestamp> for Param {
    fn from(value: jiff::Timestamp) -> Self {
        let below = i64::from(value.subsec_nanosecond() < 0);
        Self::Int(value.as_second() - below)
    }
}

impl From<Vec<Param>> for Param {
    fn from(value: Vec<Param>) -> Self {
        Self::List(value)
    }
}

impl From<Params> for Param {
    fn from(value: Params) -> Self {
        Self::Map(value)
    }
}

/// Numbers that are not whole become texts as JSON writes them.
impl From<&Value> for Param {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => match number.as_i64() {
                Some(value) => Self::Int(value),
                None => Self::Text(number.to_string()),
            },
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(map) => Self::Map(
                map.iter()
                    .map(|(name, value)| (name.clone(), Self::from(value)))
                    .collect(),
            ),
        }
    }
}

/// Names and values of a call, in order; a name occurs once.
///
/// # Examples
///
/// A field this crate does not model goes in by its path:
///
/// ```
/// use stripe_lite::Params;
///
/// let mut params = Params::new();
/// params.set("automatic_tax[enabled]", true);
/// params.set("metadata[invoice]", "SINV-0042 & co");
/// assert_eq!(params.encode(), "automatic_tax[enabled]=true&metadata[invoice]=SINV-0042%20%26%20co");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, Param)>);

impl Params {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Sets the value of a name, which is taken as it is, brackets included.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Param>) {
        let (name, value) = (name.into(), value.into());
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, place)) => *place = value,
            None => self.0.push((name, value)),
        }
    }

    /// Sets a value by its path: `payment_intent_data[description]`. What stood in the way and
    /// is not a map is replaced.
    pub fn set(&mut self, path: &str, value: impl Into<Param>) {
        let mut steps = path.split('[').map(|step| step.trim_end_matches(']'));
        let first = steps.next().unwrap_or_default();
        let steps: Vec<&str> = steps.collect();
        self.set_steps(first, &steps, value.into());
    }

    fn set_steps(&mut self, first: &str, rest: &[&str], value: Param) {
        match rest.split_first() {
            None => self.insert(first, value),
            Some((next, rest)) => self.map_mut(first).set_steps(next, rest, value),
        }
    }

    /// The map under a name, made where there is none.
    pub(crate) fn map_mut(&mut self, name: &str) -> &mut Self {
        let at = match self.0.iter().position(|(known, _)| known == name) {
            Some(at) => at,
            None => {
                self.0.push((name.to_owned(), Param::Null));
                self.0.len() - 1
            }
        };
        let place = &mut self.0[at].1;
        if !matches!(place, Param::Map(_)) {
            *place = Param::Map(Self::new());
        }
        match place {
            Param::Map(map) => map,
            _ => unreachable!("made a map just above"),
        }
    }

    /// Adds to the list under a name.
    pub(crate) fn push(&mut self, name: &str, value: Param) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, Param::List(items))) => items.push(value),
            Some((_, place)) => *place = Param::List(vec![value]),
            None => self.0.push((name.to_owned(), Param::List(vec![value]))),
        }
    }

    /// The value of a name of the first level.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Param> {
        let (_, value) = self.0.iter().find(|(known, _)| known == name)?;
        Some(value)
    }

    /// Names and values of the first level.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Param)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// How many names there are on the first level.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether there is no name at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The flat list: `("metadata[invoice]", "SINV-0042")`, not encoded.
    #[must_use]
    pub fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for (name, value) in self.iter() {
            value.flatten(name, &mut pairs);
        }
        pairs
    }

    /// The body of a call (`application/x-www-form-urlencoded`), byte for byte as Stripe's own
    /// client for Node writes it.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut text = String::new();
        for (name, value) in self.pairs() {
            let and = if text.is_empty() { "" } else { "&" };
            let name = utf8_percent_encode(&name, KEPT);
            let value = utf8_percent_encode(&value, KEPT);
            write!(text, "{and}{name}={value}").expect("writing to a String");
        }
        text
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.0.iter().map(|(name, value)| (name, value)))
            .finish()
    }
}

impl<N: Into<String>, V: Into<Param>> FromIterator<(N, V)> for Params {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut params = Self::new();
        for (name, value) in pairs {
            params.insert(name, value);
        }
        params
    }
}

/// From JSON, with the names in their order. Numbers that are not whole become texts.
impl<'de> Deserialize<'de> for Param {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ParamVisitor)
    }
}

/// From a JSON object, with the names in their order.
///
/// # Examples
///
/// ```
/// let params: stripe_lite::Params = serde_json::from_str(r#"{"b": [1, true], "a": null, "none": []}"#)?;
/// assert_eq!(params.encode(), "b[0]=1&b[1]=true&a=");
/// # Ok::<(), serde_json::Error>(())
/// ```
impl<'de> Deserialize<'de> for Params {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Param::deserialize(deserializer)? {
            Param::Map(params) => Ok(params),
            _ => Err(D::Error::custom("parameters are an object")),
        }
    }
}

struct ParamVisitor;

impl<'de> Visitor<'de> for ParamVisitor {
    type Value = Param;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_unit<E>(self) -> Result<Param, E> {
        Ok(Param::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Param, E> {
        Ok(Param::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Param, E> {
        Ok(Param::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Param, E> {
        Ok(i64::try_from(value).map_or_else(|_| Param::Text(value.to_string()), Param::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Param, E> {
        Ok(Param::Text(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Param, E> {
        Ok(Param::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Param, E> {
        Ok(Param::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Param, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Param::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Param, A::Error> {
        let mut params = Params::new();
        while let Some((name, value)) = map.next_entry::<String, Param>()? {
            params.insert(name, value);
        }
        Ok(Param::Map(params))
    }
}
