//! How many tasks each revision has while traffic is shifted.

use crate::sim::world::Region;
use crate::sim::world::deployment::{Deployment, ReleaseStatus};
use crate::sim::world::ids::{DeploymentNumber, ServiceNumber, TaskNumber};
use crate::sim::world::rules::unable_after;
use crate::sim::world::service::Service;
use crate::sim::world::shift::program::Move;

/// What the scheduler does with the tasks of one deployment.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Keep {
    /// There are to be so many.
    Want(u32),
    /// Those that are there stay; none is started.
    Hold,
}

/// A task that is meant to run, as the scheduler sees it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The task.
    pub task: TaskNumber,
    /// Whether it has passed every check.
    pub healthy: bool,
}

/// How many tasks to start, and which to stop: those that aren't healthy first, then the newest.
/// `kept` goes from the oldest to the newest.
pub fn next(keep: Keep, kept: &[Kept]) -> (u32, Vec<TaskNumber>) {
    let Keep::Want(wanted) = keep else {
        return (0, Vec::new());
    };
    let present = u32::try_from(kept.len()).unwrap_or(u32::MAX);
    let surplus = usize::try_from(present.saturating_sub(wanted)).unwrap_or(usize::MAX);
    let mut order: Vec<&Kept> = kept.iter().rev().collect();
    order.sort_by_key(|one| one.healthy);
    let stop = order.iter().take(surplus).map(|one| one.task).collect();
    (wanted.saturating_sub(present), stop)
}

impl Service {
    /// What the scheduler does with the tasks of `deployment` now.
    pub(super) fn keep(&self, deployment: &Deployment) -> Keep {
        let (Some(primary), Some(release)) = (self.primary(), self.release()) else {
            return Keep::Hold;
        };
        let Some(shift) = &release.shift else {
            return Keep::Hold;
        };
        let is_primary = deployment.number == primary.number;
        let is_base = self.base_deployment() == Some(deployment.number);
        let now = shift.current();
        match release.status {
            ReleaseStatus::RollbackInProgress if is_primary => Keep::Want(self.desired),
            ReleaseStatus::RollbackInProgress if now == Some(Move::BackCleanUp) => Keep::Want(0),
            ReleaseStatus::InProgress if is_primary => {
                if shift.has_reached(Move::ScaleUp) {
                    Keep::Want(self.desired)
                } else {
                    Keep::Want(0)
                }
            }
            ReleaseStatus::InProgress if is_base && now == Some(Move::CleanUp) => Keep::Want(0),
            ReleaseStatus::InProgress if !is_base => {
                let gone = !matches!(now, Some(Move::Restore | Move::Return) | None);
                if gone { Keep::Want(0) } else { Keep::Hold }
            }
            _ if is_base => Keep::Want(self.desired),
            _ => Keep::Hold,
        }
    }

    /// The deployment that holds the tasks of the revision that completed last, beside the PRIMARY
    /// one. A rollback that was overtaken leaves two of that revision: the newer one took the tasks
    /// over.
    fn base_deployment(&self) -> Option<DeploymentNumber> {
        let mut others = self.deployments.iter().skip(1);
        others
            .find(|one| Some(one.revision) == self.base())
            .map(|one| one.number)
    }

    /// The deployment with this number, to note how its tasks do, if the scheduler starts tasks for
    /// it: the PRIMARY one, and while traffic is shifted the one to go back to.
    pub(in crate::sim::world::engine) fn starting_mut(
        &mut self,
        number: DeploymentNumber,
    ) -> Option<&mut Deployment> {
        let primary = self.primary().map(|one| one.number);
        let base = self.base_deployment().filter(|_| self.keeps_sets());
        let starts = Some(number) == primary || Some(number) == base;
        let mut deployments = self.deployments.iter_mut();
        deployments.find(|one| starts && one.number == number)
    }

    /// Whether the tasks of a deployment have failed so often in a row that it is not waited for
    /// any longer.
    fn has_given_up(&self, number: DeploymentNumber) -> bool {
        let mut deployments = self.deployments.iter();
        deployments
            .any(|one| one.number == number && one.failures_in_row >= unable_after(self.desired))
    }

