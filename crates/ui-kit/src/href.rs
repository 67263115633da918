//! Addresses that come from data.

/// Lets an address through when following it cannot run script: a path, a query or a fragment of
/// this site, `http:`, `https:`, `mailto:`, and `tel:` or `geo:` made of digits alone. Anything else
/// becomes `#`.
///
/// Escaping protects the attribute, not the scheme: every address that is not a constant goes
/// through here. Scheme-relative addresses (`//host`) are refused too, and so is anything with a
/// control character, which browsers drop before they read the scheme.
///
/// # Examples
///
/// ```
/// use ui_kit::safe_href;
///
/// assert_eq!(safe_href("/ops/network?q=1"), "/ops/network?q=1");
/// assert_eq!(safe_href("tel:+14505550142"), "tel:+14505550142");
/// assert_eq!(safe_href("java\tscript:alert(1)"), "#");
/// ```
#[must_use]
pub fn safe_href(url: &str) -> &str {
    const NOWHERE: &str = "#";
    if url.is_empty() || url.chars().any(|c| c.is_control() || c == '\\') || url.starts_with(' ') {
        return NOWHERE;
    }
    if url.starts_with("//") {
        return NOWHERE;
    }
    let head = url.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((scheme, _)) = head.split_once(':') else {
        return url;
    };
    let rest = url.get(scheme.len() + 1..).unwrap_or_default();
    let digits = |extra: &str| {
        !rest.is_empty()
            && rest
                .chars()
                .all(|c| c.is_ascii_digit() || extra.contains(c))
    };
    let allowed = if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") {
        rest.starts_with("//") && rest.len() > 2
    } else if scheme.eq_ignore_ascii_case("mailto") {
        true
    } else if scheme.eq_ignore_ascii_case("tel") {
        digits("+")
    } else if scheme.eq_ignore_ascii_case("geo") {
        digits(".,-")
    } else {
        false
    };
    if allowed { url } else { NOWHERE }
}

/// Percent-encodes one value of a query string (RFC 3986: everything but the unreserved).
///
/// # Examples
///
/// ```
/// use ui_kit::query_value;
///
/// assert_eq!(query_value("a b&c/é"), "a%20b%26c%2F%C3%A9");
/// ```
#[must_use]
pub fn query_value(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            const HEX: [char; 16] = [
                '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
            ];
            out.push('%');
            out.push(HEX[usize::from(byte >> 4)]);
            out.push(HEX[usize::from(byte & 15)]);
        }
    }
    out
}
