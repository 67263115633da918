//! Money as Stripe counts it: whole minor units and a currency.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;

fn invalid(what: &'static str, reason: &'static str) -> Error {
    Error::Invalid { what, reason }
}

/// A currency, by its code in lower case: `cad`, `usd`, `jpy`.
///
/// # Examples
///
/// ```
/// use stripe_lite::Currency;
///
/// let dollars: Currency = "CAD".parse()?;
/// assert_eq!(dollars, Currency::CAD);
/// assert_eq!((dollars.as_str(), dollars.decimals()), ("cad", 2));
/// assert_eq!("jpy".parse::<Currency>()?.decimals(), 0);
/// assert_eq!("kwd".parse::<Currency>()?.decimals(), 3);
/// # Ok::<(), stripe_lite::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency {
    /// Padded with zeros: Stripe names some stablecoins with more than three letters.
    code: [u8; 8],
}

impl Currency {
    /// The Canadian dollar.
    pub const CAD: Self = Self {
        code: *b"cad\0\0\0\0\0",
    };
    /// The dollar of the United States.
    pub const USD: Self = Self {
        code: *b"usd\0\0\0\0\0",
    };
    /// The euro.
    pub const EUR: Self = Self {
        code: *b"eur\0\0\0\0\0",
    };

    /// The code in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let end = self.code.iter().position(|byte| *byte == 0);
        let code = self.code.get(..end.unwrap_or(8)).unwrap_or_default();
        std::str::from_utf8(code).unwrap_or_default()
    }

    /// Number of decimals of the amounts that Stripe takes: 2, but 0 for the yen and its like
    /// and 3 for the dinar. `isk` and `ugx` have none in the world and two at Stripe.
    #[must_use]
    pub fn decimals(&self) -> u32 {
        match self.as_str() {
            "bif" | "clp" | "djf" | "gnf" | "jpy" | "kmf" | "krw" | "mga" | "pyg" | "rwf"
            | "vnd" | "vuv" | "xaf" | "xof" | "xpf" => 0,
            "bhd" | "iqd" | "jod" | "kwd" | "lyd" | "omr" | "tnd" => 3,
            _ => 2,
        }
    }
}

impl FromStr for Currency {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let fits = (3..=8).contains(&text.len());
        if !fits || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(invalid("currency", "is not a code of three letters"));
        }
        let mut code = [0; 8];
        for (place, byte) in code.iter_mut().zip(text.bytes()) {
            *place = byte.to_ascii_lowercase();
        }
        Ok(Self { code })
    }
}

impl TryFrom<String> for Currency {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.as_str().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An amount of money: whole minor units (cents) of a currency. Never a float.
///
/// # Examples
///
/// ```
/// use stripe_lite::{Amount, Currency};
///
/// let total = Amount::from_decimal("114.97", Currency::CAD)?;
/// assert_eq!(total, Amount::new(11_497, Currency::CAD));
/// assert_eq!(total.to_decimal(), "114.97");
///
/// // A yen has no smaller part; a dinar has a thousand.
/// assert_eq!(Amount::from_decimal("500", "jpy".parse()?)?.minor(), 500);
/// assert_eq!(Amount::from_decimal("1.5", "kwd".parse()?)?.minor(), 1_500);
/// // What cannot be said exactly is refused, not rounded.
/// assert!(Amount::from_decimal("0.005", Currency::CAD).is_err());
/// # Ok::<(), stripe_lite::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Amount {
    minor: i64,
    currency: Currency,
}

impl Amount {
    /// An amount of minor units.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Reads a decimal text such as `114.97`, `-3` or `0.500`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything but digits with at most one point, for more decimals than
    /// the currency has (zeros apart), and for what does not fit 64 bits.
    pub fn from_decimal(text: &str, currency: Currency) -> Result<Self, Error> {
        let malformed = || invalid("amount", "is not a decimal number");
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(part) {
            return Err(malformed());
        }
        let decimals = usize::try_from(currency.decimals()).unwrap_or_default();
        let (kept, lost) = part.split_at(part.len().min(decimals));
        if lost.bytes().any(|byte| byte != b'0') {
            return Err(invalid("amount", "has more decimals than its currency"));
        }
        let zeros = std::iter::repeat_n(b'0', decimals.saturating_sub(kept.len()));
        let sign = if negative { -1_i64 } else { 1 };
        let minor = whole
            .bytes()
            .chain(kept.bytes())
            .chain(zeros)
            .try_fold(0_i64, |sum, digit| {
                sum.checked_mul(10)?
                    .checked_add(sign * i64::from(digit.wrapping_sub(b'0')))
            })
            .ok_or_else(|| invalid("amount", "is too large"))?;
        Ok(Self { minor, currency })
    }

    /// The amount as a decimal text with all decimals of the currency.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_lite::{Amount, Currency};
    ///
    /// assert_eq!(Amount::new(-5, Currency::CAD).to_decimal(), "-0.05");
    /// assert_eq!(Amount::new(500, "jpy".parse()?).to_decimal(), "500");
    /// # Ok::<(), stripe_lite::Error>(())
    /// ```
    #[must_use]
    pub fn to_decimal(&self) -> String {
        let decimals = usize::try_from(self.currency.decimals()).unwrap_or_default();
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = format!("{:0>1$}", self.minor.unsigned_abs(), decimals + 1);
        let (whole, part) = digits.split_at(digits.len() - decimals);
        let point = if part.is_empty() { "" } else { "." };
        format!("{sign}{whole}{point}{part}")
    }

    /// Minor units: cents.
    #[must_use]
    pub const fn minor(&self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }
}

/// `114.97 cad`
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency)
    }
}
