//! How long it takes until a line can be read.

use crate::sim::clock::SimTime;
use crate::sim::rng::Rng;

/// Milliseconds of lines that travel together: an agent collects lines and sends them in batches.
pub(super) const BATCH: i64 = 1_000;

/// The delay between the moment of a line and the moment at which the service has taken it in.
///
/// The lines of one second of a writer travel together. So a stream keeps its order within a
/// second, while seconds and streams overtake each other, as they do in AWS.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Delay {
    /// The least milliseconds that lines usually take.
    pub least_ms: i64,
    /// The most milliseconds that lines usually take; at least `least_ms`.
    pub most_ms: i64,
    /// Of 1,000 batches, so many are late.
    pub late_per_thousand: u32,
    /// Milliseconds that a late batch takes.
    pub late_ms: i64,
}

impl Delay {
    /// The number of the batch that a line of the moment `at` travels with.
    pub(super) fn batch_of(at: SimTime) -> i64 {
        at.0.div_euclid(BATCH)
    }

    /// Milliseconds that a batch of the writer with this seed takes; never negative.
    pub(super) fn of_batch(self, seed: u64, batch: i64) -> i64 {
        if self == Self::default() {
            return 0;
        }
        let mut rng = Rng::at(seed ^ 0x0064_656C_6179, batch.unsigned_abs());
        let is_late = rng.range(0, 1_000) < i64::from(self.late_per_thousand);
        let usual = rng.range(self.least_ms, self.most_ms.saturating_add(1));
        if is_late { self.late_ms } else { usual }.max(0)
    }

    /// The longest that any batch takes, in milliseconds.
    pub(super) fn longest(self) -> i64 {
        let late = if self.late_per_thousand > 0 {
            self.late_ms
        } else {
            0
        };
        self.most_ms.max(self.least_ms).max(late).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_take_what_was_chosen() {
        let delay = Delay {
            least_ms: 200,
            most_ms: 5_000,
            late_per_thousand: 50,
            late_ms: 30_000,
        };
        let taken: Vec<i64> = (0..2_000).map(|batch| delay.of_batch(3, batch)).collect();
        let late = taken.iter().filter(|taken| **taken == 30_000).count();
        assert!((60..140).contains(&late), "{late} of 2000");
        let mut usual = taken.iter().filter(|taken| **taken != 30_000);
        assert!(usual.all(|taken| (200..=5_000).contains(taken)));
        assert_eq!(delay.longest(), 30_000);
    }

    #[test]
    fn without_a_delay_nothing_waits() {
        assert_eq!(Delay::default().of_batch(1, 7), 0);
        assert_eq!(Delay::default().longest(), 0);
        let never_late = Delay {
            late_ms: 9,
            ..Delay::default()
        };
        assert_eq!(never_late.longest(), 0);
    }
}
