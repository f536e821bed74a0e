//! Durations that were measured, and what to say of them.

use std::time::Duration;

/// Durations of the same thing, measured many times.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    milliseconds: Vec<f64>,
}

impl Sample {
    /// Takes in one more.
    pub fn add(&mut self, duration: Duration) {
        self.milliseconds.push(duration.as_secs_f64() * 1_000.0);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.milliseconds.len()
    }

    /// The nearest-rank percentile in milliseconds: of 100 values, the 99th is larger than or equal
    /// to 99 of them.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.milliseconds.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted[rank - 1]
    }

    /// The largest one in milliseconds.
    pub fn longest(&self) -> f64 {
        self.percentile(100)
    }
}
