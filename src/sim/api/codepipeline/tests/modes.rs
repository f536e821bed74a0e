//! How executions share a pipeline.

use serde_json::{Value, json};

use super::harness::Ground;

fn waiting_at(ground: &mut Ground, stage: &str) -> Vec<String> {
    let stage = ground.stage(stage);
    let waiting = stage["inboundExecutions"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert_eq!(
        stage["inboundExecution"],
        waiting.first().cloned().unwrap_or(Value::Null)
    );
    let ids = waiting
        .iter()
        .map(|one| one["pipelineExecutionId"].as_str().unwrap().to_owned());
    ids.collect()
}

/// Three executions, of which the first waits for its approval.
fn three(mode: &str) -> (Ground, [String; 3]) {
    let mut ground = Ground::new(mode);
    let ids = [0; 3].map(|_| {
        let id = ground.start();
        ground.pass(300);
        id
    });
    (ground, ids)
}

#[test]
fn queued_executions_wait_in_order() {
    let (mut ground, [first, second, third]) = three("QUEUED");
    assert_eq!(
        ground.stage("Approve")["latestExecution"]["pipelineExecutionId"],
        json!(first)
    );
    assert_eq!(
        waiting_at(&mut ground, "Approve"),
        [second.clone(), third.clone()]
    );
    ground.answer("Approved");
    ground.pass(60);
    assert_eq!(ground.status(&first), "Succeeded");
    assert_eq!(waiting_at(&mut ground, "Approve"), [third]);
    assert_eq!(
        ground.stage("Approve")["latestExecution"]["pipelineExecutionId"],
        json!(second)
    );
}

#[test]
fn a_newer_execution_supersedes_one_that_waits() {
    let (mut ground, [first, second, third]) = three("SUPERSEDED");
    assert_eq!(ground.status(&first), "InProgress");
    assert_eq!(ground.status(&second), "Superseded");
    assert_eq!(waiting_at(&mut ground, "Approve"), [third.as_str()]);
    ground.answer("Rejected");
    assert_eq!(
        ground.stage("Approve")["latestExecution"]["pipelineExecutionId"],
        json!(third)
    );
}

#[test]
fn parallel_executions_go_their_own_ways() {
    let (mut ground, [first, second, third]) = three("PARALLEL");
    let stage = ground.stage("Approve");
    assert_eq!(stage["latestExecution"], json!(null));
    assert_eq!(stage["actionStates"][0]["latestExecution"], json!(null));
    assert_eq!(waiting_at(&mut ground, "Approve"), [""; 0]);
    let input = json!({"pipelineName": "shop", "filter": {"pipelineExecutionId": second}});
    let runs = ground.ok("ListActionExecutions", &input)["actionExecutionDetails"].clone();
    let token = &runs[0]["output"]["executionResult"]["externalExecutionId"];
    let answer = super::harness::approval(token.as_str().unwrap(), "Approved");
    ground.ok("PutApprovalResult", &answer);
    ground.pass(60);
    assert_eq!(ground.status(&second), "Succeeded");
    assert_eq!(ground.status(&first), "InProgress");
    assert_eq!(ground.status(&third), "InProgress");
}

#[test]
fn only_so_many_executions_can_be_under_way() {
    for mode in ["QUEUED", "PARALLEL"] {
        let mut ground = Ground::new(mode);
        for _ in 0..50 {
            ground.start();
        }
        let code = ground.error("StartPipelineExecution", &json!({"name": "shop"}));
        assert_eq!(code, "ConcurrentPipelineExecutionsLimitExceededException");
    }
}

#[test]
fn the_same_request_again_starts_nothing() {
    let mut ground = Ground::new("QUEUED");
    let input = json!({"name": "shop", "clientRequestToken": "abc-1"});
    let first = ground.ok("StartPipelineExecution", &input);
    assert_eq!(ground.ok("StartPipelineExecution", &input), first);
    let bad = json!({"name": "shop", "clientRequestToken": "a_b"});
    assert_eq!(
        ground.error("StartPipelineExecution", &bad),
        "ValidationException"
    );
}

#[test]
fn whoever_starts_an_execution_can_ask_for_a_revision() {
    let mut ground = Ground::new("QUEUED");
    let revision = json!({
        "actionName": "Source", "revisionType": "COMMIT_ID", "revisionValue": "0123456789abcdef",
    });
    let mut input = json!({"name": "shop", "sourceRevisions": [revision]});
    ground.ok("StartPipelineExecution", &input);
    ground.pass(10);
    let source = ground.stage("Source")["actionStates"][0].clone();
    assert_eq!(source["currentRevision"]["revisionId"], "0123456789abcdef");
    input["sourceRevisions"][0]["actionName"] = json!("Other");
    assert_eq!(
        ground.error("StartPipelineExecution", &input),
        "ValidationException"
    );
}

#[test]
fn a_transition_that_is_off_holds_executions_up() {
    let mut ground = Ground::new("QUEUED");
    let mut input = json!({
        "pipelineName": "shop", "stageName": "Approve", "transitionType": "Inbound",
        "reason": "release freeze",
    });
    ground.ok("DisableStageTransition", &input);
    let id = ground.start();
    ground.pass(300);
    assert_eq!(waiting_at(&mut ground, "Approve"), [id]);
    let transition = ground.stage("Approve")["inboundTransitionState"].clone();
    assert_eq!(transition["enabled"], false);
    assert_eq!(transition["disabledReason"], "release freeze");
    assert!(
        transition["lastChangedBy"]
            .as_str()
            .unwrap()
            .starts_with("arn:aws:sts::")
    );
    input["reason"] = json!("what/ever");
    assert_eq!(
        ground.error("DisableStageTransition", &input),
        "ValidationException"
    );
    input.as_object_mut().unwrap().remove("reason");
    ground.ok("EnableStageTransition", &input);
    assert_eq!(waiting_at(&mut ground, "Approve"), [""; 0]);
    assert_eq!(
        ground.stage("Approve")["inboundTransitionState"]["enabled"],
        true
    );
    for (member, value, code) in [
        ("stageName", "None", "StageNotFoundException"),
        ("stageName", "Source", "ValidationException"),
        ("transitionType", "Sideways", "ValidationException"),
        ("pipelineName", "none", "PipelineNotFoundException"),
    ] {
        let mut input = input.clone();
        input[member] = json!(value);
        assert_eq!(
            ground.error("EnableStageTransition", &input),
            code,
            "{input}"
        );
    }
}
