//! 2,000 services in 40 clusters as the core knows them after a while: most at rest, some in
//! flight, some with a release that ended today. It is made of messages, as in the program.

use cutover::app::model::{Model, Preferences};
use cutover::app::msg::{Data, Msg};
use cutover::app::query::Query;
use cutover::app::update::{settle, update};
use cutover::config::settings::{ProductionRules, Symbols, ThemeChoice};
use cutover::config::terminal::ColorDepth;
use cutover::config::theme::load;
use cutover::domain::arn::{
    ClusterArn, DeploymentId, ServiceArn, ServiceDeploymentArn, ServiceRevisionArn,
    TaskDefinitionArn,
};
use cutover::domain::cluster::Cluster;
use cutover::domain::context::{Context, ContextId, Identity};
use cutover::domain::service::{
    Controller, Deployment, DeploymentStatus, RollingLimits, RolloutState, Service, ServiceEvent,
    Strategy,
};
use cutover::domain::service_deployment::{
    RevisionSummary, ServiceDeployment, ServiceDeploymentStatus,
};
use cutover::keys::Keymap;
use cutover::view::Look;
use cutover::view::style::Styles;
use cutover::view::symbols::SymbolSet;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::path::Path;
use std::time::Duration;

use super::terminal::{COLUMNS, ROWS};

/// Services of a cluster.
const EACH: usize = 50;
/// Clusters.
const CLUSTERS: usize = 40;
/// Services that `DescribeServices` answers at once.
pub const BATCH: usize = 10;
/// One service in so many is in flight.
const MOVING: usize = 100;
/// The time of the model: 2026-11-21 02:41:00 UTC.
const NOW: i64 = 1_795_228_860;

/// The time of the model.
pub fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

/// The core with everything read.
pub fn model() -> Model {
    let mut model = empty();
    take(&mut model, Data::Identity(identity()));
    take(
        &mut model,
        Data::ClusterArns((0..CLUSTERS).map(cluster).collect()),
    );
    take(
        &mut model,
        Data::Clusters((0..CLUSTERS).map(counts).collect()),
    );
    answered(&mut model, Query::Identity);
    answered(&mut model, Query::Clusters);
    for number in 0..CLUSTERS {
        read_cluster(&mut model, number);
    }
    settle(&mut model);
    model
}

/// A service in flight: the new revision first, then the old one.
pub struct Moving {
    pub name: String,
    pub cluster: ClusterArn,
    pub service: ServiceArn,
    pub definitions: [TaskDefinitionArn; 2],
    pub deployments: [DeploymentId; 2],
}

/// The first service in flight.
pub fn moving() -> Moving {
    Moving {
        name: service_name(0),
        cluster: cluster(0),
        service: arn(0),
        definitions: [42, 41].map(|revision| definition(0, revision)),
        deployments: [42, 41].map(|revision| deployment_id(0, revision)),
    }
}

/// The next answer of `DescribeServices`: ten services of one cluster, one of them on the move.
pub fn batch(number: usize) -> Msg {
    let cluster = number % CLUSTERS;
    let first = cluster * EACH + number / CLUSTERS % (EACH / BATCH) * BATCH;
    fetched(services_from(first, BATCH))
}

/// How it looks: the dark theme with all colours.
pub fn look() -> Look {
    let dark = ThemeChoice::Named("dark".to_owned());
    let (theme, _) = load::load(&dark, None, Path::new("/nowhere")).unwrap();
    Look {
        styles: Styles::new(&theme, ColorDepth::TrueColor),
        symbols: SymbolSet::of(Symbols::Unicode),
        zone: TimeZone::UTC,
    }
}

