//! Target groups and the health of their targets.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// What a load balancer thinks of a target.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum TargetState {
    /// It is registered, and its first health checks are under way.
    Initial,
    /// Its health checks pass.
    Healthy,
    /// Its health checks fail.
    Unhealthy,
    /// It is deregistered, and its open connections end.
    Draining,
}

impl TargetState {
    /// The word of Elastic Load Balancing.
    pub fn word(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Healthy => "healthy",
            Self::Unhealthy => "unhealthy",
            Self::Draining => "draining",
        }
    }
}

/// The targets of a group, by id (an IP address, or the id of an instance) and port.
pub type Targets = BTreeMap<(String, u16), TargetState>;

/// A target group.
#[derive(Clone, Debug)]
pub struct TargetGroup {
    /// `…:targetgroup/name/id`
    pub arn: String,
    /// Unique within the region, at most 32 characters.
    pub name: String,
    /// Other members, as Elastic Load Balancing shows them: protocol, port, health check, and so
    /// on.
    pub members: Map<String, Value>,
    /// Its targets.
    pub targets: Targets,
}

impl TargetGroup {
    /// How many of its targets are in `state`.
    pub fn count(&self, state: TargetState) -> usize {
        self.targets.values().filter(|one| **one == state).count()
    }
}
