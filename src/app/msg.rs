//! Everything that can happen.

use crossterm::event::KeyEvent;
use jiff::Timestamp;

use super::action_log::ActionRecord;
use super::feed::FeedEvent;
use super::operation::OperationId;
use super::query::Query;
use crate::domain::alarm::Alarm;
use crate::domain::arn::{ClusterArn, ServiceArn, TaskArn, TaskDefinitionArn};
use crate::domain::cluster::Cluster;
use crate::domain::codedeploy::{CodeDeployment, DeploymentGroup, GroupId};
use crate::domain::context::{Context, ContextId, Identity};
use crate::domain::facts::Findings;
use crate::domain::failure::Failure;
use crate::domain::logs::buffer::LineId;
use crate::domain::pipeline::{
    ActionExecution, ExecutionId, PipelineExecution, PipelineName, PipelineState,
    PipelineStructure, PipelineSummary,
};
use crate::domain::service::Service;
use crate::domain::service_deployment::ServiceDeployment;
use crate::domain::task::Task;
use crate::domain::task_definition::TaskDefinition;
use crate::domain::traffic::Traffic;

/// An event. Messages are plain data: tests make them, and the order of their arrival is the only
/// order there is.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// A key.
    Key(KeyEvent),
    /// Text pasted into the terminal.
    Paste(String),
    /// The terminal has another size.
    Resize {
        /// Columns.
        columns: u16,
        /// Rows.
        rows: u16,
    },
    /// A frame was drawn.
    Scrollable {
        /// The furthest that the text in front can be scrolled, in lines.
        furthest: usize,
        /// The lowest log line on screen.
        bottom: Option<LineId>,
    },
    /// There is time to look through more log lines.
    Sift,
    /// Time passed.
    Tick,
    /// The client is there, and says which Region it talks to.
    Connected(Context),
    /// A part of an answer.
    Fetched {
        /// The context that answered.
        context: ContextId,
        /// When it was asked: an answer to an older question never replaces a newer one.
        asked_at: Timestamp,
        /// What it says.
        data: Box<Data>,
    },
    /// An answer is whole, or the question failed.
    Ended {
        /// The context that answered.
        context: ContextId,
        /// The question.
        query: Query,
        /// When it was asked.
        asked_at: Timestamp,
        /// How it ended.
        outcome: Result<(), Failure>,
    },
    /// Something that the feed of the logs screen has to tell.
    Feed {
        /// The context that is read.
        context: ContextId,
        /// The feed.
        epoch: u64,
        /// What it has to tell.
        event: FeedEvent,
    },
    /// How much the client calls AWS.
    Metered {
        /// The context.
        context: ContextId,
        /// Calls in the last minute.
        calls_per_minute: usize,
        /// Whether a throttle has slowed some of them down.
        slowed: bool,
    },
    /// The facts for a plan were read.
    FactsRead {
        /// The operation that they are for.
        operation: OperationId,
        /// The facts, or why they could not be read.
        facts: Result<Box<Findings>, Failure>,
    },
    /// A confirmed plan was dealt with.
    Executed {
        /// The operation.
        operation: OperationId,
        /// What became of it.
        outcome: Execution,
    },
    /// An entry was added to the action log.
    Recorded(ActionRecord),
    /// Lines were saved to a file, or why not.
    Saved(Result<Saved, String>),
    /// Something that the runtime has to say, for instance that a link could not be opened.
    Notice(String),
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Where it is, as a person would write it.
    pub path: String,
    /// Log lines and remarks in it.
    pub lines: usize,
    /// Its length in bytes.
    pub bytes: usize,
}

/// What became of a confirmed plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Execution {
    /// The facts had moved; nothing was sent.
    Moved(Vec<String>),
    /// The facts could not be read again; nothing was sent.
    NotChecked(Failure),
    /// It was sent, and AWS took it.
    Sent {
        /// AWS's request id.
        request_id: Option<String>,
        /// What else the answer says.
        detail: Option<String>,
    },
    /// It was sent, and AWS refused it, or it could not be sent.
    Failed(Failure),
}

