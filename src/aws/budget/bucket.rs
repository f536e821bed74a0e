//! A token bucket that slows down when it is told that the other side's bucket is empty.

use std::time::Duration;

/// How long a throttle slows the pace before it begins to recover. Each further step back to the
/// full pace takes as long again.
const RECOVERY: Duration = Duration::from_mins(1);

/// Throttles of calls that were on their way together count as one.
const ONE_THROTTLE: Duration = Duration::from_secs(1);

/// One part in so many of a bucket is not for calls that can wait.
const RESERVE: f64 = 4.0;

/// The slowest pace, as a share of the full one.
const SLOWEST: f64 = 1.0 / 16.0;

/// How fast calls may go.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Pace {
    /// Calls that may go at once after a rest; at least 1.
    pub burst: f64,
    /// Calls a second in the long run; more than 0.
    pub per_second: f64,
}

/// The bucket. All times are durations since one moment that the caller chose.
#[derive(Clone, Debug)]
pub struct Bucket {
    pace: Pace,
    tokens: f64,
    /// The moment for which `tokens` is right.
    at: Duration,
    /// The share of the pace that is in force: 1, a half, a quarter and so on.
    share: f64,
    throttled_at: Option<Duration>,
    /// When the share doubles next; meaningful while it is below 1.
    recovers_at: Duration,
}

impl Bucket {
    /// A full bucket.
    pub fn new(pace: Pace) -> Self {
        Self {
            pace,
            tokens: pace.burst,
            at: Duration::ZERO,
            share: 1.0,
            throttled_at: None,
            recovers_at: Duration::ZERO,
        }
    }

    /// Takes a token, or says how long to wait before asking again.
    pub fn take(&mut self, now: Duration) -> Result<(), Duration> {
        self.take_above(0.0, now)
    }

    /// Takes a token but leaves a quarter of the bucket for those who take without this thought, or
    /// says how long to wait before asking again.
    pub fn take_spare(&mut self, now: Duration) -> Result<(), Duration> {
        self.refill(now);
        // A bucket that a throttle has made so small that it holds one token has none to spare.
        let room = self.room();
        self.take_above((room / RESERVE).min(room - 1.0), now)
    }

    fn take_above(&mut self, reserve: f64, now: Duration) -> Result<(), Duration> {
        self.refill(now);
        let needed = 1.0 + reserve;
        if self.tokens >= needed {
            self.tokens -= 1.0;
            return Ok(());
        }
        let seconds = (needed - self.tokens) / (self.pace.per_second * self.share);
        // Rounded up, so that the token is there when the wait is over.
        Err(Duration::from_secs_f64(seconds) + Duration::from_millis(1))
    }

    /// Halves the pace and empties the bucket: what was saved up does not exist on AWS's side.
    pub fn throttled(&mut self, now: Duration) {
        self.refill(now);
        self.tokens = 0.0;
        let again = self
            .throttled_at
            .is_some_and(|before| now < before + ONE_THROTTLE);
        if !again {
            self.share = (self.share / 2.0).max(SLOWEST);
            self.throttled_at = Some(now);
        }
        self.recovers_at = now + RECOVERY;
    }

    /// How long until the full pace is back; `None` when it is in force.
    pub fn slowed_for(&mut self, now: Duration) -> Option<Duration> {
        self.refill(now);
        let mut share = self.share;
        let mut until = self.recovers_at;
        if share >= 1.0 {
            return None;
        }
        while share < 0.5 {
            share *= 2.0;
            until += RECOVERY;
        }
        Some(until.saturating_sub(now))
    }

    /// Lets tokens drip in up to a moment, piece by piece where the pace recovers in between.
    fn refill(&mut self, now: Duration) {
        while self.share < 1.0 && self.recovers_at <= now {
            self.drip(self.recovers_at);
            self.share = (self.share * 2.0).min(1.0);
            self.recovers_at += RECOVERY;
        }
        self.drip(now);
    }

    /// The most that the bucket holds at the share in force.
    fn room(&self) -> f64 {
        (self.pace.burst * self.share).max(1.0)
    }

