//! Passing over JSON without reading it.
//!
//! Sixty-four bytes a step: quotes and brackets become bit masks, quotes become the mask of
//! what is inside strings, and only the few brackets left are looked at one by one. A block
//! with a backslash is walked byte by byte.

use crate::error::Error;

/// Deepest nesting accepted in a skipped value.
pub(crate) const MAX_DEPTH: usize = 128;

const ONES: u64 = 0x0101_0101_0101_0101;
const LOW7: u64 = 0x7F7F_7F7F_7F7F_7F7F;
const BLOCK: usize = 64;

/// The high bit of every byte that is zero.
#[inline(always)]
const fn zero_bytes(word: u64) -> u64 {
    !(((word & LOW7) + LOW7) | word | LOW7)
}

/// Gathers the high bits of the bytes into eight bits.
#[inline(always)]
const fn gather(highs: u64) -> u64 {
    (highs >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// Every bit becomes the parity of the bits up to and including it.
#[inline(always)]
const fn prefix_xor(mut bits: u64) -> u64 {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^ (bits << 32)
}

/// Where quotes and brackets stand in a block; none when it has a backslash.
#[inline(always)]
fn masks(block: &[u8; BLOCK]) -> Option<(u64, u64)> {
    let mut quotes = 0;
    let mut brackets = 0;
    let mut slashes = 0;
    for (position, chunk) in block.as_chunks::<8>().0.iter().enumerate() {
        let word = u64::from_le_bytes(*chunk);
        slashes |= zero_bytes(word ^ (ONES * b'\\' as u64));
        quotes |= gather(zero_bytes(word ^ (ONES * b'"' as u64))) << (8 * position);
        // With bit 5 set, `[` is `{` and `]` is `}`, and nothing else is.
        let folded = word | (ONES * 0x20);
        let hits =
            zero_bytes(folded ^ (ONES * b'{' as u64)) | zero_bytes(folded ^ (ONES * b'}' as u64));
        brackets |= gather(hits) << (8 * position);
    }
    (slashes == 0).then_some((quotes, brackets))
}

/// One bit per level says which bracket closes it.
#[derive(Default)]
struct Levels {
    kinds: u128,
    depth: usize,
}

impl Levels {
    /// Takes a bracket; true when it closed the outermost one.
    #[inline(always)]
    fn bracket(&mut self, byte: u8, at: usize) -> Result<bool, Error> {
        match byte {
            b'{' | b'[' => {
                if self.depth == MAX_DEPTH {
                    return Err(Error::TooDeep { limit: MAX_DEPTH });
                }
                self.kinds = (self.kinds << 1) | u128::from(byte == b'{');
                self.depth += 1;
                Ok(false)
            }
            _ => {
                if (self.kinds & 1 == 1) != (byte == b'}') {
                    return Err(Error::Syntax { offset: at });
                }
                self.kinds >>= 1;
                self.depth -= 1;
                Ok(self.depth == 0)
            }
        }
    }
}

/// Position after the object or array whose opening bracket is at `at`.
pub(crate) fn container(bytes: &[u8], mut at: usize) -> Result<usize, Error> {
    let truncated = || Error::Truncated {
        offset: bytes.len(),
    };
    let mut levels = Levels::default();
    let mut inside = 0_u64;
    loop {
        let block = bytes.get(at..).and_then(|rest| rest.first_chunk::<BLOCK>());
        if let Some(block) = block
            && let Some((quotes, brackets)) = masks(block)
        {
            let string = prefix_xor(quotes) ^ inside;
            let mut left = brackets & !string;
            while left != 0 {
                let position = left.trailing_zeros() as usize;
                let byte = block.get(position).copied().unwrap_or_default();
                if levels.bracket(byte, at + position)? {
                    return Ok(at + position + 1);
                }
                left &= left - 1;
            }
            inside = if string >> 63 == 1 { u64::MAX } else { 0 };
            at += BLOCK;
            continue;
        }
        // A block with a backslash, or the last one: to the end of it byte by byte.
        let end = at + BLOCK;
        if inside != 0 {
            at = string_end(bytes, at).ok_or_else(truncated)?.0;
            inside = 0;
        }
        while at < end {
            let byte = *bytes.get(at).ok_or_else(truncated)?;
            match byte {
                b'"' => {
                    at = string_end(bytes, at + 1).ok_or_else(truncated)?.0;
                    continue;
                }
                b'{' | b'[' | b'}' | b']' if levels.bracket(byte, at)? => return Ok(at + 1),
                _ => {}
            }
            at += 1;
        }
    }
}

/// Position after the closing quote of a string whose content starts at `at`, and whether
/// the string has escapes.
#[inline]
pub(crate) fn string_end(bytes: &[u8], mut at: usize) -> Option<(usize, bool)> {
    let mut escaped = false;
    loop {
        while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
            let word = u64::from_le_bytes(*chunk);
            let hits =
                zero_bytes(word ^ (ONES * b'"' as u64)) | zero_bytes(word ^ (ONES * b'\\' as u64));
            if hits != 0 {
                at += (hits.trailing_zeros() / 8) as usize;
                break;
            }
            at += 8;
        }
        match bytes.get(at)? {
            b'"' => return Some((at + 1, escaped)),
            b'\\' => {
                escaped = true;
                at += 2;
            }
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{container, string_end};

    /// The same, the plain way.
    fn slow(bytes: &[u8]) -> Option<usize> {
        let mut stack = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            match bytes[at] {
                b'"' => {
                    at += 1;
                    while *bytes.get(at)? != b'"' {
                        at += if bytes[at] == b'\\' { 2 } else { 1 };
                    }
                }
                open @ (b'{' | b'[') => stack.push(open),
                close @ (b'}' | b']') => {
                    if stack.pop()? != close - 2 {
                        return None;
                    }
                    if stack.is_empty() {
                        return Some(at + 1);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        None
    }

    #[test]
    fn strings() {
        assert_eq!(string_end(b"abc\" ", 0), Some((4, false)));
        assert_eq!(string_end(b"a\\\"bcdefghijkl\"", 0), Some((15, true)));
        assert_eq!(string_end(b"abcdefghij", 0), None);
        assert_eq!(string_end(b"abc\\", 0), None);
        assert_eq!(string_end(b"\"#abcdefg", 0), Some((1, false)));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

        #[test]
        fn blocks_agree_with_bytes(text in "\\{[a\"#:,{}\\[\\]\\\\ ]{0,200}\\}{0,3}") {
            prop_assert_eq!(container(text.as_bytes(), 0).ok(), slow(text.as_bytes()));
        }

        #[test]
        fn long_values_agree(parts in proptest::collection::vec("\"[a-z{}#\\[\\]]{0,30}\":(1|true|\"[x}]{0,70}\"|\\{\\}|\\[\\{\\}\\])", 0..30)) {
            let text = format!("{{{}}}  ", parts.join(","));
            prop_assert_eq!(container(text.as_bytes(), 0).ok(), slow(text.as_bytes()));
            prop_assert_eq!(container(text.as_bytes(), 0).ok(), Some(text.len() - 2));
        }
    }
}
