//! Whether an action has taken effect, judged by what runs and not by the answer to the call.

use super::plan::Goal;
use super::release::{ReleaseStatus, current, past};
use super::service::Service;
use super::service_deployment::ServiceDeployment;
use super::task::Task;

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

/// What was last read about the target of an action.
#[derive(Copy, Clone, Debug, Default)]
pub struct Observation<'a> {
    /// The service.
    pub service: Option<&'a Service>,
    /// Its service deployments.
    pub history: &'a [ServiceDeployment],
    /// The task, where the action is about one and it was found.
    pub task: Option<&'a Task>,
}

/// Judges a goal by what was last read.
pub fn progress(goal: &Goal, seen: Observation<'_>) -> Progress {
    match goal {
        Goal::TaskStopped { .. } => task_stopped(seen.task),
        Goal::CountReached { desired, .. } => count_reached(*desired, seen.service),
        Goal::NewDeploymentEnds { before, .. } => match seen.service {
            Some(service) if service.primary().map(|primary| &primary.id) != before.as_ref() => {
                release_ends(service, seen.history)
            }
            _ => Progress::Waiting("the new deployment to appear".into()),
        },
        Goal::RollbackEnds { record, .. } => {
            let releases = past(seen.history, None);
            match releases
                .iter()
                .find(|release| release.record.as_ref() == Some(record))
            {
                Some(release) => rollback_ends(&release.status, release.reason.as_deref()),
                None => Progress::Waiting("the service deployment to be read".into()),
            }
        }
    }
}

fn task_stopped(task: Option<&Task>) -> Progress {
    match task {
        Some(task) if task.is_stopped() => Progress::Reached("the task is STOPPED".into()),
        Some(task) => Progress::Waiting(format!("the task, which is {}", task.last_status)),
        None => Progress::Waiting("the task to be read".into()),
    }
}

fn count_reached(desired: u32, service: Option<&Service>) -> Progress {
    match service {
        Some(service) if service.desired != desired => Progress::Waiting(format!(
            "the desired count, which is still {}",
            service.desired
        )),
        Some(service) if service.running == desired && service.pending == 0 => {
            Progress::Reached(format!("{desired} of {desired} tasks run"))
        }
        Some(service) => Progress::Waiting(format!("{} of {desired} tasks run", service.running)),
        None => Progress::Waiting("the service to be read".into()),
    }
}

fn release_ends(service: &Service, history: &[ServiceDeployment]) -> Progress {
    let Some(release) = current(service, history) else {
        return Progress::Waiting("the release to be read".into());
    };
    let name = service.task_definition.family_revision();
    match release.status {
        ReleaseStatus::Succeeded => {
            Progress::Reached(format!("{name} runs, {} tasks", service.running))
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
            Progress::Missed(format!("the release was {}", release.status.label()))
        }
        _ => Progress::Waiting(
            release
                .stage
                .map_or_else(|| release.status.label().to_owned(), |stage| stage.label()),
        ),
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
            Progress::Missed(format!("the release is {}", status.label()))
        }
        _ => Progress::Waiting(status.label().to_owned()),
    }
}
