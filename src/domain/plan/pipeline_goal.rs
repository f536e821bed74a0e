//! What proves that an action on a pipeline took effect.

use crate::domain::pipeline::{ExecutionId, PipelineName};

/// What has to be seen of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PipelineGoal {
    /// The pipeline.
    pub pipeline: PipelineName,
    /// What has to be seen of it.
    pub end: PipelineEnd,
}

/// What has to be seen of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PipelineEnd {
    /// The approval is answered, and the execution has moved on or ended.
    ApprovalAnswered {
        /// The stage.
        stage: String,
        /// The approval action.
        action: String,
        /// The execution that waited.
        execution: ExecutionId,
        /// What the answer was.
        approved: bool,
    },
    /// An execution runs; `None` until the call that starts it has been answered.
    ExecutionStarted(Option<ExecutionId>),
    /// An execution is stopped.
    ExecutionStopped(ExecutionId),
    /// An execution goes through a stage; `None` until the call that starts it has been answered.
    StageSucceeds {
        /// The stage.
        stage: String,
        /// The execution.
        execution: Option<ExecutionId>,
    },
    /// The way into a stage is on or off.
    TransitionIs {
        /// The stage.
        stage: String,
        /// Whether it is on.
        enabled: bool,
    },
    /// The condition of a stage holds the execution no longer.
    ConditionPassed {
        /// The stage.
        stage: String,
        /// The execution.
        execution: ExecutionId,
    },
}

impl PipelineGoal {
    /// The execution that has to be watched, where it is known.
    pub fn execution(&self) -> Option<&ExecutionId> {
        match &self.end {
            PipelineEnd::ApprovalAnswered { execution, .. }
            | PipelineEnd::ExecutionStopped(execution)
            | PipelineEnd::ConditionPassed { execution, .. } => Some(execution),
            PipelineEnd::ExecutionStarted(execution)
            | PipelineEnd::StageSucceeds { execution, .. } => execution.as_ref(),
            PipelineEnd::TransitionIs { .. } => None,
        }
    }

    /// Takes the id of the execution that the call started.
    pub(super) fn made(&mut self, id: &str) {
        if let PipelineEnd::ExecutionStarted(execution)
        | PipelineEnd::StageSucceeds { execution, .. } = &mut self.end
        {
            execution.get_or_insert_with(|| ExecutionId::new(id));
        }
    }
}
