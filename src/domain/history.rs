//! What earlier releases of a service teach: where one can go back to, and how long one takes.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::arn::TaskDefinitionArn;
use super::release::{Mechanism, Release, ReleaseStatus};

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

/// How long the releases of a mechanism took that succeeded, in seconds, the shortest first.
pub fn durations(releases: &[Release], mechanism: &Mechanism) -> Vec<i64> {
    let mut durations: Vec<i64> = releases
        .iter()
        .filter(|release| {
            release.status == ReleaseStatus::Succeeded && release.mechanism == *mechanism
        })
        .filter_map(|release| release.duration_seconds(release.finished_at?))
        .collect();
    durations.sort_unstable();
    durations
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codedeploy::CodeDeployStatus;
    use crate::domain::fixture::{at, code_deployment, moved_by_codedeploy, record, web};
    use crate::domain::release::{Sources, past, past_of};
    use crate::domain::service_deployment::ServiceDeploymentStatus as Record;

    #[test]
    fn targets_are_what_succeeded_the_latest_first_and_each_once() {
        let history = [
            record("a", Record::Successful, 0, 1, 1_000),
            record("b", Record::Successful, 1, 2, 2_000),
            record("c", Record::RollbackSuccessful, 2, 3, 3_000),
            record("d", Record::Stopped, 2, 4, 4_000),
            record("e", Record::RollbackFailed, 2, 5, 5_000),
            record("f", Record::Successful, 2, 1, 6_000),
            record("g", Record::Successful, 1, 6, 7_000),
            record("h", Record::InProgress, 6, 7, 8_000),
        ];
        let targets = rollback_targets(&past(&history, None), &web(6));
        let names: Vec<&str> = targets
            .iter()
            .map(|target| target.task_definition.family_revision())
            .collect();
        assert_eq!(names, ["web:1", "web:2"]);
        assert_eq!(targets[0].succeeded_at, Some(at(6_100)));
        assert_eq!(targets[0].images, ["web:1"]);
    }

    #[test]
    fn what_codedeploy_succeeded_with_is_a_target_and_what_it_rolled_back_is_none() {
        let mut undone = code_deployment("d-3", CodeDeployStatus::Succeeded, 3, 3_000);
        undone.rolled_back_by = Some("d-4".into());
        let mut rollback = code_deployment("d-4", CodeDeployStatus::Succeeded, 2, 4_000);
        rollback.rolls_back = Some("d-3".into());
        let deployments = [
            code_deployment("d-1", CodeDeployStatus::Succeeded, 1, 1_000),
            code_deployment("d-2", CodeDeployStatus::Succeeded, 2, 2_000),
            undone,
            rollback,
            code_deployment("d-5", CodeDeployStatus::Stopped, 5, 5_000),
        ];
        let service = moved_by_codedeploy(vec![]);
        let releases = past_of(
            &Sources {
                codedeploy: &deployments,
                ..Sources::of(&service, &[])
            },
            None,
        );
        let names: Vec<TaskDefinitionArn> = rollback_targets(&releases, &web(9))
            .into_iter()
            .map(|target| target.task_definition)
            .collect();
        assert_eq!(names, [web(2), web(1)]);
        assert_eq!(durations(&releases, &Mechanism::CodeDeploy), [500, 500]);
        assert_eq!(durations(&releases, &Mechanism::Rolling), [0_i64; 0]);
    }

    #[test]
    fn a_success_without_an_end_is_placed_by_its_beginning() {
        let mut newest = record("b", Record::Successful, 1, 2, 2_000);
        newest.finished_at = None;
        let history = [newest, record("a", Record::Successful, 0, 1, 1_000)];
        let targets = rollback_targets(&past(&history, None), &web(9));
        assert_eq!(targets[0].task_definition, web(2));
    }

    #[test]
    fn a_success_whose_revision_is_not_known_is_no_target() {
        let mut blind = record("b", Record::Successful, 1, 2, 2_000);
        blind.target.as_mut().unwrap().task_definition = None;
        assert_eq!(rollback_targets(&past(&[blind], None), &web(9)), []);
    }

    #[test]
    fn the_typical_duration_is_the_median_of_the_successes() {
        let ended = |id: &str, status, seconds: i64| {
            let mut one = record(id, status, 1, 2, 1_000);
            one.finished_at = Some(at(1_000 + seconds));
            one
        };
        let history = [
            ended("a", Record::Successful, 10),
            ended("b", Record::Successful, 300),
            ended("c", Record::Successful, 50),
            ended("d", Record::RollbackSuccessful, 9_000),
        ];
        let now = at(99_999);
        assert_eq!(typical_seconds(&past(&history, None), now), Some(50));
        assert_eq!(typical_seconds(&[], now), None);
    }
}
