//! What is checked before an action: other releases, the breaker, alarms, traffic.

use crate::domain::alarm::{Alarm, AlarmState};
use crate::domain::facts::Facts;
use crate::domain::plan::Check;
use crate::domain::service::{Service, Strategy};
use crate::domain::service_deployment::{RevisionSummary, ServiceDeployment};

/// Says what the circuit breaker will do; only rolling releases have one.
pub(super) fn breaker_check(service: &Service) -> Option<Check> {
    if service.strategy != Strategy::Rolling {
        return None;
    }
    Some(
        match (service.limits.breaker, service.limits.breaker_rolls_back) {
            (true, true) => Check::good("the circuit breaker is on and rolls back"),
            (true, false) => Check::warning("the circuit breaker is on, but does not roll back"),
            (false, _) => {
                Check::warning("the circuit breaker is off: a bad release retries for ever")
            }
        },
    )
}

/// Says whether another release is in flight, which a new one would supersede.
pub(super) fn in_flight_check(service: &Service, facts: &Facts) -> Check {
    match (&facts.history, facts.in_flight()) {
        (_, Some(record)) => Check::warning(format!(
            "release {} is in flight: this supersedes it",
            record
                .target
                .as_ref()
                .and_then(|target| target.task_definition.as_ref())
                .map_or_else(
                    || record.arn.name().to_owned(),
                    |task_definition| task_definition.family_revision().to_owned()
                )
        )),
        (Ok(_), None) if !service.is_moving() => Check::good("no other release is in flight"),
        (Err(_), None) if !service.is_moving() => {
            Check::good("no other release is in flight, as far as DescribeServices tells")
        }
        _ => Check::warning("another release is in flight: this supersedes it"),
    }
}

/// The alarms that ECS watches during the releases of the service, as its newest record tells them.
pub(super) fn alarms_of_records(facts: &Facts) -> Vec<String> {
    let history = facts.history.as_deref().unwrap_or_default();
    let Some(record) = history.iter().max_by_key(|record| record.created_at) else {
        return Vec::new();
    };
    let watched = record.alarms.as_ref().map(|alarms| alarms.names.clone());
    let configured = record.settings.as_ref().map(|set| set.alarms.clone());
    watched.or(configured).unwrap_or_default()
}

/// Says which of these alarms fire, and what that means. Nothing where there are no alarms.
pub(super) fn alarm_checks(facts: &Facts, names: &[String], meaning: &str) -> Vec<Check> {
    if names.is_empty() {
        return Vec::new();
    }
    let alarms = match &facts.alarms {
        Ok(alarms) => alarms,
        Err(failure) => {
            let why = failure.short();
            return vec![Check::unknown(format!(
                "whether its alarms fire could not be read: {why}"
            ))];
        }
    };
    let checks: Vec<Check> = names
        .iter()
        .filter_map(|name| alarm_check(name, alarms.get(name), meaning))
        .collect();
    if checks.is_empty() {
        return vec![Check::good("none of its alarms fires")];
    }
    checks
}

fn alarm_check(name: &str, alarm: Option<&Alarm>, meaning: &str) -> Option<Check> {
    match alarm.map(|alarm| &alarm.state) {
        Some(AlarmState::Alarm) => Some(Check::warning(format!(
            "alarm {name} fires already: {meaning}"
        ))),
        Some(AlarmState::Unknown(state)) => {
            Some(Check::unknown(format!("alarm {name} is {state}")))
        }
        Some(AlarmState::Ok | AlarmState::InsufficientData) => None,
        None => Some(Check::unknown(format!("alarm {name} was not found"))),
    }
}

/// Says what share of the production traffic the new side gets, asked for and real. `None` where
/// nothing is told.
pub(super) fn traffic_check(record: &ServiceDeployment, facts: &Facts) -> Option<Check> {
    let target = record.target.as_ref()?;
    let wanted = target.production_percent?;
    let name = target
        .task_definition
        .as_ref()
        .map_or_else(|| target.arn.name(), |runs| runs.family_revision());
    Some(match real_percent(target, facts) {
        Some(real) if (real - wanted).abs() > 0.5 => Check::warning(format!(
            "{wanted} % of the production traffic was asked for {name}, the load balancer really \
             sends {real:.0} %"
        )),
        Some(_) => Check::good(format!(
            "{name} gets {wanted} % of the production traffic, as was asked for"
        )),
        None => Check::unknown(format!(
            "{wanted} % of the production traffic was asked for {name}; what the load balancer \
             really sends was not read"
        )),
    })
}

fn real_percent(target: &RevisionSummary, facts: &Facts) -> Option<f64> {
    let weights = facts
        .traffic
        .weights
        .get(target.production_route.as_ref()?)?;
    weights.percent(target.target_group.as_ref()?)
}
