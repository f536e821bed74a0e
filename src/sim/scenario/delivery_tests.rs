//! The named scenarios of CodeDeploy and of external controllers.

use serde_json::{Value, json};

use super::*;
use crate::sim::api::{codedeploy, ecs};
use crate::sim::world::DEFAULT_ACCOUNT;

const PLACE: &str = "us-east-1";

fn named(name: &str) -> World {
    let options = ScenarioOptions {
        seed: 1,
        now: SimTime(1_763_700_000_000),
        services: None,
        clusters: None,
        pipelines: None,
    };
    build(name, &options).unwrap()
}

fn later(world: &mut World, seconds: f64) {
    let to = world.now().plus_seconds(seconds);
    world.advance(to);
}

fn service(world: &mut World) -> Value {
    let input = json!({"cluster": "demo", "services": ["web"]});
    let answer = ecs::handle(world, DEFAULT_ACCOUNT, PLACE, "DescribeServices", &input);
    answer.unwrap().unwrap()["services"][0].clone()
}

fn ask(world: &mut World, operation: &str, input: &Value) -> Value {
    let answer = codedeploy::handle(world, DEFAULT_ACCOUNT, PLACE, operation, input);
    answer.unwrap().unwrap()
}

/// Every deployment, the newest first.
fn deployments(world: &mut World) -> Vec<Value> {
    let ids = ask(world, "ListDeployments", &json!({}))["deployments"].clone();
    let answer = ask(world, "BatchGetDeployments", &json!({"deploymentIds": ids}));
    answer["deploymentsInfo"].as_array().unwrap().clone()
}

fn statuses(world: &mut World) -> Vec<String> {
    deployments(world)
        .iter()
        .map(|one| one["status"].as_str().unwrap().to_owned())
        .collect()
}

/// The weight of the target group of a task set of the service.
fn weight(world: &mut World, set: usize) -> u32 {
    let group = service(world)["taskSets"][set]["loadBalancers"][0]["targetGroupArn"].clone();
    let elb = &world.region_mut(DEFAULT_ACCOUNT, PLACE).elb;
    let group = group.as_str().unwrap();
    let rule = &elb.stand_of(group).unwrap().production_rule;
    let mut weights = elb.weights(rule).unwrap().iter();
    weights.find(|(arn, _)| arn == group).unwrap().1
}

#[test]
fn codedeploy_goes_through_its_canary_to_the_end() {
    let mut world = named("codedeploy");
    assert_eq!(statuses(&mut world), ["InProgress", "Succeeded"]);
    later(&mut world, 120.0);
    assert_eq!(weight(&mut world, 1), 10);
    later(&mut world, 300.0);
    assert_eq!(weight(&mut world, 1), 100);
    assert_eq!(
        deployments(&mut world)[0]["instanceTerminationWaitTimeStarted"],
        true
    );
    later(&mut world, 300.0);
    assert_eq!(statuses(&mut world), ["Succeeded", "Succeeded"]);
    assert_eq!(service(&mut world)["taskSets"].as_array().unwrap().len(), 1);
}

#[test]
fn an_alarm_of_the_codedeploy_scenario_is_there_and_quiet() {
    let mut world = named("codedeploy");
    let alarms = &world.region_mut(DEFAULT_ACCOUNT, PLACE).alarms;
    assert!(alarms.get("web-5xx").is_some());
    assert!(!alarms.is_firing("web-5xx"));
}

#[test]
fn codedeploy_ready_waits_and_is_then_stopped_and_undone() {
    let mut world = named("codedeploy-ready");
    assert_eq!(statuses(&mut world), ["Ready", "Succeeded"]);
    later(&mut world, 840.0);
    assert_eq!(statuses(&mut world)[0], "Ready");
    later(&mut world, 120.0);
    assert_eq!(statuses(&mut world), ["Succeeded", "Stopped", "Succeeded"]);
    let all = deployments(&mut world);
    assert_eq!(all[0]["creator"], "codeDeployRollback");
    assert_eq!(
        all[1]["rollbackInfo"]["rollbackDeploymentId"],
        all[0]["deploymentId"]
    );
    assert_eq!(weight(&mut world, 0), 100);
}

