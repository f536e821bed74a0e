//! Things to test with: a service `web` in cluster `prod`, told in the fewest words.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::arn::{
    ClusterArn, DeploymentId, ServiceArn, ServiceDeploymentArn, ServiceRevisionArn, TargetGroupArn,
    TaskArn, TaskDefinitionArn,
};
use super::codedeploy::{
    CodeDeployStatus, CodeDeployment, DeployedTaskSet, DeploymentTarget, GroupId, LifecycleEvent,
    ReadyWait, TerminationWait, TrafficRouting,
};
use super::context::Identity;
use super::facts::Facts;
use super::failure::{Failure, FailureKind};
use super::intent::{ServiceIntent, Wish};
use super::lifecycle::{
    HookAction, HookKind, HookSetting, HookStatus, LifecycleHook, ShiftSettings, TrafficSteps,
};
use super::release::{Release, Sources, current_of, past_of};
use super::service::{
    Controller, Deployment, DeploymentStatus, RollingLimits, RolloutState, Service, Strategy,
    TaskSet,
};
use super::service_deployment::{
    BreakerReading, RevisionSummary, ServiceDeployment, ServiceDeploymentStatus,
};
use super::task::{Container, Task};
use super::task_definition::{ContainerDefinition, LogDestination, TaskDefinition};

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub(crate) fn cluster(name: &str) -> ClusterArn {
    ClusterArn::new(format!("arn:aws:ecs:eu-west-1:123456789012:cluster/{name}"))
}

pub(crate) fn service_arn(name: &str) -> ServiceArn {
    ServiceArn::new(format!(
        "arn:aws:ecs:eu-west-1:123456789012:service/prod/{name}"
    ))
}

/// `web:REVISION`.
pub(crate) fn web(revision: u32) -> TaskDefinitionArn {
    TaskDefinitionArn::new(format!(
        "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:{revision}"
    ))
}

pub(crate) fn record_arn(id: &str) -> ServiceDeploymentArn {
    ServiceDeploymentArn::new(format!(
        "arn:aws:ecs:eu-west-1:123456789012:service-deployment/prod/web/{id}"
    ))
}

pub(crate) fn task_arn(id: &str) -> TaskArn {
    TaskArn::new(format!("arn:aws:ecs:eu-west-1:123456789012:task/prod/{id}"))
}

/// A primary deployment of `web:REVISION` with 4 of 4 tasks, completed.
pub(crate) fn deployment(number: u32, revision: u32) -> Deployment {
    Deployment {
        id: DeploymentId::new(format!("ecs-svc/{number}")),
        status: DeploymentStatus::Primary,
        task_definition: web(revision),
        desired: 4,
        pending: 0,
        running: 4,
        failed: 0,
        created_at: Some(at(1_000)),
        updated_at: Some(at(1_100)),
        rollout_state: Some(RolloutState::Completed),
        rollout_reason: None,
    }
}

/// The same on its way: 1 of 4 tasks runs.
pub(crate) fn moving(number: u32, revision: u32) -> Deployment {
    Deployment {
        running: 1,
        pending: 1,
        rollout_state: Some(RolloutState::InProgress),
        ..deployment(number, revision)
    }
}

/// An older deployment whose tasks are still there.
pub(crate) fn active(number: u32, revision: u32) -> Deployment {
    Deployment {
        status: DeploymentStatus::Active,
        created_at: Some(at(500)),
        ..deployment(number, revision)
    }
}

/// `web` with these deployments; it runs what the primary one runs.
pub(crate) fn service(deployments: Vec<Deployment>) -> Service {
    Service {
        arn: service_arn("web"),
        cluster: cluster("prod"),
        status: "ACTIVE".into(),
        controller: Controller::Ecs,
        strategy: Strategy::Rolling,
        task_definition: deployments
            .first()
            .map_or(web(1), |primary| primary.task_definition.clone()),
        desired: 4,
        running: deployments.iter().map(|one| one.running).sum(),
        pending: deployments.iter().map(|one| one.pending).sum(),
        launch_type: Some("FARGATE".into()),
        created_at: Some(at(100)),
        current_deployment: None,
        current_revisions: Vec::new(),
        limits: RollingLimits {
            minimum_healthy_percent: Some(100),
            maximum_percent: Some(200),
            breaker: true,
            breaker_rolls_back: true,
            bake_minutes: None,
        },
        deployments,
        task_sets: Vec::new(),
        events: Vec::new(),
        exec_enabled: false,
    }
}

