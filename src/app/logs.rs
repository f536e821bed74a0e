//! The logs screen: its lines and how they are read.

use std::collections::{HashSet, VecDeque};

use jiff::Timestamp;

use super::filter::Filter;
use crate::domain::context::Scoped;
use crate::domain::logs::{LogLine, LogSource};

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
    format!("{} {} {}", line.task, line.container, line.message)
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
    /// Lines that wait while one reads.
    held: Vec<LogLine>,
    seen: HashSet<String>,
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
            held: Vec::new(),
            seen: HashSet::new(),
        }
    }

    /// How many lines there are to read.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is no line to read.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How many lines wait while one reads.
    pub fn waiting(&self) -> usize {
        self.held.len()
    }

    /// Takes in lines, each once, in order of time; those of the same time in the order of their
    /// arrival. Answers how many of them that pass the filter were new and are kept.
    pub fn take(&mut self, lines: Vec<LogLine>, notes: Vec<String>, filter: &Filter) -> usize {
        self.note(notes);
        let fresh = self.unseen(lines);
        self.insert(fresh, filter)
    }

    /// Takes in lines without showing them, until [`Self::release`].
    pub fn hold(&mut self, lines: Vec<LogLine>, notes: Vec<String>) {
        self.note(notes);
        let fresh = self.unseen(lines);
        self.held.extend(fresh);
        let surplus = self.held.len().saturating_sub(LINES_KEPT);
        self.held.drain(..surplus);
        self.dropped += surplus as u64;
    }

    /// Shows the lines that waited. Answers how many of them pass the filter.
    pub fn release(&mut self, filter: &Filter) -> usize {
        let held = std::mem::take(&mut self.held);
        self.insert(held, filter)
    }

    fn note(&mut self, notes: Vec<String>) {
        for note in notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }

    fn unseen(&mut self, mut lines: Vec<LogLine>) -> Vec<LogLine> {
        lines.retain(|line| self.seen.insert(line.id.clone()));
        lines
    }

    fn insert(&mut self, mut fresh: Vec<LogLine>, filter: &Filter) -> usize {
        fresh.sort_by_key(|line| line.at);
        let mut passing = fresh.iter().collect();
        filter.retain(&mut passing, |line| filter_text(line));
        let added = passing.len();
        let Some(first) = fresh.first() else {
            return 0;
        };
        // Only the lines that are later than the first new one have to make room.
        let place = self.lines.partition_point(|line| line.at <= first.at);
        let tail = self.lines.split_off(place);
        if tail.is_empty() {
            self.lines.extend(fresh);
        } else {
            self.lines.extend(merge(tail, fresh));
        }
        self.drop_oldest();
        added
    }

    fn drop_oldest(&mut self) {
        let surplus = self.lines.len().saturating_sub(LINES_KEPT);
        self.lines.drain(..surplus);
        self.dropped += surplus as u64;
        // A dropped line may be read again: it stays known for a while, so that it is not counted
        // twice.
        if self.seen.len() > 4 * LINES_KEPT {
            let shown = self.lines.iter().chain(&self.held);
            self.seen = shown.map(|line| line.id.clone()).collect();
        }
    }
}

/// Joins two runs that are in order of time; at the same time the known line comes first.
fn merge(known: VecDeque<LogLine>, fresh: Vec<LogLine>) -> Vec<LogLine> {
    let mut joined: Vec<LogLine> = known.into_iter().chain(fresh).collect();
    joined.sort_by_key(|line| line.at);
    joined
}
