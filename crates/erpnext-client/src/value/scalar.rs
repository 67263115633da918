//! One visitor for all values that are not composed.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserializer, Visitor};

/// A value that a JSON string, number or boolean may stand for.
pub(crate) trait Scalar: Sized {
    /// What is needed, after "needs".
    const NEEDS: &'static str;
    /// Whether an empty string is a value of its own.
    const EMPTY_IS_A_VALUE: bool = false;

    fn of_str(text: &str) -> Option<Self>;

    fn of_string(text: String) -> Option<Self> {
        Self::of_str(&text)
    }

    fn of_i64(_: i64) -> Option<Self> {
        None
    }

    fn of_u64(value: u64) -> Option<Self> {
        i64::try_from(value).ok().and_then(Self::of_i64)
    }

    fn of_f64(_: f64) -> Option<Self> {
        None
    }

    fn of_bool(_: bool) -> Option<Self> {
        None
    }
}

/// Reads a scalar; null, and an empty string where that is no value, is `None`.
pub(crate) fn read<'de, T: Scalar, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(Read(PhantomData))
}

struct Read<T>(PhantomData<T>);

fn needed<T: Scalar, E: de::Error>(value: Option<T>) -> Result<Option<T>, E> {
    // The value found is not quoted: errors are logged, customers' data is not.
    match value {
        Some(value) => Ok(Some(value)),
        None => Err(E::custom(format_args!("needs {}", T::NEEDS))),
    }
}

impl<T: Scalar> Visitor<'_> for Read<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::NEEDS)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.is_empty() && !T::EMPTY_IS_A_VALUE {
            return Ok(None);
        }
        needed(T::of_str(text))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Self::Value, E> {
        if text.is_empty() && !T::EMPTY_IS_A_VALUE {
            return Ok(None);
        }
        needed(T::of_string(text))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
        needed(T::of_i64(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
        needed(T::of_u64(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
        needed(T::of_f64(value))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
        needed(T::of_bool(value))
    }
}
