//! `ListActionExecutions`.

use serde_json::{Value, json};

use super::shape::LIST_ACTIONS_INPUT;
use super::shown::Shown;
use super::{conditions, lookup};
use crate::sim::api::ecs::page::Order;
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::codepipeline::action_run::{ActionRun, Artifact};
use crate::sim::world::codepipeline::execution::Execution;
use crate::sim::world::codepipeline::pipeline::{Action, Pipeline, Provider};

/// Which runs of actions are asked for.
struct Filter {
    /// Of one execution only, by its position.
    execution: Option<usize>,
    /// The latest run of each action only.
    latest: bool,
}

/// `ListActionExecutions`, the newest first.
pub fn list(region: &mut Region, input: Input<'_>) -> Answer {
    let name = lookup::name(input, "pipelineName")?;
    let members = lookup::request(input, LIST_ACTIONS_INPUT)?;
    let (position, pipeline) = lookup::pipeline(region, name)?;
    let filter = read_filter(position, pipeline, members.get("filter"))?;
    let executions = pipeline.executions.iter().enumerate();
    let executions =
        executions.filter(|(number, _)| filter.execution.is_none_or(|one| one == *number));
    let mut runs: Vec<(&Execution, &ActionRun)> = executions
        .flat_map(|(_, execution)| {
            let numbered = execution.runs.iter().enumerate();
            let kept = numbered.filter(|(number, run)| {
                let latest = execution.latest_run(run.stage, run.action);
                !filter.latest || latest.is_some_and(|(one, _)| one == *number)
            });
            kept.map(move |(_, run)| (execution, run))
        })
        .collect();
    runs.sort_unstable_by_key(|(_, run)| std::cmp::Reverse(run.serial));
    let items = runs.into_iter().filter_map(|(execution, run)| {
        let stage = pipeline.stages.get(run.stage)?;
        let action = stage.actions.get(run.action)?;
        let shown = shown(region, pipeline, execution, (&stage.name, action), run);
        Some((format!("{:012}", run.serial), shown))
    });
    let list = "actionExecutionDetails";
    lookup::page(input, list, (100, 100), Order::Descending, items)
}

fn read_filter(
    position: usize,
    pipeline: &Pipeline,
    given: Option<&Value>,
) -> Result<Filter, ApiError> {
    let latest = given.and_then(|one| one.get("latestInPipelineExecution"));
    let id_of = |value: Option<&Value>| {
        let id = value.and_then(|one| one.get("pipelineExecutionId"));
        id.and_then(Value::as_str).map(str::to_owned)
    };
    let range = latest.and_then(|one| one.get("startTimeRange"));
    let id = id_of(given).or_else(|| id_of(latest));
    let execution = id.map(|id| {
        lookup::check_id(&id, "filter.pipelineExecutionId")?;
        let key = lookup::execution(position, pipeline, &id)?;
        Ok(key.execution)
    });
    Ok(Filter {
        execution: execution.transpose()?,
        latest: range.and_then(Value::as_str) == Some("Latest"),
    })
}

fn shown(
    region: &Region,
    pipeline: &Pipeline,
    execution: &Execution,
    (stage, action): (&str, &Action),
    run: &ActionRun,
) -> Value {
    let bucket = pipeline.bucket(&region.ecs.place.region);
    let mut shown = Shown::default();
    shown.put("pipelineExecutionId", execution.id.as_str());
    shown.put("actionExecutionId", run.id.as_str());
    shown.put("pipelineVersion", execution.version);
    shown.put("stageName", stage);
    shown.put("actionName", action.name.as_str());
    shown.put("startTime", run.started_at.json());
    shown.put("lastUpdateTime", run.updated_at.json());
    shown.put_text("updatedBy", run.updated_by.as_ref());
    shown.put("status", run.status.word());
    shown.put("input", shown_input(region, action, run, bucket));
    shown.put("output", shown_output(action, run, bucket));
    shown.into()
}

fn artifacts(list: &[Artifact], bucket: &str) -> Value {
    let shown = list
        .iter()
        .map(|one| json!({"name": one.name, "s3location": {"bucket": bucket, "key": one.key}}));
    shown.collect()
}

fn shown_input(region: &Region, action: &Action, run: &ActionRun, bucket: &str) -> Value {
    let own = &region.ecs.place.region;
    let mut shown = Shown::default();
    shown.put("actionTypeId", action.type_id.clone());
    shown.put("configuration", json!(action.configuration));
    shown.put("resolvedConfiguration", json!(run.configuration));
    shown.put_text("roleArn", action.role.as_ref());
    shown.put("region", action.region.as_deref().unwrap_or(own));
    shown.put("inputArtifacts", artifacts(&run.inputs, bucket));
    shown.put_text("namespace", action.namespace.as_ref());
    shown.into()
}

/// The external id of an approval is its token: that is how the approvals of PARALLEL pipelines are
/// answered.
fn shown_output(action: &Action, run: &ActionRun, bucket: &str) -> Value {
    let approval = action.provider == Provider::Approval;
    let id = if approval {
        &run.token
    } else {
        &run.external_id
    };
    let mut result = Shown::default();
    result.put_text("externalExecutionId", id.as_ref());
    result.put_text("externalExecutionSummary", run.summary.as_ref());
    result.put_text("externalExecutionUrl", run.external_url.as_ref());
    result.put_some("errorDetails", run.error.as_ref().map(conditions::error));
    result.put_text("logStreamARN", run.log_stream.as_ref());
    json!({
        "outputArtifacts": artifacts(&run.outputs, bucket),
        "executionResult": Value::from(result),
        "outputVariables": run.variables,
    })
}
