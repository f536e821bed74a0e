//! Which lines were seen, so that each is there once.
//!
//! The same line comes from two sources: Live Tail gives no ids and each line once in a session,
//! `FilterLogEvents` gives ids and may give a line any number of times. Two lines that are equal in
//! stream, time and text are told apart only by their ids, so both sources are counted: as many such
//! lines exist as the larger of the two counts says. When they were taken in is not compared, since
//! nothing promises that both sources tell it alike.
//!
//! Memory is bounded because the buffer refuses lines no later than those that it dropped: what was
//! seen is filed by the lines' own time, in spans of some seconds, and spans before that are
//! forgotten.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};

use crate::domain::logs::{Delivery, EventId};

/// Milliseconds of a span. Long ones would keep much of what is dropped, short ones cost more than
/// the lines of a quiet service.
const SPAN: i64 = 10_000;

/// What brought a line, and the id that it had there.
#[derive(Copy, Clone, Debug)]
pub struct Source {
    pub event: Option<EventId>,
    pub delivery: Delivery,
}

/// What was seen.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    spans: BTreeMap<i64, Span>,
    bytes: usize,
}

/// What was seen of the lines of one span.
#[derive(Clone, Debug, Default)]
struct Span {
    lines: HashMap<u64, Times, BuildHasherDefault<Already>>,
    ids: HashSet<EventId, BuildHasherDefault<Already>>,
}

/// How often equal lines were seen. More than 65,535 of them in one millisecond of a stream count as
/// that many.
#[derive(Copy, Clone, Debug, Default)]
struct Times {
    /// Without an id, in the session that gave the last of them.
    live: u16,
    /// With different ids.
    by_id: u16,
    /// How many lines were made of them.
    lines: u16,
    /// The lower half of that session's number, which is enough to tell it from those around it.
    session: u16,
}

impl Seen {
    /// Whether a line is one more. Its stream is told by a number. Of what has no id, another delivery
    /// may give once more what an earlier one gave.
    pub fn is_new(&mut self, stream: u32, at: i64, message: &str, from: Source) -> bool {
        let span = self.spans.entry(at.div_euclid(SPAN)).or_default();
        let before = span.bytes();
        let is_new = span.counts_one_more(fingerprint(stream, at, message), from);
        self.bytes = self.bytes + span.bytes() - before;
        is_new
    }

    /// Forgets the spans that are over at a time: lines of them are asked for no more.
    pub fn forget_until(&mut self, at: i64) {
        let kept = at.saturating_add(1).div_euclid(SPAN);
        while let Some(oldest) = self.spans.first_entry() {
            if *oldest.key() >= kept {
                return;
            }
            self.bytes -= oldest.remove().bytes();
        }
    }

    /// What it takes in memory, in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes + self.spans.len() * size_of::<(i64, Span)>()
    }
}

impl Span {
    fn counts_one_more(&mut self, line: u64, from: Source) -> bool {
        let Source { event, delivery } = from;
        let [.., high, low] = delivery.0.to_be_bytes();
        let session = u16::from_be_bytes([high, low]);
        if event.is_some_and(|id| !self.ids.insert(id)) {
            return false;
        }
        let times = self.lines.entry(line).or_default();
        if event.is_some() {
            times.by_id = times.by_id.saturating_add(1);
        } else {
            if times.session != session {
                times.session = session;
                times.live = 0;
            }
            times.live = times.live.saturating_add(1);
        }
        let exist = times.live.max(times.by_id);
        let one_more = exist > times.lines;
        times.lines = times.lines.max(exist);
        one_more
    }

    /// A table has room for 8 entries where 7 are let in, and a byte of its own for each.
    fn bytes(&self) -> usize {
        let lines = self.lines.capacity() * 8 / 7 * (size_of::<(u64, Times)>() + 1);
        let ids = self.ids.capacity() * 8 / 7 * (size_of::<EventId>() + 1);
        lines + ids
    }
}

/// Stands for a line. That two among a million have the same is less likely than one in ten million.
fn fingerprint(stream: u32, at: i64, message: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (stream, at, message).hash(&mut hasher);
    hasher.finish()
}

/// Takes a number as its own hash: fingerprints and ids are hashes already.
#[derive(Clone, Debug, Default)]
struct Already(u64);

impl Hasher for Already {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line of a session of Live Tail.
    fn live(session: u32) -> Source {
        Source {
            event: None,
            delivery: Delivery(session),
        }
    }

    /// A line that was read.
    fn read(id: &str) -> Source {
        Source {
            event: Some(EventId::of(id)),
            delivery: Delivery(9),
        }
    }

    #[test]
    fn equal_lines_are_as_many_as_the_larger_count() {
        let mut seen = Seen::default();
        assert!(seen.is_new(0, 5, "x", live(1)));
        assert!(seen.is_new(0, 5, "x", live(1)), "two at once are two");
        assert!(!seen.is_new(0, 5, "x", read("a")));
        assert!(!seen.is_new(0, 5, "x", read("a")), "the same again");
        assert!(!seen.is_new(0, 5, "x", read("b")));
        assert!(
            seen.is_new(0, 5, "x", read("c")),
            "a third one was not seen live"
        );
        assert!(!seen.is_new(0, 5, "x", live(1)));
        assert!(seen.is_new(1, 5, "x", live(1)) && seen.is_new(0, 6, "x", live(1)));
    }

    #[test]
    fn another_session_may_give_again_what_was_given() {
        let mut seen = Seen::default();
        assert!(seen.is_new(0, 5, "x", live(1)));
        assert!(!seen.is_new(0, 5, "x", live(2)));
        assert!(
            seen.is_new(0, 5, "x", live(2)),
            "the second of its own session"
        );
    }

    #[test]
    fn sessions_of_several_groups_take_turns_without_losing_count() {
        let mut seen = Seen::default();
        for _ in 0..3 {
            assert!(seen.is_new(0, 5, "x", live(1)));
            assert!(seen.is_new(1, 5, "x", live(2)));
        }
    }

    #[test]
    fn spans_that_are_over_are_forgotten() {
        let mut seen = Seen::default();
        for span in 0..100 {
            assert!(seen.is_new(0, span * SPAN, "x", read(&span.to_string())));
        }
        let full = seen.bytes();
        seen.forget_until(50 * SPAN - 2);
        let oldest = seen.spans.first_key_value().map(|(span, _)| *span);
        assert_eq!(oldest, Some(49));
        seen.forget_until(50 * SPAN - 1);
        assert_eq!(seen.spans.len(), 50);
        assert_eq!(seen.bytes() * 2, full);
    }
}
