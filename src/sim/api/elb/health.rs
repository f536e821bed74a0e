//! `DescribeTargetHealth`.

use serde_json::{Value, json};

use super::target_groups::not_found;
use crate::sim::api::{Answer, Input};
use crate::sim::world::Region;
use crate::sim::world::elb::{TargetGroup, TargetState};

/// `DescribeTargetHealth`.
pub fn describe(region: &mut Region, input: Input<'_>) -> Answer {
    let arn = input.required_string("TargetGroupArn")?;
    let elb = &region.elb;
    let group = elb.target_group(arn).ok_or_else(|| not_found(&[arn]))?;
    let used = !elb.rules_to(arn).is_empty();
    let more = !input.strings("Include")?.is_empty();
    let asked = input.structures("Targets")?;
    let mut rows = Vec::new();
    if asked.is_empty() {
        for ((id, port), state) in &group.targets {
            rows.push(row((id, *port), Some(*state), used, more));
        }
    }
    for target in asked {
        let id = target.required_string("Id")?;
        let port = target.integer_within("Port", 1, 65_535)?;
        let port = port.and_then(|port| u16::try_from(port).ok());
        let known = find(group, id, port);
        let port = known
            .map(|(port, _)| port)
            .or(port)
            .unwrap_or(usual_port(group));
        rows.push(row((id, port), known.map(|(_, state)| state), used, more));
    }
    Ok(json!({"TargetHealthDescriptions": rows}))
}

/// The target of this id, on this port if one is given.
fn find(group: &TargetGroup, id: &str, port: Option<u16>) -> Option<(u16, TargetState)> {
    group
        .targets
        .iter()
        .find(|((known, on), _)| known == id && port.is_none_or(|port| port == *on))
        .map(|((_, on), state)| (*on, *state))
}

fn usual_port(group: &TargetGroup) -> u16 {
    let port = group.members.get("Port").and_then(Value::as_u64);
    port.and_then(|port| u16::try_from(port).ok()).unwrap_or(80)
}

/// How a target is; `state` is none for a target that isn't registered, `used` is false when no
/// load balancer sends anything to the group, and `more` asks for what is told only on request.
fn row((id, port): (&str, u16), state: Option<TargetState>, used: bool, more: bool) -> Value {
    let health = match state {
        None => unused(
            "Target.NotRegistered",
            "Target is not registered to the target group",
        ),
        Some(_) if !used => unused(
            "Target.NotInUse",
            "Target group is not configured to receive traffic from the load balancer",
        ),
        Some(state) => health(state),
    };
    let mut row = json!({
        "Target": {"Id": id, "Port": port},
        "HealthCheckPort": port.to_string(),
        "TargetHealth": health,
    });
    if more && let Some(row) = row.as_object_mut() {
        let anomaly = json!({"Result": "normal", "MitigationInEffect": "no"});
        row.insert("AnomalyDetection".to_owned(), anomaly);
    }
    row
}

fn unused(reason: &str, description: &str) -> Value {
    json!({"State": "unused", "Reason": reason, "Description": description})
}

fn health(state: TargetState) -> Value {
    let (reason, description) = match state {
        TargetState::Healthy => return json!({"State": state.word()}),
        TargetState::Initial => (
            "Elb.RegistrationInProgress",
            "Target registration is in progress",
        ),
        TargetState::Unhealthy => (
            "Target.ResponseCodeMismatch",
            "Health checks failed with these codes: [503]",
        ),
        TargetState::Draining => (
            "Target.DeregistrationInProgress",
            "Target deregistration is in progress",
        ),
    };
    json!({"State": state.word(), "Reason": reason, "Description": description})
}