/// `web:2` on its way with `web:1` still running.
pub(crate) fn releasing() -> Service {
    service(vec![moving(2, 2), active(1, 1)])
}

/// The releases of `web`, the newest first: `web:2` on its way over `web:1`.
pub(crate) fn releases_of_web() -> Vec<Release> {
    let service = releasing();
    let history = [
        record("b", ServiceDeploymentStatus::InProgress, 1, 2, 1_000),
        record("a", ServiceDeploymentStatus::Successful, 0, 1, 500),
    ];
    let sources = Sources::of(&service, &history);
    let newest = current_of(&sources).unwrap();
    let earlier = past_of(&sources, Some(&newest.id));
    std::iter::once(newest).chain(earlier).collect()
}

pub(crate) fn task_set(id: &str, status: &str, revision: u32, created: i64) -> TaskSet {
    TaskSet {
        id: id.into(),
        status: status.into(),
        task_definition: web(revision),
        started_by: None,
        external_id: None,
        desired: 2,
        pending: 0,
        running: 2,
        scale_percent: None,
        stability: None,
        target_group: None,
        container: None,
        created_at: Some(at(created)),
        updated_at: None,
    }
}

fn summary(revision: u32) -> RevisionSummary {
    RevisionSummary {
        arn: ServiceRevisionArn::new(format!(
            "arn:aws:ecs:eu-west-1:123456789012:service-revision/prod/web/{revision}"
        )),
        task_definition: Some(web(revision)),
        images: vec![format!("web:{revision}")],
        requested: Some(4),
        running: Some(0),
        pending: Some(0),
        production_percent: Some(100.0),
        test_percent: None,
        target_group: None,
        production_route: None,
        test_route: None,
    }
}

/// ECS's record of the way from one revision to another, begun at a second, and where it is over
/// ended 100 seconds later.
pub(crate) fn record(
    id: &str,
    status: ServiceDeploymentStatus,
    from: u32,
    to: u32,
    created: i64,
) -> ServiceDeployment {
    let ended = status.is_over().then(|| at(created + 100));
    ServiceDeployment {
        arn: record_arn(id),
        service: service_arn("web"),
        cluster: cluster("prod"),
        status,
        status_reason: None,
        lifecycle_stage: None,
        strategy: Some(Strategy::Rolling),
        created_at: Some(at(created)),
        started_at: Some(at(created)),
        finished_at: ended,
        stopped_at: None,
        target: Some(summary(to)),
        sources: vec![summary(from)],
        breaker: None,
        rollback_reason: None,
        rollback_started_at: None,
        rollback_to: None,
        updated_at: None,
        hooks: Vec::new(),
        settings: None,
        alarms: None,
    }
}

/// A pause hook that waits for somebody until a second, and rolls back then.
pub(crate) fn pause_hook(id: &str, expires: i64) -> LifecycleHook {
    LifecycleHook {
        id: Some(id.into()),
        kind: HookKind::Pause,
        target: None,
        status: HookStatus::AwaitingAction,
        expires_at: Some(at(expires)),
        on_timeout: Some(HookAction::RollBack),
    }
}

/// ECS's record of a release from `web:1` to `web:2` that it shifts, begun at second 1000, in a stage
/// and with a share of the production traffic on the new side. It bakes 5 minutes; linear moves
/// 10 % every 2 minutes, canary 5 % first and the rest after 3 minutes.
pub(crate) fn shifting(strategy: Strategy, stage: &str, percent: f64) -> ServiceDeployment {
    let mut shifting = record("b", ServiceDeploymentStatus::InProgress, 1, 2, 1_000);
    let steps = |percent, bake_minutes| {
        Some(TrafficSteps {
            percent,
            bake_minutes,
        })
    };
    shifting.settings = Some(ShiftSettings {
        bake_minutes: Some(5),
        linear: steps(10.0, 2).filter(|_| strategy == Strategy::Linear),
        canary: steps(5.0, 3).filter(|_| strategy == Strategy::Canary),
        hooks: vec![HookSetting {
            kind: HookKind::Pause,
            target: None,
            stages: vec!["POST_TEST_TRAFFIC_SHIFT".into()],
        }],
        ..ShiftSettings::default()
    });
    shifting.strategy = Some(strategy);
    shifting.lifecycle_stage = Some(stage.into());
    let sides = shifting.target.iter_mut().zip([("green", percent)]);
    let sides = sides.chain(shifting.sources.iter_mut().zip([("blue", 100.0 - percent)]));
    for (side, (group, percent)) in sides {
        side.running = Some(4);
        side.production_percent = Some(percent);
        side.test_percent = Some(if group == "green" { 100.0 } else { 0.0 });
        side.target_group = Some(target_group(group));
        side.production_route = Some("rule/production".into());
        side.test_route = Some("rule/test".into());
    }
    shifting
}

