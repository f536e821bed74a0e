//! Tasks and their containers.

use std::sync::Arc;

use serde_json::Value;

use super::behaviour::ImageRule;
use super::ids::{ClusterNumber, DeploymentNumber, RevisionNumber, ServiceNumber, TaskNumber};
use super::task_definition::TaskDefinition;
use crate::sim::clock::SimTime;

/// Where a task is in its life. The order is the order of life.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaskStatus {
    /// Its network interface is made.
    Provisioning,
    /// Its images are pulled.
    Pending,
    /// It is registered with load balancers and service discovery.
    Activating,
    /// Its containers run.
    Running,
    /// It is deregistered, and its connections drain.
    Deactivating,
    /// Its containers are told to stop.
    Stopping,
    /// Its network interface is taken away.
    Deprovisioning,
    /// It is over.
    Stopped,
}

impl TaskStatus {
    /// The word of ECS.
    pub fn word(self) -> &'static str {
        match self {
            Self::Provisioning => "PROVISIONING",
            Self::Pending => "PENDING",
            Self::Activating => "ACTIVATING",
            Self::Running => "RUNNING",
            Self::Deactivating => "DEACTIVATING",
            Self::Stopping => "STOPPING",
            Self::Deprovisioning => "DEPROVISIONING",
            Self::Stopped => "STOPPED",
        }
    }

    /// Whether ECS counts such a task as pending.
    pub fn is_pending(self) -> bool {
        self < Self::Running
    }
}

/// What the health checks of a container or a task say.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// No check, or none has passed or failed yet.
    #[default]
    Unknown,
    /// The checks pass.
    Healthy,
    /// The checks fail.
    Unhealthy,
}

impl Health {
    /// The word of ECS.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unknown => "UNKNOWN",
            Self::Healthy => "HEALTHY",
            Self::Unhealthy => "UNHEALTHY",
        }
    }
}

/// Where a container is in its life.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum ContainerStatus {
    /// Not started yet.
    #[default]
    Pending,
    /// Started.
    Running,
    /// Over, or never to be started.
    Stopped,
}

impl ContainerStatus {
    /// The word of ECS.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Stopped => "STOPPED",
        }
    }
}

/// A container of a task. The static part is in the task definition, at the same position.
#[derive(Clone, Debug, Default)]
pub struct Container {
    /// The last part of its ARN, a UUID.
    pub id: String,
    /// Where it is in its life.
    pub status: ContainerStatus,
    /// Set when its process has ended.
    pub exit_code: Option<u8>,
    /// Why it stopped, when ECS says so.
    pub reason: Option<String>,
    /// What its health check says.
    pub health: Health,
    /// How its image behaves.
    pub rule: ImageRule,
}

/// Why a task stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The kind.
    pub code: StopCode,
    /// The words for people.
    pub reason: String,
}

/// Kinds of ends, from the service model.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum StopCode {
    /// It never ran.
    TaskFailedToStart,
    /// A container that the task can't do without has exited.
    EssentialContainerExited,
    /// Somebody stopped it.
    UserInitiated,
    /// The service stopped it.
    ServiceSchedulerInitiated,
}

impl StopCode {
    /// The word of ECS.
    pub fn word(self) -> &'static str {
        match self {
            Self::TaskFailedToStart => "TaskFailedToStart",
            Self::EssentialContainerExited => "EssentialContainerExited",
            Self::UserInitiated => "UserInitiated",
            Self::ServiceSchedulerInitiated => "ServiceSchedulerInitiated",
        }
    }
}

/// The moments of a task's life.
#[derive(Copy, Clone, Debug)]
pub struct TaskTimes {
    /// When the scheduler made it.
    pub created: SimTime,
    /// When the first image was asked for.
    pub pull_started: Option<SimTime>,
    /// When the last image had come.
    pub pull_stopped: Option<SimTime>,
    /// When it became RUNNING.
    pub started: Option<SimTime>,
    /// When it was decided that it stops.
    pub stopping: Option<SimTime>,
    /// When its containers had stopped.
    pub execution_stopped: Option<SimTime>,
    /// When it was over.
    pub stopped: Option<SimTime>,
}

impl TaskTimes {
    /// The times of a task that was made at `created`.
    pub fn new(created: SimTime) -> Self {
        Self {
            created,
            pull_started: None,
            pull_stopped: None,
            started: None,
            stopping: None,
            execution_stopped: None,
            stopped: None,
        }
    }
}

/// A task's network interface.
#[derive(Clone, Debug)]
pub struct Interface {
    /// The UUID of the attachment.
    pub attachment: String,
    /// `eni-` and 17 hexadecimal digits.
    pub id: String,
    /// Six octets with colons.
    pub mac: String,
    /// A private IPv4 address.
    pub address: String,
    /// `subnet-` and 17 hexadecimal digits.
    pub subnet: String,
}

/// A task of a service.
#[derive(Clone, Debug)]
pub struct Task {
    /// Counts tasks of the region.
    pub number: TaskNumber,
    /// 32 hexadecimal digits.
    pub id: String,
    /// `…:task/cluster/id`
    pub arn: String,
    /// Its cluster.
    pub cluster: ClusterNumber,
    /// Its service.
    pub service: ServiceNumber,
    /// The deployment that owns it. A rollback takes over the tasks of the deployment that it
    /// goes back to, so this may differ from `started_by`.
    pub deployment: DeploymentNumber,
    /// The service revision that decides what it is.
    pub revision: RevisionNumber,
    /// The id of the deployment that started it, `ecs-svc/…`.
    pub started_by: String,
    /// What it runs.
    pub definition: Arc<TaskDefinition>,
    /// Where it is in its life.
    pub status: TaskStatus,
    /// Whether it is meant to run; false from the moment its end is decided.
    pub wanted: bool,
    /// Whether it has passed every check that the scheduler waits for, and has not failed since.
    pub healthy: bool,
    /// Its containers, in the order of the task definition.
    pub containers: Vec<Container>,
    /// The moments of its life.
    pub times: TaskTimes,
    /// Why it stopped or is stopping.
    pub stop: Option<Stop>,
    /// Its availability zone.
    pub zone: String,
    /// Its network interface, when the network mode is awsvpc.
    pub interface: Option<Interface>,
    /// Counts its changes, as ECS does.
    pub version: u32,
    /// Tags, a list of `{key, value}`.
    pub tags: Vec<Value>,
}

impl Task {
    /// What its container health checks say together, over the essential containers.
    pub fn health(&self) -> Health {
        let mut checks = self
            .definition
            .containers
            .iter()
            .zip(&self.containers)
            .filter(|(spec, _)| spec.essential && spec.health_check.is_some())
            .map(|(_, container)| container.health)
            .peekable();
        if checks.peek().is_none() {
            return Health::Unknown;
        }
        let mut all = Health::Healthy;
        for health in checks {
            match health {
                Health::Unhealthy => return Health::Unhealthy,
                Health::Unknown => all = Health::Unknown,
                Health::Healthy => {}
            }
        }
        all
    }
}
