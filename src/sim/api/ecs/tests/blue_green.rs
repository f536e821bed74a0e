//! Blue/green deployments from their beginning to each of their ends.

use serde_json::{Value, json};

use super::shifts::{Shifts, blue_green, lambda, pause};
use crate::sim::world::DEFAULT_ACCOUNT;
use crate::sim::world::elb::TargetState;

fn healthy_targets(shifts: &mut Shifts, group: &str) -> usize {
    let region = shifts.ground.world.region_mut(DEFAULT_ACCOUNT, "us-east-1");
    let group = region.elb.target_group(group).unwrap();
    group.count(TargetState::Healthy)
}

#[test]
fn a_release_passes_every_stage_and_ends_with_the_new_tasks_alone() {
    let mut shifts = Shifts::new(&blue_green(&json!({})));
    let arn = shifts.ground.deploy("web:2");
    let mut stages: Vec<String> = Vec::new();
    shifts.ground.pass_until(1_200.0, |ground| {
        let release = ground.release(&arn);
        if let Some(stage) = release["lifecycleStage"].as_str()
            && stages.last().is_none_or(|last| last != stage)
        {
            stages.push(stage.to_owned());
        }
        release["status"] == "SUCCESSFUL"
    });
    assert_eq!(
        stages,
        [
            "PRE_SCALE_UP",
            "SCALE_UP",
            "POST_SCALE_UP",
            "TEST_TRAFFIC_SHIFT",
            "POST_TEST_TRAFFIC_SHIFT",
            "PRODUCTION_TRAFFIC_SHIFT",
            "POST_PRODUCTION_TRAFFIC_SHIFT",
            "BAKE_TIME",
            "CLEAN_UP"
        ]
    );
    assert_eq!(shifts.images(), [("web:2".to_owned(), 3)]);
    assert_eq!(shifts.real("production"), (0, 100));
    assert_eq!(shifts.real("test"), (0, 100));
    let green = shifts.stand.green.clone();
    assert_eq!(healthy_targets(&mut shifts, &green), 3);
    let service = shifts.ground.service();
    assert_eq!(service["deployments"].as_array().unwrap().len(), 1);
    assert_eq!(
        service["events"][0]["message"],
        "(service web) has reached a steady state."
    );
    assert_eq!(shifts.ground.release(&arn)["lifecycleStage"], "CLEAN_UP");
}

#[test]
fn both_sets_of_tasks_run_until_the_bake_is_over() {
    let mut shifts = Shifts::new(&blue_green(&json!({})));
    let arn = shifts.ground.deploy("web:2");
    shifts.until_stage(&arn, "PRE_SCALE_UP");
    assert_eq!(shifts.images(), [("web:1".to_owned(), 3)]);
    let both = [("web:1".to_owned(), 3), ("web:2".to_owned(), 3)];
    for stage in ["POST_SCALE_UP", "BAKE_TIME"] {
        shifts.until_stage(&arn, stage);
        assert_eq!(shifts.images(), both, "{stage}");
    }
    let began = shifts.ground.world.now();
    shifts.until_stage(&arn, "CLEAN_UP");
    let seconds = shifts.ground.world.now().epoch_seconds() - began.epoch_seconds();
    assert!((179.0..182.0).contains(&seconds), "baked for {seconds}");
}

#[test]
fn what_is_asked_comes_before_what_is_real() {
    let mut shifts = Shifts::new(&blue_green(&json!({})));
    let arn = shifts.ground.deploy("web:2");
    shifts.until_stage(&arn, "TEST_TRAFFIC_SHIFT");
    assert_eq!(shifts.asked(&arn), (0.0, 100.0));
    assert_eq!(shifts.real("test"), (100, 0));
    shifts.until_stage(&arn, "POST_TEST_TRAFFIC_SHIFT");
    assert_eq!(shifts.real("test"), (0, 100));
    assert_eq!(shifts.real("production"), (100, 0));
    shifts.until_stage(&arn, "PRODUCTION_TRAFFIC_SHIFT");
    assert_eq!(shifts.asked(&arn), (100.0, 100.0));
    let source = shifts.ground.release(&arn)["sourceServiceRevisions"][0].clone();
    assert_eq!(source["requestedProductionTrafficWeight"], 0.0);
    shifts.until_stage(&arn, "POST_PRODUCTION_TRAFFIC_SHIFT");
    assert_eq!(shifts.real("production"), (0, 100));
}

