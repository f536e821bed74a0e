//! Elastic Load Balancing in one account and region: load balancers, listeners, rules and target
//! groups. Their weights and the health of their targets are what is real; what a deployment asks
//! for is told by ECS.

pub mod balancer;
pub mod stand;
pub mod target_group;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use balancer::{Action, Forward, Listener, LoadBalancer, Priority, Rule};
pub use stand::Stand;
pub use target_group::{TargetGroup, TargetState, Targets};

/// Everything that Elastic Load Balancing knows, by ARN.
#[derive(Clone, Debug, Default)]
pub struct Elb {
    /// Load balancers.
    pub load_balancers: BTreeMap<String, LoadBalancer>,
    /// Listeners.
    pub listeners: BTreeMap<String, Listener>,
    /// Rules, also the default rule of each listener.
    pub rules: BTreeMap<String, Rule>,
    /// Target groups.
    pub target_groups: BTreeMap<String, TargetGroup>,
    /// What was put up by [`Elb::stand`].
    stands: Vec<Stand>,
}

impl Elb {
    /// A target group.
    pub fn target_group(&self, arn: &str) -> Option<&TargetGroup> {
        self.target_groups.get(arn)
    }

    /// The target group with this name.
    pub fn target_group_named(&self, name: &str) -> Option<&TargetGroup> {
        self.target_groups.values().find(|one| one.name == name)
    }

    /// The weights of a rule, or of a listener's default action: the ARN of each target group and
    /// its weight, 0 to 999. None when there is no such rule or listener, or it forwards nothing.
    pub fn weights(&self, rule_or_listener_arn: &str) -> Option<&[(String, u32)]> {
        self.rules
            .get(self.rule_arn(rule_or_listener_arn))?
            .weights()
    }

    /// Sets the weights of a rule, or of a listener's default action; says whether there is one
    /// that forwards.
    pub fn set_weights(&mut self, rule_or_listener_arn: &str, weights: &[(String, u32)]) -> bool {
        let arn = self.rule_arn(rule_or_listener_arn).to_owned();
        self.rules
            .get_mut(&arn)
            .is_some_and(|rule| rule.set_weights(weights))
    }

    /// The rules that name this target group in a forward action, in the order of listeners and
    /// priorities.
    pub fn rules_to(&self, target_group_arn: &str) -> Vec<&Rule> {
        let names = |rule: &&Rule| {
            rule.weights()
                .is_some_and(|weights| weights.iter().any(|(arn, _)| arn == target_group_arn))
        };
        let mut rules: Vec<&Rule> = self.rules.values().filter(names).collect();
        rules.sort_by(|one, other| one.order(other));
        rules
    }

    /// Registers a target, or says how it is now. A target group that isn't there has no targets.
    pub fn set_target(&mut self, target_group_arn: &str, id: &str, port: u16, state: TargetState) {
        if let Some(group) = self.target_groups.get_mut(target_group_arn) {
            group.targets.insert((id.to_owned(), port), state);
        }
    }

    /// Takes a target out of its group, on whatever port.
    pub fn remove_target(&mut self, target_group_arn: &str, id: &str) {
        if let Some(group) = self.target_groups.get_mut(target_group_arn) {
            group.targets.retain(|(one, _), _| one != id);
        }
    }

    /// The ARN of a listener's default rule, or the ARN itself.
    fn rule_arn<'a>(&'a self, rule_or_listener_arn: &'a str) -> &'a str {
        self.listeners
            .get(rule_or_listener_arn)
            .map_or(rule_or_listener_arn, |one| one.default_rule.as_str())
    }
}
