//! Where the lines of a source are and what they belong to, as far as its tasks, their task
//! definitions and the releases of its service are known.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::logs_range::Range;
use super::query::Query;
use super::store::Store;
use crate::domain::arn::{ClusterArn, ServiceArn, TaskArn};
use crate::domain::logs::{
    LogPlan, LogSource, LogStreams, Mark, Origin, Origins, Side, container_stream, log_plan, marks,
    side_of,
};
use crate::domain::release::{Release, ReleaseId};
use crate::domain::remote::Remote;
use crate::domain::task::Task;
use crate::domain::task_definition::TaskDefinition;

/// What ECS does with stopped tasks, for a remark.
const FORGETS: &str = "ECS forgets stopped tasks about an hour after their end";

/// Where the lines of a source are, as far as its tasks and their task definitions are known, and
/// which containers' lines cannot be found. The same tasks give the same streams in the same order,
/// whether they run or have stopped.
///
/// A task that stopped before `since` has no line to read.
pub fn sources(store: &Store, source: &LogSource, since: Option<Timestamp>) -> LogPlan {
    if let LogSource::Stream {
        group,
        stream,
        region,
        ..
    } = source
    {
        return LogPlan {
            streams: vec![LogStreams {
                group: group.clone(),
                region: region.clone(),
                names: vec![stream.clone()],
            }],
            notes: Vec::new(),
        };
    }
    let mut tasks = tasks_of(store, source);
    let nothing = tasks.is_empty();
    tasks.retain(|_, task| task.stopped_at.is_none() || task.stopped_at >= since);
    let mut plan = log_plan(source, tasks.into_values(), |task| {
        definition_of(store, task)
    });
    if nothing {
        plan.notes.extend(why_no_tasks(store, source));
    }
    plan
}

/// What each stream of a source belongs to: its container, task, revision, release and side.
pub fn origins(store: &Store, source: &LogSource) -> Origins {
    if let LogSource::Stream { of, .. } = source {
        let streams = sources(store, source, None).streams;
        let named = |streams: LogStreams| {
            let stream = streams.names.first().map(|name| streams.stream(name));
            stream.map(|stream| (stream, origin_of_stream(of)))
        };
        return streams.into_iter().filter_map(named).collect();
    }
    let about = release_of_source(store, source);
    let mut origins = Vec::new();
    for task in tasks_of(store, source).into_values() {
        let Ok(definition) = definition_of(store, task) else {
            continue;
        };
        let releases = releases_of(store, source);
        let containers = definition.containers.iter();
        for container in containers.filter(|container| source.has_container(&container.name)) {
            if let Some(stream) = container_stream(container, &task.arn) {
                let origin = Origin::of(task, &container.name, releases, about);
                origins.push((stream, origin));
            }
        }
    }
    origins.into_iter().collect()
}

/// What happened within a range to the tasks of a source and by the releases of its service, in
/// order of time.
pub fn marks_of(store: &Store, source: &LogSource, range: &Range) -> Vec<Mark> {
    let releases = match source {
        LogSource::Release { .. } => release_of_source(store, source).map(std::slice::from_ref),
        _ => Some(releases_of(store, source)),
    };
    let tasks = tasks_of(store, source);
    let mut found = marks(tasks.into_values(), releases.unwrap_or_default());
    found.retain(|mark| range.contains(mark.at));
    found
}

/// The tasks of a source, by their ARNs.
pub(super) fn tasks_of<'a>(
    store: &'a Store,
    source: &LogSource,
) -> BTreeMap<&'a TaskArn, &'a Task> {
    match source {
        LogSource::Service { cluster, service } => of_service(store, cluster, service),
        LogSource::Release {
            cluster,
            service,
            release,
        } => {
            let mut tasks = of_service(store, cluster, service);
            let release = find_release(store, service, release);
            tasks.retain(|_, task| release.is_some_and(|release| takes_part(task, release)));
            tasks
        }
        LogSource::Revision {
            cluster,
            service,
            definition,
        } => {
            let mut tasks = of_service(store, cluster, service);
            tasks.retain(|_, task| task.task_definition == *definition);
            tasks
        }
        LogSource::Task { task, .. } | LogSource::Container { task, .. } => store
            .task(task)
            .into_iter()
            .map(|task| (&task.arn, task))
            .collect(),
        LogSource::Stream { .. } => BTreeMap::new(),
    }
}

