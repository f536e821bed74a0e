//! The operations of Amazon ECS that this simulator has.

pub mod clusters;
pub mod continue_release;
pub mod controllers;
pub mod lookup;
pub mod page;
pub mod releases;
pub mod services;
pub mod settings;
pub mod shape;
pub mod shift;
pub mod show;
pub mod tags;
pub mod task_definitions;
pub mod task_sets;
pub mod tasks;
#[cfg(test)]
mod tests;
pub mod update;

use serde_json::Value;

use super::{Answer, Input};
use crate::sim::world::{Region, World};

type Operation = fn(&mut Region, Input<'_>) -> Answer;

/// Every operation, by the name that follows the dot in `x-amz-target`.
const OPERATIONS: [(&str, Operation); 27] = [
    ("CreateCluster", clusters::create),
    ("ListClusters", clusters::list),
    ("DescribeClusters", clusters::describe),
    ("CreateService", services::create),
    ("UpdateService", update::update),
    ("DeleteService", services::delete),
    ("ListServices", services::list),
    ("DescribeServices", services::describe),
    ("ListTasks", tasks::list),
    ("DescribeTasks", tasks::describe),
    ("StopTask", tasks::stop),
    ("RegisterTaskDefinition", task_definitions::register),
    ("DeregisterTaskDefinition", task_definitions::deregister),
    (
        "ListTaskDefinitionFamilies",
        task_definitions::list_families,
    ),
    ("ListTaskDefinitions", task_definitions::list),
    ("DescribeTaskDefinition", task_definitions::describe),
    ("ListServiceDeployments", releases::list),
    ("DescribeServiceDeployments", releases::describe),
    ("DescribeServiceRevisions", releases::describe_revisions),
    ("StopServiceDeployment", releases::stop),
    ("ContinueServiceDeployment", continue_release::go_on),
    ("ListTagsForResource", tags::list),
    ("CreateTaskSet", task_sets::create),
    ("UpdateTaskSet", task_sets::update),
    ("DeleteTaskSet", task_sets::delete),
    ("DescribeTaskSets", task_sets::describe),
    ("UpdateServicePrimaryTaskSet", task_sets::set_primary),
];

/// Answers an operation of ECS in an account and region; none when ECS has no such operation
/// here.
pub fn handle(
    world: &mut World,
    account: &str,
    region: &str,
    operation: &str,
    input: &Value,
) -> Option<Answer> {
    let (_, run) = OPERATIONS.iter().find(|(name, _)| *name == operation)?;
    let region = world.region_mut(account, region);
    Some(Input::new(input).and_then(|input| run(region, input)))
}
