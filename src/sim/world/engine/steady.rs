//! Services that are put into the world at rest, as if they had run for a while. This is how a
//! scenario begins, and how a fleet of thousands is built at once.

use std::sync::Arc;

use super::service::NewService;
use crate::sim::world::Region;
use crate::sim::world::behaviour::Behaviour;
use crate::sim::world::elb::TargetState;
use crate::sim::world::ids::{ServiceNumber, TaskNumber};
use crate::sim::world::service::Service;
use crate::sim::world::task::{ContainerStatus, Health, Task, TaskStatus};
use crate::sim::world::task_definition::TaskDefinition;

/// Milliseconds from the beginning of a first deployment to its end.
const ROLLOUT: i64 = 45_000;

impl Region {
    /// Adds a service whose first deployment completed now: its tasks run and are healthy.
    /// Images that can't run at rest (those that crash, and so on) are started as usual instead.
    pub fn settle_service(
        &mut self,
        new: NewService,
        definition: &Arc<TaskDefinition>,
    ) -> Option<ServiceNumber> {
        let restless = definition.containers.iter().any(|spec| {
            let behaviour = self.ecs.image_rule(&spec.image).behaviour;
            !matches!(
                behaviour,
                Behaviour::Healthy | Behaviour::Errors | Behaviour::Slow
            )
        });
        if restless {
            return self.create_service(new, Some(definition));
        }
        let now = self.ecs.now;
        let desired = new.desired;
        let with_task_sets = new.controller.has_task_sets();
        // The deployment that made it has a past: it began a little before it completed.
        self.ecs.now = now.plus_millis(-ROLLOUT);
        let number = self.insert_service(new);
        if let Some(number) = number.filter(|_| with_task_sets) {
            self.settle_first_task_set(number, definition);
        } else if let Some(number) = number {
            self.deploy(number, definition);
            self.begin_release(number, 0);
            let service = self.ecs.services.get(&number);
            let primary = service.and_then(Service::primary).map(|one| one.number);
            let tasks = primary
                .into_iter()
                .flat_map(|one| (0..desired).map(move |_| one));
            for primary in tasks {
                if let Some(task) = self.new_task(number, primary) {
                    self.make_running(task);
                }
            }
        }
        self.ecs.now = now;
        self.settle_shift(number?);
        self.conclude_any(number?);
        number
    }

    pub(super) fn make_running(&mut self, number: TaskNumber) {
        if let Some(task) = self.ecs.tasks.get_mut(&number) {
            mark_running(task);
        }
        self.open_output(number);
        self.set_targets(number, TargetState::Healthy);
    }
}

fn mark_running(task: &mut Task) {
    let created = task.times.created;
    task.status = TaskStatus::Running;
    task.healthy = true;
    task.times.pull_started = Some(created.plus_millis(8_000));
    task.times.pull_stopped = Some(created.plus_millis(18_000));
    task.times.started = Some(created.plus_millis(21_000));
    for (container, spec) in task.containers.iter_mut().zip(&task.definition.containers) {
        container.status = ContainerStatus::Running;
        if spec.health_check.is_some() {
            container.health = Health::Healthy;
        }
    }
}
