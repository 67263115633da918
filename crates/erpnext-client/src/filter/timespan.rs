//! Spans of time around the site's today.

/// A span around the site's today; weeks begin as the site's settings say.
///
/// # Examples
/// ```
/// use erpnext_client::{Filter, Timespan};
///
/// let recent = Filter::timespan("creation", Timespan::Last7Days);
/// assert_eq!(Timespan::Last7Days.as_str(), "last 7 days");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Timespan {
    /// The day before today.
    Yesterday,
    /// Today.
    Today,
    /// The day after today.
    Tomorrow,
    /// From seven days ago to today.
    Last7Days,
    /// From 14 days ago to today.
    Last14Days,
    /// From 30 days ago to today.
    Last30Days,
    /// From 90 days ago to today.
    Last90Days,
    /// The week before this one.
    LastWeek,
    /// The month before this one.
    LastMonth,
    /// The quarter before this one.
    LastQuarter,
    /// The two quarters before this one.
    Last6Months,
    /// The year before this one.
    LastYear,
    /// This week.
    ThisWeek,
    /// This month.
    ThisMonth,
    /// This quarter.
    ThisQuarter,
    /// This year.
    ThisYear,
    /// From today to seven days ahead.
    Next7Days,
    /// From today to 14 days ahead.
    Next14Days,
    /// From today to 30 days ahead.
    Next30Days,
    /// The week after this one.
    NextWeek,
    /// The month after this one.
    NextMonth,
    /// The quarter after this one.
    NextQuarter,
    /// The two quarters after this one.
    Next6Months,
    /// The year after this one.
    NextYear,
}

impl Timespan {
    /// Frappe's word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yesterday => "yesterday",
            Self::Today => "today",
            Self::Tomorrow => "tomorrow",
            Self::Last7Days => "last 7 days",
            Self::Last14Days => "last 14 days",
            Self::Last30Days => "last 30 days",
            Self::Last90Days => "last 90 days",
            Self::LastWeek => "last week",
            Self::LastMonth => "last month",
            Self::LastQuarter => "last quarter",
            Self::Last6Months => "last 6 months",
            Self::LastYear => "last year",
            Self::ThisWeek => "this week",
            Self::ThisMonth => "this month",
            Self::ThisQuarter => "this quarter",
            Self::ThisYear => "this year",
            Self::Next7Days => "next 7 days",
            Self::Next14Days => "next 14 days",
            Self::Next30Days => "next 30 days",
            Self::NextWeek => "next week",
            Self::NextMonth => "next month",
            Self::NextQuarter => "next quarter",
            Self::Next6Months => "next 6 months",
            Self::NextYear => "next year",
        }
    }
}

/// A calendar period, for [`Filter::previous`](crate::Filter::previous) and
/// [`Filter::next`](crate::Filter::next).
///
/// # Examples
/// ```
/// use erpnext_client::{Filter, Period};
///
/// let last_month = Filter::previous("posting_date", Period::Month);
/// assert_eq!(Period::Quarter.as_str(), "3 months");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Period {
    /// A week.
    Week,
    /// A month.
    Month,
    /// A quarter of a year.
    Quarter,
    /// Two quarters.
    HalfYear,
    /// A year.
    Year,
}

impl Period {
    /// Frappe's word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Week => "1 week",
            Self::Month => "1 month",
            Self::Quarter => "3 months",
            Self::HalfYear => "6 months",
            Self::Year => "1 year",
        }
    }
}
