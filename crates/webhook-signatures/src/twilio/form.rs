//! The parameters of a form, in the order in which they are signed.

use std::borrow::Cow;

use percent_encoding::percent_decode;

use crate::Error;

/// The most parameters of a form that are read; a real request has some forty.
///
/// # Examples
///
/// ```
/// use webhook_signatures::{Error, twilio::{MAX_PARAMETERS, Request, Verifier, sign}};
///
/// let body = "a=1&".repeat(MAX_PARAMETERS + 1);
/// let request = Request::new("POST", "https://example.ca/").body(body.as_bytes());
/// let error = Verifier::new(["12345"])?.verify(&request, &sign("12345", &request)).unwrap_err();
/// assert_eq!(error, Error::TooManyParameters { limit: MAX_PARAMETERS });
/// # Ok::<(), Error>(())
/// ```
pub const MAX_PARAMETERS: usize = 1000;

/// Names and values, decoded and sorted, run together. A value that a name has twice counts
/// once.
///
/// # Errors
/// [`Error::TooManyParameters`].
pub(super) fn signed_text(body: &[u8]) -> Result<Vec<u8>, Error> {
    let mut pairs = Vec::new();
    for pair in body.split(|byte| *byte == b'&') {
        if pair.is_empty() {
            continue;
        }
        if pairs.len() == MAX_PARAMETERS {
            return Err(Error::TooManyParameters {
                limit: MAX_PARAMETERS,
            });
        }
        let at = pair.iter().position(|byte| *byte == b'=');
        let (name, value) = pair.split_at(at.unwrap_or(pair.len()));
        pairs.push((decode(name), decode(value.get(1..).unwrap_or_default())));
    }
    pairs.sort_unstable();
    pairs.dedup();
    let mut text = Vec::with_capacity(body.len());
    for (name, value) in &pairs {
        text.extend_from_slice(name);
        text.extend_from_slice(value);
    }
    Ok(text)
}

/// `+` is a space; a `%` without two hexadecimal digits stands for itself.
fn decode(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'+') {
        return percent_decode(text).into();
    }
    let spaced: Vec<u8> = text
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    Cow::Owned(percent_decode(&spaced).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::signed_text;

    #[test]
    fn names_go_by_bytes_and_values_count_once() {
        let body = b"body=5&a=4&_x=3&Z=2&Body=1&9=0b&10=0a";
        assert_eq!(signed_text(body).unwrap(), b"100a90bBody1Z2_x3a4body5");
        assert_eq!(signed_text(b"A=2&A=1&A=2").unwrap(), b"A1A2");
    }

    #[test]
    fn values_are_decoded_and_never_trimmed() {
        let body = "Body=+a%0D%0A%20+&E=%F0%9F%98%80&F=&G&&=x&H=%zz%4".as_bytes();
        assert_eq!(
            signed_text(body).unwrap(),
            "xBody a\r\n  E😀FGH%zz%4".as_bytes()
        );
    }
}
