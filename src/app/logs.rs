//! The logs screen: its lines and how they are read.

use std::collections::{HashSet, VecDeque};

use jiff::Timestamp;

use super::filter::Filter;
use crate::domain::context::Scoped;
use crate::domain::logs::{EventId, LogLine, LogSource};

#[cfg(test)]
mod tests;

/// Lines that are kept; the oldest go first, and are counted.
pub const LINES_KEPT: usize = 50_000;

/// How the lines are read.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LogsState {
    /// Whether new lines wait outside while one reads.
    pub paused: bool,
    /// Lines up from the newest that pass the filter; 0 follows.
    pub up: usize,
    /// Whether long lines are wrapped.
    pub wrap: bool,
    /// Whether the time of each line is hidden.
    pub hide_times: bool,
}

/// What the filter looks at in a line.
pub fn filter_text(line: &LogLine) -> String {
    format!(
        "{} {} {}",
        line.stream.task(),
        line.stream.container(),
        line.message
    )
}

/// The lines of one source.
#[derive(Clone, Debug)]
pub struct LogBuffer {
    /// Whose lines they are.
    pub source: Scoped<LogSource>,
    /// When the screen was opened.
    pub opened_at: Timestamp,
    /// The lines, by time.
    pub lines: VecDeque<LogLine>,
    /// Remarks about streams that cannot be read.
    pub notes: Vec<String>,
    /// Remarks about containers whose lines cannot be found, as of now.
    pub missing: Vec<String>,
    /// Lines that were dropped because there were too many.
    pub dropped: u64,
    /// The filter that `passing` is made by.
    filter: Filter,
    /// The numbers of the lines that pass the filter; `None` while all do. Lines are numbered from
    /// the oldest that there ever was, so that dropping some changes no number.
    passing: Option<VecDeque<u64>>,
    /// The number of the oldest line.
    first: u64,
    /// Lines that wait while one reads.
    held: Vec<LogLine>,
    /// How many of these pass the filter.
    held_passing: usize,
    seen: HashSet<EventId>,
}

/// A line that stays in its place on screen, whatever comes before and behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    at: Timestamp,
    key: EventId,
}

impl LogBuffer {
    /// An empty buffer.
    pub fn new(source: Scoped<LogSource>, opened_at: Timestamp) -> Self {
        Self {
            source,
            opened_at,
            lines: VecDeque::new(),
            notes: Vec::new(),
            missing: Vec::new(),
            dropped: 0,
            filter: Filter::default(),
            passing: None,
            first: 0,
            held: Vec::new(),
            held_passing: 0,
            seen: HashSet::new(),
        }
    }

    /// How many lines there are, whether they pass the filter or not.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is no line at all.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How many lines pass the filter.
    pub fn passing(&self) -> usize {
        self.passing
            .as_ref()
            .map_or(self.lines.len(), VecDeque::len)
    }

    /// A line that passes the filter, counted from the oldest one.
    pub fn line(&self, place: usize) -> Option<&LogLine> {
        match &self.passing {
            None => self.lines.get(place),
            Some(passing) => {
                let number = passing.get(place)?.checked_sub(self.first)?;
                self.lines.get(usize::try_from(number).ok()?)
            }
        }
    }

    /// How many lines that pass the filter wait while one reads.
    pub fn waiting(&self) -> usize {
        self.held_passing
    }

    /// The filter in force.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Puts another filter in force.
    pub fn refilter(&mut self, filter: &Filter) {
        if self.filter == *filter {
            return;
        }
        let mut sieve = filter.sieve();
        let narrows = filter.narrows(&self.filter);
        let before = self.passing.take().filter(|_| narrows);
        self.filter = filter.clone();
        self.held_passing = 0;
        if sieve.is_open() {
            self.held_passing = self.held.len();
            return;
        }
        let (lines, first) = (&self.lines, self.first);
        let mut passes = |number: &u64| {
            let place = usize::try_from(*number - first).unwrap_or(usize::MAX);
            let line = lines.get(place);
            line.is_some_and(|line| sieve.lets_pass(&filter_text(line)))
        };
        self.passing = Some(match before {
            Some(numbers) => numbers.into_iter().filter(&mut passes).collect(),
            None => (first..first + lines.len() as u64).filter(passes).collect(),
        });
        self.held_passing = count_passing(&self.filter, &self.held);
    }

