//! Tags as parameters.

use crate::id::encode_segment;

/// Whether `0x` at the head of `text` would be read back as an escape.
fn looks_escaped(text: &str) -> bool {
    let digits = text
        .strip_prefix("0x")
        .and_then(|rest| rest.as_bytes().get(..2));
    digits.is_some_and(|digits| {
        digits
            .iter()
            .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
    })
}

/// The name of a tag below `Tags.`: as a parameter in a precondition or a provision. A document's
/// `_tags` hold the plain text.
///
/// Bytes outside `[A-Za-z0-9_-]` become `0xHH`; a literal `0x` that would read so becomes `00x78`.
///
/// # Examples
/// ```
/// use genieacs_nbi::{encode_tag, Preset};
///
/// assert_eq!(encode_tag("two words"), "two0x20words");
/// assert_eq!(encode_tag("v1.2"), "v10x2E2");
/// assert_eq!(encode_tag("0x20"), "00x7820");
/// let preset = Preset::new().precondition(format!("Tags.{} IS NOT NULL", encode_tag("v1.2")));
/// assert!(preset.validate().is_ok());
/// ```
#[must_use]
pub fn encode_tag(tag: &str) -> String {
    let escaped = encode_segment(tag);
    let mut out = String::with_capacity(escaped.len() + 8);
    let mut rest = escaped.as_str();
    while let Some(c) = rest.chars().next() {
        if looks_escaped(rest) {
            out.push_str("00x78");
            rest = rest.get(2..).unwrap_or_default();
            continue;
        }
        if c == '%' {
            out.push_str("0x");
        } else {
            out.push(c);
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    out
}

/// The tag a parameter below `Tags.` stands for; `None` when its escapes are not UTF-8.
///
/// The server's escaping is ambiguous where a literal `0x` stands before an escaped character
/// (`0x0%`); what comes back then is what the server reads.
///
/// # Examples
/// ```
/// use genieacs_nbi::decode_tag;
///
/// assert_eq!(decode_tag("two0x20words").as_deref(), Some("two words"));
/// assert_eq!(decode_tag("0xZZ"), None);
/// ```
#[must_use]
pub fn decode_tag(name: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some(&byte) = rest.as_bytes().first() {
        if looks_escaped(rest) {
            let digits = rest.get(2..4)?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = rest.get(4..)?;
        } else {
            bytes.push(byte);
            let c = rest.chars().next()?;
            bytes.extend(rest.as_bytes().get(1..c.len_utf8())?);
            rest = rest.get(c.len_utf8()..)?;
        }
    }
    String::from_utf8(bytes).ok()
}
