//! Releases of every mechanism that moves traffic, as the domain tells them.

use cutover::app::model::Model;
use cutover::app::msg::Data;
use cutover::domain::alarm::AlarmState;
use cutover::domain::arn::{ServiceDeploymentArn, TargetGroupArn};
use cutover::domain::cluster::Cluster;
use cutover::domain::codedeploy::GroupId;
use cutover::domain::lifecycle::{
    HookAction, HookKind, HookSetting, HookStatus, LifecycleHook, ShiftSettings,
};
use cutover::domain::release::{
    CodeDeployId, ConfiguredWaits, Deadline, DeadlineKind, Gate, GateKind, Mechanism, Release,
    ReleaseId, ReleaseStatus, ShiftProgress, Side, Stage, StageStep, StepState, Warning,
    WatchedAlarm,
};
use cutover::domain::service::{Controller, RolloutState, Strategy, TaskSet};
use cutover::domain::service_deployment::ServiceDeploymentStatus;
use cutover::domain::traffic::TargetHealth;
use jiff::Timestamp;

use crate::fixture::{before, fetch, signed_in};
use crate::world::{
    answered, cluster, definition_arn, deployment, record, service, service_arn, task_definition,
};

/// A side with its tasks and its share of the traffic: asked for, and real.
fn side(name: &str, revision: u32, tasks: u32, production: (f64, f64), test: f64) -> Side {
    Side {
        task_definition: Some(definition_arn(name, revision)),
        images: vec![format!("registry.example/{name}:r{revision}")],
        desired: Some(tasks),
        running: Some(tasks),
        pending: Some(0),
        failed: Some(0),
        production_percent: Some(production.0),
        production_real: Some(production.1),
        test_percent: Some(test),
        test_real: Some(test),
        target_group: Some(TargetGroupArn::new(format!("arn:tg/{name}-{revision}"))),
        targets: Some(TargetHealth {
            healthy: tasks,
            ..TargetHealth::default()
        }),
        ..Side::default()
    }
}

/// Stages in order: name, label, state, and when they began and how long they took, in seconds.
fn steps(all: &[(&str, &str, StepState, i64, i64)], exact: bool) -> Vec<StageStep> {
    all.iter()
        .map(|(name, label, state, began, took)| {
            let begun = !matches!(
                state,
                StepState::ToCome | StepState::Skipped | StepState::Unknown
            );
            let open = matches!(state, StepState::Now | StepState::Waits);
            StageStep {
                name: (*name).into(),
                label: (*label).into(),
                state: *state,
                started_at: begun.then(|| before(*began)),
                finished_at: (begun && !open).then(|| before(began - took)),
                exact,
            }
        })
        .collect()
}

fn at(seconds: i64) -> Timestamp {
    before(-seconds)
}

/// A release under way that began so many seconds ago.
fn release(place: (&str, &str), mechanism: Mechanism, age: i64, sides: (Side, Side)) -> Release {
    let (cluster_name, name) = place;
    let record = ServiceDeploymentArn::new(format!(
        "arn:aws:ecs:ap-northeast-1:123456789012:service-deployment/{cluster_name}/{name}/dep42"
    ));
    Release {
        id: ReleaseId(record.as_str().to_owned()),
        record: Some(record),
        mechanism,
        cluster: cluster(cluster_name),
        service: service_arn(cluster_name, name),
        status: ReleaseStatus::InProgress,
        stage: None,
        started_at: Some(before(age)),
        finished_at: None,
        reason: None,
        old: Some(sides.0),
        new: Some(sides.1),
        breaker: None,
        steps: Vec::new(),
        shift: None,
        gate: None,
        deadline: None,
        hooks: Vec::new(),
        alarms: Vec::new(),
        started_by: None,
        codedeploy: None,
        waits: ConfiguredWaits::default(),
        warnings: Vec::new(),
    }
}

fn alarm(name: &str, state: AlarmState) -> WatchedAlarm {
    WatchedAlarm {
        name: name.into(),
        state: Some(state),
        since: Some(before(86_400)),
        already_firing: false,
        triggered: false,
    }
}

