//! `StartLiveTail` as a client sees it: an event stream whose seconds are those of the simulator.

use std::time::Duration;

use aws_smithy_eventstream::frame::{DecodedFrame, MessageFrameDecoder};
use aws_smithy_eventstream::smithy::parse_response_headers;
use cutover::sim::server::SimServer;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};

use crate::raw::{signature, simulator, simulator_with, steer};

const GROUP: &str = "arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/web";

/// What a client reads next.
#[derive(Debug, PartialEq)]
enum Next {
    Message(String, Value),
    /// The answer is complete.
    End,
    /// The connection broke, or what came is no message.
    Broken,
}

/// A session that is open.
struct Tail {
    body: Incoming,
    decoder: MessageFrameDecoder,
    buffer: Vec<u8>,
}

impl Tail {
    /// Opens a session and reads the two messages at its start.
    async fn open(server: &SimServer) -> Self {
        let response = start(server, &json!({"logGroupIdentifiers": [GROUP]})).await;
        assert_eq!(response.status(), 200);
        let kind = response.headers().get("content-type").unwrap();
        assert_eq!(kind, "application/vnd.amazon.eventstream");
        assert!(response.headers().contains_key("x-amzn-requestid"));
        let mut tail = Self {
            body: response.into_body(),
            decoder: MessageFrameDecoder::new(),
            buffer: Vec::new(),
        };
        let Next::Message(kind, _) = tail.next().await else {
            panic!("it starts with a message");
        };
        assert_eq!(kind, "initial-response");
        let Next::Message(kind, start) = tail.next().await else {
            panic!("it goes on with a message");
        };
        assert_eq!(kind, "sessionStart");
        assert_eq!(start["logGroupIdentifiers"], json!([GROUP]));
        tail
    }

    async fn next(&mut self) -> Next {
        loop {
            let mut rest = self.buffer.as_slice();
            let frame = self.decoder.decode_frame(&mut rest);
            let used = self.buffer.len() - rest.len();
            self.buffer.drain(..used);
            match frame {
                Ok(DecodedFrame::Complete(message)) => {
                    let kind = parse_response_headers(&message).unwrap();
                    let content = serde_json::from_slice(message.payload()).unwrap();
                    return Next::Message(kind.smithy_type.as_str().to_owned(), content);
                }
                Ok(DecodedFrame::Incomplete) => {}
                Err(_) => return Next::Broken,
            }
            match self.body.frame().await {
                None => return Next::End,
                Some(Err(_)) => return Next::Broken,
                Some(Ok(frame)) => self.buffer.extend(frame.into_data().unwrap()),
            }
        }
    }

    /// The texts of the next update.
    async fn texts(&mut self) -> Vec<String> {
        let Next::Message(kind, update) = self.next().await else {
            panic!("an update is due");
        };
        assert_eq!(kind, "sessionUpdate");
        let results = update["sessionResults"].as_array().unwrap();
        let text = |one: &Value| one["message"].as_str().unwrap().to_owned();
        results.iter().map(text).collect()
    }
}

async fn start(server: &SimServer, input: &Value) -> Response<Incoming> {
    let stream = tokio::net::TcpStream::connect(server.addr()).await.unwrap();
    let io = TokioIo::new(stream);
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
    tokio::spawn(connection);
    let request = Request::post("/")
        .header("host", "stream-logs.eu-west-1.amazonaws.com")
        .header("x-amz-target", "Logs_20140328.StartLiveTail")
        .header("authorization", signature("logs", "eu-west-1"))
        .body(Full::new(Bytes::from(input.to_string())))
        .unwrap();
    sender.send_request(request).await.unwrap()
}

async fn code(server: &SimServer) -> String {
    let response = start(server, &json!({"logGroupIdentifiers": [GROUP]})).await;
    assert_eq!(response.status(), 400);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let body: Value = serde_json::from_slice(&body).unwrap();
    body["__type"].as_str().unwrap().to_owned()
}

async fn append(server: &SimServer, messages: &[&str]) {
    let lines: Vec<Value> = messages.iter().map(|it| json!({"message": it})).collect();
    let body =
        json!({"region": "eu-west-1", "group": "/ecs/web", "stream": "web/app/1", "lines": lines});
    let answer = steer(server, "POST", "/_sim/logs", &body.to_string()).await;
    assert_eq!(answer["appended"], messages.len());
}

async fn advance(server: &SimServer, seconds: f64) {
    let body = json!({"seconds": seconds}).to_string();
    steer(server, "POST", "/_sim/advance", &body).await;
}

async fn set_fault(server: &SimServer, fault: Value) {
    steer(server, "POST", "/_sim/faults", &json!([fault]).to_string()).await;
}

