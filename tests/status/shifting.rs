//! Releases whose traffic is shifted: told as they are from start to end, with what they wait for.

use std::collections::BTreeSet;

use cutover::sim::server::SimServer;
use serde_json::{Value, json};

use crate::agreement::agrees;
use crate::program::{simulator, steer};
use crate::schema::faults;
use crate::truth::Truth;

async fn advance(server: &SimServer, seconds: u32) {
    steer(
        server,
        "POST",
        "/_sim/advance",
        &json!({ "seconds": seconds }),
    )
    .await;
}

fn newest(report: &Value) -> &Value {
    let releases = report["releases"].as_array().unwrap().iter();
    releases
        .max_by_key(|release| release["started_at"].as_str().unwrap())
        .unwrap()
}

/// Lets a scenario run until its newest release has a status; what each look said is held against
/// AWS on the way.
async fn until(server: &SimServer, status: &str) -> Value {
    for _ in 0..40 {
        let report = agrees(server).await;
        assert_eq!(faults(&report), Vec::<String>::new());
        if newest(&report)["status"] == status {
            return report;
        }
        advance(server, 45).await;
    }
    panic!("it never was {status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blue_green_release_waits_is_answered_and_succeeds() {
    let server = simulator(Some("blue-green")).await;
    let report = until(&server, "waiting").await;
    let gates = report["gates"].as_array().unwrap();
    assert_eq!(gates.len(), 1, "{report}");
    let release = newest(&report);
    assert_eq!(gates[0]["release"], release["id"]);
    assert_eq!(gates[0]["service"], "web");
    for (name, value) in release["gate"].as_object().unwrap() {
        assert_eq!(&gates[0][name], value);
    }
    assert_eq!(release["gate"]["stage"], "post_test_traffic_shift");
    assert_eq!(release["new"]["test_percent"], 100.0);
    Truth::of(&server).await.answer(&gates[0], "CONTINUE").await;
    let report = until(&server, "succeeded").await;
    assert_eq!(report["gates"], json!([]));
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blue_green_release_that_somebody_refuses_is_rolled_back() {
    let server = simulator(Some("blue-green")).await;
    let report = until(&server, "waiting").await;
    let truth = Truth::of(&server).await;
    truth.answer(&report["gates"][0], "ROLLBACK").await;
    let report = until(&server, "rolled_back").await;
    assert!(newest(&report)["reason"].is_string());
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canary_whose_alarm_fires_names_the_alarm() {
    let server = simulator(Some("bad-canary")).await;
    let mut seen = BTreeSet::new();
    for _ in 0..40 {
        let report = agrees(&server).await;
        let release = newest(&report);
        seen.insert(release["status"].as_str().unwrap().to_owned());
        if release["status"] == "rolled_back" {
            assert_eq!(release["reason"], "alarm web-5xx fired");
            assert!(!seen.contains("succeeded"), "{seen:?}");
            server.shutdown().await;
            return;
        }
        advance(&server, 30).await;
    }
    panic!("it was only {seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hook_that_fails_is_named_by_its_function() {
    let server = simulator(Some("hook-failure")).await;
    let report = until(&server, "rolled_back").await;
    assert_eq!(newest(&report)["reason"], "hook smoke-test failed");
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_shift_traffic_is_told_as_it_is() {
    for scenario in ["linear", "canary", "superseded"] {
        let server = simulator(Some(scenario)).await;
        for _ in 0..6 {
            let report = agrees(&server).await;
            assert_eq!(faults(&report), Vec::<String>::new());
            advance(&server, 100).await;
        }
        server.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bake_has_an_end() {
    let server = simulator(Some("linear")).await;
    for _ in 0..60 {
        let report = agrees(&server).await;
        let release = newest(&report);
        if release["stage"] == "bake_time" {
            assert!(release["deadline"].is_string(), "{release}");
            assert_eq!(release["gate"], Value::Null);
            server.shutdown().await;
            return;
        }
        advance(&server, 30).await;
    }
    panic!("it never baked");
}
