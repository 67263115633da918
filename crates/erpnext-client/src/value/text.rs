//! Data, Text, Link and what is like them.

use serde::{Deserializer, Serialize, Serializer};

use super::Field;
use super::scalar::{self, Scalar};
use crate::{DocName, DocStatus, Modified};

impl Scalar for String {
    const NEEDS: &'static str = "a text";
    const EMPTY_IS_A_VALUE: bool = true;

    fn of_str(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    fn of_string(text: String) -> Option<Self> {
        Some(text)
    }

    fn of_i64(value: i64) -> Option<Self> {
        Some(value.to_string())
    }
}

impl Field for String {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        scalar::read(deserializer)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl Scalar for DocName {
    const NEEDS: &'static str = "the name of a document, a string or an integer";

    fn of_str(text: &str) -> Option<Self> {
        Some(Self::answered(text))
    }

    fn of_string(text: String) -> Option<Self> {
        Some(Self::answered(text))
    }

    fn of_i64(value: i64) -> Option<Self> {
        Some(Self::answered(value.to_string()))
    }

    fn of_u64(value: u64) -> Option<Self> {
        Some(Self::answered(value.to_string()))
    }
}

impl Field for DocName {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        scalar::read(deserializer)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}

impl Scalar for Modified {
    const NEEDS: &'static str = "the text of a time";

    fn of_str(text: &str) -> Option<Self> {
        Some(Self::from_answer(text))
    }
}

impl Field for Modified {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        scalar::read(deserializer)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}

impl Scalar for DocStatus {
    const NEEDS: &'static str = "0, 1 or 2";

    fn of_str(text: &str) -> Option<Self> {
        Self::of_i64(text.trim().parse().ok()?)
    }

    fn of_i64(value: i64) -> Option<Self> {
        match value {
            0 => Some(Self::Draft),
            1 => Some(Self::Submitted),
            2 => Some(Self::Cancelled),
            _ => None,
        }
    }
}

impl Field for DocStatus {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        scalar::read(deserializer)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}
