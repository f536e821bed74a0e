//! Rows of CodeDeploy: applications, their groups, the deployments of a group, and what happened in
//! one deployment.

use jiff::Timestamp;

use super::{Candidate, Needs, SortKey};
use crate::app::model::Model;
use crate::app::row::RowId;
use crate::app::store::Store;
use crate::domain::arn::TaskDefinitionArn;
use crate::domain::codedeploy::{CodeDeployStatus, CodeDeployment, DeploymentGroup, GroupId};
use crate::domain::context::Scoped;

pub(super) const APPLICATION_COLUMNS: &[&str] = &["application", "groups", "last", "services"];
pub(super) const GROUP_COLUMNS: &[&str] = &[
    "group",
    "service",
    "cluster",
    "configuration",
    "last",
    "status",
];
pub(super) const DEPLOYMENT_COLUMNS: &[&str] = &[
    "status",
    "deployment",
    "task definition",
    "created",
    "took",
    "by",
    "about",
];
pub(super) const EVENT_COLUMNS: &[&str] = &["event", "status", "started", "took", "diagnostics"];

/// Applications by name.
pub(super) fn applications(model: &Model) -> Vec<Candidate> {
    let mut rows = Vec::new();
    for store in &model.contexts {
        rows.extend(store.applications.iter().map(|(name, groups)| {
            let services: Vec<&str> = groups
                .iter()
                .filter_map(|group| group.service.as_deref())
                .collect();
            let services = services.join(" ");
            Candidate {
                id: RowId::Application(store.context.id, name.clone()),
                keys: vec![
                    SortKey::text(name),
                    SortKey::number(i64::try_from(groups.len()).unwrap_or(i64::MAX)),
                    SortKey::number(last_attempt(groups)),
                    SortKey::text(&services),
                ],
                text: format!("{name} {services}"),
                fault: groups.iter().any(failed_last),
            }
        }));
    }
    rows
}

fn last_attempt(groups: &[DeploymentGroup]) -> i64 {
    let attempts = groups
        .iter()
        .filter_map(|group| group.last_attempted.as_ref());
    attempts
        .filter_map(|last| last.created_at)
        .map(Timestamp::as_second)
        .max()
        .unwrap_or(0)
}

fn failed_last(group: &DeploymentGroup) -> bool {
    group
        .last_attempted
        .as_ref()
        .is_some_and(|last| last.status == CodeDeployStatus::Failed)
}

/// The groups of an application by name.
pub(super) fn groups(model: &Model, application: &Scoped<String>) -> Vec<Candidate> {
    let Some(store) = model.store(application.context) else {
        return Vec::new();
    };
    let groups = store.applications.get(&application.id);
    let row = |group: &DeploymentGroup| {
        let service = group.service.as_deref().unwrap_or_default();
        let cluster = group.cluster.as_deref().unwrap_or_default();
        let configuration = group.configuration.as_deref().unwrap_or_default();
        let last = group.last_attempted.as_ref();
        let status = last.map_or("", |last| last.status.name());
        let attempted = last
            .and_then(|last| last.created_at)
            .map_or(0, Timestamp::as_second);
        Candidate {
            id: RowId::Group(application.context, group.id.clone()),
            keys: vec![
                SortKey::text(&group.id.group),
                SortKey::text(service),
                SortKey::text(cluster),
                SortKey::text(configuration),
                SortKey::number(attempted),
                SortKey::text(status),
            ],
            text: format!(
                "{} {service} {cluster} {configuration} {status}",
                group.id.group
            ),
            fault: failed_last(group),
        }
    };
    groups.into_iter().flatten().map(row).collect()
}

/// The deployments of a group, the newest first.
pub(super) fn deployments(model: &Model, group: &Scoped<GroupId>, needs: Needs) -> Vec<Candidate> {
    let Some(store) = model.store(group.context) else {
        return Vec::new();
    };
    let ids = store.group_deployments.get(&group.id);
    let row = |id: &String| {
        let read = store.code_deployment(id);
        Candidate {
            id: RowId::CodeDeployment(group.context, id.clone()),
            keys: needs.keys(|| deployment_keys(store, id, read, model.now)),
            text: needs.text(|| deployment_text(store, id, read)),
            fault: read.is_some_and(|one| one.status == CodeDeployStatus::Failed),
        }
    };
    ids.into_iter().flatten().map(row).collect()
}

