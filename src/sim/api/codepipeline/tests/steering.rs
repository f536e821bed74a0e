//! Stopping, trying again, rolling back.

use serde_json::{Value, json};

use super::harness::{Ground, declaration};
use crate::sim::world::codepipeline::ActionFault;
use crate::sim::world::engine::pipelines::deploy::DeployProgress;

fn waiting() -> (Ground, String) {
    let mut ground = Ground::new("QUEUED");
    let id = ground.start();
    ground.pass(300);
    (ground, id)
}

fn stop(id: &str, abandon: bool) -> Value {
    json!({
        "pipelineName": "shop", "pipelineExecutionId": id, "abandon": abandon, "reason": "wrong one",
    })
}

fn retry(id: &str, stage: &str, mode: &str) -> Value {
    json!({
        "pipelineName": "shop", "stageName": stage, "pipelineExecutionId": id, "retryMode": mode,
    })
}

fn rollback(id: &str, stage: &str) -> Value {
    json!({"pipelineName": "shop", "stageName": stage, "targetPipelineExecutionId": id})
}

/// Lets the next runs of the deploy fail.
fn break_deploy(ground: &mut Ground, times: u32) {
    let fault = ActionFault {
        code: "JobFailed".to_owned(),
        message: "The deployment failed".to_owned(),
        times,
    };
    let key = ("shop".to_owned(), "Deploy".to_owned());
    ground.region().codepipeline.faults.insert(key, fault);
}

#[test]
fn a_stop_waits_for_what_is_under_way() {
    let (mut ground, id) = waiting();
    ground.ok("StopPipelineExecution", &stop(&id, false));
    assert_eq!(ground.status(&id), "Stopping");
    assert_eq!(
        ground.stage("Approve")["latestExecution"]["status"],
        "Stopping"
    );
    let again = ground.error("StopPipelineExecution", &stop(&id, false));
    assert_eq!(again, "DuplicatedStopRequestException");
    ground.answer("Approved");
    assert_eq!(ground.status(&id), "Stopped");
    assert_eq!(
        ground.stage("Approve")["latestExecution"]["status"],
        "Succeeded"
    );
    assert_eq!(ground.stage("Deploy")["latestExecution"], json!(null));
    let code = ground.error("StopPipelineExecution", &stop(&id, true));
    assert_eq!(code, "PipelineExecutionNotStoppableException");
    let listed = ground.ok("ListPipelineExecutions", &json!({"pipelineName": "shop"}));
    assert_eq!(
        listed["pipelineExecutionSummaries"][0]["stopTrigger"]["reason"],
        "wrong one"
    );
}

#[test]
fn an_abandoned_execution_can_be_tried_again() {
    let (mut ground, id) = waiting();
    ground.ok("StopPipelineExecution", &stop(&id, false));
    ground.ok("StopPipelineExecution", &stop(&id, true));
    assert_eq!(ground.status(&id), "Stopped");
    assert_eq!(ground.action("Approve", "Approve")["status"], "Abandoned");
    ground.ok(
        "RetryStageExecution",
        &retry(&id, "Approve", "FAILED_ACTIONS"),
    );
    assert_eq!(ground.status(&id), "InProgress");
    ground.answer("Approved");
    ground.pass(60);
    assert_eq!(ground.status(&id), "Succeeded");
}

#[test]
fn one_that_waits_is_stopped_at_once() {
    let (mut ground, _) = waiting();
    let second = ground.start();
    ground.pass(300);
    ground.ok("StopPipelineExecution", &stop(&second, false));
    assert_eq!(ground.status(&second), "Stopped");
    assert_eq!(ground.stage("Approve")["inboundExecution"], json!(null));
}

