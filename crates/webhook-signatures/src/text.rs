//! Codes as text, on the stack, and their comparison.
//!
//! The expected code is written out and compared with the text that came, instead of the other
//! way round: there is exactly one accepted spelling, and nothing is allocated.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq as _;

use crate::{Error, Malformation, UnixTime};

/// Room for the hexadecimal or base64 text of any code used here.
const ROOM: usize = 64;

/// A short text on the stack.
pub(crate) struct Text {
    bytes: [u8; ROOM],
    len: usize,
}

impl Text {
    /// Lower-case hexadecimal; what does not fit is left out, and then nothing matches.
    pub(crate) fn hex(code: &[u8]) -> Self {
        // Calculated and not looked up: faster, and the code decides no address.
        let digit = |value: u8| value + b'0' + u8::from(value > 9) * (b'a' - b'9' - 1);
        let mut bytes = [0; ROOM];
        for (pair, byte) in bytes.chunks_exact_mut(2).zip(code) {
            pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
        }
        let len = code.len().saturating_mul(2).min(ROOM);
        Self { bytes, len }
    }

    /// Standard base64 with padding.
    pub(crate) fn base64(code: &[u8]) -> Self {
        let mut bytes = [0; ROOM];
        let len = STANDARD.encode_slice(code, &mut bytes).unwrap_or(0);
        Self { bytes, len }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Whether both are the same, in a time that depends on the length alone.
    pub(crate) fn is(&self, other: &[u8]) -> bool {
        let own = self.as_bytes();
        if own.len() != other.len() {
            return false;
        }
        // Eight bytes at a time: a comparison byte by byte takes as long as two blocks of SHA-256.
        let (own, own_rest) = own.as_chunks::<8>();
        let (other, other_rest) = other.as_chunks::<8>();
        let difference = own.iter().zip(other).fold(0, |difference, (a, b)| {
            difference | (u64::from_ne_bytes(*a) ^ u64::from_ne_bytes(*b))
        });
        (difference.ct_eq(&0) & own_rest.ct_eq(other_rest)).into()
    }

    pub(crate) fn into_string(self) -> String {
        self.as_bytes().iter().copied().map(char::from).collect()
    }
}

/// Whether this could be the hexadecimal text of a SHA-256 code.
pub(crate) fn is_hex_sha256(text: &[u8]) -> bool {
    // No end at the first byte that is none: so the compiler takes many at a time.
    text.len() == 64
        && text.iter().fold(true, |hex, byte| {
            hex & matches!(byte, b'0'..=b'9' | b'a'..=b'f')
        })
}

/// Whether this could be the base64 text of a code of `len` bytes.
pub(crate) fn is_base64(text: &[u8], len: usize) -> bool {
    let padding = (3 - len % 3) % 3;
    let Some(digits) = text.len().checked_sub(padding) else {
        return false;
    };
    text.len() == len.div_ceil(3) * 4
        && text.iter().enumerate().all(|(index, byte)| {
            if index < digits {
                byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
            } else {
                *byte == b'='
            }
        })
}

/// Reads a number of seconds: decimal digits alone, without leading zeros, so that the number and
/// the signed text are one.
pub(crate) fn timestamp(text: &[u8], header: &'static str) -> Result<UnixTime, Error> {
    let bad = || Error::Malformed {
        header,
        reason: Malformation::BadTimestamp,
    };
    if text.is_empty()
        || !text.iter().all(u8::is_ascii_digit)
        || (text.len() > 1 && text.starts_with(b"0"))
    {
        return Err(bad());
    }
    std::str::from_utf8(text)
        .ok()
        .and_then(|digits| digits.parse::<i64>().ok())
        .map(UnixTime::from_secs)
        .ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::{Text, is_base64, is_hex_sha256, timestamp};

    #[test]
    fn codes_are_written_as_the_libraries_do() {
        assert_eq!(Text::hex(&[0, 0x7f, 0xff]).as_bytes(), b"007fff");
        assert_eq!(Text::base64(b"\xff\xfe").as_bytes(), b"//4=");
        assert!(!Text::base64(&[0; 20]).is(&Text::base64(&[0; 32]).into_string().into_bytes()));
    }

    #[test]
    fn every_byte_is_compared() {
        for (code, len) in [(&[7; 20][..], 28), (&[7; 32], 44)] {
            let text = Text::base64(code);
            assert_eq!(text.as_bytes().len(), len);
            assert!(text.is(text.as_bytes()));
            for at in 0..len {
                let mut other = text.as_bytes().to_vec();
                other[at] ^= 1;
                assert!(!text.is(&other), "{at}");
                assert!(!text.is(other.get(..at).unwrap()), "{at}");
            }
        }
    }

    #[test]
    fn shapes_of_codes() {
        assert!(is_hex_sha256(Text::hex(&[0xab; 32]).as_bytes()));
        assert!(!is_hex_sha256(Text::hex(&[0xab; 31]).as_bytes()));
        for len in [20, 32] {
            assert!(is_base64(Text::base64(&vec![1; len]).as_bytes(), len));
            assert!(!is_base64(Text::base64(&vec![1; len - 3]).as_bytes(), len));
            assert!(!is_base64(b"", len));
        }
        assert!(!is_base64(b"AAAAAAAAAAAAAAAAAAAAAAAAAA==", 20));
        assert!(!is_base64(b"=AAAAAAAAAAAAAAAAAAAAAAAAAA=", 20));
    }

    #[test]
    fn a_timestamp_has_one_spelling() {
        assert_eq!(timestamp(b"0", "h").unwrap().as_secs(), 0);
        for bad in [
            &b""[..],
            b"01",
            b"+1",
            b"-1",
            b"1 ",
            b"1.0",
            b"1e3",
            b"NaN",
            b"9223372036854775808",
            "١".as_bytes(),
        ] {
            assert!(timestamp(bad, "h").is_err(), "{bad:?}");
        }
    }
}
