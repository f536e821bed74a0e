use super::plan;
use crate::domain::call::{Call, PipelineCall};
use crate::domain::facts::PipelineFacts;
use crate::domain::fixture::identity;
use crate::domain::intent::{PipelineIntent, PipelineWish};
use crate::domain::pipeline::fixture::{
    self, NEW, OLD, action, execution_id, gated, gated_structure, in_stage, shop,
};
use crate::domain::pipeline::{
    ActionExecution, ActionStatus, ConditionState, ConditionStatus, ExecutionStatus,
    PipelineExecution, RuleState, StageExecution, StageStatus,
};
use crate::domain::plan::{Plan, Refusal, Verdict};

fn facts() -> PipelineFacts {
    PipelineFacts {
        identity: Some(identity()),
        region: Some("eu-west-1".into()),
        state: Some(gated()),
        structure: Ok(gated_structure()),
        execution: Ok(Some(execution(NEW, ExecutionStatus::InProgress))),
        actions: Ok(Vec::new()),
        succeeded: Ok(Vec::new()),
        production: false,
    }
}

fn planned(wish: PipelineWish, facts: &PipelineFacts) -> Result<Plan, Refusal> {
    let intent = PipelineIntent {
        pipeline: shop(),
        wish,
    };
    plan(&intent, facts)
}

fn refused(wish: PipelineWish, facts: &PipelineFacts) -> String {
    planned(wish, facts).unwrap_err().reason
}

fn answer(approve: bool, reason: &str) -> PipelineWish {
    PipelineWish::Answer {
        stage: "Gate".into(),
        action: "Approve".into(),
        execution: execution_id(NEW),
        approve,
        reason: reason.into(),
    }
}

fn pipeline_call(plan: &Plan) -> &PipelineCall {
    match &plan.call {
        Call::Pipeline(call) => call,
        other => panic!("{other:?}"),
    }
}

/// An execution that brings a commit.
fn execution(id: &str, status: ExecutionStatus) -> PipelineExecution {
    let mut execution = fixture::execution(id, status, 500);
    let source = &mut execution.sources[0];
    source.revision = Some("0123456789abcdef0123456789abcdef01234567".into());
    source.summary = Some("Retry idempotent captures\n\nLong text".into());
    execution
}

/// The approval's own record, as PARALLEL pipelines have it.
fn record(status: ActionStatus) -> ActionExecution {
    ActionExecution {
        stage: "Gate".into(),
        external_id: Some("external-1".into()),
        ..fixture::run(NEW, "Approve", status, 1_000)
    }
}

#[test]
fn an_approval_names_its_request_and_what_comes_next() {
    let plan = planned(answer(true, "looks good"), &facts()).unwrap();
    assert_eq!(plan.how, "CodePipeline PutApprovalResult, Approved");
    assert_eq!(
        plan.what,
        "Gate/Approve, execution 11111111: 0123456 \"Retry idempotent captures\""
    );
    assert_eq!(
        plan.then,
        ["the execution goes on at once with stage Prod: Deploy: ECS deploys web in prod"]
    );
    let PipelineCall::PutApprovalResult {
        token,
        approve,
        summary,
        ..
    } = pipeline_call(&plan)
    else {
        panic!("{:?}", plan.call);
    };
    assert_eq!(
        (token.as_str(), *approve, summary.as_str()),
        ("token-1", true, "looks good")
    );
}

#[test]
fn a_rejection_wants_a_reason_and_says_what_fails() {
    assert!(refused(answer(false, ""), &facts()).contains("a reason is wanted"));
    let plan = planned(answer(false, "not on a Friday"), &facts()).unwrap();
    assert_eq!(plan.how, "CodePipeline PutApprovalResult, Rejected");
    assert!(plan.then[0].contains("the execution ends Failed"));
    let long = "x".repeat(513);
    assert!(refused(answer(true, &long), &facts()).contains("513 characters"));
}

#[test]
fn an_approval_that_somebody_else_answered_is_not_answered_again() {
    let mut facts = facts();
    let state = facts.state.as_mut().unwrap();
    let mut answered = action("Approve", Some((ActionStatus::Succeeded, 1_100)));
    let run = answered.latest.as_mut().unwrap();
    run.updated_by = Some("arn:aws:sts::1:assumed-role/ops/ann".into());
    run.summary = Some("fine".into());
    state.stages[1].actions[0] = answered;
    assert_eq!(
        refused(answer(true, ""), &facts),
        "the approval was approved already by ops/ann: \"fine\""
    );
}

