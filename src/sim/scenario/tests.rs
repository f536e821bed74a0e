//! The named scenarios, and what a file may not say.

use serde_json::{Value, json};

use super::*;
use crate::sim::api::ecs::handle;
use crate::sim::world::DEFAULT_ACCOUNT;
use crate::sim::world::elb::TargetState;

const TOKYO: &str = "ap-northeast-1";
const NOW: SimTime = SimTime(1_763_700_000_000);

fn options(seed: u64) -> ScenarioOptions {
    ScenarioOptions {
        seed,
        now: NOW,
        services: None,
        clusters: None,
        pipelines: None,
    }
}

fn ask(world: &mut World, region: &str, operation: &str, input: &Value) -> Value {
    handle(world, DEFAULT_ACCOUNT, region, operation, input)
        .unwrap()
        .unwrap()
}

fn service(world: &mut World, region: &str, cluster: &str, name: &str) -> Value {
    let input = json!({"cluster": cluster, "services": [name]});
    ask(world, region, "DescribeServices", &input)["services"][0].clone()
}

fn release(world: &mut World, region: &str, service: &Value) -> Value {
    let input = json!({"serviceDeploymentArns": [service["currentServiceDeployment"]]});
    ask(world, region, "DescribeServiceDeployments", &input)["serviceDeployments"][0].clone()
}

fn later(world: &mut World, seconds: f64) {
    let to = world.now().plus_seconds(seconds);
    world.advance(to);
}

/// The services of the tour as `name: status of the newest release, failures of threshold`.
fn board(world: &mut World) -> Vec<String> {
    let mut lines = Vec::new();
    for cluster in ["batch", "prod-core", "prod-edge"] {
        let input = json!({"cluster": cluster, "maxResults": 100});
        let arns = ask(world, TOKYO, "ListServices", &input)["serviceArns"].clone();
        for arn in arns.as_array().unwrap() {
            let one = service(world, TOKYO, cluster, arn.as_str().unwrap());
            if one.get("currentServiceDeployment").is_none() {
                continue;
            }
            let release = release(world, TOKYO, &one);
            lines.push(format!(
                "{}: {} {} of {}",
                one["serviceName"].as_str().unwrap(),
                release["status"].as_str().unwrap(),
                release["deploymentCircuitBreaker"]["failureCount"],
                release["deploymentCircuitBreaker"]["threshold"],
            ));
        }
    }
    lines
}

#[test]
fn the_tour_begins_in_the_middle_of_an_evening() {
    for seed in 0..20 {
        let mut world = build("tour", &options(seed)).unwrap();
        let board = board(&mut world);
        for line in [
            "checkout: IN_PROGRESS 2 of 3",
            "payments: IN_PROGRESS 0 of 3",
            "mailer: IN_PROGRESS 0 of 3",
            "thumbnailer: IN_PROGRESS 0 of 3",
            "notifications: IN_PROGRESS 0 of 3",
            "profile: ROLLBACK_SUCCESSFUL 3 of 3",
            "sessions: ROLLBACK_SUCCESSFUL 0 of 3",
            "exporter: STOPPED 3 of 3",
            "gateway: SUCCESSFUL 0 of 3",
        ] {
            assert!(
                board.iter().any(|one| one == line),
                "seed {seed}: {line} in {board:#?}"
            );
        }
    }
}

#[test]
fn the_breaker_of_the_tour_trips_and_rolls_back_within_two_minutes() {
    for seed in 0..20 {
        let mut world = build("tour", &options(seed)).unwrap();
        let mut seen = Vec::new();
        for _ in 0..240 {
            later(&mut world, 0.5);
            let checkout = service(&mut world, TOKYO, "prod-core", "checkout");
            let status = release(&mut world, TOKYO, &checkout)["status"].clone();
            if seen.last() != Some(&status) {
                seen.push(status);
            }
        }
        assert_eq!(
            json!(seen),
            json!([
                "IN_PROGRESS",
                "ROLLBACK_REQUESTED",
                "ROLLBACK_IN_PROGRESS",
                "ROLLBACK_SUCCESSFUL"
            ]),
            "seed {seed}"
        );
    }
}

