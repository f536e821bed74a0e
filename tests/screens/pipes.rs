//! Pipelines in every state, beside the releases of the evening.

use std::collections::BTreeMap;

use cutover::app::model::Model;
use cutover::app::msg::Data;
use cutover::domain::pipeline::{
    ActionDeclaration, ActionExecution, ActionRun, ActionState, ActionStatus, Category,
    ConditionState, ConditionStatus, ErrorDetails, ExecutionId, ExecutionMode, ExecutionStatus,
    PipelineExecution, PipelineName, PipelineState, PipelineStructure, PipelineSummary, RuleState,
    SourceRevision, StageDeclaration, StageExecution, StageState, StageStatus, Transition, Trigger,
};
use cutover::domain::service::RolloutState;
use cutover::domain::service_deployment::ServiceDeploymentStatus;

use crate::fixture::{before, fetch};
use crate::shifts::everything;
use crate::world::{answered, deployment, record, service, task_definition};

/// The execution of `shop` that waits.
pub const WAITING: &str = "7c1e6f02-4f2a-4e0a-9a4b-2d0c5f6a7b8c";
/// The one before it.
const EARLIER: &str = "1d9b3a44-8c7d-4b6e-8f21-9e0d1c2b3a4f";
const COMMIT: &str = "9be00127f4c9d1e4a5b6c7d8e9f0a1b2c3d4e5f6";
/// The pause before a release in production that the makers of `shop` ask for.
pub const TEXT: &str = "Look at the dashboard of staging, then let it into production";

fn stage_execution(id: &str, status: StageStatus) -> StageExecution {
    StageExecution {
        id: ExecutionId::new(id),
        status,
        rollback: false,
    }
}

pub fn action(name: &str, status: Option<ActionStatus>, age: i64) -> ActionState {
    let run = |status| ActionRun {
        id: Some(format!("{name}-{age}")),
        status,
        summary: None,
        changed_at: Some(before(age)),
        token: None,
        updated_by: None,
        external_id: None,
        external_url: None,
        percent: None,
        error: None,
        log_stream: None,
    };
    ActionState {
        name: name.into(),
        latest: status.map(run),
        revision: None,
        entity_url: None,
        revision_url: None,
    }
}

/// An action whose last run is changed.
fn ran(mut action: ActionState, change: impl FnOnce(&mut ActionRun)) -> ActionState {
    change(action.latest.as_mut().unwrap());
    action
}

fn stage(name: &str, latest: Option<StageExecution>, actions: Vec<ActionState>) -> StageState {
    StageState {
        name: name.into(),
        latest,
        inbound: Vec::new(),
        transition: Some(Transition {
            enabled: true,
            changed_by: None,
            changed_at: None,
            reason: None,
        }),
        actions,
        before_entry: None,
        on_success: None,
        on_failure: None,
        retries: 0,
    }
}

fn source(id: &str, age: i64) -> StageState {
    let found = ran(
        action("Source", Some(ActionStatus::Succeeded), age),
        |run| run.summary = Some("Retry idempotent captures\n\nBecause.".into()),
    );
    let found = ActionState {
        revision: Some(COMMIT.into()),
        revision_url: Some("https://git.example/shop/commit/9be0012".into()),
        ..found
    };
    StageState {
        transition: None,
        ..stage(
            "Source",
            Some(stage_execution(id, StageStatus::Succeeded)),
            vec![found],
        )
    }
}

fn declared(name: &str, category: Category, provider: &str, run_order: u32) -> ActionDeclaration {
    ActionDeclaration {
        name: name.into(),
        category,
        provider: provider.into(),
        run_order,
        configuration: BTreeMap::new(),
        account: None,
        region: None,
        timeout_minutes: None,
    }
}

