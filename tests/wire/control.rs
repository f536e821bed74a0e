//! The endpoints under `/_sim`.

use cutover::sim::server::{SimOptions, SimServer};
use serde_json::json;

use crate::raw::{START, call, send, simulator, simulator_with, steer};

#[tokio::test]
async fn the_clock_moves_by_hand() {
    let server = simulator().await;
    let clock = steer(&server, "GET", "/_sim/clock", "").await;
    assert_eq!(clock["now"], json!(START.epoch_seconds()));
    assert_eq!(clock["paused"], true);
    let clock = steer(&server, "POST", "/_sim/advance", r#"{"seconds": 90.5}"#).await;
    assert_eq!(clock["now"], json!(START.epoch_seconds() + 90.5));
    assert_eq!(server.clock().now(), START.plus_millis(90_500));
    call(&server, "logs.CreateLogGroup", r#"{"logGroupName": "/a"}"#)
        .await
        .unwrap();
    let groups = call(&server, "logs.DescribeLogGroups", "{}")
        .await
        .unwrap()
        .json();
    assert_eq!(groups["logGroups"][0]["creationTime"], START.0 + 90_500);
    server.shutdown().await;
}

#[tokio::test]
async fn the_clock_can_run_at_another_speed() {
    let server = simulator().await;
    let settings = r#"{"speed": 3600, "paused": false}"#;
    let clock = steer(&server, "POST", "/_sim/clock", settings).await;
    assert_eq!(
        (&clock["speed"], &clock["paused"]),
        (&json!(3600.0), &json!(false))
    );
    let first = server.clock().now();
    while server.clock().now() < first.plus_seconds(10.0) {
        steer(&server, "GET", "/_sim/clock", "").await;
    }
    server.shutdown().await;
}

#[tokio::test]
async fn calls_are_counted() {
    let server = simulator().await;
    call(&server, "logs.DescribeLogGroups", "{}").await.unwrap();
    call(&server, "logs.CreateLogGroup", "{}").await.unwrap();
    call(&server, "logs.CreateLogGroup", "{").await.unwrap();
    call(&server, "logs.Nothing", "{}").await.unwrap();
    assert_eq!(
        steer(&server, "GET", "/_sim/calls", "").await,
        json!({
            "total": 4,
            "operations": {
                "logs.CreateLogGroup": {"400": 2},
                "logs.DescribeLogGroups": {"200": 1},
                "logs.Nothing": {"400": 1},
            },
            "errors": {
                "InvalidParameterException": 1,
                "SerializationException": 1,
                "UnknownOperationException": 1,
            },
        })
    );
    server.shutdown().await;
}

#[tokio::test]
async fn a_reset_starts_over() {
    let server = simulator().await;
    let first = call(&server, "logs.CreateLogGroup", r#"{"logGroupName": "/a"}"#)
        .await
        .unwrap();
    steer(&server, "POST", "/_sim/advance", r#"{"seconds": 60}"#).await;
    steer(
        &server,
        "POST",
        "/_sim/faults",
        r#"[{"operation": "*", "kind": "drop"}]"#,
    )
    .await;
    let clock = steer(&server, "POST", "/_sim/reset", "").await;
    assert_eq!(clock["now"], json!(START.epoch_seconds()));
    assert_eq!(steer(&server, "GET", "/_sim/calls", "").await["total"], 0);
    assert_eq!(steer(&server, "GET", "/_sim/faults", "").await, json!([]));
    let again = call(&server, "logs.CreateLogGroup", r#"{"logGroupName": "/a"}"#)
        .await
        .unwrap();
    assert_eq!((again.status, again.body.as_str()), (200, ""));
    let id = |head: &str| {
        head.lines()
            .find(|line| line.starts_with("x-amzn"))
            .map(str::to_owned)
    };
    assert_eq!(
        id(&first.head),
        id(&again.head),
        "the ids come from the seed"
    );
    server.shutdown().await;
}

#[tokio::test]
async fn the_scenario_is_named() {
    let server = simulator_with(|options| {
        options.seed = 9;
        options.scenario = Some("rolling".to_owned());
    })
    .await;
    let scenario = steer(&server, "GET", "/_sim/scenario", "").await;
    assert_eq!(
        (&scenario["scenario"], &scenario["seed"]),
        (&json!("rolling"), &json!(9))
    );
    assert_eq!(scenario["regions"][0]["account"], "123456789012");
    server.shutdown().await;
}

#[tokio::test]
async fn a_scenario_that_is_none_is_named() {
    let options = SimOptions {
        scenario: Some("opera".to_owned()),
        ..SimOptions::default()
    };
    let error = SimServer::start(options).await.unwrap_err().to_string();
    assert!(error.contains("opera") && error.contains("tour"), "{error}");
}

#[tokio::test]
async fn token_buckets_throttle_until_they_are_switched_off() {
    let server = simulator().await;
    let input = r#"{"logGroupName": "/none"}"#;
    let mut answered = 0;
    while call(&server, "logs.FilterLogEvents", input)
        .await
        .unwrap()
        .code()
        != "ThrottlingException"
    {
        answered += 1;
        assert!(answered < 500, "500 calls were not throttled");
    }
    assert!(answered >= 5, "{answered} calls were answered");
    steer(&server, "POST", "/_sim/limits", r#"{"enabled": false}"#).await;
    for _ in 0..12 {
        let received = call(&server, "logs.FilterLogEvents", input).await.unwrap();
        assert_eq!(received.code(), "ResourceNotFoundException");
    }
    server.shutdown().await;
}

#[tokio::test]
async fn mistakes_are_named() {
    let server = simulator().await;
    for (method, path, body, status) in [
        ("GET", "/_sim/nothing", "", 404),
        ("POST", "/_sim/advance", "{}", 400),
        ("POST", "/_sim/advance", r#"{"seconds": -1}"#, 400),
        (
            "POST",
            "/_sim/faults",
            r#"[{"operation": "*", "kind": "bang"}]"#,
            400,
        ),
        ("POST", "/_sim/limits", r#"{"enabled": 1}"#, 400),
    ] {
        let received = send(&server, method, path, &[], body).await.unwrap();
        assert_eq!(received.status, status, "{method} {path} {body}");
        assert!(received.json()["error"].is_string());
    }
    server.shutdown().await;
}
