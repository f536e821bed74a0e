//! A whole log line: where it comes from, and what it says, pretty where it is JSON.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Drawn;
use super::panel::Panel;
use crate::app::logs::LogBuffer;
use crate::domain::logs::buffer::{Entry, LineId, LineRef};
use crate::domain::logs::fields::{self, Bounds};
use crate::domain::logs::level::Level;
use crate::domain::text::{printable, printable_lines};
use crate::view::scene::Scene;
use crate::view::title::number;
use crate::view::widgets::text;
use crate::view::widgets::{facts, time};

/// The widest that a line is shown, in columns.
const WIDEST: usize = 140;
/// Rows that are made of a line at most.
const ROWS: usize = 2_000;

pub(super) fn draw(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    id: LineId,
    scroll: usize,
) -> Drawn {
    let mut panel = Panel::new("Log line");
    panel.widest = WIDEST;
    panel.scroll = scroll;
    let room = WIDEST.min(usize::from(area.width).saturating_sub(4)).max(1);
    let buffer = scene.model.log_buffer.as_ref();
    match buffer.and_then(|buffer| Some((buffer, buffer.lines.get(id)?))) {
        Some((_, Entry::Mark(mark))) => panel.body = message(scene, mark.text, room),
        Some((buffer, Entry::Line(line))) => {
            panel.body = facts::lines(scene, origin(scene, buffer, &line), room);
            panel.body.push(Line::default());
            panel.body.extend(message(scene, line.message, room));
            if let Some(bytes) = line.cut {
                let words = format!("only the beginning of {} bytes was kept", number(bytes));
                panel.body.push(Line::from(scene.quiet(words)));
            }
        }
        None => {
            let words = "the line was dropped to make room for newer ones";
            panel.body = vec![Line::from(scene.quiet(words))];
        }
    }
    let (_, furthest) = panel.draw(scene, area, buf);
    Drawn {
        furthest,
        ..Drawn::default()
    }
}

/// When it was written and taken in, and what wrote it.
fn origin(
    scene: Scene<'_>,
    buffer: &LogBuffer,
    line: &LineRef<'_>,
) -> Vec<(&'static str, Line<'static>)> {
    let plain = |words: String| Line::styled(printable(&words), scene.styles().dialog());
    let at = line.at.to_zoned(scene.zone().clone());
    let at = at.strftime("%Y-%m-%d %H:%M:%S%.3f %Z").to_string();
    let ago = time::ago(line.at, scene.now());
    let mut all = vec![("at", plain(format!("{at}, {ago}")))];
    if let Some(ingested) = line.ingested_at {
        let delay = ingested.as_millisecond() - line.at.as_millisecond();
        let words = format!("{}.{:03}s later", delay / 1_000, (delay % 1_000).abs());
        all.push(("taken in", plain(words)));
    }
    if let Some(level) = line.level {
        let style = match level {
            Level::Error | Level::Fatal => scene.styles().log_error(),
            Level::Warn => scene.styles().log_warn(),
            _ => scene.styles().dialog(),
        };
        all.push(("level", Line::styled(level.name(), style)));
    }
    if let Some(origin) = buffer.origins.get(line.stream) {
        let task = origin.task.as_ref().map(|task| task.short().to_owned());
        let words = match task {
            Some(task) => format!("{} of task {task}", origin.container),
            None => origin.container.clone(),
        };
        all.push(("container", plain(words)));
        if let Some(definition) = &origin.definition {
            let side = origin
                .side
                .map_or(String::new(), |side| format!(", {} side", side.label()));
            all.push((
                "revision",
                plain(definition.family_revision().to_owned() + &side),
            ));
        }
    }
    all.push(("stream", plain(line.stream.stream.clone())));
    all.push(("group", plain(line.stream.group.clone())));
    all
}

/// What it says.
fn message(scene: Scene<'_>, message: &str, room: usize) -> Vec<Line<'static>> {
    let bounds = Bounds {
        lines: ROWS,
        ..Bounds::default()
    };
    let rows = match fields::pretty(message, bounds) {
        Some(rows) => rows,
        None => printable_lines(message)
            .lines()
            .map(str::to_owned)
            .collect(),
    };
    let wrapped = rows.iter().flat_map(|row| hanging(row, room));
    let lines = wrapped.take(ROWS).map(|row| {
        let (indent, key, rest) = parts(&row);
        Line::from(vec![
            Span::raw(indent.to_owned()),
            Span::styled(printable(key), scene.styles().quiet()),
            Span::styled(printable(rest), scene.styles().dialog()),
        ])
    });
    lines.collect()
}

/// A row and its continuation, as far indented as the row.
fn hanging(row: &str, room: usize) -> Vec<String> {
    let rest = row.trim_start();
    let indent = " ".repeat((row.len() - rest.len()).min(room / 2));
    let pieces = text::wrap(rest, room.saturating_sub(indent.len()));
    pieces
        .into_iter()
        .map(|piece| format!("{indent}{piece}"))
        .collect()
}

/// The indentation, the key of a member with its colon, and the rest.
fn parts(row: &str) -> (&str, &str, &str) {
    let rest = row.trim_start();
    let (indent, rest) = row.split_at(row.len() - rest.len());
    let key = match rest.strip_prefix('"').and_then(|text| text.find("\": ")) {
        Some(end) => end + 3,
        None => 0,
    };
    let (key, value) = rest.split_at(key);
    (indent, key, value)
}
