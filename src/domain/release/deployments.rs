//! Makes a release of a service's `deployments[]`, and reads off the counts there what ECS does not
//! report for a rolling release: the stage.

use super::{Mechanism, Release, ReleaseId, ReleaseStatus, Side, Stage};
use crate::domain::breaker::Breaker;
use crate::domain::service::{Deployment, DeploymentStatus, RolloutState, Service};

/// ECS's words when a deployment is the way back (ECS developer guide, deployment circuit breaker).
const ROLLING_BACK: &str = "rolling back";

/// The newest release, where only `deployments[]` tells of it.
pub(super) fn from_deployments(service: &Service) -> Option<Release> {
    let primary = service.primary()?;
    let back = primary
        .rollout_reason
        .as_deref()
        .is_some_and(|reason| reason.to_lowercase().contains(ROLLING_BACK));
    let status = status(service, primary, back);
    let (old, new) = sides(service, back);
    let over = status.is_over();
    let id = service.current_deployment.as_ref().map_or_else(
        || primary.id.as_str().to_owned(),
        |record| record.as_str().to_owned(),
    );
    let mut release = Release {
        record: service.current_deployment.clone(),
        started_at: primary.created_at,
        finished_at: primary.updated_at.filter(|_| over),
        reason: primary.rollout_reason.clone(),
        old,
        new,
        ..Release::bare(ReleaseId(id), Mechanism::of(service), service, status)
    };
    if !over {
        release.stage = rolling_stage(&release);
        // The breaker watches rolling releases only.
        if service.limits.breaker && release.mechanism == Mechanism::Rolling {
            release.breaker = default_breaker(release.new.as_ref());
        }
    }
    Some(release)
}

fn status(service: &Service, primary: &Deployment, back: bool) -> ReleaseStatus {
    match (&primary.rollout_state, back) {
        (Some(RolloutState::InProgress), true) => ReleaseStatus::RollingBack,
        (Some(RolloutState::InProgress), false) => ReleaseStatus::InProgress,
        (Some(RolloutState::Completed), true) => ReleaseStatus::RolledBack,
        (Some(RolloutState::Failed), true) => ReleaseStatus::RollbackFailed,
        (Some(RolloutState::Failed), false) => ReleaseStatus::Failed,
        (Some(RolloutState::Unknown(name)), _) => ReleaseStatus::Unknown(name.clone()),
        (None, _) if service.is_moving() => ReleaseStatus::InProgress,
        (Some(RolloutState::Completed), false) | (None, _) => ReleaseStatus::Succeeded,
    }
}

fn side(deployment: &Deployment) -> Side {
    Side {
        task_definition: Some(deployment.task_definition.clone()),
        deployment: Some(deployment.id.clone()),
        desired: Some(deployment.desired),
        running: Some(deployment.running),
        pending: Some(deployment.pending),
        failed: Some(deployment.failed),
        ..Side::default()
    }
}

/// The old and the new side as `deployments[]` tells them. On the way back the primary deployment is
/// the old side: what the release tried is the newest of the others.
pub(super) fn sides(service: &Service, going_back: bool) -> (Option<Side>, Option<Side>) {
    let primary = service.primary().map(side);
    let other = service
        .deployments
        .iter()
        .filter(|deployment| deployment.status != DeploymentStatus::Primary)
        .max_by_key(|deployment| (deployment.running > 0, deployment.created_at))
        .map(side);
    if going_back {
        (primary, other)
    } else {
        (other, primary)
    }
}

/// The breaker as ECS sets it by default, where only the failed tasks are known.
pub(super) fn default_breaker(new: Option<&Side>) -> Option<Breaker> {
    let new = new?;
    Some(Breaker::with_default_threshold(new.failed?, new.desired?))
}

/// The stage of a rolling release: where the side that it moves to stands, and whether the other one
/// still has tasks.
pub(super) fn rolling_stage(release: &Release) -> Option<Stage> {
    if release.mechanism != Mechanism::Rolling {
        return None;
    }
    let (from, toward) = match release.status {
        ReleaseStatus::RollingBack => (release.new.as_ref(), release.old.as_ref()?),
        _ => (release.old.as_ref(), release.new.as_ref()?),
    };
    let (running, desired) = (toward.running?, toward.desired?);
    let leaving = from.and_then(|side| side.running).unwrap_or(0);
    Some(match running {
        0 if desired > 0 => Stage::Starting,
        running if running < desired => Stage::Replacing,
        _ if leaving > 0 => Stage::Draining,
        _ => Stage::Settling,
    })
}
