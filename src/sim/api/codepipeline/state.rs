//! `GetPipelineState`.

use serde_json::{Value, json};

use super::shown::Shown;
use super::{conditions, lookup};
use crate::sim::api::{Answer, Input};
use crate::sim::clock::SimTime;
use crate::sim::world::Region;
use crate::sim::world::codepipeline::action_run::{ActionRun, RunStatus};
use crate::sim::world::codepipeline::execution::Execution;
use crate::sim::world::codepipeline::pipeline::{Action, Mode, Pipeline, Provider};
use crate::sim::world::codepipeline::revision::Revision;
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
    let mut shown = Shown::default();
    shown.put("stageName", stage.name.as_str());
    let parallel = pipeline.mode == Mode::Parallel;
    let latest = stage.latest.and_then(|one| pipeline.executions.get(one));
    let latest = latest.filter(|_| !parallel);
    if !parallel {
        put_inbound(&mut shown, pipeline, stage);
    }
    if place > 0 {
        shown.put("inboundTransitionState", transition(stage));
    }
    let actions = stage.actions.iter().enumerate().map(|(number, action)| {
        let run = latest.and_then(|one| one.latest_run(place, number));
        shown_action(region, action, run.map(|(_, run)| run))
    });
    shown.put("actionStates", actions.collect::<Vec<Value>>());
    let run = latest.and_then(|one| Some((one, one.stages.get(&place)?)));
    if let Some((execution, run)) = run {
        shown.put("latestExecution", in_stage(execution, run.status.word()));
    }
    conditions::put_states(&mut shown, stage, run.map(|(_, run)| run));
    shown.into()
}

/// The executions that wait at the entry: all of them, and the first one apart.
fn put_inbound(shown: &mut Shown, pipeline: &Pipeline, stage: &Stage) {
    let waiting = stage.waiting.iter();
    let waiting: Vec<Value> = waiting
        .filter_map(|one| pipeline.executions.get(*one))
        .map(|one| in_stage(one, "InProgress"))
        .collect();
    if let Some(first) = waiting.first() {
        shown.put("inboundExecution", first.clone());
        shown.put("inboundExecutions", waiting);
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
    let mut shown = Shown::default();
    shown.put("enabled", transition.enabled);
    shown.put_text("lastChangedBy", transition.changed_by.as_ref());
    shown.put_some("lastChangedAt", transition.changed_at.map(SimTime::json));
    shown.put_text("disabledReason", transition.reason.as_ref());
    shown.into()
}

fn shown_action(region: &Region, action: &Action, run: Option<&ActionRun>) -> Value {
    let mut shown = Shown::default();
    shown.put("actionName", action.name.as_str());
    shown.put_some("entityUrl", entity_url(&region.ecs.place.region, action));
    if let Some(run) = run {
        shown.put_some(
            "currentRevision",
            run.revision.as_ref().map(current_revision),
        );
        shown.put("latestExecution", shown_run(region, action, run));
    }
    shown.into()
}

fn current_revision(revision: &Revision) -> Value {
    json!({
        "revisionId": revision.id,
        "revisionChangeId": revision.id.chars().take(100).collect::<String>(),
        "created": revision.created_at.json(),
    })
}

fn shown_run(region: &Region, action: &Action, run: &ActionRun) -> Value {
    let mut shown = Shown::default();
    let waits = run.status == RunStatus::InProgress;
    let approval = action.provider == Provider::Approval;
    shown.put("actionExecutionId", run.id.as_str());
    shown.put("status", run.status.word());
    shown.put_text("summary", run.summary.as_ref());
    shown.put("lastStatusChange", run.updated_at.json());
    shown.put_text("token", run.token.as_ref().filter(|_| waits));
    shown.put_text("lastUpdatedBy", run.updated_by.as_ref());
    let external = run.external_id.as_ref().filter(|_| !approval);
    shown.put_text("externalExecutionId", external);
    shown.put_text("externalExecutionUrl", run.external_url.as_ref());
    shown.put_some("percentComplete", region.percent_of_run(run));
    shown.put_some("errorDetails", run.error.as_ref().map(conditions::error));
    shown.put_text("logStreamARN", run.log_stream.as_ref());
    shown.into()
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
