//! How long things take, in milliseconds: what a Fargate task with a small image takes.

use crate::sim::rng::Rng;

/// A span of time with jitter.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Range {
    low: i64,
    high: i64,
}

impl Range {
    /// From `low` to `high` milliseconds.
    pub const fn new(low: i64, high: i64) -> Self {
        Self { low, high }
    }

    /// `seconds` and up to half a second more.
    pub fn about_seconds(seconds: u32) -> Self {
        let low = i64::from(seconds).saturating_mul(1000);
        Self {
            low,
            high: low.saturating_add(500),
        }
    }

    /// A time within the range.
    pub fn pick(self, rng: &mut Rng) -> i64 {
        rng.range(self.low, self.high)
    }

    /// The later of two ranges, end by end.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            low: self.low.max(other.low),
            high: self.high.max(other.high),
        }
    }
}

/// The network interface of a new task is made.
pub const PROVISION: Range = Range::new(6_000, 9_500);
/// An image is pulled.
pub const PULL: Range = Range::new(7_500, 12_500);
/// A pull is tried again and given up.
pub const PULL_FAILS: Range = Range::new(14_000, 20_000);
/// A task is registered where it has to be.
pub const ACTIVATE: Range = Range::new(2_000, 4_000);
/// A task without checks counts as healthy once it has run for this long.
pub const SETTLE: Range = Range::new(10_000, 11_000);
/// A load balancer finds a new target healthy.
pub const TARGET_HEALTHY: Range = Range::new(15_000, 21_000);
/// A load balancer gives up on a target, after the grace period.
pub const TARGET_UNHEALTHY: Range = Range::new(30_000, 36_000);
/// An image that is slow to start is ready.
pub const SLOW_START: Range = Range::new(58_000, 64_000);
/// An image that crashes does so.
pub const CRASH: Range = Range::new(2_000, 4_000);
/// An image that uses too much memory is killed.
pub const OUT_OF_MEMORY: Range = Range::new(6_000, 9_000);
/// Connections of a target drain.
pub const DRAIN: Range = Range::new(13_000, 18_000);
/// A task without a target, or one that has died, leaves DEACTIVATING.
pub const DEACTIVATE: Range = Range::new(600, 1_500);
/// Containers that are told to stop have stopped.
pub const STOP_CONTAINERS: Range = Range::new(1_500, 3_500);
/// The network interface of a task is taken away.
pub const DEPROVISION: Range = Range::new(4_000, 7_000);
/// The scheduler notices a change.
pub const NOTICE: Range = Range::new(700, 1_800);
/// A new service deployment leaves PENDING.
pub const BEGIN: Range = Range::new(900, 2_200);
/// A stage in which nothing has to be done.
pub const STAGE: Range = Range::new(2_500, 5_000);
/// Traffic is shifted, and seen to be.
pub const SHIFT: Range = Range::new(12_000, 18_000);
/// The listener rules do what was asked.
pub const ROUTE: Range = Range::new(1_500, 4_000);
/// A Lambda function answers.
pub const LAMBDA: Range = Range::new(1_500, 4_000);
/// A rolling deployment with alarms is watched for this long after its last task has settled.
pub const WATCH: i64 = 180_000;
/// The scheduler tries again to place a task.
pub const PLACE_AGAIN: Range = Range::new(30_000, 45_000);
/// Stopped tasks and deleted services can be described for an hour.
pub const REMEMBERED: i64 = 3_600_000;