#[test]
fn the_tour_has_a_superseded_release_and_tasks_that_failed_in_the_last_hour() {
    let mut world = build("tour", &options(1)).unwrap();
    let input = json!({"cluster": "prod-edge", "service": "search"});
    let answer = ask(&mut world, TOKYO, "ListServiceDeployments", &input);
    let statuses: Vec<&str> = answer["serviceDeployments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["status"].as_str().unwrap())
        .collect();
    assert_eq!(
        statuses,
        ["SUCCESSFUL", "STOPPED", "SUCCESSFUL", "SUCCESSFUL"]
    );
    let input = json!({"cluster": "batch", "serviceName": "exporter", "desiredStatus": "STOPPED"});
    let arns = ask(&mut world, TOKYO, "ListTasks", &input)["taskArns"].clone();
    let input = json!({"cluster": "batch", "tasks": arns});
    let tasks = ask(&mut world, TOKYO, "DescribeTasks", &input)["tasks"].clone();
    assert_eq!(tasks.as_array().unwrap().len(), 3);
    assert_eq!(tasks[0]["containers"][0]["exitCode"], 1);
}

#[test]
fn rolling_ends_well_and_bad_rolling_rolls_back() {
    for (name, end) in [
        ("rolling", "SUCCESSFUL"),
        ("bad-rolling", "ROLLBACK_SUCCESSFUL"),
    ] {
        let mut world = build(name, &options(3)).unwrap();
        let web = service(&mut world, "us-east-1", "demo", "web");
        assert_eq!(web["deployments"].as_array().unwrap().len(), 2, "{name}");
        let arn = web["currentServiceDeployment"].clone();
        later(&mut world, 420.0);
        let web = service(&mut world, "us-east-1", "demo", "web");
        assert_eq!(web["currentServiceDeployment"], arn);
        assert_eq!(
            release(&mut world, "us-east-1", &web)["status"],
            end,
            "{name}"
        );
        assert_eq!(
            (&web["runningCount"], &web["desiredCount"]),
            (&json!(4), &json!(4))
        );
    }
}

#[test]
fn a_fleet_has_the_size_that_was_asked_for() {
    let chosen = ScenarioOptions {
        services: Some(90),
        clusters: Some(7),
        ..options(4)
    };
    let mut world = build("fleet", &chosen).unwrap();
    let input = json!({});
    let clusters = ask(&mut world, "us-east-1", "ListClusters", &input)["clusterArns"].clone();
    assert_eq!(clusters.as_array().unwrap().len(), 7);
    let input = json!({"clusters": clusters});
    let clusters = ask(&mut world, "us-east-1", "DescribeClusters", &input)["clusters"].clone();
    let services = clusters
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["activeServicesCount"]);
    assert_eq!(
        services.map(|count| count.as_u64().unwrap()).sum::<u64>(),
        90
    );
    let region = world.region_mut(DEFAULT_ACCOUNT, "us-east-1");
    let rolling = region
        .ecs
        .services
        .values()
        .filter(|one| one.is_rolling())
        .count();
    assert_eq!(rolling, 6);
}

#[test]
fn a_fleet_at_rest_has_nothing_to_do() {
    let chosen = ScenarioOptions {
        services: Some(200),
        clusters: Some(4),
        ..options(4)
    };
    let mut world = build("fleet", &chosen).unwrap();
    later(&mut world, 4.0 * 3600.0);
    let region = world.region_mut(DEFAULT_ACCOUNT, "us-east-1");
    assert!(
        region.ecs.queue.is_empty(),
        "{} events wait",
        region.ecs.queue.len()
    );
}

#[test]
fn the_same_seed_makes_the_same_world() {
    let shown = |seed| {
        let mut world = build("tour", &options(seed)).unwrap();
        later(&mut world, 100.0);
        service(&mut world, TOKYO, "prod-core", "checkout").to_string()
    };
    assert_eq!(shown(5), shown(5));
    assert_ne!(shown(5), shown(6));
}

fn problem(text: &str) -> String {
    let error = build_text("test", text, &options(1)).unwrap_err();
    let cause = std::error::Error::source(&error).map_or_else(String::new, ToString::to_string);
    format!("{error}: {cause}")
}

#[test]
fn unknown_keys_are_errors_with_their_line() {
    let error = problem("[[cluster]]\nname = \"c\"\ncolour = 1\n");
    assert!(
        error.contains("line 3") && error.contains("colour"),
        "{error}"
    );
    let error = problem("[[image]]\nname = \"a:1\"\nbehaviour = \"odd\"\n");
    assert!(
        error.contains("line 3") && error.contains("nopull"),
        "{error}"
    );
    let error = problem("[[at]]\ntime = \"soon\"\nservice = \"c/s\"\n");
    assert!(
        error.contains("line 2") && error.contains("soon"),
        "{error}"
    );
}

#[test]
fn contradictions_are_errors_with_their_line() {
    let service =
        "[[cluster]]\nname = \"c\"\n[[service]]\ncluster = \"c\"\nname = \"s\"\nimage = \"s:1\"\n";
    let error = problem("[[service]]\ncluster = \"c\"\nname = \"s\"\nimage = \"s:1\"\n");
    assert!(
        error.contains("line 2") && error.contains("no cluster 'c'"),
        "{error}"
    );
    let error = problem(&format!(
        "{service}[[at]]\ntime = \"-1m\"\nservice = \"c/t\"\nredeploy = true\n"
    ));
    assert!(
        error.contains("line 9") && error.contains("no service 'c/t'"),
        "{error}"
    );
    let error = problem(&format!(
        "{service}[[at]]\ntime = \"-1m\"\nservice = \"c/s\"\n"
    ));
    assert!(
        error.contains("line 9") && error.contains("exactly one"),
        "{error}"
    );
    let error = problem(&format!("{service}since = \"1m\"\n"));
    assert!(
        error.contains("line 4") && error.contains("past"),
        "{error}"
    );
}

