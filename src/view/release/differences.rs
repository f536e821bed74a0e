//! What differs between the task definitions of the two sides.

use ratatui::text::{Line, Span};

use crate::app::store::Store;
use crate::domain::definition_diff::{Difference, differences};
use crate::domain::release::{Release, Side};
use crate::domain::task_definition::TaskDefinition;
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::widgets::text;

/// A heading and what differs; empty while one of the two has not been read.
pub(super) fn lines(
    scene: Scene<'_>,
    room: usize,
    store: &Store,
    release: &Release,
) -> Vec<Line<'static>> {
    let definition = |side: Option<&Side>| -> Option<&TaskDefinition> {
        store.task_definition(side?.task_definition.as_ref()?)
    };
    let (Some(old), Some(new)) = (
        definition(release.old.as_ref()),
        definition(release.new.as_ref()),
    ) else {
        return Vec::new();
    };
    let mut lines = vec![scene.heading("differs", room)];
    if old.arn == new.arn {
        let words = "  nothing: it is the same task definition again";
        lines.push(Line::from(scene.quiet(words)));
        return lines;
    }
    let found = differences(old, new);
    if found.is_empty() {
        let words = "  nothing that cutover compares: images, environment, size, roles, ports";
        lines.push(Line::from(scene.quiet(words)));
    }
    lines.extend(flow(scene, room, &found));
    lines
}

/// The differences one after the other, as many on a line as fit.
fn flow(scene: Scene<'_>, room: usize, found: &[Difference]) -> Vec<Line<'static>> {
    let separator = format!(" {} ", scene.symbols().dot);
    let mut lines: Vec<Line<'static>> = Vec::new();
    for difference in found {
        let words = printable(&difference.sentence(scene.symbols().arrow));
        let style = match difference {
            Difference::Added { .. } => scene.styles().diff_added(),
            Difference::Removed { .. } => scene.styles().diff_removed(),
            Difference::Changed { .. } => scene.styles().text(),
        };
        let width = text::width(&words) + text::width(&separator);
        match lines.last_mut().filter(|line| line.width() + width <= room) {
            Some(line) => {
                line.push_span(scene.quiet(separator.clone()));
                line.push_span(Span::styled(words, style));
            }
            None => lines.push(Line::from(vec![
                Span::raw("  "),
                Span::styled(words, style),
            ])),
        }
    }
    lines
}
