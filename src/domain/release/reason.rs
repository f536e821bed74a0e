//! Why a release is as it is, in one line: what is known of the cause, else AWS's own words.

use super::WatchedAlarm;
use super::alarms::ALARM_ACTIVE;
use crate::domain::codedeploy::{CodeDeployStatus, CodeDeployment, LifecycleEvent};
use crate::domain::lifecycle::{HookKind, HookStatus, LifecycleHook};
use crate::domain::service_deployment::{ServiceDeployment, ServiceDeploymentStatus};

/// Of a release of ECS. Where going back failed as well, that says more than why it was begun.
pub(super) fn of_record(record: &ServiceDeployment) -> Option<String> {
    if record.status == ServiceDeploymentStatus::RollbackFailed
        && let Some(reason) = &record.status_reason
    {
        return Some(reason.clone());
    }
    let alarms = record
        .alarms
        .as_ref()
        .map_or(&[][..], |reading| &reading.triggered);
    record
        .hooks
        .iter()
        .find_map(hook_failure)
        .or_else(|| fired(alarms.iter().map(String::as_str)))
        .or_else(|| record.rollback_reason.clone())
        .or_else(|| record.status_reason.clone())
}

/// What a hook that failed did, in a sentence.
pub(super) fn hook_failure(hook: &LifecycleHook) -> Option<String> {
    let name = hook.target.as_deref().map(function_name);
    let who = match (&hook.kind, name) {
        (HookKind::Pause, _) => "the pause hook".to_owned(),
        (_, Some(name)) => format!("hook {name}"),
        (_, None) => "a hook".to_owned(),
    };
    match (&hook.status, &hook.kind) {
        (HookStatus::Failed, _) => Some(format!("{who} failed")),
        (HookStatus::TimedOut, HookKind::Pause) => {
            Some("nobody answered the pause hook in time".into())
        }
        (HookStatus::TimedOut, _) => Some(format!("{who} did not end in time")),
        _ => None,
    }
}

/// The name of a Lambda function; its ARN may end in a version or an alias.
fn function_name(arn: &str) -> &str {
    match arn.split_once(":function:") {
        Some((_, name)) => name.split(':').next().unwrap_or(name),
        None => arn,
    }
}

fn fired<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let names: Vec<&str> = names.collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!("alarm {one} fired")),
        many => Some(format!("alarms {} fired", many.join(", "))),
    }
}

/// Of a release of CodeDeploy. `rollback` is the deployment that rolls it back.
pub(super) fn of_deployment(
    deployment: &CodeDeployment,
    alarms: &[WatchedAlarm],
    rollback: Option<&CodeDeployment>,
) -> Option<String> {
    let triggered = alarms.iter().filter(|alarm| alarm.triggered);
    let message = error_message(deployment);
    if let Some(why) = rollback.and_then(failed_rollback) {
        return Some(why);
    }
    fired(triggered.map(|alarm| alarm.name.as_str()))
        .or_else(|| failed_event(deployment, message))
        .or_else(|| message.map(str::to_owned))
        .or_else(|| deployment.rollback_message.clone())
        .or_else(|| rollback?.rollback_message.clone())
}

/// Why the deployment that goes back did not get there, if it did not.
fn failed_rollback(rollback: &CodeDeployment) -> Option<String> {
    let ended_badly = matches!(
        rollback.status,
        CodeDeployStatus::Failed | CodeDeployStatus::Stopped
    );
    let why = error_message(rollback).filter(|_| ended_badly)?;
    Some(format!("the rollback failed: {why}"))
}

fn failed_event(deployment: &CodeDeployment, message: Option<&str>) -> Option<String> {
    let events = &deployment.target.as_ref()?.events;
    let failed = |event: &&LifecycleEvent| event.status == "Failed";
    let event = events.iter().find(failed)?;
    let told = event.diagnostics.as_deref().filter(|text| !text.is_empty());
    Some(match told.or(message) {
        Some(why) => format!("{} failed: {why}", event.name),
        None => format!("{} failed", event.name),
    })
}

fn error_message(deployment: &CodeDeployment) -> Option<&str> {
    let (code, message) = deployment.error.as_ref()?;
    match (code.as_str(), message.as_str()) {
        (ALARM_ACTIVE, "") => Some("an alarm fired"),
        ("", "") => None,
        (code, "") => Some(code),
        (_, message) => Some(message),
    }
}
