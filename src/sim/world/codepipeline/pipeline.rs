//! Pipelines as they are declared.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::execution::Execution;
use super::revision::Revision;
use super::stage::Stage;
use crate::sim::clock::SimTime;

/// How the executions of a pipeline share it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They wait for each other in order.
    Queued,
    /// A newer one takes the place of an older one that waits.
    Superseded,
    /// Each goes its own way.
    Parallel,
}

impl Mode {
    /// The mode that a word of the service model names.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Queued, Self::Superseded, Self::Parallel]
            .into_iter()
            .find(|one| one.word() == word)
    }

    /// The word of CodePipeline.
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "QUEUED",
            Self::Superseded => "SUPERSEDED",
            Self::Parallel => "PARALLEL",
        }
    }
}

/// What an action does, as far as this simulator tells actions apart.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Takes a commit from a repository behind a connection.
    Connection,
    /// Takes a commit from a `CodeCommit` repository.
    CodeCommit,
    /// Takes an image from an ECR repository.
    Ecr,
    /// Takes a version of an object from S3.
    S3Source,
    /// Builds or tests with CodeBuild.
    CodeBuild,
    /// Waits for a person.
    Approval,
    /// Deploys to a service of ECS.
    Ecs,
    /// Deploys to a service of ECS with CodeDeploy.
    CodeDeployToEcs,
    /// Anything else: it takes a while and succeeds.
    Other,
}

impl Provider {
    /// The provider that a category and a name of the service model mean.
    pub fn of(category: &str, provider: &str) -> Self {
        match (category, provider) {
            ("Source", "CodeStarSourceConnection") => Self::Connection,
            ("Source", "CodeCommit") => Self::CodeCommit,
            ("Source", "ECR") => Self::Ecr,
            ("Source", "S3") => Self::S3Source,
            ("Build" | "Test", "CodeBuild") => Self::CodeBuild,
            ("Approval", _) => Self::Approval,
            ("Deploy", "ECS") => Self::Ecs,
            ("Deploy", "CodeDeployToECS") => Self::CodeDeployToEcs,
            _ => Self::Other,
        }
    }

    /// Whether it brings a revision.
    pub fn is_source(self) -> bool {
        matches!(
            self,
            Self::Connection | Self::CodeCommit | Self::Ecr | Self::S3Source
        )
    }
}

/// An action as it is declared.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// Unique within its stage.
    pub name: String,
    /// What it does.
    pub provider: Provider,
    /// The provider as the service model names it, such as `CodeDeployToECS`.
    pub provider_name: String,
    /// Category, owner, provider and version, as CodePipeline shows them.
    pub type_id: Value,
    /// When it runs in its stage, from 1 on; equal numbers run at the same time.
    pub run_order: u32,
    /// Its configuration, with variables that are not filled in.
    pub configuration: BTreeMap<String, String>,
    /// The names of the artifacts that it reads.
    pub inputs: Vec<String>,
    /// The names of the artifacts that it makes.
    pub outputs: Vec<String>,
    /// Under which name other actions find its output variables.
    pub namespace: Option<String>,
    /// The role that it works with, where it is not the pipeline's.
    pub role: Option<String>,
    /// The Region that it works in, where it is another.
    pub region: Option<String>,
    /// Minutes until it fails by itself, where they are declared.
    pub timeout_minutes: Option<u32>,
}

impl Action {
    /// The account that its role belongs to.
    pub fn account(&self) -> Option<&str> {
        self.role.as_deref()?.split(':').nth(4)
    }
}

/// A pipeline.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// Unique in the region.
    pub name: String,
    /// What it was made with, as CodePipeline shows it.
    pub declaration: Map<String, Value>,
    /// `V1` or `V2`.
    pub kind: String,
    /// How its executions share it.
    pub mode: Mode,
    /// From 1 on.
    pub version: u32,
    /// When it was made.
    pub created_at: SimTime,
    /// When it was last changed.
    pub updated_at: SimTime,
    /// Its variables with their defaults.
    pub variables: Vec<(String, Option<String>)>,
    /// Its stages, in order.
    pub stages: Vec<Stage>,
    /// Its executions, from the oldest.
    pub executions: Vec<Execution>,
    /// How many runs of actions there have been.
    pub started_runs: u64,
    /// The newest revision of each source, by the name of its action.
    pub heads: BTreeMap<String, Revision>,
}

impl Pipeline {
    /// The bucket that holds its artifacts in a Region.
    pub fn bucket(&self, region: &str) -> &str {
        let stores = self.declaration.get("artifactStores");
        let store = stores.and_then(|stores| stores.get(region));
        let store = store.or_else(|| self.declaration.get("artifactStore"));
        let location = store.and_then(|store| store.get("location"));
        location.and_then(Value::as_str).unwrap_or_default()
    }

    /// The position of the stage of this name.
    pub fn stage(&self, name: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage.name == name)
    }

    /// An action by the positions of its stage and its own.
    pub fn action(&self, stage: usize, action: usize) -> Option<&Action> {
        self.stages.get(stage)?.actions.get(action)
    }

    /// The execution with this id, with its position.
    pub fn execution(&self, id: &str) -> Option<(usize, &Execution)> {
        // The newest ones are asked for most.
        let numbered = self.executions.iter().enumerate();
        numbered.rev().find(|(_, one)| one.id == id)
    }
}
