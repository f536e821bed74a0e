//! The circuit breaker and rollbacks.

use serde_json::{Value, json};

use super::harness::Ground;

fn with_breaker(breaker: &Value) -> Value {
    json!({"deploymentConfiguration": {"deploymentCircuitBreaker": breaker}})
}

fn rolls_back() -> Value {
    with_breaker(&json!({"enable": true, "rollback": true}))
}

#[test]
fn three_failed_tasks_trip_it_and_the_service_goes_back() {
    let mut ground = Ground::new();
    ground.steady(2, &rolls_back());
    let good = ground.service()["deployments"][0]["id"].clone();
    let arn = ground.deploy("web:crash");
    let bad = ground.service()["deployments"][0]["id"].clone();
    ground.pass_until(120.0, |ground| {
        ground.release(&arn)["status"] == "ROLLBACK_REQUESTED"
    });
    let release = ground.release(&arn);
    assert_eq!(
        release["deploymentCircuitBreaker"],
        json!({"status": "TRIGGERED", "failureCount": 3, "threshold": 3})
    );
    let failed = ground.service()["deployments"][0].clone();
    assert_eq!(failed["rolloutState"], "FAILED");
    assert_eq!(failed["failedTasks"], 3);
    assert_eq!(
        failed["rolloutStateReason"],
        "ECS deployment circuit breaker: tasks failed to start."
    );
    ground.pass_until(10.0, |ground| {
        ground.release(&arn)["status"] == "ROLLBACK_IN_PROGRESS"
    });
    let service = ground.service();
    let (good, bad) = (good.as_str().unwrap(), bad.as_str().unwrap());
    assert_eq!(service["currentServiceDeployment"], arn);
    assert_eq!(
        service["deployments"][0]["rolloutStateReason"],
        format!("ECS deployment circuit breaker: rolling back to deploymentId {good}.")
    );
    assert!(
        service["taskDefinition"]
            .as_str()
            .unwrap()
            .ends_with("web:1")
    );
    assert_eq!(service["deployments"][1]["id"], bad);
    ground.pass_until(60.0, |ground| {
        ground.release(&arn)["status"] == "ROLLBACK_SUCCESSFUL"
    });
    let release = ground.release(&arn);
    let reason =
        "Service deployment rolled back because the circuit breaker threshold was exceeded.";
    assert_eq!(release["statusReason"], reason);
    assert_eq!(release["rollback"]["reason"], reason);
    let source = release["sourceServiceRevisions"][0]["arn"].clone();
    assert_eq!(release["rollback"]["serviceRevisionArn"], source);
    let events = ground.events();
    for wanted in [
        format!("(service web) (deployment {bad}) deployment failed: tasks failed to start."),
        format!("(service web) rolling back to deployment {good}."),
    ] {
        assert!(events.contains(&wanted), "{wanted} in {events:#?}");
    }
}

