//! A cluster and the counts that tell whether anything moves in it.

use super::arn::ClusterArn;

/// A cluster as `DescribeClusters` tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The cluster's ARN.
    pub arn: ClusterArn,
    /// `ACTIVE`, `PROVISIONING`, `INACTIVE` and so on, as it came.
    pub status: String,
    /// Services in status ACTIVE.
    pub active_services: u32,
    /// Tasks in status RUNNING.
    pub running_tasks: u32,
    /// Tasks in status PENDING.
    pub pending_tasks: u32,
    /// Registered container instances; 0 on Fargate.
    pub container_instances: u32,
}
