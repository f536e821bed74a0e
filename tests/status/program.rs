//! Runs the binary against a simulated AWS.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Output};
use std::time::{SystemTime, UNIX_EPOCH};

use cutover::sim::clock::SimTime;
use cutover::sim::server::{SimOptions, SimServer};
use serde_json::Value;

use crate::schema;

/// A simulator whose clock stands still at about the real time, which is the clock of the program.
/// Whole seconds make durations the same in every run.
pub async fn simulator(scenario: Option<&str>) -> SimServer {
    simulator_with(scenario, |_| {}).await
}

pub async fn simulator_with(
    scenario: Option<&str>,
    change: impl FnOnce(&mut SimOptions),
) -> SimServer {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let mut options = SimOptions {
        scenario: scenario.map(str::to_owned),
        paused: true,
        start: Some(SimTime(i64::try_from(now.as_secs()).unwrap() * 1000)),
        limits: false,
        ..SimOptions::default()
    };
    change(&mut options);
    SimServer::start(options).await.unwrap()
}

/// What a run of the program came to.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    /// The report, which has the documented shape.
    pub fn report(&self) -> Value {
        let report = serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error}: {}\n{}", self.out, self.err));
        let faults = schema::faults(&report);
        assert!(faults.is_empty(), "{}\n{}", faults.join("\n"), self.out);
        report
    }
}

/// `cutover` with nothing of this machine's environment but what is given here.
pub struct Program {
    command: Command,
    _home: tempfile::TempDir,
}

impl Program {
    /// With these arguments, and no AWS configuration at all.
    pub fn new(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cutover"));
        command.args(arguments);
        Self::bare(command)
    }

    /// A line of bash, in which `$CUTOVER` is the program.
    #[cfg(unix)]
    pub fn shell(line: &str) -> Self {
        let mut command = Command::new("bash");
        command.args(["-c", line]);
        Self::bare(command).with("CUTOVER", env!("CARGO_BIN_EXE_cutover"))
    }

    fn bare(mut command: Command) -> Self {
        let home = tempfile::tempdir().unwrap();
        command
            .env_clear()
            .env("HOME", home.path())
            .env("AWS_EC2_METADATA_DISABLED", "true");
        Self {
            command,
            _home: home,
        }
    }

    /// Pointed at a simulator, as `cutover sim` says.
    pub fn at(self, server: &SimServer) -> Self {
        self.with("AWS_ENDPOINT_URL", &server.endpoint())
            .with("AWS_REGION", server.region())
            .with_keys()
    }

    pub fn with_keys(self) -> Self {
        self.with("AWS_ACCESS_KEY_ID", "AKIADEMODEMODEMODEMO")
            .with("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it to its end, away from the threads that the simulator answers on.
    pub async fn run(mut self) -> Run {
        let output: Output = tokio::task::spawn_blocking(move || self.command.output())
            .await
            .unwrap()
            .unwrap();
        Run {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// `cutover status -o json` against a simulator.
pub async fn json(server: &SimServer) -> Run {
    Program::new(&["status", "-o", "json"])
        .at(server)
        .run()
        .await
}

/// Steers the simulator; the answer has to be a success.
pub async fn steer(server: &SimServer, method: &str, path: &str, body: &Value) -> Value {
    let (addr, body) = (server.addr(), body.to_string());
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(addr).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    })
    .await
    .unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    serde_json::from_str(body).unwrap()
}

/// Puts faults in the way of calls.
pub async fn break_with(server: &SimServer, faults: Value) {
    steer(server, "POST", "/_sim/faults", &faults).await;
}
