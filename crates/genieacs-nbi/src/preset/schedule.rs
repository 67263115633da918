//! `"<duration in seconds> <cron>"`.

use crate::error::Error;

/// Checks a schedule: seconds, then five or six cron fields.
pub(super) fn check(schedule: &str) -> Result<(), Error> {
    const WHAT: &str = "schedule";
    let mut fields = schedule.split_whitespace();
    let seconds = fields.next().and_then(|text| text.parse::<u32>().ok());
    if seconds.is_none_or(|seconds| seconds == 0) {
        return Err(Error::invalid(
            WHAT,
            "does not begin with a number of seconds",
        ));
    }
    let cron: Vec<&str> = fields.collect();
    // (lowest, highest, names taken)
    let six: [(u32, u32, bool); 6] = [
        (0, 59, false),
        (0, 59, false),
        (0, 23, false),
        (1, 31, false),
        (1, 12, true),
        (0, 7, true),
    ];
    let bounds = match cron.len() {
        5 => &six[1..],
        6 => &six[..],
        _ => return Err(Error::invalid(WHAT, "has neither five nor six cron fields")),
    };
    for (field, &(low, high, names)) in cron.iter().zip(bounds) {
        if !field.split(',').all(|item| item_ok(item, low, high, names)) {
            return Err(Error::invalid(WHAT, "has a cron field that cannot be read"));
        }
    }
    Ok(())
}

fn item_ok(item: &str, low: u32, high: u32, names: bool) -> bool {
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (item, None),
    };
    if step.is_some_and(|step| step.parse::<u32>().map_or(true, |n| n == 0)) {
        return false;
    }
    if matches!(range, "*" | "?") {
        return true;
    }
    let value_ok = |text: &str| {
        if names && text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic()) {
            return true;
        }
        // Special forms of days: last (`L`, `5L`), nearest weekday (`15W`), nth (`1#2`).
        let text = text.split('#').next().unwrap_or(text);
        let text = text.trim_end_matches(['L', 'W']);
        text.is_empty() || text.parse::<u32>().is_ok_and(|n| (low..=high).contains(&n))
    };
    match range.split_once('-') {
        Some((from, to)) => value_ok(from) && value_ok(to) && !from.is_empty() && !to.is_empty(),
        None => !range.is_empty() && value_ok(range),
    }
}
