//! The simulated AWS in the test's own process, and clients to look at it from the side.

mod delivery;
mod logs;
mod pipelines;
mod shift;

pub use shift::Rule;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_ecs::config::{Credentials, SharedCredentialsProvider};
use cutover::sim::clock::SimTime;
use cutover::sim::server::{SimOptions, SimServer};
use serde_json::Value;
use tokio::runtime::Runtime;

/// 2026-11-21 02:41:00 UTC.
const START: SimTime = SimTime(1_795_228_860_000);

pub struct Simulator {
    runtime: Runtime,
    server: SimServer,
    ecs: aws_sdk_ecs::Client,
    /// What a client of any other service is made from.
    aws: SdkConfig,
}

impl Simulator {
    /// A scenario whose clock stands still.
    pub fn paused(scenario: &str) -> Self {
        let options = SimOptions {
            scenario: Some(scenario.to_owned()),
            paused: true,
            start: Some(START),
            limits: false,
            ..SimOptions::default()
        };
        Self::start(options)
    }

    pub fn start(options: SimOptions) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        let runtime = runtime.unwrap();
        let server = runtime.block_on(SimServer::start(options)).unwrap();
        let credentials = Credentials::new("id", "key", None, None, "test");
        let aws = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(server.region().to_owned()))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .endpoint_url(server.endpoint())
            .build();
        Self {
            runtime,
            server,
            ecs: aws_sdk_ecs::Client::new(&aws),
            aws,
        }
    }

    pub fn endpoint(&self) -> String {
        self.server.endpoint()
    }

    /// Moves the clock on by hand.
    pub fn advance(&self, seconds: u32) {
        self.post("/_sim/advance", &format!("{{\"seconds\":{seconds}}}"));
    }

    /// Moves the clock on, five seconds at a time, until a condition holds.
    #[track_caller]
    pub fn advance_until(&self, most: u32, condition: impl Fn(&Self) -> bool) {
        for _ in 0..most.div_ceil(5) {
            if condition(self) {
                return;
            }
            self.advance(5);
        }
        assert!(condition(self), "not reached in {most} simulated seconds");
    }

    /// Waits, in real time, until AWS has seen something.
    #[track_caller]
    pub fn wait_for(&self, what: &str, condition: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !condition(self) {
            assert!(Instant::now() < deadline, "waited for {what}");
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    /// Replaces the faults.
    pub fn faults(&self, faults: &str) {
        self.post("/_sim/faults", faults);
    }

    /// How often an operation was called, such as `ecs.UpdateService`, whatever came of it.
    pub fn calls(&self, operation: &str) -> u64 {
        let calls = self.request("GET /_sim/calls", "");
        let counts = calls["operations"][operation].as_object();
        counts.map_or(0, |counts| counts.values().filter_map(Value::as_u64).sum())
    }

    /// A service as AWS tells it.
    pub fn service(&self, cluster: &str, service: &str) -> aws_sdk_ecs::types::Service {
        let asked = self
            .ecs
            .describe_services()
            .cluster(cluster)
            .services(service)
            .send();
        let answer = self.runtime.block_on(asked).unwrap();
        answer
            .services()
            .first()
            .expect("the service is there")
            .clone()
    }

    /// `family:revision` of what the service is meant to run.
    pub fn task_definition(&self, cluster: &str, service: &str) -> String {
        let arn = self.service(cluster, service).task_definition.unwrap();
        arn.rsplit('/').next().unwrap().to_owned()
    }

    /// The statuses of the service's releases as AWS tells them, newest first.
    pub fn release_statuses(&self, cluster: &str, service: &str) -> Vec<String> {
        let asked = self
            .ecs
            .list_service_deployments()
            .cluster(cluster)
            .service(service)
            .send();
        let answer = self.runtime.block_on(asked).unwrap();
        let mut found = answer.service_deployments.unwrap_or_default();
        found.sort_by_key(|deployment| std::cmp::Reverse(deployment.created_at));
        found
            .into_iter()
            .map(|found| found.status.unwrap().as_str().to_owned())
            .collect()
    }

    fn post(&self, path: &str, body: &str) {
        self.request(&format!("POST {path}"), body);
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
