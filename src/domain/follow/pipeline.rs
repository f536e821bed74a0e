//! Whether an action on a pipeline has taken effect.

use super::Progress;
use crate::domain::context::caller_name;
use crate::domain::pipeline::{
    ActionStatus, ConditionStatus, ExecutionId, ExecutionStatus, PipelineExecution, PipelineState,
    StageState, StageStatus,
};
use crate::domain::plan::{PipelineEnd, PipelineGoal};

/// What was last read of the pipeline, after the call was made.
#[derive(Copy, Clone, Debug, Default)]
pub struct PipelineSeen<'a> {
    /// Where it stands.
    pub state: Option<&'a PipelineState>,
    /// Its executions, newest first.
    pub executions: &'a [PipelineExecution],
}

impl<'a> PipelineSeen<'a> {
    fn execution(&self, id: &ExecutionId) -> Option<&'a PipelineExecution> {
        self.executions.iter().find(|one| one.id == *id)
    }

    fn stage(&self, name: &str) -> Option<&'a StageState> {
        self.state?.stage(name)
    }
}

/// Judges the goal of an action on a pipeline by what was last read.
pub(super) fn progress(goal: &PipelineGoal, seen: PipelineSeen<'_>) -> Progress {
    if seen.state.is_none() && seen.executions.is_empty() {
        return Progress::Waiting("the pipeline to be read".into());
    }
    match &goal.end {
        PipelineEnd::ApprovalAnswered {
            stage,
            action,
            execution,
            approved,
        } => answered(seen, (stage, action), execution, *approved),
        PipelineEnd::ExecutionStarted(execution) => started(seen, execution.as_ref()),
        PipelineEnd::ExecutionStopped(execution) => stopped(seen, execution),
        PipelineEnd::StageSucceeds { stage, execution } => {
            stage_succeeds(seen, stage, execution.as_ref())
        }
        PipelineEnd::TransitionIs { stage, enabled } => switched(seen, stage, *enabled),
        PipelineEnd::ConditionPassed { stage, execution } => passed(seen, stage, execution),
    }
}

/// The places where an execution is now, in words.
fn place(state: Option<&PipelineState>, execution: &ExecutionId) -> Option<String> {
    let stages = state.map_or(&[][..], |state| &state.stages);
    let waits = stages.iter().find(|stage| {
        let mut inbound = stage.inbound.iter();
        inbound.any(|waiting| waiting.id == *execution)
    });
    if let Some(stage) = waits {
        return Some(format!("it waits before {}", stage.name));
    }
    let inside = stages.iter().rev().find(|stage| {
        let latest = stage.latest.as_ref();
        latest.is_some_and(|latest| latest.id == *execution)
    })?;
    Some(format!("it is in {}", inside.name))
}

fn answered(
    seen: PipelineSeen<'_>,
    (stage, action): (&str, &str),
    execution: &ExecutionId,
    approved: bool,
) -> Progress {
    let known = seen.execution(execution);
    let here = seen.stage(stage).filter(|stage| {
        let latest = stage.latest.as_ref();
        latest.is_some_and(|latest| latest.id == *execution)
    });
    let run = here.and_then(|stage| stage.action(action)?.latest.as_ref());
    match (run, approved) {
        (Some(run), _) if run.status == ActionStatus::InProgress => {
            Progress::Waiting(format!("{action}, which still waits for an answer"))
        }
        (Some(run), true) if run.status == ActionStatus::Succeeded => {
            let at = place(seen.state, execution).unwrap_or_default();
            Progress::Reached(format!("APPROVED: {at}"))
        }
        (Some(run), false) if run.status == ActionStatus::Failed => {
            Progress::Reached(format!("REJECTED: {stage} failed"))
        }
        (Some(run), _) => {
            let by = run
                .updated_by
                .as_deref()
                .map_or_else(String::new, |by| format!(" by {}", caller_name(by)));
            Progress::Missed(format!("{action} is {}{by}", run.status.name()))
        }
        // It has left the stage: in a PARALLEL pipeline the state speaks of another.
        (None, _) => match known.map(|known| &known.status) {
            Some(ExecutionStatus::Failed) if !approved => {
                Progress::Reached("REJECTED: the execution failed".into())
            }
            Some(ExecutionStatus::InProgress | ExecutionStatus::Succeeded) if approved => {
                let at = place(seen.state, execution);
                Progress::Reached(at.map_or_else(
                    || "APPROVED: the execution went on".to_owned(),
                    |at| format!("APPROVED: {at}"),
                ))
            }
            Some(status) => Progress::Missed(format!("the execution is {}", status.name())),
            None => Progress::Waiting("the execution to be read".into()),
        },
    }
}

