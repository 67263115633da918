//! Values as Frappe writes them, and how they become Rust's.
//!
//! | Frappe | Rust | read from | sent as |
//! |---|---|---|---|
//! | Data, Text, Select | `String`, or an enum with [`Select`](crate::Select) | string, integer | string |
//! | Link, `name` | [`DocName`](crate::DocName) | string, integer | string |
//! | Check | `bool` | 0, 1, true, false, "0", "1" | 0, 1 |
//! | Int | `i64`, `u32`, … | integer, string | integer |
//! | Currency, Float, Percent | [`Decimal`], `f64` | number, string | number |
//! | Date | [`Date`] | `2026-05-04` | the same |
//! | Datetime | [`SiteDateTime`] | `2026-05-04 08:30:00[.123456]`, also with `T` | the same, with the space |
//! | Time | [`SiteTime`] | `8:30:00`, `21:12:5.158591`, `08:30` | `08:30:00` |
//! | Duration | [`SignedDuration`] | seconds | seconds |
//! | JSON | [`Json`] | string that holds JSON | the same |
//! | Table | `Vec` of a [`Row`](crate::Row) | array; absent is empty | array |
//! | anything | [`serde_json::Value`] | as it is | as it is |
//!
//! `Option` of these is `None` where the answer has null, has nothing, or (texts apart) has an
//! empty string. Without `Option`, a value that is not there is an error: never a made-up 0.

mod date;
mod into;
mod json;
mod number;
mod scalar;
mod site_time;
mod table;
mod text;

use std::fmt;

use serde::{Deserializer, Serializer};

pub use into::IntoField;
pub use jiff::SignedDuration;
pub use jiff::civil::Date;
pub use json::Json;
pub use rust_decimal::Decimal;
pub use site_time::{SiteDateTime, SiteTime};

/// Fields that a struct has no place for, kept as they came.
pub type Extra = serde_json::Map<String, serde_json::Value>;

/// A type that a field of a doctype can have.
///
/// It has its own two methods, rather than serde's, because Frappe's JSON has rules of its own
/// (see the [table](self)) for types that are not ours to give serde impls to.
///
/// # Examples
/// A type of your own, on top of one that is known:
/// ```
/// use erpnext_client::value::Field;
/// use serde::{Deserializer, Serializer};
///
/// /// Light, in hundredths of a decibel over a milliwatt.
/// #[derive(Clone, Copy, Debug, PartialEq)]
/// struct Light(i32);
///
/// impl Field for Light {
///     fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
///         Ok(i32::read(deserializer)?.map(Light))
///     }
///
///     fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
///         self.0.write(serializer)
///     }
/// }
///
/// assert_eq!(Light::read(&serde_json::json!("-2150")).unwrap(), Some(Light(-2150)));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a doctype",
    label = "not a type that Frappe's values are read into",
    note = "see the table in `erpnext_client::value`; a child table is a `Vec` of a struct with `#[derive(Doctype)]` and `#[doctype(…, child)]`, and `extra` needs `#[doctype(extra)]`"
)]
pub trait Field: Clone + fmt::Debug + Send + Sync + Sized + 'static {
    /// Reads a value. `None` means that there is none: null, or an empty string for what is no
    /// text.
    ///
    /// # Errors
    /// Those of the deserializer, and one that tells what was needed (never what was found).
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;

    /// Writes the value.
    ///
    /// # Errors
    /// Those of the serializer.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// What the field is when an answer does not have it; `None` makes that an error.
    #[must_use]
    fn absent() -> Option<Self> {
        None
    }

    /// Whether this is written as null.
    #[must_use]
    fn is_null(&self) -> bool {
        false
    }
}

impl<T: Field> Field for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        T::read(deserializer).map(Some)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => value.write(serializer),
            None => serializer.serialize_none(),
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn is_null(&self) -> bool {
        self.is_none()
    }
}
