use std::fmt;

use crate::json::{Read, text};

/// A currency as Stripe writes it: three lower-case letters.
///
/// # Examples
///
/// ```
/// use stripe_webhooks::Currency;
///
/// let currency = Currency::parse("CAD").ok_or("not a currency")?;
/// assert_eq!(currency.as_str(), "cad");
/// assert_eq!(currency.decimals(), 2);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Takes three letters of either case; `None` for anything else.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::Currency;
    /// assert_eq!(Currency::parse("CAD"), Currency::parse("cad"));
    /// assert_eq!(Currency::parse("dollar"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 3] = text.as_bytes().try_into().ok()?;
        letters
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Self(letters.map(|letter| letter.to_ascii_lowercase())))
    }

    /// The three lower-case letters.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::Currency;
    /// assert_eq!(Currency::parse("USD").as_ref().map(Currency::as_str), Some("usd"));
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// How many decimals its minor unit has: an amount of 11497 is 114.97 with 2, 11497 with 0.
    ///
    /// See Stripe's documentation, "Supported currencies", "Zero-decimal currencies" and
    /// "Three-decimal currencies".
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::Currency;
    /// let decimals = |text| Currency::parse(text).map(|currency| currency.decimals());
    /// assert_eq!(decimals("cad"), Some(2));
    /// assert_eq!(decimals("jpy"), Some(0));
    /// assert_eq!(decimals("kwd"), Some(3));
    /// ```
    #[must_use]
    pub fn decimals(&self) -> u32 {
        match &self.0 {
            b"bif" | b"clp" | b"djf" | b"gnf" | b"jpy" | b"kmf" | b"krw" | b"mga" | b"pyg"
            | b"rwf" | b"vnd" | b"vuv" | b"xaf" | b"xof" | b"xpf" => 0,
            b"bhd" | b"jod" | b"kwd" | b"omr" | b"tnd" => 3,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Read for Option<Currency> {
    fn read(json: &str) -> Self {
        Currency::parse(&text(json)?)
    }
}
