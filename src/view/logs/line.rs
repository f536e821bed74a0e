//! One log line: time, side, task and container, then the message with what was found in it.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::cells;
use crate::app::logs::{Hue, JsonForm, Times};
use crate::config::theme::meaning::Meaning;
use crate::domain::logs::buffer::LineRef;
use crate::domain::logs::fields::{self, Bounds, FieldPath};
use crate::domain::logs::level::Level;
use crate::domain::logs::search::Search;
use crate::domain::logs::{Origin, Side};
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::widgets::text;
use crate::view::widgets::time;

/// Room for a message below which it is not wrapped.
const LEAST_WRAPPED: usize = 8;

/// What stands in front of the messages.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each column can be left out by itself"
)]
#[derive(Copy, Clone, Debug, Default)]
pub(super) struct Lead {
    /// What time.
    pub times: Times,
    /// Whether the date stands before the time.
    pub date: bool,
    /// Whether the time has milliseconds.
    pub fine: bool,
    /// Whether the side of the release is named.
    pub side: bool,
    /// Whether the task is named.
    pub task: bool,
    /// Columns for the container's name; 0 leaves it out.
    pub container: usize,
}

/// How lines are drawn on this screen.
pub(super) struct Form<'a> {
    pub scene: Scene<'a>,
    /// Columns of a line.
    pub room: usize,
    /// Rows that a line takes at most.
    pub most: usize,
    pub lead: Lead,
    pub hue: Hue,
    pub wrap: bool,
    pub json: JsonForm,
    pub fields: &'a [FieldPath],
    /// What is marked in the messages.
    pub found: Vec<Search>,
}

/// A row of a line.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// What stands in front.
    lead: Vec<Span<'static>>,
    /// The message.
    message: Vec<Span<'static>>,
    /// Whether the message must not reorder the rest of the row.
    isolated: bool,
}

/// Colours that tell tasks apart: none of those that mean trouble or a question.
const TASK_COLOURS: [Meaning; 5] = [
    Meaning::Moving,
    Meaning::OldSide,
    Meaning::Timer,
    Meaning::Succeeded,
    Meaning::NewSide,
];

