//! The service scheduler.

use super::plan::{Plan, Seen, Wish, plan};
use super::{Event, timing};
use crate::sim::clock::SimTime;
use crate::sim::world::Region;
use crate::sim::world::deployment::{ReleaseStatus, RolloutState};
use crate::sim::world::ids::{DeploymentNumber, ServiceNumber, TaskNumber};
use crate::sim::world::rules::{back_off_seconds, unable_after};
use crate::sim::world::service::{Service, ServiceStatus};
use crate::sim::world::task::{Stop, StopCode, TaskStatus};

impl Region {
    /// Lets the scheduler look at a service in a moment.
    pub(super) fn wake(&mut self, service: ServiceNumber) {
        let delay = timing::NOTICE.pick(&mut self.ecs.rng);
        let at = self.ecs.now.plus_millis(delay);
        self.wake_at(service, at);
    }

    /// Lets the scheduler look at a service at `at`, or earlier if it was going to.
    pub(super) fn wake_at(&mut self, number: ServiceNumber, at: SimTime) {
        let Some(service) = self.ecs.services.get_mut(&number) else {
            return;
        };
        if service.wake_at.is_none_or(|planned| planned > at) {
            service.wake_at = Some(at);
            self.ecs.queue.push(at, Event::Wake(number));
        }
    }

    /// The scheduler looks at a service, unless this is a look that an earlier one replaced.
    pub(super) fn wake_up(&mut self, number: ServiceNumber) {
        let now = self.ecs.now;
        let Some(service) = self.ecs.services.get_mut(&number) else {
            return;
        };
        if service.wake_at.is_none_or(|planned| planned > now) {
            return;
        }
        service.wake_at = None;
        let pending = service
            .release()
            .is_some_and(|one| one.status == ReleaseStatus::Pending);
        match service.status {
            // The release wakes the scheduler again when it begins.
            ServiceStatus::Active if pending => {}
            ServiceStatus::Active if service.controller.has_task_sets() => {
                self.reconcile_task_sets(number);
            }
            ServiceStatus::Active => self.reconcile(number),
            ServiceStatus::Draining => self.drain_service(number),
            ServiceStatus::Inactive => {}
        }
    }

    fn reconcile(&mut self, number: ServiceNumber) {
        let Some(service) = self.ecs.services.get(&number) else {
            return;
        };
        if service.keeps_sets() {
            return self.keep_sets(number);
        }
        let next = self.plan_for(service);
        if !next.stop.is_empty() {
            self.scale_in(number, &next.stop);
        }
        if next.start > 0 {
            self.scale_out(number, next.start);
        }
        self.retire_deployments(number);
        self.conclude(number);
    }

    fn plan_for(&self, service: &Service) -> Plan {
        let Some(primary) = service.primary() else {
            return Plan::default();
        };
        let mut seen: Vec<Seen> = self
            .ecs
            .live_tasks(service)
            .filter(|task| task.wanted)
            .map(|task| Seen {
                task: task.number,
                primary: task.deployment == primary.number,
                healthy: task.healthy,
            })
            .collect();
        seen.sort_by_key(|one| one.task);
        let wish = Wish {
            desired: service.desired,
            minimum_healthy_percent: service.settings.minimum_healthy_percent,
            maximum_percent: service.settings.maximum_percent,
            failed: primary.rollout == RolloutState::Failed,
        };
        plan(&wish, &seen)
    }

    pub(super) fn scale_in(&mut self, service: ServiceNumber, tasks: &[TaskNumber]) {
        let Some(owner) = self.ecs.services.get(&service) else {
            return;
        };
        let id = owner.primary().map_or("", |primary| primary.id.as_str());
        let reason = format!("Scaling activity initiated by (deployment {id})");
        let names = self.task_list(tasks);
        self.log_event(
            service,
            &format!("has stopped {} running tasks: {names}.", tasks.len()),
        );
        for task in tasks {
            let code = StopCode::ServiceSchedulerInitiated;
            self.stop_task(
                *task,
                Stop {
                    code,
                    reason: reason.clone(),
                },
            );
        }
    }

    fn scale_out(&mut self, number: ServiceNumber, wanted: u32) {
        let service = self.ecs.services.get(&number);
        let primary = service.and_then(Service::primary).map(|one| one.number);
        if let Some(primary) = primary {
            self.scale_out_of(number, primary, wanted);
        }
    }

