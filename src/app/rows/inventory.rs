//! Rows of what there is: clusters, services, tasks, containers.

use std::cmp::{Ordering, Reverse};
use std::collections::HashSet;

use super::{Candidate, Needs, SortKey};
use crate::app::model::Model;
use crate::app::row::RowId;
use crate::app::summary::{ServiceState, service_state, service_words};
use crate::domain::arn::{ClusterArn, ServiceArn, TaskArn};
use crate::domain::context::{ContextId, Scoped};
use crate::domain::diagnosis::task_cause;
use crate::domain::service::Service;
use crate::domain::task::Task;

pub(super) const CLUSTER_COLUMNS: &[&str] = &[
    "cluster",
    "status",
    "services",
    "running",
    "pending",
    "instances",
];
pub(super) const SERVICE_COLUMNS: &[&str] = &[
    "service",
    "cluster",
    "status",
    "tasks",
    "task definition",
    "strategy",
    "last release",
];
pub(super) const TASK_COLUMNS: &[&str] = &[
    "task",
    "status",
    "health",
    "task definition",
    "started",
    "reason",
];
pub(super) const CONTAINER_COLUMNS: &[&str] =
    &["container", "status", "health", "exit", "image", "reason"];

/// Clusters by name.
pub(super) fn clusters(model: &Model) -> Vec<Candidate> {
    let mut rows = Vec::new();
    for store in &model.contexts {
        let shown = store
            .clusters
            .iter()
            .filter(|(arn, _)| model.preferences.shows_cluster(arn));
        for (arn, remote) in shown {
            let cluster = remote.value();
            let number = |read: fn(&crate::domain::cluster::Cluster) -> u32| {
                SortKey::number(cluster.map_or(0, read))
            };
            let status = cluster.map_or("", |cluster| cluster.status.as_str());
            rows.push(Candidate {
                id: RowId::Cluster(store.context.id, arn.clone()),
                keys: vec![
                    SortKey::text(arn.name()),
                    SortKey::text(status),
                    number(|cluster| cluster.active_services),
                    number(|cluster| cluster.running_tasks),
                    number(|cluster| cluster.pending_tasks),
                    number(|cluster| cluster.container_instances),
                ],
                text: format!("{} {status}", arn.name()),
                fault: !status.is_empty() && status != "ACTIVE",
            });
        }
    }
    rows.sort_by(|a, b| a.keys.cmp(&b.keys));
    rows
}

/// A service with what its place among the others depends on.
struct ServiceEntry<'a> {
    state: ServiceState,
    cluster: &'a str,
    name: &'a str,
    context: ContextId,
    arn: &'a ServiceArn,
    service: Option<&'a Service>,
}

/// Services, those with something wrong first, then by cluster and name.
pub(super) fn services(
    model: &Model,
    only: Option<&Scoped<ClusterArn>>,
    needs: Needs,
) -> Vec<Candidate> {
    let mut entries: Vec<ServiceEntry> = Vec::new();
    for store in &model.contexts {
        if only.is_some_and(|cluster| cluster.context != store.context.id) {
            continue;
        }
        for (arn, remote) in &store.services {
            let cluster = store.cluster_of.get(arn);
            let elsewhere = only.is_some_and(|only| cluster != Some(&only.id));
            let hidden = !model.preferences.shows_service(arn)
                || cluster.is_some_and(|cluster| !model.preferences.shows_cluster(cluster));
            if elsewhere || hidden {
                continue;
            }
            entries.push(ServiceEntry {
                state: remote.value().map_or(ServiceState::Well, service_state),
                cluster: cluster.map_or("", |cluster| cluster.name()),
                name: arn.name(),
                context: store.context.id,
                arn,
                service: remote.value(),
            });
        }
    }
    // They come in the order of their ARNs, which is nearly this one: sorting costs little.
    entries.sort_by(|a, b| {
        a.state
            .cmp(&b.state)
            .then_with(|| letters(a.cluster, b.cluster))
            .then_with(|| letters(a.name, b.name))
    });
    let rows = entries.iter().map(|entry| service_row(entry, needs));
    rows.collect()
}

/// The order of two names, whatever the case of their letters. AWS allows ASCII only in them.
fn letters(a: &str, b: &str) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    a.bytes().map(lower).cmp(b.bytes().map(lower))
}