fn deployment_keys(
    store: &Store,
    id: &str,
    read: Option<&CodeDeployment>,
    now: Timestamp,
) -> Vec<SortKey> {
    let definition = read.and_then(|one| definition(store, one));
    let created = read.and_then(|one| one.created_at);
    vec![
        SortKey::text(read.map_or("", |one| one.status.name())),
        SortKey::text(id),
        SortKey::text(definition.map_or("", |arn| arn.family_revision())),
        SortKey::number(created.map_or(0, Timestamp::as_second)),
        SortKey::number(read.and_then(|one| seconds(one, now)).unwrap_or(0)),
        SortKey::text(read.and_then(|one| one.creator.clone()).unwrap_or_default()),
        SortKey::text(read.map(about).unwrap_or_default()),
    ]
}

fn deployment_text(store: &Store, id: &str, read: Option<&CodeDeployment>) -> String {
    let Some(one) = read else {
        return id.to_owned();
    };
    let definition = definition(store, one);
    format!(
        "{id} {} {} {} {}",
        one.status.name(),
        definition.map_or("", |arn| arn.family_revision()),
        one.creator.as_deref().unwrap_or_default(),
        about(one),
    )
}

/// How long a deployment has run, or ran, in seconds.
pub fn seconds(deployment: &CodeDeployment, now: Timestamp) -> Option<i64> {
    let end = match deployment.finished_at {
        Some(end) => end,
        None if deployment.status.is_over() => return None,
        None => now,
    };
    let begin = deployment.started_at.or(deployment.created_at)?;
    Some((end.as_second() - begin.as_second()).max(0))
}

/// The task definition that a deployment brings: as its `AppSpec` tells, or else as the release
/// does that it moves.
pub fn definition<'a>(
    store: &'a Store,
    deployment: &'a CodeDeployment,
) -> Option<&'a TaskDefinitionArn> {
    let of_release = || {
        let ids = store.code_deployments_of.iter();
        let mut of = ids.filter(|(_, ids)| ids.contains(&deployment.id));
        let (service, _) = of.next()?;
        let mut releases = store.releases.get(service)?.iter();
        let release = releases.find(|release| {
            let named = release.codedeploy.as_ref();
            named.is_some_and(|named| named.deployment == deployment.id)
        })?;
        release.new.as_ref()?.task_definition.as_ref()
    };
    deployment.task_definition.as_ref().or_else(of_release)
}

/// What is to be said about a deployment: what it rolls back, what rolls it back, why it failed, or
/// what its maker wrote.
pub fn about(deployment: &CodeDeployment) -> String {
    let rolls_back = deployment.rolls_back.as_ref();
    let rolls_back = rolls_back.map(|id| format!("rolls {id} back"));
    let error = deployment.error.as_ref().map(|(code, message)| {
        if message.is_empty() {
            code.clone()
        } else {
            message.clone()
        }
    });
    let by = deployment.rolled_back_by.as_ref();
    let by = by.map(|id| format!("rolled back by {id}"));
    let words: Vec<String> = rolls_back.into_iter().chain(by).chain(error).collect();
    if words.is_empty() {
        deployment.description.clone().unwrap_or_default()
    } else {
        words.join(", ")
    }
}

/// The lifecycle events of a deployment in their order.
pub(super) fn events(model: &Model, deployment: &Scoped<String>) -> Vec<Candidate> {
    let read = model
        .store(deployment.context)
        .and_then(|store| store.code_deployment(&deployment.id));
    let events = read
        .and_then(|one| one.target.as_ref())
        .map_or(&[][..], |target| &target.events);
    events
        .iter()
        .map(|event| {
            let began = event.started_at.map_or(0, Timestamp::as_second);
            let end = event.finished_at.unwrap_or(model.now).as_second();
            let took = event.started_at.map_or(0, |_| end - began);
            let diagnostics = event.diagnostics.as_deref().unwrap_or_default();
            Candidate {
                id: RowId::LifecycleEvent(event.name.clone()),
                keys: vec![
                    SortKey::text(&event.name),
                    SortKey::text(&event.status),
                    SortKey::number(began),
                    SortKey::number(took),
                    SortKey::text(diagnostics),
                ],
                text: format!("{} {} {diagnostics}", event.name, event.status),
                fault: event.status == "Failed",
            }
        })
        .collect()
}
