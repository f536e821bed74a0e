//! The life of tasks, and the reasons of their ends.

use serde_json::{Value, json};

use super::harness::Ground;

fn balanced(ground: &mut Ground, more: &Value) -> Value {
    let mut balanced = json!({"loadBalancers": [{
        "targetGroupArn": ground.stand().blue,
        "containerName": "app", "containerPort": 8080,
    }]});
    for (name, value) in more.as_object().unwrap() {
        balanced[name] = value.clone();
    }
    balanced
}

/// The first task that ended, once it did.
fn first_end(ground: &mut Ground) -> Value {
    ground.pass_until(300.0, |ground| {
        ground
            .tasks("STOPPED")
            .iter()
            .any(|task| task["lastStatus"] == "STOPPED")
    });
    let tasks = ground.tasks("STOPPED");
    tasks
        .into_iter()
        .find(|task| task["lastStatus"] == "STOPPED")
        .unwrap()
}

#[test]
fn a_task_takes_every_step_in_order() {
    let mut ground = Ground::new();
    ground.register("web:1");
    let more = balanced(&mut ground, &json!({}));
    ground.create(1, &more);
    let mut seen: Vec<Value> = Vec::new();
    let mut watch = |ground: &mut Ground, times: u32| {
        for _ in 0..times {
            ground.pass(0.25);
            let mut tasks = ground.tasks("RUNNING");
            tasks.extend(ground.tasks("STOPPED"));
            if let Some(task) = tasks.first()
                && seen.last() != Some(&task["lastStatus"])
            {
                seen.push(task["lastStatus"].clone());
            }
        }
    };
    watch(&mut ground, 240);
    ground.ok(
        "UpdateService",
        &json!({"cluster": "c", "service": "web", "desiredCount": 0}),
    );
    watch(&mut ground, 240);
    assert_eq!(
        json!(seen),
        json!([
            "PROVISIONING",
            "PENDING",
            "ACTIVATING",
            "RUNNING",
            "DEACTIVATING",
            "STOPPING",
            "DEPROVISIONING",
            "STOPPED"
        ])
    );
    let task = ground.tasks("STOPPED")[0].clone();
    let moments = [
        "createdAt",
        "pullStartedAt",
        "pullStoppedAt",
        "startedAt",
        "stoppingAt",
        "executionStoppedAt",
        "stoppedAt",
    ];
    let times: Vec<f64> = moments
        .iter()
        .map(|name| task[*name].as_f64().unwrap())
        .collect();
    assert!(times.is_sorted(), "{times:?}");
    assert!(
        task["stoppedReason"]
            .as_str()
            .unwrap()
            .starts_with("Scaling activity initiated by (deployment ecs-svc/")
    );
    let events = ground.events();
    assert!(
        events
            .iter()
            .any(|event| event.contains("registered 1 targets in (target-group "))
    );
    assert!(
        events
            .iter()
            .any(|event| event.contains("begun draining connections"))
    );
}

#[test]
fn a_crash_exits_1() {
    let mut ground = Ground::new();
    ground.register("web:1.4-crash");
    ground.create(1, &json!({}));
    let task = first_end(&mut ground);
    assert_eq!(task["stopCode"], "EssentialContainerExited");
    assert_eq!(task["stoppedReason"], "Essential container in task exited");
    assert_eq!(task["containers"][0]["exitCode"], 1);
    let ran = task["executionStoppedAt"].as_f64().unwrap() - task["startedAt"].as_f64().unwrap();
    assert!(ran < 10.0, "it ran for {ran} seconds");
}

#[test]
fn a_task_without_memory_is_killed() {
    let mut ground = Ground::new();
    ground.register("web:oom");
    ground.create(1, &json!({}));
    let task = first_end(&mut ground);
    assert_eq!(task["stopCode"], "EssentialContainerExited");
    assert_eq!(task["containers"][0]["exitCode"], 137);
    let reason = "OutOfMemoryError: Container killed due to memory usage";
    assert_eq!(task["containers"][0]["reason"], reason);
}

#[test]
fn an_image_that_is_not_there_never_runs() {
    let mut ground = Ground::new();
    ground.register("web:nopull");
    ground.create(1, &json!({}));
    let task = first_end(&mut ground);
    assert_eq!(task["stopCode"], "TaskFailedToStart");
    let reason = task["stoppedReason"].as_str().unwrap();
    assert!(reason.starts_with("CannotPullContainerError: "), "{reason}");
    assert!(task.get("startedAt").is_none());
    assert!(task["containers"][0].get("exitCode").is_none());
}

#[test]
fn an_unhealthy_image_fails_the_check_that_there_is() {
    let check = json!({"healthCheck": {"command": ["CMD", "false"], "interval": 5, "retries": 2}});
    let mut ground = Ground::new();
    ground.register_with("web:unhealthy", &check);
    let more = balanced(&mut ground, &json!({}));
    ground.create(1, &more);
    let task = first_end(&mut ground);
    assert_eq!(task["stoppedReason"], "Task failed container health checks");
    assert_eq!(task["healthStatus"], "UNHEALTHY");
    assert_eq!(task["stopCode"], "ServiceSchedulerInitiated");

    let mut ground = Ground::new();
    ground.register("web:unhealthy");
    let more = balanced(&mut ground, &json!({"healthCheckGracePeriodSeconds": 60}));
    ground.create(1, &more);
    let task = first_end(&mut ground);
    let reason = task["stoppedReason"].as_str().unwrap();
    assert!(
        reason.starts_with("Task failed ELB health checks in (target-group arn:"),
        "{reason}"
    );
    let ran = task["stoppingAt"].as_f64().unwrap() - task["startedAt"].as_f64().unwrap();
    assert!(
        ran > 60.0,
        "it was stopped after {ran} seconds, within its grace period"
    );
}

