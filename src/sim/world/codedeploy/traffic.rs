//! Traffic between the two target groups of a deployment.

use super::deployment::{Ending, Next};
use super::lifecycle::Lifecycle;
use super::steps::REROUTE;
use crate::sim::world::Region;

/// Milliseconds of a minute.
const MINUTE: i64 = 60_000;

impl Region {
    /// The ARNs of the target groups of a deployment: that of the original task set, and the other
    /// one of the pair.
    pub(super) fn target_groups_of_deployment(&self, position: usize) -> Option<(String, String)> {
        let deployment = self.codedeploy.deployments.get(position)?;
        let service = self.ecs.services.get(&deployment.service?)?;
        let blue = service.task_set(deployment.blue?)?;
        let present = service
            .revision(blue.revision)?
            .members
            .get("loadBalancers")?
            .pointer("/0/targetGroupArn")?
            .as_str()?;
        let other = deployment
            .settings
            .pair
            .groups
            .iter()
            .filter_map(|name| self.elb.target_group_named(name))
            .find(|group| group.arn != present)?;
        Some((present.to_owned(), other.arn.clone()))
    }

    /// Why the load balancer doesn't let a deployment start: a code of CodeDeploy and its words.
    pub(super) fn listener_problem(&self, position: usize) -> Option<(&'static str, String)> {
        let deployment = self.codedeploy.deployments.get(position)?;
        let pair = &deployment.settings.pair;
        for name in &pair.groups {
            if self.elb.target_group_named(name).is_none() {
                let message = format!("The target group {name} could not be found.");
                return Some(("ELASTIC_LOAD_BALANCING_INVALID", message));
            }
        }
        let Some((blue, _)) = self.target_groups_of_deployment(position) else {
            let message = "The primary task set uses none of the target groups of the deployment \
                           group.";
            return Some(("ELASTIC_LOAD_BALANCING_INVALID", message.to_owned()));
        };
        let behind = self.listener_routes(&pair.production).iter().any(|route| {
            let weights = self.elb.weights(route).unwrap_or_default();
            weights
                .iter()
                .any(|(group, weight)| *group == blue && *weight > 0)
        });
        (!behind).then(|| {
            let message = "Primary taskset target group must be behind listener ";
            (
                "ELASTIC_LOAD_BALANCING_INVALID",
                format!("{message}{}", pair.production),
            )
        })
    }

    /// Why the traffic can't be sent back: somebody has taken both target groups out of the rules of
    /// the listener since.
    pub(super) fn way_back_problem(&self, position: usize) -> Option<(&'static str, String)> {
        let deployment = self.codedeploy.deployments.get(position)?;
        let listener = &deployment.settings.pair.production;
        let (blue, green) = self.target_groups_of_deployment(position)?;
        let leads = self.listener_routes(listener).iter().any(|route| {
            let weights = self.elb.weights(route).unwrap_or_default();
            weights
                .iter()
                .any(|(group, _)| *group == blue || *group == green)
        });
        (!leads).then(|| {
            let message = "Primary taskset target group must be behind listener ";
            (
                "ELASTIC_LOAD_BALANCING_INVALID",
                format!("{message}{listener}"),
            )
        })
    }

    /// The rules of a listener, its default rule too.
    fn listener_routes(&self, listener: &str) -> Vec<String> {
        let rules = self.elb.rules.values();
        rules
            .filter(|rule| rule.listener == listener)
            .map(|rule| rule.arn.clone())
            .collect()
    }

    /// Sends the test traffic to the replacement or back to the original.
    pub(super) fn send_test_traffic(&mut self, position: usize, to_green: bool) {
        let deployment = self.codedeploy.deployments.get(position);
        let listener = deployment.and_then(|one| one.settings.pair.test.clone());
        if let Some(listener) = listener {
            self.send(position, &listener, if to_green { 100 } else { 0 });
        }
    }

    /// Sends this percentage of the production traffic to the replacement.
    pub(super) fn send_production_traffic(&mut self, position: usize, percent: u32) {
        let now = self.ecs.now;
        let Some(deployment) = self.deployment_mut(position) else {
            return;
        };
        deployment.green_weight = percent;
        deployment.updated_at = now;
        let listener = deployment.settings.pair.production.clone();
        self.send(position, &listener, percent);
    }

    fn send(&mut self, position: usize, listener: &str, percent: u32) {
        let Some((blue, green)) = self.target_groups_of_deployment(position) else {
            return;
        };
        let weights = [(blue, 100_u32.saturating_sub(percent)), (green, percent)];
        for route in self.listener_routes(listener) {
            let forwards = self.elb.weights(&route).is_some_and(|present| {
                present
                    .iter()
                    .any(|(group, _)| weights.iter().any(|(own, _)| own == group))
            });
            if forwards {
                self.elb.set_weights(&route, &weights);
            }
        }
    }

    /// Production traffic takes a step. The lifecycle event is over a moment after the last one.
    pub(super) fn shift_production(&mut self, position: usize, step: usize) {
        let Some(deployment) = self.codedeploy.deployments.get(position) else {
            return;
        };
        let pace = deployment.config.pace;
        let weights = pace.weights();
        let Some(weight) = weights.get(step).copied() else {
            return;
        };
        self.send_production_traffic(position, weight);
        let next = step.saturating_add(1);
        if next < weights.len() {
            let wait = i64::from(pace.interval_minutes()).saturating_mul(MINUTE);
            self.plan_step_after(position, wait, Next::Shift(next));
        } else {
            let next = Next::End(Lifecycle::AllowTraffic, Ending::Succeeds);
            self.plan_step(position, REROUTE, next);
        }
    }
}
