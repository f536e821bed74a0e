//! Stages: try one again, bring back what was there, switch the way into it, pass its condition.

use super::answer::fits;
use super::{Draft, comes_next, deed, described, named, stage_of};
use crate::domain::call::{ConditionKind, PipelineCall, retry_mode};
use crate::domain::facts::PipelineFacts;
use crate::domain::intent::PipelineIntent;
use crate::domain::pipeline::{
    ActionStatus, ConditionState, ConditionStatus, ExecutionId, PipelineExecution, StageExecution,
    StageState, StageStatus,
};
use crate::domain::plan::{Check, PipelineEnd, Refusal};

/// The execution that is in a stage or was the last one there.
fn holder(stage: &StageState) -> Result<&StageExecution, Refusal> {
    let none = || Refusal::new(format!("no execution has reached {}", stage.name));
    stage.latest.as_ref().ok_or_else(none)
}

/// Tries a failed stage again with the execution that failed in it.
pub(super) fn retry(
    intent: &PipelineIntent,
    facts: &PipelineFacts,
    name: &str,
    all: bool,
) -> Result<Draft, Refusal> {
    let stage = stage_of(facts, name)?;
    let latest = holder(stage)?;
    if latest.status != StageStatus::Failed {
        return Err(Refusal::new(format!(
            "{name} is {}, and only a failed stage can be retried",
            latest.status.name()
        )));
    }
    let failed: Vec<&str> = stage
        .actions
        .iter()
        .filter(|action| {
            let run = action.latest.as_ref();
            run.is_some_and(|run| run.status == ActionStatus::Failed)
        })
        .map(|action| action.name.as_str())
        .collect();
    let what = if all || failed.is_empty() {
        "all actions of the stage run again".to_owned()
    } else {
        format!("{} runs again, what succeeded is kept", failed.join(", "))
    };
    Ok(Draft {
        how: format!("CodePipeline RetryStageExecution, {}", retry_mode(all)),
        what: format!("{name}, {}", named(facts, &latest.id)),
        to: None,
        then: vec![what],
        checks: waiting(stage),
        call: PipelineCall::RetryStageExecution {
            pipeline: intent.pipeline.clone(),
            stage: name.to_owned(),
            execution: latest.id.clone(),
            all,
        },
        end: PipelineEnd::StageSucceeds {
            stage: name.to_owned(),
            execution: Some(latest.id.clone()),
        },
    })
}

/// Who waits at the entry.
fn waiting(stage: &StageState) -> Vec<Check> {
    let inbound = stage.inbound.iter();
    let checks: Vec<Check> = inbound
        .map(|other| Check::warning(format!("execution {} waits to enter it", other.id.short())))
        .collect();
    if checks.is_empty() {
        vec![Check::good("no other execution waits to enter it")]
    } else {
        checks
    }
}

/// Brings back into a stage what an earlier execution brought there.
pub(super) fn roll_back(
    intent: &PipelineIntent,
    facts: &PipelineFacts,
    name: &str,
    to: Option<&ExecutionId>,
) -> Result<Draft, Refusal> {
    let stage = stage_of(facts, name)?;
    let latest = holder(stage)?;
    let first = facts.state.as_ref().and_then(|state| state.stages.first());
    if first.is_some_and(|first| first.name == name) {
        // CodePipeline user guide, "Considerations for rollbacks".
        return Err(Refusal::new(format!(
            "{name} brings the sources: it cannot be rolled back"
        ))
        .instead("roll back the stage that deploys"));
    }
    if latest.status == StageStatus::InProgress {
        return Err(Refusal::new(format!(
            "execution {} is in {name}: a stage in progress cannot be rolled back",
            latest.id.short()
        ))
        .instead("stop the execution first, or roll the service back itself"));
    }
    let target = target(facts, name, &latest.id, to)?;
    let structure = facts.structure.as_ref().ok();
    let declared = structure.and_then(|known| known.stages.iter().find(|one| one.name == name));
    let deeds: Vec<String> =
        declared.map_or_else(Vec::new, |stage| stage.actions.iter().map(deed).collect());
    let mut then = vec![format!(
        "a new execution of type ROLLBACK runs {name} with what {} brought",
        target.id.short()
    )];
    then.extend(deeds);
    let mut checks = vec![Check::good(format!(
        "{} succeeded in {name}",
        target.id.short()
    ))];
    checks.extend(waiting(stage).into_iter().filter(|check| {
        // That nobody waits is no news for a rollback.
        check.verdict != crate::domain::plan::Verdict::Good
    }));
    Ok(Draft {
        how: "CodePipeline RollbackStage".into(),
        what: format!("{name}, now with execution {}", latest.id.short()),
        to: Some(described(target)),
        then,
        checks,
        call: PipelineCall::RollbackStage {
            pipeline: intent.pipeline.clone(),
            stage: name.to_owned(),
            to: target.id.clone(),
        },
        end: PipelineEnd::StageSucceeds {
            stage: name.to_owned(),
            execution: None,
        },
    })
}

