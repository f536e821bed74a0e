//! `StopPipelineExecution`, `RetryStageExecution`, `RollbackStage`, `OverrideStageCondition`.

use serde_json::{Value, json};

use super::executions::check_room;
use super::lookup;
use super::shape::{RETRY_MODES, STOP_INPUT};
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::codepipeline::ExecutionKey;
use crate::sim::world::codepipeline::condition::Gate;
use crate::sim::world::codepipeline::execution::{ExecutionStatus, StopRequest, Trigger};
use crate::sim::world::codepipeline::pipeline::{Mode, Pipeline};

/// `StopPipelineExecution`. One that waits for its actions can still be abandoned.
pub fn stop(region: &mut Region, input: Input<'_>) -> Answer {
    let name = lookup::name(input, "pipelineName")?;
    let id = lookup::id(input, "pipelineExecutionId")?;
    lookup::request(input, STOP_INPUT)?;
    let abandon = input.boolean("abandon")?.unwrap_or(false);
    let reason = input.string("reason")?.unwrap_or_default();
    lookup::check_length(reason, "reason", 0, 200)?;
    let (position, pipeline) = lookup::pipeline(region, name)?;
    let found = pipeline.execution(id);
    let Some((execution, one)) = found.filter(|(_, one)| !one.status.is_over()) else {
        return Err(ApiError::new(
            "PipelineExecutionNotStoppableException",
            format!("The pipeline execution '{id}' is not in progress"),
        ));
    };
    let asked = one.stop.as_ref().map(|request| request.abandon);
    if one.status == ExecutionStatus::Stopping && asked == Some(abandon) {
        return Err(ApiError::new(
            "DuplicatedStopRequestException",
            format!("The pipeline execution '{id}' is already being stopped in this way"),
        ));
    }
    let key = ExecutionKey {
        pipeline: position,
        execution,
    };
    let request = StopRequest {
        abandon,
        reason: reason.to_owned(),
    };
    let answer = json!({"pipelineExecutionId": id});
    region.stop_execution(key, request);
    Ok(answer)
}

/// The stage and the execution that a request names, which has to be the latest one in the stage.
fn latest_in_stage(region: &Region, input: Input<'_>) -> Result<(usize, ExecutionKey), ApiError> {
    let name = lookup::name(input, "pipelineName")?;
    let stage_name = lookup::name(input, "stageName")?;
    let id = lookup::id(input, "pipelineExecutionId")?;
    let (position, pipeline) = lookup::pipeline(region, name)?;
    let stage = lookup::stage(pipeline, stage_name)?;
    let found = pipeline.execution(id);
    let in_stage = found
        .filter(|(execution, one)| is_latest(pipeline, stage, *execution) && one.stage == stage);
    let Some((execution, _)) = in_stage else {
        return Err(ApiError::new(
            "NotLatestPipelineExecutionException",
            format!("The execution '{id}' is not the latest one in the stage '{stage_name}'"),
        ));
    };
    let key = ExecutionKey {
        pipeline: position,
        execution,
    };
    Ok((stage, key))
}

/// Whether an execution is the latest one in a stage. In a PARALLEL pipeline each one is.
fn is_latest(pipeline: &Pipeline, stage: usize, execution: usize) -> bool {
    let latest = pipeline.stages.get(stage).and_then(|one| one.latest);
    pipeline.mode == Mode::Parallel || latest == Some(execution)
}

/// `RetryStageExecution`.
pub fn retry(region: &mut Region, input: Input<'_>) -> Answer {
    let mode = lookup::word(input, "retryMode", RETRY_MODES)?;
    let (_, key) = latest_in_stage(region, input)?;
    if let Some(pipeline) = region.codepipeline.pipelines.get(key.pipeline) {
        check_room(pipeline)?;
    }
    if !region.retry_stage(key, mode == "ALL_ACTIONS") {
        return Err(ApiError::new(
            "StageNotRetryableException",
            "The stage is not in a state in which it can be retried, or it has no failed actions",
        ));
    }
    Ok(id_of(region, key))
}

fn id_of(region: &Region, key: ExecutionKey) -> Value {
    let execution = region.codepipeline.execution(key);
    json!({"pipelineExecutionId": execution.map(|one| &one.id)})
}

/// `RollbackStage`: to an execution of the type STANDARD that succeeded in the stage.
pub fn roll_back(region: &mut Region, input: Input<'_>) -> Answer {
    let name = lookup::name(input, "pipelineName")?;
    let stage_name = lookup::name(input, "stageName")?;
    let id = lookup::id(input, "targetPipelineExecutionId")?;
    let (position, pipeline) = lookup::pipeline(region, name)?;
    let stage = lookup::stage(pipeline, stage_name)?;
    let target = lookup::execution(position, pipeline, id)?;
    if let Some(problem) = rollback_problem(pipeline, stage, target.execution) {
        return Err(ApiError::new(
            "UnableToRollbackStageException",
            format!("Unable to roll back the stage '{stage_name}': {problem}"),
        ));
    }
    check_room(pipeline)?;
    let trigger = Trigger {
        kind: "ManualRollback",
        detail: lookup::caller(&region.ecs.place),
    };
    let key = region.roll_back(position, stage, target.execution, trigger);
    Ok(key.map_or(Value::Null, |key| id_of(region, key)))
}

fn rollback_problem(pipeline: &Pipeline, stage: usize, target: usize) -> Option<&'static str> {
    let execution = pipeline.executions.get(target)?;
    if pipeline.mode == Mode::Parallel {
        Some("pipelines in the execution mode PARALLEL do not support it")
    } else if stage == 0 {
        Some("a source stage can not be rolled back")
    } else if execution.rolls_back_to.is_some() {
        Some("the target execution is itself a rollback")
    } else if !execution.succeeded_in(stage) {
        Some("the target execution did not succeed in it")
    } else if pipeline.stages.get(stage)?.holder.is_some() {
        Some("it is currently running")
    } else {
        None
    }
}

/// `OverrideStageCondition`.
pub fn override_condition(region: &mut Region, input: Input<'_>) -> Answer {
    let word = lookup::word(input, "conditionType", &["BEFORE_ENTRY", "ON_SUCCESS"])?;
    let gate = match word {
        "BEFORE_ENTRY" => Gate::BeforeEntry,
        _ => Gate::OnSuccess,
    };
    let (_, key) = latest_in_stage(region, input)?;
    if let Some(pipeline) = region.codepipeline.pipelines.get(key.pipeline) {
        check_room(pipeline)?;
    }
    if region.override_condition(key, gate) {
        // The model has no output for it.
        return Ok(Value::Null);
    }
    Err(ApiError::new(
        "ConditionNotOverridableException",
        "The stage has no condition of this type that holds the execution up",
    ))
}
