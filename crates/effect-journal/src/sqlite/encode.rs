//! Headers as one value, and texts that fit.

/// A text to keep, cut at 2 kB on a character.
pub(super) fn cut(text: &str) -> String {
    let fits = |at: &usize| text.is_char_boundary(*at);
    let end = (0..=text.len().min(2048)).rev().find(fits).unwrap_or(0);
    text.get(..end).unwrap_or_default().to_owned()
}

/// Name and value by turns, each after its length in four bytes.
pub(super) fn headers(headers: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, value) in headers {
        for part in [name.as_bytes(), value] {
            // A delivery holds 64 KiB of headers at most.
            let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
            bytes.extend_from_slice(&length.to_le_bytes());
            bytes.extend_from_slice(part);
        }
    }
    bytes
}

/// What [`headers`] wrote; nothing where it is damaged.
pub(super) fn to_headers(mut bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut headers = Vec::new();
    while let Some(name) = part(&mut bytes)
        && let Some(value) = part(&mut bytes)
    {
        headers.push((String::from_utf8_lossy(name).into_owned(), value.to_vec()));
    }
    headers
}

fn part<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (part, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    Some(part)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn headers_come_back(
            headers in vec(("\\PC{0,20}", vec(any::<u8>(), 0..40)), 0..8)
        ) {
            prop_assert_eq!(super::to_headers(&super::headers(&headers)), headers);
        }

        #[test]
        fn damage_is_survived(bytes: Vec<u8>) {
            let _ = super::to_headers(&bytes);
        }

        #[test]
        fn a_text_is_cut_on_a_character(head in 2030_usize..2060, tail in "\\PC{0,20}") {
            let text = "x".repeat(head) + &tail;
            let cut = super::cut(&text);
            prop_assert!(cut.len() <= 2048 && text.starts_with(&cut));
        }
    }
}
