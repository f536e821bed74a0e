//! The scheduler of services that have task sets: each set gets its share of the desired count.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::begin::revision_members;
use super::timing;
use crate::sim::clock::SimTime;
use crate::sim::world::Region;
use crate::sim::world::ids::{DeploymentNumber, ServiceNumber, TaskNumber};
use crate::sim::world::rules::back_off_seconds;
use crate::sim::world::service::Service;
use crate::sim::world::task::{Stop, StopCode, Task};
use crate::sim::world::task_definition::TaskDefinition;
use crate::sim::world::task_set::{TaskSet, TaskSetStatus};

/// A task set as somebody describes it.
#[derive(Clone, Debug)]
pub struct NewTaskSet {
    /// What its tasks run.
    pub definition: Arc<TaskDefinition>,
    /// Its load balancers, network, launch type, and so on, as ECS shows them.
    pub members: Map<String, Value>,
    /// Percent of the desired count, 0 to 100.
    pub scale: f64,
    /// `CODE_DEPLOY` when a CodeDeploy deployment makes it.
    pub started_by: Option<String>,
    /// The id of that deployment, or what an external controller calls it.
    pub external_id: Option<String>,
    /// Tags, a list of `{key, value}`.
    pub tags: Vec<Value>,
    /// PRIMARY for the first one of a service that CodeDeploy will deploy, otherwise ACTIVE.
    pub status: TaskSetStatus,
}

impl Region {
    /// Gives a service that task sets run its first one: all of the desired count, PRIMARY, with
    /// the members of the service.
    pub(super) fn create_first_task_set(
        &mut self,
        service: ServiceNumber,
        definition: &Arc<TaskDefinition>,
    ) -> Option<DeploymentNumber> {
        let members = revision_members(self.ecs.services.get(&service)?);
        let new = NewTaskSet {
            definition: Arc::clone(definition),
            members,
            scale: 100.0,
            started_by: None,
            external_id: None,
            tags: Vec::new(),
            status: TaskSetStatus::Primary,
        };
        self.create_task_set(service, new)
    }

    /// The same for a service that is at rest: the tasks of the set run and are healthy.
    pub(super) fn settle_first_task_set(
        &mut self,
        service: ServiceNumber,
        definition: &Arc<TaskDefinition>,
    ) {
        let Some(set) = self.create_first_task_set(service, definition) else {
            return;
        };
        let desired = self.ecs.services.get(&service).map_or(0, |one| one.desired);
        for _ in 0..desired {
            if let Some(task) = self.new_task(service, set) {
                self.make_running(task);
            }
        }
    }

    /// Adds a task set to a service, and lets its tasks start.
    pub(crate) fn create_task_set(
        &mut self,
        service: ServiceNumber,
        new: NewTaskSet,
    ) -> Option<DeploymentNumber> {
        let number = self.insert_task_set(service, new)?;
        self.wake(service);
        Some(number)
    }

    /// Adds a task set to a service that has no task yet.
    pub(super) fn insert_task_set(
        &mut self,
        service: ServiceNumber,
        new: NewTaskSet,
    ) -> Option<DeploymentNumber> {
        let now = self.ecs.now;
        let id = format!("ecs-svc/{}", self.ecs.rng.digits(19));
        let revision = self.new_revision_of(service, &new.definition, new.members);
        let arn = self.history_arn("task-set", service, &id);
        let owner = self.ecs.services.get_mut(&service)?;
        let number = DeploymentNumber(owner.deployment_count);
        owner.deployment_count = owner.deployment_count.saturating_add(1);
        owner.steady = false;
        owner.task_sets.push(TaskSet {
            number,
            id,
            arn,
            revision,
            definition: new.definition,
            started_by: new.started_by,
            external_id: new.external_id,
            status: new.status,
            scale: new.scale,
            created_at: now,
            updated_at: now,
            steady: false,
            steady_at: now,
            failures_in_row: 0,
            resume_at: now,
            tags: new.tags,
        });
        Some(number)
    }

    /// Gives a task set another share of the desired count, in percent from 0 to 100.
    pub(crate) fn scale_task_set(
        &mut self,
        service: ServiceNumber,
        number: DeploymentNumber,
        scale: f64,
    ) {
        let now = self.ecs.now;
        if let Some(set) = self.task_set_mut(service, number) {
            set.scale = scale;
            set.updated_at = now;
        }
        self.unsettle(service, number);
        self.wake(service);
    }

    /// Deletes a task set: its tasks stop, and then it is gone.
    pub(crate) fn delete_task_set(&mut self, service: ServiceNumber, number: DeploymentNumber) {
        let now = self.ecs.now;
        if let Some(set) = self.task_set_mut(service, number) {
            set.status = TaskSetStatus::Draining;
            set.updated_at = now;
        }
        self.unsettle(service, number);
        self.wake(service);
    }

