//! `GetPipelineExecution`, `ListPipelineExecutions`.

use serde_json::{Map, Value, json};

use super::lookup;
use super::shape::LIST_EXECUTIONS_INPUT;
use crate::sim::api::ecs::page::Order;
use crate::sim::api::{Answer, Input};
use crate::sim::world::Region;
use crate::sim::world::codepipeline::execution::{Execution, StageStatus};
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
    shown.insert("pipelineName".to_owned(), json!(pipeline.name));
    shown.insert("pipelineVersion".to_owned(), json!(execution.version));
    let revisions = execution.revisions.iter();
    let revisions: Vec<Value> = revisions.filter_map(artifact_revision).collect();
    shown.insert("artifactRevisions".to_owned(), Value::Array(revisions));
    let variables = execution.variables.iter();
    let variables: Vec<Value> = variables
        .map(|(name, value)| json!({"name": name, "resolvedValue": value}))
        .collect();
    if !variables.is_empty() {
        shown.insert("variables".to_owned(), Value::Array(variables));
    }
    Value::Object(shown)
}

/// What both operations tell of an execution.
fn common(pipeline: &Pipeline, execution: &Execution) -> Map<String, Value> {
    let mut shown = Map::new();
    let mut put = |name: &str, value: Value| shown.insert(name.to_owned(), value);
    put("pipelineExecutionId", json!(execution.id));
    put("status", json!(execution.status.word()));
    if let Some(summary) = &execution.summary {
        put("statusSummary", json!(summary));
    }
    let trigger = &execution.trigger;
    put(
        "trigger",
        json!({"triggerType": trigger.kind, "triggerDetail": trigger.detail}),
    );
    put("executionMode", json!(pipeline.mode.word()));
    put("executionType", json!(execution.kind()));
    let target = execution.rolls_back_to;
    if let Some(target) = target.and_then(|one| pipeline.executions.get(one)) {
        put(
            "rollbackMetadata",
            json!({"rollbackTargetPipelineExecutionId": target.id}),
        );
    }
    shown
}

fn put_text(shown: &mut Map<String, Value>, name: &str, text: Option<&String>) {
    if let Some(text) = text {
        shown.insert(name.to_owned(), json!(text));
    }
}

fn artifact_revision(source: &SourceRevision) -> Option<Value> {
    let artifact = source.artifact.as_ref()?;
    let mut shown = Map::new();
    shown.insert("name".to_owned(), json!(artifact));
    shown.insert("revisionId".to_owned(), json!(source.revision.id));
    put_text(&mut shown, "revisionSummary", source.summary.as_ref());
    shown.insert("created".to_owned(), source.revision.created_at.json());
    put_text(&mut shown, "revisionUrl", source.url.as_ref());
    Some(Value::Object(shown))
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
        .filter(|(_, one)| wanted.is_none_or(|stage| succeeded_in(one, stage)))
        .map(|(position, one)| (format!("{position:010}"), summary(pipeline, one)));
    let list = "pipelineExecutionSummaries";
    lookup::page(input, list, (100, 100), Order::Descending, items)
}

fn succeeded_in(execution: &Execution, stage: Option<usize>) -> bool {
    let run = stage.and_then(|stage| execution.stages.get(&stage));
    run.is_some_and(|run| run.status == StageStatus::Succeeded)
}

fn summary(pipeline: &Pipeline, execution: &Execution) -> Value {
    let mut shown = common(pipeline, execution);
    shown.insert("startTime".to_owned(), execution.started_at.json());
    shown.insert("lastUpdateTime".to_owned(), execution.updated_at.json());
    let revisions = execution.revisions.iter().map(source_revision);
    shown.insert("sourceRevisions".to_owned(), revisions.collect());
    if let Some(stop) = &execution.stop {
        shown.insert("stopTrigger".to_owned(), json!({"reason": stop.reason}));
    }
    Value::Object(shown)
}

fn source_revision(source: &SourceRevision) -> Value {
    let mut shown = Map::new();
    shown.insert("actionName".to_owned(), json!(source.action));
    shown.insert("revisionId".to_owned(), json!(source.revision.id));
    put_text(&mut shown, "revisionSummary", source.summary.as_ref());
    put_text(&mut shown, "revisionUrl", source.url.as_ref());
    Value::Object(shown)
}
