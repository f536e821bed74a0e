//! Task sets: what a service runs when CodeDeploy or an external controller deploys it.

use std::sync::Arc;

use serde_json::Value;

use super::ids::{DeploymentNumber, RevisionNumber};
use super::task_definition::TaskDefinition;
use crate::sim::clock::SimTime;

/// Who deploys a service.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Controller {
    /// ECS itself, with deployments and service deployments.
    #[default]
    Ecs,
    /// CodeDeploy, with task sets.
    CodeDeploy,
    /// Somebody else, with task sets.
    External,
}

impl Controller {
    /// The controller that a word of the service model names.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Ecs, Self::CodeDeploy, Self::External]
            .into_iter()
            .find(|one| one.word() == word)
    }

    /// The word of ECS.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ecs => "ECS",
            Self::CodeDeploy => "CODE_DEPLOY",
            Self::External => "EXTERNAL",
        }
    }

    /// Whether the service has task sets, and neither deployments nor service deployments.
    pub fn has_task_sets(self) -> bool {
        self != Self::Ecs
    }
}

/// What a task set is for its service.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum TaskSetStatus {
    /// It serves production traffic.
    Primary,
    /// It runs beside the PRIMARY one.
    Active,
    /// It is deleted, with tasks that still stop.
    Draining,
}

impl TaskSetStatus {
    /// The word of ECS.
    pub fn word(self) -> &'static str {
        match self {
            Self::Primary => "PRIMARY",
            Self::Active => "ACTIVE",
            Self::Draining => "DRAINING",
        }
    }
}

/// A task set: a group of a service's tasks with a task definition and a size of its own. The
/// members that ECS shows of it, such as its load balancers, are those of its revision.
#[derive(Clone, Debug)]
pub struct TaskSet {
    /// Counts with the deployments of the service; its tasks have it as their deployment.
    pub number: DeploymentNumber,
    /// `ecs-svc/` and 19 digits.
    pub id: String,
    /// `…:task-set/cluster/service/ecs-svc/…`
    pub arn: String,
    /// What decides how its tasks are.
    pub revision: RevisionNumber,
    /// What its tasks run.
    pub definition: Arc<TaskDefinition>,
    /// `CODE_DEPLOY` when a CodeDeploy deployment made it.
    pub started_by: Option<String>,
    /// The id of that deployment, or what an external controller calls it.
    pub external_id: Option<String>,
    /// What it is for its service.
    pub status: TaskSetStatus,
    /// Percent of the service's desired count, 0 to 100.
    pub scale: f64,
    /// When it was made.
    pub created_at: SimTime,
    /// When it last changed.
    pub updated_at: SimTime,
    /// Whether exactly the wanted tasks run, and are healthy.
    pub steady: bool,
    /// Since when that is so.
    pub steady_at: SimTime,
    /// Tasks that have failed in a row.
    pub failures_in_row: u32,
    /// No task is started before this moment.
    pub resume_at: SimTime,
    /// Tags, a list of `{key, value}`.
    pub tags: Vec<Value>,
}

impl TaskSet {
    /// How many tasks it is to have when its service wants `desired`: its share, rounded up.
    pub fn computed_desired(&self, desired: u32) -> u32 {
        if self.status == TaskSetStatus::Draining {
            return 0;
        }
        share(desired, self.scale)
    }
}

/// `percent` (0 to 100) of `desired`, rounded up as ECS does.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a u32 that is clamped to 0..=100 percent fits into a u32"
)]
fn share(desired: u32, percent: f64) -> u32 {
    (f64::from(desired) * percent.clamp(0.0, 100.0) / 100.0).ceil() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_up() {
        assert_eq!(share(4, 30.0), 2);
        assert_eq!(share(4, 25.0), 1);
        assert_eq!(share(3, 0.0), 0);
        assert_eq!(share(1, 0.1), 1);
        assert_eq!(share(7, 100.0), 7);
        assert_eq!(share(u32::MAX, 100.0), u32::MAX);
    }

    #[test]
    fn controllers_have_the_words_of_the_service_model() {
        for word in ["ECS", "CODE_DEPLOY", "EXTERNAL"] {
            assert_eq!(Controller::from_word(word).unwrap().word(), word);
        }
        assert_eq!(Controller::from_word("ecs"), None);
    }
}