    /// Makes a task set the PRIMARY one of its service, which takes over its members.
    pub(crate) fn make_primary(&mut self, service: ServiceNumber, number: DeploymentNumber) {
        let now = self.ecs.now;
        let Some(owner) = self.ecs.services.get_mut(&service) else {
            return;
        };
        for set in &mut owner.task_sets {
            let wanted = if set.number == number {
                TaskSetStatus::Primary
            } else {
                TaskSetStatus::Active
            };
            if set.status != TaskSetStatus::Draining && set.status != wanted {
                set.status = wanted;
                set.updated_at = now;
            }
        }
        let members = owner
            .task_set(number)
            .and_then(|set| owner.revision(set.revision))
            .map(|revision| revision.members.clone());
        for (name, value) in members.into_iter().flatten() {
            owner.members.insert(name, value);
        }
    }

    /// Says that a service is steady once it is so, whoever deploys it.
    pub(super) fn conclude_any(&mut self, service: ServiceNumber) {
        let owner = self.ecs.services.get(&service);
        if owner.is_some_and(|owner| owner.controller.has_task_sets()) {
            self.reconcile_task_sets(service);
        } else {
            self.conclude(service);
        }
    }

    /// Starts and stops tasks until each task set has its share.
    pub(super) fn reconcile_task_sets(&mut self, service: ServiceNumber) {
        for number in self.task_set_numbers(service) {
            self.reconcile_task_set(service, number);
        }
        self.forget_drained(service);
        for number in self.task_set_numbers(service) {
            self.note_stability(service, number);
        }
        self.note_steady_service(service);
        self.task_sets_moved(service);
    }

    fn task_set_numbers(&self, service: ServiceNumber) -> Vec<DeploymentNumber> {
        let sets = self.ecs.services.get(&service).map(|one| &one.task_sets);
        sets.into_iter().flatten().map(|set| set.number).collect()
    }

    fn task_set_mut(
        &mut self,
        service: ServiceNumber,
        number: DeploymentNumber,
    ) -> Option<&mut TaskSet> {
        let sets = &mut self.ecs.services.get_mut(&service)?.task_sets;
        sets.iter_mut().find(|set| set.number == number)
    }

    fn unsettle(&mut self, service: ServiceNumber, number: DeploymentNumber) {
        let now = self.ecs.now;
        if let Some(owner) = self.ecs.services.get_mut(&service) {
            owner.steady = false;
        }
        if let Some(set) = self.task_set_mut(service, number)
            && set.steady
        {
            set.steady = false;
            set.steady_at = now;
        }
    }

    fn reconcile_task_set(&mut self, service: ServiceNumber, number: DeploymentNumber) {
        let Some(owner) = self.ecs.services.get(&service) else {
            return;
        };
        let Some(set) = owner.task_set(number) else {
            return;
        };
        let desired = set.computed_desired(owner.desired);
        let resume_at = set.resume_at;
        let mut wanted: Vec<(bool, TaskNumber)> = self
            .ecs
            .live_tasks(owner)
            .filter(|task| task.wanted && task.deployment == number)
            .map(|task| (task.healthy, task.number))
            .collect();
        let have = u32::try_from(wanted.len()).unwrap_or(u32::MAX);
        if have < desired {
            self.grow(service, number, desired.saturating_sub(have), resume_at);
        } else if have > desired {
            // The unhealthy ones go first, the newest before the others.
            wanted.sort_by_key(|(healthy, task)| (*healthy, std::cmp::Reverse(*task)));
            let surplus = usize::try_from(have.saturating_sub(desired)).unwrap_or(usize::MAX);
            let tasks: Vec<TaskNumber> =
                wanted.into_iter().map(|one| one.1).take(surplus).collect();
            self.shrink(service, number, &tasks);
        }
    }

    fn grow(
        &mut self,
        service: ServiceNumber,
        number: DeploymentNumber,
        count: u32,
        resume_at: SimTime,
    ) {
        if resume_at > self.ecs.now {
            return self.wake_at(service, resume_at);
        }
        let room = self
            .ecs
            .services
            .get(&service)
            .map_or(0, |owner| self.room(owner));
        let tasks: Vec<TaskNumber> = (0..count.min(room))
            .filter_map(|_| self.start_task(service, number))
            .collect();
        if !tasks.is_empty() {
            self.unsettle(service, number);
            let names = self.task_list(&tasks);
            let message = format!("has started {} tasks: {names}.", tasks.len());
            self.log_task_set(service, number, &message);
        }
        if room < count {
            self.log_no_room(service);
            let delay = timing::PLACE_AGAIN.pick(&mut self.ecs.rng);
            let again = self.ecs.now.plus_millis(delay);
            if let Some(set) = self.task_set_mut(service, number) {
                set.resume_at = again;
            }
            self.wake_at(service, again);
        }
    }

    fn shrink(&mut self, service: ServiceNumber, number: DeploymentNumber, tasks: &[TaskNumber]) {
        self.unsettle(service, number);
        let id = self.task_set_id(service, number);
        let names = self.task_list(tasks);
        let message = format!("has stopped {} running tasks: {names}.", tasks.len());
        self.log_task_set(service, number, &message);
        for task in tasks {
            self.stop_task(
                *task,
                Stop {
                    code: StopCode::ServiceSchedulerInitiated,
                    reason: format!("Scaling activity initiated by (taskSet {id})"),
                },
            );
        }
    }

