//! Deployments of a service, as ECS shows them: entries of `deployments[]`, service deployments,
//! and service revisions.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::ids::{DeploymentNumber, RevisionNumber};
use super::rules::Threshold;
use super::shift::{Shift, ShiftSettings};
use super::task_definition::TaskDefinition;
use crate::sim::clock::SimTime;

/// The circuit breaker as it is configured.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct BreakerSettings {
    /// Whether failures are counted against a threshold at all.
    pub enable: bool,
    /// Whether a trip goes back to the last completed deployment.
    pub rollback: bool,
    /// Whether a task that becomes healthy sets the count back to 0; ECS defaults to yes.
    pub reset_on_healthy_task: Option<bool>,
    /// How many failures trip it; ECS defaults to half of the desired count, 3 to 200.
    pub threshold: Option<Threshold>,
}

/// A deployment configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct DeploymentSettings {
    /// Percent of the desired count, 0 to 100.
    pub minimum_healthy_percent: u32,
    /// Percent of the desired count, 100 or more.
    pub maximum_percent: u32,
    /// The circuit breaker.
    pub breaker: BreakerSettings,
    /// The alarms as they were given.
    pub alarms: Option<Value>,
    /// The strategy, and what the strategies that shift traffic follow.
    pub shift: ShiftSettings,
}

impl Default for DeploymentSettings {
    fn default() -> Self {
        Self {
            minimum_healthy_percent: 100,
            maximum_percent: 200,
            breaker: BreakerSettings::default(),
            alarms: None,
            shift: ShiftSettings::default(),
        }
    }
}

/// How far a rollout is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum RolloutState {
    /// Tasks are being replaced.
    InProgress,
    /// The service has reached a steady state with it.
    Completed,
    /// The circuit breaker has ended it.
    Failed,
}

impl RolloutState {
    /// The word of ECS.
    pub fn word(self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
        }
    }
}

/// An entry of `deployments[]`. The first of a service is PRIMARY, the others are ACTIVE.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// Counts deployments of the service.
    pub number: DeploymentNumber,
    /// `ecs-svc/` and 19 digits.
    pub id: String,
    /// What it deploys.
    pub revision: RevisionNumber,
    /// The task definition of that revision.
    pub definition: Arc<TaskDefinition>,
    /// The position of its service deployment in the history of the service.
    pub release: usize,
    /// Tasks that have failed since one became healthy.
    pub failed_tasks: u32,
    /// Tasks that have failed in a row, whether or not anybody counts: this is what the back-off
    /// grows with.
    pub failures_in_row: u32,
    /// No task is started before this moment.
    pub resume_at: SimTime,
    /// When it was made.
    pub created_at: SimTime,
    /// When it last changed.
    pub updated_at: SimTime,
    /// How far it is.
    pub rollout: RolloutState,
    /// The words of ECS on that.
    pub rollout_reason: String,
}

/// The states of a service deployment.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ReleaseStatus {
    /// Made, not begun.
    Pending,
    /// Under way.
    InProgress,
    /// Somebody has asked to stop it.
    StopRequested,
    /// Ended early: superseded, or failed without a rollback.
    Stopped,
    /// Ended well.
    Successful,
    /// It has failed, and a rollback will begin.
    RollbackRequested,
    /// It is rolled back.
    RollbackInProgress,
    /// The service runs what it ran before.
    RollbackSuccessful,
    /// What it ran before doesn't start either.
    RollbackFailed,
}

impl ReleaseStatus {
    /// The word of ECS.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::InProgress => "IN_PROGRESS",
            Self::StopRequested => "STOP_REQUESTED",
            Self::Stopped => "STOPPED",
            Self::Successful => "SUCCESSFUL",
            Self::RollbackRequested => "ROLLBACK_REQUESTED",
            Self::RollbackInProgress => "ROLLBACK_IN_PROGRESS",
            Self::RollbackSuccessful => "ROLLBACK_SUCCESSFUL",
            Self::RollbackFailed => "ROLLBACK_FAILED",
        }
    }

    /// Whether nothing more will happen to it.
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::Stopped | Self::Successful | Self::RollbackSuccessful | Self::RollbackFailed
        )
    }

    /// Whether it is on its way back.
    pub fn is_rolling_back(self) -> bool {
        matches!(
            self,
            Self::StopRequested | Self::RollbackRequested | Self::RollbackInProgress
        )
    }
}

