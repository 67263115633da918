//! Datetime and Time: naive, in the site's time zone.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Field;
use super::date::parse_date;
use super::scalar::{self, Scalar};
use crate::Error;

const NANOS_PER_MICRO: i32 = 1_000;

/// A date and a time as a site stores them: in the site's time zone, which they do not tell, to
/// the microsecond.
///
/// With a [`TimeZone`] it becomes an instant. A text with `Z` or an offset is refused, for the
/// server answers 500 to it.
///
/// # Examples
/// ```
/// use erpnext_client::value::SiteDateTime;
/// use jiff::tz::TimeZone;
///
/// let booked: SiteDateTime = "2026-05-04 08:30:00".parse()?;
/// let zone = TimeZone::get("America/Toronto")?;
/// assert_eq!(booked.to_timestamp(&zone)?.to_string(), "2026-05-04T12:30:00Z");
/// assert_eq!(SiteDateTime::from_timestamp("2026-05-04T12:30:00Z".parse()?, &zone), booked);
/// assert!("2026-05-04T08:30:00Z".parse::<SiteDateTime>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteDateTime(DateTime);

impl SiteDateTime {
    /// A date and a time; what is below the microsecond is cut off.
    #[must_use]
    pub fn new(date_time: DateTime) -> Self {
        let time = SiteTime::new(date_time.time());
        Self(DateTime::from_parts(date_time.date(), time.0))
    }

    /// What clocks in `zone` show at an instant.
    #[must_use]
    pub fn from_timestamp(timestamp: Timestamp, zone: &TimeZone) -> Self {
        Self::new(zone.to_datetime(timestamp))
    }

    /// The instant, when the site is in `zone`.
    ///
    /// Of an hour that comes twice (autumn) the first is meant; an hour that is left out (spring)
    /// is counted on from before the gap, so 02:30 is 03:30.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the first and last hours of the years -9999 and 9999, which are no
    /// instants.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::value::SiteDateTime;
    /// use jiff::tz::TimeZone;
    ///
    /// let zone = TimeZone::get("America/Toronto")?;
    /// let twice: SiteDateTime = "2026-11-01 01:30:00".parse()?;
    /// assert_eq!(twice.to_timestamp(&zone)?.to_string(), "2026-11-01T05:30:00Z");
    /// let never: SiteDateTime = "2026-03-08 02:30:00".parse()?;
    /// assert_eq!(never.to_timestamp(&zone)?.to_string(), "2026-03-08T07:30:00Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_timestamp(self, zone: &TimeZone) -> Result<Timestamp, Error> {
        zone.to_ambiguous_timestamp(self.0)
            .compatible()
            .map_err(|_| Error::invalid("date and time", "is out of range"))
    }

    /// The date and the time.
    #[must_use]
    pub fn date_time(self) -> DateTime {
        self.0
    }

    /// The date.
    #[must_use]
    pub fn date(self) -> Date {
        self.0.date()
    }

    /// The time of day.
    #[must_use]
    pub fn time(self) -> SiteTime {
        SiteTime(self.0.time())
    }

    fn parse(text: &str) -> Option<Self> {
        let (date, time) = match text.split_once([' ', 'T']) {
            Some((date, time)) => (date, SiteTime::parse(time)?.0),
            None => (text, Time::midnight()),
        };
        Some(Self(DateTime::from_parts(parse_date(date)?, time)))
    }
}

impl From<Date> for SiteDateTime {
    fn from(date: Date) -> Self {
        Self(DateTime::from_parts(date, Time::midnight()))
    }
}

impl From<DateTime> for SiteDateTime {
    fn from(date_time: DateTime) -> Self {
        Self::new(date_time)
    }
}

impl fmt::Display for SiteDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.date(), self.time())
    }
}

/// Whether a text tells an offset after its time of day.
fn tells_zone(text: &str) -> bool {
    let time = text.split_once([' ', 'T']).map_or(text, |(_, time)| time);
    time.ends_with(['Z', 'z', ']']) || time.contains(['+', '-'])
}