    /// Forgets the deleted task sets that have no task left.
    fn forget_drained(&mut self, service: ServiceNumber) {
        let Some(owner) = self.ecs.services.get(&service) else {
            return;
        };
        let used: Vec<DeploymentNumber> = self
            .ecs
            .live_tasks(owner)
            .map(|task| task.deployment)
            .collect();
        if let Some(owner) = self.ecs.services.get_mut(&service) {
            owner
                .task_sets
                .retain(|set| set.status != TaskSetStatus::Draining || used.contains(&set.number));
        }
    }

    fn note_stability(&mut self, service: ServiceNumber, number: DeploymentNumber) {
        let now = self.ecs.now;
        let Some(owner) = self.ecs.services.get(&service) else {
            return;
        };
        let Some(set) = owner.task_set(number) else {
            return;
        };
        let own = |task: &&Task| task.deployment == number;
        let live = self.ecs.live_tasks(owner).filter(own).count();
        let healthy = self
            .ecs
            .live_tasks(owner)
            .filter(own)
            .filter(|task| task.healthy)
            .count();
        let desired = set.computed_desired(owner.desired);
        let steady = live == healthy && u32::try_from(healthy) == Ok(desired);
        let was = set.steady;
        if steady == was {
            return;
        }
        if let Some(set) = self.task_set_mut(service, number) {
            set.steady = steady;
            set.steady_at = now;
        }
        if steady {
            self.log_task_set(service, number, "has reached a steady state.");
        }
    }

    fn note_steady_service(&mut self, service: ServiceNumber) {
        let Some(owner) = self.ecs.services.get_mut(&service) else {
            return;
        };
        let steady = owner.task_sets.iter().all(|set| set.steady);
        if steady && !owner.steady {
            owner.steady = true;
            self.log_event(service, "has reached a steady state.");
        }
    }

    /// A task of a task set has failed before its time, and its set slows down. False when the
    /// task belongs to no task set.
    pub(super) fn task_of_set_failed(&mut self, task: TaskNumber) -> bool {
        let now = self.ecs.now;
        let Some((service, number)) = self.set_of_task(task) else {
            return false;
        };
        let desired = self.ecs.services.get(&service).map_or(0, |one| one.desired);
        self.unsettle(service, number);
        let mut struggling = false;
        if let Some(set) = self.task_set_mut(service, number) {
            set.failures_in_row = set.failures_in_row.saturating_add(1);
            let seconds = back_off_seconds(set.failures_in_row, desired);
            set.resume_at = now.plus_millis(i64::from(seconds).saturating_mul(1000));
            struggling = set.failures_in_row == desired.max(1).saturating_mul(3);
        }
        if struggling {
            self.log_task_set(
                service,
                number,
                "is unable to consistently start tasks successfully. For more information, see \
                 the Troubleshooting section of the Amazon ECS Developer Guide.",
            );
        }
        true
    }

    /// A task of a task set has passed every check.
    pub(super) fn task_of_set_succeeded(&mut self, task: TaskNumber) {
        if let Some((service, number)) = self.set_of_task(task)
            && let Some(set) = self.task_set_mut(service, number)
        {
            set.failures_in_row = 0;
        }
    }

    fn set_of_task(&self, task: TaskNumber) -> Option<(ServiceNumber, DeploymentNumber)> {
        let task = self.ecs.tasks.get(&task)?;
        let owner = self.ecs.services.get(&task.service)?;
        owner
            .task_set(task.deployment)
            .map(|set| (owner.number, set.number))
    }

    fn task_set_id(&self, service: ServiceNumber, number: DeploymentNumber) -> String {
        let owner = self.ecs.services.get(&service);
        owner
            .and_then(|owner| owner.task_set(number))
            .map_or_else(String::new, |set| set.id.clone())
    }

    /// Adds a line to the event log of a service that names one of its task sets, as ECS words it.
    fn log_task_set(&mut self, service: ServiceNumber, number: DeploymentNumber, message: &str) {
        let set = self.task_set_id(service, number);
        let now = self.ecs.now;
        let id = self.ecs.rng.uuid();
        if let Some(owner) = self.ecs.services.get_mut(&service) {
            let message = format!("(service {}, taskSet {set}) {message}", owner.name);
            owner.log(id, now, message);
        }
    }
}

impl Service {
    /// One of its task sets.
    pub fn task_set(&self, number: DeploymentNumber) -> Option<&TaskSet> {
        self.task_sets.iter().find(|set| set.number == number)
    }

    /// The task set that serves production traffic.
    pub fn primary_task_set(&self) -> Option<&TaskSet> {
        self.task_sets
            .iter()
            .find(|set| set.status == TaskSetStatus::Primary)
    }
}
