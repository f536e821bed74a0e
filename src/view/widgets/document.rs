//! A text that scrolls.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::text::{self, Cut};
use crate::view::scene::Scene;

/// Draws the lines from `scroll` on; the end of the text is never scrolled past the end of the
/// area. What lies below is counted in the corner. Returns the furthest that it can be scrolled.
pub(crate) fn draw(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    lines: Vec<Line<'static>>,
    scroll: usize,
) -> usize {
    let height = usize::from(area.height);
    let room = usize::from(area.width);
    let furthest = lines.len().saturating_sub(height);
    let scroll = scroll.min(furthest);
    let below = lines.len().saturating_sub(scroll + height);
    for (line, y) in lines
        .into_iter()
        .skip(scroll)
        .zip(area.top()..area.bottom())
    {
        let line = text::fit_line(line, room, Cut::End, scene.symbols().ellipsis);
        buf.set_line(area.x, y, &line, area.width);
    }
    if below > 0 && height > 0 {
        let words = format!(" {} {below} more ", scene.symbols().descending);
        let width = text::columns(text::width(&words)).min(area.width);
        let mark = Span::styled(words, scene.styles().column_header());
        buf.set_span(area.right() - width, area.bottom() - 1, &mark, width);
    }
    furthest
}