/// `payments`: blue/green, held by a pause hook after the test traffic has moved.
pub fn payments() -> Release {
    let sides = (
        side("payments", 41, 3, (100.0, 100.0), 0.0),
        side("payments", 42, 3, (0.0, 0.0), 100.0),
    );
    let expires = at(1_621);
    Release {
        status: ReleaseStatus::Waiting,
        stage: Some(Stage::Lifecycle("POST_TEST_TRAFFIC_SHIFT".into())),
        steps: steps(
            &[
                ("RECONCILE_SERVICE", "reconcile", StepState::Done, 852, 2),
                ("PRE_SCALE_UP", "pre scale up", StepState::Skipped, 0, 0),
                ("SCALE_UP", "scale up", StepState::Done, 850, 249),
                ("POST_SCALE_UP", "post scale up", StepState::Skipped, 0, 0),
                ("TEST_TRAFFIC_SHIFT", "test shift", StepState::Done, 601, 62),
                (
                    "POST_TEST_TRAFFIC_SHIFT",
                    "test shifted",
                    StepState::Waits,
                    539,
                    0,
                ),
                (
                    "PRE_PRODUCTION_TRAFFIC_SHIFT",
                    "pre production",
                    StepState::ToCome,
                    0,
                    0,
                ),
                (
                    "PRODUCTION_TRAFFIC_SHIFT",
                    "production shift",
                    StepState::ToCome,
                    0,
                    0,
                ),
                (
                    "POST_PRODUCTION_TRAFFIC_SHIFT",
                    "post production",
                    StepState::ToCome,
                    0,
                    0,
                ),
                ("BAKE_TIME", "bake", StepState::ToCome, 0, 0),
                ("CLEAN_UP", "clean up", StepState::ToCome, 0, 0),
            ],
            false,
        ),
        gate: Some(Gate {
            kind: GateKind::PauseHook {
                hook: "ecs-pause-e7tKq2".into(),
                stage: Some("POST_TEST_TRAFFIC_SHIFT".into()),
            },
            expires_at: Some(expires),
            on_timeout: Some(HookAction::RollBack),
        }),
        deadline: Some(Deadline {
            kind: DeadlineKind::HookExpiry(Some(HookAction::RollBack)),
            at: expires,
            exact: true,
        }),
        warnings: vec![Warning::AlarmIgnored("payments-latency-p99".into())],
        hooks: vec![
            LifecycleHook {
                id: Some("ecs-pause-e7tKq2".into()),
                kind: HookKind::Pause,
                target: None,
                status: HookStatus::AwaitingAction,
                expires_at: Some(expires),
                on_timeout: Some(HookAction::RollBack),
            },
            LifecycleHook {
                id: None,
                kind: HookKind::Lambda,
                target: Some(
                    "arn:aws:lambda:ap-northeast-1:123456789012:function:smoke-test".into(),
                ),
                status: HookStatus::Succeeded,
                expires_at: None,
                on_timeout: None,
            },
        ],
        alarms: vec![
            WatchedAlarm {
                already_firing: true,
                ..alarm("payments-latency-p99", AlarmState::Alarm)
            },
            alarm("payments-5xx", AlarmState::Ok),
        ],
        ..release(("prod-core", "payments"), Mechanism::BlueGreen, 852, sides)
    }
}

