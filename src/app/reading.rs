//! How far the list on screen has been read: an empty list can mean that nothing was answered yet,
//! that the question failed, or that there is nothing.

use super::model::Model;
use super::query::Query;
use super::screen::{Screen, Subject};
use super::store::Store;
use crate::domain::arn::ServiceArn;
use crate::domain::context::{ContextId, Scoped};
use crate::domain::failure::Failure;
use crate::domain::logs::LogSource;
use crate::domain::pipeline::{ExecutionId, PipelineName};
use crate::domain::service::Controller;

/// How far what a screen shows has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The screen asks AWS nothing.
    Local,
    /// Some questions have no answer yet.
    Under {
        /// Questions that were answered.
        answered: usize,
        /// Questions in all.
        asked: usize,
    },
    /// Every question failed.
    Failed(Failure),
    /// Every question was dealt with, and some failed.
    Partial {
        /// Questions that failed.
        failed: usize,
        /// Questions in all.
        asked: usize,
        /// What went wrong with the first of them.
        failure: Failure,
    },
    /// Everything was answered.
    Whole,
}

/// How far what is on screen has been read, since the start of the program: an answer that has grown
/// old still counts.
pub fn reading(model: &Model) -> Reading {
    let sources = sources(model);
    let asked = sources.len();
    let mut answered = 0;
    let mut failures = Vec::new();
    for (context, query) in sources {
        let state = model
            .store(context)
            .and_then(|store| store.queries.get(&query));
        match state {
            Some(state) if state.value().is_some() => answered += 1,
            Some(state) => failures.extend(state.failure().map(|(_, failure)| failure.clone())),
            None => {}
        }
    }
    let failed = failures.len();
    match failures.into_iter().next() {
        _ if asked == 0 => Reading::Local,
        Some(failure) if failed == asked => Reading::Failed(failure),
        Some(failure) if failed + answered == asked => Reading::Partial {
            failed,
            asked,
            failure,
        },
        None if answered == asked => Reading::Whole,
        _ => Reading::Under { answered, asked },
    }
}

/// The questions that the list in front stands on.
fn sources(model: &Model) -> Vec<(ContextId, Query)> {
    match &model.navigation.current().screen {
        Screen::Releases | Screen::Services(None) => model
            .contexts
            .iter()
            .flat_map(|store| sweep(model, store))
            .collect(),
        Screen::Clusters => {
            let contexts = model.contexts.iter();
            contexts
                .map(|store| (store.context.id, Query::Clusters))
                .collect()
        }
        Screen::Services(Some(cluster)) => {
            vec![(cluster.context, Query::Services(cluster.id.clone()))]
        }
        Screen::Describe(Subject::Cluster(cluster)) => vec![(cluster.context, Query::Clusters)],
        Screen::Release { service, .. }
        | Screen::History(service)
        | Screen::Describe(Subject::Service(service)) => of_service(model, service),
        Screen::Tasks {
            cluster,
            service,
            stopped,
        } => {
            let query = Query::Tasks {
                cluster: cluster.id.clone(),
                service: service.clone(),
                stopped: *stopped,
            };
            vec![(cluster.context, query)]
        }
        Screen::Task { cluster, task } | Screen::Describe(Subject::Task(cluster, task)) => {
            let query = Query::Task {
                cluster: cluster.id.clone(),
                task: task.clone(),
            };
            vec![(cluster.context, query)]
        }
        Screen::TaskDefinitions => {
            let contexts = model.contexts.iter();
            contexts
                .map(|store| (store.context.id, Query::Families))
                .collect()
        }
        Screen::Revisions { family, .. } => {
            vec![(family.context, Query::Revisions(family.id.clone()))]
        }
        Screen::Applications => {
            let contexts = model.contexts.iter();
            contexts
                .map(|store| (store.context.id, Query::Applications))
                .collect()
        }
        Screen::Groups(application) => {
            let query = Query::Groups(application.id.clone());
            vec![(application.context, query)]
        }
        Screen::Deployments(group) => {
            vec![(group.context, Query::GroupDeployments(group.id.clone()))]
        }
        Screen::Deployment(deployment) => {
            let query = Query::CodeDeployments {
                ids: vec![deployment.id.clone()],
                targets: true,
            };
            vec![(deployment.context, query)]
        }
        Screen::Describe(Subject::TaskDefinition(definition)) => {
            let query = Query::TaskDefinition(definition.id.clone());
            vec![(definition.context, query)]
        }
        Screen::Pipelines => {
            let contexts = model.contexts.iter();
            contexts.flat_map(pipelines).collect()
        }
        Screen::Gates => model
            .contexts
            .iter()
            .flat_map(|store| sweep(model, store).into_iter().chain(pipelines(store)))
            .collect(),
        Screen::Pipeline(pipeline) => {
            let query = Query::PipelineState(pipeline.id.clone());
            vec![(pipeline.context, query)]
        }
        Screen::Executions(pipeline) => {
            let query = Query::PipelineExecutions(pipeline.id.clone());
            vec![(pipeline.context, query)]
        }
        Screen::Execution {
            pipeline,
            execution,
        } => of_execution(pipeline.context, &pipeline.id, execution),
        Screen::Gate(gate) => of_execution(gate.context, &gate.id.pipeline, &gate.id.execution),
        Screen::Logs(source) => of_logs(source),
        Screen::ProgramLog | Screen::Errors | Screen::Actions | Screen::Help => Vec::new(),
    }
}

