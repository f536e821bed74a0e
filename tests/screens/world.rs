//! An evening on call: clusters, services and releases in every state.

use std::collections::BTreeMap;

use cutover::app::model::Model;
use cutover::app::msg::Data;
use cutover::app::query::Query;
use cutover::domain::arn::{
    ClusterArn, DeploymentId, ServiceArn, ServiceDeploymentArn, ServiceRevisionArn, TaskArn,
    TaskDefinitionArn,
};
use cutover::domain::cluster::Cluster;
use cutover::domain::service::{
    Controller, Deployment, DeploymentStatus, RollingLimits, RolloutState, Service, ServiceEvent,
    Strategy, TaskSet,
};
use cutover::domain::service_deployment::{
    BreakerReading, RevisionSummary, ServiceDeployment, ServiceDeploymentStatus,
};
use cutover::domain::task::{Container, Task};
use cutover::domain::task_definition::{ContainerDefinition, LogDestination, TaskDefinition};

use crate::fixture::{before, end, fetch, signed_in};

const BASE: &str = "arn:aws:ecs:ap-northeast-1:123456789012";

pub fn cluster(name: &str) -> ClusterArn {
    ClusterArn::new(format!("{BASE}:cluster/{name}"))
}

pub fn service_arn(cluster: &str, name: &str) -> ServiceArn {
    ServiceArn::new(format!("{BASE}:service/{cluster}/{name}"))
}

pub fn definition_arn(family: &str, revision: u32) -> TaskDefinitionArn {
    TaskDefinitionArn::new(format!("{BASE}:task-definition/{family}:{revision}"))
}

fn record_arn(cluster: &str, name: &str, id: &str) -> ServiceDeploymentArn {
    ServiceDeploymentArn::new(format!("{BASE}:service-deployment/{cluster}/{name}/{id}"))
}

pub fn task_arn(cluster: &str, id: &str) -> TaskArn {
    TaskArn::new(format!("{BASE}:task/{cluster}/{id}"))
}

/// One entry of `deployments[]`: revision, running, desired, failed, state, age in seconds.
pub fn deployment(
    name: &str,
    revision: u32,
    counts: (u32, u32, u32),
    state: RolloutState,
    age: i64,
) -> Deployment {
    let (running, desired, failed) = counts;
    Deployment {
        id: DeploymentId::new(format!("ecs-svc/{name}{revision}")),
        status: DeploymentStatus::Primary,
        task_definition: definition_arn(name, revision),
        desired,
        pending: 0,
        running,
        failed,
        created_at: Some(before(age)),
        updated_at: Some(before(age / 2)),
        rollout_reason: Some(match state {
            RolloutState::Completed => "ECS deployment completed.".into(),
            RolloutState::Failed => "ECS deployment failed: tasks failed to start.".into(),
            _ => "ECS deployment in progress.".into(),
        }),
        rollout_state: Some(state),
    }
}

pub fn older(mut deployment: Deployment) -> Deployment {
    deployment.status = DeploymentStatus::Active;
    deployment
}

