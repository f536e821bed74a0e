//! The calls that change something in CodePipeline.

use crate::domain::pipeline::{ExecutionId, PipelineName};

/// A condition that can be overridden.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ConditionKind {
    /// Before an execution enters a stage.
    BeforeEntry,
    /// Once the actions of a stage have succeeded.
    OnSuccess,
}

impl ConditionKind {
    /// The word that the call takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::BeforeEntry => "BEFORE_ENTRY",
            Self::OnSuccess => "ON_SUCCESS",
        }
    }
}

/// A call to CodePipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PipelineCall {
    /// `PutApprovalResult`.
    PutApprovalResult {
        /// The pipeline.
        pipeline: PipelineName,
        /// The stage.
        stage: String,
        /// The approval action.
        action: String,
        /// What names this one request: its token, or in PARALLEL pipelines the external id of the
        /// action's execution.
        token: String,
        /// Whether the execution may go on.
        approve: bool,
        /// The summary, at most 512 characters.
        summary: String,
    },
    /// `StartPipelineExecution`.
    StartPipelineExecution {
        /// The pipeline.
        pipeline: PipelineName,
    },
    /// `StopPipelineExecution`.
    StopPipelineExecution {
        /// The pipeline.
        pipeline: PipelineName,
        /// The execution.
        execution: ExecutionId,
        /// Whether actions under way are left to themselves.
        abandon: bool,
        /// Why, at most 200 characters; empty for none.
        reason: String,
    },
    /// `RetryStageExecution`.
    RetryStageExecution {
        /// The pipeline.
        pipeline: PipelineName,
        /// The stage.
        stage: String,
        /// The execution that failed in it.
        execution: ExecutionId,
        /// Whether all actions run again.
        all: bool,
    },
    /// `RollbackStage`.
    RollbackStage {
        /// The pipeline.
        pipeline: PipelineName,
        /// The stage.
        stage: String,
        /// The execution that succeeded in it.
        to: ExecutionId,
    },
    /// `EnableStageTransition`, inbound.
    EnableStageTransition {
        /// The pipeline.
        pipeline: PipelineName,
        /// The stage.
        stage: String,
    },
    /// `DisableStageTransition`, inbound.
    DisableStageTransition {
        /// The pipeline.
        pipeline: PipelineName,
        /// The stage.
        stage: String,
        /// Why, 1 to 300 characters.
        reason: String,
    },
    /// `OverrideStageCondition`.
    OverrideStageCondition {
        /// The pipeline.
        pipeline: PipelineName,
        /// The stage.
        stage: String,
        /// The execution that the condition holds.
        execution: ExecutionId,
        /// Which of the stage's conditions.
        condition: ConditionKind,
    },
}

impl PipelineCall {
    /// The IAM action that the call needs.
    pub fn operations(&self) -> &'static [&'static str] {
        match self {
            Self::PutApprovalResult { .. } => &["codepipeline:PutApprovalResult"],
            Self::StartPipelineExecution { .. } => &["codepipeline:StartPipelineExecution"],
            Self::StopPipelineExecution { .. } => &["codepipeline:StopPipelineExecution"],
            Self::RetryStageExecution { .. } => &["codepipeline:RetryStageExecution"],
            Self::RollbackStage { .. } => &["codepipeline:RollbackStage"],
            Self::EnableStageTransition { .. } => &["codepipeline:EnableStageTransition"],
            Self::DisableStageTransition { .. } => &["codepipeline:DisableStageTransition"],
            Self::OverrideStageCondition { .. } => &["codepipeline:OverrideStageCondition"],
        }
    }

    /// The call as a person would type it for the AWS CLI, on one line.
    pub fn as_command(&self) -> String {
        match self {
            Self::PutApprovalResult {
                pipeline,
                stage,
                action,
                token,
                approve,
                summary,
            } => format!(
                "aws codepipeline put-approval-result --pipeline-name {pipeline} --stage-name \
                 {stage} --action-name {action} --result status={},summary={summary:?} --token \
                 {token}",
                if *approve { "Approved" } else { "Rejected" }
            ),
            Self::StartPipelineExecution { pipeline } => {
                format!("aws codepipeline start-pipeline-execution --name {pipeline}")
            }
            Self::StopPipelineExecution {
                pipeline,
                execution,
                abandon,
                reason,
            } => {
                let reason = if reason.is_empty() {
                    String::new()
                } else {
                    format!(" --reason {reason:?}")
                };
                format!(
                    "aws codepipeline stop-pipeline-execution --pipeline-name {pipeline} \
                     --pipeline-execution-id {execution} --{}abandon{reason}",
                    if *abandon { "" } else { "no-" }
                )
            }
            Self::RetryStageExecution {
                pipeline,
                stage,
                execution,
                all,
            } => format!(
                "aws codepipeline retry-stage-execution --pipeline-name {pipeline} --stage-name \
                 {stage} --pipeline-execution-id {execution} --retry-mode {}",
                retry_mode(*all)
            ),
            Self::RollbackStage {
                pipeline,
                stage,
                to,
            } => format!(
                "aws codepipeline rollback-stage --pipeline-name {pipeline} --stage-name {stage} \
                 --target-pipeline-execution-id {to}"
            ),
            Self::EnableStageTransition { pipeline, stage } => format!(
                "aws codepipeline enable-stage-transition --pipeline-name {pipeline} --stage-name \
                 {stage} --transition-type Inbound"
            ),
            Self::DisableStageTransition {
                pipeline,
                stage,
                reason,
            } => format!(
                "aws codepipeline disable-stage-transition --pipeline-name {pipeline} \
                 --stage-name {stage} --transition-type Inbound --reason {reason:?}"
            ),
            Self::OverrideStageCondition {
                pipeline,
                stage,
                execution,
                condition,
            } => format!(
                "aws codepipeline override-stage-condition --pipeline-name {pipeline} \
                 --stage-name {stage} --pipeline-execution-id {execution} --condition-type {}",
                condition.name()
            ),
        }
    }
}

/// The word that `RetryStageExecution` takes.
pub fn retry_mode(all: bool) -> &'static str {
    if all { "ALL_ACTIONS" } else { "FAILED_ACTIONS" }
}