/// The release that a source is about: the one that it names, or the newest of its service.
pub fn release_of_source<'a>(store: &'a Store, source: &LogSource) -> Option<&'a Release> {
    match source {
        LogSource::Release {
            service, release, ..
        } => find_release(store, service, release),
        _ => releases_of(store, source).first(),
    }
}

/// The service that a source is about: the one that it names, or the one that its task belongs to.
pub fn service_of_source<'a>(store: &'a Store, source: &'a LogSource) -> Option<&'a ServiceArn> {
    source.service().or_else(|| {
        let group = store.task(source.task()?)?.group.as_deref()?;
        store.service_named(source.cluster()?, group.strip_prefix("service:")?)
    })
}

fn releases_of<'a>(store: &'a Store, source: &LogSource) -> &'a [Release] {
    let service = service_of_source(store, source);
    let releases = service.and_then(|service| store.releases.get(service));
    releases.map_or(&[], Vec::as_slice)
}

fn find_release<'a>(store: &'a Store, service: &ServiceArn, id: &ReleaseId) -> Option<&'a Release> {
    let mut releases = store.releases.get(service)?.iter();
    releases.find(|release| release.id == *id)
}

/// Whether a task is on a side of a release; one that stopped before the release began is not.
fn takes_part(task: &Task, release: &Release) -> bool {
    match side_of(task, release) {
        Some(Side::New) => true,
        Some(Side::Old) => {
            let began = release.started_at;
            task.stopped_at.is_none() || began.is_none() || task.stopped_at >= began
        }
        None => false,
    }
}

fn of_service<'a>(
    store: &'a Store,
    cluster: &ClusterArn,
    service: &ServiceArn,
) -> BTreeMap<&'a TaskArn, &'a Task> {
    let listed = [false, true].into_iter().filter_map(|stopped| {
        let scope = (cluster.clone(), Some(service.clone()), stopped);
        store.tasks.get(&scope)?.value()
    });
    let kept = store.evidence.get(service).into_iter();
    listed
        .flatten()
        .chain(kept.flat_map(BTreeMap::values))
        .map(|task| (&task.arn, task))
        .collect()
}

/// A task's definition, or why it is not known.
fn definition_of<'a>(store: &'a Store, task: &Task) -> Result<&'a TaskDefinition, String> {
    let arn = &task.task_definition;
    if let Some(known) = store.task_definition(arn) {
        return Ok(known);
    }
    let asked = store.queries.get(&Query::TaskDefinition(arn.clone()));
    let name = arn.family_revision();
    Err(match asked.and_then(Remote::failure) {
        Some((_, failure)) => format!(
            "{name} cannot be read ({}), and with it where its tasks log: {}",
            failure.short(),
            failure.advice()
        ),
        None => format!("{name} is not read yet"),
    })
}

/// Why a source has no task, once that is known.
fn why_no_tasks(store: &Store, source: &LogSource) -> Option<String> {
    let all_listed = |cluster: &ClusterArn, service: &ServiceArn| {
        [false, true].into_iter().all(|stopped| {
            let scope = (cluster.clone(), Some(service.clone()), stopped);
            let listed = store.tasks.get(&scope);
            listed.is_some_and(|listed| listed.value().is_some())
        })
    };
    match source {
        LogSource::Service { cluster, service } => all_listed(cluster, service)
            .then(|| format!("{} has no task; {FORGETS}", service.name())),
        LogSource::Release {
            cluster,
            service,
            release,
        } => all_listed(cluster, service).then(|| {
            let release = release.short();
            format!("ECS knows no task of release {release}: {FORGETS}")
        }),
        LogSource::Revision {
            cluster,
            service,
            definition,
        } => all_listed(cluster, service).then(|| {
            let name = definition.family_revision();
            format!("{} has no task of {name}; {FORGETS}", service.name())
        }),
        LogSource::Task { task, .. } | LogSource::Container { task, .. } => {
            let read = store.single_tasks.get(task).and_then(Remote::value);
            let gone = matches!(read, Some(None));
            gone.then(|| format!("ECS does not know task {}: {FORGETS}", task.short()))
        }
        LogSource::Stream { .. } => None,
    }
}

/// What writes to a stream that no task does.
fn origin_of_stream(of: &str) -> Origin {
    Origin {
        container: of.to_owned(),
        task: None,
        definition: None,
        release: None,
        side: None,
        started_at: None,
        stopped_at: None,
    }
}

#[cfg(test)]
mod tests;
