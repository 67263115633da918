use jiff::{
    Timestamp,
    civil::{Date, Time, Weekday},
};

use super::NBSP;
use crate::Lang;

const DAYS: [(&str, &str); 7] = [
    ("lundi", "Monday"),
    ("mardi", "Tuesday"),
    ("mercredi", "Wednesday"),
    ("jeudi", "Thursday"),
    ("vendredi", "Friday"),
    ("samedi", "Saturday"),
    ("dimanche", "Sunday"),
];

const MONTHS: [(&str, &str, &str, &str); 12] = [
    ("janvier", "janv.", "January", "Jan."),
    ("février", "févr.", "February", "Feb."),
    ("mars", "mars", "March", "March"),
    ("avril", "avr.", "April", "April"),
    ("mai", "mai", "May", "May"),
    ("juin", "juin", "June", "June"),
    ("juillet", "juill.", "July", "July"),
    ("août", "août", "August", "Aug."),
    ("septembre", "sept.", "September", "Sept."),
    ("octobre", "oct.", "October", "Oct."),
    ("novembre", "nov.", "November", "Nov."),
    ("décembre", "déc.", "December", "Dec."),
];

fn weekday(lang: Lang, day: Weekday) -> &'static str {
    let index = usize::try_from(day.to_monday_zero_offset()).unwrap_or_default();
    DAYS.get(index)
        .map_or("", |names| lang.pick(names.0, names.1))
}

fn month(date: Date) -> (&'static str, &'static str, &'static str, &'static str) {
    let index = usize::try_from(date.month()).unwrap_or(1).saturating_sub(1);
    MONTHS.get(index).copied().unwrap_or(("", "", "", ""))
}

fn day_of_month(date: Date) -> String {
    match date.day() {
        1 => "1er".to_owned(),
        day => day.to_string(),
    }
}

/// Writes a date for a table, in ISO order.
///
/// # Examples
///
/// ```
/// use jiff::civil::date;
///
/// assert_eq!(ui_kit::format::date(date(2026, 11, 23)), "2026-11-23");
/// ```
#[must_use]
pub fn date(date: Date) -> String {
    date.to_string()
}

/// Writes a date in full.
///
/// # Examples
///
/// ```
/// use jiff::civil::date;
/// use ui_kit::{Lang, format};
///
/// let day = date(2026, 11, 23);
/// assert_eq!(format::date_long(Lang::Fr, day), "lundi 23\u{a0}novembre 2026");
/// assert_eq!(format::date_long(Lang::En, day), "Monday, November 23, 2026");
/// ```
#[must_use]
pub fn date_long(lang: Lang, date: Date) -> String {
    let name = weekday(lang, date.weekday());
    let (fr, _, en, _) = month(date);
    let year = date.year();
    match lang {
        Lang::Fr => format!("{name} {}{NBSP}{fr} {year}", day_of_month(date)),
        Lang::En => format!("{name}, {en} {}, {year}", date.day()),
    }
}

/// Writes the day and the month, shortened.
///
/// # Examples
///
/// ```
/// use jiff::civil::date;
/// use ui_kit::{Lang, format};
///
/// assert_eq!(format::date_short(Lang::Fr, date(2026, 10, 1)), "1er\u{a0}oct.");
/// assert_eq!(format::date_short(Lang::En, date(2026, 10, 1)), "Oct.\u{a0}1");
/// ```
#[must_use]
pub fn date_short(lang: Lang, date: Date) -> String {
    let (_, fr, _, en) = month(date);
    match lang {
        Lang::Fr => format!("{}{NBSP}{fr}", day_of_month(date)),
        Lang::En => format!("{en}{NBSP}{}", date.day()),
    }
}

/// Writes a date of this year with its day: *lun. 23 nov.*, *Mon., Nov. 23*.
///
/// # Examples
///
/// ```
/// use ui_kit::{Lang, format};
///
/// let date = jiff::civil::date(2026, 11, 23);
/// assert_eq!(format::date_day(Lang::Fr, date), "lun. 23\u{a0}nov.");
/// assert_eq!(format::date_day(Lang::En, date), "Mon., Nov.\u{a0}23");
/// ```
#[must_use]
pub fn date_day(lang: Lang, date: Date) -> String {
    let name: String = weekday(lang, date.weekday()).chars().take(3).collect();
    let day = date_short(lang, date);
    lang.pick(format!("{name}. {day}"), format!("{name}., {day}"))
}

