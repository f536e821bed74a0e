//! One log line: time, task and container, then the message with what the filter found.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::filter::Filter;
use crate::config::theme::meaning::Meaning;
use crate::domain::logs::LogLine;
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::widgets::text::{self, Cut};
use crate::view::widgets::time;

/// How lines are drawn on this screen.
pub(super) struct Form<'a> {
    pub scene: Scene<'a>,
    pub room: usize,
    pub with_task: bool,
    pub with_time: bool,
    pub wrap: bool,
    pub needle: Option<String>,
    /// Columns for the container's name.
    pub container: usize,
}

/// The widest name is cut to this.
const CONTAINER: usize = 16;

/// The columns that the names of the containers on screen take.
pub(super) fn container_width<'a>(lines: impl Iterator<Item = &'a LogLine>) -> usize {
    let widths = lines.map(|line| text::width(line.stream.container()));
    widths.max().unwrap_or(0).min(CONTAINER)
}

/// Colours that tell tasks apart: none of those that mean trouble or a question.
const TASK_COLOURS: [Meaning; 5] = [
    Meaning::Moving,
    Meaning::OldSide,
    Meaning::Timer,
    Meaning::Succeeded,
    Meaning::NewSide,
];

/// What to mark in the lines: only a plain filter says it.
pub(super) fn needle(filter: &Filter) -> Option<String> {
    let text = filter.text();
    let plain = !text.is_empty() && !text.starts_with('!') && !text.starts_with("-f ");
    plain.then(|| text.to_lowercase())
}

impl Form<'_> {
    /// How many rows a line takes on screen.
    pub fn height(&self, line: &LogLine) -> usize {
        if self.wrap { self.rows(line).len() } else { 1 }
    }

    /// The rows that a line takes on screen.
    pub fn rows(&self, line: &LogLine) -> Vec<Line<'static>> {
        let lead = self.lead(line);
        let indent: usize = lead.iter().map(Span::width).sum();
        let room = self.room.saturating_sub(indent);
        let message = printable(&line.message);
        let style = self.level(&message);
        let pieces = if self.wrap && room > 8 {
            text::wrap(&message, room)
        } else {
            vec![text::fit(
                &message,
                room,
                Cut::End,
                self.scene.symbols().ellipsis,
            )]
        };
        pieces
            .into_iter()
            .enumerate()
            .map(|(place, piece)| {
                let mut spans = if place == 0 {
                    lead.clone()
                } else {
                    vec![Span::raw(" ".repeat(indent))]
                };
                spans.extend(self.marked(&piece, style));
                Line::from(spans)
            })
            .collect()
    }

    fn lead(&self, line: &LogLine) -> Vec<Span<'static>> {
        let mut spans = Vec::new();
        if self.with_time {
            let clock = time::clock(line.at, self.scene.zone());
            spans.push(self.scene.quiet(format!("{clock} ")));
        }
        if self.with_task {
            let task = line.stream.task();
            let style = self.scene.styles().of(colour(task));
            spans.push(Span::styled(
                format!("{} ", printable(task.get(..4).unwrap_or(task))),
                style,
            ));
        }
        let container = self
            .scene
            .fit(&printable(line.stream.container()), self.container);
        let gap = " ".repeat(self.container.saturating_sub(text::width(&container)) + 1);
        spans.push(self.scene.quiet(container + &gap));
        spans
    }

    /// The level as far as a word of the message tells it.
    fn level(&self, message: &str) -> Style {
        const ERROR: [&str; 6] = ["error", "err", "fatal", "panic", "critical", "exception"];
        const WARN: [&str; 2] = ["warn", "warning"];
        const DEBUG: [&str; 2] = ["debug", "trace"];
        let styles = self.scene.styles();
        let says = |words: &[&str]| {
            message
                .split(|c: char| !c.is_ascii_alphanumeric())
                .any(|word| words.iter().any(|known| word.eq_ignore_ascii_case(known)))
        };
        if says(&ERROR) {
            styles.log_error()
        } else if says(&WARN) {
            styles.log_warn()
        } else if says(&DEBUG) {
            styles.log_debug()
        } else {
            styles.log_info()
        }
    }

    /// The message with what the filter found marked.
    fn marked(&self, message: &str, style: Style) -> Vec<Span<'static>> {
        let whole = || vec![Span::styled(message.to_owned(), style)];
        let Some(needle) = &self.needle else {
            return whole();
        };
        let lower = message.to_lowercase();
        if lower.len() != message.len() {
            return whole();
        }
        let found = self.scene.styles().search_match();
        let mut spans = Vec::new();
        let mut done = 0;
        for (start, part) in lower.match_indices(needle.as_str()) {
            let end = start + part.len();
            let (Some(before), Some(hit)) = (message.get(done..start), message.get(start..end))
            else {
                return whole();
            };
            spans.push(Span::styled(before.to_owned(), style));
            spans.push(Span::styled(hit.to_owned(), found));
            done = end;
        }
        let rest = message.get(done..).unwrap_or_default();
        spans.push(Span::styled(rest.to_owned(), style));
        spans
    }
}

/// The same task always has the same colour.
fn colour(task: &str) -> Meaning {
    let sum: usize = task.bytes().map(usize::from).sum();
    TASK_COLOURS
        .get(sum % TASK_COLOURS.len())
        .copied()
        .unwrap_or(Meaning::Text)
}