#[test]
fn revisions_take_turns_on_the_target_groups() {
    let mut shifts = Shifts::new(&blue_green(&json!({})));
    for (image, production) in [("web:2", (0, 100)), ("web:3", (100, 0))] {
        let arn = shifts.ground.deploy(image);
        shifts.until_status(&arn, "SUCCESSFUL");
        assert_eq!(shifts.real("production"), production);
        let revision = shifts.ground.release(&arn)["targetServiceRevision"]["arn"].clone();
        let input = json!({"serviceRevisionArns": [revision]});
        let shown = shifts.ground.ok("DescribeServiceRevisions", &input);
        let resolved = &shown["serviceRevisions"][0]["resolvedConfiguration"]["loadBalancers"][0];
        let group = if production.0 == 100 {
            &shifts.stand.blue
        } else {
            &shifts.stand.green
        };
        assert_eq!(
            resolved,
            &json!({
                "targetGroupArn": group,
                "productionListenerRule": shifts.stand.production_rule,
            })
        );
    }
}

#[test]
fn a_pause_holds_until_somebody_continues() {
    let hooks = json!({"lifecycleHooks": [pause(&["POST_TEST_TRAFFIC_SHIFT"])]});
    let mut shifts = Shifts::unmade();
    let arn = shifts.create(&blue_green(&hooks))["service"]["currentServiceDeployment"].clone();
    let arn = arn.as_str().unwrap().to_owned();
    // The hooks of a new service run, too.
    let first = shifts.until_pause(&arn);
    shifts.answer(&arn, &first, "CONTINUE");
    shifts.until_status(&arn, "SUCCESSFUL");
    let arn = shifts.ground.deploy("web:2");
    let hook = shifts.until_pause(&arn);
    let release = shifts.ground.release(&arn);
    assert_eq!(release["lifecycleStage"], "POST_TEST_TRAFFIC_SHIFT");
    let details = release["lifecycleHookDetails"].as_array().unwrap();
    assert_eq!(details.len(), 1);
    assert_eq!(details[0]["targetType"], "PAUSE");
    assert_eq!(details[0]["timeoutAction"], "ROLLBACK");
    assert!(details[0].get("targetArn").is_none());
    let waits = details[0]["expiresAt"].as_f64().unwrap();
    let now = shifts.ground.world.now().epoch_seconds();
    assert!(
        (86_399.0..=86_400.0).contains(&(waits - now)),
        "{waits} at {now}"
    );
    assert!(hook.starts_with("ecs-pause-") && hook != first);
    shifts.ground.pass(3_600.0);
    assert_eq!(shifts.real("production"), (100, 0));
    shifts.answer(&arn, &hook, "CONTINUE");
    assert_eq!(
        shifts.ground.release(&arn)["lifecycleHookDetails"][0]["status"],
        "SUCCEEDED"
    );
    shifts.until_status(&arn, "SUCCESSFUL");
}

#[test]
fn without_an_action_a_deployment_goes_on() {
    let hooks = json!({"lifecycleHooks": [pause(&["PRE_SCALE_UP"])]});
    let mut shifts = Shifts::unmade();
    let arn = shifts.create(&blue_green(&hooks))["service"]["currentServiceDeployment"].clone();
    let hook = shifts.until_pause(arn.as_str().unwrap());
    let input = json!({"serviceDeploymentArn": arn, "hookId": hook});
    shifts.ground.ok("ContinueServiceDeployment", &input);
    shifts.until_status(arn.as_str().unwrap(), "SUCCESSFUL");
}

/// A steady service that gets these hooks for its next release.
fn with_hooks(hooks: &Value) -> Shifts {
    let mut shifts = Shifts::new(&blue_green(&json!({})));
    let configuration = blue_green(&json!({"lifecycleHooks": hooks}));
    let input = json!({
        "cluster": "c", "service": "web", "deploymentConfiguration": configuration,
    });
    shifts.ground.ok("UpdateService", &input);
    shifts
}

#[test]
fn a_pause_rolls_back_when_it_is_told_to() {
    let mut shifts = with_hooks(&json!([pause(&["POST_TEST_TRAFFIC_SHIFT"])]));
    let arn = shifts.ground.deploy("web:2");
    let hook = shifts.until_pause(&arn);
    shifts.answer(&arn, &hook, "ROLLBACK");
    let release = shifts.ground.release(&arn);
    assert_eq!(release["status"], "ROLLBACK_REQUESTED");
    shifts.until_status(&arn, "ROLLBACK_IN_PROGRESS");
    shifts.until_status(&arn, "ROLLBACK_SUCCESSFUL");
    shifts.is_back(&arn);
}

