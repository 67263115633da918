//! JSON fields, and values taken as they are.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, DeserializeOwned, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};
use serde_json::Value;

use super::Field;

/// The content of a JSON field, which travels as a string that holds JSON.
///
/// # Examples
/// ```
/// use erpnext_client::value::{Field as _, Json};
/// use serde_json::json;
///
/// let read = Json::<Vec<u32>>::read(&json!("[1, 2]"))?;
/// assert_eq!(read, Some(Json(vec![1, 2])));
/// assert_eq!(Json(vec![1, 2]).write(serde_json::value::Serializer)?, json!("[1,2]"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_structs, reason = "a wrapper and nothing else")]
pub struct Json<T = Value>(pub T);

impl<T> Json<T> {
    /// What the field holds.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Json<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> Field for Json<T>
where
    T: Serialize + DeserializeOwned + Clone + fmt::Debug + Send + Sync + 'static,
{
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        struct Read<T>(PhantomData<T>);

        impl<'de, T: DeserializeOwned> Visitor<'de> for Read<T> {
            type Value = Option<Json<T>>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text that holds JSON")
            }

            fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                if text.trim().is_empty() {
                    return Ok(None);
                }
                match serde_json::from_str(text) {
                    Ok(value) => Ok(Some(Json(value))),
                    Err(_) => Err(E::custom("needs a text that holds the JSON expected")),
                }
            }

            // What a method answers may hold it already opened.
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|value| Some(Json(value)))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                T::deserialize(SeqAccessDeserializer::new(seq)).map(|value| Some(Json(value)))
            }
        }

        deserializer.deserialize_any(Read(PhantomData))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serde_json::to_string(&self.0) {
            Ok(text) => serializer.serialize_str(&text),
            Err(error) => Err(ser::Error::custom(error)),
        }
    }
}

impl Field for Value {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let value = Self::deserialize(deserializer)?;
        Ok((!value.is_null()).then_some(value))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}
