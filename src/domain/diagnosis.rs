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
pub fn diagnose(tasks: &[Task], deployment: Option<&DeploymentId>) -> Option<Diagnosis> {
    let mut causes: BTreeMap<String, Vec<(&Task, Cause)>> = BTreeMap::new();
    for task in tasks.iter().filter(|task| belongs(task, deployment)) {
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
    task.is_stopped()
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
        .max_by_key(|(_, code)| *code != 0)
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

fn out_of_memory(container: &Container) -> bool {
    container
        .reason
        .as_deref()
        .is_some_and(|reason| reason.contains("OutOfMemory"))
}

fn pull_error(task: &Task) -> Option<Cause> {
    let container = task.containers.iter().find(|container| {
        container
            .reason
            .as_deref()
            .is_some_and(|reason| reason.contains("CannotPullContainer"))
    });
    let told = task
        .stopped_reason
        .as_deref()
        .is_some_and(|r| r.contains("CannotPullContainer"));
    let named = container.or_else(|| task.containers.first().filter(|_| told))?;
    let image = named.image.as_deref().unwrap_or("of its image");
    Some(Cause {
        text: format!("image {image} cannot be pulled"),
        container: Some(named.name.clone()),
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
pub(crate) mod tests {
    use super::*;
    use crate::domain::arn::{ClusterArn, TaskDefinitionArn};
    use jiff::Timestamp;

    fn at(second: i64) -> Option<Timestamp> {
        Timestamp::from_second(second).ok()
    }

    /// A task that ran four seconds and ended.
    pub(crate) fn stopped(id: &str, reason: &str, container: Container) -> Task {
        Task {
            arn: TaskArn::new(format!("arn:aws:ecs:eu-west-1:1:task/prod/{id}")),
            cluster: ClusterArn::new("arn:aws:ecs:eu-west-1:1:cluster/prod"),
            group: Some("service:web".into()),
            task_definition: TaskDefinitionArn::new(
                "arn:aws:ecs:eu-west-1:1:task-definition/web:2",
            ),
            last_status: "STOPPED".into(),
            desired_status: "STOPPED".into(),
            health: None,
            started_by: Some("ecs-svc/2".into()),
            containers: vec![container],
            created_at: at(90),
            started_at: at(100),
            stopping_at: at(104),
            stopped_at: at(110),
            stopped_reason: Some(reason.into()),
            stop_code: Some("EssentialContainerExited".into()),
            launch_type: None,
            availability_zone: None,
            cpu: None,
            memory: None,
        }
    }

    fn container(exit_code: Option<i32>, reason: Option<&str>) -> Container {
        Container {
            name: "app".into(),
            image: Some("web:2".into()),
            status: "STOPPED".into(),
            exit_code,
            reason: reason.map(str::to_owned),
            health: None,
        }
    }

    #[test]
    fn the_most_common_cause_wins_and_is_counted() {
        let crash = || container(Some(1), None);
        let tasks = [
            stopped("a", "Essential container in task exited", crash()),
            stopped("b", "Essential container in task exited", crash()),
            stopped(
                "c",
                "Task failed container health checks",
                container(None, None),
            ),
        ];
        let found = diagnose(&tasks, Some(&DeploymentId::new("ecs-svc/2"))).unwrap();
        assert_eq!(found.headline, "container app exits 1 within 4 s, 2 times");
        assert_eq!(found.tasks, 2);
    }

    #[test]
    fn memory_image_and_health_are_named() {
        let headline = |task: Task| diagnose(&[task], None).unwrap().headline;
        let oom = container(
            Some(137),
            Some("OutOfMemoryError: Container killed due to memory usage"),
        );
        assert_eq!(
            headline(stopped("a", "", oom)),
            "container app runs out of memory within 4 s"
        );
        let pull = stopped(
            "a",
            "CannotPullContainerError: not found",
            container(None, None),
        );
        assert_eq!(headline(pull), "image web:2 cannot be pulled");
        let elb = stopped(
            "a",
            "Task failed ELB health checks in (target-group x)",
            container(None, None),
        );
        assert_eq!(headline(elb), "fails the load balancer's health check");
    }

    #[test]
    fn another_deployment_and_a_purposeful_stop_are_no_evidence() {
        let crash = stopped(
            "a",
            "Essential container in task exited",
            container(Some(1), None),
        );
        assert_eq!(
            diagnose(
                std::slice::from_ref(&crash),
                Some(&DeploymentId::new("ecs-svc/9"))
            ),
            None
        );
        let scaled = Task {
            stop_code: Some("ServiceSchedulerInitiated".into()),
            stopped_reason: Some("Scaling activity initiated by (deployment ecs-svc/9)".into()),
            ..crash
        };
        assert_eq!(diagnose(&[scaled], None), None);
    }
}
