//! Lines and errors per minute, one small graph for each side on a common axis of time.
//!
//! ```text
//! errors a minute  02:31           ▲ 02:46 new began              03:00
//! old web:41       ▁▁▁▁▁▁▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁   3 errors, 0.1 a minute
//! new web:42                       ▁▂▃▅▇█████████  214 errors, 15 a minute
//! ```

use jiff::Timestamp;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::view::scene::Scene;
use crate::view::title::number;
use crate::view::widgets::text;
use crate::view::widgets::time;

/// Minutes that are shown at most.
const MINUTES: usize = 60;
/// Minutes without which a graph says nothing.
const LEAST: usize = 8;
/// Columns for the words behind a graph.
const WORDS: usize = 26;
/// Columns that a name takes at most.
const NAME: usize = 24;
const MINUTE: i64 = 60;

/// What happened in a minute.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Minute {
    pub lines: u64,
    pub errors: u64,
}

/// One row of the graph.
pub(super) struct Series {
    /// What it is about.
    pub name: String,
    /// The colour of its name.
    pub style: Style,
    /// The minutes, the latest last.
    pub minutes: Vec<Minute>,
}

/// The graph.
pub(super) struct Graph {
    /// Its rows, from the top.
    pub series: Vec<Series>,
    /// The end of the last minute.
    pub end: Timestamp,
    /// What is said of a row without lines: whether some may still come.
    pub none: &'static str,
    /// When the new revision began.
    pub began: Option<Timestamp>,
}

/// Columns for names and for minutes.
#[derive(Copy, Clone)]
struct Columns {
    name: usize,
    minutes: usize,
}

/// How many minutes there is room for; `None` where the graph would say nothing.
pub(super) fn minutes(room: usize, names: &[&str]) -> Option<usize> {
    columns(room, names).map(|columns| columns.minutes)
}

fn columns(room: usize, names: &[&str]) -> Option<Columns> {
    let widest = names.iter().map(|name| text::width(name)).max();
    let most = if room < 70 { 10 } else { NAME };
    let name = widest.unwrap_or(0).clamp(3, most);
    let minutes = room.checked_sub(name + 1 + WORDS)?.min(MINUTES);
    (minutes >= LEAST).then_some(Columns { name, minutes })
}

/// The rows of the graph, the axis on top.
pub(super) fn lines(
    scene: Scene<'_>,
    room: usize,
    graph: &Graph,
    axis: bool,
) -> Vec<Line<'static>> {
    let names: Vec<&str> = graph.series.iter().map(|one| one.name.as_str()).collect();
    let Some(mut columns) = columns(room, &names) else {
        return Vec::new();
    };
    let known = graph.series.iter().map(|one| one.minutes.len()).max();
    columns.minutes = columns.minutes.min(known.unwrap_or(0)).max(1);
    let all = graph.series.iter().flat_map(|one| &one.minutes);
    let highest = all.map(|minute| minute.errors).max().unwrap_or(0);
    let mut lines = Vec::new();
    if axis {
        lines.push(axis_line(scene, graph, columns));
    }
    let rows = graph.series.iter();
    lines.extend(rows.map(|one| series(scene, one, columns, (highest, graph.none))));
    lines
}

/// The first and the last minute, and where the new revision began.
fn axis_line(scene: Scene<'_>, graph: &Graph, columns: Columns) -> Line<'static> {
    let clock = |seconds: i64| {
        let at = Timestamp::from_second(seconds).unwrap_or(graph.end);
        let clock = time::clock(at, scene.zone());
        clock.get(..5).unwrap_or_default().to_owned()
    };
    let end = graph.end.as_second();
    let span = i64::try_from(columns.minutes).unwrap_or(0) * MINUTE;
    let mut words = clock(end - span);
    let mut mark = None;
    if let Some(began) = graph
        .began
        .filter(|at| at.as_second() > end - span && *at <= graph.end)
    {
        let column = usize::try_from((began.as_second() - end + span) / MINUTE).unwrap_or(0);
        let label = format!(
            "{} new began {}",
            scene.symbols().ascending,
            clock(began.as_second())
        );
        mark = Some((column.min(columns.minutes - 1), label));
    }
    let lead = " ".repeat(columns.name + 1);
    let Some((column, label)) = mark else {
        let gap = (columns.minutes + 6).saturating_sub(10);
        let words = format!(
            "{lead}{words}{}{}",
            " ".repeat(gap.saturating_sub(6)),
            clock(end)
        );
        return Line::from(scene.quiet(words));
    };
    // The mark points up from its minute; the words stand where there is room for them.
    if column < text::width(&words) + 1 {
        words.clear();
    }
    let gap = " ".repeat(column.saturating_sub(text::width(&words)));
    Line::from(vec![
        scene.quiet(format!("{lead}{words}{gap}")),
        Span::styled(label, scene.styles().new_side()),
    ])
}

fn series(
    scene: Scene<'_>,
    series: &Series,
    columns: Columns,
    (highest, none): (u64, &str),
) -> Line<'static> {
    let styles = scene.styles();
    let name = scene.fit(&series.name, columns.name);
    let gap = columns.name.saturating_sub(text::width(&name)) + 1;
    let mut spans = vec![Span::styled(name, series.style), Span::raw(" ".repeat(gap))];
    let skipped = series.minutes.len().saturating_sub(columns.minutes);
    let missing = columns.minutes.saturating_sub(series.minutes.len());
    spans.push(Span::raw(" ".repeat(missing)));
    for minute in series.minutes.iter().skip(skipped) {
        let symbol = step(scene, *minute, highest);
        let style = if minute.errors > 0 {
            styles.log_error()
        } else {
            styles.quiet()
        };
        spans.push(Span::styled(symbol, style));
    }
    let shown = series.minutes.iter().skip(skipped);
    let errors: u64 = shown.clone().map(|minute| minute.errors).sum();
    let first = shown.clone().position(|minute| minute.lines > 0);
    let over = first.map_or(0, |first| shown.len() - first);
    let style = if errors > 0 {
        styles.log_error()
    } else {
        styles.quiet()
    };
    spans.push(Span::styled(
        format!("  {}", told(errors, over, none)),
        style,
    ));
    Line::from(spans)
}

/// How many errors there were, and how many a minute since the first line.
fn told(errors: u64, minutes: usize, none: &str) -> String {
    let count = usize::try_from(errors).unwrap_or(usize::MAX);
    let noun = if errors == 1 { "error" } else { "errors" };
    let minutes = u64::try_from(minutes).unwrap_or(0);
    match (errors * 10).checked_div(minutes) {
        None => none.into(),
        Some(_) if errors == 0 => "no errors".into(),
        Some(tenths) if tenths >= 100 => format!("{} {noun}, {}/min", number(count), tenths / 10),
        Some(tenths) => format!(
            "{} {noun}, {}.{}/min",
            number(count),
            tenths / 10,
            tenths % 10
        ),
    }
}

/// Nothing where no line came, the lowest step for lines without an error, and more for errors.
fn step(scene: Scene<'_>, minute: Minute, highest: u64) -> &'static str {
    let steps = scene.symbols().graph_steps;
    if minute.lines == 0 && minute.errors == 0 {
        return " ";
    }
    let above = u64::try_from(steps.len().saturating_sub(1)).unwrap_or(1);
    let step = match highest {
        0 => 0,
        highest => (minute.errors * above).div_ceil(highest),
    };
    let step = usize::try_from(step).unwrap_or(0);
    steps.get(step).copied().unwrap_or(" ")
}
