//! Executions of pipelines.

use std::collections::BTreeMap;

use super::action_run::ActionRun;
use super::condition::{ConditionRun, Gate};
use super::revision::{SourceRevision, Variables};
use crate::sim::clock::SimTime;

/// Where an execution is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ExecutionStatus {
    /// It is in a stage or waits for one.
    InProgress,
    /// Somebody has asked to stop it, and actions are still running.
    Stopping,
    /// Somebody stopped it.
    Stopped,
    /// It went through all stages.
    Succeeded,
    /// A newer one took its place while it waited.
    Superseded,
    /// A stage failed.
    Failed,
}

impl ExecutionStatus {
    /// The word of CodePipeline.
    pub fn word(self) -> &'static str {
        match self {
            Self::InProgress => "InProgress",
            Self::Stopping => "Stopping",
            Self::Stopped => "Stopped",
            Self::Succeeded => "Succeeded",
            Self::Superseded => "Superseded",
            Self::Failed => "Failed",
        }
    }

    /// Whether nothing more happens to it by itself.
    pub fn is_over(self) -> bool {
        !matches!(self, Self::InProgress | Self::Stopping)
    }
}

/// How an execution stands in a stage.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum StageStatus {
    /// Its actions run, or its conditions are looked at.
    InProgress,
    /// Somebody has asked to stop it.
    Stopping,
    /// Somebody stopped it.
    Stopped,
    /// All actions succeeded, and so did what has to hold after them.
    Succeeded,
    /// An action or a condition failed.
    Failed,
    /// A condition let it pass by.
    Skipped,
}

impl StageStatus {
    /// Whether more happens to it by itself.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::InProgress | Self::Stopping)
    }

    /// The word of CodePipeline.
    pub fn word(self) -> &'static str {
        match self {
            Self::InProgress => "InProgress",
            Self::Stopping => "Stopping",
            Self::Stopped => "Stopped",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Skipped => "Skipped",
        }
    }
}

/// What an execution does in a stage.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// A condition is looked at.
    Condition(Gate),
    /// Its actions run.
    Actions,
}

/// How often a stage was tried again.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Retries {
    /// By CodePipeline.
    pub by_itself: u32,
    /// By people.
    pub by_hand: u32,
    /// The word of CodePipeline for what did so last.
    pub latest: Option<&'static str>,
}

/// The course of an execution through a stage.
#[derive(Clone, Debug)]
pub struct StageRun {
    /// How it stands.
    pub status: StageStatus,
    /// The position of the first run of an action that belongs to the present attempt: a stage
    /// that is tried again with all its actions begins anew.
    pub first_run: usize,
    /// What it does, or did last.
    pub phase: Phase,
    /// The conditions that were looked at.
    pub conditions: BTreeMap<Gate, ConditionRun>,
    /// How often it was tried again.
    pub retries: Retries,
}

/// What started an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// A word of the service model, such as `StartPipelineExecution` or `WebhookV2`.
    pub kind: &'static str,
    /// Who, which connection, or which rule.
    pub detail: String,
}

/// Somebody's wish to stop an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StopRequest {
    /// Whether actions under way are given up.
    pub abandon: bool,
    /// Why; may be empty.
    pub reason: String,
}

/// An execution of a pipeline.
#[derive(Clone, Debug)]
pub struct Execution {
    /// A UUID.
    pub id: String,
    /// Where it is.
    pub status: ExecutionStatus,
    /// Words about the status.
    pub summary: Option<String>,
    /// What started it.
    pub trigger: Trigger,
    /// The position of the execution that it goes back to, when it is a rollback.
    pub rolls_back_to: Option<usize>,
    /// When it was started.
    pub started_at: SimTime,
    /// When anything about it last changed.
    pub updated_at: SimTime,
    /// The version of the pipeline.
    pub version: u32,
    /// What the pipeline's variables are in it.
    pub variables: Variables,
    /// Revisions that whoever started it asks for, by the name of the source action.
    pub wanted_revisions: BTreeMap<String, String>,
    /// The request that started it, so that the same one again starts no other.
    pub client_token: Option<String>,
    /// What its sources brought.
    pub revisions: Vec<SourceRevision>,
    /// What it deploys: the name of the container, and the image.
    pub images: Vec<(String, String)>,
    /// The keys of the artifacts that were made, by name.
    pub artifacts: BTreeMap<String, String>,
    /// Output variables by namespace.
    pub outputs: BTreeMap<String, Variables>,
    /// Its course through the stages that it has entered, by their positions.
    pub stages: BTreeMap<usize, StageRun>,
    /// The position of the stage that it is in or waits for.
    pub stage: usize,
    /// Runs of actions, from the oldest.
    pub runs: Vec<ActionRun>,
    /// Whether somebody wants it stopped.
    pub stop: Option<StopRequest>,
}

impl Execution {
    /// `STANDARD` or `ROLLBACK`.
    pub fn kind(&self) -> &'static str {
        if self.rolls_back_to.is_some() {
            "ROLLBACK"
        } else {
            "STANDARD"
        }
    }

    /// Whether it has gone well through a stage.
    pub fn succeeded_in(&self, stage: usize) -> bool {
        let run = self.stages.get(&stage);
        run.is_some_and(|run| run.status == StageStatus::Succeeded)
    }

    /// Whether an action is under way.
    pub fn has_runs_under_way(&self) -> bool {
        self.runs.iter().any(|run| !run.status.is_over())
    }

    /// The latest run of an action, by the positions of its stage and its own, with its position.
    pub fn latest_run(&self, stage: usize, action: usize) -> Option<(usize, &ActionRun)> {
        let numbered = self.runs.iter().enumerate();
        numbered
            .rev()
            .find(|(_, run)| run.stage == stage && run.action == action)
    }

    /// The latest run of an action in the present attempt at its stage.
    pub fn current_run(&self, stage: usize, action: usize) -> Option<&ActionRun> {
        let first = self.stages.get(&stage)?.first_run;
        let (position, run) = self.latest_run(stage, action)?;
        (position >= first).then_some(run)
    }
}
