//! Answers that are more than one domain type.

use crate::domain::codedeploy::CodeDeployment;
use crate::domain::failure::Failure;
use crate::domain::pipeline::PipelineExecution;
use crate::domain::service_deployment::ServiceDeployment;
use crate::domain::traffic::Traffic;

/// What a Describe call found, and what it did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    /// What was found.
    pub items: Vec<T>,
    /// What was asked for and not found: the ARN, and AWS's reason, such as `MISSING`.
    pub missing: Vec<(String, String)>,
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            missing: Vec::new(),
        }
    }
}

/// Which tasks to list: those that are meant to run, or those that are meant to stop.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum DesiredStatus {
    /// Meant to run, whether they do already or not.
    Running,
    /// Stopped or stopping. AWS remembers a stopped task for about an hour.
    Stopped,
}

/// The releases of a service as ECS records them.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ServiceDeployments {
    /// The records, newest first.
    pub records: Vec<ServiceDeployment>,
    /// Why some records hold only what the list tells: the identity may list them and not describe
    /// them, or the endpoint cannot.
    pub unread: Option<Failure>,
}

/// CodeDeploy deployments.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct CodeDeployments {
    /// The deployments.
    pub items: Vec<CodeDeployment>,
    /// The ids that CodeDeploy did not answer for.
    pub missing: Vec<String>,
    /// Why something about them is missing, such as their targets.
    pub unread: Option<Failure>,
}

/// Executions of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PipelineExecutions {
    /// The executions, newest first.
    pub items: Vec<PipelineExecution>,
    /// Whether there are older ones that were not asked for.
    pub cut: bool,
}

/// What was read of load balancers.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TrafficReading {
    /// What they do.
    pub traffic: Traffic,
    /// Rules, listeners and target groups that are not there any more, by ARN.
    pub gone: Vec<String>,
    /// Why something else is missing.
    pub unread: Option<Failure>,
}

/// What AWS answered to a call that changes something.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Sent {
    /// AWS's request id of the last call.
    pub request_id: Option<String>,
    /// What the call made, such as the ARN of a new task-definition revision.
    pub detail: Option<String>,
}
