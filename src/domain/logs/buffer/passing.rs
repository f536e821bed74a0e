//! Which entries of a chunk pass the filters.

use super::chunk::{Chunk, Meta};
use super::streams::Streams;
use crate::domain::logs::rules::{Sieve, Verdict};

/// How many texts are shown around each one that is found.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub struct Context {
    /// Before it.
    pub before: usize,
    /// Behind it.
    pub after: usize,
}

impl Context {
    /// Whether there is any.
    pub fn is_some(self) -> bool {
        self.before > 0 || self.after > 0
    }
}

/// What passes of a chunk, as far as it was looked at.
#[derive(Clone, Debug, Default)]
pub struct Passing {
    /// Entries that were looked at, from the first; always whole texts.
    judged: usize,
    /// The places of those that pass, in their order.
    places: Vec<u32>,
    /// The places of the lines that can be context and those that are found, where context is
    /// wanted.
    near: Vec<(u32, bool)>,
    /// How many texts are still to be shown at the end that the neighbours have here.
    owed: Context,
    /// How many are still to be shown in the neighbours: before the first text of this chunk, and
    /// after the last one.
    owes: Context,
}

impl Passing {
    /// The places of what passes, as far as is known.
    pub fn places(&self) -> &[u32] {
        &self.places
    }

    /// Entries that were looked at.
    pub fn judged(&self) -> usize {
        self.judged
    }

    /// What the neighbours owe to this chunk's lines.
    pub fn owes(&self) -> Context {
        self.owes
    }

    /// What this chunk owed to its neighbours' lines when it was last spread.
    pub fn owed(&self) -> Context {
        self.owed
    }

    /// Forgets what is known of the entries from a place on, and of the text that the entry there
    /// belongs to.
    pub fn changed_from(&mut self, place: usize, metas: &[Meta]) {
        if place > self.judged {
            return;
        }
        let mut begin = place;
        while begin > 0 && metas.get(begin).is_some_and(|meta| meta.id.continues()) {
            begin -= 1;
        }
        self.judged = self.judged.min(begin);
        let before = |known: u32| known as usize;
        let kept = self.places.partition_point(|known| before(*known) < begin);
        self.places.truncate(kept);
        let kept = self
            .near
            .partition_point(|(known, _)| before(*known) < begin);
        self.near.truncate(kept);
    }

    /// What it takes in memory, in bytes.
    pub fn bytes(&self) -> usize {
        self.places.capacity() * size_of::<u32>() + self.near.capacity() * size_of::<(u32, bool)>()
    }
}

impl Chunk {
    /// Whether all of it was looked at.
    pub fn is_judged(&self) -> bool {
        self.passing.judged == self.metas().len()
    }

    /// Looks at what was not looked at yet, and tells what that costs in lines of a usual length.
    pub fn judge(&mut self, sieve: &mut Sieve, streams: &Streams, context: Context) -> usize {
        let mut passing = std::mem::take(&mut self.passing);
        let metas = self.metas();
        let mut cost = 0;
        let weight = sieve.weight();
        while let Some(meta) = metas.get(passing.judged) {
            let begin = passing.judged;
            let behind = metas.get(begin + 1..).unwrap_or_default();
            let belong = behind.iter().take_while(|meta| meta.id.continues()).count();
            let end = begin + 1 + belong;
            let group = metas.get(begin..end).unwrap_or_default();
            let stream = meta.stream().and_then(|number| streams.get(number));
            let verdict = match stream {
                None => Verdict::Found,
                Some(stream) if stream.passes => {
                    cost += weight * group.iter().map(Meta::cost).sum::<usize>();
                    sieve.judge(meta.level, &group.iter().map(|meta| self.text(meta)))
                }
                Some(_) => Verdict::Hidden,
            };
            if !context.is_some() {
                if verdict == Verdict::Found {
                    passing.places.extend((begin..end).map(narrow));
                }
            } else if stream.is_some() && verdict != Verdict::Hidden {
                passing
                    .near
                    .push((narrow(begin), verdict == Verdict::Found));
            }
            passing.judged = end;
        }
        passing
            .places
            .shrink_to(passing.places.len() + passing.places.len() / 4);
        self.passing = passing;
        // A line that is not looked at is passed over at a tenth of the price.
        cost + self.metas().len() / 10
    }

    /// Finds out what is shown around what is found, given what the neighbours' lines want shown
    /// here.
    pub fn spread(&mut self, owed: Context, context: Context) {
        let shown = self.shown(owed, context);
        let mut near = self.passing.near.iter().zip(&shown).peekable();
        let mut places = Vec::new();
        let mut showing = false;
        for (place, meta) in self.metas().iter().enumerate() {
            let place = narrow(place);
            if meta.stream().is_none() {
                showing = true;
            } else if !meta.id.continues() {
                let text = near.next_if(|((known, _), _)| *known == place);
                showing = text.is_some_and(|(_, shown)| *shown);
            }
            if showing {
                places.push(place);
            }
        }
        self.passing.places = places;
        self.passing.owed = owed;
    }

    /// Which of the texts that can be context are shown. Notes what is owed by the neighbours.
    fn shown(&mut self, owed: Context, context: Context) -> Vec<bool> {
        let near = &self.passing.near;
        let mut shown: Vec<bool> = near.iter().map(|(_, found)| *found).collect();
        let mut after = owed.after;
        for (shown, (_, found)) in shown.iter_mut().zip(near) {
            after = owe(shown, *found, after, context.after);
        }
        let mut before = owed.before;
        for (shown, (_, found)) in shown.iter_mut().zip(near).rev() {
            before = owe(shown, *found, before, context.before);
        }
        self.passing.owes = Context { before, after };
        shown
    }
}

/// Shows a text if it is owed, and tells how many are owed behind it.
fn owe(shown: &mut bool, found: bool, owed: usize, each: usize) -> usize {
    if found {
        return each.max(owed.saturating_sub(1));
    }
    *shown |= owed > 0;
    owed.saturating_sub(1)
}

/// A place in a chunk, which never has four billion entries.
fn narrow(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
