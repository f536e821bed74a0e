//! The lines of one source, and what is known about where they come from.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::panel::Stacked;
use super::reading::LogsState;
use super::rule_text;
use crate::domain::context::Scoped;
use crate::domain::logs::buffer::{Buffer, Limits, LineId, Mark};
use crate::domain::logs::level::Level;
use crate::domain::logs::rules::{Filters, Rule, RuleKind, Test};
use crate::domain::logs::search::Search;
use crate::domain::logs::{self, LogLine, LogSource, Origins, Side};

/// Lines that are looked through at once: a key is answered within a frame whatever there is.
const SLICE: usize = 16_384;

/// The lines of one source.
#[derive(Clone, Debug)]
pub struct LogBuffer {
    /// Whose lines they are.
    pub source: Scoped<LogSource>,
    /// When the screen was opened.
    pub opened_at: Timestamp,
    /// The lines.
    pub lines: Buffer,
    /// Remarks about streams that cannot be read.
    pub notes: Vec<String>,
    /// Remarks about containers whose lines cannot be found, as of now.
    pub missing: Vec<String>,
    /// What writes to the streams.
    pub origins: Origins,
    /// What the filters in force were made of.
    wanted: Wanted,
    /// The filter after `/` as it was last understood.
    typed: Option<Rule>,
    /// Whether every line was looked at.
    sifted: bool,
    /// Remarks about tasks and releases that were put between the lines, with their times.
    told: BTreeMap<String, Timestamp>,
}

/// What filters are made of.
#[derive(Clone, Debug, PartialEq, Default)]
struct Wanted {
    typed: String,
    rules: Vec<Stacked>,
    level: Option<Level>,
    around: usize,
    aside: bool,
    origins: Origins,
}

impl LogBuffer {
    /// An empty buffer.
    pub fn new(source: Scoped<LogSource>, opened_at: Timestamp) -> Self {
        Self {
            source,
            opened_at,
            lines: Buffer::new(Limits::default()),
            notes: Vec::new(),
            missing: Vec::new(),
            origins: Origins::default(),
            wanted: Wanted::default(),
            typed: None,
            sifted: true,
            told: BTreeMap::new(),
        }
    }

    /// How many lines there are, whether they pass the filters or not.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is no line at all.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How many entries pass the filters, as far as was looked.
    pub fn passing(&self) -> usize {
        self.lines.passing()
    }

    /// Lines that had to go to make room.
    pub fn dropped(&self) -> u64 {
        self.lines.dropped()
    }

    /// Whether no filter is in force.
    pub fn shows_all(&self) -> bool {
        self.lines.filters().is_open()
    }

    /// How much was looked at, in percent; `None` when all of it was, or is with the next look.
    pub fn looking(&self) -> Option<usize> {
        let whole = self.lines.entries().max(1);
        let left = self.lines.unsifted();
        let looked = whole.saturating_sub(left);
        (!self.sifted && left > SLICE).then(|| (looked * 100 / whole).min(99))
    }

    /// The texts and expressions that the enabled filters ask for: they are marked in the lines.
    pub fn filtered_by(&self) -> impl Iterator<Item = Search> {
        let rules = self.lines.filters().rules.iter();
        rules.filter_map(|rule| match (&rule.test, rule.kind) {
            (Test::Text(search), RuleKind::Include) if rule.enabled => Some(search.clone()),
            _ => None,
        })
    }

    /// How many entries that pass the filters are newer than one.
    pub fn newer_than(&self, id: LineId) -> usize {
        self.lines.passing_after(id)
    }

    /// How many entries that pass the filters stand from one to another, with both of them.
    pub fn count_between(&self, first: LineId, last: LineId) -> usize {
        let behind = self.lines.passing() - self.lines.passing_after(last);
        behind.saturating_sub(self.lines.passing_before(first))
    }

    /// The newest entry that passes the filters.
    pub fn newest(&self) -> Option<LineId> {
        let last = self.lines.passing().checked_sub(1)?;
        Some(self.lines.at_rank(last)?.id())
    }

    /// Whether lines come from both sides of a release.
    pub fn has_sides(&self) -> bool {
        let has = |side| {
            self.origins
                .iter()
                .any(|(_, origin)| origin.side == Some(side))
        };
        has(Side::Old) && has(Side::New)
    }

    /// Takes in lines.
    pub fn take(&mut self, lines: Vec<LogLine>) {
        if !lines.is_empty() {
            self.lines.take(lines);
            self.sifted = false;
        }
    }

    /// Puts a remark between the lines.
    pub fn remark(&mut self, at: Timestamp, text: &str) {
        let text = text.to_owned();
        self.lines.mark(Mark { at, text });
        self.sifted = false;
    }

    /// Puts remarks between the lines that are not there yet.
    pub fn remark_all(&mut self, marks: Vec<logs::Mark>) {
        for mark in logs::fresh_marks(marks, &mut self.told) {
            self.remark(mark.at, &mark.text);
        }
    }

    /// Puts the filters of the screen in force.
    pub fn refilter(&mut self, state: &LogsState, typed: &str) {
        let wanted = Wanted {
            typed: typed.to_owned(),
            rules: state.rules.clone(),
            level: state.level,
            around: state.around,
            aside: state.surroundings,
            origins: self.origins.clone(),
        };
        if wanted == self.wanted {
            return;
        }
        // What is half typed may be no filter: until it is one the last one stays.
        match rule_text::parse(typed, &self.origins) {
            Ok(rule) => self.typed = Some(rule),
            Err(_) if typed.trim().is_empty() => self.typed = None,
            Err(_) => {}
        }
        let filters = self.filters(&wanted);
        self.wanted = wanted;
        if filters != *self.lines.filters() {
            self.lines.set_filters(filters);
            self.sifted = false;
        }
    }

    fn filters(&self, wanted: &Wanted) -> Filters {
        if wanted.aside {
            return Filters::default();
        }
        let level = wanted.level.map(|level| Rule {
            kind: RuleKind::Include,
            test: Test::Level(level),
            enabled: true,
        });
        let enabled = wanted.rules.iter().filter(|rule| rule.enabled);
        let stacked = enabled.filter_map(|rule| rule_text::parse(&rule.text, &self.origins).ok());
        Filters {
            rules: self
                .typed
                .iter()
                .cloned()
                .chain(level)
                .chain(stacked)
                .collect(),
            before: wanted.around,
            after: wanted.around,
        }
    }

    /// Looks through more lines. Whether all of them were looked at.
    pub fn sift(&mut self) -> bool {
        if !self.sifted {
            self.sifted = self.lines.sift(SLICE);
        }
        self.sifted
    }
}
