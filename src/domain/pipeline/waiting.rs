//! The approvals that wait for a person, and until when.

use jiff::{SignedDuration, Timestamp};

use super::{
    ActionExecution, ActionRun, ActionStatus, Category, ExecutionId, PipelineName, PipelineState,
    PipelineStructure,
};

/// How long an approval waits where its action declares nothing else: a week (CodePipeline's quota
/// for approval actions).
const APPROVAL_MINUTES: u32 = 7 * 24 * 60;

/// The key of an approval's text in the configuration of its action.
const TEXT: &str = "CustomData";
/// The key of its link.
const LINK: &str = "ExternalEntityLink";

/// Names an approval that waits: an action of a stage, for one execution.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApprovalId {
    /// The pipeline.
    pub pipeline: PipelineName,
    /// The stage.
    pub stage: String,
    /// The action.
    pub action: String,
    /// The execution that waits.
    pub execution: ExecutionId,
}

/// An approval that waits for a person. One that nobody answers in time fails, and with it its
/// stage and its execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingApproval {
    /// What waits.
    pub id: ApprovalId,
    /// What an answer has to name. A retry of the stage makes another one, and the answer to this
    /// one is then refused.
    pub token: String,
    /// Since when it waits.
    pub since: Option<Timestamp>,
    /// When it fails by itself; `None` while the structure, which can declare another time, has not
    /// been read.
    pub expires_at: Option<Timestamp>,
    /// What the approver is to know, in the words of whoever made the pipeline.
    pub text: Option<String>,
    /// Where the approver is to look.
    pub link: Option<String>,
}

/// The approvals that the state of a pipeline tells. In a pipeline whose mode is PARALLEL it tells
/// none: see [`in_actions`].
pub fn in_state(
    state: &PipelineState,
    structure: Option<&PipelineStructure>,
) -> Vec<WaitingApproval> {
    let mut found = Vec::new();
    for stage in &state.stages {
        let Some(execution) = &stage.latest else {
            continue;
        };
        for action in &stage.actions {
            let waiting = action
                .latest
                .as_ref()
                .filter(|run| run.waits_for_approval());
            if let Some((run, token)) = waiting.and_then(|run| Some((run, run.token.as_ref()?))) {
                let id = ApprovalId {
                    pipeline: state.name.clone(),
                    stage: stage.name.clone(),
                    action: action.name.clone(),
                    execution: execution.id.clone(),
                };
                found.push(waiting_approval(id, token, run.changed_at, structure));
            }
        }
    }
    found
}

/// The approvals that the runs of actions tell: in a pipeline whose mode is PARALLEL the id that
/// the provider gave is the token (API reference of `PutApprovalResult`).
pub fn in_actions(
    pipeline: &PipelineName,
    runs: &[ActionExecution],
    structure: Option<&PipelineStructure>,
) -> Vec<WaitingApproval> {
    let waiting = runs.iter().filter(|run| {
        run.status == ActionStatus::InProgress && run.category == Some(Category::Approval)
    });
    waiting
        .filter_map(|run| {
            let id = ApprovalId {
                pipeline: pipeline.clone(),
                stage: run.stage.clone(),
                action: run.action.clone(),
                execution: run.execution.clone(),
            };
            let token = run.external_id.as_ref()?;
            let mut found = waiting_approval(id, token, run.started_at, structure);
            found.resolve(run);
            Some(found)
        })
        .collect()
}

fn waiting_approval(
    id: ApprovalId,
    token: &str,
    since: Option<Timestamp>,
    structure: Option<&PipelineStructure>,
) -> WaitingApproval {
    let declared = structure.and_then(|all| all.action(&id.stage, &id.action));
    let value = |key: &str| declared?.configuration.get(key).cloned();
    let minutes = structure.map(|_| {
        let own = declared.and_then(|action| action.timeout_minutes);
        own.unwrap_or(APPROVAL_MINUTES)
    });
    let expires_at = minutes.zip(since).and_then(|(minutes, since)| {
        let wait = SignedDuration::from_mins(i64::from(minutes));
        since.checked_add(wait).ok()
    });
    WaitingApproval {
        token: token.to_owned(),
        since,
        expires_at,
        text: value(TEXT),
        link: value(LINK),
        id,
    }
}

impl WaitingApproval {
    /// Takes the text and the link from the run itself, where variables are filled in.
    pub fn resolve(&mut self, run: &ActionExecution) {
        for (member, key) in [(&mut self.text, TEXT), (&mut self.link, LINK)] {
            if let Some(value) = run.configuration.get(key) {
                *member = Some(value.clone());
            }
        }
    }

    /// Whether a run is the one that waits.
    pub fn is_run(&self, run: &ActionExecution) -> bool {
        let id = &self.id;
        run.status == ActionStatus::InProgress
            && (&run.stage, &run.action, &run.execution) == (&id.stage, &id.action, &id.execution)
    }
}

impl ActionRun {
    /// Whether it waits for a person: only such runs have a token.
    pub fn waits_for_approval(&self) -> bool {
        self.status == ActionStatus::InProgress && self.token.is_some()
    }
}
