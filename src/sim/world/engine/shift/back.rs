//! Failures of a release that shifts traffic, and the way back.

use crate::sim::world::Region;
use crate::sim::world::deployment::{ReleaseStatus, RolloutState};
use crate::sim::world::engine::{Event, timing};
use crate::sim::world::ids::ServiceNumber;
use crate::sim::world::service::Service;
use crate::sim::world::shift::percent::Percent;
use crate::sim::world::shift::program::backward;

impl Region {
    /// A hook has failed: the release is rolled back for `reason`.
    pub(super) fn fail_shift(&mut self, number: ServiceNumber, reason: &str) {
        let words = reason.to_owned();
        self.fail_release(number, reason, &words, true);
    }

    /// The release under way has failed. `words` say it in the event log. It is rolled back if
    /// `rolls_back`, and if there is something to go back to.
    pub(in crate::sim::world::engine) fn fail_release(
        &mut self,
        number: ServiceNumber,
        reason: &str,
        words: &str,
        rolls_back: bool,
    ) {
        let now = self.ecs.now;
        let Some(service) = self.ecs.services.get_mut(&number) else {
            return;
        };
        let candidate = service.last_completed.is_some();
        let Some(primary) = service.primary_mut() else {
            return;
        };
        primary.rollout = RolloutState::Failed;
        primary.rollout_reason = format!("ECS deployment failed: {words}");
        primary.updated_at = now;
        let (id, position) = (primary.id.clone(), primary.release);
        self.log_event(
            number,
            &format!("(deployment {id}) deployment failed: {words}"),
        );
        if rolls_back && candidate {
            self.request_rollback(number, ReleaseStatus::RollbackRequested, reason);
            let delay = timing::BEGIN.pick(&mut self.ecs.rng);
            self.after(delay, Event::BeginRollback(number, position));
        } else if rolls_back {
            let reason = "No rollback candidate was found to run the rollback.";
            self.end_release(number, ReleaseStatus::RollbackFailed, reason);
        } else {
            self.end_release(number, ReleaseStatus::Stopped, reason);
        }
    }

    /// The way back of a release that shifts traffic begins. The PRIMARY deployment is already
    /// that of the revision that it goes back to.
    pub(in crate::sim::world::engine) fn begin_way_back(
        &mut self,
        number: ServiceNumber,
        position: usize,
    ) {
        let target = self
            .ecs
            .services
            .get(&number)
            .and_then(Service::release)
            .map(|release| release.target);
        let Some(target) = target else { return };
        let base = self.ecs.services.get(&number).and_then(Service::base);
        let Some(shift) = self.shift_mut(number, position) else {
            // A rolling deployment replaces its tasks again; there is nothing to shift.
            return;
        };
        shift.drop_open_hooks();
        let all = base.and_then(|base| shift.share(base));
        let moved = |part: Option<Percent>, mine: Option<Percent>| {
            part.is_some_and(|part| part < Percent::ALL)
                || mine.is_some_and(|mine| mine > Percent::NONE)
        };
        let mine = shift.share(target);
        let production = moved(
            all.map(|one| one.production),
            mine.map(|one| one.production),
        );
        let test = moved(all.map(|one| one.test), mine.map(|one| one.test));
        shift.program = backward(production, test);
        self.begin_shift(number, position);
    }
}
