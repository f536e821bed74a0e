//! Services that CodeDeploy or an external controller deploys, and their task sets.

use serde_json::{Value, json};

use super::harness::Ground;

/// A service `web` of four tasks with an external controller, that has no task set yet.
fn external() -> Ground {
    let mut ground = Ground::new();
    ground.register("web:1");
    let input = json!({"cluster": "c", "serviceName": "web", "desiredCount": 4,
        "deploymentController": {"type": "EXTERNAL"}});
    let service = ground.ok("CreateService", &input)["service"].clone();
    assert_eq!(service["taskSets"], json!([]));
    assert_eq!(service["deployments"], json!([]));
    assert!(service.get("taskDefinition").is_none(), "{service:#}");
    assert!(service.get("currentServiceDeployment").is_none());
    ground
}

fn set(more: &Value) -> Value {
    let mut input = json!({"cluster": "c", "service": "web", "taskDefinition": "web:1"});
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    input
}

fn percent(value: f64) -> Value {
    json!({"scale": {"value": value, "unit": "PERCENT"}})
}

fn named(ground: &mut Ground, id: &Value) -> Value {
    let input = json!({"cluster": "c", "service": "web", "taskSets": [id]});
    ground.ok("DescribeTaskSets", &input)["taskSets"][0].clone()
}

#[test]
fn a_task_set_has_its_share_of_the_desired_count() {
    let mut ground = external();
    let mut input = set(&percent(30.0));
    input["externalId"] = json!("r-1");
    let made = ground.ok("CreateTaskSet", &input)["taskSet"].clone();
    assert_eq!(made["status"], "ACTIVE");
    assert_eq!(made["computedDesiredCount"], 2);
    assert_eq!(made["stabilityStatus"], "STABILIZING");
    assert_eq!(made["externalId"], "r-1");
    let arn = made["taskSetArn"].as_str().unwrap();
    let id = made["id"].as_str().unwrap();
    assert!(arn.ends_with(&format!(":task-set/c/web/{id}")), "{arn}");
    ground.pass(120.0);
    let steady = named(&mut ground, &made["taskSetArn"]);
    assert_eq!(steady["stabilityStatus"], "STEADY_STATE");
    assert_eq!(steady["runningCount"], 2);
    for task in ground.tasks("RUNNING") {
        assert_eq!(task["startedBy"], made["id"]);
    }
    let events = ground.events();
    let wanted = format!("(service web, taskSet {id}) has reached a steady state.");
    assert!(events.contains(&wanted), "{events:#?}");
    // The set follows its scale, and the desired count of its service.
    let mut input = percent(100.0);
    for (name, value) in [
        ("cluster", json!("c")),
        ("service", json!("web")),
        ("taskSet", made["id"].clone()),
    ] {
        input[name] = value;
    }
    let grown = ground.ok("UpdateTaskSet", &input)["taskSet"].clone();
    assert_eq!(grown["computedDesiredCount"], 4);
    ground.ok(
        "UpdateService",
        &json!({"cluster": "c", "service": "web", "desiredCount": 3}),
    );
    ground.pass(120.0);
    assert_eq!(named(&mut ground, &made["id"])["runningCount"], 3);
    assert_eq!(ground.service()["runningCount"], 3);
}

#[test]
fn one_task_set_is_primary_and_the_service_takes_over_its_members() {
    let mut ground = external();
    let one = ground.ok("CreateTaskSet", &set(&percent(100.0)))["taskSet"]["id"].clone();
    ground.register("web:2");
    let mut input = set(&percent(50.0));
    input["taskDefinition"] = json!("web:2");
    input["launchType"] = json!("EC2");
    let two = ground.ok("CreateTaskSet", &input)["taskSet"]["id"].clone();
    ground.pass(120.0);
    assert_eq!(ground.service()["runningCount"], 6);
    let primary = |id: &Value| json!({"cluster": "c", "service": "web", "primaryTaskSet": id});
    for (wanted, other) in [(&one, &two), (&two, &one)] {
        let answer = ground.ok("UpdateServicePrimaryTaskSet", &primary(wanted));
        assert_eq!(answer["taskSet"]["status"], "PRIMARY");
        assert_eq!(named(&mut ground, other)["status"], "ACTIVE");
    }
    let service = ground.service();
    assert!(
        service["taskDefinition"]
            .as_str()
            .unwrap()
            .ends_with("web:2")
    );
    assert_eq!(service["launchType"], "EC2");
    let missing = ground.error("UpdateServicePrimaryTaskSet", &primary(&json!("ecs-svc/1")));
    assert_eq!(missing, "TaskSetNotFoundException");
}