/// The execution to go back to: the chosen one, or the newest other one that succeeded there. One
/// that was a rollback itself is none (CodePipeline user guide, "Rolling back a stage").
fn target<'a>(
    facts: &'a PipelineFacts,
    stage: &str,
    now: &ExecutionId,
    chosen: Option<&ExecutionId>,
) -> Result<&'a PipelineExecution, Refusal> {
    let succeeded = facts.succeeded.as_ref().map_err(|failure| {
        Refusal::new(format!(
            "the executions that succeeded in {stage} could not be read: {}",
            failure.message
        ))
        .instead(failure.advice())
    })?;
    let mut able = succeeded.iter().filter(|one| !one.rollback);
    match chosen {
        Some(id) if id == now => Err(Refusal::new(format!("{} is in {stage} now", id.short()))),
        Some(id) => able.find(|one| one.id == *id).ok_or_else(|| {
            Refusal::new(format!(
                "execution {} did not succeed in {stage}, or was a rollback itself",
                id.short()
            ))
        }),
        None => able
            .find(|one| one.id != *now)
            .ok_or_else(|| Refusal::new(format!("no earlier execution has succeeded in {stage}"))),
    }
}

/// Switches the way into a stage on or off.
pub(super) fn switch(
    intent: &PipelineIntent,
    facts: &PipelineFacts,
    name: &str,
    enabled: bool,
    reason: &str,
) -> Result<Draft, Refusal> {
    let stage = stage_of(facts, name)?;
    if let Some(words) = intent.wish.words() {
        fits(reason, words)?;
    }
    let first = facts.state.as_ref().and_then(|state| state.stages.first());
    let Some(way) = stage.transition.as_ref() else {
        let words = if first.is_some_and(|first| first.name == name) {
            format!("{name} is the first stage: there is no way into it to switch")
        } else {
            format!("AWS does not tell whether the way into {name} is on")
        };
        return Err(Refusal::new(words));
    };
    if way.enabled == enabled {
        let now = if enabled { "on" } else { "off" };
        return Err(Refusal::new(format!(
            "the way into {name} is {now} already"
        )));
    }
    let pipeline = intent.pipeline.clone();
    let stage_name = name.to_owned();
    let (how, then, call) = if enabled {
        let next = stage.inbound.first().map_or_else(
            || "executions may enter again; none waits now".to_owned(),
            |next| format!("execution {} enters at once", next.id.short()),
        );
        let call = PipelineCall::EnableStageTransition {
            pipeline,
            stage: stage_name.clone(),
        };
        ("CodePipeline EnableStageTransition, inbound", next, call)
    } else {
        let held = "executions wait before it until somebody switches it on again".to_owned();
        let call = PipelineCall::DisableStageTransition {
            pipeline,
            stage: stage_name.clone(),
            reason: reason.to_owned(),
        };
        ("CodePipeline DisableStageTransition, inbound", held, call)
    };
    Ok(Draft {
        how: how.to_owned(),
        what: format!("the way into {name} of {}", intent.pipeline),
        to: None,
        then: vec![then],
        checks: inside(stage),
        call,
        end: PipelineEnd::TransitionIs {
            stage: stage_name,
            enabled,
        },
    })
}

/// What is in the stage already goes on whatever the way into it is.
fn inside(stage: &StageState) -> Vec<Check> {
    let latest = stage.latest.as_ref();
    let moving = latest.filter(|latest| latest.status == StageStatus::InProgress);
    moving.map_or_else(Vec::new, |latest| {
        vec![Check::warning(format!(
            "execution {} is in it already and goes on",
            latest.id.short()
        ))]
    })
}

/// Lets the execution pass the condition that holds it.
pub(super) fn pass(
    intent: &PipelineIntent,
    facts: &PipelineFacts,
    name: &str,
) -> Result<Draft, Refusal> {
    let stage = stage_of(facts, name)?;
    let latest = holder(stage)?;
    let holds = |state: &Option<ConditionState>| {
        let status = state.as_ref().and_then(|state| state.status.as_ref());
        matches!(
            status,
            Some(ConditionStatus::Failed | ConditionStatus::Errored)
        )
    };
    let (condition, state) = if holds(&stage.before_entry) {
        (ConditionKind::BeforeEntry, &stage.before_entry)
    } else if holds(&stage.on_success) {
        (ConditionKind::OnSuccess, &stage.on_success)
    } else {
        let words = format!("no condition of {name} holds an execution");
        return Err(Refusal::new(words));
    };
    let rules = state.iter().flat_map(|state| &state.rules);
    let broken = rules.filter(|rule| {
        matches!(
            rule.status,
            Some(ConditionStatus::Failed | ConditionStatus::Errored)
        )
    });
    let checks = broken
        .map(|rule| {
            let said = rule
                .summary
                .as_deref()
                .map_or_else(String::new, |said| format!(": {said}"));
            Check::warning(format!("the rule {} does not hold{said}", rule.name))
        })
        .collect();
    let next = match condition {
        ConditionKind::BeforeEntry => format!("it enters {name} although the condition failed"),
        ConditionKind::OnSuccess => {
            let structure = facts.structure.as_ref().ok();
            let next = structure.and_then(|known| comes_next(known, name, None));
            next.map_or_else(
                || format!("{name} counts as succeeded although the condition failed"),
                |next| format!("it goes on with {next} although the condition failed"),
            )
        }
    };
    Ok(Draft {
        how: format!("CodePipeline OverrideStageCondition, {}", condition.name()),
        what: format!("{name}, {}", named(facts, &latest.id)),
        to: None,
        then: vec![next],
        checks,
        call: PipelineCall::OverrideStageCondition {
            pipeline: intent.pipeline.clone(),
            stage: name.to_owned(),
            execution: latest.id.clone(),
            condition,
        },
        end: PipelineEnd::ConditionPassed {
            stage: name.to_owned(),
            execution: latest.id.clone(),
        },
    })
}
