//! The waits of a deployment for people: before the traffic moves, and before the original goes.

use serde_json::{Value, json};

use super::harness::Ground;

/// Options of a group that waits: minutes at Ready, minutes before the original is deleted.
pub fn waiting(ready: u32, termination: u32) -> Value {
    json!({"blueGreenDeploymentConfiguration": {
        "deploymentReadyOption": if ready > 0 {
            json!({"actionOnTimeout": "STOP_DEPLOYMENT", "waitTimeInMinutes": ready})
        } else {
            json!({"actionOnTimeout": "CONTINUE_DEPLOYMENT"})
        },
        "terminateBlueInstancesOnDeploymentSuccess":
            {"action": "TERMINATE", "terminationWaitTimeInMinutes": termination},
    }})
}

fn go_on(id: &str, wait: &str) -> Value {
    json!({"deploymentId": id, "deploymentWaitType": wait})
}

#[test]
fn a_deployment_waits_at_ready_until_somebody_goes_on() {
    let mut ground = Ground::new(1, &waiting(10, 0));
    let id = ground.deploy("web:2", &json!([]));
    let early = ground.error("ContinueDeployment", &go_on(&id, "READY_WAIT"));
    assert_eq!(early, "DeploymentIsNotInReadyStateException");
    ground.pass_until_status(&id, "Ready");
    assert_eq!(ground.weights(), (0, 100));
    assert_eq!(ground.event(&id, "AfterAllowTestTraffic"), "Succeeded");
    assert_eq!(ground.event(&id, "BeforeAllowTraffic"), "Pending");
    assert_eq!(ground.target(&id)["status"], "Ready");
    assert_eq!(ground.deployment(&id)["deploymentOverview"]["Ready"], 1);
    for (wait, code) in [
        ("TERMINATION_WAIT", "DeploymentIsNotInReadyStateException"),
        ("NAP", "InvalidDeploymentWaitTypeException"),
    ] {
        assert_eq!(ground.error("ContinueDeployment", &go_on(&id, wait)), code);
    }
    ground.ok("ContinueDeployment", &go_on(&id, "READY_WAIT"));
    assert_eq!(ground.deployment(&id)["status"], "InProgress");
    ground.pass_until_status(&id, "Succeeded");
    assert_eq!(ground.weights(), (100, 100));
    let late = ground.error("ContinueDeployment", &go_on(&id, "READY_WAIT"));
    assert_eq!(late, "DeploymentAlreadyCompletedException");
}

#[test]
fn nobody_goes_on_in_time() {
    let mut ground = Ground::new(1, &waiting(10, 0));
    let id = ground.deploy("web:2", &json!([]));
    ground.pass_until_status(&id, "Ready");
    ground.pass(595.0);
    assert_eq!(ground.deployment(&id)["status"], "Ready");
    ground.pass(10.0);
    let deployment = ground.deployment(&id);
    assert_eq!(deployment["status"], "Stopped", "{deployment:#}");
    assert_eq!(deployment["errorInformation"]["code"], "TIMEOUT");
    assert!(deployment.get("rollbackInfo").is_none());
    assert_eq!(ground.event(&id, "BeforeAllowTraffic"), "Skipped");
    // Nothing is undone: the replacement still runs, and the test traffic still goes there.
    ground.pass(120.0);
    assert_eq!(ground.service()["taskSets"].as_array().unwrap().len(), 2);
    assert_eq!(ground.weights(), (0, 100));
}

#[test]
fn the_original_is_kept_for_a_while() {
    let mut ground = Ground::new(1, &waiting(0, 5));
    let id = ground.deploy("web:2", &json!([]));
    ground.pass_until(200.0, |ground| {
        ground.deployment(&id)["instanceTerminationWaitTimeStarted"] == true
    });
    assert_eq!(ground.deployment(&id)["status"], "InProgress");
    assert_eq!(ground.event(&id, "AfterAllowTraffic"), "Succeeded");
    assert_eq!(ground.weights(), (100, 100));
    let sets = ground.service()["taskSets"].clone();
    assert_eq!(
        (&sets[0]["status"], &sets[1]["status"]),
        (&json!("ACTIVE"), &json!("PRIMARY"))
    );
    ground.pass(290.0);
    assert_eq!(ground.deployment(&id)["status"], "InProgress");
    ground.pass(15.0);
    assert_eq!(ground.deployment(&id)["status"], "Succeeded");
}

#[test]
fn the_wait_for_the_end_of_the_original_can_be_cut_short() {
    let mut ground = Ground::new(1, &waiting(0, 2_880));
    let id = ground.deploy("web:2", &json!([]));
    ground.pass_until(200.0, |ground| {
        ground.deployment(&id)["instanceTerminationWaitTimeStarted"] == true
    });
    let wrong = ground.error("ContinueDeployment", &go_on(&id, "READY_WAIT"));
    assert_eq!(wrong, "DeploymentIsNotInReadyStateException");
    ground.ok("ContinueDeployment", &go_on(&id, "TERMINATION_WAIT"));
    ground.pass(3.0);
    assert_eq!(ground.deployment(&id)["status"], "Succeeded");
    ground.pass(90.0);
    assert_eq!(ground.service()["taskSets"].as_array().unwrap().len(), 1);
}

#[test]
fn an_original_can_be_kept_for_good() {
    let mut ground = Ground::new(
        1,
        &json!({"blueGreenDeploymentConfiguration": {
            "terminateBlueInstancesOnDeploymentSuccess": {"action": "KEEP_ALIVE"},
        }}),
    );
    let id = ground.deploy("web:2", &json!([]));
    ground.pass_until_status(&id, "Succeeded");
    ground.pass(300.0);
    assert_eq!(
        ground.deployment(&id)["instanceTerminationWaitTimeStarted"],
        false
    );
    let sets = ground.service()["taskSets"].clone();
    assert_eq!(sets.as_array().unwrap().len(), 2);
    assert_eq!(sets[0]["status"], "ACTIVE");
    // The next deployment takes its target group, and puts it away.
    let next = ground.deploy("web:3", &json!([]));
    ground.pass_until_status(&next, "Succeeded");
    assert_eq!(ground.weights(), (0, 0));
}
