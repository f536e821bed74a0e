//! CodeDeploy's own records of the releases of services that it moves.

use jiff::Timestamp;

use super::arn::TaskDefinitionArn;
use super::service::Service;

/// `status` of a CodeDeploy deployment (CodeDeploy API reference, `DeploymentStatus`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeDeployStatus {
    /// Made, not begun.
    Created,
    /// Waits for its turn.
    Queued,
    /// Under way.
    InProgress,
    /// The new task set is watched before the deployment ends.
    Baking,
    /// The new task set is up; traffic waits for somebody or for a time-out.
    Ready,
    /// It ended well.
    Succeeded,
    /// It failed.
    Failed,
    /// Somebody stopped it.
    Stopped,
    /// A status that this version does not know, by its name.
    Unknown(String),
}

impl CodeDeployStatus {
    /// The status as AWS writes it.
    pub fn name(&self) -> &str {
        match self {
            Self::Created => "Created",
            Self::Queued => "Queued",
            Self::InProgress => "InProgress",
            Self::Baking => "Baking",
            Self::Ready => "Ready",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Stopped => "Stopped",
            Self::Unknown(name) => name,
        }
    }

    /// Whether the deployment is over. An unknown status counts as not over, so that it stays
    /// watched.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Stopped)
    }
}

/// A deployment group: the service that it moves, and how.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId {
    /// The application's name.
    pub application: String,
    /// The deployment group's name.
    pub group: String,
}

/// A deployment as its group names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupDeployment {
    /// Its id.
    pub id: String,
    /// How far it was when the group was read.
    pub status: CodeDeployStatus,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// A deployment group of the ECS compute platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeploymentGroup {
    /// Its application and its name.
    pub id: GroupId,
    /// The name of the cluster that its service runs in.
    pub cluster: Option<String>,
    /// The name of the service that it moves.
    pub service: Option<String>,
    /// The name of its deployment configuration.
    pub configuration: Option<String>,
    /// The newest deployment.
    pub last_attempted: Option<GroupDeployment>,
    /// The newest deployment that ended well.
    pub last_successful: Option<GroupDeployment>,
    /// The wait before the traffic moves.
    pub ready: Option<ReadyWait>,
    /// The wait before the original task set is terminated.
    pub termination: Option<TerminationWait>,
    /// Whether a failure rolls a deployment back by itself.
    pub rolls_back_on_failure: bool,
    /// Whether an alarm rolls a deployment back by itself.
    pub rolls_back_on_alarm: bool,
    /// The alarms that stop a deployment.
    pub alarms: Vec<String>,
}

impl DeploymentGroup {
    /// Whether it moves a service: it names the service and the cluster.
    pub fn moves(&self, service: &Service) -> bool {
        self.service.as_deref() == Some(service.name())
            && self.cluster.as_deref() == Some(service.cluster.name())
    }
}

/// How the traffic of a deployment moves: what its deployment configuration says.
#[derive(Clone, Debug, PartialEq)]
pub enum TrafficRouting {
    /// All at once.
    AllAtOnce,
    /// A part first, then the rest.
    Canary {
        /// The first part, in percent.
        percent: u32,
        /// Minutes until the rest.
        minutes: u32,
    },
    /// Equal parts.
    Linear {
        /// Each part, in percent.
        percent: u32,
        /// Minutes between two parts.
        minutes: u32,
    },
    /// A kind that this version does not know, by its name.
    Unknown(String),
}

/// What happens to traffic when nobody answers a deployment that is Ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadyWait {
    /// Whether it goes on by itself after the wait; otherwise the deployment is stopped.
    pub continues: bool,
    /// Minutes that it waits; 0 where it does not wait.
    pub minutes: u32,
}

/// What happens to the original task set after the traffic has moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminationWait {
    /// Whether it is terminated at all.
    pub terminates: bool,
    /// Minutes that it is kept.
    pub minutes: u32,
}

/// A lifecycle event of a deployment on a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LifecycleEvent {
    /// Its name, such as `AfterAllowTestTraffic`.
    pub name: String,
    /// Pending, `InProgress`, Succeeded, Failed, Skipped or Unknown, as it came.
    pub status: String,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Why it failed, in CodeDeploy's words.
    pub diagnostics: Option<String>,
}

/// A task set as CodeDeploy tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct DeployedTaskSet {
    /// Whether it is the new one (Green); the original is Blue.
    pub green: bool,
    /// The task set's id.
    pub id: Option<String>,
    /// PRIMARY, ACTIVE or DRAINING, as it came.
    pub status: Option<String>,
    /// Tasks wanted.
    pub desired: u32,
    /// Tasks pending.
    pub pending: u32,
    /// Tasks running.
    pub running: u32,
    /// Share of the production traffic, in percent.
    pub traffic_percent: Option<f64>,
    /// The name of its target group.
    pub target_group: Option<String>,
}

