//! Where entries are: among all, and among those that pass the filters.

use jiff::Timestamp;

use super::Buffer;
use super::chunk::{Chunk, Meta};
use super::entry::{Entry, LineId};

/// A place: a chunk's number, and the place in it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub chunk: usize,
    pub entry: usize,
}

impl Buffer {
    /// An entry; `None` for one that was dropped.
    pub fn get(&self, id: LineId) -> Option<Entry<'_>> {
        let place = self.place_from(id);
        self.entry(place).filter(|entry| entry.id() == id)
    }

    /// The oldest entry.
    pub fn first(&self) -> Option<Entry<'_>> {
        self.entry(Place { chunk: 0, entry: 0 })
    }

    /// The newest entry.
    pub fn last(&self) -> Option<Entry<'_>> {
        self.at_place(self.entries().checked_sub(1)?)
    }

    /// The entry before another one, whether it passes the filters or not.
    pub fn before(&self, id: LineId) -> Option<Entry<'_>> {
        self.entry(self.place_before(self.place_from(id))?)
    }

    /// The entry behind another one, whether it passes the filters or not.
    pub fn after(&self, id: LineId) -> Option<Entry<'_>> {
        let place = self.place_from(id);
        let found = self.entry(place)?;
        if found.id() == id {
            self.at_place(self.number_of(place) + 1)
        } else {
            Some(found)
        }
    }

    /// How many entries there are, lines and remarks, whether they pass the filters or not.
    pub fn entries(&self) -> usize {
        self.entries_before.last().copied().unwrap_or_default()
    }

    /// The entry at a place among all of them, counted from the oldest.
    pub fn at_place(&self, place: usize) -> Option<Entry<'_>> {
        let (chunk, entry) = split(&self.entries_before, place)?;
        self.entry(Place { chunk, entry })
    }

    /// The place among all entries at which an entry is or, if it was dropped, would be.
    pub fn place_of(&self, id: LineId) -> usize {
        self.number_of(self.place_from(id))
    }

    /// How many entries pass the filters, as far as is known, remarks among them.
    pub fn passing(&self) -> usize {
        self.passing_before.last().copied().unwrap_or_default()
    }

    /// The entry at a rank among those that pass, counted from the oldest.
    pub fn at_rank(&self, rank: usize) -> Option<Entry<'_>> {
        let (chunk, nth) = split(&self.passing_before, rank)?;
        let entry = self.nth_passing(self.chunks.get(chunk)?, nth)?;
        self.entry(Place { chunk, entry })
    }

    /// The entries that pass, in their order, from a rank on.
    pub fn from_rank(&self, rank: usize) -> impl Iterator<Item = Entry<'_>> {
        (rank..self.passing()).map_while(|rank| self.at_rank(rank))
    }

    /// How many entries that pass are before one, whether that passes or not.
    pub fn passing_before(&self, id: LineId) -> usize {
        let Place { chunk, entry } = self.place_from(id);
        let before = self.passing_before.get(chunk).copied().unwrap_or_default();
        let passing = self.chunks.get(chunk);
        before + passing.map_or(0, |passing| self.passing_until(passing, entry))
    }

    /// The rank of an entry among those that pass. Of one that does not pass it is the rank of the
    /// nearest one before it or, if there is none, of the first one; `None` when nothing passes.
    pub fn rank_of(&self, id: LineId) -> Option<usize> {
        let before = self.passing_before(id);
        let exact = self.at_rank(before).is_some_and(|entry| entry.id() == id);
        let rank = if exact {
            before
        } else {
            before.saturating_sub(1)
        };
        (self.passing() > 0).then_some(rank)
    }

    /// The place of the first entry that is not before a time, whether it passes or not; of the last
    /// one, when all are before it. `None` when there is none.
    pub fn place_at(&self, at: Timestamp) -> Option<usize> {
        let last = self.entries().checked_sub(1)?;
        Some(
            self.place_of(LineId::start_of(at.as_millisecond()))
                .min(last),
        )
    }

    /// The rank of the first entry that passes and is not before a time; as many as pass, when all
    /// are before it.
    pub fn rank_at(&self, at: Timestamp) -> usize {
        self.passing_before(LineId::start_of(at.as_millisecond()))
    }

    /// How many entries that pass are behind one, whether that passes or not.
    pub fn passing_after(&self, id: LineId) -> usize {
        let before = self.passing_before(id);
        let exact = self.at_rank(before).is_some_and(|entry| entry.id() == id);
        self.passing() - before - usize::from(exact)
    }

    /// The number of the first chunk that begins behind an entry.
    pub(super) fn chunk_from(&self, id: LineId) -> usize {
        self.chunks
            .partition_point(|chunk| chunk.first().is_none_or(|first| first <= id))
    }

    /// Where an entry is, or else the first one behind it.
    pub(super) fn place_from(&self, id: LineId) -> Place {
        let chunk = self.chunk_from(id).saturating_sub(1);
        let found = self
            .chunks
            .get(chunk)
            .map_or(Err(0), |known| known.place(id));
        let entry = found.unwrap_or_else(|entry| entry);
        match self.chunks.get(chunk) {
            Some(known) if entry == known.metas().len() => Place {
                chunk: chunk + 1,
                entry: 0,
            },
            _ => Place { chunk, entry },
        }
    }

    pub(super) fn place_before(&self, place: Place) -> Option<Place> {
        if let Some(entry) = place.entry.checked_sub(1) {
            return Some(Place { entry, ..place });
        }
        let chunk = place.chunk.checked_sub(1)?;
        let entry = self.chunks.get(chunk)?.metas().len().checked_sub(1)?;
        Some(Place { chunk, entry })
    }

    pub(super) fn meta(&self, place: Place) -> Option<&Meta> {
        self.chunks.get(place.chunk)?.metas().get(place.entry)
    }

    pub(super) fn entry(&self, place: Place) -> Option<Entry<'_>> {
        self.chunks
            .get(place.chunk)?
            .entry(place.entry, &self.streams)
    }

    fn number_of(&self, place: Place) -> usize {
        let before = self.entries_before.get(place.chunk).copied();
        before.unwrap_or_default() + place.entry
    }

    /// The place in a chunk of the entry that passes as the nth.
    pub(super) fn nth_passing(&self, chunk: &Chunk, nth: usize) -> Option<usize> {
        if self.sieve.is_none() {
            return Some(nth);
        }
        chunk.passing.places().get(nth).map(|place| *place as usize)
    }

    /// How many entries of a chunk pass before a place in it.
    pub(super) fn passing_until(&self, chunk: &Chunk, entry: usize) -> usize {
        if self.sieve.is_none() {
            return entry;
        }
        let places = chunk.passing.places();
        places.partition_point(|place| (*place as usize) < entry)
    }

    /// How many entries of a chunk pass.
    pub(super) fn passing_in(&self, chunk: &Chunk) -> usize {
        if self.sieve.is_none() {
            chunk.metas().len()
        } else {
            chunk.passing.places().len()
        }
    }

    /// Counts anew what is before each chunk.
    pub(super) fn recount(&mut self) {
        let mut entries_before = std::mem::take(&mut self.entries_before);
        let mut passing_before = std::mem::take(&mut self.passing_before);
        entries_before.clear();
        passing_before.clear();
        let (mut entries, mut passing) = (0, 0);
        for chunk in &self.chunks {
            entries_before.push(entries);
            passing_before.push(passing);
            entries += chunk.metas().len();
            passing += self.passing_in(chunk);
        }
        entries_before.push(entries);
        passing_before.push(passing);
        self.entries_before = entries_before;
        self.passing_before = passing_before;
    }
}

/// The chunk that a number is in, and its place there, by what is before each chunk.
fn split(before: &[usize], number: usize) -> Option<(usize, usize)> {
    if number >= before.last().copied()? {
        return None;
    }
    let chunk = before
        .partition_point(|before| *before <= number)
        .checked_sub(1)?;
    Some((chunk, number - before.get(chunk)?))
}
