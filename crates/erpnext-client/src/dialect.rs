//! The two ways Frappe's query layer speaks.

/// Which query engine a site runs.
///
/// Frappe 15 takes SQL-like strings; version 16 came with an engine of its own, which takes
/// objects and refuses some of those strings.
///
/// # Examples
/// ```
/// use erpnext_client::Dialect;
///
/// assert_eq!(Dialect::of_version("15.55.1"), Some(Dialect::V15));
/// assert_eq!(Dialect::of_version("17.0.0-dev"), Some(Dialect::V16));
/// assert_eq!(Dialect::of_version("develop"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// Frappe 15, and 14 as far as it is known.
    V15,
    /// Frappe 16 and later.
    V16,
}

impl Dialect {
    /// The dialect of a Frappe version such as `15.55.1` or `17.0.0-dev`.
    #[must_use]
    pub fn of_version(version: &str) -> Option<Self> {
        let digits = version.trim().trim_start_matches('v');
        let major: u32 = digits.split('.').next()?.parse().ok()?;
        Some(if major <= 15 { Self::V15 } else { Self::V16 })
    }
}
