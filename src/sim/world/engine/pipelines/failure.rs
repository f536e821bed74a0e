//! What follows when a stage fails: nothing, another attempt, a rollback, or passing it by.

use crate::sim::world::Region;
use crate::sim::world::codepipeline::ExecutionKey;
use crate::sim::world::codepipeline::condition::{Consequence, Gate};
use crate::sim::world::codepipeline::execution::{StageStatus, Trigger};

impl Region {
    /// An action of the stage that an execution is in has failed.
    pub(super) fn fail_stage(&mut self, key: ExecutionKey) {
        if self.look_at(key, Gate::OnFailure) {
            return;
        }
        match self.on_failure(key) {
            Some(consequence) => self.follow_consequence(key, consequence),
            None => self.end_failed(key),
        }
    }

    fn on_failure(&self, key: ExecutionKey) -> Option<Consequence> {
        let stage = self.codepipeline.execution(key)?.stage;
        let stage = self.pipeline_of(key)?.stages.get(stage)?;
        stage.conditions.on_failure
    }

    /// Does what is declared for a stage that fails.
    pub(super) fn follow_consequence(&mut self, key: ExecutionKey, consequence: Consequence) {
        match consequence {
            Consequence::Skip => self.leave(key, StageStatus::Skipped),
            Consequence::Retry if self.retry_by_itself(key) => {}
            Consequence::Rollback => self.fail_and_roll_back(key),
            Consequence::Fail | Consequence::Retry => self.end_failed(key),
        }
    }

    /// Tries a stage again, once; says whether it does.
    fn retry_by_itself(&mut self, key: ExecutionKey) -> bool {
        let Some(execution) = self.codepipeline.execution(key) else {
            return false;
        };
        let stage = execution.stage;
        let tried = execution.stages.get(&stage);
        if tried.is_none_or(|run| run.retries.by_itself > 0) {
            return false;
        }
        let owner = self.pipeline_of(key).and_then(|one| one.stages.get(stage));
        let all = owner.is_some_and(|one| one.conditions.retries_all);
        self.change_stage(key, |run| {
            run.retries.by_itself += 1;
            run.retries.latest = Some("AutomatedStageRetry");
        });
        self.run_again(key, all);
        true
    }

    /// A stage fails, and goes back to the newest execution before that succeeded in it. A rollback
    /// that fails starts no other one.
    fn fail_and_roll_back(&mut self, key: ExecutionKey) {
        let target = self.rollback_target(key);
        let Some(execution) = self.codepipeline.execution(key) else {
            return;
        };
        let (id, stage) = (execution.id.clone(), execution.stage);
        let rolls_back = execution.rolls_back_to.is_none();
        let Some(target) = target.filter(|_| rolls_back) else {
            return self.end_failed(key);
        };
        self.note_failed(key);
        let trigger = Trigger {
            kind: "AutomatedRollback",
            detail: serde_json::json!({"FailedPipelineExecutionId": id}).to_string(),
        };
        self.roll_back(key.pipeline, stage, target, trigger);
        self.admit(key.pipeline, stage);
    }

    /// The newest standard execution of the same version before this one that succeeded in the
    /// stage that this one is in.
    fn rollback_target(&self, key: ExecutionKey) -> Option<usize> {
        let pipeline = self.pipeline_of(key)?;
        let failed = self.codepipeline.execution(key)?;
        let earlier = pipeline.executions.iter().enumerate().take(key.execution);
        let mut fitting = earlier.rev().filter(|(_, one)| {
            one.version == failed.version
                && one.rolls_back_to.is_none()
                && one.succeeded_in(failed.stage)
        });
        fitting.next().map(|(position, _)| position)
    }
}
