//! The strip of stages of a release that ECS shifts: which it passes, how far it is, and how long
//! it was in each.

use jiff::Timestamp;

use super::stage_log::{Span, StageLog};
use super::{Mechanism, Release, ReleaseStatus, StageStep, StepState, step};
use crate::domain::lifecycle::{HookStatus, ShiftSettings};
use crate::domain::service_deployment::ServiceDeployment;

/// The way back, as a step of its own. It is no stage of ECS.
const ROLLBACK: &str = "ROLLBACK";

/// The stages in their order (ECS developer guide, "Lifecycle stages for Amazon ECS service
/// deployments"), and whether a release stays in them for nothing but its hooks.
const STAGES: [(&str, bool); 11] = [
    ("RECONCILE_SERVICE", true),
    ("PRE_SCALE_UP", true),
    ("SCALE_UP", false),
    ("POST_SCALE_UP", true),
    ("TEST_TRAFFIC_SHIFT", false),
    ("POST_TEST_TRAFFIC_SHIFT", true),
    ("PRE_PRODUCTION_TRAFFIC_SHIFT", true),
    ("PRODUCTION_TRAFFIC_SHIFT", false),
    ("POST_PRODUCTION_TRAFFIC_SHIFT", true),
    ("BAKE_TIME", false),
    ("CLEAN_UP", false),
];

/// Where a release is on its path.
enum Place {
    /// Before the first stage.
    Before,
    /// In a stage, by its place on the path.
    At(usize),
    /// It left the path in a stage, or nobody knows in which.
    Left(Option<usize>),
    /// Past the last stage.
    Past,
    /// It moves, and nobody knows where it is.
    Nowhere,
}

/// The stages of a release that ECS shifts; empty for one that has none.
pub(super) fn steps(
    release: &Release,
    record: &ServiceDeployment,
    log: Option<&StageLog>,
) -> Vec<StageStep> {
    let shifts = matches!(
        release.mechanism,
        Mechanism::BlueGreen | Mechanism::Linear | Mechanism::Canary
    );
    if !shifts && record.lifecycle_stage.is_none() {
        return Vec::new();
    }
    let log = log.cloned().unwrap_or_default();
    let path = path(record, &log);
    let place = place(release, record, &log, &path);
    let mut steps: Vec<StageStep> = path
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let state = state(index, name, &place, release, record);
            timed(name, label(name, release, record), state, log.span(name))
        })
        .collect();
    bound_by_the_record(&mut steps, record);
    steps.extend(way_back(release, record));
    steps
}

/// The stages that this release passes: those that do something, those with a hook, and those that
/// were seen. One that this version does not know stands where it was seen.
fn path(record: &ServiceDeployment, log: &StageLog) -> Vec<String> {
    let now = record.lifecycle_stage.as_deref();
    let mut path: Vec<String> = STAGES
        .iter()
        .filter(|(name, only_hooks)| {
            !only_hooks
                || now == Some(*name)
                || has_hook(record.settings.as_ref(), name)
                || log.span(name).is_some()
        })
        .map(|(name, _)| (*name).to_owned())
        .collect();
    if let Some(odd) = now.filter(|name| !path.iter().any(|known| known == name)) {
        let seen = path.iter().rposition(|name| log.span(name).is_some());
        path.insert(seen.map_or(0, |index| index + 1), odd.to_owned());
    }
    path
}

fn has_hook(settings: Option<&ShiftSettings>, stage: &str) -> bool {
    settings.is_some_and(|settings| {
        settings
            .hooks
            .iter()
            .any(|hook| hook.stages.iter().any(|name| name == stage))
    })
}

fn place(release: &Release, record: &ServiceDeployment, log: &StageLog, path: &[String]) -> Place {
    let index = |stage: &str| path.iter().position(|name| name == stage);
    let now = record.lifecycle_stage.as_deref();
    match release.status {
        ReleaseStatus::Succeeded => Place::Past,
        ReleaseStatus::Pending if now.is_none() => Place::Before,
        ReleaseStatus::Pending
        | ReleaseStatus::InProgress
        | ReleaseStatus::Waiting
        | ReleaseStatus::Unknown(_) => match now.or(log.last_forward()).and_then(index) {
            Some(at) => Place::At(at),
            None => Place::Nowhere,
        },
        _ => {
            let held = now.filter(|_| hook_failed(record));
            Place::Left(log.last_forward().or(held).and_then(index))
        }
    }
}

