use jiff::Timestamp;

use super::*;
use crate::domain::logs::level::Level;
use crate::domain::logs::rules::{Rule, RuleKind, StreamSet, Test};
use crate::domain::logs::search::Search;
use crate::domain::logs::{Delivery, EventId, LogLine};

fn stream(name: &str) -> Arc<StreamName> {
    Arc::new(StreamName {
        region: None,
        group: "web".into(),
        stream: format!("ecs/app/{name}"),
    })
}

fn time(at: i64) -> Timestamp {
    Timestamp::from_millisecond(at).unwrap()
}

/// A line as Live Tail gives it.
fn line(task: &str, at: i64, message: &str) -> LogLine {
    LogLine {
        event: None,
        delivery: Delivery::default(),
        at: time(at),
        ingested_at: Some(time(at + 250)),
        stream: stream(task),
        message: message.into(),
    }
}

/// A line as `FilterLogEvents` gives it.
fn event(task: &str, at: i64, message: &str, id: &str) -> LogLine {
    LogLine {
        event: Some(EventId::of(id)),
        ..line(task, at, message)
    }
}

fn buffer() -> Buffer {
    Buffer::new(Limits::default())
}

fn text(entry: &Entry<'_>) -> String {
    match entry {
        Entry::Line(line) => line.message.to_owned(),
        Entry::Mark(mark) => format!("-- {}", mark.text),
    }
}

/// What passes the filters, from the oldest.
fn shown(buffer: &Buffer) -> Vec<String> {
    buffer.from_rank(0).map(|entry| text(&entry)).collect()
}

fn include(text: &str) -> Rule {
    Rule {
        kind: RuleKind::Include,
        test: Test::Text(Search::plain(text).unwrap()),
        enabled: true,
    }
}

fn only(rules: Vec<Rule>) -> Filters {
    Filters {
        rules,
        ..Filters::default()
    }
}

/// So many lines, one a millisecond; each tenth is an error.
fn many(count: i64) -> Vec<LogLine> {
    let say = |at| {
        if at % 10 == 0 {
            "ERROR refused"
        } else {
            "INFO served"
        }
    };
    (0..count)
        .map(|at| line("one", at, &format!("{} {at}", say(at))))
        .collect()
}

/// The same lines with ids, over a longer time.
fn events(count: i64) -> Vec<LogLine> {
    let lines = (0..).zip(many(count));
    let with_id = |(number, line): (i64, LogLine)| LogLine {
        event: Some(EventId::of(&number.to_string())),
        at: time(number * 100),
        ..line
    };
    lines.map(with_id).collect()
}

#[test]
fn lines_are_in_order_of_time_and_then_of_arrival() {
    let mut buffer = buffer();
    buffer.take(vec![line("one", 20, "c"), line("two", 10, "a")]);
    buffer.take(vec![line("one", 10, "b"), line("one", 30, "d")]);
    assert_eq!(shown(&buffer), ["a", "b", "c", "d"]);
    let last = buffer.last().unwrap().line().unwrap();
    assert_eq!(
        (last.message, last.at, last.ingested_at),
        ("d", time(30), Some(time(280)))
    );
    assert_eq!(last.stream.task(), "one");
}

#[test]
fn a_line_that_both_sources_give_is_there_once() {
    let mut buffer = buffer();
    buffer.take(vec![line("one", 10, "x"), line("one", 10, "x")]);
    let events = vec![
        event("one", 10, "x", "a"),
        event("one", 10, "x", "b"),
        event("one", 11, "y", "c"),
    ];
    let taken = buffer.take(events.clone());
    assert_eq!((taken.fresh, taken.doubled), (1, 2));
    assert_eq!(buffer.take(events).doubled, 3);
    assert_eq!(shown(&buffer), ["x", "x", "y"]);
}

