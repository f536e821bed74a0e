use super::*;
use crate::domain::fixture::at;

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn utc() -> TimeZone {
    TimeZone::UTC
}

#[test]
fn durations_are_read_with_their_units() {
    assert_eq!(parse_since("2h"), Ok(7_200));
    assert_eq!(parse_since(" 1h30m "), Ok(5_400));
    assert_eq!(parse_since("45s"), Ok(45));
    assert_eq!(parse_since("1d 2H"), Ok(93_600));
}

#[test]
fn a_duration_that_is_none_says_what_is_wrong() {
    let wrong = |text: &str| parse_since(text).unwrap_err().to_string();
    assert_eq!(wrong(""), "say how far back, such as :since 2h");
    assert_eq!(
        wrong("15"),
        "\"15\" has no unit: write 15m for minutes, 15h for hours"
    );
    for text in ["h", "2x", "2h5", "h2", "-2h", "1.5h"] {
        assert!(wrong(text).contains("is no duration"), "{text}");
    }
    assert_eq!(parse_since("0m"), Err(RangeError::Empty));
    assert_eq!(parse_since("4000d"), Err(RangeError::TooLong));
    assert_eq!(
        parse_since("99999999999999999999s"),
        Err(RangeError::TooLong)
    );
    assert_eq!(
        parse_since("9223372036854775807d"),
        Err(RangeError::TooLong)
    );
}

#[test]
fn a_time_of_day_is_the_last_one_that_there_was() {
    let now = time("2026-11-21T10:00:00Z");
    let read = |text: &str| parse_at(text, now, &utc());
    assert_eq!(read("02:13"), Ok(time("2026-11-21T02:13:00Z")));
    assert_eq!(read("2:13:30"), Ok(time("2026-11-21T02:13:30Z")));
    assert_eq!(read("23:50"), Ok(time("2026-11-20T23:50:00Z")));
    assert_eq!(read("yesterday 02:13"), Ok(time("2026-11-20T02:13:00Z")));
    assert_eq!(read("2026-11-19 02:13"), Ok(time("2026-11-19T02:13:00Z")));
    assert_eq!(
        read("2026-11-19T02:13:05Z"),
        Ok(time("2026-11-19T02:13:05Z"))
    );
}

#[test]
fn a_time_of_day_is_that_of_the_zone() {
    let now = time("2026-11-21T10:00:00Z");
    let tokyo = TimeZone::fixed(jiff::tz::offset(9));
    assert_eq!(
        parse_at("02:13", now, &tokyo),
        Ok(time("2026-11-20T17:13:00Z"))
    );
    assert_eq!(
        parse_at("today 18:30", now, &tokyo),
        Ok(time("2026-11-21T09:30:00Z"))
    );
}

#[test]
fn a_time_that_is_none_says_what_is_wrong() {
    let now = time("2026-11-21T10:00:00Z");
    let wrong = |text: &str| parse_at(text, now, &utc()).unwrap_err().to_string();
    assert!(wrong("").starts_with("say when"));
    for text in [
        "2",
        "25:00",
        "12:60",
        "02:13:99",
        "1:2:3:4",
        "noon",
        ":",
        "2026-13-01 02:13",
    ] {
        assert!(wrong(text).contains("is no time"), "{text}");
    }
    assert_eq!(wrong("today 11:00"), "today 11:00 is yet to come");
    assert!(wrong("1900-01-01 00:00").contains("is no time"));
}

#[test]
fn the_last_minutes_wait_for_more() {
    let range = Range::last(300, at(10_000));
    assert_eq!(
        (range.from, range.until, range.live),
        (at(9_700), None, true)
    );
    assert_eq!(range.label(&utc()), "last 5m");
    assert_eq!(Range::last(5_400, at(10_000)).label(&utc()), "last 1h30m");
    assert_eq!(Range::last(99_999, at(10)).from, at(0));
}

#[test]
fn a_moment_in_the_past_is_a_closed_window() {
    let moment = time("2026-11-21T02:13:00Z");
    let range = Range::at(moment, time("2026-11-21T10:00:00Z"));
    assert_eq!(range.until, Some(time("2026-11-21T02:18:00Z")));
    assert!(!range.live && range.contains(moment));
    assert!(!range.contains(time("2026-11-21T02:18:01Z")));
    assert_eq!(range.label(&utc()), "2026-11-21 02:08:00 to 02:18:00");
    let midnight = Range::at(time("2026-11-21T00:00:00Z"), time("2026-11-21T10:00:00Z"));
    assert_eq!(
        midnight.label(&utc()),
        "2026-11-20 23:55:00 to 2026-11-21 00:05:00"
    );
}

#[test]
fn a_window_that_is_not_over_waits_for_the_rest() {
    let moment = time("2026-11-21T02:13:00Z");
    let range = Range::at(moment, time("2026-11-21T02:15:00Z"));
    assert_eq!((range.until, range.live), (None, true));
    assert_eq!(range.label(&utc()), "since 02:08:00");
}

#[test]
fn a_stopped_task_opens_on_what_came_before_its_stop() {
    let range = Range::stopped(Some(at(1_010)), at(1_030));
    assert_eq!((range.from, range.until), (at(950), Some(at(1_090))));
    assert!(!range.live);
    let old = Range::stopped(Some(at(1_000)), at(90_000));
    assert_eq!(old.from, at(90_000 - LOOK_BACK_SECONDS));
    assert_eq!(Range::stopped(None, at(90_000)).from, old.from);
}

#[test]
fn a_release_is_read_from_its_beginning() {
    let now = at(100_000);
    let began = Some(at(98_000));
    let moving = Range::release(began, None, true, now);
    assert_eq!((moving.from, moving.live), (at(97_940), true));
    // What went well an hour ago is followed like its service.
    let settled = Range::release(Some(at(10_000)), Some(at(10_600)), true, now);
    assert_eq!(settled, Range::tail(now));
    let past = Range::release(Some(at(10_000)), Some(at(10_600)), false, now);
    assert_eq!((past.from, past.until), (at(9_940), Some(at(10_660))));
    assert!(!past.live);
    assert_eq!(Range::release(None, None, true, now), Range::tail(now));
    let young = Range::release(Some(at(99_990)), None, true, now);
    assert_eq!(young.from, at(100_000 - LOOK_BACK_SECONDS));
}

#[test]
fn the_head_is_what_was_written_first() {
    let range = Range::head(at(10_000), at(90_000));
    assert_eq!((range.from, range.until), (at(9_940), Some(at(10_900))));
    assert_eq!(range.label(&utc()), "head, 1970-01-01 02:45:40 to 03:01:40");
    let young = Range::head(at(89_900), at(90_000));
    assert_eq!((young.until, young.live), (None, true));
}
