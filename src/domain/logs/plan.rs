//! Where the log lines of tasks are, by the `awslogs` options of their task definitions.

use super::{LogSource, StreamName};
use crate::domain::arn::TaskArn;
use crate::domain::task::Task;
use crate::domain::task_definition::{ContainerDefinition, LogDestination, TaskDefinition};

/// The log driver that leaves it to another container where lines go.
const FIRELENS: &str = "awsfirelens";

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
    /// A sentence for each container whose lines cannot be found, then one for each whose lines can
    /// be lost before they get to `CloudWatch`.
    pub notes: Vec<String>,
}

/// The stream that a container of a task writes to; `None` where that cannot be told.
pub fn container_stream(container: &ContainerDefinition, task: &TaskArn) -> Option<StreamName> {
    match &container.logs {
        LogDestination::CloudWatch {
            group,
            region,
            prefix,
            ..
        } => Some(StreamName {
            region: region.clone(),
            group: group.clone(),
            stream: format!("{prefix}/{}/{}", container.name, task.name()),
        }),
        LogDestination::NoPrefix { .. } | LogDestination::OtherDriver(_) | LogDestination::None => {
            None
        }
    }
}

/// Finds the streams of the tasks of a source by the `awslogs` options of their task definitions.
/// `definition` gives a task's, or says why it is not known.
pub fn log_plan<'a>(
    source: &LogSource,
    tasks: impl IntoIterator<Item = &'a Task>,
    definition: impl Fn(&Task) -> Result<&'a TaskDefinition, String>,
) -> LogPlan {
    let mut plan = LogPlan::default();
    let mut losses = Vec::new();
    for task in tasks {
        let definition = match definition(task) {
            Ok(definition) => definition,
            Err(why) => {
                note(&mut plan.notes, why);
                continue;
            }
        };
        let containers = definition.containers.iter();
        for container in containers.filter(|container| source.has_container(&container.name)) {
            match container_stream(container, &task.arn) {
                Some(stream) => add(&mut plan.streams, stream),
                None => note(&mut plan.notes, why_not(container)),
            }
            if let LogDestination::CloudWatch { may_drop: true, .. } = container.logs {
                note(&mut losses, loss(container));
            }
        }
    }
    plan.notes.append(&mut losses);
    plan
}

/// Why the lines of a container cannot be shown.
fn why_not(container: &ContainerDefinition) -> String {
    let name = &container.name;
    match &container.logs {
        LogDestination::NoPrefix { group } => format!(
            "container {name} logs to {group} without awslogs-stream-prefix: its stream cannot be \
             told"
        ),
        LogDestination::OtherDriver(driver) if driver == FIRELENS => format!(
            "container {name} logs with FireLens ({driver}): where its lines go only its own \
             configuration tells"
        ),
        LogDestination::OtherDriver(driver) => {
            format!("container {name} logs with the driver {driver}, not to CloudWatch")
        }
        LogDestination::None | LogDestination::CloudWatch { .. } => {
            format!("container {name} has no log configuration")
        }
    }
}

fn loss(container: &ContainerDefinition) -> String {
    let name = &container.name;
    format!(
        "container {name} logs with mode non-blocking: when CloudWatch takes its lines too slowly, \
         some are lost"
    )
}

fn note(notes: &mut Vec<String>, text: String) {
    if !notes.contains(&text) {
        notes.push(text);
    }
}

fn add(streams: &mut Vec<LogStreams>, found: StreamName) {
    let known = streams
        .iter_mut()
        .find(|streams| streams.group == found.group && streams.region == found.region);
    match known {
        Some(streams) => streams.names.push(found.stream),
        None => streams.push(LogStreams {
            group: found.group,
            region: found.region,
            names: vec![found.stream],
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::{cluster, definition, running, service_arn, task_arn};

    fn web() -> LogSource {
        LogSource::Service {
            cluster: cluster("prod"),
            service: service_arn("web"),
        }
    }

    fn sidecar(region: &str) -> TaskDefinition {
        let mut known = definition(2, "ACTIVE");
        let mut proxy = known.containers[0].clone();
        proxy.name = "proxy".into();
        proxy.logs = LogDestination::CloudWatch {
            group: "mesh".into(),
            region: Some(region.into()),
            prefix: "a/b".into(),
            may_drop: true,
        };
        known.containers.push(proxy);
        known
    }

    #[test]
    fn each_container_of_each_task_has_a_stream_in_its_group() {
        let known = definition(2, "ACTIVE");
        let tasks = [running("one"), running("two")];
        let plan = log_plan(&web(), &tasks, |_| Ok(&known));
        assert_eq!(plan.notes, Vec::<String>::new());
        assert_eq!(plan.streams.len(), 1);
        assert_eq!(plan.streams[0].group, "web");
        assert_eq!(plan.streams[0].names, ["ecs/app/one", "ecs/app/two"]);
    }

    #[test]
    fn a_sidecar_logs_where_its_own_options_say() {
        let known = sidecar("eu-north-1");
        let tasks = [running("one"), running("two")];
        let plan = log_plan(&web(), &tasks, |_| Ok(&known));
        let mesh = LogStreams {
            group: "mesh".into(),
            region: Some("eu-north-1".into()),
            names: vec!["a/b/proxy/one".into(), "a/b/proxy/two".into()],
        };
        assert_eq!(plan.streams.len(), 2);
        assert_eq!(plan.streams[1], mesh);
        assert_eq!(plan.notes.len(), 1, "said once: {:?}", plan.notes);
        assert!(plan.notes[0].contains("proxy logs with mode non-blocking"));
    }

    #[test]
    fn one_container_brings_only_its_own_streams_and_notes() {
        let known = sidecar("eu-north-1");
        let source = LogSource::Container {
            cluster: cluster("prod"),
            task: task_arn("one"),
            container: "app".into(),
        };
        let plan = log_plan(&source, &[running("one")], |_| Ok(&known));
        assert_eq!(plan.streams.len(), 1);
        assert_eq!(plan.streams[0].names, ["ecs/app/one"]);
        assert_eq!(plan.notes, Vec::<String>::new());
    }

    #[test]
    fn what_cannot_be_shown_is_said_once() {
        let say = |logs: LogDestination| {
            let mut known = definition(2, "ACTIVE");
            known.containers[0].logs = logs;
            let tasks = [running("one"), running("two")];
            let plan = log_plan(&web(), &tasks, |_| Ok(&known));
            assert_eq!(plan.streams, []);
            assert_eq!(plan.notes.len(), 1);
            plan.notes[0].clone()
        };
        let no_prefix = LogDestination::NoPrefix {
            group: "web".into(),
        };
        assert!(say(no_prefix).contains("awslogs-stream-prefix"));
        assert!(say(LogDestination::OtherDriver("awsfirelens".into())).contains("FireLens"));
        assert!(say(LogDestination::OtherDriver("splunk".into())).contains("driver splunk"));
        assert!(say(LogDestination::None).contains("no log configuration"));
        let unread = log_plan(&web(), &[running("one")], |_| Err("not read".into()));
        assert_eq!(unread.notes, ["not read"]);
    }
}
