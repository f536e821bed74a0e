//! What the containers of a release said, for the note of an incident.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::incident::Evidence;
use crate::domain::logs::buffer::{Buffer, Entry, LineId, LineRef};
use crate::domain::logs::histogram::{Buckets, Count};
use crate::domain::logs::level::Level;
use crate::domain::logs::plain::Plain;
use crate::domain::logs::{Origins, Side, StreamName};

/// Minutes that are counted, up to the newest line.
const MINUTES: usize = 60;
/// Errors of each side that are shown.
const ERRORS: usize = 5;
/// Lines of an error that are shown, such as those of a stack trace.
const LINES_OF_AN_ERROR: usize = 12;

/// Whose lines are told apart: those of each side, or where there are no sides all of them.
fn groups(origins: &Origins) -> Vec<Option<Side>> {
    let has = |side| origins.iter().any(|(_, origin)| origin.side == Some(side));
    if has(Side::Old) && has(Side::New) {
        vec![Some(Side::Old), Some(Side::New)]
    } else {
        vec![None]
    }
}

/// The group of a stream: an index into the groups. A stream that is on no side is in none of two.
fn group_of(groups: &[Option<Side>], origins: &Origins, stream: &StreamName) -> Option<usize> {
    let side = origins.get(stream).and_then(|origin| origin.side);
    groups
        .iter()
        .position(|group| group.is_none() || *group == side)
}

/// What was counted and said, without the lines themselves.
pub(super) fn evidence(lines: &Buffer, plain: &Plain, marks: &BTreeSet<LineId>) -> Evidence {
    let groups = groups(&plain.origins);
    let marked = marks.iter().filter_map(|mark| lines.get(*mark));
    Evidence {
        sides: groups
            .iter()
            .map(|side| name(&plain.origins, *side))
            .collect(),
        minutes: minutes(lines, plain, &groups),
        first_errors: first_errors(lines, plain, &groups),
        marked: text(plain, marked),
        ..Evidence::default()
    }
}

/// A side with the revision that it runs, where it is one.
fn name(origins: &Origins, side: Option<Side>) -> String {
    let Some(side) = side else {
        return "all lines".into();
    };
    let of_side = origins
        .iter()
        .filter(|(_, origin)| origin.side == Some(side));
    let revisions: BTreeSet<&str> = of_side
        .filter_map(|(_, origin)| Some(origin.definition.as_ref()?.family_revision()))
        .collect();
    let mut revisions = revisions.into_iter();
    match (revisions.next(), revisions.next()) {
        (Some(only), None) => format!("{} {only}", side.label()),
        _ => side.label().to_owned(),
    }
}

/// The last minutes before the newest line that have any line at all.
fn minutes(lines: &Buffer, plain: &Plain, groups: &[Option<Side>]) -> Vec<(String, Vec<Count>)> {
    let Some(newest) = lines.last() else {
        return Vec::new();
    };
    let buckets = Buckets::until(newest.at(), 1, MINUTES);
    let group = |stream: &StreamName| group_of(groups, &plain.origins, stream);
    let counted: BTreeMap<usize, _> = lines.histogram(&buckets, group);
    let count = |group: usize, minute: usize| {
        let counts = counted.get(&group).and_then(|counts| counts.get(minute));
        counts.copied().unwrap_or_default()
    };
    (0..MINUTES)
        .map(|minute| {
            let counts = (0..groups.len()).map(|group| count(group, minute));
            (clock(buckets.start(minute), &plain.zone), counts.collect())
        })
        .filter(|(_, counts): &(String, Vec<_>)| counts.iter().any(|count| count.lines > 0))
        .collect()
}

fn clock(at: Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone());
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// The first errors of each group with what belongs to them, whether they pass the filters or not.
fn first_errors(lines: &Buffer, plain: &Plain, groups: &[Option<Side>]) -> Vec<String> {
    let mut found = vec![(0, String::new()); groups.len()];
    let mut wanted: Option<usize> = None;
    let mut length = 0;
    for entry in (0..lines.entries()).map_while(|place| lines.at_place(place)) {
        let Some(line) = entry.line() else { continue };
        if line.continues {
            length += 1;
        } else {
            wanted = error_of(&line, plain, groups);
            length = 0;
        }
        let Some((errors, text)) = wanted.and_then(|group| found.get_mut(group)) else {
            continue;
        };
        *errors += usize::from(!line.continues);
        if *errors <= ERRORS && length < LINES_OF_AN_ERROR {
            plain.write(&entry, text);
        }
        if found.iter().all(|(errors, _)| *errors > ERRORS) {
            break;
        }
    }
    found.into_iter().map(|(_, text)| text).collect()
}

/// The group of a line that reports an error.
fn error_of(line: &LineRef<'_>, plain: &Plain, groups: &[Option<Side>]) -> Option<usize> {
    let is_error = line.level.is_some_and(Level::is_error);
    group_of(groups, &plain.origins, line.stream).filter(|_| is_error)
}

/// Lines that do not stand below each other.
fn text<'a>(plain: &Plain, entries: impl Iterator<Item = Entry<'a>>) -> String {
    let mut text = String::new();
    entries.for_each(|entry| plain.write_alone(&entry, &mut text));
    text
}
