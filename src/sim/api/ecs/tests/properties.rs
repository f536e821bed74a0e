//! What holds in every world, whatever is done to it.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::harness::Ground;

#[derive(Clone, Debug)]
enum Deed {
    Deploy(&'static str),
    Scale(u32),
    Force,
    StopRelease,
    StopTask(usize),
    Pass(f64),
}

fn any_deed() -> impl Strategy<Value = Deed> {
    let images = prop::sample::select(vec![
        "web:2",
        "web:crash",
        "web:oom",
        "web:nopull",
        "web:slow",
        "web:unhealthy",
    ]);
    prop_oneof![
        3 => images.prop_map(Deed::Deploy),
        2 => (0u32..6).prop_map(Deed::Scale),
        1 => Just(Deed::Force),
        2 => Just(Deed::StopRelease),
        1 => (0usize..6).prop_map(Deed::StopTask),
        6 => (0.1f64..90.0).prop_map(Deed::Pass),
    ]
}

fn any_settings() -> impl Strategy<Value = Value> {
    (
        0u32..=100,
        101u32..=250,
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(minimum, maximum, enable, rollback, resets)| {
            json!({"deploymentConfiguration": {
                "minimumHealthyPercent": minimum, "maximumPercent": maximum,
                "deploymentCircuitBreaker":
                    {"enable": enable, "rollback": rollback, "resetOnHealthyTask": resets},
            }})
        })
}

fn apply(ground: &mut Ground, deed: &Deed) {
    match deed {
        Deed::Deploy(image) => {
            ground.deploy(image);
        }
        Deed::Scale(desired) => {
            let input = json!({"cluster": "c", "service": "web", "desiredCount": desired});
            ground.ok("UpdateService", &input);
        }
        Deed::Force => {
            let input = json!({"cluster": "c", "service": "web", "forceNewDeployment": true});
            ground.ok("UpdateService", &input);
        }
        Deed::StopRelease => {
            let arn = ground.service()["currentServiceDeployment"].clone();
            // Refused unless a release is under way that can go back.
            let _ = ground.call(
                "StopServiceDeployment",
                &json!({"serviceDeploymentArn": arn}),
            );
        }
        Deed::StopTask(place) => {
            if let Some(task) = ground.tasks("RUNNING").get(*place) {
                ground.ok(
                    "StopTask",
                    &json!({"cluster": "c", "task": task["taskArn"]}),
                );
            }
        }
        Deed::Pass(seconds) => ground.pass(*seconds),
    }
}

/// Counts, lists and histories tell the same story.
pub fn check(ground: &mut Ground) {
    let service = ground.service();
    let mut tasks = ground.tasks("RUNNING");
    tasks.extend(ground.tasks("STOPPED"));
    let with = |statuses: &[&str]| {
        let is = |task: &&Value| statuses.contains(&task["lastStatus"].as_str().unwrap());
        json!(tasks.iter().filter(is).count())
    };
    let running = with(&["RUNNING"]);
    let pending = with(&["PROVISIONING", "PENDING", "ACTIVATING"]);
    assert_eq!(
        (&service["runningCount"], &service["pendingCount"]),
        (&running, &pending)
    );
    let cluster = ground.ok("DescribeClusters", &json!({"clusters": ["c"]}))["clusters"][0].clone();
    assert_eq!(cluster["runningTasksCount"], running);
    assert_eq!(cluster["pendingTasksCount"], pending);
    for (list, run, wait) in [
        ("deployments", "runningCount", "pendingCount"),
        (
            "currentServiceRevisions",
            "runningTaskCount",
            "pendingTaskCount",
        ),
    ] {
        let sum = |name: &str| {
            let all = service[list].as_array().unwrap();
            json!(
                all.iter()
                    .map(|one| one[name].as_u64().unwrap())
                    .sum::<u64>()
            )
        };
        assert_eq!(
            (&sum(run), &sum(wait)),
            (&running, &pending),
            "{list} of {service:#}"
        );
    }
    let deployments = service["deployments"].as_array().unwrap();
    assert_eq!(deployments[0]["status"], "PRIMARY");
    assert_eq!(deployments[0]["desiredCount"], service["desiredCount"]);
    assert!(deployments[1..].iter().all(|one| one["status"] == "ACTIVE"));
    let input = json!({"cluster": "c", "service": "web", "maxResults": 100});
    let history = ground.ok("ListServiceDeployments", &input)["serviceDeployments"].clone();
    let history = history.as_array().unwrap();
    assert_eq!(
        history[0]["serviceDeploymentArn"],
        service["currentServiceDeployment"]
    );
    assert!(
        history[1..].iter().all(|one| one["finishedAt"].is_number()),
        "{history:#?}"
    );
    assert!(service["events"].as_array().unwrap().len() <= 100);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_view_agrees_and_a_good_release_always_heals(
        seed in any::<u64>(),
        desired in 0u32..5,
        settings in any_settings(),
        deeds in prop::collection::vec(any_deed(), 1..25),
    ) {
        let mut ground = Ground::with_seed(seed);
        ground.register("web:1");
        ground.create(desired, &settings);
        for deed in &deeds {
            apply(&mut ground, deed);
            check(&mut ground);
        }
        // A service of three with room in both directions has to come to rest.
        let input = json!({
            "cluster": "c", "service": "web", "desiredCount": 3,
            "deploymentConfiguration": {"minimumHealthyPercent": 50, "maximumPercent": 200},
        });
        ground.ok("UpdateService", &input);
        let arn = ground.deploy("web:3");
        ground.pass(600.0);
        check(&mut ground);
        prop_assert_eq!(&ground.release(&arn)["status"], "SUCCESSFUL");
        prop_assert_eq!(&ground.service()["runningCount"], 3);
    }

    #[test]
    fn the_same_seed_and_deeds_give_the_same_answers(
        seed in any::<u64>(),
        deeds in prop::collection::vec(any_deed(), 1..12),
    ) {
        let story = || {
            let mut ground = Ground::with_seed(seed);
            ground.register("web:1");
            ground.create(2, &json!({}));
            for deed in &deeds {
                apply(&mut ground, deed);
            }
            (ground.service(), ground.tasks("STOPPED"))
        };
        prop_assert_eq!(story(), story());
    }

    #[test]
    fn how_time_is_cut_changes_nothing(seed in any::<u64>(), cuts in 1u32..40) {
        let story = |cuts: u32| {
            let mut ground = Ground::with_seed(seed);
            ground.register("web:1");
            ground.create(2, &json!({}));
            ground.deploy("web:crash");
            for _ in 0..cuts {
                ground.pass(400.0 / f64::from(cuts));
            }
            let to = crate::sim::clock::SimTime(1_700_000_500_000);
            ground.world.advance(to);
            ground.service()
        };
        prop_assert_eq!(story(cuts), story(1));
    }
}
