//! Reading fields that may be absent, null or of another type than promised.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// An instant as ISO text or milliseconds.
pub(crate) fn instant(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => Timestamp::from_millisecond(number.as_i64()?).ok(),
        _ => None,
    }
}

pub(crate) fn timestamp<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    Ok(instant(&Value::deserialize(deserializer)?))
}

/// A date as JavaScript reads it everywhere: milliseconds, `Z`.
pub(crate) fn iso(instant: Timestamp) -> String {
    format!("{instant:.3}")
}

/// A device id, or nothing for what is none.
pub(crate) fn device<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<crate::DeviceId>, D::Error> {
    Ok(text(deserializer)?.and_then(|id| crate::DeviceId::new(id).ok()))
}

/// A value, or its default for `null` and any other shape.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: serde::de::DeserializeOwned + Default,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// Text, or nothing for any other type.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        _ => None,
    })
}

/// A whole number, as JSON or text; 0 otherwise.
pub(crate) fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(crate::value::lenient_integer(&value)
        .and_then(|n| i64::try_from(n).ok())
        .unwrap_or_default())
}

/// A count.
pub(crate) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Ok(u64::try_from(integer(deserializer)?).unwrap_or_default())
}