/// A service of the ECS controller with the counts of its deployments.
pub fn service(cluster_name: &str, name: &str, deployments: Vec<Deployment>) -> Service {
    let primary = &deployments[0];
    Service {
        arn: service_arn(cluster_name, name),
        cluster: cluster(cluster_name),
        status: "ACTIVE".into(),
        controller: Controller::Ecs,
        strategy: Strategy::Rolling,
        task_definition: primary.task_definition.clone(),
        desired: primary.desired,
        running: deployments.iter().map(|one| one.running).sum(),
        pending: deployments.iter().map(|one| one.pending).sum(),
        launch_type: Some("FARGATE".into()),
        created_at: Some(before(200 * 86_400)),
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

fn summary(name: &str, revision: u32, percent: Option<f64>) -> RevisionSummary {
    RevisionSummary {
        arn: ServiceRevisionArn::new(format!("{BASE}:service-revision/c/{name}/{revision}")),
        task_definition: Some(definition_arn(name, revision)),
        images: vec![format!("registry.example/{name}:r{revision}")],
        requested: Some(4),
        running: Some(4),
        pending: Some(0),
        production_percent: percent,
        test_percent: None,
        target_group: None,
        production_route: None,
        test_route: None,
    }
}

/// A record: its status, the revisions it moves between, when it began and how long it took.
pub fn record(
    cluster_name: &str,
    name: &str,
    revisions: (u32, u32),
    status: ServiceDeploymentStatus,
    times: (i64, Option<i64>),
) -> ServiceDeployment {
    let (age, took) = times;
    ServiceDeployment {
        arn: record_arn(cluster_name, name, &format!("dep{}", revisions.1)),
        service: service_arn(cluster_name, name),
        cluster: cluster(cluster_name),
        status,
        status_reason: None,
        lifecycle_stage: None,
        strategy: Some(Strategy::Rolling),
        created_at: Some(before(age)),
        started_at: Some(before(age)),
        finished_at: took.map(|took| before(age - took)),
        stopped_at: None,
        target: Some(summary(name, revisions.1, None)),
        sources: vec![summary(name, revisions.0, None)],
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

fn event(age: i64, name: &str, message: &str) -> ServiceEvent {
    ServiceEvent {
        id: format!("{name}-{age}"),
        at: before(age),
        message: format!("(service {name}) {message}"),
    }
}

/// `checkout`: the breaker tripped, the release is on its way back.
pub fn checkout() -> (Service, Vec<ServiceDeployment>) {
    let mut primary = deployment("checkout", 41, (3, 4, 0), RolloutState::InProgress, 95);
    primary.rollout_reason =
        Some("ECS deployment circuit breaker: rolling back to checkout:41.".into());
    let bad = older(deployment(
        "checkout",
        42,
        (1, 4, 3),
        RolloutState::Failed,
        372,
    ));
    let mut service = service("prod-core", "checkout", vec![primary, bad]);
    service.events = vec![
        event(
            90,
            "checkout",
            "rolling back to deployment ecs-svc/checkout41.",
        ),
        event(
            95,
            "checkout",
            "(deployment ecs-svc/checkout42) deployment failed: tasks failed to start.",
        ),
        event(
            140,
            "checkout",
            "has started 1 tasks: (task 9a02c4d1e5f64b7a8c9d0e1f2a3b4c5d).",
        ),
        event(
            250,
            "checkout",
            "has started 1 tasks: (task 4f1ce2d37a7a4c0e8f1a2b3c4d5e6f70).",
        ),
        event(
            365,
            "checkout",
            "has started 4 tasks: (task 77aa01b2c3d4e5f60718293a4b5c6d7e).",
        ),
        event(90_000, "checkout", "has reached a steady state."),
    ];
    let mut now = record(
        "prod-core",
        "checkout",
        (41, 42),
        ServiceDeploymentStatus::RollbackInProgress,
        (372, None),
    );
    now.breaker = Some(BreakerReading {
        status: "TRIGGERED".into(),
        failures: 3,
        threshold: 3,
    });
    now.rollback_reason = Some(
        "Service deployment rolled back because the circuit breaker threshold was exceeded.".into(),
    );
    now.rollback_started_at = Some(before(95));
    service.current_deployment = Some(now.arn.clone());
    let earlier = [
        (41, 40, ServiceDeploymentStatus::Successful, 2, 251),
        (40, 39, ServiceDeploymentStatus::Successful, 9, 244),
        (39, 38, ServiceDeploymentStatus::RollbackSuccessful, 16, 502),
        (38, 37, ServiceDeploymentStatus::Successful, 23, 260),
    ];
    let earlier = earlier.map(|(new, old, status, days, took)| {
        let reason = (status == ServiceDeploymentStatus::RollbackSuccessful)
            .then(|| "the alarm checkout-5xx went into ALARM".to_owned());
        let times = (days * 86_400, Some(took));
        let mut record = record("prod-core", "checkout", (old, new), status, times);
        record.rollback_reason = reason;
        record
    });
    (service, std::iter::once(now).chain(earlier).collect())
}

/// A stopped task of `checkout:42`.
pub fn crashed(id: &str, age: i64) -> Task {
    Task {
        stopped_at: Some(before(age)),
        stopping_at: Some(before(age + 2)),
        stopped_reason: Some("Essential container in task exited".into()),
        stop_code: Some("EssentialContainerExited".into()),
        last_status: "STOPPED".into(),
        desired_status: "STOPPED".into(),
        started_by: Some("ecs-svc/checkout42".into()),
        task_definition: definition_arn("checkout", 42),
        containers: vec![
            container("app", "STOPPED", Some(1)),
            container("envoy", "STOPPED", Some(0)),
        ],
        ..running("prod-core", "checkout", id, age + 6)
    }
}

pub fn container(name: &str, status: &str, exit_code: Option<i32>) -> Container {
    Container {
        name: name.into(),
        image: Some(format!(
            "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/{name}:1f3c9aa"
        )),
        status: status.into(),
        exit_code,
        reason: None,
        health: (status == "RUNNING").then(|| "HEALTHY".into()),
    }
}

/// A running task, started so many seconds ago.
pub fn running(cluster_name: &str, name: &str, id: &str, age: i64) -> Task {
    Task {
        arn: task_arn(cluster_name, id),
        cluster: cluster(cluster_name),
        group: Some(format!("service:{name}")),
        task_definition: definition_arn(name, 41),
        last_status: "RUNNING".into(),
        desired_status: "RUNNING".into(),
        health: Some("HEALTHY".into()),
        started_by: Some(format!("ecs-svc/{name}41")),
        containers: vec![
            container("app", "RUNNING", None),
            container("envoy", "RUNNING", None),
        ],
        created_at: Some(before(age + 30)),
        started_at: Some(before(age)),
        stopping_at: None,
        stopped_at: None,
        stopped_reason: None,
        stop_code: None,
        launch_type: Some("FARGATE".into()),
        availability_zone: Some("ap-northeast-1a".into()),
        cpu: Some("512".into()),
        memory: Some("1024".into()),
    }
}

/// `search`: blue/green, traffic has half moved.
fn search() -> (Service, Vec<ServiceDeployment>) {
    let primary = deployment("search", 8, (20, 20, 0), RolloutState::InProgress, 560);
    let old = older(deployment(
        "search",
        7,
        (20, 20, 0),
        RolloutState::Completed,
        90_000,
    ));
    let mut service = service("prod-edge", "search", vec![primary, old]);
    service.strategy = Strategy::Canary;
    service.limits.breaker = false;
    let mut now = record(
        "prod-edge",
        "search",
        (7, 8),
        ServiceDeploymentStatus::InProgress,
        (560, None),
    );
    now.strategy = Some(Strategy::Canary);
    now.lifecycle_stage = Some("BAKE_TIME".into());
    now.target = Some(summary("search", 8, Some(5.0)));
    now.sources = vec![summary("search", 7, Some(95.0))];
    service.current_deployment = Some(now.arn.clone());
    (service, vec![now])
}

fn codedeploy() -> Service {
    let set = |id: &str, status: &str, revision, running, age| TaskSet {
        id: id.into(),
        status: status.into(),
        task_definition: definition_arn("gateway", revision),
        started_by: Some("CODE_DEPLOY".into()),
        external_id: Some(format!("d-{id}")),
        desired: 6,
        pending: 0,
        running,
        scale_percent: None,
        stability: None,
        target_group: None,
        container: None,
        created_at: Some(before(age)),
        updated_at: None,
    };
    let primary = deployment("gateway", 118, (6, 6, 0), RolloutState::Completed, 300);
    let mut service = service("prod-edge", "gateway", vec![primary]);
    service.controller = Controller::CodeDeploy;
    service.deployments.clear();
    service.task_sets = vec![
        set("BLUE", "PRIMARY", 117, 6, 400_000),
        set("GREEN", "ACTIVE", 118, 2, 300),
    ];
    service
}

/// Services that are over with their releases, by the status of the record.
fn finished() -> Vec<(Service, Vec<ServiceDeployment>)> {
    let one = |cluster, name: &str, revisions: (u32, u32), status, times: (i64, Option<i64>)| {
        let runs = match status {
            ServiceDeploymentStatus::RollbackSuccessful => revisions.0,
            _ => revisions.1,
        };
        let primary = deployment(name, runs, (4, 4, 0), RolloutState::Completed, times.0);
        let mut service = service(cluster, name, vec![primary]);
        let mut record = record(cluster, name, revisions, status, times);
        record.rollback_reason = (runs == revisions.0)
            .then(|| "Service deployment rolled back because the alarm profile-5xx fired.".into());
        service.current_deployment = Some(record.arn.clone());
        (service, vec![record])
    };
    vec![
        one(
            "prod-core",
            "profile",
            (77, 78),
            ServiceDeploymentStatus::RollbackSuccessful,
            (7_980, Some(182)),
        ),
        one(
            "prod-core",
            "cart",
            (12, 13),
            ServiceDeploymentStatus::Successful,
            (6_000, Some(520)),
        ),
        one(
            "prod-edge",
            "images",
            (3, 4),
            ServiceDeploymentStatus::Successful,
            (40_000, Some(95)),
        ),
        one(
            "batch",
            "invoices",
            (9, 10),
            ServiceDeploymentStatus::RollbackFailed,
            (3_000, Some(700)),
        ),
    ]
}

pub fn task_definition(name: &str, revision: u32, image: &str) -> TaskDefinition {
    let retries = if revision.is_multiple_of(2) { "5" } else { "3" };
    let mut environment = BTreeMap::from([
        ("RETRY_MAX".to_owned(), retries.to_owned()),
        ("DB_URL".to_owned(), format!("postgres://db/{revision}")),
    ]);
    if revision.is_multiple_of(2) {
        environment.insert("FEATURE_WALLET".into(), "on".into());
    }
    TaskDefinition {
        arn: definition_arn(name, revision),
        status: "ACTIVE".into(),
        cpu: Some("512".into()),
        memory: Some(
            if revision.is_multiple_of(2) {
                "1024"
            } else {
                "512"
            }
            .into(),
        ),
        network_mode: Some("awsvpc".into()),
        task_role: Some("arn:aws:iam::123456789012:role/checkout".into()),
        execution_role: Some("arn:aws:iam::123456789012:role/ecs-execution".into()),
        containers: vec![ContainerDefinition {
            name: "app".into(),
            image: format!("123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/{image}"),
            essential: true,
            cpu: 256,
            memory: Some(512),
            memory_reservation: None,
            environment,
            secrets: BTreeMap::from([(
                "DB_PASSWORD".to_owned(),
                "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:db".to_owned(),
            )]),
            ports: vec![8080],
            command: Vec::new(),
            health_check: true,
            logs: LogDestination::CloudWatch {
                group: "/ecs/checkout".into(),
                region: None,
                prefix: "app".into(),
                may_drop: false,
            },
        }],
        registered_at: Some(before(i64::from(43 - revision) * 86_400)),
        registered_by: Some("arn:aws:sts::123456789012:assumed-role/ci/build".into()),
        deregistered_at: None,
    }
}

/// All of the above, read two seconds ago, at home on the board.
pub fn evening() -> Model {
    let mut model = signed_in();
    list(&mut model);
    let mut all = vec![checkout(), search()];
    all.extend(finished());
    let payments = vec![
        deployment("payments", 9, (1, 3, 1), RolloutState::InProgress, 131),
        older(deployment(
            "payments",
            8,
            (3, 3, 0),
            RolloutState::Completed,
            500_000,
        )),
    ];
    all.push((service("prod-core", "payments", payments), Vec::new()));
    let mailer = vec![
        deployment("mailer", 5, (0, 6, 0), RolloutState::InProgress, 42),
        older(deployment(
            "mailer",
            4,
            (6, 6, 0),
            RolloutState::Completed,
            500_000,
        )),
    ];
    all.push((service("batch", "mailer", mailer), Vec::new()));
    all.push((codedeploy(), Vec::new()));
    let idle = deployment("ledger", 30, (1, 2, 0), RolloutState::Completed, 800_000);
    all.push((service("batch", "ledger", vec![idle]), Vec::new()));
    for (service, records) in all {
        let arn = service.arn.clone();
        fetch(
            &mut model,
            Data::Services {
                services: vec![service],
                missing: Vec::new(),
            },
        );
        fetch(
            &mut model,
            Data::ServiceDeployments {
                service: arn,
                records,
            },
        );
    }
    evidence(&mut model);
    answered(&mut model);
    model
}

fn list(model: &mut Model) {
    let counts = [
        ("prod-core", 4, 16, 1),
        ("prod-edge", 3, 30, 0),
        ("batch", 3, 7, 6),
    ];
    let names = counts.map(|(name, ..)| cluster(name));
    fetch(model, Data::ClusterArns(names.to_vec()));
    let clusters = counts.map(|(name, services, running, pending)| Cluster {
        arn: cluster(name),
        status: "ACTIVE".into(),
        active_services: services,
        running_tasks: running,
        pending_tasks: pending,
        container_instances: 0,
    });
    fetch(model, Data::Clusters(clusters.to_vec()));
}

fn evidence(model: &mut Model) {
    let tasks = [
        ("4f1ce2d37a7a4c0e", 130),
        ("9a02c4d1e5f64b7a", 100),
        ("77aa01b2c3d4e5f6", 240),
    ];
    let tasks = tasks.map(|(id, age)| crashed(id, age)).to_vec();
    fetch(
        model,
        Data::Tasks {
            cluster: cluster("prod-core"),
            service: Some(service_arn("prod-core", "checkout")),
            stopped: true,
            tasks,
        },
    );
    for (revision, tag) in [(41, "1f3c9aa"), (42, "9be0012")] {
        let image = format!("checkout:{tag}");
        let definition = task_definition("checkout", revision, &image);
        fetch(model, Data::TaskDefinition(Box::new(definition)));
    }
}

/// Every question that the screen in front asks was answered.
pub fn answered(model: &mut Model) {
    loop {
        let asked = cutover::app::interest::subscriptions(model);
        let open: Vec<Query> = asked
            .into_iter()
            .map(|wanted| wanted.query)
            .filter(|query| !model.contexts[0].queries.contains_key(query))
            .collect();
        if open.is_empty() {
            return;
        }
        for query in open {
            end(model, query, Ok(()));
        }
    }
}
