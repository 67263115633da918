//! Dollars and cents.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::Error;

/// The greatest amount that is computed with, either way: ten million million dollars.
///
/// Within it nothing overflows, and every product of an amount of up to nine decimals and a tax
/// rate is exact.
///
/// # Examples
///
/// ```
/// use quebec_tax::{Decimal, Error, MAX_AMOUNT, Taxes};
///
/// assert!(Taxes::on(MAX_AMOUNT).is_ok());
/// assert_eq!(Taxes::on(MAX_AMOUNT + Decimal::ONE).unwrap_err(), Error::OutOfRange);
/// ```
pub const MAX_AMOUNT: Decimal = Decimal::from_parts(0x4E72_A000, 0x0918, 0, false, 0);

/// Rounds to the cent: half a cent and more goes up, and down for a negative amount, so that a
/// credit is the mirror of its invoice.
///
/// # Examples
///
/// ```
/// use quebec_tax::{Decimal, round_to_cent};
///
/// let half = Decimal::new(5_725, 3); // 5.725
/// assert_eq!(round_to_cent(half).to_string(), "5.73");
/// assert_eq!(round_to_cent(-half).to_string(), "-5.73");
/// ```
#[must_use]
pub fn round_to_cent(amount: Decimal) -> Decimal {
    let mut rounded = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(2);
    // Minus zero would print its sign.
    rounded.set_sign_negative(rounded.is_sign_negative() && !rounded.is_zero());
    rounded
}

/// Gives the whole cents of an amount, as payment providers count.
///
/// # Errors
/// [`Error::NotWholeCents`], [`Error::OutOfRange`].
///
/// # Examples
///
/// ```
/// use quebec_tax::{Decimal, Error, to_cents};
///
/// assert_eq!(to_cents(Decimal::new(4_594, 2))?, 4_594);
/// assert_eq!(to_cents(Decimal::new(45_945, 3)), Err(Error::NotWholeCents));
/// # Ok::<(), Error>(())
/// ```
pub fn to_cents(amount: Decimal) -> Result<i64, Error> {
    let rounded = round_to_cent(checked(amount)?);
    if rounded != amount {
        return Err(Error::NotWholeCents);
    }
    i64::try_from(rounded.mantissa()).map_err(|_| Error::OutOfRange)
}

/// Makes an amount of whole cents.
///
/// # Examples
///
/// ```
/// assert_eq!(quebec_tax::from_cents(-4_594).to_string(), "-45.94");
/// ```
#[must_use]
pub fn from_cents(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

/// An amount that can be computed with.
pub(crate) fn checked(amount: Decimal) -> Result<Decimal, Error> {
    if amount.abs() > MAX_AMOUNT {
        return Err(Error::OutOfRange);
    }
    Ok(amount)
}

/// The sum, as long as it stays in range.
pub(crate) fn add(left: Decimal, right: Decimal) -> Result<Decimal, Error> {
    checked(left.checked_add(right).ok_or(Error::OutOfRange)?)
}
