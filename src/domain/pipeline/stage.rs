//! A stage as it stands: which execution is in it, which wait at its entry, what holds them.

use jiff::Timestamp;

use super::{
    ActionRun, ActionState, ActionStatus, ConditionStatus, ErrorDetails, ExecutionId, StageStatus,
};

/// A stage of a pipeline as it stands (`StageState`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageState {
    /// Its name.
    pub name: String,
    /// The execution that is in it or was the last one; `None` before the first.
    pub latest: Option<StageExecution>,
    /// The executions that wait at its entry, the next one first.
    pub inbound: Vec<StageExecution>,
    /// The way into it; `None` for the first stage.
    pub transition: Option<Transition>,
    /// Its actions, in the order of the structure.
    pub actions: Vec<ActionState>,
    /// What has to hold before an execution may enter.
    pub before_entry: Option<ConditionState>,
    /// What has to hold once its actions have succeeded.
    pub on_success: Option<ConditionState>,
    /// What is looked at once it has failed.
    pub on_failure: Option<ConditionState>,
    /// How often it was tried again for this execution, by a person and by itself.
    pub retries: u32,
}

impl StageState {
    /// An action by its name.
    pub fn action(&self, name: &str) -> Option<&ActionState> {
        self.actions.iter().find(|action| action.name == name)
    }

    /// The executions that are in it or wait at its entry and are not through.
    pub fn in_flight(&self) -> impl Iterator<Item = &StageExecution> {
        let inside = self.latest.iter().filter(|latest| latest.is_in_flight());
        inside.chain(&self.inbound)
    }

    /// Whether an approval in it waits for a person.
    pub fn waits_for_approval(&self) -> bool {
        self.runs().any(ActionRun::waits_for_approval)
    }

    /// Whether something goes on in it that needs nobody: in it, or an execution enters it by itself.
    pub fn is_moving(&self) -> bool {
        let inside = self
            .latest
            .as_ref()
            .is_some_and(StageExecution::is_in_flight);
        let works =
            |run: &ActionRun| run.status == ActionStatus::InProgress && !run.waits_for_approval();
        if inside {
            self.runs().any(works) || !self.waits_for_approval()
        } else {
            let off = self.transition.as_ref().is_some_and(|way| !way.enabled);
            !self.inbound.is_empty() && !off
        }
    }

    fn runs(&self) -> impl Iterator<Item = &ActionRun> {
        self.actions
            .iter()
            .filter_map(|action| action.latest.as_ref())
    }
}

/// An execution in a stage, or at its entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageExecution {
    /// The execution.
    pub id: ExecutionId,
    /// How it stands there.
    pub status: StageStatus,
    /// Whether it goes back to what an earlier execution brought.
    pub rollback: bool,
}

impl StageExecution {
    /// Whether it is not through. One whose status is not known counts as such, so that it stays
    /// watched.
    pub fn is_in_flight(&self) -> bool {
        matches!(
            self.status,
            StageStatus::InProgress | StageStatus::Stopping | StageStatus::Unknown(_)
        )
    }
}

/// The way into a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Whether executions may enter.
    pub enabled: bool,
    /// Who switched it last, as an ARN or a name.
    pub changed_by: Option<String>,
    /// When.
    pub changed_at: Option<Timestamp>,
    /// Why it is off.
    pub reason: Option<String>,
}

/// The conditions of one kind of a stage, as they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionState {
    /// How they stand together; `None` before they were looked at.
    pub status: Option<ConditionStatus>,
    /// What CodePipeline says of it.
    pub summary: Option<String>,
    /// Their rules.
    pub rules: Vec<RuleState>,
}

/// A rule of a condition, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleState {
    /// Its name.
    pub name: String,
    /// How it stands; `None` before it was looked at.
    pub status: Option<ConditionStatus>,
    /// What it says of it.
    pub summary: Option<String>,
    /// When that changed.
    pub changed_at: Option<Timestamp>,
    /// What went wrong.
    pub error: Option<ErrorDetails>,
}
