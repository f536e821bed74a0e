//! Log lines of a service, a release, a task or a container.
//!
//! ```text
//! status   how one reads, how lines come, how many there are
//! notes    what cannot be read, and why
//! graph    errors per minute of each side, where there are two
//! lines    one after the other, or old and new beside each other
//! ```

mod cells;
mod graph;
mod head;
mod line;
mod minutes;
mod window;

use std::collections::BTreeSet;

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use self::line::{Form, Lead, Row};
use self::window::{Block, Column, Packed, View};
use super::scene::Scene;
use super::widgets::text;
use crate::app::availability::BESIDE;
use crate::app::feed::FeedMode;
use crate::app::logs::{Hue, LogBuffer, LogsState};
use crate::app::logs_range::range_in_front;
use crate::domain::context::Scoped;
use crate::domain::logs::buffer::{Entry, LineId, MarkRef};
use crate::domain::logs::search::Search;
use crate::domain::logs::{LogSource, Side, StreamName};
use crate::domain::text::printable;

/// From this width on times have milliseconds.
const FINE: u16 = 120;
/// Below this width the names of containers are left out.
const NAMES: u16 = 60;
/// From this height of the screen on the graph is shown by itself.
const GRAPH: u16 = 16;
/// From this height on it has an axis.
const AXIS: u16 = 24;
/// A line from further back than this many seconds has its date.
const DATED: i64 = 20 * 60 * 60;
/// The widest name of a container.
const CONTAINER: usize = 16;

/// Draws the lines. Returns the lowest one on screen.
pub(crate) fn draw(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    source: &Scoped<LogSource>,
) -> Option<LineId> {
    let buffer = scene.model.log_buffer.as_ref();
    let buffer = buffer.filter(|buffer| buffer.source == *source)?;
    let state = scene.page().logs.as_ref()?;
    let below = draw_head(scene, area, buf, buffer, state);
    if buffer.lines.entries() == 0 {
        draw_empty(scene, below, buf);
        return None;
    }
    if buffer.passing() == 0 {
        let words = match buffer.looking() {
            Some(percent) => format!("no line passes the filters so far: looked at {percent} %"),
            None => nothing_passes(scene),
        };
        let line = Line::from(scene.quiet(words));
        buf.set_line(below.x + 1, below.y, &line, below.width.saturating_sub(1));
        return None;
    }
    draw_lines(scene, below, buf, buffer, state)
}

/// Says which time has no lines, or none so far.
fn draw_empty(scene: Scene<'_>, area: Rect, buf: &mut Buffer) {
    let feed = scene.model.feed_state();
    let over = feed.is_some_and(|feed| feed.mode == FeedMode::Complete);
    let title = if over {
        "no log lines"
    } else {
        "no log lines yet"
    };
    let range = range_in_front(scene.model);
    let words = range.map_or_else(String::new, |range| range.label(scene.zone()));
    let next = if range.is_some_and(|range| range.until.is_none()) {
        format!("shown are lines {words}, and those that come")
    } else {
        format!("looked for: {words}")
    };
    super::empty::draw(scene, area, buf, title, &next);
}

fn nothing_passes(scene: Scene<'_>) -> String {
    match scene.list().filter.text() {
        "" => "no line passes the filters".into(),
        text => format!("no line passes the filter /{}", printable(text)),
    }
}

/// Draws what stands above the lines. Returns the room that is left for them.
fn draw_head(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    buffer: &LogBuffer,
    state: &LogsState,
) -> Rect {
    let mut y = area.y;
    let room = usize::from(area.width).saturating_sub(2);
    let mut lines = vec![head::status(scene, room, buffer, state)];
    if !state.full_screen {
        lines.extend(head::notes(scene, room, buffer));
    }
    let wanted = buffer.has_sides() && area.height >= GRAPH && !state.full_screen;
    if state.histogram.unwrap_or(wanted) {
        let axis = area.height >= AXIS;
        lines.extend(minutes::lines(scene, room, buffer, axis));
    }
    for line in lines {
        if y < area.bottom() {
            buf.set_line(area.x + 1, y, &line, area.width.saturating_sub(1));
            y += 1;
        }
    }
    Rect {
        y,
        height: area.bottom().saturating_sub(y),
        ..area
    }
}

/// The lines on screen, and how they are drawn.
struct Page<'a> {
    form: Form<'a>,
    buffer: &'a LogBuffer,
    state: &'a LogsState,
    /// Whether old and new stand beside each other.
    beside: bool,
}

