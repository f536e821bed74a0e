//! Simulated time, and the clock that says how much of it has passed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Number, Value};
use tokio::sync::watch;

/// A moment of simulated time, in milliseconds since the Unix epoch.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimTime(pub i64);

impl SimTime {
    /// This moment moved by `milliseconds`, which may be negative.
    #[must_use]
    pub fn plus_millis(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// This moment moved by `seconds`, which may be negative or a fraction.
    #[must_use]
    pub fn plus_seconds(self, seconds: f64) -> Self {
        self.plus_millis(millis(seconds))
    }

    /// Milliseconds from `earlier` to this moment; negative when `earlier` is later.
    #[must_use]
    pub fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Seconds from `earlier` to this moment; negative when `earlier` is later.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> f64 {
        seconds(self.millis_since(earlier))
    }

    /// Seconds since the Unix epoch, with milliseconds as the fraction.
    #[must_use]
    pub fn epoch_seconds(self) -> f64 {
        seconds(self.0)
    }

    /// A timestamp as the awsJson protocols write it: epoch seconds as a number.
    #[must_use]
    pub fn json(self) -> Value {
        Number::from_f64(self.epoch_seconds()).map_or(Value::Null, Value::Number)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "an f64 holds milliseconds exactly for 285,000 years"
)]
fn seconds(milliseconds: i64) -> f64 {
    milliseconds as f64 / 1000.0
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast of a float saturates, which is what a moment out of range needs"
)]
fn millis(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

/// A handle on the clock of a simulated world. Clones share the same clock.
///
/// The clock runs `speed` times as fast as real time, stands still while it is paused, and can be
/// moved forward by hand. It never goes backward except through [`SimClock::reset`].
#[derive(Clone, Debug)]
pub struct SimClock {
    state: Arc<Mutex<ClockState>>,
    /// Told of every change that somebody makes by hand.
    changes: watch::Sender<()>,
}

#[derive(Debug)]
struct ClockState {
    base: SimTime,
    base_instant: Instant,
    speed: f64,
    paused: bool,
}

impl ClockState {
    fn at(&self, instant: Instant) -> SimTime {
        if self.paused {
            return self.base;
        }
        let real = instant.saturating_duration_since(self.base_instant);
        self.base.plus_seconds(real.as_secs_f64() * self.speed)
    }

    /// Makes `instant` the new base, so that a change of speed does not move the time.
    fn rebase(&mut self, instant: Instant) {
        self.base = self.at(instant);
        self.base_instant = instant;
    }
}

impl SimClock {
    /// A clock that shows `start` now. `speed` is simulated seconds in a real second; a speed
    /// that is negative or not a number counts as 0.
    #[must_use]
    pub fn new(start: SimTime, speed: f64, paused: bool) -> Self {
        Self {
            state: Arc::new(Mutex::new(ClockState {
                base: start,
                base_instant: Instant::now(),
                speed: usable(speed),
                paused,
            })),
            changes: watch::Sender::new(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, ClockState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The simulated time of this moment.
    #[must_use]
    pub fn now(&self) -> SimTime {
        self.at(Instant::now())
    }

    /// The simulated time at the real moment `instant`; tests pass the moment they want.
    #[must_use]
    pub fn at(&self, instant: Instant) -> SimTime {
        self.lock().at(instant)
    }

    /// How much real time passes until the clock shows `moment`, rounded up to a millisecond; none
    /// if it never comes to that by itself, since the clock stands still.
    #[must_use]
    pub fn real_time_until(&self, moment: SimTime) -> Option<Duration> {
        let state = self.lock();
        let left = moment.seconds_since(state.at(Instant::now()));
        if left <= 0.0 {
            return Some(Duration::ZERO);
        }
        if state.paused {
            return None;
        }
        let real = Duration::try_from_secs_f64(left / state.speed).ok()?;
        Some(real + Duration::from_millis(1))
    }

    /// Is told whenever somebody moves the clock by hand, stops it, or changes its speed.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// Wakes everybody who waits for the clock.
    pub fn announce(&self) {
        self.changes.send_replace(());
    }

    /// Moves the clock forward by simulated seconds and says what it shows then. What is not a
    /// positive number moves nothing.
    pub fn advance(&self, seconds: f64) -> SimTime {
        let instant = Instant::now();
        let mut state = self.lock();
        state.rebase(instant);
        state.base = state.base.plus_seconds(usable(seconds));
        let now = state.base;
        drop(state);
        self.announce();
        now
    }

    /// Simulated seconds in a real second.
    #[must_use]
    pub fn speed(&self) -> f64 {
        self.lock().speed
    }

    /// Whether the clock stands still.
    #[must_use]
    pub fn paused(&self) -> bool {
        self.lock().paused
    }

    /// Changes the speed from this moment on.
    pub fn set_speed(&self, speed: f64) {
        let mut state = self.lock();
        state.rebase(Instant::now());
        state.speed = usable(speed);
        drop(state);
        self.announce();
    }

    /// Stops the clock, or lets it run on.
    pub fn set_paused(&self, paused: bool) {
        let mut state = self.lock();
        state.rebase(Instant::now());
        state.paused = paused;
        drop(state);
        self.announce();
    }

    /// Shows `start` again, with the speed and pause given.
    pub fn reset(&self, start: SimTime, speed: f64, paused: bool) {
        let mut state = self.lock();
        state.base = start;
        state.base_instant = Instant::now();
        state.speed = usable(speed);
        state.paused = paused;
        drop(state);
        self.announce();
    }
}

fn usable(value: f64) -> f64 {
    if value.is_finite() && value > 0.0 {
        value
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const START: SimTime = SimTime(1_700_000_000_000);

    #[test]
    fn epoch_seconds_keep_the_milliseconds() {
        assert_eq!(
            SimTime(1_700_000_000_250).json().to_string(),
            "1700000000.25"
        );
    }

    #[test]
    fn the_clock_runs_at_its_speed() {
        let clock = SimClock::new(START, 10.0, false);
        let base = clock.lock().base_instant;
        assert_eq!(
            clock.at(base + Duration::from_secs(3)),
            START.plus_seconds(30.0)
        );
    }

    #[test]
    fn a_paused_clock_moves_only_by_hand() {
        let clock = SimClock::new(START, 10.0, true);
        let base = clock.lock().base_instant;
        assert_eq!(clock.at(base + Duration::from_secs(3)), START);
        assert_eq!(clock.advance(1.5), START.plus_millis(1500));
        assert_eq!(clock.now(), START.plus_millis(1500));
    }

    #[test]
    fn it_never_goes_backward_by_hand() {
        let clock = SimClock::new(START, 1.0, true);
        assert_eq!(clock.advance(-5.0), START);
        assert_eq!(clock.advance(f64::NAN), START);
    }

    #[test]
    fn who_waits_knows_how_long_and_hears_of_changes() {
        let clock = SimClock::new(START, 10.0, true);
        let changes = clock.changes();
        let later = START.plus_seconds(30.0);
        assert_eq!(clock.real_time_until(START), Some(Duration::ZERO));
        assert_eq!(clock.real_time_until(later), None);
        assert!(!changes.has_changed().unwrap());
        clock.set_paused(false);
        assert!(changes.has_changed().unwrap());
        let left = clock.real_time_until(later).unwrap();
        assert!(left <= Duration::from_millis(3_001), "{left:?}");
        clock.set_speed(0.0);
        assert_eq!(clock.real_time_until(later.plus_seconds(1e6)), None);
    }

    #[test]
    fn a_change_of_speed_does_not_jump() {
        let clock = SimClock::new(START, 1.0, true);
        clock.set_speed(1000.0);
        assert_eq!(clock.now(), START);
        clock.set_paused(false);
        clock.set_speed(0.0);
        let shown = clock.now();
        assert!(shown >= START);
        assert_eq!(clock.at(Instant::now() + Duration::from_mins(1)), shown);
    }
}