fn empty() -> Model {
    let preferences = Preferences {
        refresh: Duration::from_secs(2),
        live_logs: true,
        read_only: false,
        production: ProductionRules::default(),
        cluster: None,
        service: None,
        zone: jiff::tz::TimeZone::UTC,
    };
    let context = Context {
        id: ContextId(0),
        profile: None,
        region: Some("us-east-1".to_owned()),
        endpoint: None,
        demo: true,
    };
    let mut model = Model::new(preferences, Keymap::standard(), vec![context], now());
    let size = Msg::Resize {
        columns: COLUMNS,
        rows: ROWS,
    };
    update(&mut model, now(), size);
    model
}

fn read_cluster(model: &mut Model, number: usize) {
    let first = number * EACH;
    take(
        model,
        Data::ServiceArns {
            cluster: cluster(number),
            services: (first..first + EACH).map(arn).collect(),
        },
    );
    take(model, services_from(first, EACH));
    answered(model, Query::Services(cluster(number)));
    for number in (first..first + EACH).filter(|number| is_recent(*number)) {
        take(
            model,
            Data::ServiceDeployments {
                service: arn(number),
                records: (0..5).map(|age| record(number, age)).collect(),
            },
        );
    }
}

/// Takes in what was fetched.
pub fn take(model: &mut Model, data: Data) {
    update(model, now(), fetched(data));
}

fn fetched(data: Data) -> Msg {
    Msg::Fetched {
        context: ContextId(0),
        asked_at: now(),
        data: Box::new(data),
    }
}

fn answered(model: &mut Model, query: Query) {
    let ended = Msg::Ended {
        context: ContextId(0),
        query,
        asked_at: now(),
        outcome: Ok(()),
    };
    update(model, now(), ended);
}

fn services_from(first: usize, count: usize) -> Data {
    Data::Services {
        services: (first..first + count).map(service).collect(),
        missing: Vec::new(),
    }
}

fn is_moving(number: usize) -> bool {
    number.is_multiple_of(MOVING)
}

/// Nine days of releases, one a service: a ninth of them began today.
fn is_recent(number: usize) -> bool {
    number.is_multiple_of(9) || is_moving(number)
}

fn hours_ago(hours: usize) -> Timestamp {
    let hours = i64::try_from(hours).unwrap();
    now() - SignedDuration::from_hours(hours)
}

fn began(number: usize) -> Timestamp {
    match (is_moving(number), is_recent(number)) {
        (true, _) => now() - SignedDuration::from_secs(90),
        (false, true) => hours_ago(1 + number % 20),
        (false, false) => hours_ago(25 + number % 190),
    }
}

fn region_arn(resource: &str) -> String {
    format!("arn:aws:ecs:us-east-1:123456789012:{resource}")
}

fn cluster_name(number: usize) -> String {
    format!("production-{number:02}")
}

fn cluster(number: usize) -> ClusterArn {
    ClusterArn::new(region_arn(&format!("cluster/{}", cluster_name(number))))
}

fn service_name(number: usize) -> String {
    let roles = ["api", "worker", "web", "sync", "indexer"];
    format!("orders-{}-{number:04}", roles[number % roles.len()])
}

fn place(number: usize) -> String {
    format!("{}/{}", cluster_name(number / EACH), service_name(number))
}

fn arn(number: usize) -> ServiceArn {
    ServiceArn::new(region_arn(&format!("service/{}", place(number))))
}

fn definition(number: usize, revision: usize) -> TaskDefinitionArn {
    let name = service_name(number);
    TaskDefinitionArn::new(region_arn(&format!("task-definition/{name}:{revision}")))
}

fn identity() -> Identity {
    Identity {
        account: "123456789012".to_owned(),
        arn: "arn:aws:iam::123456789012:user/bench".to_owned(),
    }
}

fn counts(number: usize) -> Cluster {
    Cluster {
        arn: cluster(number),
        status: "ACTIVE".to_owned(),
        active_services: 50,
        running_tasks: 150,
        pending_tasks: 0,
        container_instances: 0,
    }
}

