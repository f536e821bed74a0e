//! What load balancers do and what alarms say about the two sides of releases.

use jiff::Timestamp;

use super::Store;
use crate::domain::alarm::Alarm;
use crate::domain::arn::{ServiceArn, TargetGroupArn};
use crate::domain::remote::Remote;
use crate::domain::service::Service;
use crate::domain::traffic::Traffic;

/// The target groups of a service's task sets.
pub(super) fn target_groups(service: &Service) -> Vec<TargetGroupArn> {
    let sets = service.task_sets.iter();
    sets.filter_map(|set| set.target_group.clone()).collect()
}

impl Store {
    /// CodeDeploy names target groups without their ARNs; a task set has the ARN, which has the name.
    pub(super) fn name_target_groups(&mut self, groups: Vec<TargetGroupArn>) {
        for arn in groups {
            if let Some(name) = arn.target_group_name() {
                self.traffic.groups.insert(name.to_owned(), arn);
            }
        }
    }

    pub(super) fn take_traffic(&mut self, read: Traffic, gone: &[String], asked_at: Timestamp) {
        for arn in gone {
            if self.is_news(arn, asked_at) {
                self.traffic.weights.remove(arn);
                self.traffic.health.retain(|group, _| group.as_str() != arn);
                self.traffic.groups.retain(|_, group| group.as_str() != arn);
                self.traffic.behind.retain(|group, routes| {
                    routes.retain(|route| route != arn);
                    group.as_str() != arn
                });
            }
        }
        for (route, weights) in read.weights {
            if self.is_news(&route, asked_at) {
                self.traffic.weights.insert(route, weights);
            }
        }
        for (group, health) in read.health {
            if self.is_news(group.as_str(), asked_at) {
                self.traffic.health.insert(group, health);
            }
        }
        self.traffic.groups.extend(read.groups);
        self.traffic.behind.extend(read.behind);
        self.assemble_in_flight();
    }

    pub(super) fn take_alarms(&mut self, alarms: Vec<Alarm>, gone: &[String], asked_at: Timestamp) {
        for name in gone {
            if self.is_news(name, asked_at) {
                self.alarms.remove(name);
            }
        }
        for alarm in alarms {
            if self.is_news(&alarm.name, asked_at) {
                self.alarms.insert(alarm.name.clone(), alarm);
            }
        }
        self.assemble_in_flight();
    }

    /// Whether nothing newer is known of a rule, a listener, a target group or an alarm.
    fn is_news(&mut self, name: &str, asked_at: Timestamp) -> bool {
        let known = self.sides_read_at.get(name).copied();
        if known.is_some_and(|known| known > asked_at) {
            return false;
        }
        self.sides_read_at.insert(name.to_owned(), asked_at);
        true
    }

    /// Only a release in flight has sides that load balancers and alarms tell something new about.
    fn assemble_in_flight(&mut self) {
        let services = self.services.iter();
        let moving: Vec<ServiceArn> = services
            .filter_map(|(arn, service)| Some((arn, Remote::value(service)?)))
            .filter(|(arn, service)| {
                let newest = self.newest_release(arn);
                service.is_moving() || newest.is_some_and(|release| !release.status.is_over())
            })
            .map(|(arn, _)| arn.clone())
            .collect();
        for arn in moving {
            self.assemble(&arn);
        }
    }
}

#[cfg(test)]
mod tests;
