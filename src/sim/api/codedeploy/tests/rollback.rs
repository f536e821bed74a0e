//! Deployments that fail, and those that undo them.

use serde_json::{Value, json};

use super::harness::Ground;
use crate::sim::world::alarms::AlarmState;

fn rolls_back_on(events: &[&str]) -> Value {
    json!({
        "autoRollbackConfiguration": {"enabled": true, "events": events},
        "deploymentConfigName": "CodeDeployDefault.ECSCanary10Percent5Minutes",
        "alarmConfiguration": {"enabled": true, "alarms": [{"name": "web-errors"}]},
    })
}

/// The rollback of a deployment, once it is named.
fn rollback_of(ground: &mut Ground, id: &str) -> String {
    ground.pass_until(5.0, |ground| {
        ground.deployment(id)["rollbackInfo"]["rollbackDeploymentId"].is_string()
    });
    let info = ground.deployment(id)["rollbackInfo"].clone();
    info["rollbackDeploymentId"].as_str().unwrap().to_owned()
}

/// The service runs what it ran before, and only that.
fn assert_restored(ground: &mut Ground, blue: &Value) {
    ground.pass(90.0);
    let sets = ground.service()["taskSets"].clone();
    assert_eq!(sets.as_array().unwrap().len(), 1, "{sets:#}");
    assert_eq!(sets[0]["id"], blue["id"]);
    assert_eq!(sets[0]["status"], "PRIMARY");
    assert_eq!(ground.weights(), (0, 0));
}

#[test]
fn a_hook_that_fails_is_rolled_back() {
    for hook in [
        "AfterInstall",
        "AfterAllowTestTraffic",
        "BeforeAllowTraffic",
        "AfterAllowTraffic",
    ] {
        let mut ground = Ground::new(1, &rolls_back_on(&["DEPLOYMENT_FAILURE"]));
        let blue = ground.service()["taskSets"][0].clone();
        let id = ground.deploy("web:2", &json!([{hook: "validate-fails"}]));
        ground.pass_until_status(&id, "Failed");
        let deployment = ground.deployment(&id);
        assert_eq!(
            deployment["errorInformation"]["code"],
            "HOOK_EXECUTION_FAILURE"
        );
        assert_eq!(ground.event(&id, hook), "Failed");
        let events = ground.target(&id)["lifecycleEvents"].clone();
        let failed = events
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["status"] == "Failed");
        assert_eq!(
            failed.unwrap()["diagnostics"]["scriptName"],
            "validate-fails"
        );
        assert!(
            deployment["rollbackInfo"]
                .get("rollbackDeploymentId")
                .is_none()
        );
        let rollback = rollback_of(&mut ground, &id);
        let made = ground.deployment(&rollback);
        assert_eq!(made["creator"], "codeDeployRollback");
        assert_eq!(
            made["rollbackInfo"]["rollbackTriggeringDeploymentId"],
            json!(id)
        );
        ground.pass_until_status(&rollback, "Succeeded");
        assert_eq!(ground.event(&rollback, "AllowTraffic"), "Succeeded");
        assert_restored(&mut ground, &blue);
        // What it says that it deployed is what the original runs.
        let sha = made["revision"]["appSpecContent"]["sha256"].clone();
        let input = json!({"applicationName": "shop", "revision":
            {"revisionType": "AppSpecContent", "appSpecContent": {"sha256": sha}}});
        let revision = ground.ok("GetApplicationRevision", &input)["revision"].clone();
        let content = revision["appSpecContent"]["content"].as_str().unwrap();
        assert!(content.contains("task-definition/web:1"), "{content}");
    }
}

#[test]
fn before_the_replacement_is_made_there_is_nothing_to_undo() {
    let mut ground = Ground::new(1, &rolls_back_on(&["DEPLOYMENT_FAILURE"]));
    let id = ground.deploy("web:2", &json!([{"BeforeInstall": "check-fails"}]));
    ground.pass_until_status(&id, "Failed");
    ground.pass(30.0);
    assert!(ground.deployment(&id).get("rollbackInfo").is_none());
    assert_eq!(ground.service()["taskSets"].as_array().unwrap().len(), 1);
    // The group is free at once.
    let next = ground.deploy("web:3", &json!([]));
    ground.pass_until_status(&next, "Succeeded");
}

#[test]
fn without_automatic_rollback_a_failure_stays_as_it_is() {
    let mut ground = Ground::new(1, &json!({}));
    let id = ground.deploy("web:2", &json!([{"AfterAllowTraffic": "validate-fails"}]));
    ground.pass_until_status(&id, "Failed");
    ground.pass(300.0);
    assert!(ground.deployment(&id).get("rollbackInfo").is_none());
    assert_eq!(ground.weights(), (100, 100));
    assert_eq!(ground.service()["taskSets"][1]["status"], "PRIMARY");
}