pub(crate) fn target_group(name: &str) -> TargetGroupArn {
    TargetGroupArn::new(format!(
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/{name}/0123456789abcdef"
    ))
}

/// CodeDeploy's record of a release to `web:REVISION`, begun at a second and where it is over ended
/// 500 seconds later: half a minute for each event before the traffic, 10 % of it first and the rest
/// 5 minutes later, 20 minutes for somebody to answer, and 10 until the original goes.
pub(crate) fn code_deployment(
    id: &str,
    status: CodeDeployStatus,
    revision: u32,
    created: i64,
) -> CodeDeployment {
    let ended = status.is_over().then(|| at(created + 500));
    CodeDeployment {
        id: id.into(),
        group: GroupId {
            application: "shop".into(),
            group: "web".into(),
        },
        status,
        configuration: Some("CodeDeployDefault.ECSCanary10Percent5Minutes".into()),
        routing: Some(TrafficRouting::Canary {
            percent: 10,
            minutes: 5,
        }),
        created_at: Some(at(created)),
        started_at: Some(at(created)),
        finished_at: ended,
        creator: Some("user".into()),
        description: None,
        error: None,
        rolled_back_by: None,
        rolls_back: None,
        rollback_message: None,
        rolls_back_on_failure: true,
        rolls_back_on_alarm: false,
        ready: Some(ReadyWait {
            continues: false,
            minutes: 20,
        }),
        termination: Some(TerminationWait {
            terminates: true,
            minutes: 10,
        }),
        termination_wait_started: false,
        alarms: Vec::new(),
        task_definition: Some(web(revision)),
        production_listeners: vec!["listener/production".into()],
        test_listeners: vec!["listener/test".into()],
        target: Some(DeploymentTarget {
            id: "prod:web".into(),
            status: "InProgress".into(),
            events: CODEDEPLOY_EVENTS.map(pending_event).to_vec(),
            task_sets: vec![deployed("blue", false, 100.0), deployed("green", true, 0.0)],
        }),
    }
}

const CODEDEPLOY_EVENTS: [&str; 8] = [
    "BeforeInstall",
    "Install",
    "AfterInstall",
    "AllowTestTraffic",
    "AfterAllowTestTraffic",
    "BeforeAllowTraffic",
    "AllowTraffic",
    "AfterAllowTraffic",
];

fn pending_event(name: &str) -> LifecycleEvent {
    LifecycleEvent {
        name: name.into(),
        status: "Pending".into(),
        started_at: None,
        finished_at: None,
        diagnostics: None,
    }
}

fn deployed(id: &str, green: bool, percent: f64) -> DeployedTaskSet {
    DeployedTaskSet {
        green,
        id: Some(id.into()),
        status: Some(if green { "ACTIVE" } else { "PRIMARY" }.into()),
        desired: 2,
        pending: 0,
        running: 2,
        traffic_percent: Some(percent),
        target_group: Some(id.into()),
    }
}

/// Lets so many of its events succeed, half a minute each, and puts the next one at work.
pub(crate) fn advance(deployment: &mut CodeDeployment, done: usize) {
    let start = deployment.created_at.unwrap().as_second();
    let events = &mut deployment.target.as_mut().unwrap().events;
    for ((index, event), offset) in events.iter_mut().enumerate().zip((0..).step_by(30)) {
        if index < done {
            event.status = "Succeeded".into();
            event.started_at = Some(at(start + offset));
            event.finished_at = Some(at(start + offset + 30));
        } else if index == done {
            event.status = "InProgress".into();
            event.started_at = Some(at(start + offset));
        }
    }
}

