//! What was read for a plan, and how to tell that it moved.

mod basis;
mod pipeline;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::alarm::Alarm;
use super::codedeploy::{CodeDeployStatus, CodeDeployment};
use super::context::Identity;
use super::failure::Failure;
use super::intent::Intent;
use super::lifecycle::{HookKind, HookStatus, LifecycleHook};
use super::pipeline::link::UpcomingDeploy;
use super::preflight::Preflight;
use super::release::Sources;
use super::service::{Controller, Service};
use super::service_deployment::ServiceDeployment;
use super::task::Task;
use super::task_definition::TaskDefinition;
use super::traffic::Traffic;
pub use basis::Basis;
pub use pipeline::{Approval, PipelineBasis, PipelineFacts};

static NO_ALARMS: BTreeMap<String, Alarm> = BTreeMap::new();

/// What was read for a plan, by what the plan is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Findings {
    /// A service.
    Service(Box<Facts>),
    /// A pipeline.
    Pipeline(Box<PipelineFacts>),
}

impl From<Facts> for Findings {
    fn from(facts: Facts) -> Self {
        Self::Service(Box::new(facts))
    }
}

impl From<PipelineFacts> for Findings {
    fn from(facts: PipelineFacts) -> Self {
        Self::Pipeline(Box::new(facts))
    }
}

impl Findings {
    /// Who the calls are made as.
    pub fn identity(&self) -> Option<&Identity> {
        match self {
            Self::Service(facts) => facts.identity.as_ref(),
            Self::Pipeline(facts) => facts.identity.as_ref(),
        }
    }

    /// Adds the executions of pipelines that will deploy the service.
    pub fn expect_deploys(&mut self, upcoming: Vec<UpcomingDeploy>) {
        if let Self::Service(facts) = self {
            facts.preflight.upcoming = upcoming;
        }
    }

    /// What a plan for this wish stands on; `None` where they are about something else.
    pub fn ground(&self, intent: &Intent) -> Option<Ground> {
        match (self, intent) {
            (Self::Service(facts), Intent::Service(intent)) => {
                Some(Ground::Service(facts.basis(&intent.wish)))
            }
            (Self::Pipeline(facts), Intent::Pipeline(intent)) => {
                Some(Ground::Pipeline(facts.basis(&intent.wish)))
            }
            _ => None,
        }
    }
}

/// What a plan stands on, by what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ground {
    /// A service.
    Service(Basis),
    /// A pipeline.
    Pipeline(PipelineBasis),
}

impl Ground {
    /// What is different in `now`, a sentence each; empty when nothing moved.
    pub fn moved(&self, now: Option<&Self>) -> Vec<String> {
        match (self, now) {
            (Self::Service(before), Some(Self::Service(now))) => before.moved(now),
            (Self::Pipeline(before), Some(Self::Pipeline(now))) => before.moved(now),
            _ => vec!["something else was read than the plan stands on".to_owned()],
        }
    }
}

/// Everything a plan about a service is made from, read at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Who will make the call.
    pub identity: Option<Identity>,
    /// The Region that it goes to.
    pub region: Option<String>,
    /// The service; `None` for a task without one.
    pub service: Option<Service>,
    /// The service's releases as ECS records them, or why they could not be read.
    pub history: Result<Vec<ServiceDeployment>, Failure>,
    /// The revision to go to, once the planner or the person picked one, or why it could not be
    /// read.
    pub target: Option<Result<TaskDefinition, Failure>>,
    /// The task, where the wish is about one.
    pub task: Option<Task>,
    /// CodeDeploy's deployments of the service, in any order, or why they could not be read. Empty
    /// where CodeDeploy does not move it.
    pub codedeploy: Result<Vec<CodeDeployment>, Failure>,
    /// What the load balancers really do, as far as it was read.
    pub traffic: Traffic,
    /// The alarms that its releases watch, by name, or why they could not be read.
    pub alarms: Result<BTreeMap<String, Alarm>, Failure>,
    /// What is checked beside: images and autoscaling. Plans do not stand on it.
    pub preflight: Preflight,
    /// Whether the configuration marks the account or the cluster as production.
    pub production: bool,
}

