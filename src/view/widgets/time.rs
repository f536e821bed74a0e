//! Times, durations and ages in words.

use jiff::Timestamp;
use jiff::tz::TimeZone;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A duration in seconds to read off: `8s`, `14m12s`, `3h05m`, `2d 4h`.
pub fn duration(seconds: i64) -> String {
    let seconds = seconds.max(0);
    match seconds {
        0..MINUTE => format!("{seconds}s"),
        MINUTE..HOUR => format!("{}m{:02}s", seconds / MINUTE, seconds % MINUTE),
        HOUR..DAY => format!("{}h{:02}m", seconds / HOUR, seconds % HOUR / MINUTE),
        _ => format!("{}d {}h", seconds / DAY, seconds % DAY / HOUR),
    }
}

/// An age in its largest unit: `8s`, `14m`, `3h`, `2d`.
pub fn age(seconds: i64) -> String {
    let seconds = seconds.max(0);
    match seconds {
        0..MINUTE => format!("{seconds}s"),
        MINUTE..HOUR => format!("{}m", seconds / MINUTE),
        HOUR..DAY => format!("{}h", seconds / HOUR),
        _ => format!("{}d", seconds / DAY),
    }
}

/// How long ago something was, in its largest unit.
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    format!("{} ago", age(now.as_second() - at.as_second()))
}

/// The time of day, to the second.
pub fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

/// The date and the time of day, to the minute.
pub fn date(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone())
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

/// The time of day for what happened within 20 hours, the date for what is older.
pub fn clock_or_date(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    if now.as_second() - at.as_second() < 20 * HOUR {
        clock(at, zone)
    } else {
        date(at, zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_two_units() {
        let read: Vec<String> = [-3, 8, 62, 3_599, 11_100, 187_200]
            .into_iter()
            .map(duration)
            .collect();
        assert_eq!(read, ["0s", "8s", "1m02s", "59m59s", "3h05m", "2d 4h"]);
    }

    #[test]
    fn ages_have_one() {
        let read: Vec<String> = [8, 62, 11_100, 187_200].into_iter().map(age).collect();
        assert_eq!(read, ["8s", "1m", "3h", "2d"]);
    }

    #[test]
    fn old_things_have_a_date() {
        let at: Timestamp = "2026-11-21T01:00:00Z".parse().unwrap();
        let later: Timestamp = "2026-11-22T01:00:00Z".parse().unwrap();
        assert_eq!(clock_or_date(at, at, &TimeZone::UTC), "01:00:00");
        assert_eq!(clock_or_date(at, later, &TimeZone::UTC), "2026-11-21 01:00");
    }
}
