//! Task definitions, as far as a release is judged by them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::arn::TaskDefinitionArn;

/// Where a container's lines go, read from its `awslogs` options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogDestination {
    /// `CloudWatch` Logs; the stream is `prefix/container/task id`.
    CloudWatch {
        /// The log group.
        group: String,
        /// The Region of the group, where it is named.
        region: Option<String>,
        /// The stream's prefix.
        prefix: String,
        /// Whether the container is told to drop lines rather than to wait when `CloudWatch` takes
        /// them too slowly: `mode` is `non-blocking`. An account can have that as its default, which
        /// a task definition does not tell.
        may_drop: bool,
    },
    /// The `awslogs` driver without `awslogs-stream-prefix`: the stream cannot be told.
    NoPrefix {
        /// The log group.
        group: String,
    },
    /// Another log driver, by its name.
    OtherDriver(String),
    /// The container has no log configuration.
    None,
}

/// A container of a task definition.
#[derive(Clone, Debug, PartialEq)]
pub struct ContainerDefinition {
    /// The container's name.
    pub name: String,
    /// The image.
    pub image: String,
    /// Whether the task stops when this container stops.
    pub essential: bool,
    /// CPU units.
    pub cpu: i32,
    /// The hard memory limit in MiB.
    pub memory: Option<i32>,
    /// The soft memory limit in MiB.
    pub memory_reservation: Option<i32>,
    /// Environment variables. Values can be secret by mistake: they are shown on request only.
    pub environment: BTreeMap<String, String>,
    /// Names of secrets and where they come from.
    pub secrets: BTreeMap<String, String>,
    /// Ports of the container.
    pub ports: Vec<u16>,
    /// The command, where it is set.
    pub command: Vec<String>,
    /// Whether it has a health check of its own.
    pub health_check: bool,
    /// Where its lines go.
    pub logs: LogDestination,
}

/// A revision of a task definition.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskDefinition {
    /// The revision's ARN.
    pub arn: TaskDefinitionArn,
    /// ACTIVE, INACTIVE or `DELETE_IN_PROGRESS`, as it came.
    pub status: String,
    /// CPU units of the task.
    pub cpu: Option<String>,
    /// Memory of the task in MiB.
    pub memory: Option<String>,
    /// Network mode.
    pub network_mode: Option<String>,
    /// The role that the containers have.
    pub task_role: Option<String>,
    /// The role that ECS pulls images and secrets with.
    pub execution_role: Option<String>,
    /// The containers, in the task definition's order.
    pub containers: Vec<ContainerDefinition>,
    /// When it was registered.
    pub registered_at: Option<Timestamp>,
    /// Who registered it.
    pub registered_by: Option<String>,
    /// When it was deregistered.
    pub deregistered_at: Option<Timestamp>,
}

impl TaskDefinition {
    /// Whether a service can be moved to it.
    pub fn is_active(&self) -> bool {
        self.status == "ACTIVE"
    }

    /// The images, in the containers' order.
    pub fn images(&self) -> Vec<String> {
        self.containers
            .iter()
            .map(|container| container.image.clone())
            .collect()
    }
}
