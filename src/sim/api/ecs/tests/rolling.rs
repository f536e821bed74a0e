//! Rolling updates: steps, history, superseding, and what makes a deployment.

use serde_json::{Value, json};

use super::harness::Ground;

fn breaker(rollback: bool) -> Value {
    json!({"deploymentConfiguration": {
        "deploymentCircuitBreaker": {"enable": true, "rollback": rollback},
    }})
}

#[test]
fn a_new_service_comes_up_and_completes_its_first_deployment() {
    let mut ground = Ground::new();
    ground.register("web:1");
    let service = ground.create(2, &json!({}))["service"].clone();
    assert_eq!(service["runningCount"], 0);
    assert_eq!(service["deployments"][0]["status"], "PRIMARY");
    assert_eq!(service["deployments"][0]["rolloutState"], "IN_PROGRESS");
    let arn = service["currentServiceDeployment"].as_str().unwrap();
    assert_eq!(ground.release(arn)["status"], "PENDING");
    ground.pass(5.0);
    assert_eq!(ground.release(arn)["status"], "IN_PROGRESS");
    assert_eq!(ground.service()["pendingCount"], 2);
    ground.pass(120.0);
    let release = ground.release(arn);
    assert_eq!(release["status"], "SUCCESSFUL");
    assert_eq!(release["sourceServiceRevisions"], json!([]));
    assert_eq!(release["targetServiceRevision"]["runningTaskCount"], 2);
    assert_eq!(release["deploymentCircuitBreaker"]["status"], "DISABLED");
    let events = ground.events();
    assert_eq!(events[0], "(service web) has reached a steady state.");
    assert!(events[1].ends_with("deployment completed."), "{events:?}");
    assert!(
        events[2].starts_with("(service web) has started 2 tasks: (task "),
        "{events:?}"
    );
}

#[test]
fn a_release_replaces_every_task_and_never_falls_below_the_minimum() {
    let mut ground = Ground::new();
    ground.steady(
        4,
        &json!({"deploymentConfiguration": {"maximumPercent": 150}}),
    );
    let old = ground.service()["currentServiceDeployment"].clone();
    let arn = ground.deploy("web:2");
    let mut most = 0;
    for _ in 0..800 {
        ground.pass(0.25);
        let running = ground.tasks("RUNNING");
        let up = running
            .iter()
            .filter(|task| task["lastStatus"] == "RUNNING")
            .count();
        assert!(up >= 4, "{up} of 4 run");
        most = most.max(running.len());
    }
    assert_eq!(most, 6);
    let release = ground.release(&arn);
    assert_eq!(release["status"], "SUCCESSFUL");
    assert_eq!(
        release["sourceServiceRevisions"].as_array().unwrap().len(),
        1
    );
    assert_eq!(release["sourceServiceRevisions"][0]["runningTaskCount"], 0);
    assert_ne!(json!(arn), old);
    let service = ground.service();
    assert_eq!(service["deployments"].as_array().unwrap().len(), 1);
    assert_eq!(
        service["currentServiceRevisions"].as_array().unwrap().len(),
        1
    );
    assert!(
        service["taskDefinition"]
            .as_str()
            .unwrap()
            .ends_with("web:2")
    );
}

#[test]
fn while_it_rolls_deployments_and_revisions_agree() {
    let mut ground = Ground::new();
    ground.steady(3, &json!({}));
    let arn = ground.deploy("web:2");
    ground.pass_until(60.0, |ground| ground.service()["pendingCount"] == 3);
    let service = ground.service();
    let deployments = service["deployments"].as_array().unwrap();
    assert_eq!(deployments.len(), 2);
    assert_eq!(deployments[0]["desiredCount"], 3);
    assert_eq!(deployments[0]["pendingCount"], 3);
    assert_eq!(
        (&deployments[1]["status"], &deployments[1]["runningCount"]),
        (&json!("ACTIVE"), &json!(3))
    );
    let revisions = service["currentServiceRevisions"].as_array().unwrap();
    let release = ground.release(&arn);
    assert_eq!(revisions[1]["arn"], release["targetServiceRevision"]["arn"]);
    assert_eq!(
        revisions[1]["pendingTaskCount"],
        release["targetServiceRevision"]["pendingTaskCount"]
    );
    assert_eq!(
        revisions[0]["runningTaskCount"],
        release["sourceServiceRevisions"][0]["runningTaskCount"]
    );
    let input = json!({"serviceRevisionArns": [revisions[1]["arn"]]});
    let revision = ground.ok("DescribeServiceRevisions", &input)["serviceRevisions"][0].clone();
    assert_eq!(revision["containerImages"][0]["image"], "web:2");
    assert_eq!(revision["taskDefinition"], service["taskDefinition"]);
}