impl Facts {
    /// Facts in which nothing was found.
    pub fn nothing() -> Self {
        Self {
            identity: None,
            region: None,
            service: None,
            history: Ok(Vec::new()),
            target: None,
            task: None,
            codedeploy: Ok(Vec::new()),
            traffic: Traffic::default(),
            alarms: Ok(BTreeMap::new()),
            preflight: Preflight::default(),
            production: false,
        }
    }

    /// Everything that the releases of the service are made from; `None` without a service.
    pub fn sources(&self) -> Option<Sources<'_>> {
        let history = self.history.as_deref().unwrap_or_default();
        Some(Sources {
            codedeploy: self.codedeploy.as_deref().unwrap_or_default(),
            traffic: &self.traffic,
            alarms: self.alarms.as_ref().unwrap_or(&NO_ALARMS),
            ..Sources::of(self.service.as_ref()?, history)
        })
    }

    /// The service deployment in flight, if there is one.
    pub fn in_flight(&self) -> Option<&ServiceDeployment> {
        let history = self.history.as_ref().ok()?;
        history
            .iter()
            .filter(|record| !record.status.is_over())
            .max_by_key(|record| record.created_at)
    }

    /// The CodeDeploy deployment in flight, if there is one.
    pub fn code_in_flight(&self) -> Option<&CodeDeployment> {
        let deployments = self.codedeploy.as_ref().ok()?;
        deployments
            .iter()
            .filter(|deployment| !deployment.status.is_over())
            .max_by_key(|deployment| deployment.created_at)
    }

    fn moved_by_codedeploy(&self) -> bool {
        let service = self.service.as_ref();
        service.is_some_and(|service| service.controller == Controller::CodeDeploy)
    }
}

/// The pause hook that waits for an answer, if there is one.
pub fn awaiting_hook(record: &ServiceDeployment) -> Option<&LifecycleHook> {
    record
        .hooks
        .iter()
        .find(|hook| hook.kind == HookKind::Pause && hook.status == HookStatus::AwaitingAction)
}

/// Where the production traffic of a release in flight is. What a rollback does follows from this.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ProductionTraffic {
    /// All of it goes to the old side.
    NotMoved,
    /// Some or all of it goes to the new side.
    Moved,
    /// All of it goes to the new side, and the old one is on its way out.
    OldSideGoes,
    /// Nothing tells.
    Unknown,
}

impl ProductionTraffic {
    /// Where the traffic of ECS's release is, by its stage and by the weights that were asked for:
    /// linear and canary releases pass the stages before the shift again at each step.
    pub fn of_record(record: &ServiceDeployment) -> Self {
        let shifted = record
            .target
            .as_ref()
            .and_then(|target| target.production_percent);
        match record.lifecycle_stage.as_deref() {
            Some("CLEAN_UP") => Self::OldSideGoes,
            Some("PRODUCTION_TRAFFIC_SHIFT" | "POST_PRODUCTION_TRAFFIC_SHIFT" | "BAKE_TIME") => {
                Self::Moved
            }
            _ if shifted.is_some_and(|percent| percent > 0.0) => Self::Moved,
            _ => Self::NotMoved,
        }
    }

    /// Where the traffic of a CodeDeploy deployment is: its event `AllowTraffic` moves it.
    pub fn of_codedeploy(deployment: &CodeDeployment) -> Self {
        let events = deployment.target.iter().flat_map(|target| &target.events);
        let mut allow = events.filter(|event| event.name == "AllowTraffic");
        let sets = deployment
            .target
            .iter()
            .flat_map(|target| &target.task_sets);
        let green = sets
            .filter(|set| set.green)
            .any(|set| set.traffic_percent.is_some_and(|percent| percent > 0.0));
        let moves = |status: &str| matches!(status, "InProgress" | "Succeeded");
        if deployment.waits_to_terminate() || green || allow.any(|event| moves(&event.status)) {
            return Self::Moved;
        }
        let before = matches!(
            deployment.status,
            CodeDeployStatus::Created | CodeDeployStatus::Queued | CodeDeployStatus::Ready
        );
        if before || deployment.target.is_some() {
            Self::NotMoved
        } else {
            Self::Unknown
        }
    }
}
