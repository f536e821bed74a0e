//! The lifecycle events of a CodeDeploy deployment with their times.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Shape;
use crate::domain::release::{Mechanism, Release, StageStep, StepState};
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::widgets::text::{self, Cut};
use crate::view::widgets::time;

/// The widest name of CodeDeploy's own events, `AfterAllowTestTraffic`.
const NAME: usize = 21;

/// The deployment's id and a line for each event; on a low terminal the strip has to do. Empty for
/// other mechanisms.
pub(super) fn lines(scene: Scene<'_>, shape: Shape, release: &Release) -> Vec<Line<'static>> {
    let Some(id) = &release.codedeploy else {
        return Vec::new();
    };
    if release.mechanism != Mechanism::CodeDeploy {
        return Vec::new();
    }
    let room = shape.part();
    let mut title = format!("deployment {}", printable(&id.deployment));
    if let Some(group) = &id.group {
        let dot = scene.symbols().dot;
        title = format!(
            "{title} {dot} {} {} {}",
            printable(&group.application),
            scene.symbols().trail,
            printable(&group.group)
        );
    }
    let mut lines = vec![scene.heading(&title, room)];
    if !shape.low {
        let fit = |line| text::fit_line(line, room, Cut::End, scene.symbols().ellipsis);
        lines.extend(release.steps.iter().map(|step| fit(event(scene, step))));
    }
    lines
}

fn event(scene: Scene<'_>, step: &StageStep) -> Line<'static> {
    let (symbol, word, style) = state(scene, step.state);
    let began = step.started_at.map_or_else(String::new, |at| {
        time::clock_or_date(at, scene.now(), scene.zone())
    });
    let took = match step.state {
        StepState::ToCome | StepState::Skipped => None,
        _ => step.seconds(scene.now()).map(time::duration),
    };
    Line::from(vec![
        Span::styled(format!("  {symbol} "), style),
        scene.plain(format!("{:NAME$}", printable(&step.name))),
        Span::styled(format!("  {word:11}"), style),
        scene.quiet(format!("  {began:8}")),
        scene.plain(format!("  {}", took.unwrap_or_default())),
    ])
}

fn state(scene: Scene<'_>, state: StepState) -> (&'static str, &'static str, Style) {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    match state {
        StepState::Done => (symbols.ok, "succeeded", styles.succeeded()),
        StepState::Now => (symbols.moving, "in progress", styles.moving()),
        StepState::Waits => (symbols.waiting, "waits", styles.waiting()),
        StepState::Failed => (symbols.failed, "failed", styles.failed()),
        StepState::ToCome => (symbols.not_yet, "to come", styles.quiet()),
        StepState::Skipped => (symbols.skipped, "skipped", styles.quiet()),
        StepState::Unknown => (symbols.unknown, "not known", styles.unknown()),
    }
}
