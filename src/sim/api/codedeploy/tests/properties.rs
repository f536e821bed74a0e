//! What holds for CodeDeploy whatever is done.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::harness::Ground;
use crate::sim::world::alarms::AlarmState;

#[derive(Clone, Debug)]
enum Deed {
    Deploy(&'static str, &'static str, &'static str),
    Continue(&'static str),
    Stop(Option<bool>),
    Scale(u32),
    Alarm(bool),
    StopTask,
    Pass(f64),
}

fn any_deed() -> impl Strategy<Value = Deed> {
    let images = prop::sample::select(vec!["web:2", "web:crash", "web:slow"]);
    let hooks = prop::sample::select(vec!["BeforeInstall", "AfterInstall", "AfterAllowTraffic"]);
    let functions = prop::sample::select(vec!["check", "check-fails", "check-hangs"]);
    let waits = prop::sample::select(vec!["READY_WAIT", "TERMINATION_WAIT"]);
    prop_oneof![
        4 => (images, hooks, functions).prop_map(|(image, hook, function)| Deed::Deploy(image, hook, function)),
        3 => waits.prop_map(Deed::Continue),
        2 => any::<Option<bool>>().prop_map(Deed::Stop),
        1 => (0u32..4).prop_map(Deed::Scale),
        1 => any::<bool>().prop_map(Deed::Alarm),
        1 => Just(Deed::StopTask),
        7 => (0.1f64..400.0).prop_map(Deed::Pass),
    ]
}

fn any_group() -> impl Strategy<Value = Value> {
    let configs = prop::sample::select(vec![
        "CodeDeployDefault.ECSAllAtOnce",
        "CodeDeployDefault.ECSCanary10Percent5Minutes",
        "CodeDeployDefault.ECSLinear10PercentEvery1Minutes",
    ]);
    (configs, 0u32..10, 0u32..10, any::<bool>()).prop_map(|(config, ready, end, undo)| {
        let mut group = super::waits::waiting(ready, end);
        group["deploymentConfigName"] = json!(config);
        group["alarmConfiguration"] = json!({"enabled": true, "alarms": [{"name": "a"}]});
        group["autoRollbackConfiguration"] =
            json!({"enabled": undo, "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]});
        group
    })
}

fn newest(ground: &mut Ground) -> Option<String> {
    let ids = ground.ok("ListDeployments", &json!({}))["deployments"].clone();
    ids[0].as_str().map(str::to_owned)
}

fn apply(ground: &mut Ground, deed: &Deed) {
    let id = newest(ground);
    match deed {
        Deed::Deploy(image, hook, function) => {
            let definition = ground.register(image);
            let input = Ground::deployment_input(&definition, &json!([{*hook: function}]));
            // Refused while another one is under way.
            let _ = ground.call("CreateDeployment", &input);
        }
        Deed::Continue(wait) => {
            let _ = ground.call(
                "ContinueDeployment",
                &json!({"deploymentId": id, "deploymentWaitType": wait}),
            );
        }
        Deed::Stop(undo) => {
            let _ = ground.call(
                "StopDeployment",
                &json!({"deploymentId": id, "autoRollbackEnabled": undo}),
            );
        }
        Deed::Scale(desired) => {
            let input = json!({"cluster": "c", "service": "web", "desiredCount": desired});
            ground.ecs("UpdateService", &input).unwrap();
        }
        Deed::Alarm(fires) => {
            let state = if *fires {
                AlarmState::Alarm
            } else {
                AlarmState::Ok
            };
            ground.region().set_alarm_state("a", state, "a test");
        }
        Deed::StopTask => {
            let tasks =
                ground.ecs("ListTasks", &json!({"cluster": "c"})).unwrap()["taskArns"].clone();
            if tasks[0].is_string() {
                let input = json!({"cluster": "c", "task": tasks[0]});
                ground.ecs("StopTask", &input).unwrap();
            }
        }
        Deed::Pass(seconds) => ground.pass(*seconds),
    }
}

/// Task sets, tasks, weights and deployments tell the same story.
fn check(ground: &mut Ground) {
    let service = ground.service();
    let sets = service["taskSets"].as_array().unwrap();
    let primary = sets.iter().filter(|set| set["status"] == "PRIMARY").count();
    assert_eq!(primary, 1, "{service:#}");
    for (set_count, service_count) in [
        ("runningCount", "runningCount"),
        ("pendingCount", "pendingCount"),
    ] {
        let sum: u64 = sets
            .iter()
            .map(|set| set[set_count].as_u64().unwrap())
            .sum();
        assert_eq!(json!(sum), service[service_count], "{service:#}");
    }
    for set in sets {
        if set["status"] != "DRAINING" {
            assert_eq!(set["computedDesiredCount"], service["desiredCount"]);
        }
    }
    // This also holds that the weights of each rule sum to 100.
    ground.weights();
    let ids = ground.ok("ListDeployments", &json!({}))["deployments"].clone();
    let mut open = 0;
    for id in ids.as_array().unwrap() {
        let deployment = ground.deployment(id.as_str().unwrap());
        let ended = deployment.get("completeTime").is_some();
        let status = deployment["status"].as_str().unwrap();
        assert_eq!(
            ended,
            ["Succeeded", "Failed", "Stopped"].contains(&status),
            "{deployment:#}"
        );
        open += usize::from(!ended);
        let failed = ended && status != "Succeeded";
        assert_eq!(
            deployment.get("errorInformation").is_some(),
            failed,
            "{deployment:#}"
        );
    }
    assert!(open <= 1, "{open} deployments at once");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_view_agrees_and_everything_comes_to_an_end(
        seed in any::<u64>(),
        desired in 0u32..4,
        group in any_group(),
        deeds in prop::collection::vec(any_deed(), 1..20),
    ) {
        let mut ground = Ground::with_seed(seed, desired, &group);
        let now = ground.world.now();
        ground.region().alarms.put("a", now);
        for deed in &deeds {
            apply(&mut ground, deed);
            check(&mut ground);
        }
        // No wait of a deployment is longer than three hours here.
        ground.pass(3.0 * 3600.0);
        check(&mut ground);
        if let Some(id) = newest(&mut ground) {
            prop_assert!(ground.deployment(&id).get("completeTime").is_some());
        }
    }

    #[test]
    fn the_same_seed_and_deeds_give_the_same_answers(
        seed in any::<u64>(),
        deeds in prop::collection::vec(any_deed(), 1..10),
    ) {
        let story = || {
            let mut ground = Ground::with_seed(seed, 1, &json!({}));
            for deed in &deeds {
                apply(&mut ground, deed);
            }
            (ground.service(), newest(&mut ground))
        };
        prop_assert_eq!(story(), story());
    }
}
