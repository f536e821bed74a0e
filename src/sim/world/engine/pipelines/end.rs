//! Stages and executions end.

use crate::sim::world::Region;
use crate::sim::world::codepipeline::ExecutionKey;
use crate::sim::world::codepipeline::condition::Gate;
use crate::sim::world::codepipeline::execution::{ExecutionStatus, StageStatus};

impl Region {
    /// All actions of the stage that an execution is in have succeeded.
    pub(super) fn stage_succeeded(&mut self, key: ExecutionKey) {
        if !self.look_at(key, Gate::OnSuccess) {
            self.leave(key, StageStatus::Succeeded);
        }
    }

    /// An execution leaves a stage and goes on to the next one.
    pub(super) fn leave(&mut self, key: ExecutionKey, status: StageStatus) {
        self.set_stage_status(key, status);
        let Some((stage, last)) = self.place_of(key) else {
            return;
        };
        self.release(key, stage);
        if last || self.is_rollback(key) {
            // A rollback changes one stage and is over.
            self.end_execution(key, ExecutionStatus::Succeeded);
        } else {
            self.arrive(key, stage + 1);
        }
        self.admit(key.pipeline, stage);
    }

    /// The stage that an execution is in fails, and the execution with it.
    pub(super) fn end_failed(&mut self, key: ExecutionKey) {
        self.note_failed(key);
        if let Some((stage, _)) = self.place_of(key) {
            self.admit(key.pipeline, stage);
        }
    }

    /// Notes that the stage that an execution is in fails, and the execution with it. The stage is
    /// free from then on.
    pub(super) fn note_failed(&mut self, key: ExecutionKey) {
        self.set_stage_status(key, StageStatus::Failed);
        self.end_execution(key, ExecutionStatus::Failed);
        if let Some((stage, _)) = self.place_of(key) {
            self.release(key, stage);
        }
    }

    /// An execution is stopped that waits at the entry of a stage.
    pub(super) fn end_waiting(&mut self, key: ExecutionKey) {
        self.end_execution(key, ExecutionStatus::Stopped);
    }

    /// An execution that somebody stops has no more actions under way. Its stage may have come to
    /// its end all the same.
    pub(super) fn end_stopped(&mut self, key: ExecutionKey, succeeded: bool) {
        let status = if succeeded {
            StageStatus::Succeeded
        } else {
            StageStatus::Stopped
        };
        self.set_stage_status(key, status);
        self.end_execution(key, ExecutionStatus::Stopped);
        let Some((stage, _)) = self.place_of(key) else {
            return;
        };
        self.release(key, stage);
        self.admit(key.pipeline, stage);
    }

    /// The position of the stage that an execution is in, and whether it is the last one.
    fn place_of(&self, key: ExecutionKey) -> Option<(usize, bool)> {
        let stage = self.codepipeline.execution(key)?.stage;
        let count = self.pipeline_of(key)?.stages.len();
        Some((stage, stage + 1 >= count))
    }

    fn is_rollback(&self, key: ExecutionKey) -> bool {
        let execution = self.codepipeline.execution(key);
        execution.is_some_and(|one| one.rolls_back_to.is_some())
    }

    fn end_execution(&mut self, key: ExecutionKey, status: ExecutionStatus) {
        let now = self.ecs.now;
        if let Some(execution) = self.codepipeline.execution_mut(key) {
            execution.status = status;
            execution.updated_at = now;
        }
    }
}
