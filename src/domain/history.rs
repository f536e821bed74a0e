//! What earlier releases of a service teach: where one can go back to, and how long one takes.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::arn::TaskDefinitionArn;
use super::release::{Release, ReleaseStatus};

/// A revision that a release of this service succeeded with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollbackTarget {
    /// The task definition that ran.
    pub task_definition: TaskDefinitionArn,
    /// When the release that brought it ended.
    pub succeeded_at: Option<Timestamp>,
    /// Its images.
    pub images: Vec<String>,
}

/// The revisions to go back to, the latest first: those that a release *succeeded* with, each once,
/// without the one that runs now. A revision whose release failed or was rolled back is no target.
pub fn rollback_targets(releases: &[Release], running: &TaskDefinitionArn) -> Vec<RollbackTarget> {
    let mut succeeded: Vec<&Release> = releases
        .iter()
        .filter(|release| release.status == ReleaseStatus::Succeeded)
        .collect();
    succeeded.sort_by_key(|release| Reverse(release.finished_at.or(release.started_at)));
    let mut targets: Vec<RollbackTarget> = Vec::new();
    for release in succeeded {
        let Some(side) = &release.new else { continue };
        let Some(task_definition) = &side.task_definition else {
            continue;
        };
        let known = targets
            .iter()
            .any(|target| target.task_definition == *task_definition);
        if task_definition != running && !known {
            targets.push(RollbackTarget {
                task_definition: task_definition.clone(),
                succeeded_at: release.finished_at,
                images: side.images.clone(),
            });
        }
    }
    targets
}

/// The median duration, in seconds, of the releases that succeeded; `None` without any.
pub fn typical_seconds(releases: &[Release], now: Timestamp) -> Option<i64> {
    let mut durations: Vec<i64> = releases
        .iter()
        .filter(|release| release.status == ReleaseStatus::Succeeded)
        .filter_map(|release| release.finished_at.and(release.duration_seconds(now)))
        .collect();
    durations.sort_unstable();
    durations.get(durations.len() / 2).copied()
}
