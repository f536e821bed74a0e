//! Deployment windows: cron expressions that say when a stage is open.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::sim::clock::SimTime;

const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// Whether a window is open at `now`. The expression has seven fields: seconds, which don't matter,
/// minutes, hours, days of the month, months, days of the week from SUN or 1 on, and years. None
/// when the expression or the time zone means nothing.
pub fn is_open(cron: &str, zone: Option<&str>, now: SimTime) -> Option<bool> {
    let at = moment(zone, now)?;
    let fields: Vec<&str> = cron.split_whitespace().collect();
    let [_, minutes, hours, days, months, weekdays, years] = fields.as_slice() else {
        return None;
    };
    let number = |value: i8| i32::from(value);
    let weekday = number(at.weekday().to_sunday_one_offset());
    let checks = [
        holds(minutes, &[], number(at.minute())),
        holds(hours, &[], number(at.hour())),
        holds(days, &[], number(at.day())),
        holds(months, &MONTHS, number(at.month())),
        holds(weekdays, &DAYS, weekday),
        holds(years, &[], i32::from(at.year())),
    ];
    let known: Option<Vec<bool>> = checks.into_iter().collect();
    known.map(|known| known.iter().all(|one| *one))
}

fn moment(zone: Option<&str>, now: SimTime) -> Option<Zoned> {
    let zone = match zone {
        Some(name) => TimeZone::get(name).ok()?,
        None => TimeZone::UTC,
    };
    Some(Timestamp::from_millisecond(now.0).ok()?.to_zoned(zone))
}

/// Whether a field of an expression holds for a value. `names` are the words for the values from 1.
fn holds(field: &str, names: &[&str], value: i32) -> Option<bool> {
    let parts: Option<Vec<bool>> = field
        .split(',')
        .map(|part| part_holds(part, names, value))
        .collect();
    parts.map(|parts| parts.contains(&true))
}

fn part_holds(part: &str, names: &[&str], value: i32) -> Option<bool> {
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, step.parse::<i32>().ok().filter(|one| *one > 0)?),
        None => (part, 1),
    };
    let (low, high) = if range == "*" || range == "?" {
        (0, i32::MAX)
    } else if let Some((low, high)) = range.split_once('-') {
        (read(low, names)?, read(high, names)?)
    } else {
        let low = read(range, names)?;
        (low, if part.contains('/') { i32::MAX } else { low })
    };
    Some((low..=high).contains(&value) && (value - low) % step == 0)
}

fn read(text: &str, names: &[&str]) -> Option<i32> {
    let named = names
        .iter()
        .position(|name| name.eq_ignore_ascii_case(text));
    let named = named.and_then(|place| i32::try_from(place + 1).ok());
    named.or_else(|| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Friday, 2026-11-20, 10:30 in UTC.
    const FRIDAY: SimTime = SimTime(1_795_170_600_000);

    #[test]
    fn a_window_has_hours_and_days() {
        let open = |cron: &str| is_open(cron, None, FRIDAY);
        assert_eq!(open("0 0-59 9-17 ? * MON-FRI *"), Some(true));
        assert_eq!(open("* * * * * SAT,SUN *"), Some(false));
        assert_eq!(open("0 */15 10 20 NOV ? 2026"), Some(true));
        assert_eq!(open("0 */20 10 20 NOV ? 2026"), Some(false));
        assert_eq!(open("0 0/10 * * 11 6 *"), Some(true));
    }

    #[test]
    fn a_window_is_in_a_time_zone() {
        let cron = "0 * 19 ? * * *";
        assert_eq!(is_open(cron, Some("Asia/Tokyo"), FRIDAY), Some(true));
        assert_eq!(is_open(cron, None, FRIDAY), Some(false));
        assert_eq!(is_open(cron, Some("Mars/Olympus"), FRIDAY), None);
    }

    #[test]
    fn what_is_no_expression_means_nothing() {
        for cron in ["", "* * *", "* * * * * SOMEDAY *", "* */0 * * * * *"] {
            assert_eq!(is_open(cron, None, FRIDAY), None, "{cron}");
        }
    }
}
