//! A service and its deployments as `DescribeServices` tells them.

use jiff::Timestamp;

use super::arn::{
    ClusterArn, DeploymentId, ServiceArn, ServiceDeploymentArn, ServiceRevisionArn, TargetGroupArn,
    TaskDefinitionArn,
};

/// What moves a service from one revision to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Controller {
    /// ECS itself; the strategy says how.
    Ecs,
    /// CodeDeploy.
    CodeDeploy,
    /// Somebody outside, through task sets.
    External,
    /// A controller that this version does not know, by its name.
    Unknown(String),
}

/// How ECS itself moves a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// New tasks replace old ones step by step.
    Rolling,
    /// All traffic moves at once to a whole new set.
    BlueGreen,
    /// Traffic moves in equal steps.
    Linear,
    /// A small part of the traffic moves first, then the rest.
    Canary,
    /// A strategy that this version does not know, by its name.
    Unknown(String),
}

/// `rolloutState` of a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RolloutState {
    /// The deployment has begun and not ended.
    InProgress,
    /// The service reached a steady state on it.
    Completed,
    /// The circuit breaker or an alarm ended it.
    Failed,
    /// A state that this version does not know, by its name.
    Unknown(String),
}

/// `status` of an entry of `deployments[]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeploymentStatus {
    /// The newest deployment.
    Primary,
    /// An older one that still has tasks.
    Active,
    /// An older one that is over.
    Inactive,
    /// A status that this version does not know, by its name.
    Unknown(String),
}

/// An entry of a service's `deployments[]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// `ecs-svc/NUMBER`; its tasks carry it as `startedBy`.
    pub id: DeploymentId,
    /// PRIMARY, ACTIVE or INACTIVE.
    pub status: DeploymentStatus,
    /// The task definition that it runs.
    pub task_definition: TaskDefinitionArn,
    /// Tasks wanted.
    pub desired: u32,
    /// Tasks in PENDING.
    pub pending: u32,
    /// Tasks in RUNNING.
    pub running: u32,
    /// Tasks that did not reach a healthy RUNNING.
    pub failed: u32,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
    /// `IN_PROGRESS`, COMPLETED or FAILED; absent outside the ECS controller.
    pub rollout_state: Option<RolloutState>,
    /// ECS's words for the state.
    pub rollout_reason: Option<String>,
}

/// A task set of a service whose controller is CodeDeploy or external.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskSet {
    /// The task set's id.
    pub id: String,
    /// PRIMARY, ACTIVE or DRAINING, as it came.
    pub status: String,
    /// The task definition that it runs.
    pub task_definition: TaskDefinitionArn,
    /// Who made it; `CODE_DEPLOY` for CodeDeploy.
    pub started_by: Option<String>,
    /// The CodeDeploy deployment's id where CodeDeploy made it.
    pub external_id: Option<String>,
    /// Tasks wanted, after scaling.
    pub desired: u32,
    /// Tasks in PENDING.
    pub pending: u32,
    /// Tasks in RUNNING.
    pub running: u32,
    /// Its share of the service's desired count, in percent, where told.
    pub scale_percent: Option<f64>,
    /// `STEADY_STATE` or STABILIZING, as it came.
    pub stability: Option<String>,
    /// The target group that its tasks are registered with.
    pub target_group: Option<TargetGroupArn>,
    /// The container behind that target group, and its port.
    pub container: Option<(String, u32)>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
}

/// A line of a service's event list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceEvent {
    /// The event's id.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// ECS's words, without control characters.
    pub message: String,
}

/// What a service's `deploymentConfiguration` says about rolling updates.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RollingLimits {
    /// The least share of the desired count that has to run, in percent.
    pub minimum_healthy_percent: Option<u32>,
    /// The largest share of the desired count that may run, in percent.
    pub maximum_percent: Option<u32>,
    /// Whether the circuit breaker is on.
    pub breaker: bool,
    /// Whether the circuit breaker rolls back by itself.
    pub breaker_rolls_back: bool,
    /// Minutes of bake time, where the strategy has one.
    pub bake_minutes: Option<u32>,
}

/// A service.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// The service's ARN.
    pub arn: ServiceArn,
    /// The cluster it runs in.
    pub cluster: ClusterArn,
    /// ACTIVE, DRAINING or INACTIVE, as it came.
    pub status: String,
    /// What moves it.
    pub controller: Controller,
    /// How ECS moves it; absent outside the ECS controller.
    pub strategy: Strategy,
    /// The task definition that a new task would get.
    pub task_definition: TaskDefinitionArn,
    /// Tasks wanted.
    pub desired: u32,
    /// Tasks in RUNNING.
    pub running: u32,
    /// Tasks in PENDING.
    pub pending: u32,
    /// FARGATE, EC2 or EXTERNAL, where it says so.
    pub launch_type: Option<String>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// The service deployment in flight, or the newest one.
    pub current_deployment: Option<ServiceDeploymentArn>,
    /// The service revisions that have tasks.
    pub current_revisions: Vec<ServiceRevisionArn>,
    /// Rolling-update limits.
    pub limits: RollingLimits,
    /// Entries of `deployments[]`, newest first.
    pub deployments: Vec<Deployment>,
    /// Task sets, for CodeDeploy and external controllers.
    pub task_sets: Vec<TaskSet>,
    /// The newest events first; at most 100.
    pub events: Vec<ServiceEvent>,
    /// Whether ECS Exec is on.
    pub exec_enabled: bool,
}

impl Service {
    /// The service's name.
    pub fn name(&self) -> &str {
        self.arn.name()
    }

    /// The newest deployment.
    pub fn primary(&self) -> Option<&Deployment> {
        self.deployments
            .iter()
            .find(|deployment| deployment.status == DeploymentStatus::Primary)
    }

    /// Whether an older deployment still has tasks.
    fn has_active_deployment(&self) -> bool {
        self.deployments
            .iter()
            .any(|deployment| deployment.status == DeploymentStatus::Active)
    }

    /// Whether a release is in flight, as far as `DescribeServices` alone can tell. A rollout state
    /// that this version does not know counts as in flight, so that it stays watched.
    pub fn is_moving(&self) -> bool {
        match self.controller {
            Controller::CodeDeploy | Controller::External => self.task_sets.len() > 1,
            Controller::Ecs | Controller::Unknown(_) => {
                self.primary()
                    .is_some_and(|primary| match primary.rollout_state {
                        Some(RolloutState::InProgress | RolloutState::Unknown(_)) => true,
                        Some(RolloutState::Completed | RolloutState::Failed) => false,
                        None => self.has_active_deployment(),
                    })
            }
        }
    }
}
