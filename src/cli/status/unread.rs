//! What could not be read, and why: the part of the report that says how far to trust the rest.

use serde::Serialize;

use crate::app::model::Model;
use crate::app::query::Query;
use crate::app::store::Store;
use crate::domain::arn::{ClusterArn, ServiceArn};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::text::count;

/// Names that an advice lists before it only counts.
const NAMES_LISTED: usize = 8;

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErrorReport {
    /// What is missing from the report, in words.
    pub what: String,
    /// The call, which is also the IAM action.
    pub call: String,
    /// The kind of failure.
    pub kind: FailureKind,
    /// AWS's error code.
    pub code: Option<String>,
    /// What happened.
    pub message: String,
    /// What to do.
    pub advice: String,
    /// AWS's request id.
    pub request_id: Option<String>,
}

/// Every question that failed, and the cluster or service that was named and is not there.
pub(super) fn errors(model: &Model) -> Vec<ErrorReport> {
    model
        .contexts
        .iter()
        .flat_map(|store| failed(store).chain(missing(model, store)))
        .collect()
}

fn failed(store: &Store) -> impl Iterator<Item = ErrorReport> {
    store.queries.iter().filter_map(|(query, state)| {
        let (_, failure) = state.failure()?;
        Some(ErrorReport {
            what: subject(query),
            call: failure.call.clone(),
            kind: failure.kind.clone(),
            code: failure.code.clone(),
            message: failure.message.clone(),
            advice: advice(failure),
            request_id: failure.request_id.clone(),
        })
    })
}

/// What a question is about, to follow "could not read".
fn subject(query: &Query) -> String {
    match query {
        Query::Identity => "who the calls are made as".into(),
        Query::Clusters => "the clusters".into(),
        Query::Services(cluster) => format!("the services of {}", cluster.name()),
        Query::Watch { cluster, services } => format!(
            "{} in flight in {}",
            count(services.len(), "service"),
            cluster.name()
        ),
        Query::ServiceDeployments { cluster, service } => {
            format!("the releases of {} in {}", service.name(), cluster.name())
        }
        Query::Tasks {
            cluster, service, ..
        } => match service {
            Some(service) => format!("the tasks of {} in {}", service.name(), cluster.name()),
            None => format!("the tasks in {}", cluster.name()),
        },
        Query::Task { task, .. } => format!("task {}", task.short()),
        Query::TaskDefinition(definition) => {
            format!("task definition {}", definition.family_revision())
        }
        Query::Families => "the families of task definitions".into(),
        Query::Revisions(family) => format!("the revisions of {family}"),
        Query::CodeDeployments { ids, .. } => match ids.as_slice() {
            [one] => format!("CodeDeploy deployment {one}"),
            several => count(several.len(), "CodeDeploy deployment"),
        },
        Query::CodeDeployHistory { service, .. } => {
            format!("the CodeDeploy deployments of {}", service.name())
        }
        Query::Applications => "the applications of CodeDeploy".into(),
        Query::Groups(application) => format!("the deployment groups of {application}"),
        Query::GroupDeployments(group) => format!(
            "the CodeDeploy deployments of {} in {}",
            group.group, group.application
        ),
        Query::Pipelines => "the pipelines of CodePipeline".into(),
        Query::PipelineState(pipeline) => format!("where pipeline {pipeline} stands"),
        Query::PipelineStructure(pipeline) => format!("the structure of pipeline {pipeline}"),
        Query::PipelineExecutions(pipeline) => format!("the executions of pipeline {pipeline}"),
        Query::ParallelExecutions(pipeline) => {
            format!("the executions in flight of pipeline {pipeline}")
        }
        Query::ActionExecutions {
            pipeline,
            execution,
        } => format!("execution {} of pipeline {pipeline}", execution.short()),
        Query::Traffic { .. } => "the load balancers of releases in flight".into(),
        Query::Alarms(names) => count(names.len(), "alarm"),
    }
}

/// The report is made once: nothing goes on trying, as the cockpit does.
fn advice(failure: &Failure) -> String {
    match failure.kind {
        FailureKind::Throttled | FailureKind::Timeout | FailureKind::ServerFault => {
            "run it again in a moment".into()
        }
        FailureKind::ExpiredCredentials => {
            "sign in again (aws sso login), then run it again".into()
        }
        _ => failure.advice(),
    }
}

/// A cluster or a service that was asked for by name and that nobody knows. Where a list could not
/// be read, that failure is told already, and nothing is said about what might be in it.
fn missing(model: &Model, store: &Store) -> Option<ErrorReport> {
    let read = |query: &Query| {
        let state = store.queries.get(query);
        state.is_some_and(|state| state.value().is_some() && state.failure().is_none())
    };
    if !read(&Query::Clusters) {
        return None;
    }
    let preferences = &model.preferences;
    let shown: Vec<_> = store
        .clusters
        .keys()
        .filter(|cluster| preferences.shows_cluster(cluster))
        .collect();
    if let (Some(wanted), true) = (&preferences.cluster, shown.is_empty()) {
        let there = store.clusters.keys().map(ClusterArn::name);
        return Some(not_there("cluster", wanted, "ecs:ListClusters", there));
    }
    let wanted = preferences.service.as_ref()?;
    let all_read = shown
        .iter()
        .all(|cluster| read(&Query::Services((*cluster).clone())));
    let services = || {
        store.services.keys().filter(|service| {
            let cluster = store.cluster_of.get(service);
            cluster.is_none_or(|cluster| shown.contains(&cluster))
        })
    };
    let found = services().any(|service| preferences.shows_service(service));
    let there = services().map(ServiceArn::name);
    (all_read && !found).then(|| not_there("service", wanted, "ecs:ListServices", there))
}

fn not_there<'a>(
    kind: &str,
    wanted: &str,
    call: &str,
    there: impl Iterator<Item = &'a str>,
) -> ErrorReport {
    let mut names: Vec<&str> = there.collect();
    names.sort_unstable();
    names.dedup();
    let more = names.len().saturating_sub(NAMES_LISTED);
    names.truncate(NAMES_LISTED);
    let advice = match (names.is_empty(), more) {
        (true, _) => format!("there is no {kind} here: check the account and the Region"),
        (false, 0) => format!("there are {}", names.join(", ")),
        (false, more) => format!("there are {} and {more} more", names.join(", ")),
    };
    ErrorReport {
        what: format!("{kind} {wanted}"),
        call: call.to_owned(),
        kind: FailureKind::NotFound,
        code: None,
        message: format!("there is no {kind} of that name"),
        advice,
        request_id: None,
    }
}
