//! Faults, as a client sees them.

use std::time::{Duration, Instant};

use cutover::sim::server::SimServer;
use serde_json::{Value, json};

use crate::raw::{Received, call, simulator, simulator_with, steer};

async fn set(server: &SimServer, faults: Value) {
    steer(server, "POST", "/_sim/faults", &faults.to_string()).await;
}

async fn groups(server: &SimServer) -> Option<Received> {
    call(server, "logs.DescribeLogGroups", "{}").await
}

#[tokio::test]
async fn an_error_hits_chosen_operations_so_many_times() {
    let server = simulator().await;
    let fault = json!({"operation": "logs.Describe*", "kind": "error", "times": 1,
        "code": "AccessDeniedException", "status": 400, "message": "User is not authorized"});
    set(&server, json!([fault])).await;
    let other = call(&server, "logs.CreateLogGroup", r#"{"logGroupName": "/a"}"#)
        .await
        .unwrap();
    assert_eq!(other.status, 200);
    let hit = groups(&server).await.unwrap();
    assert_eq!(
        (hit.status, hit.code().as_str()),
        (400, "AccessDeniedException")
    );
    assert_eq!(groups(&server).await.unwrap().status, 200);
    server.shutdown().await;
}

#[tokio::test]
async fn answers_can_be_late() {
    let server = simulator_with(|options| options.latency = Duration::from_millis(20)).await;
    set(
        &server,
        json!([{"operation": "*", "kind": "delay", "milliseconds": 30}]),
    )
    .await;
    let start = Instant::now();
    assert_eq!(groups(&server).await.unwrap().status, 200);
    assert!(start.elapsed() >= Duration::from_millis(50));
    server.shutdown().await;
}

#[tokio::test]
async fn a_call_that_hangs_is_never_answered_but_ends_with_the_server() {
    let server = simulator().await;
    set(&server, json!([{"operation": "*", "kind": "hang"}])).await;
    let waited = tokio::time::timeout(Duration::from_millis(50), groups(&server)).await;
    assert!(waited.is_err(), "{waited:?}");
    let calls = steer(&server, "GET", "/_sim/calls", "").await;
    assert_eq!(
        calls["operations"]["logs.DescribeLogGroups"],
        json!({"hung": 1})
    );
    server.shutdown().await;
}

#[tokio::test]
async fn a_call_can_be_dropped() {
    let server = simulator().await;
    set(
        &server,
        json!([{"operation": "*", "kind": "drop", "times": 1}]),
    )
    .await;
    assert!(groups(&server).await.is_none());
    assert_eq!(groups(&server).await.unwrap().status, 200);
    server.shutdown().await;
}

#[tokio::test]
async fn answers_can_be_html_or_nonsense() {
    let server = simulator().await;
    set(
        &server,
        json!([
            {"operation": "*", "kind": "html", "status": 503, "times": 1},
            {"operation": "*", "kind": "garbage"},
        ]),
    )
    .await;
    let html = groups(&server).await.unwrap();
    assert_eq!(html.status, 503);
    assert!(html.head.contains("content-type: text/html"));
    let garbage = groups(&server).await.unwrap();
    assert_eq!(garbage.status, 200);
    assert!(serde_json::from_str::<Value>(&garbage.body).is_err());
    server.shutdown().await;
}

#[tokio::test]
async fn an_answer_can_break_off() {
    let server = simulator().await;
    set(&server, json!([{"operation": "*", "kind": "truncate"}])).await;
    let received = groups(&server).await.unwrap();
    assert_eq!(received.status, 200);
    assert!(received.body.len() < received.promised(), "{received:?}");
    server.shutdown().await;
}
