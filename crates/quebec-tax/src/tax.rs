use rust_decimal::Decimal;

use crate::Locale;

/// One of the two sales taxes, at the rate in force since 2013.
///
/// # Examples
///
/// ```
/// use quebec_tax::{Decimal, Tax};
///
/// assert_eq!(Tax::Gst.rate(), Decimal::new(5, 2));
/// assert_eq!(Tax::Qst.rate(), Decimal::new(9_975, 5));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "Québec has these two")]
pub enum Tax {
    /// Goods and services tax of Canada: 5 %.
    Gst,
    /// Québec sales tax: 9.975 %, on the price without GST.
    Qst,
}

impl Tax {
    /// The share of the price.
    #[must_use]
    pub const fn rate(self) -> Decimal {
        match self {
            Self::Gst => Decimal::from_parts(5, 0, 0, false, 2),
            Self::Qst => Decimal::from_parts(9_975, 0, 0, false, 5),
        }
    }

    /// The tax's name and its rate, as a document shows them. The rates are not rounded, and their
    /// sum is never shown: Revenu Québec forbids both.
    ///
    /// # Examples
    ///
    /// ```
    /// use quebec_tax::{Locale, Tax};
    ///
    /// assert_eq!(Tax::Qst.label(Locale::FrCa), "TVQ (9,975\u{a0}%)");
    /// assert_eq!(Tax::Qst.label(Locale::EnCa), "QST (9.975%)");
    /// ```
    #[must_use]
    pub const fn label(self, locale: Locale) -> &'static str {
        match (self, locale) {
            (Self::Gst, Locale::FrCa) => "TPS (5\u{a0}%)",
            (Self::Gst, Locale::EnCa) => "GST (5%)",
            (Self::Qst, Locale::FrCa) => "TVQ (9,975\u{a0}%)",
            (Self::Qst, Locale::EnCa) => "QST (9.975%)",
        }
    }
}

/// What a dollar before taxes costs: 1.14975.
pub(crate) const WITH_BOTH: Decimal = Decimal::from_parts(114_975, 0, 0, false, 5);