#[test]
fn a_failed_stage_is_tried_again() {
    let (mut ground, id) = waiting();
    break_deploy(&mut ground, 2);
    ground.answer("Approved");
    ground.pass(60);
    assert_eq!(ground.status(&id), "Failed");
    for mode in ["FAILED_ACTIONS", "ALL_ACTIONS"] {
        let answer = ground.ok("RetryStageExecution", &retry(&id, "Deploy", mode));
        assert_eq!(answer["pipelineExecutionId"], json!(id));
        let again = ground.error("RetryStageExecution", &retry(&id, "Deploy", mode));
        assert_eq!(again, "StageNotRetryableException");
        ground.pass(60);
    }
    assert_eq!(ground.status(&id), "Succeeded");
    let metadata = ground.stage("Deploy")["retryStageMetadata"].clone();
    assert_eq!(
        metadata,
        json!({"latestRetryTrigger": "ManualStageRetry", "manualStageRetryAttempt": 2})
    );
    for range in [("Latest", 4), ("All", 6)] {
        let filter = json!({"latestInPipelineExecution":
            {"pipelineExecutionId": id, "startTimeRange": range.0}});
        let input = json!({"pipelineName": "shop", "filter": filter});
        let runs = ground.ok("ListActionExecutions", &input)["actionExecutionDetails"].clone();
        assert_eq!(runs.as_array().unwrap().len(), range.1);
    }
}

#[test]
fn only_the_latest_execution_of_a_stage_is_tried_again() {
    let (mut ground, first) = waiting();
    ground.start();
    ground.pass(300);
    ground.answer("Rejected");
    let code = ground.error(
        "RetryStageExecution",
        &retry(&first, "Approve", "ALL_ACTIONS"),
    );
    assert_eq!(code, "NotLatestPipelineExecutionException");
    let code = ground.error("RetryStageExecution", &retry(&first, "None", "ALL_ACTIONS"));
    assert_eq!(code, "StageNotFoundException");
    let code = ground.error("RetryStageExecution", &retry(&first, "Approve", "SOME"));
    assert_eq!(code, "ValidationException");
}

#[test]
fn a_stage_goes_back_to_an_execution_that_succeeded_in_it() {
    let (mut ground, first) = waiting();
    ground.answer("Approved");
    ground.pass(60);
    let revision = json!([{
        "actionName": "Source", "revisionType": "COMMIT_ID", "revisionValue": "feedfacefeedface",
    }]);
    let input = json!({"name": "shop", "sourceRevisions": revision});
    let answer = ground.ok("StartPipelineExecution", &input);
    let second = answer["pipelineExecutionId"].as_str().unwrap().to_owned();
    ground.pass(300);
    let code = ground.error("RollbackStage", &rollback(&second, "Deploy"));
    assert_eq!(code, "UnableToRollbackStageException");
    ground.answer("Approved");
    let code = ground.error("RollbackStage", &rollback(&first, "Deploy"));
    assert_eq!(code, "UnableToRollbackStageException");
    ground.pass(60);
    let answer = ground.ok("RollbackStage", &rollback(&first, "Deploy"));
    let id = answer["pipelineExecutionId"].as_str().unwrap().to_owned();
    ground.pass(60);
    assert_eq!(ground.status(&id), "Succeeded");
    let latest = ground.stage("Deploy")["latestExecution"].clone();
    assert_eq!(latest["type"], "ROLLBACK");
    assert_eq!(latest["pipelineExecutionId"], json!(id));
    let input = json!({"pipelineName": "shop", "pipelineExecutionId": id});
    let got = ground.ok("GetPipelineExecution", &input)["pipelineExecution"].clone();
    assert_eq!(
        got["rollbackMetadata"]["rollbackTargetPipelineExecutionId"],
        json!(first)
    );
    assert_eq!(got["trigger"]["triggerType"], "ManualRollback");
    assert_ne!(
        got["artifactRevisions"][0]["revisionId"],
        "feedfacefeedface"
    );
    for (target, stage, code) in [
        (id.as_str(), "Deploy", "UnableToRollbackStageException"),
        (first.as_str(), "Source", "UnableToRollbackStageException"),
        (first.as_str(), "None", "StageNotFoundException"),
        (
            "00000000-0000-4000-8000-000000000000",
            "Deploy",
            "PipelineExecutionNotFoundException",
        ),
    ] {
        assert_eq!(
            ground.error("RollbackStage", &rollback(target, stage)),
            code
        );
    }
}

/// A pipeline whose deploy has this `onFailure`, after one execution that succeeded and one whose
/// deploy fails `times` times.
fn failing(on_failure: &Value, times: u32) -> (Ground, [String; 2]) {
    let mut declared = declaration("QUEUED");
    declared["stages"][3]["onFailure"] = on_failure.clone();
    let mut ground = Ground::with(&declared);
    let ids = [0, times].map(|times| {
        let id = ground.start();
        ground.pass(300);
        break_deploy(&mut ground, times);
        ground.answer("Approved");
        ground.pass(60);
        id
    });
    (ground, ids)
}

