/// Why a computation has no answer.
///
/// # Examples
///
/// ```
/// use quebec_tax::{Decimal, Error, prorate};
///
/// let error = prorate(Decimal::from(30), 32, 31).unwrap_err();
/// assert_eq!(error, Error::Days { days: 32, of: 31 });
/// assert_eq!(error.to_string(), "32 days of 31 are no part of a period");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An amount is beyond [`MAX_AMOUNT`](crate::MAX_AMOUNT), or a sum would be.
    #[error("the amount is out of range")]
    OutOfRange,
    /// An amount has a fraction of a cent where whole cents are needed.
    #[error("the amount is not in whole cents")]
    NotWholeCents,
    /// A period has no days, or the part is longer than it.
    #[error("{days} days of {of} are no part of a period")]
    Days {
        /// The days of the part.
        days: u32,
        /// The days of the whole period.
        of: u32,
    },
    /// The last day is before the first, or in another month.
    #[error("the days are not in order within one month")]
    NotOneMonth,
    /// Ageing limits are missing, too many, or do not rise.
    #[error("the ageing limits must rise, and be 1 to {most} in number")]
    Limits {
        /// The most limits there may be.
        most: usize,
    },
    /// Weights are missing, negative, or all zero.
    #[error("the weights must be positive or zero, and not all zero")]
    Weights,
    /// A text is not an amount in that language.
    #[error("the text is not an amount of money")]
    NotMoney,
}
