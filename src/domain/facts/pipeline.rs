//! What was read for a plan about a pipeline, and how to tell that it moved.

use crate::domain::context::{Identity, caller_name};
use crate::domain::failure::Failure;
use crate::domain::intent::PipelineWish;
use crate::domain::pipeline::{
    ActionExecution, ActionStatus, ExecutionId, PipelineExecution, PipelineState,
    PipelineStructure, StageState,
};

/// Everything that a plan about a pipeline is made from, read at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct PipelineFacts {
    /// Who will make the call.
    pub identity: Option<Identity>,
    /// The Region that it goes to.
    pub region: Option<String>,
    /// Where the pipeline stands; `None` when it is not there any more.
    pub state: Option<PipelineState>,
    /// Its structure, or why it could not be read.
    pub structure: Result<PipelineStructure, Failure>,
    /// The execution that the wish is about, or why it could not be read. `Ok(None)` where the wish
    /// is about none, or AWS does not know it any more.
    pub execution: Result<Option<PipelineExecution>, Failure>,
    /// The actions of that execution in the order in which they began, or why they could not be read.
    pub actions: Result<Vec<ActionExecution>, Failure>,
    /// The executions that succeeded in the stage of a rollback, newest first, or why they could not
    /// be read. Empty for other wishes.
    pub succeeded: Result<Vec<PipelineExecution>, Failure>,
    /// Whether the configuration marks the account, or a cluster that the pipeline deploys to, as
    /// production.
    pub production: bool,
}

/// An approval as it stands for one execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Approval {
    /// It waits, and this names the request.
    Waits {
        /// What `PutApprovalResult` takes as its token.
        token: String,
    },
    /// It was answered, or it failed by itself.
    Answered {
        /// How it ended.
        status: ActionStatus,
        /// Who answered, as an ARN or a name.
        by: Option<String>,
        /// What they said.
        summary: Option<String>,
    },
    /// It waits, and nothing names the request.
    Nameless,
    /// The execution is not at it.
    Elsewhere,
}

impl PipelineFacts {
    /// The stage that a wish is about, as it stands.
    pub fn stage(&self, name: &str) -> Option<&StageState> {
        self.state.as_ref()?.stage(name)
    }

    /// How an approval stands for an execution. In pipelines whose mode is PARALLEL the state of the
    /// pipeline speaks of one execution only and has no token: the action's own record has it (API
    /// reference, `PutApprovalResult`).
    pub fn approval(&self, stage: &str, action: &str, execution: &ExecutionId) -> Approval {
        let records = self.actions.as_deref().unwrap_or_default();
        // A retry of the stage asks anew.
        let record = records.iter().rev().find(|record| {
            record.stage == stage && record.action == action && record.execution == *execution
        });
        let state = self.stage(stage);
        let here = state
            .and_then(|state| state.latest.as_ref())
            .is_some_and(|latest| latest.id == *execution);
        let run = state
            .filter(|_| here)
            .and_then(|state| state.action(action)?.latest.as_ref());
        let status = match (run, record) {
            (Some(run), _) => &run.status,
            (None, Some(record)) => &record.status,
            (None, None) => return Approval::Elsewhere,
        };
        if *status != ActionStatus::InProgress {
            return Approval::Answered {
                status: status.clone(),
                by: run
                    .and_then(|run| run.updated_by.clone())
                    .or_else(|| record?.updated_by.clone()),
                summary: run
                    .and_then(|run| run.summary.clone())
                    .or_else(|| record?.summary.clone()),
            };
        }
        let token = run
            .and_then(|run| run.token.clone())
            .or_else(|| record?.external_id.clone());
        token.map_or(Approval::Nameless, |token| Approval::Waits { token })
    }

