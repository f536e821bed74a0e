//! What a writer writes, in every order in which it can be read.

use super::*;

const START: SimTime = SimTime(1_700_000_000_000);

fn spec() -> WriterSpec {
    WriterSpec {
        seed: 5,
        start: START,
        mean_interval_us: 1_000_000,
        templates: vec![
            LineTemplate::new(3, "GET /{n} {ms}ms {json: 1}"),
            LineTemplate::new(1, "ERROR {id}"),
        ],
        delay: Delay::default(),
    }
}

/// A writer of many lines a second, some of them in several parts, which come late.
fn busy() -> Writer {
    let mut spec = spec();
    spec.mean_interval_us = 7_300;
    spec.templates
        .push(LineTemplate::new(1, "FATAL {id}\n  at a\n  at b"));
    spec.delay = Delay {
        least_ms: 0,
        most_ms: 5_000,
        late_per_thousand: 200,
        late_ms: 30_000,
    };
    Writer::new(spec)
}

fn forward(writer: &Writer, now: SimTime) -> Vec<Line> {
    let first = writer.first_from(SimTime(0), now);
    std::iter::successors(first, |line| writer.after(line.index, now)).collect()
}

fn backward(writer: &Writer, now: SimTime) -> Vec<Line> {
    let last = writer.last_before(SimTime(i64::MAX), now);
    let lines = std::iter::successors(last, |line| writer.before(line.index, now));
    let mut lines: Vec<Line> = lines.collect();
    lines.reverse();
    lines
}

#[test]
fn an_entry_exists_from_its_moment_on() {
    let writer = Writer::new(spec());
    for slot in 0..200 {
        let at = writer.slot_time(slot);
        assert_eq!(writer.slots_until(at), slot + 1);
        assert_eq!(writer.slots_until(at.plus_millis(-1)), slot);
        assert_eq!(writer.first_slot_from(at), slot);
        assert_eq!(writer.first_slot_from(at.plus_millis(1)), slot + 1);
    }
}

#[test]
fn many_entries_fit_into_a_millisecond() {
    let mut spec = spec();
    spec.mean_interval_us = 200;
    let writer = Writer::new(spec);
    assert_eq!(forward(&writer, START.plus_seconds(1.0)).len(), 5_005);
    for millis in 0..50 {
        let at = START.plus_millis(millis);
        let (from, until) = (writer.first_slot_from(at), writer.slots_until(at));
        assert!((from..until).all(|slot| writer.slot_time(slot) == at));
        assert_eq!(until - from, 5);
    }
}

#[test]
fn closing_ends_the_lines_for_good() {
    let mut writer = Writer::new(spec());
    writer.close(START.plus_seconds(10.0));
    writer.close(START.plus_seconds(20.0));
    let lines = forward(&writer, START.plus_seconds(1_000.0));
    assert_eq!(lines.len(), 10);
    assert!(lines.iter().all(|line| line.at < START.plus_seconds(10.0)));
}

#[test]
fn templates_are_filled_and_weighted() {
    let writer = Writer::new(spec());
    let lines: Vec<String> = (0..400).map(|slot| writer.text(slot * SLOT)).collect();
    let errors = lines.iter().filter(|line| line.starts_with("ERROR "));
    let errors = errors.count();
    assert!((60..140).contains(&errors), "{errors} of 400");
    assert!(lines.iter().all(|line| !line.contains("{n}")));
    assert!(lines.iter().any(|line| line.ends_with("{json: 1}")));
}

#[test]
fn a_writer_without_templates_is_silent() {
    let mut spec = spec();
    spec.templates.clear();
    let writer = Writer::new(spec);
    assert_eq!(writer.slots_until(START.plus_seconds(100.0)), 0);
    assert_eq!(writer.arrivals(START, START.plus_seconds(9.0)), []);
}

#[test]
fn both_directions_see_the_same_lines() {
    let writer = busy();
    for seconds in [0.0, 0.4, 3.0, 31.0, 70.0] {
        let now = START.plus_seconds(seconds);
        let lines = forward(&writer, now);
        assert!(lines.is_sorted_by_key(|line| (line.at, line.index)));
        assert!(lines.iter().all(|line| line.ingested <= now));
        assert_eq!(lines, backward(&writer, now), "{seconds} s");
    }
}

#[test]
fn everything_arrives_once() {
    let mut writer = busy();
    writer.close(START.plus_seconds(40.0));
    let mut arrived: Vec<Line> = Vec::new();
    for second in 0..90 {
        let after = START.plus_millis(second * 1_000 - 1);
        let until = after.plus_millis(1_000);
        let lines = writer.arrivals(after, until);
        assert!(
            lines
                .iter()
                .all(|line| line.ingested > after && line.ingested <= until)
        );
        arrived.extend(lines);
    }
    arrived.sort_by_key(|line| line.index);
    assert_eq!(arrived, forward(&writer, START.plus_seconds(90.0)));
    assert!(arrived.len() > 5_000, "{}", arrived.len());
}

#[test]
fn what_cannot_be_read_yet_is_not_there() {
    let writer = busy();
    let now = START.plus_seconds(6.0);
    let all = writer.arrivals(START.plus_millis(-1), START.plus_seconds(60.0));
    let (early, late): (Vec<Line>, Vec<Line>) = all.iter().partition(|line| line.ingested <= now);
    assert!(!early.is_empty() && !late.is_empty());
    assert!(
        early
            .iter()
            .all(|line| writer.read(line.index, now).is_some())
    );
    assert!(
        late.iter()
            .all(|line| writer.read(line.index, now).is_none())
    );
    assert!(writer.read(u64::MAX, now).is_none());
    assert!(writer.after(u64::MAX, now).is_none());
}
