//! Frappe's messages hold HTML; people read text.

/// Longest message that is kept, in bytes.
const LONGEST: usize = 4096;

/// What is read of a message, in bytes: its markup may be looked at to the end for each of its
/// marks.
const READ: usize = 32 * 1024;

/// Elements at which a line ends.
const BLOCKS: [&str; 12] = [
    "br", "p", "div", "li", "ul", "ol", "tr", "hr", "table", "details", "h3", "h4",
];

/// The text of a message: without tags, entities resolved, white space folded, at most 4 KiB.
pub(super) fn plain(html: &str) -> String {
    let mut read = html.len().min(READ);
    while !html.is_char_boundary(read) {
        read -= 1;
    }
    let mut rest = html.get(..read).unwrap_or_default();
    let mut text = String::with_capacity(rest.len().min(LONGEST));
    while let Some(open) = rest.find('<') {
        let (before, from) = rest.split_at(open);
        text.push_str(before);
        match tag(from) {
            Some((name, after)) => {
                if BLOCKS.iter().any(|block| name.eq_ignore_ascii_case(block)) {
                    text.push('\n');
                }
                rest = after;
            }
            None => {
                text.push('<');
                rest = from.strip_prefix('<').unwrap_or_default();
            }
        }
    }
    text.push_str(rest);
    fold(&unescape(&text))
}

/// The name of the tag at the beginning, and what follows it. A lone `<` is none.
fn tag(html: &str) -> Option<(&str, &str)> {
    let inner = html.strip_prefix('<')?;
    if inner.starts_with("!--") {
        return inner.split_once("-->").map(|(_, after)| ("", after));
    }
    let begins = inner.trim_start_matches('/');
    if !begins.starts_with(|char: char| char.is_ascii_alphabetic() || char == '!') {
        return None;
    }
    let (tag, after) = inner.split_once('>')?;
    let tag = tag.trim_start_matches('/');
    let end = tag
        .find(|char: char| !char.is_ascii_alphanumeric())
        .unwrap_or(tag.len());
    Some((tag.split_at(end).0, after))
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        match entity(from) {
            Some((char, after)) => {
                plain.push(char);
                rest = after;
            }
            None => {
                plain.push('&');
                rest = from.strip_prefix('&').unwrap_or_default();
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn entity(text: &str) -> Option<(char, &str)> {
    let (name, after) = text.strip_prefix('&')?.split_once(';')?;
    let char = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((char, after))
}

/// Lines without white space at their ends, no empty ones, no control characters.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(LONGEST));
    for line in text.lines() {
        let words = line
            .split(|char: char| char.is_whitespace() || char.is_control())
            .filter(|word| !word.is_empty());
        let mut first = true;
        for word in words {
            if first && !folded.is_empty() {
                folded.push('\n');
            } else if !first {
                folded.push(' ');
            }
            first = false;
            folded.push_str(word);
        }
        if folded.len() > LONGEST {
            let mut end = LONGEST;
            while !folded.is_char_boundary(end) {
                end -= 1;
            }
            folded.truncate(end);
            folded.push('…');
            break;
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_lose_their_markup_and_nothing_else() {
        for (html, text) in [
            ("Phone is <strong>missing</strong>", "Phone is missing"),
            ("a<br>b<br/>\n c", "a\nb\nc"),
            (
                "Zoé &amp; Noé &lt;3 &#39;x&#x27; &bogus; &",
                "Zoé & Noé <3 'x' &bogus; &",
            ),
            ("2 < 3 and 5 > 4", "2 < 3 and 5 > 4"),
            ("cut <a href=\"/app/x\"", "cut <a href=\"/app/x\""),
            ("<!-- no -->yes", "yes"),
            ("&lt;b&gt;", "<b>"),
            ("\u{7}bell", "bell"),
            ("", ""),
        ] {
            assert_eq!(plain(html), text, "{html}");
        }
    }

    #[test]
    fn markup_without_an_end_takes_no_time() {
        // To the end for each mark, this would take an hour.
        for mark in ["<a", "<!--", "&"] {
            let text = plain(&mark.repeat(4 << 20));
            assert!(text.len() <= LONGEST + '…'.len_utf8(), "{mark}");
        }
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let cut = plain(&"é".repeat(5000));
        assert!(cut.len() <= LONGEST + '…'.len_utf8() && cut.ends_with('…'));
    }
}
