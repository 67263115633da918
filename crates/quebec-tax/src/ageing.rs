//! How long receivables have been open, as ERPNext's Accounts Receivable counts.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::amount::{add, checked};
use crate::{Error, round_to_cent};

/// Which day an age is counted from.
///
/// # Examples
///
/// ```
/// use jiff::civil::date;
/// use quebec_tax::{AgeBy, Ageing, Bucket, Decimal, OpenItem};
///
/// let item = OpenItem::new(date(2026, 9, 1), Some(date(2026, 10, 1)), Decimal::TEN);
/// let (today, by_posting) = (date(2026, 10, 31), Ageing::default().by(AgeBy::PostingDate));
/// assert_eq!(Ageing::default().bucket(&item, today), Bucket::Range(0)); // 30 days
/// assert_eq!(by_posting.bucket(&item, today), Bucket::Range(1)); // 60 days
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AgeBy {
    /// The day it was due; the day it was posted where it has no due date.
    #[default]
    DueDate,
    /// The day it was posted.
    PostingDate,
}

/// Where amounts go whose day has not come.
///
/// # Examples
///
/// ```
/// use jiff::civil::date;
/// use quebec_tax::{Ageing, Bucket, Decimal, NotDue, OpenItem};
///
/// let (due, today) = (date(2026, 12, 1), date(2026, 11, 22));
/// let item = OpenItem::new(date(2026, 11, 1), Some(due), Decimal::TEN);
/// assert_eq!(Ageing::default().bucket(&item, today), Bucket::NotDue);
/// let four = Ageing::default().not_due(NotDue::FirstBucket);
/// assert_eq!(four.bucket(&item, today), Bucket::Range(0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotDue {
    /// Into a column of their own.
    #[default]
    Separate,
    /// Into the first bucket.
    FirstBucket,
}

/// Where one item belongs.
///
/// # Examples
///
/// ```
/// use quebec_tax::{Ageing, Bucket};
///
/// assert_eq!(Ageing::default().bucket_of_age(30), Bucket::Range(0));
/// assert_eq!(Ageing::default().bucket_of_age(31), Bucket::Range(1));
/// assert_eq!(Ageing::default().bucket_of_age(-1), Bucket::NotDue);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Bucket {
    /// Its day has not come.
    NotDue,
    /// The bucket of this place, counted from 0.
    Range(usize),
}

/// What remains open of an invoice; negative for a credit or an unallocated payment.
///
/// # Examples
///
/// ```
/// use jiff::civil::date;
/// use quebec_tax::{Decimal, OpenItem};
///
/// let invoice = OpenItem::new(date(2026, 11, 1), Some(date(2026, 12, 1)), Decimal::new(4_594, 2));
/// let payment = OpenItem::new(date(2026, 11, 20), None, Decimal::from(-20));
/// # let _ = (invoice, payment);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenItem {
    posted: Date,
    due: Option<Date>,
    outstanding: Decimal,
}

impl OpenItem {
    /// An item with the day it was posted, the day it is due and what is open of it.
    #[must_use]
    pub const fn new(posted: Date, due: Option<Date>, outstanding: Decimal) -> Self {
        Self {
            posted,
            due,
            outstanding,
        }
    }
}

/// The rule by which amounts are aged: limits in days, each the last day of its bucket.
///
/// The default is 30, 60, 90, 120 by due date: five buckets and a column for what is not due.
///
/// # Examples
///
/// ```
/// use jiff::civil::date;
/// use quebec_tax::{Ageing, Decimal, OpenItem};
///
/// let day = date(2026, 11, 22);
/// let items = [
///     OpenItem::new(date(2026, 10, 1), Some(date(2026, 12, 1)), Decimal::from(10)),
///     OpenItem::new(date(2026, 10, 1), Some(date(2026, 11, 22)), Decimal::from(20)),
///     OpenItem::new(date(2026, 1, 1), None, Decimal::from(-5)),
/// ];
/// let aged = Ageing::default().sum(day, items)?;
/// assert_eq!(aged.not_due().to_string(), "10.00");
/// assert_eq!(aged.buckets().first().map(Decimal::to_string), Some("20.00".to_owned()));
/// assert_eq!(aged.buckets().last().map(Decimal::to_string), Some("-5.00".to_owned()));
/// assert_eq!(aged.total().to_string(), "25.00");
/// # Ok::<(), quebec_tax::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ageing {
    limits: Vec<u32>,
    by: AgeBy,
    not_due: NotDue,
}

impl Ageing {
    /// The most limits there may be.
    pub const MOST_LIMITS: usize = 12;

    /// Takes rising limits in days.
    ///
    /// # Errors
    /// [`Error::Limits`].
    ///
    /// # Examples
    ///
    /// ```
    /// use quebec_tax::Ageing;
    ///
    /// assert_eq!(Ageing::new([15, 45])?.labels(), ["0–15", "16–45", "46+"]);
    /// assert!(Ageing::new([30, 30]).is_err());
    /// # Ok::<(), quebec_tax::Error>(())
    /// ```
    pub fn new(limits: impl Into<Vec<u32>>) -> Result<Self, Error> {
        let limits = limits.into();
        let rise = limits.iter().zip(limits.iter().skip(1)).all(|(a, b)| a < b);
        if limits.is_empty() || limits.len() > Self::MOST_LIMITS || !rise {
            return Err(Error::Limits {
                most: Self::MOST_LIMITS,
            });
        }
        Ok(Self {
            limits,
            by: AgeBy::default(),
            not_due: NotDue::default(),
        })
    }

    /// Sets the day that ages are counted from.
    #[must_use]
    pub fn by(mut self, by: AgeBy) -> Self {
        self.by = by;
        self
    }

