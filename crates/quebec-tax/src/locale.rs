/// The language in which numbers and words are written.
///
/// # Examples
///
/// ```
/// use quebec_tax::{Locale, Tax};
///
/// assert_eq!(Tax::Gst.label(Locale::FrCa), "TPS (5\u{a0}%)");
/// assert_eq!(Tax::Gst.label(Locale::EnCa), "GST (5%)");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(
    clippy::exhaustive_enums,
    reason = "Québec's documents are in these two"
)]
pub enum Locale {
    /// French of Canada: `1 234,56 $`, with no-break spaces.
    #[default]
    FrCa,
    /// English of Canada: `$1,234.56`.
    EnCa,
}

impl Locale {
    pub(crate) fn pick<T>(self, french: T, english: T) -> T {
        match self {
            Self::FrCa => french,
            Self::EnCa => english,
        }
    }
}
