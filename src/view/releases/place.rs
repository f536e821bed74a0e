//! Where a release stands: its mechanism, its stage, and how far the traffic has moved.

use ratatui::text::{Line, Span};

use super::{GAUGE, WIDE, WIDEST};
use crate::domain::release::{
    Deadline, DeadlineKind, Mechanism, Release, ReleaseStatus, Side, Stage, StageStep, StepState,
};
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::widgets::{gauge, text};

/// Columns of the bar where there is less room.
const SMALL_GAUGE: usize = 4;

/// The mechanism, with the share of its parts: `canary 5 %`. The long word of CodeDeploy stands alone
/// where there is less room: its steps are in the stage.
pub(super) fn strategy(release: &Release, width: u16) -> String {
    let label = printable(release.mechanism.label());
    let alone = width < WIDEST && release.mechanism == Mechanism::CodeDeploy;
    match release.shift.filter(|_| !alone) {
        Some(shift) => format!("{label} {} %", text::percent(shift.percent)),
        None => label,
    }
}

/// Where a release stands: its stage, and where there is room which of how many that is.
pub(super) fn stage_words(release: &Release, width: u16) -> String {
    let label = release.stage.as_ref().map(Stage::label).unwrap_or_default();
    let present = |step: &StageStep| {
        matches!(
            step.state,
            StepState::Now | StepState::Waits | StepState::Failed
        )
    };
    if release.status == ReleaseStatus::RollingBack {
        return label;
    }
    let parts = release.shift.filter(|shift| shift.steps > 1);
    match (release.steps.iter().position(present), parts) {
        (Some(place), Some(shift)) if moves_traffic(release, place) => {
            let of = if width < WIDEST { "/" } else { " of " };
            format!("step {}{of}{}", shift.step, shift.steps)
        }
        (Some(place), _) if width >= WIDEST => match release.steps.get(place) {
            Some(step) => format!("{}/{} {}", place + 1, release.steps.len(), step.label),
            None => label,
        },
        _ => label,
    }
}

/// Whether the traffic is what the stage moves, or what it holds between two parts.
fn moves_traffic(release: &Release, place: usize) -> bool {
    let between = matches!(
        release.deadline,
        Some(Deadline {
            kind: DeadlineKind::StepBake,
            ..
        })
    );
    let moves = release
        .steps
        .get(place)
        .is_some_and(|step| step.name == "PRODUCTION_TRAFFIC_SHIFT" || step.name == "AllowTraffic");
    between || moves
}

/// Production traffic, old and new, in percent: what was asked for, and on a wide terminal a bar of
/// what is real.
pub(super) fn traffic(scene: Scene<'_>, width: u16, release: &Release) -> Line<'static> {
    let styles = scene.styles();
    let (old, new) = (release.old.as_ref(), release.new.as_ref());
    let wanted = |side: Option<&Side>| side.and_then(|side| side.production_percent);
    let real = |side: Option<&Side>| side.and_then(|side| side.production_real);
    let shown = |side| wanted(side).or(real(side));
    if shown(old).is_none() && shown(new).is_none() {
        return Line::default();
    }
    let read = |share: Option<f64>| share.map_or("?".to_owned(), text::percent);
    let mut spans = Vec::new();
    let left = real(old)
        .or_else(|| real(new).map(|new| 100.0 - new))
        .or(shown(old));
    let roomy = width >= WIDEST;
    if let (Some(left), true) = (left, width >= WIDE) {
        let columns = if roomy { GAUGE } else { SMALL_GAUGE };
        let (full, empty) = (styles.traffic_old(), styles.traffic_new());
        spans.extend(gauge::bar(
            left,
            100.0,
            columns,
            scene.symbols(),
            full,
            empty,
        ));
        spans.push(Span::raw(" "));
    }
    let (old, new) = (read(shown(old)), read(shown(new)));
    if roomy {
        spans.push(Span::styled(format!("{old:>3}"), styles.traffic_old()));
        spans.push(Span::styled(format!(" {new:>3}"), styles.traffic_new()));
    } else {
        spans.push(Span::styled(old, styles.traffic_old()));
        spans.push(scene.quiet("/"));
        spans.push(Span::styled(new, styles.traffic_new()));
    }
    if release.traffic_disagrees() {
        let mark = format!(" {}", scene.symbols().warning);
        spans.push(Span::styled(mark, styles.warning()));
    }
    Line::from(spans)
}