    /// Sets where amounts go that are not due.
    #[must_use]
    pub fn not_due(mut self, not_due: NotDue) -> Self {
        self.not_due = not_due;
        self
    }

    /// The names of the buckets, in days.
    ///
    /// # Examples
    ///
    /// ```
    /// use quebec_tax::Ageing;
    ///
    /// let labels = Ageing::default().labels();
    /// assert_eq!(labels, ["0–30", "31–60", "61–90", "91–120", "121+"]);
    /// ```
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        let mut from = 0;
        let mut labels = Vec::with_capacity(self.limits.len() + 1);
        for limit in &self.limits {
            labels.push(format!("{from}–{limit}"));
            from = limit.saturating_add(1);
        }
        labels.push(format!("{from}+"));
        labels
    }

    /// The bucket of an age in days: the first whose limit is not below it.
    #[must_use]
    pub fn bucket_of_age(&self, days: i64) -> Bucket {
        if days < 0 && self.not_due == NotDue::Separate {
            return Bucket::NotDue;
        }
        let beyond = self
            .limits
            .iter()
            .filter(|limit| i64::from(**limit) < days)
            .count();
        Bucket::Range(beyond)
    }

    /// The bucket of an item on a day.
    #[must_use]
    pub fn bucket(&self, item: &OpenItem, on: Date) -> Bucket {
        let from = match self.by {
            AgeBy::DueDate => item.due.unwrap_or(item.posted),
            AgeBy::PostingDate => item.posted,
        };
        self.bucket_of_age(on.duration_since(from).as_hours() / 24)
    }

    /// Adds up items as of a day.
    ///
    /// # Errors
    /// [`Error::OutOfRange`].
    pub fn sum(&self, on: Date, items: impl IntoIterator<Item = OpenItem>) -> Result<Aged, Error> {
        let mut aged = self.start(on);
        for item in items {
            aged.add(&item)?;
        }
        Ok(aged)
    }

    /// Begins a sum to which items are added one by one, as a report streams.
    ///
    /// # Examples
    ///
    /// ```
    /// use jiff::civil::date;
    /// use quebec_tax::{Ageing, Decimal, OpenItem};
    ///
    /// let mut aged = Ageing::default().start(date(2026, 11, 22));
    /// aged.add(&OpenItem::new(date(2026, 9, 1), None, Decimal::ONE))?;
    /// assert_eq!(aged.total().to_string(), "1.00");
    /// # Ok::<(), quebec_tax::Error>(())
    /// ```
    #[must_use]
    pub fn start(&self, on: Date) -> Aged {
        let zero = round_to_cent(Decimal::ZERO);
        Aged {
            ageing: self.clone(),
            on,
            not_due: zero,
            buckets: vec![zero; self.limits.len() + 1],
        }
    }
}

impl Default for Ageing {
    fn default() -> Self {
        Self {
            limits: vec![30, 60, 90, 120],
            by: AgeBy::default(),
            not_due: NotDue::default(),
        }
    }
}

/// Open amounts by age, in whole cents.
///
/// # Examples
///
/// ```
/// use jiff::civil::date;
/// use quebec_tax::{Ageing, Decimal, OpenItem};
///
/// let day = date(2026, 11, 22);
/// let item = OpenItem::new(date(2026, 10, 22), None, Decimal::new(4_594, 2));
/// let aged = Ageing::default().sum(day, [item, item])?;
/// let row: Vec<String> = aged.buckets().iter().map(Decimal::to_string).collect();
/// assert_eq!(row, ["0.00", "91.88", "0.00", "0.00", "0.00"]);
/// # Ok::<(), quebec_tax::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aged {
    ageing: Ageing,
    on: Date,
    not_due: Decimal,
    buckets: Vec<Decimal>,
}

impl Aged {
    /// Adds what is open of an item, rounded to the cent.
    ///
    /// # Errors
    /// [`Error::OutOfRange`]; the sums are then unchanged.
    pub fn add(&mut self, item: &OpenItem) -> Result<(), Error> {
        let amount = round_to_cent(checked(item.outstanding)?);
        // Keeps the total in range as well as the bucket.
        add(self.total(), amount)?;
        let sum = match self.ageing.bucket(item, self.on) {
            Bucket::NotDue => Some(&mut self.not_due),
            Bucket::Range(index) => self.buckets.get_mut(index),
        };
        if let Some(sum) = sum {
            *sum = add(*sum, amount)?;
        }
        Ok(())
    }

    /// What is not due; zero under [`NotDue::FirstBucket`].
    #[must_use]
    pub fn not_due(&self) -> Decimal {
        self.not_due
    }

    /// The buckets, youngest first: one more than there are limits.
    #[must_use]
    pub fn buckets(&self) -> &[Decimal] {
        &self.buckets
    }

    /// What is past its day: the sum of the buckets.
    ///
    /// # Examples
    ///
    /// ```
    /// use jiff::civil::date;
    /// use quebec_tax::{Ageing, Decimal, OpenItem};
    ///
    /// let (today, due) = (date(2026, 11, 22), date(2026, 11, 23));
    /// let aged = Ageing::default().sum(today, [OpenItem::new(today, Some(due), Decimal::ONE)])?;
    /// assert!(aged.due().is_zero());
    /// assert_eq!(aged.total(), Decimal::ONE);
    /// # Ok::<(), quebec_tax::Error>(())
    /// ```
    #[must_use]
    pub fn due(&self) -> Decimal {
        self.buckets
            .iter()
            .fold(Decimal::ZERO, |sum, bucket| sum.saturating_add(*bucket))
    }

    /// Everything that is open: equal to the balance of the receivable accounts.
    #[must_use]
    pub fn total(&self) -> Decimal {
        self.due().saturating_add(self.not_due)
    }
}