#[test]
fn an_execution_that_was_superseded_or_moved_on_is_not_answered_for() {
    let mut gone = facts();
    gone.execution = Ok(Some(execution(NEW, ExecutionStatus::Superseded)));
    assert!(refused(answer(true, ""), &gone).contains("superseded by a newer one"));
    let mut moved = facts();
    moved.state.as_mut().unwrap().stages[1].latest = Some(in_stage(OLD, StageStatus::InProgress));
    assert!(refused(answer(true, ""), &moved).contains("not at this approval any more"));
    let mut nowhere = facts();
    nowhere.state = None;
    assert!(refused(answer(true, ""), &nowhere).contains("shop is not there any more"));
}

#[test]
fn in_a_parallel_pipeline_the_record_of_the_action_names_the_request() {
    let mut facts = facts();
    facts.state.as_mut().unwrap().stages[1].latest = Some(in_stage(OLD, StageStatus::Succeeded));
    facts.actions = Ok(vec![record(ActionStatus::InProgress)]);
    let plan = planned(answer(true, ""), &facts).unwrap();
    assert!(matches!(
        pipeline_call(&plan),
        PipelineCall::PutApprovalResult { token, .. } if token == "external-1"
    ));
    facts.actions = Ok(vec![record(ActionStatus::Failed)]);
    assert!(refused(answer(true, ""), &facts).contains("was rejected"));
}

#[test]
fn what_moves_between_the_plan_and_the_sending_is_told() {
    let intent = answer(true, "");
    let before = facts().basis(&intent);
    assert!(before.moved(&facts().basis(&intent)).is_empty());
    let mut answered = facts();
    answered.state.as_mut().unwrap().stages[1].actions[0] =
        action("Approve", Some((ActionStatus::Succeeded, 1_100)));
    let moved = before.moved(&answered.basis(&intent));
    assert_eq!(moved, ["the approval was approved already"]);
    let mut renewed = facts();
    let stage = &mut renewed.state.as_mut().unwrap().stages[1];
    stage.actions[0].latest.as_mut().unwrap().token = Some("token-2".into());
    let moved = before.moved(&renewed.basis(&intent));
    assert_eq!(moved, ["the approval waits under a new request"]);
    let mut superseded = facts();
    superseded.execution = Ok(Some(execution(NEW, ExecutionStatus::Superseded)));
    let moved = before.moved(&superseded.basis(&intent));
    assert_eq!(moved, ["the execution is now Superseded"]);
}

#[test]
fn a_closed_way_after_the_approval_is_told() {
    let mut facts = facts();
    let way = facts.state.as_mut().unwrap().stages[2]
        .transition
        .as_mut()
        .unwrap();
    way.enabled = false;
    way.reason = Some("freeze".into());
    let plan = planned(answer(true, ""), &facts).unwrap();
    assert_eq!(
        plan.then[1],
        "but the way into Prod is switched off: freeze"
    );
}

#[test]
fn only_a_failed_stage_is_retried() {
    let retry = |all| PipelineWish::RetryStage {
        stage: "Prod".into(),
        all,
    };
    assert!(refused(retry(false), &facts()).contains("Prod is Succeeded"));
    let mut failed = facts();
    let stage = &mut failed.state.as_mut().unwrap().stages[2];
    stage.latest = Some(in_stage(NEW, StageStatus::Failed));
    stage.actions[0] = action("Deploy", Some((ActionStatus::Failed, 1_000)));
    let plan = planned(retry(false), &failed).unwrap();
    assert_eq!(plan.how, "CodePipeline RetryStageExecution, FAILED_ACTIONS");
    assert!(plan.then[0].starts_with("Deploy runs again"));
    assert!(
        planned(retry(true), &failed)
            .unwrap()
            .how
            .ends_with("ALL_ACTIONS")
    );
}

