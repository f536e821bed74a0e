//! The lifecycle events of a CodeDeploy deployment as a strip, with its two waits between them.

use jiff::Timestamp;

use super::waits;
use crate::domain::codedeploy::{CodeDeployStatus, CodeDeployment, LifecycleEvent};
use crate::domain::release::step::label_of;
use crate::domain::release::{Release, Side, StageStep, StepState};

/// The two waits, by the names that `ContinueDeployment` takes.
pub(super) const READY_WAIT: &str = "READY_WAIT";
pub(super) const TERMINATION_WAIT: &str = "TERMINATION_WAIT";

/// The events that come after the traffic was allowed to move.
const PRODUCTION: [&str; 3] = ["BeforeAllowTraffic", "AllowTraffic", "AfterAllowTraffic"];

/// The lifecycle events of a deployment; empty until its target was read.
pub(super) fn events(deployment: &CodeDeployment) -> &[LifecycleEvent] {
    deployment
        .target
        .as_ref()
        .map_or(&[], |target| target.events.as_slice())
}

fn is_production(event: &LifecycleEvent) -> bool {
    PRODUCTION.contains(&event.name.as_str())
}

fn has_begun(event: &LifecycleEvent) -> bool {
    event.started_at.is_some() || !matches!(event.status.as_str(), "Pending" | "Unknown")
}

/// Where a deployment stands, as CodeDeploy calls it.
pub(super) fn present(deployment: &CodeDeployment) -> Option<String> {
    if deployment.status == CodeDeployStatus::Ready {
        return Some(READY_WAIT.into());
    }
    if waits::is_terminating(deployment) {
        return Some(TERMINATION_WAIT.into());
    }
    let at_work = |event: &&LifecycleEvent| event.status == "InProgress";
    let ended = |event: &&LifecycleEvent| event.finished_at.is_some();
    let events = events(deployment);
    let event = events
        .iter()
        .find(at_work)
        .or_else(|| events.iter().rfind(ended))?;
    Some(event.name.clone())
}

/// When the events before the traffic were all over.
pub(super) fn ready_since(deployment: &CodeDeployment) -> Option<Timestamp> {
    let before = events(deployment).iter().filter(|one| !is_production(one));
    before.filter_map(|event| event.finished_at).max()
}

/// When the last event was over.
pub(super) fn all_done_at(deployment: &CodeDeployment) -> Option<Timestamp> {
    let ends = events(deployment).iter().map(|event| event.finished_at);
    ends.max().flatten()
}

/// The strip. Empty until the deployment's target was read.
pub(super) fn steps(deployment: &CodeDeployment, release: &Release) -> Vec<StageStep> {
    let events = events(deployment);
    if events.is_empty() {
        return Vec::new();
    }
    let mut steps: Vec<StageStep> = events
        .iter()
        .map(|event| step_of(event, deployment, release))
        .collect();
    if waits::waits_when_ready(deployment) {
        let place = events.iter().position(is_production);
        let place = place.unwrap_or(steps.len());
        steps.insert(place, ready_step(deployment, release));
    }
    if waits::waits_to_terminate(deployment) {
        steps.push(termination_step(deployment));
    }
    steps
}

fn step_of(event: &LifecycleEvent, deployment: &CodeDeployment, release: &Release) -> StageStep {
    let over = deployment.status.is_over();
    let state = match event.status.as_str() {
        "Pending" if over => StepState::Skipped,
        "Pending" => StepState::ToCome,
        "InProgress" if over => StepState::Failed,
        "InProgress" => StepState::Now,
        "Succeeded" => StepState::Done,
        "Failed" => StepState::Failed,
        "Skipped" => StepState::Skipped,
        _ => StepState::Unknown,
    };
    let label = match release.shift {
        Some(shift) if event.name == "AllowTraffic" => {
            format!("production {}/{}", shift.step, shift.steps)
        }
        _ => label_of(&event.name),
    };
    StageStep {
        name: event.name.clone(),
        label,
        state,
        started_at: event.started_at,
        finished_at: event.finished_at,
        exact: true,
    }
}

fn ready_step(deployment: &CodeDeployment, release: &Release) -> StageStep {
    let began = ready_since(deployment);
    let mut after = events(deployment).iter().filter(|one| is_production(one));
    let next = after.find(|event| has_begun(event) && event.status != "Skipped");
    let before_ok = events(deployment)
        .iter()
        .filter(|event| !is_production(event))
        .all(|event| matches!(event.status.as_str(), "Succeeded" | "Skipped"));
    let over = deployment.status.is_over();
    let state = match next {
        Some(_) => StepState::Done,
        None if deployment.status == CodeDeployStatus::Ready && release.gate.is_some() => {
            StepState::Waits
        }
        None if deployment.status == CodeDeployStatus::Ready => StepState::Now,
        None if over && before_ok => StepState::Failed,
        None if over => StepState::Skipped,
        None => StepState::ToCome,
    };
    let was_there = !matches!(state, StepState::ToCome | StepState::Skipped);
    let ended = match next {
        Some(event) => event.started_at,
        None => deployment.finished_at,
    };
    let standing = matches!(state, StepState::Now | StepState::Waits);
    StageStep {
        name: READY_WAIT.into(),
        label: "ready wait".into(),
        state,
        started_at: began.filter(|_| was_there),
        finished_at: ended.filter(|_| was_there && !standing),
        exact: true,
    }
}

fn termination_step(deployment: &CodeDeployment) -> StageStep {
    let over = deployment.status.is_over();
    let started = deployment.waits_to_terminate();
    let state = match (started, &deployment.status) {
        (_, CodeDeployStatus::Succeeded) => StepState::Done,
        (true, _) if over => StepState::Failed,
        (true, _) => StepState::Now,
        (false, _) if over => StepState::Skipped,
        (false, _) => StepState::ToCome,
    };
    let was_there = !matches!(state, StepState::ToCome | StepState::Skipped);
    StageStep {
        name: TERMINATION_WAIT.into(),
        label: "termination wait".into(),
        state,
        started_at: all_done_at(deployment).filter(|_| was_there),
        finished_at: deployment.finished_at.filter(|_| was_there && over),
        exact: true,
    }
}

/// The test listener moves as a whole, in one event.
pub(super) fn set_test_traffic(deployment: &CodeDeployment, old: &mut Side, new: &mut Side) {
    if deployment.test_listeners.is_empty() || deployment.status.is_over() {
        return;
    }
    let event = events(deployment)
        .iter()
        .find(|event| event.name == "AllowTestTraffic");
    let green = match event.map(|event| event.status.as_str()) {
        Some("Succeeded") => 100.0,
        Some("Pending" | "InProgress") => 0.0,
        _ => return,
    };
    new.test_percent = Some(green);
    old.test_percent = Some(100.0 - green);
}
