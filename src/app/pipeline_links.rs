//! Which pipeline brings a service its releases, over all contexts: a pipeline often lives in
//! another account than what it deploys.

use super::model::Model;
use super::store::Store;
use crate::domain::arn::ServiceArn;
use crate::domain::context::Scoped;
use crate::domain::pipeline::agree;
use crate::domain::pipeline::link::{
    self, DeployAction, DeployRun, UpcomingDeploy, last_run, runs, upcoming, upcoming_in_parallel,
};
use crate::domain::pipeline::structure::DeployTarget;
use crate::domain::pipeline::{ActionStatus, ExecutionId, PipelineName};
use crate::domain::release::Release;
use crate::domain::remote::Remote;
use crate::domain::service::Service;

/// The actions that deploy a service, as far as the structures of pipelines have been read.
pub fn deploys_of(model: &Model, service: &Scoped<ServiceArn>) -> Vec<Scoped<DeployAction>> {
    let Some((store, known)) = found(model, service) else {
        return Vec::new();
    };
    let group = store.group_of(&service.id);
    let mut deploys = Vec::new();
    for store in &model.contexts {
        let structures = store.pipelines.structures.values();
        for structure in structures.filter_map(Remote::value) {
            let own = link::deploys_of(structure, known, group).into_iter();
            deploys.extend(own.map(|id| Scoped::new(store.context.id, id)));
        }
    }
    deploys
}

/// The run of a deploy action behind a release.
pub fn driver_of(
    model: &Model,
    service: &Scoped<ServiceArn>,
    release: &Release,
) -> Option<Scoped<DeployRun>> {
    let releases = model.store(service.context)?.releases.get(&service.id)?;
    deploys_of(model, service).into_iter().find_map(|deploy| {
        let runs = runs_of(model.store(deploy.context)?, &deploy.id);
        let id = link::driver(release, releases, &runs)?.clone();
        Some(Scoped::new(deploy.context, id))
    })
}

/// What is wrong with what CodePipeline says of a release, in one sentence; `None` where no
/// pipeline drives it, or nothing is wrong.
pub fn disagreement(
    model: &Model,
    service: &Scoped<ServiceArn>,
    release: &Release,
) -> Option<String> {
    let run = driver_of(model, service, release)?;
    agree::disagreement(&run.id, release, model.now)
}

/// The executions that will deploy a service unless something stops them, the nearest first.
pub fn upcoming_deploys(
    model: &Model,
    service: &Scoped<ServiceArn>,
) -> Vec<Scoped<UpcomingDeploy>> {
    let mut found = Vec::new();
    for deploy in deploys_of(model, service) {
        let Some(store) = model.store(deploy.context) else {
            continue;
        };
        let pipeline = &deploy.id.pipeline;
        let state = store.pipeline_state(pipeline);
        let by_state = state.map_or_else(Vec::new, |state| upcoming(&deploy.id, state));
        let parallel = store.parallel_executions(pipeline).iter();
        let by_actions = parallel.filter_map(|execution| {
            let actions = store.action_executions(&execution.id);
            upcoming_in_parallel(&deploy.id, &execution.id, actions)
        });
        let all = by_state.into_iter().chain(by_actions);
        found.extend(all.map(|id| Scoped::new(deploy.context, id)));
    }
    found
}

/// The last run of a deploy action in an execution, the service that it deploys and the release
/// that it started, as far as they are known.
pub fn driven_by<'a>(
    model: &'a Model,
    pipeline: &Scoped<PipelineName>,
    stage: &str,
    action: &str,
    execution: &ExecutionId,
) -> Option<(DeployRun, Scoped<ServiceArn>, Option<&'a Release>)> {
    let service = service_of(model, pipeline, stage, action)?;
    let deploys = deploys_of(model, &service).into_iter();
    let deploy = deploys
        .filter(|deploy| deploy.context == pipeline.context && deploy.id.pipeline == pipeline.id)
        .find(|deploy| deploy.id.stage == stage && deploy.id.action == action)?;
    let runs = runs_of(model.store(pipeline.context)?, &deploy.id);
    let run = runs.into_iter().rfind(|run| run.execution == *execution)?;
    let releases = model.store(service.context)?.releases.get(&service.id);
    let release = releases.and_then(|releases| run.release(releases));
    Some((run, service, release))
}

/// The service that an action deploys, once it is known.
pub fn service_of(
    model: &Model,
    pipeline: &Scoped<PipelineName>,
    stage: &str,
    action: &str,
) -> Option<Scoped<ServiceArn>> {
    let structure = model
        .store(pipeline.context)?
        .pipeline_structure(&pipeline.id)?;
    let target = structure.action(stage, action)?.target()?;
    let candidates = model.contexts.iter().flat_map(|store| {
        let services = store.services.values().filter_map(Remote::value);
        services.map(move |service| (store, service))
    });
    let deployed = |store: &Store, service: &Service| {
        // Which group moves a service is looked for only where a group is deployed.
        let group = match &target {
            DeployTarget::Service { .. } => None,
            DeployTarget::Group(_) => store.group_of(&service.arn),
        };
        let deploys = link::deploys_of(structure, service, group);
        deploys
            .iter()
            .any(|deploy| deploy.stage == stage && deploy.action == action)
    };
    candidates
        .into_iter()
        .find(|(store, service)| deployed(store, service))
        .map(|(store, service)| Scoped::new(store.context.id, service.arn.clone()))
}

fn found<'a>(model: &'a Model, service: &Scoped<ServiceArn>) -> Option<(&'a Store, &'a Service)> {
    let store = model.store(service.context)?;
    Some((store, store.service(&service.id)?))
}

/// Every run of a deploy action that is known: of the executions whose actions were read, and the
/// last one as the state of the pipeline tells it.
fn runs_of(store: &Store, deploy: &DeployAction) -> Vec<DeployRun> {
    let pipeline = &deploy.pipeline;
    let state = store.pipeline_state(pipeline);
    let last = state.and_then(|state| last_run(deploy, state));
    let listed = store.pipeline_executions(pipeline).iter();
    let mut executions: Vec<&ExecutionId> = listed
        .chain(store.parallel_executions(pipeline))
        .map(|execution| &execution.id)
        .chain(last.as_ref().map(|run| &run.execution))
        .collect();
    executions.sort_unstable();
    executions.dedup();
    let mut known: Vec<DeployRun> = executions
        .into_iter()
        .flat_map(|execution| runs(deploy, store.action_executions(execution)))
        .collect();
    known.sort_by_key(|run| run.started_at);
    if let Some(last) = last {
        add_last(&mut known, last);
    }
    known
}

/// The state of a pipeline is read more often than the runs of its actions: a run that these know as
/// going on can have ended meanwhile, and one that failed can have been tried again.
fn add_last(known: &mut Vec<DeployRun>, last: DeployRun) {
    let same = known
        .iter_mut()
        .rfind(|run| run.execution == last.execution);
    match same {
        Some(run) if run.status == ActionStatus::InProgress => {
            run.status = last.status;
            run.ended_at = last.ended_at;
            run.external_id = last.external_id.or_else(|| run.external_id.take());
        }
        Some(run) if last.started_at <= run.ended_at => {}
        _ => known.push(last),
    }
}

#[cfg(test)]
mod tests;