/// `web`, moved by CodeDeploy, with these task sets.
pub(crate) fn moved_by_codedeploy(task_sets: Vec<TaskSet>) -> Service {
    Service {
        controller: Controller::CodeDeploy,
        task_sets,
        ..service(Vec::new())
    }
}

pub(crate) fn reading(status: &str, failures: u32, threshold: u32) -> BreakerReading {
    BreakerReading {
        status: status.into(),
        failures,
        threshold,
    }
}

pub(crate) fn container(exit_code: Option<i32>, reason: Option<&str>) -> Container {
    Container {
        name: "app".into(),
        image: Some("web:2".into()),
        status: "STOPPED".into(),
        exit_code,
        reason: reason.map(str::to_owned),
        health: None,
    }
}

/// A task of deployment `ecs-svc/2` that ran four seconds and ended.
pub(crate) fn stopped(id: &str, reason: &str, container: Container) -> Task {
    Task {
        arn: task_arn(id),
        cluster: cluster("prod"),
        group: Some("service:web".into()),
        task_definition: web(2),
        last_status: "STOPPED".into(),
        desired_status: "STOPPED".into(),
        health: None,
        started_by: Some("ecs-svc/2".into()),
        containers: vec![container],
        created_at: Some(at(1_010)),
        started_at: Some(at(1_020)),
        stopping_at: Some(at(1_024)),
        stopped_at: Some(at(1_030)),
        stopped_reason: Some(reason.into()),
        stop_code: Some("EssentialContainerExited".into()),
        launch_type: None,
        availability_zone: None,
        cpu: None,
        memory: None,
    }
}

/// A task of `web` that runs.
pub(crate) fn running(id: &str) -> Task {
    Task {
        last_status: "RUNNING".into(),
        desired_status: "RUNNING".into(),
        stopping_at: None,
        stopped_at: None,
        stopped_reason: None,
        stop_code: None,
        ..stopped(id, "", container(None, None))
    }
}

/// `web:REVISION`, which logs to the group `web`.
pub(crate) fn definition(revision: u32, status: &str) -> TaskDefinition {
    TaskDefinition {
        arn: web(revision),
        status: status.into(),
        cpu: None,
        memory: None,
        network_mode: None,
        task_role: None,
        execution_role: None,
        containers: vec![ContainerDefinition {
            name: "app".into(),
            image: format!("web:{revision}"),
            essential: true,
            cpu: 0,
            memory: None,
            memory_reservation: None,
            environment: BTreeMap::new(),
            secrets: BTreeMap::new(),
            ports: Vec::new(),
            command: Vec::new(),
            health_check: false,
            logs: LogDestination::CloudWatch {
                group: "web".into(),
                region: None,
                prefix: "ecs".into(),
                may_drop: false,
            },
        }],
        registered_at: None,
        registered_by: None,
        deregistered_at: None,
    }
}

pub(crate) fn failure(kind: FailureKind) -> Failure {
    Failure {
        call: "ecs:ListServiceDeployments".into(),
        kind,
        code: None,
        message: "it did not work".into(),
        request_id: None,
    }
}

pub(crate) fn identity() -> Identity {
    Identity {
        account: "123456789012".into(),
        arn: "arn:aws:iam::123456789012:user/ann".into(),
    }
}

/// Facts about a service, outside production.
pub(crate) fn facts(service: Service, history: Vec<ServiceDeployment>) -> Facts {
    Facts {
        identity: Some(identity()),
        region: Some("eu-west-1".into()),
        service: Some(service),
        history: Ok(history),
        ..Facts::nothing()
    }
}

/// A wish about `web`.
pub(crate) fn wish(wish: Wish) -> ServiceIntent {
    ServiceIntent {
        cluster: cluster("prod"),
        service: Some(service_arn("web")),
        wish,
    }
}

/// A stream of a container.
pub(crate) fn stream(container: &str, task: &str) -> std::sync::Arc<super::logs::StreamName> {
    std::sync::Arc::new(super::logs::StreamName {
        region: None,
        group: "web".into(),
        stream: format!("ecs/{container}/{task}"),
    })
}
