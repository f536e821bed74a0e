//! How the filters go over what is held, newest first and a slice at a time.

use super::Buffer;
use super::chunk::Chunk;
use super::passing::{Context, Passing};
use crate::domain::logs::rules::{Filters, Rule, Sieve, StreamSet, Test};

impl Buffer {
    /// Puts other filters in force. What passes them is not known until [`Self::sift`] has looked.
    pub fn set_filters(&mut self, filters: Filters) {
        if self.filters == filters {
            return;
        }
        let same_texts = same_but_streams(&self.filters, &filters);
        self.filters = filters;
        self.sieve = Sieve::of(&self.filters);
        let sieve = self.sieve.as_ref();
        let passes = |name: &_| sieve.is_none_or(|sieve| sieve.lets_stream_pass(name));
        let changed = self.streams.ask(passes);
        // That a set of streams has grown by one without lines changes nothing.
        if changed || !same_texts {
            for chunk in &mut self.chunks {
                chunk.passing = Passing::default();
            }
        }
        self.recount();
    }

    /// Goes on finding out what passes the filters, newest first. Looks at about so many lines of a
    /// usual length, at least at one chunk of some 2,000, and is done when it returns `true`.
    pub fn sift(&mut self, most_lines: usize) -> bool {
        if self.sieve.is_none() {
            return true;
        }
        let mut cost = 0;
        let mut done = true;
        for chunk in (0..self.chunks.len()).rev() {
            if self.chunks.get(chunk).is_none_or(Chunk::is_judged) {
                continue;
            }
            if cost >= most_lines.max(1) {
                done = false;
                break;
            }
            cost += self.judge(chunk);
        }
        if cost > 0 {
            self.recount();
        }
        done
    }

    /// How many entries were not looked at yet.
    pub fn unsifted(&self) -> usize {
        if self.sieve.is_none() {
            return 0;
        }
        let left = |chunk: &Chunk| chunk.metas().len() - chunk.passing.judged();
        self.chunks.iter().map(left).sum()
    }

    /// Looks at what was not looked at yet of a chunk, and tells what that cost. What is before each
    /// chunk has to be counted afterwards.
    pub(super) fn judge(&mut self, number: usize) -> usize {
        let context = self.context();
        let (Some(sieve), Some(chunk)) = (&mut self.sieve, self.chunks.get_mut(number)) else {
            return 0;
        };
        let cost = chunk.judge(sieve, &self.streams, context);
        if context.is_some() {
            self.spread(number, context);
        }
        cost.max(1)
    }

    /// Finds out what is shown of a chunk around what is found in it and in its neighbours, and what
    /// this changes in them.
    fn spread(&mut self, number: usize, context: Context) {
        self.spread_one(number, context);
        for next in number + 1..self.chunks.len() {
            if self.is_settled(next) {
                break;
            }
            self.spread_one(next, context);
        }
        for next in (0..number).rev() {
            if self.is_settled(next) {
                break;
            }
            self.spread_one(next, context);
        }
    }

    fn spread_one(&mut self, number: usize, context: Context) {
        let owed = self.owed(number);
        if let Some(chunk) = self.chunks.get_mut(number) {
            chunk.spread(owed, context);
        }
    }

    /// Whether what its neighbours want shown in a chunk is what it was last time. One that was not
    /// looked at yet asks its neighbours when it is.
    fn is_settled(&self, number: usize) -> bool {
        let settled =
            |chunk: &Chunk| !chunk.is_judged() || chunk.passing.owed() == self.owed(number);
        self.chunks.get(number).is_none_or(settled)
    }

    /// What the neighbours of a chunk want shown in it.
    fn owed(&self, number: usize) -> Context {
        let owes = |number: Option<usize>| {
            let chunk = number.and_then(|number| self.chunks.get(number));
            let judged = chunk.filter(|chunk| chunk.is_judged());
            judged.map(|chunk| chunk.passing.owes()).unwrap_or_default()
        };
        Context {
            before: owes(number.checked_add(1)).before,
            after: owes(number.checked_sub(1)).after,
        }
    }
}

/// Whether filters differ at most in which streams are in their sets.
fn same_but_streams(one: &Filters, other: &Filters) -> bool {
    let blank = |filters: &Filters| {
        let mut filters = filters.clone();
        filters.rules.iter_mut().for_each(forget_streams);
        filters
    };
    blank(one) == blank(other)
}

fn forget_streams(rule: &mut Rule) {
    if let Test::Streams(StreamSet { streams, .. }) = &mut rule.test {
        *streams = std::sync::Arc::default();
    }
}
