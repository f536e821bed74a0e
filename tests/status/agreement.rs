//! The report says what AWS says, in every scenario.

use std::collections::BTreeSet;

use aws_sdk_ecs::types::{
    DeploymentLifecycleHookDetail, ServiceDeployment, ServiceRevisionSummary,
};
use cutover::sim::server::SimServer;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::program::{Program, json, simulator, simulator_with, steer};
use crate::truth::{Known, Truth, counts, mechanism, on_board, status, time};

/// Reads the board and AWS itself, and compares them. The clock stands still, so both see the same
/// world.
pub async fn agrees(server: &SimServer) -> Value {
    let run = json(server).await;
    let report = run.report();
    assert_eq!(
        (run.code, &report["errors"]),
        (0, &json!([])),
        "{}",
        run.err
    );
    assert_eq!(report["account"], "123456789012");
    assert_eq!(report["region"], server.region());
    let truth = Truth::of(server).await;
    let known = truth.services().await;
    let as_of: Timestamp = report["as_of"].as_str().unwrap().parse().unwrap();
    let wanted = on_board(&known, as_of);
    // What CodeDeploy and others move has no service deployment to be held against.
    let own = |one: &&Value| one["mechanism"] != "codedeploy" && one["mechanism"] != "external";
    let releases: Vec<&Value> = report["releases"]
        .as_array()
        .unwrap()
        .iter()
        .filter(own)
        .collect();
    let ids: BTreeSet<&str> = releases
        .iter()
        .filter_map(|one| one["id"].as_str())
        .collect();
    let wanted_ids: BTreeSet<&str> = wanted.keys().map(String::as_str).collect();
    assert_eq!(ids, wanted_ids);
    assert_eq!(ids.len(), releases.len(), "no release stands there twice");
    for release in releases {
        let (which, place) = wanted[release["id"].as_str().unwrap()];
        is_told(&truth, &known[which], place, release).await;
    }
    report
}

/// One release is told as its service deployment and its service tell it.
async fn is_told(truth: &Truth, known: &Known, place: usize, release: &Value) {
    let (service, record) = (&known.service, &known.records[place]);
    let mechanism = mechanism(known, place);
    assert_eq!(release["mechanism"], mechanism);
    assert_eq!(release["service"], service.service_name().unwrap());
    let cluster = service.cluster_arn().unwrap().rsplit('/').next();
    assert_eq!(release["cluster"].as_str(), cluster);
    assert_eq!(release["status"], status(known, place), "{release}");
    assert_eq!(
        release["started_at"],
        time(record.started_at()),
        "{release}"
    );
    assert_eq!(
        release["finished_at"],
        time(record.finished_at()),
        "{release}"
    );
    let target = record.target_service_revision().unwrap();
    let (definition, images) = truth.revision(target.arn().unwrap()).await;
    assert_eq!(release["new"]["task_definition"], definition);
    assert_eq!(release["new"]["images"], json!(images));
    match record.source_service_revisions().first() {
        Some(source) => {
            let (definition, images) = truth.revision(source.arn().unwrap()).await;
            assert_eq!(release["old"]["task_definition"], definition);
            assert_eq!(release["old"]["images"], json!(images));
        }
        None => assert_eq!(release["old"], Value::Null),
    }
    if mechanism == "rolling" {
        assert_eq!(release["stage"].is_string(), record.finished_at().is_none());
    } else {
        shifts(record, release);
    }
    if place == 0 && mechanism == "rolling" {
        live_counts(known, release);
    }
    if let Some(breaker) = record.deployment_circuit_breaker().filter(|_| place == 0) {
        let told = release["breaker"]["failures"].as_i64();
        if breaker.status().unwrap().as_str() == "DISABLED" {
            assert_eq!(release["breaker"], Value::Null);
        } else {
            assert_eq!(told, Some(i64::from(breaker.failure_count())), "{release}");
            assert_eq!(release["breaker"]["threshold"], breaker.threshold());
        }
    }
}

