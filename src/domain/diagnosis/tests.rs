//! The cause of a failing release.

use super::*;
use crate::domain::fixture::{at, container, stopped};

const EXITED: &str = "Essential container in task exited";

fn headline(task: &Task) -> String {
    diagnose([task], None).unwrap().headline
}

#[test]
fn the_most_common_cause_wins_and_is_counted() {
    let mut newest = stopped("b", EXITED, container(Some(1), None));
    newest.stopped_at = Some(at(2_000));
    newest.stopping_at = Some(at(1_030));
    let tasks = [
        stopped("a", EXITED, container(Some(1), None)),
        newest,
        stopped(
            "c",
            "Task failed container health checks",
            container(None, None),
        ),
    ];
    let found = diagnose(&tasks, Some(&DeploymentId::new("ecs-svc/2"))).unwrap();
    assert_eq!(found.headline, "container app exits 1 within 10 s, 2 times");
    assert_eq!(found.tasks, 2);
    assert_eq!(found.evidence.name(), "b");
    assert_eq!(found.container.as_deref(), Some("app"));
}

#[test]
fn the_newest_cause_settles_a_tie() {
    let crash = stopped("a", EXITED, container(Some(1), None));
    let mut health = stopped("b", "Task failed ELB health checks", container(None, None));
    health.stopped_at = Some(at(5_000));
    let found = diagnose([&crash, &health], None).unwrap();
    assert_eq!(found.headline, "fails the load balancer's health check");
}

#[test]
fn memory_exit_code_and_health_are_named() {
    let oom = container(
        Some(137),
        Some("OutOfMemoryError: Container killed due to memory usage"),
    );
    let cases = [
        (
            stopped("a", "", oom),
            "container app runs out of memory within 4 s",
        ),
        (
            stopped("a", EXITED, container(Some(0), None)),
            "container app ends with exit code 0 within 4 s",
        ),
        (
            stopped(
                "a",
                "Task failed ELB health checks in (tg x)",
                container(Some(143), None),
            ),
            "fails the load balancer's health check",
        ),
        (
            stopped(
                "a",
                "Task failed container health checks",
                container(Some(137), None),
            ),
            "fails its container health check",
        ),
        (
            stopped(
                "a",
                "ResourceInitializationError: no secret",
                container(None, None),
            ),
            "ResourceInitializationError: no secret",
        ),
    ];
    for (task, text) in cases {
        assert_eq!(headline(&task), text);
    }
}

#[test]
fn the_container_that_ended_first_is_to_blame_not_the_one_that_was_stopped_with_it() {
    let mut task = stopped("a", EXITED, container(Some(1), None));
    for (name, code) in [("proxy", 137), ("agent", 143), ("init", 0)] {
        task.containers.push(Container {
            name: name.into(),
            ..container(Some(code), None)
        });
    }
    for turn in 0..task.containers.len() {
        task.containers.rotate_left(1);
        assert_eq!(
            headline(&task),
            "container app exits 1 within 4 s",
            "{turn}"
        );
    }
}

#[test]
fn the_image_that_cannot_be_pulled_is_the_one_that_the_reason_names() {
    let told = "CannotPullContainerError: failed to resolve ref side:9: not found";
    let mut task = stopped("a", told, container(None, None));
    assert_eq!(
        headline(&task),
        "image web:2 cannot be pulled",
        "the only one"
    );
    task.containers.push(Container {
        name: "side".into(),
        image: Some("side:9".into()),
        ..container(None, None)
    });
    assert_eq!(headline(&task), "image side:9 cannot be pulled");
    task.stopped_reason = Some("CannotPullContainerError: denied".into());
    assert_eq!(headline(&task), "an image cannot be pulled");
    task.containers[0].reason = Some("CannotPullContainerError: denied".into());
    assert_eq!(headline(&task), "image web:2 cannot be pulled");
}

#[test]
fn another_deployment_and_a_purposeful_stop_are_no_evidence() {
    let crash = stopped("a", EXITED, container(Some(1), None));
    let other = DeploymentId::new("ecs-svc/9");
    assert_eq!(diagnose([&crash], Some(&other)), None);
    let scaled = Task {
        stop_code: Some("ServiceSchedulerInitiated".into()),
        stopped_reason: Some("Scaling activity initiated by (deployment ecs-svc/9)".into()),
        ..crash.clone()
    };
    assert_eq!(diagnose([&scaled], None), None);
    let unhealthy = Task {
        stopped_reason: Some("Task failed ELB health checks in (tg x)".into()),
        ..scaled
    };
    assert!(diagnose([&unhealthy], None).is_some());
    let ending = Task {
        last_status: "DEACTIVATING".into(),
        ..crash.clone()
    };
    assert!(diagnose([&ending], None).is_some());
    let running = Task {
        last_status: "RUNNING".into(),
        desired_status: "RUNNING".into(),
        ..crash
    };
    assert_eq!(diagnose([&running], None), None);
}
