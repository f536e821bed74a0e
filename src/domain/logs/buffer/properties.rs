use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::domain::logs::level::Level;
use crate::domain::logs::rules::{Rule, RuleKind, Test};
use crate::domain::logs::search::Search;
use crate::domain::logs::{Delivery, EventId, LogLine};

/// Entries of a chunk, few enough that there are many borders.
const FEW: usize = 5;
/// What lines say: some go on with the line above them.
const SAID: [&str; 7] = [
    "INFO a",
    "ERROR b",
    "  at a.b(C:1)",
    "}",
    "b",
    "Traceback (most recent call last):",
    "",
];

fn line(stream: usize, at: i64, message: &str, event: Option<EventId>) -> LogLine {
    LogLine {
        event,
        delivery: Delivery::default(),
        at: Timestamp::from_millisecond(at).unwrap(),
        ingested_at: None,
        stream: Arc::new(StreamName {
            region: None,
            group: "web".into(),
            stream: format!("ecs/app/{stream}"),
        }),
        message: message.to_owned(),
    }
}

fn small() -> Buffer {
    Buffer::in_chunks_of(FEW, Limits::default())
}

fn lines() -> impl Strategy<Value = Vec<LogLine>> {
    let one = (0..3_usize, 0..3_000_i64, 0..SAID.len());
    vec(
        one.prop_map(|(stream, at, said)| line(stream, at, SAID[said], None)),
        0..60,
    )
}

/// Batches in any order.
fn batches() -> impl Strategy<Value = Vec<Vec<LogLine>>> {
    vec(lines(), 1..5)
}

fn rules() -> impl Strategy<Value = Filters> {
    let kind = prop_oneof![Just(RuleKind::Include), Just(RuleKind::Exclude)];
    let test = prop_oneof![
        "[ab:]{1,2}".prop_map(|text| Test::Text(Search::plain(&text).unwrap())),
        (0..3_usize).prop_map(|task| Test::Task(task.to_string())),
        Just(Test::Level(Level::Error)),
    ];
    let rule = (kind, test, any::<bool>()).prop_map(|(kind, test, enabled)| Rule {
        kind,
        test,
        enabled,
    });
    (vec(rule, 0..4), 0..3_usize, 0..3_usize).prop_map(|(rules, before, after)| Filters {
        rules,
        before,
        after,
    })
}

fn all(buffer: &Buffer) -> Vec<Entry<'_>> {
    (0..buffer.entries())
        .map(|place| buffer.at_place(place).unwrap())
        .collect()
}

