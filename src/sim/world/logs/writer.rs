//! A container that logs: its lines are computed only when somebody reads them.
//!
//! Time is cut into slots of the mean interval, and each slot holds one entry at a place that the
//! seed decides. So any slot can be computed without the ones before it: a task that has run for
//! a week, or that writes thousands of lines a second, costs nothing until its log is opened, and
//! then only what is shown.

use crate::sim::clock::SimTime;
use crate::sim::rng::Rng;

use super::delay::{BATCH, Delay};
use super::template::{LineTemplate, MOST_PARTS};

/// Events of one slot have numbers in a row; those of the next slot start so much later.
const SLOT: u64 = MOST_PARTS as u64;

/// What a container writes while it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriterSpec {
    /// Decides every line: the same seed writes the same log.
    pub seed: u64,
    /// When the first entry may come.
    pub start: SimTime,
    /// Microseconds from entry to entry on average; at least 1.
    pub mean_interval_us: i64,
    /// The entries to choose from; without any the writer is silent.
    pub templates: Vec<LineTemplate>,
    /// How long it takes until a line can be read.
    pub delay: Delay,
}

/// What each container of an image writes while it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageLog {
    /// Microseconds from entry to entry on average; at least 1.
    pub mean_interval_us: i64,
    /// How long it takes until a line can be read.
    pub delay: Delay,
    /// The first lines, which come at once.
    pub start: Vec<String>,
    /// The entries to choose from.
    pub templates: Vec<LineTemplate>,
}

/// A writer in a stream, open or closed. Its events are numbered in the order of their times.
#[derive(Clone, Debug)]
pub struct Writer {
    spec: WriterSpec,
    closed_at: Option<SimTime>,
    total_weight: u64,
    /// Whether every entry is one event.
    single: bool,
}

/// An event of a writer.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The moment at which it was written.
    pub at: SimTime,
    /// The moment from which on it can be read.
    pub ingested: SimTime,
    /// Its number in the writer.
    pub index: u64,
}

impl Writer {
    /// A writer that is open from the start of its specification.
    pub fn new(spec: WriterSpec) -> Self {
        let weights = spec.templates.iter().map(|line| u64::from(line.weight));
        Self {
            total_weight: weights.sum(),
            single: spec.templates.iter().all(|line| line.parts() == 1),
            closed_at: None,
            spec,
        }
    }

    /// Ends the writer: no line comes at or after `at`. A writer closes only once.
    pub fn close(&mut self, at: SimTime) {
        self.closed_at.get_or_insert(at);
    }

    fn interval(&self) -> i64 {
        self.spec.mean_interval_us.max(1)
    }

    /// The moment of the entry in `slot`.
    fn slot_time(&self, slot: u64) -> SimTime {
        let interval = self.interval();
        let mut rng = Rng::at(self.spec.seed, slot);
        // Whole milliseconds where they are fine enough: that is how AWS counts.
        let offset = if interval % 1_000 == 0 {
            rng.range(0, interval / 1_000).saturating_mul(1_000)
        } else {
            rng.range(0, interval)
        };
        let slot = i64::try_from(slot).unwrap_or(i64::MAX);
        let passed = slot.saturating_mul(interval).saturating_add(offset);
        self.spec.start.plus_millis(passed / 1_000)
    }

    /// The slots below this number have their entries at or before `at`, and no others have.
    fn slots_until(&self, at: SimTime) -> u64 {
        if self.total_weight == 0 {
            return 0;
        }
        // An entry exists from its own moment on, and only if that came before the closing.
        let last = self
            .closed_at
            .map_or(at, |closed| at.min(closed.plus_millis(-1)));
        if last < self.spec.start {
            return 0;
        }
        let slot = self.slot_of(last.plus_millis(1).millis_since(self.spec.start), -1);
        slot + u64::from(self.slot_time(slot) <= last)
    }

    /// The first slot whose entry comes at or after `at`, whether it exists or not.
    fn first_slot_from(&self, at: SimTime) -> u64 {
        if at < self.spec.start {
            return 0;
        }
        let slot = self.slot_of(at.millis_since(self.spec.start), 0);
        slot + u64::from(self.slot_time(slot) < at)
    }

    /// The slot that holds the moment so many milliseconds after the start, and microseconds.
    fn slot_of(&self, millis: i64, micros: i64) -> u64 {
        let passed = millis.saturating_mul(1_000).saturating_add(micros);
        u64::try_from(passed / self.interval()).unwrap_or(0)
    }

    /// The template of the entry in `slot`, and the numbers that fill its gaps.
    fn entry(&self, slot: u64) -> Option<(&LineTemplate, Rng)> {
        let mut rng = Rng::at(self.spec.seed ^ 0x006C_696E_6574_6578, slot);
        let total = i64::try_from(self.total_weight).unwrap_or(i64::MAX);
        let mut left = rng.range(0, total);
        for template in &self.spec.templates {
            left -= i64::from(template.weight);
            if left < 0 {
                return Some((template, rng));
            }
        }
        None
    }

    fn parts(&self, slot: u64) -> u64 {
        if self.single {
            return 1;
        }
        self.entry(slot)
            .map_or(1, |(template, _)| template.parts() as u64)
    }

