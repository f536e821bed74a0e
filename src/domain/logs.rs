//! Log lines and where to find them.

use jiff::Timestamp;

use super::arn::{ClusterArn, ServiceArn, TaskArn};
use super::task::Task;
use super::task_definition::{LogDestination, TaskDefinition};

/// Whose lines are shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogSource {
    /// All tasks of a service.
    Service {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
    },
    /// One task.
    Task {
        /// The cluster.
        cluster: ClusterArn,
        /// The task.
        task: TaskArn,
    },
}

impl LogSource {
    /// The name for a title.
    pub fn name(&self) -> &str {
        match self {
            Self::Service { service, .. } => service.name(),
            Self::Task { task, .. } => task.short(),
        }
    }
}

/// One line of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// `CloudWatch`'s id of the event: tells whether a line was seen before.
    pub id: String,
    /// The time that the line carries.
    pub at: Timestamp,
    /// The container.
    pub container: String,
    /// The task's id.
    pub task: String,
    /// The line, without control characters.
    pub message: String,
}

/// The streams of one log group to read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogStreams {
    /// The log group.
    pub group: String,
    /// The Region, where the container names another one.
    pub region: Option<String>,
    /// `prefix/container/task id`.
    pub names: Vec<String>,
}

/// Where the lines of some tasks are, and what cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LogPlan {
    /// What to read.
    pub streams: Vec<LogStreams>,
    /// A sentence for each container whose lines cannot be found.
    pub notes: Vec<String>,
}

/// Finds the streams of tasks by the `awslogs` options of their task definitions.
pub fn log_plan<'a>(
    tasks: impl IntoIterator<Item = &'a Task>,
    definition: impl Fn(&Task) -> Option<&'a TaskDefinition>,
) -> LogPlan {
    let mut plan = LogPlan::default();
    for task in tasks {
        let Some(definition) = definition(task) else {
            note(
                &mut plan,
                format!("{} is not read yet", task.task_definition.family_revision()),
            );
            continue;
        };
        for container in &definition.containers {
            match &container.logs {
                LogDestination::CloudWatch {
                    group,
                    region,
                    prefix,
                } => {
                    let name = format!("{prefix}/{}/{}", container.name, task.arn.name());
                    add(&mut plan, group, region.as_deref(), name);
                }
                LogDestination::NoPrefix { group } => note(
                    &mut plan,
                    format!(
                        "container {} logs to {group} without awslogs-stream-prefix: its stream \
                         cannot be told",
                        container.name
                    ),
                ),
                LogDestination::OtherDriver(driver) => note(
                    &mut plan,
                    format!(
                        "container {} logs with the driver {driver}, not to CloudWatch",
                        container.name
                    ),
                ),
                LogDestination::None => {
                    note(
                        &mut plan,
                        format!("container {} has no log configuration", container.name),
                    );
                }
            }
        }
    }
    plan
}

fn note(plan: &mut LogPlan, text: String) {
    if !plan.notes.contains(&text) {
        plan.notes.push(text);
    }
}

fn add(plan: &mut LogPlan, group: &str, region: Option<&str>, name: String) {
    let known = plan
        .streams
        .iter_mut()
        .find(|streams| streams.group == group && streams.region.as_deref() == region);
    match known {
        Some(streams) => streams.names.push(name),
        None => plan.streams.push(LogStreams {
            group: group.to_owned(),
            region: region.map(str::to_owned),
            names: vec![name],
        }),
    }
}

/// The task id at the end of a stream's name, and the container before it.
pub fn stream_parts(stream: &str) -> (&str, &str) {
    let mut parts = stream.rsplit('/');
    let task = parts.next().unwrap_or_default();
    (parts.next().unwrap_or_default(), task)
}
