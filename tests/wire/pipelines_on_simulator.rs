//! The program's client against the pipelines of the simulated AWS: what waits, what drives which
//! release, and where CodePipeline and ECS tell different stories.

use std::time::Duration;

use cutover::app::model::{Model, Preferences};
use cutover::app::pipeline_links::{
    deploys_of, disagreement, driven_by, driver_of, service_of, upcoming_deploys,
};
use cutover::app::store::Store;
use cutover::aws::Aws;
use cutover::config::settings::ProductionRules;
use cutover::domain::context::Scoped;
use cutover::domain::pipeline::link::Held;
use cutover::domain::pipeline::{
    ActionStatus, ExecutionMode, ExecutionStatus, PipelineName, StageStatus,
};
use cutover::domain::release::{Mechanism, Release, ReleaseStatus};
use cutover::runtime::clock::Clock;
use cutover::runtime::headless::read_board;
use cutover::sim::server::SimServer;
use jiff::Timestamp;
use serde_json::json;

use crate::cockpit_on_simulator::{advance, scenario};
use crate::raw::{send, signature, steer};

/// Everything that the board of a simulator tells.
async fn board(server: &SimServer, aws: &Aws) -> Model {
    let reading = steer(server, "GET", "/_sim/clock", "").await;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the clock stands at whole seconds"
    )]
    let second = reading["now"].as_f64().unwrap() as i64;
    let now = Timestamp::from_second(second).unwrap();
    let clock = Clock::system();
    clock.set(move || now);
    let preferences = Preferences {
        refresh: Duration::from_secs(2),
        live_logs: true,
        read_only: true,
        production: ProductionRules::default(),
        cluster: None,
        service: None,
        zone: jiff::tz::TimeZone::UTC,
    };
    let model = read_board(aws.clone(), preferences, clock).await;
    let failed: Vec<_> = store(&model)
        .queries
        .iter()
        .filter_map(|(query, state)| state.failure().map(|failure| (query, failure)))
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
    model
}

fn store(model: &Model) -> &Store {
    &model.contexts[0]
}

fn named(name: &str) -> PipelineName {
    PipelineName::new(name)
}

/// The newest release of the service with this name in a cluster.
fn newest<'a>(
    model: &'a Model,
    cluster: &str,
    name: &str,
) -> (Scoped<cutover::domain::arn::ServiceArn>, &'a Release) {
    let store = store(model);
    let mut all = store.cluster_of.iter();
    let (service, _) = all
        .find(|(arn, of)| of.name() == cluster && arn.name() == name)
        .unwrap();
    let release = store.newest_release(service).unwrap();
    (Scoped::new(store.context.id, service.clone()), release)
}

/// Answers an approval as another client would.
async fn answer(server: &SimServer, pipeline: &str, model: &Model, status: &str) {
    let approval = store(model).approvals_of(&named(pipeline)).remove(0);
    let body = json!({
        "pipelineName": pipeline,
        "stageName": approval.id.stage,
        "actionName": approval.id.action,
        "token": approval.token,
        "result": {"status": status, "summary": "checked"},
    });
    let signed = signature("codepipeline", server.region());
    let headers = [
        ("x-amz-target", "CodePipeline_20150709.PutApprovalResult"),
        ("authorization", signed.as_str()),
    ];
    let answer = send(server, "POST", "/", &headers, &body.to_string()).await;
    assert_eq!(answer.unwrap().status, 200);
}

#[tokio::test]
async fn a_pipeline_is_read_as_it_stands() {
    let (server, aws) = scenario("pipeline").await;
    let list = aws.pipelines().await.unwrap();
    assert_eq!(list.len(), 1);
    let name = &list[0].name;
    let structure = aws.pipeline_structure(name).await.unwrap().unwrap();
    let state = aws.pipeline_state(name).await.unwrap().unwrap();
    let declared: Vec<&str> = structure
        .stages
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    let stages: Vec<&str> = state.stages.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(declared, stages);
    assert_eq!(structure.version, state.version);
    assert_eq!(list[0].version, state.version);
    let production = state.stages.last().unwrap();
    let waits = production.latest.as_ref().unwrap();
    assert_eq!(waits.status, StageStatus::InProgress);
    assert_eq!(production.inbound.len(), 1, "the next one stands behind it");
    let history = aws.pipeline_executions(name, 5).await.unwrap();
    assert!(!history.cut);
    let current = history.items.iter().find(|one| one.id == waits.id).unwrap();
    assert_eq!(current.status, ExecutionStatus::InProgress);
    let message = current.sources[0].summary.as_deref().unwrap();
    assert!(message.contains("Retry idempotent captures"), "{message}");
    let runs = aws.action_executions(name, &waits.id).await.unwrap();
    assert!(runs.is_sorted_by_key(|run| run.started_at));
    let build = runs
        .iter()
        .find(|run| run.provider.as_deref() == Some("CodeBuild"));
    assert!(build.unwrap().log_stream.is_some());
    let calls = steer(&server, "GET", "/_sim/calls", "").await;
    assert_eq!(calls["errors"], json!({}));
    server.shutdown().await;
}

