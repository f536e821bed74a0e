//! What a scenario lets people do to pipelines.

use super::pipelines::approval::Answer;
use super::pipelines::start::NewExecution;
use crate::sim::world::Region;
use crate::sim::world::codepipeline::execution::{ExecutionStatus, StopRequest, Trigger};
use crate::sim::world::codepipeline::pipeline::Mode;
use crate::sim::world::codepipeline::revision::Revision;
use crate::sim::world::codepipeline::stage::Transition;
use crate::sim::world::codepipeline::{ActionFault, ExecutionKey, RunKey};

/// Something that is done to a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PipelineAct {
    /// Its source has something new, and an execution starts.
    Push(Revision),
    /// The approval that has waited longest is answered.
    Answer {
        /// The stage of the approval; any without it.
        stage: Option<String>,
        /// What the person says.
        answer: Answer,
    },
    /// The next run of an action fails.
    Fail {
        /// The action, by name.
        action: String,
        /// What goes wrong.
        fault: ActionFault,
    },
    /// Somebody starts an execution of what the source offers.
    Start {
        /// The ARN of the person.
        by: String,
    },
    /// The way into a stage is switched.
    Switch {
        /// The stage, by name.
        stage: String,
        /// How it is from now on; the moment of the act takes the place of the one in here.
        transition: Transition,
    },
    /// The newest execution that is not over is stopped.
    Stop(StopRequest),
    /// The newest execution that failed or was stopped tries its stage again.
    Retry {
        /// Whether all actions of the stage run again, not only those that failed.
        all: bool,
    },
    /// A stage is rolled back to the newest execution that succeeded in it, except the one that
    /// is in it.
    RollBack {
        /// The stage, by name.
        stage: String,
        /// The ARN of the person.
        by: String,
    },
}

impl Region {
    /// Does something to a pipeline. What is not possible by then is let be.
    pub(super) fn act_on_pipeline(&mut self, pipeline: &str, act: PipelineAct) {
        match act {
            PipelineAct::Push(revision) => {
                let created_at = self.ecs.now;
                let revision = Revision {
                    created_at,
                    ..revision
                };
                self.push_revision(pipeline, None, revision);
            }
            PipelineAct::Answer { stage, answer } => {
                if let Some(run) = self.waiting_approval(pipeline, stage.as_deref()) {
                    self.answer_approval(run, answer);
                }
            }
            PipelineAct::Fail { action, fault } => {
                let key = (pipeline.to_owned(), action);
                self.codepipeline.faults.insert(key, fault);
            }
            PipelineAct::Start { by } => self.start_by_name(pipeline, by),
            PipelineAct::Switch { stage, transition } => {
                self.switch_by_name(pipeline, &stage, transition);
            }
            PipelineAct::Stop(request) => {
                let open = [ExecutionStatus::InProgress];
                if let Some(key) = self.newest_execution(pipeline, &open) {
                    self.stop_execution(key, request);
                }
            }
            PipelineAct::Retry { all } => {
                let ended = [ExecutionStatus::Failed, ExecutionStatus::Stopped];
                let newest = self.newest_execution(pipeline, &ended);
                if let Some(key) = newest.filter(|key| self.is_latest_in_stage(*key)) {
                    self.retry_stage(key, all);
                }
            }
            PipelineAct::RollBack { stage, by } => self.roll_back_by_name(pipeline, &stage, by),
        }
    }

    fn start_by_name(&mut self, pipeline: &str, by: String) {
        let position = self.codepipeline.pipeline(pipeline).map(|(one, _)| one);
        let trigger = Trigger {
            kind: "StartPipelineExecution",
            detail: by,
        };
        if let Some(position) = position {
            self.start_pipeline(position, NewExecution::of_newest(trigger));
        }
    }

    fn switch_by_name(&mut self, pipeline: &str, stage: &str, transition: Transition) {
        let changed_at = Some(self.ecs.now);
        let found = self.codepipeline.pipeline(pipeline);
        if let Some((pipeline, owner)) = found
            && let Some(stage) = owner.stage(stage)
        {
            let to = Transition {
                changed_at,
                ..transition
            };
            self.switch_transition(pipeline, stage, to);
        }
    }

    fn roll_back_by_name(&mut self, pipeline: &str, stage: &str, by: String) {
        let Some((position, owner)) = self.codepipeline.pipeline(pipeline) else {
            return;
        };
        let Some(stage) = owner.stage(stage) else {
            return;
        };
        let present = owner.stages.get(stage).and_then(|one| one.latest);
        let mut executions = owner.executions.iter().enumerate().rev();
        let target = executions.find(|(place, one)| {
            Some(*place) != present && one.rolls_back_to.is_none() && one.succeeded_in(stage)
        });
        let trigger = Trigger {
            kind: "ManualRollback",
            detail: by,
        };
        if let Some((target, _)) = target {
            self.roll_back(position, stage, target, trigger);
        }
    }

    /// Whether no other execution has been in the stage of this one since.
    fn is_latest_in_stage(&self, key: ExecutionKey) -> bool {
        let Some(pipeline) = self.codepipeline.pipelines.get(key.pipeline) else {
            return false;
        };
        let execution = pipeline.executions.get(key.execution);
        let stage = execution.and_then(|one| pipeline.stages.get(one.stage));
        pipeline.mode == Mode::Parallel
            || stage.is_some_and(|one| one.latest == Some(key.execution))
    }

    /// The newest execution of a pipeline with one of these statuses.
    fn newest_execution(
        &self,
        pipeline: &str,
        statuses: &[ExecutionStatus],
    ) -> Option<ExecutionKey> {
        let (pipeline, owner) = self.codepipeline.pipeline(pipeline)?;
        let mut executions = owner.executions.iter();
        let execution = executions.rposition(|one| statuses.contains(&one.status))?;
        Some(ExecutionKey {
            pipeline,
            execution,
        })
    }

    /// The approval of a pipeline that has waited longest.
    fn waiting_approval(&self, name: &str, stage: Option<&str>) -> Option<RunKey> {
        let (pipeline, owner) = self.codepipeline.pipeline(name)?;
        let place = match stage {
            Some(name) => Some(owner.stage(name)?),
            None => None,
        };
        let runs = owner
            .executions
            .iter()
            .enumerate()
            .flat_map(|(position, one)| {
                let runs = one.runs.iter().enumerate();
                runs.map(move |(run, found)| {
                    let execution = ExecutionKey {
                        pipeline,
                        execution: position,
                    };
                    (RunKey { execution, run }, found)
                })
            });
        let waiting = runs
            .filter(|(_, run)| run.token.is_some() && !run.status.is_over())
            .filter(|(_, run)| place.is_none_or(|stage| stage == run.stage));
        waiting
            .min_by_key(|(_, run)| run.started_at)
            .map(|(key, _)| key)
    }
}
