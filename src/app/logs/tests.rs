//! Lines by time, each once, and a bounded number of them.

use super::*;
use crate::app::fixture::HERE;
use crate::domain::fixture::{at, cluster, service_arn, stream};
use proptest::prelude::*;

fn buffer() -> LogBuffer {
    let source = LogSource::Service {
        cluster: cluster("prod"),
        service: service_arn("web"),
    };
    LogBuffer::new(Scoped::new(HERE, source), at(0))
}

fn line(id: usize, second: i64) -> LogLine {
    LogLine {
        event: Some(EventId::of(&id.to_string())),
        at: at(second),
        ingested_at: None,
        stream: stream("app", "one"),
        message: format!("message {id}"),
    }
}

fn take(buffer: &mut LogBuffer, lines: Vec<LogLine>) -> usize {
    let before = buffer.len();
    buffer.take(lines, Vec::new());
    buffer.len() - before
}

fn id(line: &LogLine) -> &str {
    line.message.strip_prefix("message ").unwrap()
}

fn ids(buffer: &LogBuffer) -> Vec<&str> {
    buffer.lines.iter().map(id).collect()
}

#[test]
fn late_lines_go_where_their_time_is_and_equal_times_keep_their_arrival() {
    let mut buffer = buffer();
    take(&mut buffer, vec![line(1, 10), line(2, 30), line(3, 30)]);
    assert_eq!(
        take(&mut buffer, vec![line(4, 20), line(5, 30), line(6, 5)]),
        3
    );
    assert_eq!(ids(&buffer), ["6", "1", "4", "2", "3", "5"]);
}

#[test]
fn a_line_that_was_seen_is_taken_once() {
    let mut buffer = buffer();
    let twice = vec![line(1, 10), line(1, 10)];
    assert_eq!(take(&mut buffer, twice.clone()), 1);
    assert_eq!(take(&mut buffer, twice.clone()), 0);
    buffer.hold(twice, vec!["n".into(), "n".into()]);
    assert_eq!(
        (buffer.len(), buffer.waiting(), buffer.notes.len()),
        (1, 0, 1)
    );
}

#[test]
fn the_oldest_lines_are_dropped_counted_once_and_do_not_come_back() {
    let mut buffer = buffer();
    let all: Vec<LogLine> = (0..LINES_KEPT + 10)
        .map(|id| line(id, i64::try_from(id).unwrap()))
        .collect();
    take(&mut buffer, all.clone());
    assert_eq!((buffer.len(), buffer.dropped), (LINES_KEPT, 10));
    assert_eq!(id(buffer.lines.front().unwrap()), "10");
    take(&mut buffer, all);
    assert_eq!((buffer.len(), buffer.dropped), (LINES_KEPT, 10));
}

#[test]
fn what_passes_is_dropped_with_its_line() {
    let mut buffer = buffer();
    buffer.refilter(&Filter::new("message 1"));
    let all = (0..LINES_KEPT + 10).map(|id| line(id, i64::try_from(id).unwrap()));
    buffer.take(all.collect(), Vec::new());
    assert_eq!(shown(&buffer).first(), Some(&"10"));
    buffer.take(vec![line(1_000_000, 1_000_000)], Vec::new());
    assert_eq!(shown(&buffer).first(), Some(&"11"));
    assert_eq!(shown(&buffer).last(), Some(&"1000000"));
}

#[test]
fn lines_that_wait_are_bounded_too() {
    let mut buffer = buffer();
    let many = (0..LINES_KEPT + 7).map(|id| line(id, 1)).collect();
    buffer.hold(many, Vec::new());
    assert_eq!((buffer.waiting(), buffer.dropped), (LINES_KEPT, 7));
    buffer.release();
    assert_eq!((buffer.waiting(), buffer.len()), (0, LINES_KEPT));
}

#[test]
fn a_full_buffer_takes_late_lines_without_going_through_all_of_it_for_each() {
    let mut buffer = buffer();
    let newest = (0..LINES_KEPT).map(|id| line(id, 2_000_000)).collect();
    take(&mut buffer, newest);
    // Quadratic work would compare a thousand million times here.
    let late = (0..LINES_KEPT / 2)
        .map(|id| line(LINES_KEPT + id, 1_000))
        .collect();
    take(&mut buffer, late);
    assert_eq!(buffer.len(), LINES_KEPT);
    assert_eq!(buffer.dropped, (LINES_KEPT / 2) as u64);
}