fn configured(mut action: ActionDeclaration, settings: &[(&str, &str)]) -> ActionDeclaration {
    let settings = settings.iter();
    action
        .configuration
        .extend(settings.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    action
}

fn deploy(service: &str, run_order: u32) -> ActionDeclaration {
    let deploy = declared("Deploy", Category::Deploy, "ECS", run_order);
    configured(
        deploy,
        &[
            ("ClusterName", "prod-core"),
            ("ServiceName", service),
            ("FileName", "imagedefinitions.json"),
        ],
    )
}

/// `shop` builds, deploys to staging, waits, and deploys to production.
fn shop_structure() -> PipelineStructure {
    let approve = configured(
        declared("Approve", Category::Approval, "Manual", 1),
        &[
            ("CustomData", TEXT),
            ("ExternalEntityLink", "https://grafana.example/d/shop"),
            (
                "NotificationArn",
                "arn:aws:sns:ap-northeast-1:123456789012:shop-approvers",
            ),
        ],
    );
    let stages = [
        (
            "Source",
            vec![declared(
                "Source",
                Category::Source,
                "CodeStarSourceConnection",
                1,
            )],
        ),
        (
            "Build",
            vec![configured(
                declared("Build", Category::Build, "CodeBuild", 1),
                &[("ProjectName", "shop-build")],
            )],
        ),
        ("Staging", vec![deploy("shop-staging", 1)]),
        ("Prod", vec![approve, deploy("shop", 2)]),
    ];
    PipelineStructure {
        name: PipelineName::new("shop"),
        arn: Some("arn:aws:codepipeline:ap-northeast-1:123456789012:shop".into()),
        version: Some(12),
        mode: Some(ExecutionMode::Queued),
        stages: stages
            .map(|(name, actions)| StageDeclaration {
                name: name.into(),
                actions,
                on_failure: (name == "Prod").then(|| "ROLLBACK".into()),
            })
            .into(),
    }
}

fn shop_stages() -> Vec<StageState> {
    let now = |status| Some(stage_execution(WAITING, status));
    let build = ran(
        action("Build", Some(ActionStatus::Succeeded), 2_300),
        |run| {
            run.external_id = Some("shop-build:5b3c".into());
            run.external_url = Some("https://console.aws.example/codebuild/shop-build:5b3c".into());
            run.log_stream = Some(
                "arn:aws:logs:ap-northeast-1:123456789012:log-group:/aws/codebuild/shop:log-stream:5b3c"
                    .into(),
            );
        },
    );
    let staging = ran(
        action("Deploy", Some(ActionStatus::Succeeded), 1_900),
        |run| run.summary = Some("Deployment completed successfully".into()),
    );
    let approve = ran(
        action("Approve", Some(ActionStatus::InProgress), 1_880),
        |run| run.token = Some("0f2b".into()),
    );
    let prod = ran(
        action("Deploy", Some(ActionStatus::Succeeded), 262_000),
        |run| run.updated_by = Some("arn:aws:sts::123456789012:assumed-role/release/mika".into()),
    );
    let mut last = stage("Prod", now(StageStatus::InProgress), vec![approve, prod]);
    last.before_entry = Some(ConditionState {
        status: Some(ConditionStatus::Succeeded),
        summary: Some("All rules succeeded".into()),
        rules: vec![RuleState {
            name: "NoAlarm".into(),
            status: Some(ConditionStatus::Succeeded),
            summary: Some("shop-5xx is OK".into()),
            changed_at: Some(before(1_885)),
            error: None,
        }],
    });
    vec![
        source(WAITING, 2_600),
        stage("Build", now(StageStatus::Succeeded), vec![build]),
        stage("Staging", now(StageStatus::Succeeded), vec![staging]),
        last,
    ]
}

fn failed_build() -> Vec<StageState> {
    let error = ErrorDetails {
        code: Some("JobFailed".into()),
        message: Some(
            "Build terminated with state: FAILED. Phase: BUILD, Code: COMMAND_EXECUTION_ERROR, \
             Message: Error while executing command: cargo test. Reason: exit status 101"
                .into(),
        ),
    };
    let build = ran(action("Build", Some(ActionStatus::Failed), 700), |run| {
        run.error = Some(error);
        run.external_id = Some("checkout-build:77aa".into());
    });
    vec![
        source("c-2", 900),
        stage(
            "Build",
            Some(stage_execution("c-2", StageStatus::Failed)),
            vec![build],
        ),
        stage(
            "Prod",
            Some(stage_execution("c-1", StageStatus::Succeeded)),
            vec![action("Deploy", Some(ActionStatus::Succeeded), 90_000)],
        ),
    ]
}

fn building() -> Vec<StageState> {
    let build = ran(action("Build", Some(ActionStatus::InProgress), 95), |run| {
        run.percent = Some(40);
    });
    let mut prod = stage(
        "Prod",
        Some(stage_execution("s-1", StageStatus::Succeeded)),
        vec![action("Deploy", Some(ActionStatus::Succeeded), 7_900)],
    );
    prod.retries = 2;
    vec![
        source("s-2", 120),
        stage(
            "Build",
            Some(stage_execution("s-2", StageStatus::InProgress)),
            vec![build],
        ),
        prod,
    ]
}

fn held() -> Vec<StageState> {
    let mut prod = stage(
        "Prod",
        Some(stage_execution("k-1", StageStatus::Succeeded)),
        vec![action("Deploy", Some(ActionStatus::Succeeded), 400_000)],
    );
    prod.transition = Some(Transition {
        enabled: false,
        changed_by: Some("arn:aws:sts::123456789012:assumed-role/oncall/aki".into()),
        changed_at: Some(before(7_300)),
        reason: Some("freeze until the sale is over".into()),
    });
    prod.inbound = vec![stage_execution("k-2", StageStatus::InProgress)];
    vec![source("k-2", 5_000), prod]
}

fn rolled_back() -> Vec<StageState> {
    let mut back = stage_execution("r-9", StageStatus::Succeeded);
    back.rollback = true;
    vec![
        source("r-2", 11_000),
        stage(
            "Prod",
            Some(back),
            vec![action("Deploy", Some(ActionStatus::Succeeded), 9_000)],
        ),
    ]
}

fn quiet() -> Vec<StageState> {
    vec![
        source("m-1", 11_000),
        stage(
            "Prod",
            Some(stage_execution("m-1", StageStatus::Succeeded)),
            vec![action("Deploy", Some(ActionStatus::Succeeded), 10_800)],
        ),
    ]
}

fn run_of(stage: &str, name: &str, status: ActionStatus, began: i64, took: i64) -> ActionExecution {
    let declared = shop_structure();
    let declared = declared.action(stage, name);
    ActionExecution {
        id: format!("{stage}-{name}"),
        execution: ExecutionId::new(WAITING),
        stage: stage.into(),
        action: name.into(),
        status,
        started_at: Some(before(began)),
        updated_at: Some(before(began - took)),
        updated_by: None,
        category: declared.map(|action| action.category.clone()),
        provider: declared.map(|action| action.provider.clone()),
        configuration: declared.map_or_else(BTreeMap::new, |one| one.configuration.clone()),
        outputs: BTreeMap::new(),
        external_id: None,
        external_url: None,
        summary: None,
        error: None,
        log_stream: None,
    }
}

/// What ran in the execution that waits.
fn shop_runs() -> Vec<ActionExecution> {
    let mut source = run_of("Source", "Source", ActionStatus::Succeeded, 2_610, 10);
    for (key, value) in [
        ("AuthorDisplayName", "Mika Sato"),
        ("BranchName", "main"),
        ("CommitId", COMMIT),
    ] {
        source.outputs.insert(key.into(), value.into());
    }
    let mut build = run_of("Build", "Build", ActionStatus::Succeeded, 2_590, 290);
    build.external_id = Some("shop-build:5b3c".into());
    build.external_url = Some("https://console.aws.example/codebuild/shop-build:5b3c".into());
    build.outputs.insert("IMAGE_TAG".into(), "9be0012".into());
    let mut staging = run_of("Staging", "Deploy", ActionStatus::Succeeded, 2_290, 390);
    staging.summary = Some("Deployment completed successfully".into());
    let mut approve = run_of("Prod", "Approve", ActionStatus::InProgress, 1_880, 0);
    approve.external_id = Some("0f2b".into());
    vec![source, build, staging, approve]
}

pub fn execution(id: &str, status: ExecutionStatus, age: i64, took: i64) -> PipelineExecution {
    PipelineExecution {
        id: ExecutionId::new(id),
        status,
        status_summary: None,
        started_at: Some(before(age)),
        updated_at: Some(before(age - took)),
        sources: vec![SourceRevision {
            action: "Source".into(),
            revision: Some(COMMIT.into()),
            summary: Some(
                r#"{"ProviderType":"GitHub","CommitMessage":"Retry idempotent captures"}"#.into(),
            ),
            url: Some("https://git.example/shop/commit/9be0012".into()),
        }],
        trigger: Some(Trigger {
            kind: "WebhookV2".into(),
            detail: None,
        }),
        stop_reason: None,
        mode: Some(ExecutionMode::Queued),
        rollback: false,
        rollback_target: None,
    }
}

fn shop_executions() -> Vec<PipelineExecution> {
    let started = Trigger {
        kind: "StartPipelineExecution".into(),
        detail: Some("arn:aws:sts::123456789012:assumed-role/oncall/aki".into()),
    };
    let other = |revision: &str, words: &str| {
        vec![SourceRevision {
            action: "Source".into(),
            revision: Some(revision.into()),
            summary: Some(words.into()),
            url: None,
        }]
    };
    vec![
        execution(WAITING, ExecutionStatus::InProgress, 2_615, 735),
        PipelineExecution {
            sources: other(
                "5d0c9e1b2a3f4c5d6e7f8091a2b3c4d5e6f70812",
                "Round totals up",
            ),
            ..execution("a8-5", ExecutionStatus::Superseded, 3_900, 1_280)
        },
        PipelineExecution {
            rollback: true,
            rollback_target: Some(ExecutionId::new(EARLIER)),
            sources: other(
                "1f3c9aa02b3c4d5e6f708192a3b4c5d6e7f80910",
                "Keep carts for a week",
            ),
            trigger: Some(Trigger {
                kind: "ManualRollback".into(),
                detail: Some("arn:aws:sts::123456789012:assumed-role/oncall/aki".into()),
            }),
            ..execution("b1-4", ExecutionStatus::Succeeded, 90_000, 300)
        },
        PipelineExecution {
            sources: other("77aa01b2c3d4e5f60718293a4b5c6d7e8f901234", "Price in cents"),
            ..execution("c3-3", ExecutionStatus::Failed, 96_000, 1_900)
        },
        PipelineExecution {
            trigger: Some(started),
            stop_reason: Some("wrong branch".into()),
            sources: other("feature-9", ""),
            ..execution("d4-2", ExecutionStatus::Stopped, 200_000, 60)
        },
        execution(EARLIER, ExecutionStatus::Succeeded, 264_000, 2_000),
        execution(
            "e5-0",
            ExecutionStatus::Unknown("Pondering".into()),
            400_000,
            9,
        ),
    ]
}

/// A service that `shop` deploys, with the release that brought what it runs.
fn deployed(model: &mut Model, name: &str, revision: u32, tag: &str, age: i64) {
    let primary = deployment(name, revision, (2, 2, 0), RolloutState::Completed, age);
    let mut known = service("prod-core", name, vec![primary]);
    let done = record(
        "prod-core",
        name,
        (revision - 1, revision),
        ServiceDeploymentStatus::Successful,
        (age, Some(300)),
    );
    known.current_deployment = Some(done.arn.clone());
    let arn = known.arn.clone();
    let services = vec![known];
    let missing = Vec::new();
    fetch(model, Data::Services { services, missing });
    let records = vec![done];
    let service = arn;
    fetch(model, Data::ServiceDeployments { service, records });
    let definition = task_definition(name, revision, &format!("shop:{tag}"));
    fetch(model, Data::TaskDefinition(Box::new(definition)));
}

/// The releases of the evening, and pipelines in every state.
pub fn known() -> Model {
    let mut model = everything();
    deployed(&mut model, "shop-staging", 42, "9be0012", 2_280);
    deployed(&mut model, "shop", 40, "1f3c9aa", 262_300);
    add_pipelines(&mut model);
    answered(&mut model);
    model
}

/// The pipelines alone.
pub fn add_pipelines(model: &mut Model) {
    let all = [
        ("catalog", ExecutionMode::Queued, Some(held())),
        ("checkout", ExecutionMode::Superseded, Some(failed_build())),
        ("mailer", ExecutionMode::Queued, Some(quiet())),
        ("orders", ExecutionMode::Parallel, Some(rolled_back())),
        ("search", ExecutionMode::Superseded, Some(building())),
        ("shop", ExecutionMode::Queued, Some(shop_stages())),
        ("unread", ExecutionMode::Queued, None),
    ];
    let list = all.iter().map(|(name, mode, _)| PipelineSummary {
        name: PipelineName::new(*name),
        version: Some(12),
        mode: Some(mode.clone()),
        created_at: Some(before(9_000_000)),
        updated_at: Some(before(900_000)),
    });
    fetch(model, Data::Pipelines(list.collect()));
    for (name, _, stages) in all {
        let Some(stages) = stages else { continue };
        let pipeline = PipelineName::new(name);
        let state = PipelineState {
            name: pipeline.clone(),
            version: Some(12),
            stages,
        };
        let state = Some(Box::new(state));
        fetch(model, Data::PipelineState { pipeline, state });
    }
    let pipeline = PipelineName::new("shop");
    let structure = Data::PipelineStructure {
        pipeline: pipeline.clone(),
        structure: Some(Box::new(shop_structure())),
    };
    fetch(model, structure);
    let executions = Data::PipelineExecutions {
        pipeline: pipeline.clone(),
        executions: shop_executions(),
        cut: true,
    };
    fetch(model, executions);
    let actions = Data::ActionExecutions {
        pipeline,
        execution: ExecutionId::new(WAITING),
        actions: shop_runs(),
    };
    fetch(model, actions);
}

/// So many pipelines at rest in place of all others.
pub fn add_many(model: &mut Model, count: usize) {
    let names: Vec<PipelineName> = (0..count)
        .map(|number| PipelineName::new(format!("pipeline-{number:03}")))
        .collect();
    let list = names.iter().map(|name| PipelineSummary {
        name: name.clone(),
        version: Some(1),
        mode: Some(ExecutionMode::Queued),
        created_at: None,
        updated_at: None,
    });
    fetch(model, Data::Pipelines(list.collect()));
    for pipeline in names {
        let state = PipelineState {
            name: pipeline.clone(),
            version: Some(1),
            stages: quiet(),
        };
        let state = Some(Box::new(state));
        fetch(model, Data::PipelineState { pipeline, state });
    }
}

/// ECS has rolled the release in staging back, and CodePipeline has not heard of it.
pub fn undo_staging(model: &mut Model) {
    let status = ServiceDeploymentStatus::RollbackSuccessful;
    let times = (2_280, Some(300));
    let undone = record("prod-core", "shop-staging", (41, 42), status, times);
    let service = undone.service.clone();
    let records = vec![undone];
    fetch(model, Data::ServiceDeployments { service, records });
}