/// `search`: the first part of a canary bakes, and the load balancer sends more than was asked for.
pub fn search() -> Release {
    let sides = (
        side("search", 7, 20, (95.0, 90.0), 0.0),
        side("search", 8, 20, (5.0, 10.0), 0.0),
    );
    Release {
        stage: Some(Stage::Lifecycle("PRODUCTION_TRAFFIC_SHIFT".into())),
        steps: steps(
            &[
                ("RECONCILE_SERVICE", "reconcile", StepState::Done, 560, 2),
                ("SCALE_UP", "scale up", StepState::Done, 558, 248),
                (
                    "PRODUCTION_TRAFFIC_SHIFT",
                    "production shift",
                    StepState::Now,
                    310,
                    0,
                ),
                ("BAKE_TIME", "bake", StepState::ToCome, 0, 0),
                ("CLEAN_UP", "clean up", StepState::ToCome, 0, 0),
            ],
            false,
        ),
        warnings: vec![Warning::TrafficDisagrees {
            wanted: 5.0,
            real: 10.0,
        }],
        shift: Some(ShiftProgress {
            step: 1,
            steps: 2,
            percent: 5.0,
        }),
        deadline: Some(Deadline {
            kind: DeadlineKind::StepBake,
            at: at(290),
            exact: false,
        }),
        ..release(("prod-edge", "search"), Mechanism::Canary, 560, sides)
    }
}

/// `catalog`: linear, the fourth of ten parts has moved.
pub fn catalog() -> Release {
    let mut sides = (
        side("catalog", 30, 12, (60.0, 60.0), 0.0),
        side("catalog", 31, 12, (40.0, 40.0), 0.0),
    );
    sides.1.targets = Some(TargetHealth {
        healthy: 10,
        unhealthy: 1,
        initial: 1,
        ..TargetHealth::default()
    });
    let mut all = vec![
        ("RECONCILE_SERVICE", "reconcile", StepState::Done, 1_860, 3),
        ("SCALE_UP", "scale up", StepState::Done, 1_857, 330),
    ];
    let parts = [
        "10 %", "20 %", "30 %", "40 %", "50 %", "60 %", "70 %", "80 %", "90 %", "100 %",
    ];
    for (place, part) in (0i64..).zip(parts) {
        let state = match place {
            ..3 => StepState::Done,
            3 => StepState::Now,
            _ => StepState::ToCome,
        };
        all.push((
            "PRODUCTION_TRAFFIC_SHIFT",
            part,
            state,
            1_527 - place * 480,
            480,
        ));
    }
    all.push(("BAKE_TIME", "bake", StepState::ToCome, 0, 0));
    all.push(("CLEAN_UP", "clean up", StepState::ToCome, 0, 0));
    Release {
        stage: Some(Stage::Lifecycle("PRODUCTION_TRAFFIC_SHIFT".into())),
        steps: steps(&all, false),
        shift: Some(ShiftProgress {
            step: 4,
            steps: 10,
            percent: 10.0,
        }),
        deadline: Some(Deadline {
            kind: DeadlineKind::StepBake,
            at: at(125),
            exact: false,
        }),
        ..release(("prod-core", "catalog"), Mechanism::Linear, 1_860, sides)
    }
}

/// `orders`: an alarm fired while it baked, the traffic is on its way back.
pub fn orders() -> Release {
    let sides = (
        side("orders", 19, 6, (100.0, 100.0), 0.0),
        side("orders", 20, 6, (0.0, 0.0), 0.0),
    );
    Release {
        status: ReleaseStatus::RollingBack,
        warnings: vec![Warning::AlarmFired("orders-5xx".into())],
        stage: Some(Stage::Lifecycle("PRODUCTION_TRAFFIC_SHIFT".into())),
        reason: Some(
            "Service deployment rolled back because of CloudWatch alarm(s): orders-5xx".into(),
        ),
        steps: steps(
            &[
                ("RECONCILE_SERVICE", "reconcile", StepState::Done, 720, 2),
                ("SCALE_UP", "scale up", StepState::Done, 718, 130),
                (
                    "PRODUCTION_TRAFFIC_SHIFT",
                    "production shift",
                    StepState::Done,
                    588,
                    60,
                ),
                ("BAKE_TIME", "bake", StepState::Failed, 528, 500),
                ("CLEAN_UP", "clean up", StepState::Skipped, 0, 0),
                ("ROLLBACK", "roll back", StepState::Now, 28, 0),
            ],
            false,
        ),
        alarms: vec![WatchedAlarm {
            since: Some(before(40)),
            triggered: true,
            ..alarm("orders-5xx", AlarmState::Alarm)
        }],
        ..release(("prod-core", "orders"), Mechanism::BlueGreen, 720, sides)
    }
}

