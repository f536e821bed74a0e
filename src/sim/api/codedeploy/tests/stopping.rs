//! Deployments that somebody stops.

use serde_json::{Value, json};

use super::harness::Ground;
use super::waits::waiting;

fn stop(id: &str, roll_back: Option<bool>) -> Value {
    json!({"deploymentId": id, "autoRollbackEnabled": roll_back})
}

#[test]
fn a_stop_with_rollback_undoes_the_deployment() {
    let canary = json!({"deploymentConfigName": "CodeDeployDefault.ECSCanary10Percent5Minutes"});
    let mut ground = Ground::new(2, &canary);
    let blue = ground.service()["taskSets"][0]["id"].clone();
    let id = ground.deploy("web:2", &json!([]));
    ground.pass_until(200.0, |ground| ground.weights().0 == 10);
    let answer = ground.ok("StopDeployment", &stop(&id, Some(true)));
    assert_eq!(answer["status"], "Pending");
    assert_eq!(ground.deployment(&id)["status"], "InProgress");
    ground.pass_until_status(&id, "Stopped");
    let stopped = ground.deployment(&id);
    assert_eq!(stopped["errorInformation"]["code"], "MANUAL_STOP");
    assert_eq!(ground.event(&id, "AllowTraffic"), "Unknown");
    ground.pass(3.0);
    let info = ground.deployment(&id)["rollbackInfo"].clone();
    let rollback = info["rollbackDeploymentId"].as_str().unwrap().to_owned();
    ground.pass_until_status(&rollback, "Succeeded");
    ground.pass(60.0);
    assert_eq!(ground.weights(), (0, 0));
    let sets = ground.service()["taskSets"].clone();
    assert_eq!(sets.as_array().unwrap().len(), 1);
    assert_eq!(sets[0]["id"], blue);
}

#[test]
fn a_stop_without_rollback_leaves_what_runs() {
    let canary = json!({"deploymentConfigName": "CodeDeployDefault.ECSCanary10Percent5Minutes"});
    let mut ground = Ground::new(1, &canary);
    let id = ground.deploy("web:2", &json!([]));
    ground.pass_until(200.0, |ground| ground.weights().0 == 10);
    ground.ok("StopDeployment", &stop(&id, Some(false)));
    ground.pass_until_status(&id, "Stopped");
    ground.pass(600.0);
    assert!(ground.deployment(&id).get("rollbackInfo").is_none());
    assert_eq!(ground.weights(), (10, 100));
    let sets = ground.service()["taskSets"].clone();
    assert_eq!(
        (&sets[0]["status"], &sets[1]["status"]),
        (&json!("PRIMARY"), &json!("ACTIVE"))
    );
    // The next deployment puts it away.
    let next = ground.deploy("web:3", &json!([]));
    ground.pass_until_status(&next, "Succeeded");
    ground.pass(60.0);
    assert_eq!(ground.service()["taskSets"].as_array().unwrap().len(), 1);
}

#[test]
fn the_group_decides_about_a_stop_that_says_nothing() {
    for (events, undone) in [
        (json!(["DEPLOYMENT_STOP_ON_REQUEST"]), true),
        (json!(["DEPLOYMENT_FAILURE"]), false),
    ] {
        let mut more = waiting(10, 0);
        more["autoRollbackConfiguration"] = json!({"enabled": true, "events": events});
        let mut ground = Ground::new(1, &more);
        let id = ground.deploy("web:2", &json!([]));
        ground.pass_until_status(&id, "Ready");
        ground.ok("StopDeployment", &stop(&id, None));
        ground.pass(60.0);
        let deployment = ground.deployment(&id);
        assert_eq!(deployment["status"], "Stopped");
        assert_eq!(deployment.get("rollbackInfo").is_some(), undone);
    }
}

#[test]
fn stopping_while_the_original_waits_for_its_end_brings_it_back() {
    let mut ground = Ground::new(1, &waiting(0, 5));
    let blue = ground.service()["taskSets"][0]["id"].clone();
    let id = ground.deploy("web:2", &json!([]));
    ground.pass_until(200.0, |ground| {
        ground.deployment(&id)["instanceTerminationWaitTimeStarted"] == true
    });
    ground.ok("StopDeployment", &stop(&id, Some(true)));
    ground.pass(60.0);
    assert_eq!(ground.weights(), (0, 0));
    let sets = ground.service()["taskSets"].clone();
    assert_eq!(sets.as_array().unwrap().len(), 1, "{sets:#}");
    assert_eq!(
        (&sets[0]["id"], &sets[0]["status"]),
        (&blue, &json!("PRIMARY"))
    );
}

#[test]
fn a_stop_can_come_too_late() {
    let mut ground = Ground::new(1, &waiting(0, 5));
    let id = ground.deploy("web:2", &json!([]));
    ground.pass_until(200.0, |ground| {
        ground.deployment(&id)["instanceTerminationWaitTimeStarted"] == true
    });
    let wait = json!({"deploymentId": id, "deploymentWaitType": "TERMINATION_WAIT"});
    ground.ok("ContinueDeployment", &wait);
    ground.ok("StopDeployment", &stop(&id, Some(true)));
    ground.pass(30.0);
    let deployment = ground.deployment(&id);
    assert_eq!(deployment["status"], "Succeeded", "{deployment:#}");
    assert!(deployment.get("rollbackInfo").is_none());
    let late = ground.error("StopDeployment", &stop(&id, None));
    assert_eq!(late, "DeploymentAlreadyCompletedException");
}

#[test]
fn a_deployment_can_be_stopped_before_it_starts() {
    let mut ground = Ground::new(1, &json!({}));
    let id = ground.deploy("web:2", &json!([]));
    ground.ok("StopDeployment", &stop(&id, Some(true)));
    ground.pass(30.0);
    let deployment = ground.deployment(&id);
    assert_eq!(deployment["status"], "Stopped");
    assert!(deployment.get("rollbackInfo").is_none());
    assert_eq!(ground.service()["taskSets"].as_array().unwrap().len(), 1);
}