    fn line(&self, index: u64) -> Line {
        let at = self.slot_time(index / SLOT);
        let batch = Delay::batch_of(at);
        let delay = self.spec.delay.of_batch(self.spec.seed, batch);
        Line {
            at,
            ingested: at.plus_millis(delay),
            index,
        }
    }

    /// The event with this number, if there is one at `now` and it can be read by then.
    pub fn read(&self, index: u64, now: SimTime) -> Option<(Line, String)> {
        let (slot, part) = (index / SLOT, index % SLOT);
        let line = self.line(index);
        let exists = slot < self.slots_until(now) && part < self.parts(slot);
        if !exists || line.ingested > now {
            return None;
        }
        Some((line, self.text(index)))
    }

    /// The text of the event with this number, which has to exist.
    pub fn text(&self, index: u64) -> String {
        let (slot, part) = (index / SLOT, index % SLOT);
        let Some((template, mut rng)) = self.entry(slot) else {
            return String::new();
        };
        let part = usize::try_from(part).unwrap_or(0);
        template.part(part, slot, self.slot_time(slot), &mut rng)
    }

    /// The first event at or after `at` that can be read at `now`.
    pub fn first_from(&self, at: SimTime, now: SimTime) -> Option<Line> {
        self.readable_from(self.first_slot_from(at), now)
    }

    /// The first event after the one with this number that can be read at `now`.
    pub fn after(&self, index: u64, now: SimTime) -> Option<Line> {
        let (slot, part) = (index / SLOT, index % SLOT);
        if slot < self.slots_until(now) && part + 1 < self.parts(slot) {
            let next = self.line(index + 1);
            // The parts of an entry travel together.
            if next.ingested <= now {
                return Some(next);
            }
        }
        self.readable_from(slot.saturating_add(1), now)
    }

    /// The last event before `at` that can be read at `now`.
    pub fn last_before(&self, at: SimTime, now: SimTime) -> Option<Line> {
        self.readable_below(self.first_slot_from(at), now)
    }

    /// The last event before the one with this number that can be read at `now`.
    pub fn before(&self, index: u64, now: SimTime) -> Option<Line> {
        let (slot, part) = (index / SLOT, index % SLOT);
        if part > 0 && slot < self.slots_until(now) {
            let before = part.min(self.parts(slot)) - 1;
            let line = self.line(slot * SLOT + before);
            if line.ingested <= now {
                return Some(line);
            }
        }
        self.readable_below(slot, now)
    }

    fn readable_from(&self, mut slot: u64, now: SimTime) -> Option<Line> {
        let end = self.slots_until(now);
        while slot < end {
            let line = self.line(slot.checked_mul(SLOT)?);
            if line.ingested <= now {
                return Some(line);
            }
            let next_batch = SimTime((Delay::batch_of(line.at) + 1) * BATCH);
            slot = self.first_slot_from(next_batch);
        }
        None
    }

    fn readable_below(&self, slot: u64, now: SimTime) -> Option<Line> {
        let mut slot = slot.min(self.slots_until(now)).checked_sub(1)?;
        loop {
            let line = self.line(slot * SLOT + self.parts(slot) - 1);
            if line.ingested <= now {
                return Some(line);
            }
            // Of its batch, only what is old enough can be read; nothing if that is before it.
            let batch = SimTime(Delay::batch_of(line.at) * BATCH);
            let taken = line.ingested.millis_since(line.at);
            let too_new = batch.max(now.plus_millis(1 - taken));
            slot = self.first_slot_from(too_new).checked_sub(1)?;
        }
    }

    /// Everything that was taken in after `after` and up to `until`, in the order of the writer.
    pub fn arrivals(&self, after: SimTime, until: SimTime) -> Vec<Line> {
        let (delay, seed) = (self.spec.delay, self.spec.seed);
        let existing = self.slots_until(until);
        let first = Delay::batch_of(after.plus_millis(-delay.longest()).max(self.spec.start));
        let mut lines = Vec::new();
        for batch in first..=Delay::batch_of(until) {
            let taken = delay.of_batch(seed, batch);
            let begin = SimTime(batch * BATCH).max(after.plus_millis(1 - taken));
            let end = SimTime((batch + 1) * BATCH).min(until.plus_millis(1 - taken));
            if begin >= end {
                continue;
            }
            for slot in self.first_slot_from(begin)..self.first_slot_from(end).min(existing) {
                let at = self.slot_time(slot);
                lines.extend((0..self.parts(slot)).map(|part| Line {
                    at,
                    ingested: at.plus_millis(taken),
                    index: slot * SLOT + part,
                }));
            }
        }
        lines
    }

    /// Bytes of the log at `now`, estimated from the mean length of the templates.
    pub fn estimated_bytes(&self, now: SimTime) -> u64 {
        let lengths = self.spec.templates.iter();
        let weighted: u64 = lengths
            .map(|line| u64::from(line.weight) * line.text.len() as u64)
            .sum();
        self.slots_until(now) * (weighted / self.total_weight.max(1))
    }
}

#[cfg(test)]
mod tests;