    fn drip(&mut self, until: Duration) {
        let seconds = until.saturating_sub(self.at).as_secs_f64();
        let room = self.room();
        let filled = self.tokens + seconds * self.pace.per_second * self.share;
        self.tokens = filled.min(room.max(self.tokens));
        self.at = self.at.max(until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PACE: Pace = Pace {
        burst: 4.0,
        per_second: 2.0,
    };

    fn seconds(n: f64) -> Duration {
        Duration::from_secs_f64(n)
    }

    /// How many calls get through in a time when everybody asks as soon as allowed.
    fn admitted(bucket: &mut Bucket, from: Duration, to: Duration) -> usize {
        let (mut now, mut calls) = (from, 0);
        while now < to {
            match bucket.take(now) {
                Ok(()) => calls += 1,
                Err(wait) => now += wait,
            }
        }
        calls
    }

    #[test]
    fn a_burst_goes_at_once_and_the_rest_at_the_pace() {
        let mut bucket = Bucket::new(PACE);
        for _ in 0..4 {
            assert_eq!(bucket.take(Duration::ZERO), Ok(()));
        }
        let wait = bucket.take(Duration::ZERO).unwrap_err();
        assert!(wait >= seconds(0.5) && wait < seconds(0.51));
        assert_eq!(bucket.take(wait), Ok(()));
    }

    #[test]
    fn spare_calls_leave_a_quarter_for_others_and_go_at_the_pace_themselves() {
        let mut bucket = Bucket::new(PACE);
        let now = Duration::ZERO;
        let spare = (0..9).take_while(|_| bucket.take_spare(now).is_ok());
        assert_eq!(spare.count(), 3);
        assert_eq!(bucket.take(now), Ok(()));
        assert!(bucket.take(now).is_err());
        let wait = bucket.take_spare(now).unwrap_err();
        assert!(wait >= seconds(1.0) && wait < seconds(1.01), "{wait:?}");
        assert_eq!(bucket.take_spare(wait), Ok(()));
    }

    #[test]
    fn spare_calls_go_on_however_small_a_throttle_makes_the_bucket() {
        let mut bucket = Bucket::new(PACE);
        for second in 0..8 {
            bucket.throttled(seconds(2.0 * f64::from(second)));
        }
        let now = seconds(14.0);
        let wait = bucket.take_spare(now).unwrap_err();
        assert_eq!(bucket.take_spare(now + wait), Ok(()));
    }

    #[test]
    fn a_rest_fills_the_bucket_and_no_further() {
        let mut bucket = Bucket::new(PACE);
        while bucket.take(Duration::ZERO).is_ok() {}
        let later = seconds(3600.0);
        let burst = (0..100).take_while(|_| bucket.take(later).is_ok()).count();
        assert_eq!(burst, 4);
    }

    #[test]
    fn a_throttle_halves_the_pace_and_a_minute_brings_it_back() {
        let mut bucket = Bucket::new(PACE);
        bucket.throttled(Duration::ZERO);
        let slow = admitted(&mut bucket, Duration::ZERO, seconds(20.0));
        assert!((18..=20).contains(&slow), "{slow} calls in 20 s");
        assert_eq!(bucket.slowed_for(seconds(20.0)), Some(seconds(40.0)));
        assert_eq!(bucket.slowed_for(seconds(60.0)), None);
        let full = admitted(&mut bucket, seconds(120.0), seconds(140.0));
        assert!((42..=44).contains(&full), "{full} calls in 20 s");
    }

    #[test]
    fn throttles_of_one_moment_count_once_and_later_ones_again() {
        let mut bucket = Bucket::new(PACE);
        for _ in 0..5 {
            bucket.throttled(Duration::ZERO);
        }
        assert_eq!(bucket.slowed_for(Duration::ZERO), Some(seconds(60.0)));
        bucket.throttled(seconds(2.0));
        assert_eq!(bucket.slowed_for(seconds(2.0)), Some(seconds(120.0)));
    }

    #[test]
    fn a_clock_that_steps_back_gives_nothing() {
        let mut bucket = Bucket::new(PACE);
        while bucket.take(seconds(10.0)).is_ok() {}
        assert!(bucket.take(seconds(5.0)).is_err());
    }

    proptest! {
        #[test]
        fn no_window_sees_more_than_burst_and_pace_allow(
            throttles in proptest::collection::vec(0.0..100.0f64, 0..4),
            length in 1.0..100.0f64,
        ) {
            let mut bucket = Bucket::new(PACE);
            let mut throttles = throttles;
            throttles.sort_by(f64::total_cmp);
            let (mut now, mut calls) = (Duration::ZERO, 0_u32);
            while now < seconds(length) {
                if throttles.first().is_some_and(|at| seconds(*at) <= now) {
                    throttles.remove(0);
                    bucket.throttled(now);
                }
                match bucket.take(now) {
                    Ok(()) => calls += 1,
                    Err(wait) => now += wait,
                }
            }
            prop_assert!(f64::from(calls) <= PACE.burst + PACE.per_second * (length + 1.0));
        }
    }
}
