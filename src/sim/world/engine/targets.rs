//! The tasks of a service as targets of its load balancers.

use crate::sim::world::Region;
use crate::sim::world::elb::TargetState;
use crate::sim::world::ids::TaskNumber;
use crate::sim::world::task::Task;

/// The port of a load balancer of a service that doesn't say one.
const USUAL_PORT: u16 = 80;

impl Region {
    /// The target groups that a task belongs to, by ARN, each with the port of its container: those
    /// of its service revision.
    pub(crate) fn target_groups_of(&self, number: TaskNumber) -> Vec<(String, u16)> {
        let Some(task) = self.ecs.tasks.get(&number) else {
            return Vec::new();
        };
        let Some(service) = self.ecs.services.get(&task.service) else {
            return Vec::new();
        };
        let Some(revision) = service.revision(task.revision) else {
            return Vec::new();
        };
        revision
            .balancers()
            .filter_map(|one| {
                let group = revision.group_of(one)?.to_owned();
                let port = one.get("containerPort").and_then(serde_json::Value::as_u64);
                let port = port.and_then(|port| u16::try_from(port).ok());
                Some((group, port.unwrap_or(USUAL_PORT)))
            })
            .collect()
    }

    /// Lets the load balancers see how a task is.
    pub(super) fn set_targets(&mut self, number: TaskNumber, state: TargetState) {
        let Some(id) = self.ecs.tasks.get(&number).map(target_id) else {
            return;
        };
        for (group, port) in self.target_groups_of(number) {
            self.elb.set_target(&group, &id, port, state);
        }
    }

    /// A task gets traffic from now on: its load balancers begin to check it.
    pub(super) fn register_targets(&mut self, number: TaskNumber) {
        self.set_targets(number, TargetState::Initial);
        self.log_targets(number, "registered");
    }

    /// A task gets no more traffic; gives whether it had any.
    pub(super) fn deregister_targets(&mut self, number: TaskNumber) -> bool {
        let started = self
            .ecs
            .tasks
            .get(&number)
            .is_some_and(|task| task.times.started.is_some());
        if started {
            self.set_targets(number, TargetState::Draining);
        }
        started && self.log_targets(number, "deregistered")
    }

    /// The connections of a task have drained: its load balancers know it no more.
    pub(super) fn remove_targets(&mut self, number: TaskNumber) {
        let Some(id) = self.ecs.tasks.get(&number).map(target_id) else {
            return;
        };
        for (group, _) in self.target_groups_of(number) {
            self.elb.remove_target(&group, &id);
        }
    }

    fn log_targets(&mut self, number: TaskNumber, what: &str) -> bool {
        let Some(service) = self.ecs.tasks.get(&number).map(|task| task.service) else {
            return false;
        };
        let groups = self.target_groups_of(number);
        for (group, _) in &groups {
            self.log_event(
                service,
                &format!("{what} 1 targets in (target-group {group})"),
            );
        }
        if what == "deregistered" && !groups.is_empty() {
            self.log_event(service, "has begun draining connections on 1 tasks.");
        }
        !groups.is_empty()
    }
}

/// What load balancers call a task: the address of its network interface, or the instance that it
/// runs on when it has none of its own.
fn target_id(task: &Task) -> String {
    match &task.interface {
        Some(interface) => interface.address.clone(),
        None => format!("i-0{}", task.id.get(..16).unwrap_or_default()),
    }
}