fn draw_lines(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    buffer: &LogBuffer,
    state: &LogsState,
) -> Option<LineId> {
    let rank = |id| buffer.lines.rank_of(id);
    let last = buffer.passing().checked_sub(1)?;
    let view = View {
        count: buffer.passing(),
        bottom: state
            .place
            .and_then(|place| rank(place.bottom))
            .unwrap_or(last),
        cursor: state.place.and_then(|place| rank(place.cursor)),
        height: usize::from(area.height),
        fill: !state.paused,
    };
    let beside = state.side_by_side && buffer.has_sides() && area.width >= BESIDE;
    let page = Page {
        form: form(scene, area, buffer, state, view, beside),
        buffer,
        state,
        beside,
    };
    let blocks = window::window(view, |rank| page.block(rank));
    let bottom = blocks
        .back()
        .and_then(|block| buffer.lines.at_rank(block.rank));
    let rows = window::pack(blocks);
    for (row, y) in rows.into_iter().zip(area.top()..area.bottom()) {
        page.draw_row(row, view.cursor, area, y, buf);
    }
    bottom.map(|entry| entry.id())
}

/// How lines are drawn where those on screen are.
fn form<'a>(
    scene: Scene<'a>,
    area: Rect,
    buffer: &LogBuffer,
    state: &'a LogsState,
    view: View,
    beside: bool,
) -> Form<'a> {
    let names = names(buffer);
    let wide = area.width >= NAMES && (!beside || area.width >= 2 * NAMES);
    let container = if names.containers.len() == 1 && names.tasks.len() > 1 || !wide {
        0
    } else {
        let widths = names.containers.iter().map(|name| text::width(name));
        widths.max().unwrap_or(0).min(CONTAINER)
    };
    let oldest = buffer
        .lines
        .at_rank(view.bottom.saturating_sub(view.height));
    let old = |at: Timestamp| scene.now().as_second() - at.as_second() > DATED;
    let sided = buffer.has_sides() && !beside && state.hue == Hue::Release;
    Form {
        scene,
        room: usize::from(area.width).saturating_sub(2),
        most: (view.height / 2).clamp(1, 24),
        lead: Lead {
            times: state.times,
            date: oldest.is_some_and(|entry| old(entry.at())) && area.width >= NAMES,
            fine: area.width >= FINE && !beside,
            side: sided,
            task: names.tasks.len() > 1 && area.width >= 40,
            container,
        },
        hue: state.hue,
        wrap: state.wrap,
        json: state.json,
        fields: &state.fields,
        found: found(buffer, state),
    }
}

/// What writes to the streams: names of more than one tell lines apart.
struct Names<'a> {
    tasks: BTreeSet<&'a str>,
    containers: BTreeSet<&'a str>,
}

fn names(buffer: &LogBuffer) -> Names<'_> {
    let streams = || buffer.lines.streams();
    Names {
        tasks: streams().map(|stream| stream.task()).collect(),
        containers: streams().map(|stream| stream.container()).collect(),
    }
}

/// What is marked in the lines: the search, and the text that the filter asks for.
fn found(buffer: &LogBuffer, state: &LogsState) -> Vec<Search> {
    let search = state.search.iter().map(|found| found.search.clone());
    search.chain(buffer.filtered_by()).collect()
}

