//! An action as it stands, and each time that it ran.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{ActionStatus, Category, ExecutionId};

/// An action of a stage as it stands (`ActionState`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionState {
    /// Its name, unique in its stage.
    pub name: String,
    /// The last time that it ran; `None` before the first, and while it waits for its turn.
    pub latest: Option<ActionRun>,
    /// The revision that a source action found last.
    pub revision: Option<String>,
    /// Where what it works with can be looked at, such as a repository or a build project.
    pub entity_url: Option<String>,
    /// Where the revision can be looked at.
    pub revision_url: Option<String>,
}

/// What `GetPipelineState` says of the last time that an action ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionRun {
    /// Its id.
    pub id: Option<String>,
    /// How it stands.
    pub status: ActionStatus,
    /// What it says of itself.
    pub summary: Option<String>,
    /// When its status changed last.
    pub changed_at: Option<Timestamp>,
    /// The token of an approval that waits; absent for all else, and in pipelines whose mode is
    /// PARALLEL.
    pub token: Option<String>,
    /// Who started or answered it, as an ARN or a name.
    pub updated_by: Option<String>,
    /// What the provider calls it: a build, a deployment.
    pub external_id: Option<String>,
    /// Where it can be looked at.
    pub external_url: Option<String>,
    /// How far it is, 0 to 100.
    pub percent: Option<u32>,
    /// What went wrong.
    pub error: Option<ErrorDetails>,
    /// The ARN of the CloudWatch Logs stream that it writes to.
    pub log_stream: Option<String>,
}

/// What went wrong in an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorDetails {
    /// The code, such as `JobFailed`.
    pub code: Option<String>,
    /// The provider's words.
    pub message: Option<String>,
}

/// One time that an action ran (`ListActionExecutions`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionExecution {
    /// Its id. An approval in a PARALLEL pipeline is answered by its `external_id`, not by this.
    pub id: String,
    /// The execution of the pipeline.
    pub execution: ExecutionId,
    /// The stage.
    pub stage: String,
    /// The action.
    pub action: String,
    /// How it stands.
    pub status: ActionStatus,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it changed last; of one that is over, its end.
    pub updated_at: Option<Timestamp>,
    /// Who started or answered it.
    pub updated_by: Option<String>,
    /// What kind of action it is.
    pub category: Option<Category>,
    /// Who provides it, such as `ECS` or `Manual`.
    pub provider: Option<String>,
    /// Its configuration with variables filled in; without that, as it was declared.
    pub configuration: BTreeMap<String, String>,
    /// What it gave to later actions.
    pub outputs: BTreeMap<String, String>,
    /// What the provider calls it.
    pub external_id: Option<String>,
    /// Where it can be looked at.
    pub external_url: Option<String>,
    /// What the provider says of it.
    pub summary: Option<String>,
    /// What went wrong.
    pub error: Option<ErrorDetails>,
    /// The ARN of the CloudWatch Logs stream that it wrote to.
    pub log_stream: Option<String>,
}