fn codedeploy(id: &str) -> (ReleaseId, Option<CodeDeployId>) {
    let named = CodeDeployId {
        deployment: id.into(),
        group: Some(GroupId {
            application: "edge".into(),
            group: "gateway-blue-green".into(),
        }),
    };
    (ReleaseId(id.into()), Some(named))
}

/// `gateway`: CodeDeploy, the deployment is Ready and goes on by itself.
pub fn gateway() -> Release {
    let mut sides = (
        side("gateway", 117, 6, (100.0, 100.0), 0.0),
        side("gateway", 118, 6, (0.0, 0.0), 100.0),
    );
    sides.0.task_set = Some("ecs-svc/1111111111111111111".into());
    sides.1.task_set = Some("ecs-svc/2222222222222222222".into());
    let (id, codedeploy) = codedeploy("d-7QX3K2M9F");
    Release {
        id,
        record: None,
        codedeploy,
        status: ReleaseStatus::Waiting,
        stage: Some(Stage::Lifecycle("Ready".into())),
        started_by: Some("user".into()),
        steps: steps(
            &[
                ("BeforeInstall", "before install", StepState::Skipped, 0, 0),
                ("Install", "install", StepState::Done, 480, 190),
                ("AfterInstall", "after install", StepState::Done, 290, 12),
                ("AllowTestTraffic", "test traffic", StepState::Done, 278, 3),
                (
                    "AfterAllowTestTraffic",
                    "after test traffic",
                    StepState::Done,
                    275,
                    41,
                ),
                ("Ready", "ready", StepState::Waits, 234, 0),
                (
                    "BeforeAllowTraffic",
                    "before traffic",
                    StepState::ToCome,
                    0,
                    0,
                ),
                ("AllowTraffic", "traffic", StepState::ToCome, 0, 0),
                (
                    "AfterAllowTraffic",
                    "after traffic",
                    StepState::ToCome,
                    0,
                    0,
                ),
            ],
            true,
        ),
        gate: Some(Gate {
            kind: GateKind::CodeDeployReady {
                deployment: "d-7QX3K2M9F".into(),
            },
            expires_at: Some(at(3_366)),
            on_timeout: Some(HookAction::Continue),
        }),
        deadline: Some(Deadline {
            kind: DeadlineKind::ReadyWait { continues: true },
            at: at(3_366),
            exact: true,
        }),
        ..release(("prod-edge", "gateway"), Mechanism::CodeDeploy, 484, sides)
    }
}

/// `images`: CodeDeploy, all traffic has moved, the original task set waits for its end.
pub fn images() -> Release {
    let sides = (
        side("images", 3, 4, (0.0, 0.0), 0.0),
        side("images", 4, 4, (100.0, 100.0), 0.0),
    );
    let (id, codedeploy) = codedeploy("d-5TR8W1Z4C");
    Release {
        id,
        record: None,
        codedeploy,
        stage: Some(Stage::Lifecycle("TerminationWait".into())),
        steps: steps(
            &[
                ("Install", "install", StepState::Done, 900, 190),
                ("AllowTraffic", "traffic", StepState::Done, 710, 303),
                (
                    "AfterAllowTraffic",
                    "after traffic",
                    StepState::Done,
                    407,
                    4,
                ),
                ("TerminationWait", "wait", StepState::Now, 403, 0),
            ],
            true,
        ),
        deadline: Some(Deadline {
            kind: DeadlineKind::TerminationWait,
            at: at(3_197),
            exact: true,
        }),
        ..release(("prod-edge", "images"), Mechanism::CodeDeploy, 905, sides)
    }
}