/// Why and to what a service deployment is rolled back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rollback {
    /// The words of ECS.
    pub reason: String,
    /// When it began.
    pub started_at: SimTime,
    /// The revision that it goes back to.
    pub revision: RevisionNumber,
}

/// The alarms of a service deployment while it is under way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlarmWatch {
    /// Alarms that fired before it began: they are ignored for it.
    pub ignored: Vec<String>,
    /// Alarms that have fired since.
    pub triggered: Vec<String>,
    /// Until when a rolling deployment is watched after its last task has settled.
    pub watched_until: Option<SimTime>,
}

/// Tasks of a revision at one moment.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct RevisionCounts {
    /// The revision.
    pub revision: RevisionNumber,
    /// Tasks that ECS wants of it.
    pub requested: u32,
    /// Tasks that run.
    pub running: u32,
    /// Tasks that are starting.
    pub pending: u32,
}

/// A service deployment: one release of a service, kept as history.
#[derive(Clone, Debug)]
pub struct Release {
    /// `…:service-deployment/cluster/service/id`
    pub arn: String,
    /// When it was asked for.
    pub created_at: SimTime,
    /// When it began.
    pub started_at: Option<SimTime>,
    /// When it ended.
    pub finished_at: Option<SimTime>,
    /// When it was stopped, if it was.
    pub stopped_at: Option<SimTime>,
    /// When it last changed.
    pub updated_at: SimTime,
    /// The revisions that ran when it began.
    pub sources: Vec<RevisionNumber>,
    /// What it deploys.
    pub target: RevisionNumber,
    /// Where it is.
    pub status: ReleaseStatus,
    /// The words of ECS on that.
    pub status_reason: Option<String>,
    /// The rollback, if there is one.
    pub rollback: Option<Rollback>,
    /// The configuration that it follows.
    pub settings: DeploymentSettings,
    /// Failed tasks that the breaker has counted.
    pub failure_count: u32,
    /// Failed tasks that trip the breaker.
    pub threshold: u32,
    /// Whether the breaker has tripped.
    pub triggered: bool,
    /// What its alarms have done.
    pub alarms: AlarmWatch,
    /// How far it is, if its strategy shifts traffic.
    pub shift: Option<Shift>,
    /// The counts at the end; while it is under way they come from the tasks.
    pub final_counts: Option<Vec<RevisionCounts>>,
}

/// A service revision: everything that decides what a service's tasks are.
#[derive(Clone, Debug)]
pub struct Revision {
    /// Its position in the history of the service.
    pub number: RevisionNumber,
    /// `…:service-revision/cluster/service/id`
    pub arn: String,
    /// What its tasks run.
    pub definition: Arc<TaskDefinition>,
    /// The members of the service that belong to a revision, such as its load balancers.
    pub members: Map<String, Value>,
    /// Whether its tasks are registered with the alternate target group of each load balancer:
    /// revisions that follow each other by blue/green take turns.
    pub alternate: bool,
    /// When it was made.
    pub created_at: SimTime,
}

impl Revision {
    /// Its load balancers, structures of the service model.
    pub fn balancers(&self) -> impl Iterator<Item = &Value> {
        self.members
            .get("loadBalancers")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    }

    /// The ARN of the target group of one of its load balancers that its tasks are registered
    /// with; a Classic Load Balancer has none.
    pub fn group_of<'a>(&self, balancer: &'a Value) -> Option<&'a str> {
        let main = balancer.get("targetGroupArn");
        let alternate = balancer.pointer("/advancedConfiguration/alternateTargetGroupArn");
        let chosen = alternate.filter(|_| self.alternate).or(main);
        chosen.and_then(Value::as_str)
    }
}
