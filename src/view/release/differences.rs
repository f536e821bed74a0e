//! What differs between the task definitions of the two sides.

use ratatui::text::{Line, Span};

use super::Shape;
use crate::app::store::Store;
use crate::domain::definition_diff::{Difference, differences};
use crate::domain::release::{Release, Side};
use crate::domain::task_definition::TaskDefinition;
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::widgets::text;

/// A heading and what differs, or on a low terminal one line; empty while one of the two has not
/// been read.
pub(super) fn lines(
    scene: Scene<'_>,
    shape: Shape,
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
    let found = if old.arn == new.arn {
        Err("nothing: it is the same task definition again")
    } else {
        match differences(old, new) {
            none if none.is_empty() => {
                Err("nothing that is compared: images, environment, size, roles, ports")
            }
            some => Ok(some),
        }
    };
    let text = match found {
        Ok(found) if shape.low => flow(scene, usize::MAX, &found),
        Ok(found) => flow(scene, shape.room, &found),
        Err(words) => vec![Line::from(scene.quiet(format!("  {words}")))],
    };
    if shape.low {
        text.into_iter().map(|line| in_short(scene, line)).collect()
    } else {
        let heading = scene.heading("differs", shape.room);
        std::iter::once(heading).chain(text).collect()
    }
}

/// The name of the part in front of its only line.
fn in_short(scene: Scene<'_>, mut line: Line<'static>) -> Line<'static> {
    let rule = scene.symbols().rule.repeat(2);
    line.spans.insert(0, scene.quiet(" differs"));
    line.spans
        .insert(0, Span::styled(rule, scene.styles().border()));
    line
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
        let fits = |line: &&mut Line<'_>| line.width().saturating_add(width) <= room;
        match lines.last_mut().filter(fits) {
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
