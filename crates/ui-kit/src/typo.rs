//! Typography of Québec French, checked.

/// A place where the spacing of a French text is wrong.
///
/// # Examples
///
/// ```
/// let slips = ui_kit::french_slips("Solde : 5 $");
/// assert_eq!(slips.len(), 2);
/// assert_eq!(slips[0].near, "Solde :");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Slip {
    /// What is wrong, in English.
    pub rule: &'static str,
    /// The text that leads to it, some characters long.
    pub near: String,
}

/// Lists what breaks the spacing rules: a plain space before `:` `$` `%` `»` or after `«`, any
/// space before `;` `!` `?`, three dots instead of `…`, a straight apostrophe inside a word.
///
/// Text typed by a customer is not ours to correct: check the words of the page, with tame data.
///
/// # Examples
///
/// ```
/// assert!(ui_kit::french_slips("Aujourd’hui\u{a0}: 1\u{a0}234,56\u{a0}$").is_empty());
/// assert_eq!(ui_kit::french_slips("Aujourd'hui").len(), 1);
/// ```
#[must_use]
pub fn french_slips(text: &str) -> Vec<Slip> {
    let chars: Vec<char> = text.chars().collect();
    let at = |index: usize| chars.get(index).copied().unwrap_or(' ');
    let mut slips = Vec::new();
    for (index, &c) in chars.iter().enumerate() {
        let before = index.checked_sub(1).map(&at);
        let rule = match c {
            ':' | '$' | '%' | '»' if before == Some(' ') => {
                "plain space where a no-break space is due"
            }
            ' ' if before == Some('«') => "plain space after an opening quote",
            ';' | '!' | '?' if matches!(before, Some(' ' | '\u{a0}')) => {
                "no space goes before this sign"
            }
            '.' if before == Some('.') && at(index + 1) == '.' => "three dots are one character",
            '\'' if before.is_some_and(char::is_alphabetic) && at(index + 1).is_alphabetic() => {
                "straight apostrophe"
            }
            _ => continue,
        };
        let from = index.saturating_sub(24);
        let near = chars.get(from..=index).unwrap_or_default();
        slips.push(Slip {
            rule,
            near: near.iter().collect(),
        });
    }
    slips
}
