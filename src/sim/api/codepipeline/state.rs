//! `GetPipelineState`.

use serde_json::{Map, Value, json};

use super::lookup;
use crate::sim::api::{Answer, Input};
use crate::sim::world::Region;
use crate::sim::world::codepipeline::action_run::{ActionRun, RunStatus};
use crate::sim::world::codepipeline::execution::Execution;
use crate::sim::world::codepipeline::pipeline::{Action, Mode, Pipeline, Provider};
use crate::sim::world::codepipeline::stage::Stage;

/// `GetPipelineState`. A PARALLEL pipeline has no state of its own: its executions are not in the
/// answer, and the tokens of its approvals are not either.
pub fn get(region: &mut Region, input: Input<'_>) -> Answer {
    let name = lookup::name(input, "name")?;
    let (_, pipeline) = lookup::pipeline(region, name)?;
    let stages = pipeline.stages.iter().enumerate();
    let stages: Vec<Value> = stages
        .map(|(place, stage)| shown_stage(region, pipeline, place, stage))
        .collect();
    Ok(json!({
        "pipelineName": pipeline.name,
        "pipelineVersion": pipeline.version,
        "stageStates": stages,
        "created": pipeline.created_at.json(),
        "updated": pipeline.updated_at.json(),
    }))
}

fn shown_stage(region: &Region, pipeline: &Pipeline, place: usize, stage: &Stage) -> Value {
    let mut shown = Map::new();
    shown.insert("stageName".to_owned(), json!(stage.name));
    let parallel = pipeline.mode == Mode::Parallel;
    let latest = stage.latest.and_then(|one| pipeline.executions.get(one));
    let latest = latest.filter(|_| !parallel);
    if !parallel {
        put_inbound(&mut shown, pipeline, stage);
    }
    if place > 0 {
        shown.insert("inboundTransitionState".to_owned(), transition(stage));
    }
    let actions: Vec<Value> = stage
        .actions
        .iter()
        .enumerate()
        .map(|(number, action)| {
            let run = latest.and_then(|one| one.latest_run(place, number));
            shown_action(region, action, run.map(|(_, run)| run))
        })
        .collect();
    shown.insert("actionStates".to_owned(), Value::Array(actions));
    if let Some(execution) = latest {
        let status = execution.stages.get(&place).map(|one| one.status.word());
        if let Some(status) = status {
            shown.insert("latestExecution".to_owned(), in_stage(execution, status));
        }
    }
    Value::Object(shown)
}

/// The executions that wait at the entry: all of them, and the first one apart.
fn put_inbound(shown: &mut Map<String, Value>, pipeline: &Pipeline, stage: &Stage) {
    let waiting = stage.waiting.iter();
    let waiting: Vec<Value> = waiting
        .filter_map(|one| pipeline.executions.get(*one))
        .map(|one| in_stage(one, "InProgress"))
        .collect();
    if let Some(first) = waiting.first() {
        shown.insert("inboundExecution".to_owned(), first.clone());
        shown.insert("inboundExecutions".to_owned(), Value::Array(waiting));
    }
}

fn in_stage(execution: &Execution, status: &str) -> Value {
    json!({
        "pipelineExecutionId": execution.id,
        "status": status,
        "type": execution.kind(),
    })
}

fn transition(stage: &Stage) -> Value {
    let transition = &stage.transition;
    let mut shown = Map::new();
    shown.insert("enabled".to_owned(), json!(transition.enabled));
    if let Some(by) = &transition.changed_by {
        shown.insert("lastChangedBy".to_owned(), json!(by));
    }
    if let Some(at) = transition.changed_at {
        shown.insert("lastChangedAt".to_owned(), at.json());
    }
    if let Some(reason) = &transition.reason {
        shown.insert("disabledReason".to_owned(), json!(reason));
    }
    Value::Object(shown)
}

fn shown_action(region: &Region, action: &Action, run: Option<&ActionRun>) -> Value {
    let mut shown = Map::new();
    shown.insert("actionName".to_owned(), json!(action.name));
    if let Some(url) = entity_url(&region.ecs.place.region, action) {
        shown.insert("entityUrl".to_owned(), json!(url));
    }
    if let Some(run) = run {
        if let Some(revision) = &run.revision {
            let current = json!({
                "revisionId": revision.id,
                "revisionChangeId": revision.id.chars().take(100).collect::<String>(),
                "created": revision.created_at.json(),
            });
            shown.insert("currentRevision".to_owned(), current);
        }
        shown.insert("latestExecution".to_owned(), shown_run(action, run));
    }
    Value::Object(shown)
}

fn shown_run(action: &Action, run: &ActionRun) -> Value {
    let mut shown = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            shown.insert(name.to_owned(), value);
        }
    };
    let waits = run.status == RunStatus::InProgress;
    let approval = action.provider == Provider::Approval;
    put("actionExecutionId", Some(json!(run.id)));
    put("status", Some(json!(run.status.word())));
    put("summary", run.summary.as_ref().map(|one| json!(one)));
    put("lastStatusChange", Some(run.updated_at.json()));
    put(
        "token",
        run.token.as_ref().filter(|_| waits).map(|one| json!(one)),
    );
    put(
        "lastUpdatedBy",
        run.updated_by.as_ref().map(|one| json!(one)),
    );
    let external = run.external_id.as_ref().filter(|_| !approval);
    put("externalExecutionId", external.map(|one| json!(one)));
    put(
        "externalExecutionUrl",
        run.external_url.as_ref().map(|one| json!(one)),
    );
    put("percentComplete", run.percent.map(|one| json!(one)));
    let error = run.error.as_ref();
    put(
        "errorDetails",
        error.map(|one| json!({"code": one.code, "message": one.message})),
    );
    put(
        "logStreamARN",
        run.log_stream.as_ref().map(|one| json!(one)),
    );
    Value::Object(shown)
}

/// Where the console shows what an action works on.
fn entity_url(region: &str, action: &Action) -> Option<String> {
    let console = format!("https://{region}.console.aws.amazon.com");
    let setting = |name: &str| action.configuration.get(name);
    Some(match action.provider {
        Provider::CodeBuild => format!(
            "{console}/codesuite/codebuild/projects/{}/view",
            setting("ProjectName")?
        ),
        Provider::Ecs => format!(
            "{console}/ecs/v2/clusters/{}/services/{}",
            setting("ClusterName")?,
            setting("ServiceName")?
        ),
        Provider::CodeDeployToEcs => format!(
            "{console}/codesuite/codedeploy/applications/{}/deployment-groups/{}",
            setting("ApplicationName")?,
            setting("DeploymentGroupName")?
        ),
        Provider::Ecr => format!("{console}/ecr/repositories/{}", setting("RepositoryName")?),
        Provider::Approval => setting("ExternalEntityLink")?.clone(),
        _ => return None,
    })
}
