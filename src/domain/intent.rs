//! What a person wants, before it is known how or whether it can be done.

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

/// A wish about a thing. `service` is `None` only for a task that belongs to no service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// The cluster.
    pub cluster: ClusterArn,
    /// The service.
    pub service: Option<ServiceArn>,
    /// The wish.
    pub wish: Wish,
}

impl Intent {
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