#[test]
fn a_replacement_that_is_never_healthy_times_out_after_an_hour() {
    for image in ["web:crash", "web:nopull"] {
        let mut ground = Ground::new(1, &rolls_back_on(&["DEPLOYMENT_FAILURE"]));
        let blue = ground.service()["taskSets"][0].clone();
        let id = ground.deploy(image, &json!([]));
        ground.pass(3_590.0);
        assert_eq!(ground.deployment(&id)["status"], "InProgress", "{image}");
        assert_eq!(ground.event(&id, "Install"), "InProgress");
        ground.pass_until_status(&id, "Failed");
        let error = ground.deployment(&id)["errorInformation"].clone();
        assert_eq!(error["code"], "TIMEOUT");
        let message = error["message"].as_str().unwrap();
        assert!(
            message.contains("replacement task set to become healthy"),
            "{message}"
        );
        let rollback = rollback_of(&mut ground, &id);
        ground.pass_until_status(&rollback, "Succeeded");
        assert_restored(&mut ground, &blue);
    }
}

#[test]
fn a_hook_that_never_answers_times_out() {
    let mut ground = Ground::new(1, &json!({}));
    let id = ground.deploy(
        "web:2",
        &json!([{"AfterAllowTestTraffic": "validate-hangs"}]),
    );
    ground.pass(3_500.0);
    assert_eq!(ground.event(&id, "AfterAllowTestTraffic"), "InProgress");
    ground.pass_until_status(&id, "Failed");
    let events = ground.target(&id)["lifecycleEvents"].clone();
    assert_eq!(events[4]["diagnostics"]["errorCode"], "ScriptTimedOut");
}

#[test]
fn an_alarm_stops_a_deployment_and_rolls_it_back() {
    let mut ground = Ground::new(1, &rolls_back_on(&["DEPLOYMENT_STOP_ON_ALARM"]));
    let now = ground.world.now();
    ground.region().alarms.put("web-errors", now);
    let blue = ground.service()["taskSets"][0].clone();
    let id = ground.deploy("web:2", &json!([]));
    ground.pass_until(200.0, |ground| ground.weights().0 == 10);
    ground
        .region()
        .set_alarm_state("web-errors", AlarmState::Alarm, "too many");
    ground.pass(0.1);
    let deployment = ground.deployment(&id);
    assert_eq!(deployment["status"], "Stopped");
    assert_eq!(deployment["errorInformation"]["code"], "ALARM_ACTIVE");
    let rollback = rollback_of(&mut ground, &id);
    // A rollback goes on while the alarm still fires.
    ground.pass_until_status(&rollback, "Succeeded");
    assert_restored(&mut ground, &blue);
    // A new deployment doesn't start while it fires.
    let next = ground.deploy("web:3", &json!([]));
    ground.pass(10.0);
    assert_eq!(
        ground.deployment(&next)["errorInformation"]["code"],
        "ALARM_ACTIVE"
    );
    ground
        .region()
        .set_alarm_state("web-errors", AlarmState::Ok, "fine");
    let last = ground.deploy("web:4", &json!([]));
    ground.pass_until_status(&last, "Succeeded");
}

#[test]
fn a_rollback_of_a_second_deployment_names_the_first_as_its_revision() {
    let mut ground = Ground::new(1, &rolls_back_on(&["DEPLOYMENT_FAILURE"]));
    let first = ground.deploy("web:2", &json!([]));
    ground.pass_until_status(&first, "Succeeded");
    let second = ground.deploy("web:3", &json!([{"AfterInstall": "check-fails"}]));
    ground.pass_until_status(&second, "Failed");
    let rollback = rollback_of(&mut ground, &second);
    let revision = ground.deployment(&first)["revision"].clone();
    assert_eq!(ground.deployment(&rollback)["revision"], revision);
    assert_eq!(ground.deployment(&second)["previousRevision"], revision);
    ground.pass_until_status(&rollback, "Succeeded");
    let input = json!({"applicationName": "shop", "deploymentGroupName": "web"});
    let group = ground.ok("GetDeploymentGroup", &input)["deploymentGroupInfo"].clone();
    assert_eq!(group["targetRevision"], revision);
    assert_eq!(
        group["lastSuccessfulDeployment"]["deploymentId"],
        json!(rollback)
    );
}

#[test]
fn a_rollback_fails_where_the_listener_leads_to_neither_target_group_and_is_not_undone() {
    let mut ground = Ground::new(2, &rolls_back_on(&["DEPLOYMENT_FAILURE"]));
    let id = ground.deploy("web:2", &json!([]));
    ground.pass_until(300.0, |ground| ground.weights().0 == 10);
    let rule = ground.stand.production_rule.clone();
    let elsewhere = [("elsewhere".to_owned(), 1)];
    assert!(ground.region().elb.set_weights(&rule, &elsewhere));
    let stop = json!({"deploymentId": id, "autoRollbackEnabled": true});
    ground.ok("StopDeployment", &stop);
    ground.pass_until_status(&id, "Stopped");
    let back = rollback_of(&mut ground, &id);
    ground.pass(120.0);
    let failed = ground.deployment(&back);
    assert_eq!(failed["status"], "Failed");
    let code = &failed["errorInformation"]["code"];
    assert_eq!(code, "ELASTIC_LOAD_BALANCING_INVALID");
    assert!(failed["rollbackInfo"]["rollbackDeploymentId"].is_null());
    assert_eq!(ground.service()["taskSets"].as_array().unwrap().len(), 2);
}
