//! MAC addresses.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A MAC address; accepts `:`, `-`, `.` or no separator and any case, prints upper case with `:`.
///
/// The all-zero address is accepted here; the extractors treat it as unknown.
///
/// # Examples
///
/// ```
/// use tr181::MacAddr;
///
/// let mac: MacAddr = "02005e000025".parse()?;
/// assert_eq!(mac.to_string(), "02:00:5E:00:00:25");
/// assert_eq!("02-00-5E-00-00-25".parse::<MacAddr>()?, mac);
/// assert!("02:00:5E".parse::<MacAddr>().is_err());
/// # Ok::<(), tr181::ParseMacError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddr([u8; 6]);

impl MacAddr {
    /// Makes an address from its bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(tr181::MacAddr::new([2, 0, 0x5e, 0, 0, 1]).to_string(), "02:00:5E:00:00:01");
    /// ```
    #[must_use]
    pub const fn new(bytes: [u8; 6]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(tr181::MacAddr::new([1, 2, 3, 4, 5, 6]).octets(), [1, 2, 3, 4, 5, 6]);
    /// ```
    #[must_use]
    pub const fn octets(self) -> [u8; 6] {
        self.0
    }

    /// Whether every byte is zero or every byte is 255: no device has such an address.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(tr181::MacAddr::new([0; 6]).is_placeholder());
    /// ```
    #[must_use]
    pub fn is_placeholder(self) -> bool {
        self.0 == [0; 6] || self.0 == [0xff; 6]
    }
}

impl fmt::Display for MacAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02X}:{b:02X}:{c:02X}:{d:02X}:{e:02X}:{g:02X}")
    }
}

impl fmt::Debug for MacAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not a MAC address.
///
/// # Examples
///
/// ```
/// assert!("not a MAC".parse::<tr181::MacAddr>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a MAC address")]
#[non_exhaustive]
pub struct ParseMacError;

impl FromStr for MacAddr {
    type Err = ParseMacError;

    fn from_str(text: &str) -> Result<Self, ParseMacError> {
        let mut bytes = [0_u8; 6];
        let mut digits = 0_usize;
        for c in text.trim().chars() {
            if matches!(c, ':' | '-' | '.') {
                // A separator may only stand between whole bytes.
                if digits == 0 || !digits.is_multiple_of(2) {
                    return Err(ParseMacError);
                }
                continue;
            }
            let digit = c
                .to_digit(16)
                .and_then(|d| u8::try_from(d).ok())
                .ok_or(ParseMacError)?;
            let byte = bytes.get_mut(digits / 2).ok_or(ParseMacError)?;
            *byte = (*byte << 4) | digit;
            digits += 1;
        }
        if digits == 12 {
            Ok(Self(bytes))
        } else {
            Err(ParseMacError)
        }
    }
}

impl Serialize for MacAddr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MacAddr {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
