//! Log lines of a service or a task.

mod line;

use std::collections::VecDeque;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::scene::Scene;
use super::title::number;
use super::widgets::pieces::{self, Piece};
use crate::app::filter::Filter;
use crate::app::logs::{LogBuffer, LogsState, filter_text};
use crate::domain::context::Scoped;
use crate::domain::logs::{LogLine, LogSource};
use crate::domain::text::printable;

/// Lines that are filtered at once, from the newest on, until the screen is full.
const CHUNK: usize = 512;
/// Remarks that are shown; the others are counted.
const NOTES: usize = 2;

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer, source: &Scoped<LogSource>) {
    let buffer = scene
        .model
        .log_buffer
        .as_ref()
        .filter(|buffer| buffer.source == *source);
    let Some(buffer) = buffer else { return };
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
        return;
    }
    draw_lines(scene, below, buf, buffer, &state);
}

/// Whether the newest line is followed, and how many lines there are.
fn status(scene: Scene<'_>, room: usize, buffer: &LogBuffer, state: &LogsState) -> Line<'static> {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    let mode = if state.paused {
        let waiting = match buffer.waiting() {
            0 => String::new(),
            lines => format!(", {} new lines wait", number(lines)),
        };
        Span::styled(format!("{} PAUSED{waiting}", symbols.timer), styles.timer())
    } else if state.up > 0 {
        let words = format!("{} {} lines up", symbols.ascending, number(state.up));
        Span::styled(words, styles.timer())
    } else {
        Span::styled(format!("{} following", symbols.moving), styles.moving())
    };
    let mut all = vec![Piece::new(0, vec![mode])];
    let words = format!("{} lines", number(buffer.lines.len()));
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
) {
    let height = usize::from(area.height);
    let filter = &scene.list().filter;
    let shown = window(buffer, filter, state.up, height);
    if shown.is_empty() {
        let words = format!("no line passes the filter /{}", printable(filter.text()));
        buf.set_line(
            area.x + 1,
            area.y,
            &Line::from(scene.quiet(words)),
            area.width,
        );
        return;
    }
    let form = line::Form {
        scene,
        room: usize::from(area.width).saturating_sub(2),
        with_task: matches!(buffer.source.id, LogSource::Service { .. }),
        with_time: !state.hide_times,
        wrap: state.wrap,
        needle: line::needle(filter),
        container: line::container_width(&shown),
    };
    let rows: Vec<Line<'static>> = shown.into_iter().flat_map(|line| form.rows(line)).collect();
    let hidden = rows.len().saturating_sub(height);
    for (row, y) in rows.iter().skip(hidden).zip(area.top()..area.bottom()) {
        buf.set_line(area.x + 1, y, row, area.width.saturating_sub(1));
    }
}

/// The lines on screen, the oldest first: those that pass the filter, `up` of them left out at the
/// newer end, but never so many that the screen is not full.
fn window<'a>(
    buffer: &'a LogBuffer,
    filter: &Filter,
    up: usize,
    height: usize,
) -> VecDeque<&'a LogLine> {
    let mut shown: VecDeque<&LogLine> = VecDeque::new();
    let mut skipped = 0;
    let mut newest = buffer.lines.iter().rev();
    loop {
        let mut chunk: Vec<&LogLine> = newest.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            return shown;
        }
        filter.retain(&mut chunk, |line| filter_text(line));
        for line in chunk {
            shown.push_front(line);
            if shown.len() <= height {
                continue;
            }
            if skipped == up {
                shown.pop_front();
                return shown;
            }
            shown.pop_back();
            skipped += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::filter::Filter;
    use crate::domain::arn::{ClusterArn, ServiceArn};
    use crate::domain::context::ContextId;
    use jiff::Timestamp;

    fn buffer(count: i64) -> LogBuffer {
        let source = LogSource::Service {
            cluster: ClusterArn::new("arn:aws:ecs:r:1:cluster/c"),
            service: ServiceArn::new("arn:aws:ecs:r:1:service/c/s"),
        };
        let at = Timestamp::UNIX_EPOCH;
        let mut buffer = LogBuffer::new(Scoped::new(ContextId(0), source), at);
        let line = |n: i64| LogLine {
            id: n.to_string(),
            at: Timestamp::from_second(n).unwrap(),
            container: "app".into(),
            task: "1".into(),
            message: format!("line {n}"),
        };
        buffer.take(
            (0..count).map(line).collect(),
            Vec::new(),
            &Filter::default(),
        );
        buffer
    }

    fn shown(count: i64, filter: &str, up: usize) -> Vec<String> {
        let buffer = buffer(count);
        window(&buffer, &Filter::new(filter), up, 3)
            .into_iter()
            .map(|line| line.message.clone())
            .collect()
    }

    #[test]
    fn the_newest_lines_fill_the_screen() {
        assert_eq!(shown(2_000, "", 0), ["line 1997", "line 1998", "line 1999"]);
        assert_eq!(shown(2, "", 0), ["line 0", "line 1"]);
    }

    #[test]
    fn scrolling_up_stops_at_the_oldest_line() {
        assert_eq!(
            shown(2_000, "", 600),
            ["line 1397", "line 1398", "line 1399"]
        );
        assert_eq!(shown(10, "", 500), ["line 0", "line 1", "line 2"]);
    }

    #[test]
    fn the_filter_counts_before_the_screen_does() {
        assert_eq!(
            shown(1_000, "line 9", 1),
            ["line 996", "line 997", "line 998"]
        );
        assert_eq!(
            shown(1_000, "line 12", 900),
            ["line 12", "line 120", "line 121"]
        );
        assert!(shown(1_000, "nothing", 0).is_empty());
    }
}
