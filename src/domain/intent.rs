//! What a person wants, before it is known how or whether it can be done.

mod pipeline;

pub use pipeline::{PipelineIntent, PipelineWish, Words, plain};

use super::arn::{ClusterArn, ServiceArn, TaskArn, TaskDefinitionArn};

/// A wish that a key expresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Start the same task definition again.
    ForceRedeploy,
    /// Go back: to a chosen revision, or to the one that the planner picks.
    RollBack {
        /// The revision that the person chose.
        to: Option<TaskDefinitionArn>,
    },
    /// Run a chosen revision.
    Deploy {
        /// The revision.
        task_definition: TaskDefinitionArn,
    },
    /// Change the number of tasks.
    SetDesiredCount {
        /// Tasks wanted.
        desired: u32,
    },
    /// Let production traffic move on: the planner chooses the call from the state.
    CutOver,
    /// Stop a release without going back, where AWS has such a call.
    Stop,
    /// Stop one task; the service starts another.
    StopTask {
        /// The task.
        task: TaskArn,
    },
}

/// A wish about a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// About a service, its release or one of its tasks.
    Service(ServiceIntent),
    /// About a pipeline.
    Pipeline(PipelineIntent),
}

impl Intent {
    /// The name that the person confirms.
    pub fn target_name(&self) -> String {
        match self {
            Self::Service(intent) => intent.target_name(),
            Self::Pipeline(intent) => intent.pipeline.to_string(),
        }
    }

    /// The wish as a title, such as `Roll back checkout`.
    pub fn title(&self) -> String {
        match self {
            Self::Service(intent) => intent.title(),
            Self::Pipeline(intent) => intent.title(),
        }
    }

    /// What the button does that confirms it, in its own word rather than "OK".
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Service(intent) => intent.wish.verb(),
            Self::Pipeline(intent) => intent.wish.verb(),
        }
    }

    /// What it acts on, for the action log: an ARN where there is one.
    pub fn target(&self) -> &str {
        match self {
            Self::Service(intent) => match (&intent.wish, &intent.service) {
                (Wish::StopTask { task }, _) => task.as_str(),
                (_, Some(service)) => service.as_str(),
                (_, None) => intent.cluster.as_str(),
            },
            Self::Pipeline(intent) => intent.pipeline.as_str(),
        }
    }
}

/// A wish about a service. `service` is `None` only for a task that belongs to no service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceIntent {
    /// The cluster.
    pub cluster: ClusterArn,
    /// The service.
    pub service: Option<ServiceArn>,
    /// The wish.
    pub wish: Wish,
}

impl Wish {
    fn verb(&self) -> &'static str {
        match self {
            Self::ForceRedeploy => "Redeploy",
            Self::RollBack { .. } => "Roll back",
            Self::Deploy { .. } => "Deploy",
            Self::SetDesiredCount { .. } => "Change the count",
            Self::CutOver => "Cut over",
            Self::Stop => "Stop",
            Self::StopTask { .. } => "Stop the task",
        }
    }
}

impl ServiceIntent {
    /// The name that the person confirms: the service's, or the task's id where there is no
    /// service.
    pub fn target_name(&self) -> String {
        match (&self.service, &self.wish) {
            (Some(service), _) => service.name().to_owned(),
            (None, Wish::StopTask { task }) => task.short().to_owned(),
            (None, _) => self.cluster.name().to_owned(),
        }
    }

    /// The wish as a title, such as `Roll back checkout`.
    pub fn title(&self) -> String {
        let name = self.target_name();
        match &self.wish {
            Wish::ForceRedeploy => format!("Force redeploy {name}"),
            Wish::RollBack { to: None } => format!("Roll back {name}"),
            Wish::RollBack { to: Some(to) } => {
                format!("Roll back {name} to {}", to.family_revision())
            }
            Wish::Deploy { task_definition } => {
                format!("Deploy {} on {name}", task_definition.family_revision())
            }
            Wish::SetDesiredCount { desired } => format!("Set {name} to {desired} tasks"),
            Wish::CutOver => format!("Cut over {name}"),
            Wish::Stop => format!("Stop the release of {name}"),
            Wish::StopTask { task } => format!("Stop task {}", task.short()),
        }
    }
}
