//! Objects of a remote that adds and empties fields as it likes.

use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The default where the field is null.
pub(crate) fn null_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// What has an id of its own.
pub trait Identified {
    /// The id as text; empty where there is none.
    fn id(&self) -> &str;
}

impl Identified for Value {
    fn id(&self) -> &str {
        self.get("id").and_then(Self::as_str).unwrap_or_default()
    }
}

/// A reference to another object: its id, or the whole of it where it was asked for with
/// `expand`.
///
/// # Examples
///
/// ```
/// use stripe_lite::{Customer, Expandable};
///
/// let id: Expandable<Customer> = serde_json::from_str(r#""cus_1""#)?;
/// let whole: Expandable<Customer> = serde_json::from_str(r#"{"id":"cus_1","email":"a@example.ca"}"#)?;
/// assert_eq!((id.id(), whole.id()), ("cus_1", "cus_1"));
/// assert!(id.object().is_none() && whole.object().is_some());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Expandable<T> {
    /// The id alone.
    Id(Box<str>),
    /// The object.
    Object(Box<T>),
}

impl<T: Identified> Expandable<T> {
    /// The id, whichever way it came.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Id(id) => id,
            Self::Object(object) => object.id(),
        }
    }
}

impl<T> Expandable<T> {
    /// The object, where it came whole.
    #[must_use]
    pub fn object(&self) -> Option<&T> {
        match self {
            Self::Id(_) => None,
            Self::Object(object) => Some(object),
        }
    }
}

impl<T: Identified> fmt::Debug for Expandable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// An object whose id is a field named `id`.
macro_rules! identified {
    ($($name:ident),+) => { $(
        impl crate::lenient::Identified for $name {
            fn id(&self) -> &str {
                self.id.as_str()
            }
        }
    )+ };
}

pub(crate) use identified;
