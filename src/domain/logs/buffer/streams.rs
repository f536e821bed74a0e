//! The streams of a buffer: what was counted of them, and where each of them is.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use super::entry::LineId;
use crate::domain::logs::StreamName;
use crate::domain::logs::histogram::Minutes;
use crate::domain::logs::level::Level;
use crate::domain::logs::trace::Within;

/// Milliseconds between two lines that may belong together.
const CLOSE: i64 = 1_000;
/// Milliseconds, lines and bytes of what belongs together, so that a program that indents all it
/// says does not become one line.
const LONGEST: i64 = 5_000;
const MOST_LINES: usize = 1_000;
const MOST_BYTES: usize = 256 << 10;

/// A stream.
#[derive(Clone, Debug)]
pub struct Stream {
    /// Its name.
    pub name: Arc<StreamName>,
    /// What was counted.
    pub minutes: Minutes,
    /// Whether the filters let its lines pass at all.
    pub passes: bool,
    /// The line that was taken in last.
    pub last: Option<Above>,
}

/// A line that the next one of its stream may belong to.
#[derive(Copy, Clone, Debug)]
pub struct Above {
    /// The line.
    pub id: LineId,
    /// Its level.
    pub level: Option<Level>,
    /// What the stream is in the middle of.
    pub within: Within,
    /// Lines that belong together so far.
    pub lines: usize,
    /// Their bytes.
    pub bytes: usize,
}

impl Above {
    /// A line of which no more is known.
    pub fn of(id: LineId, level: Option<Level>) -> Self {
        Self {
            id,
            level,
            within: Within::Nothing,
            lines: 1,
            bytes: 0,
        }
    }

    /// Whether a line at a time may belong to it.
    pub fn is_near(&self, at: i64) -> bool {
        (self.id.at()..=self.id.at().saturating_add(CLOSE)).contains(&at)
    }

    /// Whether there is room for a line.
    pub fn has_room(&self, at: i64, bytes: usize) -> bool {
        at.saturating_sub(self.id.sorted_at()) <= LONGEST
            && self.lines < MOST_LINES
            && self.bytes + bytes <= MOST_BYTES
    }

    /// The earliest time of a line that one at a time may belong to.
    pub fn earliest(at: i64) -> i64 {
        at.saturating_sub(CLOSE + LONGEST)
    }
}

/// All streams, by a number that each keeps.
#[derive(Clone, Debug, Default)]
pub struct Streams {
    numbers: HashMap<Arc<StreamName>, u32, BuildHasherDefault<DefaultHasher>>,
    list: Vec<Stream>,
    latest: Option<u32>,
}

impl Streams {
    /// The number of a stream. `passes` is asked once, when the stream is new.
    pub fn number(&mut self, name: &Arc<StreamName>, passes: impl Fn(&StreamName) -> bool) -> u32 {
        if let Some(number) = self.latest
            && self
                .get(number)
                .is_some_and(|stream| Arc::ptr_eq(&stream.name, name))
        {
            return number;
        }
        let number = self.numbers.get(name).copied().unwrap_or_else(|| {
            let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX - 1);
            self.numbers.insert(Arc::clone(name), number);
            self.list.push(Stream {
                name: Arc::clone(name),
                minutes: Minutes::default(),
                passes: passes(name),
                last: None,
            });
            number
        });
        self.latest = Some(number);
        number
    }

    /// A stream by its number.
    pub fn get(&self, number: u32) -> Option<&Stream> {
        self.list.get(usize::try_from(number).ok()?)
    }

    /// A stream to change.
    pub fn get_mut(&mut self, number: u32) -> Option<&mut Stream> {
        self.list.get_mut(usize::try_from(number).ok()?)
    }

    /// All of them, in the order of their first lines.
    pub fn iter(&self) -> impl Iterator<Item = &Stream> {
        self.list.iter()
    }

    /// Asks anew which streams can pass. Whether any answer changed.
    pub fn ask(&mut self, passes: impl Fn(&StreamName) -> bool) -> bool {
        let mut changed = false;
        for stream in &mut self.list {
            let before = stream.passes;
            stream.passes = passes(&stream.name);
            changed |= stream.passes != before;
        }
        changed
    }

    /// What they take in memory, in bytes, but for their names, which are shared.
    pub fn bytes(&self) -> usize {
        let minutes: usize = self.list.iter().map(|stream| stream.minutes.bytes()).sum();
        minutes + self.list.capacity() * size_of::<Stream>()
    }
}
