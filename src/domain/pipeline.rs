//! Pipelines of CodePipeline: their structure, where they stand, their executions.
//!
//! The words are those of the CodePipeline API reference. A pipeline is named by its name, which is
//! unique in an account and Region.

pub mod action;
pub mod agree;
pub mod execution;
#[cfg(test)]
pub(crate) mod fixture;
pub mod link;
pub mod source;
pub mod stage;
pub mod status;
pub mod strip;
pub mod structure;
pub mod waiting;

use std::fmt;

use jiff::Timestamp;

pub use action::{ActionExecution, ActionRun, ActionState, ErrorDetails};
pub use execution::{ExecutionId, PipelineExecution, SourceRevision, Trigger};
pub use stage::{ConditionState, RuleState, StageExecution, StageState, Transition};
pub use status::{ActionStatus, ConditionStatus, ExecutionMode, ExecutionStatus, StageStatus};
pub use structure::{
    ActionDeclaration, Category, DeployTarget, PipelineStructure, StageDeclaration,
};
pub use waiting::{ApprovalId, WaitingApproval};

/// The name of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PipelineName(String);

impl PipelineName {
    /// Takes the name as AWS sent it.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PipelineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A pipeline as a list names it (`ListPipelines`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PipelineSummary {
    /// Its name.
    pub name: PipelineName,
    /// The version of its structure; each change makes a new one.
    pub version: Option<u32>,
    /// How its executions share it.
    pub mode: Option<ExecutionMode>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When its structure was last changed.
    pub updated_at: Option<Timestamp>,
}

/// Where a pipeline stands now (`GetPipelineState`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PipelineState {
    /// Its name.
    pub name: PipelineName,
    /// The version of its structure.
    pub version: Option<u32>,
    /// Its stages, in order.
    pub stages: Vec<StageState>,
}

impl PipelineState {
    /// A stage by its name.
    pub fn stage(&self, name: &str) -> Option<&StageState> {
        self.stages.iter().find(|stage| stage.name == name)
    }

    /// Whether something goes on in it that needs nobody: an action runs, or an execution is about
    /// to start one. An approval that waits and a transition that is off hold an execution still.
    pub fn is_moving(&self) -> bool {
        self.stages.iter().any(StageState::is_moving)
    }

    /// Whether an execution is on its way through it, or held somewhere.
    pub fn has_in_flight(&self) -> bool {
        let mut stages = self.stages.iter();
        stages.any(|stage| stage.in_flight().next().is_some())
    }

    /// When the status of each action changed last.
    pub fn changes(&self) -> impl Iterator<Item = Timestamp> {
        let actions = self.stages.iter().flat_map(|stage| &stage.actions);
        actions.filter_map(|action| action.latest.as_ref()?.changed_at)
    }

    /// Whether an approval in it waits for a person.
    pub fn waits_for_approval(&self) -> bool {
        self.stages.iter().any(StageState::waits_for_approval)
    }
}
