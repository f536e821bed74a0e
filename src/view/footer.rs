//! The last lines: something said in passing or the line of input, and the keys.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::key_line;
use super::regions::Regions;
use super::scene::Scene;
use super::widgets::text::{self, Cut};
use crate::app::command::completions;
use crate::app::model::Mode;
use crate::domain::text::printable;

/// Seconds for which something said in passing stays.
const NOTICE_SECONDS: i64 = 12;

/// Draws both lines, or on a low terminal the more urgent one. The position is the cursor's, where
/// something is being typed.
pub(crate) fn draw(scene: Scene<'_>, regions: &Regions, buf: &mut Buffer) -> Option<Position> {
    let low = regions.notice.height == 0;
    let line = if low { regions.keys } else { regions.notice };
    let room = usize::from(line.width).saturating_sub(2);
    let (input, notice) = (input_of(scene), notice(scene, room));
    if !(low && (input.is_some() || notice.is_some())) {
        let keys = key_line::keys(scene, room);
        buf.set_line(
            regions.keys.x + 1,
            regions.keys.y,
            &keys,
            regions.keys.width - 1,
        );
    }
    if let Some((sign, input)) = input {
        return Some(draw_input(scene, line, buf, sign, input));
    }
    let said = notice.or_else(|| (!low).then(|| key_line::reasons(scene, room)));
    if let Some(said) = said {
        buf.set_line(line.x + 1, line.y, &said, line.width - 1);
    }
    None
}

fn input_of(scene: Scene<'_>) -> Option<(&'static str, &Input)> {
    if scene.model.dialog.is_some() {
        return None;
    }
    match &scene.model.mode {
        Mode::Screen => None,
        Mode::Command(input) => Some((":", input)),
        Mode::Filter { input, .. } => Some(("/", input)),
    }
}

fn notice(scene: Scene<'_>, room: usize) -> Option<Line<'static>> {
    let notice = scene.model.notice.as_ref()?;
    let age = scene.now().as_second() - notice.at.as_second();
    (age < NOTICE_SECONDS).then(|| {
        let words = printable(&notice.text);
        let words = text::fit(&words, room, Cut::End, scene.symbols().ellipsis);
        Line::from(Span::styled(words, scene.styles().title()))
    })
}

fn draw_input(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    sign: &'static str,
    input: &Input,
) -> Position {
    let room = usize::from(area.width).saturating_sub(3);
    let scroll = input.visual_scroll(room);
    let shown: String = input.value().chars().skip(scroll).collect();
    let mut line = Line::from(vec![
        Span::styled(sign, scene.styles().key()),
        scene.plain(shown),
    ]);
    let hint = match sign {
        ":" => completion(input.value()),
        _ if input.value().is_empty() => "  text, !text for the inverse, -f text fuzzy".to_owned(),
        _ => {
            let list = scene.list();
            format!("  {} of {}", list.rows.len(), list.total)
        }
    };
    line.push_span(scene.quiet(hint));
    buf.set_line(area.x + 1, area.y, &line, area.width - 1);
    let column = input.visual_cursor().max(scroll) - scroll + 1;
    let x = area
        .x
        .saturating_add(1)
        .saturating_add(text::columns(column));
    Position::new(x.min(area.right() - 1), area.y)
}

/// What Tab would add, and what else it could become.
fn completion(typed: &str) -> String {
    let names = completions(typed);
    match names.split_first() {
        Some((first, others)) if !typed.is_empty() => {
            let rest = first.strip_prefix(typed).unwrap_or_default();
            let others = others.join("  ");
            format!("{rest}  {others}")
        }
        Some(_) => format!("  {}", names.join("  ")),
        None => String::new(),
    }
}
