//! Clusters.

use aws_sdk_ecs::types::Cluster as SdkCluster;

use super::{count, text_or_empty};
use crate::domain::arn::ClusterArn;
use crate::domain::cluster::Cluster;

/// Converts a cluster; `None` without an ARN.
pub(in crate::aws) fn cluster(source: &SdkCluster) -> Option<Cluster> {
    Some(Cluster {
        arn: ClusterArn::new(source.cluster_arn()?),
        status: text_or_empty(source.status()),
        active_services: count(source.active_services_count()),
        running_tasks: count(source.running_tasks_count()),
        pending_tasks: count(source.pending_tasks_count()),
        container_instances: count(source.registered_container_instances_count()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_keeps_its_counts_and_needs_an_arn() {
        let builder = SdkCluster::builder()
            .status("ACTIVE")
            .active_services_count(3)
            .running_tasks_count(7)
            .pending_tasks_count(1);
        assert_eq!(cluster(&builder.clone().build()), None);
        let converted = cluster(&builder.cluster_arn("arn:x").build()).unwrap();
        assert_eq!(converted.status, "ACTIVE");
        assert_eq!(
            (
                converted.active_services,
                converted.running_tasks,
                converted.pending_tasks
            ),
            (3, 7, 1)
        );
    }
}