#[test]
fn a_trace_stays_together_between_lines_of_others() {
    let mut buffer = buffer();
    buffer.take(vec![
        line("one", 10, "ERROR failed"),
        line("two", 11, "INFO served"),
        line("one", 12, "\tat a(B.java:1)"),
    ]);
    buffer.take(vec![
        line("two", 13, "INFO more"),
        line("one", 14, "\tat c(D.java:2)"),
    ]);
    let expected = [
        "ERROR failed",
        "\tat a(B.java:1)",
        "\tat c(D.java:2)",
        "INFO served",
        "INFO more",
    ];
    assert_eq!(shown(&buffer), expected);
    let frame = buffer.at_rank(1).unwrap().line().unwrap();
    assert_eq!(
        (frame.continues, frame.level, frame.at),
        (true, Some(Level::Error), time(12))
    );
    let far = line("one", 2_000, "\tnot of it");
    buffer.take(vec![far]);
    assert!(!buffer.last().unwrap().line().unwrap().continues);
}

#[test]
fn a_late_line_finds_the_line_that_it_belongs_to() {
    let mut buffer = buffer();
    buffer.take(vec![
        line("one", 10, "ERROR failed"),
        line("two", 11, "INFO served"),
        line("one", 5_000, "INFO on"),
    ]);
    buffer.take(vec![line("one", 12, "\tat a(B.java:1)")]);
    assert_eq!(
        shown(&buffer),
        ["ERROR failed", "\tat a(B.java:1)", "INFO served", "INFO on"]
    );
    assert!(buffer.at_rank(1).unwrap().line().unwrap().continues);
}

#[test]
fn what_a_program_indents_without_end_is_not_one_line() {
    let mut buffer = buffer();
    buffer.take((0..5_000).map(|at| line("one", at / 10, "  x")).collect());
    let heads = buffer
        .from_rank(0)
        .filter(|entry| !entry.line().unwrap().continues);
    assert_eq!(heads.count(), 5);
}

#[test]
fn a_trace_passes_as_a_whole_and_remarks_pass_always() {
    let mut buffer = buffer();
    buffer.take(vec![
        line("one", 10, "ERROR failed"),
        line("one", 11, "\tat a(B.java:1)"),
        line("one", 12, "INFO served"),
    ]);
    buffer.mark(Mark {
        at: time(12),
        text: "task two started".into(),
    });
    buffer.set_filters(only(vec![include("b.java")]));
    assert!(buffer.sift(1) && buffer.unsifted() == 0);
    assert_eq!(
        shown(&buffer),
        ["ERROR failed", "\tat a(B.java:1)", "-- task two started"]
    );
    buffer.take(vec![
        line("one", 13, "see B.java"),
        line("one", 14, "INFO served"),
    ]);
    assert_eq!(buffer.passing(), 4);
    assert_eq!((buffer.len(), buffer.entries()), (5, 6));
}

#[test]
fn filters_go_over_a_slice_at_a_time_newest_first() {
    let mut buffer = buffer();
    buffer.take(many(20_000));
    buffer.set_filters(only(vec![include("refused")]));
    assert_eq!((buffer.passing(), buffer.unsifted()), (0, 20_000));
    assert!(!buffer.sift(1));
    let known = buffer.passing();
    assert!(known > 0 && known < 300, "{known}");
    assert_eq!(
        text(&buffer.at_rank(known - 1).unwrap()),
        "ERROR refused 19990"
    );
    while !buffer.sift(4_000) {}
    assert_eq!(buffer.passing(), 2_000);
    assert_eq!(text(&buffer.at_rank(0).unwrap()), "ERROR refused 0");
}

#[test]
fn lines_that_come_while_the_filters_work_are_looked_at_once() {
    let mut buffer = buffer();
    buffer.take(many(10_000));
    buffer.set_filters(only(vec![include("refused")]));
    buffer.take(vec![
        line("one", 20_000, "refused"),
        line("one", 5, "refused"),
    ]);
    while !buffer.sift(1) {}
    assert_eq!(buffer.passing(), 1_002);
}

#[test]
fn context_reaches_over_the_border_of_chunks() {
    let mut buffer = buffer();
    buffer.take(many(10_000));
    let found = |at: usize| format!("served {at}");
    for at in [2_047, 2_049, 4_095, 4_097] {
        let mut filters = only(vec![include(&found(at))]);
        (filters.before, filters.after) = (3, 2);
        buffer.set_filters(filters);
        while !buffer.sift(1) {}
        let places: Vec<usize> = buffer
            .from_rank(0)
            .map(|entry| buffer.place_of(entry.id()))
            .collect();
        assert_eq!(places, (at - 3..=at + 2).collect::<Vec<_>>());
    }
}

