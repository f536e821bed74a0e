//! What a release that ECS shifts waits for: a person, a function, or the clock.

use jiff::{SignedDuration, Timestamp};

use super::stage_log::{Span, StageLog};
use super::{ConfiguredWaits, Deadline, DeadlineKind, Gate, GateKind, Mechanism, ShiftProgress};
use crate::domain::lifecycle::{HookStatus, LifecycleHook, ShiftSettings, TrafficSteps};
use crate::domain::service_deployment::ServiceDeployment;

/// The pause hook to answer: of several the one that times out first.
pub(super) fn gate(record: &ServiceDeployment) -> Option<Gate> {
    let waits = |hook: &&LifecycleHook| hook.status == HookStatus::AwaitingAction;
    let mut waiting: Vec<(&LifecycleHook, &String)> = record
        .hooks
        .iter()
        .filter(waits)
        .filter_map(|hook| Some((hook, hook.id.as_ref()?)))
        .collect();
    waiting.sort_by_key(|(hook, id)| (hook.expires_at.is_none(), hook.expires_at, *id));
    let (hook, id) = waiting.first()?;
    Some(Gate {
        kind: GateKind::PauseHook {
            hook: (*id).clone(),
            stage: record.lifecycle_stage.clone(),
        },
        expires_at: hook.expires_at,
        on_timeout: hook.on_timeout.clone(),
    })
}

/// Whether a hook waits for somebody, even one that cannot be named.
pub(super) fn waits_for_somebody(record: &ServiceDeployment) -> bool {
    record
        .hooks
        .iter()
        .any(|hook| hook.status == HookStatus::AwaitingAction)
}

/// When something happens by itself next: the end of a hook that holds the release, else of the
/// bake time that it is in.
pub(super) fn deadline(
    record: &ServiceDeployment,
    mechanism: &Mechanism,
    log: Option<&StageLog>,
) -> Option<Deadline> {
    if let Some(hook) = holding_hook(record) {
        return Some(Deadline {
            kind: DeadlineKind::HookExpiry(hook.on_timeout.clone()),
            at: hook.expires_at?,
            exact: true,
        });
    }
    let settings = record.settings.as_ref()?;
    let stage = record.lifecycle_stage.as_deref()?;
    let moved = record.target.as_ref()?.production_percent;
    match (stage, steps_of(settings, mechanism)) {
        ("BAKE_TIME" | "PRODUCTION_TRAFFIC_SHIFT", Some(steps))
            if moved.is_some_and(|percent| percent > 0.0 && percent < 100.0) =>
        {
            let since = log?.weights_since()?;
            after(DeadlineKind::StepBake, since, steps.bake_minutes)
        }
        ("BAKE_TIME", _) => {
            let since = log?.span("BAKE_TIME")?;
            after(DeadlineKind::Bake, since, settings.bake_minutes?)
        }
        _ => None,
    }
}

/// The hook that holds the release: one that waits for somebody before one that works.
fn holding_hook(record: &ServiceDeployment) -> Option<&LifecycleHook> {
    let rank = |hook: &LifecycleHook| match hook.status {
        HookStatus::AwaitingAction => Some(0),
        HookStatus::InProgress => Some(1),
        _ => None,
    };
    record
        .hooks
        .iter()
        .filter(|hook| hook.expires_at.is_some())
        .filter_map(|hook| Some((rank(hook)?, hook)))
        .min_by_key(|(rank, hook)| (*rank, hook.expires_at))
        .map(|(_, hook)| hook)
}

fn after(kind: DeadlineKind, since: Span, minutes: u32) -> Option<Deadline> {
    Some(Deadline {
        kind,
        at: plus_minutes(since.began, minutes)?,
        exact: since.close,
    })
}

/// A moment so many minutes later, unless no calendar has it.
pub(super) fn plus_minutes(at: Timestamp, minutes: u32) -> Option<Timestamp> {
    at.checked_add(SignedDuration::from_mins(i64::from(minutes)))
        .ok()
}

fn steps_of(settings: &ShiftSettings, mechanism: &Mechanism) -> Option<TrafficSteps> {
    match mechanism {
        Mechanism::Linear => settings.linear,
        Mechanism::Canary => settings.canary,
        _ => None,
    }
}

/// How far the traffic is, where it moves in parts.
pub(super) fn shift(record: &ServiceDeployment, mechanism: &Mechanism) -> Option<ShiftProgress> {
    let percent = steps_of(record.settings.as_ref()?, mechanism)?.percent;
    let moved = record.target.as_ref()?.production_percent?;
    progress(percent, moved, *mechanism == Mechanism::Canary)
}

/// The step at which a release is when a share of the traffic has moved. A canary has two steps.
/// `None` for a share that no release can have.
pub(super) fn progress(percent: f64, moved: f64, canary: bool) -> Option<ShiftProgress> {
    if !(percent > 0.0 && percent <= 100.0 && (0.0..=100.0).contains(&moved)) {
        return None;
    }
    let (step, steps) = if canary {
        (if moved > percent { 2 } else { 1 }, 2)
    } else {
        (ceiling(moved / percent).max(1), ceiling(100.0 / percent))
    };
    Some(ShiftProgress {
        step: step.min(steps),
        steps,
        percent,
    })
}

/// The least whole number that is not below; a share such as 33.4 counts a tiny rest as none.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is positive and capped before the cast"
)]
fn ceiling(value: f64) -> u32 {
    (value - 1e-9).ceil().clamp(0.0, 10_000.0) as u32
}

/// The waits that it was told to make.
pub(super) fn configured(
    settings: Option<&ShiftSettings>,
    mechanism: &Mechanism,
) -> ConfiguredWaits {
    let Some(settings) = settings else {
        return ConfiguredWaits::default();
    };
    let seconds = |minutes: u32| i64::from(minutes) * 60;
    ConfiguredWaits {
        step_seconds: steps_of(settings, mechanism).map(|steps| seconds(steps.bake_minutes)),
        bake_seconds: settings.bake_minutes.map(seconds),
    }
}