/// The stage of a release that ECS shifts, its counts and its weights are the record's, and so is the
/// gate that it waits at.
fn shifts(record: &ServiceDeployment, release: &Value) {
    let stage = record
        .lifecycle_stage()
        .filter(|_| record.finished_at().is_none());
    let stage = stage.map(|stage| stage.as_str().to_lowercase());
    assert_eq!(release["stage"], json!(stage), "{release}");
    let told = |side: &str, revision: &ServiceRevisionSummary| {
        let side = &release[side];
        assert_eq!(
            side["desired"],
            revision.requested_task_count(),
            "{release}"
        );
        assert_eq!(side["running"], revision.running_task_count(), "{release}");
        assert_eq!(side["pending"], revision.pending_task_count(), "{release}");
        let percent = revision.requested_production_traffic_weight();
        assert_eq!(side["production_percent"], json!(percent), "{release}");
        let percent = revision.requested_test_traffic_weight();
        assert_eq!(side["test_percent"], json!(percent), "{release}");
    };
    told("new", record.target_service_revision().unwrap());
    if let Some(source) = record.source_service_revisions().first() {
        told("old", source);
    }
    let hooks = record.lifecycle_hook_details();
    let waits = |hook: &&DeploymentLifecycleHookDetail| {
        hook.status().unwrap().as_str() == "AWAITING_ACTION"
    };
    let first = hooks
        .iter()
        .filter(waits)
        .min_by_key(|hook| hook.expires_at().unwrap().as_nanos());
    if release["status"] != "waiting" {
        assert_eq!(release["gate"], Value::Null, "{release}");
        return;
    }
    let hook = first.unwrap();
    let gate = json!({
        "kind": "pause_hook",
        "id": hook.hook_id(),
        "stage": stage,
        "expires_at": time(hook.expires_at()),
        "on_timeout": hook.timeout_action().unwrap().as_str().to_lowercase(),
    });
    assert_eq!(release["gate"], gate);
    assert_eq!(release["deadline"], gate["expires_at"]);
}

/// While a release is in flight, the counts are those of `deployments[]`.
fn live_counts(known: &Known, release: &Value) {
    for side in ["old", "new"] {
        let Some(definition) = release[side]["task_definition"].as_str() else {
            continue;
        };
        if let Some(counts) = counts(&known.service, definition) {
            for (name, count) in counts.as_object().unwrap() {
                assert_eq!(&release[side][name], count, "{side} {name} of {release}");
            }
        }
    }
}

fn statuses(report: &Value) -> Vec<&str> {
    let releases = report["releases"].as_array().unwrap().iter();
    releases
        .map(|one| one["status"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_is_told_as_it_is_worst_first() {
    let server = simulator(Some("tour")).await;
    let report = agrees(&server).await;
    let statuses = statuses(&report);
    assert_eq!(statuses.first(), Some(&"failed"));
    let over = |status: &&str| {
        !matches!(
            *status,
            "failed" | "rollback_failed" | "in_progress" | "rolling_back" | "waiting" | "pending"
        )
    };
    assert!(statuses.contains(&"in_progress"));
    assert!(statuses.is_sorted_by_key(over), "{statuses:?}");
    for wanted in ["succeeded", "rolled_back", "superseded"] {
        assert!(statuses.contains(&wanted), "{wanted} in {statuses:?}");
    }
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_is_told_as_it_is_minutes_later() {
    let server = simulator(Some("tour")).await;
    for _ in 0..4 {
        steer(&server, "POST", "/_sim/advance", &json!({"seconds": 50})).await;
        agrees(&server).await;
    }
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_release_names_its_cause() {
    let server = simulator(Some("tour")).await;
    let report = agrees(&server).await;
    let releases = report["releases"].as_array().unwrap();
    let reason = |service: &str| {
        let one = releases.iter().find(|one| one["service"] == service);
        one.unwrap()["reason"].as_str().unwrap().to_owned()
    };
    let notifications = reason("notifications");
    assert!(notifications.contains("acme/notifications:3.2.1 cannot be pulled"));
    assert!(reason("thumbnailer").contains("runs out of memory"));
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fleet_is_told_as_it_is_and_without_a_throttle() {
    let server = simulator_with(Some("fleet"), |options| {
        options.services = Some(120);
        options.clusters = Some(4);
        options.limits = true;
    })
    .await;
    let run = json(&server).await;
    assert_eq!(run.code, 0, "{run:?}");
    let calls = steer(&server, "GET", "/_sim/calls", &Value::Null).await;
    assert_eq!(calls["errors"], json!({}), "{calls}");
    steer(&server, "POST", "/_sim/limits", &json!({"enabled": false})).await;
    let report = agrees(&server).await;
    assert!(!report["releases"].as_array().unwrap().is_empty());
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_one_cluster_or_one_service_can_be_asked_for() {
    let server = simulator(Some("tour")).await;
    let only = async |flag: &str, name: &str| {
        let program = Program::new(&["status", "-o", "json", flag, name]);
        let run = program.at(&server).run().await;
        assert_eq!(run.code, 0, "{run:?}");
        run.report()["releases"].as_array().unwrap().clone()
    };
    let batch = only("--cluster", "batch").await;
    assert!(!batch.is_empty() && batch.iter().all(|one| one["cluster"] == "batch"));
    let search = only("--service", "search").await;
    assert!(search.len() > 1 && search.iter().all(|one| one["service"] == "search"));
    server.shutdown().await;
}
