//! Whose log lines are read.

use crate::domain::arn::{ClusterArn, ServiceArn, TaskArn};

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
    /// One task.
    Task {
        /// The cluster.
        cluster: ClusterArn,
        /// The task.
        task: TaskArn,
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
    pub fn name(&self) -> &str {
        match self {
            Self::Service { service, .. } => service.name(),
            Self::Task { task, .. } => task.short(),
            Self::Stream { of, .. } => of,
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
        assert_eq!((found.name(), &found), ("Build", &expected));
        assert_eq!(
            LogSource::of_stream("Build", "arn:aws:logs:eu-west-1:1"),
            None
        );
    }
}
