//! Absent, null, or a value.

use crate::value::{Field, IntoField};

/// What a patch says about one field.
///
/// Frappe's update is a merge: what is absent stays as it is, null clears.
///
/// # Examples
/// ```
/// use erpnext_client::Patch;
///
/// let mut phone: Patch<String> = Patch::default();
/// assert!(phone.is_absent());
/// phone = Patch::from(None);
/// assert_eq!(phone, Patch::Null);
/// phone.set("+1-4185550100");
/// assert_eq!(phone.value().map(String::as_str), Some("+1-4185550100"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "there is no fourth")]
pub enum Patch<T> {
    /// Not sent: the field stays as it is.
    Absent,
    /// Sent as null: the field is cleared.
    Null,
    /// Sent.
    Value(T),
}

impl<T> Patch<T> {
    /// Whether nothing is sent.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether the field is cleared.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// What is sent, if it is a value.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Sends a value.
    pub fn set(&mut self, value: impl IntoField<T>) {
        *self = Self::Value(value.into_field());
    }

    /// What the field is after this patch, when it was `before`.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Patch;
    ///
    /// assert_eq!(Patch::Absent.after(Some(1)), Some(1));
    /// assert_eq!(Patch::Null.after(Some(1)), None);
    /// assert_eq!(Patch::Value(2).after(Some(1)), Some(2));
    /// ```
    pub fn after(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Absent => before,
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }
}

// Not derived: that would want `T: Default`.
#[allow(clippy::derivable_impls, reason = "without a bound on T")]
impl<T> Default for Patch<T> {
    fn default() -> Self {
        Self::Absent
    }
}

impl<T: Field> From<T> for Patch<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// `None` clears.
impl<T: Field> From<Option<T>> for Patch<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}
