//! Runs of actions.

use std::collections::BTreeMap;

use super::revision::{Revision, Variables};
use crate::sim::clock::SimTime;
use crate::sim::world::engine::pipelines::deploy::Deploying;

/// How a run of an action stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum RunStatus {
    /// It runs, or waits for a person.
    InProgress,
    /// It was given up with its execution.
    Abandoned,
    /// It ended well.
    Succeeded,
    /// It failed, was rejected, or took too long.
    Failed,
}

impl RunStatus {
    /// The word of CodePipeline.
    pub fn word(self) -> &'static str {
        match self {
            Self::InProgress => "InProgress",
            Self::Abandoned => "Abandoned",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
        }
    }

    /// Whether it has ended.
    pub fn is_over(self) -> bool {
        self != Self::InProgress
    }
}

/// Why a run failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunError {
    /// A code such as `JobFailed`.
    pub code: String,
    /// Words for people.
    pub message: String,
}

/// An artifact of a run, in the bucket of its pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its name in the pipeline.
    pub name: String,
    /// The key of its object.
    pub key: String,
}

/// A run of an action.
#[derive(Clone, Debug)]
pub struct ActionRun {
    /// A UUID.
    pub id: String,
    /// Counts the runs of the pipeline from 1, in the order in which they start.
    pub serial: u64,
    /// The position of its stage.
    pub stage: usize,
    /// The position of its action in the stage.
    pub action: usize,
    /// How it stands.
    pub status: RunStatus,
    /// When it started.
    pub started_at: SimTime,
    /// When it last changed.
    pub updated_at: SimTime,
    /// The ARN of whoever changed it last, when it was a person.
    pub updated_by: Option<String>,
    /// What it says of itself.
    pub summary: Option<String>,
    /// What an answer to it has to carry, when it is an approval.
    pub token: Option<String>,
    /// The id of what it started elsewhere.
    pub external_id: Option<String>,
    /// Where a browser shows that.
    pub external_url: Option<String>,
    /// Why it failed.
    pub error: Option<RunError>,
    /// The log stream that it writes to.
    pub log_stream: Option<String>,
    /// Its configuration, with variables filled in.
    pub configuration: BTreeMap<String, String>,
    /// What it reads.
    pub inputs: Vec<Artifact>,
    /// What it has made.
    pub outputs: Vec<Artifact>,
    /// What it tells other actions.
    pub variables: Variables,
    /// What it brought, when it is a source.
    pub revision: Option<Revision>,
    /// What it deploys with, once that has started.
    pub deploying: Option<Deploying>,
    /// The number of the planned step.
    pub ticket: u32,
}
