//! Names that may stand in a query: nothing else gets near the site's SQL.

use crate::Error;

/// A column as a query names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column<'a> {
    /// `status`.
    Own(&'a str),
    /// `customer.territory` through a Link, or `items.qty` of a child table.
    Through(&'a str, &'a str),
    /// `` `tabSales Invoice Item`.qty ``.
    Of(&'a str, &'a str),
}

impl<'a> Column<'a> {
    /// Reads a column; `None` when it is anything else.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        if let Some(rest) = text.strip_prefix("`tab") {
            let (doctype, column) = rest.split_once("`.")?;
            let column = column
                .strip_prefix('`')
                .and_then(|quoted| quoted.strip_suffix('`'))
                .unwrap_or(column);
            return (is_doctype(doctype) && is_field(column)).then_some(Self::Of(doctype, column));
        }
        match text.split_once('.') {
            Some((link, column)) => {
                (is_field(link) && is_field(column)).then_some(Self::Through(link, column))
            }
            None => is_field(text).then_some(Self::Own(text)),
        }
    }
}

/// `\w+`, not beginning with a digit: what Frappe lets a field or an alias be called.
pub(crate) fn is_field(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !text.is_empty()
        && text.bytes().all(word)
        && !text.starts_with(|first: char| first.is_ascii_digit())
}

/// Words, spaces, `-` and `_`: what Frappe lets a doctype be called.
pub(crate) fn is_doctype(text: &str) -> bool {
    let allowed = |char: char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '_');
    !text.is_empty() && text.trim() == text && text.chars().all(allowed)
}

/// The doctype, if it can be one.
pub(crate) fn doctype(text: &str) -> Result<&str, Error> {
    if is_doctype(text) {
        Ok(text)
    } else {
        Err(Error::invalid(
            "doctype",
            format!("{text:?} holds more than letters, digits, spaces, - and _"),
        ))
    }
}
