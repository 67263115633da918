//! Numbers, money, dates, times and phone numbers as they are written in Québec.
//!
//! Spacing follows the Office québécois de la langue française: a no-break space before a unit,
//! `%`, `$` and `h`, and between thousands; the minus sign is U+2212.

mod number;
mod time;

pub use number::{bit_rate, bytes, count, decimal, money, percent, phone, phone_href, quantity};
pub use time::{
    ago_templates, clock, clock_range, date, date_day, date_long, date_short, duration, relative,
};

/// No-break space, U+00A0.
pub const NBSP: char = '\u{a0}';
/// Minus sign, U+2212.
pub const MINUS: char = '\u{2212}';