#[test]
fn a_rollback_keeps_the_old_tasks_that_still_run() {
    let mut ground = Ground::new();
    ground.steady(2, &rolls_back());
    let before: Vec<Value> = ground
        .tasks("RUNNING")
        .iter()
        .map(|task| task["taskArn"].clone())
        .collect();
    let arn = ground.deploy("web:crash");
    ground.pass_until(300.0, |ground| {
        ground.release(&arn)["status"] == "ROLLBACK_SUCCESSFUL"
    });
    let after: Vec<Value> = ground
        .tasks("RUNNING")
        .iter()
        .map(|task| task["taskArn"].clone())
        .collect();
    assert_eq!(before, after);
    let service = ground.service();
    assert_eq!(service["deployments"].as_array().unwrap().len(), 1);
    assert_eq!(service["deployments"][0]["runningCount"], 2);
    assert_eq!(
        service["currentServiceRevisions"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn without_rollback_the_failed_deployment_stays() {
    let mut ground = Ground::new();
    ground.steady(
        2,
        &with_breaker(&json!({"enable": true, "rollback": false})),
    );
    let arn = ground.deploy("web:crash");
    ground.pass_until(120.0, |ground| ground.release(&arn)["status"] == "STOPPED");
    ground.pass(600.0);
    let service = ground.service();
    assert_eq!(service["deployments"][0]["rolloutState"], "FAILED");
    assert_eq!(service["deployments"][1]["runningCount"], 2);
    assert_eq!(
        (&service["runningCount"], &service["pendingCount"]),
        (&json!(2), &json!(0))
    );
    assert!(ground.release(&arn).get("rollback").is_none());
    let next = ground.deploy("web:2");
    ground.pass(180.0);
    assert_eq!(ground.release(&next)["status"], "SUCCESSFUL");
    assert_eq!(ground.release(&arn)["status"], "STOPPED");
}

#[test]
fn a_first_deployment_has_nothing_to_go_back_to() {
    let mut ground = Ground::new();
    ground.register("web:crash");
    let arn = ground.create(1, &rolls_back())["service"]["currentServiceDeployment"].clone();
    ground.pass(300.0);
    let release = ground.release(arn.as_str().unwrap());
    assert_eq!(release["status"], "STOPPED");
    assert!(release.get("rollback").is_none());
    assert_eq!(ground.service()["deployments"][0]["rolloutState"], "FAILED");
}

#[test]
fn a_rollback_that_fails_too_says_so() {
    let mut ground = Ground::new();
    let more = json!({"deploymentConfiguration": {
        "minimumHealthyPercent": 0, "maximumPercent": 100,
        "deploymentCircuitBreaker": {"enable": true, "rollback": true},
    }});
    // What ran before was scaled to none, so that nobody has seen it crash.
    ground.register("web:crash");
    ground.create(0, &more);
    ground.pass(10.0);
    let arn = ground.deploy("web:oom");
    ground.pass(0.5);
    ground.ok(
        "UpdateService",
        &json!({"cluster": "c", "service": "web", "desiredCount": 2}),
    );
    ground.pass_until(600.0, |ground| {
        ground.release(&arn)["status"] == "ROLLBACK_FAILED"
    });
    assert_eq!(ground.service()["deployments"][0]["rolloutState"], "FAILED");
}

#[test]
fn thresholds_count_as_they_are_set() {
    let count = json!({"enable": true, "rollback": true,
        "thresholdConfiguration": {"type": "COUNT", "value": 5}});
    let percent = json!({"enable": true, "rollback": true,
        "thresholdConfiguration": {"type": "UNBOUNDED_PERCENT", "value": 50}});
    for (breaker, threshold) in [(count, 5), (percent, 1)] {
        let mut ground = Ground::new();
        ground.steady(2, &with_breaker(&breaker));
        let arn = ground.deploy("web:crash");
        assert_eq!(
            ground.release(&arn)["deploymentCircuitBreaker"]["threshold"],
            threshold
        );
        ground.pass_until(600.0, |ground| {
            ground.release(&arn)["status"] == "ROLLBACK_SUCCESSFUL"
        });
        assert_eq!(
            ground.release(&arn)["deploymentCircuitBreaker"]["failureCount"],
            threshold
        );
    }
}

#[test]
fn a_healthy_task_forgives_unless_told_otherwise() {
    for (resets, left) in [(true, 0), (false, 1)] {
        let mut ground = Ground::new();
        let breaker = json!({"enable": true, "rollback": true, "resetOnHealthyTask": resets});
        ground.steady(2, &with_breaker(&breaker));
        let definition = ground.register_with(
            "web:2",
            &json!({"healthCheck": {"command": ["CMD", "true"], "interval": 20}}),
        );
        let arn = ground.deploy_definition(&definition);
        ground.pass_until(60.0, |ground| ground.service()["runningCount"] == 4);
        ground.fail_one("web:2");
        assert_eq!(
            ground.release(&arn)["deploymentCircuitBreaker"]["failureCount"],
            1
        );
        ground.pass_until(60.0, |ground| {
            ground
                .tasks("RUNNING")
                .iter()
                .any(|task| task["healthStatus"] == "HEALTHY")
        });
        ground.pass(2.0);
        assert_eq!(
            ground.release(&arn)["deploymentCircuitBreaker"]["failureCount"],
            left
        );
    }
}

#[test]
fn without_a_breaker_ecs_tries_for_ever_and_slows_down() {
    let mut ground = Ground::new();
    ground.steady(1, &json!({}));
    let arn = ground.deploy("web:crash");
    ground.pass(900.0);
    let release = ground.release(&arn);
    assert_eq!(release["status"], "IN_PROGRESS");
    assert_eq!(release["deploymentCircuitBreaker"]["failureCount"], 0);
    let service = ground.service();
    let failed = service["deployments"][0]["failedTasks"].as_u64().unwrap();
    assert!(
        (4..15).contains(&failed),
        "{failed} failures in a quarter of an hour"
    );
    assert_eq!(service["runningCount"], 1);
    let events = ground.events();
    assert!(
        events
            .iter()
            .any(|event| event.contains("unable to consistently start tasks"))
    );
}

#[test]
fn scaling_changes_the_threshold_of_the_release_under_way() {
    let mut ground = Ground::new();
    ground.steady(2, &rolls_back());
    let arn = ground.deploy("web:slow");
    ground.ok(
        "UpdateService",
        &json!({"cluster": "c", "service": "web", "desiredCount": 20}),
    );
    assert_eq!(
        ground.release(&arn)["deploymentCircuitBreaker"]["threshold"],
        10
    );
}