/// Writes a time of day to the minute.
///
/// # Examples
///
/// ```
/// use jiff::civil::time;
/// use ui_kit::{Lang, format};
///
/// assert_eq!(format::clock(Lang::Fr, time(13, 30, 0, 0)), "13\u{a0}h\u{a0}30");
/// assert_eq!(format::clock(Lang::Fr, time(0, 0, 0, 0)), "minuit");
/// assert_eq!(format::clock(Lang::En, time(13, 30, 0, 0)), "1:30\u{a0}p.m.");
/// ```
#[must_use]
pub fn clock(lang: Lang, time: Time) -> String {
    let (hour, minute) = (time.hour(), time.minute());
    if (hour, minute) == (0, 0) {
        return lang.pick("minuit", "midnight").to_owned();
    }
    match lang {
        Lang::Fr if minute == 0 => format!("{hour}{NBSP}h"),
        Lang::Fr => format!("{hour}{NBSP}h{NBSP}{minute:02}"),
        Lang::En => {
            let half = if hour < 12 { "a.m." } else { "p.m." };
            let twelve = match hour % 12 {
                0 => 12,
                other => other,
            };
            if minute == 0 {
                format!("{twelve}{NBSP}{half}")
            } else {
                format!("{twelve}:{minute:02}{NBSP}{half}")
            }
        }
    }
}

/// Writes a range of times.
///
/// # Examples
///
/// ```
/// use jiff::civil::time;
/// use ui_kit::{Lang, format};
///
/// let range = format::clock_range(Lang::Fr, time(13, 0, 0, 0), time(15, 0, 0, 0));
/// assert_eq!(range, "de 13\u{a0}h à 15\u{a0}h");
/// ```
#[must_use]
pub fn clock_range(lang: Lang, from: Time, to: Time) -> String {
    let (from, to) = (clock(lang, from), clock(lang, to));
    match lang {
        Lang::Fr => format!("de {from} à {to}"),
        Lang::En => format!("{from} to {to}"),
    }
}

/// Writes a span of seconds with its two largest units at most: days alone past one day.
///
/// # Examples
///
/// ```
/// use ui_kit::{Lang, format};
///
/// assert_eq!(format::duration(Lang::Fr, 14 * 86_400 + 3_600), "14\u{a0}jours");
/// assert_eq!(format::duration(Lang::Fr, 6 * 3_600 + 900), "6\u{a0}h\u{a0}15");
/// assert_eq!(format::duration(Lang::En, 6 * 3_600 + 900), "6\u{a0}h 15\u{a0}min");
/// ```
#[must_use]
pub fn duration(lang: Lang, seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600, seconds / 60 % 60);
    if days > 0 {
        let word = match (lang, days) {
            (Lang::Fr, 1) => "jour",
            (Lang::Fr, _) => "jours",
            (Lang::En, 1) => "day",
            (Lang::En, _) => "days",
        };
        return format!("{days}{NBSP}{word}");
    }
    match (hours, minutes) {
        (0, 0) => format!("{seconds}{NBSP}s"),
        (0, _) => format!("{minutes}{NBSP}min"),
        (_, 0) => format!("{hours}{NBSP}h"),
        _ => lang.pick(
            format!("{hours}{NBSP}h{NBSP}{minutes:02}"),
            format!("{hours}{NBSP}h {minutes}{NBSP}min"),
        ),
    }
}

/// Templates of relative time, by unit: seconds, minutes, hours, one day, days.
fn templates(lang: Lang) -> [&'static str; 5] {
    lang.pick(
        [
            "il y a {n}\u{a0}s",
            "il y a {n}\u{a0}min",
            "il y a {n}\u{a0}h",
            "il y a 1\u{a0}jour",
            "il y a {n}\u{a0}jours",
        ],
        [
            "{n}\u{a0}s ago",
            "{n}\u{a0}min ago",
            "{n}\u{a0}h ago",
            "1\u{a0}day ago",
            "{n}\u{a0}days ago",
        ],
    )
}

/// Gives the templates of relative time to the script, separated by `|`.
///
/// # Examples
///
/// ```
/// use ui_kit::{Lang, format};
///
/// assert_eq!(format::ago_templates(Lang::Fr).split('|').count(), 5);
/// ```
#[must_use]
pub fn ago_templates(lang: Lang) -> String {
    templates(lang).join("|")
}

/// Writes how long ago something was; a moment still to come counts as now.
///
/// # Examples
///
/// ```
/// use jiff::Timestamp;
/// use ui_kit::{Lang, format};
///
/// let now: Timestamp = "2026-11-23T15:00:00Z".parse()?;
/// let then: Timestamp = "2026-11-23T14:48:00Z".parse()?;
/// assert_eq!(format::relative(Lang::Fr, then, now), "il y a 12\u{a0}min");
/// assert_eq!(format::relative(Lang::En, then, now), "12\u{a0}min ago");
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn relative(lang: Lang, then: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(then.as_second()).max(0);
    let (index, number) = match seconds {
        0..60 => (0, seconds),
        60..3_600 => (1, seconds / 60),
        3_600..86_400 => (2, seconds / 3_600),
        86_400..172_800 => (3, 1),
        _ => (4, seconds / 86_400),
    };
    templates(lang)[index].replace("{n}", &number.to_string())
}
