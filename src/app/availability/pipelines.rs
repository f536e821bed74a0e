//! What the keys that act on pipelines would do, and why not.

use super::{Absent, Availability, On, Quiet, off};
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::app::selection::Selection;
use crate::app::store::Store;
use crate::domain::pipeline::{
    ConditionState, ConditionStatus, ExecutionId, PipelineName, StageExecution, StageState,
    StageStatus,
};
use crate::keys::Action;

/// What a key would do to the pipeline under the cursor; `None` where there is none, or where the key
/// means nothing to pipelines.
pub(super) fn acting(
    model: &Model,
    screen: &Screen,
    selected: &Selection,
    action: Action,
) -> Option<Availability> {
    let name = selected.pipeline.as_ref()?;
    let store = model.store(selected.context)?;
    let stage = selected.stage.as_deref();
    let state = stage.and_then(|stage| store.pipeline_state(name)?.stage(stage));
    let found = match action {
        Action::Approve | Action::Reject => answer(selected, action),
        Action::Start => On(format!("start {name}")),
        Action::StopRelease | Action::Abandon => stop(store, name, selected, action),
        Action::Retry | Action::RetryAll => on_stage(state, |stage| retry(stage, action)),
        Action::RollBack => on_stage(state, |stage| roll_back(screen, selected, stage)),
        Action::Transition => on_stage(state, switch),
        Action::Override => on_stage(state, pass),
        _ => return None,
    };
    Some(match found {
        On(_) if model.preferences.read_only => off("read-only"),
        other => other,
    })
}

fn on_stage(
    stage: Option<&StageState>,
    what: impl FnOnce(&StageState) -> Availability,
) -> Availability {
    stage.map_or_else(
        || Quiet("choose a stage of the pipeline first".into()),
        what,
    )
}

fn answer(selected: &Selection, action: Action) -> Availability {
    let verb = if action == Action::Approve {
        "approve"
    } else {
        "reject"
    };
    match &selected.approval {
        Some(approval) => On(format!("{verb} {}", approval.pipeline)),
        None => Quiet("no approval waits here".into()),
    }
}

fn stop(store: &Store, name: &PipelineName, selected: &Selection, action: Action) -> Availability {
    let Some(execution) = &selected.execution else {
        return Quiet("no execution is under way here".into());
    };
    let id = execution.short();
    let known = store.pipeline_execution(name, execution);
    match known.map(|known| &known.status) {
        Some(status) if status.is_over() => Quiet(format!("execution {id} is {}", status.name())),
        None if !is_under_way(store, name, execution) => {
            Quiet(format!("execution {id} is not under way"))
        }
        _ if action == Action::Abandon => On(format!("abandon {id}")),
        _ => On(format!("stop {id}")),
    }
}

/// Whether the state of the pipeline shows an execution in a stage or at the entry of one.
fn is_under_way(store: &Store, name: &PipelineName, id: &ExecutionId) -> bool {
    let stages = store.pipeline_state(name).into_iter();
    stages.flat_map(|state| &state.stages).any(|stage| {
        let inside = stage.latest.iter().chain(&stage.inbound);
        let mut own = inside.filter(|one| one.id == *id);
        own.any(StageExecution::is_in_flight)
    })
}

fn retry(stage: &StageState, action: Action) -> Availability {
    let name = &stage.name;
    match stage.latest.as_ref().map(|latest| &latest.status) {
        Some(StageStatus::Failed) if action == Action::RetryAll => {
            On(format!("retry all of {name}"))
        }
        Some(StageStatus::Failed) => On(format!("retry {name}")),
        Some(status) => Quiet(format!(
            "{name} is {}, and only a failed stage can be retried",
            status.name()
        )),
        None => Quiet(format!("no execution has reached {name}")),
    }
}

/// On the screen of an execution the stage goes to what that execution brought.
fn roll_back(screen: &Screen, selected: &Selection, stage: &StageState) -> Availability {
    let name = &stage.name;
    let Some(latest) = &stage.latest else {
        return Quiet(format!("no execution has reached {name}"));
    };
    if stage.transition.is_none() {
        return Quiet(format!(
            "{name} brings the sources: it cannot be rolled back"
        ));
    }
    let chosen = selected.execution.as_ref();
    match screen {
        Screen::Execution { .. } if chosen == Some(&latest.id) => {
            Quiet(format!("{name} has what this execution brought"))
        }
        Screen::Execution { .. } => On(format!("roll {name} back to this")),
        _ if latest.status == StageStatus::InProgress => Quiet(format!(
            "execution {} is in {name}: a stage in progress cannot be rolled back",
            latest.id.short()
        )),
        _ => On(format!("roll back {name}")),
    }
}

fn switch(stage: &StageState) -> Availability {
    let name = &stage.name;
    match &stage.transition {
        Some(way) if way.enabled => On(format!("close the way into {name}")),
        Some(_) => On(format!("open the way into {name}")),
        None => Quiet(format!("{name} has no way in to switch")),
    }
}

fn pass(stage: &StageState) -> Availability {
    let holds = |state: &Option<ConditionState>| {
        let status = state.as_ref().and_then(|state| state.status.as_ref());
        matches!(
            status,
            Some(ConditionStatus::Failed | ConditionStatus::Errored)
        )
    };
    if holds(&stage.before_entry) || holds(&stage.on_success) {
        On(format!("override the condition of {}", stage.name))
    } else {
        Absent
    }
}

/// Why an answer cannot be given to what waits here, where it is no approval of a pipeline.
pub(super) fn no_approval(screen: &Screen, selected: &Selection) -> Availability {
    match screen {
        Screen::Gates if selected.service.is_some() => {
            Quiet("this is a release: c cuts it over, R rolls it back".into())
        }
        _ => Absent,
    }
}