/// Whether the one test is in one of the lines that belong together.
fn finds(test: &Test, group: &[LineRef<'_>]) -> bool {
    let Test::Text(search) = test else {
        return match test {
            Test::Task(task) => group[0].stream.task() == task,
            Test::Level(level) => group[0].level >= Some(*level),
            _ => unreachable!("no such rule is made here"),
        };
    };
    let text = search.text().to_lowercase();
    group
        .iter()
        .any(|line| line.message.to_lowercase().contains(&text))
}

/// What has to pass, looked for in the plainest way.
fn expected(buffer: &Buffer, filters: &Filters) -> Vec<LineId> {
    let entries = all(buffer);
    let lines: Vec<LineRef<'_>> = entries.iter().filter_map(|entry| entry.line()).collect();
    let groups: Vec<&[LineRef<'_>]> = lines.chunk_by(|_, next| next.continues).collect();
    let enabled = |kind| {
        filters
            .rules
            .iter()
            .filter(move |rule| rule.enabled && rule.kind == kind)
    };
    let any = |group: &[LineRef<'_>], is: fn(&Test) -> bool| {
        let mut wanted = enabled(RuleKind::Include)
            .filter(|rule| is(&rule.test))
            .peekable();
        wanted.peek().is_none() || wanted.any(|rule| finds(&rule.test, group))
    };
    let near = |group: &&&[LineRef<'_>]| {
        !enabled(RuleKind::Exclude).any(|rule| finds(&rule.test, group))
            && any(group, |test| matches!(test, Test::Task(_)))
    };
    let near: Vec<&&[LineRef<'_>]> = groups.iter().filter(near).collect();
    let found = |group: &[LineRef<'_>]| {
        any(group, |test| matches!(test, Test::Text(_)))
            && any(group, |test| matches!(test, Test::Level(_)))
    };
    let mut shown: Vec<LineId> = Vec::new();
    for (place, group) in near.iter().enumerate() {
        let from = place.saturating_sub(filters.after);
        let until = (place + filters.before + 1).min(near.len());
        if near[from..until].iter().any(|other| found(other)) {
            shown.extend(group.iter().map(|line| line.id));
        }
    }
    let marks = entries.iter().filter(|entry| entry.line().is_none());
    shown.extend(marks.map(Entry::id));
    shown.sort();
    shown
}

fn passing(buffer: &Buffer) -> Vec<LineId> {
    buffer.from_rank(0).map(|entry| entry.id()).collect()
}

proptest! {
    #[test]
    fn any_delivery_of_both_sources_gives_each_line_once(
        written in vec((0..2_usize, 0..3_i64, 0..2_usize, any::<bool>(), 0..3_usize), 0..12),
        seed in any::<u64>(),
        each in 1..4_usize,
    ) {
        let mut deliveries = Vec::new();
        let mut expected: BTreeMap<(String, i64, String), (usize, usize)> = BTreeMap::new();
        for (number, (stream, at, said, live, by_id)) in written.into_iter().enumerate() {
            let event = EventId::of(&number.to_string());
            let plain = line(stream, at, SAID[said], None);
            let key = (plain.stream.stream.clone(), at, plain.message.clone());
            let counts = expected.entry(key).or_default();
            counts.0 += usize::from(live);
            counts.1 += usize::from(by_id > 0);
            deliveries.extend(live.then_some(plain));
            deliveries.extend((0..by_id).map(|_| line(stream, at, SAID[said], Some(event))));
        }
        // Any order, by a number that each delivery is given.
        let mixed = |number: u64| (number ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
        let mut order: Vec<(u64, LogLine)> = (0..).map(mixed).zip(deliveries).collect();
        order.sort_by_key(|(key, _)| *key);
        let mut buffer = small();
        for batch in order.chunks(each) {
            buffer.take(batch.iter().map(|(_, line)| line.clone()).collect());
        }
        let mut held: BTreeMap<(String, i64, String), usize> = BTreeMap::new();
        for entry in all(&buffer) {
            let line = entry.line().unwrap();
            let at = line.at.as_millisecond();
            *held.entry((line.stream.stream.clone(), at, line.message.to_owned())).or_default() += 1;
        }
        let counts = expected.into_iter().map(|(key, (live, by_id))| (key, live.max(by_id)));
        let expected: BTreeMap<_, _> = counts.filter(|(_, count)| *count > 0).collect();
        prop_assert_eq!(held, expected);
    }

    #[test]
    fn entries_are_in_order_and_what_belongs_together_is(batches in batches(), mark in 0..3_000_i64) {
        let mut buffer = small();
        let mut given = 0;
        for batch in batches {
            let count = batch.len();
            let taken = buffer.take(batch);
            prop_assert_eq!(taken.fresh, count, "equal lines without ids are different lines");
            given += count;
        }
        buffer.mark(Mark { at: Timestamp::from_millisecond(mark).unwrap(), text: "x".into() });
        prop_assert_eq!((buffer.len(), buffer.entries()), (given, given + 1));
        let entries = all(&buffer);
        let heads = entries.iter().filter(|entry| entry.line().is_none_or(|line| !line.continues));
        prop_assert!(heads.map(Entry::at).is_sorted());
        prop_assert!(entries.iter().map(Entry::id).is_sorted());
        for pair in entries.windows(2) {
            if let (Some(above), Some(line)) = (pair[0].line(), pair[1].line()) && line.continues {
                prop_assert_eq!(above.stream, line.stream);
                prop_assert!(above.at <= line.at && above.level == line.level);
            }
        }
        for (place, entry) in entries.iter().enumerate() {
            prop_assert_eq!(buffer.get(entry.id()), Some(*entry));
            prop_assert_eq!(buffer.place_of(entry.id()), place);
            prop_assert_eq!(buffer.after(entry.id()), entries.get(place + 1).copied());
            prop_assert_eq!(buffer.before(entry.id()), place.checked_sub(1).map(|place| entries[place]));
        }
    }

    #[test]
    fn what_passes_is_what_the_filters_say(
        batches in batches(), first in rules(), second in rules(), slice in 1..20_usize, slices in 0..5_usize,
    ) {
        let mut buffer = small();
        buffer.set_filters(first);
        for (number, batch) in batches.into_iter().enumerate() {
            if number == 1 {
                buffer.set_filters(second.clone());
                for _ in 0..slices {
                    buffer.sift(slice);
                }
                buffer.mark(Mark { at: Timestamp::from_millisecond(1_000).unwrap(), text: "b".into() });
            }
            buffer.take(batch);
        }
        let filters = buffer.filters().clone();
        while !buffer.sift(slice) {}
        let expected = expected(&buffer, &filters);
        prop_assert_eq!(buffer.unsifted(), 0);
        prop_assert_eq!(&passing(&buffer), &expected);
        prop_assert_eq!(buffer.passing(), expected.len());
        for entry in all(&buffer) {
            let before = expected.partition_point(|id| *id < entry.id());
            let is_shown = expected.get(before) == Some(&entry.id());
            prop_assert_eq!(buffer.passing_before(entry.id()), before);
            prop_assert_eq!(buffer.passing_after(entry.id()), expected.len() - before - usize::from(is_shown));
            let rank = if is_shown { before } else { before.saturating_sub(1) };
            prop_assert_eq!(buffer.rank_of(entry.id()), (!expected.is_empty()).then_some(rank));
        }
    }

    #[test]
    fn errors_are_found_from_anywhere(batches in batches(), filters in rules(), most in 1..20_usize) {
        let mut buffer = small();
        for batch in batches {
            buffer.take(batch);
        }
        buffer.set_filters(filters.clone());
        while !buffer.sift(usize::MAX) {}
        let is_error = |id: &LineId| {
            let line = buffer.get(*id).and_then(Entry::line);
            line.is_some_and(|line| !line.continues && line.level.is_some_and(Level::is_error))
        };
        let errors: Vec<LineId> = passing(&buffer).into_iter().filter(is_error).collect();
        let ids: Vec<LineId> = all(&buffer).iter().map(Entry::id).collect();
        for id in ids {
            let next = errors.iter().copied().find(|error| *error > id);
            let previous = errors.iter().copied().rfind(|error| *error < id);
            prop_assert_eq!(sought(id, |from| buffer.next_error(from, most)), next);
            prop_assert_eq!(sought(id, |from| buffer.previous_error(from, most)), previous);
        }
    }

    #[test]
    fn no_text_breaks_it_and_its_memory_is_bounded(
        texts in vec((0..5_i64, ".{0,300}|[\\n\\t {}\\[\\]\":=]{0,40}"), 0..200), most in 0..60_000_usize,
    ) {
        let mut buffer = Buffer::in_chunks_of(FEW, Limits { bytes: most });
        for (at, text) in texts {
            buffer.take(vec![line(0, at * 100, &text, None)]);
            prop_assert!(buffer.chunks.len() <= 1 || buffer.bytes() <= most, "{} of {most}", buffer.bytes());
        }
        let held = all(&buffer).len();
        prop_assert_eq!(held, buffer.len());
    }
}

/// Goes on looking until there is an answer.
fn sought(from: LineId, mut step: impl FnMut(LineId) -> Sought) -> Option<LineId> {
    let mut from = from;
    loop {
        match step(from) {
            Sought::Found(id) => return Some(id),
            Sought::Nothing => return None,
            Sought::GoOn(id) => from = id,
        }
    }
}
