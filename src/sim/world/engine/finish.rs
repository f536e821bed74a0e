//! The end of a deployment: done, failed, or superseded.

use super::{Event, timing};
use crate::sim::clock::SimTime;
use crate::sim::world::Region;
use crate::sim::world::deployment::{Deployment, ReleaseStatus, RevisionCounts, RolloutState};
use crate::sim::world::ecs::Ecs;
use crate::sim::world::ids::{RevisionNumber, ServiceNumber};
use crate::sim::world::service::{LastCompleted, Service};

impl Region {
    /// Forgets the deployments that have been replaced and have no task left.
    pub(super) fn retire_deployments(&mut self, number: ServiceNumber) {
        let Some(service) = self.ecs.services.get(&number) else {
            return;
        };
        let primary = service.primary().map(|one| one.number);
        let used: Vec<_> = self
            .ecs
            .live_tasks(service)
            .map(|task| task.deployment)
            .collect();
        let still = |one: &&Deployment| service.still_needs(one);
        let needed: Vec<_> = service
            .deployments
            .iter()
            .filter(still)
            .map(|one| one.number)
            .collect();
        if let Some(service) = self.ecs.services.get_mut(&number) {
            service.deployments.retain(|one| {
                Some(one.number) == primary
                    || used.contains(&one.number)
                    || needed.contains(&one.number)
            });
        }
    }

    /// Says that a service is steady, and ends its deployment well, once it is so.
    pub(super) fn conclude(&mut self, number: ServiceNumber) {
        let Some(service) = self.ecs.services.get(&number) else {
            return;
        };
        if service.steady || !self.is_steady(service) {
            return;
        }
        if service.is_rolling() {
            if self.is_watched(number) {
                return;
            }
            self.complete(number);
        }
        if let Some(service) = self.ecs.services.get_mut(&number) {
            service.steady = true;
        }
        self.log_event(number, "has reached a steady state.");
    }

    /// Whether exactly the wanted tasks are there, all of the PRIMARY deployment, all healthy,
    /// and none that still stops.
    fn is_steady(&self, service: &Service) -> bool {
        let Some(primary) = service.primary() else {
            return false;
        };
        if primary.rollout == RolloutState::Failed {
            return false;
        }
        let good = |task: &&crate::sim::world::task::Task| {
            task.healthy && task.deployment == primary.number
        };
        let healthy = self.ecs.live_tasks(service).filter(good).count();
        healthy == service.tasks.len() && u32::try_from(healthy).is_ok_and(|n| n == service.desired)
    }

    pub(super) fn complete(&mut self, number: ServiceNumber) {
        let now = self.ecs.now;
        let Some(service) = self.ecs.services.get_mut(&number) else {
            return;
        };
        let Some(primary) = service.primary_mut() else {
            return;
        };
        primary.rollout = RolloutState::Completed;
        primary.rollout_reason = format!("ECS deployment {} completed.", primary.id);
        primary.updated_at = now;
        let completed = LastCompleted {
            deployment: primary.number,
            id: primary.id.clone(),
            revision: primary.revision,
        };
        let id = primary.id.clone();
        let back = service
            .release()
            .is_some_and(|release| release.rollback.is_some());
        service.last_completed = Some(completed);
        let status = if back {
            ReleaseStatus::RollbackSuccessful
        } else {
            ReleaseStatus::Successful
        };
        self.end_release_as(number, status, None);
        self.log_event(number, &format!("(deployment {id}) deployment completed."));
    }

    /// Ends the service deployment under way, if there is one, with a reason.
    pub(super) fn end_release(
        &mut self,
        number: ServiceNumber,
        status: ReleaseStatus,
        reason: &str,
    ) {
        self.end_release_as(number, status, Some(reason.to_owned()));
    }