    /// Starts so many tasks of a deployment, as far as there is room.
    pub(super) fn scale_out_of(
        &mut self,
        number: ServiceNumber,
        deployment: DeploymentNumber,
        wanted: u32,
    ) {
        let now = self.ecs.now;
        let Some(service) = self.ecs.services.get(&number) else {
            return;
        };
        let resume_at = service
            .deployments
            .iter()
            .find(|one| one.number == deployment)
            .map_or(now, |one| one.resume_at);
        if resume_at > now {
            return self.wake_at(number, resume_at);
        }
        let room = self.room(service);
        let tasks: Vec<TaskNumber> = (0..wanted.min(room))
            .filter_map(|_| self.start_task(number, deployment))
            .collect();
        if let Some(service) = self.ecs.services.get_mut(&number) {
            service.steady = service.steady && tasks.is_empty();
        }
        if !tasks.is_empty() {
            let names = self.task_list(&tasks);
            self.log_event(
                number,
                &format!("has started {} tasks: {names}.", tasks.len()),
            );
        }
        if room < wanted {
            self.placement_failed(number, deployment);
        }
    }

    /// How many more tasks fit into the cluster of a service.
    pub(super) fn room(&self, service: &Service) -> u32 {
        let Some(cluster) = self.ecs.clusters.get(&service.cluster) else {
            return 0;
        };
        let Some(capacity) = cluster.capacity else {
            return u32::MAX;
        };
        let tasks = cluster
            .tasks
            .iter()
            .filter_map(|number| self.ecs.tasks.get(number));
        let used = tasks
            .filter(|task| task.status != TaskStatus::Stopped)
            .count();
        capacity.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX))
    }

    /// Says in the event log that the cluster is full.
    pub(super) fn log_no_room(&mut self, number: ServiceNumber) {
        self.log_event(
            number,
            "was unable to place a task. Reason: Capacity is unavailable at this time. Please try \
             again later or in a different availability zone. For more information, see the \
             Troubleshooting section of the Amazon ECS Developer Guide.",
        );
    }

    fn placement_failed(&mut self, number: ServiceNumber, deployment: DeploymentNumber) {
        self.log_no_room(number);
        let delay = timing::PLACE_AGAIN.pick(&mut self.ecs.rng);
        let resume_at = self.ecs.now.plus_millis(delay);
        let service = self.ecs.services.get_mut(&number);
        let starved = service
            .into_iter()
            .flat_map(|service| &mut service.deployments)
            .find(|one| one.number == deployment);
        if let Some(starved) = starved {
            starved.resume_at = resume_at;
        }
        self.wake_at(number, resume_at);
    }

    /// The tasks as event logs name them.
    pub(super) fn task_list(&self, tasks: &[TaskNumber]) -> String {
        let names: Vec<String> = tasks
            .iter()
            .filter_map(|number| self.ecs.tasks.get(number))
            .map(|task| format!("(task {})", task.id))
            .collect();
        names.join(" ")
    }

    /// A task has failed before its time: the breaker counts it, and the scheduler slows down.
    pub(super) fn task_failed(&mut self, number: TaskNumber) {
        if self.task_of_set_failed(number) {
            return;
        }
        let now = self.ecs.now;
        let Some(task) = self.ecs.tasks.get(&number) else {
            return;
        };
        let (owner, deployment) = (task.service, task.deployment);
        let Some(service) = self.ecs.services.get_mut(&owner) else {
            return;
        };
        service.steady = false;
        let desired = service.desired;
        let primary = service.primary().map(|one| one.number);
        let Some(failing) = service.starting_mut(deployment) else {
            return;
        };
        failing.failures_in_row = failing.failures_in_row.saturating_add(1);
        let seconds = back_off_seconds(failing.failures_in_row, desired);
        failing.resume_at = now.plus_millis(i64::from(seconds).saturating_mul(1000));
        failing.updated_at = now;
        let struggling = failing.failures_in_row == unable_after(desired);
        let rolling = Some(deployment) == primary && failing.rollout == RolloutState::InProgress;
        if rolling {
            failing.failed_tasks = failing.failed_tasks.saturating_add(1);
        }
        if struggling {
            self.log_event(
                owner,
                "is unable to consistently start tasks successfully. For more information, see \
                 the Troubleshooting section of the Amazon ECS Developer Guide.",
            );
        }
        if rolling {
            self.count_failure(owner);
        }
    }

    /// A task has passed every check: failures before it are forgiven.
    pub(super) fn task_succeeded(&mut self, number: TaskNumber) {
        self.task_of_set_succeeded(number);
        let Some(task) = self.ecs.tasks.get(&number) else {
            return;
        };
        let deployment = task.deployment;
        let Some(service) = self.ecs.services.get_mut(&task.service) else {
            return;
        };
        let resets = service
            .settings
            .breaker
            .reset_on_healthy_task
            .unwrap_or(true);
        let primary = service.primary().map(|one| one.number);
        let Some(healing) = service.starting_mut(deployment) else {
            return;
        };
        healing.failures_in_row = 0;
        let rolling = Some(deployment) == primary && healing.rollout == RolloutState::InProgress;
        if resets && rolling {
            healing.failed_tasks = 0;
            if let Some(release) = service.release_mut().filter(|one| !one.triggered) {
                release.failure_count = 0;
            }
        }
    }
}