    /// The line that is so many lines up from the newest, of those that pass the filter.
    pub fn anchor(&self, up: usize) -> Option<Anchor> {
        let place = self.passing().checked_sub(up + 1)?;
        let line = self.line(place)?;
        Some(Anchor {
            at: line.at,
            key: line.key(),
        })
    }

    /// How many lines that pass the filter are newer than a line.
    pub fn newer_than(&self, anchor: &Anchor) -> usize {
        let begin = self.lines.partition_point(|line| line.at < anchor.at);
        let same = self.lines.range(begin..).take_while(|l| l.at == anchor.at);
        let own = same.clone().position(|line| line.key() == anchor.key);
        let behind = begin + own.map_or(0, |place| place + 1);
        match &self.passing {
            None => self.lines.len() - behind,
            Some(passing) => {
                let number = self.first + behind as u64;
                passing.len() - passing.partition_point(|passing| *passing < number)
            }
        }
    }

    /// Takes in lines, each once, in order of time; those of the same time in the order of their
    /// arrival.
    pub fn take(&mut self, lines: Vec<LogLine>, notes: Vec<String>) {
        self.note(notes);
        let fresh = self.unseen(lines);
        self.insert(fresh);
    }

    /// Takes in lines without showing them, until [`Self::release`].
    pub fn hold(&mut self, lines: Vec<LogLine>, notes: Vec<String>) {
        self.note(notes);
        let fresh = self.unseen(lines);
        self.held_passing += count_passing(&self.filter, &fresh);
        self.held.extend(fresh);
        let surplus = self.held.len().saturating_sub(LINES_KEPT);
        if surplus > 0 {
            let gone: Vec<LogLine> = self.held.drain(..surplus).collect();
            self.held_passing -= count_passing(&self.filter, &gone);
            self.dropped += surplus as u64;
        }
    }

    /// Shows the lines that waited.
    pub fn release(&mut self) {
        let held = std::mem::take(&mut self.held);
        self.held_passing = 0;
        self.insert(held);
    }

    fn note(&mut self, notes: Vec<String>) {
        for note in notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }

    fn unseen(&mut self, mut lines: Vec<LogLine>) -> Vec<LogLine> {
        lines.retain(|line| self.seen.insert(line.key()));
        lines
    }

    fn insert(&mut self, mut fresh: Vec<LogLine>) {
        fresh.sort_by_key(|line| line.at);
        let Some(first) = fresh.first() else {
            return;
        };
        // Only the lines that are later than the first new one have to make room.
        let place = self.lines.partition_point(|line| line.at <= first.at);
        let tail = self.lines.split_off(place);
        if tail.is_empty() {
            self.lines.extend(fresh);
        } else {
            self.lines.extend(merge(tail, fresh));
        }
        self.sift_from(place);
        self.drop_oldest();
    }

    /// Looks anew which lines pass the filter, from a place on.
    fn sift_from(&mut self, place: usize) {
        let Some(passing) = &mut self.passing else {
            return;
        };
        let begin = self.first + place as u64;
        passing.truncate(passing.partition_point(|number| *number < begin));
        let mut sieve = self.filter.sieve();
        for (number, line) in (begin..).zip(self.lines.range(place..)) {
            if sieve.lets_pass(&filter_text(line)) {
                passing.push_back(number);
            }
        }
    }

    fn drop_oldest(&mut self) {
        let surplus = self.lines.len().saturating_sub(LINES_KEPT);
        self.lines.drain(..surplus);
        self.dropped += surplus as u64;
        self.first += surplus as u64;
        if let Some(passing) = &mut self.passing {
            let gone = passing.partition_point(|number| *number < self.first);
            passing.drain(..gone);
        }
        // A dropped line may be read again: it stays known for a while, so that it is not counted
        // twice.
        if self.seen.len() > 4 * LINES_KEPT {
            let shown = self.lines.iter().chain(&self.held);
            self.seen = shown.map(LogLine::key).collect();
        }
    }
}

fn count_passing(filter: &Filter, lines: &[LogLine]) -> usize {
    let mut sieve = filter.sieve();
    if sieve.is_open() {
        return lines.len();
    }
    let passes = |line: &&LogLine| sieve.lets_pass(&filter_text(line));
    lines.iter().filter(passes).count()
}

/// Joins two runs that are in order of time; at the same time the known line comes first.
fn merge(known: VecDeque<LogLine>, fresh: Vec<LogLine>) -> Vec<LogLine> {
    let mut joined: Vec<LogLine> = known.into_iter().chain(fresh).collect();
    joined.sort_by_key(|line| line.at);
    joined
}
