//! Spans of days by their names in Frappe.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan as _};

/// First and last day of `last week`, `next 7 days`…; None for a name nobody knows.
pub(super) fn days(name: &str, today: Date) -> Option<(Date, Date)> {
    let name = name.trim().to_lowercase();
    let day = |offset: i64| add(today, Span::new().try_days(offset).ok()?);
    match name.as_str() {
        "today" => return Some((today, today)),
        "yesterday" => return Some((day(-1)?, day(-1)?)),
        "tomorrow" => return Some((day(1)?, day(1)?)),
        _ => {}
    }
    let (which, rest) = name.split_once(' ')?;
    let turn: i64 = match which {
        "last" => -1,
        "this" => 0,
        "next" => 1,
        _ => return None,
    };
    if let Some((number, unit)) = rest.split_once(' ') {
        let span = span(number.parse().ok()?, unit)?;
        return match turn {
            -1 => Some((add(today, -span)?, today)),
            1 => Some((today, add(today, span)?)),
            _ => None,
        };
    }
    period(rest, turn, today)
}

/// The days before or after today: `previous` and `next` with `1 month`.
pub(super) fn around(name: &str, today: Date, after: bool) -> Option<(Date, Date)> {
    let (number, unit) = name.trim().split_once(' ')?;
    let span = span(number.parse().ok()?, &unit.to_lowercase())?;
    if after {
        Some((add(today, 1.day())?, add(today, span)?))
    } else {
        Some((add(today, -span)?, add(today, -1.day())?))
    }
}

fn span(number: i32, unit: &str) -> Option<Span> {
    let span = Span::new();
    match unit.trim_end_matches('s') {
        "day" => span.try_days(number),
        "week" => span.try_weeks(number),
        "month" => span.try_months(number),
        "quarter" => span.try_months(i64::from(number) * 3),
        "year" => span.try_years(number),
        _ => return None,
    }
    .ok()
}

fn add(date: Date, span: Span) -> Option<Date> {
    date.checked_add(span).ok()
}

/// A whole week (from Sunday), month, quarter or year.
fn period(unit: &str, turn: i64, today: Date) -> Option<(Date, Date)> {
    let (start, length) = match unit {
        "week" => {
            let since = i64::from(today.weekday().since(Weekday::Sunday));
            (add(today, Span::new().try_days(-since).ok()?)?, 1.week())
        }
        "month" => (today.first_of_month(), 1.month()),
        "quarter" => {
            let month = (today.month() - 1) / 3 * 3 + 1;
            (Date::new(today.year(), month, 1).ok()?, 3.months())
        }
        "year" => (today.first_of_year(), 1.year()),
        _ => return None,
    };
    let start = add(start, length.checked_mul(turn).ok()?)?;
    Some((start, add(add(start, length)?, -1.day())?))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{around, days};

    #[test]
    fn names_of_spans() {
        let today = date(2026, 11, 18); // a Wednesday
        for (name, first, last) in [
            ("today", date(2026, 11, 18), date(2026, 11, 18)),
            ("Yesterday", date(2026, 11, 17), date(2026, 11, 17)),
            ("this week", date(2026, 11, 15), date(2026, 11, 21)),
            ("last week", date(2026, 11, 8), date(2026, 11, 14)),
            ("last month", date(2026, 10, 1), date(2026, 10, 31)),
            ("this quarter", date(2026, 10, 1), date(2026, 12, 31)),
            ("next year", date(2027, 1, 1), date(2027, 12, 31)),
            ("last 7 days", date(2026, 11, 11), date(2026, 11, 18)),
            ("next 6 months", date(2026, 11, 18), date(2027, 5, 18)),
        ] {
            assert_eq!(days(name, today), Some((first, last)), "{name}");
        }
        assert_eq!(days("some day", today), None);
        assert_eq!(days("last 99999999999 days", today), None);
        assert_eq!(
            around("1 month", today, false),
            Some((date(2026, 10, 18), date(2026, 11, 17)))
        );
    }
}
