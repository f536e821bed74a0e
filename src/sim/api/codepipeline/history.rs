//! `GetPipelineExecution`, `ListPipelineExecutions`.

use serde_json::{Value, json};

use super::lookup;
use super::shape::LIST_EXECUTIONS_INPUT;
use super::shown::Shown;
use crate::sim::api::ecs::page::Order;
use crate::sim::api::{Answer, Input};
use crate::sim::world::Region;
use crate::sim::world::codepipeline::execution::Execution;
use crate::sim::world::codepipeline::pipeline::Pipeline;
use crate::sim::world::codepipeline::revision::SourceRevision;

/// `GetPipelineExecution`.
pub fn get(region: &mut Region, input: Input<'_>) -> Answer {
    let name = lookup::name(input, "pipelineName")?;
    let id = lookup::id(input, "pipelineExecutionId")?;
    let (position, pipeline) = lookup::pipeline(region, name)?;
    let key = lookup::execution(position, pipeline, id)?;
    let shown = pipeline
        .executions
        .get(key.execution)
        .map(|execution| shown(pipeline, execution));
    Ok(json!({"pipelineExecution": shown}))
}

fn shown(pipeline: &Pipeline, execution: &Execution) -> Value {
    let mut shown = common(pipeline, execution);
    shown.put("pipelineName", pipeline.name.as_str());
    shown.put("pipelineVersion", execution.version);
    let revisions = execution.revisions.iter().filter_map(artifact_revision);
    shown.put("artifactRevisions", revisions.collect::<Vec<Value>>());
    let variables = execution.variables.iter();
    let variables: Vec<Value> = variables
        .map(|(name, value)| json!({"name": name, "resolvedValue": value}))
        .collect();
    shown.put_some("variables", Some(variables).filter(|list| !list.is_empty()));
    shown.into()
}

/// What both operations tell of an execution.
fn common(pipeline: &Pipeline, execution: &Execution) -> Shown {
    let mut shown = Shown::default();
    shown.put("pipelineExecutionId", execution.id.as_str());
    shown.put("status", execution.status.word());
    shown.put_text("statusSummary", execution.summary.as_ref());
    let trigger = &execution.trigger;
    shown.put(
        "trigger",
        json!({"triggerType": trigger.kind, "triggerDetail": trigger.detail}),
    );
    shown.put("executionMode", pipeline.mode.word());
    shown.put("executionType", execution.kind());
    let target = execution.rolls_back_to;
    let target = target.and_then(|one| pipeline.executions.get(one));
    let metadata = target.map(|one| json!({"rollbackTargetPipelineExecutionId": one.id}));
    shown.put_some("rollbackMetadata", metadata);
    shown
}

fn artifact_revision(source: &SourceRevision) -> Option<Value> {
    let mut shown = Shown::default();
    shown.put("name", source.artifact.as_deref()?);
    shown.put("revisionId", source.revision.id.as_str());
    shown.put_text("revisionSummary", source.summary.as_ref());
    shown.put("created", source.revision.created_at.json());
    shown.put_text("revisionUrl", source.url.as_ref());
    Some(shown.into())
}

/// `ListPipelineExecutions`, the newest first.
pub fn list(region: &mut Region, input: Input<'_>) -> Answer {
    let name = lookup::name(input, "pipelineName")?;
    let members = lookup::request(input, LIST_EXECUTIONS_INPUT)?;
    let (_, pipeline) = lookup::pipeline(region, name)?;
    let filter = members
        .get("filter")
        .and_then(|one| one.get("succeededInStage"));
    let wanted = filter
        .and_then(|one| one.get("stageName"))
        .and_then(Value::as_str);
    if let Some(stage) = wanted {
        lookup::check_name(stage, "filter.succeededInStage.stageName")?;
    }
    // A stage that isn't there is one in which nothing has succeeded.
    let wanted = wanted.map(|name| pipeline.stage(name));
    let executions = pipeline.executions.iter().enumerate().rev();
    let items = executions
        .filter(|(_, one)| {
            wanted.is_none_or(|stage| stage.is_some_and(|stage| one.succeeded_in(stage)))
        })
        .map(|(position, one)| (format!("{position:010}"), summary(pipeline, one)));
    let list = "pipelineExecutionSummaries";
    lookup::page(input, list, (100, 100), Order::Descending, items)
}

fn summary(pipeline: &Pipeline, execution: &Execution) -> Value {
    let mut shown = common(pipeline, execution);
    shown.put("startTime", execution.started_at.json());
    shown.put("lastUpdateTime", execution.updated_at.json());
    let revisions = execution.revisions.iter().map(source_revision);
    shown.put("sourceRevisions", revisions.collect::<Vec<Value>>());
    let stop = execution.stop.as_ref();
    shown.put_some("stopTrigger", stop.map(|one| json!({"reason": one.reason})));
    shown.into()
}

fn source_revision(source: &SourceRevision) -> Value {
    let mut shown = Shown::default();
    shown.put("actionName", source.action.as_str());
    shown.put("revisionId", source.revision.id.as_str());
    shown.put_text("revisionSummary", source.summary.as_ref());
    shown.put_text("revisionUrl", source.url.as_ref());
    shown.into()
}
