//! What is told of executions and of runs of actions.

use serde_json::{Value, json};

use super::harness::{Ground, START};
use crate::sim::world::codepipeline::revision::Revision;

const COMMIT: &str = "9be0012f1d6a4c0f8f6f5a3b2c1d0e9f8a7b6c5d";

fn pushed(ground: &mut Ground) -> String {
    let revision = Revision {
        id: COMMIT.to_owned(),
        message: "Retry idempotent captures".to_owned(),
        url: None,
        author: Some("Kim".to_owned()),
        email: Some("kim@example.com".to_owned()),
        created_at: START,
        images: vec![("app".to_owned(), "shop:9be0012".to_owned())],
    };
    let key = ground
        .region()
        .push_revision("shop", None, revision)
        .unwrap();
    ground
        .region()
        .codepipeline
        .execution(key)
        .unwrap()
        .id
        .clone()
}

fn actions(ground: &mut Ground, filter: &Value) -> Vec<Value> {
    let input = json!({"pipelineName": "shop", "filter": filter});
    let answer = ground.ok("ListActionExecutions", &input);
    answer["actionExecutionDetails"].as_array().unwrap().clone()
}

#[test]
fn a_pushed_commit_is_told_with_its_words() {
    let mut ground = Ground::new("SUPERSEDED");
    let id = pushed(&mut ground);
    ground.pass(300);
    let listed = ground.ok("ListPipelineExecutions", &json!({"pipelineName": "shop"}));
    let summary = &listed["pipelineExecutionSummaries"][0];
    assert_eq!(summary["pipelineExecutionId"], json!(id));
    assert_eq!(summary["trigger"]["triggerType"], "WebhookV2");
    assert_eq!(summary["executionType"], "STANDARD");
    let revision = &summary["sourceRevisions"][0];
    assert_eq!(revision["revisionId"], COMMIT);
    let words: Value = serde_json::from_str(revision["revisionSummary"].as_str().unwrap()).unwrap();
    assert_eq!(words["CommitMessage"], "Retry idempotent captures");
    assert!(revision["revisionUrl"].as_str().unwrap().ends_with(COMMIT));
    let input = json!({"pipelineName": "shop", "pipelineExecutionId": id});
    let got = ground.ok("GetPipelineExecution", &input)["pipelineExecution"].clone();
    assert_eq!(got["status"], "InProgress");
    assert_eq!(got["artifactRevisions"][0]["name"], "SourceOutput");
    assert_eq!(got["artifactRevisions"][0]["revisionId"], COMMIT);
}

