//! How long a feed waits for what.

use std::time::Duration;

use jiff::SignedDuration;

/// The pauses of a feed. Tests have shorter ones.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How long a session may say nothing. AWS sends an update every second, even an empty one.
    pub silence: Duration,
    /// The pause before the second try to open a session; each further one doubles it.
    pub first_retry: Duration,
    /// The longest of these pauses.
    pub longest_retry: Duration,
    /// The pause before Live Tail is tried again where there is hope.
    pub hope: Duration,
    /// The pause before Live Tail is tried again where somebody has to change something first.
    pub lasting: Duration,
    /// How often the loop of a feed looks at the clock.
    pub tick: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            silence: Duration::from_secs(10),
            first_retry: Duration::from_millis(500),
            longest_retry: Duration::from_secs(30),
            hope: Duration::from_mins(1),
            lasting: Duration::from_mins(10),
            tick: Duration::from_millis(250),
        }
    }
}

impl Patience {
    /// The pause before a try to open a session, of which so many failed in a row.
    pub(super) fn retry(&self, failed: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(failed.saturating_sub(1).min(16));
        let pause = self.first_retry.saturating_mul(doubled);
        pause.min(self.longest_retry)
    }
}

/// What `CloudWatch` took in is found by `FilterLogEvents` within this time. AWS promises nothing;
/// what is usual is a few seconds.
pub(super) const FOUND: SignedDuration = SignedDuration::from_secs(10);

/// An update of a session can hold lines that were taken in this much before lines of the update
/// before it, as different streams are served by different machines.
pub(super) const DISORDER: SignedDuration = SignedDuration::from_secs(3);

/// Updates that nobody takes wait on their way, and after some the service drops the oldest ones
/// without a word. After such a pause, as when the machine was asleep, its time is read once more.
pub(super) const UNTAKEN: SignedDuration = SignedDuration::from_secs(8);

/// What is open for longer than this, because more is written than can be read, is given up.
pub(super) const MOST_OPEN: SignedDuration = SignedDuration::from_mins(5);

/// So much of it is kept then. A gap is so told once a minute, and not every second.
pub(super) const KEPT_OPEN: SignedDuration = SignedDuration::from_mins(4);

/// Sessions that fail in a row before lines are asked for instead.
pub(super) const MOST_TRIES: u32 = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_doubles_the_pause_up_to_the_longest() {
        let patience = Patience::default();
        let pauses = [1, 2, 3, 20].map(|failed| patience.retry(failed).as_millis());
        assert_eq!(pauses, [500, 1_000, 2_000, 30_000]);
    }
}
