//! Executions: start one, stop one.

use super::answer::fits;
use super::{Draft, named};
use crate::domain::call::PipelineCall;
use crate::domain::facts::PipelineFacts;
use crate::domain::intent::PipelineIntent;
use crate::domain::pipeline::{ExecutionId, ExecutionMode, ExecutionStatus};
use crate::domain::plan::{Check, PipelineEnd, Refusal};

/// Starts an execution of the newest revision of each source.
pub(super) fn start(intent: &PipelineIntent, facts: &PipelineFacts) -> Draft {
    let structure = facts.structure.as_ref().ok();
    let first = structure.and_then(|known| known.stages.first());
    let mut then = vec![match first {
        Some(first) => format!("{} brings the newest revision", first.name),
        None => "the newest revision of each source is brought".to_owned(),
    }];
    then.extend(match structure.and_then(|known| known.mode.as_ref()) {
        Some(ExecutionMode::Queued) => {
            Some("it waits at each stage for the execution before it".to_owned())
        }
        Some(ExecutionMode::Superseded) => {
            Some("an execution that waits at a stage is superseded by it".to_owned())
        }
        Some(ExecutionMode::Parallel) => Some("it runs beside those under way".to_owned()),
        _ => None,
    });
    Draft {
        how: "CodePipeline StartPipelineExecution".into(),
        what: format!("{}, a new execution", intent.pipeline),
        to: None,
        then,
        checks: under_way(facts),
        call: PipelineCall::StartPipelineExecution {
            pipeline: intent.pipeline.clone(),
        },
        end: PipelineEnd::ExecutionStarted(None),
    }
}

/// What is under way already.
fn under_way(facts: &PipelineFacts) -> Vec<Check> {
    let stages = facts.state.as_ref().map_or(&[][..], |state| &state.stages);
    let moving = stages.iter().filter_map(|stage| {
        let latest = stage.latest.as_ref()?;
        let moves = latest.status.name() == "InProgress";
        moves.then(|| format!("execution {} is in {}", latest.id.short(), stage.name))
    });
    let checks: Vec<Check> = moving.map(Check::warning).collect();
    if checks.is_empty() {
        vec![Check::good("no other execution is under way")]
    } else {
        checks
    }
}

/// Stops an execution.
pub(super) fn stop(
    intent: &PipelineIntent,
    facts: &PipelineFacts,
    execution: &ExecutionId,
    abandon: bool,
    reason: &str,
) -> Result<Draft, Refusal> {
    if let Some(words) = intent.wish.words() {
        fits(reason, words)?;
    }
    let mut checks = Vec::new();
    match &facts.execution {
        Ok(Some(read)) if read.status.is_over() => {
            let words = format!("execution {} is {}", execution.short(), read.status.name());
            return Err(Refusal::new(words));
        }
        Ok(Some(read)) if read.status == ExecutionStatus::Stopping && !abandon => {
            let words = format!("execution {} is being stopped already", execution.short());
            return Err(Refusal::new(words).instead("abandon it, if it takes too long"));
        }
        Ok(Some(read)) => checks.push(Check::good(format!("it is {}", read.status.name()))),
        Ok(None) => {
            let words = format!("there is no execution {} any more", execution.short());
            return Err(Refusal::new(words));
        }
        Err(failure) => checks.push(Check::unknown(format!(
            "how it stands could not be read ({})",
            failure.short()
        ))),
    }
    let then = if abandon {
        vec![
            "actions under way are left to themselves: what they have begun goes on".to_owned(),
            "a release that it has started is not stopped by this".to_owned(),
        ]
    } else {
        vec!["it is Stopping until the actions under way have ended, then Stopped".to_owned()]
    };
    Ok(Draft {
        how: format!(
            "CodePipeline StopPipelineExecution, {}",
            if abandon { "abandon" } else { "wait" }
        ),
        what: named(facts, execution),
        to: None,
        then,
        checks,
        call: PipelineCall::StopPipelineExecution {
            pipeline: intent.pipeline.clone(),
            execution: execution.clone(),
            abandon,
            reason: reason.to_owned(),
        },
        end: PipelineEnd::ExecutionStopped(execution.clone()),
    })
}