#[test]
fn a_count_or_an_unchanged_definition_makes_no_deployment_and_a_force_does() {
    let mut ground = Ground::new();
    ground.steady(2, &json!({}));
    let before = ground.service()["currentServiceDeployment"].clone();
    let input =
        json!({"cluster": "c", "service": "web", "desiredCount": 3, "taskDefinition": "web"});
    let after = ground.ok("UpdateService", &input)["service"].clone();
    assert_eq!(after["currentServiceDeployment"], before);
    ground.pass(120.0);
    assert_eq!(ground.service()["runningCount"], 3);
    assert_eq!(
        ground.events()[0],
        "(service web) has reached a steady state."
    );
    let input = json!({"cluster": "c", "service": "web", "forceNewDeployment": true});
    let after = ground.ok("UpdateService", &input)["service"].clone();
    assert_ne!(after["currentServiceDeployment"], before);
    let [new, old] = [0, 1].map(|place| after["deployments"][place]["id"].clone());
    ground.pass(180.0);
    let tasks = ground.tasks("RUNNING");
    assert!(
        tasks
            .iter()
            .all(|task| task["startedBy"] == new && task["startedBy"] != old)
    );
}

#[test]
fn a_newer_release_supersedes_the_one_under_way() {
    let mut ground = Ground::new();
    ground.steady(2, &json!({}));
    let first = ground.deploy("web:2");
    ground.pass(12.0);
    let second = ground.deploy("web:3");
    let stopped = ground.release(&first);
    assert_eq!(stopped["status"], "STOPPED");
    assert!(stopped["stoppedAt"].is_number() && stopped["finishedAt"].is_number());
    assert!(
        stopped["statusReason"]
            .as_str()
            .unwrap()
            .contains("superseded")
    );
    ground.pass(200.0);
    assert_eq!(ground.release(&second)["status"], "SUCCESSFUL");
    assert!(
        ground
            .tasks("RUNNING")
            .iter()
            .all(|task| { task["containers"][0]["image"] == "web:3" })
    );
    let list = ground.ok(
        "ListServiceDeployments",
        &json!({"cluster": "c", "service": "web"}),
    );
    let newest: Vec<&Value> = list["serviceDeployments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["serviceDeploymentArn"])
        .collect();
    assert_eq!(newest.len(), 3);
    assert_eq!(newest[..2], [&json!(second), &json!(first)]);
}

#[test]
fn a_service_of_no_tasks_deploys_at_once() {
    let mut ground = Ground::new();
    ground.steady(0, &breaker(true));
    let arn = ground.deploy("web:crash");
    ground.pass(10.0);
    assert_eq!(ground.release(&arn)["status"], "SUCCESSFUL");
}

#[test]
fn checks_hold_a_release_up_until_they_pass() {
    let check = json!({"healthCheck": {"command": ["CMD", "true"], "interval": 20}});
    let mut ground = Ground::new();
    ground.steady(1, &json!({}));
    let definition = ground.register_with("web:2", &check);
    let arn = ground.deploy_definition(&definition);
    ground.pass_until(60.0, |ground| ground.service()["runningCount"] == 2);
    let new = |ground: &mut Ground| {
        let tasks = ground.tasks("RUNNING");
        tasks
            .into_iter()
            .find(|task| task["containers"][0]["image"] == "web:2")
            .unwrap()
    };
    assert_eq!(new(&mut ground)["healthStatus"], "UNKNOWN");
    ground.pass(18.0);
    assert_eq!(ground.tasks("RUNNING").len(), 2);
    ground.pass(4.0);
    assert_eq!(new(&mut ground)["healthStatus"], "HEALTHY");
    ground.pass(60.0);
    assert_eq!(ground.release(&arn)["status"], "SUCCESSFUL");
}

#[test]
fn a_slow_image_takes_a_minute_however_it_is_checked() {
    let check = json!({"healthCheck": {"command": ["CMD", "true"], "interval": 5}});
    for more in [json!({}), check] {
        let mut ground = Ground::new();
        ground.register_with("web:slow", &more);
        ground.create(1, &json!({}));
        ground.pass(70.0);
        assert_eq!(
            ground.service()["deployments"][0]["rolloutState"],
            "IN_PROGRESS"
        );
        ground.pass(50.0);
        assert_eq!(
            ground.service()["deployments"][0]["rolloutState"],
            "COMPLETED"
        );
    }
}
