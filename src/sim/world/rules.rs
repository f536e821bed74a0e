//! The arithmetic of a rolling deployment, as the ECS developer guide words it.

/// The fewest healthy tasks that a service may have while it is updated: the percentage of the
/// desired count, rounded up.
pub fn minimum_healthy(desired: u32, percent: u32) -> u32 {
    whole(
        u64::from(desired)
            .saturating_mul(u64::from(percent))
            .div_ceil(100),
    )
}

/// The most tasks that may be starting or running at once: the percentage of the desired count,
/// rounded down.
pub fn maximum_running(desired: u32, percent: u32) -> u32 {
    whole(u64::from(desired).saturating_mul(u64::from(percent)) / 100)
}

/// How the circuit breaker gets its threshold.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// A percentage of the desired count, rounded up, at least 3 and at most 200.
    BoundedPercent(u32),
    /// A percentage of the desired count, rounded up, at least 1.
    UnboundedPercent(u32),
    /// A number of tasks.
    Count(u32),
}

impl Default for Threshold {
    fn default() -> Self {
        Self::BoundedPercent(50)
    }
}

impl Threshold {
    /// The threshold that the words of the service model name, if they name one.
    pub fn parse(kind: &str, value: u32) -> Option<Self> {
        match kind {
            "BOUNDED_PERCENT" => Some(Self::BoundedPercent(value)),
            "UNBOUNDED_PERCENT" => Some(Self::UnboundedPercent(value)),
            "COUNT" => Some(Self::Count(value)),
            _ => None,
        }
    }

    /// The words of the service model: type and value.
    pub fn words(self) -> (&'static str, u32) {
        match self {
            Self::BoundedPercent(value) => ("BOUNDED_PERCENT", value),
            Self::UnboundedPercent(value) => ("UNBOUNDED_PERCENT", value),
            Self::Count(value) => ("COUNT", value),
        }
    }

    /// How many failed tasks trip the breaker of a service with this desired count.
    pub fn tasks(self, desired: u32) -> u32 {
        match self {
            Self::BoundedPercent(percent) => minimum_healthy(desired, percent).clamp(3, 200),
            Self::UnboundedPercent(percent) => minimum_healthy(desired, percent).max(1),
            Self::Count(count) => count.max(1),
        }
    }
}

/// Seconds that the scheduler waits before it starts tasks again after `failures` in a row in a
/// service of `desired` tasks. ECS slows down a service whose tasks keep failing; the guide gives
/// 15 minutes as the most.
pub fn back_off_seconds(failures: u32, desired: u32) -> u32 {
    let rounds = failures.div_ceil(desired.max(1));
    rounds.saturating_mul(rounds).saturating_mul(3).min(900)
}

/// After how many failures in a row a service of `desired` tasks is unable to consistently start
/// tasks. ECS says so in the event log without a number: three for each task are a guess.
pub fn unable_after(desired: u32) -> u32 {
    desired.max(1).saturating_mul(3)
}

fn whole(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minimum_rounds_up_and_the_maximum_down() {
        assert_eq!(minimum_healthy(3, 50), 2);
        assert_eq!(minimum_healthy(4, 100), 4);
        assert_eq!(minimum_healthy(0, 100), 0);
        assert_eq!(maximum_running(3, 150), 4);
        assert_eq!(maximum_running(1, 150), 1);
        assert_eq!(maximum_running(4, 200), 8);
    }

    #[test]
    fn the_default_threshold_lies_between_3_and_200() {
        let threshold = Threshold::default();
        assert_eq!(threshold.tasks(1), 3);
        assert_eq!(threshold.tasks(6), 3);
        assert_eq!(threshold.tasks(25), 13);
        assert_eq!(threshold.tasks(1000), 200);
    }

    #[test]
    fn the_other_thresholds_have_no_such_bounds() {
        assert_eq!(Threshold::UnboundedPercent(50).tasks(2), 1);
        assert_eq!(Threshold::UnboundedPercent(50).tasks(1000), 500);
        assert_eq!(Threshold::Count(2).tasks(1000), 2);
        assert_eq!(Threshold::Count(0).tasks(5), 1);
    }

    #[test]
    fn the_back_off_grows_and_ends_at_15_minutes() {
        assert_eq!(back_off_seconds(0, 4), 0);
        assert_eq!(back_off_seconds(1, 4), 3);
        assert_eq!(back_off_seconds(4, 4), 3);
        assert_eq!(back_off_seconds(5, 4), 12);
        assert_eq!(back_off_seconds(3, 1), 27);
        assert_eq!(back_off_seconds(400, 1), 900);
    }
}