#[test]
fn a_failed_stage_rolls_back_by_itself() {
    let (mut ground, [first, second]) = failing(&json!({"result": "ROLLBACK"}), 1);
    assert_eq!(ground.status(&second), "Failed");
    let listed = ground.ok("ListPipelineExecutions", &json!({"pipelineName": "shop"}));
    let newest = &listed["pipelineExecutionSummaries"][0];
    assert_eq!(newest["executionType"], "ROLLBACK");
    assert_eq!(newest["status"], "Succeeded");
    assert_eq!(newest["trigger"]["triggerType"], "AutomatedRollback");
    assert!(
        newest["trigger"]["triggerDetail"]
            .as_str()
            .unwrap()
            .contains(&second)
    );
    assert_eq!(
        newest["rollbackMetadata"]["rollbackTargetPipelineExecutionId"],
        json!(first)
    );
}

#[test]
fn a_rollback_that_fails_starts_no_other() {
    let (mut ground, _) = failing(&json!({"result": "ROLLBACK"}), 2);
    let listed = ground.ok("ListPipelineExecutions", &json!({"pipelineName": "shop"}));
    let all = listed["pipelineExecutionSummaries"].as_array().unwrap();
    let statuses: Vec<&str> = all
        .iter()
        .map(|one| one["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["Failed", "Failed", "Succeeded"]);
}

#[test]
fn a_failed_stage_is_tried_again_by_itself_once() {
    let on_failure =
        json!({"result": "RETRY", "retryConfiguration": {"retryMode": "FAILED_ACTIONS"}});
    let (mut ground, [_, id]) = failing(&on_failure, 1);
    assert_eq!(ground.status(&id), "Succeeded");
    let metadata = ground.stage("Deploy")["retryStageMetadata"].clone();
    assert_eq!(metadata["autoStageRetryAttempt"], 1);
    let (mut ground, [_, id]) = failing(&on_failure, 2);
    assert_eq!(ground.status(&id), "Failed");
}

#[test]
fn a_failed_stage_is_passed_by() {
    let (mut ground, [_, id]) = failing(&json!({"result": "SKIP"}), 1);
    assert_eq!(ground.status(&id), "Succeeded");
    assert_eq!(
        ground.stage("Deploy")["latestExecution"]["status"],
        "Skipped"
    );
}

#[test]
fn actions_of_the_same_order_run_at_the_same_time() {
    let mut declared = declaration("QUEUED");
    let mut deploy = declared["stages"][3]["actions"][0].clone();
    deploy["name"] = json!("DeployToo");
    let mut last = deploy.clone();
    last["name"] = json!("DeployLast");
    last["runOrder"] = json!(2);
    let actions = declared["stages"][3]["actions"].as_array_mut().unwrap();
    actions.extend([last, deploy]);
    let mut ground = Ground::with(&declared);
    ground.deploys = DeployProgress::InProgress { summary: None };
    let id = ground.start();
    ground.pass(300);
    ground.answer("Approved");
    ground.pass(30);
    assert_eq!(ground.action("Deploy", "Deploy")["status"], "InProgress");
    assert_eq!(ground.action("Deploy", "DeployToo")["status"], "InProgress");
    assert_eq!(ground.action("Deploy", "DeployLast"), json!(null));
    let run = ground.run("Deploy");
    let failed = DeployProgress::Failed {
        code: "JobFailed".to_owned(),
        message: "no".to_owned(),
    };
    ground.region().deploy_progressed(run, failed);
    // The other one still runs: the stage has not failed yet.
    assert_eq!(ground.status(&id), "InProgress");
    ground.deploys = DeployProgress::Succeeded { summary: None };
    ground.pass(30);
    assert_eq!(ground.status(&id), "Failed");
    ground.ok(
        "RetryStageExecution",
        &retry(&id, "Deploy", "FAILED_ACTIONS"),
    );
    ground.pass(60);
    assert_eq!(ground.status(&id), "Succeeded");
    assert_eq!(ground.action("Deploy", "DeployLast")["status"], "Succeeded");
}
