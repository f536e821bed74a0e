//! The alarms that a release watches, with what CloudWatch says about them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::WatchedAlarm;
use crate::domain::alarm::{Alarm, AlarmState};
use crate::domain::codedeploy::CodeDeployment;
use crate::domain::service_deployment::ServiceDeployment;

/// The error code of a CodeDeploy deployment that an alarm ended (CodeDeploy API reference,
/// `ErrorCode`).
pub(super) const ALARM_ACTIVE: &str = "ALARM_ACTIVE";

/// The alarms of a release of ECS: those that it reports, and those that it was told to watch.
pub(super) fn of_record(
    record: &ServiceDeployment,
    known: &BTreeMap<String, Alarm>,
) -> Vec<WatchedAlarm> {
    let reading = record.alarms.as_ref();
    let configured = record.settings.as_ref().map(|settings| &settings.alarms);
    let triggered = reading.map_or(&[][..], |reading| &reading.triggered);
    let names = reading
        .map(|reading| &reading.names)
        .into_iter()
        .chain(configured)
        .flatten()
        .chain(triggered);
    let began = record.created_at.or(record.started_at);
    watched(names, triggered, began, known)
}

/// The alarms of a CodeDeploy deployment. CodeDeploy tells that one of them fired and not which: of
/// those that fire now, the ones that began after the deployment did.
pub(super) fn of_deployment(
    deployment: &CodeDeployment,
    known: &BTreeMap<String, Alarm>,
) -> Vec<WatchedAlarm> {
    let began = deployment.created_at.or(deployment.started_at);
    let mut alarms = watched(deployment.alarms.iter(), &[], began, known);
    let ended_by_alarm = deployment
        .error
        .as_ref()
        .is_some_and(|(code, _)| code == ALARM_ACTIVE);
    let only = alarms.len() == 1;
    for alarm in &mut alarms {
        let fires = alarm.state == Some(AlarmState::Alarm) && !alarm.already_firing;
        alarm.triggered = ended_by_alarm && (only || fires);
    }
    alarms
}

fn watched<'a>(
    names: impl Iterator<Item = &'a String>,
    triggered: &[String],
    began: Option<Timestamp>,
    known: &BTreeMap<String, Alarm>,
) -> Vec<WatchedAlarm> {
    let mut alarms: Vec<WatchedAlarm> = Vec::new();
    for name in names {
        if alarms.iter().any(|alarm| alarm.name == *name) {
            continue;
        }
        let alarm = known.get(name);
        let triggered = triggered.contains(name);
        let before = |alarm: &&Alarm| match (alarm.since, began) {
            (Some(since), Some(began)) => since < began,
            _ => false,
        };
        let fires = |alarm: &&Alarm| alarm.state == AlarmState::Alarm;
        alarms.push(WatchedAlarm {
            name: name.clone(),
            state: alarm.map(|alarm| alarm.state.clone()),
            since: alarm.and_then(|alarm| alarm.since),
            already_firing: !triggered && alarm.filter(fires).is_some_and(|one| before(&one)),
            triggered,
        });
    }
    alarms
}
