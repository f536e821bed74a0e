//! The engine of blue/green, linear and canary deployments: it plays the program of a release,
//! one move after the other, and takes the way back when something goes wrong.
//!
//! - [`begin`]: what a new release starts with, and what one at rest looks like
//! - [`moves`]: from one move to the next
//! - [`hooks`]: lifecycle hooks start, answer, are answered, expire
//! - [`traffic`]: what is asked of the load balancer, and when it is so
//! - [`keep`]: how many tasks each revision has meanwhile
//! - [`back`]: failures and the way back

pub mod back;
pub mod begin;
pub mod hooks;
pub mod keep;
pub mod moves;
pub mod traffic;

use crate::sim::world::Region;
use crate::sim::world::deployment::{Release, ReleaseStatus, RolloutState};
use crate::sim::world::ids::{RevisionNumber, ServiceNumber};
use crate::sim::world::service::Service;
use crate::sim::world::shift::Shift;

impl Service {
    /// The release that shifts traffic and is under way.
    pub fn shift(&self) -> Option<&Shift> {
        let release = self.release()?;
        release
            .shift
            .as_ref()
            .filter(|_| !release.status.is_final())
    }

    /// Whether the scheduler keeps a set of tasks for each revision: while traffic is shifted,
    /// and after a failure that nothing was rolled back for.
    pub(super) fn keeps_sets(&self) -> bool {
        let failed = self
            .primary()
            .is_some_and(|primary| primary.rollout == RolloutState::Failed);
        self.release()
            .is_some_and(|one| one.shift.is_some() && (failed || !one.status.is_final()))
    }

    /// The revision that has the traffic that the new one doesn't have.
    pub(super) fn base(&self) -> Option<RevisionNumber> {
        self.last_completed.as_ref().map(|last| last.revision)
    }
}

impl Release {
    /// Whether its program plays, forward or back.
    fn plays(&self) -> bool {
        matches!(
            self.status,
            ReleaseStatus::InProgress | ReleaseStatus::RollbackInProgress
        )
    }

    /// Whether it is on its way back.
    fn goes_back(&self) -> bool {
        self.status == ReleaseStatus::RollbackInProgress
    }
}

impl Region {
    /// The release at this position of a service's history, if it is the one under way, shifts
    /// traffic, and plays.
    fn playing(&self, number: ServiceNumber, position: usize) -> Option<(&Service, &Release)> {
        let service = self.ecs.services.get(&number)?;
        let current = service.primary().map(|primary| primary.release) == Some(position);
        let release = service.releases.get(position)?;
        (current && release.shift.is_some() && release.plays()).then_some((service, release))
    }

    /// The state of the shift of a release, to change it.
    fn shift_mut(&mut self, number: ServiceNumber, position: usize) -> Option<&mut Shift> {
        let now = self.ecs.now;
        let release = self
            .ecs
            .services
            .get_mut(&number)?
            .releases
            .get_mut(position)?;
        release.updated_at = now;
        release.shift.as_mut()
    }
}
