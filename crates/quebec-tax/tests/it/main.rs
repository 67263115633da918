//! Behaviour of taxes, parts, ages and texts.
#![allow(clippy::unwrap_used, reason = "tests")]

mod ageing;
mod money;
mod parts;
mod properties;
mod taxes;

use quebec_tax::Decimal;

/// An amount written in a test.
fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}
