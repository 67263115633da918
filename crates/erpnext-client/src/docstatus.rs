//! Draft, submitted, cancelled.

use crate::value::Field as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Where a submittable document stands.
///
/// # Examples
/// ```
/// use erpnext_client::DocStatus;
///
/// assert_eq!(serde_json::from_str::<DocStatus>("1").unwrap(), DocStatus::Submitted);
/// assert_eq!(serde_json::to_string(&DocStatus::Cancelled).unwrap(), "2");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(
    clippy::exhaustive_enums,
    reason = "Frappe has had these three from the beginning"
)]
pub enum DocStatus {
    /// 0: can be changed and deleted. Also every document that is not submittable.
    #[default]
    Draft,
    /// 1: booked; only what is allowed on submit can change.
    Submitted,
    /// 2: booked and taken back; can be amended.
    Cancelled,
}

impl DocStatus {
    /// 0, 1 or 2.
    #[must_use]
    pub fn as_int(self) -> u8 {
        match self {
            Self::Draft => 0,
            Self::Submitted => 1,
            Self::Cancelled => 2,
        }
    }
}

impl Serialize for DocStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.as_int())
    }
}

impl<'de> Deserialize<'de> for DocStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A Single doctype answers numbers as strings.
        match Self::read(deserializer)? {
            Some(status) => Ok(status),
            None => Err(de::Error::custom("needs 0, 1 or 2")),
        }
    }
}
