//! From one move of a release to the next.

use crate::sim::world::Region;
use crate::sim::world::engine::{Event, timing};
use crate::sim::world::ids::ServiceNumber;
use crate::sim::world::shift::hook::HookRun;
use crate::sim::world::shift::percent::Percent;
use crate::sim::world::shift::program::Move;
use crate::sim::world::shift::{Shift, Wait};

/// Milliseconds in a minute of bake time.
const MINUTE: i64 = 60_000;

impl Region {
    /// The program of a release starts with its first move.
    pub(in crate::sim::world::engine) fn begin_shift(
        &mut self,
        number: ServiceNumber,
        position: usize,
    ) {
        self.enter(number, position, 0);
    }

    /// Does the move at `place` of the program.
    fn enter(&mut self, number: ServiceNumber, position: usize, place: usize) {
        let now = self.ecs.now;
        let Some(shift) = self.shift_mut(number, position) else {
            return;
        };
        let Some(step) = shift.program.get(place).copied() else {
            return self.end_shift(number);
        };
        shift.position = place;
        shift.wait = Wait::Act;
        shift.serial = shift.serial.saturating_add(1);
        let stage = step.stage().or(shift.stage);
        if stage != shift.stage {
            shift.stage = stage;
            shift.stage_since = now;
        }
        let serial = shift.serial;
        self.act_out(number, position, step);
        if step.waits_for_tasks() {
            self.wake_at(number, now);
        } else {
            let delay = self.duration(number, position, step);
            self.after(delay, Event::Shift(number, position, serial));
        }
    }

    /// What a move changes at once.
    fn act_out(&mut self, number: ServiceNumber, position: usize, step: Move) {
        match step {
            Move::Restore => self.restore_base(number),
            Move::Return | Move::BackProduction => {
                self.ask_production(number, Percent::NONE);
                if step == Move::Return {
                    self.ask_test(number, Percent::NONE);
                }
            }
            Move::ShiftTest => self.ask_test(number, Percent::ALL),
            Move::BackTest => self.ask_test(number, Percent::NONE),
            Move::ShiftProduction(step) => {
                let part = self.step_part(number, position, step);
                self.ask_production(number, part);
            }
            _ => {}
        }
    }

    /// The production traffic of the new revision after a step.
    fn step_part(&self, number: ServiceNumber, position: usize, step: usize) -> Percent {
        let Some(service) = self.ecs.services.get(&number) else {
            return Percent::ALL;
        };
        let steps = service
            .releases
            .get(position)
            .filter(|_| service.base().is_some())
            .map(|release| release.settings.shift.steps())
            .unwrap_or_default();
        steps.get(step).copied().unwrap_or(Percent::ALL)
    }

    /// Milliseconds that a move takes that doesn't wait for tasks.
    fn duration(&mut self, number: ServiceNumber, position: usize, step: Move) -> i64 {
        let minutes = |bake: u32| i64::from(bake).saturating_mul(MINUTE);
        let settings = self
            .ecs
            .services
            .get(&number)
            .and_then(|service| service.releases.get(position))
            .map(|release| &release.settings.shift);
        match (step, settings) {
            (Move::StepBake(_), Some(settings)) => minutes(settings.step_bake()),
            (Move::Bake, Some(settings)) => minutes(settings.bake),
            (
                Move::Return
                | Move::ShiftTest
                | Move::ShiftProduction(_)
                | Move::BackProduction
                | Move::BackTest,
                _,
            ) => timing::SHIFT.pick(&mut self.ecs.rng),
            _ => timing::STAGE.pick(&mut self.ecs.rng),
        }
    }

    /// A timer of a release is over. It says nothing if the release has gone on since.
    pub(in crate::sim::world::engine) fn shift_timer(
        &mut self,
        number: ServiceNumber,
        position: usize,
        serial: u32,
    ) {
        let due = self.playing(number, position).is_some_and(|(_, release)| {
            let shift = release.shift.as_ref();
            shift.is_some_and(|shift| shift.serial == serial && shift.wait == Wait::Act)
        });
        if due {
            self.acted(number, position);
        }
    }

    /// Lets a move that waits for tasks end once they are as they should be.
    pub(super) fn check_tasks(&mut self, number: ServiceNumber) {
        let Some(position) = self
            .ecs
            .services
            .get(&number)
            .and_then(|service| service.primary())
            .map(|primary| primary.release)
        else {
            return;
        };
        let ready = self
            .playing(number, position)
            .is_some_and(|(service, release)| {
                release
                    .shift
                    .as_ref()
                    .filter(|shift| shift.wait == Wait::Act)
                    .and_then(Shift::current)
                    .is_some_and(|step| {
                        step.waits_for_tasks() && self.tasks_are_right(service, step)
                    })
            });
        if ready {
            self.acted(number, position);
        }
    }

    /// The move itself is done; its hooks are next.
    fn acted(&mut self, number: ServiceNumber, position: usize) {
        if let Some(problem) = self.network_problem(number) {
            return self.fail_shift(number, &problem);
        }
        if let Some(shift) = self.shift_mut(number, position) {
            shift.wait = Wait::Hooks;
        }
        self.start_hooks(number, position);
        self.go_on(number, position);
    }

    /// The next move, once no hook holds this one any more.
    pub(super) fn go_on(&mut self, number: ServiceNumber, position: usize) {
        let next = self
            .playing(number, position)
            .and_then(|(_, release)| release.shift.as_ref())
            .filter(|shift| shift.wait == Wait::Hooks)
            .filter(|shift| !shift.hooks.iter().any(HookRun::holds))
            .map(|shift| shift.position.saturating_add(1));
        if let Some(place) = next {
            self.enter(number, position, place);
        }
    }

    /// The program is over: the release has ended well, or its rollback has.
    fn end_shift(&mut self, number: ServiceNumber) {
        self.complete(number);
        if let Some(service) = self.ecs.services.get_mut(&number) {
            service.steady = true;
        }
        self.log_event(number, "has reached a steady state.");
        self.retire_deployments(number);
        self.wake(number);
    }
}
