//! Whether an action has taken effect, judged by what runs and not by the answer to the call.

mod codedeploy;
mod hook;
mod pipeline;
#[cfg(test)]
mod tests;

use super::arn::{DeploymentId, ServiceDeploymentArn, TaskDefinitionArn};
use super::codedeploy::CodeDeployment;
use super::plan::Goal;
use super::release::{Release, ReleaseStatus, current, past};
use super::service::{DeploymentStatus, RolloutState, Service};
use super::service_deployment::ServiceDeployment;
use super::task::Task;
pub use pipeline::PipelineSeen;

/// How far an action is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Not there yet, and what it waits for.
    Waiting(String),
    /// What runs proves it.
    Reached(String),
    /// It came to another end.
    Missed(String),
}

/// What was last read about the target of an action, after the call was made.
#[derive(Copy, Clone, Debug, Default)]
pub struct Observation<'a> {
    /// The service.
    pub service: Option<&'a Service>,
    /// Whether AWS said that there is no such service.
    pub service_gone: bool,
    /// Its service deployments.
    pub history: &'a [ServiceDeployment],
    /// The CodeDeploy deployment that the goal names.
    pub deployment: Option<&'a CodeDeployment>,
    /// The deployment that rolls that one back.
    pub rollback: Option<&'a CodeDeployment>,
    /// The task, where the action is about one and it was found.
    pub task: Option<&'a Task>,
    /// Whether AWS said that there is no such task: it forgets a stopped one after about an hour.
    pub task_gone: bool,
    /// The pipeline, where the action is about one.
    pub pipeline: PipelineSeen<'a>,
}

/// Judges a goal by what was last read.
pub fn progress(goal: &Goal, seen: Observation<'_>) -> Progress {
    match goal {
        Goal::TaskStopped { .. } => return task_stopped(seen),
        Goal::Pipeline(goal) => return pipeline::progress(goal, seen.pipeline),
        _ => {}
    }
    if seen.service_gone {
        return Progress::Missed("the service is not there any more".into());
    }
    match goal {
        Goal::TaskStopped { .. } => task_stopped(seen),
        Goal::Pipeline(goal) => pipeline::progress(goal, seen.pipeline),
        Goal::CountReached {
            desired, before, ..
        } => count_reached(*desired, *before, seen.service),
        Goal::NewDeploymentEnds {
            before,
            task_definition,
            ..
        } => new_deployment(before.as_ref(), task_definition.as_ref(), seen),
        Goal::RollbackEnds { record, .. } => match release_of(record, seen) {
            Some(release) => rollback_ends(&release.status, release.reason.as_deref()),
            None => Progress::Waiting("the service deployment to be read".into()),
        },
        Goal::HookAnswered {
            record,
            hook,
            stage,
            ..
        } => hook::answered(record, hook, stage.as_deref(), seen),
        Goal::DeploymentSucceeds { .. } => codedeploy::succeeds(seen),
        Goal::DeploymentStops { .. } => codedeploy::stops(seen),
        Goal::DeploymentRolledBack {
            task_definition, ..
        } => codedeploy::rolled_back(task_definition.as_ref(), seen),
        Goal::PrimaryTaskSet { task_set, .. } => primary_task_set(task_set, seen.service),
    }
}

/// The release of a record, if it was read.
fn release_of(record: &ServiceDeploymentArn, seen: Observation<'_>) -> Option<Release> {
    let releases = past(seen.history, None);
    releases
        .into_iter()
        .find(|release| release.record.as_ref() == Some(record))
}

fn primary_task_set(wanted: &str, service: Option<&Service>) -> Progress {
    let Some(service) = service else {
        return Progress::Waiting("the service to be read".into());
    };
    match service.task_sets.iter().find(|set| set.id == wanted) {
        Some(set) if set.status == "PRIMARY" => Progress::Reached(format!(
            "task set {wanted} is primary: {}",
            set.task_definition.family_revision()
        )),
        Some(set) => Progress::Waiting(format!("task set {wanted}, which is {}", set.status)),
        None => Progress::Missed(format!("task set {wanted} is not there any more")),
    }
}

fn task_stopped(seen: Observation<'_>) -> Progress {
    match seen.task {
        Some(task) if task.is_stopped() => Progress::Reached("the task is STOPPED".into()),
        Some(task) => Progress::Waiting(format!("the task, which is {}", task.last_status)),
        None if seen.task_gone => Progress::Reached("the task is gone".into()),
        None => Progress::Waiting("the task to be read".into()),
    }
}

