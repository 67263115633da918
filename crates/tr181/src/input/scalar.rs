//! A value as the document spells it, and what it can be read as.

use std::borrow::Cow;

/// The text of a `_value`, whatever JSON type carried it.
///
/// Flat maps only have text, and devices type their leaves wrongly, so that everything is
/// parsed by content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scalar<'a>(pub(crate) Cow<'a, str>);

/// Texts that devices write where they have no value.
const PLACEHOLDERS: [&str; 8] = [
    "NULL",
    "(null)",
    "-",
    "--",
    "N/A",
    "NA",
    "none available",
    "<empty>",
];

impl Scalar<'_> {
    /// The trimmed text, unless it is one of the ways to say "nothing".
    pub(crate) fn text(&self) -> Option<&str> {
        let text = self.0.trim();
        let nothing = text.is_empty() || PLACEHOLDERS.iter().any(|p| text.eq_ignore_ascii_case(p));
        (!nothing).then_some(text)
    }

    /// TR-106 booleans and the words devices use; any other number is no boolean.
    pub(crate) fn boolean(&self) -> Option<bool> {
        let text = self.text()?;
        let is = |words: &[&str]| words.iter().any(|w| text.eq_ignore_ascii_case(w));
        if is(&["true", "1", "enabled", "enable", "up", "yes", "on"]) {
            Some(true)
        } else if is(&["false", "0", "disabled", "disable", "down", "no", "off"]) {
            Some(false)
        } else {
            None
        }
    }
}

/// A finite decimal number; words such as `NaN` and `inf`, which Rust would accept, are none.
pub(crate) fn number(text: &str) -> Option<f64> {
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
    if !plain {
        return None;
    }
    text.parse::<f64>().ok().filter(|v| v.is_finite())
}

/// A whole number, also when spelled `5.0`.
pub(crate) fn integer(text: &str) -> Option<i64> {
    if let Ok(value) = text.parse::<i64>() {
        return Some(value);
    }
    // 2^53: beyond it a float no longer names one integer.
    let value = number(text).filter(|v| v.fract() == 0.0 && v.abs() <= 9_007_199_254_740_992.0)?;
    #[allow(
        clippy::cast_possible_truncation,
        reason = "whole and within 2^53, checked above"
    )]
    Some(value as i64)
}

/// The items of a comma separated list, without the empty ones.
pub(crate) fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';'])
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Scalar, integer, list, number};

    #[test]
    fn numbers_are_finite_and_plain() {
        assert_eq!(number("-3.409399"), Some(-3.409_399));
        for odd in ["NaN", "inf", "-infinity", "1_000", "0x10", "", "1e999"] {
            assert_eq!(number(odd), None, "{odd}");
        }
        assert_eq!(integer("4294967295"), Some(4_294_967_295));
        assert_eq!(integer("5.0"), Some(5));
        assert_eq!(integer("5.5"), None);
        assert_eq!(integer("99999999999999999999999"), None);
    }

    #[test]
    fn booleans_by_content() {
        let read = |t: &'static str| Scalar(t.into()).boolean();
        assert_eq!(read("true"), Some(true));
        assert_eq!(read("0"), Some(false));
        assert_eq!(read("Up"), Some(true));
        assert_eq!(read("2"), None);
        assert_eq!(read("4294967295"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn lists_skip_empty_items() {
        assert_eq!(list("6,12, 24,").collect::<Vec<_>>(), ["6", "12", "24"]);
    }
}
