//! The operations of AWS CodeDeploy that this simulator has: those for the ECS compute platform.

pub mod applications;
pub mod configs;
pub mod deployments;
pub mod groups;
pub mod lists;
pub mod lookup;
pub mod settings;
pub mod shape;
pub mod show;
pub mod steer;
pub mod targets;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::{Answer, Input};
use crate::sim::world::{Region, World};

type Operation = fn(&mut Region, Input<'_>) -> Answer;

/// Every operation, by the name that follows the dot in `x-amz-target`.
const OPERATIONS: [(&str, Operation); 20] = [
    ("CreateApplication", applications::create),
    ("GetApplication", applications::get),
    ("BatchGetApplications", applications::batch_get),
    ("ListApplications", applications::list),
    ("CreateDeploymentGroup", groups::create),
    ("GetDeploymentGroup", groups::get),
    ("BatchGetDeploymentGroups", groups::batch_get),
    ("ListDeploymentGroups", groups::list),
    ("CreateDeployment", deployments::create),
    ("GetDeployment", deployments::get),
    ("BatchGetDeployments", deployments::batch_get),
    ("GetApplicationRevision", deployments::get_revision),
    ("ListDeployments", lists::deployments),
    ("ListDeploymentTargets", targets::list),
    ("GetDeploymentTarget", targets::get),
    ("BatchGetDeploymentTargets", targets::batch_get),
    ("GetDeploymentConfig", configs::get),
    ("ListDeploymentConfigs", configs::list),
    ("ContinueDeployment", steer::go_on),
    ("StopDeployment", steer::stop),
];

/// Answers an operation of CodeDeploy in an account and region; none when CodeDeploy has no such
/// operation here.
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
