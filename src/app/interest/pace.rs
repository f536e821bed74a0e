//! How often things are asked: by interest, and within a budget of calls.

use std::time::Duration;

/// What is on screen and not in flight.
pub(super) const ON_SCREEN: Duration = Duration::from_secs(10);
/// What is not on screen.
pub(super) const REST: Duration = Duration::from_mins(1);
/// What hardly ever changes.
pub(super) const SLOW: Duration = Duration::from_mins(10);
/// How often the counts of the clusters are read while the board is in front.
pub(super) const COUNTS: Duration = Duration::from_secs(15);

/// Calls a minute that the counts of the clusters may cost.
pub(super) const COUNTS_CALLS_PER_MINUTE: u64 = 12;
/// Calls a minute that the sweep over all services may cost while nothing happens.
pub(super) const SWEEP_CALLS_PER_MINUTE: u64 = 30;
/// Calls a minute that the records of finished releases may cost. They change only with a new
/// release, which their stamp tells.
pub(super) const FINISHED_CALLS_PER_MINUTE: u64 = 8;
/// Calls a minute that the records of releases in flight may cost.
pub(super) const MOVING_CALLS_PER_MINUTE: u64 = 120;

/// The pace at which so many calls stay within so many a minute.
pub(super) fn within(calls: usize, calls_per_minute: u64) -> Duration {
    let seconds = (calls as u64).saturating_mul(60).div_ceil(calls_per_minute);
    Duration::from_secs(seconds)
}

/// Calls that one sweep over the services of a cluster costs: `ListServices` tells 100 a call,
/// `DescribeServices` takes 10.
pub(super) fn sweep_calls(services: usize) -> usize {
    services.div_ceil(100).max(1) + services.div_ceil(10)
}

/// Calls that the counts of so many clusters cost: `ListClusters` and `DescribeClusters`, 100 a call.
pub(super) fn counts_calls(clusters: usize) -> usize {
    clusters.div_ceil(100).max(1) * 2
}

/// Calls that reading the records of a service costs: a list, and what it lists.
pub(super) const CALLS_PER_RECORDS: usize = 2;

/// How often the traffic of releases in flight is read while the board is in front.
pub(super) const BOARD_TRAFFIC: Duration = Duration::from_secs(15);
/// How often the alarms of releases in flight are read while the board is in front.
pub(super) const BOARD_ALARMS: Duration = Duration::from_secs(30);

/// Calls a minute that CodeDeploy's releases in flight may cost on the board.
pub(super) const CODEDEPLOY_CALLS_PER_MINUTE: u64 = 60;
/// Calls a minute that what CodeDeploy did last with services at rest may cost.
pub(super) const FINISHED_CODEDEPLOY_CALLS_PER_MINUTE: u64 = 3;
/// Calls a minute that the weights of releases in flight may cost on the board.
pub(super) const TRAFFIC_CALLS_PER_MINUTE: u64 = 60;
/// Calls a minute that the alarms of releases in flight may cost on the board.
pub(super) const ALARM_CALLS_PER_MINUTE: u64 = 12;

/// CodeDeploy deployments that one call takes.
pub(super) const CODEDEPLOY_BATCH: usize = 25;
