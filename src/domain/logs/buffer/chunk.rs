//! A run of entries in their order, with one text for all of their messages.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::entry::{Entry, LineId, LineRef, MarkRef, time};
use super::passing::Passing;
use super::streams::Streams;
use crate::domain::logs::level::Level;

/// Bytes of a message that are kept.
const MESSAGE_KEPT: usize = 64 << 10;
/// Stands for the stream of a remark.
const NO_STREAM: u32 = u32::MAX;
/// Stands for no time of ingestion.
const NO_TIME: i32 = i32::MIN;

/// How much there is in a chunk that takes no more at its end. One that lines were put into is split
/// when it has twice as much.
#[derive(Copy, Clone, Debug)]
pub struct Size {
    /// Entries.
    pub entries: usize,
    /// Bytes of text.
    pub text: usize,
}

/// What is known of an entry beside its text.
#[derive(Copy, Clone, Debug)]
pub struct Meta {
    /// Which entry it is.
    pub id: LineId,
    /// Where its text begins, and how long it is.
    start: u32,
    length: u32,
    /// The stream's number.
    stream: u32,
    /// Milliseconds from its time to when it was taken in, at most 24 days.
    ingested: i32,
    /// How grave it is.
    pub level: Option<Level>,
}

/// An entry on its way into a chunk.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Which entry it is.
    pub id: LineId,
    /// The stream's number; `None` for a remark.
    pub stream: Option<u32>,
    /// When it was taken in, in milliseconds.
    pub ingested_at: Option<i64>,
    /// How grave it is.
    pub level: Option<Level>,
    /// What it says.
    pub text: String,
}

/// A run of entries. What belongs together is in one chunk.
///
/// Copies share what they hold until one of them takes in an entry, so that all chunks can be copied
/// within a frame.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    held: Arc<Held>,
    /// What of it passes the filters.
    pub passing: Passing,
}

/// What a chunk holds.
#[derive(Clone, Debug, Default)]
struct Held {
    metas: Vec<Meta>,
    text: String,
    /// The whole length of messages of which only the beginning was kept, by their numbers.
    cut: BTreeMap<u64, usize>,
    lines: usize,
    errors: usize,
}

impl Meta {
    /// The stream's number; `None` for a remark.
    pub fn stream(&self) -> Option<u32> {
        (self.stream != NO_STREAM).then_some(self.stream)
    }

    /// Whether it reports an error, and belongs to no other line.
    pub fn is_error(&self) -> bool {
        self.level.is_some_and(Level::is_error) && !self.id.continues()
    }

    /// What looking at it costs, in lines of a usual length.
    pub fn cost(&self) -> usize {
        1 + usize::try_from(self.length / 256).unwrap_or(usize::MAX)
    }
}

impl Chunk {
    /// Entries.
    pub fn metas(&self) -> &[Meta] {
        &self.held.metas
    }

    /// Entries that are lines.
    pub fn lines(&self) -> usize {
        self.held.lines
    }

    /// Lines that report an error.
    pub fn errors(&self) -> usize {
        self.held.errors
    }

    /// The first entry; a chunk is never empty once it has been filled.
    pub fn first(&self) -> Option<LineId> {
        self.held.metas.first().map(|meta| meta.id)
    }

    /// The last entry.
    pub fn last(&self) -> Option<LineId> {
        self.held.metas.last().map(|meta| meta.id)
    }

    /// The latest time that an entry carries.
    pub fn latest(&self) -> Option<i64> {
        self.held.metas.iter().map(|meta| meta.id.at()).max()
    }

    /// What an entry says.
    pub fn text(&self, meta: &Meta) -> &str {
        let start = usize::try_from(meta.start).unwrap_or(usize::MAX);
        let length = usize::try_from(meta.length).unwrap_or(usize::MAX);
        let end = start.saturating_add(length);
        self.held.text.get(start..end).unwrap_or_default()
    }

    /// Where an entry is, or where it would be.
    pub fn place(&self, id: LineId) -> Result<usize, usize> {
        self.held.metas.binary_search_by(|meta| meta.id.cmp(&id))
    }

    /// The entry at a place.
    pub fn entry<'a>(&'a self, place: usize, streams: &'a Streams) -> Option<Entry<'a>> {
        let meta = self.held.metas.get(place)?;
        let text = self.text(meta);
        let at = meta.id.at();
        let Some(number) = meta.stream() else {
            return Some(Entry::Mark(MarkRef {
                id: meta.id,
                at: time(at),
                text,
            }));
        };
        let ingested = (meta.ingested != NO_TIME).then(|| time(at + i64::from(meta.ingested)));
        Some(Entry::Line(LineRef {
            id: meta.id,
            at: time(at),
            ingested_at: ingested,
            stream: &streams.get(number)?.name,
            level: meta.level,
            continues: meta.id.continues(),
            message: text,
            cut: self.held.cut.get(&meta.id.number()).copied(),
        }))
    }

