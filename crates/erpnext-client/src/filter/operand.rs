//! What a field is compared with.

use jiff::civil::{Date, DateTime, Time};
use rust_decimal::Decimal;
use serde_json::{Number, Value};

use crate::value::{SiteDateTime, SiteTime};
use crate::{DocName, DocStatus, Modified};

/// A value a field is compared with; made by `into()` from text, numbers, dates, names and
/// booleans (which Frappe keeps as 0 and 1). `()` and `None` are null.
///
/// Times are the site's own, without a zone: a zone in a time makes Frappe fail.
///
/// # Examples
/// ```
/// use erpnext_client::{DocName, Filter, Operand};
/// use rust_decimal::Decimal;
///
/// let limit: Operand = Decimal::new(12995, 2).into();
/// let open = Filter::gt("outstanding_amount", limit);
/// let of = Filter::eq("customer", DocName::new("CUST-1")?);
/// # Ok::<(), erpnext_client::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Operand(pub(crate) Value);

impl Operand {
    /// A value as it is.
    #[cfg(feature = "client")]
    pub(crate) fn of_value(value: Value) -> Self {
        Self(value)
    }

    pub(crate) fn list<V: Into<Self>>(values: impl IntoIterator<Item = V>) -> Self {
        Self(values.into_iter().map(|value| value.into().0).collect())
    }
}

impl From<()> for Operand {
    fn from((): ()) -> Self {
        Self(Value::Null)
    }
}

impl<V: Into<Self>> From<Option<V>> for Operand {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self(Value::Null), Into::into)
    }
}

impl From<bool> for Operand {
    fn from(value: bool) -> Self {
        Self(u8::from(value).into())
    }
}

macro_rules! as_text {
    ($($type:ty: $value:ident => $text:expr;)*) => {$(
        impl From<$type> for Operand {
            fn from($value: $type) -> Self {
                Self(Value::String($text))
            }
        }
    )*};
}

as_text! {
    &str: value => value.to_owned();
    &&str: value => (*value).to_owned();
    String: value => value;
    &String: value => value.clone();
    DocName: value => value.as_str().to_owned();
    &DocName: value => value.as_str().to_owned();
    &Modified: value => value.as_str().to_owned();
    Date: value => value.to_string();
    // With a space, as Frappe stores it.
    DateTime: value => format!("{} {}", value.date(), value.time());
    Time: value => SiteTime::new(value).compared();
    SiteDateTime: value => value.to_string();
    SiteTime: value => value.compared();
}

macro_rules! as_number {
    ($($type:ty),*) => {$(
        impl From<$type> for Operand {
            fn from(value: $type) -> Self {
                Self(value.into())
            }
        }
    )*};
}

as_number!(u8, u16, u32, u64, usize, i8, i16, i32, i64);

impl From<DocStatus> for Operand {
    fn from(value: DocStatus) -> Self {
        value.as_int().into()
    }
}

impl From<Decimal> for Operand {
    fn from(value: Decimal) -> Self {
        let text = value.normalize().to_string();
        // A number where it survives; otherwise text, which the database compares digit by digit.
        let number = text
            .parse()
            .ok()
            .and_then(Number::from_f64)
            .filter(|number| number.to_string().parse::<Decimal>() == Ok(value));
        Self(match (value.is_integer(), text.parse::<i64>(), number) {
            (true, Ok(integer), _) => integer.into(),
            (_, _, Some(number)) => Value::Number(number),
            (_, _, None) => Value::String(text),
        })
    }
}
