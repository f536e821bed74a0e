//! How long lines are on their way from the time that they carry until `CloudWatch` takes them in.

use jiff::{SignedDuration, Timestamp};

use crate::domain::logs::LogLine;

/// What is assumed at the least: the `awslogs` driver sends what it has every five seconds.
const LEAST: SignedDuration = SignedDuration::from_secs(10);
/// What is reckoned with at the most. A single line of hours ago must not have hours read again.
const MOST: SignedDuration = SignedDuration::from_mins(15);
/// What was seen counts for this long, and for as long again at the most.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(5);

/// The delays of the last minutes, by the times that `CloudWatch` took the lines in.
#[derive(Clone, Debug, Default)]
pub(super) struct Delays {
    since: Option<Timestamp>,
    now: Range,
    before: Range,
}

#[derive(Copy, Clone, Debug, Default)]
struct Range {
    late: SignedDuration,
    ahead: SignedDuration,
}

impl Range {
    fn with(self, other: Self) -> Self {
        Self {
            late: self.late.max(other.late),
            ahead: self.ahead.max(other.ahead),
        }
    }
}

impl Delays {
    /// Takes note of a line.
    pub(super) fn note(&mut self, line: &LogLine) {
        let Some(taken) = line.ingested_at else {
            return;
        };
        let since = *self.since.get_or_insert(taken);
        if taken.duration_since(since) > REMEMBERED {
            self.before = std::mem::take(&mut self.now);
            self.since = Some(taken);
        }
        let late = taken.duration_since(line.at);
        self.now = self.now.with(Range { late, ahead: -late });
    }

    /// A line that is taken in at a time carries this much earlier a time at the most.
    pub(super) fn late(&self) -> SignedDuration {
        self.now.with(self.before).late.max(LEAST).min(MOST)
    }

    /// The same without the least that is assumed, for lines of which many were just seen.
    pub(super) fn seen(&self) -> SignedDuration {
        self.now.with(self.before).late.min(MOST)
    }

    /// It carries this much later a time at the most: clocks of machines differ.
    pub(super) fn ahead(&self) -> SignedDuration {
        self.now.with(self.before).ahead.min(MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::{at, stream};
    use crate::domain::logs::Delivery;

    fn line(second: i64, taken: i64) -> LogLine {
        LogLine {
            event: None,
            delivery: Delivery(1),
            at: at(second),
            ingested_at: Some(at(taken)),
            stream: stream("app", "one"),
            message: String::new(),
        }
    }

    fn seconds(count: i64) -> SignedDuration {
        SignedDuration::from_secs(count)
    }

    #[test]
    fn the_longest_delay_of_the_last_minutes_counts() {
        let mut delays = Delays::default();
        assert_eq!((delays.late(), delays.seen()), (seconds(10), seconds(0)));
        delays.note(&line(100, 190));
        assert_eq!((delays.late(), delays.seen()), (seconds(90), seconds(90)));
        delays.note(&line(500, 501));
        assert_eq!(delays.late(), seconds(90), "not forgotten yet");
        delays.note(&line(900, 901));
        assert_eq!(delays.late(), seconds(10));
    }

    #[test]
    fn bounds_hold_and_clocks_that_are_ahead_are_reckoned_with() {
        let mut delays = Delays::default();
        delays.note(&line(0, 100_000));
        delays.note(&line(100_007, 100_000));
        assert_eq!(delays.late(), seconds(900));
        assert_eq!(delays.ahead(), seconds(7));
    }
}
