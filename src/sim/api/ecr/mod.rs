//! The operations of Amazon ECR that this simulator has: repositories, and the images in them.

mod changes;
mod images;
mod lookup;
mod repositories;
mod shape;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::ecs::shape::{self as shapes, Member};
use super::{Answer, Input};
use crate::sim::world::{Region, World};

type Operation = fn(&mut Region, Input<'_>) -> Answer;

/// Every operation, with the shape of its input.
const OPERATIONS: [(&str, &[Member], Operation); 7] = [
    (
        "CreateRepository",
        shape::CREATE_REPOSITORY,
        repositories::create,
    ),
    (
        "DescribeRepositories",
        shape::DESCRIBE_REPOSITORIES,
        repositories::describe,
    ),
    ("PutImage", shape::PUT_IMAGE, changes::put),
    (
        "BatchDeleteImage",
        shape::BATCH_DELETE_IMAGE,
        changes::batch_delete,
    ),
    ("DescribeImages", shape::DESCRIBE_IMAGES, images::describe),
    ("BatchGetImage", shape::BATCH_GET_IMAGE, images::batch_get),
    ("ListImages", shape::LIST_IMAGES, images::list),
];

/// Answers an operation in an account and region; none when ECR has no such operation here. A
/// request can name the registry of another account.
pub fn handle(
    world: &mut World,
    account: &str,
    region: &str,
    operation: &str,
    input: &Value,
) -> Option<Answer> {
    let (_, members, run) = OPERATIONS.iter().find(|(name, _, _)| *name == operation)?;
    Some(answer(world, (account, region), members, *run, input))
}

fn answer(
    world: &mut World,
    (account, region): (&str, &str),
    members: &[Member],
    run: Operation,
    input: &Value,
) -> Answer {
    let known = Value::Object(shapes::request(Input::new(input)?, members)?);
    let input = Input::new(&known)?;
    let registry = input.string("registryId")?.unwrap_or(account);
    if registry != account && !world.has_region(registry, region) {
        return Err(lookup::no_registry(registry));
    }
    run(world.region_mut(registry, region), input)
}
