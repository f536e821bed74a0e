//! What the clock runs for in a release, what happens then, and how far off the end is.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::releases::{Estimate, estimate};
use super::scene::Scene;
use super::widgets::{text, time};
use crate::app::store::Store;
use crate::domain::lifecycle::HookAction;
use crate::domain::release::{
    Deadline, DeadlineKind, EstimateBasis, GateKind, Release, ReleaseStatus,
};
use crate::domain::text::{count, printable};

/// Columns in front of the words.
const INDENT: usize = 4;

/// The time that is left; `<` stands before one that can be over sooner.
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
        DeadlineKind::HookExpiry(Some(HookAction::RollBack)) => format!("{left}, rolls back"),
        DeadlineKind::HookExpiry(Some(HookAction::Continue))
        | DeadlineKind::ReadyWait { continues: true } => format!("{left}, goes on"),
        DeadlineKind::HookExpiry(Some(HookAction::Unknown(name))) => {
            format!("{left}, {}", printable(&name.to_lowercase()))
        }
        DeadlineKind::HookExpiry(None) => format!("{left}, hook expires"),
        DeadlineKind::ReadyWait { continues: false } => format!("{left}, stops"),
        DeadlineKind::TerminationWait => format!("old ends {left}"),
    }
}

/// What is waited for and for how long, what happens then, and what is known of the end: on one
/// line, or where it does not fit on several. Empty for a release that is over.
pub(crate) fn lines(
    scene: Scene<'_>,
    room: usize,
    store: &Store,
    release: &Release,
) -> Vec<Line<'static>> {
    if release.status.is_over() {
        return Vec::new();
    }
    let waits = waits(scene, release);
    let end = end(scene, store, release, waits.is_none());
    let (symbol, style) = mark(scene, release);
    let pieces: Vec<Span<'static>> = waits.into_iter().chain(end).collect();
    let whole: usize = pieces.iter().map(Span::width).sum();
    let lead = Span::styled(format!("  {symbol} "), style);
    if pieces.is_empty() {
        return Vec::new();
    }
    if whole + INDENT + 3 <= room {
        let mut spans = vec![lead];
        for (place, piece) in pieces.into_iter().enumerate() {
            if place > 0 {
                spans.push(scene.quiet(format!(" {} ", scene.symbols().dot)));
            }
            spans.push(piece);
        }
        return vec![Line::from(spans)];
    }
    let broken = pieces.iter().flat_map(|piece| {
        let lines = text::wrap(&piece.content, room.saturating_sub(INDENT));
        let style = piece.style;
        lines.into_iter().map(move |line| Span::styled(line, style))
    });
    broken
        .enumerate()
        .map(|(place, span)| {
            let lead = match place {
                0 => lead.clone(),
                _ => Span::raw(" ".repeat(INDENT)),
            };
            Line::from(vec![lead, span])
        })
        .collect()
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
        (None, Some(deadline)) if deadline.kind == DeadlineKind::TerminationWait => {
            format!("the original task set goes {}", when(scene, deadline))
        }
        (None, Some(deadline)) => {
            let what = match &deadline.kind {
                DeadlineKind::Bake => "the bake time ends".to_owned(),
                DeadlineKind::StepBake => match release.shift {
                    Some(shift) => format!("step {} of {} ends", shift.step, shift.steps),
                    None => "this step ends".to_owned(),
                },
                DeadlineKind::HookExpiry(_) => "the hook expires".to_owned(),
                DeadlineKind::ReadyWait { .. } | DeadlineKind::TerminationWait => {
                    "the wait ends".to_owned()
                }
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

/// `in 27m01s`, or `within 27m01s` where it can come sooner.
fn when(scene: Scene<'_>, deadline: &Deadline) -> String {
    let seconds = deadline.seconds_left(scene.now());
    match (seconds, deadline.exact) {
        (0, _) => "any moment now".into(),
        (_, true) => format!("in {}", time::duration(seconds)),
        (_, false) => format!("within {}", time::duration(seconds)),
    }
}

/// `in 27m01s, then it ROLLS BACK`. What undoes the release is written large.
fn then(scene: Scene<'_>, deadline: &Deadline) -> String {
    let then = match &deadline.kind {
        DeadlineKind::HookExpiry(Some(HookAction::RollBack)) => "it ROLLS BACK".to_owned(),
        DeadlineKind::ReadyWait { continues: false } => "it is STOPPED".to_owned(),
        DeadlineKind::HookExpiry(Some(HookAction::Unknown(name))) => printable(name),
        _ => deadline.then().to_owned(),
    };
    format!("{}, then {then}", when(scene, deadline))
}

/// How far off the end is, as earlier releases and the configuration tell.
fn end(scene: Scene<'_>, store: &Store, release: &Release, alone: bool) -> Option<Span<'static>> {
    if release.status == ReleaseStatus::RollingBack {
        return None;
    }
    let waiting = release.status == ReleaseStatus::Waiting;
    Some(match estimate(scene, store, release)? {
        Estimate::Left(seconds, basis) => {
            let read = time::age(seconds);
            let left = match basis {
                EstimateBasis::Configuration => format!("{read} or more to the end"),
                _ => format!("about {read} to the end"),
            };
            let why = match basis {
                EstimateBasis::Earlier(n) | EstimateBasis::Both(n) if alone => {
                    format!(", as {} before it took", count(n, "release"))
                }
                _ => String::new(),
            };
            let first = if waiting { "after you continue " } else { "" };
            scene.quiet(format!("{first}{left}{why}"))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn deadline(kind: DeadlineKind, seconds: i64, exact: bool) -> (Deadline, jiff::Timestamp) {
        let now = jiff::Timestamp::UNIX_EPOCH;
        let at = jiff::Timestamp::from_second(seconds).unwrap();
        (Deadline { kind, at, exact }, now)
    }

    #[test]
    fn seconds_count_only_when_they_are_few() {
        let read = |seconds, exact| {
            let (deadline, now) = deadline(DeadlineKind::Bake, seconds, exact);
            left_in_short(&deadline, now)
        };
        assert_eq!(read(190, true), "3m10s");
        assert_eq!(read(190, false), "<3m10s");
        assert_eq!(read(1_621, true), "27m");
        assert_eq!(read(86_399, false), "<23h59m");
        assert_eq!(read(-5, true), "0s");
    }
}
