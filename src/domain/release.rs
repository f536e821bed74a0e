//! One attempt to change what a service runs, by any mechanism.

mod alarms;
mod assemble;
mod codedeploy;
mod deadline;
mod deployments;
mod estimate;
mod gate;
mod rank;
mod real;
mod reason;
mod sources;
mod stage_log;
mod status;
mod step;
mod strip;
mod task_sets;
#[cfg(test)]
mod tests;
mod waiting;
mod warning;

use jiff::Timestamp;

use super::alarm::AlarmState;
use super::arn::{
    ClusterArn, DeploymentId, ServiceArn, ServiceDeploymentArn, TargetGroupArn, TaskDefinitionArn,
};
use super::breaker::Breaker;
use super::codedeploy::GroupId;
use super::lifecycle::LifecycleHook;
use super::service::{Controller, Service, Strategy};
use super::traffic::TargetHealth;
pub use deadline::{Deadline, DeadlineKind};
pub use estimate::{Estimate, EstimateBasis, estimate};
pub use gate::{Gate, GateKind};
pub use rank::{board_order, finished_order, is_attention};
pub use sources::{Sources, current, current_of, past, past_of};
pub use stage_log::StageLog;
pub use status::ReleaseStatus;
pub use step::{ShiftProgress, StageStep, StepState};
pub use warning::Warning;

/// What moves a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// ECS, strategy ROLLING.
    Rolling,
    /// ECS, strategy `BLUE_GREEN`.
    BlueGreen,
    /// ECS, strategy LINEAR.
    Linear,
    /// ECS, strategy CANARY.
    Canary,
    /// CodeDeploy.
    CodeDeploy,
    /// Task sets that somebody outside steers.
    External,
    /// A strategy or controller that this version does not know, by its name.
    Unknown(String),
}

impl Mechanism {
    /// The mechanism of a service's releases.
    pub fn of(service: &Service) -> Self {
        match &service.controller {
            Controller::CodeDeploy => Self::CodeDeploy,
            Controller::External => Self::External,
            Controller::Unknown(name) => Self::Unknown(name.clone()),
            Controller::Ecs => Self::from_strategy(&service.strategy),
        }
    }

    /// The mechanism of an ECS strategy.
    pub fn from_strategy(strategy: &Strategy) -> Self {
        match strategy {
            Strategy::Rolling => Self::Rolling,
            Strategy::BlueGreen => Self::BlueGreen,
            Strategy::Linear => Self::Linear,
            Strategy::Canary => Self::Canary,
            Strategy::Unknown(name) => Self::Unknown(name.clone()),
        }
    }

    /// The word for a screen.
    pub fn label(&self) -> &str {
        match self {
            Self::Rolling => "rolling",
            Self::BlueGreen => "blue/green",
            Self::Linear => "linear",
            Self::Canary => "canary",
            Self::CodeDeploy => "codedeploy",
            Self::External => "external",
            Self::Unknown(name) => name,
        }
    }

    /// The word in `status -o json`.
    pub fn key(&self) -> &str {
        match self {
            Self::BlueGreen => "blue_green",
            other => other.label(),
        }
    }
}

/// Names a release: the service deployment's ARN, or where ECS keeps no such record the
/// deployment's id or the task set's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReleaseId(pub String);

impl ReleaseId {
    /// Enough of the id to tell releases apart on screen: a deployment's of CodeDeploy as it is, of
    /// the others the first eight characters of what follows the last slash.
    pub fn short(&self) -> &str {
        let id = self.0.rsplit('/').next().unwrap_or(&self.0);
        if id.starts_with("d-") {
            return id;
        }
        id.get(..8).unwrap_or(id)
    }
}

/// Where a release stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A lifecycle stage of ECS, or a lifecycle event or a wait of CodeDeploy, as it came.
    Lifecycle(String),
    /// Rolling: no task of the revision that it moves to runs yet. On the way back that is the old
    /// one.
    Starting,
    /// Rolling: some tasks of that revision run, and some are missing.
    Replacing,
    /// Rolling: all tasks of that revision run, those of the other are on their way out.
    Draining,
    /// Rolling: only tasks of that revision are left, ECS waits for a steady state.
    Settling,
    /// External: the new task set is whole beside the one that is primary, and somebody outside has
    /// to go on.
    SideBySide,
    /// External: the new task set is primary, and the old one is still there.
    CutOver,
}

impl Stage {
    /// The stage in words, for a screen.
    pub fn label(&self) -> String {
        match self {
            Self::Lifecycle(name) => step::label_of(name),
            Self::Starting => "starting".into(),
            Self::Replacing => "replacing".into(),
            Self::Draining => "draining".into(),
            Self::Settling => "settling".into(),
            Self::SideBySide => "side by side".into(),
            Self::CutOver => "cut over".into(),
        }
    }

    /// The word in `status -o json`.
    pub fn key(&self) -> String {
        match self {
            Self::Lifecycle(name) => step::words(name, '_'),
            other => other.label().replace(' ', "_"),
        }
    }
}