#[test]
fn runs_of_actions_are_told_with_what_went_in_and_out() {
    let mut ground = Ground::new("SUPERSEDED");
    pushed(&mut ground);
    ground.pass(300);
    let runs = actions(&mut ground, &json!(null));
    let names: Vec<&str> = runs
        .iter()
        .map(|one| one["actionName"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Approve", "Build", "Source"]);
    let [approve, build, source] = runs.as_slice() else {
        panic!("{runs:?}");
    };
    assert_eq!(
        approve["input"]["resolvedConfiguration"]["CustomData"],
        json!(format!("Deploy {COMMIT}?"))
    );
    assert_eq!(
        approve["input"]["configuration"]["CustomData"],
        "Deploy #{SourceVariables.CommitId}?"
    );
    let token = ground.token();
    assert_eq!(
        approve["output"]["executionResult"]["externalExecutionId"],
        json!(token)
    );
    assert_eq!(
        source["output"]["outputVariables"]["AuthorDisplayName"],
        "Kim"
    );
    assert_eq!(source["output"]["outputVariables"]["BranchName"], "main");
    assert_eq!(
        build["input"]["inputArtifacts"][0]["s3location"],
        source["output"]["outputArtifacts"][0]["s3location"]
    );
}

#[test]
fn a_build_writes_a_log_and_tells_how_far_it_is() {
    let mut ground = Ground::new("SUPERSEDED");
    pushed(&mut ground);
    ground.pass(60);
    let run = ground.action("Build", "Build");
    let id = run["externalExecutionId"].as_str().unwrap().to_owned();
    assert!(id.starts_with("shop:"), "{id}");
    let percent = run["percentComplete"].as_u64().unwrap();
    assert!((10..90).contains(&percent), "{percent}");
    let stream = id.strip_prefix("shop:").unwrap();
    assert!(
        run["logStreamARN"]
            .as_str()
            .unwrap()
            .ends_with(&format!("/aws/codebuild/shop:log-stream:{stream}"))
    );
    let group = ground.region().logs.group("/aws/codebuild/shop").unwrap();
    assert!(group.stream(stream).is_some());
    let build = ground.region().codebuild.build(&id).unwrap().clone();
    assert_eq!(build.made.initiator, "codepipeline/shop");
    assert_eq!(build.made.resolved_source_version.as_deref(), Some(COMMIT));
    assert_eq!(build.made.images, ["shop:9be0012"]);
}

#[test]
fn a_failed_build_fails_the_execution_with_its_cause() {
    let mut ground = Ground::new("SUPERSEDED");
    ground
        .region()
        .codebuild
        .fail_next("shop", "2 of 148 tests failed");
    let id = ground.start();
    ground.pass(300);
    assert_eq!(ground.status(&id), "Failed");
    let error = ground.action("Build", "Build")["errorDetails"].clone();
    assert_eq!(error["code"], "JobFailed");
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .starts_with("Build terminated with state: FAILED")
    );
    assert_eq!(ground.stage("Build")["latestExecution"]["status"], "Failed");
    assert_eq!(ground.stage("Approve")["latestExecution"], json!(null));
}

#[test]
fn lists_have_pages_and_filters() {
    let mut ground = Ground::new("SUPERSEDED");
    let first = pushed(&mut ground);
    ground.pass(300);
    let second = pushed(&mut ground);
    ground.pass(300);
    let ask = |ground: &mut Ground, more: &Value| {
        let mut input = json!({"pipelineName": "shop", "maxResults": 1});
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        ground.ok("ListPipelineExecutions", &input)
    };
    let page = ask(&mut ground, &json!({}));
    assert_eq!(
        page["pipelineExecutionSummaries"][0]["pipelineExecutionId"],
        json!(second)
    );
    let next = ask(&mut ground, &json!({"nextToken": page["nextToken"]}));
    assert_eq!(
        next["pipelineExecutionSummaries"][0]["pipelineExecutionId"],
        json!(first)
    );
    assert_eq!(next["nextToken"], json!(null));
    for (stage, count) in [("Build", 2), ("Approve", 0), ("None", 0)] {
        let filter = json!({"filter": {"succeededInStage": {"stageName": stage}}, "maxResults": 9});
        let found = ask(&mut ground, &filter);
        assert_eq!(
            found["pipelineExecutionSummaries"]
                .as_array()
                .unwrap()
                .len(),
            count,
            "{stage}"
        );
    }
    assert_eq!(
        actions(&mut ground, &json!({"pipelineExecutionId": second})).len(),
        2
    );
    assert_eq!(actions(&mut ground, &json!(null)).len(), 5);
    let unknown = "00000000-0000-4000-8000-000000000000";
    for (call, input, code) in [
        (
            "ListPipelineExecutions",
            json!({"pipelineName": "shop", "nextToken": "zz"}),
            "InvalidNextTokenException",
        ),
        (
            "ListPipelineExecutions",
            json!({"pipelineName": "shop", "maxResults": 101}),
            "ValidationException",
        ),
        (
            "ListPipelineExecutions",
            json!({"pipelineName": "none"}),
            "PipelineNotFoundException",
        ),
        (
            "ListActionExecutions",
            json!({"pipelineName": "shop", "filter": {"pipelineExecutionId": unknown}}),
            "PipelineExecutionNotFoundException",
        ),
        (
            "ListActionExecutions",
            json!({"pipelineName": "shop", "filter": {"pipelineExecutionId": "x"}}),
            "ValidationException",
        ),
        (
            "GetPipelineExecution",
            json!({"pipelineName": "shop", "pipelineExecutionId": unknown}),
            "PipelineExecutionNotFoundException",
        ),
        (
            "ListPipelines",
            json!({"maxResults": 1001}),
            "ValidationException",
        ),
    ] {
        assert_eq!(ground.error(call, &input), code, "{call} {input}");
    }
}