fn hook_failed(record: &ServiceDeployment) -> bool {
    record
        .hooks
        .iter()
        .any(|hook| matches!(hook.status, HookStatus::Failed | HookStatus::TimedOut))
}

fn state(
    index: usize,
    name: &str,
    place: &Place,
    release: &Release,
    record: &ServiceDeployment,
) -> StepState {
    let passed = if no_bake(name, record) {
        StepState::Skipped
    } else {
        StepState::Done
    };
    match place {
        Place::Before => StepState::ToCome,
        Place::Nowhere | Place::Left(None) => StepState::Unknown,
        Place::Past => passed,
        Place::At(at) if index < *at => passed,
        Place::At(at) if index > *at => StepState::ToCome,
        Place::At(_) if release.gate.is_some() => StepState::Waits,
        Place::At(_) if release.status == ReleaseStatus::Waiting => StepState::Waits,
        Place::At(_) if hook_failed(record) => StepState::Failed,
        Place::At(_) => StepState::Now,
        Place::Left(Some(at)) if index < *at => passed,
        Place::Left(Some(at)) if index > *at => StepState::Skipped,
        Place::Left(Some(_)) => match release.status {
            // Somebody ended it here: it neither failed nor passed.
            ReleaseStatus::Stopped | ReleaseStatus::Superseded => StepState::Unknown,
            _ => StepState::Failed,
        },
    }
}

fn no_bake(name: &str, record: &ServiceDeployment) -> bool {
    let minutes = record
        .settings
        .as_ref()
        .and_then(|settings| settings.bake_minutes);
    name == "BAKE_TIME" && minutes == Some(0)
}

fn label(name: &str, release: &Release, record: &ServiceDeployment) -> String {
    let plain = step::label_of(name);
    let bake = record
        .settings
        .as_ref()
        .and_then(|settings| settings.bake_minutes);
    match (name, release.shift, bake) {
        ("BAKE_TIME", _, Some(minutes)) if minutes > 0 => format!("{plain} {minutes}m"),
        ("PRODUCTION_TRAFFIC_SHIFT", Some(shift), _) => {
            format!("production {}/{}", shift.step, shift.steps)
        }
        _ => plain,
    }
}

fn timed(name: &str, label: String, state: StepState, span: Option<Span>) -> StageStep {
    let ends = !matches!(state, StepState::Now | StepState::Waits);
    let came = !matches!(state, StepState::ToCome);
    StageStep {
        name: name.to_owned(),
        label,
        state,
        started_at: span.map(|span| span.began).filter(|_| came),
        finished_at: span.and_then(|span| span.ended).filter(|_| came && ends),
        exact: false,
    }
}

/// The first stage begins when the release does, and the last one that was reached ends with it.
fn bound_by_the_record(steps: &mut [StageStep], record: &ServiceDeployment) {
    if let Some(first) = steps.first_mut()
        && !matches!(first.state, StepState::ToCome | StepState::Unknown)
    {
        first.started_at = record.started_at.or(record.created_at).or(first.started_at);
    }
    let end = record
        .rollback_started_at
        .or(record.finished_at)
        .filter(|_| record.status.is_over() || record.rollback_started_at.is_some());
    let last = steps
        .iter_mut()
        .rfind(|step| matches!(step.state, StepState::Done | StepState::Failed));
    if let Some(last) = last
        && last.finished_at.is_none()
        && last.started_at.is_some()
    {
        last.finished_at = end.filter(|end| Some(*end) >= last.started_at);
    }
}

fn way_back(release: &Release, record: &ServiceDeployment) -> Option<StageStep> {
    let ended = record.finished_at.filter(|_| release.status.is_over());
    rollback_step(&release.status, record.rollback_started_at, ended)
}

/// The way back as a step, for a release that goes back or went.
pub(super) fn rollback_step(
    status: &ReleaseStatus,
    started_at: Option<Timestamp>,
    finished_at: Option<Timestamp>,
) -> Option<StageStep> {
    let state = match status {
        ReleaseStatus::RollingBack => StepState::Now,
        ReleaseStatus::RolledBack => StepState::Done,
        ReleaseStatus::RollbackFailed => StepState::Failed,
        _ => return None,
    };
    Some(StageStep {
        name: ROLLBACK.into(),
        label: "roll back".into(),
        state,
        started_at,
        finished_at,
        exact: started_at.is_some(),
    })
}
