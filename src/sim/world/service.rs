//! Services.

use std::collections::{BTreeSet, VecDeque};

use serde_json::{Map, Value};

use super::deployment::{Deployment, DeploymentSettings, Release, Revision, RolloutState};
use super::ids::{ClusterNumber, DeploymentNumber, RevisionNumber, ServiceNumber, TaskNumber};
use super::task_set::{Controller, TaskSet};
use crate::sim::clock::SimTime;

/// How many events a service keeps, as ECS does.
const EVENTS_KEPT: usize = 100;

/// Whether a service is in use.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ServiceStatus {
    /// In use.
    Active,
    /// Deleted, with tasks that still stop.
    Draining,
    /// Deleted, remembered for a while.
    Inactive,
}

impl ServiceStatus {
    /// The word of ECS.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Draining => "DRAINING",
            Self::Inactive => "INACTIVE",
        }
    }
}

/// A line of a service's event log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceEvent {
    /// A UUID.
    pub id: String,
    /// When it happened.
    pub at: SimTime,
    /// The words of ECS.
    pub message: String,
}

/// The last deployment that completed: what a rollback goes back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastCompleted {
    /// Its entry in `deployments[]`, which may be gone.
    pub deployment: DeploymentNumber,
    /// Its id, `ecs-svc/…`.
    pub id: String,
    /// What it deployed.
    pub revision: RevisionNumber,
}

/// A service of a cluster.
#[derive(Clone, Debug)]
pub struct Service {
    /// Counts services of the region.
    pub number: ServiceNumber,
    /// Its cluster.
    pub cluster: ClusterNumber,
    /// Unique within the cluster.
    pub name: String,
    /// `…:service/cluster/name`
    pub arn: String,
    /// Whether it is in use.
    pub status: ServiceStatus,
    /// How many tasks it is to have.
    pub desired: u32,
    /// How it is deployed from now on.
    pub settings: DeploymentSettings,
    /// Other members, as ECS shows them: launch type, network, load balancers, and so on.
    pub members: Map<String, Value>,
    /// Tags, a list of `{key, value}`.
    pub tags: Vec<Value>,
    /// Who deploys it.
    pub controller: Controller,
    /// The newest first; that is the PRIMARY one, and there is always one. A service that another
    /// controller deploys has none.
    pub deployments: Vec<Deployment>,
    /// What it runs when another controller deploys it, from the oldest.
    pub task_sets: Vec<TaskSet>,
    /// Its history, from the oldest.
    pub releases: Vec<Release>,
    /// Its revisions, from the oldest.
    pub revisions: Vec<Revision>,
    /// What a rollback goes back to.
    pub last_completed: Option<LastCompleted>,
    /// Its tasks that have not stopped yet.
    pub tasks: BTreeSet<TaskNumber>,
    /// The newest first.
    pub events: VecDeque<ServiceEvent>,
    /// When it was made.
    pub created_at: SimTime,
    /// Whether the last thing its event log says is that it is steady.
    pub steady: bool,
    /// When the scheduler looks at it next, if it is going to.
    pub wake_at: Option<SimTime>,
    /// How many deployments it has had.
    pub deployment_count: u32,
}

impl Service {
    /// The PRIMARY deployment.
    pub fn primary(&self) -> Option<&Deployment> {
        self.deployments.first()
    }

    /// The PRIMARY deployment, to change it.
    pub fn primary_mut(&mut self) -> Option<&mut Deployment> {
        self.deployments.first_mut()
    }

    /// The service deployment that the PRIMARY deployment belongs to.
    pub fn release(&self) -> Option<&Release> {
        self.releases.get(self.primary()?.release)
    }

    /// The same, to change it.
    pub fn release_mut(&mut self) -> Option<&mut Release> {
        let position = self.primary()?.release;
        self.releases.get_mut(position)
    }

    /// A revision by its number.
    pub fn revision(&self, number: RevisionNumber) -> Option<&Revision> {
        self.revisions.get(usize::try_from(number.0).ok()?)
    }

    /// Whether its PRIMARY deployment is under way.
    pub fn is_rolling(&self) -> bool {
        self.primary()
            .is_some_and(|primary| primary.rollout == RolloutState::InProgress)
    }

    /// Whether its tasks run on Fargate; a capacity provider strategy names what they run on.
    pub fn is_fargate(&self) -> bool {
        let provider = self
            .members
            .get("capacityProviderStrategy")
            .and_then(|all| all.pointer("/0/capacityProvider"))
            .or_else(|| self.members.get("launchType"))
            .and_then(Value::as_str);
        provider.is_some_and(|name| name.starts_with("FARGATE"))
    }

    /// Whether its tasks are registered with a load balancer.
    pub fn has_load_balancer(&self) -> bool {
        self.target_groups().next().is_some()
    }

    /// The ARNs of the target groups that its tasks are registered with.
    pub fn target_groups(&self) -> impl Iterator<Item = &str> {
        self.load_balancers()
            .filter_map(|one| one.get("targetGroupArn").and_then(Value::as_str))
    }

    /// Its load balancers, structures of the service model.
    pub fn load_balancers(&self) -> impl Iterator<Item = &Value> {
        self.members
            .get("loadBalancers")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    }

    /// Seconds that load balancer checks are ignored for after a task has started.
    pub fn grace_seconds(&self) -> u32 {
        self.members
            .get("healthCheckGracePeriodSeconds")
            .and_then(Value::as_u64)
            .and_then(|seconds| u32::try_from(seconds).ok())
            .unwrap_or(0)
    }

    /// Adds a line to its event log and forgets the oldest beyond a hundred.
    pub fn log(&mut self, id: String, at: SimTime, message: String) {
        self.events.push_front(ServiceEvent { id, at, message });
        self.events.truncate(EVENTS_KEPT);
    }
}
