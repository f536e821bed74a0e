//! Makes releases of what `DescribeServices` and the service deployments say.
//!
//! ECS tells a release twice: as entries of the service's `deployments[]`, with counts of tasks and
//! failures, and as a service deployment, with status, stage and breaker. Either can be missing: an
//! account without permission for one, an emulator that lacks it, a record older than the service.

use super::{Mechanism, Release, ReleaseId, ReleaseStatus, Side, Stage};
use crate::domain::breaker::Breaker;
use crate::domain::service::{
    Controller, Deployment, DeploymentStatus, RolloutState, Service, TaskSet,
};
use crate::domain::service_deployment::{
    RevisionSummary, ServiceDeployment, ServiceDeploymentStatus,
};

/// ECS's words when a deployment is the way back (ECS developer guide, deployment circuit breaker).
const ROLLING_BACK: &str = "rolling back";

/// The newest release of a service: the one in flight, or the one that what runs now came from.
pub fn current(service: &Service, history: &[ServiceDeployment]) -> Option<Release> {
    if matches!(
        service.controller,
        Controller::CodeDeploy | Controller::External
    ) {
        return from_task_sets(service);
    }
    let record = match &service.current_deployment {
        Some(arn) => history.iter().find(|record| record.arn == *arn),
        None => newest(history),
    };
    match record {
        Some(record) => Some(from_record_and_service(service, record, history)),
        None => from_deployments(service),
    }
}

/// The releases that are over, newest first, without the one that `current` tells.
pub fn past(history: &[ServiceDeployment], current: Option<&ReleaseId>) -> Vec<Release> {
    let mut releases: Vec<Release> = history
        .iter()
        .filter(|record| current.is_none_or(|id| id.0 != record.arn.as_str()))
        .map(|record| from_record(record, history))
        .collect();
    releases.sort_by(|a, b| {
        b.started_at
            .cmp(&a.started_at)
            .then_with(|| b.id.cmp(&a.id))
    });
    releases
}

fn newest(history: &[ServiceDeployment]) -> Option<&ServiceDeployment> {
    history.iter().max_by_key(|record| record.created_at)
}

/// Whether another release of the service began after this record and before it ended.
fn superseded(record: &ServiceDeployment, history: &[ServiceDeployment]) -> bool {
    let Some(created) = record.created_at else {
        return false;
    };
    let end = record.finished_at.or(record.stopped_at);
    history.iter().any(|other| {
        other.arn != record.arn
            && other
                .created_at
                .is_some_and(|at| at > created && end.is_none_or(|end| at <= end))
    })
}

fn from_record(record: &ServiceDeployment, history: &[ServiceDeployment]) -> Release {
    let status = ReleaseStatus::of_record(record, superseded(record, history));
    let breaker = record.breaker.as_ref().and_then(Breaker::from_reading);
    Release {
        id: ReleaseId(record.arn.as_str().to_owned()),
        record: Some(record.arn.clone()),
        mechanism: record
            .strategy
            .as_ref()
            .map_or(Mechanism::Rolling, Mechanism::from_strategy),
        cluster: record.cluster.clone(),
        service: record.service.clone(),
        stage: record
            .lifecycle_stage
            .clone()
            .filter(|_| !status.is_over())
            .map(Stage::Lifecycle),
        status,
        started_at: record.started_at.or(record.created_at),
        finished_at: record.finished_at.or(record.stopped_at),
        reason: reason_of(record),
        old: record.sources.first().map(side_of_summary),
        new: record.target.as_ref().map(side_of_summary),
        breaker,
    }
}

fn reason_of(record: &ServiceDeployment) -> Option<String> {
    record
        .rollback_reason
        .clone()
        .or_else(|| record.status_reason.clone())
}

fn side_of_summary(summary: &RevisionSummary) -> Side {
    Side {
        task_definition: summary.task_definition.clone(),
        deployment: None,
        images: summary.images.clone(),
        desired: summary.requested,
        running: summary.running,
        pending: summary.pending,
        failed: None,
        production_percent: summary.production_percent,
        test_percent: summary.test_percent,
    }
}

/// The record's status with the service's fresher counts.
fn from_record_and_service(
    service: &Service,
    record: &ServiceDeployment,
    history: &[ServiceDeployment],
) -> Release {
    let mut release = from_record(record, history);
    release.mechanism = Mechanism::of(service);
    let (old, new) = sides_of_deployments(service, going_back(record));
    release.new = merge(release.new, new);
    release.old = merge(release.old, old);
    if let (Some(breaker), Some(failed)) = (
        &mut release.breaker,
        release.new.as_ref().and_then(|side| side.failed),
    ) {
        breaker.failures = breaker.failures.max(failed);
    }
    if service.limits.breaker && release.breaker.is_none() && !release.status.is_over() {
        release.breaker = default_breaker(release.new.as_ref());
    }
    if release.stage.is_none() && !release.status.is_over() {
        release.stage = rolling_stage(&release);
    }
    release
}

fn going_back(record: &ServiceDeployment) -> bool {
    matches!(
        record.status,
        ServiceDeploymentStatus::RollbackInProgress
            | ServiceDeploymentStatus::RollbackSuccessful
            | ServiceDeploymentStatus::RollbackFailed
    )
}