#[test]
fn a_pause_that_nobody_answers_does_what_it_was_set_to() {
    for (action, end) in [
        ("CONTINUE", "SUCCESSFUL"),
        ("ROLLBACK", "ROLLBACK_SUCCESSFUL"),
    ] {
        let mut hook = pause(&["PRE_PRODUCTION_TRAFFIC_SHIFT"]);
        hook["timeoutConfiguration"] = json!({"timeoutInMinutes": 30, "action": action});
        let mut shifts = with_hooks(&json!([hook]));
        let arn = shifts.ground.deploy("web:2");
        shifts.until_pause(&arn);
        // The service model has no word for this stage of a deployment.
        let release = shifts.ground.release(&arn);
        assert_eq!(release["lifecycleStage"], "POST_TEST_TRAFFIC_SHIFT");
        shifts.ground.pass(1_790.0);
        let details = shifts.ground.release(&arn)["lifecycleHookDetails"][0].clone();
        assert_eq!(details["status"], "AWAITING_ACTION");
        shifts.ground.pass(11.0);
        let details = shifts.ground.release(&arn)["lifecycleHookDetails"][0].clone();
        assert_eq!(details["status"], "TIMED_OUT");
        shifts.until_status(&arn, end);
        if action == "ROLLBACK" {
            assert_eq!(
                shifts.ground.release(&arn)["statusReason"],
                "Service deployment rolled back because PRE_PRODUCTION_TRAFFIC_SHIFT pause hook \
                 timed out."
            );
            shifts.is_back(&arn);
        }
    }
}

#[test]
fn only_a_pause_that_waits_can_be_answered() {
    let mut shifts = with_hooks(&json!([
        pause(&["POST_SCALE_UP"]),
        lambda("approval-hangs", &["POST_SCALE_UP"])
    ]));
    let arn = shifts.ground.deploy("web:2");
    let hook = shifts.until_pause(&arn);
    let details = shifts.ground.release(&arn)["lifecycleHookDetails"].clone();
    let call = |arn: &str, hook: &str| json!({"serviceDeploymentArn": arn, "hookId": hook});
    let error = |shifts: &mut Shifts, input: &Value| {
        let operation = "ContinueServiceDeployment";
        shifts.ground.error(operation, input)
    };
    let other = arn.replace("/web/", "/other/");
    assert_eq!(
        error(&mut shifts, &call(&other, &hook)),
        "ServiceDeploymentNotFoundException"
    );
    let invalid = "InvalidParameterException";
    for wrong in [
        "nonsense",
        "ecs-pause-unknown",
        details[1]["hookId"].as_str().unwrap(),
    ] {
        assert_eq!(error(&mut shifts, &call(&arn, wrong)), invalid, "{wrong}");
    }
    let mut unknown = call(&arn, &hook);
    unknown["action"] = json!("SKIP");
    assert_eq!(error(&mut shifts, &unknown), invalid);
    shifts.answer(&arn, &hook, "CONTINUE");
    assert_eq!(error(&mut shifts, &call(&arn, &hook)), invalid, "answered");
    // The function beside it still holds the deployment.
    shifts.ground.pass(3_600.0);
    let release = shifts.ground.release(&arn);
    assert_eq!(release["lifecycleStage"], "POST_SCALE_UP");
    assert_eq!(release["lifecycleHookDetails"][1]["status"], "IN_PROGRESS");
    shifts.until_stage_after_a_day(&arn);
    assert_eq!(error(&mut shifts, &call(&arn, &hook)), "ClientException");
}

impl Shifts {
    fn until_stage_after_a_day(&mut self, arn: &str) {
        self.ground.pass(86_400.0);
        self.until_status(arn, "ROLLBACK_SUCCESSFUL");
        assert_eq!(
            self.ground.release(arn)["statusReason"],
            "Service deployment rolled back because POST_SCALE_UP lifecycle hook timed out."
        );
    }
}