fn started(seen: PipelineSeen<'_>, execution: Option<&ExecutionId>) -> Progress {
    let Some(id) = execution else {
        return Progress::Missed("AWS did not name the execution that it started".into());
    };
    match seen.execution(id) {
        Some(known) => Progress::Reached(format!(
            "execution {} is {}",
            id.short(),
            known.status.name()
        )),
        None => Progress::Waiting(format!("execution {} to appear", id.short())),
    }
}

fn stopped(seen: PipelineSeen<'_>, execution: &ExecutionId) -> Progress {
    let Some(known) = seen.execution(execution) else {
        return Progress::Waiting("the execution to be read".into());
    };
    match &known.status {
        ExecutionStatus::Stopped => Progress::Reached("STOPPED".into()),
        ExecutionStatus::Stopping => {
            Progress::Waiting("Stopping: actions under way end first".into())
        }
        status if status.is_over() => Progress::Missed(format!(
            "the execution was {} before it could be stopped",
            status.name()
        )),
        status => Progress::Waiting(format!("the execution, which is {}", status.name())),
    }
}

fn stage_succeeds(seen: PipelineSeen<'_>, name: &str, execution: Option<&ExecutionId>) -> Progress {
    let Some(id) = execution else {
        return Progress::Missed("AWS did not name the execution that it started".into());
    };
    let here = seen.stage(name).and_then(|stage| stage.latest.as_ref());
    if let Some(latest) = here.filter(|latest| latest.id == *id) {
        return match &latest.status {
            StageStatus::Succeeded => Progress::Reached(format!("{name} succeeded")),
            StageStatus::InProgress | StageStatus::Stopping => {
                Progress::Waiting(format!("{name}, which is {}", latest.status.name()))
            }
            StageStatus::Unknown(status) => Progress::Waiting(format!("{name}, which is {status}")),
            status => Progress::Missed(format!("{name} is {}", status.name())),
        };
    }
    match seen.execution(id).map(|known| &known.status) {
        Some(ExecutionStatus::Succeeded) => Progress::Reached(format!("{name} succeeded")),
        Some(status) if status.is_over() => {
            Progress::Missed(format!("the execution is {}", status.name()))
        }
        _ => Progress::Waiting(format!("execution {} to enter {name}", id.short())),
    }
}

fn switched(seen: PipelineSeen<'_>, name: &str, enabled: bool) -> Progress {
    let words = if enabled { "on" } else { "off" };
    let way = seen.stage(name).and_then(|stage| stage.transition.as_ref());
    match way {
        Some(way) if way.enabled == enabled => {
            Progress::Reached(format!("the way into {name} is {words}"))
        }
        Some(_) => Progress::Waiting(format!("the way into {name} to be {words}")),
        None => Progress::Waiting("the way into the stage to be read".into()),
    }
}

