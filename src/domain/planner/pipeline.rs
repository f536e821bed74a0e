//! Plans for pipelines: answer, start, stop, retry, roll back, switch, override.

mod answer;
mod execution;
mod stage;
#[cfg(test)]
mod tests;

use super::account_line;
use crate::domain::call::{Call, PipelineCall};
use crate::domain::facts::{Ground, PipelineFacts};
use crate::domain::intent::{Intent, PipelineIntent, PipelineWish};
use crate::domain::pipeline::source::Commit;
use crate::domain::pipeline::{
    ActionDeclaration, DeployTarget, ExecutionId, PipelineExecution, PipelineStructure, StageState,
};
use crate::domain::plan::{Check, Goal, PipelineEnd, PipelineGoal, Plan, Refusal};

/// The part of a plan that depends on the wish.
struct Draft {
    how: String,
    what: String,
    to: Option<String>,
    then: Vec<String>,
    checks: Vec<Check>,
    call: PipelineCall,
    end: PipelineEnd,
}

/// Makes the plan for a wish about a pipeline, or says why there is none.
pub(super) fn plan(intent: &PipelineIntent, facts: &PipelineFacts) -> Result<Plan, Refusal> {
    if facts.state.is_none() {
        let reason = format!("the pipeline {} is not there any more", intent.pipeline);
        return Err(Refusal::new(reason));
    }
    let draft = match &intent.wish {
        PipelineWish::Answer { .. } => answer::answer(intent, facts),
        PipelineWish::Start => Ok(execution::start(intent, facts)),
        PipelineWish::StopExecution {
            execution,
            abandon,
            reason,
        } => execution::stop(intent, facts, execution, *abandon, reason),
        PipelineWish::RetryStage { stage, all } => stage::retry(intent, facts, stage, *all),
        PipelineWish::RollBackStage { stage, to } => {
            stage::roll_back(intent, facts, stage, to.as_ref())
        }
        PipelineWish::SetTransition {
            stage,
            enabled,
            reason,
        } => stage::switch(intent, facts, stage, *enabled, reason),
        PipelineWish::OverrideCondition { stage } => stage::pass(intent, facts, stage),
    }?;
    Ok(Plan {
        intent: Intent::Pipeline(intent.clone()),
        how: draft.how,
        what: draft.what,
        to: draft.to,
        then: draft.then,
        checks: draft.checks,
        call: Call::Pipeline(draft.call),
        account: account_line(facts.identity.as_ref(), facts.region.as_deref()),
        production: facts.production,
        basis: Ground::Pipeline(facts.basis(&intent.wish)),
        goal: Goal::Pipeline(PipelineGoal {
            pipeline: intent.pipeline.clone(),
            end: draft.end,
        }),
        first: None,
    })
}

/// A stage, or the refusal that says that there is none of this name.
fn stage_of<'a>(facts: &'a PipelineFacts, name: &str) -> Result<&'a StageState, Refusal> {
    let missing = || Refusal::new(format!("there is no stage {name} in it any more"));
    facts.stage(name).ok_or_else(missing)
}

/// An execution with what it brings, in a line.
fn described(execution: &PipelineExecution) -> String {
    let id = execution.id.short();
    let brings: Vec<String> = execution
        .sources
        .iter()
        .filter_map(|source| {
            let commit = Commit::of_revision(source);
            match (commit.short(), commit.message.as_deref()) {
                (Some(revision), Some(message)) => Some(format!("{revision} \"{message}\"")),
                (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
                (None, None) => None,
            }
        })
        .collect();
    if brings.is_empty() {
        format!("execution {id}")
    } else {
        format!("execution {id}: {}", brings.join(", "))
    }
}

/// The execution that the wish is about, as far as it was read.
fn named(facts: &PipelineFacts, id: &ExecutionId) -> String {
    match &facts.execution {
        Ok(Some(execution)) if execution.id == *id => described(execution),
        _ => format!("execution {}", id.short()),
    }
}

/// What an action does, in a few words.
fn deed(action: &ActionDeclaration) -> String {
    match action.target() {
        Some(DeployTarget::Service { cluster, service }) => {
            format!("{}: ECS deploys {service} in {cluster}", action.name)
        }
        Some(DeployTarget::Group(group)) => {
            format!("{}: CodeDeploy deploys {}", action.name, group.application)
        }
        None => format!("{} ({})", action.name, action.provider),
    }
}

/// What runs after an action: the rest of its stage, else the next stage. `None` at the end, and
/// where the structure could not be read.
fn comes_next(structure: &PipelineStructure, stage: &str, action: Option<&str>) -> Option<String> {
    let place = structure.stages.iter().position(|one| one.name == stage)?;
    let here = structure.stages.get(place)?;
    if let Some(order) = action.and_then(|name| {
        let found = here.actions.iter().find(|one| one.name == name);
        found.map(|one| one.run_order)
    }) {
        let later = here.actions.iter().filter(|one| one.run_order > order);
        if let Some(next) = later.clone().map(|one| one.run_order).min() {
            let deeds: Vec<String> = later
                .filter(|one| one.run_order == next)
                .map(deed)
                .collect();
            return Some(deeds.join(" and "));
        }
    }
    let next = structure.stages.get(place + 1)?;
    let first = next.actions.iter().map(|one| one.run_order).min()?;
    let actions = next.actions.iter().filter(|one| one.run_order == first);
    let deeds: Vec<String> = actions.map(deed).collect();
    Some(format!("stage {}: {}", next.name, deeds.join(" and ")))
}

/// What holds an execution before the stage after this one, if something does.
fn closed_after(facts: &PipelineFacts, stage: &str) -> Option<String> {
    let stages = &facts.state.as_ref()?.stages;
    let place = stages.iter().position(|one| one.name == stage)?;
    let next = stages.get(place + 1)?;
    let transition = next.transition.as_ref().filter(|way| !way.enabled)?;
    let why = transition
        .reason
        .as_deref()
        .map_or_else(String::new, |reason| format!(": {reason}"));
    Some(format!("the way into {} is switched off{why}", next.name))
}
