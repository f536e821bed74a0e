//! Application Auto Scaling: whether a service is scaled, and between which counts.

use aws_sdk_applicationautoscaling::types::{
    ScalableDimension, ScalableTarget as SdkTarget, ServiceNamespace, SuspendedState,
};

use super::Aws;
use super::budget::Group;
use super::call::Operation;
use super::convert::count;
use crate::domain::arn::{ClusterArn, ServiceArn};
use crate::domain::autoscaling::ScalableTarget;
use crate::domain::failure::Failure;

const DESCRIBE: Operation = Operation::new(
    "application-autoscaling:DescribeScalableTargets",
    Group::ScalingReads,
);

impl Aws {
    /// The bounds of a service; `None` where it is not scaled.
    pub async fn scalable_target(
        &self,
        cluster: &ClusterArn,
        service: &ServiceArn,
    ) -> Result<Option<ScalableTarget>, Failure> {
        let resource = format!("service/{}/{}", cluster.name(), service.name());
        let answer = self
            .call_spared(DESCRIBE, "", |clients| {
                let request = clients.scaling.describe_scalable_targets();
                let request = request.service_namespace(ServiceNamespace::Ecs);
                let request = request.scalable_dimension(ScalableDimension::EcsServiceDesiredCount);
                request.resource_ids(resource).send()
            })
            .await?;
        Ok(answer.scalable_targets().first().map(scalable_target))
    }
}

fn scalable_target(source: &SdkTarget) -> ScalableTarget {
    let state = source.suspended_state();
    let is = |flag: fn(&SuspendedState) -> Option<bool>| state.and_then(flag).unwrap_or(false);
    ScalableTarget {
        min: count(source.min_capacity()),
        max: count(source.max_capacity()),
        in_suspended: is(SuspendedState::dynamic_scaling_in_suspended),
        out_suspended: is(SuspendedState::dynamic_scaling_out_suspended),
        scheduled_suspended: is(SuspendedState::scheduled_scaling_suspended),
    }
}
