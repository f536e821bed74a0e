//! The cause of a failing release.

use super::*;
use crate::domain::arn::{ClusterArn, TaskDefinitionArn};
use jiff::Timestamp;

fn at(second: i64) -> Option<Timestamp> {
    Timestamp::from_second(second).ok()
}

/// A task that ran four seconds and ended.
pub(crate) fn stopped(id: &str, reason: &str, container: Container) -> Task {
    Task {
        arn: TaskArn::new(format!("arn:aws:ecs:eu-west-1:1:task/prod/{id}")),
        cluster: ClusterArn::new("arn:aws:ecs:eu-west-1:1:cluster/prod"),
        group: Some("service:web".into()),
        task_definition: TaskDefinitionArn::new("arn:aws:ecs:eu-west-1:1:task-definition/web:2"),
        last_status: "STOPPED".into(),
        desired_status: "STOPPED".into(),
        health: None,
        started_by: Some("ecs-svc/2".into()),
        containers: vec![container],
        created_at: at(90),
        started_at: at(100),
        stopping_at: at(104),
        stopped_at: at(110),
        stopped_reason: Some(reason.into()),
        stop_code: Some("EssentialContainerExited".into()),
        launch_type: None,
        availability_zone: None,
        cpu: None,
        memory: None,
    }
}

fn container(exit_code: Option<i32>, reason: Option<&str>) -> Container {
    Container {
        name: "app".into(),
        image: Some("web:2".into()),
        status: "STOPPED".into(),
        exit_code,
        reason: reason.map(str::to_owned),
        health: None,
    }
}

#[test]
fn the_most_common_cause_wins_and_is_counted() {
    let crash = || container(Some(1), None);
    let tasks = [
        stopped("a", "Essential container in task exited", crash()),
        stopped("b", "Essential container in task exited", crash()),
        stopped(
            "c",
            "Task failed container health checks",
            container(None, None),
        ),
    ];
    let found = diagnose(&tasks, Some(&DeploymentId::new("ecs-svc/2"))).unwrap();
    assert_eq!(found.headline, "container app exits 1 within 4 s, 2 times");
    assert_eq!(found.tasks, 2);
}

#[test]
fn memory_image_and_health_are_named() {
    let headline = |task: Task| diagnose(&[task], None).unwrap().headline;
    let oom = container(
        Some(137),
        Some("OutOfMemoryError: Container killed due to memory usage"),
    );
    assert_eq!(
        headline(stopped("a", "", oom)),
        "container app runs out of memory within 4 s"
    );
    let pull = stopped(
        "a",
        "CannotPullContainerError: not found",
        container(None, None),
    );
    assert_eq!(headline(pull), "image web:2 cannot be pulled");
    let elb = stopped(
        "a",
        "Task failed ELB health checks in (target-group x)",
        container(None, None),
    );
    assert_eq!(headline(elb), "fails the load balancer's health check");
}

#[test]
fn another_deployment_and_a_purposeful_stop_are_no_evidence() {
    let crash = stopped(
        "a",
        "Essential container in task exited",
        container(Some(1), None),
    );
    assert_eq!(
        diagnose(
            std::slice::from_ref(&crash),
            Some(&DeploymentId::new("ecs-svc/9"))
        ),
        None
    );
    let scaled = Task {
        stop_code: Some("ServiceSchedulerInitiated".into()),
        stopped_reason: Some("Scaling activity initiated by (deployment ecs-svc/9)".into()),
        ..crash
    };
    assert_eq!(diagnose(&[scaled], None), None);
}
