//! The end of a task, from the decision to STOPPED.

use super::{Step, timing};
use crate::sim::world::Region;
use crate::sim::world::ids::TaskNumber;
use crate::sim::world::task::{ContainerStatus, Stop, TaskStatus};

impl Region {
    /// Decides that a task stops. A task that is already stopping goes on as it was.
    pub(crate) fn stop_task(&mut self, number: TaskNumber, stop: Stop) {
        let now = self.ecs.now;
        let Some(task) = self.ecs.tasks.get_mut(&number) else {
            return;
        };
        if !task.wanted {
            return;
        }
        task.wanted = false;
        task.healthy = false;
        task.stop = Some(stop);
        task.times.stopping = Some(now);
        task.version = task.version.saturating_add(1);
        let service = task.service;
        if task.status < TaskStatus::Activating {
            self.deprovision(number);
        } else {
            let drains = task.status == TaskStatus::Running
                && task
                    .containers
                    .iter()
                    .all(|one| one.status == ContainerStatus::Running);
            task.status = TaskStatus::Deactivating;
            let range = if self.deregister_targets(number) && drains {
                timing::DRAIN
            } else {
                timing::DEACTIVATE
            };
            self.step_after(range, number, Step::StopContainers);
        }
        self.wake(service);
    }

    pub(super) fn stop_containers(&mut self, number: TaskNumber) {
        self.note_stop(number);
        self.remove_targets(number);
        if let Some(task) = self.ecs.tasks.get_mut(&number) {
            task.status = TaskStatus::Stopping;
            self.step_after(timing::STOP_CONTAINERS, number, Step::Deprovision);
        }
    }

    pub(super) fn deprovision(&mut self, number: TaskNumber) {
        let now = self.ecs.now;
        self.close_output(number);
        let Some(task) = self.ecs.tasks.get_mut(&number) else {
            return;
        };
        task.status = TaskStatus::Deprovisioning;
        for container in &mut task.containers {
            if container.status == ContainerStatus::Running {
                container.exit_code = Some(0);
            }
            container.status = ContainerStatus::Stopped;
        }
        if task.times.started.is_some() {
            task.times.execution_stopped = Some(now);
        }
        self.step_after(timing::DEPROVISION, number, Step::End);
    }

    pub(super) fn end_task(&mut self, number: TaskNumber) {
        let now = self.ecs.now;
        let Some(task) = self.ecs.tasks.get_mut(&number) else {
            return;
        };
        task.status = TaskStatus::Stopped;
        task.times.stopped = Some(now);
        let service = task.service;
        if let Some(interface) = &task.interface {
            let held = (service, interface.address.clone());
            self.ecs.addresses.remove(&held);
        }
        if let Some(service) = self.ecs.services.get_mut(&service) {
            service.tasks.remove(&number);
        }
        self.forget_task_later(number);
        self.wake(service);
    }
}