fn shown(buffer: &LogBuffer) -> Vec<&str> {
    (0..buffer.passing())
        .map(|place| id(buffer.line(place).unwrap()))
        .collect()
}

#[test]
fn what_passes_the_filter_follows_what_comes_and_what_goes() {
    let mut buffer = buffer();
    take(&mut buffer, vec![line(10, 1), line(21, 2), line(31, 4)]);
    buffer.refilter(&Filter::new("message 1"));
    assert_eq!(shown(&buffer), ["10"]);
    take(&mut buffer, vec![line(11, 3), line(22, 3), line(12, 0)]);
    assert_eq!(shown(&buffer), ["12", "10", "11"]);
    buffer.refilter(&Filter::new("message 12"));
    assert_eq!(shown(&buffer), ["12"]);
    buffer.hold(vec![line(13, 9), line(120, 9)], Vec::new());
    assert_eq!(buffer.waiting(), 1);
    buffer.refilter(&Filter::new("message 1"));
    assert_eq!((shown(&buffer).len(), buffer.waiting()), (3, 2));
    buffer.refilter(&Filter::default());
    assert_eq!((shown(&buffer).len(), buffer.waiting()), (6, 2));
    buffer.release();
    assert_eq!(shown(&buffer).len(), 8);
}

#[test]
fn a_line_keeps_its_place_whatever_comes_around_it() {
    let mut buffer = buffer();
    take(
        &mut buffer,
        vec![line(1, 10), line(2, 20), line(3, 20), line(4, 30)],
    );
    let anchor = buffer.anchor(1).unwrap();
    assert_eq!(buffer.newer_than(&anchor), 1);
    take(&mut buffer, vec![line(5, 5), line(6, 20), line(7, 40)]);
    assert_eq!(buffer.newer_than(&anchor), 3);
    buffer.refilter(&Filter::new("message 7"));
    assert_eq!(buffer.newer_than(&anchor), 1);
    assert_eq!(buffer.anchor(1), None);
}

proptest! {
    #[test]
    fn the_lines_that_pass_are_those_that_a_fresh_look_finds(
        steps in proptest::collection::vec(
            (0_u8..4, proptest::collection::vec((0_usize..200, 0_i64..20), 0..12), 0_usize..5),
            0..20,
        )
    ) {
        let filters = ["", "message 1", "message 12", "!message 1", "-f m12"];
        let mut buffer = buffer();
        for (step, batch, filter) in steps {
            let lines = batch.into_iter().map(|(id, second)| line(id, second)).collect();
            match step {
                0 => { take(&mut buffer, lines); }
                1 => buffer.hold(lines, Vec::new()),
                2 => buffer.release(),
                _ => buffer.refilter(&Filter::new(filters[filter])),
            }
            let mut expected: Vec<&LogLine> = buffer.lines.iter().collect();
            buffer.filter().retain(&mut expected, |line| filter_text(line));
            let expected: Vec<&str> = expected.iter().map(|line| id(line)).collect();
            prop_assert_eq!(shown(&buffer), expected);
        }
    }

    #[test]
    fn lines_are_always_by_time_and_each_is_there_once(
        batches in proptest::collection::vec(
            (any::<bool>(), proptest::collection::vec((0_usize..60, 0_i64..20), 0..12)),
            0..12,
        )
    ) {
        let mut buffer = buffer();
        let mut known = std::collections::BTreeSet::new();
        for (hold, batch) in batches {
            known.extend(batch.iter().map(|(id, _)| *id));
            let lines = batch.into_iter().map(|(id, second)| line(id, second)).collect();
            if hold {
                buffer.hold(lines, Vec::new());
            } else {
                take(&mut buffer, lines);
            }
            prop_assert!(buffer.lines.iter().is_sorted_by_key(|line| line.at));
        }
        buffer.release();
        let mut seen: Vec<usize> = buffer.lines.iter().map(|line| id(line).parse().unwrap()).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, known.into_iter().collect::<Vec<_>>());
    }
}
