//! Tasks and their containers.

use jiff::Timestamp;

use super::arn::{ClusterArn, TaskArn, TaskDefinitionArn};

/// A container of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// The container's name.
    pub name: String,
    /// The image.
    pub image: Option<String>,
    /// PENDING, RUNNING, STOPPED, as it came.
    pub status: String,
    /// The exit code, once it ended by itself.
    pub exit_code: Option<i32>,
    /// Why it ended, such as `OutOfMemoryError: Container killed due to memory usage`.
    pub reason: Option<String>,
    /// HEALTHY, UNHEALTHY or UNKNOWN, as it came.
    pub health: Option<String>,
}

/// A task.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The task's ARN.
    pub arn: TaskArn,
    /// The cluster it runs in.
    pub cluster: ClusterArn,
    /// `service:NAME` for a service's task, as it came.
    pub group: Option<String>,
    /// The task definition that it runs.
    pub task_definition: TaskDefinitionArn,
    /// PROVISIONING … STOPPED, as it came.
    pub last_status: String,
    /// RUNNING or STOPPED, as it came.
    pub desired_status: String,
    /// HEALTHY, UNHEALTHY or UNKNOWN, as it came.
    pub health: Option<String>,
    /// `ecs-svc/NUMBER`: the deployment that started it.
    pub started_by: Option<String>,
    /// The containers.
    pub containers: Vec<Container>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it reached RUNNING.
    pub started_at: Option<Timestamp>,
    /// When it was told to stop.
    pub stopping_at: Option<Timestamp>,
    /// When it reached STOPPED.
    pub stopped_at: Option<Timestamp>,
    /// Why it stopped, in ECS's words.
    pub stopped_reason: Option<String>,
    /// The kind of stop, such as `EssentialContainerExited`, as it came.
    pub stop_code: Option<String>,
    /// FARGATE, EC2 or EXTERNAL, where it says so.
    pub launch_type: Option<String>,
    /// The Availability Zone, where it says so.
    pub availability_zone: Option<String>,
    /// CPU units.
    pub cpu: Option<String>,
    /// Memory in MiB.
    pub memory: Option<String>,
}

impl Task {
    /// Whether it has come to its end.
    pub fn is_stopped(&self) -> bool {
        self.last_status == "STOPPED"
    }

    /// Whether it has stopped or is being stopped: what ended it is known from then on.
    pub fn is_ending(&self) -> bool {
        self.is_stopped() || !self.is_wanted()
    }

    /// Whether it is on its way up or running, and meant to.
    pub fn is_wanted(&self) -> bool {
        self.desired_status != "STOPPED"
    }

    /// Whether somebody or ECS's scheduler wanted it to stop, so that its end is no failure.
    pub fn stopped_on_purpose(&self) -> bool {
        matches!(
            self.stop_code.as_deref(),
            Some(
                "ServiceSchedulerInitiated"
                    | "UserInitiated"
                    | "SpotInterruption"
                    | "TerminationNotice"
            )
        ) && !self
            .stopped_reason
            .as_deref()
            .is_some_and(|reason| reason.contains("failed"))
    }
}
