//! Whose log lines are read.

use std::borrow::Cow;

use crate::domain::arn::{ClusterArn, ServiceArn, TaskArn, TaskDefinitionArn};
use crate::domain::release::ReleaseId;

/// Whose lines are shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogSource {
    /// All tasks of a service.
    Service {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
    },
    /// Both sides of one release of a service: the tasks that it brings, and those that ran when it
    /// began.
    Release {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
        /// The release.
        release: ReleaseId,
    },
    /// The tasks of a service that run one revision of its task definition.
    Revision {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
        /// The revision.
        definition: TaskDefinitionArn,
    },
    /// One task.
    Task {
        /// The cluster.
        cluster: ClusterArn,
        /// The task.
        task: TaskArn,
    },
    /// One container of a task.
    Container {
        /// The cluster.
        cluster: ClusterArn,
        /// The task.
        task: TaskArn,
        /// The container's name.
        container: String,
    },
    /// One stream as something names it, such as the one that a build writes to.
    Stream {
        /// What writes to it.
        of: String,
        /// The log group.
        group: String,
        /// The stream.
        stream: String,
        /// The Region.
        region: Option<String>,
    },
}

impl LogSource {
    /// The name for a title.
    pub fn name(&self) -> Cow<'_, str> {
        match self {
            Self::Service { service, .. } => service.name().into(),
            Self::Release {
                service, release, ..
            } => format!("{}, release {}", service.name(), release.short()).into(),
            Self::Revision { definition, .. } => definition.family_revision().into(),
            Self::Task { task, .. } => task.short().into(),
            Self::Container {
                task, container, ..
            } => format!("{container} in {}", task.short()).into(),
            Self::Stream { of, .. } => of.into(),
        }
    }

    /// The cluster that the tasks run in; `None` for a stream that no task writes.
    pub fn cluster(&self) -> Option<&ClusterArn> {
        match self {
            Self::Service { cluster, .. }
            | Self::Release { cluster, .. }
            | Self::Revision { cluster, .. }
            | Self::Task { cluster, .. }
            | Self::Container { cluster, .. } => Some(cluster),
            Self::Stream { .. } => None,
        }
    }

    /// The service whose tasks they are, where the source names one.
    pub fn service(&self) -> Option<&ServiceArn> {
        match self {
            Self::Service { service, .. }
            | Self::Release { service, .. }
            | Self::Revision { service, .. } => Some(service),
            Self::Task { .. } | Self::Container { .. } | Self::Stream { .. } => None,
        }
    }

    /// The one task, where the source is about one.
    pub fn task(&self) -> Option<&TaskArn> {
        match self {
            Self::Task { task, .. } | Self::Container { task, .. } => Some(task),
            Self::Service { .. }
            | Self::Release { .. }
            | Self::Revision { .. }
            | Self::Stream { .. } => None,
        }
    }

    /// Whether lines of a container belong to it, as far as the container alone can tell.
    pub fn has_container(&self, name: &str) -> bool {
        match self {
            Self::Container { container, .. } => container == name,
            _ => true,
        }
    }

    /// The stream that an ARN names; `None` for an ARN that names none. `of` is what writes to it.
    pub fn of_stream(of: impl Into<String>, arn: &str) -> Option<Self> {
        let (place, rest) = arn.split_once(":log-group:")?;
        let (group, stream) = rest.split_once(":log-stream:")?;
        let region = place.split(':').nth(3).filter(|region| !region.is_empty());
        Some(Self::Stream {
            of: of.into(),
            group: group.to_owned(),
            stream: stream.to_owned(),
            region: region.map(str::to_owned),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::{cluster, service_arn, task_arn, web};

    #[test]
    fn the_stream_of_a_build_is_named_by_its_arn() {
        let arn = "arn:aws:logs:eu-west-1:1:log-group:/aws/codebuild/shop:log-stream:5b3c/1";
        let found = LogSource::of_stream("Build", arn).unwrap();
        let expected = LogSource::Stream {
            of: "Build".into(),
            group: "/aws/codebuild/shop".into(),
            stream: "5b3c/1".into(),
            region: Some("eu-west-1".into()),
        };
        assert_eq!((&*found.name(), &found), ("Build", &expected));
        assert_eq!(
            LogSource::of_stream("Build", "arn:aws:logs:eu-west-1:1"),
            None
        );
    }

    #[test]
    fn a_source_is_named_by_what_tells_it_from_the_others() {
        let (cluster, service) = (cluster("prod"), service_arn("web"));
        let release = LogSource::Release {
            cluster: cluster.clone(),
            service: service.clone(),
            release: ReleaseId("arn:aws:ecs:r:1:service-deployment/prod/web/8hGqT1xyzab".into()),
        };
        assert_eq!(release.name(), "web, release 8hGqT1xy");
        assert_eq!(release.service(), Some(&service));
        let revision = LogSource::Revision {
            cluster: cluster.clone(),
            service,
            definition: web(9),
        };
        assert_eq!(revision.name(), "web:9");
        let container = LogSource::Container {
            cluster,
            task: task_arn("0123456789abcdef"),
            container: "app".into(),
        };
        assert_eq!(container.name(), "app in 01234567");
        assert_eq!(container.task(), Some(&task_arn("0123456789abcdef")));
        assert!(container.has_container("app") && !container.has_container("proxy"));
        assert!(revision.has_container("proxy"));
    }
}
