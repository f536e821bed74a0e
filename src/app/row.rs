//! Rows are named by what they show, never by where they stand.

use crate::domain::arn::{ClusterArn, ServiceArn, TaskArn, TaskDefinitionArn};
use crate::domain::codedeploy::GroupId;
use crate::domain::context::ContextId;
use crate::domain::inbox::GateId;
use crate::domain::pipeline::{ExecutionId, PipelineName};
use crate::domain::release::ReleaseId;

/// Names a row of a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowId {
    /// A release.
    Release(ContextId, ServiceArn, ReleaseId),
    /// A cluster.
    Cluster(ContextId, ClusterArn),
    /// A service.
    Service(ContextId, ServiceArn),
    /// A task.
    Task(ContextId, ClusterArn, TaskArn),
    /// A container of the task on screen, by its name.
    Container(String),
    /// A family of task definitions.
    Family(ContextId, String),
    /// A revision of a task definition.
    Revision(ContextId, TaskDefinitionArn),
    /// An application of CodeDeploy.
    Application(ContextId, String),
    /// A deployment group.
    Group(ContextId, GroupId),
    /// A deployment of CodeDeploy, by its id.
    CodeDeployment(ContextId, String),
    /// A lifecycle event of the deployment on screen, by its name.
    LifecycleEvent(String),
    /// Something that waits for a person.
    Gate(ContextId, GateId),
    /// A pipeline.
    Pipeline(ContextId, PipelineName),
    /// A stage of the pipeline on screen, by its name.
    Stage(String),
    /// An action of the pipeline on screen, by the names of its stage and its own.
    StageAction(String, String),
    /// An execution of a pipeline.
    Execution(ContextId, PipelineName, ExecutionId),
    /// A run of an action of the execution on screen, by its id.
    ActionRun(String),
    /// An error, by its number.
    Error(u64),
    /// A line of the action log, by its number.
    Action(usize),
}
