//! What a release that shifts traffic starts with.

use crate::sim::world::Region;
use crate::sim::world::deployment::{Deployment, DeploymentSettings, RolloutState};
use crate::sim::world::ids::{DeploymentNumber, RevisionNumber, ServiceNumber};
use crate::sim::world::service::Service;
use crate::sim::world::shift::percent::Percent;
use crate::sim::world::shift::program::{Move, Stage, forward};
use crate::sim::world::shift::{Share, Shift, Strategy};

impl Region {
    /// The shift of a new release of `target`, if its strategy has one. `sources` are the
    /// revisions that run now.
    pub(in crate::sim::world::engine) fn new_shift(
        &self,
        service: &Service,
        settings: &DeploymentSettings,
        sources: &[RevisionNumber],
        target: RevisionNumber,
    ) -> Option<Shift> {
        if settings.shift.strategy == Strategy::Rolling {
            return None;
        }
        let base = service.base();
        let others = sources.iter().any(|one| Some(*one) != base);
        // Without anything to shift from, there is one step.
        let steps = base.map_or(1, |_| settings.shift.steps().len());
        let program = forward(&settings.shift, others, steps);
        let shares = shares(service, sources, target);
        Some(Shift::new(program, shares, self.ecs.now))
    }

    /// The revision that completed last gets an entry in `deployments[]` again, if it has lost
    /// it: a release that was cleaning up was overtaken, or there was no task.
    pub(super) fn restore_base(&mut self, number: ServiceNumber) {
        let now = self.ecs.now;
        let id = format!("ecs-svc/{}", self.ecs.rng.digits(19));
        let Some(service) = self.ecs.services.get_mut(&number) else {
            return;
        };
        let (Some(base), Some(primary)) = (service.base(), service.primary()) else {
            return;
        };
        let release = primary.release;
        if service.deployments.iter().any(|one| one.revision == base) {
            return;
        }
        let Some(revision) = service.revision(base) else {
            return;
        };
        let deployment = Deployment {
            number: DeploymentNumber(service.deployment_count),
            rollout_reason: format!("ECS deployment {id} completed."),
            id,
            revision: base,
            definition: std::sync::Arc::clone(&revision.definition),
            release,
            failed_tasks: 0,
            failures_in_row: 0,
            resume_at: now,
            created_at: now,
            updated_at: now,
            rollout: RolloutState::Completed,
        };
        service.deployment_count = service.deployment_count.saturating_add(1);
        service.deployments.insert(1, deployment);
    }

    /// A service that is put into the world at rest has its shift behind it.
    pub(in crate::sim::world::engine) fn settle_shift(&mut self, number: ServiceNumber) {
        let Some(service) = self.ecs.services.get_mut(&number) else {
            return;
        };
        let target = service.primary().map(|primary| primary.revision);
        let shift = service
            .release_mut()
            .and_then(|release| release.shift.as_mut());
        let (Some(target), Some(shift)) = (target, shift) else {
            return;
        };
        shift.ask_production(target, None, Percent::ALL);
        shift.ask_test(target, None, Percent::ALL);
        shift.stage = Some(Stage::CleanUp);
        shift.position = shift
            .program
            .iter()
            .position(|one| *one == Move::CleanUp)
            .unwrap_or(0);
        self.route(number);
    }
}

impl Service {
    /// The revisions that a new release takes over from, when `running` have tasks: those, and
    /// if it shifts traffic, also those that have traffic or would get it back.
    pub(in crate::sim::world::engine) fn sources(
        &self,
        mut running: Vec<RevisionNumber>,
    ) -> Vec<RevisionNumber> {
        if self.settings.shift.strategy == Strategy::Rolling {
            return running;
        }
        let earlier = self.release().and_then(|one| one.shift.as_ref());
        let served = earlier
            .into_iter()
            .flat_map(|shift| &shift.shares)
            .filter(|one| one.production > Percent::NONE || one.test > Percent::NONE)
            .map(|one| one.revision);
        running.extend(served);
        running.extend(self.base());
        running.sort();
        running.dedup();
        running
    }

    /// Whether a new revision takes the alternate target groups: by turns with the revision that
    /// completed last when traffic is shifted, and the same ones when tasks are replaced.
    pub(in crate::sim::world::engine) fn takes_alternate(&self) -> bool {
        let base = self.base().and_then(|base| self.revision(base));
        let alternate = base.is_some_and(|base| base.alternate);
        let shifts = self.settings.shift.strategy != Strategy::Rolling;
        if shifts && base.is_some() {
            !alternate
        } else {
            alternate
        }
    }
}

/// What has been asked for so far: what a release that was overtaken has asked for, or else
/// everything for the revision that completed last.
fn shares(service: &Service, sources: &[RevisionNumber], target: RevisionNumber) -> Vec<Share> {
    let base = service.base();
    let earlier = service.release().and_then(|one| one.shift.as_ref());
    let part = |revision| match (earlier, base) {
        (Some(earlier), _) => earlier
            .share(revision)
            .map_or((Percent::NONE, Percent::NONE), |one| {
                (one.production, one.test)
            }),
        (None, Some(base)) if base == revision => (Percent::ALL, Percent::ALL),
        _ => (Percent::NONE, Percent::NONE),
    };
    let share = |revision| {
        let (production, test) = part(revision);
        Share {
            revision,
            production,
            test,
        }
    };
    let mut shares: Vec<Share> = sources.iter().copied().map(share).collect();
    shares.push(Share {
        revision: target,
        production: Percent::NONE,
        test: Percent::NONE,
    });
    shares
}
