//! The operations of Application Auto Scaling that this simulator has: those that say what is scaled.

mod shape;
mod targets;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::ecs::shape::{self as shapes, Member};
use super::{Answer, ApiError, Input};
use crate::sim::world::{Region, World};

pub use targets::role;

type Operation = fn(&mut Region, Input<'_>) -> Answer;

/// Every operation, with the shape of its input.
const OPERATIONS: [(&str, &[Member], Operation); 3] = [
    ("RegisterScalableTarget", shape::REGISTER, targets::register),
    (
        "DescribeScalableTargets",
        shape::DESCRIBE,
        targets::describe,
    ),
    (
        "DeregisterScalableTarget",
        shape::DEREGISTER,
        targets::deregister,
    ),
];

/// Answers an operation in an account and region; none when there is no such operation here.
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
    let known = Value::Object(shapes::request(Input::new(input)?, members)?);
    run(region, Input::new(&known)?)
}

/// What ECS calls a wrong parameter is a validation exception here.
fn in_its_words(error: ApiError) -> ApiError {
    match error.code.as_str() {
        "InvalidParameterException" => invalid(error.message),
        _ => error,
    }
}

/// An error for a request that contradicts itself or a rule of the service.
fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new("ValidationException", message)
}