#[test]
fn a_function_that_fails_rolls_back() {
    let mut shifts = with_hooks(&json!([
        lambda("warm-up-succeeds", &["PRE_SCALE_UP", "POST_SCALE_UP"]),
        lambda("smoke-test-fails", &["POST_TEST_TRAFFIC_SHIFT"])
    ]));
    let arn = shifts.ground.deploy("web:2");
    let id = shifts.ground.service()["deployments"][0]["id"].clone();
    shifts.until_status(&arn, "ROLLBACK_REQUESTED");
    let release = shifts.ground.release(&arn);
    let reason = "Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT lifecycle \
                  hook(s) failed. Lifecycle hook target \
                  arn:aws:lambda:us-east-1:123456789012:function:smoke-test-fails returned FAILED \
                  status.";
    assert_eq!(release["statusReason"], reason);
    assert_eq!(release["lifecycleHookDetails"][0]["status"], "FAILED");
    shifts.until_status(&arn, "ROLLBACK_SUCCESSFUL");
    shifts.is_back(&arn);
    let event = format!(
        "(service web) (deployment {}) deployment failed: {reason}",
        id.as_str().unwrap()
    );
    assert!(shifts.ground.events().contains(&event));
}

#[test]
fn a_new_service_whose_hook_fails_has_nothing_to_go_back_to() {
    let hooks = json!({"lifecycleHooks": [lambda("gate-fails", &["PRE_SCALE_UP"])]});
    let mut shifts = Shifts::unmade();
    let arn = shifts.create(&blue_green(&hooks))["service"]["currentServiceDeployment"].clone();
    let arn = arn.as_str().unwrap();
    shifts.until_status(arn, "ROLLBACK_FAILED");
    assert_eq!(
        shifts.ground.release(arn)["statusReason"],
        "No rollback candidate was found to run the rollback."
    );
    shifts.ground.pass(300.0);
    assert_eq!(shifts.ground.service()["runningCount"], 0);
}

#[test]
fn somebody_can_stop_it_at_every_stage() {
    for stage in [
        "PRE_SCALE_UP",
        "SCALE_UP",
        "POST_SCALE_UP",
        "TEST_TRAFFIC_SHIFT",
        "POST_TEST_TRAFFIC_SHIFT",
        "PRODUCTION_TRAFFIC_SHIFT",
        "POST_PRODUCTION_TRAFFIC_SHIFT",
        "BAKE_TIME",
        "CLEAN_UP",
    ] {
        let mut shifts = Shifts::new(&blue_green(&json!({})));
        let arn = shifts.ground.deploy("web:2");
        shifts.until_stage(&arn, stage);
        shifts.ground.pass(3.0);
        shifts.stop(&arn);
        assert_eq!(
            shifts.ground.release(&arn)["status"],
            "STOP_REQUESTED",
            "{stage}"
        );
        shifts.until_status(&arn, "ROLLBACK_SUCCESSFUL");
        shifts.is_back(&arn);
    }
    let mut shifts = Shifts::new(&blue_green(&json!({})));
    let arn = shifts.ground.deploy("web:2");
    shifts.stop(&arn);
    shifts.until_status(&arn, "ROLLBACK_SUCCESSFUL");
    shifts.is_back(&arn);
}

#[test]
fn tasks_that_fail_trip_the_breaker_and_never_see_traffic() {
    let breaker = json!({"deploymentCircuitBreaker": {"enable": true, "rollback": true}});
    let mut shifts = Shifts::new(&blue_green(&breaker));
    let arn = shifts.ground.deploy("web:crash");
    shifts.until_status(&arn, "ROLLBACK_REQUESTED");
    assert_eq!(shifts.ground.release(&arn)["lifecycleStage"], "SCALE_UP");
    shifts.until_status(&arn, "ROLLBACK_SUCCESSFUL");
    shifts.is_back(&arn);
}

#[test]
fn a_newer_release_overtakes_one_in_flight() {
    for stage in [
        "SCALE_UP",
        "POST_TEST_TRAFFIC_SHIFT",
        "BAKE_TIME",
        "CLEAN_UP",
    ] {
        let mut shifts = Shifts::new(&blue_green(&json!({})));
        let old = shifts.ground.deploy("web:2");
        shifts.until_stage(&old, stage);
        shifts.ground.pass(3.0);
        let new = shifts.ground.deploy("web:3");
        let release = shifts.ground.release(&old);
        assert_eq!(release["status"], "STOPPED");
        assert!(
            release["statusReason"]
                .as_str()
                .unwrap()
                .contains("superseded")
        );
        shifts.until_stage(&new, "RECONCILE_SERVICE");
        let sources = shifts.ground.release(&new)["sourceServiceRevisions"].clone();
        assert!(!sources.as_array().unwrap().is_empty());
        shifts.until_stage(&new, "PRE_SCALE_UP");
        assert_eq!(shifts.images(), [("web:1".to_owned(), 3)], "{stage}");
        assert_eq!(shifts.real("production"), (100, 0));
        shifts.until_status(&new, "SUCCESSFUL");
        assert_eq!(shifts.images(), [("web:3".to_owned(), 3)]);
        assert_eq!(shifts.real("production"), (0, 100));
        assert_eq!(shifts.ground.release(&old)["status"], "STOPPED");
    }
}