/// A part of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Who the calls are made as, and the Region that they go to.
    Identity(Identity),
    /// All clusters that there are.
    ClusterArns(Vec<ClusterArn>),
    /// Clusters with their counts.
    Clusters(Vec<Cluster>),
    /// All services that a cluster has.
    ServiceArns {
        /// The cluster.
        cluster: ClusterArn,
        /// Its services.
        services: Vec<ServiceArn>,
    },
    /// Services as they are now.
    Services {
        /// Those that were found.
        services: Vec<Service>,
        /// Those that are gone.
        missing: Vec<ServiceArn>,
    },
    /// The service deployments of a service, newest first.
    ServiceDeployments {
        /// The service.
        service: ServiceArn,
        /// Its records.
        records: Vec<ServiceDeployment>,
    },
    /// Tasks of a service or a cluster.
    Tasks {
        /// The cluster.
        cluster: ClusterArn,
        /// The service, where only its tasks were asked for.
        service: Option<ServiceArn>,
        /// Whether the stopped ones were asked for.
        stopped: bool,
        /// The tasks.
        tasks: Vec<Task>,
    },
    /// One task, or `None` when AWS no longer knows it.
    Task {
        /// The task that was asked for.
        arn: TaskArn,
        /// The task.
        task: Option<Box<Task>>,
    },
    /// A revision of a task definition.
    TaskDefinition(Box<TaskDefinition>),
    /// Families of task definitions, a page of them or all.
    Families(Vec<String>),
    /// Revisions of a family, a page of them or all.
    Revisions {
        /// The family.
        family: String,
        /// Its revisions, newest first.
        revisions: Vec<TaskDefinitionArn>,
    },
    /// CodeDeploy deployments.
    CodeDeployments(Vec<CodeDeployment>),
    /// The deployments of the group that moves a service.
    CodeDeployHistory {
        /// The service.
        service: ServiceArn,
        /// The deployments, in any order.
        deployments: Vec<CodeDeployment>,
    },
    /// The applications of CodeDeploy whose platform is ECS.
    Applications(Vec<String>),
    /// The deployment groups of an application.
    Groups {
        /// The application.
        application: String,
        /// Its groups.
        groups: Vec<DeploymentGroup>,
    },
    /// The deployments of a deployment group.
    GroupDeployments {
        /// The group.
        group: GroupId,
        /// Its deployments, newest first.
        deployments: Vec<CodeDeployment>,
    },
    /// What load balancers really do.
    Traffic {
        /// What was read.
        traffic: Traffic,
        /// Rules, listeners and target groups that are not there any more, by ARN.
        gone: Vec<String>,
    },
    /// All pipelines that there are.
    Pipelines(Vec<PipelineSummary>),
    /// Where a pipeline stands.
    PipelineState {
        /// The pipeline.
        pipeline: PipelineName,
        /// Its state; `None` when it is not there any more.
        state: Option<Box<PipelineState>>,
    },
    /// What a pipeline declares.
    PipelineStructure {
        /// The pipeline.
        pipeline: PipelineName,
        /// Its structure; `None` when it is not there any more.
        structure: Option<Box<PipelineStructure>>,
    },
    /// The executions of a pipeline.
    PipelineExecutions {
        /// The pipeline.
        pipeline: PipelineName,
        /// Its executions, newest first.
        executions: Vec<PipelineExecution>,
        /// Whether there are older ones that were not asked for.
        cut: bool,
    },
    /// The executions in flight of a pipeline whose mode is PARALLEL.
    ParallelExecutions {
        /// The pipeline.
        pipeline: PipelineName,
        /// Those in flight, newest first.
        executions: Vec<PipelineExecution>,
        /// Whether there are older executions that were not looked through.
        cut: bool,
    },
    /// The runs of the actions of an execution.
    ActionExecutions {
        /// The pipeline.
        pipeline: PipelineName,
        /// The execution.
        execution: ExecutionId,
        /// Its runs, in the order in which they began.
        actions: Vec<ActionExecution>,
    },
    /// Alarms.
    Alarms {
        /// Those that were found.
        alarms: Vec<Alarm>,
        /// The names of those that are not there.
        gone: Vec<String>,
    },
}