/// The service that a deployment moves, as the deployment's target tells it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct DeploymentTarget {
    /// `CLUSTER:SERVICE`.
    pub id: String,
    /// Pending, `InProgress`, Succeeded, Failed, Skipped, Unknown or Ready, as it came.
    pub status: String,
    /// Lifecycle events in order.
    pub events: Vec<LifecycleEvent>,
    /// Its task sets.
    pub task_sets: Vec<DeployedTaskSet>,
}

/// A CodeDeploy deployment.
#[derive(Clone, Debug, PartialEq)]
pub struct CodeDeployment {
    /// `d-` and nine characters.
    pub id: String,
    /// The application and deployment group.
    pub group: GroupId,
    /// How far it is.
    pub status: CodeDeployStatus,
    /// The name of its deployment configuration, such as `CodeDeployDefault.ECSAllAtOnce`.
    pub configuration: Option<String>,
    /// What that configuration says, once it has been read.
    pub routing: Option<TrafficRouting>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Who or what made it, as it came: user, codeDeployRollback, CloudFormation and so on.
    pub creator: Option<String>,
    /// What its maker wrote.
    pub description: Option<String>,
    /// The error code and message of one that failed.
    pub error: Option<(String, String)>,
    /// The deployment that rolls this one back.
    pub rolled_back_by: Option<String>,
    /// The deployment that this one rolls back.
    pub rolls_back: Option<String>,
    /// What CodeDeploy says about the rollback.
    pub rollback_message: Option<String>,
    /// Whether a failure rolls it back by itself.
    pub rolls_back_on_failure: bool,
    /// Whether an alarm rolls it back by itself.
    pub rolls_back_on_alarm: bool,
    /// The wait before the traffic moves.
    pub ready: Option<ReadyWait>,
    /// The wait before the original task set is terminated.
    pub termination: Option<TerminationWait>,
    /// Whether that wait has begun.
    pub termination_wait_started: bool,
    /// The alarms that stop it, where they are told.
    pub alarms: Vec<String>,
    /// The task definition of its AppSpec, where the AppSpec is in the deployment itself.
    pub task_definition: Option<TaskDefinitionArn>,
    /// The listeners of its production traffic, by ARN.
    pub production_listeners: Vec<String>,
    /// The listeners of its test traffic, by ARN.
    pub test_listeners: Vec<String>,
    /// The service that it moves, once it has been read.
    pub target: Option<DeploymentTarget>,
}

impl CodeDeployment {
    /// Whether the wait before the original task set is terminated has begun. CodeDeploy is known not
    /// to say so of every deployment on ECS (containers-roadmap issue 269): its target is Succeeded
    /// then, and the deployment is not over.
    pub fn waits_to_terminate(&self) -> bool {
        let target = self.target.as_ref();
        let settled = target.is_some_and(|target| target.status == "Succeeded");
        let waits = self.termination.as_ref();
        let waits = waits.is_some_and(|wait| wait.terminates && wait.minutes > 0);
        let goes_on = matches!(
            self.status,
            CodeDeployStatus::InProgress | CodeDeployStatus::Baking
        );
        self.termination_wait_started || (goes_on && settled && waits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::{advance, code_deployment};

    /// A deployment whose traffic has moved, and of which CodeDeploy says no more than its target.
    fn settled(status: CodeDeployStatus) -> CodeDeployment {
        let mut deployment = code_deployment("d-1", status, 2, 1_000);
        advance(&mut deployment, 8);
        deployment.termination_wait_started = false;
        deployment.termination = Some(TerminationWait {
            terminates: true,
            minutes: 5,
        });
        let target = deployment.target.as_mut().unwrap();
        target.status = "Succeeded".into();
        deployment
    }

    #[test]
    fn the_wait_to_terminate_is_known_by_the_target_too() {
        assert!(settled(CodeDeployStatus::InProgress).waits_to_terminate());
        assert!(!settled(CodeDeployStatus::Succeeded).waits_to_terminate());
        let mut at_once = settled(CodeDeployStatus::InProgress);
        at_once.termination = None;
        assert!(!at_once.waits_to_terminate());
        let mut moving = settled(CodeDeployStatus::InProgress);
        moving.target.as_mut().unwrap().status = "InProgress".into();
        assert!(!moving.waits_to_terminate());
        moving.termination_wait_started = true;
        assert!(moving.waits_to_terminate());
    }
}
