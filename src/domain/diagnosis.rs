//! Why a release fails, in one line, from the tasks that stopped.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::arn::{DeploymentId, TaskArn};
use super::task::{Container, Task};
use super::text::count;

/// What the stopped tasks of one deployment have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// The cause in one line, such as `container app exits 1 within 4 s, 3 times`.
    pub headline: String,
    /// How many tasks ended this way.
    pub tasks: usize,
    /// The newest of them, to look at and to read the log of.
    pub evidence: TaskArn,
    /// The container that ended it, where one did.
    pub container: Option<String>,
}

/// The most common cause among the stopped tasks of a deployment; the newest settles a tie. Tasks
/// that were stopped on purpose are no evidence.
pub fn diagnose<'a>(
    tasks: impl IntoIterator<Item = &'a Task>,
    deployment: Option<&DeploymentId>,
) -> Option<Diagnosis> {
    let mut causes: BTreeMap<String, Vec<(&Task, Cause)>> = BTreeMap::new();
    for task in tasks.into_iter().filter(|task| belongs(task, deployment)) {
        if let Some(cause) = cause(task) {
            causes
                .entry(cause.text.clone())
                .or_default()
                .push((task, cause));
        }
    }
    let group = causes.into_values().max_by_key(|group| {
        (
            group.len(),
            group.iter().map(|(task, _)| task.stopped_at).max(),
        )
    })?;
    let (newest, newest_cause) = group.iter().max_by_key(|(task, _)| task.stopped_at)?;
    let within = group.iter().filter_map(|(task, _)| ran_seconds(task)).max();
    let mut headline = newest_cause.text.clone();
    if let (true, Some(seconds)) = (newest_cause.timed, within) {
        let _ = write!(headline, " within {seconds} s");
    }
    if group.len() > 1 {
        let _ = write!(headline, ", {}", count(group.len(), "time"));
    }
    Some(Diagnosis {
        headline,
        tasks: group.len(),
        evidence: newest.arn.clone(),
        container: newest_cause.container.clone(),
    })
}

fn belongs(task: &Task, deployment: Option<&DeploymentId>) -> bool {
    task.is_ending()
        && !task.stopped_on_purpose()
        && deployment.is_none_or(|id| task.started_by.as_deref() == Some(id.as_str()))
}

/// Seconds from RUNNING to the stop; `None` for a task that never ran.
fn ran_seconds(task: &Task) -> Option<i64> {
    let start = task.started_at?;
    let end = task.stopping_at.or(task.stopped_at)?;
    Some((end.as_second() - start.as_second()).max(0))
}

struct Cause {
    text: String,
    container: Option<String>,
    /// Whether how long the task ran belongs to the cause.
    timed: bool,
}

/// Why one task ended, in a few words.
pub fn task_cause(task: &Task) -> Option<String> {
    cause(task).map(|cause| cause.text)
}

fn cause(task: &Task) -> Option<Cause> {
    let reason = task.stopped_reason.as_deref().unwrap_or_default();
    if let Some(container) = task.containers.iter().find(|c| out_of_memory(c)) {
        return Some(Cause {
            text: format!("container {} runs out of memory", container.name),
            container: Some(container.name.clone()),
            timed: true,
        });
    }
    if let Some(text) = pull_error(task) {
        return Some(text);
    }
    if reason.contains("health check") {
        return Some(Cause {
            text: health_check(reason),
            container: None,
            timed: false,
        });
    }
    if let Some((container, code)) = task
        .containers
        .iter()
        .filter_map(|container| container.exit_code.map(|code| (container, code)))
        .min_by_key(|(_, code)| guilt(*code))
    {
        let verb = if code == 0 {
            "ends with exit code 0".into()
        } else {
            format!("exits {code}")
        };
        return Some(Cause {
            text: format!("container {} {verb}", container.name),
            container: Some(container.name.clone()),
            timed: true,
        });
    }
    let own = task
        .containers
        .iter()
        .find_map(|container| container.reason.clone());
    let text = own.or_else(|| task.stopped_reason.clone())?;
    Some(Cause {
        text,
        container: None,
        timed: false,
    })
}

/// Which container ended the task: the lowest number. When one ends, ECS stops the others, which
/// shows as 143 (SIGTERM) or 137 (SIGKILL).
fn guilt(exit_code: i32) -> u8 {
    match exit_code {
        0 => 2,
        137 | 143 => 1,
        _ => 0,
    }
}

fn out_of_memory(container: &Container) -> bool {
    container
        .reason
        .as_deref()
        .is_some_and(|reason| reason.contains("OutOfMemory"))
}

const PULL_ERROR: &str = "CannotPull";

fn pull_error(task: &Task) -> Option<Cause> {
    let told_by = |container: &&Container| {
        let reason = container.reason.as_deref();
        reason.is_some_and(|reason| reason.contains(PULL_ERROR))
    };
    let reason = task.stopped_reason.as_deref().unwrap_or_default();
    let container = task.containers.iter().find(told_by);
    if container.is_none() && !reason.contains(PULL_ERROR) {
        return None;
    }
    let named_in_reason = |container: &&Container| {
        let image = container.image.as_deref();
        image.is_some_and(|image| reason.contains(image))
    };
    let named = container
        .or_else(|| task.containers.iter().find(named_in_reason))
        .or(match &task.containers[..] {
            [only] => Some(only),
            _ => None,
        });
    let image = named.and_then(|container| container.image.as_deref());
    Some(Cause {
        text: match image {
            Some(image) => format!("image {image} cannot be pulled"),
            None => "an image cannot be pulled".into(),
        },
        container: named.map(|container| container.name.clone()),
        timed: false,
    })
}

fn health_check(reason: &str) -> String {
    if reason.contains("ELB") {
        "fails the load balancer's health check".into()
    } else if reason.contains("container") {
        "fails its container health check".into()
    } else {
        reason.to_owned()
    }
}

#[cfg(test)]
mod tests;