fn service(number: usize) -> Service {
    let mut deployments = vec![deployment(number, 42, DeploymentStatus::Primary)];
    if is_moving(number) {
        deployments.push(deployment(number, 41, DeploymentStatus::Active));
    }
    Service {
        arn: arn(number),
        cluster: cluster(number / EACH),
        status: "ACTIVE".to_owned(),
        controller: Controller::Ecs,
        strategy: Strategy::Rolling,
        task_definition: definition(number, 42),
        desired: 3,
        running: 3,
        pending: 0,
        launch_type: Some("FARGATE".to_owned()),
        created_at: Some(hours_ago(2_000)),
        current_deployment: Some(record_arn(number, 0)),
        current_revisions: vec![revision_arn(number, 0)],
        limits: RollingLimits {
            minimum_healthy_percent: Some(100),
            maximum_percent: Some(200),
            breaker: true,
            breaker_rolls_back: true,
            bake_minutes: None,
        },
        deployments,
        task_sets: Vec::new(),
        events: (0..20).map(|age| event(number, age)).collect(),
        exec_enabled: false,
    }
}

fn deployment_id(number: usize, revision: usize) -> DeploymentId {
    DeploymentId::new(format!("ecs-svc/{number:012}{revision:03}"))
}

fn deployment(number: usize, revision: usize, status: DeploymentStatus) -> Deployment {
    let primary = status == DeploymentStatus::Primary;
    let moving = primary && is_moving(number);
    let state = if moving {
        RolloutState::InProgress
    } else {
        RolloutState::Completed
    };
    Deployment {
        id: deployment_id(number, revision),
        status,
        task_definition: definition(number, revision),
        desired: 3,
        pending: u32::from(moving),
        running: if moving { 1 } else { 3 },
        failed: u32::from(moving && number.is_multiple_of(3 * MOVING)),
        created_at: Some(began(number)),
        updated_at: Some(began(number)),
        rollout_state: Some(state),
        rollout_reason: Some("ECS deployment is in progress.".to_owned()),
    }
}

fn event(number: usize, age: usize) -> ServiceEvent {
    ServiceEvent {
        id: format!("{number:08}-{age:04}"),
        at: hours_ago(1 + age),
        message: format!(
            "(service {}) has reached a steady state.",
            service_name(number)
        ),
    }
}

fn record_arn(number: usize, age: usize) -> ServiceDeploymentArn {
    let place = place(number);
    ServiceDeploymentArn::new(region_arn(&format!("service-deployment/{place}/{age:020}")))
}

fn revision_arn(number: usize, age: usize) -> ServiceRevisionArn {
    let place = place(number);
    ServiceRevisionArn::new(region_arn(&format!("service-revision/{place}/{age:020}")))
}

fn record(number: usize, age: usize) -> ServiceDeployment {
    let moving = age == 0 && is_moving(number);
    let started = began(number) - SignedDuration::from_hours(30 * i64::try_from(age).unwrap());
    let finished = (!moving).then(|| started + SignedDuration::from_secs(180));
    let status = if moving {
        ServiceDeploymentStatus::InProgress
    } else {
        ServiceDeploymentStatus::Successful
    };
    ServiceDeployment {
        arn: record_arn(number, age),
        service: arn(number),
        cluster: cluster(number / EACH),
        status,
        status_reason: None,
        lifecycle_stage: None,
        strategy: Some(Strategy::Rolling),
        created_at: Some(started),
        started_at: Some(started),
        finished_at: finished,
        stopped_at: None,
        target: Some(revision(number, age)),
        sources: vec![revision(number, age + 1)],
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

fn revision(number: usize, age: usize) -> RevisionSummary {
    RevisionSummary {
        arn: revision_arn(number, age),
        task_definition: Some(definition(number, 42 - age)),
        images: vec![format!("{}:1.{}.0", service_name(number), 42 - age)],
        requested: Some(3),
        running: Some(3),
        pending: Some(0),
        production_percent: None,
        test_percent: None,
        target_group: None,
        production_route: None,
        test_route: None,
    }
}