#[test]
fn context_is_of_the_streams_that_pass() {
    let mut buffer = buffer();
    let tasks = ["one", "two", "three"].into_iter().cycle();
    let lines = (0..30)
        .zip(tasks)
        .map(|(at, task)| line(task, at, &format!("m{at}.")));
    buffer.take(lines.collect());
    let task = |task: &str| Rule {
        kind: RuleKind::Include,
        test: Test::Task(task.into()),
        enabled: true,
    };
    let mut filters = only(vec![include("m15."), task("one"), task("two")]);
    (filters.before, filters.after) = (1, 1);
    buffer.set_filters(filters);
    assert!(buffer.sift(100));
    assert_eq!(shown(&buffer), ["m13.", "m15.", "m16."]);
}

#[test]
fn a_set_of_streams_that_grows_keeps_what_is_known() {
    let mut buffer = buffer();
    buffer.take(many(5_000));
    let set = |names: &[&str]| {
        let rule = Rule {
            kind: RuleKind::Include,
            test: Test::Streams(StreamSet {
                label: "new".into(),
                streams: Arc::new(names.iter().map(|name| stream(name)).collect()),
            }),
            enabled: true,
        };
        only(vec![rule, include("refused")])
    };
    buffer.set_filters(set(&["one"]));
    while !buffer.sift(1) {}
    buffer.set_filters(set(&["one", "two"]));
    assert_eq!((buffer.passing(), buffer.unsifted()), (500, 0));
    buffer.take(vec![
        line("two", 9_000, "refused"),
        line("three", 9_000, "refused"),
    ]);
    assert_eq!(buffer.passing(), 501);
    buffer.set_filters(set(&["two"]));
    assert!(buffer.unsifted() > 0);
}

#[test]
fn the_oldest_lines_go_and_their_places_are_still_known() {
    let mut buffer = Buffer::new(Limits { bytes: 200_000 });
    let first = {
        buffer.take(events(1));
        buffer.first().unwrap().id()
    };
    let taken = buffer.take(events(10_000));
    assert_eq!(taken.fresh, 9_999);
    assert!(buffer.bytes() <= 200_000, "{}", buffer.bytes());
    assert!(buffer.len() > 500);
    assert_eq!(buffer.len() + taken.dropped, 10_000);
    assert_eq!(buffer.dropped(), u64::try_from(taken.dropped).unwrap());
    assert_eq!((buffer.get(first), buffer.place_of(first)), (None, 0));
    assert_eq!(
        (buffer.rank_of(first), buffer.before(first)),
        (Some(0), None)
    );
    assert_eq!(buffer.after(first), buffer.first());
    let again = buffer.take(events(10_000));
    assert_eq!((again.fresh, again.too_old + again.doubled), (0, 10_000));
    let totals = buffer.totals(|name| Some(name.task().to_owned()));
    assert_eq!(
        totals["one"],
        Count {
            lines: 10_000,
            errors: 1_000
        }
    );
}

#[test]
fn a_huge_line_keeps_its_beginning() {
    let mut buffer = buffer();
    buffer.take(vec![
        line("one", 1, &"é".repeat(1 << 20)),
        line("one", 2, "small"),
    ]);
    let huge = buffer.first().unwrap().line().unwrap();
    assert_eq!((huge.message.len(), huge.cut), (64 << 10, Some(2 << 20)));
    assert_eq!(buffer.last().unwrap().line().unwrap().cut, None);
}

