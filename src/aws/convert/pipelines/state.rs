//! Where a pipeline stands.

use aws_sdk_codepipeline::operation::get_pipeline_state::GetPipelineStateOutput;
use aws_sdk_codepipeline::types::{
    ActionExecution as SdkRun, ActionExecutionStatus as SdkActionStatus, ActionRevision,
    ActionState as SdkAction, ConditionExecutionStatus, ExecutionType, RetryStageMetadata,
    RuleExecution, RuleExecutionStatus, RuleState as SdkRule, StageConditionState,
    StageExecution as SdkExecution, StageState as SdkStage, TransitionState,
};

use super::{error, status, text};
use crate::aws::convert::{collect, count, time};
use crate::domain::pipeline::{
    ActionRun, ActionState, ActionStatus, ConditionState, ConditionStatus, ExecutionId,
    PipelineName, PipelineState, RuleState, StageExecution, StageState, StageStatus, Transition,
};

/// Converts the state of a pipeline, which is asked for by its name.
pub(in crate::aws) fn state(name: &PipelineName, source: &GetPipelineStateOutput) -> PipelineState {
    PipelineState {
        name: name.clone(),
        version: source.pipeline_version().map(count),
        stages: collect(source.stage_states(), stage),
    }
}

fn stage(source: &SdkStage) -> Option<StageState> {
    Some(StageState {
        name: text(source.stage_name())?,
        latest: source.latest_execution().and_then(execution),
        inbound: inbound(source),
        transition: source.inbound_transition_state().map(transition),
        actions: collect(source.action_states(), action),
        before_entry: source.before_entry_condition_state().map(condition),
        on_success: source.on_success_condition_state().map(condition),
        on_failure: source.on_failure_condition_state().map(condition),
        retries: source.retry_stage_metadata().map_or(0, retries),
    })
}

/// The list of all that wait is younger than the member for the first of them: an endpoint may know
/// only that one.
fn inbound(source: &SdkStage) -> Vec<StageExecution> {
    let mut waiting = collect(source.inbound_executions(), execution);
    let first = source.inbound_execution().and_then(execution);
    if let (Some(first), true) = (first, waiting.is_empty()) {
        waiting.push(first);
    }
    waiting
}

fn execution(source: &SdkExecution) -> Option<StageExecution> {
    Some(StageExecution {
        id: ExecutionId::new(text(Some(source.pipeline_execution_id()))?),
        status: status(Some(source.status().as_str()), StageStatus::from_name),
        rollback: source.r#type() == Some(&ExecutionType::Rollback),
    })
}

fn transition(source: &TransitionState) -> Transition {
    Transition {
        enabled: source.enabled(),
        changed_by: text(source.last_changed_by()),
        changed_at: time(source.last_changed_at()),
        reason: text(source.disabled_reason()),
    }
}

fn retries(source: &RetryStageMetadata) -> u32 {
    let automatic = source.auto_stage_retry_attempt().map_or(0, count);
    let manual = source.manual_stage_retry_attempt().map_or(0, count);
    automatic.saturating_add(manual)
}

fn action(source: &SdkAction) -> Option<ActionState> {
    let revision = source.current_revision().map(ActionRevision::revision_id);
    Some(ActionState {
        name: text(source.action_name())?,
        latest: source.latest_execution().map(run),
        revision: text(revision),
        entity_url: text(source.entity_url()),
        revision_url: text(source.revision_url()),
    })
}

fn run(source: &SdkRun) -> ActionRun {
    ActionRun {
        id: text(source.action_execution_id()),
        status: status(
            source.status().map(SdkActionStatus::as_str),
            ActionStatus::from_name,
        ),
        summary: text(source.summary()),
        changed_at: time(source.last_status_change()),
        token: text(source.token()),
        updated_by: text(source.last_updated_by()),
        external_id: text(source.external_execution_id()),
        external_url: text(source.external_execution_url()),
        percent: source
            .percent_complete()
            .map(|percent| count(percent).min(100)),
        error: error(source.error_details()),
        log_stream: text(source.log_stream_arn()),
    }
}

fn condition(source: &StageConditionState) -> ConditionState {
    let latest = source.latest_execution();
    let rules = source.condition_states().iter();
    ConditionState {
        status: condition_status(latest.and_then(|latest| latest.status())),
        summary: latest.and_then(|latest| text(latest.summary())),
        rules: rules
            .flat_map(|condition| collect(condition.rule_states(), rule))
            .collect(),
    }
}

fn condition_status(source: Option<&ConditionExecutionStatus>) -> Option<ConditionStatus> {
    let word = text(source.map(ConditionExecutionStatus::as_str))?;
    Some(ConditionStatus::from_name(&word))
}

fn rule(source: &SdkRule) -> Option<RuleState> {
    let latest = source.latest_execution();
    let status = text(
        latest
            .and_then(RuleExecution::status)
            .map(RuleExecutionStatus::as_str),
    );
    Some(RuleState {
        name: text(source.rule_name())?,
        status: status.map(|word| ConditionStatus::from_name(&word)),
        summary: latest.and_then(|latest| text(latest.summary())),
        changed_at: latest.and_then(|latest| time(latest.last_status_change())),
        error: latest.and_then(|latest| error(latest.error_details())),
    })
}
