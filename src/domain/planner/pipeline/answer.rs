//! The answer to an approval.

use super::{Draft, closed_after, comes_next, named, stage_of};
use crate::domain::call::PipelineCall;
use crate::domain::facts::{Approval, PipelineFacts};
use crate::domain::intent::{PipelineIntent, PipelineWish, Words};
use crate::domain::pipeline::{ExecutionId, ExecutionStatus};
use crate::domain::plan::{Check, PipelineEnd, Refusal};

/// Approves or rejects. Only a request that waits for this very execution is answered.
pub(super) fn answer(intent: &PipelineIntent, facts: &PipelineFacts) -> Result<Draft, Refusal> {
    let PipelineWish::Answer {
        stage,
        action,
        execution,
        approve,
        reason,
    } = &intent.wish
    else {
        return Err(Refusal::new("this is no answer to an approval"));
    };
    stage_of(facts, stage)?;
    if let Some(words) = intent.wish.words() {
        fits(reason, words)?;
    }
    over(facts, execution)?;
    let approval = facts.approval(stage, action, execution);
    let Approval::Waits { token } = approval else {
        return Err(Refusal::new(approval.told()));
    };
    Ok(Draft {
        how: format!(
            "CodePipeline PutApprovalResult, {}",
            if *approve { "Approved" } else { "Rejected" }
        ),
        what: format!("{stage}/{action}, {}", named(facts, execution)),
        to: None,
        then: then(facts, stage, action, *approve),
        checks: checks(facts, stage, execution),
        call: PipelineCall::PutApprovalResult {
            pipeline: intent.pipeline.clone(),
            stage: stage.clone(),
            action: action.clone(),
            token,
            approve: *approve,
            summary: reason.clone(),
        },
        end: PipelineEnd::ApprovalAnswered {
            stage: stage.clone(),
            action: action.clone(),
            execution: execution.clone(),
            approved: *approve,
        },
    })
}

/// Refuses words that AWS would not take.
pub(super) fn fits(reason: &str, words: Words) -> Result<(), Refusal> {
    words.check(reason).map_err(Refusal::new)
}

/// Refuses to answer for an execution that is over.
fn over(facts: &PipelineFacts, execution: &ExecutionId) -> Result<(), Refusal> {
    let read = facts.execution.as_ref().ok().and_then(Option::as_ref);
    let Some(read) = read.filter(|read| read.status.is_over()) else {
        return Ok(());
    };
    let id = execution.short();
    let words = match &read.status {
        ExecutionStatus::Superseded => {
            format!("execution {id} was superseded by a newer one: nothing of it waits any more")
        }
        status => format!("execution {id} is {}", status.name()),
    };
    Err(Refusal::new(words))
}

fn then(facts: &PipelineFacts, stage: &str, action: &str, approve: bool) -> Vec<String> {
    if !approve {
        let mut then = vec![format!(
            "the stage {stage} fails, and the execution ends Failed"
        )];
        let structure = facts.structure.as_ref().ok();
        let declared =
            structure.and_then(|known| known.stages.iter().find(|one| one.name == stage));
        if let Some(result) = declared.and_then(|one| one.on_failure.as_deref()) {
            then.push(format!("on failure the stage is configured to {result}"));
        }
        return then;
    }
    let next = match &facts.structure {
        Ok(structure) => comes_next(structure, stage, Some(action)).map_or_else(
            || "it is the last action: the execution ends Succeeded".to_owned(),
            |next| format!("the execution goes on at once with {next}"),
        ),
        Err(_) => "the execution goes on at once".to_owned(),
    };
    let mut then = vec![next];
    then.extend(closed_after(facts, stage).map(|closed| format!("but {closed}")));
    then
}

fn checks(facts: &PipelineFacts, stage: &str, execution: &ExecutionId) -> Vec<Check> {
    let mut checks = vec![Check::good("the approval waits for this execution")];
    let state = facts.stage(stage);
    let waiting = state.map_or(&[][..], |state| &state.inbound);
    for other in waiting.iter().filter(|other| other.id != *execution) {
        checks.push(Check::warning(format!(
            "execution {} waits behind it",
            other.id.short()
        )));
    }
    if let Err(failure) = &facts.structure {
        checks.push(Check::unknown(format!(
            "what comes next: the structure could not be read ({})",
            failure.short()
        )));
    }
    if let Err(failure) = &facts.execution {
        checks.push(Check::unknown(format!(
            "what it brings: the execution could not be read ({})",
            failure.short()
        )));
    }
    checks
}
