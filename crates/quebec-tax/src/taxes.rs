use rust_decimal::Decimal;

use crate::amount::{add, checked};
use crate::tax::WITH_BOTH;
use crate::{Error, Tax, round_to_cent};

/// One line of an invoice, before taxes; a bare amount is a taxable one.
///
/// # Examples
///
/// ```
/// use quebec_tax::{Decimal, Line, Taxes};
///
/// let lines = [
///     Line::taxable(Decimal::from(50)),
///     Line::exempt(Decimal::from(20)),
///     Decimal::from(50).into(),
/// ];
/// let taxes = Taxes::on_lines(lines)?;
/// assert_eq!(taxes.net().to_string(), "120.00");
/// assert_eq!(taxes.gst().to_string(), "5.00");
/// # Ok::<(), quebec_tax::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    amount: Decimal,
    is_taxable: bool,
}

impl Line {
    /// An amount on which both taxes are due.
    #[must_use]
    pub const fn taxable(amount: Decimal) -> Self {
        Self {
            amount,
            is_taxable: true,
        }
    }

    /// An amount on which no tax is due.
    #[must_use]
    pub const fn exempt(amount: Decimal) -> Self {
        Self {
            amount,
            is_taxable: false,
        }
    }
}

impl From<Decimal> for Line {
    fn from(amount: Decimal) -> Self {
        Self::taxable(amount)
    }
}

/// What an invoice is made of: the price, GST, QST, each in whole cents, and their sum.
///
/// Both taxes are of the price without the other one, computed on the **sum** of the lines and
/// rounded once: half a cent and more goes up. Revenu Québec admits either the sum or each line;
/// choosing one keeps an invoice and its reports together.
///
/// # Examples
///
/// ```
/// use quebec_tax::{Decimal, Taxes};
///
/// let taxes = Taxes::on(Decimal::new(3_995, 2))?;
/// assert_eq!(taxes.gst().to_string(), "2.00");
/// assert_eq!(taxes.qst().to_string(), "3.99");
/// assert_eq!(taxes.total().to_string(), "45.94");
/// # Ok::<(), quebec_tax::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Taxes {
    taxable: Decimal,
    exempt: Decimal,
    gst: Decimal,
    qst: Decimal,
}

impl Taxes {
    /// Computes the taxes on a price; a negative one is a credit.
    ///
    /// # Errors
    /// [`Error::OutOfRange`].
    ///
    /// # Examples
    ///
    /// ```
    /// use quebec_tax::{Decimal, Taxes};
    ///
    /// let invoice = Taxes::on(Decimal::new(11_450, 2))?;
    /// let credit = Taxes::on(Decimal::new(-11_450, 2))?;
    /// assert_eq!(invoice.total().to_string(), "131.65");
    /// assert_eq!(credit.total(), -invoice.total());
    /// # Ok::<(), quebec_tax::Error>(())
    /// ```
    pub fn on(price: Decimal) -> Result<Self, Error> {
        Self::of(price, Decimal::ZERO)
    }

    /// Computes the taxes on the sum of lines.
    ///
    /// # Errors
    /// [`Error::OutOfRange`].
    ///
    /// # Examples
    ///
    /// ```
    /// use quebec_tax::{Decimal, Taxes};
    ///
    /// let line = Decimal::new(1_010, 2);
    /// // Line by line it would be three times 1.01.
    /// assert_eq!(Taxes::on_lines([line, line, line])?.qst().to_string(), "3.02");
    /// # Ok::<(), quebec_tax::Error>(())
    /// ```
    pub fn on_lines<L: Into<Line>>(lines: impl IntoIterator<Item = L>) -> Result<Self, Error> {
        let (mut taxable, mut exempt) = (Decimal::ZERO, Decimal::ZERO);
        for line in lines {
            let line = line.into();
            let sum = if line.is_taxable {
                &mut taxable
            } else {
                &mut exempt
            };
            *sum = add(*sum, line.amount)?;
        }
        Self::of(taxable, exempt)
    }

