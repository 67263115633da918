use super::{MINUS, NBSP};
use crate::Lang;

/// Writes digits in groups of three.
fn group(digits: &str, lang: Lang, out: &mut String) {
    let separator = lang.pick(NBSP, ',');
    let length = digits.len();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (length - index).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
}

/// Writes a whole number.
///
/// # Examples
///
/// ```
/// use ui_kit::{Lang, format};
///
/// assert_eq!(format::count(Lang::Fr, 84_210), "84\u{a0}210");
/// assert_eq!(format::count(Lang::En, -1_234), "\u{2212}1,234");
/// ```
#[must_use]
pub fn count(lang: Lang, value: i64) -> String {
    let mut out = String::new();
    if value < 0 {
        out.push(MINUS);
    }
    group(&value.unsigned_abs().to_string(), lang, &mut out);
    out
}

/// Writes a number with a fixed count of decimals; a value that is not finite gives a dash.
///
/// # Examples
///
/// ```
/// use ui_kit::{Lang, format};
///
/// assert_eq!(format::decimal(Lang::Fr, -19.6, 1), "\u{2212}19,6");
/// assert_eq!(format::decimal(Lang::En, 1234.5, 2), "1,234.50");
/// assert_eq!(format::decimal(Lang::Fr, f64::NAN, 1), "—");
/// ```
#[must_use]
pub fn decimal(lang: Lang, value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return "—".to_owned();
    }
    let text = format!("{:.*}", digits.min(9), value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::new();
    // A value that rounds to zero has no sign.
    if value < 0.0 && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
        out.push(MINUS);
    }
    group(whole, lang, &mut out);
    if !fraction.is_empty() {
        out.push(lang.pick(',', '.'));
        out.push_str(fraction);
    }
    out
}

/// Writes a number and its unit, held together.
///
/// # Examples
///
/// ```
/// use ui_kit::{Lang, format};
///
/// assert_eq!(format::quantity(Lang::Fr, 2.25, 1, "dBm"), "2,2\u{a0}dBm");
/// ```
#[must_use]
pub fn quantity(lang: Lang, value: f64, digits: usize, unit: &str) -> String {
    format!("{}{NBSP}{unit}", decimal(lang, value, digits))
}

/// Writes a percentage of 0 to 100.
///
/// # Examples
///
/// ```
/// use ui_kit::{Lang, format};
///
/// assert_eq!(format::percent(Lang::Fr, 99.82, 2), "99,82\u{a0}%");
/// assert_eq!(format::percent(Lang::En, 85.0, 0), "85%");
/// ```
#[must_use]
pub fn percent(lang: Lang, value: f64, digits: usize) -> String {
    let number = decimal(lang, value, digits);
    lang.pick(format!("{number}{NBSP}%"), format!("{number}%"))
}

/// Writes an amount of dollars given in cents.
///
/// # Examples
///
/// ```
/// use ui_kit::{Lang, format};
///
/// assert_eq!(format::money(Lang::Fr, 123_456), "1\u{a0}234,56\u{a0}$");
/// assert_eq!(format::money(Lang::En, -4_594), "\u{2212}$45.94");
/// ```
#[must_use]
pub fn money(lang: Lang, cents: i64) -> String {
    let total = cents.unsigned_abs();
    let sign = if cents < 0 {
        MINUS.to_string()
    } else {
        String::new()
    };
    let mut whole = String::new();
    group(&(total / 100).to_string(), lang, &mut whole);
    let fraction = total % 100;
    lang.pick(
        format!("{sign}{whole},{fraction:02}{NBSP}$"),
        format!("{sign}${whole}.{fraction:02}"),
    )
}

/// Writes a rate of bits a second with the largest unit that keeps it at one or more.
///
/// # Examples
///
/// ```
/// use ui_kit::{Lang, format};
///
/// assert_eq!(format::bit_rate(Lang::Fr, 100_000_000), "100\u{a0}Mbit/s");
/// assert_eq!(format::bit_rate(Lang::Fr, 2_500_000_000), "2,5\u{a0}Gbit/s");
/// ```
#[must_use]
pub fn bit_rate(lang: Lang, bits_per_second: u64) -> String {
    let units = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"];
    scaled(lang, bits_per_second, &units)
}

/// Writes a count of bytes with decimal multiples.
///
/// # Examples
///
/// ```
/// use ui_kit::{Lang, format};
///
/// assert_eq!(format::bytes(Lang::Fr, 1_200_000_000), "1,2\u{a0}Go");
/// assert_eq!(format::bytes(Lang::En, 512), "512\u{a0}B");
/// ```
#[must_use]
pub fn bytes(lang: Lang, count: u64) -> String {
    let units = lang.pick(["o", "ko", "Mo", "Go", "To"], ["B", "kB", "MB", "GB", "TB"]);
    scaled(lang, count, &units)
}

fn scaled(lang: Lang, value: u64, units: &[&str; 5]) -> String {
    let mut divisor = 1_u64;
    let mut unit = units[0];
    for name in &units[1..] {
        if value / divisor < 1000 {
            break;
        }
        divisor = divisor.saturating_mul(1000);
        unit = name;
    }
    let tenths = u128::from(value) * 10 / u128::from(divisor);
    let mut out = String::new();
    group(&(tenths / 10).to_string(), lang, &mut out);
    if !tenths.is_multiple_of(10) && tenths < 1000 {
        out.push(lang.pick(',', '.'));
        out.push_str(&(tenths % 10).to_string());
    }
    out.push(NBSP);
    out.push_str(unit);
    out
}

/// The ten digits of a North American number.
fn ten_digits(text: &str) -> Option<String> {
    if !text
        .chars()
        .all(|c| c.is_ascii_digit() || "+-(). \u{a0}".contains(c))
    {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let ten = match digits.len() {
        10 => digits.as_str(),
        11 => digits.strip_prefix('1')?,
        _ => return None,
    };
    Some(ten.to_owned())
}

/// Writes a phone number of North America; any other text is given back unchanged.
///
/// # Examples
///
/// ```
/// use ui_kit::{Lang, format};
///
/// assert_eq!(format::phone(Lang::Fr, "+14505550142"), "450\u{a0}555-0142");
/// assert_eq!(format::phone(Lang::En, "4505550142"), "450-555-0142");
/// assert_eq!(format::phone(Lang::Fr, "poste 12"), "poste 12");
/// ```
#[must_use]
pub fn phone(lang: Lang, number: &str) -> String {
    let Some(ten) = ten_digits(number) else {
        return number.to_owned();
    };
    let (area, rest) = ten.split_at(3);
    let (exchange, line) = rest.split_at(3);
    let gap = lang.pick(NBSP, '-');
    format!("{area}{gap}{exchange}-{line}")
}

/// Gives the `tel:` address of a phone number: a plus sign and digits, nothing else.
///
/// # Examples
///
/// ```
/// assert_eq!(ui_kit::format::phone_href("450 555-0142"), "tel:+14505550142");
/// ```
#[must_use]
pub fn phone_href(number: &str) -> String {
    if let Some(ten) = ten_digits(number) {
        return format!("tel:+1{ten}");
    }
    let plus = if number.trim_start().starts_with('+') {
        "+"
    } else {
        ""
    };
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    format!("tel:{plus}{digits}")
}
