//! Tasks whose image is in ECR, and is deleted there.

use serde_json::{Value, json};

use super::harness::Ground;
use crate::sim::api::ecr;
use crate::sim::world::DEFAULT_ACCOUNT;

const FIRST: &str = "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1";
const SECOND: &str = "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:2";

fn delete(ground: &mut Ground, tag: &str) -> Value {
    let input = json!({"repositoryName": "web", "imageIds": [{"imageTag": tag}]});
    let operation = "BatchDeleteImage";
    ecr::handle(
        &mut ground.world,
        DEFAULT_ACCOUNT,
        "us-east-1",
        operation,
        &input,
    )
    .unwrap()
    .unwrap()
}

/// A service of two tasks of the first image, which then gets the second one.
fn released() -> Ground {
    let mut ground = Ground::new();
    ground.register(FIRST);
    ground.create(2, &json!({}));
    ground.pass(180.0);
    ground.deploy(SECOND);
    ground.pass(300.0);
    assert_eq!(ground.service()["runningCount"], 2);
    ground
}

#[test]
fn a_deleted_image_cannot_be_pulled_and_what_runs_goes_on() {
    let mut ground = released();
    assert_eq!(delete(&mut ground, "1")["failures"], json!([]));
    assert_eq!(delete(&mut ground, "2")["failures"], json!([]));
    ground.pass(120.0);
    assert_eq!(ground.service()["runningCount"], 2);
    ground.deploy_definition("web:1");
    ground.pass(120.0);
    let input = json!({"cluster": "c", "serviceName": "web", "desiredStatus": "STOPPED"});
    let stopped = ground.ok("ListTasks", &input)["taskArns"].clone();
    let tasks = ground.ok("DescribeTasks", &json!({"cluster": "c", "tasks": stopped}));
    let reasons: Vec<&str> = tasks["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|task| task["stoppedReason"].as_str())
        .filter(|reason| reason.starts_with("CannotPullContainerError: "))
        .collect();
    assert!(!reasons.is_empty(), "{tasks:#}");
    assert!(
        reasons
            .iter()
            .all(|reason| reason.ends_with(&format!("{FIRST}: not found"))),
        "{reasons:?}"
    );
}

#[test]
fn an_image_says_when_it_was_pulled() {
    let mut ground = released();
    let input =
        json!({"repositoryName": "web", "imageIds": [{"imageTag": "1"}, {"imageTag": "2"}]});
    let answer = ecr::handle(
        &mut ground.world,
        DEFAULT_ACCOUNT,
        "us-east-1",
        "DescribeImages",
        &input,
    );
    let details = answer.unwrap().unwrap()["imageDetails"].clone();
    let pulled = |position: usize| details[position]["lastRecordedPullTime"].as_f64().unwrap();
    assert!(pulled(0) < pulled(1), "{details:#}");
}