#[tokio::test]
async fn lines_come_with_the_seconds_of_the_simulator() {
    let server = simulator().await;
    append(&server, &["old"]).await;
    advance(&server, 0.001).await;
    let mut tail = Tail::open(&server).await;
    append(&server, &["at once"]).await;
    advance(&server, 0.5).await;
    append(&server, &["a", "b"]).await;
    // The clock stands still, and nothing comes however long one waits.
    let early = tokio::time::timeout(Duration::from_millis(50), tail.next()).await;
    assert!(early.is_err(), "{early:?}");
    advance(&server, 0.5).await;
    assert_eq!(tail.texts().await, ["at once", "a", "b"]);
    append(&server, &["c"]).await;
    // A jump sends what lies in between, second by second.
    advance(&server, 3.0).await;
    assert_eq!(tail.texts().await, ["c"]);
    assert_eq!(tail.texts().await, Vec::<String>::new());
    assert_eq!(tail.texts().await, Vec::<String>::new());
    server.shutdown().await;
}

#[tokio::test]
async fn a_clock_that_runs_sends_by_itself() {
    let server = simulator_with(|options| {
        options.paused = false;
        options.speed = 100.0;
    })
    .await;
    append(&server, &["old"]).await;
    let mut tail = Tail::open(&server).await;
    for _ in 0..20 {
        tail.texts().await;
    }
    server.shutdown().await;
}

#[tokio::test]
async fn a_session_can_end_in_every_way() {
    let server = simulator().await;
    append(&server, &["old"]).await;
    for (end, kind) in [
        ("timeout", "SessionTimeoutException"),
        ("exception", "SessionStreamingException"),
        ("close", ""),
        ("break", "broken"),
        ("truncate", "broken"),
        ("garbage", "broken"),
    ] {
        set_fault(
            &server,
            json!({"operation": "logs.StartLiveTail", "kind": "session", "updates": 2, "end": end}),
        )
        .await;
        let mut tail = Tail::open(&server).await;
        advance(&server, 5.0).await;
        tail.texts().await;
        tail.texts().await;
        match (tail.next().await, kind) {
            (Next::Message(got, _), kind) => {
                assert_eq!(got, kind, "{end}");
                assert_eq!(tail.next().await, Next::End, "{end}");
            }
            (next, "broken") => assert_eq!(next, Next::Broken, "{end}"),
            (next, _) => assert_eq!(next, Next::End, "{end}"),
        }
    }
    server.shutdown().await;
}

#[tokio::test]
async fn open_sessions_can_be_ended_at_once() {
    let server = simulator().await;
    append(&server, &["old"]).await;
    let mut tail = Tail::open(&server).await;
    let open = steer(&server, "POST", "/_sim/sessions", r#"{"end": "timeout"}"#).await;
    assert_eq!(open["open"].as_array().map(Vec::len), Some(1));
    let Next::Message(kind, _) = tail.next().await else {
        panic!("the session says why it ends");
    };
    assert_eq!(kind, "SessionTimeoutException");
    assert_eq!(tail.next().await, Next::End);
    let mut tail = Tail::open(&server).await;
    steer(&server, "POST", "/_sim/reset", "").await;
    assert_eq!(tail.next().await, Next::Broken);
    server.shutdown().await;
}

#[tokio::test]
async fn a_session_that_hangs_ends_with_the_server() {
    let server = simulator().await;
    append(&server, &["old"]).await;
    set_fault(
        &server,
        json!({"operation": "logs.StartLiveTail", "kind": "session", "end": "hang"}),
    )
    .await;
    let mut tail = Tail::open(&server).await;
    advance(&server, 5.0).await;
    let waited = tokio::time::timeout(Duration::from_millis(50), tail.next()).await;
    assert!(waited.is_err(), "{waited:?}");
    server.shutdown().await;
    assert_eq!(tail.next().await, Next::Broken);
}

#[tokio::test]
async fn a_client_that_goes_frees_its_place() {
    let server = simulator().await;
    append(&server, &["old"]).await;
    let mut tails = Vec::new();
    for _ in 0..15 {
        tails.push(Tail::open(&server).await);
    }
    assert_eq!(code(&server).await, "LimitExceededException");
    drop(tails);
    // The server hears of it when it reads the connection, which is soon.
    loop {
        let sessions = steer(&server, "GET", "/_sim/sessions", "").await;
        if sessions["open"].as_array().is_some_and(Vec::is_empty) {
            break;
        }
        tokio::task::yield_now().await;
    }
    Tail::open(&server).await;
    let calls = steer(&server, "GET", "/_sim/calls", "").await;
    assert_eq!(
        calls["operations"]["logs.StartLiveTail"],
        json!({"200": 16, "400": 1})
    );
    server.shutdown().await;
}

#[tokio::test]
async fn a_session_can_be_refused_or_throttled() {
    let server = simulator().await;
    assert_eq!(code(&server).await, "ResourceNotFoundException");
    for refused in ["AccessDeniedException", "ThrottlingException"] {
        set_fault(
            &server,
            json!({"operation": "logs.StartLiveTail", "kind": "error", "code": refused}),
        )
        .await;
        assert_eq!(code(&server).await, refused);
    }
    server.shutdown().await;
}
