//! What a CodeDeploy deployment waits for: somebody, or the clock.

use jiff::Timestamp;

use super::events::{all_done_at, events, ready_since};
use crate::domain::codedeploy::{CodeDeployStatus, CodeDeployment, TrafficRouting};
use crate::domain::lifecycle::HookAction;
use crate::domain::release::waiting::{plus_minutes, progress};
use crate::domain::release::{
    ConfiguredWaits, Deadline, DeadlineKind, Gate, GateKind, ShiftProgress,
};

/// What happens to a deployment that is Ready when nobody answers (CodeDeploy API reference,
/// `DeploymentReadyAction`).
const STOP: &str = "STOP_DEPLOYMENT";

/// Whether one that is Ready does not go on by itself. Where its configuration was not told, it is
/// better to ask for somebody than for nobody.
pub(super) fn needs_somebody(deployment: &CodeDeployment) -> bool {
    deployment.ready.as_ref().is_none_or(|wait| !wait.continues)
}

/// Whether its strip has a place for the wait.
pub(super) fn waits_when_ready(deployment: &CodeDeployment) -> bool {
    deployment.status == CodeDeployStatus::Ready
        || deployment
            .ready
            .as_ref()
            .is_some_and(|wait| !wait.continues || wait.minutes > 0)
}

/// Whether the original task set is kept for a while before it goes.
pub(super) fn waits_to_terminate(deployment: &CodeDeployment) -> bool {
    deployment.waits_to_terminate()
        || deployment
            .termination
            .as_ref()
            .is_some_and(|wait| wait.terminates && wait.minutes > 0)
}

/// Whether nothing but that wait is left.
pub(super) fn is_terminating(deployment: &CodeDeployment) -> bool {
    deployment.waits_to_terminate() && !deployment.status.is_over()
}

/// When the wait of a deployment that is Ready ends.
fn ready_end(deployment: &CodeDeployment) -> Option<Timestamp> {
    let wait = deployment.ready.as_ref().filter(|wait| wait.minutes > 0)?;
    plus_minutes(ready_since(deployment)?, wait.minutes)
}

/// Where it waits for somebody.
pub(super) fn gate(deployment: &CodeDeployment) -> Option<Gate> {
    let waits = deployment.status == CodeDeployStatus::Ready && needs_somebody(deployment);
    waits.then(|| Gate {
        kind: GateKind::CodeDeployReady {
            deployment: deployment.id.clone(),
        },
        expires_at: ready_end(deployment),
        on_timeout: deployment
            .ready
            .as_ref()
            .map(|_| HookAction::Unknown(STOP.into())),
    })
}

/// When something happens by itself next.
pub(super) fn deadline(deployment: &CodeDeployment) -> Option<Deadline> {
    if deployment.status == CodeDeployStatus::Ready {
        let continues = deployment.ready.as_ref()?.continues;
        return Some(Deadline {
            kind: DeadlineKind::ReadyWait { continues },
            at: ready_end(deployment)?,
            exact: true,
        });
    }
    if is_terminating(deployment) {
        let wait = deployment
            .termination
            .as_ref()
            .filter(|wait| wait.terminates)?;
        return Some(Deadline {
            kind: DeadlineKind::TerminationWait,
            at: plus_minutes(all_done_at(deployment)?, wait.minutes)?,
            exact: true,
        });
    }
    next_part(deployment)
}

/// When the next part of the traffic moves: the first moves when `AllowTraffic` begins, each other
/// one so many minutes after the one before.
fn next_part(deployment: &CodeDeployment) -> Option<Deadline> {
    let event = events(deployment)
        .iter()
        .find(|event| event.name == "AllowTraffic" && event.status == "InProgress")?;
    let (_, minutes) = parts(deployment)?;
    let progress = shift(deployment)?;
    let moved = moved(deployment)?;
    if !(moved > 0.0 && moved < 100.0) {
        return None;
    }
    Some(Deadline {
        kind: DeadlineKind::StepBake,
        at: plus_minutes(event.started_at?, minutes.checked_mul(progress.step)?)?,
        exact: false,
    })
}

/// The share of each part, or of the first of two, and the minutes between.
fn parts(deployment: &CodeDeployment) -> Option<(u32, u32)> {
    match deployment.routing.as_ref()? {
        TrafficRouting::Canary { percent, minutes }
        | TrafficRouting::Linear { percent, minutes } => Some((*percent, *minutes)),
        TrafficRouting::AllAtOnce | TrafficRouting::Unknown(_) => None,
    }
}

/// The share of the production traffic on the new task set.
fn moved(deployment: &CodeDeployment) -> Option<f64> {
    let target = deployment.target.as_ref()?;
    target
        .task_sets
        .iter()
        .find(|set| set.green)?
        .traffic_percent
}

/// How far the traffic is, where it moves in parts.
pub(super) fn shift(deployment: &CodeDeployment) -> Option<ShiftProgress> {
    let (percent, _) = parts(deployment)?;
    let canary = matches!(deployment.routing, Some(TrafficRouting::Canary { .. }));
    progress(f64::from(percent), moved(deployment)?, canary)
}

/// The waits that it was told to make.
pub(super) fn configured(deployment: &CodeDeployment) -> ConfiguredWaits {
    let seconds = |minutes: u32| i64::from(minutes) * 60;
    ConfiguredWaits {
        step_seconds: parts(deployment).map(|(_, minutes)| seconds(minutes)),
        bake_seconds: deployment
            .termination
            .as_ref()
            .filter(|wait| wait.terminates)
            .map(|wait| seconds(wait.minutes)),
    }
}
