//! The deployment circuit breaker's gauge.

use super::service_deployment::BreakerReading;

/// How near the circuit breaker is to tripping.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Breaker {
    /// Failed tasks so far.
    pub failures: u32,
    /// The number of failures that trips it.
    pub threshold: u32,
    /// Whether it has tripped.
    pub tripped: bool,
}

impl Breaker {
    /// The breaker as the service deployment reports it.
    pub fn from_reading(reading: &BreakerReading) -> Option<Self> {
        (reading.status != "DISABLED").then(|| Self {
            failures: reading.failures,
            threshold: reading.threshold,
            tripped: reading.status == "TRIGGERED",
        })
    }

    /// The breaker where only the failed tasks are known: ECS's default threshold applies.
    pub fn with_default_threshold(failures: u32, desired: u32) -> Self {
        let threshold = default_threshold(desired);
        Self {
            failures,
            threshold,
            tripped: failures >= threshold,
        }
    }
}

/// The default threshold, type `BOUNDED_PERCENT` with 50: half the desired count, rounded up, at
/// least 3 and at most 200 (ECS developer guide, deployment circuit breaker).
pub fn default_threshold(desired: u32) -> u32 {
    desired.div_ceil(2).clamp(3, 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_threshold_is_half_of_desired_within_3_and_200() {
        let cases = [
            (0, 3),
            (1, 3),
            (6, 3),
            (7, 4),
            (25, 13),
            (399, 200),
            (400, 200),
            (9000, 200),
        ];
        for (desired, threshold) in cases {
            assert_eq!(default_threshold(desired), threshold, "desired {desired}");
        }
    }

    #[test]
    fn a_disabled_breaker_is_none() {
        let reading = BreakerReading {
            status: "DISABLED".into(),
            failures: 0,
            threshold: 0,
        };
        assert_eq!(Breaker::from_reading(&reading), None);
    }
}
