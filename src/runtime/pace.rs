//! When a question is asked again: the rule alone, without a clock of its own.

use std::time::Duration;

use tokio::time::Instant;

/// The longest pause after failures that may pass.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// The longest pause after failures that stay until somebody changes a permission, and the pause
/// after an endpoint said that it does not have the operation.
const LASTING_PAUSE: Duration = Duration::from_mins(10);
/// Half of the first pause after a failure, for questions that are asked less often than that.
const FIRST_RETRY: Duration = Duration::from_secs(5);
/// The least time between two askings of the same question, whatever changed.
const LEAST_GAP: Duration = Duration::from_secs(1);
/// Questions with a slower pace than this can wait, and are spread over their pace.
const SLOW: Duration = Duration::from_mins(1);

/// What is wanted of a question while it is polled.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Demand {
    /// The time between an answer and the next asking.
    pub(super) pace: Duration,
    /// Changes when the answer must have changed.
    pub(super) stamp: u64,
    /// Counts up when the person asks for an answer now.
    pub(super) nudge: u64,
}

impl Demand {
    /// Whether it is asked so rarely that others may go first.
    pub(super) fn is_slow(&self) -> bool {
        self.pace > SLOW
    }
}

/// What a failure lets one expect of the next asking.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub(super) enum Trouble {
    /// It may well be over by then.
    #[default]
    Passing,
    /// It stays until somebody changes a permission.
    Denied,
    /// The endpoint does not have the operation.
    Unsupported,
}

/// What came of asking a question.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) struct Asked {
    /// What was wanted when it was asked.
    pub(super) demand: Demand,
    /// When it was asked.
    pub(super) began: Instant,
    /// When the answer was there, or the failure.
    pub(super) ended: Instant,
    /// Failures in a row; 0 for an answer.
    pub(super) failures: u32,
    /// What the last of the failures was like, if there were any.
    pub(super) trouble: Trouble,
    /// The share of the pace to wait, above 0 and at most 1. It is 1 after an asking at its own
    /// time. After any other, such as the first one, it is less: questions that were asked together,
    /// as the services of each cluster are, then spread over the pace instead of coming back in one
    /// burst each time.
    pub(super) share: f64,
}

impl Asked {
    /// Whether the asking that follows comes at its own time: after an answer, with nothing changed
    /// and nobody in a hurry.
    pub(super) fn is_scheduled(&self, wanted: Demand) -> bool {
        let same = (wanted.stamp, wanted.nudge) == (self.demand.stamp, self.demand.nudge);
        same && self.failures == 0
    }

    /// When to ask again, as things are wanted now.
    pub(super) fn due(&self, wanted: Demand) -> Instant {
        if wanted.nudge != self.demand.nudge {
            return self.ended;
        }
        if self.failures > 0 {
            return self.ended + self.retry(wanted.pace);
        }
        if wanted.stamp != self.demand.stamp {
            return self.ended.max(self.began + LEAST_GAP);
        }
        let share = if wanted.is_slow() { self.share } else { 1.0 };
        self.ended + wanted.pace.mul_f64(share)
    }

    /// Each failure in a row doubles the pause.
    fn retry(&self, pace: Duration) -> Duration {
        let factor = 2_u32.saturating_pow(self.failures.min(6));
        let doubled = pace.min(FIRST_RETRY).saturating_mul(factor);
        let pause = doubled.min(LONGEST_PAUSE);
        match self.trouble {
            Trouble::Passing => pause,
            Trouble::Denied => pause.max(pace.min(LASTING_PAUSE)),
            Trouble::Unsupported => LASTING_PAUSE,
        }
    }
}

