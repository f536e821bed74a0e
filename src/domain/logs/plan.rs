//! Where the log lines of tasks are, by the `awslogs` options of their task definitions.

use super::StreamName;
use crate::domain::task::Task;
use crate::domain::task_definition::{LogDestination, TaskDefinition};

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

impl LogStreams {
    /// The whole name of a stream of the group.
    pub fn stream(&self, name: &str) -> StreamName {
        StreamName {
            region: self.region.clone(),
            group: self.group.clone(),
            stream: name.to_owned(),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::{definition, running};

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
}
