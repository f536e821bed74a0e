//! CodeDeploy for ECS: applications, deployment groups, and deployments that replace one task set
//! by another behind a load balancer.

pub mod app_spec;
pub mod config;
pub mod deployment;
pub mod finish;
pub mod hook;
pub mod lifecycle;
pub mod rollback;
pub mod sha256;
pub mod start;
pub mod steps;
pub mod traffic;
pub mod watch;

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::Region;
use crate::sim::clock::SimTime;
use config::{Config, Platform};
use deployment::{Deployment, Revision};

/// Something that will happen to a deployment.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// It takes its next step, unless another one was planned since this one got its number.
    Advance(u32),
    /// A request to stop it takes effect.
    Stop,
    /// The deployment that undoes it is made.
    RollBack,
}

/// What makes CodeDeploy undo a deployment by itself.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum RollbackEvent {
    /// It fails.
    Failure,
    /// An alarm stops it.
    Alarm,
    /// Somebody stops it.
    Request,
}

impl RollbackEvent {
    /// The event that a word of the service model names.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "DEPLOYMENT_FAILURE" => Some(Self::Failure),
            "DEPLOYMENT_STOP_ON_ALARM" => Some(Self::Alarm),
            "DEPLOYMENT_STOP_ON_REQUEST" => Some(Self::Request),
            _ => None,
        }
    }
}

/// The two target groups of a deployment group, and the listeners that choose between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetGroupPair {
    /// The names of the target groups.
    pub groups: Vec<String>,
    /// The ARN of the listener for production traffic.
    pub production: String,
    /// The ARN of the listener for test traffic, if there is one.
    pub test: Option<String>,
}

/// What a deployment group says about how its deployments go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Minutes for which a deployment waits for somebody to reroute the traffic, and is stopped
    /// then. None lets it go on by itself.
    pub ready_minutes: Option<u32>,
    /// Minutes that the original task set is kept for after the traffic has moved. None keeps it
    /// for good.
    pub termination_minutes: Option<u32>,
    /// What makes CodeDeploy undo a deployment.
    pub rollback_on: Vec<RollbackEvent>,
    /// Alarms that stop a deployment.
    pub alarms: Vec<String>,
    /// Where the traffic goes.
    pub pair: TargetGroupPair,
}

/// A deployment group: a service, and how it is deployed.
#[derive(Clone, Debug)]
pub struct Group {
    /// A UUID.
    pub id: String,
    /// Unique within its application.
    pub name: String,
    /// How traffic moves, unless a deployment says otherwise.
    pub config: &'static Config,
    /// The cluster of its service, by name.
    pub cluster: String,
    /// Its service, by name.
    pub service: String,
    /// How its deployments go.
    pub settings: Settings,
    /// What it was made with, as CodeDeploy shows it.
    pub members: Map<String, Value>,
    /// Functions by lifecycle event that the deployments of a scenario name in their `AppSpecs`.
    pub hooks: BTreeMap<String, String>,
    /// The position of its newest deployment.
    pub last_attempted: Option<usize>,
    /// The position of the newest deployment that succeeded.
    pub last_successful: Option<usize>,
    /// What that deployed.
    pub target_revision: Option<Revision>,
}

/// An application: a name for deployment groups.
#[derive(Clone, Debug)]
pub struct Application {
    /// A UUID.
    pub id: String,
    /// Unique in the region.
    pub name: String,
    /// What it deploys to.
    pub platform: Platform,
    /// When it was made.
    pub created_at: SimTime,
    /// Its deployment groups by name.
    pub groups: BTreeMap<String, Group>,
}

/// Everything that CodeDeploy knows in one account and region.
#[derive(Clone, Debug, Default)]
pub struct CodeDeploy {
    /// Applications by name.
    pub applications: BTreeMap<String, Application>,
    /// Deployments from the oldest.
    pub deployments: Vec<Deployment>,
    /// The positions of the deployments by id.
    pub ids: HashMap<String, usize>,
}

impl CodeDeploy {
    /// A deployment group by the names of its application and its own.
    pub fn group(&self, application: &str, name: &str) -> Option<&Group> {
        self.applications.get(application)?.groups.get(name)
    }

    /// The same, to change it.
    pub fn group_mut(&mut self, application: &str, name: &str) -> Option<&mut Group> {
        self.applications.get_mut(application)?.groups.get_mut(name)
    }

    /// The deployment group that deploys a service, with the name of its application.
    pub fn group_of(&self, cluster: &str, service: &str) -> Option<(&str, &Group)> {
        self.applications
            .values()
            .flat_map(|one| one.groups.values().map(|group| (one.name.as_str(), group)))
            .find(|(_, group)| group.cluster == cluster && group.service == service)
    }

    /// A deployment by its id.
    pub fn deployment(&self, id: &str) -> Option<(usize, &Deployment)> {
        let position = *self.ids.get(id)?;
        Some((position, self.deployments.get(position)?))
    }

    /// The deployment of a group that is under way, or is about to be undone.
    pub fn under_way(&self, application: &str, group: &str) -> Option<&Deployment> {
        self.deployments.iter().rev().find(|one| {
            one.application == application
                && one.group == group
                && (!one.status.is_final() || one.rollback_due)
        })
    }
}

impl Region {
    /// Something happens to a deployment.
    pub(in crate::sim::world) fn codedeploy_turn(&mut self, position: usize, turn: Turn) {
        match turn {
            Turn::Advance(ticket) => self.advance_deployment(position, ticket),
            Turn::Stop => self.stop_now(position),
            Turn::RollBack => self.begin_codedeploy_rollback(position),
        }
    }
}