/// The share of its pace that the poll with a number waits after an asking out of its own time. Multiples of the golden
/// section are spread evenly over a circle, however many follow each other.
pub(super) fn own_share(number: u32) -> f64 {
    const GOLDEN_SECTION: f64 = 0.618_033_988_749_895;
    1.0 - (f64::from(number) * GOLDEN_SECTION).fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn wanted(seconds: u64) -> Demand {
        Demand {
            pace: Duration::from_secs(seconds),
            stamp: 0,
            nudge: 0,
        }
    }

    fn answered(seconds: u64, share: f64) -> Asked {
        let began = Instant::now();
        Asked {
            demand: wanted(seconds),
            began,
            ended: began + Duration::from_millis(200),
            failures: 0,
            trouble: Trouble::Passing,
            share,
        }
    }

    fn pause(asked: &Asked, wanted: Demand) -> Duration {
        asked.due(wanted).duration_since(asked.ended)
    }

    #[test]
    fn the_pace_counts_from_the_answer_and_may_change_while_waiting() {
        let asked = answered(10, 0.5);
        assert_eq!(pause(&asked, wanted(10)), Duration::from_secs(10));
        assert_eq!(pause(&asked, wanted(2)), Duration::from_secs(2));
    }

    #[test]
    fn slow_questions_are_spread_after_their_first_answer() {
        assert_eq!(pause(&answered(480, 0.25), wanted(480)), 2 * MINUTE);
        assert_eq!(pause(&answered(480, 1.0), wanted(480)), 8 * MINUTE);
    }

    #[test]
    fn polls_that_begin_together_come_back_evenly() {
        for first in [0, 7, 1_000, 4_000_000_000] {
            let shares: Vec<f64> = (first..first + 40).map(own_share).collect();
            assert!(shares.iter().all(|share| *share > 0.0 && *share <= 1.0));
            for eighth in 0..8 {
                let from = f64::from(eighth) / 8.0;
                let within = shares
                    .iter()
                    .filter(|share| **share > from && **share <= from + 0.125);
                assert!((3..=7).contains(&within.count()), "{first}: {shares:?}");
            }
        }
    }

    #[test]
    fn a_nudge_and_a_new_stamp_cut_the_pause_short() {
        let asked = answered(480, 1.0);
        let nudged = Demand {
            nudge: 1,
            ..wanted(480)
        };
        assert_eq!(asked.due(nudged), asked.ended);
        let changed = Demand {
            stamp: 7,
            ..wanted(480)
        };
        assert_eq!(asked.due(changed), asked.began + LEAST_GAP);
        assert!(asked.is_scheduled(wanted(2)));
        assert!(!asked.is_scheduled(nudged) && !asked.is_scheduled(changed));
        let slow = Asked {
            ended: asked.began + MINUTE,
            ..asked
        };
        assert_eq!(slow.due(changed), slow.ended);
    }

    #[test]
    fn failures_double_the_pause_up_to_a_minute_however_slow_the_pace_is() {
        let failed = |failures| Asked {
            failures,
            ..answered(480, 1.0)
        };
        let seconds = |failures, pace| pause(&failed(failures), wanted(pace)).as_secs();
        assert_eq!(
            [1, 2, 3, 4, 60].map(|n| seconds(n, 480)),
            [10, 20, 40, 60, 60]
        );
        assert_eq!([1, 2, 5].map(|n| seconds(n, 2)), [4, 8, 60]);
    }

    #[test]
    fn a_missing_permission_is_not_tried_more_often_than_the_pace_or_every_ten_minutes() {
        let denied = |seconds| Asked {
            failures: 1,
            trouble: Trouble::Denied,
            ..answered(seconds, 1.0)
        };
        assert_eq!(pause(&denied(480), wanted(480)), 8 * MINUTE);
        assert_eq!(pause(&denied(86_400), wanted(86_400)), 10 * MINUTE);
        assert_eq!(pause(&denied(2), wanted(2)), Duration::from_secs(4));
    }

    #[test]
    fn what_an_endpoint_does_not_have_is_left_alone() {
        let unsupported = Asked {
            failures: 1,
            trouble: Trouble::Unsupported,
            ..answered(2, 1.0)
        };
        assert_eq!(pause(&unsupported, wanted(2)), 10 * MINUTE);
    }
}
