use rust_decimal::Decimal;

use crate::amount::{add, checked};
use crate::{Error, round_to_cent};

/// Divides an amount in proportion to weights, so that the parts add up to it to the cent.
///
/// Each part is within a cent of its exact share. For showing a tax, computed on the sum, beside
/// each line; for sharing a payment over invoices.
///
/// # Errors
/// [`Error::Weights`], [`Error::NotWholeCents`], [`Error::OutOfRange`].
///
/// # Examples
///
/// ```
/// use quebec_tax::{Decimal, Taxes, split};
///
/// let lines = [Decimal::new(1_010, 2); 3];
/// let qst = Taxes::on_lines(lines)?.qst();
/// let parts: Vec<String> = split(qst, &lines)?.iter().map(Decimal::to_string).collect();
/// assert_eq!(parts, ["1.01", "1.00", "1.01"]); // 3.02
/// # Ok::<(), quebec_tax::Error>(())
/// ```
pub fn split(amount: Decimal, weights: &[Decimal]) -> Result<Vec<Decimal>, Error> {
    let whole = round_to_cent(checked(amount)?);
    if whole != amount {
        return Err(Error::NotWholeCents);
    }
    let mut sum = Decimal::ZERO;
    for weight in weights {
        if weight.is_sign_negative() && !weight.is_zero() {
            return Err(Error::Weights);
        }
        sum = add(sum, *weight)?;
    }
    if sum.is_zero() {
        return Err(Error::Weights);
    }
    // Rounding the running total, and not each part, is what keeps the sum: the last running
    // total is the whole.
    let (mut running, mut given) = (Decimal::ZERO, Decimal::ZERO);
    weights
        .iter()
        .map(|weight| {
            running = add(running, *weight)?;
            let until = if running == sum {
                whole
            } else {
                let share = running.checked_div(sum).ok_or(Error::OutOfRange)?;
                round_to_cent(whole.checked_mul(share).ok_or(Error::OutOfRange)?)
            };
            let part = round_to_cent(until - given);
            given = until;
            Ok(part)
        })
        .collect()
}
