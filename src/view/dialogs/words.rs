//! Asks for words of the person's own: why an approval is given, why a way is switched off.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation as _;

use super::Drawn;
use super::panel::{Panel, TEXT};
use crate::domain::intent::PipelineIntent;
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::widgets::text;

pub(super) fn draw(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    intent: &PipelineIntent,
    input: &Input,
) -> Drawn {
    let mut panel = Panel::new(&printable(&intent.title()));
    let words = intent.wish.words();
    let required = words.is_some_and(|words| words.required);
    let question = if required {
        "the reason, which others will read:"
    } else {
        "a reason, which others will read (it may be left empty):"
    };
    panel.body.push(Line::from(scene.quiet(question)));
    let room = TEXT.min(usize::from(area.width).saturating_sub(4)).max(1);
    let typed = printable(input.value());
    // The end of what is typed has to be in sight: lines are cut by columns, not between words.
    let mut lines = chop(&typed, room);
    if lines.last().is_none_or(|last| text::width(last) >= room) {
        lines.push(String::new());
    }
    let before: String = typed.chars().take(input.cursor()).collect();
    let (row, column) = place(&chop(&before, room), room);
    panel.body.extend(lines.into_iter().map(|line| {
        let padded = format!("{line:<36}");
        Line::from(Span::styled(padded, scene.styles().key()))
    }));
    let most = words.map_or(0, |words| words.most);
    panel.foot = vec![
        Line::default(),
        Line::from(scene.quiet(format!(
            "{} of {most} characters; the plan is shown before anything is sent",
            typed.chars().count()
        ))),
    ];
    let (inner, furthest) = panel.draw(scene, area, buf);
    let x = inner.x.saturating_add(text::columns(column));
    let y = inner.y.saturating_add(text::columns(row + 1));
    let seen = x < inner.right() && y < inner.bottom();
    Drawn {
        cursor: seen.then(|| Position::new(x, y)),
        furthest,
        ..Drawn::default()
    }
}

/// The row and the column behind what is typed before the cursor.
fn place(lines: &[String], room: usize) -> (usize, usize) {
    let Some((last, above)) = lines.split_last() else {
        return (0, 0);
    };
    match text::width(last) {
        full if full >= room => (above.len() + 1, 0),
        column => (above.len(), column),
    }
}

/// Lines of so many columns at most, cut between characters as they are drawn.
fn chop(words: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = room;
    for grapheme in words.graphemes(true) {
        let width = text::width(grapheme);
        if used + width > room {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(grapheme);
        }
        used += width;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_by_columns_and_the_cursor_is_behind_them() {
        assert_eq!(chop("abcdef", 4), ["abcd", "ef"]);
        assert_eq!(chop("\u{6f22}\u{5b57}x", 3), ["\u{6f22}", "\u{5b57}x"]);
        assert_eq!(place(&chop("abcdef", 4), 4), (1, 2));
        assert_eq!(place(&chop("abcd", 4), 4), (1, 0));
        assert_eq!(place(&chop("", 4), 4), (0, 0));
    }
}
