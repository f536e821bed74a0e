//! Amazon Resource Names of the simulated resources, and the short forms that ECS also takes.

/// The account and region that an ARN of ECS names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Twelve digits.
    pub account: String,
    /// Such as `ap-northeast-1`.
    pub region: String,
}

impl Place {
    /// The place of `account` and `region`.
    pub fn new(account: &str, region: &str) -> Self {
        Self {
            account: account.to_owned(),
            region: region.to_owned(),
        }
    }

    /// The ARN of an ECS resource here, such as `cluster/prod-core`.
    pub fn ecs(&self, resource: &str) -> String {
        format!("arn:aws:ecs:{}:{}:{resource}", self.region, self.account)
    }

    /// The ARN of a resource of Elastic Load Balancing here, such as `targetgroup/web/…`.
    pub fn elb(&self, resource: &str) -> String {
        let (region, account) = (&self.region, &self.account);
        format!("arn:aws:elasticloadbalancing:{region}:{account}:{resource}")
    }

    /// The ARN of a cluster.
    pub fn cluster(&self, name: &str) -> String {
        self.ecs(&format!("cluster/{name}"))
    }

    /// The ARN of a service, in the long form that names its cluster.
    pub fn service(&self, cluster: &str, name: &str) -> String {
        self.ecs(&format!("service/{cluster}/{name}"))
    }

    /// The ARN of a task.
    pub fn task(&self, cluster: &str, id: &str) -> String {
        self.ecs(&format!("task/{cluster}/{id}"))
    }

    /// The ARN of a revision of a task definition.
    pub fn task_definition(&self, family: &str, revision: u32) -> String {
        self.ecs(&format!("task-definition/{family}:{revision}"))
    }

    /// The resource part of `arn` (such as `service/prod-core/web`) when it is an ECS ARN of this
    /// place.
    pub fn resource<'a>(&self, arn: &'a str) -> Option<&'a str> {
        let rest = arn.strip_prefix("arn:aws:ecs:")?;
        rest.strip_prefix(self.region.as_str())?
            .strip_prefix(':')?
            .strip_prefix(self.account.as_str())?
            .strip_prefix(':')
    }
}

/// Whether the text is an ARN at all, of whatever service.
pub fn is_arn(text: &str) -> bool {
    text.starts_with("arn:")
}

/// The last part of a path-like name or ARN: the name of a cluster or service, the id of a task.
pub fn last_part(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_have_the_forms_of_ecs() {
        let place = Place::new("123456789012", "eu-west-1");
        assert_eq!(
            place.cluster("c"),
            "arn:aws:ecs:eu-west-1:123456789012:cluster/c"
        );
        assert_eq!(
            place.service("c", "s"),
            "arn:aws:ecs:eu-west-1:123456789012:service/c/s"
        );
        assert_eq!(
            place.task_definition("web", 3),
            "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:3"
        );
    }

    #[test]
    fn a_resource_of_another_place_is_not_ours() {
        let place = Place::new("123456789012", "eu-west-1");
        assert_eq!(place.resource(&place.cluster("c")), Some("cluster/c"));
        assert_eq!(
            Place::new("123456789012", "eu-west-2").resource(&place.cluster("c")),
            None
        );
        assert_eq!(place.resource("arn:aws:s3:::bucket"), None);
        assert_eq!(last_part("arn:aws:ecs:r:1:task/c/abc"), "abc");
    }
}
