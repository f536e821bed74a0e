//! The simulated AWS in the bench's own process, which the program talks to over a socket.

use std::io::{Read, Write};
use std::net::TcpStream;

use aws_sdk_ecs::config::{BehaviorVersion, Credentials, Region};
use cutover::sim::server::{SimOptions, SimServer};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// Services of the fleet that is measured.
pub const SERVICES: u32 = 2_000;
/// Clusters of the fleet that is measured.
pub const CLUSTERS: u32 = 40;
/// Pipelines, where these are measured.
pub const PIPELINES: u32 = 500;
/// Services that they deploy to.
const SERVICES_OF_PIPELINES: u32 = 50;

/// A simulated AWS that is running.
pub struct Simulator {
    runtime: Runtime,
    server: SimServer,
}

impl Simulator {
    /// Starts one with the large fleet. The token buckets are on.
    pub fn fleet() -> Self {
        Self::start(SimOptions {
            services: Some(SERVICES),
            clusters: Some(CLUSTERS),
            ..SimOptions::default()
        })
    }

    /// Starts one with few services and many pipelines.
    pub fn pipelines() -> Self {
        Self::start(SimOptions {
            services: Some(SERVICES_OF_PIPELINES),
            clusters: Some(2),
            pipelines: Some(PIPELINES),
            ..SimOptions::default()
        })
    }

    /// Starts one whose clock stands still, from the text of a scenario.
    pub fn standing_still(scenario: &str) -> Self {
        let file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
        std::fs::write(file.path(), scenario).unwrap();
        Self::start_with(SimOptions {
            scenario: Some(file.path().to_str().unwrap().to_owned()),
            paused: true,
            ..SimOptions::default()
        })
    }

    fn start(mut options: SimOptions) -> Self {
        options.scenario = Some("fleet".to_owned());
        Self::start_with(options)
    }

    fn start_with(options: SimOptions) -> Self {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(SimServer::start(options)).unwrap();
        Self { runtime, server }
    }

    /// Where it answers.
    pub fn endpoint(&self) -> String {
        self.server.endpoint()
    }

    /// The region of its world.
    pub fn region(&self) -> &str {
        self.server.region()
    }

    /// Moves its clock on.
    pub fn advance(&self, seconds: u32) {
        self.request("POST /_sim/advance", &format!("{{\"seconds\":{seconds}}}"));
    }

    /// Does something to every call from now on, such as `"kind": "delay", "milliseconds": 5000`.
    pub fn fault(&self, kind: &str) {
        self.request(
            "POST /_sim/faults",
            &format!("[{{\"operation\": \"*\", {kind}}}]"),
        );
    }

    /// How many calls came so far, and what became of them.
    pub fn calls(&self) -> Calls {
        Calls(self.request("GET /_sim/calls", ""))
    }

    /// Starts a release of a number of services, each in a cluster of its own: their tasks are
    /// replaced by others of the same task definition. Each costs two calls, which are counted too.
    pub fn release(&self, count: usize) {
        let config = aws_sdk_ecs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.region().to_owned()))
            .credentials_provider(Credentials::new("id", "key", None, None, "bench"))
            .endpoint_url(self.endpoint())
            .build();
        let ecs = aws_sdk_ecs::Client::from_conf(config);
        self.runtime.block_on(async {
            let clusters = ecs.list_clusters().send().await.unwrap();
            for cluster in clusters.cluster_arns().iter().take(count) {
                let services = ecs.list_services().cluster(cluster).send().await.unwrap();
                let service = services.service_arns().first().unwrap();
                let update = ecs.update_service().cluster(cluster).service(service);
                update.force_new_deployment(true).send().await.unwrap();
            }
        });
    }

    /// The names of the streams of a log group.
    pub fn log_streams(&self, group: &str) -> Vec<String> {
        let config = aws_sdk_cloudwatchlogs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.region().to_owned()))
            .credentials_provider(Credentials::new("id", "key", None, None, "bench"))
            .endpoint_url(self.endpoint())
            .build();
        let logs = aws_sdk_cloudwatchlogs::Client::from_conf(config);
        self.runtime.block_on(async {
            let streams = logs.describe_log_streams().log_group_name(group);
            let streams = streams.send().await.unwrap();
            let names = streams.log_streams().iter();
            names
                .map(|stream| stream.log_stream_name().unwrap().to_owned())
                .collect()
        })
    }

    /// Writes lines with the numbers from `numbers.0` on, `numbers.1` of them, whose times are spread
    /// over the next second. `{seq}` in the text is the number.
    pub fn write_logs(&self, group: &str, stream: &str, text: &str, numbers: (u64, u64)) {
        let (first, count) = numbers;
        let lines = json!({"text": text, "count": count, "first": first, "over": 1});
        let body = json!({"group": group, "stream": stream, "numbered": lines});
        self.request("POST /_sim/logs", &body.to_string());
    }

    fn request(&self, line: &str, body: &str) -> Value {
        let mut stream = TcpStream::connect(self.server.addr()).unwrap();
        write!(
            stream,
            "{line} HTTP/1.1\r\nhost: sim\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
        serde_json::from_str(body).unwrap()
    }
}

/// The simulator's counts of calls at one moment.
pub struct Calls(Value);

impl Calls {
    /// All calls.
    pub fn total(&self) -> u64 {
        self.0["total"].as_u64().unwrap()
    }

    /// The calls of an operation such as `codepipeline.GetPipelineState`, or of all whose names begin
    /// like this.
    pub fn of(&self, operation: &str) -> u64 {
        let operations = self.0["operations"].as_object().unwrap().iter();
        operations
            .filter(|(name, _)| name.starts_with(operation))
            .filter_map(|(_, outcomes)| outcomes.as_object())
            .flat_map(serde_json::Map::values)
            .filter_map(Value::as_u64)
            .sum()
    }

    /// The calls that were refused because a token bucket was empty.
    pub fn throttled(&self) -> u64 {
        self.0["errors"]["ThrottlingException"]
            .as_u64()
            .unwrap_or(0)
    }

    /// The calls of each operation since an earlier moment, most first.
    pub fn since(&self, earlier: &Self) -> Vec<(String, u64)> {
        let count = |calls: &Value, operation: &str| {
            let outcomes = calls["operations"][operation].as_object();
            outcomes.map_or(0, |counts| counts.values().filter_map(Value::as_u64).sum())
        };
        let operations = self.0["operations"].as_object().unwrap().keys();
        let mut counted: Vec<(String, u64)> = operations
            .map(|name| {
                let calls: u64 = count(&self.0, name);
                (name.clone(), calls - count(&earlier.0, name))
            })
            .filter(|(_, calls)| *calls > 0)
            .collect();
        counted.sort_by_key(|(_, calls)| std::cmp::Reverse(*calls));
        counted
    }
}
