//! Makes releases of what `DescribeServices` and the service deployments say.
//!
//! ECS tells a release twice: as entries of the service's `deployments[]`, with counts of tasks and
//! failures, and as a service deployment, with status, stage and breaker. Either can be missing: an
//! account without permission for one, an emulator that lacks it, a record older than the service.
//! And either can be older than the other, because they are two questions.

use std::collections::BTreeMap;

use super::deployments::{default_breaker, from_deployments, rolling_stage, sides};
use super::real::Routes;
use super::{
    Mechanism, Release, ReleaseId, ReleaseStatus, Side, Sources, Stage, StageLog, alarms, real,
    reason, strip, waiting, warning,
};
use crate::domain::breaker::Breaker;
use crate::domain::service::{Deployment, DeploymentStatus, RolloutState, Service};
use crate::domain::service_deployment::{
    RevisionSummary, ServiceDeployment, ServiceDeploymentStatus,
};

/// The newest release of a service that ECS moves.
pub(super) fn newest(sources: &Sources) -> Option<Release> {
    match newest_record(sources.service, sources.history) {
        Some(record) => Some(from_record_and_service(sources, record)),
        None => from_deployments(sources.service),
    }
}

/// The releases that ECS's records tell, in their order, without the one that `current` names.
pub(super) fn recorded(
    history: &[ServiceDeployment],
    current: Option<&ReleaseId>,
    observed: &BTreeMap<ReleaseId, StageLog>,
) -> Vec<Release> {
    history
        .iter()
        .filter(|record| current.is_none_or(|id| id.0 != record.arn.as_str()))
        .map(|record| {
            let mut release = from_record(record, history, record_mechanism(record, None));
            let log = observed.get(&release.id);
            release.steps = strip::steps(&release, record, log);
            release
        })
        .collect()
}

/// The record of the newest release. `None` where the history is not there, or is older than what
/// the service says: then the service alone tells the release.
fn newest_record<'a>(
    service: &Service,
    history: &'a [ServiceDeployment],
) -> Option<&'a ServiceDeployment> {
    if let Some(named) = &service.current_deployment
        && !history.iter().any(|record| record.arn == *named)
    {
        return None;
    }
    let newest = history.iter().max_by_key(|record| record.created_at)?;
    let ended = newest.finished_at.or(newest.stopped_at);
    let began = service.primary().and_then(|primary| primary.created_at);
    let overtaken = service.current_deployment.is_none()
        && newest.status.is_over()
        && ended.is_some()
        && began > ended;
    (!overtaken).then_some(newest)
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

/// The strategy of the record, or where that is not told, of the service as it is now.
fn record_mechanism(record: &ServiceDeployment, service: Option<&Service>) -> Mechanism {
    match (&record.strategy, service) {
        (Some(strategy), _) => Mechanism::from_strategy(strategy),
        (None, Some(service)) => Mechanism::of(service),
        (None, None) => Mechanism::Rolling,
    }
}

fn from_record(
    record: &ServiceDeployment,
    history: &[ServiceDeployment],
    mechanism: Mechanism,
) -> Release {
    let newer = record.status == ServiceDeploymentStatus::Stopped && superseded(record, history);
    let status = ReleaseStatus::of_record(record, newer);
    let over = status.is_over();
    let waits = status == ReleaseStatus::Waiting;
    Release {
        id: ReleaseId(record.arn.as_str().to_owned()),
        record: Some(record.arn.clone()),
        cluster: record.cluster.clone(),
        service: record.service.clone(),
        stage: record
            .lifecycle_stage
            .clone()
            .filter(|_| !over)
            .map(Stage::Lifecycle),
        status,
        started_at: record.started_at.or(record.created_at),
        finished_at: record.finished_at.or(record.stopped_at).filter(|_| over),
        reason: reason::of_record(record),
        old: record.sources.first().map(side_of_summary),
        new: record.target.as_ref().map(side_of_summary),
        breaker: record.breaker.as_ref().and_then(Breaker::from_reading),
        steps: Vec::new(),
        shift: waiting::shift(record, &mechanism),
        gate: waiting::gate(record).filter(|_| waits),
        deadline: None,
        hooks: record.hooks.clone(),
        alarms: alarms::of_record(record, &BTreeMap::new()),
        started_by: None,
        codedeploy: None,
        waits: waiting::configured(record.settings.as_ref(), &mechanism),
        warnings: Vec::new(),
        mechanism,
    }
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
        target_group: summary.target_group.clone(),
        ..Side::default()
    }
}

