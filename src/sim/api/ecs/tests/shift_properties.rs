//! What holds for every service whose traffic is shifted, whatever is done to it.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::properties::check;
use super::shifts::{Shifts, lambda, pause};
use crate::sim::world::DEFAULT_ACCOUNT;
use crate::sim::world::alarms::AlarmState;
use crate::sim::world::elb::TargetState;

#[derive(Clone, Debug)]
enum Deed {
    Deploy(&'static str),
    Configure(Value),
    Scale(u32),
    Force,
    Stop,
    StopTask(usize),
    Answer(&'static str),
    Alarm(AlarmState),
    Delete,
    Pass(f64),
}

fn any_configuration() -> impl Strategy<Value = Value> {
    let strategies = prop::sample::select(vec!["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"]);
    let stages = prop::sample::select(vec![
        "RECONCILE_SERVICE",
        "PRE_SCALE_UP",
        "POST_SCALE_UP",
        "POST_TEST_TRAFFIC_SHIFT",
        "PRE_PRODUCTION_TRAFFIC_SHIFT",
        "POST_PRODUCTION_TRAFFIC_SHIFT",
    ]);
    let functions = prop::sample::select(vec!["a-succeeds", "a-fails", "a-hangs"]);
    (
        strategies,
        prop::collection::vec((stages, functions, any::<bool>()), 0..3),
        any::<bool>(),
        0u32..3,
        1u32..1_000,
    )
        .prop_map(|(strategy, hooks, watched, bake, tenths)| {
            let hooks: Vec<Value> = hooks
                .into_iter()
                .map(|(stage, function, pauses)| {
                    let mut hook = if pauses {
                        pause(&[stage])
                    } else {
                        lambda(function, &[stage])
                    };
                    hook["timeoutConfiguration"] = json!({"timeoutInMinutes": 2});
                    hook
                })
                .collect();
            let mut configuration = json!({
                "strategy": strategy, "bakeTimeInMinutes": bake,
                "alarms": {"alarmNames": ["errors"], "enable": watched, "rollback": true},
                "deploymentCircuitBreaker": {"enable": true, "rollback": watched},
                "lifecycleHooks": if strategy == "ROLLING" { json!([]) } else { json!(hooks) },
            });
            if strategy == "LINEAR" {
                let percent = f64::from(tenths.max(300)) / 10.0;
                configuration["linearConfiguration"] =
                    json!({"stepPercent": percent, "stepBakeTimeInMinutes": 1});
            }
            if strategy == "CANARY" {
                configuration["canaryConfiguration"] = json!({
                    "canaryPercent": f64::from(tenths) / 10.0, "canaryBakeTimeInMinutes": 1,
                });
            }
            configuration
        })
}

fn any_deed() -> impl Strategy<Value = Deed> {
    let images = prop::sample::select(vec!["web:2", "web:3", "web:crash", "web:unhealthy"]);
    let states = prop::sample::select(vec![AlarmState::Alarm, AlarmState::Ok]);
    let answers = prop::sample::select(vec!["CONTINUE", "ROLLBACK"]);
    prop_oneof![
        4 => images.prop_map(Deed::Deploy),
        2 => any_configuration().prop_map(Deed::Configure),
        1 => (0u32..5).prop_map(Deed::Scale),
        1 => Just(Deed::Force),
        2 => Just(Deed::Stop),
        1 => (0usize..6).prop_map(Deed::StopTask),
        2 => answers.prop_map(Deed::Answer),
        1 => states.prop_map(Deed::Alarm),
        10 => (0.1f64..200.0).prop_map(Deed::Pass),
    ]
}

fn apply(shifts: &mut Shifts, deed: &Deed) {
    let update = |more: Value| {
        let mut input = json!({"cluster": "c", "service": "web"});
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        input
    };
    let ground = &mut shifts.ground;
    match deed {
        Deed::Deploy(image) => {
            ground.deploy(image);
        }
        Deed::Configure(configuration) => {
            let more = json!({"deploymentConfiguration": configuration});
            ground.ok("UpdateService", &update(more));
        }
        Deed::Scale(desired) => {
            ground.ok("UpdateService", &update(json!({"desiredCount": desired})));
        }
        Deed::Force => {
            ground.ok(
                "UpdateService",
                &update(json!({"forceNewDeployment": true})),
            );
        }
        Deed::Stop => {
            let arn = ground.service()["currentServiceDeployment"].clone();
            // Refused unless a release is under way that can go back.
            let _ = ground.call(
                "StopServiceDeployment",
                &json!({"serviceDeploymentArn": arn}),
            );
        }
        Deed::StopTask(place) => {
            if let Some(task) = ground.tasks("RUNNING").get(*place) {
                let input = json!({"cluster": "c", "task": task["taskArn"]});
                ground.ok("StopTask", &input);
            }
        }
        Deed::Answer(action) => {
            let arn = ground.service()["currentServiceDeployment"].clone();
            let release = ground.release(arn.as_str().unwrap());
            let hooks = release["lifecycleHookDetails"].as_array().cloned();
            for hook in hooks.unwrap_or_default() {
                // Refused unless it is a pause that waits.
                let input = json!({
                    "serviceDeploymentArn": arn, "hookId": hook["hookId"], "action": action,
                });
                let _ = ground.call("ContinueServiceDeployment", &input);
            }
        }
        Deed::Alarm(state) => shifts.alarm("errors", *state),
        Deed::Delete => {
            let input = json!({"cluster": "c", "service": "web", "force": true});
            ground.ok("DeleteService", &input);
        }
        Deed::Pass(seconds) => ground.pass(*seconds),
    }
}

/// What was asked for sums to all of the traffic, and so do the weights on the load balancer.
fn check_traffic(shifts: &mut Shifts) {
    let arn = shifts.ground.service()["currentServiceDeployment"].clone();
    let release = shifts.ground.release(arn.as_str().unwrap());
    let mut revisions = release["sourceServiceRevisions"]
        .as_array()
        .unwrap()
        .clone();
    revisions.push(release["targetServiceRevision"].clone());
    if release.get("lifecycleStage").is_some() {
        for name in [
            "requestedProductionTrafficWeight",
            "requestedTestTrafficWeight",
        ] {
            let parts = revisions.iter().filter_map(|one| one[name].as_f64());
            let sum: f64 = parts.sum();
            let whole = (sum - 100.0).abs() < 1e-6;
            // Nothing has traffic before a service has shifted for the first time.
            assert!(whole || sum == 0.0, "{name} sum to {sum} in {release:#}");
        }
    }
    for kind in ["production", "test"] {
        let (blue, green) = shifts.real(kind);
        assert!(
            [100, 1_000].contains(&(blue + green)),
            "{kind} {blue}:{green}"
        );
    }
    if let Some(stage) = release["lifecycleStage"].as_str() {
        assert_ne!(stage, "PRE_PRODUCTION_TRAFFIC_SHIFT");
    }
}

/// The target groups that get production traffic, with their healthy targets.
fn served(shifts: &mut Shifts) -> Vec<(u32, usize)> {
    let (blue, green) = shifts.real("production");
    let groups = [
        (blue, shifts.stand.blue.clone()),
        (green, shifts.stand.green.clone()),
    ];
    let region = shifts.ground.world.region_mut(DEFAULT_ACCOUNT, "us-east-1");
    groups
        .into_iter()
        .map(|(weight, arn)| {
            let group = region.elb.target_group(&arn).unwrap();
            (weight, group.count(TargetState::Healthy))
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_view_agrees_and_a_good_release_always_heals(
        first in any_configuration(),
        last in any_configuration(),
        deeds in prop::collection::vec(any_deed(), 1..20),
    ) {
        let mut shifts = Shifts::unmade();
        shifts.create(&first);
        for deed in &deeds {
            apply(&mut shifts, deed);
            check(&mut shifts.ground);
            check_traffic(&mut shifts);
        }
        let mut calm = last.clone();
        calm["lifecycleHooks"] = json!([]);
        calm["alarms"] = json!({"alarmNames": [], "enable": false, "rollback": false});
        apply(&mut shifts, &Deed::Scale(3));
        apply(&mut shifts, &Deed::Configure(calm));
        let arn = shifts.ground.deploy("web:4");
        shifts.ground.pass(3_000.0);
        check(&mut shifts.ground);
        check_traffic(&mut shifts);
        prop_assert_eq!(&shifts.ground.release(&arn)["status"], "SUCCESSFUL");
        prop_assert_eq!(shifts.images(), vec![("web:4".to_owned(), 3)]);
        for (weight, targets) in served(&mut shifts) {
            prop_assert_eq!(weight > 0, targets == 3, "{} with {}", weight, targets);
        }
        apply(&mut shifts, &Deed::Delete);
        shifts.ground.pass(120.0);
        prop_assert_eq!(&shifts.ground.service()["status"], "INACTIVE");
    }

    #[test]
    fn the_same_deeds_give_the_same_answers_however_time_is_cut(
        first in any_configuration(),
        deeds in prop::collection::vec(any_deed(), 1..8),
        cuts in 1u32..30,
    ) {
        let story = |cuts: u32| {
            let mut shifts = Shifts::unmade();
            shifts.create(&first);
            for deed in &deeds {
                apply(&mut shifts, deed);
            }
            let end = shifts.ground.world.now().plus_seconds(1_000.0);
            for _ in 0..cuts {
                shifts.ground.pass(900.0 / f64::from(cuts));
            }
            shifts.ground.world.advance(end);
            let service = shifts.ground.service();
            let arn = service["currentServiceDeployment"].as_str().unwrap().to_owned();
            let release = shifts.ground.release(&arn);
            (service, release, shifts.real("production"))
        };
        prop_assert_eq!(story(cuts), story(1));
    }
}

#[test]
fn a_way_back_that_is_overtaken_at_once_leaves_one_set_of_the_old_revision() {
    let configuration = |strategy: &str, bake: u32| {
        let mut one = json!({"strategy": strategy, "bakeTimeInMinutes": bake});
        if strategy == "LINEAR" {
            one["linearConfiguration"] = json!({"stepPercent": 30.0, "stepBakeTimeInMinutes": 1});
        }
        one
    };
    let mut shifts = Shifts::unmade();
    shifts.create(&configuration("LINEAR", 1));
    shifts.ground.pass(175.66);
    apply(
        &mut shifts,
        &Deed::Configure(configuration("BLUE_GREEN", 0)),
    );
    shifts.ground.deploy("web:2");
    apply(&mut shifts, &Deed::Stop);
    shifts.ground.pass(8.264_931_935);
    shifts.ground.deploy("web:2");
    shifts.ground.pass(80.876_867_8);
    let arn = shifts.ground.deploy("web:4");
    shifts.ground.pass(3_000.0);
    assert_eq!(shifts.ground.release(&arn)["status"], "SUCCESSFUL");
}

#[test]
fn a_good_release_takes_over_from_a_revision_that_completed_without_a_task_and_crashes() {
    let mut shifts = Shifts::unmade();
    let breaker = json!({
        "strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0,
        "deploymentCircuitBreaker": {"enable": true, "rollback": true},
    });
    shifts.create(&breaker);
    apply(&mut shifts, &Deed::Scale(0));
    let crashing = shifts.ground.deploy("web:crash");
    shifts.until_status(&crashing, "SUCCESSFUL");
    apply(&mut shifts, &Deed::Scale(1));
    let overtaken = shifts.ground.deploy("web:2");
    shifts.until_stage(&overtaken, "SCALE_UP");
    let arn = shifts.ground.deploy("web:4");
    shifts.until_stage(&arn, "RECONCILE_SERVICE");
    shifts.until_status(&arn, "SUCCESSFUL");
    let events = shifts.ground.events();
    let unable = "is unable to consistently start tasks successfully";
    assert!(events.iter().any(|one| one.contains(unable)), "{events:#?}");
    assert_eq!(shifts.images(), vec![("web:4".to_owned(), 1)]);
}
