//! Amounts as text.

use rust_decimal::Decimal;

use crate::amount::checked;
use crate::{Error, Locale, round_to_cent};

/// No-break space, U+00A0.
const NBSP: char = '\u{a0}';
/// Minus sign, U+2212.
const MINUS: char = '\u{2212}';

/// Writes an amount of dollars, rounded to the cent.
///
/// French with a decimal comma, no-break spaces between thousands and before `$`; English with
/// `$` in front. The minus sign is U+2212. Source: Office québécois de la langue française.
///
/// # Examples
///
/// ```
/// use quebec_tax::{Decimal, Locale, money};
///
/// let amount = Decimal::new(123_456, 2);
/// assert_eq!(money(Locale::FrCa, amount), "1\u{a0}234,56\u{a0}$");
/// assert_eq!(money(Locale::EnCa, -amount), "\u{2212}$1,234.56");
/// ```
#[must_use]
pub fn money(locale: Locale, amount: Decimal) -> String {
    let rounded = round_to_cent(amount);
    let text = format!("{:.2}", rounded.abs());
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    let mut out = String::with_capacity(text.len() * 2);
    if rounded.is_sign_negative() {
        out.push(MINUS);
    }
    if locale == Locale::EnCa {
        out.push('$');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(locale.pick(NBSP, ','));
        }
        out.push(digit);
    }
    out.push(locale.pick(',', '.'));
    out.push_str(cents);
    if locale == Locale::FrCa {
        out.extend([NBSP, '$']);
    }
    out
}

/// Reads an amount of dollars as people and invoices write it in that language.
///
/// Thousands may be grouped, the cents may be missing, and so may `$`; any space and either minus
/// sign will do. What is ambiguous or incomplete is refused, never guessed.
///
/// # Errors
/// [`Error::NotMoney`], [`Error::OutOfRange`].
///
/// # Examples
///
/// ```
/// use quebec_tax::{Locale, parse_money};
///
/// assert_eq!(parse_money(Locale::FrCa, "1 234,56 $")?.to_string(), "1234.56");
/// assert_eq!(parse_money(Locale::EnCa, "-$1,234.5")?.to_string(), "-1234.50");
/// assert!(parse_money(Locale::FrCa, "1.234,56").is_err());
/// # Ok::<(), quebec_tax::Error>(())
/// ```
pub fn parse_money(locale: Locale, text: &str) -> Result<Decimal, Error> {
    read(locale, text)
        .ok_or(Error::NotMoney)
        .and_then(|amount| Ok(round_to_cent(checked(amount)?)))
}

fn read(locale: Locale, text: &str) -> Option<Decimal> {
    let text = text.trim();
    let unsigned = text.strip_prefix(['-', MINUS]);
    let is_negative = unsigned.is_some();
    let rest = unsigned.unwrap_or(text).trim_start();
    let rest = match locale {
        Locale::FrCa => rest.strip_suffix('$').unwrap_or(rest).trim_end(),
        Locale::EnCa => rest.strip_prefix('$').unwrap_or(rest).trim_start(),
    };
    let (whole, cents) = match rest.split_once(locale.pick(',', '.')) {
        Some((whole, cents)) if matches!(cents.len(), 1 | 2) => (whole, cents),
        Some(_) => return None,
        None => (rest, ""),
    };
    let is_gap = |c: char| match locale {
        Locale::FrCa => matches!(c, ' ' | NBSP | '\u{202f}'),
        Locale::EnCa => c == ',',
    };
    let mut groups = whole.split(is_gap);
    let mut digits = groups.next()?.to_owned();
    let first = digits.len();
    for group in groups {
        if group.len() != 3 || first > 3 {
            return None;
        }
        digits.push_str(group);
    }
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if first == 0 || digits.len() > 20 || !is_number(&digits) || !is_number(cents) {
        return None;
    }
    let amount: Decimal = format!("{digits}.{cents:0<2}").parse().ok()?;
    Some(if is_negative { -amount } else { amount })
}