fn passed(seen: PipelineSeen<'_>, name: &str, execution: &ExecutionId) -> Progress {
    let Some(stage) = seen.stage(name) else {
        return Progress::Waiting("the stage to be read".into());
    };
    let holds = [&stage.before_entry, &stage.on_success]
        .into_iter()
        .flatten()
        .any(|state| {
            matches!(
                state.status,
                Some(ConditionStatus::Failed | ConditionStatus::Errored)
            )
        });
    let same = stage
        .latest
        .as_ref()
        .is_some_and(|latest| latest.id == *execution && latest.status != StageStatus::Failed);
    if same || !holds {
        let at = place(seen.state, execution).unwrap_or_else(|| "it went on".to_owned());
        Progress::Reached(format!("the condition was overridden: {at}"))
    } else {
        Progress::Waiting("the condition, which still holds it".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::pipeline::fixture::{
        NEW, OLD, action, execution, execution_id, gated, in_stage, shop,
    };

    fn judged(end: PipelineEnd, state: &PipelineState, known: &[PipelineExecution]) -> Progress {
        let goal = PipelineGoal {
            pipeline: shop(),
            end,
        };
        let seen = PipelineSeen {
            state: Some(state),
            executions: known,
        };
        progress(&goal, seen)
    }

    fn answer(approved: bool) -> PipelineEnd {
        PipelineEnd::ApprovalAnswered {
            stage: "Gate".into(),
            action: "Approve".into(),
            execution: execution_id(NEW),
            approved,
        }
    }

    /// `NEW` after its approval came to a status.
    fn after(status: ActionStatus) -> PipelineState {
        let mut state = gated();
        state.stages[1].actions[0] = action("Approve", Some((status, 1_100)));
        state
    }

    #[test]
    fn an_approval_is_proved_by_its_action_and_by_where_the_execution_went() {
        let waits = judged(answer(true), &gated(), &[]);
        assert!(matches!(waits, Progress::Waiting(text) if text.contains("still waits")));
        let mut moved = after(ActionStatus::Succeeded);
        moved.stages[2].latest = Some(in_stage(NEW, StageStatus::InProgress));
        assert_eq!(
            judged(answer(true), &moved, &[]),
            Progress::Reached("APPROVED: it is in Prod".into())
        );
        assert_eq!(
            judged(answer(false), &after(ActionStatus::Failed), &[]),
            Progress::Reached("REJECTED: Gate failed".into())
        );
    }

    #[test]
    fn an_approval_that_came_out_otherwise_is_missed_and_says_who() {
        let mut rejected = after(ActionStatus::Failed);
        let run = rejected.stages[1].actions[0].latest.as_mut().unwrap();
        run.updated_by = Some("arn:aws:iam::1:user/ann".into());
        assert_eq!(
            judged(answer(true), &rejected, &[]),
            Progress::Missed("Approve is Failed by ann".into())
        );
    }

    #[test]
    fn where_the_state_speaks_of_another_execution_the_execution_tells() {
        let mut other = gated();
        other.stages[1].latest = Some(in_stage(OLD, StageStatus::InProgress));
        let told = |approved, status| {
            let known = [execution(NEW, status, 500)];
            judged(answer(approved), &other, &known)
        };
        assert!(matches!(
            told(true, ExecutionStatus::InProgress),
            Progress::Reached(_)
        ));
        assert!(matches!(
            told(false, ExecutionStatus::Failed),
            Progress::Reached(_)
        ));
        assert_eq!(
            told(true, ExecutionStatus::Superseded),
            Progress::Missed("the execution is Superseded".into())
        );
        assert!(matches!(
            judged(answer(true), &other, &[]),
            Progress::Waiting(_)
        ));
    }

    #[test]
    fn an_execution_that_is_stopped_ends_stopped_or_is_missed() {
        let told = |status| {
            let end = PipelineEnd::ExecutionStopped(execution_id(NEW));
            judged(end, &gated(), &[execution(NEW, status, 500)])
        };
        assert_eq!(
            told(ExecutionStatus::Stopped),
            Progress::Reached("STOPPED".into())
        );
        assert!(matches!(
            told(ExecutionStatus::Stopping),
            Progress::Waiting(_)
        ));
        assert!(matches!(
            told(ExecutionStatus::Succeeded),
            Progress::Missed(_)
        ));
    }

    #[test]
    fn a_retry_is_proved_when_the_stage_succeeds_and_missed_when_it_fails_again() {
        let told = |status| {
            let mut state = gated();
            state.stages[2].latest = Some(in_stage(NEW, status));
            let end = PipelineEnd::StageSucceeds {
                stage: "Prod".into(),
                execution: Some(execution_id(NEW)),
            };
            judged(end, &state, &[])
        };
        assert!(matches!(
            told(StageStatus::InProgress),
            Progress::Waiting(_)
        ));
        assert!(matches!(told(StageStatus::Succeeded), Progress::Reached(_)));
        assert_eq!(
            told(StageStatus::Failed),
            Progress::Missed("Prod is Failed".into())
        );
    }

    #[test]
    fn a_switch_and_a_start_are_proved_by_what_is_read() {
        let off = PipelineEnd::TransitionIs {
            stage: "Prod".into(),
            enabled: false,
        };
        assert!(matches!(
            judged(off.clone(), &gated(), &[]),
            Progress::Waiting(_)
        ));
        let mut closed = gated();
        closed.stages[2].transition.as_mut().unwrap().enabled = false;
        assert!(matches!(judged(off, &closed, &[]), Progress::Reached(_)));

        let begun = PipelineEnd::ExecutionStarted(Some(execution_id(NEW)));
        assert!(matches!(
            judged(begun.clone(), &gated(), &[]),
            Progress::Waiting(_)
        ));
        let known = [execution(NEW, ExecutionStatus::InProgress, 500)];
        assert!(matches!(
            judged(begun, &gated(), &known),
            Progress::Reached(_)
        ));
    }
}
