//! CodePipeline: every page once, no list cut in silence, nothing that may not be read asked for
//! again, and no answer that stops the rest.

use cutover::aws::{Aws, Group};
use cutover::domain::failure::{Failure, FailureKind};
use cutover::domain::pipeline::{
    ActionStatus, Category, ExecutionId, ExecutionMode, ExecutionStatus, PipelineName, StageStatus,
};
use serde_json::{Value, json};

use crate::server::{Asked, Endpoint, Reply};

fn shop() -> PipelineName {
    PipelineName::new("shop")
}

fn run(id: &str, execution: &str, started: i64) -> Value {
    json!({
        "pipelineExecutionId": execution,
        "actionExecutionId": id,
        "stageName": "Production",
        "actionName": "Approve",
        "status": "InProgress",
        "startTime": started,
        "input": {
            "actionTypeId": {"category": "Approval", "owner": "AWS", "provider": "Manual", "version": "1"},
            "resolvedConfiguration": {"CustomData": "Ship 9be0012?"},
        },
        "output": {"executionResult": {"externalExecutionId": format!("token-{id}")}},
    })
}

fn codepipeline(asked: &Asked) -> Reply {
    let second = asked.body["nextToken"].is_string();
    Reply::json(&match (asked.operation.as_str(), second) {
        ("ListPipelines", false) => json!({
            "pipelines": [
                {"name": "web", "version": 1},
                {"version": 9},
                {"name": "shop", "version": 3, "executionMode": "PARALLEL", "pipelineType": "V3"},
            ],
            "nextToken": "2",
        }),
        ("ListPipelines", true) => json!({"pipelines": [{"name": "api"}, {"name": "web"}]}),
        ("ListPipelineExecutions", second) => {
            assert_eq!(asked.body["maxResults"], 100);
            let page: i64 = asked.body["nextToken"]
                .as_str()
                .map_or(0, |token| token.parse().unwrap());
            assert_eq!(second, page > 0);
            // The first one of each page is the last one of the page before.
            let summaries: Vec<Value> = (page * 2..page * 2 + 3)
                .map(|n| {
                    json!({
                        "pipelineExecutionId": format!("e{n}"),
                        "status": if n == 0 { "InProgress" } else { "Succeeded" },
                        "startTime": 1_700_000_000 - n,
                    })
                })
                .collect();
            json!({
                "pipelineExecutionSummaries": summaries,
                "nextToken": (page < 9).then(|| (page + 1).to_string()),
            })
        }
        ("ListActionExecutions", second) => {
            assert_eq!(asked.body["pipelineName"], "shop");
            assert_eq!(asked.body["filter"]["pipelineExecutionId"], "e1");
            let runs = if second {
                vec![run("a1", "e1", 100)]
            } else {
                vec![
                    run("a3", "e1", 300),
                    run("b9", "e2", 250),
                    run("a2", "e1", 200),
                ]
            };
            json!({"actionExecutionDetails": runs, "nextToken": (!second).then_some("2")})
        }
        other => panic!("not expected: {other:?}"),
    })
}

#[tokio::test]
async fn the_list_is_read_to_its_end_and_each_pipeline_is_in_it_once() {
    let endpoint = Endpoint::start(codepipeline).await;
    let list = endpoint.connect().await.pipelines().await.unwrap();
    let names: Vec<&str> = list.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["api", "shop", "web"]);
    assert_eq!(list[1].mode, Some(ExecutionMode::Parallel));
    assert_eq!((list[1].version, list[0].version), (Some(3), None));
    let asked = endpoint.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].body["maxResults"], 1_000);
}

#[tokio::test]
async fn a_long_history_is_cut_and_says_so() {
    let endpoint = Endpoint::start(codepipeline).await;
    let aws = endpoint.connect().await;
    let read = aws.pipeline_executions(&shop(), 2).await.unwrap();
    let ids: Vec<&str> = read.items.iter().map(|one| one.id.as_str()).collect();
    assert_eq!((ids, read.cut), (vec!["e0", "e1", "e2", "e3", "e4"], true));
    assert_eq!(read.items[0].status, ExecutionStatus::InProgress);
    assert_eq!(endpoint.asked().len(), 2);
    let whole = aws.pipeline_executions(&shop(), 50).await.unwrap();
    assert_eq!((whole.items.len(), whole.cut), (21, false));
}

#[tokio::test]
async fn the_runs_of_an_execution_come_in_the_order_in_which_they_began() {
    let endpoint = Endpoint::start(codepipeline).await;
    let aws = endpoint.connect().await;
    let id = ExecutionId::new("e1");
    let runs = aws.action_executions(&shop(), &id).await.unwrap();
    let ids: Vec<&str> = runs.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["a1", "a2", "a3"], "none of another execution");
    assert_eq!(runs[0].category, Some(Category::Approval));
    assert_eq!(runs[0].external_id.as_deref(), Some("token-a1"));
    assert_eq!(runs[0].configuration["CustomData"], "Ship 9be0012?");
}