#[test]
fn bad_codedeploy_fails_and_is_undone() {
    let mut world = named("bad-codedeploy");
    assert_eq!(statuses(&mut world), ["InProgress", "Succeeded"]);
    later(&mut world, 120.0);
    assert_eq!(statuses(&mut world), ["Succeeded", "Failed", "Succeeded"]);
    let failed = deployments(&mut world)[1].clone();
    assert_eq!(failed["errorInformation"]["code"], "HOOK_EXECUTION_FAILURE");
    later(&mut world, 60.0);
    let sets = service(&mut world)["taskSets"].clone();
    assert_eq!(sets.as_array().unwrap().len(), 1);
    assert_eq!(sets[0]["runningCount"], 4);
}

#[test]
fn external_stands_in_the_middle_and_goes_to_its_end() {
    let mut world = named("external");
    let sets = service(&mut world)["taskSets"].clone();
    assert_eq!(
        (&sets[0]["status"], &sets[1]["status"]),
        (&json!("PRIMARY"), &json!("ACTIVE"))
    );
    assert_eq!(sets[1]["externalId"], "release-1.1.0");
    assert_eq!((weight(&mut world, 0), weight(&mut world, 1)), (50, 50));
    later(&mut world, 1_000.0);
    let service = service(&mut world);
    let sets = service["taskSets"].as_array().unwrap();
    assert_eq!(sets.len(), 1, "{service:#}");
    assert_eq!(
        (&sets[0]["status"], &sets[0]["externalId"]),
        (&json!("PRIMARY"), &json!("release-1.1.0"))
    );
    assert_eq!(weight(&mut world, 0), 100);
}

/// The newest deployment of each group of the tour, as `application: status`.
fn tour_board(world: &mut World) -> Vec<String> {
    let region = world.region_mut(DEFAULT_ACCOUNT, "ap-northeast-1");
    let codedeploy = &region.codedeploy;
    let groups = codedeploy
        .applications
        .values()
        .flat_map(|one| one.groups.values());
    groups
        .map(|group| {
            let newest = &codedeploy.deployments[group.last_attempted.unwrap()];
            format!(
                "{}: {} {}%",
                group.service,
                newest.status.word(),
                newest.green_weight
            )
        })
        .collect()
}

#[test]
fn the_tour_has_one_of_each_kind_at_different_points() {
    let mut world = named("tour");
    assert_eq!(
        tour_board(&mut world),
        [
            "billing: Ready 0%",
            "orders: InProgress 40%",
            "invoices: Succeeded 0%"
        ]
    );
    later(&mut world, 210.0);
    assert_eq!(
        tour_board(&mut world),
        [
            "billing: Ready 0%",
            "orders: InProgress 80%",
            "invoices: InProgress 0%"
        ]
    );
    later(&mut world, 1_800.0);
    assert_eq!(
        tour_board(&mut world),
        [
            "billing: Succeeded 0%",
            "orders: Succeeded 100%",
            "invoices: Succeeded 100%"
        ]
    );
}

#[test]
fn what_codedeploy_cannot_do_is_said() {
    let text = |more: &str| {
        format!(
            "[[cluster]]\nname = \"demo\"\n[[service]]\ncluster = \"demo\"\nname = \"web\"\n\
             image = \"web:1\"\n{more}"
        )
    };
    for (more, problem) in [
        ("codedeploy = {}", "load_balancer"),
        (
            "load_balancer = true\nexternal = true\ncodedeploy = {}",
            "exclude",
        ),
        ("external = true\nbreaker = {}", "breaker"),
        (
            "load_balancer = true\ncodedeploy = { config = \"Mine\" }",
            "No Deployment Config",
        ),
        (
            "load_balancer = true\ncodedeploy = { rollback = [\"NEVER\"] }",
            "enum value set",
        ),
        (
            "external = true\n[[at]]\ntime = \"+1s\"\nservice = \"demo/web\"\ntask_set = \"juggle\"",
            "none of: reroute",
        ),
    ] {
        let options = ScenarioOptions {
            seed: 1,
            now: SimTime(1_763_700_000_000),
            services: None,
            clusters: None,
            pipelines: None,
        };
        let error = build_text("mine", &text(more), &options).unwrap_err();
        let text = match &error {
            ScenarioError::Parse { source, .. } => source.to_string(),
            other => other.to_string(),
        };
        assert!(text.contains(problem), "{text}");
    }
}
