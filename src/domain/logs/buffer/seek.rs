//! Going from one line to the next that is looked for, among those that pass the filters.

use super::Buffer;
use super::chunk::{Chunk, Meta};
use super::entry::LineId;
use super::order::Place;
use crate::domain::logs::search::Search;

/// What came of looking for a line.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// It is this one.
    Found(LineId),
    /// There is none.
    Nothing,
    /// There is none up to this one: the same call, from here, goes on looking.
    GoOn(LineId),
}

/// Which way one looks.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Way {
    Newer,
    Older,
}

impl Buffer {
    /// The next line behind one that has a text, of those that pass the filters. Looks at about so
    /// many lines of a usual length, at least at one.
    pub fn next_match(&mut self, from: LineId, search: &Search, most_lines: usize) -> Sought {
        self.seek(from, Way::Newer, most_lines, has(search))
    }

    /// The next line before one that has a text, in the same way.
    pub fn previous_match(&mut self, from: LineId, search: &Search, most_lines: usize) -> Sought {
        self.seek(from, Way::Older, most_lines, has(search))
    }

    /// The next line behind one that reports an error, of those that pass the filters. A trace is
    /// one error.
    pub fn next_error(&mut self, from: LineId, most_lines: usize) -> Sought {
        self.seek(from, Way::Newer, most_lines, Wanted::Errors)
    }

    /// The next line before one that reports an error, in the same way.
    pub fn previous_error(&mut self, from: LineId, most_lines: usize) -> Sought {
        self.seek(from, Way::Older, most_lines, Wanted::Errors)
    }

    fn seek(&mut self, from: LineId, way: Way, most_lines: usize, wanted: Wanted<'_>) -> Sought {
        let most = most_lines.max(1);
        let mut from = from;
        let mut cost = 0;
        let mut next = self.chunk_of(from, way);
        while let Some((number, edge)) = next {
            if cost >= most {
                return Sought::GoOn(from);
            }
            if self.may_have(number, wanted) {
                if self.sieve.is_some() && self.chunks.get(number).is_some_and(|c| !c.is_judged()) {
                    cost += self.judge(number);
                    self.recount();
                }
                let left = most.saturating_sub(cost).max(1);
                match self.seek_in(number, from, way, left, wanted) {
                    Ok(found) => return Sought::Found(found),
                    Err((spent, Some(reached))) if spent >= left => return Sought::GoOn(reached),
                    Err((spent, _)) => cost += spent,
                }
            }
            // Where one stands at the edge of a chunk there was nothing to look at in it.
            cost += usize::from(from != edge);
            from = edge;
            next = match way {
                Way::Newer => self.with_edge(number + 1, way),
                Way::Older => number
                    .checked_sub(1)
                    .and_then(|number| self.with_edge(number, way)),
            };
        }
        Sought::Nothing
    }

    /// The chunk to begin with, and its last entry on the way.
    fn chunk_of(&self, from: LineId, way: Way) -> Option<(usize, LineId)> {
        let behind = self.chunk_from(from);
        match way {
            Way::Newer => self.with_edge(behind.saturating_sub(1), way),
            Way::Older => self.with_edge(behind.checked_sub(1)?, way),
        }
    }

    fn with_edge(&self, number: usize, way: Way) -> Option<(usize, LineId)> {
        let chunk = self.chunks.get(number)?;
        let edge = match way {
            Way::Newer => chunk.last(),
            Way::Older => chunk.first(),
        };
        Some((number, edge?))
    }

    fn may_have(&self, number: usize, wanted: Wanted<'_>) -> bool {
        self.chunks
            .get(number)
            .is_some_and(|chunk| wanted.may_be_in(chunk))
    }

    /// Looks through what passes of a chunk. Without a line that is wanted it tells what was spent,
    /// and the last line that was looked at.
    fn seek_in(
        &self,
        number: usize,
        from: LineId,
        way: Way,
        most: usize,
        wanted: Wanted<'_>,
    ) -> Result<LineId, (usize, Option<LineId>)> {
        let Some(chunk) = self.chunks.get(number) else {
            return Err((0, None));
        };
        let (begin, exact) = match chunk.place(from) {
            Ok(place) => (place, true),
            Err(place) => (place, false),
        };
        let before = self.passing_until(chunk, begin);
        let itself = usize::from(exact && self.passing_until(chunk, begin + 1) > before);
        let all = self.passing_in(chunk);
        let mut ranks: Box<dyn Iterator<Item = usize>> = match way {
            Way::Newer => Box::new(before + itself..all),
            Way::Older => Box::new((0..before).rev()),
        };
        let mut spent = 0;
        let mut reached = None;
        while spent < most
            && let Some(nth) = ranks.next()
        {
            let place = self.nth_passing(chunk, nth).unwrap_or_default();
            let Some(meta) = self.meta(Place {
                chunk: number,
                entry: place,
            }) else {
                continue;
            };
            if wanted.is(chunk, meta) {
                return Ok(meta.id);
            }
            spent += meta.cost();
            reached = Some(meta.id);
        }
        Err((spent, reached))
    }
}

/// What is looked for.
#[derive(Copy, Clone)]
enum Wanted<'a> {
    Text(&'a Search),
    Errors,
}

fn has(search: &Search) -> Wanted<'_> {
    Wanted::Text(search)
}

impl Wanted<'_> {
    fn may_be_in(self, chunk: &Chunk) -> bool {
        match self {
            Self::Text(_) => true,
            Self::Errors => chunk.errors() > 0,
        }
    }

    fn is(self, chunk: &Chunk, meta: &Meta) -> bool {
        match self {
            Self::Text(search) => meta.stream().is_some() && search.is_in(chunk.text(meta)),
            Self::Errors => meta.is_error(),
        }
    }
}
