//! Minor units and decimals: never a float.

use rust_decimal::Decimal;
use serde_json::{Number, Value};
use stripe_webhooks::Currency;

/// An amount in minor units as the books write it.
pub(super) fn decimal(minor: i64, currency: &str) -> Decimal {
    Decimal::new(
        minor,
        Currency::parse(currency).map_or(2, |currency| currency.decimals()),
    )
}

/// An amount as ERPNext reads it: the shortest number that stands for it.
pub(super) fn number(amount: Decimal) -> Value {
    let text = amount.normalize().to_string();
    text.parse::<Number>()
        .map_or_else(|_| Value::String(text), Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_are_exact() {
        assert_eq!(decimal(11_497, "cad").to_string(), "114.97");
        assert_eq!(decimal(500, "JPY").to_string(), "500");
        assert_eq!(decimal(1_234, "kwd").to_string(), "1.234");
        assert_eq!(number(decimal(11_490, "cad")).to_string(), "114.9");
        assert_eq!(number(decimal(8_000, "cad")).to_string(), "80");
        assert_eq!(number(decimal(-1, "cad")).to_string(), "-0.01");
    }
}
