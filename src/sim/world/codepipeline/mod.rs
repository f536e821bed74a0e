//! CodePipeline: pipelines, and the executions that move through their stages.

pub mod action_run;
pub mod condition;
pub mod execution;
pub mod pipeline;
pub mod revision;
pub mod stage;
pub mod window;

use std::collections::BTreeMap;

use super::engine::pipelines::deploy::Outgoing;
use action_run::ActionRun;
use condition::Gate;
use execution::Execution;
use pipeline::Pipeline;
use revision::Revision;

/// An execution, by the positions of its pipeline and its own.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExecutionKey {
    /// The position of its pipeline in the region.
    pub pipeline: usize,
    /// Its position in the pipeline, from the oldest.
    pub execution: usize,
}

/// A run of an action, by positions.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunKey {
    /// The execution that it belongs to.
    pub execution: ExecutionKey,
    /// Its position in the execution, from the oldest.
    pub run: usize,
}

/// Something that will happen to a pipeline.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// A run of an action takes its next step, unless another one was planned since this one got
    /// its number.
    Advance(RunKey, u32),
    /// A run of an action has taken too long.
    TimeOut(RunKey),
    /// A rule of a condition decides, by its position.
    Rule(ExecutionKey, Gate, usize),
}

/// How an action of a scenario goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionFault {
    /// The error code, such as `JobFailed`.
    pub code: String,
    /// Words for people.
    pub message: String,
    /// How many runs fail; after those the action does what it usually does.
    pub times: u32,
}

/// Everything that CodePipeline knows in one account and region.
#[derive(Clone, Debug, Default)]
pub struct CodePipeline {
    /// Pipelines in the order in which they were made.
    pub pipelines: Vec<Pipeline>,
    /// The positions of the pipelines by name.
    pub names: BTreeMap<String, usize>,
    /// What deploy actions ask of the world, which empties this as time passes: what they deploy to
    /// can be in another account or region.
    pub outbox: Vec<Outgoing>,
    /// What the next runs of an action do wrong, by the names of the pipeline and the action.
    pub faults: BTreeMap<(String, String), ActionFault>,
}

impl CodePipeline {
    /// A pipeline by its name, with its position.
    pub fn pipeline(&self, name: &str) -> Option<(usize, &Pipeline)> {
        let position = *self.names.get(name)?;
        Some((position, self.pipelines.get(position)?))
    }

    /// An execution.
    pub fn execution(&self, key: ExecutionKey) -> Option<&Execution> {
        self.pipelines
            .get(key.pipeline)?
            .executions
            .get(key.execution)
    }

    /// An execution, to change it.
    pub fn execution_mut(&mut self, key: ExecutionKey) -> Option<&mut Execution> {
        let pipeline = self.pipelines.get_mut(key.pipeline)?;
        pipeline.executions.get_mut(key.execution)
    }

    /// A run of an action.
    pub fn run(&self, key: RunKey) -> Option<&ActionRun> {
        self.execution(key.execution)?.runs.get(key.run)
    }

    /// A run of an action, to change it.
    pub fn run_mut(&mut self, key: RunKey) -> Option<&mut ActionRun> {
        self.execution_mut(key.execution)?.runs.get_mut(key.run)
    }

    /// The revision that the source of an action offers now.
    pub fn head(&self, pipeline: usize, action: &str) -> Option<&Revision> {
        self.pipelines.get(pipeline)?.heads.get(action)
    }
}
