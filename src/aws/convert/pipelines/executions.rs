//! What ran: executions of pipelines, and the runs of their actions.

use aws_sdk_codepipeline::types::{
    ActionExecutionDetail, ActionExecutionInput, ActionExecutionOutput, ActionExecutionResult,
    ActionExecutionStatus as SdkActionStatus, ActionTypeId, ExecutionTrigger, ExecutionType,
    PipelineExecutionStatus, PipelineExecutionSummary, PipelineRollbackMetadata,
    SourceRevision as SdkRevision, StopExecutionTrigger, TriggerType,
};

use super::structure::configuration;
use super::{error, mode, status, text};
use crate::aws::convert::{collect, text_or_empty, time};
use crate::domain::pipeline::{
    ActionExecution, ActionStatus, Category, ExecutionId, ExecutionStatus, PipelineExecution,
    SourceRevision, Trigger,
};

/// Converts an execution; `None` without its id.
pub(in crate::aws) fn execution(source: &PipelineExecutionSummary) -> Option<PipelineExecution> {
    let rollback = source.rollback_metadata();
    let target = rollback
        .and_then(PipelineRollbackMetadata::rollback_target_pipeline_execution_id)
        .and_then(|id| text(Some(id)));
    let stopped = source.stop_trigger().and_then(StopExecutionTrigger::reason);
    Some(PipelineExecution {
        id: ExecutionId::new(text(source.pipeline_execution_id())?),
        status: status(
            source.status().map(PipelineExecutionStatus::as_str),
            ExecutionStatus::from_name,
        ),
        status_summary: text(source.status_summary()),
        started_at: time(source.start_time()),
        updated_at: time(source.last_update_time()),
        sources: collect(source.source_revisions(), revision),
        trigger: source.trigger().and_then(trigger),
        stop_reason: text(stopped),
        mode: mode(source.execution_mode()),
        rollback: source.execution_type() == Some(&ExecutionType::Rollback),
        rollback_target: target.map(ExecutionId::new),
    })
}

fn revision(source: &SdkRevision) -> Option<SourceRevision> {
    Some(SourceRevision {
        action: text(Some(source.action_name()))?,
        revision: text(source.revision_id()),
        summary: text(source.revision_summary()),
        url: text(source.revision_url()),
    })
}

fn trigger(source: &ExecutionTrigger) -> Option<Trigger> {
    Some(Trigger {
        kind: text(source.trigger_type().map(TriggerType::as_str))?,
        detail: text(source.trigger_detail()),
    })
}

/// Converts a run of an action; `None` without the ids of itself and its execution, or without the
/// names of its stage and action.
pub(in crate::aws) fn action_execution(source: &ActionExecutionDetail) -> Option<ActionExecution> {
    let input = source.input();
    let kind = input.and_then(ActionExecutionInput::action_type_id);
    let output = source.output();
    let result = output.and_then(ActionExecutionOutput::execution_result);
    let declared = input.and_then(ActionExecutionInput::configuration);
    let resolved = input.and_then(ActionExecutionInput::resolved_configuration);
    let of_result = |member: fn(&ActionExecutionResult) -> Option<&str>| {
        result.and_then(member).and_then(|value| text(Some(value)))
    };
    Some(ActionExecution {
        id: text(source.action_execution_id())?,
        execution: ExecutionId::new(text(source.pipeline_execution_id())?),
        stage: text(source.stage_name())?,
        action: text(source.action_name())?,
        status: status(
            source.status().map(SdkActionStatus::as_str),
            ActionStatus::from_name,
        ),
        started_at: time(source.start_time()),
        updated_at: time(source.last_update_time()),
        updated_by: text(source.updated_by()),
        category: kind
            .and_then(|kind| text(Some(kind.category().as_str())))
            .map(|word| Category::from_name(&word)),
        provider: kind
            .map(|kind| text_or_empty(Some(ActionTypeId::provider(kind))))
            .filter(|provider| !provider.is_empty()),
        configuration: configuration(resolved.filter(|found| !found.is_empty()).or(declared)),
        outputs: configuration(output.and_then(ActionExecutionOutput::output_variables)),
        external_id: of_result(ActionExecutionResult::external_execution_id),
        external_url: of_result(ActionExecutionResult::external_execution_url),
        summary: of_result(ActionExecutionResult::external_execution_summary),
        error: error(result.and_then(ActionExecutionResult::error_details)),
        log_stream: of_result(ActionExecutionResult::log_stream_arn),
    })
}
