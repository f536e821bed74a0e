//! Identifiers as newtypes, so that a cluster can never be passed where a service is meant.
//!
//! The formats are those of the Service Authorization Reference for Amazon ECS. An identifier that
//! does not follow them is kept as it came: cutover shows it, and only the parts that cannot be
//! read are missing.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One colon-separated part of an ARN; `None` when the text is not an ARN or the part is empty.
fn part(arn: &str, index: usize) -> Option<&str> {
    if !arn.starts_with("arn:") {
        return None;
    }
    arn.splitn(6, ':')
        .nth(index)
        .filter(|part| !part.is_empty())
}

/// What follows the last slash, or the whole text where there is none.
fn last_segment(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the identifier as AWS sent it; nothing is validated.
            pub fn new(value: impl Into<String>) -> Self {
                Self(value.into())
            }

            /// The whole identifier.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The Region named in the ARN, if this is one.
            pub fn region(&self) -> Option<&str> {
                part(&self.0, 3)
            }

            /// The 12-digit account id named in the ARN, if this is one.
            pub fn account(&self) -> Option<&str> {
                part(&self.0, 4)
            }

            /// The short name: what follows the last slash.
            pub fn name(&self) -> &str {
                last_segment(&self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

identifier!(
    /// A cluster: `arn:aws:ecs:REGION:ACCOUNT:cluster/NAME`.
    ClusterArn
);
identifier!(
    /// A service: `arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/NAME`, or without the cluster in the
    /// old format.
    ServiceArn
);
identifier!(
    /// A task: `arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/ID`.
    TaskArn
);
identifier!(
    /// A task-definition revision: `arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION`.
    TaskDefinitionArn
);
identifier!(
    /// A service deployment:
    /// `arn:aws:ecs:REGION:ACCOUNT:service-deployment/CLUSTER/SERVICE/ID`.
    ServiceDeploymentArn
);
identifier!(
    /// A service revision: `arn:aws:ecs:REGION:ACCOUNT:service-revision/CLUSTER/SERVICE/ID`. Not to
    /// be mixed up with a revision of a task definition.
    ServiceRevisionArn
);
identifier!(
    /// An entry of a service's `deployments[]`: `ecs-svc/NUMBER`. It is also the `startedBy` of the
    /// tasks that the deployment started.
    DeploymentId
);

identifier!(
    /// A target group:
    /// `arn:aws:elasticloadbalancing:REGION:ACCOUNT:targetgroup/NAME/ID`.
    TargetGroupArn
);

impl TargetGroupArn {
    /// The name that somebody gave it; its ARN ends in an id.
    pub fn group_name(&self) -> &str {
        let mut parts = self.0.rsplit('/');
        match (parts.next(), parts.next()) {
            (Some(_), Some(name)) => name,
            _ => &self.0,
        }
    }
}

impl ServiceArn {
    /// The name of the cluster, which only the long ARN format carries.
    pub fn cluster_name(&self) -> Option<&str> {
        let resource = part(&self.0, 5)?;
        let mut segments = resource.split('/');
        match (segments.next(), segments.next(), segments.next()) {
            (Some("service"), Some(cluster), Some(_)) => Some(cluster),
            _ => None,
        }
    }
}

impl TaskArn {
    /// The first eight characters of the task id: enough to tell tasks apart on screen.
    pub fn short(&self) -> &str {
        let name = self.name();
        name.get(..8).unwrap_or(name)
    }
}

impl TaskDefinitionArn {
    /// `family:revision`, as people write it. The name itself when it is not an ARN.
    pub fn family_revision(&self) -> &str {
        self.name()
    }

    /// The family, without the revision.
    pub fn family(&self) -> &str {
        let name = self.name();
        name.rsplit_once(':').map_or(name, |(family, _)| family)
    }

    /// The revision's number, if it has one.
    pub fn revision(&self) -> Option<u32> {
        self.name().rsplit_once(':')?.1.parse().ok()
    }
}

impl TargetGroupArn {
    /// The name, if this is an ARN of a target group.
    pub fn target_group_name(&self) -> Option<&str> {
        let (_, resource) = self.0.split_once(":targetgroup/")?;
        let name = resource.split('/').next()?;
        (!name.is_empty()).then_some(name)
    }
}

impl ServiceDeploymentArn {
    /// The ARN of the service that the deployment belongs to.
    pub fn service(&self) -> Option<ServiceArn> {
        let (head, resource) = self.0.split_once(":service-deployment/")?;
        let (service, _id) = resource.rsplit_once('/')?;
        Some(ServiceArn::new(format!("{head}:service/{service}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_tells_its_region_account_and_name() {
        let arn = ServiceArn::new("arn:aws:ecs:eu-west-1:123456789012:service/prod/checkout");
        assert_eq!(arn.region(), Some("eu-west-1"));
        assert_eq!(arn.account(), Some("123456789012"));
        assert_eq!(arn.name(), "checkout");
        assert_eq!(arn.cluster_name(), Some("prod"));
    }

    #[test]
    fn the_short_service_arn_names_no_cluster() {
        let arn = ServiceArn::new("arn:aws:ecs:eu-west-1:123456789012:service/checkout");
        assert_eq!(arn.name(), "checkout");
        assert_eq!(arn.cluster_name(), None);
    }

    #[test]
    fn a_task_definition_splits_into_family_and_revision() {
        let arn = TaskDefinitionArn::new("arn:aws:ecs:eu-west-1:1:task-definition/web-api:42");
        assert_eq!(arn.family_revision(), "web-api:42");
        assert_eq!(arn.family(), "web-api");
        assert_eq!(arn.revision(), Some(42));
    }

    #[test]
    fn text_that_is_no_arn_is_kept_and_yields_no_parts() {
        let arn = TaskDefinitionArn::new("odd");
        assert_eq!(
            (arn.region(), arn.account(), arn.revision()),
            (None, None, None)
        );
        assert_eq!(arn.family(), "odd");
    }

    #[test]
    fn a_target_group_has_its_name_before_its_id() {
        let head = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup";
        let arn = TargetGroupArn::new(format!("{head}/web-blue/0123456789abcdef"));
        assert_eq!(arn.target_group_name(), Some("web-blue"));
        assert_eq!(TargetGroupArn::new("odd").target_group_name(), None);
    }

    #[test]
    fn a_service_deployment_names_its_service() {
        let arn = ServiceDeploymentArn::new(
            "arn:aws:ecs:eu-west-1:123456789012:service-deployment/prod/checkout/abc",
        );
        assert_eq!(
            arn.service(),
            Some(ServiceArn::new(
                "arn:aws:ecs:eu-west-1:123456789012:service/prod/checkout"
            ))
        );
    }

    #[test]
    fn a_short_task_id_never_cuts_a_character() {
        assert_eq!(TaskArn::new("task/ééééé").short(), "éééé");
        assert_eq!(TaskArn::new("task/日本語日本語").name(), "日本語日本語");
    }
}