/// The record's status with what the service tells besides.
fn from_record_and_service(sources: &Sources, record: &ServiceDeployment) -> Release {
    let service = sources.service;
    let mechanism = record_mechanism(record, Some(service));
    let mut release = from_record(record, sources.history, mechanism);
    if release.status == ReleaseStatus::Stopped && ended_failed(service, record) {
        release.status = ReleaseStatus::Failed;
    }
    if release.mechanism == Mechanism::Rolling {
        let (old, new) = sides(service, primary_is_old(service, record));
        release.new = merge(release.new, new);
        release.old = merge(release.old, old);
    } else {
        add_deployments(&mut release, service, record);
    }
    set_breaker(&mut release, service, record);
    if release.stage.is_none() && !release.status.is_over() {
        release.stage = rolling_stage(&release);
    }
    let log = sources.observed.get(&release.id);
    if matches!(
        release.status,
        ReleaseStatus::InProgress | ReleaseStatus::Waiting
    ) {
        release.deadline = waiting::deadline(record, &release.mechanism, log);
    }
    release.steps = strip::steps(&release, record, log);
    release.alarms = alarms::of_record(record, sources.alarms);
    real::add(&mut release, &routes(record), sources.traffic);
    release.warnings = warning::warnings(&release, log);
    release
}

/// The revisions of a release share their routes; where one was not looked up, the other tells.
fn routes(record: &ServiceDeployment) -> Routes<'_> {
    let revisions = || record.target.iter().chain(&record.sources);
    Routes {
        production: revisions()
            .filter_map(|one| one.production_route.as_ref())
            .collect(),
        test: revisions()
            .filter_map(|one| one.test_route.as_ref())
            .collect(),
    }
}

fn set_breaker(release: &mut Release, service: &Service, record: &ServiceDeployment) {
    if let (Some(breaker), Some(failed)) = (
        &mut release.breaker,
        release.new.as_ref().and_then(|side| side.failed),
    ) {
        breaker.failures = breaker.failures.max(failed);
    }
    // The breaker watches rolling releases only.
    let rolling = release.mechanism == Mechanism::Rolling;
    if rolling && service.limits.breaker && record.breaker.is_none() && !release.status.is_over() {
        release.breaker = default_breaker(release.new.as_ref());
    }
}

/// While two whole sets of tasks run side by side, `deployments[]` may name one of them, both, or
/// neither, and in any role. The record's own counts stand; the entries that surely are a side's
/// add what the record does not tell.
fn add_deployments(release: &mut Release, service: &Service, record: &ServiceDeployment) {
    let began = record.created_at;
    let entry = |side: &Side, is_new: bool| {
        let own = |one: &&Deployment| {
            side.task_definition.as_ref() == Some(&one.task_definition)
                && one.status != DeploymentStatus::Inactive
                && (one.created_at >= began) == is_new
        };
        let mut found = service.deployments.iter().filter(own);
        match (found.next(), found.next()) {
            (Some(only), None) => Some(only.clone()),
            _ => None,
        }
    };
    for (side, is_new) in [(&mut release.old, false), (&mut release.new, true)] {
        let Some(side) = side else { continue };
        let Some(found) = entry(side, is_new) else {
            continue;
        };
        side.deployment = Some(found.id);
        side.failed = Some(found.failed);
        side.desired = side.desired.or(Some(found.desired));
        side.running = side.running.or(Some(found.running));
        side.pending = side.pending.or(Some(found.pending));
    }
}

/// Whether what the record says was stopped is a deployment that failed: an alarm ends one like that
/// where no rollback is configured.
fn ended_failed(service: &Service, record: &ServiceDeployment) -> bool {
    let target = record
        .target
        .as_ref()
        .and_then(|target| target.task_definition.as_ref());
    service.primary().is_some_and(|primary| {
        primary.rollout_state == Some(RolloutState::Failed)
            && target.is_none_or(|target| *target == primary.task_definition)
    })
}

/// Whether the primary deployment is what the release comes from. Which task definition it runs tells
/// that; where both sides have the same one, or it is neither's, the record's status does.
fn primary_is_old(service: &Service, record: &ServiceDeployment) -> bool {
    let primary = service.primary().map(|primary| &primary.task_definition);
    let runs =
        |side: &RevisionSummary| primary.is_some() && side.task_definition.as_ref() == primary;
    match (
        record.target.as_ref().is_some_and(runs),
        record.sources.iter().any(runs),
    ) {
        (true, false) => false,
        (false, true) => true,
        _ => matches!(
            record.status,
            ServiceDeploymentStatus::RollbackInProgress
                | ServiceDeploymentStatus::RollbackSuccessful
                | ServiceDeploymentStatus::RollbackFailed
        ),
    }
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
                target_group: record.target_group,
                ..live
            })
        }
        (Some(record), _) => Some(record),
        (None, live) => live,
    }
}
