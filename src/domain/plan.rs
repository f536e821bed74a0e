//! An action before it is confirmed: everything the person has to know to say yes.

mod pipeline_goal;

pub use pipeline_goal::{PipelineEnd, PipelineGoal};

use super::arn::{
    ClusterArn, DeploymentId, ServiceArn, ServiceDeploymentArn, TaskArn, TaskDefinitionArn,
};
use super::call::Call;
use super::facts::Ground;
use super::intent::{Intent, PipelineIntent};

/// How a preflight check came out.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// In order.
    Good,
    /// The person should know.
    Warning,
    /// It could not be checked.
    Unknown,
}

/// One preflight check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// How it came out.
    pub verdict: Verdict,
    /// What was checked and found.
    pub text: String,
}

impl Check {
    /// A check that came out well.
    pub fn good(text: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Good,
            text: text.into(),
        }
    }

    /// A check that the person should read.
    pub fn warning(text: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Warning,
            text: text.into(),
        }
    }

    /// Something that could not be checked.
    pub fn unknown(text: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Unknown,
            text: text.into(),
        }
    }
}

/// What will prove that the action took effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// The deployment that the call makes ends, and what runs is its task definition.
    NewDeploymentEnds {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
        /// The primary deployment before the call: the one to wait for is another.
        before: Option<DeploymentId>,
        /// The task definition that has to run in the end. `None` where that does not change, or
        /// where the call makes it.
        task_definition: Option<TaskDefinitionArn>,
    },
    /// The service deployment's rollback ends.
    RollbackEnds {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
        /// The record that ends.
        record: ServiceDeploymentArn,
    },
    /// The hook is answered, and the release moves on.
    HookAnswered {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
        /// The release's record.
        record: ServiceDeploymentArn,
        /// The hook, by its id.
        hook: String,
        /// The stage that it holds, as it came.
        stage: Option<String>,
    },
    /// A CodeDeploy deployment succeeds.
    DeploymentSucceeds {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
        /// The deployment; `None` until the call that makes it has been answered.
        deployment: Option<String>,
    },
    /// A CodeDeploy deployment stops, and nothing goes back.
    DeploymentStops {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
        /// The deployment.
        deployment: String,
    },
    /// The deployment that rolls a CodeDeploy deployment back succeeds, and the primary task set runs
    /// what ran before.
    DeploymentRolledBack {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
        /// The deployment that is rolled back.
        deployment: String,
        /// What ran before it, where that is known.
        task_definition: Option<TaskDefinitionArn>,
    },
    /// A task set is the primary one.
    PrimaryTaskSet {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
        /// The task set, by its id.
        task_set: String,
    },
    /// So many tasks run.
    CountReached {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
        /// Tasks wanted.
        desired: u32,
        /// Tasks wanted before the call.
        before: u32,
    },
    /// The task is STOPPED.
    TaskStopped {
        /// The cluster.
        cluster: ClusterArn,
        /// The task.
        task: TaskArn,
    },
    /// Something in a pipeline.
    Pipeline(PipelineGoal),
}

impl Goal {
    /// The service that has to be watched, with its cluster; `None` where only a task has.
    pub fn service(&self) -> Option<(&ClusterArn, &ServiceArn)> {
        match self {
            Self::NewDeploymentEnds {
                cluster, service, ..
            }
            | Self::RollbackEnds {
                cluster, service, ..
            }
            | Self::HookAnswered {
                cluster, service, ..
            }
            | Self::DeploymentSucceeds {
                cluster, service, ..
            }
            | Self::DeploymentStops {
                cluster, service, ..
            }
            | Self::DeploymentRolledBack {
                cluster, service, ..
            }
            | Self::PrimaryTaskSet {
                cluster, service, ..
            }
            | Self::CountReached {
                cluster, service, ..
            } => Some((cluster, service)),
            Self::TaskStopped { .. } | Self::Pipeline(_) => None,
        }
    }

    /// Whether ECS's records of the service's releases are needed.
    pub fn needs_records(&self) -> bool {
        matches!(
            self,
            Self::NewDeploymentEnds { .. } | Self::RollbackEnds { .. } | Self::HookAnswered { .. }
        )
    }

    /// Whether CodeDeploy's records of the service's releases are needed.
    pub fn needs_code_deployments(&self) -> bool {
        matches!(
            self,
            Self::DeploymentSucceeds { .. }
                | Self::DeploymentStops { .. }
                | Self::DeploymentRolledBack { .. }
        )
    }

    /// The CodeDeploy deployment that has to be watched, by its id.
    pub fn code_deployment(&self) -> Option<&str> {
        match self {
            Self::DeploymentSucceeds { deployment, .. } => deployment.as_deref(),
            Self::DeploymentStops { deployment, .. }
            | Self::DeploymentRolledBack { deployment, .. } => Some(deployment),
            _ => None,
        }
    }

    /// Takes the id of what the call made: a CodeDeploy deployment, an execution of a pipeline.
    pub fn made(&mut self, id: &str) {
        match self {
            Self::DeploymentSucceeds { deployment, .. } => {
                deployment.get_or_insert_with(|| id.to_owned());
            }
            Self::Pipeline(goal) => goal.made(id),
            _ => {}
        }
    }
}

/// A planned action. It cannot be sent: only a `Confirmed<Plan>` can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What the person wants.
    pub intent: Intent,
    /// The mechanism, in words: the service, the call and its decisive parameters.
    pub how: String,
    /// What it acts on.
    pub what: String,
    /// Where it goes, for a change of what runs.
    pub to: Option<String>,
    /// What will happen next, a sentence each.
    pub then: Vec<String>,
    /// What was checked.
    pub checks: Vec<Check>,
    /// The exact call.
    pub call: Call,
    /// Account, Region and identity, in words.
    pub account: String,
    /// Whether the target is marked as production: then its name has to be typed.
    pub production: bool,
    /// What the plan stands on.
    pub basis: Ground,
    /// What will prove it.
    pub goal: Goal,
    /// What had better be done before it, where something had.
    pub first: Option<PipelineIntent>,
}

/// Why a wish cannot be planned, and what could be done instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why not.
    pub reason: String,
    /// What to do instead, where there is something.
    pub instead: Option<String>,
}

impl Refusal {
    /// A refusal with nothing to do instead.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            instead: None,
        }
    }

    /// Adds what to do instead.
    #[must_use]
    pub fn instead(mut self, instead: impl Into<String>) -> Self {
        self.instead = Some(instead.into());
        self
    }
}
