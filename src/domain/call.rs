//! The exact call that an action sends.

mod pipeline;

pub use pipeline::{ConditionKind, PipelineCall, retry_mode};

use super::arn::{ClusterArn, ServiceArn, ServiceDeploymentArn, TaskArn, TaskDefinitionArn};
use super::codedeploy::GroupId;

/// How a pause hook is answered.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum HookAnswer {
    /// The release moves on.
    Continue,
    /// The release rolls back.
    RollBack,
}

impl HookAnswer {
    /// The word that the call takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Continue => "CONTINUE",
            Self::RollBack => "ROLLBACK",
        }
    }
}

/// A wait of CodeDeploy that somebody can end.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum DeploymentWait {
    /// Before production traffic moves.
    Ready,
    /// Before the original task set is terminated.
    Termination,
}

impl DeploymentWait {
    /// The word that the call takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ready => "READY_WAIT",
            Self::Termination => "TERMINATION_WAIT",
        }
    }
}

/// What a CodeDeploy deployment is told to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeploymentOrder {
    /// The application and the deployment group.
    pub group: GroupId,
    /// The revision to run.
    pub task_definition: TaskDefinitionArn,
    /// The container that gets the traffic, by its name.
    pub container: String,
    /// Its port.
    pub port: u32,
    /// Whether `task_definition` is INACTIVE: then a copy of it is registered first, and runs.
    pub copy: bool,
}

/// A call that changes something. Only what changes is in it: an unchanged task definition in an
/// `UpdateService` would ask for `iam:PassRole`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// `UpdateService` with `forceNewDeployment` and nothing else.
    ForceNewDeployment {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
    },
    /// `UpdateService` with a task definition and nothing else.
    UpdateTaskDefinition {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
        /// The revision to run.
        task_definition: TaskDefinitionArn,
    },
    /// `RegisterTaskDefinition` with a copy of an inactive revision, then `UpdateService` to the new
    /// revision and nothing else.
    RegisterCopyAndUpdate {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
        /// The inactive revision that is copied.
        source: TaskDefinitionArn,
    },
    /// `UpdateService` with a desired count and nothing else.
    UpdateDesiredCount {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
        /// Tasks wanted, 0 or more.
        desired: u32,
    },
    /// `StopServiceDeployment` with stop type ROLLBACK.
    StopServiceDeployment {
        /// The service deployment in flight.
        deployment: ServiceDeploymentArn,
    },
    /// `ContinueServiceDeployment`, always with an action: without one ECS continues.
    ContinueServiceDeployment {
        /// The service deployment in flight.
        deployment: ServiceDeploymentArn,
        /// The hook that waits, by its id.
        hook: String,
        /// The answer.
        answer: HookAnswer,
    },
    /// CodeDeploy's `CreateDeployment`.
    CreateDeployment(DeploymentOrder),
    /// CodeDeploy's `StopDeployment`.
    StopDeployment {
        /// The deployment's id.
        deployment: String,
        /// Whether a deployment is made that goes back.
        roll_back: bool,
    },
    /// CodeDeploy's `ContinueDeployment`.
    ContinueDeployment {
        /// The deployment's id.
        deployment: String,
        /// The wait that ends.
        wait: DeploymentWait,
    },
    /// `UpdateServicePrimaryTaskSet`.
    UpdatePrimaryTaskSet {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
        /// The task set's id.
        task_set: String,
    },
    /// `StopTask`.
    StopTask {
        /// The cluster.
        cluster: ClusterArn,
        /// The task.
        task: TaskArn,
        /// The reason that `DescribeTasks` will show, at most 255 characters.
        reason: String,
    },
    /// A call to CodePipeline.
    Pipeline(PipelineCall),
}

