//! Actions of listeners and rules: reading them, checking them, and showing them.

use serde_json::{Map, Value, json};

use super::{invalid, target_groups};
use crate::sim::api::{ApiError, Input};
use crate::sim::world::elb::{Action, Elb, Forward};

/// Target groups that one action may forward to, a quota of application load balancers.
const MOST_GROUPS: usize = 5;
/// The largest weight.
const MOST_WEIGHT: i64 = 999;

/// Reads the actions of a listener or rule of the load balancer `balancer`.
pub fn read(elb: &Elb, balancer: &str, actions: &[Input<'_>]) -> Result<Vec<Action>, ApiError> {
    if actions.is_empty() {
        return Err(invalid("An action must be specified"));
    }
    let actions: Vec<Action> = actions
        .iter()
        .map(|action| read_one(elb, balancer, *action))
        .collect::<Result<_, _>>()?;
    if actions.len() > 1 {
        return Err(ApiError::new(
            "TooManyActions",
            "You cannot specify more than one forward, redirect or fixed-response action",
        ));
    }
    Ok(actions)
}

fn read_one(elb: &Elb, balancer: &str, action: Input<'_>) -> Result<Action, ApiError> {
    let kind = action.required_string("Type")?;
    let config = match kind {
        "forward" => return forward(elb, balancer, action).map(Action::Forward),
        "redirect" => "RedirectConfig",
        "fixed-response" => "FixedResponseConfig",
        other => {
            return Err(ApiError::new(
                "InvalidLoadBalancerAction",
                format!("This simulator does not have the action type '{other}'"),
            ));
        }
    };
    if !action.has(config) {
        return Err(invalid(format!(
            "An action of type '{kind}' requires the parameter '{config}'"
        )));
    }
    let mut shown = Map::new();
    for name in ["Type", "Order", config] {
        if let Some(value) = action.value(name) {
            shown.insert(name.to_owned(), value.clone());
        }
    }
    Ok(Action::Other(Value::Object(shown)))
}

fn forward(elb: &Elb, balancer: &str, action: Input<'_>) -> Result<Forward, ApiError> {
    let config = action.structure("ForwardConfig")?;
    let mut weights = match config {
        Some(config) => weights(&config.structures("TargetGroups")?)?,
        None => Vec::new(),
    };
    if let Some(arn) = action.string("TargetGroupArn")? {
        match weights.as_slice() {
            [] => weights.push((arn.to_owned(), 1)),
            [(only, _)] if only == arn => {}
            _ => {
                return Err(invalid(
                    "The target group of an action must be the only one of its forward \
                     configuration",
                ));
            }
        }
    }
    if weights.is_empty() {
        return Err(invalid(
            "An action of type 'forward' requires a target group",
        ));
    }
    if weights.len() > MOST_GROUPS {
        return Err(ApiError::new(
            "TooManyTargetGroups",
            "An action can forward to at most 5 target groups",
        ));
    }
    for (arn, _) in &weights {
        check_group(elb, balancer, arn)?;
    }
    let stickiness = config.and_then(|one| one.value("TargetGroupStickinessConfig"));
    Ok(Forward {
        weights,
        stickiness: stickiness.cloned(),
        order: action
            .integer("Order")?
            .and_then(|order| u64::try_from(order).ok()),
    })
}

fn weights(groups: &[Input<'_>]) -> Result<Vec<(String, u32)>, ApiError> {
    let mut weights: Vec<(String, u32)> = Vec::new();
    for group in groups {
        let arn = group.required_string("TargetGroupArn")?.to_owned();
        let weight = group.integer_within("Weight", 0, MOST_WEIGHT)?.unwrap_or(1);
        if weights.iter().any(|(known, _)| *known == arn) {
            return Err(invalid(format!("The target group '{arn}' is there twice")));
        }
        weights.push((arn, u32::try_from(weight).unwrap_or(0)));
    }
    Ok(weights)
}

/// A target group has to be there, and no other load balancer may use it.
fn check_group(elb: &Elb, balancer: &str, arn: &str) -> Result<(), ApiError> {
    if elb.target_group(arn).is_none() {
        return Err(target_groups::not_found(&[arn]));
    }
    let elsewhere = elb
        .rules_to(arn)
        .iter()
        .filter_map(|rule| elb.listeners.get(&rule.listener))
        .any(|listener| listener.load_balancer != balancer);
    if elsewhere {
        return Err(ApiError::new(
            "TargetGroupAssociationLimit",
            format!(
                "The following target groups cannot be associated with more than one load \
                 balancer: {arn}"
            ),
        ));
    }
    Ok(())
}

/// Actions as the service shows them.
pub fn show(actions: &[Action]) -> Value {
    actions.iter().map(show_one).collect()
}

fn show_one(action: &Action) -> Value {
    let forward = match action {
        Action::Forward(forward) => forward,
        Action::Other(value) => return value.clone(),
    };
    let mut shown = Map::new();
    shown.insert("Type".to_owned(), json!("forward"));
    if let [(only, _)] = forward.weights.as_slice() {
        shown.insert("TargetGroupArn".to_owned(), json!(only));
    }
    if let Some(order) = forward.order {
        shown.insert("Order".to_owned(), json!(order));
    }
    let groups: Vec<Value> = forward
        .weights
        .iter()
        .map(|(arn, weight)| json!({"TargetGroupArn": arn, "Weight": weight}))
        .collect();
    let stickiness = forward.stickiness.clone();
    shown.insert(
        "ForwardConfig".to_owned(),
        json!({
            "TargetGroups": groups,
            "TargetGroupStickinessConfig": stickiness.unwrap_or_else(|| json!({"Enabled": false})),
        }),
    );
    Value::Object(shown)
}