#[tokio::test]
async fn what_is_new_or_missing_in_a_state_stops_nothing() {
    let endpoint = Endpoint::always(|| {
        Reply::json(&json!({"stageStates": [
            {"stageName": "Source", "latestExecution": {"pipelineExecutionId": "e1", "status": "Sleeping"}},
            {"latestExecution": {"pipelineExecutionId": "e1", "status": "InProgress"}},
            {
                "stageName": "Production",
                                "inboundTransitionState": {},
                "actionStates": [
                    {"actionName": "Approve", "latestExecution": {"status": "Pondering", "percentComplete": -3}},
                    {"latestExecution": {"status": "InProgress"}},
                    {"actionName": "Deploy"},
                ],
                "beforeEntryConditionState": {"conditionStates": [{"ruleStates": [{}]}]},
            },
        ]}))
    })
    .await;
    let aws = endpoint.connect().await;
    let state = aws.pipeline_state(&shop()).await.unwrap().unwrap();
    assert_eq!(state.name, shop());
    let names: Vec<&str> = state.stages.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Source", "Production"]);
    let source = state.stages[0].latest.as_ref().unwrap();
    assert_eq!(source.status, StageStatus::Unknown("Sleeping".into()));
    let production = &state.stages[1];
    assert_eq!((&production.latest, production.inbound.len()), (&None, 0));
    assert_eq!(production.actions.len(), 2);
    let run = production.actions[0].latest.as_ref().unwrap();
    assert_eq!(run.status, ActionStatus::Unknown("Pondering".into()));
    assert_eq!(run.percent, Some(0));
    assert_eq!(production.before_entry.as_ref().unwrap().rules, []);
}

#[tokio::test]
async fn a_pipeline_that_was_deleted_is_no_failure() {
    let gone = || Reply::error("PipelineNotFoundException", "no such pipeline");
    let endpoint = Endpoint::always(gone).await;
    let aws = endpoint.connect().await;
    assert_eq!(aws.pipeline_state(&shop()).await, Ok(None));
    assert_eq!(aws.pipeline_structure(&shop()).await, Ok(None));
    let failure = aws.pipeline_executions(&shop(), 1).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::NotFound);
}

#[tokio::test]
async fn what_may_not_be_read_is_not_asked_for_again_soon() {
    let denied = || Reply::error("AccessDeniedException", "not authorized");
    let endpoint = Endpoint::always(denied).await;
    let aws = endpoint.connect().await;
    let first = aws.pipelines().await.unwrap_err();
    assert_eq!(first.kind, FailureKind::AccessDenied);
    assert_eq!(first.call, "codepipeline:ListPipelines");
    assert_eq!(aws.pipelines().await.unwrap_err(), first);
    let web = PipelineName::new("web");
    for name in [shop(), shop(), web] {
        let failure = aws.pipeline_state(&name).await.unwrap_err();
        assert_eq!(failure.call, "codepipeline:GetPipelineState");
    }
    assert_eq!(
        endpoint.operations(),
        ["ListPipelines", "GetPipelineState", "GetPipelineState"],
        "a permission can be about one pipeline"
    );
}

async fn failure_of(aws: &Aws) -> Failure {
    aws.pipelines().await.unwrap_err()
}

#[tokio::test]
async fn a_throttle_slows_pipelines_and_nothing_else() {
    let endpoint = Endpoint::always(|| Reply::error("ThrottlingException", "Rate exceeded")).await;
    let aws = endpoint.connect().await;
    assert_eq!(failure_of(&aws).await.kind, FailureKind::Throttled);
    let slowed = aws.meter().slowed;
    assert_eq!(slowed.len(), 1);
    assert_eq!(slowed[0].group, Group::PipelineReads);
}

#[tokio::test]
async fn an_endpoint_without_codepipeline_says_so() {
    let page = "<!doctype html><title>500 Internal Server Error</title>";
    let endpoint = Endpoint::always(move || Reply::Http(500, "text/html", page.into())).await;
    let failure = failure_of(&endpoint.connect().await).await;
    assert_eq!(failure.kind, FailureKind::Unsupported);
    let unknown = || Reply::error("UnknownOperationException", "");
    let endpoint = Endpoint::always(unknown).await;
    let failure = failure_of(&endpoint.connect().await).await;
    assert_eq!(failure.kind, FailureKind::Unsupported);
    let endpoint = Endpoint::always(|| Reply::json(&json!({"pipelines": "none"}))).await;
    let failure = failure_of(&endpoint.connect().await).await;
    assert_eq!(failure.kind, FailureKind::Garbled);
}

#[tokio::test]
async fn a_page_that_names_itself_ends_as_a_failure() {
    let endpoint = Endpoint::always(|| Reply::json(&json!({"nextToken": "same"}))).await;
    let aws = endpoint.connect().await;
    assert_eq!(failure_of(&aws).await.kind, FailureKind::Garbled);
    let id = ExecutionId::new("e1");
    let failure = aws.action_executions(&shop(), &id).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Garbled);
}
