//! Changing pipelines: each call is sent once, and with just what was confirmed.

use cutover::domain::call::{Call, ConditionKind, PipelineCall};
use cutover::domain::failure::FailureKind;
use cutover::domain::pipeline::{ExecutionId, PipelineName};
use serde_json::{Value, json};

use crate::changes::confirmed;
use crate::server::{Endpoint, Reply};

fn shop() -> PipelineName {
    PipelineName::new("shop")
}

fn stage() -> String {
    "Prod".into()
}

fn execution() -> ExecutionId {
    ExecutionId::new("e-1")
}

fn answer(approve: bool) -> PipelineCall {
    PipelineCall::PutApprovalResult {
        pipeline: shop(),
        stage: stage(),
        action: "Approve".into(),
        token: "t-1".into(),
        approve,
        summary: "seen".into(),
    }
}

/// Sends a call and returns what was asked of AWS, with the detail of what came back.
async fn sent(call: PipelineCall) -> (String, Value, Option<String>) {
    let endpoint = Endpoint::always(|| Reply::json(&json!({"pipelineExecutionId": "e-2"}))).await;
    let aws = endpoint.connect().await;
    let sent = aws.send(&confirmed(Call::Pipeline(call))).await.unwrap();
    assert_eq!(sent.request_id.as_deref(), Some("req-1"));
    let asked = endpoint.asked();
    assert_eq!(asked.len(), 1);
    (
        asked[0].operation.clone(),
        asked[0].body.clone(),
        sent.detail,
    )
}

#[tokio::test]
async fn an_answer_names_its_request_and_says_why() {
    for (approve, word) in [(true, "Approved"), (false, "Rejected")] {
        let (operation, body, detail) = sent(answer(approve)).await;
        assert_eq!(operation, "PutApprovalResult");
        assert_eq!(
            body,
            json!({
                "pipelineName": "shop",
                "stageName": "Prod",
                "actionName": "Approve",
                "token": "t-1",
                "result": {"status": word, "summary": "seen"},
            })
        );
        assert_eq!(detail, None);
    }
}

#[tokio::test]
async fn executions_are_started_and_stopped() {
    let start = PipelineCall::StartPipelineExecution { pipeline: shop() };
    let (operation, body, detail) = sent(start).await;
    assert_eq!(operation, "StartPipelineExecution");
    assert_eq!(body["name"], "shop");
    assert_eq!(detail.as_deref(), Some("e-2"));
    for (abandon, reason) in [(false, ""), (true, "wrong commit")] {
        let (_, body, _) = sent(PipelineCall::StopPipelineExecution {
            pipeline: shop(),
            execution: execution(),
            abandon,
            reason: reason.into(),
        })
        .await;
        let mut wanted = json!({
            "pipelineName": "shop", "pipelineExecutionId": "e-1", "abandon": abandon,
        });
        if !reason.is_empty() {
            wanted["reason"] = json!(reason);
        }
        assert_eq!(body, wanted);
    }
}

#[tokio::test]
async fn stages_are_retried_rolled_back_switched_and_passed() {
    for (all, mode) in [(false, "FAILED_ACTIONS"), (true, "ALL_ACTIONS")] {
        let (_, body, _) = sent(PipelineCall::RetryStageExecution {
            pipeline: shop(),
            stage: stage(),
            execution: execution(),
            all,
        })
        .await;
        assert_eq!(
            body,
            json!({
                "pipelineName": "shop", "stageName": "Prod",
                "pipelineExecutionId": "e-1", "retryMode": mode,
            })
        );
    }
    let (_, body, detail) = sent(PipelineCall::RollbackStage {
        pipeline: shop(),
        stage: stage(),
        to: execution(),
    })
    .await;
    assert_eq!(
        body,
        json!({"pipelineName": "shop", "stageName": "Prod", "targetPipelineExecutionId": "e-1"})
    );
    assert_eq!(detail.as_deref(), Some("e-2"));
    let way = json!({"pipelineName": "shop", "stageName": "Prod", "transitionType": "Inbound"});
    let on = PipelineCall::EnableStageTransition {
        pipeline: shop(),
        stage: stage(),
    };
    assert_eq!(sent(on).await.1, way);
    let mut off = way;
    off["reason"] = json!("freeze");
    let call = PipelineCall::DisableStageTransition {
        pipeline: shop(),
        stage: stage(),
        reason: "freeze".into(),
    };
    assert_eq!(sent(call).await.1, off);
    for (condition, word) in [
        (ConditionKind::BeforeEntry, "BEFORE_ENTRY"),
        (ConditionKind::OnSuccess, "ON_SUCCESS"),
    ] {
        let (_, body, _) = sent(PipelineCall::OverrideStageCondition {
            pipeline: shop(),
            stage: stage(),
            execution: execution(),
            condition,
        })
        .await;
        assert_eq!(
            body,
            json!({
                "pipelineName": "shop", "stageName": "Prod",
                "pipelineExecutionId": "e-1", "conditionType": word,
            })
        );
    }
}

#[tokio::test]
async fn an_answer_that_came_too_late_says_so_and_is_not_sent_again() {
    for (code, told) in [
        (
            "ApprovalAlreadyCompletedException",
            "somebody answered the approval first",
        ),
        (
            "InvalidApprovalTokenException",
            "the approval waits for another execution now",
        ),
    ] {
        let endpoint = Endpoint::always(move || Reply::error(code, "no")).await;
        let aws = endpoint.connect().await;
        let plan = confirmed(Call::Pipeline(answer(true)));
        let failure = aws.send(&plan).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Conflict);
        assert!(failure.message.starts_with(told), "{}", failure.message);
        assert_eq!(endpoint.asked().len(), 1);
    }
}

#[tokio::test]
async fn an_execution_without_an_id_cannot_be_followed() {
    let endpoint = Endpoint::always(|| Reply::json(&json!({}))).await;
    let aws = endpoint.connect().await;
    let call = PipelineCall::StartPipelineExecution { pipeline: shop() };
    let failure = aws
        .send(&confirmed(Call::Pipeline(call)))
        .await
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Garbled);
}
