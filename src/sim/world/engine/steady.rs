//! Services that are put into the world at rest, as if they had run for a while. This is how a
//! scenario begins, and how a fleet of thousands is built at once.

use std::sync::Arc;

use super::service::NewService;
use crate::sim::clock::SimTime;
use crate::sim::world::Region;
use crate::sim::world::behaviour::Behaviour;
use crate::sim::world::ids::{ServiceNumber, TaskNumber};
use crate::sim::world::task::{ContainerStatus, Health, Task, TaskStatus};
use crate::sim::world::task_definition::TaskDefinition;

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
            return self.create_service(new, definition);
        }
        let (desired, number) = (new.desired, self.insert_service(new)?);
        self.deploy(number, definition);
        self.begin_release(number, 0);
        for _ in 0..desired {
            let task = self.new_task(number)?;
            self.make_running(task);
        }
        self.conclude(number);
        Some(number)
    }

    fn make_running(&mut self, number: TaskNumber) {
        let now = self.ecs.now;
        if let Some(task) = self.ecs.tasks.get_mut(&number) {
            mark_running(task, now);
        }
        self.open_output(number);
    }
}

fn mark_running(task: &mut Task, now: SimTime) {
    task.status = TaskStatus::Running;
    task.healthy = true;
    task.times.pull_started = Some(now);
    task.times.pull_stopped = Some(now);
    task.times.started = Some(now);
    for (container, spec) in task.containers.iter_mut().zip(&task.definition.containers) {
        container.status = ContainerStatus::Running;
        if spec.health_check.is_some() {
            container.health = Health::Healthy;
        }
    }
}
