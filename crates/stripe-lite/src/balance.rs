use serde::Deserialize;
use serde_json::{Map, Value};

use crate::lenient::null_default;
use crate::{Amount, Currency};

/// What lies on the account: the cheapest answer that proves a key.
///
/// <https://docs.stripe.com/api/balance/balance_object>
///
/// # Examples
///
/// ```
/// let balance: stripe_lite::Balance = serde_json::from_str(
///     r#"{"livemode":false,"available":[{"amount":11497,"currency":"cad"}],"pending":[]}"#,
/// )?;
/// assert!(!balance.livemode);
/// assert_eq!(balance.available[0].amount().to_string(), "114.97 cad");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Balance {
    /// Whether money is real.
    #[serde(default, deserialize_with = "null_default")]
    pub livemode: bool,
    /// What can be paid out, by currency.
    #[serde(default, deserialize_with = "null_default")]
    pub available: Vec<Funds>,
    /// What is on its way, by currency.
    #[serde(default, deserialize_with = "null_default")]
    pub pending: Vec<Funds>,
    /// Every other field, as it came.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Money of one currency on the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Funds {
    /// In minor units.
    #[serde(rename = "amount")]
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl Funds {
    /// The amount with its currency.
    #[must_use]
    pub fn amount(&self) -> Amount {
        Amount::new(self.minor, self.currency)
    }
}
