//! Lifecycle hooks: how they start, and how they end.

use crate::sim::world::Region;
use crate::sim::world::engine::{Event, timing};
use crate::sim::world::ids::ServiceNumber;
use crate::sim::world::shift::Shift;
use crate::sim::world::shift::hook::{
    Hook, HookAction, HookRun, HookStage, HookStatus, HookTarget, LambdaResult, LambdaRule,
};
use crate::sim::world::shift::program::Move;

/// Milliseconds in a minute.
const MINUTE: i64 = 60_000;

/// Something that happens to a run of a hook.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HookMoment {
    /// The function decides.
    Answers,
    /// It has waited too long.
    Expires,
}

/// Why a hook can't be answered.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ContinueRefused {
    /// The service deployment has ended.
    Ended,
    /// No pause of this id waits in it.
    NoSuchHook,
}

impl Region {
    /// Starts the hooks of the move that is done.
    pub(super) fn start_hooks(&mut self, number: ServiceNumber, position: usize) {
        let Some((_, release)) = self.playing(number, position) else {
            return;
        };
        let stage = release
            .shift
            .as_ref()
            .and_then(Shift::current)
            .and_then(Move::hooks);
        let Some(stage) = stage else { return };
        let hooks: Vec<Hook> = release
            .settings
            .shift
            .hooks
            .iter()
            .filter(|hook| hook.stages.contains(&stage))
            .cloned()
            .collect();
        if hooks.is_empty() {
            return;
        }
        if let Some(shift) = self.shift_mut(number, position) {
            shift.round = shift.round.saturating_add(1);
        }
        for hook in hooks {
            self.start_hook(number, position, stage, &hook);
        }
    }

    fn start_hook(
        &mut self,
        number: ServiceNumber,
        position: usize,
        stage: HookStage,
        hook: &Hook,
    ) {
        let token = self.ecs.rng.token(43);
        let wait = i64::from(hook.timeout).saturating_mul(MINUTE);
        let expires_at = self.ecs.now.plus_millis(wait);
        let kind = match hook.target {
            HookTarget::Lambda(_) => "lambda",
            HookTarget::Pause => "pause",
        };
        let Some(shift) = self.shift_mut(number, position) else {
            return;
        };
        let place = shift.hooks.len();
        shift.hooks.push(HookRun {
            id: format!("ecs-{kind}-{token}"),
            stage,
            target: hook.target.clone(),
            status: match hook.target {
                HookTarget::Lambda(_) => HookStatus::InProgress,
                HookTarget::Pause => HookStatus::AwaitingAction,
            },
            expires_at,
            timeout_action: hook.timeout_action,
            round: shift.round,
            dropped: false,
        });
        let expires = Event::Hook(number, position, place, HookMoment::Expires);
        self.ecs.queue.push(expires_at, expires);
        if let HookTarget::Lambda(arn) = &hook.target {
            let rule = self.lambda_rule(arn);
            if rule.result != LambdaResult::Hangs {
                let delay = timing::LAMBDA
                    .pick(&mut self.ecs.rng)
                    .saturating_add(rule.after);
                let answers = Event::Hook(number, position, place, HookMoment::Answers);
                self.after(delay, answers);
            }
        }
    }

    /// What a function does: what the scenario says, or else its name.
    pub(in crate::sim::world) fn lambda_rule(&self, arn: &str) -> LambdaRule {
        let name = arn.rsplit(':').next().unwrap_or(arn);
        let rule = self.ecs.lambdas.get(name).copied();
        rule.unwrap_or_else(|| LambdaRule {
            result: LambdaResult::from_name(name),
            after: 0,
        })
    }