#[test]
fn a_task_set_drains_and_is_gone() {
    let mut ground = external();
    let id = ground.ok("CreateTaskSet", &set(&percent(100.0)))["taskSet"]["id"].clone();
    ground.pass(120.0);
    let mut input = json!({"cluster": "c", "service": "web", "taskSet": id});
    assert_eq!(
        ground.error("DeleteTaskSet", &input),
        "InvalidParameterException"
    );
    input["force"] = json!(true);
    let answer = ground.ok("DeleteTaskSet", &input)["taskSet"].clone();
    assert_eq!(answer["status"], "DRAINING");
    assert_eq!(answer["computedDesiredCount"], 0);
    assert_eq!(
        ground.error("DeleteTaskSet", &input),
        "TaskSetNotFoundException"
    );
    ground.pass(5.0);
    assert_eq!(named(&mut ground, &id)["status"], "DRAINING");
    ground.pass(60.0);
    assert_eq!(ground.service()["taskSets"], json!([]));
    let input = json!({"cluster": "c", "service": "web", "taskSets": [id]});
    let answer = ground.ok("DescribeTaskSets", &input);
    assert_eq!(
        answer["failures"],
        json!([{"arn": id, "reason": "MISSING"}])
    );
}

#[test]
fn a_service_has_at_most_five_task_sets() {
    let mut ground = external();
    for _ in 0..5 {
        ground.ok("CreateTaskSet", &set(&percent(0.0)));
    }
    let error = ground
        .call("CreateTaskSet", &set(&percent(0.0)))
        .unwrap_err();
    assert_eq!(error.code, "InvalidParameterException");
    assert!(error.message.starts_with("5 deployments exist"), "{error}");
}

#[test]
fn a_task_set_that_crashes_slows_down_and_never_settles() {
    let mut ground = external();
    ground.register("web:crash");
    let mut input = set(&percent(25.0));
    input["taskDefinition"] = json!("web:2");
    let id = ground.ok("CreateTaskSet", &input)["taskSet"]["id"].clone();
    ground.pass(900.0);
    assert_eq!(named(&mut ground, &id)["stabilityStatus"], "STABILIZING");
    let stopped = ground.tasks("STOPPED").len();
    assert!(
        (4..25).contains(&stopped),
        "{stopped} in a quarter of an hour"
    );
}

#[test]
fn what_task_sets_cannot_be_is_refused() {
    let mut ground = external();
    let mut wrong_scale = set(&percent(101.0));
    for (input, code) in [
        (wrong_scale.clone(), "InvalidParameterException"),
        (set(&json!({"taskDefinition": "nobody"})), "ClientException"),
        (
            set(&json!({"service": "nobody"})),
            "ServiceNotFoundException",
        ),
        (
            set(&json!({"cluster": "nobody"})),
            "ClusterNotFoundException",
        ),
        (
            set(&json!({"scale": {"value": "all"}})),
            "SerializationException",
        ),
        (
            set(
                &json!({"loadBalancers": [{"targetGroupArn": "x", "containerName": "app", "containerPort": 80}]}),
            ),
            "InvalidParameterException",
        ),
    ] {
        assert_eq!(ground.error("CreateTaskSet", &input), code, "{input}");
    }
    wrong_scale = json!({"cluster": "c", "service": "web", "taskSet": "ecs-svc/1"});
    assert_eq!(
        ground.error("UpdateTaskSet", &wrong_scale),
        "TaskSetNotFoundException"
    );
    // A service that ECS deploys has no task sets.
    let mut ground = Ground::new();
    ground.steady(1, &json!({}));
    assert_eq!(
        ground.error("CreateTaskSet", &set(&json!({}))),
        "InvalidParameterException"
    );
    let input = json!({"cluster": "c", "service": "web"});
    assert_eq!(
        ground.error("DescribeTaskSets", &input),
        "InvalidParameterException"
    );
}

