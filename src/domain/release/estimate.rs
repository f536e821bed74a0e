//! When a release will be over, as far as its configuration and earlier releases tell.

use jiff::{SignedDuration, Timestamp};

use super::{DeadlineKind, Mechanism, Release, ReleaseStatus, StageStep, StepState};
use crate::domain::history::durations;
use crate::domain::lifecycle::HookKind;

/// What an estimate follows from.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum EstimateBasis {
    /// The waits that are configured: it takes at least so long.
    Configuration,
    /// So many earlier releases of the service.
    Earlier(usize),
    /// Both.
    Both(usize),
}

/// When a release will be over, unless something goes wrong. Of one that waits for a person: if
/// somebody let it go on now.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// The moment.
    pub at: Timestamp,
    /// What it follows from.
    pub basis: EstimateBasis,
}

/// The stages that move traffic in parts, and those that only let time pass.
const SHIFTS: [&str; 2] = ["PRODUCTION_TRAFFIC_SHIFT", "AllowTraffic"];
const BAKES: [&str; 2] = ["BAKE_TIME", "TERMINATION_WAIT"];
const READY_WAIT: &str = "READY_WAIT";

/// When a release will be over. `None` for one that is over or goes back, and where nothing tells.
pub fn estimate(release: &Release, earlier: &[Release], now: Timestamp) -> Option<Estimate> {
    if !matches!(
        release.status,
        ReleaseStatus::Pending | ReleaseStatus::InProgress | ReleaseStatus::Waiting
    ) {
        return None;
    }
    let past = durations(earlier, &release.mechanism);
    // Earlier releases may have waited for people, and nobody knows how long: the fastest one
    // waited least.
    let typical = if asks_people(release) {
        past.first()
    } else {
        past.get(past.len() / 2)
    };
    let configured = release.waits.bake_seconds.is_some() || release.waits.step_seconds.is_some();
    let (seconds, basis) = match (typical, configured) {
        (None, false) => return None,
        (None, true) => (waits_left(release, now), EstimateBasis::Configuration),
        (Some(total), _) if release.steps.is_empty() => {
            let left = total - release.duration_seconds(now)?;
            // It takes longer than they did: they tell nothing any more.
            (
                Some(left).filter(|left| *left > 0)?,
                EstimateBasis::Earlier(past.len()),
            )
        }
        (Some(total), configured) => {
            let work = (total - waits_in_all(release)).max(0);
            let seconds = waits_left(release, now) + work_left(release, work);
            let basis = if configured {
                EstimateBasis::Both(past.len())
            } else {
                EstimateBasis::Earlier(past.len())
            };
            (seconds, basis)
        }
    };
    let at = now.checked_add(SignedDuration::from_secs(seconds)).ok()?;
    Some(Estimate { at, basis })
}

fn asks_people(release: &Release) -> bool {
    release.gate.is_some()
        || release
            .hooks
            .iter()
            .any(|hook| hook.kind == HookKind::Pause)
        || release.steps.iter().any(|step| step.name == READY_WAIT)
        || matches!(release.mechanism, Mechanism::External)
}

fn step<'a>(release: &'a Release, names: &[&str]) -> Option<&'a StageStep> {
    let mut steps = release.steps.iter();
    steps.find(|step| names.contains(&step.name.as_str()))
}

fn is_passed(step: Option<&StageStep>) -> bool {
    step.is_some_and(|step| matches!(step.state, StepState::Done | StepState::Skipped))
}

/// All waits that are configured, in seconds.
fn waits_in_all(release: &Release) -> i64 {
    let steps = release.shift.map_or(0, |shift| i64::from(shift.steps) - 1);
    let each = release.waits.step_seconds.unwrap_or(0);
    each.saturating_mul(steps)
        .saturating_add(release.waits.bake_seconds.unwrap_or(0))
}

/// Those that are still to come, with what is left of the present one.
fn waits_left(release: &Release, now: Timestamp) -> i64 {
    let clock = release.deadline.as_ref();
    let left = |kinds: fn(&DeadlineKind) -> bool| {
        clock
            .filter(|clock| kinds(&clock.kind))
            .map(|clock| clock.seconds_left(now))
    };
    let bake = release.waits.bake_seconds.unwrap_or(0);
    let bake = match left(|kind| matches!(kind, DeadlineKind::Bake | DeadlineKind::TerminationWait))
    {
        Some(seconds) => seconds,
        None if is_passed(step(release, &BAKES)) => 0,
        None => bake,
    };
    let each = release.waits.step_seconds.unwrap_or(0);
    let shifting = step(release, &SHIFTS);
    let parts = match release.shift {
        Some(shift) if !is_passed(shifting) => i64::from(shift.steps) - i64::from(shift.step),
        _ => 0,
    };
    let parts = match left(|kind| *kind == DeadlineKind::StepBake) {
        Some(seconds) => each
            .saturating_mul((parts - 1).max(0))
            .saturating_add(seconds),
        None => each.saturating_mul(parts.max(0)),
    };
    bake.saturating_add(parts)
}

/// Of the time that is no wait, the share of the stages still to come; of the present one half.
fn work_left(release: &Release, work: i64) -> i64 {
    let is_work =
        |step: &&StageStep| !BAKES.contains(&step.name.as_str()) && step.name != READY_WAIT;
    let mut halves_left = 0;
    let mut halves = 0;
    for step in release.steps.iter().filter(is_work) {
        halves += 2;
        halves_left += match step.state {
            StepState::ToCome => 2,
            StepState::Now => 1,
            _ => 0,
        };
    }
    if halves == 0 {
        return 0;
    }
    work.saturating_mul(halves_left) / halves
}