    /// A function has decided, or a hook has waited too long.
    pub(in crate::sim::world::engine) fn hook_moment(
        &mut self,
        number: ServiceNumber,
        position: usize,
        place: usize,
        moment: HookMoment,
    ) {
        let run = self
            .playing(number, position)
            .and_then(|(_, release)| release.shift.as_ref())
            .and_then(|shift| shift.hooks.get(place))
            .filter(|run| run.holds())
            .cloned();
        let Some(run) = run else { return };
        match (moment, &run.target) {
            (HookMoment::Answers, HookTarget::Lambda(arn)) => {
                let result = self.lambda_rule(arn).result;
                self.lambda_answers(number, position, place, &run, arn, result);
            }
            (HookMoment::Answers, HookTarget::Pause) => {}
            (HookMoment::Expires, target) => {
                let kind = match target {
                    HookTarget::Lambda(_) => "lifecycle",
                    HookTarget::Pause => "pause",
                };
                let reason = format!(
                    "Service deployment rolled back because {} {kind} hook timed out.",
                    run.stage.word()
                );
                let status = HookStatus::TimedOut;
                let action = run.timeout_action;
                self.end_hook(number, position, place, status, action, &reason);
            }
        }
    }

    fn lambda_answers(
        &mut self,
        number: ServiceNumber,
        position: usize,
        place: usize,
        run: &HookRun,
        arn: &str,
        result: LambdaResult,
    ) {
        let (status, action) = match result {
            LambdaResult::Fails => (HookStatus::Failed, HookAction::Rollback),
            _ => (HookStatus::Succeeded, HookAction::Continue),
        };
        let reason = format!(
            "Service deployment rolled back because {} lifecycle hook(s) failed. Lifecycle hook \
             target {arn} returned FAILED status.",
            run.stage.word()
        );
        self.end_hook(number, position, place, status, action, &reason);
    }

    /// A hook holds no longer: the deployment goes on, or back for `reason`. On the way back it
    /// always goes on.
    fn end_hook(
        &mut self,
        number: ServiceNumber,
        position: usize,
        place: usize,
        status: HookStatus,
        action: HookAction,
        reason: &str,
    ) {
        let Some(shift) = self.shift_mut(number, position) else {
            return;
        };
        if let Some(run) = shift.hooks.get_mut(place) {
            run.status = status;
        }
        let goes_back = self
            .playing(number, position)
            .is_some_and(|(_, release)| release.goes_back());
        if action == HookAction::Rollback && !goes_back {
            self.fail_shift(number, reason);
        } else {
            self.go_on(number, position);
        }
    }

    /// Somebody answers a pause.
    pub(crate) fn answer_hook(
        &mut self,
        number: ServiceNumber,
        position: usize,
        id: &str,
        action: HookAction,
    ) -> Result<(), ContinueRefused> {
        let service = self.ecs.services.get(&number);
        let release = service
            .and_then(|service| service.releases.get(position))
            .ok_or(ContinueRefused::NoSuchHook)?;
        if release.status.is_final() {
            return Err(ContinueRefused::Ended);
        }
        let place =
            self.playing(number, position)
                .and_then(|(_, release)| release.shift.as_ref())
                .and_then(|shift| {
                    shift.hooks.iter().position(|run| {
                        run.id == id && run.holds() && run.target == HookTarget::Pause
                    })
                })
                .ok_or(ContinueRefused::NoSuchHook)?;
        let stage = self
            .shift_mut(number, position)
            .and_then(|shift| shift.hooks.get(place))
            .map_or("", |run| run.stage.word());
        let status = match action {
            HookAction::Continue => HookStatus::Succeeded,
            HookAction::Rollback => HookStatus::Failed,
        };
        let reason = format!(
            "Service deployment rolled back because a user rolled back the {stage} pause hook."
        );
        self.end_hook(number, position, place, status, action, &reason);
        Ok(())
    }

    /// The id of the pause that a service waits at, if it waits at one.
    pub(in crate::sim::world::engine) fn open_pause(
        &self,
        number: ServiceNumber,
    ) -> Option<(usize, String)> {
        let service = self.ecs.services.get(&number)?;
        let position = service.primary()?.release;
        let shift = service.shift()?;
        let mut hooks = shift.hooks.iter();
        let run = hooks.find(|run| run.holds() && run.target == HookTarget::Pause)?;
        Some((position, run.id.clone()))
    }
}
