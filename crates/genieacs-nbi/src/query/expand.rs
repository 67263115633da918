//! What the server makes of a string in a device query, so that it can be foreseen: validation and
//! the exact mode rest on it, and the fake applies it.

use jiff::Timestamp;

/// One alternative a query string stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Alternative {
    /// The string itself.
    Text(String),
    /// The pattern the server compiles, and its flags.
    Pattern(String, String),
    /// The number it spells.
    Number(f64),
    /// The instant it spells.
    Date(Timestamp),
}

/// All alternatives, in the server's order. The first is always the text itself.
pub(crate) fn expand(text: &str) -> Vec<Alternative> {
    let mut all = vec![Alternative::Text(text.to_owned())];
    if let Some((pattern, flags)) = slashed(text) {
        all.push(Alternative::Pattern(pattern.to_owned(), flags.to_owned()));
    }
    if let Some(number) = js_number(text) {
        all.push(Alternative::Number(number));
    }
    if may_be_date(text)
        && let Some(date) = js_date(text)
    {
        all.push(Alternative::Date(date));
    }
    if let Some(pattern) = wildcard(text) {
        all.push(Alternative::Pattern(pattern, String::new()));
    }
    all
}

/// `/pattern/flags`: the shortest pattern that leaves only flags behind, in the order `gimy`.
pub(crate) fn slashed(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('/')?;
    let (pattern, flags) = inner.rsplit_once('/')?;
    let mut rest = flags;
    for flag in ['g', 'i', 'm', 'y'] {
        rest = rest.strip_prefix(flag).unwrap_or(rest);
    }
    // A JavaScript `.` matches no line terminator.
    let one_line = !pattern.contains(['\n', '\r', '\u{2028}', '\u{2029}']);
    (rest.is_empty() && one_line).then_some((pattern, flags))
}

/// The pattern of a text with `*`, faults of the server included: only the first special character
/// is escaped, and only the first inner `*` becomes `.*`.
pub(crate) fn wildcard(text: &str) -> Option<String> {
    if !text.contains('*') {
        return None;
    }
    let mut output = String::with_capacity(text.len() + 8);
    match text.find(|c| "[]\\^$.|?+()".contains(c)) {
        Some(at) => {
            let (head, tail) = text.split_at(at);
            output.push_str(head);
            output.push('\\');
            output.push_str(tail);
        }
        None => output.push_str(text),
    }
    output = if output.starts_with('*') {
        output.trim_start_matches('*').to_owned()
    } else {
        format!("^{output}")
    };
    output = if output.ends_with('*') {
        output.trim_end_matches('*').to_owned()
    } else {
        format!("{output}$")
    };
    Some(output.replacen('*', ".*", 1))
}

/// The number a string spells when JavaScript's `Number` and `parseFloat` agree on it.
pub(crate) fn js_number(text: &str) -> Option<f64> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned == "Infinity" {
        return Some(if text.starts_with('-') {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        });
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
        return None;
    }
    if let Some(exponent) = exponent {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if exponent.is_empty() || !digits(exponent) {
            return None;
        }
    }
    text.parse().ok()
}

/// Whether the server might read a date in the text. JavaScript's parser takes nearly anything
/// (`December` is in 2001), hence the wide net.
pub(crate) fn may_be_date(text: &str) -> bool {
    text.encode_utf16().count() >= 8
}

/// The instant a string spells, after 1983: ISO 8601 (a bare date is UTC), `2017-12-11 13:16:23
/// +0000`, or RFC 2822. JavaScript reads more forms; those of use in a query are here.
pub(crate) fn js_date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let date = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| Timestamp::strptime("%Y-%m-%d %H:%M:%S %z", text).ok())
        .or_else(|| Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", text).ok())
        .or_else(|| jiff::fmt::rfc2822::parse(text).ok().map(|z| z.timestamp()))
        .or_else(|| {
            let civil = text.parse::<jiff::civil::DateTime>().ok()?;
            civil
                .to_zoned(jiff::tz::TimeZone::UTC)
                .ok()
                .map(|z| z.timestamp())
        })?;
    // 1984-01-01T00:00:00Z
    (date.as_second() >= 441_763_200).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wildcard_vectors_of_the_server() {
        assert_eq!(wildcard("XX*").unwrap(), "^XX");
        assert_eq!(wildcard("*230*").unwrap(), "230");
        assert_eq!(wildcard("a*b*c").unwrap(), "^a.*b*c$");
        assert_eq!(wildcard("a.b.c*").unwrap(), "^a\\.b.c");
        assert_eq!(wildcard("plain"), None);
    }

    #[test]
    fn slashed_text_is_a_pattern() {
        assert_eq!(slashed("/a/b/gi"), Some(("a/b", "gi")));
        assert_eq!(slashed("/(/"), Some(("(", "")));
        assert_eq!(slashed("//"), Some(("", "")));
        assert_eq!(slashed("/a/x"), None);
        assert_eq!(slashed("/a/ig"), None);
        assert_eq!(slashed("a/b/"), None);
    }

    #[test]
    fn numbers_as_javascript_reads_them() {
        for (text, number) in [
            ("300", 300.0),
            ("000300", 300.0),
            (" 1e3 ", 1000.0),
            (".5", 0.5),
            ("5.", 5.0),
        ] {
            assert_eq!(js_number(text), Some(number), "{text}");
        }
        for text in [
            "", " ", "0x10", "1a", "1e", ".", "inf", "nan", "infinity", "--1",
        ] {
            assert_eq!(js_number(text), None, "{text}");
        }
    }

    #[test]
    fn dates_after_1983() {
        assert!(js_date("2017-12-11 13:16:23 +0000").is_some());
        assert!(js_date("2026-11-22T15:23:16.206Z").is_some());
        assert!(js_date("2026-11-22").is_some());
        assert!(js_date("1970-01-01T00:00:00Z").is_none());
        assert!(js_date("48575443A94196A5").is_none());
    }
}
