//! Load balancers, their listeners and their rules.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::Elb;
use crate::sim::clock::SimTime;
use crate::sim::rng::Rng;

/// A load balancer.
#[derive(Clone, Debug)]
pub struct LoadBalancer {
    /// `…:loadbalancer/app/name/id`
    pub arn: String,
    /// Unique within the region, at most 32 characters.
    pub name: String,
    /// When it was made.
    pub created_at: SimTime,
    /// Other members, as Elastic Load Balancing shows them: scheme, type, zones, and so on.
    pub members: Map<String, Value>,
}

/// A port on which a load balancer takes requests.
#[derive(Clone, Debug)]
pub struct Listener {
    /// `…:listener/app/name/id/id`
    pub arn: String,
    /// The ARN of its load balancer.
    pub load_balancer: String,
    /// 1 to 65535.
    pub port: u16,
    /// `HTTP`, `HTTPS`, and so on.
    pub protocol: String,
    /// The ARN of its default rule, which holds its default actions.
    pub default_rule: String,
    /// Other members, as Elastic Load Balancing shows them: certificates, policy.
    pub members: Map<String, Value>,
}

/// The place of a rule among those of its listener. The default rule comes last.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// 1 to 50000.
    Number(u32),
    /// The rule that takes what no other rule takes.
    Default,
}

impl Priority {
    /// The word or number of Elastic Load Balancing.
    pub fn word(self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Default => "default".to_owned(),
        }
    }
}

/// Where a rule sends requests.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// To target groups, by weight.
    Forward(Forward),
    /// Something else, as Elastic Load Balancing shows it: a redirect, a fixed response.
    Other(Value),
}

/// Target groups and what share of the requests each gets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forward {
    /// The ARN of each target group and its weight, 0 to 999.
    pub weights: Vec<(String, u32)>,
    /// `TargetGroupStickinessConfig`, as Elastic Load Balancing shows it.
    pub stickiness: Option<Value>,
    /// Its place among the actions of the rule, if somebody gave one.
    pub order: Option<u64>,
}

/// A rule of a listener.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `…:listener-rule/app/name/id/id/id`
    pub arn: String,
    /// The ARN of its listener.
    pub listener: String,
    /// Its place among the rules of the listener.
    pub priority: Priority,
    /// Its conditions, structures of the service model; none for the default rule.
    pub conditions: Vec<Value>,
    /// What it does, in order.
    pub actions: Vec<Action>,
}

impl Rule {
    /// The weights of its forward action; none when it forwards nothing.
    pub fn weights(&self) -> Option<&[(String, u32)]> {
        self.actions.iter().find_map(|action| match action {
            Action::Forward(forward) => Some(forward.weights.as_slice()),
            Action::Other(_) => None,
        })
    }

    /// Sets the weights of its forward action; says whether it has one.
    pub fn set_weights(&mut self, weights: &[(String, u32)]) -> bool {
        let forward = self.actions.iter_mut().find_map(|action| match action {
            Action::Forward(forward) => Some(forward),
            Action::Other(_) => None,
        });
        forward
            .map(|forward| forward.weights = weights.to_vec())
            .is_some()
    }

    /// The order in which Elastic Load Balancing lists rules: by listener, then by priority.
    pub fn order(&self, other: &Self) -> Ordering {
        (&self.listener, self.priority).cmp(&(&other.listener, other.priority))
    }
}

impl Elb {
    /// Adds a listener and its default rule; `listener` may leave out both ARNs. Gives its ARN.
    pub fn add_listener(
        &mut self,
        rng: &mut Rng,
        mut listener: Listener,
        default_actions: Vec<Action>,
    ) -> String {
        let parent = listener
            .load_balancer
            .replacen(":loadbalancer/", ":listener/", 1);
        let arn = format!("{parent}/{}", rng.hex(16));
        let default = Priority::Default;
        listener.default_rule = self.add_rule(rng, &arn, default, Vec::new(), default_actions);
        listener.arn.clone_from(&arn);
        self.listeners.insert(arn.clone(), listener);
        arn
    }

    /// Adds a rule to a listener; gives its ARN.
    pub fn add_rule(
        &mut self,
        rng: &mut Rng,
        listener: &str,
        priority: Priority,
        conditions: Vec<Value>,
        actions: Vec<Action>,
    ) -> String {
        let parent = listener.replacen(":listener/", ":listener-rule/", 1);
        let arn = format!("{parent}/{}", rng.hex(16));
        self.rules.insert(
            arn.clone(),
            Rule {
                arn: arn.clone(),
                listener: listener.to_owned(),
                priority,
                conditions,
                actions,
            },
        );
        arn
    }
}
