//! Executions arrive at stages, enter them and leave them.

use std::collections::BTreeMap;

use super::actions::NextActions;
use crate::sim::world::Region;
use crate::sim::world::codepipeline::ExecutionKey;
use crate::sim::world::codepipeline::condition::Gate;
use crate::sim::world::codepipeline::execution::{
    ExecutionStatus, Phase, Retries, StageRun, StageStatus,
};
use crate::sim::world::codepipeline::pipeline::Mode;
use crate::sim::world::codepipeline::stage::Stage;

impl Region {
    pub(super) fn stage_mut(&mut self, key: ExecutionKey, stage: usize) -> Option<&mut Stage> {
        let pipeline = self.codepipeline.pipelines.get_mut(key.pipeline)?;
        pipeline.stages.get_mut(stage)
    }

    /// An execution comes to the entry of a stage. In a SUPERSEDED pipeline it takes the place of an
    /// older one that waits there.
    pub(super) fn arrive(&mut self, key: ExecutionKey, stage: usize) {
        let now = self.ecs.now;
        if let Some(execution) = self.codepipeline.execution_mut(key) {
            execution.stage = stage;
            execution.updated_at = now;
        }
        let mode = self.pipeline_of(key).map(|one| one.mode);
        if let Some(stage) = self.stage_mut(key, stage) {
            stage.waiting.push(key.execution);
        }
        self.admit(key.pipeline, stage);
        if mode == Some(Mode::Superseded) {
            self.supersede_waiting(key.pipeline, stage);
        }
    }

    /// Of those that wait at a stage only the newest goes on waiting.
    fn supersede_waiting(&mut self, pipeline: usize, stage: usize) {
        let now = self.ecs.now;
        let Some(owner) = self.codepipeline.pipelines.get_mut(pipeline) else {
            return;
        };
        let Some(stage) = owner.stages.get_mut(stage) else {
            return;
        };
        let Some(newest) = stage.waiting.iter().copied().max() else {
            return;
        };
        for older in stage.waiting.iter().filter(|one| **one != newest) {
            if let Some(execution) = owner.executions.get_mut(*older) {
                execution.status = ExecutionStatus::Superseded;
                execution.updated_at = now;
            }
        }
        stage.waiting = vec![newest];
    }

    /// Lets those that wait at a stage enter as far as there is room.
    pub(super) fn admit(&mut self, pipeline: usize, stage: usize) {
        while let Some(execution) = self.next_to_enter(pipeline, stage) {
            let key = ExecutionKey {
                pipeline,
                execution,
            };
            self.enter_stage(key, stage);
        }
    }

    fn next_to_enter(&self, pipeline: usize, stage: usize) -> Option<usize> {
        let owner = self.codepipeline.pipelines.get(pipeline)?;
        let stage = owner.stages.get(stage)?;
        let free = stage.holder.is_none() || owner.mode == Mode::Parallel;
        let first = stage.waiting.first().copied();
        first.filter(|_| free && stage.transition.enabled)
    }

    /// An execution enters a stage.
    pub(super) fn enter_stage(&mut self, key: ExecutionKey, place: usize) {
        let now = self.ecs.now;
        let alone = self
            .pipeline_of(key)
            .is_some_and(|one| one.mode != Mode::Parallel);
        let Some(stage) = self.stage_mut(key, place) else {
            return;
        };
        stage.waiting.retain(|one| *one != key.execution);
        stage.holder = alone.then_some(key.execution);
        stage.latest = Some(key.execution);
        let Some(execution) = self.codepipeline.execution_mut(key) else {
            return;
        };
        let run = StageRun {
            status: StageStatus::InProgress,
            first_run: execution.runs.len(),
            phase: Phase::Actions,
            conditions: BTreeMap::new(),
            retries: Retries::default(),
        };
        execution.stages.insert(place, run);
        execution.stage = place;
        execution.updated_at = now;
        if !self.look_at(key, Gate::BeforeEntry) {
            self.go_on_with(key);
        }
    }

    /// The way into the stage is free: its first actions start.
    pub(super) fn begin_actions(&mut self, key: ExecutionKey) {
        self.change_stage(key, |stage| stage.phase = Phase::Actions);
        self.go_on_with(key);
    }

    /// Something about the stage that an execution is in has changed: its next actions start, or it
    /// ends.
    pub(super) fn go_on_with(&mut self, key: ExecutionKey) {
        let Some(execution) = self.codepipeline.execution(key) else {
            return;
        };
        let stage = execution.stage;
        let entered = execution.stages.get(&stage);
        if execution.status.is_over() || entered.is_none_or(|one| !one.status.is_under_way()) {
            return;
        }
        let next = self.next_actions(key, stage);
        if execution.stop.is_some() {
            if !execution.has_runs_under_way() {
                self.end_stopped(key, next == NextActions::Succeeded);
            }
            return;
        }
        if entered.is_some_and(|one| one.phase != Phase::Actions) {
            return;
        }
        match next {
            NextActions::Wait => {}
            NextActions::Start(actions) => {
                for action in actions {
                    self.start_action(key, stage, action);
                }
            }
            NextActions::Failed => self.fail_stage(key),
            NextActions::Succeeded => self.stage_succeeded(key),
        }
    }

    /// Notes how an execution stands in the stage that it is in.
    pub(super) fn set_stage_status(&mut self, key: ExecutionKey, status: StageStatus) {
        self.change_stage(key, |run| run.status = status);
    }

    /// A stage is free again.
    pub(super) fn release(&mut self, key: ExecutionKey, place: usize) {
        if let Some(stage) = self.stage_mut(key, place)
            && stage.holder == Some(key.execution)
        {
            stage.holder = None;
        }
    }
}