/// `legacy`: task sets that somebody outside steers.
pub fn legacy() -> Release {
    let mut sides = (
        side("legacy", 8, 2, (100.0, 100.0), 0.0),
        side("legacy", 9, 2, (0.0, 0.0), 0.0),
    );
    for side in [&mut sides.0, &mut sides.1] {
        side.production_percent = None;
        side.test_percent = None;
        side.test_real = None;
    }
    sides.1.running = Some(1);
    Release {
        id: ReleaseId("ecs-svc/3333333333333333333".into()),
        record: None,
        ..release(("batch", "legacy"), Mechanism::External, 90, sides)
    }
}

/// `mirror`: a strategy, a status, a stage and a hook that this version does not know.
pub fn mirror() -> Release {
    let unknown = Side::default();
    Release {
        status: ReleaseStatus::Unknown("MIRRORING".into()),
        stage: Some(Stage::Lifecycle("SHADOW_TRAFFIC".into())),
        steps: steps(
            &[
                ("SHADOW_TRAFFIC", "shadow traffic", StepState::Now, 60, 0),
                ("BAKE_TIME", "bake", StepState::Unknown, 0, 0),
            ],
            false,
        ),
        hooks: vec![LifecycleHook {
            id: None,
            kind: HookKind::Unknown("STEP_FUNCTION".into()),
            target: None,
            status: HookStatus::Unknown("PONDERING".into()),
            expires_at: None,
            on_timeout: None,
        }],
        alarms: vec![
            alarm("mirror-5xx", AlarmState::Unknown("MUTED".into())),
            alarm("mirror-4xx", AlarmState::InsufficientData),
        ],
        ..release(
            ("batch", "mirror"),
            Mechanism::Unknown("MIRROR".into()),
            75,
            (unknown.clone(), unknown),
        )
    }
}

/// One that is over.
fn over(name: &str, mechanism: Mechanism, status: ReleaseStatus, ended: i64) -> Release {
    let left = match status {
        ReleaseStatus::Succeeded | ReleaseStatus::Superseded => 0.0,
        _ => 100.0,
    };
    let sides = (
        side(name, 1, 2, (left, left), 0.0),
        side(name, 2, 2, (100.0 - left, 100.0 - left), 0.0),
    );
    // The states are those of the last reading, before the end.
    let alarms = match status {
        ReleaseStatus::RolledBack => vec![
            alarm("latency", AlarmState::Ok),
            WatchedAlarm {
                triggered: true,
                ..alarm("errors", AlarmState::Ok)
            },
        ],
        _ => Vec::new(),
    };
    Release {
        status,
        alarms,
        finished_at: Some(before(ended)),
        ..release(("prod-core", name), mechanism, ended + 500, sides)
    }
}

/// Releases of `payments` that came before, in every way that one can end.
fn earlier() -> Vec<Release> {
    let kinds = [
        (Mechanism::BlueGreen, ReleaseStatus::Succeeded, "ecs-deploy"),
        (Mechanism::BlueGreen, ReleaseStatus::RolledBack, ""),
        (Mechanism::Rolling, ReleaseStatus::Succeeded, "user"),
        (
            Mechanism::CodeDeploy,
            ReleaseStatus::Stopped,
            "codeDeployRollback",
        ),
        (Mechanism::Rolling, ReleaseStatus::Superseded, ""),
        (Mechanism::CodeDeploy, ReleaseStatus::Failed, "user"),
    ];
    (1i64..)
        .zip(kinds)
        .map(|(days, (mechanism, status, by))| Release {
            id: ReleaseId(format!("arn:earlier-{days}")),
            record: None,
            reason: (status != ReleaseStatus::Succeeded).then(|| "told by AWS".into()),
            started_by: (!by.is_empty()).then(|| by.into()),
            started_at: Some(before(days * 86_400 + 1_300)),
            ..over("payments", mechanism, status, days * 86_400)
        })
        .collect()
}

fn all() -> Vec<Release> {
    vec![
        payments(),
        search(),
        catalog(),
        orders(),
        gateway(),
        images(),
        legacy(),
        mirror(),
        over("cart", Mechanism::Linear, ReleaseStatus::Succeeded, 3_000),
        over(
            "profile",
            Mechanism::BlueGreen,
            ReleaseStatus::RolledBack,
            4_000,
        ),
        over("tax", Mechanism::CodeDeploy, ReleaseStatus::Stopped, 5_000),
        over("users", Mechanism::Canary, ReleaseStatus::Superseded, 6_000),
    ]
}

