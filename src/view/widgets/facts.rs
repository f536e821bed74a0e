//! Facts about one thing: a name and a value on each line.

use ratatui::text::{Line, Span};

use super::text;
use crate::view::scene::Scene;

/// Lines of facts, the values aligned behind the longest name. A value that is too long goes on
/// below itself.
pub(crate) fn lines(
    scene: Scene<'_>,
    facts: Vec<(&str, Line<'static>)>,
    room: usize,
) -> Vec<Line<'static>> {
    let names = facts.iter().map(|(name, _)| text::width(name)).max();
    let indent = names.unwrap_or(0) + 2;
    let mut lines = Vec::new();
    for (name, value) in facts {
        let label = Span::styled(format!("{name:indent$}"), scene.styles().quiet());
        let rest = room.saturating_sub(indent);
        match &value.spans[..] {
            [only] if only.width() > rest && rest > 0 => {
                for (place, piece) in text::wrap(&only.content, rest).into_iter().enumerate() {
                    let label = match place {
                        0 => label.clone(),
                        _ => Span::raw(" ".repeat(indent)),
                    };
                    lines.push(Line::from(vec![label, Span::styled(piece, only.style)]));
                }
            }
            _ => {
                let mut spans = vec![label];
                spans.extend(value.spans);
                lines.push(Line::from(spans));
            }
        }
    }
    lines
}
