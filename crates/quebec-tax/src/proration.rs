use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::amount::checked;
use crate::{Error, round_to_cent};

/// Gives the part of a price for some days of a period: `price × days ÷ of`, rounded to the cent.
///
/// # Errors
/// [`Error::Days`] when `of` is 0 or `days` is more; [`Error::OutOfRange`].
///
/// # Examples
///
/// ```
/// use quebec_tax::{Decimal, prorate};
///
/// assert_eq!(prorate(Decimal::new(3_995, 2), 7, 30)?.to_string(), "9.32");
/// # Ok::<(), quebec_tax::Error>(())
/// ```
pub fn prorate(price: Decimal, days: u32, of: u32) -> Result<Decimal, Error> {
    if of == 0 || days > of {
        return Err(Error::Days { days, of });
    }
    let price = checked(price)?;
    let part = price
        .checked_mul(Decimal::from(days))
        .and_then(|product| product.checked_div(Decimal::from(of)))
        .ok_or(Error::OutOfRange)?;
    Ok(round_to_cent(part))
}

/// The part of a monthly price for some days of one month.
///
/// # Examples
///
/// ```
/// use jiff::civil::date;
/// use quebec_tax::{Decimal, Proration};
///
/// let price = Decimal::new(3_995, 2);
/// let part = Proration::between(price, date(2026, 11, 24), date(2026, 11, 30))?;
/// assert_eq!((part.days(), part.days_in_month()), (7, 30));
/// assert_eq!(part.amount().to_string(), "9.32");
/// assert_eq!(part.remainder().to_string(), "30.63");
/// # Ok::<(), quebec_tax::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proration {
    first: Date,
    last: Date,
    amount: Decimal,
    remainder: Decimal,
}

impl Proration {
    /// What is charged at once for a subscription that was activated on a day: from the next day
    /// to the end of the month. The day of activation is free.
    ///
    /// `None` when it was activated on the last day of a month: the next day begins a month that
    /// is billed whole.
    ///
    /// # Errors
    /// [`Error::OutOfRange`].
    ///
    /// # Examples
    ///
    /// ```
    /// use jiff::civil::date;
    /// use quebec_tax::{Decimal, Proration};
    ///
    /// let price = Decimal::new(3_995, 2);
    /// let part = Proration::after_activation(price, date(2026, 11, 23))?.ok_or("none")?;
    /// assert_eq!(part.first(), date(2026, 11, 24));
    /// assert_eq!(part.amount().to_string(), "9.32");
    /// assert_eq!(Proration::after_activation(price, date(2026, 11, 30))?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn after_activation(price: Decimal, activated: Date) -> Result<Option<Self>, Error> {
        let last = activated.last_of_month();
        if activated == last {
            checked(price)?;
            return Ok(None);
        }
        let first = activated.tomorrow().map_err(|_| Error::OutOfRange)?;
        Self::between(price, first, last).map(Some)
    }

    /// From the first to the last day, both counted, of one month.
    ///
    /// # Errors
    /// [`Error::NotOneMonth`], [`Error::OutOfRange`].
    pub fn between(price: Decimal, first: Date, last: Date) -> Result<Self, Error> {
        if first > last || first.first_of_month() != last.first_of_month() {
            return Err(Error::NotOneMonth);
        }
        let mut part = Self {
            first,
            last,
            amount: Decimal::ZERO,
            remainder: Decimal::ZERO,
        };
        part.amount = prorate(price, part.days(), part.days_in_month())?;
        part.remainder = round_to_cent(round_to_cent(price) - part.amount);
        Ok(part)
    }

    /// The first day that is charged.
    #[must_use]
    pub fn first(&self) -> Date {
        self.first
    }

    /// The last day that is charged.
    #[must_use]
    pub fn last(&self) -> Date {
        self.last
    }

    /// How many days are charged.
    #[must_use]
    pub fn days(&self) -> u32 {
        u32::from(self.last.day().abs_diff(self.first.day())) + 1
    }

    /// How many days the month has.
    #[must_use]
    pub fn days_in_month(&self) -> u32 {
        self.first.days_in_month().unsigned_abs().into()
    }

    /// What is charged for those days, before taxes.
    #[must_use]
    pub fn amount(&self) -> Decimal {
        self.amount
    }

    /// The rest of the month's price: with [`amount`](Self::amount) it is the whole, to the cent.
    #[must_use]
    pub fn remainder(&self) -> Decimal {
        self.remainder
    }
}
