//! `PutApprovalResult`.

use serde_json::{Value, json};

use super::lookup;
use super::shape::APPROVAL_INPUT;
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::codepipeline::pipeline::{Pipeline, Provider};
use crate::sim::world::codepipeline::{ExecutionKey, RunKey};
use crate::sim::world::engine::pipelines::approval;

/// `PutApprovalResult`: the token says which request is answered, and each can be answered once.
pub fn put(region: &mut Region, input: Input<'_>) -> Answer {
    let name = lookup::name(input, "pipelineName")?;
    let stage_name = lookup::name(input, "stageName")?;
    let action_name = lookup::name(input, "actionName")?;
    let members = lookup::request(input, APPROVAL_INPUT)?;
    let result = members.get("result");
    let text = |name: &str| result.and_then(|one| one.get(name)).and_then(Value::as_str);
    let summary = text("summary").unwrap_or_default();
    lookup::check_length(summary, "result.summary", 0, 512)?;
    let token = lookup::id(input, "token")?;
    let (position, pipeline) = lookup::pipeline(region, name)?;
    let stage = lookup::stage(pipeline, stage_name)?;
    let action = action(pipeline, stage, action_name)?;
    let key = request(position, pipeline, stage, action, token)?;
    let answer = approval::Answer {
        approved: text("status") == Some("Approved"),
        summary: summary.to_owned(),
        by: lookup::caller(&region.ecs.place),
    };
    if region.answer_approval(key, answer) {
        return Ok(json!({"approvedAt": region.ecs.now.json()}));
    }
    Err(ApiError::new(
        "ApprovalAlreadyCompletedException",
        "The approval action has already been approved or rejected.",
    ))
}

/// The position of the approval action of this name in a stage.
fn action(pipeline: &Pipeline, stage: usize, name: &str) -> Result<usize, ApiError> {
    let stage = pipeline.stages.get(stage);
    let actions = stage.map(|one| one.actions.as_slice()).unwrap_or_default();
    let found = actions
        .iter()
        .position(|one| one.name == name && one.provider == Provider::Approval);
    found.ok_or_else(|| {
        ApiError::new(
            "ActionNotFoundException",
            format!(
                "The pipeline '{}' has no approval action '{name}' in this stage",
                pipeline.name
            ),
        )
    })
}

/// The run that a token belongs to.
fn request(
    position: usize,
    pipeline: &Pipeline,
    stage: usize,
    action: usize,
    token: &str,
) -> Result<RunKey, ApiError> {
    let executions = pipeline.executions.iter().enumerate().rev();
    let found = executions.filter_map(|(execution, one)| {
        let run = one.runs.iter().position(|run| {
            run.stage == stage && run.action == action && run.token.as_deref() == Some(token)
        })?;
        let execution = ExecutionKey {
            pipeline: position,
            execution,
        };
        Some(RunKey { execution, run })
    });
    found.into_iter().next().ok_or_else(|| {
        ApiError::new(
            "InvalidApprovalTokenException",
            "The approval token is not valid for this approval request.",
        )
    })
}
