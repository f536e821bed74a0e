//! CodeBuild of one account and region: projects, and the builds that pipelines start.
//!
//! The whole course of a build is decided when it starts. What it says at any later moment is
//! computed from that course, so a build needs no events and costs nothing once it has started.

pub mod build;
pub mod course;
mod log;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::Region;
use super::arn::Place;
pub use build::{Build, BuildProgress, BuildStatus, PhaseKind};
use course::Course;

/// The end of the name of a project whose builds always fail.
const FAILS: &str = "-fails";

/// What a build says failed when nobody has given a cause.
const USUAL_FAILURE: &str = "2 of 148 tests failed";

/// A project: what its builds have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// How many builds it has had; the number of the newest one.
    pub builds: u64,
    /// Seconds that a build takes; about two minutes without it.
    pub seconds: Option<u32>,
    /// The causes of the failures that are due: each build takes one, while there are any.
    pub failures: VecDeque<String>,
}

/// A build as somebody starts it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewBuild {
    /// The project by name. One that isn't there yet is made.
    pub project: String,
    /// Who starts it, such as `codepipeline/shop`.
    pub initiator: String,
    /// Where the source comes from; for a pipeline, the ARN of the artifact.
    pub source_version: Option<String>,
    /// The commit that is built.
    pub resolved_source_version: Option<String>,
    /// The images that it pushes, as its log tells.
    pub images: Vec<String>,
}

/// Everything that CodeBuild knows in one account and region.
#[derive(Clone, Debug, Default)]
pub struct CodeBuild {
    /// Projects by name.
    pub projects: BTreeMap<String, Project>,
    builds: Vec<Build>,
    positions: HashMap<String, usize>,
}

impl CodeBuild {
    /// The build with this id, which is the name of its project, a colon and a UUID.
    pub fn build(&self, id: &str) -> Option<&Build> {
        self.builds.get(*self.positions.get(id)?)
    }

    /// All builds from the oldest.
    pub fn builds(&self) -> &[Build] {
        &self.builds
    }

    /// A project by name, made if it isn't there yet.
    pub fn project_mut(&mut self, name: &str) -> &mut Project {
        self.projects.entry(name.to_owned()).or_default()
    }

    /// Lets the next build of a project fail, for this cause.
    pub fn fail_next(&mut self, project: &str, cause: &str) {
        let project = self.project_mut(project);
        project.failures.push_back(cause.to_owned());
    }
}

/// The console's page of a build.
pub fn build_url(place: &Place, id: &str) -> String {
    let region = &place.region;
    format!("https://console.aws.amazon.com/codebuild/home?region={region}#/builds/{id}/view/new")
}

impl Region {
    /// Starts a build and gives its id. It can be asked after with [`CodeBuild::build`]; its log
    /// can be read in the group `/aws/codebuild/` with the name of the project, as it is written.
    pub fn start_build(&mut self, new: NewBuild) -> String {
        let now = self.ecs.now;
        let uuid = self.ecs.rng.uuid();
        let id = format!("{}:{uuid}", new.project);
        let project = self.codebuild.project_mut(&new.project);
        project.builds = project.builds.saturating_add(1);
        let number = project.builds;
        let failure = project.failures.pop_front().or_else(|| {
            let fails = new.project.ends_with(FAILS);
            fails.then(|| USUAL_FAILURE.to_owned())
        });
        let course = Course::new(&mut self.ecs.rng, now, project.seconds, failure);
        let build = Build {
            id: id.clone(),
            uuid,
            number,
            made: new,
            course,
        };
        let (group, stream) = (build.log_group(), build.uuid.clone());
        for (at, line) in log::lines(&build) {
            self.logs.append(&group, &stream, at, line);
        }
        let position = self.codebuild.builds.len();
        self.codebuild.builds.push(build);
        self.codebuild.positions.insert(id.clone(), position);
        id
    }
}
