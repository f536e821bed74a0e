//! A client that writes and reads HTTP by hand, so that broken answers can be seen as they are.

use cutover::sim::clock::SimTime;
use cutover::sim::server::{SimOptions, SimServer};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The moment at which every world here starts.
pub const START: SimTime = SimTime(1_795_000_000_000);

/// A simulator with an empty world whose clock stands still.
pub async fn simulator() -> SimServer {
    simulator_with(|_| {}).await
}

pub async fn simulator_with(change: impl FnOnce(&mut SimOptions)) -> SimServer {
    let mut options = SimOptions {
        paused: true,
        start: Some(START),
        ..SimOptions::default()
    };
    change(&mut options);
    SimServer::start(options).await.unwrap()
}

/// What came back, in pieces.
#[derive(Debug)]
pub struct Received {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Received {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn code(&self) -> String {
        self.json()["__type"].as_str().unwrap().to_owned()
    }

    /// The length that the head promises.
    pub fn promised(&self) -> usize {
        let line = self
            .head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        line.unwrap().parse().unwrap()
    }
}

/// Sends a request and reads until the server closes; none when it closes without an answer.
pub async fn send(
    server: &SimServer,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Option<Received> {
    let mut stream = TcpStream::connect(server.addr()).await.unwrap();
    let mut request = format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        request.extend([name, ": ", value, "\r\n"]);
    }
    stream
        .write_all(format!("{request}\r\n{body}").as_bytes())
        .await
        .unwrap();
    let mut bytes = Vec::new();
    // A connection that breaks off is an end like any other here.
    let _ = stream.read_to_end(&mut bytes).await;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Received {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}

/// The header with a signature for a service and region.
pub fn signature(service: &str, region: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/{region}/{service}/aws4_request, \
         SignedHeaders=host, Signature=00"
    )
}

/// Calls an awsJson operation such as `ecs.ListClusters`.
pub async fn call(server: &SimServer, label: &str, body: &str) -> Option<Received> {
    let (service, operation) = label.split_once('.').unwrap();
    let prefix = match service {
        "ecs" => "AmazonEC2ContainerServiceV20141113",
        "logs" => "Logs_20140328",
        other => other,
    };
    let target = format!("{prefix}.{operation}");
    let signature = signature(service, "eu-west-1");
    let headers = [
        ("x-amz-target", target.as_str()),
        ("authorization", &signature),
    ];
    send(server, "POST", "/", &headers, body).await
}

/// Steers the simulator and gives what it answers, which must be a success.
pub async fn steer(server: &SimServer, method: &str, path: &str, body: &str) -> Value {
    let received = send(server, method, path, &[], body).await.unwrap();
    assert_eq!(received.status, 200, "{received:?}");
    received.json()
}
