//! Executions begin.

use std::collections::BTreeMap;

use crate::sim::world::Region;
use crate::sim::world::codepipeline::ExecutionKey;
use crate::sim::world::codepipeline::execution::{Execution, ExecutionStatus, Trigger};
use crate::sim::world::codepipeline::pipeline::{Action, Provider};
use crate::sim::world::codepipeline::revision::Revision;

/// What an execution is started with.
#[derive(Clone, Debug)]
pub struct NewExecution {
    /// What starts it.
    pub trigger: Trigger,
    /// Values of the pipeline's variables in place of their defaults.
    pub variables: BTreeMap<String, String>,
    /// Revisions in place of the newest ones, by the name of the source action.
    pub revisions: BTreeMap<String, String>,
    /// A token of the client, so that the same request again starts no other execution.
    pub client_token: Option<String>,
}

impl NewExecution {
    /// An execution of the newest revisions.
    pub fn of_newest(trigger: Trigger) -> Self {
        Self {
            trigger,
            variables: BTreeMap::new(),
            revisions: BTreeMap::new(),
            client_token: None,
        }
    }
}

impl Region {
    /// Starts an execution of the pipeline at this position; none when there is no such pipeline.
    pub fn start_pipeline(&mut self, pipeline: usize, new: NewExecution) -> Option<ExecutionKey> {
        let now = self.ecs.now;
        let id = self.ecs.rng.uuid();
        let owner = self.codepipeline.pipelines.get_mut(pipeline)?;
        let variables = owner.variables.iter().filter_map(|(name, default)| {
            let value = new.variables.get(name).or(default.as_ref())?;
            Some((name.clone(), value.clone()))
        });
        let execution = Execution {
            id,
            status: ExecutionStatus::InProgress,
            summary: None,
            trigger: new.trigger,
            rolls_back_to: None,
            started_at: now,
            updated_at: now,
            version: owner.version,
            variables: variables.collect(),
            wanted_revisions: new.revisions,
            client_token: new.client_token,
            revisions: Vec::new(),
            images: Vec::new(),
            artifacts: BTreeMap::new(),
            outputs: BTreeMap::new(),
            stages: BTreeMap::new(),
            stage: 0,
            runs: Vec::new(),
            stop: None,
        };
        let key = ExecutionKey {
            pipeline,
            execution: owner.executions.len(),
        };
        owner.executions.push(execution);
        self.arrive(key, 0);
        Some(key)
    }

    /// A source has something new: that is what it offers from now on, and an execution of the
    /// pipeline starts. Without the name of an action it is the pipeline's first source. None when
    /// there is no such pipeline or source.
    pub fn push_revision(
        &mut self,
        pipeline: &str,
        action: Option<&str>,
        revision: Revision,
    ) -> Option<ExecutionKey> {
        let (position, owner) = self.codepipeline.pipeline(pipeline)?;
        let sources = owner.stages.first()?.actions.iter();
        let source = sources
            .filter(|one| one.provider.is_source())
            .find(|one| action.is_none_or(|name| one.name == name))?
            .clone();
        let trigger = self.trigger_of(pipeline, &source);
        let owner = self.codepipeline.pipelines.get_mut(position)?;
        owner.heads.insert(source.name, revision);
        self.start_pipeline(position, NewExecution::of_newest(trigger))
    }

    /// What starts a pipeline when this source has something new: the connection, or a rule of
    /// `EventBridge`.
    fn trigger_of(&self, pipeline: &str, source: &Action) -> Trigger {
        let place = &self.ecs.place;
        match source.provider {
            Provider::Connection => Trigger {
                kind: "WebhookV2",
                detail: source
                    .configuration
                    .get("ConnectionArn")
                    .cloned()
                    .unwrap_or_default(),
            },
            _ => Trigger {
                kind: "CloudWatchEvent",
                detail: format!(
                    "arn:aws:events:{}:{}:rule/codepipeline-{pipeline}-{}",
                    place.region, place.account, source.name
                ),
            },
        }
    }
}