impl Page<'_> {
    /// The line at a rank, with its rows.
    fn block(&self, rank: usize) -> Option<Block<Row>> {
        let entry = self.buffer.lines.at_rank(rank)?;
        let second = entry.at().as_second();
        let (column, rows) = match entry {
            Entry::Mark(mark) => (Column::Whole, vec![self.remark(mark)]),
            Entry::Line(line) => {
                let origin = self.buffer.origins.get(line.stream);
                let column = self.column(line.stream);
                let room = self.room(column);
                (column, self.form.rows(&line, origin, room))
            }
        };
        Some(Block {
            rank,
            column,
            second,
            rows,
        })
    }

    /// The column of a stream's lines.
    fn column(&self, stream: &StreamName) -> Column {
        let side = self
            .buffer
            .origins
            .get(stream)
            .and_then(|origin| origin.side);
        match side.filter(|_| self.beside) {
            Some(Side::Old) => Column::Left,
            Some(Side::New) => Column::Right,
            None => Column::Whole,
        }
    }

    /// The columns of the time that both halves share.
    fn shared(&self) -> usize {
        let now = self.form.scene.now();
        if self.beside {
            text::width(&self.form.time(now))
        } else {
            0
        }
    }

    /// The columns that a line has.
    fn room(&self, column: Column) -> usize {
        match column {
            Column::Whole => self.form.room,
            Column::Left => self.half(),
            Column::Right => self
                .form
                .room
                .saturating_sub(self.shared() + self.half() + 3),
        }
    }

    fn half(&self) -> usize {
        self.form.room.saturating_sub(self.shared() + 3) / 2
    }

    /// A remark between the lines, over the whole width.
    fn remark(&self, mark: MarkRef<'_>) -> Row {
        let scene = self.form.scene;
        let rule = scene.symbols().rule;
        let words = format!("{}{}", self.form.time(mark.at), printable(mark.text));
        let words = scene.fit(&words, self.form.room.saturating_sub(6));
        let used = text::width(&words) + 4;
        let style = scene.styles().border();
        Row::of(Line::from(vec![
            Span::styled(format!("{} ", rule.repeat(2)), style),
            Span::styled(words, scene.styles().title()),
            Span::styled(
                format!(" {}", rule.repeat(self.form.room.saturating_sub(used))),
                style,
            ),
        ]))
    }

    fn draw_row(
        &self,
        row: Packed<Row>,
        cursor: Option<usize>,
        area: Rect,
        y: u16,
        buf: &mut Buffer,
    ) {
        let x = area.x + 1;
        let room = text::columns(self.form.room);
        match row {
            Packed::Whole(rank, row) => {
                row.draw(buf, x, y, room);
                self.point(rank, cursor, (area.x, x + room), y, buf);
            }
            Packed::Halves(left, right) => {
                let rank = left.as_ref().or(right.as_ref()).map(|(rank, _)| *rank);
                let shared = text::columns(self.shared());
                let half = text::columns(self.half());
                self.draw_time(rank, x, y, buf);
                let (left_x, bar) = (x + shared, x + shared + half + 1);
                let end = x + room;
                let style = self.form.scene.styles().border();
                let vertical = self.form.scene.symbols().border.vertical_left;
                if let Some((rank, row)) = left {
                    row.draw(buf, left_x, y, half);
                    self.point(
                        rank,
                        cursor,
                        (left_x.saturating_sub(1), bar.saturating_sub(1)),
                        y,
                        buf,
                    );
                }
                buf.set_span(bar, y, &Span::styled(vertical, style), 1);
                if let Some((rank, row)) = right {
                    row.draw(buf, bar + 2, y, end.saturating_sub(bar + 2));
                    self.point(rank, cursor, (bar + 1, end), y, buf);
                }
            }
        }
    }

    /// The time that both halves of a row share.
    fn draw_time(&self, rank: Option<usize>, x: u16, y: u16, buf: &mut Buffer) {
        if let Some(entry) = rank.and_then(|rank| self.buffer.lines.at_rank(rank)) {
            let time = self.form.scene.quiet(self.form.time(entry.at()));
            buf.set_span(x, y, &time, text::columns(self.shared()));
        }
    }

    /// Points out the line under the cursor, those that are selected, and those that the person
    /// marked.
    fn point(
        &self,
        rank: usize,
        cursor: Option<usize>,
        (begin, end): (u16, u16),
        y: u16,
        buf: &mut Buffer,
    ) {
        let scene = self.form.scene;
        let (symbols, styles) = (scene.symbols(), scene.styles());
        let id = self.buffer.lines.at_rank(rank).map(|entry| entry.id());
        let marked = id.is_some_and(|id| self.state.marks.contains(&id));
        let selection = self.state.selection();
        let selected = id
            .zip(selection)
            .is_some_and(|(id, (first, last))| (first..=last).contains(&id));
        let pointed = cursor == Some(rank);
        if pointed || selected {
            let row = Rect::new(begin, y, end.saturating_sub(begin), 1);
            buf.set_style(row, styles.selected());
        }
        let sign = match (marked, pointed, selected) {
            (true, ..) => Span::styled(symbols.mark, styles.key()),
            (_, true, _) => Span::styled(symbols.cursor, styles.selected()),
            (_, _, true) => Span::styled(symbols.border.vertical_left, styles.selected()),
            _ => return,
        };
        buf.set_span(begin, y, &sign, 1);
    }
}

#[cfg(test)]
mod tests;
