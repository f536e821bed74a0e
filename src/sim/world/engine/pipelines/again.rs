//! Stages are tried again, and rolled back.

use crate::sim::world::Region;
use crate::sim::world::codepipeline::ExecutionKey;
use crate::sim::world::codepipeline::action_run::RunStatus;
use crate::sim::world::codepipeline::condition::Gate;
use crate::sim::world::codepipeline::execution::{
    Execution, ExecutionStatus, Phase, StageStatus, Trigger,
};
use crate::sim::world::codepipeline::pipeline::Mode;

impl Region {
    /// Somebody tries the stage again in which an execution failed or was stopped: all its actions
    /// or only those that failed. Says whether there is anything to try again.
    pub fn retry_stage(&mut self, key: ExecutionKey, all: bool) -> bool {
        let Some(execution) = self.codepipeline.execution(key) else {
            return false;
        };
        let stage = execution.stage;
        let Some(run) = execution.stages.get(&stage) else {
            return false;
        };
        let ended = matches!(run.status, StageStatus::Failed | StageStatus::Stopped);
        let entry = run.phase == Phase::Condition(Gate::BeforeEntry);
        if !ended || !(all || entry || self.has_unsuccessful(key, stage)) {
            return false;
        }
        self.reopen(key);
        self.change_stage(key, |run| {
            run.retries.by_hand += 1;
            run.retries.latest = Some("ManualStageRetry");
        });
        if !entry || !self.look_at(key, Gate::BeforeEntry) {
            self.run_again(key, all);
        }
        true
    }

    fn has_unsuccessful(&self, key: ExecutionKey, stage: usize) -> bool {
        !self.unsuccessful(key, stage).is_empty()
    }

    /// The actions of a stage whose latest runs failed or were given up.
    fn unsuccessful(&self, key: ExecutionKey, stage: usize) -> Vec<usize> {
        let owner = self.pipeline_of(key).and_then(|one| one.stages.get(stage));
        let count = owner.map_or(0, |one| one.actions.len());
        let Some(execution) = self.codepipeline.execution(key) else {
            return Vec::new();
        };
        let ended = |place: &usize| {
            execution
                .current_run(stage, *place)
                .is_some_and(|run| matches!(run.status, RunStatus::Failed | RunStatus::Abandoned))
        };
        (0..count).filter(ended).collect()
    }

    /// An execution that was over goes on in its stage, which it has to itself again.
    pub(super) fn reopen(&mut self, key: ExecutionKey) {
        let alone = self
            .pipeline_of(key)
            .is_some_and(|one| one.mode != Mode::Parallel);
        let Some(execution) = self.codepipeline.execution_mut(key) else {
            return;
        };
        execution.status = ExecutionStatus::InProgress;
        execution.summary = None;
        execution.stop = None;
        let place = execution.stage;
        self.set_stage_status(key, StageStatus::InProgress);
        if let Some(stage) = self.stage_mut(key, place) {
            stage.holder = alone.then_some(key.execution);
            stage.latest = Some(key.execution);
        }
    }

    /// Runs the actions of the stage again that an execution is in: all, or those that failed.
    pub(super) fn run_again(&mut self, key: ExecutionKey, all: bool) {
        let Some(execution) = self.codepipeline.execution(key) else {
            return;
        };
        let (stage, runs) = (execution.stage, execution.runs.len());
        let failed = self.unsuccessful(key, stage);
        self.change_stage(key, |run| {
            run.phase = Phase::Actions;
            if all {
                run.first_run = runs;
            }
        });
        if !all {
            for action in failed {
                self.start_action(key, stage, action);
            }
        }
        self.go_on_with(key);
    }

    /// Rolls a stage back to an earlier execution: a new one brings what that brought, past what
    /// waits at the stage. Gives the new execution.
    pub fn roll_back(
        &mut self,
        pipeline: usize,
        stage: usize,
        target: usize,
        trigger: Trigger,
    ) -> Option<ExecutionKey> {
        let now = self.ecs.now;
        let id = self.ecs.rng.uuid();
        let owner = self.codepipeline.pipelines.get_mut(pipeline)?;
        let earlier = owner.executions.get(target)?;
        let execution = Execution {
            id,
            status: ExecutionStatus::InProgress,
            summary: None,
            trigger,
            rolls_back_to: Some(target),
            started_at: now,
            updated_at: now,
            version: owner.version,
            stage,
            client_token: None,
            stages: std::collections::BTreeMap::new(),
            runs: Vec::new(),
            stop: None,
            ..earlier.clone()
        };
        let key = ExecutionKey {
            pipeline,
            execution: owner.executions.len(),
        };
        owner.executions.push(execution);
        self.enter_stage(key, stage);
        Some(key)
    }
}
