//! Changes through CodePipeline.

use aws_sdk_codepipeline::Client;
use aws_sdk_codepipeline::types::{
    ApprovalResult, ApprovalStatus, ConditionType, StageRetryMode, StageTransitionType,
};

use super::{super::Aws, sent};
use crate::aws::answer::Sent;
use crate::aws::budget::Group;
use crate::aws::call::Operation;
use crate::aws::failure::of_kind;
use crate::domain::call::{ConditionKind, PipelineCall};
use crate::domain::failure::{Failure, FailureKind};

const ANSWER: Operation = Operation::new("codepipeline:PutApprovalResult", Group::Mutations);
const START: Operation = Operation::new("codepipeline:StartPipelineExecution", Group::Mutations);
const STOP: Operation = Operation::new("codepipeline:StopPipelineExecution", Group::Mutations);
const RETRY: Operation = Operation::new("codepipeline:RetryStageExecution", Group::Mutations);
const ROLL_BACK: Operation = Operation::new("codepipeline:RollbackStage", Group::Mutations);
const ENABLE: Operation = Operation::new("codepipeline:EnableStageTransition", Group::Mutations);
const DISABLE: Operation = Operation::new("codepipeline:DisableStageTransition", Group::Mutations);
const OVERRIDE: Operation = Operation::new("codepipeline:OverrideStageCondition", Group::Mutations);

impl Aws {
    fn codepipeline_for(&self, operation: Operation) -> Result<Client, Failure> {
        self.client_for(operation, |mutations| mutations.codepipeline.clone())
    }

    /// Sends a call to CodePipeline. The id of an execution that it starts is the answer's detail.
    pub(super) async fn send_to_pipeline(&self, call: &PipelineCall) -> Result<Sent, Failure> {
        match call {
            PipelineCall::PutApprovalResult { .. } => self.put_approval_result(call).await,
            PipelineCall::StartPipelineExecution { pipeline } => {
                let request = self.codepipeline_for(START)?.start_pipeline_execution();
                let request = request.name(pipeline.as_str());
                let answer = self.call(START, |_| request.send()).await?;
                let id = answer.pipeline_execution_id().map(str::to_owned);
                started(START, sent(&answer, id))
            }
            PipelineCall::StopPipelineExecution {
                pipeline,
                execution,
                abandon,
                reason,
            } => {
                let request = self.codepipeline_for(STOP)?.stop_pipeline_execution();
                let request = request.pipeline_name(pipeline.as_str()).abandon(*abandon);
                let request = request.pipeline_execution_id(execution.as_str());
                let reason = Some(reason.clone()).filter(|reason| !reason.is_empty());
                let request = request.set_reason(reason);
                let answer = self.call(STOP, |_| request.send()).await?;
                Ok(sent(&answer, None))
            }
            PipelineCall::RetryStageExecution {
                pipeline,
                stage,
                execution,
                all,
            } => {
                let mode = if *all {
                    StageRetryMode::AllActions
                } else {
                    StageRetryMode::FailedActions
                };
                let request = self.codepipeline_for(RETRY)?.retry_stage_execution();
                let request = request.pipeline_name(pipeline.as_str()).stage_name(stage);
                let request = request.pipeline_execution_id(execution.as_str());
                let request = request.retry_mode(mode);
                let answer = self.call(RETRY, |_| request.send()).await?;
                Ok(sent(&answer, None))
            }
            PipelineCall::RollbackStage {
                pipeline,
                stage,
                to,
            } => {
                let request = self.codepipeline_for(ROLL_BACK)?.rollback_stage();
                let request = request.pipeline_name(pipeline.as_str()).stage_name(stage);
                let request = request.target_pipeline_execution_id(to.as_str());
                let answer = self.call(ROLL_BACK, |_| request.send()).await?;
                let id = Some(answer.pipeline_execution_id().to_owned());
                started(ROLL_BACK, sent(&answer, id.filter(|id| !id.is_empty())))
            }
            PipelineCall::EnableStageTransition { pipeline, stage } => {
                let request = self.codepipeline_for(ENABLE)?.enable_stage_transition();
                let request = request.pipeline_name(pipeline.as_str()).stage_name(stage);
                let request = request.transition_type(StageTransitionType::Inbound);
                let answer = self.call(ENABLE, |_| request.send()).await?;
                Ok(sent(&answer, None))
            }
            PipelineCall::DisableStageTransition {
                pipeline,
                stage,
                reason,
            } => {
                let request = self.codepipeline_for(DISABLE)?.disable_stage_transition();
                let request = request.pipeline_name(pipeline.as_str()).stage_name(stage);
                let request = request.transition_type(StageTransitionType::Inbound);
                let request = request.reason(reason);
                let answer = self.call(DISABLE, |_| request.send()).await?;
                Ok(sent(&answer, None))
            }
            PipelineCall::OverrideStageCondition {
                pipeline,
                stage,
                execution,
                condition,
            } => {
                let kind = match condition {
                    ConditionKind::BeforeEntry => ConditionType::BeforeEntry,
                    ConditionKind::OnSuccess => ConditionType::OnSuccess,
                };
                let request = self.codepipeline_for(OVERRIDE)?.override_stage_condition();
                let request = request.pipeline_name(pipeline.as_str()).stage_name(stage);
                let request = request.pipeline_execution_id(execution.as_str());
                let request = request.condition_type(kind);
                let answer = self.call(OVERRIDE, |_| request.send()).await?;
                Ok(sent(&answer, None))
            }
        }
    }

    async fn put_approval_result(&self, call: &PipelineCall) -> Result<Sent, Failure> {
        let PipelineCall::PutApprovalResult {
            pipeline,
            stage,
            action,
            token,
            approve,
            summary,
        } = call
        else {
            let message = "this call is no answer to an approval";
            return Err(of_kind(ANSWER.name, FailureKind::Garbled, message));
        };
        let status = if *approve {
            ApprovalStatus::Approved
        } else {
            ApprovalStatus::Rejected
        };
        let result = ApprovalResult::builder().summary(summary).status(status);
        let result = result.build().map_err(|error| {
            let message = format!("the answer could not be built: {error}");
            of_kind(ANSWER.name, FailureKind::Garbled, message)
        })?;
        let request = self.codepipeline_for(ANSWER)?.put_approval_result();
        let request = request.pipeline_name(pipeline.as_str()).stage_name(stage);
        let request = request.action_name(action).token(token).result(result);
        let answer = self.call(ANSWER, |_| request.send()).await?;
        Ok(sent(&answer, None))
    }
}

/// What was started can be followed only by its id.
fn started(operation: Operation, sent: Sent) -> Result<Sent, Failure> {
    if sent.detail.is_none() {
        let message = "the answer does not name the execution that was started";
        return Err(of_kind(operation.name, FailureKind::Garbled, message));
    }
    Ok(sent)
}