#[test]
fn a_rolling_release_can_follow_and_overtake() {
    let mut shifts = Shifts::new(&blue_green(&json!({})));
    let old = shifts.ground.deploy("web:2");
    shifts.until_stage(&old, "BAKE_TIME");
    let definition = shifts.ground.register("web:3");
    let input = json!({
        "cluster": "c", "service": "web", "taskDefinition": definition,
        "deploymentConfiguration": {"strategy": "ROLLING"},
    });
    let answer = shifts.ground.ok("UpdateService", &input);
    let arn = answer["service"]["currentServiceDeployment"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(shifts.real("production"), (100, 0));
    shifts.until_status(&arn, "SUCCESSFUL");
    assert!(shifts.ground.release(&arn).get("lifecycleStage").is_none());
    assert_eq!(shifts.images(), [("web:3".to_owned(), 3)]);
    let blue = shifts.stand.blue.clone();
    assert_eq!(healthy_targets(&mut shifts, &blue), 3);
}

#[test]
fn a_change_of_the_desired_count_reaches_both_sets() {
    let mut shifts = Shifts::new(&blue_green(&json!({})));
    let arn = shifts.ground.deploy("web:2");
    shifts.until_stage(&arn, "BAKE_TIME");
    let input = json!({"cluster": "c", "service": "web", "desiredCount": 4});
    shifts.ground.ok("UpdateService", &input);
    shifts.ground.pass(60.0);
    assert_eq!(
        shifts.images(),
        [("web:1".to_owned(), 4), ("web:2".to_owned(), 4)]
    );
    shifts.until_status(&arn, "SUCCESSFUL");
    assert_eq!(shifts.images(), [("web:2".to_owned(), 4)]);
}

#[test]
fn a_service_without_a_load_balancer_shifts_nothing_but_passes_the_stages() {
    let mut ground = super::harness::Ground::new();
    ground.steady(
        2,
        &json!({"deploymentConfiguration": {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0}}),
    );
    let arn = ground.deploy("web:2");
    ground.pass_until(600.0, |ground| {
        ground.release(&arn)["status"] == "SUCCESSFUL"
    });
}

#[test]
fn listener_rules_that_make_no_sense_are_found_before_anything_starts() {
    let mut shifts = Shifts::new(&blue_green(&json!({})));
    let (blue, green) = (shifts.stand.blue.clone(), shifts.stand.green.clone());
    let rule = shifts.stand.production_rule.clone();
    let region = shifts.ground.world.region_mut(DEFAULT_ACCOUNT, "us-east-1");
    region
        .elb
        .set_weights(&rule, &[(blue.clone(), 60), (green, 40)]);
    let arn = shifts.ground.deploy("web:2");
    shifts.until_status(&arn, "ROLLBACK_REQUESTED");
    let reason = shifts.ground.release(&arn)["statusReason"].clone();
    let reason = reason.as_str().unwrap();
    assert!(reason.contains("exactly one target group"), "{reason}");
    assert_eq!(shifts.images(), [("web:1".to_owned(), 3)]);
    shifts.until_status(&arn, "ROLLBACK_SUCCESSFUL");

    let mut other = shifts.balancer();
    other["advancedConfiguration"]["testListenerRule"] = json!(format!("{rule}0"));
    let input = json!({"cluster": "c", "service": "web", "loadBalancers": [other]});
    let answer = shifts.ground.ok("UpdateService", &input);
    let arn = answer["service"]["currentServiceDeployment"].clone();
    let arn = arn.as_str().unwrap();
    shifts.until_status(arn, "ROLLBACK_SUCCESSFUL");
    assert_eq!(
        shifts.ground.release(arn)["statusReason"],
        "Service deployment rolled back because of invalid networking configuration. One or more \
         rules not found"
    );
}
