//! Service deployments: ECS's own record of a release, kept for 90 days.

use jiff::Timestamp;

use super::arn::{
    ClusterArn, ServiceArn, ServiceDeploymentArn, ServiceRevisionArn, TargetGroupArn,
    TaskDefinitionArn,
};
use super::lifecycle::{AlarmsReading, LifecycleHook, ShiftSettings};
use super::service::Strategy;
use super::traffic::RouteArn;

/// `status` of a service deployment (ECS API reference, `ServiceDeploymentStatus`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServiceDeploymentStatus {
    /// Not begun.
    Pending,
    /// Under way.
    InProgress,
    /// Somebody asked for it to stop.
    StopRequested,
    /// Stopped by somebody, or superseded by a newer one.
    Stopped,
    /// The new service revision runs.
    Successful,
    /// Somebody, the breaker or an alarm asked for a rollback.
    RollbackRequested,
    /// Going back.
    RollbackInProgress,
    /// The old service revision runs again: the release did *not* succeed.
    RollbackSuccessful,
    /// Going back failed as well.
    RollbackFailed,
    /// A status that this version does not know, by its name.
    Unknown(String),
}

impl ServiceDeploymentStatus {
    /// The status as AWS writes it.
    pub fn name(&self) -> &str {
        match self {
            Self::Pending => "PENDING",
            Self::InProgress => "IN_PROGRESS",
            Self::StopRequested => "STOP_REQUESTED",
            Self::Stopped => "STOPPED",
            Self::Successful => "SUCCESSFUL",
            Self::RollbackRequested => "ROLLBACK_REQUESTED",
            Self::RollbackInProgress => "ROLLBACK_IN_PROGRESS",
            Self::RollbackSuccessful => "ROLLBACK_SUCCESSFUL",
            Self::RollbackFailed => "ROLLBACK_FAILED",
            Self::Unknown(name) => name,
        }
    }

    /// Whether the deployment is over. An unknown status counts as not over, so that it stays
    /// watched.
    pub fn is_over(&self) -> bool {
        matches!(
            self,
            Self::Stopped | Self::Successful | Self::RollbackSuccessful | Self::RollbackFailed
        )
    }
}

/// Tasks of one service revision within a service deployment.
#[derive(Clone, Debug, PartialEq)]
pub struct RevisionSummary {
    /// The service revision.
    pub arn: ServiceRevisionArn,
    /// The task definition of that revision, once it has been looked up.
    pub task_definition: Option<TaskDefinitionArn>,
    /// Images of that revision by container name, once looked up.
    pub images: Vec<String>,
    /// Tasks wanted, where told.
    pub requested: Option<u32>,
    /// Tasks running, where told.
    pub running: Option<u32>,
    /// Tasks pending, where told.
    pub pending: Option<u32>,
    /// Share of production traffic asked for, in percent, where told.
    pub production_percent: Option<f64>,
    /// Share of test traffic asked for, in percent, where told.
    pub test_percent: Option<f64>,
    /// The target group of that revision, once looked up.
    pub target_group: Option<TargetGroupArn>,
    /// The listener rule, or the listener, of its production traffic, once looked up.
    pub production_route: Option<RouteArn>,
    /// The same of its test traffic.
    pub test_route: Option<RouteArn>,
}

/// The circuit breaker's count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakerReading {
    /// `MONITORING`, `MONITORING_COMPLETE`, `TRIGGERED`, `DISABLED`, as it came.
    pub status: String,
    /// Failed tasks so far.
    pub failures: u32,
    /// The number of failures that trips it.
    pub threshold: u32,
}

/// ECS's own record of one release.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceDeployment {
    /// The record's ARN.
    pub arn: ServiceDeploymentArn,
    /// The service.
    pub service: ServiceArn,
    /// The cluster.
    pub cluster: ClusterArn,
    /// How far it is.
    pub status: ServiceDeploymentStatus,
    /// ECS's words for the status.
    pub status_reason: Option<String>,
    /// The lifecycle stage as it came; rolling deployments have none.
    pub lifecycle_stage: Option<String>,
    /// The strategy, where told.
    pub strategy: Option<Strategy>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it began to start tasks.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// When a stop was asked for.
    pub stopped_at: Option<Timestamp>,
    /// Where it goes to.
    pub target: Option<RevisionSummary>,
    /// Where it comes from; more than one when an earlier deployment had not ended.
    pub sources: Vec<RevisionSummary>,
    /// The breaker's count, where told.
    pub breaker: Option<BreakerReading>,
    /// Why it was rolled back, in ECS's words.
    pub rollback_reason: Option<String>,
    /// When the rollback began.
    pub rollback_started_at: Option<Timestamp>,
    /// The service revision that the rollback returns to.
    pub rollback_to: Option<ServiceRevisionArn>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
    /// The hooks of the present stage.
    pub hooks: Vec<LifecycleHook>,
    /// What it was told to do, where told.
    pub settings: Option<ShiftSettings>,
    /// The alarms that it watches, where told.
    pub alarms: Option<AlarmsReading>,
}
