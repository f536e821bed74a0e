//! The parts of a scenario file that are about pipelines.

use serde::Deserialize;
use toml::Spanned;

use super::time::Offset;

/// A pipeline. Its first stage takes a commit from a repository, or an image from ECR.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PipelineEntry {
    /// Its name, unique in the scenario.
    pub name: Spanned<String>,
    /// Its account, if not that of the scenario.
    pub account: Option<String>,
    /// Its region, if not that of the scenario.
    pub region: Option<String>,
    /// `QUEUED`, `SUPERSEDED` or `PARALLEL`.
    #[serde(default = "queued")]
    pub mode: String,
    /// The repository that it takes commits from; `acme/` with its own name without it.
    pub repository: Option<String>,
    /// The branch of the repository.
    #[serde(default = "main_branch")]
    pub branch: String,
    /// The repository of ECR that it takes images from, in place of commits.
    pub ecr: Option<String>,
    /// Since when it is there.
    #[serde(default = "three_days_ago")]
    pub since: Offset,
    /// Its stages after the first one.
    pub stage: Vec<StageEntry>,
}

/// A stage. What it builds comes first, then what a person approves, then what it deploys.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageEntry {
    /// Its name, unique in the pipeline.
    pub name: String,
    /// The project of CodeBuild that it builds with.
    pub build: Option<String>,
    /// Seconds that a build takes; about two minutes without it.
    pub build_seconds: Option<u32>,
    /// What a person is asked to approve. It can hold variables such as
    /// `#{SourceVariables.CommitMessage}`.
    pub approve: Option<String>,
    /// What the person is asked to look at.
    pub link: Option<String>,
    /// The services that it deploys, all at once, as `cluster/service`.
    #[serde(default)]
    pub deploy: Vec<Spanned<String>>,
    /// Minutes after which an action of it fails; what is usual for its provider without it.
    pub timeout: Option<u32>,
    /// What happens when it fails: `ROLLBACK` or `RETRY`.
    pub on_failure: Option<String>,
}

/// A new revision of the source of a pipeline.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushEntry {
    /// The commit; as much of it as somebody wants to write down.
    pub id: Option<String>,
    /// The commit message.
    #[serde(default)]
    pub message: String,
    /// Who wrote it.
    #[serde(default)]
    pub author: String,
    /// The address of who wrote it.
    pub email: Option<String>,
    /// The image that is built of it and deployed.
    pub image: Option<String>,
}

/// An answer to the approval that has waited longest.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalEntry {
    /// The stage of the approval; any without it.
    pub stage: Option<String>,
    /// Who answers.
    #[serde(default = "somebody")]
    pub by: String,
    /// What they say.
    #[serde(default)]
    pub summary: String,
}

/// An action whose next run fails.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailEntry {
    /// Its name.
    pub action: String,
    /// Why it fails.
    #[serde(default = "some_cause")]
    pub cause: String,
}

/// The way into a stage is switched.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransitionEntry {
    /// The stage.
    pub stage: String,
    /// Whether executions may enter.
    #[serde(default)]
    pub on: bool,
    /// Why it is off.
    #[serde(default = "some_reason")]
    pub reason: String,
    /// Who does it.
    #[serde(default = "somebody")]
    pub by: String,
}

/// The newest execution under way is stopped.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StopEntry {
    /// Whether the actions under way are given up.
    #[serde(default)]
    pub abandon: bool,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

fn queued() -> String {
    "QUEUED".to_owned()
}

fn main_branch() -> String {
    "main".to_owned()
}

fn three_days_ago() -> Offset {
    Offset(-3 * 86_400_000)
}

fn somebody() -> String {
    "robin".to_owned()
}

fn some_cause() -> String {
    "2 of 148 tests failed".to_owned()
}

fn some_reason() -> String {
    "Switched off by the scenario".to_owned()
}
