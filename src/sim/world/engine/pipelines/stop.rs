//! Executions are stopped, and transitions switched.

use super::RunStatus;
use crate::sim::world::Region;
use crate::sim::world::codepipeline::condition::ConditionStatus;
use crate::sim::world::codepipeline::execution::{ExecutionStatus, StageStatus, StopRequest};
use crate::sim::world::codepipeline::stage::Transition;
use crate::sim::world::codepipeline::{ExecutionKey, RunKey};

impl Region {
    /// Somebody stops an execution that is not over: at once if its actions are to be given up,
    /// or else once those that are under way have ended.
    pub fn stop_execution(&mut self, key: ExecutionKey, request: StopRequest) {
        let now = self.ecs.now;
        let abandon = request.abandon;
        let Some(execution) = self.codepipeline.execution_mut(key) else {
            return;
        };
        execution.stop = Some(request);
        execution.status = ExecutionStatus::Stopping;
        execution.updated_at = now;
        let stage = execution.stage;
        let waits = self.stage_mut(key, stage).is_some_and(|stage| {
            let before = stage.waiting.len();
            stage.waiting.retain(|one| *one != key.execution);
            stage.waiting.len() < before
        });
        if waits {
            return self.end_waiting(key);
        }
        if abandon {
            self.abandon_runs(key);
        }
        self.cancel_condition(key);
        self.set_stage_status(key, StageStatus::Stopping);
        self.go_on_with(key);
    }

    fn abandon_runs(&mut self, key: ExecutionKey) {
        let count = self
            .codepipeline
            .execution(key)
            .map_or(0, |one| one.runs.len());
        for run in 0..count {
            let run = RunKey {
                execution: key,
                run,
            };
            let under_way = self.codepipeline.run(run);
            if under_way.is_some_and(|one| !one.status.is_over()) {
                self.change_run(run, |one| one.status = RunStatus::Abandoned);
            }
        }
    }

    /// A condition that is looked at by now is not any more.
    fn cancel_condition(&mut self, key: ExecutionKey) {
        let now = self.ecs.now;
        self.change_stage(key, |stage| {
            let open = stage.conditions.values_mut();
            for run in open.filter(|run| run.status == ConditionStatus::InProgress) {
                run.status = ConditionStatus::Cancelled;
                run.changed_at = now;
                for rule in &mut run.rules {
                    if rule.status == ConditionStatus::InProgress {
                        rule.status = ConditionStatus::Cancelled;
                        rule.changed_at = now;
                    }
                }
            }
        });
    }

    /// Switches the way into a stage. What waits there enters when it is on.
    pub fn switch_transition(&mut self, pipeline: usize, stage: usize, to: Transition) {
        let owner = self.codepipeline.pipelines.get_mut(pipeline);
        let stage_of = owner.and_then(|one| one.stages.get_mut(stage));
        if let Some(stage) = stage_of {
            stage.transition = to;
        }
        self.admit(pipeline, stage);
    }
}