    /// Whether it takes no more at its end but what belongs to its last line.
    pub fn is_full(&self, size: Size) -> bool {
        self.held.metas.len() >= size.entries || self.held.text.len() >= size.text
    }

    /// Whether it has to be split.
    pub fn is_too_large(&self, size: Size) -> bool {
        self.held.metas.len() > 2 * size.entries || self.held.text.len() > 2 * size.text
    }

    /// Puts an entry behind the last one.
    pub fn push(&mut self, arrival: &Arrival) {
        let place = self.held.metas.len();
        Arc::make_mut(&mut self.held).append(arrival);
        self.passing.changed_from(place, &self.held.metas);
    }

    /// Puts entries, which are in order, among those that are there.
    pub fn merge(&mut self, arrivals: &[Arrival]) {
        let Some(first) = arrivals.first() else {
            return;
        };
        let place = self.held.metas.partition_point(|meta| meta.id < first.id);
        let held = Arc::make_mut(&mut self.held);
        held.make_room(arrivals);
        for arrival in arrivals {
            held.append(arrival);
        }
        if let Some(behind) = held.metas.get_mut(place..) {
            behind.sort_by_key(|meta| meta.id);
        }
        self.passing.changed_from(place, &self.held.metas);
    }

    /// The same entries in chunks that are not too large. What belongs together stays together.
    pub fn split(self, size: Size) -> Vec<Self> {
        let mut parts: Vec<Self> = Vec::new();
        for meta in &self.held.metas {
            let begins = parts.last().is_none_or(|part| part.is_full(size));
            if begins && !meta.id.continues() || parts.is_empty() {
                parts.push(Self::default());
            }
            if let Some(part) = parts.last_mut() {
                let part = Arc::make_mut(&mut part.held);
                part.add(*meta, self.text(meta));
                let number = meta.id.number();
                part.cut
                    .extend(self.held.cut.get(&number).map(|whole| (number, *whole)));
            }
        }
        parts.iter_mut().for_each(Self::shrink);
        parts
    }

    /// Gives back the memory that is kept for more entries.
    pub fn shrink(&mut self) {
        let held = Arc::make_mut(&mut self.held);
        held.metas.shrink_to_fit();
        held.text.shrink_to_fit();
    }

    /// What it takes in memory, in bytes.
    pub fn bytes(&self) -> usize {
        self.held.metas.capacity() * size_of::<Meta>()
            + self.held.text.capacity()
            + self.held.cut.len() * size_of::<(u64, usize)>()
            + self.passing.bytes()
            + size_of::<Self>()
            + size_of::<Held>()
    }
}

impl Held {
    /// Makes room for entries, and for a few more: late lines rarely come alone, and growing to
    /// twice the size would waste half of it.
    fn make_room(&mut self, arrivals: &[Arrival]) {
        let text: usize = arrivals.iter().map(|arrival| arrival.text.len()).sum();
        if self.text.capacity() - self.text.len() < text {
            self.text.reserve_exact(text + self.text.len() / 16);
        }
        if self.metas.capacity() - self.metas.len() < arrivals.len() {
            self.metas
                .reserve_exact(arrivals.len() + self.metas.len() / 16);
        }
    }

    fn append(&mut self, arrival: &Arrival) {
        let (id, whole) = (arrival.id, arrival.text.len());
        let end = arrival.text.floor_char_boundary(MESSAGE_KEPT);
        let kept = arrival.text.get(..end).unwrap_or_default();
        if kept.len() < whole {
            self.cut.insert(id.number(), whole);
        }
        let ingested = arrival.ingested_at.map_or(NO_TIME, |ingested_at| {
            let delay = ingested_at.saturating_sub(id.at());
            let most = i64::from(i32::MAX);
            i32::try_from(delay.clamp(-most, most)).unwrap_or(NO_TIME)
        });
        self.add(
            Meta {
                id,
                start: 0,
                length: 0,
                stream: arrival.stream.unwrap_or(NO_STREAM),
                ingested,
                level: arrival.level,
            },
            kept,
        );
    }

    fn add(&mut self, mut meta: Meta, text: &str) {
        meta.start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        meta.length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        self.text.push_str(text);
        self.lines += usize::from(meta.stream().is_some());
        self.errors += usize::from(meta.is_error());
        self.metas.push(meta);
    }
}
