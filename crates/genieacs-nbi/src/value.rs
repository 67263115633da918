//! The scalar values tasks, queries and provisions are made of.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::Error;

/// A string, number or boolean, in its natural JSON type.
///
/// GenieACS ignores the type named in a `setParameterValues` task and goes by the JSON type and by
/// what it knows of the parameter: give a number as a number, a flag as a boolean.
///
/// # Examples
/// ```
/// use genieacs_nbi::Scalar;
///
/// assert_eq!(Scalar::from("Maison"), Scalar::Text("Maison".into()));
/// assert_eq!(Scalar::from(6), Scalar::Integer(6));
/// assert_eq!(Scalar::from(true), Scalar::Bool(true));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[allow(
    clippy::exhaustive_enums,
    reason = "the JSON scalars, of which there are no more"
)]
pub enum Scalar {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction, or beyond 64 bits.
    Float(f64),
    /// Text.
    Text(String),
}

impl Scalar {
    /// The value as JSON.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a number that JSON cannot hold (infinite, not a number).
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::Scalar;
    ///
    /// assert_eq!(Scalar::from(300).to_json()?, serde_json::json!(300));
    /// assert!(Scalar::Float(f64::NAN).to_json().is_err());
    /// # Ok::<(), genieacs_nbi::Error>(())
    /// ```
    pub fn to_json(&self) -> Result<Value, Error> {
        Ok(match self {
            Self::Bool(flag) => Value::Bool(*flag),
            Self::Integer(number) => Value::from(*number),
            Self::Float(number) => serde_json::Number::from_f64(*number)
                .map(Value::Number)
                .ok_or_else(|| Error::invalid("value", "is not a finite number"))?,
            Self::Text(text) => Value::String(text.clone()),
        })
    }

    /// Whether a value read back says the same, allowing for the server's conversions: `"1"`, `1`
    /// and `true`; `"300"` and `300`; surrounding blanks of numbers; one instant written in two ways
    /// (a date is read back with milliseconds and `Z`), or as its milliseconds.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::Scalar;
    /// use serde_json::json;
    ///
    /// assert!(Scalar::from(true).matches(&json!("1")));
    /// assert!(Scalar::from("300").matches(&json!(300)));
    /// assert!(Scalar::from("2026-11-22T15:00:00-05:00").matches(&json!("2026-11-22T20:00:00.000Z")));
    /// assert!(!Scalar::from("Maison").matches(&json!("maison")));
    /// ```
    #[must_use]
    pub fn matches(&self, read: &Value) -> bool {
        match self {
            Self::Bool(flag) => lenient_bool(read) == Some(*flag),
            Self::Integer(number) => {
                lenient_integer(read) == Some(i128::from(*number))
                    || instant_of(read).is_some_and(|at| at.as_millisecond() == *number)
            }
            Self::Float(number) => lenient_number(read).is_some_and(|other| close(*number, other)),
            Self::Text(text) => match read {
                Value::String(other) => {
                    other == text || instant(text).is_some_and(|at| instant_of(read) == Some(at))
                }
                Value::Bool(other) => lenient_bool(&Value::String(text.clone())) == Some(*other),
                Value::Number(other) => other.as_i64().map_or_else(
                    || {
                        text.trim()
                            .parse::<f64>()
                            .is_ok_and(|n| other.as_f64().is_some_and(|o| close(n, o)))
                    },
                    |other| lenient_integer(&Value::String(text.clone())) == Some(other.into()),
                ),
                Value::Null | Value::Array(_) | Value::Object(_) => false,
            },
        }
    }
}

/// The instant a text spells in full, to the millisecond the server keeps.
fn instant(text: &str) -> Option<Timestamp> {
    let at: Timestamp = text.trim().parse().ok()?;
    Timestamp::from_millisecond(at.as_millisecond()).ok()
}

fn instant_of(value: &Value) -> Option<Timestamp> {
    value.as_str().and_then(instant)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= f64::EPSILON * a.abs().max(b.abs()).max(1.0)
}

/// `true/false`, `1/0` as JSON or text.
pub(crate) fn lenient_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => match number.as_i64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Value::String(text) => match text.trim() {
            "0" => Some(false),
            "1" => Some(true),
            other if other.eq_ignore_ascii_case("true") => Some(true),
            other if other.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        },
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A whole number, as JSON or text.
pub(crate) fn lenient_integer(value: &Value) -> Option<i128> {
    match value {
        Value::Number(number) => number
            .as_i128()
            .or_else(|| number.as_f64().and_then(whole_f64)),
        Value::String(text) => {
            let text = text.trim();
            text.parse()
                .ok()
                .or_else(|| text.parse().ok().and_then(whole_f64))
        }
        Value::Bool(flag) => Some(i128::from(*flag)),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A float that is a whole number exactly representable as one.
#[allow(
    clippy::cast_possible_truncation,
    reason = "bounded to the 53 bits that a float holds exactly"
)]
fn whole_f64(number: f64) -> Option<i128> {
    (number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0).then_some(number as i128)
}

/// A number, as JSON or text; never infinite.
pub(crate) fn lenient_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
        Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

impl From<bool> for Scalar {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}
impl From<i32> for Scalar {
    fn from(value: i32) -> Self {
        Self::Integer(value.into())
    }
}
impl From<u32> for Scalar {
    fn from(value: u32) -> Self {
        Self::Integer(value.into())
    }
}
impl From<i64> for Scalar {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}
impl From<f64> for Scalar {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}
impl From<&str> for Scalar {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<&String> for Scalar {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}
impl From<String> for Scalar {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
