//! Two texts beside each other.

use ratatui::text::{Line, Span};

use super::text::{self, Cut};

/// Columns between the two.
pub const GUTTER: usize = 2;

/// The width of each of two texts that share so many columns.
pub fn half(room: usize) -> usize {
    room.saturating_sub(GUTTER) / 2
}

/// Puts two texts beside each other, each `half` columns wide, or below each other where there is
/// no room for that.
pub fn arrange(
    left: Vec<Line<'static>>,
    right: Vec<Line<'static>>,
    beside: bool,
    half: usize,
) -> Vec<Line<'static>> {
    if !beside {
        return left.into_iter().chain(right).collect();
    }
    let count = left.len().max(right.len());
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    (0..count)
        .map(|_| {
            let mut line = text::fit_line(left.next().unwrap_or_default(), half, Cut::End, "");
            let gap = (half + GUTTER).saturating_sub(line.width());
            line.push_span(Span::raw(" ".repeat(gap)));
            line.spans.extend(right.next().unwrap_or_default().spans);
            line
        })
        .collect()
}
