//! The logs screen: its lines and how they are read.

use std::collections::{HashSet, VecDeque};

use jiff::Timestamp;

use crate::domain::context::Scoped;
use crate::domain::logs::{LogLine, LogSource};

/// Lines that are kept; the oldest go first, and are counted.
const LINES_KEPT: usize = 50_000;

/// How the lines are read.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LogsState {
    /// Whether new lines wait outside while one reads.
    pub paused: bool,
    /// Lines up from the newest; 0 follows.
    pub up: usize,
    /// Whether long lines are wrapped.
    pub wrap: bool,
    /// Whether the time of each line is hidden.
    pub hide_times: bool,
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
    /// Lines that were dropped because there were too many.
    pub dropped: u64,
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
            dropped: 0,
            seen: HashSet::new(),
        }
    }

    /// Takes in lines, each once, in order of time.
    pub fn take(&mut self, lines: Vec<LogLine>, notes: Vec<String>) {
        for note in notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        for line in lines {
            if !self.seen.insert(line.id.clone()) {
                continue;
            }
            let later = self
                .lines
                .iter()
                .rev()
                .take_while(|known| known.at > line.at)
                .count();
            self.lines.insert(self.lines.len() - later, line);
        }
        while self.lines.len() > LINES_KEPT {
            if let Some(line) = self.lines.pop_front() {
                self.seen.remove(&line.id);
                self.dropped += 1;
            }
        }
    }
}
