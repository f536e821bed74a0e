//! Executions on their way through a pipeline.

use serde_json::json;

use super::harness::{Ground, declaration};

#[test]
fn an_execution_goes_from_its_source_to_its_deploy() {
    let mut ground = Ground::new("SUPERSEDED");
    let id = ground.start();
    assert_eq!(
        ground.stage("Source")["latestExecution"]["status"],
        "InProgress"
    );
    ground.pass(10);
    let source = ground.action("Source", "Source");
    assert_eq!(source["status"], "Succeeded");
    assert_eq!(
        ground.stage("Build")["latestExecution"]["pipelineExecutionId"],
        json!(id)
    );
    ground.pass(200);
    assert_eq!(ground.action("Build", "Build")["status"], "Succeeded");
    assert_eq!(ground.action("Approve", "Approve")["status"], "InProgress");
    ground.pass(3600);
    assert_eq!(ground.status(&id), "InProgress");
    ground.answer("Approved");
    ground.pass(60);
    assert_eq!(ground.status(&id), "Succeeded");
    let deploy = ground.action("Deploy", "Deploy");
    assert_eq!(deploy["status"], "Succeeded");
    assert!(
        deploy["externalExecutionUrl"]
            .as_str()
            .unwrap()
            .contains("services/web")
    );
}

#[test]
fn a_new_pipeline_runs_at_once() {
    let mut ground = Ground::empty(1);
    let input =
        json!({"pipeline": declaration("QUEUED"), "tags": [{"key": "team", "value": "shop"}]});
    let answer = ground.ok("CreatePipeline", &input);
    assert_eq!(answer["pipeline"]["version"], 1);
    assert_eq!(answer["tags"][0]["value"], "shop");
    assert_eq!(
        ground.stage("Source")["latestExecution"]["status"],
        "InProgress"
    );
    assert_eq!(
        ground.error("CreatePipeline", &input),
        "PipelineNameInUseException"
    );
    let listed = ground.ok("ListPipelines", &json!({}));
    assert_eq!(listed["pipelines"][0]["executionMode"], "QUEUED");
    let got = ground.ok("GetPipeline", &json!({"name": "shop"}));
    assert_eq!(got["pipeline"], answer["pipeline"]);
    assert_eq!(
        got["metadata"]["pipelineArn"],
        "arn:aws:codepipeline:us-east-1:123456789012:shop"
    );
    for (input, code) in [
        (json!({"name": "none"}), "PipelineNotFoundException"),
        (
            json!({"name": "shop", "version": 2}),
            "PipelineVersionNotFoundException",
        ),
        (json!({"name": "shop", "version": 0}), "ValidationException"),
        (json!({"name": "a b"}), "ValidationException"),
        (json!({}), "ValidationException"),
    ] {
        assert_eq!(ground.error("GetPipeline", &input), code, "{input}");
    }
}
