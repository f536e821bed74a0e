//! What waits to be taken by the event loop.

use std::collections::VecDeque;

use crate::app::feed::{FeedEvent, FeedState};
use crate::domain::logs::LogLine;

/// Lines that are told at once: what the event loop takes in within a fraction of a frame.
const LINES_AT_ONCE: usize = 1_000;
/// Lines that may wait before a reading pauses.
const ROOM: usize = 20_000;
/// Lines that may wait before those of a session are left out, to be read later.
const MOST: usize = 60_000;

/// The queue. What a session brings cannot be put off, so that it has the larger part of the room.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    events: VecDeque<FeedEvent>,
    lines: usize,
}

impl Outbox {
    /// Adds lines, in portions.
    pub(super) fn lines(&mut self, lines: Vec<LogLine>) {
        self.lines += lines.len();
        let mut rest = lines;
        while rest.len() > LINES_AT_ONCE {
            let behind = rest.split_off(LINES_AT_ONCE);
            self.events.push_back(FeedEvent::Lines(rest));
            rest = behind;
        }
        if !rest.is_empty() {
            self.events.push_back(FeedEvent::Lines(rest));
        }
    }

    /// Adds something that is not lines.
    pub(super) fn event(&mut self, event: FeedEvent) {
        self.events.push_back(event);
    }

    /// Adds how the feed goes. Of several words about it that wait, the last one is enough.
    pub(super) fn state(&mut self, state: FeedState) {
        if let Some(FeedEvent::State(waiting)) = self.events.back_mut() {
            *waiting = state;
        } else {
            self.events.push_back(FeedEvent::State(state));
        }
    }

    /// The next one.
    pub(super) fn pop(&mut self) -> Option<FeedEvent> {
        let event = self.events.pop_front()?;
        if let FeedEvent::Lines(lines) = &event {
            self.lines -= lines.len();
        }
        Some(event)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Whether there is room for what a reading brings.
    pub(super) fn has_room(&self) -> bool {
        self.lines < ROOM
    }

    /// Whether there is no room even for what a session brings.
    pub(super) fn is_full(&self) -> bool {
        self.lines >= MOST
    }

    /// The lines that wait.
    pub(super) fn unsent(&self) -> impl Iterator<Item = &[LogLine]> {
        self.events.iter().filter_map(|event| match event {
            FeedEvent::Lines(lines) => Some(lines.as_slice()),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::{at, stream};
    use crate::domain::logs::Delivery;

    fn lines(count: usize) -> Vec<LogLine> {
        let line = LogLine {
            event: None,
            delivery: Delivery(1),
            at: at(1),
            ingested_at: None,
            stream: stream("app", "one"),
            message: String::new(),
        };
        vec![line; count]
    }

    #[test]
    fn lines_leave_in_portions_and_make_room() {
        let mut outbox = Outbox::default();
        outbox.lines(lines(2_500));
        let sizes: Vec<usize> = outbox.unsent().map(<[LogLine]>::len).collect();
        assert_eq!(sizes, [1_000, 1_000, 500]);
        outbox.lines(lines(58_000));
        assert!(outbox.is_empty() || !outbox.has_room());
        assert!(outbox.is_full());
        while outbox.pop().is_some() {}
        assert!(outbox.has_room() && outbox.is_empty());
    }

    #[test]
    fn the_last_word_on_the_state_is_enough() {
        let mut outbox = Outbox::default();
        let filling = FeedState {
            filling: true,
            ..FeedState::default()
        };
        outbox.state(FeedState::default());
        outbox.state(filling.clone());
        assert_eq!(outbox.pop(), Some(FeedEvent::State(filling)));
        assert_eq!(outbox.pop(), None);
    }
}
