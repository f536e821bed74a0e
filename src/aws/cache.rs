//! What never changes is asked for once: releases that are over, service revisions, stopped tasks.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::time::Instant;

use crate::domain::arn::{
    ServiceDeploymentArn, ServiceRevisionArn, TargetGroupArn, TaskArn, TaskDefinitionArn,
};
use crate::domain::codedeploy::{CodeDeployment, TrafficRouting};
use crate::domain::failure::Failure;
use crate::domain::service_deployment::ServiceDeployment;
use crate::domain::task::Task;
use crate::domain::traffic::RouteArn;

/// Entries kept of each kind; the oldest make room.
const KEPT: usize = 5_000;

/// A map that forgets its oldest entry when it is full.
pub(super) struct Bounded<K, V> {
    entries: HashMap<K, V>,
    order: VecDeque<K>,
    limit: usize,
}

impl<K: Clone + Eq + Hash, V> Bounded<K, V> {
    /// An empty map for at most `limit` entries.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            entries: HashMap::new(),
            order: VecDeque::new(),
            limit,
        }
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.entries.get(key)
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.order.clear();
    }

    pub(super) fn contains(&self, key: &K) -> bool {
        self.entries.contains_key(key)
    }

    /// Forgets every entry with this value.
    pub(super) fn forget_value(&mut self, value: &V)
    where
        V: PartialEq,
    {
        self.entries.retain(|_, known| known != value);
        self.order.retain(|key| self.entries.contains_key(key));
    }

    pub(super) fn insert(&mut self, key: K, value: V) {
        if self.entries.insert(key.clone(), value).is_none() {
            self.order.push_back(key);
        }
        while self.order.len() > self.limit {
            if let Some(oldest) = self.order.pop_front() {
                self.entries.remove(&oldest);
            }
        }
    }
}

/// What a release needs to know of a service revision.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct RevisionFacts {
    /// The task definition; `None` when AWS does not know the service revision any more.
    pub(super) task_definition: Option<TaskDefinitionArn>,
    /// The images, in the containers' order.
    pub(super) images: Vec<String>,
    /// The target group of its tasks.
    pub(super) target_group: Option<TargetGroupArn>,
    /// The listener rule, or the listener, of production traffic.
    pub(super) production_route: Option<RouteArn>,
    /// The same of test traffic.
    pub(super) test_route: Option<RouteArn>,
}

/// A CodeDeploy deployment that is over.
#[derive(Clone, Debug)]
pub(super) struct EndedDeployment {
    /// The deployment.
    pub(super) deployment: CodeDeployment,
    /// Whether its target was read as well.
    pub(super) whole: bool,
    /// When it was seen to be over first.
    pub(super) seen_at: Instant,
}

/// Names an AppSpec: the application that it was registered with, and its SHA-256.
pub(super) type AppSpecKey = (String, String);

/// The rules and listeners that send requests to a target group.
#[derive(Clone, Debug)]
pub(super) struct RoutesBehind {
    /// Which they are, those of production first.
    pub(super) routes: Vec<RouteArn>,
    /// When they were found.
    pub(super) at: Instant,
}

/// A call that failed for a reason that lasts.
#[derive(Clone, Debug)]
pub(super) struct Spared {
    /// How it failed.
    pub(super) failure: Failure,
    /// When.
    pub(super) at: Instant,
}

/// The caches of a context. The credentials of one context are always of one account, so they
/// outlive a reconnect.
pub(super) struct Caches {
    /// Service deployments that are over.
    pub(super) records: Bounded<ServiceDeploymentArn, ServiceDeployment>,
    /// Service revisions.
    pub(super) revisions: Bounded<ServiceRevisionArn, RevisionFacts>,
    /// Stopped tasks.
    pub(super) stopped_tasks: Bounded<TaskArn, Task>,
    /// CodeDeploy deployments that are over, by id.
    pub(super) ended_deployments: Bounded<String, EndedDeployment>,
    /// The ids of the targets of CodeDeploy deployments, by the deployment's id.
    pub(super) deployment_targets: Bounded<String, Vec<String>>,
    /// What deployment configurations say, by name.
    pub(super) routings: Bounded<String, Option<TrafficRouting>>,
    /// The task definition of each AppSpec, by application and SHA-256.
    pub(super) app_specs: Bounded<AppSpecKey, Option<TaskDefinitionArn>>,
    /// The alarms of the group of a deployment in flight, by the deployment's id.
    pub(super) group_alarms: Bounded<String, Vec<String>>,
    /// Target groups by name.
    pub(super) target_groups: Bounded<String, TargetGroupArn>,
    /// What sends requests to target groups.
    pub(super) routes_behind: Bounded<TargetGroupArn, RoutesBehind>,
    /// Calls that are not made for a while, by operation and what they are about.
    pub(super) spared: Bounded<(&'static str, String), Spared>,
}

impl Default for Caches {
    fn default() -> Self {
        Self {
            records: Bounded::new(KEPT),
            revisions: Bounded::new(KEPT),
            stopped_tasks: Bounded::new(KEPT),
            ended_deployments: Bounded::new(KEPT),
            deployment_targets: Bounded::new(KEPT),
            routings: Bounded::new(KEPT),
            app_specs: Bounded::new(KEPT),
            group_alarms: Bounded::new(KEPT),
            target_groups: Bounded::new(KEPT),
            routes_behind: Bounded::new(KEPT),
            spared: Bounded::new(KEPT),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_entry_makes_room() {
        let mut map = Bounded::new(2);
        map.insert(1, "a");
        map.insert(2, "b");
        map.insert(1, "c");
        map.insert(3, "d");
        assert_eq!(map.get(&1), None);
        assert_eq!((map.get(&2), map.get(&3)), (Some(&"b"), Some(&"d")));
        assert!(!map.contains(&1));
    }
}