    /// Takes a price apart in which both taxes are included.
    ///
    /// The parts always add up to `total`. Where a price exists that gives this total, it is the
    /// one found; some totals (one in eight) belong to no price in whole cents, and then the taxes
    /// are those of the exact price and the price is what remains.
    ///
    /// # Errors
    /// [`Error::NotWholeCents`], [`Error::OutOfRange`].
    ///
    /// # Examples
    ///
    /// ```
    /// use quebec_tax::{Decimal, Taxes};
    ///
    /// let taxes = Taxes::included_in(Decimal::new(9_197, 2))?;
    /// assert_eq!(taxes.net().to_string(), "79.99");
    /// assert_eq!(taxes, Taxes::on(Decimal::new(7_999, 2))?);
    /// # Ok::<(), quebec_tax::Error>(())
    /// ```
    pub fn included_in(total: Decimal) -> Result<Self, Error> {
        let checked_total = checked(total)?;
        let total = round_to_cent(checked_total);
        if total != checked_total {
            return Err(Error::NotWholeCents);
        }
        let exact = total.checked_div(WITH_BOTH).ok_or(Error::OutOfRange)?;
        let near = round_to_cent(exact);
        for step in [0, -1, 1] {
            let price = add(near, Decimal::new(step, 2))?;
            let taxes = Self::on(price)?;
            if taxes.total() == total {
                return Ok(taxes);
            }
        }
        let (gst, qst) = (share(exact, Tax::Gst)?, share(exact, Tax::Qst)?);
        Ok(Self {
            taxable: add(total, -add(gst, qst)?)?,
            exempt: round_to_cent(Decimal::ZERO),
            gst,
            qst,
        })
    }

    fn of(taxable: Decimal, exempt: Decimal) -> Result<Self, Error> {
        let taxable = checked(taxable)?;
        Ok(Self {
            gst: share(taxable, Tax::Gst)?,
            qst: share(taxable, Tax::Qst)?,
            taxable: round_to_cent(taxable),
            exempt: round_to_cent(checked(exempt)?),
        })
    }

    /// The price before taxes.
    #[must_use]
    pub fn net(&self) -> Decimal {
        self.taxable + self.exempt
    }

    /// The part of the price on which taxes are due.
    ///
    /// # Examples
    ///
    /// ```
    /// use quebec_tax::{Decimal, Line, Taxes};
    ///
    /// let taxes = Taxes::on_lines([Line::taxable(Decimal::TEN), Line::exempt(Decimal::ONE)])?;
    /// assert_eq!(taxes.taxable().to_string(), "10.00");
    /// assert_eq!(taxes.net().to_string(), "11.00");
    /// # Ok::<(), quebec_tax::Error>(())
    /// ```
    #[must_use]
    pub fn taxable(&self) -> Decimal {
        self.taxable
    }

    /// Goods and services tax.
    #[must_use]
    pub fn gst(&self) -> Decimal {
        self.gst
    }

    /// Québec sales tax.
    #[must_use]
    pub fn qst(&self) -> Decimal {
        self.qst
    }

    /// One of the taxes.
    ///
    /// # Examples
    ///
    /// ```
    /// use quebec_tax::{Decimal, Locale, Tax, Taxes, money};
    ///
    /// let taxes = Taxes::on(Decimal::new(7_999, 2))?;
    /// let lines = [Tax::Gst, Tax::Qst]
    ///     .map(|tax| format!("{} {}", tax.label(Locale::EnCa), money(Locale::EnCa, taxes.of_tax(tax))));
    /// assert_eq!(lines, ["GST (5%) $4.00", "QST (9.975%) $7.98"]);
    /// # Ok::<(), quebec_tax::Error>(())
    /// ```
    #[must_use]
    pub fn of_tax(&self, tax: Tax) -> Decimal {
        match tax {
            Tax::Gst => self.gst,
            Tax::Qst => self.qst,
        }
    }

    /// What is to be paid. By card or transfer it is not rounded further: only cash is.
    #[must_use]
    pub fn total(&self) -> Decimal {
        self.net() + self.gst + self.qst
    }
}

fn share(price: Decimal, tax: Tax) -> Result<Decimal, Error> {
    let exact = price.checked_mul(tax.rate()).ok_or(Error::OutOfRange)?;
    Ok(round_to_cent(exact))
}
