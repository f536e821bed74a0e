//! Stretches of time whose lines are still to be read.

use jiff::{SignedDuration, Timestamp};

/// A stretch of time, both ends in it. The times are those that lines carry.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

impl Window {
    /// How long it is.
    pub(super) fn length(self) -> SignedDuration {
        self.until.duration_since(self.from)
    }
}

/// A window, and from when on everything in it can be read: what `CloudWatch` has just taken in is
/// not found at once.
#[derive(Copy, Clone, Debug)]
struct Entry {
    window: Window,
    ripe: Timestamp,
}

/// The windows that are open.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    entries: Vec<Entry>,
}

impl Ledger {
    /// Adds a window that can be read from a time on.
    pub(super) fn add(&mut self, window: Window, ripe: Timestamp) {
        let place = self
            .entries
            .partition_point(|entry| entry.window.from <= window.from);
        self.entries.insert(place, Entry { window, ripe });
    }

    /// Takes out what can be read now: the earliest windows that overlap, as one. What a later
    /// window covers anyway, once it can be read, is left to that one, so that under a steady flow
    /// no line is read twice.
    pub(super) fn take(&mut self, now: Timestamp) -> Option<Window> {
        let is_ripe = |entry: &Entry| entry.ripe <= now;
        let mut run = self.entries.iter().find(|entry| is_ripe(entry))?.window;
        for entry in self.entries.iter().filter(|entry| is_ripe(entry)) {
            if entry.window.from <= run.until {
                run.until = run.until.max(entry.window.until);
            }
        }
        self.entries
            .retain(|entry| !is_ripe(entry) || entry.window.from > run.until);
        let covers = |entry: &&Entry| {
            let window = entry.window;
            window.from > run.from && window.from <= run.until && window.until >= run.until
        };
        if let Some(later) = self.entries.iter().find(covers) {
            run.until = later.window.from;
        }
        Some(run)
    }

    /// Gives up the earliest part of what is open where that is longer than `most`, so that `kept` of
    /// it is left: while more comes all the time, one long stretch is given up now and then.
    pub(super) fn give_up(&mut self, most: SignedDuration, kept: SignedDuration) -> Option<Window> {
        let whole = self.span().filter(|whole| whole.length() > most)?;
        let begin = whole.until.checked_sub(kept).ok()?;
        self.entries.retain(|entry| entry.window.until > begin);
        for entry in &mut self.entries {
            entry.window.from = entry.window.from.max(begin);
        }
        Some(Window {
            from: whole.from,
            until: begin,
        })
    }

    /// From the earliest open moment to the latest.
    pub(super) fn span(&self) -> Option<Window> {
        Some(Window {
            from: self.entries.first()?.window.from,
            until: self.entries.iter().map(|entry| entry.window.until).max()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn window(from: i64, until: i64) -> Window {
        Window {
            from: at(from),
            until: at(until),
        }
    }

    #[test]
    fn nothing_is_read_before_it_can_be_found() {
        let mut ledger = Ledger::default();
        ledger.add(window(10, 20), at(30));
        assert_eq!(ledger.take(at(29)), None);
        assert_eq!(ledger.take(at(30)), Some(window(10, 20)));
        assert_eq!(ledger.span(), None);
    }

    #[test]
    fn windows_that_overlap_are_read_as_one_and_others_by_themselves() {
        let mut ledger = Ledger::default();
        ledger.add(window(50, 60), at(0));
        ledger.add(window(15, 25), at(0));
        ledger.add(window(10, 20), at(0));
        assert_eq!(ledger.take(at(0)), Some(window(10, 25)));
        assert_eq!(ledger.take(at(0)), Some(window(50, 60)));
        assert_eq!(ledger.take(at(0)), None);
    }

    #[test]
    fn a_steady_flow_is_read_once() {
        let mut ledger = Ledger::default();
        ledger.add(window(10, 20), at(30));
        ledger.add(window(12, 22), at(32));
        assert_eq!(ledger.take(at(30)), Some(window(10, 12)));
        assert_eq!(ledger.take(at(32)), Some(window(12, 22)));
    }

    #[test]
    fn what_a_shorter_window_does_not_cover_is_read_now() {
        let mut ledger = Ledger::default();
        ledger.add(window(10, 40), at(0));
        ledger.add(window(12, 22), at(32));
        assert_eq!(ledger.take(at(30)), Some(window(10, 40)));
        assert_eq!(ledger.take(at(32)), Some(window(12, 22)));
    }

    #[test]
    fn the_earliest_part_of_too_much_is_given_up() {
        let mut ledger = Ledger::default();
        let (most, kept) = (SignedDuration::from_secs(60), SignedDuration::from_secs(40));
        ledger.add(window(0, 30), at(0));
        ledger.add(window(20, 60), at(0));
        assert_eq!(ledger.give_up(most, kept), None);
        ledger.add(window(50, 61), at(0));
        assert_eq!(ledger.give_up(most, kept), Some(window(0, 21)));
        ledger.add(window(60, 81), at(0));
        assert_eq!(ledger.give_up(most, kept), None);
        assert_eq!(ledger.take(at(0)), Some(window(21, 81)));
    }
}