#[test]
fn a_sidecar_may_die_alone_when_it_is_not_essential() {
    let mut ground = Ground::new();
    let input = json!({"family": "web", "containerDefinitions": [
        {"name": "app", "image": "web:1"},
        {"name": "side", "image": "side:crash", "essential": false},
    ]});
    ground.ok("RegisterTaskDefinition", &input);
    ground.create(1, &json!({}));
    ground.pass(120.0);
    let task = ground.tasks("RUNNING")[0].clone();
    assert_eq!(task["lastStatus"], "RUNNING");
    assert_eq!(task["containers"][1]["lastStatus"], "STOPPED");
    assert_eq!(task["containers"][1]["exitCode"], 1);
    assert_eq!(
        ground.service()["deployments"][0]["rolloutState"],
        "COMPLETED"
    );
}

#[test]
fn stopped_tasks_are_forgotten_after_an_hour() {
    let mut ground = Ground::new();
    ground.steady(1, &json!({}));
    ground.ok(
        "UpdateService",
        &json!({"cluster": "c", "service": "web", "desiredCount": 0}),
    );
    ground.pass(60.0);
    let arn = ground.tasks("STOPPED")[0]["taskArn"].clone();
    ground.pass(3500.0);
    assert_eq!(ground.tasks("STOPPED").len(), 1);
    ground.pass(120.0);
    assert_eq!(ground.tasks("STOPPED").len(), 0);
    let answer = ground.ok("DescribeTasks", &json!({"cluster": "c", "tasks": [arn]}));
    assert_eq!(
        answer["failures"],
        json!([{"arn": arn, "reason": "MISSING"}])
    );
}

#[test]
fn tasks_write_what_their_images_write() {
    let log = json!({"logConfiguration": {"logDriver": "awslogs", "options": {
        "awslogs-group": "/ecs/web", "awslogs-stream-prefix": "ecs", "awslogs-region": "us-east-1",
    }}});
    for (image, line) in [
        ("web:1", "INFO  GET /health 200"),
        ("web:crash", "FATAL Error: DB_URL is not set"),
        ("web:oom", "WARN  heap"),
        ("web:errors", "ERROR upstream inventory timed out"),
    ] {
        let mut ground = Ground::new();
        ground.register_with(image, &log);
        ground.create(1, &json!({}));
        ground.pass(180.0);
        let messages = ground.log("/ecs/web");
        assert!(
            messages.iter().any(|one| one.contains(line)),
            "{image}: {messages:#?}"
        );
    }
}

#[test]
fn a_task_that_is_told_to_stop_writes_that_and_nothing_after() {
    let log = json!({"logConfiguration": {"logDriver": "awslogs", "options": {
        "awslogs-group": "/ecs/web", "awslogs-stream-prefix": "ecs", "awslogs-region": "us-east-1",
    }}});
    let mut ground = Ground::new();
    ground.register_with("web:1", &log);
    ground.create(1, &json!({}));
    ground.pass(90.0);
    ground.ok(
        "UpdateService",
        &json!({"cluster": "c", "service": "web", "desiredCount": 0}),
    );
    ground.pass(60.0);
    let after_stop = ground.log("/ecs/web");
    assert!(
        after_stop.iter().any(|line| line.contains("SIGTERM")),
        "{after_stop:#?}"
    );
    ground.pass(600.0);
    assert_eq!(ground.log("/ecs/web"), after_stop);
}

#[test]
fn a_target_group_that_is_not_there_or_not_in_use_is_refused() {
    let mut ground = Ground::new();
    ground.register("web:1");
    let mut more = balanced(&mut ground, &json!({}));
    for (name, value) in [
        ("cluster", "c"),
        ("serviceName", "web"),
        ("taskDefinition", "web"),
    ] {
        more[name] = json!(value);
    }
    let mut wrong = more.clone();
    wrong["loadBalancers"][0]["targetGroupArn"] =
        json!("arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/gone/0a");
    assert_eq!(
        ground.error("CreateService", &wrong),
        "InvalidParameterException"
    );
    let elb = &mut ground.world.region_mut("123456789012", "us-east-1").elb;
    let rules = std::mem::take(&mut elb.rules);
    let error = ground.call("CreateService", &more).unwrap_err();
    assert!(
        error
            .message
            .ends_with("does not have an associated load balancer."),
        "{error}"
    );
    ground
        .world
        .region_mut("123456789012", "us-east-1")
        .elb
        .rules = rules;
    ground.ok("CreateService", &more);
    wrong["service"] = json!("web");
    assert_eq!(
        ground.error("UpdateService", &wrong),
        "InvalidParameterException"
    );
}
