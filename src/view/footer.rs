//! The last lines: something said in passing or the line of input, and the keys.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::key_line;
use super::operations;
use super::regions::Regions;
use super::scene::Scene;
use super::title::number;
use super::widgets::text::{self, Cut};
use crate::app::command::{completions, hint};
use crate::app::logs::parse_rule;
use crate::app::model::{Mode, Notice};
use crate::app::screen::Screen;
use crate::domain::text::printable;

/// Seconds for which something said in passing stays.
const NOTICE_SECONDS: i64 = 12;
/// Seconds for which something stays that has to be read.
const WARNING_SECONDS: i64 = 60;

/// Draws both lines, or on a low terminal the more urgent one. The position is the cursor's, where
/// something is being typed.
pub(crate) fn draw(scene: Scene<'_>, regions: &Regions, buf: &mut Buffer) -> Option<Position> {
    let low = regions.notice.height == 0;
    let line = if low { regions.keys } else { regions.notice };
    let room = usize::from(line.width).saturating_sub(2);
    // Without a line of its own a notice hides the keys: then nothing stays long.
    let warning = if low { NOTICE_SECONDS } else { WARNING_SECONDS };
    let (input, notice) = (input_of(scene), notice(scene, room, warning));
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
        Mode::Search(input) => Some(("search: ", input)),
        Mode::Fields(input) => Some(("fields: ", input)),
    }
}

fn notice(scene: Scene<'_>, room: usize, warning_seconds: i64) -> Option<Line<'static>> {
    let fresh =
        |notice: &&Notice, seconds: i64| scene.now().as_second() - notice.at.as_second() < seconds;
    // What the strip of actions says is not said twice.
    let in_passing =
        scene.model.notice.as_ref().filter(|notice| {
            fresh(notice, NOTICE_SECONDS) && !operations::says(scene, &notice.text)
        });
    let lasting = || {
        let warning = scene.model.warning.as_ref();
        warning.filter(|notice| fresh(notice, warning_seconds))
    };
    let notice = in_passing.or_else(lasting)?;
    let words = printable(&notice.text);
    let words = text::fit(&words, room, Cut::End, scene.symbols().ellipsis);
    Some(Line::from(Span::styled(words, scene.styles().title())))
}

fn draw_input(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    sign: &'static str,
    input: &Input,
) -> Position {
    let room = usize::from(area.width).saturating_sub(2 + sign.len());
    let scroll = input.visual_scroll(room);
    let shown: String = input.value().chars().skip(scroll).collect();
    let mut line = Line::from(vec![
        Span::styled(sign, scene.styles().key()),
        scene.plain(shown),
    ]);
    let hint = match sign {
        ":" => completion(scene, input.value()),
        "/" if input.value().is_empty() => {
            "  text, !text for the inverse, -f text fuzzy".to_owned()
        }
        "/" => passing(scene, input.value()),
        "search: " if input.value().is_empty() => {
            "  text, or -r and a regular expression".to_owned()
        }
        "fields: " if input.value().is_empty() => "  such as level, message, user.id".to_owned(),
        _ => String::new(),
    };
    line.push_span(scene.quiet(hint));
    buf.set_line(area.x + 1, area.y, &line, area.width - 1);
    let column = input.visual_cursor().max(scroll) - scroll + sign.len();
    let x = area
        .x
        .saturating_add(1)
        .saturating_add(text::columns(column));
    Position::new(x.min(area.right() - 1), area.y)
}

/// How much passes the filter, and where it is none, why.
fn passing(scene: Scene<'_>, typed: &str) -> String {
    let in_logs = matches!(scene.page().screen, Screen::Logs(_));
    match scene.model.log_buffer.as_ref().filter(|_| in_logs) {
        Some(buffer) => match parse_rule(typed, &buffer.origins) {
            Ok(_) => format!("  {} of {}", number(buffer.passing()), number(buffer.len())),
            Err(error) => format!("  {}", printable(&error)),
        },
        None => {
            let list = scene.list();
            format!("  {} of {}", list.rows.len(), list.total)
        }
    }
}

/// What Tab would add, and what else it could become; behind a name that is complete, what the line
/// would do.
fn completion(scene: Scene<'_>, typed: &str) -> String {
    if let Some(hint) = hint(scene.model, typed) {
        return format!("  {}", printable(&hint));
    }
    let commands = completions(scene.model, typed);
    let names: Vec<&str> = commands.iter().map(|command| command.name).collect();
    match names.split_first() {
        Some((first, [])) if *first == typed => {
            let argument = commands.first().map_or("", |command| command.argument);
            format!(" {argument}")
        }
        Some((first, others)) if !typed.is_empty() => {
            let rest = first.strip_prefix(typed).unwrap_or_default();
            let others = others.join("  ");
            format!("{rest}  {others}")
        }
        Some(_) => format!("  {}", names.join("  ")),
        None => String::new(),
    }
}
