//! Deployments of CodeDeploy.

use serde_json::{Map, Value};

use super::Settings;
use super::app_spec::AppSpec;
use super::config::Config;
use super::lifecycle::{Diagnostics, EventStatus, Lifecycle, LifecycleEvent};
use crate::sim::clock::SimTime;
use crate::sim::world::ids::{DeploymentNumber, ServiceNumber};

/// Where a deployment is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Made.
    Created,
    /// It waits for its turn.
    Queued,
    /// Under way.
    InProgress,
    /// It waits for somebody to reroute the traffic.
    Ready,
    /// Ended well.
    Succeeded,
    /// Ended badly.
    Failed,
    /// Ended early.
    Stopped,
}

impl Status {
    /// The words of the service model. AWS documents no meaning of
    /// `Baking`, which no deployment here ever says.
    pub const WORDS: [&'static str; 8] = [
        "Created",
        "Queued",
        "InProgress",
        "Baking",
        "Succeeded",
        "Failed",
        "Stopped",
        "Ready",
    ];

    /// The word of CodeDeploy.
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "Created",
            Self::Queued => "Queued",
            Self::InProgress => "InProgress",
            Self::Ready => "Ready",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Stopped => "Stopped",
        }
    }

    /// Whether nothing more will happen to it.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Stopped)
    }
}

/// What a deployment deploys: the content of an `AppSpec`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// JSON or YAML.
    pub content: String,
    /// The SHA-256 of it, in hexadecimal digits.
    pub sha256: String,
}

/// Why a deployment failed or was stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorInformation {
    /// A code of the service model.
    pub code: &'static str,
    /// Words for people.
    pub message: String,
}

/// How a rollback and what it undoes belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RollbackInfo {
    /// The deployment that undoes this one.
    pub rollback: Option<String>,
    /// The deployment that this one undoes.
    pub triggering: Option<String>,
    /// Words for people.
    pub message: Option<String>,
}

/// What comes next in the course of a deployment.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is queued.
    Queue,
    /// It starts.
    Start,
    /// A lifecycle event ends.
    End(Lifecycle, Ending),
    /// Production traffic takes the step at this position.
    Shift(usize),
    /// Nobody has rerouted the traffic in time.
    ReadyTimeout,
    /// The original task set is deleted.
    Terminate,
    /// A rollback moves the traffic back.
    Restore,
    /// A rollback deletes what it undoes.
    Undo,
    /// Nothing.
    Rest,
}

/// How a lifecycle event ends.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Well.
    Succeeds,
    /// Its function says that something is wrong.
    HookFails,
    /// It has taken too long.
    TimesOut,
}

/// A task set of a deployment, as its target shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// The id of the task set.
    pub id: String,
    /// Tasks that it is to have.
    pub desired: u32,
    /// Tasks that start.
    pub pending: u32,
    /// Tasks that run.
    pub running: u32,
    /// The word of ECS for its status.
    pub status: &'static str,
    /// The percentage of production traffic that CodeDeploy has asked for.
    pub weight: u32,
    /// The name of its target group.
    pub group: String,
    /// `Blue` or `Green`.
    pub label: &'static str,
}

/// A deployment.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// `d-` and nine capitals or digits.
    pub id: String,
    /// Its application.
    pub application: String,
    /// Its deployment group.
    pub group: String,
    /// How it moves traffic.
    pub config: &'static Config,
    /// How it goes, as its group said when it was made.
    pub settings: Settings,
    /// Members of its group that it repeats, as CodeDeploy shows them.
    pub members: Map<String, Value>,
    /// What it deploys.
    pub revision: Revision,
    /// The same, understood.
    pub spec: AppSpec,
    /// What the group had deployed before.
    pub previous: Option<Revision>,
    /// Where it is.
    pub status: Status,
    /// Why it did not succeed.
    pub error: Option<ErrorInformation>,
    /// When it was made.
    pub created_at: SimTime,
    /// When it started.
    pub started_at: Option<SimTime>,
    /// When it ended.
    pub completed_at: Option<SimTime>,
    /// When its target last changed.
    pub updated_at: SimTime,
    /// What its maker says about it.
    pub description: Option<String>,
    /// Whether CodeDeploy made it to undo another one.
    pub undoes: Option<usize>,
    /// How it and a rollback belong together.
    pub rollback: RollbackInfo,
    /// Whether the deployment that undoes it will be made in a moment.
    pub rollback_due: bool,
    /// Its lifecycle events, in order.
    pub events: Vec<LifecycleEvent>,
    /// The cluster of its service, by name.
    pub cluster: String,
    /// Its service, by name.
    pub service_name: String,
    /// Its service, once it has started.
    pub service: Option<ServiceNumber>,
    /// The original task set.
    pub blue: Option<DeploymentNumber>,
    /// The replacement.
    pub green: Option<DeploymentNumber>,
    /// The percentage of production traffic that the replacement has been given.
    pub green_weight: u32,
    /// Whether the wait before the original is deleted has begun.
    pub termination_wait: bool,
    /// Whether somebody has asked to stop it, and wants it undone.
    pub stop_requested: Option<bool>,
    /// Its task sets at the end; while it is under way they come from the service.
    pub final_sides: Option<Vec<Side>>,
    /// What comes next.
    pub next: Next,
    /// The number of the planned step.
    pub ticket: u32,
}

impl Deployment {
    /// Its lifecycle event of this kind.
    pub fn event_mut(&mut self, kind: Lifecycle) -> Option<&mut LifecycleEvent> {
        self.events.iter_mut().find(|event| event.kind == kind)
    }

    /// Notes that a lifecycle event begins.
    pub fn begin(&mut self, kind: Lifecycle, now: SimTime) {
        self.updated_at = now;
        if let Some(event) = self.event_mut(kind) {
            event.status = EventStatus::InProgress;
            event.started_at = Some(now);
        }
    }

    /// Notes how a lifecycle event ends. One that is skipped has no times.
    pub fn end(
        &mut self,
        kind: Lifecycle,
        now: SimTime,
        status: EventStatus,
        diagnostics: Option<Diagnostics>,
    ) {
        self.updated_at = now;
        if let Some(event) = self.event_mut(kind) {
            event.status = status;
            event.diagnostics = diagnostics;
            if status != EventStatus::Skipped {
                event.started_at.get_or_insert(now);
                event.ended_at = Some(now);
            }
        }
    }

    /// Whether it undoes another one.
    pub fn is_rollback(&self) -> bool {
        self.undoes.is_some()
    }
}
