//! Names of documents.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Error;

/// The name of a document: its primary key, and the value of a Link to it.
///
/// Made by hand, it is checked: a name that Frappe cannot be asked for is refused. Read from an
/// answer, it is taken as it is, string or integer (doctypes that count up).
///
/// Names ignore case and accents on the site (`ete` finds `été`): as a key use the name of an
/// *answer*, never the one asked for.
///
/// # Examples
/// ```
/// use erpnext_client::DocName;
///
/// assert_eq!(DocName::new("  TECH/é 1 ")?.as_str(), "TECH/é 1");
/// assert!(DocName::new("..").is_err());
/// let counted: DocName = serde_json::from_str("42").unwrap();
/// assert_eq!(counted.as_str(), "42");
/// # Ok::<(), erpnext_client::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocName(Box<str>);

impl DocName {
    /// Longest name, in characters.
    pub const MAX_CHARS: usize = 140;

    /// A name to ask for, trimmed as Frappe does.
    ///
    /// # Errors
    /// [`Error::Invalid`]: empty, `.` or `..` (these would address something else), longer than
    /// 140 characters, or holding `<`, `>` or a control character.
    pub fn new(name: impl AsRef<str>) -> Result<Self, Error> {
        let name = name.as_ref().trim();
        let reason = if name.is_empty() {
            "is empty"
        } else if name == "." || name == ".." {
            "is a relative path, which no request can address"
        } else if name.chars().count() > Self::MAX_CHARS {
            "is longer than 140 characters"
        } else if name.contains(['<', '>']) {
            "holds < or >, which Frappe refuses"
        } else if name.chars().any(char::is_control) {
            "holds a control character"
        } else {
            return Ok(Self(name.into()));
        };
        Err(Error::invalid("document name", reason))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the value of a Link that is sent: trimmed as Frappe does, and checked by it.
    pub(crate) fn linked(name: &str) -> Self {
        Self(name.trim().into())
    }

    /// As the server wrote it, unchecked.
    pub(crate) fn answered(name: impl Into<Box<str>>) -> Self {
        Self(name.into())
    }
}

impl fmt::Display for DocName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for DocName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for DocName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl FromStr for DocName {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::new(name)
    }
}

impl TryFrom<&str> for DocName {
    type Error = Error;

    fn try_from(name: &str) -> Result<Self, Error> {
        Self::new(name)
    }
}

impl TryFrom<String> for DocName {
    type Error = Error;

    fn try_from(name: String) -> Result<Self, Error> {
        Self::new(name)
    }
}

impl Serialize for DocName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for DocName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;

        impl Visitor<'_> for Read {
            type Value = Cow<'static, str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a document, a string or an integer")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(name.to_owned()))
            }

            fn visit_string<E: de::Error>(self, name: String) -> Result<Self::Value, E> {
                Ok(Cow::Owned(name))
            }

            fn visit_u64<E: de::Error>(self, name: u64) -> Result<Self::Value, E> {
                Ok(Cow::Owned(name.to_string()))
            }

            fn visit_i64<E: de::Error>(self, name: i64) -> Result<Self::Value, E> {
                Ok(Cow::Owned(name.to_string()))
            }
        }

        let name = deserializer.deserialize_any(Read)?;
        Ok(Self(name.into_owned().into_boxed_str()))
    }
}
