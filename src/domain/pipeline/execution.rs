//! An execution: one run of a source revision through the stages of a pipeline.

use std::fmt;

use jiff::Timestamp;

use super::{ExecutionMode, ExecutionStatus};

/// The id of an execution.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExecutionId(String);

impl ExecutionId {
    /// Takes the id as AWS sent it.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first eight characters, which the console shows too.
    pub fn short(&self) -> &str {
        self.0.get(..8).unwrap_or(&self.0)
    }
}

impl fmt::Display for ExecutionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An execution of a pipeline (`PipelineExecutionSummary`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PipelineExecution {
    /// Its id.
    pub id: ExecutionId,
    /// How it stands.
    pub status: ExecutionStatus,
    /// What CodePipeline says of the status.
    pub status_summary: Option<String>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it changed last; of one that is over, its end.
    pub updated_at: Option<Timestamp>,
    /// What it brings, by source action.
    pub sources: Vec<SourceRevision>,
    /// What started it.
    pub trigger: Option<Trigger>,
    /// Why it was stopped, in the words of whoever did.
    pub stop_reason: Option<String>,
    /// The mode of the pipeline when it began.
    pub mode: Option<ExecutionMode>,
    /// Whether it goes back to what an earlier execution brought.
    pub rollback: bool,
    /// The execution that it goes back to.
    pub rollback_target: Option<ExecutionId>,
}

/// What a source action brought into an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRevision {
    /// The source action.
    pub action: String,
    /// A commit, a version, a digest.
    pub revision: Option<String>,
    /// The commit message, as a rule.
    pub summary: Option<String>,
    /// Where it can be looked at.
    pub url: Option<String>,
}

/// What started an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// The kind, such as `Webhook`, as AWS writes it.
    pub kind: String,
    /// More of it: who, or which rule.
    pub detail: Option<String>,
}
