//! The operations of AWS CodePipeline that this simulator has.

pub mod action_history;
pub mod approvals;
pub mod conditions;
pub mod declare;
pub mod executions;
pub mod history;
pub mod lookup;
pub mod pipelines;
pub mod shape;
pub mod shown;
pub mod state;
pub mod steer;
#[cfg(test)]
mod tests;
pub mod transitions;

use serde_json::Value;

use super::{Answer, Input};
use crate::sim::world::{Region, World};

type Operation = fn(&mut Region, Input<'_>) -> Answer;

/// Every operation, by the name that follows the dot in `x-amz-target`.
const OPERATIONS: [(&str, Operation); 15] = [
    ("CreatePipeline", pipelines::create),
    ("GetPipeline", pipelines::get),
    ("ListPipelines", pipelines::list),
    ("GetPipelineState", state::get),
    ("StartPipelineExecution", executions::start),
    ("StopPipelineExecution", steer::stop),
    ("RetryStageExecution", steer::retry),
    ("RollbackStage", steer::roll_back),
    ("OverrideStageCondition", steer::override_condition),
    ("EnableStageTransition", transitions::enable),
    ("DisableStageTransition", transitions::disable),
    ("GetPipelineExecution", history::get),
    ("ListPipelineExecutions", history::list),
    ("ListActionExecutions", action_history::list),
    ("PutApprovalResult", approvals::put),
];

/// Answers an operation of CodePipeline in an account and region; none when CodePipeline has no such
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
