//! Log lines of a service or a task.

mod line;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::scene::Scene;
use super::title::number;
use super::widgets::pieces::{self, Piece};
use crate::app::logs::{LogBuffer, LogsState};
use crate::domain::context::Scoped;
use crate::domain::logs::LogSource;
use crate::domain::text::printable;

/// Remarks that are shown; the others are counted.
const NOTES: usize = 2;

/// Returns the furthest that one can scroll up from the newest line.
pub(crate) fn draw(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    source: &Scoped<LogSource>,
) -> usize {
    let buffer = scene
        .model
        .log_buffer
        .as_ref()
        .filter(|buffer| buffer.source == *source);
    let Some(buffer) = buffer else { return 0 };
    let state = scene.page().logs.clone().unwrap_or_default();
    let mut y = area.y;
    let room = usize::from(area.width).saturating_sub(2);
    let mut put = |line: Line<'static>, buf: &mut Buffer| {
        if y < area.bottom() {
            buf.set_line(area.x + 1, y, &line, area.width.saturating_sub(1));
            y += 1;
        }
    };
    put(status(scene, room, buffer, &state), buf);
    for note in notes(scene, room, buffer) {
        put(note, buf);
    }
    let below = Rect {
        y,
        height: area.bottom().saturating_sub(y),
        ..area
    };
    if buffer.lines.is_empty() {
        let next = "lines from the last 15 minutes and those that come are shown here";
        super::empty::draw(scene, below, buf, "no log lines yet", next);
        return 0;
    }
    draw_lines(scene, below, buf, buffer, &state)
}

/// Whether the newest line is followed, and how many lines there are.
fn status(scene: Scene<'_>, room: usize, buffer: &LogBuffer, state: &LogsState) -> Line<'static> {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    let mode = if state.paused {
        let waiting = match buffer.waiting() {
            0 => String::new(),
            lines => format!(", {}", new_lines(lines)),
        };
        Span::styled(format!("{} PAUSED{waiting}", symbols.timer), styles.timer())
    } else if state.up > 0 {
        let words = format!("{} {} below", symbols.descending, newer(state.up));
        Span::styled(words, styles.timer())
    } else {
        Span::styled(format!("{} following", symbols.moving), styles.moving())
    };
    let mut all = vec![Piece::new(0, vec![mode])];
    if state.paused && state.up > 0 {
        let words = format!("{} below", newer(state.up));
        all.push(Piece::new(4, vec![scene.quiet(words)]));
    }
    let total = number(buffer.len());
    let words = if buffer.filter().is_empty() {
        format!("{total} lines")
    } else {
        format!("{} of {total} lines pass", number(buffer.passing()))
    };
    all.push(Piece::new(1, vec![scene.quiet(words)]));
    if buffer.dropped > 0 {
        let dropped = usize::try_from(buffer.dropped).unwrap_or(usize::MAX);
        let words = format!("{} older ones dropped", number(dropped));
        all.push(Piece::new(2, vec![Span::styled(words, styles.stale())]));
    }
    if state.wrap {
        all.push(Piece::new(3, vec![scene.quiet("wrapped")]));
    }
    let separator = scene.quiet(format!(" {} ", symbols.dot));
    pieces::join(pieces::choose(all, room, 3), &separator)
}

fn new_lines(lines: usize) -> String {
    format!("{} new {}", number(lines), plural(lines))
}

fn newer(lines: usize) -> String {
    format!("{} newer {}", number(lines), plural(lines))
}

fn plural(lines: usize) -> &'static str {
    if lines == 1 { "line" } else { "lines" }
}

/// Streams that cannot be read, and why.
fn notes(scene: Scene<'_>, room: usize, buffer: &LogBuffer) -> Vec<Line<'static>> {
    let sign = scene.symbols().warning;
    let remarks = buffer.missing.iter().chain(&buffer.notes);
    let mut lines: Vec<Line<'static>> = remarks
        .clone()
        .take(NOTES)
        .map(|note| {
            let words = scene.fit(&format!("{sign} {}", printable(note)), room);
            Line::styled(words, scene.styles().log_warn())
        })
        .collect();
    let more = remarks.skip(NOTES).count();
    if more > 0 {
        let words = format!("  and {more} more remarks");
        lines.push(Line::from(scene.quiet(words)));
    }
    lines
}

fn draw_lines(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    buffer: &LogBuffer,
    state: &LogsState,
) -> usize {
    let height = usize::from(area.height);
    let count = buffer.passing();
    if count == 0 {
        let words = format!(
            "no line passes the filter /{}",
            printable(buffer.filter().text())
        );
        let line = Line::from(scene.quiet(words));
        buf.set_line(area.x + 1, area.y, &line, area.width);
        return 0;
    }
    let mut form = line::Form {
        scene,
        room: usize::from(area.width).saturating_sub(2),
        with_task: matches!(buffer.source.id, LogSource::Service { .. }),
        with_time: !state.hide_times,
        wrap: state.wrap,
        needle: line::needle(buffer.filter()),
        container: 0,
    };
    let end = count - state.up.min(count.saturating_sub(1));
    let near = (end.saturating_sub(height)..end).filter_map(|place| buffer.line(place));
    form.container = line::container_width(near);
    // The screen is never emptier than it has to be: scrolling ends with the oldest line on top.
    let fill = filling(buffer, &form, 0..count, height);
    let end = end.max(fill.len());
    let mut rows: Vec<Line<'static>> = Vec::new();
    for place in filling(buffer, &form, (0..end).rev(), height) {
        let mut more: Vec<Line<'static>> = buffer
            .line(place)
            .map(|line| form.rows(line))
            .unwrap_or_default();
        more.append(&mut rows);
        rows = more;
    }
    for (row, y) in rows.iter().zip(area.top()..area.bottom()) {
        buf.set_line(area.x + 1, y, row, area.width.saturating_sub(1));
    }
    count - fill.len()
}

/// As many of the lines as fill the height without reaching over it, at least one.
fn filling(
    buffer: &LogBuffer,
    form: &line::Form<'_>,
    places: impl Iterator<Item = usize>,
    height: usize,
) -> Vec<usize> {
    let mut used = 0;
    let mut taken = Vec::new();
    for place in places {
        let Some(line) = buffer.line(place) else {
            break;
        };
        used += form.height(line);
        if used > height && !taken.is_empty() {
            break;
        }
        taken.push(place);
    }
    taken
}

#[cfg(test)]
mod tests;