/// All of them on the board.
pub fn everything() -> Model {
    let mut model = signed_in();
    let names = ["prod-core", "prod-edge", "batch"];
    let names: Vec<_> = names.into_iter().map(cluster).collect();
    fetch(&mut model, Data::ClusterArns(names.clone()));
    let clusters = names.into_iter().map(|arn| Cluster {
        arn,
        status: "ACTIVE".into(),
        active_services: 4,
        running_tasks: 20,
        pending_tasks: 0,
        container_instances: 0,
    });
    fetch(&mut model, Data::Clusters(clusters.collect()));
    for (revision, tag) in [(41, "1f3c9aa"), (42, "9be0012")] {
        let definition = task_definition("payments", revision, &format!("payments:{tag}"));
        fetch(&mut model, Data::TaskDefinition(Box::new(definition)));
    }
    for release in all() {
        add(&mut model, release);
    }
    answered(&mut model);
    model
}

fn task_set(name: &str, id: &str, status: &str, revision: u32, age: i64) -> TaskSet {
    TaskSet {
        id: format!("ecs-svc/{id}"),
        status: status.into(),
        task_definition: definition_arn(name, revision),
        started_by: Some("CODE_DEPLOY".into()),
        external_id: Some(format!("d-{id}")),
        desired: 6,
        pending: 0,
        running: 6,
        scale_percent: Some(100.0),
        stability: Some("STABILIZING".into()),
        container: None,
        updated_at: None,
        target_group: None,
        created_at: Some(before(age)),
    }
}

/// The service of a release, and then the release in place of what the service alone tells.
fn add(model: &mut Model, release: Release) {
    let (cluster, name) = (release.cluster.name(), release.service.name());
    let state = if release.status.is_over() {
        RolloutState::Completed
    } else {
        RolloutState::InProgress
    };
    let primary = deployment(name, 42, (4, 4, 0), state, 500);
    let mut moved = service(cluster, name, vec![primary]);
    moved.controller = match release.mechanism {
        Mechanism::CodeDeploy => Controller::CodeDeploy,
        Mechanism::External => Controller::External,
        _ => Controller::Ecs,
    };
    moved.strategy = match release.mechanism {
        Mechanism::BlueGreen => Strategy::BlueGreen,
        Mechanism::Linear => Strategy::Linear,
        Mechanism::Canary => Strategy::Canary,
        _ => Strategy::Rolling,
    };
    if moved.controller != Controller::Ecs {
        moved.deployments.clear();
        moved.task_sets = vec![
            task_set(name, "1111", "PRIMARY", 117, 400_000),
            task_set(name, "2222", "ACTIVE", 118, 480),
        ];
    }
    let services = vec![moved];
    let missing = Vec::new();
    fetch(model, Data::Services { services, missing });
    if release.record.is_some() {
        let status = ServiceDeploymentStatus::InProgress;
        let mut own = record(cluster, name, (41, 42), status, (852, None));
        own.settings = Some(ShiftSettings {
            hooks: vec![HookSetting {
                kind: HookKind::Lambda,
                target: Some("arn:aws:lambda:ap-northeast-1:123456789012:function:verify".into()),
                stages: vec![
                    "POST_PRODUCTION_TRAFFIC_SHIFT".into(),
                    "PRE_SCALE_UP".into(),
                ],
            }],
            ..ShiftSettings::default()
        });
        let records = vec![own];
        let service = release.service.clone();
        fetch(model, Data::ServiceDeployments { service, records });
    }
    let mut known = vec![release];
    if known[0].service.name() == "payments" {
        known.extend(earlier());
    }
    let releases = &mut model.contexts[0].releases;
    releases.insert(known[0].service.clone(), known);
}