impl Call {
    /// The IAM actions that the call needs, in the order of sending.
    pub fn operations(&self) -> &'static [&'static str] {
        match self {
            Self::ForceNewDeployment { .. }
            | Self::UpdateTaskDefinition { .. }
            | Self::UpdateDesiredCount { .. } => &["ecs:UpdateService"],
            Self::RegisterCopyAndUpdate { .. } => &[
                "ecs:DescribeTaskDefinition",
                "ecs:RegisterTaskDefinition",
                "ecs:UpdateService",
            ],
            Self::StopServiceDeployment { .. } => &["ecs:StopServiceDeployment"],
            Self::ContinueServiceDeployment { .. } => &["ecs:ContinueServiceDeployment"],
            Self::CreateDeployment(order) if order.copy => &[
                "ecs:DescribeTaskDefinition",
                "ecs:RegisterTaskDefinition",
                "codedeploy:CreateDeployment",
            ],
            Self::CreateDeployment(_) => &["codedeploy:CreateDeployment"],
            Self::StopDeployment { .. } => &["codedeploy:StopDeployment"],
            Self::ContinueDeployment { .. } => &["codedeploy:ContinueDeployment"],
            Self::UpdatePrimaryTaskSet { .. } => &["ecs:UpdateServicePrimaryTaskSet"],
            Self::StopTask { .. } => &["ecs:StopTask"],
            Self::Pipeline(call) => call.operations(),
        }
    }

    /// The call as a person would type it for the AWS CLI, on one line.
    pub fn as_command(&self) -> String {
        match self {
            Self::ForceNewDeployment { cluster, service } => format!(
                "aws ecs update-service --cluster {} --service {} --force-new-deployment",
                cluster.name(),
                service.name()
            ),
            Self::UpdateTaskDefinition {
                cluster,
                service,
                task_definition,
            } => format!(
                "aws ecs update-service --cluster {} --service {} --task-definition {}",
                cluster.name(),
                service.name(),
                task_definition.family_revision()
            ),
            Self::RegisterCopyAndUpdate {
                cluster,
                service,
                source,
            } => format!(
                "aws ecs register-task-definition (a copy of {}), then aws ecs update-service \
                 --cluster {} --service {} --task-definition (the copy)",
                source.family_revision(),
                cluster.name(),
                service.name()
            ),
            Self::UpdateDesiredCount {
                cluster,
                service,
                desired,
            } => format!(
                "aws ecs update-service --cluster {} --service {} --desired-count {desired}",
                cluster.name(),
                service.name()
            ),
            Self::StopServiceDeployment { deployment } => format!(
                "aws ecs stop-service-deployment --service-deployment-arn {deployment} \
                 --stop-type ROLLBACK"
            ),
            Self::ContinueServiceDeployment {
                deployment,
                hook,
                answer,
            } => format!(
                "aws ecs continue-service-deployment --service-deployment-arn {deployment} \
                 --hook-id {hook} --action {}",
                answer.name()
            ),
            Self::CreateDeployment(order) => order.as_command(),
            Self::StopDeployment {
                deployment,
                roll_back,
            } => format!(
                "aws deploy stop-deployment --deployment-id {deployment} --{}auto-rollback-enabled",
                if *roll_back { "" } else { "no-" }
            ),
            Self::ContinueDeployment { deployment, wait } => format!(
                "aws deploy continue-deployment --deployment-id {deployment} \
                 --deployment-wait-type {}",
                wait.name()
            ),
            Self::UpdatePrimaryTaskSet {
                cluster,
                service,
                task_set,
            } => format!(
                "aws ecs update-service-primary-task-set --cluster {} --service {} \
                 --primary-task-set {task_set}",
                cluster.name(),
                service.name()
            ),
            Self::StopTask {
                cluster,
                task,
                reason,
            } => format!(
                "aws ecs stop-task --cluster {} --task {} --reason {reason:?}",
                cluster.name(),
                task.name()
            ),
            Self::Pipeline(call) => call.as_command(),
        }
    }
}

impl DeploymentOrder {
    fn as_command(&self) -> String {
        let first = if self.copy {
            format!(
                "aws ecs register-task-definition (a copy of {}), then ",
                self.task_definition.family_revision()
            )
        } else {
            String::new()
        };
        let runs = if self.copy {
            "the copy"
        } else {
            self.task_definition.family_revision()
        };
        format!(
            "{first}aws deploy create-deployment --application-name {} --deployment-group-name {} \
             --revision (AppSpec: {runs}, container {} port {})",
            self.group.application, self.group.group, self.container, self.port
        )
    }
}