    fn end_release_as(
        &mut self,
        number: ServiceNumber,
        status: ReleaseStatus,
        reason: Option<String>,
    ) {
        let now = self.ecs.now;
        let counts = self.release_counts(number);
        let Some(release) = self
            .ecs
            .services
            .get_mut(&number)
            .and_then(Service::release_mut)
        else {
            return;
        };
        if release.status.is_final() {
            return;
        }
        release.status = status;
        release.started_at.get_or_insert(now);
        release.finished_at = Some(now);
        release.updated_at = now;
        release.final_counts = Some(counts);
        if let Some(shift) = &mut release.shift {
            shift.drop_open_hooks();
        }
        if status == ReleaseStatus::Stopped {
            release.stopped_at = Some(now);
        }
        if reason.is_some() {
            release.status_reason = reason;
        }
    }

    fn release_counts(&self, number: ServiceNumber) -> Vec<RevisionCounts> {
        let Some(service) = self.ecs.services.get(&number) else {
            return Vec::new();
        };
        let Some(release) = service.release() else {
            return Vec::new();
        };
        let mut revisions = release.sources.clone();
        revisions.push(release.target);
        revisions
            .iter()
            .map(|revision| self.ecs.revision_counts(service, *revision))
            .collect()
    }

    /// The breaker counts a failed task of the PRIMARY deployment, and trips at its threshold.
    pub(super) fn count_failure(&mut self, number: ServiceNumber) {
        let now = self.ecs.now;
        let Some(service) = self.ecs.services.get_mut(&number) else {
            return;
        };
        let breaker = service.settings.breaker;
        let threshold = breaker.threshold.unwrap_or_default().tasks(service.desired);
        let failed = service.primary().map_or(0, |primary| primary.failed_tasks);
        let Some(release) = service.release_mut().filter(|one| !one.status.is_final()) else {
            return;
        };
        release.updated_at = now;
        let going_back = release.rollback.is_some();
        let count = if going_back {
            failed
        } else {
            release.threshold = threshold;
            if breaker.enable {
                release.failure_count = release.failure_count.saturating_add(1);
            }
            release.failure_count
        };
        if breaker.enable && count >= threshold {
            self.trip(number, now, going_back);
        }
    }

    fn trip(&mut self, number: ServiceNumber, now: SimTime, going_back: bool) {
        let Some(service) = self.ecs.services.get_mut(&number) else {
            return;
        };
        let rolls_back = service.settings.breaker.rollback && service.last_completed.is_some();
        let Some(primary) = service.primary_mut() else {
            return;
        };
        primary.rollout = RolloutState::Failed;
        "ECS deployment circuit breaker: tasks failed to start."
            .clone_into(&mut primary.rollout_reason);
        primary.updated_at = now;
        let id = primary.id.clone();
        let position = primary.release;
        if let Some(release) = service.release_mut() {
            release.triggered = true;
        }
        self.log_event(
            number,
            &format!("(deployment {id}) deployment failed: tasks failed to start."),
        );
        if going_back {
            self.end_release(
                number,
                ReleaseStatus::RollbackFailed,
                "Service deployment rollback failed because the circuit breaker threshold was \
                 exceeded.",
            );
        } else if rolls_back {
            let reason = "Service deployment rolled back because the circuit breaker threshold \
                          was exceeded.";
            self.request_rollback(number, ReleaseStatus::RollbackRequested, reason);
            let delay = timing::BEGIN.pick(&mut self.ecs.rng);
            self.after(delay, Event::BeginRollback(number, position));
        } else {
            self.end_release(
                number,
                ReleaseStatus::Stopped,
                "Service deployment stopped because the circuit breaker threshold was exceeded.",
            );
        }
    }
}

impl Ecs {
    /// The tasks of one revision of a service, as ECS counts them.
    pub fn revision_counts(&self, service: &Service, revision: RevisionNumber) -> RevisionCounts {
        let tasks = || {
            self.live_tasks(service)
                .filter(|task| task.revision == revision)
        };
        let (running, pending) = Self::count(tasks());
        let is_target = service
            .primary()
            .is_some_and(|primary| primary.revision == revision);
        let wanted = u32::try_from(tasks().filter(|task| task.wanted).count()).unwrap_or(u32::MAX);
        RevisionCounts {
            revision,
            requested: if is_target { service.desired } else { wanted },
            running,
            pending,
        }
    }
}
