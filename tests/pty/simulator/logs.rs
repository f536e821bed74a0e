//! The log streams of the simulated containers, and lines that a test writes into them.

use serde_json::{Value, json};

use super::Simulator;

/// A stream of a log group.
#[derive(Clone, Debug)]
pub struct Stream {
    pub group: String,
    pub name: String,
}

impl Simulator {
    /// The stream of the first container of a task of a service that runs.
    #[track_caller]
    pub fn stream_of(&self, cluster: &str, service: &str) -> Stream {
        let calls = async {
            let tasks = self.ecs.list_tasks().cluster(cluster).service_name(service);
            let tasks = tasks.send().await.unwrap();
            let task = tasks.task_arns()[0].clone();
            let described = self.ecs.describe_tasks().cluster(cluster).tasks(&task);
            let described = described.send().await.unwrap();
            let revision = described.tasks()[0].task_definition_arn().unwrap();
            let definition = self
                .ecs
                .describe_task_definition()
                .task_definition(revision);
            let definition = definition.send().await.unwrap().task_definition.unwrap();
            (task, definition)
        };
        let (task, definition) = self.runtime.block_on(calls);
        let container = &definition.container_definitions()[0];
        let options = container.log_configuration().unwrap().options().unwrap();
        let prefix = &options["awslogs-stream-prefix"];
        let id = task.rsplit('/').next().unwrap();
        Stream {
            group: options["awslogs-group"].clone(),
            name: format!("{prefix}/{}/{id}", container.name().unwrap()),
        }
    }

    /// Writes a line, which can be read at once.
    pub fn writes(&self, stream: &Stream, message: &str) {
        let lines = json!({"lines": [{"message": message, "at": 0, "delay": 0}]});
        self.write(stream, lines);
    }

    /// Writes numbered lines, `line 1 of many` and so on, spread over seconds from now on.
    pub fn writes_many(&self, stream: &Stream, count: u32, over: u32) {
        let numbered = json!({"text": "line {seq} of many", "count": count, "over": over});
        self.write(stream, json!({"numbered": numbered}));
    }

    fn write(&self, stream: &Stream, mut lines: Value) {
        lines["group"] = stream.group.as_str().into();
        lines["stream"] = stream.name.as_str().into();
        self.post("/_sim/logs", &lines.to_string());
    }

    /// How many live tails are open.
    pub fn live_tails(&self) -> usize {
        let sessions = self.request("GET /_sim/sessions", "");
        sessions["open"].as_array().map_or(0, Vec::len)
    }

    /// Ends all live tails in one of the ways that the simulator knows, such as `break`.
    pub fn end_live_tails(&self, end: &str) {
        self.post("/_sim/sessions", &json!({ "end": end }).to_string());
    }
}
