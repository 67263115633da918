//! Date and Duration.

use jiff::SignedDuration;
use jiff::civil::Date;
use serde::{Deserializer, Serializer};

use super::Field;
use super::scalar::{self, Scalar};

/// Exactly `2026-05-04`.
pub(super) fn parse_date(text: &str) -> Option<Date> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else {
        return None;
    };
    let digit = |byte: u8| byte.is_ascii_digit().then(|| byte.wrapping_sub(b'0'));
    let pair = |tens: u8, ones: u8| Some(digit(tens)? * 10 + digit(ones)?);
    let year = i16::from(pair(y1, y2)?) * 100 + i16::from(pair(y3, y4)?);
    let month = i8::try_from(pair(m1, m2)?).ok()?;
    let day = i8::try_from(pair(d1, d2)?).ok()?;
    Date::new(year, month, day).ok()
}

impl Scalar for Date {
    const NEEDS: &'static str = "a date such as 2026-05-04";

    fn of_str(text: &str) -> Option<Self> {
        parse_date(text)
    }
}

impl Field for Date {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        scalar::read(deserializer)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{self}"))
    }
}

impl Scalar for SignedDuration {
    const NEEDS: &'static str = "a number of seconds";

    fn of_str(text: &str) -> Option<Self> {
        match text.trim().parse() {
            Ok(seconds) => Self::of_i64(seconds),
            Err(_) => Self::of_f64(text.trim().parse().ok()?),
        }
    }

    fn of_i64(seconds: i64) -> Option<Self> {
        Some(Self::from_secs(seconds))
    }

    fn of_f64(seconds: f64) -> Option<Self> {
        Self::try_from_secs_f64(seconds).ok()
    }
}

impl Field for SignedDuration {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        scalar::read(deserializer)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.subsec_nanos() == 0 {
            serializer.serialize_i64(self.as_secs())
        } else {
            serializer.serialize_f64(self.as_secs_f64())
        }
    }
}
