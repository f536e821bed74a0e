//! What a scenario lets people do to pipelines.

use super::pipelines::approval::Answer;
use crate::sim::world::Region;
use crate::sim::world::codepipeline::revision::Revision;
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
}

impl Region {
    /// Does something to a pipeline. What is not possible by then is let be.
    pub(super) fn act_on_pipeline(&mut self, pipeline: &str, act: PipelineAct) {
        match act {
            PipelineAct::Push(revision) => {
                let now = self.ecs.now;
                let revision = Revision {
                    created_at: now,
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
        }
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