    /// What a plan for this wish stands on.
    pub fn basis(&self, wish: &PipelineWish) -> PipelineBasis {
        let stage = wish.stage().and_then(|name| self.stage(name));
        let (approval, execution) = match wish {
            PipelineWish::Answer {
                stage,
                action,
                execution,
                ..
            } => (Some(self.approval(stage, action, execution)), None),
            PipelineWish::StopExecution { .. } => (None, self.execution_status()),
            _ => (None, None),
        };
        PipelineBasis {
            account: self.identity.as_ref().map(|who| who.account.clone()),
            gone: self.state.is_none(),
            version: self.state.as_ref().and_then(|state| state.version),
            execution: execution.or_else(|| match wish {
                PipelineWish::Answer { .. } => self.execution_status(),
                _ => None,
            }),
            approval,
            holder: stage
                .filter(|_| {
                    matches!(
                        wish,
                        PipelineWish::RetryStage { .. }
                            | PipelineWish::RollBackStage { .. }
                            | PipelineWish::OverrideCondition { .. }
                    )
                })
                .and_then(|stage| stage.latest.as_ref())
                .map(|latest| (latest.id.clone(), latest.status.name().to_owned())),
            open: stage
                .filter(|_| matches!(wish, PipelineWish::SetTransition { .. }))
                .and_then(|stage| stage.transition.as_ref())
                .map(|transition| transition.enabled),
        }
    }

    fn execution_status(&self) -> Option<String> {
        let execution = self.execution.as_ref().ok()?.as_ref()?;
        Some(execution.status.name().to_owned())
    }
}

/// The part of the facts that a plan about a pipeline stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PipelineBasis {
    account: Option<String>,
    gone: bool,
    version: Option<u32>,
    execution: Option<String>,
    approval: Option<Approval>,
    holder: Option<(ExecutionId, String)>,
    open: Option<bool>,
}

impl PipelineBasis {
    /// What is different in `now`, a sentence each; empty when nothing moved.
    pub fn moved(&self, now: &Self) -> Vec<String> {
        let mut moved = Vec::new();
        if self.account != now.account {
            moved.push(match &now.account {
                Some(account) => format!("the credentials are now those of account {account}"),
                None => "whose credentials are in use could not be read".to_owned(),
            });
        }
        if now.gone {
            moved.push("the pipeline is not there any more".to_owned());
            return moved;
        }
        if self.version != now.version {
            moved.push("the structure of the pipeline was changed".to_owned());
        }
        let approval_moved = self.approval != now.approval;
        if let Some(approval) = now.approval.as_ref().filter(|_| approval_moved) {
            moved.push(approval.told());
        }
        if self.execution != now.execution {
            moved.push(match now.execution.as_deref() {
                Some(status) => format!("the execution is now {status}"),
                None => "the execution could not be read again".to_owned(),
            });
        }
        if self.holder != now.holder {
            moved.push(match &now.holder {
                Some((id, status)) => {
                    format!("execution {} is now in the stage: {status}", id.short())
                }
                None => "no execution is in the stage any more".to_owned(),
            });
        }
        if self.open != now.open {
            moved.push(match now.open {
                Some(true) => "somebody switched the way into the stage on".to_owned(),
                Some(false) => "somebody switched the way into the stage off".to_owned(),
                None => "the way into the stage is not told any more".to_owned(),
            });
        }
        moved
    }
}

impl Approval {
    /// How it stands, as a sentence.
    pub fn told(&self) -> String {
        match self {
            Self::Waits { .. } => "the approval waits under a new request".to_owned(),
            Self::Nameless => {
                "the approval waits, but AWS does not tell the token of its request".to_owned()
            }
            Self::Elsewhere => "the execution is not at this approval any more".to_owned(),
            Self::Answered {
                status,
                by,
                summary,
            } => {
                let how = match status {
                    ActionStatus::Succeeded => "was approved",
                    ActionStatus::Failed if by.is_some() => "was rejected",
                    ActionStatus::Failed => "was rejected, or failed by itself,",
                    ActionStatus::Abandoned => "was abandoned",
                    ActionStatus::InProgress | ActionStatus::Unknown(_) => "has changed",
                };
                let by = by
                    .as_deref()
                    .map_or_else(String::new, |by| format!(" by {}", caller_name(by)));
                let said = summary
                    .as_deref()
                    .filter(|summary| !summary.is_empty())
                    .map_or_else(String::new, |summary| format!(": \"{summary}\""));
                format!("the approval {how} already{by}{said}")
            }
        }
    }
}
