//! The operations of Elastic Load Balancing (version 2015-12-01) that this simulator has.

mod action;
mod balancers;
mod health;
mod listeners;
mod page;
mod rules;
mod shape;
mod target_groups;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use super::ecs::shape::{self as shapes, Member, form};
use super::{Answer, ApiError, Input};
use crate::sim::world::{Region, World};

type Operation = fn(&mut Region, Input<'_>) -> Answer;

/// Every operation by its action, with the shape of its input.
const OPERATIONS: [(&str, &[Member], Operation); 11] = [
    (
        "DescribeLoadBalancers",
        shape::DESCRIBE_LOAD_BALANCERS,
        balancers::describe,
    ),
    (
        "CreateLoadBalancer",
        shape::CREATE_LOAD_BALANCER,
        balancers::create,
    ),
    (
        "DescribeTargetGroups",
        shape::DESCRIBE_TARGET_GROUPS,
        target_groups::describe,
    ),
    (
        "CreateTargetGroup",
        shape::CREATE_TARGET_GROUP,
        target_groups::create,
    ),
    (
        "DescribeTargetHealth",
        shape::DESCRIBE_TARGET_HEALTH,
        health::describe,
    ),
    (
        "DescribeListeners",
        shape::DESCRIBE_LISTENERS,
        listeners::describe,
    ),
    ("CreateListener", shape::CREATE_LISTENER, listeners::create),
    ("ModifyListener", shape::MODIFY_LISTENER, listeners::modify),
    ("DescribeRules", shape::DESCRIBE_RULES, rules::describe),
    ("CreateRule", shape::CREATE_RULE, rules::create),
    ("ModifyRule", shape::MODIFY_RULE, rules::modify),
];

/// Answers an operation in an account and region; none when there is no such operation here.
/// `input` is a form, so every value in it is a string.
pub fn handle(
    world: &mut World,
    account: &str,
    region: &str,
    operation: &str,
    input: &Value,
) -> Option<Answer> {
    let (_, members, run) = OPERATIONS.iter().find(|(name, _, _)| *name == operation)?;
    let region = world.region_mut(account, region);
    Some(answer(region, members, *run, input).map_err(in_its_words))
}

fn answer(region: &mut Region, members: &[Member], run: Operation, input: &Value) -> Answer {
    let none = Map::new();
    let given = input.as_object().unwrap_or(&none);
    let given = Value::Object(form::typed(given, members));
    let known = Value::Object(shapes::request(Input::new(&given)?, members)?);
    run(region, Input::new(&known)?)
}

/// What ECS calls a wrong parameter is a validation error here.
fn in_its_words(error: ApiError) -> ApiError {
    match error.code.as_str() {
        "InvalidParameterException" | "SerializationException" => {
            ApiError::new("ValidationError", error.message)
        }
        _ => error,
    }
}

/// An error for a request that contradicts itself or a rule of the service.
fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new("ValidationError", message)
}

/// Refuses names that load balancers and target groups may not have.
fn check_name(what: &str, name: &str) -> Result<(), ApiError> {
    if name.is_empty() || name.chars().count() > 32 {
        return Err(invalid(format!(
            "{what} name '{name}' cannot be longer than '32' characters, or empty"
        )));
    }
    let fits = |one: char| one.is_ascii_alphanumeric() || one == '-';
    if !name.chars().all(fits) || name.starts_with('-') || name.ends_with('-') {
        return Err(invalid(format!(
            "{what} name '{name}' can only contain characters that are alphanumeric characters \
             and hyphens(-), and must not begin or end with a hyphen"
        )));
    }
    Ok(())
}
