//! The stages of a pipeline as a strip: how each stands for whoever looks at the whole.
//!
//! `GetPipelineState` tells of each stage what it did last, which can be months old. A strip tells
//! what is where now: a stage that the leading execution has not come to is still to come, whatever
//! an earlier execution did in it.

mod failure;

use super::{
    ActionRun, ActionState, ActionStatus, Category, ExecutionId, PipelineState, PipelineStructure,
    StageDeclaration, StageState, StageStatus,
};
pub use failure::{StageFailure, failure};

/// How a stage, or an action of it, stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its turn is to come.
    NotYet,
    /// It works.
    Moving,
    /// An approval waits for a person.
    WaitsForYou,
    /// It goes back to what an earlier execution brought.
    RollingBack,
    /// It went back to what an earlier execution brought.
    RolledBack,
    /// It went well.
    Succeeded,
    /// It failed, or an approval was rejected.
    Failed,
    /// Somebody stopped it, or the pipeline was changed while it ran.
    Stopped,
    /// A condition let the execution pass by.
    Skipped,
    /// A status that this version does not know, by its name.
    Unknown(String),
}

impl Standing {
    /// The word for a screen.
    pub fn label(&self) -> &str {
        match self {
            Self::NotYet => "to come",
            Self::Moving => "in progress",
            Self::WaitsForYou => "waits for you",
            Self::RollingBack => "rolling back",
            Self::RolledBack => "rolled back",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::Skipped => "skipped",
            Self::Unknown(name) => name,
        }
    }
}

/// A stage of a strip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StripStage {
    /// Its name.
    pub name: String,
    /// How it stands.
    pub standing: Standing,
    /// The execution that is in it, or was the last one.
    pub execution: Option<ExecutionId>,
    /// The action that waits for a person, failed or works, by its name.
    pub action: Option<String>,
    /// How far that action is, 0 to 100, where it tells.
    pub percent: Option<u32>,
    /// Executions that wait at its entry.
    pub inbound: usize,
    /// Whether the way into it is switched off.
    pub held: bool,
}

/// How a whole pipeline stands, the worst first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PipelineStanding {
    /// A stage failed, and no newer execution has come since.
    Failed,
    /// An approval waits for a person.
    WaitsForYou,
    /// A stage goes back to what an earlier execution brought.
    RollingBack,
    /// An execution is under way.
    Moving,
    /// Nothing moves, and the way into a stage is switched off.
    Held,
    /// A stage says something that this version does not know, by its name.
    Unknown(String),
    /// The last execution was stopped.
    Stopped,
    /// Nothing moves, and a stage went back to what an earlier execution brought.
    RolledBack,
    /// Nothing moves and nothing is wrong.
    Succeeded,
    /// No execution has come yet.
    NeverRan,
}

impl PipelineStanding {
    /// The word for a screen.
    pub fn label(&self) -> &str {
        match self {
            Self::Failed => "failed",
            Self::WaitsForYou => "waits for you",
            Self::RollingBack => "rolling back",
            Self::Moving => "in progress",
            Self::Held => "transition off",
            Self::Unknown(name) => name,
            Self::Stopped => "stopped",
            Self::RolledBack => "rolled back",
            Self::Succeeded => "succeeded",
            Self::NeverRan => "never ran",
        }
    }

    /// Whether it is wrong in a way that somebody should look at.
    pub fn is_fault(&self) -> bool {
        matches!(self, Self::Failed | Self::RollingBack | Self::Unknown(_))
    }
}

/// The stages of a pipeline, in order. Without the structure an approval is known by its token only,
/// which a pipeline in the mode PARALLEL does not tell.
pub fn strip(state: &PipelineState, structure: Option<&PipelineStructure>) -> Vec<StripStage> {
    let leading = leading(state);
    let stages = state.stages.iter();
    stages
        .map(|stage| of_stage(stage, declared(structure, &stage.name), leading))
        .collect()
}