/// One side of a release. `None` where AWS does not tell.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Side {
    /// The task definition.
    pub task_definition: Option<TaskDefinitionArn>,
    /// The deployment in the service's `deployments[]`, while it is there.
    pub deployment: Option<DeploymentId>,
    /// Images of its containers.
    pub images: Vec<String>,
    /// Tasks wanted.
    pub desired: Option<u32>,
    /// Tasks running.
    pub running: Option<u32>,
    /// Tasks pending.
    pub pending: Option<u32>,
    /// Tasks that failed to start.
    pub failed: Option<u32>,
    /// Share of production traffic asked for, in percent.
    pub production_percent: Option<f64>,
    /// Share of test traffic asked for, in percent.
    pub test_percent: Option<f64>,
    /// Share of production traffic that the load balancer really sends, in percent.
    pub production_real: Option<f64>,
    /// Share of test traffic that the load balancer really sends, in percent.
    pub test_real: Option<f64>,
    /// Its target group, where it has one of its own.
    pub target_group: Option<TargetGroupArn>,
    /// What the health checks of that target group say.
    pub targets: Option<TargetHealth>,
    /// The task set, where the controller has task sets.
    pub task_set: Option<String>,
}

/// An alarm that a release watches.
#[derive(Clone, Debug, PartialEq)]
pub struct WatchedAlarm {
    /// Its name.
    pub name: String,
    /// Its state, once it has been read.
    pub state: Option<AlarmState>,
    /// When its state last changed.
    pub since: Option<Timestamp>,
    /// Whether it fired before the release began: then it is ignored for this release.
    pub already_firing: bool,
    /// Whether AWS says that it fired for this release.
    pub triggered: bool,
}

/// How long a release was told to wait, in seconds. `None` where it is not told.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub struct ConfiguredWaits {
    /// Between two parts of the traffic.
    pub step_seconds: Option<i64>,
    /// After all traffic has moved, before the old side goes.
    pub bake_seconds: Option<i64>,
}

/// One attempt to change what a service runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// Its id.
    pub id: ReleaseId,
    /// ECS's record of it, where there is one.
    pub record: Option<ServiceDeploymentArn>,
    /// What moves it.
    pub mechanism: Mechanism,
    /// The cluster.
    pub cluster: ClusterArn,
    /// The service.
    pub service: ServiceArn,
    /// How it goes.
    pub status: ReleaseStatus,
    /// Where it stands; `None` once it is over or where it cannot be told.
    pub stage: Option<Stage>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Why it is as it is, in AWS's words.
    pub reason: Option<String>,
    /// Where it comes from.
    pub old: Option<Side>,
    /// Where it goes to. For a rollback still the release's own target: what it tried.
    pub new: Option<Side>,
    /// The circuit breaker, where it is on.
    pub breaker: Option<Breaker>,
    /// Its stages in order, for a mechanism that has them.
    pub steps: Vec<StageStep>,
    /// How far the traffic is, where it moves in parts.
    pub shift: Option<ShiftProgress>,
    /// Where it waits for a person.
    pub gate: Option<Gate>,
    /// When something happens by itself next.
    pub deadline: Option<Deadline>,
    /// The hooks of the present stage.
    pub hooks: Vec<LifecycleHook>,
    /// The alarms that it watches.
    pub alarms: Vec<WatchedAlarm>,
    /// Who or what started it, where AWS tells.
    pub started_by: Option<String>,
    /// The CodeDeploy deployment, where CodeDeploy moves it.
    pub codedeploy: Option<CodeDeployId>,
    /// How long it was told to wait.
    pub waits: ConfiguredWaits,
    /// What is wrong with it, while it is in flight.
    pub warnings: Vec<Warning>,
}

/// Names a CodeDeploy deployment, and where to look for its kin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeDeployId {
    /// The deployment's id.
    pub deployment: String,
    /// Its application and deployment group, once it has been read.
    pub group: Option<GroupId>,
}

impl Release {
    /// A release of a service of which nothing but its name and its state is known.
    fn bare(id: ReleaseId, mechanism: Mechanism, service: &Service, status: ReleaseStatus) -> Self {
        Self {
            id,
            record: None,
            mechanism,
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
            status,
            stage: None,
            started_at: None,
            finished_at: None,
            reason: None,
            old: None,
            new: None,
            breaker: None,
            steps: Vec::new(),
            shift: None,
            gate: None,
            deadline: None,
            hooks: Vec::new(),
            alarms: Vec::new(),
            started_by: None,
            codedeploy: None,
            waits: ConfiguredWaits::default(),
            warnings: Vec::new(),
        }
    }

    /// Whether it stands still for nothing but the clock: a bake time, or a wait of CodeDeploy that
    /// ends by itself.
    pub fn is_waiting_for_timer(&self) -> bool {
        let clock = self.deadline.as_ref().is_some_and(|deadline| {
            matches!(
                deadline.kind,
                DeadlineKind::Bake
                    | DeadlineKind::StepBake
                    | DeadlineKind::ReadyWait { continues: true }
                    | DeadlineKind::TerminationWait
            )
        });
        clock && self.gate.is_none() && self.status == ReleaseStatus::InProgress
    }

    /// How long it has run, or ran, in seconds.
    pub fn duration_seconds(&self, now: Timestamp) -> Option<i64> {
        let end = self.finished_at.unwrap_or(now);
        self.started_at
            .map(|start| (end.as_second() - start.as_second()).max(0))
    }

    /// Whether the load balancer has not done for more than a minute what it was asked.
    pub fn traffic_disagrees(&self) -> bool {
        self.warnings
            .iter()
            .any(|warning| matches!(warning, Warning::TrafficDisagrees { .. }))
    }

    /// Whether a task of its new side has failed while it was in flight.
    pub fn has_failures(&self) -> bool {
        self.breaker.is_some_and(|breaker| breaker.failures > 0)
            || self
                .new
                .as_ref()
                .and_then(|side| side.failed)
                .is_some_and(|failed| failed > 0)
    }
}
