//! What CodeDeploy watches while a deployment is under way: the replacement task set, and alarms.

use std::sync::Arc;

use super::deployment::{Ending, Next};
use super::lifecycle::Lifecycle;
use crate::sim::world::Region;
use crate::sim::world::ids::ServiceNumber;
use crate::sim::world::task_definition::TaskDefinition;

impl Region {
    /// The task sets of a service have moved: a deployment that waits for its replacement goes on
    /// once that is steady.
    pub(in crate::sim::world) fn task_sets_moved(&mut self, service: ServiceNumber) {
        let waiting = Next::End(Lifecycle::Install, Ending::TimesOut);
        let position = self.codedeploy.deployments.iter().rposition(|one| {
            one.service == Some(service) && one.next == waiting && !one.status.is_final()
        });
        let Some(position) = position else {
            return;
        };
        let green = self
            .codedeploy
            .deployments
            .get(position)
            .and_then(|one| one.green);
        let steady = self.ecs.services.get(&service).is_some_and(|owner| {
            green
                .and_then(|green| owner.task_set(green))
                .is_some_and(|set| set.steady)
        });
        if steady {
            let next = Next::End(Lifecycle::Install, Ending::Succeeds);
            self.plan_step(position, super::hook::NO_HOOK, next);
        }
    }

    /// Alarms have changed: deployments that they stop are stopped.
    pub(in crate::sim::world) fn alarms_changed_for_codedeploy(&mut self) {
        for position in 0..self.codedeploy.deployments.len() {
            let started = self
                .codedeploy
                .deployments
                .get(position)
                .is_some_and(|one| !one.status.is_final() && one.started_at.is_some());
            if started && let Some(name) = self.firing_alarm(position) {
                self.stop_on_alarm(position, &name);
            }
        }
    }

    /// The first alarm of a deployment that is firing. A rollback goes on whatever fires.
    pub(super) fn firing_alarm(&self, position: usize) -> Option<String> {
        let deployment = self.codedeploy.deployments.get(position)?;
        if deployment.is_rollback() {
            return None;
        }
        let mut alarms = deployment.settings.alarms.iter();
        alarms.find(|name| self.alarms.is_firing(name)).cloned()
    }

    /// The task definition that an `AppSpec` names, or what ECS says about it.
    pub(super) fn definition_to_deploy(&self, name: &str) -> Result<Arc<TaskDefinition>, String> {
        let short = match self.ecs.place.resource(name) {
            Some(resource) => resource
                .strip_prefix("task-definition/")
                .unwrap_or(resource),
            None => name,
        };
        match self.ecs.task_definitions.find(short) {
            Some(definition) if definition.is_active() => Ok(Arc::clone(definition)),
            Some(_) => Err("TaskDefinition is inactive".to_owned()),
            None => Err("TaskDefinition not found.".to_owned()),
        }
    }
}
