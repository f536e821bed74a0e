//! `StopServiceDeployment`, `DeleteService`, `StopTask`.

use serde_json::json;

use super::harness::Ground;

#[test]
fn a_stopped_release_rolls_back() {
    let mut ground = Ground::new();
    ground.steady(2, &json!({}));
    let arn = ground.deploy("web:2");
    ground.pass(20.0);
    let input = json!({"serviceDeploymentArn": arn, "stopType": "ROLLBACK"});
    assert_eq!(
        ground.ok("StopServiceDeployment", &input),
        json!({"serviceDeploymentArn": arn})
    );
    assert_eq!(ground.release(&arn)["status"], "STOP_REQUESTED");
    assert_eq!(
        ground.error("StopServiceDeployment", &input),
        "ConflictException"
    );
    ground.pass(4.0);
    assert_eq!(ground.release(&arn)["status"], "ROLLBACK_IN_PROGRESS");
    ground.pass(60.0);
    let release = ground.release(&arn);
    assert_eq!(release["status"], "ROLLBACK_SUCCESSFUL");
    assert_eq!(release["deploymentCircuitBreaker"]["failureCount"], 0);
    assert!(
        ground.service()["taskDefinition"]
            .as_str()
            .unwrap()
            .ends_with("web:1")
    );
    assert_eq!(
        ground.error("StopServiceDeployment", &input),
        "ConflictException"
    );
}

#[test]
fn what_cannot_be_stopped_says_why() {
    let mut ground = Ground::new();
    ground.register("web:1");
    let first = ground.create(1, &json!({}))["service"]["currentServiceDeployment"].clone();
    ground.pass(3.0);
    let stop = |arn: &serde_json::Value| json!({"serviceDeploymentArn": arn});
    assert_eq!(
        ground.error("StopServiceDeployment", &stop(&first)),
        "ConflictException"
    );
    let unknown = format!("{}x", first.as_str().unwrap());
    assert_eq!(
        ground.error("StopServiceDeployment", &stop(&json!(unknown))),
        "ServiceDeploymentNotFoundException"
    );
    assert_eq!(
        ground.error("StopServiceDeployment", &stop(&json!("web"))),
        "InvalidParameterException"
    );
    let abort = json!({"serviceDeploymentArn": first, "stopType": "ABORT"});
    assert_eq!(
        ground.error("StopServiceDeployment", &abort),
        "UnsupportedFeatureException"
    );
}

#[test]
fn a_release_after_a_rollback_supersedes_the_rollback() {
    let mut ground = Ground::new();
    ground.steady(2, &json!({}));
    let arn = ground.deploy("web:2");
    ground.pass(20.0);
    ground.ok(
        "StopServiceDeployment",
        &json!({"serviceDeploymentArn": arn}),
    );
    let next = ground.deploy("web:3");
    assert_eq!(ground.release(&arn)["status"], "STOPPED");
    ground.pass(200.0);
    assert_eq!(ground.release(&next)["status"], "SUCCESSFUL");
    assert_eq!(ground.release(&arn)["status"], "STOPPED");
}

#[test]
fn a_service_is_deleted_by_force_or_when_it_is_empty() {
    let mut ground = Ground::new();
    ground.steady(2, &json!({}));
    let name = json!({"cluster": "c", "service": "web"});
    assert_eq!(
        ground.error("DeleteService", &name),
        "InvalidParameterException"
    );
    let force = json!({"cluster": "c", "service": "web", "force": true});
    assert_eq!(
        ground.ok("DeleteService", &force)["service"]["status"],
        "DRAINING"
    );
    let update = json!({"cluster": "c", "service": "web", "desiredCount": 1});
    assert_eq!(
        ground.error("UpdateService", &update),
        "ServiceNotActiveException"
    );
    ground.pass(60.0);
    assert_eq!(ground.service()["status"], "INACTIVE");
    assert_eq!(
        ground.error("UpdateService", &update),
        "ServiceNotActiveException"
    );
    let listed = ground.ok("ListServices", &json!({"cluster": "c"}));
    assert_eq!(listed["serviceArns"], json!([]));
    ground.create(1, &json!({}));
    ground.pass(3700.0);
    assert_eq!(ground.service()["status"], "ACTIVE");
}

#[test]
fn an_inactive_service_is_forgotten_after_an_hour() {
    let mut ground = Ground::new();
    ground.steady(0, &json!({}));
    ground.ok("DeleteService", &json!({"cluster": "c", "service": "web"}));
    ground.pass(3500.0);
    assert_eq!(ground.service()["status"], "INACTIVE");
    ground.pass(200.0);
    let answer = ground.ok(
        "DescribeServices",
        &json!({"cluster": "c", "services": ["web"]}),
    );
    assert_eq!(answer["services"], json!([]));
    assert_eq!(answer["failures"][0]["reason"], "MISSING");
}

#[test]
fn a_task_that_a_person_stops_is_replaced() {
    let mut ground = Ground::new();
    ground.steady(2, &json!({}));
    let task = ground.tasks("RUNNING")[0]["taskArn"].clone();
    let input = json!({"cluster": "c", "task": task, "reason": "too warm"});
    let stopped = ground.ok("StopTask", &input)["task"].clone();
    assert_eq!(stopped["desiredStatus"], "STOPPED");
    assert_eq!(stopped["lastStatus"], "DEACTIVATING");
    assert_eq!(stopped["stopCode"], "UserInitiated");
    ground.pass(120.0);
    let stopped = ground.tasks("STOPPED")[0].clone();
    assert_eq!(stopped["lastStatus"], "STOPPED");
    assert_eq!(stopped["stoppedReason"], "too warm");
    assert_eq!(stopped["containers"][0]["exitCode"], 0);
    assert_eq!(ground.service()["runningCount"], 2);
    let unknown = json!({"cluster": "c", "task": "0123"});
    assert_eq!(
        ground.error("StopTask", &unknown),
        "InvalidParameterException"
    );
}
