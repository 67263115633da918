//! What the setters of a patch take.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{Field, Json, SiteDateTime, SiteTime};
use crate::{DocName, Row};

/// What can stand for a field of type `T` in a setter: `T` itself, `&str` for texts and links, an
/// integer for an amount, an array for a table.
///
/// # Examples
/// ```
/// use erpnext_client::value::{Decimal, IntoField};
/// use erpnext_client::DocName;
///
/// fn link(to: impl IntoField<DocName>) -> DocName {
///     to.into_field()
/// }
///
/// assert_eq!(link("CUST-0001").as_str(), "CUST-0001");
/// let amount: Decimal = 80.into_field();
/// assert_eq!(amount, Decimal::new(80, 0));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand for a field of type `{T}`",
    label = "give a `{T}`, or something that becomes one without loss"
)]
pub trait IntoField<T> {
    /// The field's value.
    fn into_field(self) -> T;
}

impl<T: Field> IntoField<T> for T {
    fn into_field(self) -> T {
        self
    }
}

macro_rules! into_field {
    ($($from:ty => $to:ty: $convert:expr;)*) => {$(
        impl IntoField<$to> for $from {
            fn into_field(self) -> $to {
                $convert(self)
            }
        }
    )*};
}

into_field! {
    &str => String: str::to_owned;
    &String => String: String::clone;
    &str => DocName: DocName::linked;
    String => DocName: |name: String| DocName::linked(&name);
    &String => DocName: |name: &String| DocName::linked(name);
    &DocName => DocName: DocName::clone;
    i32 => Decimal: Decimal::from;
    i64 => Decimal: Decimal::from;
    u32 => Decimal: Decimal::from;
    u64 => Decimal: Decimal::from;
    Date => SiteDateTime: SiteDateTime::from;
    DateTime => SiteDateTime: SiteDateTime::from;
    Time => SiteTime: SiteTime::from;
    Value => Json: Json;
    std::time::Duration => SignedDuration: |span| {
        SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX)
    };
}

impl<T: Row, const N: usize> IntoField<Vec<T>> for [T; N] {
    fn into_field(self) -> Vec<T> {
        Vec::from(self)
    }
}