#[tokio::test]
async fn an_execution_leads_to_its_release_and_back() {
    let (server, aws) = scenario("pipeline").await;
    let model = board(&server, &aws).await;
    let waiting = store(&model).approvals();
    assert_eq!(waiting.len(), 1);
    assert!(waiting[0].expires_at.is_some());
    let (web, before) = newest(&model, "prod", "shop");
    let held: Vec<Option<Held>> = upcoming_deploys(&model, &web)
        .into_iter()
        .map(|one| one.id.held)
        .collect();
    let action = waiting[0].id.action.clone();
    assert_eq!(held, [Some(Held::Approval(action)), Some(Held::Queue)]);
    let before = before.id.clone();
    answer(&server, "shop", &model, "Approved").await;
    advance(&server, 20).await;
    let model = board(&server, &aws).await;
    let (web, release) = newest(&model, "prod", "shop");
    assert_ne!(release.id, before, "the pipeline has begun to deploy");
    let run = driver_of(&model, &web, release).unwrap();
    assert_eq!(run.id.execution, waiting[0].id.execution);
    assert_eq!(run.id.status, ActionStatus::InProgress);
    let pipeline = Scoped::new(run.context, named("shop"));
    let (stage, action) = (&run.id.deploy.stage, &run.id.deploy.action);
    let back = driven_by(&model, &pipeline, stage, action, &run.id.execution).unwrap();
    assert_eq!((&back.1, &back.2.unwrap().id), (&web, &release.id));
    assert_eq!(disagreement(&model, &web, release), None);
    server.shutdown().await;
}

#[tokio::test]
async fn the_deployment_of_codedeploy_is_told_by_its_id() {
    let (server, aws) = scenario("pipeline-codedeploy").await;
    let model = board(&server, &aws).await;
    let (payments, release) = newest(&model, "prod", "payments");
    assert_eq!(release.mechanism, Mechanism::CodeDeploy);
    let run = driver_of(&model, &payments, release).unwrap();
    let deployment = release.codedeploy.as_ref().unwrap();
    let id = run.id.external_id.as_deref();
    assert_eq!(id, Some(deployment.deployment.as_str()));
    let pipeline = Scoped::new(run.context, named("payments"));
    let deploy = &run.id.deploy;
    let service = service_of(&model, &pipeline, &deploy.stage, &deploy.action);
    assert_eq!(service, Some(payments));
    server.shutdown().await;
}

#[tokio::test]
async fn an_action_that_says_in_progress_after_a_rollback_is_told() {
    let (server, aws) = scenario("pipeline-failed").await;
    let model = board(&server, &aws).await;
    let (checkout, release) = newest(&model, "prod", "checkout");
    assert_eq!(release.status, ReleaseStatus::RolledBack);
    let said = disagreement(&model, &checkout, release).unwrap();
    let head = "CodePipeline says In Progress, ECS rolled back ";
    assert!(
        said.starts_with(head) && said.ends_with(" min ago"),
        "{said}"
    );
    let (catalog, release) = newest(&model, "prod", "catalog");
    assert_eq!(disagreement(&model, &catalog, release), None);
    let state = store(&model).pipeline_state(&named("catalog")).unwrap();
    let failed = state.stages.iter().flat_map(|stage| &stage.actions);
    let failed = failed.filter_map(|action| action.latest.as_ref()?.error.as_ref());
    assert_eq!(failed.count(), 1, "the build says why");
    server.shutdown().await;
}

#[tokio::test]
async fn in_parallel_two_executions_wait_each_with_a_token_of_its_own() {
    let (server, aws) = scenario("pipeline-parallel").await;
    let model = board(&server, &aws).await;
    let search = named("search");
    let mode = store(&model).pipeline_mode(&search);
    assert_eq!(mode, Some(&ExecutionMode::Parallel));
    let waiting = store(&model).approvals_of(&search);
    assert_eq!(waiting.len(), 2);
    assert_ne!(waiting[0].token, waiting[1].token);
    let (service, _) = newest(&model, "prod", "search");
    assert_eq!(deploys_of(&model, &service).len(), 1);
    assert_eq!(
        upcoming_deploys(&model, &service).len(),
        3,
        "one still builds"
    );
    answer(&server, "search", &model, "Rejected").await;
    let model = board(&server, &aws).await;
    let left = store(&model).approvals_of(&search);
    assert_eq!(left.len(), 1);
    assert!(waiting.iter().any(|one| one.id == left[0].id));
    server.shutdown().await;
}
