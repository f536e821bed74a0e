//! The operations of AWS `CodePipeline` that this simulator has.

pub mod approvals;
pub mod declare;
pub mod executions;
pub mod lookup;
pub mod pipelines;
pub mod shape;
pub mod state;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::{Answer, Input};
use crate::sim::world::{Region, World};

type Operation = fn(&mut Region, Input<'_>) -> Answer;

/// Every operation, by the name that follows the dot in `x-amz-target`.
const OPERATIONS: [(&str, Operation); 6] = [
    ("CreatePipeline", pipelines::create),
    ("GetPipeline", pipelines::get),
    ("ListPipelines", pipelines::list),
    ("GetPipelineState", state::get),
    ("StartPipelineExecution", executions::start),
    ("PutApprovalResult", approvals::put),
];

/// Answers an operation of `CodePipeline` in an account and region; none when `CodePipeline` has no such
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
