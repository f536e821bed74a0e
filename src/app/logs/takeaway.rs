//! Lines on their way out of the program: which ones, and their text.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::evidence::evidence;
use super::reading::{LogsState, Times};
use super::session::LogBuffer;
use crate::domain::incident::{Incident, markdown};
use crate::domain::logs::buffer::{Buffer, Entry, LineId};
use crate::domain::logs::plain::Plain;
use crate::domain::text::count;

/// Lines that a note holds at most: one that nobody can open helps nobody.
const MOST_IN_NOTE: usize = 2_000;
/// Bytes of a part, so that no text is ever as large as all lines together.
const PART: usize = 64 << 10;

/// Which lines are taken away.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Those that pass the filters.
    Shown,
    /// All of them.
    All,
    /// Of those that pass the filters the ones from here to there.
    Between(LineId, LineId),
}

/// Lines as they were at a moment, ready to be written elsewhere. What of them passes the filters is
/// found out when it is asked for: that can take longer than a frame.
#[derive(Clone, Debug)]
pub struct Takeaway {
    lines: Arc<Buffer>,
    extent: Extent,
    plain: Plain,
    note: Option<Box<Note>>,
}

/// What makes a note of an incident of lines.
#[derive(Clone, Debug, PartialEq)]
struct Note {
    incident: Incident,
    marks: BTreeSet<LineId>,
}

/// Two are the same when they are of the same moment.
impl PartialEq for Takeaway {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.lines, &other.lines) && self.extent == other.extent
    }
}

impl Takeaway {
    /// The lines of a screen as they are now. It costs no more than a frame has time for.
    pub fn of(buffer: &LogBuffer, state: &LogsState, zone: &TimeZone, extent: Extent) -> Self {
        Self {
            lines: Arc::new(buffer.lines.snapshot()),
            extent,
            plain: plain(buffer, state, zone),
            note: None,
        }
    }

    /// The zone of the times.
    pub fn zone(&self) -> &TimeZone {
        &self.plain.zone
    }

    /// The same lines within the note of an incident.
    #[must_use]
    pub fn noted(self, incident: Incident, state: &LogsState) -> Self {
        let marks = state.marks.clone();
        Self {
            note: Some(Box::new(Note { incident, marks })),
            ..self
        }
    }

    /// The text in parts, and how many entries each of them has.
    pub fn parts(self) -> Box<dyn Iterator<Item = (String, usize)>> {
        let lines = sifted(Arc::unwrap_or_clone(self.lines));
        let chosen = Chosen {
            range: ends(&lines, self.extent),
            lines,
            extent: self.extent,
            plain: self.plain,
            first: true,
        };
        match self.note {
            Some(note) => Box::new(std::iter::once(chosen.note(&note))),
            None => Box::new(chosen),
        }
    }
}

/// The lines that are left to be written.
struct Chosen {
    lines: Buffer,
    extent: Extent,
    /// Ranks among those that pass, or for all lines places.
    range: Range<usize>,
    plain: Plain,
    /// Whether nothing was written yet.
    first: bool,
}

impl Iterator for Chosen {
    type Item = (String, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let mut text = String::new();
        let begin = self.range.start;
        while !self.range.is_empty()
            && text.len() < PART
            && let Some(entry) = self.entry(self.range.start)
        {
            if self.first {
                self.plain.write_alone(&entry, &mut text);
            } else {
                self.plain.write(&entry, &mut text);
            }
            self.first = false;
            self.range.start += 1;
        }
        let entries = self.range.start - begin;
        (entries > 0).then_some((text, entries))
    }
}

impl Chosen {
    fn entry(&self, place: usize) -> Option<Entry<'_>> {
        match self.extent {
            Extent::All => self.lines.at_place(place),
            Extent::Shown | Extent::Between(..) => self.lines.at_rank(place),
        }
    }

    /// The note of an incident with the newest of the lines.
    fn note(mut self, note: &Note) -> (String, usize) {
        let whole = self.range.len();
        let kept = whole.min(MOST_IN_NOTE);
        let mut evidence = evidence(&self.lines, &self.plain, &note.marks);
        evidence.told = match self.extent {
            _ if kept < whole => {
                format!("The newest {kept} of {whole} lines; :save writes all of them to a file.")
            }
            Extent::Between(..) => format!("{}, selected.", count(whole, "line")),
            Extent::Shown | Extent::All => {
                let all = self.lines.len();
                format!("{} as shown, of {all} in all.", count(whole, "line"))
            }
        };
        self.range.start += whole - kept;
        for (text, _) in self {
            evidence.lines.push_str(&text);
        }
        (markdown(&note.incident, &evidence), kept)
    }
}

/// How the lines of a screen are written: with its sides, in the zone of its times.
pub(crate) fn plain(buffer: &LogBuffer, state: &LogsState, zone: &TimeZone) -> Plain {
    let zone = if state.times == Times::Utc {
        TimeZone::UTC
    } else {
        zone.clone()
    };
    let origins = buffer.origins.clone();
    Plain { zone, origins }
}

/// The same lines once all of them were looked at.
fn sifted(mut lines: Buffer) -> Buffer {
    while !lines.sift(usize::MAX) {}
    lines
}

/// The ranks, or for all lines the places, at which the wanted ones are.
fn ends(lines: &Buffer, extent: Extent) -> Range<usize> {
    match extent {
        Extent::Shown => 0..lines.passing(),
        Extent::All => 0..lines.entries(),
        Extent::Between(first, last) => {
            let end = lines.passing() - lines.passing_after(last);
            lines.passing_before(first)..end
        }
    }
}
