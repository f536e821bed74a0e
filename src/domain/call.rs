//! The exact call that an action sends.

use super::arn::{ClusterArn, ServiceArn, ServiceDeploymentArn, TaskArn, TaskDefinitionArn};

/// A call that changes something. Only what changes is in it: an unchanged task definition in an
/// `UpdateService` would ask for `iam:PassRole`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// `UpdateService` with `forceNewDeployment` and nothing else.
    ForceNewDeployment {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
    },
    /// `UpdateService` with a task definition and nothing else.
    UpdateTaskDefinition {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
        /// The revision to run.
        task_definition: TaskDefinitionArn,
    },
    /// `RegisterTaskDefinition` with a copy of an inactive revision, then `UpdateService` to the new
    /// revision and nothing else.
    RegisterCopyAndUpdate {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
        /// The inactive revision that is copied.
        source: TaskDefinitionArn,
    },
    /// `UpdateService` with a desired count and nothing else.
    UpdateDesiredCount {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
        /// Tasks wanted, 0 or more.
        desired: u32,
    },
    /// `StopServiceDeployment` with stop type ROLLBACK.
    StopServiceDeployment {
        /// The service deployment in flight.
        deployment: ServiceDeploymentArn,
    },
    /// `StopTask`.
    StopTask {
        /// The cluster.
        cluster: ClusterArn,
        /// The task.
        task: TaskArn,
        /// The reason that `DescribeTasks` will show, at most 255 characters.
        reason: String,
    },
}

impl Call {
    /// The IAM actions that the call needs, in the order of sending.
    pub fn operations(&self) -> &'static [&'static str] {
        match self {
            Self::ForceNewDeployment { .. }
            | Self::UpdateTaskDefinition { .. }
            | Self::UpdateDesiredCount { .. } => &["ecs:UpdateService"],
            Self::RegisterCopyAndUpdate { .. } => &[
                "ecs:DescribeTaskDefinition",
                "ecs:RegisterTaskDefinition",
                "ecs:UpdateService",
            ],
            Self::StopServiceDeployment { .. } => &["ecs:StopServiceDeployment"],
            Self::StopTask { .. } => &["ecs:StopTask"],
        }
    }

    /// The call as a person would type it for the AWS CLI, on one line.
    pub fn as_command(&self) -> String {
        match self {
            Self::ForceNewDeployment { cluster, service } => format!(
                "aws ecs update-service --cluster {} --service {} --force-new-deployment",
                cluster.name(),
                service.name()
            ),
            Self::UpdateTaskDefinition {
                cluster,
                service,
                task_definition,
            } => format!(
                "aws ecs update-service --cluster {} --service {} --task-definition {}",
                cluster.name(),
                service.name(),
                task_definition.family_revision()
            ),
            Self::RegisterCopyAndUpdate {
                cluster,
                service,
                source,
            } => format!(
                "aws ecs register-task-definition (a copy of {}), then aws ecs update-service \
                 --cluster {} --service {} --task-definition (the copy)",
                source.family_revision(),
                cluster.name(),
                service.name()
            ),
            Self::UpdateDesiredCount {
                cluster,
                service,
                desired,
            } => format!(
                "aws ecs update-service --cluster {} --service {} --desired-count {desired}",
                cluster.name(),
                service.name()
            ),
            Self::StopServiceDeployment { deployment } => format!(
                "aws ecs stop-service-deployment --service-deployment-arn {deployment} \
                 --stop-type ROLLBACK"
            ),
            Self::StopTask {
                cluster,
                task,
                reason,
            } => format!(
                "aws ecs stop-task --cluster {} --task {} --reason {reason:?}",
                cluster.name(),
                task.name()
            ),
        }
    }
}