/// The execution that leads: the one that the first stage saw last. A rollback of a stage begins in
/// the middle and leads nothing.
pub fn leading(state: &PipelineState) -> Option<&ExecutionId> {
    let first = state.stages.first()?.latest.as_ref()?;
    Some(&first.id)
}

fn declared<'a>(
    structure: Option<&'a PipelineStructure>,
    stage: &str,
) -> Option<&'a StageDeclaration> {
    structure?.stages.iter().find(|one| one.name == stage)
}

fn of_stage(
    stage: &StageState,
    declared: Option<&StageDeclaration>,
    leading: Option<&ExecutionId>,
) -> StripStage {
    let standing = standing_of_stage(stage, declared, leading);
    let action = decisive(stage, declared, &standing);
    let run = action.and_then(|action| action.latest.as_ref());
    StripStage {
        name: stage.name.clone(),
        execution: stage.latest.as_ref().map(|latest| latest.id.clone()),
        action: action.map(|action| action.name.clone()),
        percent: run
            .filter(|_| standing == Standing::Moving)
            .and_then(|run| run.percent),
        inbound: stage.inbound.len(),
        held: stage.transition.as_ref().is_some_and(|way| !way.enabled),
        standing,
    }
}

/// How a stage stands. `leading` is the execution that leads the pipeline.
fn standing_of_stage(
    stage: &StageState,
    declared: Option<&StageDeclaration>,
    leading: Option<&ExecutionId>,
) -> Standing {
    let Some(latest) = &stage.latest else {
        return Standing::NotYet;
    };
    match &latest.status {
        StageStatus::InProgress if waiting_approval(stage, declared).is_some() => {
            Standing::WaitsForYou
        }
        StageStatus::InProgress if latest.rollback => Standing::RollingBack,
        StageStatus::InProgress | StageStatus::Stopping => Standing::Moving,
        StageStatus::Failed => Standing::Failed,
        StageStatus::Stopped | StageStatus::Cancelled => Standing::Stopped,
        StageStatus::Succeeded if latest.rollback => Standing::RolledBack,
        StageStatus::Succeeded | StageStatus::Skipped if leading != Some(&latest.id) => {
            Standing::NotYet
        }
        StageStatus::Succeeded => Standing::Succeeded,
        StageStatus::Skipped => Standing::Skipped,
        StageStatus::Unknown(name) => Standing::Unknown(name.clone()),
    }
}

/// The action that tells most of how a stage stands: the approval that waits, what works, or what
/// failed last.
fn decisive<'a>(
    stage: &'a StageState,
    declared: Option<&StageDeclaration>,
    standing: &Standing,
) -> Option<&'a ActionState> {
    match standing {
        Standing::WaitsForYou => waiting_approval(stage, declared),
        Standing::Moving | Standing::RollingBack => {
            latest_with(stage, |run| run.status == ActionStatus::InProgress)
        }
        Standing::Failed => latest_with(stage, |run| run.status == ActionStatus::Failed),
        _ => None,
    }
}

/// Of the actions that ran and pass, the one that changed last: what an earlier execution left
/// behind is older.
fn latest_with(stage: &StageState, passes: impl Fn(&ActionRun) -> bool) -> Option<&ActionState> {
    let ran = stage.actions.iter().filter_map(|action| {
        let run = action.latest.as_ref()?;
        passes(run).then_some((run.changed_at, action))
    });
    ran.max_by_key(|(at, _)| *at).map(|(_, action)| action)
}

/// The approval of a stage that waits for a person.
fn waiting_approval<'a>(
    stage: &'a StageState,
    declared: Option<&StageDeclaration>,
) -> Option<&'a ActionState> {
    stage.actions.iter().find(|action| {
        let run = action.latest.as_ref();
        let declared = declared.and_then(|stage| {
            let mut actions = stage.actions.iter();
            actions.find(|one| one.name == action.name)
        });
        let approval = match declared {
            Some(declared) => declared.category == Category::Approval,
            None => run.is_some_and(|run| run.token.is_some()),
        };
        approval && run.is_some_and(|run| run.status == ActionStatus::InProgress)
    })
}

