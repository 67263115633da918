//! GPON serial numbers.

use std::fmt;
use std::str::FromStr;

/// A GPON serial number: four vendor letters and four bytes, which one side of the network
/// writes as 12 characters and the other as 16 hexadecimal digits.
///
/// # Examples
///
/// ```
/// use tr181::GponSerial;
///
/// let serial: GponSerial = "54504C4712345678".parse()?;
/// assert_eq!(serial.to_string(), "TPLG12345678");
/// assert_eq!("TPLG12345678".parse::<GponSerial>()?.to_hex(), "54504C4712345678");
/// assert_eq!("48575443A94196A5".parse::<GponSerial>()?.vendor(), "HWTC");
/// assert!("80156B9A23526".parse::<GponSerial>().is_err());
/// # Ok::<(), tr181::ParseGponSerialError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GponSerial {
    vendor: [u8; 4],
    number: u32,
}

impl GponSerial {
    /// The four vendor letters.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!("ALCLFC265D6F".parse::<tr181::GponSerial>()?.vendor(), "ALCL");
    /// # Ok::<(), tr181::ParseGponSerialError>(())
    /// ```
    #[must_use]
    pub fn vendor(&self) -> &str {
        std::str::from_utf8(&self.vendor).unwrap_or_default()
    }

    /// The 16 hexadecimal digits.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!("HWTCA94196A5".parse::<tr181::GponSerial>()?.to_hex(), "48575443A94196A5");
    /// # Ok::<(), tr181::ParseGponSerialError>(())
    /// ```
    #[must_use]
    pub fn to_hex(&self) -> String {
        let [a, b, c, d] = self.vendor;
        format!("{a:02X}{b:02X}{c:02X}{d:02X}{:08X}", self.number)
    }
}

impl fmt::Display for GponSerial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:08X}", self.vendor(), self.number)
    }
}

/// The text is not a GPON serial number.
///
/// # Examples
///
/// ```
/// assert!("".parse::<tr181::GponSerial>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a GPON serial number")]
#[non_exhaustive]
pub struct ParseGponSerialError;

impl FromStr for GponSerial {
    type Err = ParseGponSerialError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().replace([':', '-', ' '], "");
        let (vendor, number) = match text.len() {
            12 => {
                let (vendor, number) = text.split_at_checked(4).ok_or(ParseGponSerialError)?;
                let vendor: [u8; 4] = vendor
                    .as_bytes()
                    .try_into()
                    .map_err(|_| ParseGponSerialError)?;
                (vendor.map(|b| b.to_ascii_uppercase()), number)
            }
            16 => {
                let (vendor, number) = text.split_at_checked(8).ok_or(ParseGponSerialError)?;
                let vendor = hex(vendor).ok_or(ParseGponSerialError)?;
                (vendor.to_be_bytes().map(|b| b.to_ascii_uppercase()), number)
            }
            _ => return Err(ParseGponSerialError),
        };
        // Letters only: twelve hexadecimal digits are a MAC address, not a serial number.
        if !vendor.iter().all(u8::is_ascii_alphabetic) {
            return Err(ParseGponSerialError);
        }
        let number = hex(number).ok_or(ParseGponSerialError)?;
        Ok(Self { vendor, number })
    }
}

fn hex(text: &str) -> Option<u32> {
    text.bytes()
        .all(|b| b.is_ascii_hexdigit())
        .then(|| u32::from_str_radix(text, 16).ok())?
}
