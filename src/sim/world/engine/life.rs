//! The life of a task from PROVISIONING to RUNNING, and what ends it from within.

use std::sync::Arc;

use super::{Step, timing};
use crate::sim::world::Region;
use crate::sim::world::behaviour::Behaviour;
use crate::sim::world::elb::TargetState;
use crate::sim::world::ids::TaskNumber;
use crate::sim::world::task::{ContainerStatus, Health, Stop, StopCode, TaskStatus};

impl Region {
    /// A task takes a step. Steps that no longer fit (the task was stopped meanwhile) are let go.
    pub(super) fn step(&mut self, number: TaskNumber, step: Step) {
        let Some(task) = self.ecs.tasks.get_mut(&number) else {
            return;
        };
        task.version = task.version.saturating_add(1);
        let wanted = task.wanted;
        match step {
            Step::StopContainers => self.stop_containers(number),
            Step::Deprovision => self.deprovision(number),
            Step::End => self.end_task(number),
            Step::Exit(position) => self.container_exits(number, position),
            _ if !wanted => {}
            Step::Pull => self.pull(number),
            Step::Pulled => self.pulled(number),
            Step::Run => self.run(number),
            Step::Passed(position) => self.check_passed(number, position),
            Step::Settled => self.settled(number),
            Step::FailedCheck(position) => self.check_failed(number, position),
            Step::FailedTarget => self.target_failed(number),
        }
    }

    fn pull(&mut self, number: TaskNumber) {
        let now = self.ecs.now;
        let Some(task) = self.ecs.tasks.get_mut(&number) else {
            return;
        };
        task.status = TaskStatus::Pending;
        task.times.pull_started = Some(now);
        let definition = Arc::clone(&task.definition);
        self.name_images(definition.images());
        let range = if self.missing_image(number).is_some() {
            timing::PULL_FAILS
        } else {
            timing::PULL
        };
        self.step_after(range, number, Step::Pulled);
    }

    fn pulled(&mut self, number: TaskNumber) {
        let now = self.ecs.now;
        let Some(task) = self.ecs.tasks.get_mut(&number) else {
            return;
        };
        task.times.pull_stopped = Some(now);
        if let Some(position) = self.missing_image(number) {
            return self.pull_failed(number, position);
        }
        self.record_pulls(number);
        let Some(task) = self.ecs.tasks.get_mut(&number) else {
            return;
        };
        task.status = TaskStatus::Activating;
        // An image that is slow to start shows it in its checks; without any it takes longer to
        // become RUNNING.
        let checked = task
            .definition
            .containers
            .iter()
            .any(|spec| spec.health_check.is_some());
        let slow = task
            .containers
            .iter()
            .any(|one| one.rule.behaviour == Behaviour::Slow);
        let service = self.ecs.services.get(&task.service);
        let targets = service.is_some_and(super::super::service::Service::has_load_balancer);
        let unseen = slow && !checked && !targets;
        let range = if unseen {
            timing::SLOW_START
        } else {
            timing::ACTIVATE
        };
        self.step_after(range, number, Step::Run);
    }

    fn pull_failed(&mut self, number: TaskNumber, position: usize) {
        let Some(task) = self.ecs.tasks.get_mut(&number) else {
            return;
        };
        let image = task
            .definition
            .containers
            .get(position)
            .map_or("", |spec| spec.image.as_str());
        let reason = format!(
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): \
             failed to resolve ref {image}: {image}: not found"
        );
        if let Some(container) = task.containers.get_mut(position) {
            container.reason = Some(reason.clone());
        }
        self.task_failed(number);
        self.stop_task(
            number,
            Stop {
                code: StopCode::TaskFailedToStart,
                reason,
            },
        );
    }

    /// The position of the first container whose image can't be pulled.
    fn missing_image(&self, number: TaskNumber) -> Option<usize> {
        let task = self.ecs.tasks.get(&number)?;
        let mut containers = task.containers.iter().zip(&task.definition.containers);
        containers.position(|(container, spec)| {
            container.rule.behaviour == Behaviour::NoPull || self.is_gone(&spec.image)
        })
    }

    fn run(&mut self, number: TaskNumber) {
        let now = self.ecs.now;
        let Some(task) = self.ecs.tasks.get_mut(&number) else {
            return;
        };
        task.status = TaskStatus::Running;
        task.times.started = Some(now);
        let service = task.service;
        for container in &mut task.containers {
            container.status = ContainerStatus::Running;
        }
        self.open_output(number);
        self.register_targets(number);
        self.foresee(number);
        self.wake(service);
    }

    fn check_passed(&mut self, number: TaskNumber, position: usize) {
        let Some(task) = self.ecs.tasks.get_mut(&number) else {
            return;
        };
        if let Some(container) = task.containers.get_mut(position) {
            container.health = Health::Healthy;
        }
    }

    fn settled(&mut self, number: TaskNumber) {
        let Some(task) = self.ecs.tasks.get_mut(&number) else {
            return;
        };
        task.healthy = true;
        let service = task.service;
        self.set_targets(number, TargetState::Healthy);
        self.task_succeeded(number);
        self.wake(service);
    }

    fn check_failed(&mut self, number: TaskNumber, position: usize) {
        let Some(task) = self.ecs.tasks.get_mut(&number) else {
            return;
        };
        if let Some(container) = task.containers.get_mut(position) {
            container.health = Health::Unhealthy;
        }
        let (service, id) = (task.service, task.id.clone());
        self.log_event(
            service,
            &format!("(task {id}) failed container health checks."),
        );
        let reason = "Task failed container health checks".to_owned();
        self.task_failed(number);
        self.stop_task(
            number,
            Stop {
                code: StopCode::ServiceSchedulerInitiated,
                reason,
            },
        );
    }

    fn target_failed(&mut self, number: TaskNumber) {
        self.set_targets(number, TargetState::Unhealthy);
        let groups = self.target_groups_of(number);
        let (group, port) = groups.into_iter().next().unwrap_or_default();
        let Some(task) = self.ecs.tasks.get(&number) else {
            return;
        };
        let (service, id) = (task.service, task.id.clone());
        self.log_event(
            service,
            &format!(
                "(task {id}) (port {port}) is unhealthy in (target-group {group}) due to \
                 (reason Health checks failed with these codes: [503])."
            ),
        );
        let reason = format!("Task failed ELB health checks in (target-group {group})");
        self.task_failed(number);
        self.stop_task(
            number,
            Stop {
                code: StopCode::ServiceSchedulerInitiated,
                reason,
            },
        );
    }

    fn container_exits(&mut self, number: TaskNumber, position: usize) {
        let Some(task) = self.ecs.tasks.get_mut(&number) else {
            return;
        };
        let essential = task
            .definition
            .containers
            .get(position)
            .is_some_and(|one| one.essential);
        let wanted = task.wanted;
        let Some(container) = task.containers.get_mut(position) else {
            return;
        };
        if container.status != ContainerStatus::Running {
            return;
        }
        container.status = ContainerStatus::Stopped;
        let mut reason = "Essential container in task exited";
        if container.rule.behaviour == Behaviour::OutOfMemory {
            reason = "OutOfMemoryError: Container killed due to memory usage";
            container.exit_code = Some(137);
            container.reason = Some(reason.to_owned());
        } else {
            container.exit_code = Some(1);
        }
        self.last_words(number, position);
        if essential && wanted {
            self.task_failed(number);
            let code = StopCode::EssentialContainerExited;
            self.stop_task(
                number,
                Stop {
                    code,
                    reason: reason.to_owned(),
                },
            );
        }
    }
}
