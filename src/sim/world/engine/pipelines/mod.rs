//! The engine that moves executions through the stages of their pipelines.
//!
//! It follows "How CodePipeline works" in the CodePipeline user guide: a stage holds one execution
//! at a time unless the pipeline is PARALLEL, its actions run in the order of `runOrder`, and what
//! waits at its entry goes on when it is free and the transition is on.

pub mod actions;
pub mod again;
pub mod approval;
pub mod build;
pub mod conditions;
pub mod deploy;
pub mod end;
pub mod failure;
pub mod rules;
pub mod source;
pub mod stages;
pub mod start;
pub mod stop;
pub mod variables;

use super::Event;
use super::timing::Range;
use crate::sim::world::Region;
use crate::sim::world::codepipeline::action_run::{ActionRun, RunStatus};
use crate::sim::world::codepipeline::execution::StageRun;
use crate::sim::world::codepipeline::pipeline::{Action, Pipeline, Provider};
use crate::sim::world::codepipeline::{ExecutionKey, RunKey, Turn};

/// A source has brought its revision.
const SOURCE: Range = Range::new(2_500, 6_000);
/// An action of a provider that this simulator does not tell apart has ended.
const OTHER: Range = Range::new(8_000, 25_000);
/// CodePipeline asks how something stands that it started elsewhere.
const ASK: Range = Range::new(9_000, 12_000);

impl Region {
    /// A pipeline has its turn.
    pub(super) fn pipeline_turn(&mut self, turn: Turn) {
        match turn {
            Turn::Advance(key, ticket) => {
                let run = self.codepipeline.run(key);
                if run.is_some_and(|run| run.ticket == ticket && !run.status.is_over()) {
                    self.advance_run(key);
                }
            }
            Turn::TimeOut(key) => self.time_out_run(key),
            Turn::Rule(key, gate, place) => self.rule_turn(key, gate, place),
        }
    }

    fn advance_run(&mut self, key: RunKey) {
        let Some(provider) = self.action_of(key).map(|action| action.provider) else {
            return;
        };
        if provider != Provider::CodeBuild && self.fails_by_scenario(key) {
            return;
        }
        match provider {
            Provider::Connection | Provider::CodeCommit | Provider::Ecr | Provider::S3Source => {
                self.end_source(key);
            }
            Provider::CodeBuild => self.end_build(key),
            Provider::Approval => {}
            Provider::Ecs | Provider::CodeDeployToEcs => self.ask_after_deploy(key),
            Provider::Other => self.end_run(key, RunStatus::Succeeded, None),
        }
    }

    /// Plans the next step of a run, in place of one that was planned before.
    fn plan_run(&mut self, key: RunKey, range: Range) {
        let delay = range.pick(&mut self.ecs.rng);
        if let Some(run) = self.codepipeline.run_mut(key) {
            run.ticket = run.ticket.wrapping_add(1);
            let turn = Turn::Advance(key, run.ticket);
            self.after(delay, Event::Pipeline(turn));
        }
    }

    fn pipeline_of(&self, key: ExecutionKey) -> Option<&Pipeline> {
        self.codepipeline.pipelines.get(key.pipeline)
    }

    /// The action that a run runs.
    fn action_of(&self, key: RunKey) -> Option<&Action> {
        let run = self.codepipeline.run(key)?;
        self.pipeline_of(key.execution)?
            .action(run.stage, run.action)
    }

    /// Changes the course of an execution through the stage that it is in.
    fn change_stage(&mut self, key: ExecutionKey, change: impl FnOnce(&mut StageRun)) {
        let now = self.ecs.now;
        if let Some(execution) = self.codepipeline.execution_mut(key) {
            execution.updated_at = now;
            let stage = execution.stage;
            if let Some(run) = execution.stages.get_mut(&stage) {
                change(run);
            }
        }
    }

    /// Changes a run, and notes that it and its execution have changed.
    fn change_run(&mut self, key: RunKey, change: impl FnOnce(&mut ActionRun)) {
        let now = self.ecs.now;
        if let Some(run) = self.codepipeline.run_mut(key) {
            run.updated_at = now;
            change(run);
        }
        if let Some(execution) = self.codepipeline.execution_mut(key.execution) {
            execution.updated_at = now;
        }
    }
}