fn count_reached(desired: u32, before: u32, service: Option<&Service>) -> Progress {
    match service {
        Some(service) if service.desired == before => Progress::Waiting(format!(
            "the desired count, which is still {}",
            service.desired
        )),
        Some(service) if service.desired != desired => Progress::Missed(format!(
            "somebody or autoscaling set the desired count to {}",
            service.desired
        )),
        Some(service) if service.running == desired && service.pending == 0 => {
            Progress::Reached(format!("{desired} of {desired} tasks run"))
        }
        Some(service) => Progress::Waiting(format!("{} of {desired} tasks run", service.running)),
        None => Progress::Waiting("the service to be read".into()),
    }
}

fn new_deployment(
    before: Option<&DeploymentId>,
    wanted: Option<&TaskDefinitionArn>,
    seen: Observation<'_>,
) -> Progress {
    let Some(service) = seen.service else {
        return Progress::Waiting("the service to be read".into());
    };
    if service.status != "ACTIVE" {
        return Progress::Missed(format!("the service is {}", service.status));
    }
    // An emulator may keep the deployment's id and change what it runs.
    let began = service.primary().is_some_and(|primary| {
        Some(&primary.id) != before || wanted == Some(&primary.task_definition)
    });
    if !began {
        return Progress::Waiting("the new deployment to appear".into());
    }
    let failed_since = seen.history.is_empty() && failed_since(service, before);
    match release_ends(service, seen.history) {
        Progress::Reached(_) if failed_since => Progress::Missed(format!(
            "ROLLED BACK: {} runs again",
            service.task_definition.family_revision()
        )),
        Progress::Reached(text) => match wanted {
            Some(wanted) if *wanted != service.task_definition => {
                Progress::Missed(format!("not {}: {text}", wanted.family_revision()))
            }
            _ => Progress::Reached(text),
        },
        other => other,
    }
}

/// Whether a deployment that began after `before` has failed and another is primary since.
fn failed_since(service: &Service, before: Option<&DeploymentId>) -> bool {
    service.deployments.iter().any(|deployment| {
        deployment.status != DeploymentStatus::Primary
            && Some(&deployment.id) != before
            && deployment.rollout_state == Some(RolloutState::Failed)
    })
}

fn release_ends(service: &Service, history: &[ServiceDeployment]) -> Progress {
    let Some(release) = current(service, history) else {
        return Progress::Waiting("the release to be read".into());
    };
    let name = service.task_definition.family_revision();
    match release.status {
        ReleaseStatus::Succeeded => {
            let tasks = super::text::count(service.running as usize, "task");
            Progress::Reached(format!("{name} runs, {tasks}"))
        }
        ReleaseStatus::RolledBack => Progress::Missed(format!(
            "ROLLED BACK: {}",
            release
                .reason
                .unwrap_or_else(|| format!("{name} runs again"))
        )),
        ReleaseStatus::Failed | ReleaseStatus::RollbackFailed => Progress::Missed(format!(
            "{}: {}",
            release.status.label(),
            release
                .reason
                .unwrap_or_else(|| "ECS gave no reason".into())
        )),
        ReleaseStatus::Stopped | ReleaseStatus::Superseded => {
            Progress::Missed(format!("the release {}", ended(&release.status)))
        }
        _ => Progress::Waiting(
            release
                .stage
                .map_or_else(|| release.status.label().to_owned(), |stage| stage.label()),
        ),
    }
}

fn ended(status: &ReleaseStatus) -> &'static str {
    match status {
        ReleaseStatus::Superseded => "was superseded by a newer one",
        ReleaseStatus::Stopped => "was stopped",
        _ => "failed",
    }
}

fn rollback_ends(status: &ReleaseStatus, reason: Option<&str>) -> Progress {
    match status {
        ReleaseStatus::RolledBack => Progress::Reached("ROLLED BACK: the old revision runs".into()),
        ReleaseStatus::RollbackFailed => Progress::Missed(format!(
            "the rollback failed: {}",
            reason.unwrap_or("ECS gave no reason")
        )),
        ReleaseStatus::Succeeded => {
            Progress::Missed("the release succeeded before it could be stopped".into())
        }
        ReleaseStatus::Superseded | ReleaseStatus::Stopped | ReleaseStatus::Failed => {
            Progress::Missed(format!("the release {}", ended(status)))
        }
        _ => Progress::Waiting(status.label().to_owned()),
    }
}
