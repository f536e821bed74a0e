//! What is asked of AWS, and how often.

use std::time::Duration;

use crate::domain::arn::{ClusterArn, ServiceArn, TargetGroupArn, TaskArn, TaskDefinitionArn};
use crate::domain::codedeploy::GroupId;
use crate::domain::context::ContextId;
use crate::domain::pipeline::{ExecutionId, PipelineName};
use crate::domain::traffic::RouteArn;

/// A question to AWS. Equal questions are one poll.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Query {
    /// Who the calls are made as.
    Identity,
    /// All clusters with their counts.
    Clusters,
    /// All services of a cluster.
    Services(ClusterArn),
    /// Some services of a cluster, because something happens in them.
    Watch {
        /// The cluster.
        cluster: ClusterArn,
        /// The services, in order.
        services: Vec<ServiceArn>,
    },
    /// The service deployments of a service.
    ServiceDeployments {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: ServiceArn,
    },
    /// Tasks of a service, or of a whole cluster.
    Tasks {
        /// The cluster.
        cluster: ClusterArn,
        /// The service; `None` for all tasks of the cluster.
        service: Option<ServiceArn>,
        /// Whether the stopped ones are asked for instead of the running ones.
        stopped: bool,
    },
    /// One task.
    Task {
        /// The cluster.
        cluster: ClusterArn,
        /// The task.
        task: TaskArn,
    },
    /// One revision of a task definition.
    TaskDefinition(TaskDefinitionArn),
    /// All families of task definitions.
    Families,
    /// All revisions of a family.
    Revisions(String),
    /// Some CodeDeploy deployments.
    CodeDeployments {
        /// Their ids, in order.
        ids: Vec<String>,
        /// Whether their targets are asked for as well: lifecycle events and task sets, one call
        /// each.
        targets: bool,
    },
    /// The deployments of the group that moves a service.
    CodeDeployHistory {
        /// The service.
        service: ServiceArn,
        /// Its deployment group.
        group: GroupId,
    },
    /// All applications of CodeDeploy.
    Applications,
    /// All deployment groups of an application.
    Groups(String),
    /// All deployments of a deployment group.
    GroupDeployments(GroupId),
    /// What load balancers really do.
    Traffic {
        /// The rules and listeners whose weights are asked for, in order.
        routes: Vec<RouteArn>,
        /// The target groups whose health is asked for, in order.
        groups: Vec<TargetGroupArn>,
        /// Target groups of which only the name is known, in order.
        names: Vec<String>,
        /// The target groups whose rules and listeners nobody names, in order.
        behind: Vec<TargetGroupArn>,
    },
    /// All pipelines of CodePipeline.
    Pipelines,
    /// Where a pipeline stands. CodePipeline has no call for several.
    PipelineState(PipelineName),
    /// What a pipeline declares.
    PipelineStructure(PipelineName),
    /// The executions of a pipeline.
    PipelineExecutions(PipelineName),
    /// The executions in flight of a pipeline whose mode is PARALLEL, with the runs of their
    /// actions: only these tell the approvals that wait there.
    ParallelExecutions(PipelineName),
    /// The runs of the actions of an execution.
    ActionExecutions {
        /// The pipeline.
        pipeline: PipelineName,
        /// The execution.
        execution: ExecutionId,
    },
    /// Some alarms, by their names in order.
    Alarms(Vec<String>),
}

/// A question that the present screen needs answered again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The context that is asked.
    pub context: ContextId,
    /// The question.
    pub query: Query,
    /// The time between an answer and the next asking.
    pub pace: Duration,
    /// Changes when the answer must have changed: then it is asked again at once.
    pub stamp: u64,
}
