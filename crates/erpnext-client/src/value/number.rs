//! Check, Int, Float, Currency, Percent.

use rust_decimal::Decimal;
use serde::{Deserializer, Serializer};

use super::Field;
use super::scalar::{self, Scalar};

impl Scalar for bool {
    const NEEDS: &'static str = "0 or 1";

    fn of_str(text: &str) -> Option<Self> {
        match text.trim() {
            "0" | "false" | "False" => Some(false),
            "1" | "true" | "True" => Some(true),
            _ => None,
        }
    }

    fn of_i64(value: i64) -> Option<Self> {
        match value {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn of_bool(value: bool) -> Option<Self> {
        Some(value)
    }
}

impl Field for bool {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        scalar::read(deserializer)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(u8::from(*self))
    }
}

/// 2⁵³: up to here every integer is a double of its own.
const EXACT: f64 = 9_007_199_254_740_992.0;

#[allow(
    clippy::cast_possible_truncation,
    reason = "an integer below 2^53, as checked"
)]
fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() < EXACT).then_some(value as i64)
}

macro_rules! integer {
    ($($type:ty: $write:ident),*) => {$(
        impl Scalar for $type {
            const NEEDS: &'static str = concat!("an integer (", stringify!($type), ")");

            fn of_str(text: &str) -> Option<Self> {
                text.trim().parse().ok()
            }

            fn of_i64(value: i64) -> Option<Self> {
                Self::try_from(value).ok()
            }

            fn of_u64(value: u64) -> Option<Self> {
                Self::try_from(value).ok()
            }

            fn of_f64(value: f64) -> Option<Self> {
                Self::of_i64(whole(value)?)
            }

            fn of_bool(value: bool) -> Option<Self> {
                Some(value.into())
            }
        }

        impl Field for $type {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                scalar::read(deserializer)
            }

            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.$write(*self)
            }
        }
    )*};
}

integer!(
    i8: serialize_i8,
    i16: serialize_i16,
    i32: serialize_i32,
    i64: serialize_i64,
    u8: serialize_u8,
    u16: serialize_u16,
    u32: serialize_u32,
    u64: serialize_u64
);

impl Scalar for f64 {
    const NEEDS: &'static str = "a number";

    fn of_str(text: &str) -> Option<Self> {
        text.trim()
            .parse()
            .ok()
            .filter(|value: &Self| value.is_finite())
    }

    #[allow(clippy::cast_precision_loss, reason = "the field is a double")]
    fn of_i64(value: i64) -> Option<Self> {
        Some(value as Self)
    }

    #[allow(clippy::cast_precision_loss, reason = "the field is a double")]
    fn of_u64(value: u64) -> Option<Self> {
        Some(value as Self)
    }

    fn of_f64(value: f64) -> Option<Self> {
        value.is_finite().then_some(value)
    }
}

impl Field for f64 {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        scalar::read(deserializer)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.is_finite() {
            return Err(serde::ser::Error::custom("JSON has no NaN and no infinity"));
        }
        serializer.serialize_f64(*self)
    }
}

impl Scalar for Decimal {
    const NEEDS: &'static str = "a number, with a dot where it has decimals";

    fn of_str(text: &str) -> Option<Self> {
        let text = text.trim();
        // `Decimal` would also read underscores.
        let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E');
        if !text.chars().all(digits) {
            return None;
        }
        if text.contains(['e', 'E']) {
            Self::from_scientific(text).ok()
        } else {
            text.parse().ok()
        }
    }

    fn of_i64(value: i64) -> Option<Self> {
        Some(value.into())
    }

    fn of_u64(value: u64) -> Option<Self> {
        Some(value.into())
    }

    /// The shortest decimal text that stands for the double: 79.95 for 79.95, never 79.9500…03.
    fn of_f64(value: f64) -> Option<Self> {
        // Money has two decimals. Where the nearest number of cents, at most 15 digits, divides
        // back to this very double, it is that shortest text: no need to print and to parse.
        let cents = (value * 100.0).round();
        if cents.abs() < 1e15 && cents / 100.0 == value {
            return Some(Self::new(whole(cents)?, 2).normalize());
        }
        if !value.is_finite() {
            return None;
        }
        // `Display` of a double is that text, without an exponent.
        value.to_string().parse().ok()
    }
}

impl Field for Decimal {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        scalar::read(deserializer)
    }

    /// As the nearest double: the site computes in doubles and stores nine decimals.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_integer()
            && let Ok(whole) = i64::try_from(*self)
        {
            return serializer.serialize_i64(whole);
        }
        match self.to_string().parse::<f64>() {
            Ok(value) => serializer.serialize_f64(value),
            Err(error) => Err(serde::ser::Error::custom(error)),
        }
    }
}