#[test]
fn an_external_service_is_updated_by_its_task_sets() {
    let mut ground = external();
    for change in [
        json!({"taskDefinition": "web:1"}),
        json!({"forceNewDeployment": true}),
        json!({"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["s"]}}}),
        json!({"loadBalancers": []}),
        json!({"deploymentController": {"type": "ECS"}}),
        json!({"deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": true, "rollback": true}}}),
    ] {
        let mut input = change.clone();
        input["cluster"] = json!("c");
        input["service"] = json!("web");
        assert_eq!(
            ground.error("UpdateService", &input),
            "InvalidParameterException",
            "{change}"
        );
    }
    let input = json!({"cluster": "c", "serviceName": "other", "taskDefinition": "web:1",
        "deploymentController": {"type": "EXTERNAL"}});
    assert_eq!(
        ground.error("CreateService", &input),
        "InvalidParameterException"
    );
    let input = json!({"cluster": "c", "service": "web", "force": true});
    ground.ok("DeleteService", &input);
    ground.pass(60.0);
    assert_eq!(ground.service()["status"], "INACTIVE");
}

#[test]
fn codedeploy_refuses_what_it_does_itself() {
    let mut ground = Ground::new();
    ground.register("web:1");
    let group = ground.stand().blue;
    let input = json!({"cluster": "c", "serviceName": "web", "taskDefinition": "web:1",
        "desiredCount": 1, "deploymentController": {"type": "CODE_DEPLOY"}});
    assert_eq!(
        ground.error("CreateService", &input),
        "InvalidParameterException"
    );
    let mut input = input;
    input["loadBalancers"] =
        json!([{"targetGroupArn": group, "containerName": "app", "containerPort": 80}]);
    let service = ground.ok("CreateService", &input)["service"].clone();
    assert_eq!(
        service["deploymentController"],
        json!({"type": "CODE_DEPLOY"})
    );
    assert_eq!(service["taskSets"][0]["status"], "PRIMARY");
    assert!(service["taskSets"][0].get("startedBy").is_none());
    for (change, words) in [
        (
            json!({"taskDefinition": "web:1"}),
            "Unable to update task definition on services",
        ),
        (
            json!({"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["s"]}}}),
            "Unable to update network parameters on services",
        ),
        (
            json!({"forceNewDeployment": true}),
            "Cannot force a new deployment on services",
        ),
    ] {
        let mut input = change;
        input["cluster"] = json!("c");
        input["service"] = json!("web");
        let error = ground.call("UpdateService", &input).unwrap_err();
        assert_eq!(error.code, "InvalidParameterException");
        assert!(error.message.starts_with(words), "{error}");
        assert!(
            error
                .message
                .ends_with("Use AWS CodeDeploy to trigger a new deployment."),
            "{error}"
        );
    }
    let input = json!({"cluster": "c", "service": "web", "desiredCount": 2,
        "healthCheckGracePeriodSeconds": 30});
    let service = ground.ok("UpdateService", &input)["service"].clone();
    assert_eq!(service["taskSets"][0]["computedDesiredCount"], 2);
    assert_eq!(service["healthCheckGracePeriodSeconds"], 30);
    let list = ground.ok(
        "ListServiceDeployments",
        &json!({"cluster": "c", "service": "web"}),
    );
    assert_eq!(list["serviceDeployments"], json!([]));
}
