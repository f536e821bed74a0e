//! Scenarios: a world and what happens in it, as data.

pub mod accounts;
mod build;
mod declaration;
pub mod delivery;
pub mod file;
mod fleet;
mod fleet_pipelines;
pub mod logs;
pub mod pipeline;
mod pipelines;
mod request;
mod scaling;
pub mod shift;
pub mod time;

use std::path::Path;

use crate::sim::clock::SimTime;
use crate::sim::world::World;

/// The scenarios that come with the program: name, one-line description, text.
const NAMED: [(&str, &str, &str); 22] = [
    (
        "rolling",
        "one service, and a healthy release that rolls out",
        include_str!("named/rolling.toml"),
    ),
    (
        "bad-rolling",
        "a release that crashes; the circuit breaker trips and rolls back",
        include_str!("named/bad-rolling.toml"),
    ),
    (
        "codedeploy",
        "a canary by CodeDeploy, with the wait before the original task set goes",
        include_str!("named/codedeploy.toml"),
    ),
    (
        "codedeploy-ready",
        "a CodeDeploy deployment that waits for somebody to reroute the traffic",
        include_str!("named/codedeploy-ready.toml"),
    ),
    (
        "bad-codedeploy",
        "a CodeDeploy deployment whose validation fails, and its rollback",
        include_str!("named/bad-codedeploy.toml"),
    ),
    (
        "external",
        "two task sets of an external controller, with the traffic between them",
        include_str!("named/external.toml"),
    ),
    (
        "fleet",
        "thousands of services in dozens of clusters, with a few releases in flight",
        include_str!("named/fleet.toml"),
    ),
    (
        "tour",
        "an evening on call: releases that fail, crawl, recover and start anew",
        include_str!("named/tour.toml"),
    ),
    (
        "blue-green",
        "a blue/green release that waits for a person once test traffic has shifted",
        include_str!("named/blue-green.toml"),
    ),
    (
        "linear",
        "a release that takes a quarter of the traffic every two minutes",
        include_str!("named/linear.toml"),
    ),
    (
        "canary",
        "a canary that waits for a person before each of its two steps",
        include_str!("named/canary.toml"),
    ),
    (
        "bad-canary",
        "a canary whose alarm fires while it bakes; it rolls back",
        include_str!("named/bad-canary.toml"),
    ),
    (
        "hook-failure",
        "a Lambda function refuses a release, which rolls back",
        include_str!("named/hook-failure.toml"),
    ),
    (
        "superseded",
        "a blue/green release that a newer one overtakes while it bakes",
        include_str!("named/superseded.toml"),
    ),
    (
        "pipeline",
        "a pipeline whose approval waits, with the next execution behind it",
        include_str!("named/pipeline.toml"),
    ),
    (
        "pipeline-codedeploy",
        "a pipeline that deploys by CodeDeploy, whose deployment waits to be rerouted",
        include_str!("named/pipeline-codedeploy.toml"),
    ),
    (
        "pipeline-parallel",
        "three executions side by side, of which two wait for a person",
        include_str!("named/pipeline-parallel.toml"),
    ),
    (
        "pipeline-failed",
        "a failed build, a deploy that ECS rolled back unnoticed, an alarm before a stage",
        include_str!("named/pipeline-failed.toml"),
    ),
    (
        "promotion",
        "one image goes through staging, waits, and goes to another account",
        include_str!("named/promotion.toml"),
    ),
    (
        "image-gone",
        "images deleted from ECR: one that is to be rolled back to, and a rollback that fails",
        include_str!("named/image-gone.toml"),
    ),
    (
        "noisy",
        "hundreds of log lines a second of every kind, some of them hostile",
        include_str!("named/noisy.toml"),
    ),
    (
        "bad-release-logs",
        "a release that logs errors from its first minute, until an alarm rolls it back",
        include_str!("named/bad-release-logs.toml"),
    ),
];

/// What decides a world besides its scenario.
#[derive(Copy, Clone, Debug)]
pub struct ScenarioOptions {
    /// Decides ids and jitter.
    pub seed: u64,
    /// The moment at which the world starts to be looked at.
    pub now: SimTime,
    /// How many services a fleet has, in place of what the scenario says.
    pub services: Option<u32>,
    /// How many clusters a fleet has, in place of what the scenario says.
    pub clusters: Option<u32>,
    /// How many pipelines a fleet has, in place of what the scenario says.
    pub pipelines: Option<u32>,
}

/// Why a scenario can't be built.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// Neither a named scenario nor a file.
    #[error("there is no scenario '{name}', and no file of this name; there are: {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// The file can't be read.
    #[error("failed to read the scenario {path}")]
    Read {
        /// The file.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
    /// It isn't TOML, or not a scenario. The error of the parser shows the line.
    #[error("failed to understand the scenario {name}")]
    Parse {
        /// The scenario.
        name: String,
        /// Why not.
        source: Box<toml::de::Error>,
    },
    /// It contradicts itself.
    #[error("failed to build the scenario, line {line}: {problem}")]
    Line {
        /// Counts from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// It asks for something that ECS refuses.
    #[error("failed to build the scenario: {0}")]
    Refused(String),
    /// The number of services, clusters or pipelines was chosen for a scenario that has no fleet.
    #[error(
        "the scenario has no fleet, so the number of services, clusters and pipelines can't be chosen"
    )]
    NoFleet,
}

/// The named scenarios with what they show, in one line each.
pub fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    NAMED
        .iter()
        .map(|(name, description, _)| (*name, *description))
}

/// Builds the world of a named scenario or of a file. Everything that the scenario puts before
/// the start has really happened in it.
pub fn build(name_or_file: &str, options: &ScenarioOptions) -> Result<World, ScenarioError> {
    let named = NAMED.iter().find(|(name, _, _)| *name == name_or_file);
    if let Some((name, _, text)) = named {
        return build_text(name, text, options);
    }
    if !Path::new(name_or_file).exists() {
        let known: Vec<&str> = names().map(|(name, _)| name).collect();
        let (name, known) = (name_or_file.to_owned(), known.join(", "));
        return Err(ScenarioError::Unknown { name, known });
    }
    let text = std::fs::read_to_string(name_or_file).map_err(|source| ScenarioError::Read {
        path: name_or_file.to_owned(),
        source,
    })?;
    build_text(name_or_file, &text, options)
}

/// Builds the world that `text` describes; `name` is for errors.
pub fn build_text(
    name: &str,
    text: &str,
    options: &ScenarioOptions,
) -> Result<World, ScenarioError> {
    let file: file::File = toml::from_str(text).map_err(|source| ScenarioError::Parse {
        name: name.to_owned(),
        source: Box::new(source),
    })?;
    build::Builder::new(text, options).build(&file)
}

#[cfg(test)]
mod delivery_tests;
#[cfg(test)]
mod logs_tests;
#[cfg(test)]
mod pipeline_tests;
#[cfg(test)]
mod shift_tests;
#[cfg(test)]
mod tests;
