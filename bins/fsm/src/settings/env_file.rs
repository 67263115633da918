//! A file of `KEY=VALUE` lines, as the sandbox and service managers write it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::output::Failure;

/// Reads the file. Its lines may hold secrets: a bad one is named by its number alone.
pub(super) fn read(path: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::input(
            format!("cannot read the settings file {shown}: {error}"),
            "give --env-file a readable text file",
        )
    })?;
    parse(&text).map_err(|line| {
        Failure::input(
            format!("line {line} of {shown} is not a setting"),
            "write NAME=value, one on each line",
        )
    })
}

/// The pairs, or the number of the first line that is none.
fn parse(text: &str) -> Result<BTreeMap<String, String>, usize> {
    let mut pairs = BTreeMap::new();
    // Some editors begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (name, value) = line.split_once('=').ok_or(number)?;
        let name = name.trim();
        let named =
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !named {
            return Err(number);
        }
        pairs.insert(name.to_owned(), unquoted(value.trim()).to_owned());
    }
    Ok(pairs)
}

/// The value without the quotes around all of it.
fn unquoted(value: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn lines_are_settings_comments_or_mistakes() {
        let pairs =
            parse("\u{feff}# a comment\n\nA=1\nexport B=\"two words\"\r\n C = 'x=y' \nD=\n")
                .unwrap();
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        assert_eq!(
            pairs,
            [("A", "1"), ("B", "two words"), ("C", "x=y"), ("D", "")]
        );
        assert_eq!(parse("A=1\nnot a setting\n"), Err(2));
        assert_eq!(parse("=x"), Err(1));
        assert_eq!(parse("A B=x"), Err(1));
    }
}
