//! Manual approvals.

use serde_json::json;

use super::harness::{Ground, approval};

fn waiting() -> (Ground, String) {
    let mut ground = Ground::new("SUPERSEDED");
    let id = ground.start();
    ground.pass(300);
    (ground, id)
}

#[test]
fn a_rejection_fails_the_execution() {
    let (mut ground, id) = waiting();
    ground.answer("Rejected");
    assert_eq!(ground.status(&id), "Failed");
    let run = ground.action("Approve", "Approve");
    assert_eq!(run["status"], "Failed");
    assert_eq!(run["summary"], "looks good");
    assert_eq!(
        run["lastUpdatedBy"],
        "arn:aws:sts::123456789012:assumed-role/oncall/oncall"
    );
    assert_eq!(run["token"], json!(null));
    assert!(
        run["errorDetails"]["message"]
            .as_str()
            .unwrap()
            .contains("Rejected")
    );
}

#[test]
fn a_request_is_answered_once_and_with_its_own_token() {
    let (mut ground, id) = waiting();
    let token = ground.token();
    let other = "00000000-0000-4000-8000-000000000000";
    let call = "PutApprovalResult";
    assert_eq!(
        ground.error(call, &approval(other, "Approved")),
        "InvalidApprovalTokenException"
    );
    ground.ok(call, &approval(&token, "Approved"));
    let again = approval(&token, "Rejected");
    assert_eq!(
        ground.error(call, &again),
        "ApprovalAlreadyCompletedException"
    );
    ground.pass(60);
    assert_eq!(ground.status(&id), "Succeeded");
    ground.start();
    ground.pass(300);
    assert_ne!(ground.token(), token);
    assert_eq!(
        ground.error(call, &again),
        "ApprovalAlreadyCompletedException"
    );
}

#[test]
fn an_answer_names_what_it_answers() {
    let (mut ground, _) = waiting();
    let token = ground.token();
    for (member, value, code) in [
        ("pipelineName", json!("none"), "PipelineNotFoundException"),
        ("stageName", json!("None"), "StageNotFoundException"),
        ("actionName", json!("None"), "ActionNotFoundException"),
        ("token", json!("not-a-token"), "ValidationException"),
        ("token", json!(null), "ValidationException"),
        (
            "result",
            json!({"summary": "", "status": "Perhaps"}),
            "ValidationException",
        ),
        (
            "result",
            json!({"summary": "x".repeat(513), "status": "Approved"}),
            "ValidationException",
        ),
        (
            "result",
            json!({"status": "Approved"}),
            "ValidationException",
        ),
    ] {
        let mut input = approval(&token, "Approved");
        input[member] = value;
        assert_eq!(ground.error("PutApprovalResult", &input), code, "{input}");
    }
    assert_eq!(ground.token(), token);
}

#[test]
fn nobody_answers_for_a_week() {
    let (mut ground, id) = waiting();
    let week = ground.region().ecs.now.plus_seconds(7.0 * 86_400.0 - 400.0);
    ground.advance(week);
    assert_eq!(ground.status(&id), "InProgress");
    ground.pass(800);
    assert_eq!(ground.status(&id), "Failed");
    assert_eq!(
        ground.action("Approve", "Approve")["errorDetails"]["code"],
        "JobTimedOut"
    );
}