    /// Whether a deployment stays in the list although it has no task: its revision still has a
    /// part to play.
    pub(in crate::sim::world::engine) fn still_needs(&self, deployment: &Deployment) -> bool {
        let going_back = self
            .release()
            .is_some_and(|release| release.rollback.is_some());
        !going_back
            && self.shift().is_some()
            && self.base_deployment() == Some(deployment.number)
            && self.keep(deployment) != Keep::Want(0)
    }
}

impl Region {
    /// The scheduler looks at a service that keeps a set of tasks for each revision.
    pub(in crate::sim::world::engine) fn keep_sets(&mut self, number: ServiceNumber) {
        let Some(service) = self.ecs.services.get(&number) else {
            return;
        };
        let plans: Vec<(DeploymentNumber, u32, Vec<TaskNumber>)> = service
            .deployments
            .iter()
            .map(|deployment| {
                let kept = self.kept(service, deployment.number);
                let (start, stop) = next(service.keep(deployment), &kept);
                (deployment.number, start, stop)
            })
            .collect();
        for (deployment, start, stop) in plans {
            if !stop.is_empty() {
                self.scale_in(number, &stop);
            }
            if start > 0 {
                self.scale_out_of(number, deployment, start);
            }
        }
        self.retire_deployments(number);
        self.check_tasks(number);
    }

    fn kept(&self, service: &Service, deployment: DeploymentNumber) -> Vec<Kept> {
        let mut kept: Vec<Kept> = self
            .ecs
            .live_tasks(service)
            .filter(|task| task.wanted && task.deployment == deployment)
            .map(|task| Kept {
                task: task.number,
                healthy: task.healthy,
            })
            .collect();
        kept.sort_by_key(|one| one.task);
        kept
    }

    /// Whether exactly the wanted number of tasks of a deployment is there, and healthy.
    fn is_whole(&self, service: &Service, deployment: DeploymentNumber) -> bool {
        let kept = self.kept(service, deployment);
        kept.iter().all(|one| one.healthy)
            && u32::try_from(kept.len()).is_ok_and(|count| count == service.desired)
    }

    /// Whether the tasks are as the move under way wants them.
    pub(super) fn tasks_are_right(&self, service: &Service, step: Move) -> bool {
        let Some(primary) = service.primary() else {
            return false;
        };
        let base = service.base_deployment();
        let only = |wanted: Option<DeploymentNumber>| {
            self.ecs
                .live_tasks(service)
                .all(|task| Some(task.deployment) == wanted)
        };
        match step {
            Move::ScaleUp | Move::BackScaleUp => self.is_whole(service, primary.number),
            Move::CleanUp | Move::BackCleanUp => {
                self.is_whole(service, primary.number) && only(Some(primary.number))
            }
            // The revision that completed last may be unable to run: it may have completed without
            // a task. Waiting for it for ever would bar the way for the one that mends it.
            Move::Restore => {
                base.is_none_or(|one| self.is_whole(service, one) || service.has_given_up(one))
            }
            Move::Reconcile => only(base),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(healthy: &[bool]) -> Vec<Kept> {
        let numbers = (1..).map(TaskNumber);
        numbers
            .zip(healthy)
            .map(|(task, healthy)| Kept {
                task,
                healthy: *healthy,
            })
            .collect()
    }

    #[test]
    fn what_lacks_is_started_and_surplus_stopped_the_sick_and_the_new_first() {
        assert_eq!(next(Keep::Want(3), &kept(&[true])), (2, vec![]));
        assert_eq!(
            next(Keep::Want(1), &kept(&[true, false, true])),
            (0, vec![TaskNumber(2), TaskNumber(3)])
        );
        assert_eq!(next(Keep::Want(0), &kept(&[true])).1.len(), 1);
        assert_eq!(next(Keep::Hold, &kept(&[false, true])), (0, vec![]));
    }
}
