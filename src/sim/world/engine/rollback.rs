//! Going back to the last deployment that completed.

use super::{Event, timing};
use crate::sim::world::Region;
use crate::sim::world::deployment::{ReleaseStatus, Rollback, RolloutState};
use crate::sim::world::ids::ServiceNumber;
use crate::sim::world::service::Service;

/// Why a service deployment can't be stopped.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum StopRefused {
    /// It has ended, or is already on its way back.
    NotInProgress,
    /// The service has no earlier deployment that completed.
    NothingToGoBackTo,
}

impl Region {
    /// Somebody stops the service deployment under way, so that it rolls back.
    pub(crate) fn stop_release(
        &mut self,
        number: ServiceNumber,
        position: usize,
    ) -> Result<(), StopRefused> {
        let service = self
            .ecs
            .services
            .get(&number)
            .ok_or(StopRefused::NotInProgress)?;
        let current = service.primary().map(|primary| primary.release) == Some(position);
        let status = service.releases.get(position).map(|release| release.status);
        let stoppable = matches!(
            status,
            Some(ReleaseStatus::Pending | ReleaseStatus::InProgress)
        );
        if !current || !stoppable {
            return Err(StopRefused::NotInProgress);
        }
        if service.last_completed.is_none() {
            return Err(StopRefused::NothingToGoBackTo);
        }
        self.request_rollback(
            number,
            ReleaseStatus::StopRequested,
            "Service deployment rolled back because a user stopped it.",
        );
        self.give_up_primary(number);
        let delay = timing::BEGIN.pick(&mut self.ecs.rng);
        self.after(delay, Event::BeginRollback(number, position));
        Ok(())
    }

    /// Notes that the service deployment under way will be rolled back.
    pub(super) fn request_rollback(
        &mut self,
        number: ServiceNumber,
        status: ReleaseStatus,
        reason: &str,
    ) {
        let now = self.ecs.now;
        let Some(service) = self.ecs.services.get_mut(&number) else {
            return;
        };
        let Some(target) = service.last_completed.as_ref().map(|last| last.revision) else {
            return;
        };
        if let Some(release) = service.release_mut() {
            release.status = status;
            release.status_reason = Some(reason.to_owned());
            release.started_at.get_or_insert(now);
            release.updated_at = now;
            if let Some(shift) = &mut release.shift {
                shift.drop_open_hooks();
            }
            release.rollback = Some(Rollback {
                reason: reason.to_owned(),
                started_at: now,
                revision: target,
            });
        }
    }

    /// Puts a deployment of the last completed revision in the place of the one that is to be
    /// undone. It takes over the tasks of that revision that still run.
    pub(super) fn begin_rollback(&mut self, number: ServiceNumber, position: usize) {
        let Some(service) = self.ecs.services.get(&number) else {
            return;
        };
        let waits = service.releases.get(position).is_some_and(|release| {
            matches!(
                release.status,
                ReleaseStatus::StopRequested | ReleaseStatus::RollbackRequested
            )
        });
        let Some(last) = service.last_completed.clone() else {
            return;
        };
        if !waits || service.primary().map(|primary| primary.release) != Some(position) {
            return;
        }
        self.log_event(number, &format!("rolling back to deployment {}.", last.id));
        self.new_deployment(number, last.revision, position, "in progress.");
        self.word_rollback(number, &last.id);
        self.adopt_tasks(number);
        self.begin_way_back(number, position);
        self.wake(number);
    }

    /// A deployment that somebody stops starts and replaces nothing any more.
    fn give_up_primary(&mut self, number: ServiceNumber) {
        let now = self.ecs.now;
        let primary = self
            .ecs
            .services
            .get_mut(&number)
            .and_then(Service::primary_mut);
        if let Some(primary) = primary.filter(|one| one.rollout == RolloutState::InProgress) {
            primary.rollout = RolloutState::Failed;
            primary.rollout_reason = format!("ECS deployment {} was stopped.", primary.id);
            primary.updated_at = now;
        }
    }

    fn word_rollback(&mut self, number: ServiceNumber, last: &str) {
        let now = self.ecs.now;
        let Some(service) = self.ecs.services.get_mut(&number) else {
            return;
        };
        let mut cause = "ECS deployment circuit breaker: ";
        if let Some(release) = service.release_mut() {
            if release.status == ReleaseStatus::StopRequested {
                cause = "ECS deployment stopped by a user: ";
            } else if !release.alarms.triggered.is_empty() {
                cause = "ECS deployment alarms: ";
            } else if !release.triggered {
                cause = "ECS deployment lifecycle hooks: ";
            }
            release.status = ReleaseStatus::RollbackInProgress;
            release.updated_at = now;
        }
        if let Some(primary) = service.primary_mut() {
            primary.rollout_reason = format!("{cause}rolling back to deploymentId {last}.");
        }
    }

    /// The PRIMARY deployment takes over the tasks of other deployments of its revision.
    fn adopt_tasks(&mut self, number: ServiceNumber) {
        let Some(service) = self.ecs.services.get(&number) else {
            return;
        };
        let Some(primary) = service.primary() else {
            return;
        };
        for task in &service.tasks {
            let task = self.ecs.tasks.get_mut(task);
            if let Some(task) = task.filter(|task| task.revision == primary.revision) {
                task.deployment = primary.number;
            }
        }
    }
}