impl Form<'_> {
    /// The rows that a line takes on screen, at least one.
    pub fn rows(&self, line: &LineRef<'_>, origin: Option<&Origin>, room: usize) -> Vec<Row> {
        let first = self.lead(line, origin, room == self.room);
        let indent: usize = first.iter().map(Span::width).sum();
        let room = room.saturating_sub(indent);
        let message = self.message(line.message);
        let style = self.level(line.level);
        let mut lead = Some(first);
        self.pieces(&message, room)
            .into_iter()
            .map(|piece| Row {
                lead: lead
                    .take()
                    .unwrap_or_else(|| vec![Span::raw(" ".repeat(indent))]),
                isolated: cells::is_right_to_left(&piece),
                message: self.marked(&piece, style),
            })
            .collect()
    }

    /// What is shown of a message.
    fn message<'b>(&self, message: &'b str) -> Cow<'b, str> {
        let shown = match self.json {
            JsonForm::Raw => None,
            JsonForm::Reduced => fields::reduce(message, self.fields),
            JsonForm::Pretty => {
                let bounds = Bounds {
                    lines: self.most,
                    ..Bounds::default()
                };
                fields::pretty(message, bounds).map(|lines| lines.join("\n"))
            }
        };
        shown.map_or(Cow::Borrowed(message), Cow::Owned)
    }

    /// The message cut or broken into rows.
    fn pieces(&self, message: &str, room: usize) -> Vec<String> {
        let ellipsis = self.scene.symbols().ellipsis;
        let mut pieces: Vec<String> = Vec::new();
        let mut lines = message.trim_end_matches('\n').split('\n');
        let mut whole = true;
        while pieces.len() < self.most
            && let Some(line) = lines.next()
        {
            if self.wrap && room > LEAST_WRAPPED {
                let left = self.most - pieces.len();
                let (rows, all) = cells::wrap(line, room, left);
                pieces.extend(rows);
                whole = all;
            } else {
                pieces.push(cells::clip(line, room, ellipsis));
            }
        }
        let more = lines.next().is_some() || !whole;
        if let Some(last) = pieces.last_mut().filter(|_| more) {
            *last = cells::clip(&format!("{last} {ellipsis}"), room, ellipsis);
        }
        pieces
    }

    /// What stands in front of a line. In halves the time stands beside both.
    fn lead(&self, line: &LineRef<'_>, origin: Option<&Origin>, whole: bool) -> Vec<Span<'static>> {
        let lead = self.lead;
        let mut spans = Vec::new();
        let clock = if whole {
            self.time(line.at)
        } else {
            String::new()
        };
        if line.continues {
            let rest = usize::from(lead.side) * 4 + usize::from(lead.task) * 5;
            let container = if lead.container > 0 {
                lead.container + 1
            } else {
                0
            };
            spans.push(Span::raw(
                " ".repeat(text::width(&clock) + rest + container),
            ));
            return spans;
        }
        if !clock.is_empty() {
            spans.push(self.scene.quiet(clock));
        }
        let style = self.colour(line, origin);
        if lead.side {
            let side = origin
                .and_then(|origin| origin.side)
                .map_or("", Side::label);
            spans.push(Span::styled(format!("{side:<4}"), style));
        }
        if lead.task {
            let task: String = line.stream.task().chars().take(4).collect();
            spans.push(Span::styled(format!("{:<5}", printable(&task)), style));
        }
        if lead.container > 0 {
            let name = printable(line.stream.container());
            let name = self.scene.fit(&name, lead.container);
            let gap = " ".repeat(lead.container.saturating_sub(text::width(&name)) + 1);
            spans.push(self.scene.quiet(name + &gap));
        }
        spans
    }

    /// The time in front of a line with the gap behind it.
    pub fn time(&self, at: Timestamp) -> String {
        let zone = match self.lead.times {
            Times::Off => return String::new(),
            Times::Ago => {
                let ago = time::age(self.scene.now().as_second() - at.as_second());
                return format!("{ago:>4} ");
            }
            Times::Utc => &TimeZone::UTC,
            Times::Configured => self.scene.zone(),
        };
        let format = match (self.lead.date, self.lead.fine) {
            (true, true) => "%m-%d %H:%M:%S%.3f ",
            (true, false) => "%m-%d %H:%M:%S ",
            (false, true) => "%H:%M:%S%.3f ",
            (false, false) => "%H:%M:%S ",
        };
        at.to_zoned(zone.clone()).strftime(format).to_string()
    }

    /// The colour of the line's beginning.
    fn colour(&self, line: &LineRef<'_>, origin: Option<&Origin>) -> Style {
        let styles = self.scene.styles();
        match (self.hue, origin.and_then(|origin| origin.side)) {
            (Hue::Release, Some(side)) => side_style(self.scene, side),
            _ => styles.of(task_colour(line.stream.task())),
        }
    }

    fn level(&self, level: Option<Level>) -> Style {
        let styles = self.scene.styles();
        match level {
            Some(Level::Error | Level::Fatal) => styles.log_error(),
            Some(Level::Warn) => styles.log_warn(),
            Some(Level::Debug | Level::Trace) => styles.log_debug(),
            Some(Level::Info) | None => styles.log_info(),
        }
    }

    /// The message with what was found marked.
    fn marked(&self, message: &str, style: Style) -> Vec<Span<'static>> {
        let mut hits: Vec<std::ops::Range<usize>> = Vec::new();
        for search in &self.found {
            hits.extend(search.places(message));
        }
        hits.sort_by_key(|hit| hit.start);
        let found = self.scene.styles().search_match();
        let mut spans = Vec::new();
        let mut done = 0;
        for hit in hits {
            let begin = hit.start.max(done);
            let (Some(before), Some(part)) =
                (message.get(done..begin), message.get(begin..hit.end))
            else {
                continue;
            };
            spans.push(Span::styled(before.to_owned(), style));
            spans.push(Span::styled(part.to_owned(), style.patch(found)));
            done = hit.end;
        }
        let rest = message.get(done..).unwrap_or_default();
        spans.push(Span::styled(rest.to_owned(), style));
        spans
    }
}

/// The colour of a side.
pub(super) fn side_style(scene: Scene<'_>, side: Side) -> Style {
    match side {
        Side::Old => scene.styles().old_side(),
        Side::New => scene.styles().new_side(),
    }
}

/// The same task always has the same colour.
fn task_colour(task: &str) -> Meaning {
    let sum: usize = task.bytes().map(usize::from).sum();
    TASK_COLOURS
        .get(sum % TASK_COLOURS.len())
        .copied()
        .unwrap_or(Meaning::Text)
}

/// Begins text that must not reorder what stands around it (Unicode Standard Annex 9, 2.4).
const ISOLATE: char = '\u{2066}';
/// Ends it.
const END_OF_ISOLATE: char = '\u{2069}';

impl Row {
    /// A row of one text.
    pub fn of(line: Line<'static>) -> Self {
        Self {
            lead: Vec::new(),
            message: line.spans,
            isolated: false,
        }
    }

    /// Draws the row within so many columns.
    pub fn draw(self, buf: &mut Buffer, x: u16, y: u16, room: u16) {
        let (begin, _) = buf.set_line(x, y, &Line::from(self.lead), room);
        let left = (x + room).saturating_sub(begin);
        let (end, _) = buf.set_line(begin, y, &Line::from(self.message), left);
        if !self.isolated || end <= begin {
            return;
        }
        // The marks have no width: they ride on the cells before and at the end of the message. Of a
        // wide character only its first cell is drawn.
        let wide = |x: u16| {
            buf.cell((x, y))
                .is_some_and(|cell| text::width(cell.symbol()) > 1)
        };
        let last = if end - begin > 1 && wide(end - 2) {
            end - 2
        } else {
            end - 1
        };
        for (column, mark) in [(begin.saturating_sub(1), ISOLATE), (last, END_OF_ISOLATE)] {
            if let Some(cell) = buf.cell_mut((column, y)) {
                let symbol = format!("{}{mark}", cell.symbol());
                cell.set_symbol(&symbol);
            }
        }
    }
}
