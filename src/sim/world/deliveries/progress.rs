//! How a release that a deploy action has started stands.

use super::{DeployProgress, Deploying};
use crate::sim::world::Region;
use crate::sim::world::codedeploy::deployment::Status;
use crate::sim::world::deployment::ReleaseStatus;

impl Region {
    /// How the release stands, as far as the action notices.
    pub(super) fn deploy_progress(&self, deploying: &Deploying) -> DeployProgress {
        match deploying {
            Deploying::Ecs {
                cluster,
                service,
                service_deployment,
                ..
            } => self.ecs_progress(cluster, service, service_deployment.as_deref()),
            Deploying::CodeDeploy { deployment_id, .. } => self.codedeploy_progress(deployment_id),
        }
    }

    /// The ECS action waits for its own task definition to become steady, and sees nothing else:
    /// it says `InProgress` until it times out when ECS has rolled back, has given up, or was told
    /// to deploy something newer. For the circuit breaker that is what containers-roadmap issue
    /// 1399 describes.
    fn ecs_progress(&self, cluster: &str, service: &str, arn: Option<&str>) -> DeployProgress {
        let under_way = DeployProgress::InProgress { summary: None };
        let found = self
            .ecs
            .cluster(Some(cluster))
            .and_then(|cluster| self.ecs.service_in(cluster, service));
        let Some(found) = found else {
            return DeployProgress::Failed {
                code: super::CONFIGURATION_ERROR.to_owned(),
                message: format!("The AWS ECS service {service} does not exist"),
            };
        };
        let release = found
            .releases
            .iter()
            .rev()
            .find(|release| Some(release.arn.as_str()) == arn);
        match release.map(|release| release.status) {
            Some(ReleaseStatus::Successful) => DeployProgress::Succeeded { summary: None },
            _ => under_way,
        }
    }

    fn codedeploy_progress(&self, id: &str) -> DeployProgress {
        let Some((_, deployment)) = self.codedeploy.deployment(id) else {
            return DeployProgress::InProgress { summary: None };
        };
        let failed = |message: String| DeployProgress::Failed {
            code: "JobFailed".to_owned(),
            message,
        };
        match deployment.status {
            Status::Succeeded => DeployProgress::Succeeded {
                summary: Some("Deployment Succeeded".to_owned()),
            },
            Status::Failed => failed(format!("Deployment {id} failed")),
            Status::Stopped => failed(format!("Deployment {id} was stopped")),
            _ => DeployProgress::InProgress { summary: None },
        }
    }
}
