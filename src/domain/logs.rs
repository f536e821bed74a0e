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
    /// One stream as something names it, such as the one that a build writes to.
    Stream {
        /// What writes to it.
        of: String,
        /// The log group.
        group: String,
        /// The stream.
        stream: String,
        /// The Region.
        region: Option<String>,
    },
}

impl LogSource {
    /// The name for a title.
    pub fn name(&self) -> &str {
        match self {
            Self::Service { service, .. } => service.name(),
            Self::Task { task, .. } => task.short(),
            Self::Stream { of, .. } => of,
        }
    }

    /// The stream that an ARN names; `None` for an ARN that names none. `of` is what writes to it.
    pub fn of_stream(of: impl Into<String>, arn: &str) -> Option<Self> {
        let (place, rest) = arn.split_once(":log-group:")?;
        let (group, stream) = rest.split_once(":log-stream:")?;
        let region = place.split(':').nth(3).filter(|region| !region.is_empty());
        Some(Self::Stream {
            of: of.into(),
            group: group.to_owned(),
            stream: stream.to_owned(),
            region: region.map(str::to_owned),
        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::{definition, running};

    #[test]
    fn the_stream_of_a_build_is_named_by_its_arn() {
        let arn = "arn:aws:logs:eu-west-1:1:log-group:/aws/codebuild/shop:log-stream:5b3c/1";
        let found = LogSource::of_stream("Build", arn).unwrap();
        let expected = LogSource::Stream {
            of: "Build".into(),
            group: "/aws/codebuild/shop".into(),
            stream: "5b3c/1".into(),
            region: Some("eu-west-1".into()),
        };
        assert_eq!((found.name(), &found), ("Build", &expected));
        assert_eq!(
            LogSource::of_stream("Build", "arn:aws:logs:eu-west-1:1"),
            None
        );
    }

    #[test]
    fn each_container_of_each_task_has_a_stream_in_its_group() {
        let known = definition(2, "ACTIVE");
        let tasks = [running("one"), running("two")];
        let plan = log_plan(&tasks, |_| Some(&known));
        assert_eq!(plan.notes, Vec::<String>::new());
        assert_eq!(plan.streams.len(), 1);
        assert_eq!(plan.streams[0].group, "web");
        assert_eq!(plan.streams[0].names, ["ecs/app/one", "ecs/app/two"]);
    }

    #[test]
    fn what_cannot_be_shown_is_said_once() {
        let say = |logs: LogDestination| {
            let mut known = definition(2, "ACTIVE");
            known.containers[0].logs = logs;
            let tasks = [running("one"), running("two")];
            let plan = log_plan(&tasks, |_| Some(&known));
            assert_eq!(plan.streams, []);
            assert_eq!(plan.notes.len(), 1);
            plan.notes[0].clone()
        };
        let no_prefix = LogDestination::NoPrefix {
            group: "web".into(),
        };
        assert!(say(no_prefix).contains("awslogs-stream-prefix"));
        assert!(say(LogDestination::OtherDriver("awsfirelens".into())).contains("awsfirelens"));
        assert!(say(LogDestination::None).contains("no log configuration"));
        let unread = log_plan(&[running("one")], |_| None);
        assert_eq!(unread.notes, ["web:2 is not read yet"]);
    }

    #[test]
    fn a_stream_ends_in_container_and_task() {
        assert_eq!(stream_parts("ecs/app/one"), ("app", "one"));
        assert_eq!(stream_parts("a/b/app/one"), ("app", "one"));
        assert_eq!(stream_parts("plain"), ("", "plain"));
        assert_eq!(stream_parts(""), ("", ""));
    }
}
