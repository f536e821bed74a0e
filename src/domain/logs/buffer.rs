//! The lines of one source in memory: in the order of time, each once, filtered and counted.
//!
//! Entries lie in chunks of some thousand, each with one text for all of its messages. What the
//! filters let pass is known by chunk, so that a line that comes late, or a filter that changes,
//! costs what has to be looked at anew and no more; the place of a line among a million is found by
//! bisection.
//!
//! The order is that of the times that lines carry, and of their arrival where these are equal. A
//! line that belongs to the one above it in its stream, as those of a stack trace do, stands behind
//! that one even where lines of other streams carry a time between them. Whether it does is decided
//! when it arrives: it has to follow within a second, and 5 seconds, 1,000 lines and 256 KiB are the
//! most that belong together. A line that arrives before the one that it belongs to stands alone.

mod chunk;
mod entry;
mod filling;
mod order;
mod passing;
mod seek;
mod seen;
mod sifting;
mod streams;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use chunk::{Chunk, Size};
use passing::Context;
use seen::Seen;
use streams::Streams;

pub use entry::{Entry, Limits, LineId, LineRef, Mark, MarkRef, Taken};
pub use seek::Sought;

use super::StreamName;
use super::histogram::{Buckets, Count, histogram};
use super::rules::{Filters, Sieve};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

/// Entries of a chunk: few enough to look at all of them within a frame.
const ENTRIES: usize = 2_048;
/// Bytes of text in a chunk.
const TEXT: usize = 512 << 10;
/// So many full chunks there are at least before the oldest one goes: a small part is dropped at a
/// time.
const CHUNKS: usize = 16;

/// The lines of one source.
#[derive(Clone, Debug)]
pub struct Buffer {
    limits: Limits,
    size: Size,
    chunks: VecDeque<Chunk>,
    streams: Streams,
    seen: Seen,
    filters: Filters,
    /// The filters at work; `None` while everything passes.
    sieve: Option<Sieve>,
    /// The number that the next entry is given.
    next: u64,
    lines: usize,
    dropped: u64,
    /// The latest time of a line that was dropped, in milliseconds.
    floor: Option<i64>,
    /// How many entries are before each chunk, and in the end how many there are.
    entries_before: Vec<usize>,
    /// How many that pass are before each chunk, and in the end how many there are.
    passing_before: Vec<usize>,
}

impl Buffer {
    /// An empty one.
    pub fn new(limits: Limits) -> Self {
        Self::in_chunks_of(ENTRIES, limits)
    }

    fn in_chunks_of(entries: usize, limits: Limits) -> Self {
        let text = TEXT.min(limits.bytes / CHUNKS).max(1);
        Self {
            limits,
            size: Size { entries, text },
            chunks: VecDeque::new(),
            streams: Streams::default(),
            seen: Seen::default(),
            filters: Filters::default(),
            sieve: None,
            next: 0,
            lines: 0,
            dropped: 0,
            floor: None,
            entries_before: vec![0],
            passing_before: vec![0],
        }
    }

    /// How many lines there are, whether they pass the filters or not.
    pub fn len(&self) -> usize {
        self.lines
    }

    /// Whether there is no line.
    pub fn is_empty(&self) -> bool {
        self.lines == 0
    }

    /// What it takes in memory, in bytes: texts and bookkeeping.
    pub fn bytes(&self) -> usize {
        let chunks: usize = self.chunks.iter().map(Chunk::bytes).sum();
        chunks + self.other_bytes()
    }

    /// Lines that went to make room, since the beginning.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The streams that lines came from, in the order of their first lines.
    pub fn streams(&self) -> impl Iterator<Item = &Arc<StreamName>> {
        self.streams.iter().map(|stream| &stream.name)
    }

    /// The filters in force.
    pub fn filters(&self) -> &Filters {
        &self.filters
    }

    /// Lines and errors in each bar, by the group that a stream is in; streams of no group are left
    /// out. Lines that were dropped, and lines that no filter lets pass, are counted: it is a record
    /// of what was seen. A trace is one error.
    pub fn histogram<G: Ord>(
        &self,
        buckets: &Buckets,
        group: impl Fn(&StreamName) -> Option<G>,
    ) -> BTreeMap<G, Vec<Count>> {
        let streams = self.streams.iter();
        let counted = streams.map(|stream| (stream.name.as_ref(), &stream.minutes));
        histogram(counted, buckets, group)
    }

    /// Lines and errors of all time by the group that a stream is in, counted as in the histogram.
    pub fn totals<G: Ord>(&self, group: impl Fn(&StreamName) -> Option<G>) -> BTreeMap<G, Count> {
        let mut totals: BTreeMap<G, Count> = BTreeMap::new();
        for stream in self.streams.iter() {
            if let Some(group) = group(&stream.name) {
                *totals.entry(group).or_default() += stream.minutes.total();
            }
        }
        totals
    }

    /// What is held and what passes now, to be read elsewhere while lines go on coming in here. The
    /// texts are shared, so that a million lines are copied within a frame. The copy does not know
    /// which lines were seen: it is no buffer to go on with.
    #[must_use]
    pub fn snapshot(&self) -> Self {
        Self {
            limits: self.limits,
            size: self.size,
            chunks: self.chunks.clone(),
            streams: self.streams.clone(),
            seen: Seen::default(),
            filters: self.filters.clone(),
            sieve: self.sieve.clone(),
            next: self.next,
            lines: self.lines,
            dropped: self.dropped,
            floor: self.floor,
            entries_before: self.entries_before.clone(),
            passing_before: self.passing_before.clone(),
        }
    }

    fn other_bytes(&self) -> usize {
        self.streams.bytes() + self.seen.bytes()
    }

    fn context(&self) -> Context {
        Context {
            before: self.filters.before,
            after: self.filters.after,
        }
    }
}