/// The clusters, and the services of each.
fn sweep(model: &Model, store: &Store) -> Vec<(ContextId, Query)> {
    let shown = store
        .clusters
        .keys()
        .filter(|arn| model.preferences.shows_cluster(arn));
    std::iter::once(Query::Clusters)
        .chain(shown.map(|arn| Query::Services(arn.clone())))
        .map(|query| (store.context.id, query))
        .collect()
}

/// The list, and where each pipeline stands.
fn pipelines(store: &Store) -> impl Iterator<Item = (ContextId, Query)> {
    let listed = store.pipeline_list().iter();
    let states = listed.map(|one| Query::PipelineState(one.name.clone()));
    std::iter::once(Query::Pipelines)
        .chain(states)
        .map(|query| (store.context.id, query))
}

fn of_execution(
    context: ContextId,
    pipeline: &PipelineName,
    execution: &ExecutionId,
) -> Vec<(ContextId, Query)> {
    let query = Query::ActionExecutions {
        pipeline: pipeline.clone(),
        execution: execution.clone(),
    };
    vec![(context, query)]
}

/// The service by itself, unless the sweep over its cluster has told it already.
fn of_service(model: &Model, service: &Scoped<ServiceArn>) -> Vec<(ContextId, Query)> {
    let cluster = model
        .store(service.context)
        .and_then(|store| store.cluster_of.get(&service.id));
    let Some(cluster) = cluster else {
        return vec![(service.context, Query::Clusters)];
    };
    let watch = Query::Watch {
        cluster: cluster.clone(),
        services: vec![service.id.clone()],
    };
    let controller = model
        .store(service.context)
        .and_then(|store| store.service(&service.id))
        .map(|service| &service.controller);
    // ECS keeps records only of what it moves itself.
    if let Some(Controller::CodeDeploy | Controller::External) = controller {
        return vec![(service.context, watch)];
    }
    let records = Query::ServiceDeployments {
        cluster: cluster.clone(),
        service: service.id.clone(),
    };
    vec![(service.context, watch), (service.context, records)]
}

/// Lines come by themselves, once the tasks are known.
fn of_logs(source: &Scoped<LogSource>) -> Vec<(ContextId, Query)> {
    let query = match &source.id {
        LogSource::Stream { .. } => return Vec::new(),
        LogSource::Service { cluster, service }
        | LogSource::Release {
            cluster, service, ..
        }
        | LogSource::Revision {
            cluster, service, ..
        } => Query::Tasks {
            cluster: cluster.clone(),
            service: Some(service.clone()),
            stopped: false,
        },
        LogSource::Task { cluster, task } | LogSource::Container { cluster, task, .. } => {
            Query::Task {
                cluster: cluster.clone(),
                task: task.clone(),
            }
        }
    };
    vec![(source.context, query)]
}
