//! What the derive macros write calls this. Not part of the API: it changes without notice.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};

pub use serde;
pub use serde_json::{Map, Value};

use crate::value::{Extra, Field};
use crate::{Changes, Modified, Patch};

/// A key of a document.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "hidden")]
pub enum Key {
    /// The field with this number.
    Known(usize),
    /// A field to keep.
    Extra(String),
    /// A field to drop.
    Dropped,
}

/// The next key: numbered by `known`, or kept as text where `keep` says so.
///
/// # Errors
/// Those of the deserializer.
#[inline]
pub fn next_key<'de, A: MapAccess<'de>>(
    map: &mut A,
    keep: bool,
    known: impl Fn(&str) -> Option<usize>,
) -> Result<Option<Key>, A::Error> {
    map.next_key_seed(Keys { known, keep })
}

struct Keys<F> {
    known: F,
    keep: bool,
}

impl<'de, F: Fn(&str) -> Option<usize>> DeserializeSeed<'de> for Keys<F> {
    type Value = Key;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<F: Fn(&str) -> Option<usize>> Visitor<'_> for Keys<F> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    #[inline]
    fn visit_str<E: de::Error>(self, key: &str) -> Result<Key, E> {
        Ok(match (self.known)(key) {
            Some(number) => Key::Known(number),
            None if self.keep => Key::Extra(key.to_owned()),
            None => Key::Dropped,
        })
    }
}

/// The value of a field of a doctype.
///
/// # Errors
/// Those of the field's type, with the place.
#[inline]
pub fn next_field<'de, T: Field, A: MapAccess<'de>>(
    map: &mut A,
    doctype: &str,
    field: &str,
) -> Result<T, A::Error> {
    match map.next_value_seed(Seed::<T>(PhantomData)) {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(misses(doctype, field, "empty")),
        Err(error) => Err(misses(doctype, field, error)),
    }
}

struct Seed<T>(PhantomData<T>);

impl<'de, T: Field> DeserializeSeed<'de> for Seed<T> {
    type Value = Option<T>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        T::read(deserializer)
    }
}

/// What a field is that the answer does not have.
///
/// # Errors
/// That the answer must have it.
#[inline]
pub fn absent<T: Field, E: de::Error>(doctype: &str, field: &str) -> Result<T, E> {
    T::absent().ok_or_else(|| misses(doctype, field, "missing"))
}

/// Any document of a wrong form.
///
/// # Errors
/// Those of the deserializer.
pub fn ignore<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<de::IgnoredAny>().map(|_| ())
}

/// An option of a Select field; `None` for null, and for no text where that is no option.
///
/// # Errors
/// Those of the deserializer, and when it is no text.
pub fn read_select<'de, T, D>(deserializer: D, empty: bool) -> Result<Option<T>, D::Error>
where
    T: for<'a> From<&'a str>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_any(Options {
        empty,
        of: PhantomData,
    })
}

struct Options<T> {
    empty: bool,
    of: PhantomData<T>,
}

impl<T: for<'a> From<&'a str>> Visitor<'_> for Options<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an option, a text")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok((self.empty || !text.is_empty()).then(|| T::from(text)))
    }

    // Options such as 1, 2, 3 may come as numbers.
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(T::from(&value.to_string())))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Some(T::from(&value.to_string())))
    }
}

#[cold]
fn misses<E: de::Error>(doctype: &str, field: &str, why: impl fmt::Display) -> E {
    E::custom(format_args!("field `{field}` of {doctype}: {why}"))
}

/// A field, for serde.
#[derive(Debug)]
pub struct Wire<'a, T>(pub &'a T);

impl<T: Field> serde::Serialize for Wire<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

/// Writes what a patch says about a field.
///
/// # Errors
/// Those of the serializer.
pub fn write_patch<M: SerializeMap, T: Field>(
    map: &mut M,
    field: &'static str,
    patch: &Patch<T>,
    others: &Changes,
) -> Result<(), M::Error> {
    if others.get(field).is_some() {
        return Ok(());
    }
    match patch {
        Patch::Absent => Ok(()),
        Patch::Null => map.serialize_entry(field, &()),
        Patch::Value(value) => map.serialize_entry(field, &Wire(value)),
    }
}

/// Writes the fields that have no place in the struct.
///
/// # Errors
/// Those of the serializer.
pub fn write_extra<M: SerializeMap>(
    map: &mut M,
    extra: &Extra,
    known: impl Fn(&str) -> Option<usize>,
) -> Result<(), M::Error> {
    extra
        .iter()
        .filter(|(field, _)| known(field).is_none())
        .try_for_each(|(field, value)| map.serialize_entry(field, value))
}

/// `modified: Modified` and `modified: Option<Modified>`.
pub trait Lock {
    /// The lock, where there is one.
    fn lock(&self) -> Option<&Modified>;
}

impl Lock for Modified {
    fn lock(&self) -> Option<&Modified> {
        Some(self)
    }
}

impl Lock for Option<Modified> {
    fn lock(&self) -> Option<&Modified> {
        self.as_ref()
    }
}