#[test]
fn names_and_sizes_that_fit_nothing_are_refused() {
    let error = build("nowhere", &options(1)).unwrap_err().to_string();
    assert!(
        error.contains("tour") && error.contains("nowhere"),
        "{error}"
    );
    let chosen = ScenarioOptions {
        services: Some(5),
        ..options(1)
    };
    assert!(matches!(
        build("tour", &chosen),
        Err(ScenarioError::NoFleet)
    ));
    assert_eq!(names().count(), 22);
}

#[test]
fn services_at_rest_have_a_past_that_adds_up() {
    let mut world = build("tour", &options(2)).unwrap();
    let service = service(&mut world, TOKYO, "prod-core", "inventory");
    let input = json!({"cluster": "prod-core", "service": "inventory"});
    let answer = ask(&mut world, TOKYO, "ListServiceDeployments", &input);
    let first = answer["serviceDeployments"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    let moments =
        ["createdAt", "startedAt", "finishedAt"].map(|name| first[name].as_f64().unwrap());
    assert!(
        moments.is_sorted() && moments[0] < moments[2],
        "{moments:?}"
    );
    assert!(service["createdAt"].as_f64().unwrap() <= moments[0]);
    let three_days = NOW.epoch_seconds() - 3.0 * 86_400.0;
    assert!((moments[2] - three_days).abs() < 1.0, "{moments:?}");
}

#[test]
fn a_full_cluster_places_no_task_until_there_is_room() {
    let text = "
        [[cluster]]
        name = \"c\"
        capacity = 3
        [[service]]
        cluster = \"c\"
        name = \"web\"
        image = \"web:1\"
        desired = 2
        [[at]]
        time = \"-3m\"
        service = \"c/web\"
        desired = 5
        [[at]]
        time = \"+1m\"
        service = \"c/web\"
        desired = 1
    ";
    let mut world = build_text("test", text, &options(1)).unwrap();
    let web = service(&mut world, "us-east-1", "c", "web");
    assert_eq!(web["runningCount"], 3);
    let events = web["events"].as_array().unwrap();
    let unable = events.iter().filter(|event| {
        event["message"]
            .as_str()
            .unwrap()
            .contains("was unable to place a task")
    });
    assert!((2..8).contains(&unable.count()), "{events:#?}");
    later(&mut world, 180.0);
    let web = service(&mut world, "us-east-1", "c", "web");
    assert_eq!(web["runningCount"], 1);
    assert_eq!(
        web["events"][0]["message"],
        "(service web) has reached a steady state."
    );
}

#[test]
fn clusters_can_lie_in_other_accounts_and_regions() {
    let text = "
        region = \"eu-west-1\"
        [[cluster]]
        name = \"here\"
        [[cluster]]
        name = \"there\"
        account = \"210987654321\"
        region = \"us-west-2\"
        [[service]]
        cluster = \"there\"
        name = \"web\"
        image = \"web:1\"
    ";
    let mut world = build_text("test", text, &options(1)).unwrap();
    let input = json!({"cluster": "there", "services": ["web"]});
    let answer = handle(
        &mut world,
        "210987654321",
        "us-west-2",
        "DescribeServices",
        &input,
    );
    let arn = answer.unwrap().unwrap()["services"][0]["serviceArn"].clone();
    assert_eq!(arn, "arn:aws:ecs:us-west-2:210987654321:service/there/web");
    let clusters = ask(&mut world, "eu-west-1", "ListClusters", &json!({}));
    assert_eq!(clusters["clusterArns"].as_array().unwrap().len(), 1);
}

#[test]
fn two_clusters_or_services_of_one_name_are_refused() {
    let cluster = "[[cluster]]\nname = \"c\"\n";
    let service = "[[service]]\ncluster = \"c\"\nname = \"s\"\nimage = \"s:1\"\n";
    assert!(problem(&cluster.repeat(2)).contains("two clusters"));
    let error = problem(&format!("{cluster}{}", service.repeat(2)));
    assert!(
        error.contains("line 8") && error.contains("idempotent"),
        "{error}"
    );
}

const BALANCED: &str = r#"
[[cluster]]
name = "shop"

[[service]]
cluster = "shop"
name = "web"
image = "web:1"
desired = 3
load_balancer = true
"#;

fn balanced(more: &str) -> Result<World, ScenarioError> {
    build_text("balanced", &format!("{BALANCED}{more}"), &options(1))
}

#[test]
fn a_balanced_service_has_healthy_targets_that_follow_its_tasks() {
    let mut world =
        balanced("[[at]]\ntime = \"+10s\"\nservice = \"shop/web\"\ndesired = 1\n").unwrap();
    let count = |world: &mut World, state| {
        let elb = &world.region_mut(DEFAULT_ACCOUNT, "us-east-1").elb;
        elb.target_group_named("web-blue").unwrap().count(state)
    };
    assert_eq!(count(&mut world, TargetState::Healthy), 3);
    later(&mut world, 14.0);
    assert_eq!(count(&mut world, TargetState::Healthy), 1);
    assert_eq!(count(&mut world, TargetState::Draining), 2);
    later(&mut world, 120.0);
    assert_eq!(count(&mut world, TargetState::Healthy), 1);
    assert_eq!(count(&mut world, TargetState::Draining), 0);
}

#[test]
fn alarms_and_weights_change_when_the_scenario_says_so() {
    let mut world = balanced(
        "[[at]]\ntime = \"+10s\"\nservice = \"shop/web\"\nalarm = \"web-5xx\"\nstate = \"ALARM\"\n\
         [[at]]\ntime = \"+20s\"\nservice = \"shop/web\"\nweights = { blue = 70, green = 30 }\n",
    )
    .unwrap();
    let firing = |world: &mut World| {
        let region = world.region_mut(DEFAULT_ACCOUNT, "us-east-1");
        assert!(
            region.alarms.get("web-5xx").is_some(),
            "it is there at once"
        );
        region.alarms.is_firing("web-5xx")
    };
    let weights = |world: &mut World| -> Vec<u32> {
        let elb = &world.region_mut(DEFAULT_ACCOUNT, "us-east-1").elb;
        let blue = elb.target_group_named("web-blue").unwrap().arn.clone();
        let rule = &elb.stand_of(&blue).unwrap().production_rule;
        elb.weights(rule)
            .unwrap()
            .iter()
            .map(|(_, weight)| *weight)
            .collect()
    };
    assert!(!firing(&mut world));
    later(&mut world, 15.0);
    assert!(firing(&mut world));
    assert_eq!(weights(&mut world), [100, 0]);
    later(&mut world, 10.0);
    assert_eq!(weights(&mut world), [70, 30]);
}

#[test]
fn alarms_and_weights_that_cannot_be_are_refused() {
    for wrong in [
        "state = \"ALARM\"\ndesired = 1\n",
        "alarm = \"a\"\nstate = \"LOUD\"\n",
        "weights = { blue = 1000, green = 0 }\n",
        "weights = { blue = 1 }\n",
        "alarm = \"a\"\ndelete = true\n",
    ] {
        let text = format!("[[at]]\ntime = \"+1s\"\nservice = \"shop/web\"\n{wrong}");
        assert!(balanced(&text).is_err(), "{wrong}");
    }
}

#[test]
fn services_of_one_name_have_load_balancers_of_their_own() {
    let more = BALANCED.replace("\"shop\"", "\"other\"");
    let mut world = balanced(&more).unwrap();
    let elb = &world.region_mut(DEFAULT_ACCOUNT, "us-east-1").elb;
    let mut names: Vec<&str> = elb
        .target_groups
        .values()
        .map(|one| one.name.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["web-2-blue", "web-2-green", "web-blue", "web-green"]
    );
}

#[test]
fn every_task_of_a_large_service_is_a_target_of_its_own() {
    let text = BALANCED.replace("desired = 3", "desired = 2000");
    let mut world = build_text("balanced", &text, &options(1)).unwrap();
    let elb = &world.region_mut(DEFAULT_ACCOUNT, "us-east-1").elb;
    let group = elb.target_group_named("web-blue").unwrap();
    assert_eq!(group.count(TargetState::Healthy), 2000);
}

#[test]
fn accounts_that_contradict_each_other_are_named_with_their_line() {
    for (text, problem) in [
        ("[[account]]\nid = \"12\"", "line 2: '12' is not an account"),
        (
            "[[account]]\nid = \"111122223333\"\n[[account]]\nid = \"111122223333\"",
            "line 4: two accounts have the same id",
        ),
        (
            "[[account]]\nid = \"111122223333\"\n[[account]]\nid = \"444455556666\"\naccess_key = \"111122223333\"",
            "line 4: two accounts",
        ),
    ] {
        let error = build_text("test", text, &options(1)).unwrap_err();
        assert!(error.to_string().contains(problem), "{error}");
    }
    let error = build_text("test", "account = 12", &options(1)).unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(
        source.contains("the number of an account, or [[account]] tables"),
        "{source}"
    );
}