impl FromStr for SiteDateTime {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        Self::parse(text).ok_or_else(|| {
            let dates_only = text.len() <= 10;
            Error::invalid(
                "date and time",
                if !dates_only && tells_zone(text) {
                    "tells a time zone, which the site answers 500 to: convert it to the site's"
                } else {
                    "is not like 2026-05-04 08:30:00"
                },
            )
        })
    }
}

impl Scalar for SiteDateTime {
    const NEEDS: &'static str = "a date and a time without a time zone";

    fn of_str(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

/// A time of day as a site stores it, to the microsecond.
///
/// # Examples
/// ```
/// use erpnext_client::value::SiteTime;
///
/// assert_eq!("8:30:00".parse::<SiteTime>()?.to_string(), "08:30:00");
/// assert_eq!("08:30".parse::<SiteTime>()?.to_string(), "08:30:00");
/// assert_eq!("21:12:5.158591".parse::<SiteTime>()?.to_string(), "21:12:05.158591");
/// assert!("24:00:00".parse::<SiteTime>().is_err());
/// # Ok::<(), erpnext_client::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteTime(Time);

impl SiteTime {
    /// A time of day; what is below the microsecond is cut off.
    #[must_use]
    pub fn new(time: Time) -> Self {
        let nanos = time.subsec_nanosecond() / NANOS_PER_MICRO * NANOS_PER_MICRO;
        Self(Time::new(time.hour(), time.minute(), time.second(), nanos).unwrap_or(time))
    }

    /// The time of day.
    #[must_use]
    pub fn time(self) -> Time {
        self.0
    }

    /// As Frappe 16 has to be given it in a comparison: there it is one of texts, in which
    /// `7:00:00` is more than any other time of the day, and `07:00:00` less than itself.
    pub(crate) fn compared(self) -> String {
        let micros = self.0.subsec_nanosecond() / NANOS_PER_MICRO;
        let (hour, minute, second) = (self.0.hour(), self.0.minute(), self.0.second());
        format!("{hour:02}:{minute:02}:{second:02}.{micros:06}")
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let hour = short(parts.next()?)?;
        let minute = short(parts.next()?)?;
        let (second, nanos) = match parts.next() {
            None => (0, 0),
            Some(seconds) => match seconds.split_once('.') {
                None => (short(seconds)?, 0),
                Some((second, fraction)) => (short(second)?, micros(fraction)? * NANOS_PER_MICRO),
            },
        };
        if parts.next().is_some() {
            return None;
        }
        Time::new(hour, minute, second, nanos).ok().map(Self)
    }
}

/// One or two digits.
fn short(text: &str) -> Option<i8> {
    let digits = matches!(text.len(), 1 | 2) && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// The digits after the dot, 1 to 9 of them, as microseconds.
fn micros(text: &str) -> Option<i32> {
    if !matches!(text.len(), 1..=9) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.bytes()
        .chain(std::iter::repeat(b'0'))
        .take(6)
        .try_fold(0_i32, |sum, digit| {
            sum.checked_mul(10)?
                .checked_add(i32::from(digit.wrapping_sub(b'0')))
        })
}

impl From<Time> for SiteTime {
    fn from(time: Time) -> Self {
        Self::new(time)
    }
}

impl fmt::Display for SiteTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.0;
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        write!(f, "{hour:02}:{minute:02}:{second:02}")?;
        match time.subsec_nanosecond() / NANOS_PER_MICRO {
            0 => Ok(()),
            micros => write!(f, ".{micros:06}"),
        }
    }
}

impl FromStr for SiteTime {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text.trim())
            .ok_or_else(|| Error::invalid("time of day", "is not like 08:30:00"))
    }
}

impl Scalar for SiteTime {
    const NEEDS: &'static str = "a time of day such as 8:30:00";

    fn of_str(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

macro_rules! as_text {
    ($($type:ty),*) => {$(
        impl Field for $type {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                scalar::read(deserializer)
            }

            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::read(deserializer)?.ok_or_else(|| {
                    de::Error::custom(format_args!("needs {}", Self::NEEDS))
                })
            }
        }
    )*};
}

as_text!(SiteDateTime, SiteTime);
