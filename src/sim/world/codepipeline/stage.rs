//! Stages: what is declared, what is in them, and what waits at their entry.

use super::condition::StageConditions;
use super::pipeline::Action;
use crate::sim::clock::SimTime;

/// A stage of a pipeline.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Unique in the pipeline.
    pub name: String,
    /// Its actions, as they are declared.
    pub actions: Vec<Action>,
    /// What has to hold, and what follows when the stage fails.
    pub conditions: StageConditions,
    /// The way into it. The first stage has one too, which is always on.
    pub transition: Transition,
    /// The positions of the executions that wait at its entry, in the order in which they came.
    pub waiting: Vec<usize>,
    /// The position of the execution that has it to itself. PARALLEL pipelines have none.
    pub holder: Option<usize>,
    /// The position of the execution that is in it or was the last one.
    pub latest: Option<usize>,
}

impl Stage {
    /// The numbers of its run order, from the smallest.
    pub fn run_orders(&self) -> Vec<u32> {
        let mut orders: Vec<u32> = self.actions.iter().map(|one| one.run_order).collect();
        orders.sort_unstable();
        orders.dedup();
        orders
    }
}

/// The way into a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Whether executions may enter.
    pub enabled: bool,
    /// The ARN of whoever switched it last.
    pub changed_by: Option<String>,
    /// When.
    pub changed_at: Option<SimTime>,
    /// Why it is off.
    pub reason: Option<String>,
}

impl Default for Transition {
    fn default() -> Self {
        Self {
            enabled: true,
            changed_by: None,
            changed_at: None,
            reason: None,
        }
    }
}
