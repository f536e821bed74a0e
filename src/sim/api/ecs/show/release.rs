//! Service deployments and service revisions.

use serde_json::{Map, Value, json};

use super::{object, put_time, shift};
use crate::sim::api::ecs::settings;
use crate::sim::clock::SimTime;
use crate::sim::rng::Rng;
use crate::sim::world::deployment::{Release, ReleaseStatus, Revision};
use crate::sim::world::ecs::{Ecs, fingerprint};
use crate::sim::world::ids::RevisionNumber;
use crate::sim::world::service::Service;

/// A service deployment as `ListServiceDeployments` shows it.
pub fn brief(ecs: &Ecs, service: &Service, release: &Release) -> Value {
    let mut shown = start(ecs, service, release);
    if let Some(target) = service.revision(release.target) {
        shown.insert("targetServiceRevisionArn".to_owned(), json!(target.arn));
    }
    Value::Object(shown)
}

/// A service deployment as `DescribeServiceDeployments` shows it.
pub fn release(ecs: &Ecs, service: &Service, release: &Release) -> Value {
    let mut shown = start(ecs, service, release);
    put_time(&mut shown, "stoppedAt", release.stopped_at);
    put_time(
        &mut shown,
        "updatedAt",
        Some(updated_at(ecs, service, release)),
    );
    let sources: Vec<Value> = release
        .sources
        .iter()
        .filter_map(|number| summary(ecs, service, release, *number))
        .collect();
    shown.insert("sourceServiceRevisions".to_owned(), Value::Array(sources));
    if let Some(target) = summary(ecs, service, release, release.target) {
        shown.insert("targetServiceRevision".to_owned(), target);
    }
    shift::put(release, &mut shown);
    shown.insert(
        "deploymentConfiguration".to_owned(),
        settings::show(&release.settings),
    );
    shown.insert("deploymentCircuitBreaker".to_owned(), breaker(release));
    shown.insert("alarms".to_owned(), alarms(release));
    if let Some(rollback) = &release.rollback {
        let mut shown_rollback = object(json!({"reason": rollback.reason}));
        put_time(&mut shown_rollback, "startedAt", Some(rollback.started_at));
        if let Some(revision) = service.revision(rollback.revision) {
            shown_rollback.insert("serviceRevisionArn".to_owned(), json!(revision.arn));
        }
        shown.insert("rollback".to_owned(), Value::Object(shown_rollback));
    }
    Value::Object(shown)
}

fn start(ecs: &Ecs, service: &Service, release: &Release) -> Map<String, Value> {
    let cluster = ecs
        .clusters
        .get(&service.cluster)
        .map(|one| one.arn.as_str());
    let mut shown = object(json!({
        "serviceDeploymentArn": release.arn,
        "serviceArn": service.arn,
        "clusterArn": cluster,
        "status": release.status.word(),
    }));
    put_time(&mut shown, "createdAt", Some(release.created_at));
    put_time(&mut shown, "startedAt", release.started_at);
    put_time(&mut shown, "finishedAt", release.finished_at);
    if let Some(reason) = &release.status_reason {
        shown.insert("statusReason".to_owned(), json!(reason));
    }
    shown
}

/// A release under way changes with its tasks.
fn updated_at(ecs: &Ecs, service: &Service, release: &Release) -> SimTime {
    if release.status.is_final() {
        return release.updated_at;
    }
    let moments = ecs.live_tasks(service).flat_map(|task| {
        [
            Some(task.times.created),
            task.times.started,
            task.times.stopping,
        ]
    });
    moments.flatten().fold(release.updated_at, SimTime::max)
}

fn summary(
    ecs: &Ecs,
    service: &Service,
    release: &Release,
    number: RevisionNumber,
) -> Option<Value> {
    let revision = service.revision(number)?;
    let counts = release
        .final_counts
        .as_ref()
        .and_then(|counts| counts.iter().find(|one| one.revision == number).copied())
        .unwrap_or_else(|| ecs.revision_counts(service, number));
    let mut shown = object(json!({
        "arn": revision.arn,
        "requestedTaskCount": counts.requested,
        "runningTaskCount": counts.running,
        "pendingTaskCount": counts.pending,
    }));
    shift::put_weights(release, number, &mut shown);
    Some(Value::Object(shown))
}

fn breaker(release: &Release) -> Value {
    json!({
        "status": monitor(release, release.settings.breaker.enable, release.triggered),
        "failureCount": release.failure_count,
        "threshold": release.threshold,
    })
}

fn alarms(release: &Release) -> Value {
    let enabled = release.settings.alarm_flag("enable");
    let fired = &release.alarms.triggered;
    let mut shown = object(json!({"status": monitor(release, enabled, !fired.is_empty())}));
    if enabled {
        let names: Vec<&str> = release.settings.alarm_names().collect();
        shown.insert("alarmNames".to_owned(), json!(names));
        shown.insert("triggeredAlarmNames".to_owned(), json!(fired));
    }
    Value::Object(shown)
}

/// The state of a failure detector of a release.
fn monitor(release: &Release, enabled: bool, triggered: bool) -> &'static str {
    let over = release.status.is_final() || release.status == ReleaseStatus::RollbackInProgress;
    match (enabled, triggered) {
        (false, _) => "DISABLED",
        (true, true) => "TRIGGERED",
        (true, false) if over => "MONITORING_COMPLETE",
        (true, false) => "MONITORING",
    }
}

/// A service revision.
pub fn revision(ecs: &Ecs, service: &Service, revision: &Revision) -> Value {
    let cluster = ecs
        .clusters
        .get(&service.cluster)
        .map(|one| one.arn.as_str());
    let images: Vec<Value> = revision
        .definition
        .containers
        .iter()
        .map(|one| {
            json!({
                "containerName": one.name,
                "image": one.image,
                "imageDigest": digest(&one.image),
            })
        })
        .collect();
    let mut shown = object(json!({
        "serviceRevisionArn": revision.arn,
        "serviceArn": service.arn,
        "clusterArn": cluster,
        "taskDefinition": revision.definition.arn,
        "containerImages": images,
        "guardDutyEnabled": false,
    }));
    put_time(&mut shown, "createdAt", Some(revision.created_at));
    if let Some(resolved) = shift::resolved(service, revision.number) {
        shown.insert("resolvedConfiguration".to_owned(), resolved);
    }
    for (name, value) in &revision.members {
        shown.insert(name.clone(), value.clone());
    }
    Value::Object(shown)
}

/// The digest of an image: made up from its name, the same in every run.
pub fn digest(image: &str) -> String {
    format!("sha256:{}", Rng::new(fingerprint(image)).hex(64))
}