/// How an action stands for the execution that is in its stage. `GetPipelineState` goes on telling
/// what an earlier execution did in an action until it runs again: behind an action that works, waits
/// or failed nothing has run yet. `standing` is how the stage stands.
pub fn of_action(
    standing: &Standing,
    stage: &StageState,
    declared: Option<&StageDeclaration>,
    action: &ActionState,
) -> Standing {
    let Some(run) = &action.latest else {
        return Standing::NotYet;
    };
    if *standing == Standing::NotYet || comes_later(stage, declared, action) {
        return Standing::NotYet;
    }
    let rollback = stage.latest.as_ref().is_some_and(|latest| latest.rollback);
    let waits = waiting_approval(stage, declared).map(|approval| &approval.name);
    match &run.status {
        ActionStatus::InProgress if waits == Some(&action.name) => Standing::WaitsForYou,
        ActionStatus::InProgress if rollback => Standing::RollingBack,
        ActionStatus::InProgress => Standing::Moving,
        ActionStatus::Abandoned => Standing::Stopped,
        ActionStatus::Succeeded => Standing::Succeeded,
        ActionStatus::Failed => Standing::Failed,
        ActionStatus::Unknown(name) => Standing::Unknown(name.clone()),
    }
}

/// Whether an action runs after one that is not through. Only the structure tells the order.
fn comes_later(
    stage: &StageState,
    declared: Option<&StageDeclaration>,
    action: &ActionState,
) -> bool {
    let over = stage.latest.as_ref().is_some_and(|latest| {
        matches!(latest.status, StageStatus::Succeeded | StageStatus::Skipped)
    });
    let order = |name: &str| {
        let mut actions = declared?.actions.iter();
        let found = actions.find(|one| one.name == name)?;
        Some(found.run_order)
    };
    let Some(own) = order(&action.name).filter(|_| !over) else {
        return false;
    };
    let at = action.latest.as_ref().and_then(|run| run.changed_at);
    stage.actions.iter().any(|other| {
        let run = other.latest.as_ref();
        let through = run.is_none_or(|run| run.status == ActionStatus::Succeeded);
        let newer = run.and_then(|run| run.changed_at) > at;
        !through && newer && order(&other.name).is_some_and(|other| other < own)
    })
}

/// How a whole pipeline stands, by its strip.
pub fn standing(strip: &[StripStage]) -> PipelineStanding {
    let leading = strip.first().and_then(|stage| stage.execution.as_ref());
    let any = |wanted: &Standing| strip.iter().any(|stage| stage.standing == *wanted);
    let under_way =
        any(&Standing::Moving) || any(&Standing::WaitsForYou) || any(&Standing::RollingBack);
    let failed = |stage: &StripStage| {
        stage.standing == Standing::Failed && (!under_way || stage.execution.as_ref() == leading)
    };
    if strip.iter().any(failed) {
        return PipelineStanding::Failed;
    }
    let unknown = strip.iter().find_map(|stage| match &stage.standing {
        Standing::Unknown(name) => Some(PipelineStanding::Unknown(name.clone())),
        _ => None,
    });
    match unknown {
        _ if any(&Standing::WaitsForYou) => PipelineStanding::WaitsForYou,
        _ if any(&Standing::RollingBack) => PipelineStanding::RollingBack,
        _ if any(&Standing::Moving) => PipelineStanding::Moving,
        _ if strip.iter().any(|stage| stage.held) => PipelineStanding::Held,
        Some(unknown) => unknown,
        None if any(&Standing::Stopped) => PipelineStanding::Stopped,
        None if any(&Standing::RolledBack) => PipelineStanding::RolledBack,
        None if strip.iter().all(|stage| stage.execution.is_none()) => PipelineStanding::NeverRan,
        None => PipelineStanding::Succeeded,
    }
}

#[cfg(test)]
mod tests;
