//! Where the business is: its days begin and end there, wherever the machine stands.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The zone.
#[must_use]
pub fn zone() -> TimeZone {
    TimeZone::get("America/Toronto").unwrap_or(TimeZone::UTC)
}

/// The day on the calendar there.
#[must_use]
pub fn day(at: Timestamp) -> Date {
    at.to_zoned(zone()).date()
}
