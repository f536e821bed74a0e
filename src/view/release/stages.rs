//! The stages of a release in their order, with the one that it is at.

use ratatui::text::{Line, Span};

use crate::domain::release::{Mechanism, Release, ReleaseStatus, Stage};
use crate::domain::text::printable;
use crate::view::scene::Scene;

/// The stages of a rolling release: ECS reports none, so these are read off the counts.
const ROLLING: [Stage; 4] = [
    Stage::Starting,
    Stage::Replacing,
    Stage::Draining,
    Stage::Settling,
];

/// ECS's lifecycle stages (ECS developer guide, lifecycle stages for service deployments), those
/// around one act together under its name.
const LIFECYCLE: [(&str, &[&str]); 6] = [
    ("prepare", &["RECONCILE_SERVICE"]),
    ("scale up", &["PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP"]),
    (
        "test shift",
        &["TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT"],
    ),
    (
        "production shift",
        &[
            "PRE_PRODUCTION_TRAFFIC_SHIFT",
            "PRODUCTION_TRAFFIC_SHIFT",
            "POST_PRODUCTION_TRAFFIC_SHIFT",
        ],
    ),
    ("bake", &["BAKE_TIME"]),
    ("clean up", &["CLEAN_UP"]),
];

/// The line of stages; none for a release that is over, or whose stages nobody tells.
pub(super) fn line(scene: Scene<'_>, release: &Release) -> Option<Line<'static>> {
    if release.status.is_over() {
        return None;
    }
    let (names, at): (Vec<String>, Option<usize>) = match release.stage.as_ref()? {
        Stage::Lifecycle(stage) => lifecycle(stage),
        stage if release.mechanism == Mechanism::Rolling => (
            ROLLING.iter().map(Stage::label).collect(),
            ROLLING.iter().position(|known| known == stage),
        ),
        stage => (vec![stage.label()], Some(0)),
    };
    let back = release.status == ReleaseStatus::RollingBack;
    let mut spans = vec![Span::raw("  ")];
    if back {
        spans.push(Span::styled("back:  ", scene.styles().rolling_back()));
    }
    for (place, name) in names.into_iter().enumerate() {
        spans.push(stage(scene, release, place, at, &printable(&name)));
        spans.push(Span::raw("   "));
    }
    Some(Line::from(spans))
}

fn lifecycle(stage: &str) -> (Vec<String>, Option<usize>) {
    let at = LIFECYCLE
        .iter()
        .position(|(_, stages)| stages.contains(&stage));
    let mut names: Vec<String> = LIFECYCLE.iter().map(|(name, _)| (*name).into()).collect();
    let own = Stage::Lifecycle(stage.to_owned()).label();
    match at.and_then(|at| names.get_mut(at)) {
        Some(name) => *name = own,
        None => names = vec![own],
    }
    let at = at.or(Some(0));
    (names, at)
}

fn stage(
    scene: Scene<'_>,
    release: &Release,
    place: usize,
    at: Option<usize>,
    name: &str,
) -> Span<'static> {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    match at {
        Some(at) if place < at => Span::styled(format!("{} {name}", symbols.ok), styles.quiet()),
        Some(at) if place == at => {
            let (symbol, style) = match release.status {
                ReleaseStatus::Waiting => (symbols.waiting, styles.waiting()),
                ReleaseStatus::RollingBack => (symbols.rolling_back, styles.rolling_back()),
                _ if release.has_failures() => (symbols.warning, styles.failed()),
                _ => (symbols.moving, styles.moving()),
            };
            Span::styled(format!("{symbol} {}", name.to_uppercase()), style)
        }
        _ => Span::styled(format!("{} {name}", symbols.not_yet), styles.quiet()),
    }
}
