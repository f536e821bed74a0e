//! What happened to a release, the latest on top: ECS's events and the times of its record.

use jiff::Timestamp;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::store::Store;
use crate::app::timeline::{MomentKind, moments};
use crate::domain::release::Release;
use crate::view::scene::Scene;
use crate::view::widgets::text;
use crate::view::widgets::time;

/// A heading and everything that is known to have happened.
pub(super) fn lines(
    scene: Scene<'_>,
    room: usize,
    store: &Store,
    release: &Release,
) -> Vec<Line<'static>> {
    let clock = |at| time::clock_or_date(at, scene.now(), scene.zone());
    let moments = moments(store, release, clock);
    let mut lines = vec![scene.heading("timeline, the latest first", room)];
    if moments.is_empty() {
        lines.push(Line::from(scene.quiet("  ECS has told nothing yet")));
    }
    for told in moments {
        let style = style(scene, told.kind);
        lines.extend(moment(scene, room, told.at, &told.words, style));
    }
    lines
}

fn style(scene: Scene<'_>, kind: MomentKind) -> Style {
    let styles = scene.styles();
    match kind {
        MomentKind::Edge => styles.title(),
        MomentKind::Stop => styles.stopped(),
        MomentKind::RollBack => styles.rolling_back(),
        MomentKind::Failed => styles.failed(),
        MomentKind::Waits => styles.waiting(),
        MomentKind::Other => styles.text(),
    }
}

fn moment(
    scene: Scene<'_>,
    room: usize,
    at: Timestamp,
    words: &str,
    style: Style,
) -> Vec<Line<'static>> {
    let clock = time::clock_or_date(at, scene.now(), scene.zone());
    let indent = text::width(&clock) + 3;
    text::wrap(words, room.saturating_sub(indent))
        .into_iter()
        .enumerate()
        .map(|(place, piece)| {
            let lead = if place == 0 {
                scene.quiet(format!("  {clock} "))
            } else {
                Span::raw(" ".repeat(indent))
            };
            Line::from(vec![lead, Span::styled(piece, style)])
        })
        .collect()
}
