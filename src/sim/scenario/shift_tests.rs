//! The scenarios whose traffic is shifted, from the start to each of their ends.

use serde_json::{Value, json};

use super::*;
use crate::sim::api::ecs::handle;
use crate::sim::world::DEFAULT_ACCOUNT;

const NOW: SimTime = SimTime(1_763_700_000_000);

struct Play {
    world: World,
}

impl Play {
    fn new(name: &str) -> Self {
        let options = ScenarioOptions {
            seed: 1,
            now: NOW,
            services: None,
            clusters: None,
            pipelines: None,
        };
        Self {
            world: build(name, &options).unwrap(),
        }
    }

    fn ask(&mut self, operation: &str, input: &Value) -> Value {
        let region = "us-east-1";
        let answer = handle(&mut self.world, DEFAULT_ACCOUNT, region, operation, input);
        answer.unwrap().unwrap()
    }

    fn later(&mut self, seconds: f64) {
        let to = self.world.now().plus_seconds(seconds);
        self.world.advance(to);
    }

    /// The releases of the service, the newest first, described.
    fn releases(&mut self) -> Vec<Value> {
        let input = json!({"cluster": "demo", "service": "web"});
        let list = self.ask("ListServiceDeployments", &input);
        let arns: Vec<Value> = list["serviceDeployments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["serviceDeploymentArn"].clone())
            .collect();
        let input = json!({"serviceDeploymentArns": arns});
        let shown = self.ask("DescribeServiceDeployments", &input);
        shown["serviceDeployments"].as_array().unwrap().clone()
    }

    fn newest(&mut self) -> Value {
        self.releases().remove(0)
    }

    fn statuses(&mut self) -> Vec<String> {
        let releases = self.releases();
        let statuses = releases.iter().map(|one| one["status"].as_str().unwrap());
        statuses.map(str::to_owned).collect()
    }

    #[track_caller]
    fn until(&mut self, most: f64, holds: impl Fn(&Value) -> bool) -> Value {
        let end = self.world.now().plus_seconds(most);
        loop {
            let newest = self.newest();
            if holds(&newest) {
                return newest;
            }
            assert!(self.world.now() < end, "not within {most} s: {newest:#}");
            self.later(1.0);
        }
    }

    /// Answers the pause that the newest release waits at.
    fn answer(&mut self, action: &str) {
        let newest = self.newest();
        let hook = newest["lifecycleHookDetails"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["status"] == "AWAITING_ACTION")
            .unwrap();
        let input = json!({
            "serviceDeploymentArn": newest["serviceDeploymentArn"],
            "hookId": hook["hookId"], "action": action,
        });
        self.ask("ContinueServiceDeployment", &input);
    }
}

fn waits(release: &Value) -> bool {
    let hooks = release["lifecycleHookDetails"].as_array();
    hooks
        .into_iter()
        .flatten()
        .any(|one| one["status"] == "AWAITING_ACTION")
}

fn has_status(status: &'static str) -> impl Fn(&Value) -> bool {
    move |release| release["status"] == status
}

#[test]
fn blue_green_waits_for_a_person() {
    for (action, end) in [
        ("CONTINUE", "SUCCESSFUL"),
        ("ROLLBACK", "ROLLBACK_SUCCESSFUL"),
    ] {
        let mut play = Play::new("blue-green");
        assert_eq!(play.statuses(), ["IN_PROGRESS", "SUCCESSFUL", "SUCCESSFUL"]);
        let release = play.until(240.0, waits);
        assert_eq!(release["lifecycleStage"], "POST_TEST_TRAFFIC_SHIFT");
        play.answer(action);
        play.until(600.0, has_status(end));
    }
    let mut play = Play::new("blue-green");
    play.until(240.0, waits);
    play.until(1_900.0, has_status("ROLLBACK_SUCCESSFUL"));
}

#[test]
fn linear_goes_on_by_itself() {
    let mut play = Play::new("linear");
    let release = play.until(120.0, |one| {
        one["targetServiceRevision"]["requestedProductionTrafficWeight"] == 25.0
    });
    assert_eq!(release["lifecycleStage"], "PRODUCTION_TRAFFIC_SHIFT");
    play.until(1_200.0, has_status("SUCCESSFUL"));
    assert_eq!(play.statuses().len(), 3);
}

#[test]
fn canary_bakes_at_a_tenth_and_waits_again() {
    let mut play = Play::new("canary");
    assert_eq!(play.statuses(), ["IN_PROGRESS", "SUCCESSFUL", "SUCCESSFUL"]);
    let release = play.newest();
    let weight = &release["targetServiceRevision"]["requestedProductionTrafficWeight"];
    assert_eq!(*weight, 10.0, "{release:#}");
    play.until(400.0, waits);
    play.answer("CONTINUE");
    play.until(400.0, has_status("SUCCESSFUL"));
}

#[test]
fn bad_canary_rolls_back_by_its_alarm() {
    let mut play = Play::new("bad-canary");
    let release = play.newest();
    assert_eq!(release["lifecycleStage"], "PRODUCTION_TRAFFIC_SHIFT");
    assert_eq!(release["alarms"]["status"], "MONITORING");
    let release = play.until(120.0, has_status("ROLLBACK_IN_PROGRESS"));
    assert_eq!(release["alarms"]["triggeredAlarmNames"], json!(["web-5xx"]));
    play.until(240.0, has_status("ROLLBACK_SUCCESSFUL"));
}

#[test]
fn hook_failure_rolls_back_before_production_has_moved() {
    let mut play = Play::new("hook-failure");
    let release = play.until(300.0, |one| {
        one["lifecycleHookDetails"][0]["status"] == "IN_PROGRESS"
            && one["lifecycleStage"] == "POST_TEST_TRAFFIC_SHIFT"
    });
    assert_eq!(
        release["targetServiceRevision"]["requestedProductionTrafficWeight"],
        0.0
    );
    let release = play.until(120.0, has_status("ROLLBACK_SUCCESSFUL"));
    let reason = release["statusReason"].as_str().unwrap();
    assert!(
        reason.contains("smoke-test returned FAILED status"),
        "{reason}"
    );
}

#[test]
fn superseded_ends_stopped_and_the_newer_one_reconciles() {
    let mut play = Play::new("superseded");
    assert_eq!(play.newest()["lifecycleStage"], "BAKE_TIME");
    play.later(35.0);
    assert_eq!(play.statuses()[..2], ["IN_PROGRESS", "STOPPED"]);
    assert_eq!(play.newest()["lifecycleStage"], "RECONCILE_SERVICE");
    play.until(900.0, has_status("SUCCESSFUL"));
}

#[test]
fn what_a_scenario_says_wrong_about_shifts_is_refused() {
    let service = "[[cluster]]\nname = \"c\"\n[[service]]\ncluster = \"c\"\nname = \"s\"\nimage = \"s:1\"\n\
         load_balancer = true\n";
    for wrong in [
        "deployment = { strategy = \"RED_BLACK\" }\n",
        "deployment = { strategy = \"LINEAR\", percent = 2.0 }\n",
        "deployment = { strategy = \"BLUE_GREEN\", steps = 2 }\n",
        "deployment = { strategy = \"BLUE_GREEN\" }\n[[service.hook]]\nstages = [\"TEST_TRAFFIC_SHIFT\"]\n",
        "[[hook]]\nfunction = \"f\"\nresult = \"explodes\"\n",
        "[[at]]\ntime = \"+1m\"\nservice = \"c/s\"\nanswer = \"SKIP\"\n",
    ] {
        let options = ScenarioOptions {
            seed: 1,
            now: NOW,
            services: None,
            clusters: None,
            pipelines: None,
        };
        let text = format!("{service}{wrong}");
        assert!(build_text("test", &text, &options).is_err(), "{wrong}");
    }
}

/// The newest release of a service of the tour.
fn of_tour(world: &mut World, cluster: &str, name: &str) -> Value {
    let mut ask = |operation: &str, input: &Value| {
        let tokyo = "ap-northeast-1";
        handle(world, DEFAULT_ACCOUNT, tokyo, operation, input)
            .unwrap()
            .unwrap()
    };
    let input = json!({"cluster": cluster, "services": [name]});
    let service = ask("DescribeServices", &input)["services"][0].clone();
    let input = json!({"serviceDeploymentArns": [service["currentServiceDeployment"]]});
    ask("DescribeServiceDeployments", &input)["serviceDeployments"][0].clone()
}

#[test]
fn the_tour_has_one_of_each_kind_at_another_point() {
    for seed in 0..10 {
        let options = ScenarioOptions {
            seed,
            now: NOW,
            services: None,
            clusters: None,
            pipelines: None,
        };
        let mut world = build("tour", &options).unwrap();
        let paused = of_tour(&mut world, "prod-core", "fulfilment");
        assert!(waits(&paused), "seed {seed}: {paused:#}");
        for (cluster, name, part) in [
            ("prod-edge", "storefront", 40.0),
            ("prod-core", "pricing", 10.0),
        ] {
            let release = of_tour(&mut world, cluster, name);
            let target = &release["targetServiceRevision"];
            assert_eq!(
                target["requestedProductionTrafficWeight"], part,
                "{name} {seed}"
            );
            assert_eq!(release["lifecycleStage"], "PRODUCTION_TRAFFIC_SHIFT");
        }
        world.advance(NOW.plus_seconds(300.0));
        let pricing = of_tour(&mut world, "prod-core", "pricing");
        assert_eq!(pricing["status"], "ROLLBACK_SUCCESSFUL", "seed {seed}");
        world.advance(NOW.plus_seconds(900.0));
        let storefront = of_tour(&mut world, "prod-edge", "storefront");
        assert_eq!(storefront["status"], "SUCCESSFUL", "seed {seed}");
    }
}
