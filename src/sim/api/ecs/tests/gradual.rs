//! Linear and canary deployments, step by step.

use serde_json::{Value, json};

use super::shifts::{Shifts, lambda, pause};

fn linear(more: &Value) -> Value {
    let mut configuration = json!({
        "strategy": "LINEAR", "bakeTimeInMinutes": 1,
        "linearConfiguration": {"stepPercent": 25.0, "stepBakeTimeInMinutes": 2},
    });
    for (name, value) in more.as_object().unwrap() {
        configuration[name] = value.clone();
    }
    configuration
}

fn canary(percent: f64) -> Value {
    json!({
        "strategy": "CANARY", "bakeTimeInMinutes": 1,
        "canaryConfiguration": {"canaryPercent": percent, "canaryBakeTimeInMinutes": 4},
    })
}

/// What the second target group really gets, whenever that changes, with the seconds since the
/// change before.
fn real_steps(shifts: &mut Shifts, arn: &str) -> Vec<((u32, u32), f64)> {
    let mut steps = Vec::new();
    let (mut last, mut since) = (shifts.real("production"), shifts.ground.world.now());
    while shifts.ground.release(arn)["status"] != "SUCCESSFUL" {
        shifts.ground.pass(0.25);
        let real = shifts.real("production");
        if real != last {
            let now = shifts.ground.world.now();
            steps.push((real, now.epoch_seconds() - since.epoch_seconds()));
            (last, since) = (real, now);
        }
        assert!(steps.len() < 40, "{steps:?}");
    }
    steps
}

#[test]
fn a_linear_release_moves_in_equal_steps_with_a_bake_between_them() {
    let mut shifts = Shifts::new(&linear(&json!({})));
    let arn = shifts.ground.deploy("web:2");
    let steps = real_steps(&mut shifts, &arn);
    let weights: Vec<(u32, u32)> = steps.iter().map(|(weights, _)| *weights).collect();
    assert_eq!(weights, [(75, 25), (50, 50), (25, 75), (0, 100)]);
    for (_, seconds) in &steps[1..] {
        assert!((120.0..150.0).contains(seconds), "{steps:?}");
    }
}

#[test]
fn a_canary_gets_its_part_and_then_everything() {
    let mut shifts = Shifts::new(&canary(10.0));
    let arn = shifts.ground.deploy("web:2");
    shifts.until_stage(&arn, "PRODUCTION_TRAFFIC_SHIFT");
    assert_eq!(shifts.asked(&arn), (10.0, 100.0));
    let steps = real_steps(&mut shifts, &arn);
    let weights: Vec<(u32, u32)> = steps.iter().map(|(weights, _)| *weights).collect();
    assert_eq!(weights, [(90, 10), (0, 100)]);
    assert!((240.0..270.0).contains(&steps[1].1), "{steps:?}");
}

#[test]
fn a_tenth_of_a_percent_is_weighed_by_the_thousand() {
    let mut shifts = Shifts::new(&canary(0.5));
    let arn = shifts.ground.deploy("web:2");
    let steps = real_steps(&mut shifts, &arn);
    let weights: Vec<(u32, u32)> = steps.iter().map(|(weights, _)| *weights).collect();
    assert_eq!(weights, [(995, 5), (0, 100)]);
}

#[test]
fn a_pause_before_each_step_has_a_new_id_each_time() {
    let hooks = json!({"lifecycleHooks": [pause(&["PRE_PRODUCTION_TRAFFIC_SHIFT"])]});
    let mut shifts = Shifts::new(&linear(&json!({})));
    let input = json!({
        "cluster": "c", "service": "web", "deploymentConfiguration": linear(&hooks),
    });
    shifts.ground.ok("UpdateService", &input);
    let arn = shifts.ground.deploy("web:2");
    let mut ids: Vec<String> = Vec::new();
    for (step, reached) in [0.0, 25.0, 50.0, 75.0].into_iter().enumerate() {
        let id = shifts.until_pause(&arn);
        assert!(!ids.contains(&id));
        ids.push(id.clone());
        let release = shifts.ground.release(&arn);
        let stage = if step == 0 {
            "POST_TEST_TRAFFIC_SHIFT"
        } else {
            "PRODUCTION_TRAFFIC_SHIFT"
        };
        assert_eq!(release["lifecycleStage"], stage);
        assert_eq!(release["lifecycleHookDetails"].as_array().unwrap().len(), 1);
        assert_eq!(shifts.asked(&arn), (reached, 100.0));
        shifts.answer(&arn, &id, "CONTINUE");
    }
    shifts.until_status(&arn, "SUCCESSFUL");
}

#[test]
fn a_release_goes_back_from_the_middle_of_its_steps() {
    let mut shifts = Shifts::new(&linear(&json!({})));
    let arn = shifts.ground.deploy("web:2");
    shifts.ground.pass_until(1_200.0, |ground| {
        let target = &ground.release(&arn)["targetServiceRevision"];
        target["requestedProductionTrafficWeight"] == 50.0
    });
    shifts.ground.pass(10.0);
    assert_eq!(shifts.real("production"), (50, 50));
    shifts.stop(&arn);
    shifts.until_stage(&arn, "PRODUCTION_TRAFFIC_SHIFT");
    shifts.until_status(&arn, "ROLLBACK_SUCCESSFUL");
    shifts.is_back(&arn);
}

#[test]
fn on_the_way_back_the_functions_of_the_shifts_run_again_and_hold_nothing_up() {
    let hooks = json!({"lifecycleHooks": [
        lambda("check-fails", &["PRODUCTION_TRAFFIC_SHIFT"]),
        pause(&["POST_SCALE_UP"]),
    ]});
    let mut shifts = Shifts::new(&linear(&json!({})));
    let input = json!({
        "cluster": "c", "service": "web", "deploymentConfiguration": linear(&hooks),
    });
    shifts.ground.ok("UpdateService", &input);
    let arn = shifts.ground.deploy("web:2");
    let id = shifts.until_pause(&arn);
    shifts.answer(&arn, &id, "CONTINUE");
    shifts.until_status(&arn, "ROLLBACK_IN_PROGRESS");
    let first = shifts.ground.release(&arn)["lifecycleHookDetails"][0]["hookId"].clone();
    shifts.until_status(&arn, "ROLLBACK_SUCCESSFUL");
    let last = shifts.ground.release(&arn)["lifecycleHookDetails"][0].clone();
    assert_eq!(last["status"], "FAILED");
    assert_ne!(last["hookId"], first);
    shifts.is_back(&arn);
}

#[test]
fn a_first_release_has_one_step() {
    let mut shifts = Shifts::unmade();
    let arn = shifts.create(&canary(10.0))["service"]["currentServiceDeployment"].clone();
    let arn = arn.as_str().unwrap().to_owned();
    shifts.until_stage(&arn, "PRODUCTION_TRAFFIC_SHIFT");
    assert_eq!(shifts.asked(&arn), (100.0, 100.0));
    shifts.until_status(&arn, "SUCCESSFUL");
}
