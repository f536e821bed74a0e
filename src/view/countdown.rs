//! What the clock runs for in a release, what happens then, and how far off the end is.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::releases::{Estimate, estimate};
use super::scene::Scene;
use super::widgets::time;
use crate::app::store::Store;
use crate::domain::lifecycle::HookAction;
use crate::domain::release::{Deadline, DeadlineKind, GateKind, Release, ReleaseStatus};
use crate::domain::text::printable;

/// A moment as an account of it may be: the seconds that are left, and whether it can come sooner.
fn left(deadline: &Deadline, now: jiff::Timestamp) -> String {
    let seconds = deadline.seconds_left(now);
    let read = time::duration(seconds);
    match deadline.exact {
        _ if seconds == 0 => "0s".into(),
        true => read,
        false => format!("<{read}"),
    }
}

/// The same in a cell of a table: the seconds do not matter while it is long.
fn left_in_short(deadline: &Deadline, now: jiff::Timestamp) -> String {
    let seconds = deadline.seconds_left(now);
    if seconds < 600 {
        return left(deadline, now);
    }
    let read = match seconds {
        ..3600 => time::age(seconds),
        _ => time::duration(seconds),
    };
    if deadline.exact {
        read
    } else {
        format!("<{read}")
    }
}

/// The next thing that happens by itself, for a cell of a table.
pub(crate) fn in_short(scene: Scene<'_>, deadline: &Deadline) -> String {
    let left = left_in_short(deadline, scene.now());
    match &deadline.kind {
        DeadlineKind::Bake => format!("bake {left}"),
        DeadlineKind::StepBake => format!("step {left}"),
        DeadlineKind::HookExpiry(Some(HookAction::RollBack)) => format!("{left}, then rolls back"),
        DeadlineKind::HookExpiry(Some(HookAction::Continue))
        | DeadlineKind::ReadyWait { continues: true } => format!("{left}, then goes on"),
        DeadlineKind::HookExpiry(Some(HookAction::Unknown(name))) => {
            format!("{left}, then {}", printable(&name.to_lowercase()))
        }
        DeadlineKind::HookExpiry(None) => format!("{left}, hook expires"),
        DeadlineKind::ReadyWait { continues: false } => format!("{left}, then stops"),
        DeadlineKind::TerminationWait => format!("old ends {left}"),
    }
}

/// What is waited for and for how long, what happens then, and what is known of the end. Pieces in
/// the order of what matters; empty for a release that is over.
pub(crate) fn in_full(scene: Scene<'_>, store: &Store, release: &Release) -> Vec<Span<'static>> {
    if release.status.is_over() {
        return Vec::new();
    }
    let mut pieces = Vec::new();
    pieces.extend(waits(scene, release));
    pieces.extend(end(scene, store, release, pieces.is_empty()));
    pieces
}

/// The pieces of [`in_full`] on one line, a symbol in front of them.
pub(crate) fn line(scene: Scene<'_>, store: &Store, release: &Release) -> Option<Line<'static>> {
    let pieces = in_full(scene, store, release);
    let (symbol, style) = mark(scene, release);
    let mut spans = Vec::new();
    for piece in pieces {
        spans.push(if spans.is_empty() {
            Span::styled(format!("  {symbol} "), style)
        } else {
            scene.quiet(format!(" {} ", scene.symbols().dot))
        });
        spans.push(piece);
    }
    (!spans.is_empty()).then(|| Line::from(spans))
}

fn mark(scene: Scene<'_>, release: &Release) -> (&'static str, Style) {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    match release.status {
        ReleaseStatus::Waiting => (symbols.waiting, styles.waiting()),
        _ if release.deadline.is_some() => (symbols.timer, styles.timer()),
        _ => (" ", styles.quiet()),
    }
}

/// The gate and the deadline in one sentence.
fn waits(scene: Scene<'_>, release: &Release) -> Option<Span<'static>> {
    let waiting = release.status == ReleaseStatus::Waiting;
    let words = match (&release.gate, &release.deadline) {
        (Some(gate), Some(deadline)) => {
            let held = match &gate.kind {
                GateKind::PauseHook { .. } => "the pause hook expires".to_owned(),
                GateKind::CodeDeployReady { deployment } => {
                    format!("{} is Ready, the wait ends", printable(deployment))
                }
            };
            format!("{held} {}", then(scene, deadline))
        }
        (Some(gate), None) => {
            format!("held by {}, without an end", printable(&gate.kind.label()))
        }
        (None, Some(deadline)) => {
            let what = match &deadline.kind {
                DeadlineKind::Bake => "the bake time ends".to_owned(),
                DeadlineKind::StepBake => match release.shift {
                    Some(shift) => format!("step {} of {} ends", shift.step, shift.steps),
                    None => "this step ends".to_owned(),
                },
                DeadlineKind::HookExpiry(_) => "the hook expires".to_owned(),
                DeadlineKind::ReadyWait { .. } => "the wait ends".to_owned(),
                DeadlineKind::TerminationWait => "the wait before termination ends".to_owned(),
            };
            format!("{what} {}", then(scene, deadline))
        }
        (None, None) => return None,
    };
    Some(if waiting {
        Span::styled(words, scene.styles().waiting())
    } else {
        Span::styled(words, scene.styles().timer())
    })
}

/// `in 27m01s, then it ROLLS BACK`. What undoes the release is written large.
fn then(scene: Scene<'_>, deadline: &Deadline) -> String {
    let seconds = deadline.seconds_left(scene.now());
    let then = match &deadline.kind {
        DeadlineKind::HookExpiry(Some(HookAction::RollBack)) => "it ROLLS BACK".to_owned(),
        DeadlineKind::ReadyWait { continues: false } => "it is STOPPED".to_owned(),
        DeadlineKind::HookExpiry(Some(HookAction::Unknown(name))) => printable(name),
        _ => deadline.then().to_owned(),
    };
    match (seconds, deadline.exact) {
        (0, _) => format!("any moment now, then {then}"),
        (_, true) => format!("in {}, then {then}", time::duration(seconds)),
        (_, false) => format!("within {}, then {then}", time::duration(seconds)),
    }
}

/// How far off the end is, as earlier releases and the configuration tell.
fn end(scene: Scene<'_>, store: &Store, release: &Release, alone: bool) -> Option<Span<'static>> {
    if release.status == ReleaseStatus::RollingBack {
        return None;
    }
    let waiting = release.status == ReleaseStatus::Waiting;
    Some(match estimate(scene, store, release)? {
        Estimate::Left(seconds) => {
            let about = time::age(seconds);
            scene.quiet(match (waiting, alone) {
                (true, _) => format!("after you continue about {about} to the end"),
                (false, true) => format!("about {about} to the end, as releases before it took"),
                (false, false) => format!("about {about} to the end"),
            })
        }
        // A release that waits for somebody takes as long as they do.
        Estimate::Over(_) if waiting => return None,
        Estimate::Over(usual) => {
            let usual = time::duration(usual);
            let words = format!("over the usual {usual} of the releases before it");
            Span::styled(words, scene.styles().timer())
        }
    })
}