fn service_row(entry: &ServiceEntry<'_>, needs: Needs) -> Candidate {
    let service = entry.service;
    let status = || service.map_or_else(String::new, service_words);
    let definition = || service.map_or("", |service| service.task_definition.family_revision());
    let strategy = || {
        let mechanism = service.map(crate::domain::release::Mechanism::of);
        mechanism.map_or(String::new(), |mechanism| mechanism.label().to_owned())
    };
    let released = || {
        service
            .and_then(Service::primary)
            .and_then(|primary| primary.created_at)
            .map_or(0, jiff::Timestamp::as_second)
    };
    Candidate {
        id: RowId::Service(entry.context, entry.arn.clone()),
        keys: needs.keys(|| {
            vec![
                SortKey::text(entry.name),
                SortKey::text(entry.cluster),
                SortKey::text(status()),
                SortKey::number(service.map_or(0, |service| service.running)),
                SortKey::text(definition()),
                SortKey::text(strategy()),
                SortKey::number(released()),
            ]
        }),
        text: needs.text(|| {
            format!(
                "{} {} {} {} {}",
                entry.name,
                entry.cluster,
                status(),
                definition(),
                strategy()
            )
        }),
        fault: entry.state.is_fault(),
    }
}

/// Tasks: those with something wrong first, then the newest.
pub(super) fn tasks(
    model: &Model,
    cluster: &Scoped<ClusterArn>,
    service: Option<&ServiceArn>,
    stopped: bool,
    needs: Needs,
) -> Vec<Candidate> {
    let Some(store) = model.store(cluster.context) else {
        return Vec::new();
    };
    let scope = (cluster.id.clone(), service.cloned(), stopped);
    let listed = store.tasks.get(&scope).and_then(|remote| remote.value());
    let mut tasks: Vec<&Task> = listed.into_iter().flatten().collect();
    if let (Some(service), true) = (service, stopped) {
        let listed: HashSet<&TaskArn> = tasks.iter().map(|task| &task.arn).collect();
        let kept = store.evidence.get(service).into_iter();
        let kept = kept.flat_map(|kept| kept.values());
        tasks.extend(kept.filter(|task| !listed.contains(&task.arn)));
    }
    tasks.sort_by_cached_key(|task| {
        let began = task.stopped_at.or(task.created_at);
        (!task_is_fault(task), Reverse(began), &task.arn)
    });
    tasks
        .into_iter()
        .map(|task| task_row(cluster, task, needs))
        .collect()
}

fn task_is_fault(task: &Task) -> bool {
    task.health.as_deref() == Some("UNHEALTHY") || (task.is_stopped() && !task.stopped_on_purpose())
}

fn task_row(cluster: &Scoped<ClusterArn>, task: &Task, needs: Needs) -> Candidate {
    let reason = || {
        task_cause(task)
            .or_else(|| task.stopped_reason.clone())
            .unwrap_or_default()
    };
    let health = task.health.as_deref().unwrap_or_default();
    Candidate {
        id: RowId::Task(cluster.context, cluster.id.clone(), task.arn.clone()),
        keys: needs.keys(|| {
            vec![
                SortKey::text(task.arn.name()),
                SortKey::text(&task.last_status),
                SortKey::text(health),
                SortKey::text(task.task_definition.family_revision()),
                SortKey::number(task.started_at.map_or(0, jiff::Timestamp::as_second)),
                SortKey::text(reason()),
            ]
        }),
        text: needs.text(|| {
            format!(
                "{} {} {health} {} {} {}",
                task.arn.name(),
                task.last_status,
                task.task_definition.family_revision(),
                reason(),
                task.group.as_deref().unwrap_or_default(),
            )
        }),
        fault: task_is_fault(task),
    }
}

/// The containers of a task, in the task's order.
pub(super) fn containers(model: &Model, context: ContextId, task: &TaskArn) -> Vec<Candidate> {
    let Some(task) = model.store(context).and_then(|store| store.task(task)) else {
        return Vec::new();
    };
    task.containers
        .iter()
        .map(|container| {
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            Candidate {
                id: RowId::Container(container.name.clone()),
                keys: vec![
                    SortKey::text(&container.name),
                    SortKey::text(&container.status),
                    SortKey::text(text(&container.health)),
                    SortKey::number(container.exit_code.unwrap_or(-1)),
                    SortKey::text(text(&container.image)),
                    SortKey::text(text(&container.reason)),
                ],
                text: format!(
                    "{} {} {} {}",
                    container.name,
                    container.status,
                    text(&container.image),
                    text(&container.reason)
                ),
                fault: container.exit_code.is_some_and(|code| code != 0)
                    || container.health.as_deref() == Some("UNHEALTHY"),
            }
        })
        .collect()
}