/// What the record says about a side, with the counts of `deployments[]` where they are known and
/// belong to the same task definition.
fn merge(record: Option<Side>, live: Option<Side>) -> Option<Side> {
    match (record, live) {
        (Some(record), Some(live))
            if record.task_definition.is_none()
                || record.task_definition == live.task_definition =>
        {
            Some(Side {
                images: record.images,
                production_percent: record.production_percent,
                test_percent: record.test_percent,
                ..live
            })
        }
        (Some(record), _) => Some(record),
        (None, live) => live,
    }
}

fn side_of_deployment(deployment: &Deployment) -> Side {
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

/// The two sides as `deployments[]` tells them. On the way back the primary deployment is the old
/// side: what the release tried is the newest of the others.
fn sides_of_deployments(service: &Service, going_back: bool) -> (Option<Side>, Option<Side>) {
    let primary = service.primary().map(side_of_deployment);
    let other = service
        .deployments
        .iter()
        .filter(|deployment| deployment.status != DeploymentStatus::Primary)
        .max_by_key(|deployment| (deployment.running > 0, deployment.created_at))
        .map(side_of_deployment);
    if going_back {
        (primary, other)
    } else {
        (other, primary)
    }
}

fn from_deployments(service: &Service) -> Option<Release> {
    let primary = service.primary()?;
    let back = primary
        .rollout_reason
        .as_deref()
        .is_some_and(|reason| reason.to_lowercase().contains(ROLLING_BACK));
    let status = match (&primary.rollout_state, back) {
        (Some(RolloutState::InProgress), true) => ReleaseStatus::RollingBack,
        (Some(RolloutState::InProgress), false) => ReleaseStatus::InProgress,
        (Some(RolloutState::Completed), true) => ReleaseStatus::RolledBack,
        (Some(RolloutState::Failed), true) => ReleaseStatus::RollbackFailed,
        (Some(RolloutState::Failed), false) => ReleaseStatus::Failed,
        (Some(RolloutState::Unknown(name)), _) => ReleaseStatus::Unknown(name.clone()),
        (None, _) if service.deployments.len() > 1 => ReleaseStatus::InProgress,
        (Some(RolloutState::Completed), false) | (None, _) => ReleaseStatus::Succeeded,
    };
    let (old, new) = sides_of_deployments(service, back);
    let over = status.is_over();
    let mut release = Release {
        id: ReleaseId(primary.id.as_str().to_owned()),
        record: service.current_deployment.clone(),
        mechanism: Mechanism::of(service),
        cluster: service.cluster.clone(),
        service: service.arn.clone(),
        status,
        stage: None,
        started_at: primary.created_at,
        finished_at: primary.updated_at.filter(|_| over),
        reason: primary.rollout_reason.clone(),
        breaker: if service.limits.breaker && !over {
            default_breaker(new.as_ref())
        } else {
            None
        },
        old,
        new,
    };
    if let Some(record) = &release.record {
        release.id = ReleaseId(record.as_str().to_owned());
    }
    if !over {
        release.stage = rolling_stage(&release);
    }
    Some(release)
}

fn default_breaker(new: Option<&Side>) -> Option<Breaker> {
    let new = new?;
    Some(Breaker::with_default_threshold(new.failed?, new.desired?))
}

/// The stage of a rolling release, which ECS does not report: read off the counts.
fn rolling_stage(release: &Release) -> Option<Stage> {
    if release.mechanism != Mechanism::Rolling {
        return None;
    }
    let toward = match release.status {
        ReleaseStatus::RollingBack => release.old.as_ref(),
        _ => release.new.as_ref(),
    }?;
    let from = match release.status {
        ReleaseStatus::RollingBack => release.new.as_ref(),
        _ => release.old.as_ref(),
    };
    let (running, desired) = (toward.running?, toward.desired?);
    let leaving = from.and_then(|side| side.running).unwrap_or(0);
    Some(match (running, leaving) {
        (0, _) if desired > 0 => Stage::Starting,
        (running, _) if running < desired => Stage::Replacing,
        (_, leaving) if leaving > 0 => Stage::Draining,
        _ => Stage::Settling,
    })
}

fn from_task_sets(service: &Service) -> Option<Release> {
    let mut sets: Vec<&TaskSet> = service.task_sets.iter().collect();
    sets.sort_by_key(|set| set.created_at);
    let newest = sets.last()?;
    let primary = sets.iter().find(|set| set.status == "PRIMARY");
    let moving = sets.len() > 1;
    Some(Release {
        id: ReleaseId(
            newest
                .external_id
                .clone()
                .unwrap_or_else(|| newest.id.clone()),
        ),
        record: None,
        mechanism: Mechanism::of(service),
        cluster: service.cluster.clone(),
        service: service.arn.clone(),
        status: if moving {
            ReleaseStatus::InProgress
        } else {
            ReleaseStatus::Succeeded
        },
        stage: None,
        started_at: newest.created_at,
        finished_at: None,
        reason: None,
        old: primary
            .filter(|set| set.id != newest.id)
            .map(|set| side_of_task_set(set)),
        new: Some(side_of_task_set(newest)),
        breaker: None,
    })
}

fn side_of_task_set(set: &TaskSet) -> Side {
    Side {
        task_definition: Some(set.task_definition.clone()),
        desired: Some(set.desired),
        running: Some(set.running),
        pending: Some(set.pending),
        ..Side::default()
    }
}