#[test]
fn ranks_lead_to_the_nearest_line_that_passes() {
    let mut buffer = buffer();
    buffer.take(many(100));
    let id = |buffer: &Buffer, place| buffer.at_place(place).unwrap().id();
    let (hidden, found) = (id(&buffer, 57), id(&buffer, 50));
    buffer.set_filters(only(vec![include("refused")]));
    buffer.sift(1_000);
    assert_eq!(
        (buffer.rank_of(found), buffer.rank_of(hidden)),
        (Some(5), Some(5))
    );
    assert_eq!(
        (buffer.passing_before(hidden), buffer.passing_after(hidden)),
        (6, 4)
    );
    assert_eq!(buffer.passing_after(found), 4);
    assert_eq!(
        (buffer.rank_at(time(51)), buffer.rank_at(time(999))),
        (6, 10)
    );
    assert_eq!(buffer.before(hidden).unwrap().at(), time(56));
    assert_eq!(buffer.after(hidden).unwrap().at(), time(58));
    buffer.set_filters(only(vec![include("nothing")]));
    buffer.sift(1_000);
    assert_eq!(buffer.rank_of(found), None);
}

/// The times of all lines that are found from one end to the other.
fn walk(
    buffer: &mut Buffer,
    step: impl Fn(&mut Buffer, LineId) -> Sought,
    from: LineId,
) -> Vec<i64> {
    let mut from = from;
    let mut found = Vec::new();
    loop {
        from = match step(buffer, from) {
            Sought::Found(id) => {
                found.push(buffer.get(id).unwrap().at().as_millisecond());
                id
            }
            Sought::GoOn(id) => id,
            Sought::Nothing => return found,
        };
    }
}

#[test]
fn errors_and_matches_are_found_both_ways_a_slice_at_a_time() {
    let mut buffer = buffer();
    buffer.take(many(9_000));
    let (first, last) = (buffer.first().unwrap().id(), buffer.last().unwrap().id());
    let sevens = Search::regex("served .*77$").unwrap();
    let all: Vec<i64> = (0..9_000).filter(|at| at % 100 == 77).collect();
    let down = walk(
        &mut buffer,
        |buffer, from| buffer.next_match(from, &sevens, 13),
        first,
    );
    assert_eq!(down, all);
    let mut up = walk(
        &mut buffer,
        |buffer, from| buffer.previous_match(from, &sevens, 700),
        last,
    );
    up.reverse();
    assert_eq!(up, all);
    buffer.set_filters(only(vec![include("0")]));
    let errors = walk(
        &mut buffer,
        |buffer, from| buffer.next_error(from, 100),
        first,
    );
    assert_eq!(errors.len(), 899);
    let errors = walk(
        &mut buffer,
        |buffer, from| buffer.previous_error(from, 5),
        last,
    );
    assert_eq!(errors.len(), 900);
    buffer.set_filters(only(vec![include("served")]));
    let none = walk(
        &mut buffer,
        |buffer, from| buffer.next_error(from, 900),
        first,
    );
    assert!(none.is_empty());
}

#[test]
fn an_empty_buffer_answers() {
    let mut buffer = buffer();
    let id = LineId::head(5, 5);
    assert!(
        buffer.is_empty() && buffer.sift(1) && buffer.first().is_none() && buffer.last().is_none()
    );
    assert_eq!(
        (buffer.get(id), buffer.before(id), buffer.after(id)),
        (None, None, None)
    );
    assert_eq!(
        (buffer.rank_of(id), buffer.at_rank(0), buffer.passing()),
        (None, None, 0)
    );
    assert_eq!(buffer.next_error(id, 5), Sought::Nothing);
    assert_eq!(buffer.previous_error(id, 5), Sought::Nothing);
    assert_eq!(buffer.take(Vec::new()), Taken::default());
}

#[test]
fn a_snapshot_stays_as_it_was_and_shares_its_texts() {
    let mut buffer = buffer();
    buffer.take(many(5_000));
    let mut taken = buffer.snapshot();
    buffer.take(vec![line("a", 2_500, "late"), line("a", 9_000, "new")]);
    buffer.set_filters(only(vec![include("ERROR")]));
    while !buffer.sift(usize::MAX) {}
    assert_eq!((buffer.len(), buffer.passing()), (5_002, 500));
    assert_eq!((taken.len(), taken.passing()), (5_000, 5_000));
    assert!(shown(&taken).iter().all(|text| text != "late"));
    taken.set_filters(only(vec![include("served")]));
    while !taken.sift(usize::MAX) {}
    assert_eq!((taken.passing(), buffer.passing()), (4_500, 500));
}
