//! When the next frame is drawn.
//!
//! Answers and ticks are drawn at most once in 16 ms. What a key did does not wait for that: it is
//! drawn at once, unless the frame before it, less than 16 ms ago, showed a key too. However many
//! keys and answers come, there are at most two frames in any 16 ms.

use std::time::Duration;

use tokio::time::Instant;

/// The least time between two frames of the same kind.
const FRAME: Duration = Duration::from_millis(16);

/// Knows when the next frame is due.
#[derive(Debug)]
pub(super) struct Frames {
    wanted: Option<Cause>,
    next: Instant,
    next_for_key: Instant,
}

/// What a frame is drawn for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    /// An answer, a tick, the end of an action.
    Background,
    /// A key, or another event of the terminal.
    Key,
}

impl Frames {
    /// Nothing is to be drawn yet, and the first frame may be drawn at once.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            wanted: None,
            next: now,
            next_for_key: now,
        }
    }

    /// Takes note that what is on screen is out of date.
    pub(super) fn want(&mut self, cause: Cause) {
        self.wanted = self.wanted.max(Some(cause));
    }

    /// When to draw; `None` when nothing is out of date.
    pub(super) fn due(&self) -> Option<Instant> {
        self.wanted.map(|cause| match cause {
            Cause::Background => self.next,
            Cause::Key => self.next_for_key,
        })
    }

    /// Takes note that a frame was drawn.
    pub(super) fn drawn(&mut self, now: Instant) {
        self.next = now + FRAME;
        if self.wanted.take() == Some(Cause::Key) {
            self.next_for_key = now + FRAME;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLISECOND: Duration = Duration::from_millis(1);

    #[test]
    fn a_key_does_not_wait_for_the_frame_of_a_tick() {
        let start = Instant::now();
        let mut frames = Frames::new(start);
        assert_eq!(frames.due(), None);
        frames.want(Cause::Background);
        assert_eq!(frames.due(), Some(start));
        frames.drawn(start);
        frames.want(Cause::Key);
        assert!(frames.due().unwrap() <= start + MILLISECOND);
    }

    #[test]
    fn keys_in_a_row_and_answers_in_a_row_wait_for_their_turn() {
        let start = Instant::now();
        for cause in [Cause::Key, Cause::Background] {
            let mut frames = Frames::new(start);
            frames.want(cause);
            frames.drawn(start);
            frames.want(cause);
            assert_eq!(frames.due(), Some(start + FRAME), "{cause:?}");
        }
    }

    #[test]
    fn an_answer_after_a_key_waits_and_takes_no_turn_from_the_next_key() {
        let start = Instant::now();
        let mut frames = Frames::new(start);
        frames.want(Cause::Key);
        frames.want(Cause::Background);
        assert_eq!(frames.due(), Some(start));
        frames.drawn(start);
        frames.want(Cause::Background);
        assert_eq!(frames.due(), Some(start + FRAME));
    }

    #[test]
    fn a_flood_of_both_draws_at_most_two_frames_in_sixteen_milliseconds() {
        let start = Instant::now();
        let mut frames = Frames::new(start);
        let mut drawn = Vec::new();
        for step in 0..200_u32 {
            let now = start + MILLISECOND * step;
            frames.want(Cause::Background);
            if step % 2 == 0 {
                frames.want(Cause::Key);
            }
            if frames.due().is_some_and(|due| due <= now) {
                frames.drawn(now);
                drawn.push(now);
            }
        }
        assert!(drawn.windows(3).all(|three| three[2] - three[0] >= FRAME));
        assert!(drawn.len() >= 12, "{} frames in 200 ms", drawn.len());
    }
}