#[test]
fn a_stage_goes_back_to_the_newest_other_execution_that_succeeded_there() {
    let back = |to| PipelineWish::RollBackStage {
        stage: "Prod".into(),
        to,
    };
    assert!(refused(back(None), &facts()).contains("no earlier execution has succeeded"));
    let mut facts = facts();
    let mut rolled = execution("77777777", ExecutionStatus::Succeeded);
    rolled.rollback = true;
    facts.succeeded = Ok(vec![
        execution(OLD, ExecutionStatus::Succeeded),
        rolled,
        execution("55555555", ExecutionStatus::Succeeded),
    ]);
    let plan = planned(back(None), &facts).unwrap();
    assert!(matches!(
        pipeline_call(&plan),
        PipelineCall::RollbackStage { to, .. } if *to == execution_id("55555555")
    ));
    assert!(refused(back(Some(execution_id(OLD))), &facts).contains("is in Prod now"));
    assert!(
        refused(back(Some(execution_id("77777777"))), &facts).contains("was a rollback itself")
    );
    facts.state.as_mut().unwrap().stages[2].latest = Some(in_stage(NEW, StageStatus::InProgress));
    assert!(refused(back(None), &facts).contains("cannot be rolled back"));
}

#[test]
fn a_way_is_switched_off_with_a_reason_and_only_once() {
    let switch = |enabled, reason: &str| PipelineWish::SetTransition {
        stage: "Prod".into(),
        enabled,
        reason: reason.into(),
    };
    assert!(refused(switch(false, ""), &facts()).contains("a reason is wanted"));
    assert!(refused(switch(true, ""), &facts()).contains("on already"));
    // AWS takes few signs in this one reason.
    assert!(refused(switch(false, "freeze, until 9"), &facts()).contains("no ','"));
    let mut held = facts();
    held.state.as_mut().unwrap().stages[2].latest = Some(in_stage(OLD, StageStatus::InProgress));
    let plan = planned(switch(false, "rollback of web"), &held).unwrap();
    assert_eq!(plan.checks[0].verdict, Verdict::Warning);
    let first = PipelineWish::SetTransition {
        stage: "Source".into(),
        enabled: false,
        reason: "x".into(),
    };
    assert!(refused(first, &held).contains("first stage"));
}

#[test]
fn a_condition_that_holds_is_overridden_and_no_other() {
    let pass = || PipelineWish::OverrideCondition {
        stage: "Prod".into(),
    };
    assert!(refused(pass(), &facts()).contains("no condition of Prod"));
    let mut facts = facts();
    let stage = &mut facts.state.as_mut().unwrap().stages[2];
    stage.latest = Some(in_stage(NEW, StageStatus::Failed));
    stage.before_entry = Some(ConditionState {
        status: Some(ConditionStatus::Failed),
        summary: None,
        rules: vec![RuleState {
            name: "window".into(),
            status: Some(ConditionStatus::Failed),
            summary: Some("outside the window".into()),
            changed_at: None,
            error: None,
        }],
    });
    let plan = planned(pass(), &facts).unwrap();
    assert!(plan.how.ends_with("BEFORE_ENTRY"));
    assert!(plan.checks[0].text.contains("outside the window"));
}

#[test]
fn an_execution_that_is_over_is_not_stopped() {
    let stop = |abandon| PipelineWish::StopExecution {
        execution: execution_id(NEW),
        abandon,
        reason: String::new(),
    };
    let plan = planned(stop(false), &facts()).unwrap();
    assert!(plan.how.ends_with("wait"));
    let mut stopping = facts();
    stopping.execution = Ok(Some(execution(NEW, ExecutionStatus::Stopping)));
    assert!(refused(stop(false), &stopping).contains("being stopped already"));
    assert!(planned(stop(true), &stopping).is_ok());
    stopping.execution = Ok(Some(execution(NEW, ExecutionStatus::Succeeded)));
    assert!(refused(stop(true), &stopping).contains("is Succeeded"));
}

#[test]
fn a_start_says_who_is_under_way_and_what_the_mode_does() {
    let plan = planned(PipelineWish::Start, &facts()).unwrap();
    assert!(plan.then[1].contains("waits at each stage"));
    assert!(plan.checks[0].text.contains("11111111 is in Gate"));
    let mut resting = facts();
    for stage in &mut resting.state.as_mut().unwrap().stages {
        stage.latest = Some(StageExecution {
            id: execution_id(OLD),
            status: StageStatus::Succeeded,
            rollback: false,
        });
    }
    let plan = planned(PipelineWish::Start, &resting).unwrap();
    assert_eq!(plan.checks[0].verdict, Verdict::Good);
}
